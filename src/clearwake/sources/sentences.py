"""NMEA logs, line by line: sentences checked, their stamps read, the parts of a message put together.

What a log may hold besides bare ``!AIVDM`` sentences:

* tag blocks in front (``g:1-2-1604,s:station,c:1418169601*37`` between backslashes) or on a line
  of their own, whose group ties lines together and whose stamp and station hold for all of them;
* GateHouse stamps on the line before (``$PGHP,1,2013,3,18,9,19,9,499,...``);
* what US Coast Guard stations append (``,d-108,S0097,r003669946,1325394065``): the station and the time;
* comments (``#``), other sentences (``$GPZDA``), and damage of every kind.

Sources: IEC 61162-1 and -450; https://gpsd.gitlab.io/gpsd/AIVDM.html.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce
from operator import xor
from typing import NamedTuple

from clearwake.sources.lines import Fault, shown

WINDOW_LINES = 1000
"""The parts of a message stand close together: one that is not complete after so many lines never will be."""

WINDOW_MS = 60_000
"""Nor do parts whose own stamps are a minute apart belong together: sequence numbers come round again."""

COMMENTS, BLANKS, OTHERS = "comments", "blank lines", "other sentences"
STAMPS, FURTHER, EMPTY = "stamps", "further parts of a message", "empty messages"
"""What a line may be that has nothing wrong and gives no row."""

_SENTENCE = re.compile(
    rb"!([A-Z]{2}VD[MO]),([1-9]),([1-9]),([0-9]?),([^,*]*),([0-W`-w]*),([0-5])\*([0-9A-Fa-f]{2})(.*)"
)
_TAG_BLOCK = re.compile(rb"\\([^\\]*)\\")
_STATION = re.compile(rb"[rb]\w{3,}")
_EPOCH = re.compile(rb"\d{9,13}(?:\.\d+)?")
_STAMP_FIELDS = 7

_NOT_COMPUTED = b"00"
"""What some recorders write for the checksum of a tag block."""


class Stamp(NamedTuple):
    """When and by whom a sentence was heard, as far as its line says."""

    time_ms: int | None = None
    station: str | None = None
    group: bytes | None = None
    """Which lines of the log belong together, where a tag block says so."""
    opens_group: bool = False


class Heard(NamedTuple):
    """A message, whole: its payload in six-bit characters, and the stamp of its parts."""

    line: int
    payload: bytes
    fill_bits: int
    time_ms: int | None
    station: str | None
    parts: tuple[tuple[int, bytes], ...]
    """The lines it came in: number and text."""


@dataclass
class _Open:
    """A message of which parts are missing."""

    count: int
    stamp: Stamp
    first_line: int
    parts: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    lines: list[tuple[int, bytes]] = field(default_factory=list)


_Key = tuple[bytes | str | None, bytes, int, bytes, bytes]
"""What the parts of a message share: source, talker, number of parts, sequence number, channel."""


class Listener:
    """Takes a log line by line and gives whole messages; what is wrong is in ``faults``, the rest counted."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.counts: Counter[str] = Counter()
        self.sentences = 0
        """AIS sentences found, to tell a log from another kind of file."""
        self._open: dict[_Key, _Open] = {}
        self._groups: dict[bytes, Stamp] = {}
        self._pending = Stamp()
        self._gatehouse: Stamp | None = None

    def hear(self, number: int, line: bytes) -> Heard | None:
        """Take the next line; give a message if the line completes one."""
        text = line.strip()
        stamp, text = self._tags(text) if text.startswith(b"\\") else (Stamp(), text)
        if stamp is None:
            self._fault(number, line, text.decode())
            return None
        match = _SENTENCE.fullmatch(text)
        if match is None:
            self._other(number, line, text, stamp)
            return None
        if not _checksum_holds(text[1 : match.start(8) - 1], match[8]):
            self._unheard(number, line, "checksum wrong")
            return None
        self.sentences += 1
        stamp = self._stamped(stamp, match[9])
        if match[2] == b"1":
            return self._whole(number, line, match, stamp)
        return self._part(number, line, match, stamp)

    def finish(self) -> None:
        """Give up on messages that are still incomplete: the log is at its end."""
        for key in list(self._open):
            self._abandon(key)

    def forget(self, number: int) -> None:
        """Give up on messages that began too many lines before line ``number``."""
        late = [key for key, each in self._open.items() if number - each.first_line > WINDOW_LINES]
        for key in late:
            self._abandon(key)
        if len(self._groups) > WINDOW_LINES:
            self._groups = dict(list(self._groups.items())[-WINDOW_LINES:])

    def _fault(self, number: int, line: bytes, reason: str) -> None:
        self.faults.append(Fault(number, reason, shown(line)))

    def _unheard(self, number: int, line: bytes, reason: str) -> None:
        """Reject an AIS sentence, and forget the stamps that were meant for it."""
        self._pending, self._gatehouse = Stamp(), None
        self._fault(number, line, reason)

    def _tags(self, text: bytes) -> tuple[Stamp | None, bytes]:
        """Read the tag blocks in front of a sentence: their stamp and the rest, or None and the reason."""
        stamp = Stamp()
        while text.startswith(b"\\"):
            block = _TAG_BLOCK.match(text)
            if block is None:
                return None, b"tag block not closed"
            content, star, checksum = block[1].rpartition(b"*")
            if star and checksum != _NOT_COMPUTED and not _checksum_holds(content, checksum):
                return None, b"tag block checksum wrong"
            read = _tag_block(content if star else checksum)
            if read is None:
                return None, b"tag block time unreadable"
            stamp = _joined(stamp, read)
            text = text[block.end() :].lstrip()
        if stamp.group is not None:
            before = Stamp() if stamp.opens_group else self._groups.get(stamp.group, Stamp())
            stamp = self._groups[stamp.group] = _joined(stamp, before)
        return stamp, text

    def _stamped(self, stamp: Stamp, appended: bytes) -> Stamp:
        """Join what tag blocks say, then a GateHouse line, then what the station appended."""
        stamp, self._pending = _joined(stamp, self._pending), Stamp()
        if self._gatehouse is not None:
            stamp, self._gatehouse = _joined(stamp, self._gatehouse), None
        return _joined(stamp, _appended(appended)) if appended else stamp

    def _whole(self, number: int, line: bytes, match: re.Match[bytes], stamp: Stamp) -> Heard | None:
        if not match[6]:
            self.counts[EMPTY] += 1
            return None
        return Heard(number, match[6], int(match[7]), stamp.time_ms, stamp.station, ((number, line),))

    def _part(self, number: int, line: bytes, match: re.Match[bytes], stamp: Stamp) -> Heard | None:
        count, which = int(match[2]), int(match[3])
        if which > count:
            self._fault(number, line, "part number above the number of parts")
            return None
        source = stamp.group or _appended(match[9]).station
        key: _Key = (source, match[1], count, match[4], match[5])
        if key not in self._open and which > 1 and (None, *key[1:]) in self._open:
            key = (None, *key[1:])  # some stations append their name to the last part only
        known = self._open.get(key)
        if known is not None and (which in known.parts or _is_apart(known.stamp, stamp)):
            self._abandon(key)
            known = None
        if known is None:
            known = self._open[key] = _Open(count, stamp, number)
        known.stamp = _joined(known.stamp, stamp)
        known.parts[which] = (match[6], int(match[7]))
        known.lines.append((number, line))
        return self._completed(key, known) if len(known.parts) == count else None

    def _completed(self, key: _Key, known: _Open) -> Heard:
        del self._open[key]
        self.counts[FURTHER] += known.count - 1
        payload = b"".join(known.parts[which][0] for which in range(1, known.count + 1))
        fill_bits = known.parts[known.count][1]
        time_ms, station = known.stamp.time_ms, known.stamp.station
        return Heard(known.first_line, payload, fill_bits, time_ms, station, tuple(known.lines))

    def _abandon(self, key: _Key) -> None:
        for number, line in self._open.pop(key).lines:
            self._fault(number, line, "message incomplete")

    def _other(self, number: int, line: bytes, text: bytes, stamp: Stamp) -> None:
        """Deal with a line that holds no whole AIS sentence."""
        if not text:
            self._pending = _joined(stamp, self._pending)
            self.counts[STAMPS if line.strip() else BLANKS] += 1
        elif text.startswith(b"#"):
            self.counts[COMMENTS] += 1
        elif b"VDM," in text[:8] or b"VDO," in text[:8]:
            self._unheard(number, line, "damaged AIS sentence")
        elif text.startswith((b"$", b"!")):
            self._sentence(number, line, text)
        else:
            self._fault(number, line, "not an NMEA sentence")

    def _sentence(self, number: int, line: bytes, text: bytes) -> None:
        body, star, checksum = text[1:].partition(b"*")
        if star and not _checksum_holds(body, checksum[:2]):
            self._fault(number, line, "checksum wrong")
        elif not star and text.startswith(b"!"):
            self._fault(number, line, "checksum missing")
        elif not text.startswith(b"$PGHP,1,"):
            self.counts[OTHERS] += 1
        else:
            self._gatehouse = _gatehouse(body)
            if self._gatehouse is None:
                self._fault(number, line, "time unreadable")
            else:
                self.counts[STAMPS] += 1


def _checksum_holds(body: bytes, checksum: bytes) -> bool:
    """Tell whether two hexadecimal digits are the exclusive or of all bytes."""
    try:
        return int(checksum, 16) == reduce(xor, body, 0)
    except ValueError:
        return False


def _tag_block(content: bytes) -> Stamp | None:
    """Read what a tag block says of time (``c``), station (``s``) and group (``g``); None for a bad time."""
    time_ms, station, group = None, None, None
    for item in content.split(b","):
        key, _, value = item.partition(b":")
        if key == b"c":
            if _EPOCH.fullmatch(value) is None:
                return None
            time_ms = _epoch_ms(value)
        elif key == b"s":
            station = value.decode("ascii", "backslashreplace")
        elif key == b"g":
            group = value.split(b"-", 2)[-1]
    return Stamp(time_ms, station, group, b"g:1-" in content)


def _epoch_ms(digits: bytes) -> int:
    """Read an epoch of 9 to 13 digits: seconds, or milliseconds from 12 digits on."""
    number = float(digits)
    return round(number if number >= 1e11 else number * 1000)


def _appended(text: bytes) -> Stamp:
    """Read what a station appended: the first word like a station, the first number like an epoch.

    Newer receivers append two epochs; the first is when the station heard it, a few seconds after the message's
    own second, the other differs by a minute.
    """
    items = text.strip().split(b",")
    station = next((each.decode() for each in items if _STATION.fullmatch(each)), None)
    epoch = next((each for each in items if _EPOCH.fullmatch(each)), None)
    return Stamp(None if epoch is None else _epoch_ms(epoch), station)


def _gatehouse(body: bytes) -> Stamp | None:
    """Read a GateHouse stamp: year, month, day, hour, minute, second, millisecond, country, region, station.

    ``PGHP,1,2013,3,18,9,19,9,499,219,,2190048,1,28``: 2190048 heard it on 18 March 2013 at 09:19:09.499.
    """
    items = body.split(b",")
    try:
        year, month, day, hour, minute, second, ms = (int(each) for each in items[2 : 2 + _STAMP_FIELDS])
        moment = datetime(year, month, day, hour, minute, second, ms * 1000, UTC)
    except (ValueError, OverflowError):
        return None
    station = items[11].decode("ascii", "backslashreplace") if len(items) > 11 else ""
    return Stamp(round(moment.timestamp() * 1000), station or None)


def _joined(stamp: Stamp, other: Stamp) -> Stamp:
    """Fill in what ``stamp`` leaves open from ``other``."""
    if stamp.time_ms is not None and stamp.station is not None and stamp.group is not None:
        return stamp
    return Stamp(
        other.time_ms if stamp.time_ms is None else stamp.time_ms,
        other.station if stamp.station is None else stamp.station,
        other.group if stamp.group is None else stamp.group,
        stamp.opens_group or other.opens_group,
    )


def _is_apart(known: Stamp, stamp: Stamp) -> bool:
    if known.time_ms is None or stamp.time_ms is None:
        return False
    return abs(stamp.time_ms - known.time_ms) > WINDOW_MS


def lines(data: bytes, first: int) -> Iterator[tuple[int, bytes]]:
    """Give the lines of a block with their numbers; a line feed at the end begins no further line."""
    yield from enumerate(data.removesuffix(b"\n").split(b"\n") if data else (), first)
