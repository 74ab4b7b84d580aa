"""AIS logs: NMEA sentences as receivers, recorders and coast stations write them.

A log needs a clock, because messages carry at most the second of the minute: a stamp in the log, or the time
given with ``--start``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import polars as pl

from clearwake.model import TIME, Options, Position, Reading, Received, UnreadableFileError, schema
from clearwake.sources import messages, sentences
from clearwake.sources.chunks import Chunk
from clearwake.sources.facts import Facts, Reader, Rows, judge
from clearwake.sources.lines import Block, Fault, blocks, shown
from clearwake.sources.meanings import is_sound
from clearwake.sources.messages import Decode, Message
from clearwake.sources.sentences import Heard, Listener
from clearwake.unpack import Content, contents

CHUNK_MESSAGES = 200_000

ENOUGH_LINES = 100_000
"""A log in whose first so many lines there is no AIS sentence, or no time, is none that can be read."""

NO_FACT = "messages without position or identity"

_HALF_MINUTE = 30
_MINUTE = 60


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read AIS logs; see ``docs/sources/nmea.md``.

    Raises:
        UnreadableFileError: If a file holds no AIS sentence, or none with a time and ``options.start`` is not
            given; nothing of it may be kept.
    """
    return parse_with(messages.best(), files, options)


def parse_with(decode: Decode, files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read AIS logs with a chosen decoder.

    Raises:
        UnreadableFileError: As ``parse``.
    """
    for index, file in enumerate(files):
        chunk = Chunk("nmea", index)
        lines_before = 0
        for content in contents(file):
            if content.is_parquet:
                found, do_next = "a Parquet file", "read it as a table: clearwake read table FILE"
                raise UnreadableFileError(content.origin, found, "an AIS log", do_next)
            reader = Reader("nmea", content.origin, options.received_at, lines_before=lines_before)
            for lines_in_content in _log(content, reader, options, decode, chunk):
                lines_before = reader.lines_before + lines_in_content
                if chunk.rows >= CHUNK_MESSAGES:
                    yield chunk.reading()
        yield chunk.reading()


class Clock:
    """The time of a log that carries none, or not in every line.

    It starts where it is told to, is set by every stamp, and runs on by the seconds that messages give: the
    next such second within half a minute ahead moves it there; one that lies behind was heard late.
    """

    def __init__(self, start: datetime | None) -> None:
        self.is_given = start is not None
        utc = start.replace(tzinfo=UTC) if start is not None and start.tzinfo is None else start
        self._now_s = 0 if utc is None else int(utc.timestamp())

    def set(self, time_ms: int) -> None:
        """Take the time of a stamp."""
        self._now_s = time_ms // 1000

    def time_ms(self, second: int | None) -> int:
        """Give the time of a message without a stamp, epoch milliseconds."""
        if second is None:
            return self._now_s * 1000
        ahead = (second - self._now_s) % _MINUTE
        if ahead > _HALF_MINUTE:
            return (self._now_s + ahead - _MINUTE) * 1000
        self._now_s += ahead
        return self._now_s * 1000


class _Log:
    """One log being read: what was heard so far and is not yet handed on."""

    def __init__(self, reader: Reader, options: Options, decode: Decode) -> None:
        self.reader, self.decode = reader, decode
        self.listener, self.clock = Listener(), Clock(options.start)
        self.unstamped = self.stamped = 0
        self._heard: list[Heard] = []
        self._said: list[tuple[int, str | None, Message]] = []
        self._counts: Counter[str] = Counter()

    def hear(self, block: Block) -> None:
        """Take in the lines of a block."""
        for number, line in sentences.lines(block.data, block.first):
            heard = self.listener.hear(number, line)
            if heard is not None:
                self._judge(heard)
            if number % sentences.WINDOW_LINES == 0:
                self.listener.forget(number)

    def _judge(self, heard: Heard) -> None:
        kind = messages.kind_of(heard.payload)
        if heard.time_ms is not None:
            self.clock.set(heard.time_ms)
        if kind not in messages.FACTUAL:
            if kind in messages.KINDS:
                self._counts[NO_FACT] += 1
            else:
                self._reject(heard, "message type unknown")
            return
        said = self.decode(kind, heard.payload, heard.fill_bits)
        if isinstance(said, str):
            self._reject(heard, said)
            return
        self._take(heard, said)

    def _take(self, heard: Heard, said: Message) -> None:
        time_ms = heard.time_ms
        if time_ms is not None:
            self.stamped += 1
        elif self.clock.is_given:
            time_ms = self.clock.time_ms(said.second)
        else:
            self.unstamped += 1
            self._reject(heard, "no time")
            return
        self._heard.append(heard)
        self._said.append((time_ms, heard.station, said))

    def _reject(self, heard: Heard, reason: str) -> None:
        self.listener.faults.append(Fault(heard.line, reason, _text(heard)))

    def hand_on(self, chunk: Chunk, block_faults: Sequence[Fault]) -> None:
        """Put what was heard into the chunk."""
        if self._said:
            chunk.add(_facts(self._heard, self._said, self.reader))
        faults = [*block_faults, *self.listener.faults]
        chunk.add_lines(faults, self._counts + self.listener.counts, self.reader)
        self.listener.faults, self.listener.counts = [], Counter()
        self._heard, self._said, self._counts = [], [], Counter()

    def check(self) -> None:
        """Make sure that this is a log, and one whose messages can be dated.

        Raises:
            UnreadableFileError: If there is no AIS sentence, or no time.
        """
        where = self.reader.origin
        if not self.listener.sentences:
            found, do_next = "no AIS sentence (!AIVDM ...)", "check what was sent, or read it as a table"
            raise UnreadableFileError(where, found, "an AIS log", do_next)
        if self.unstamped and not self.stamped:
            found = "AIS sentences, none of them with a time"
            do_next = "say when the log begins: --start 2020-01-31T12:00"
            raise UnreadableFileError(where, found, "an AIS log with stamps", do_next)


def _log(content: Content, reader: Reader, options: Options, decode: Decode, chunk: Chunk) -> Iterator[int]:
    log, last, is_checked = _Log(reader, options, decode), 0, False
    for block in blocks(content.stream, BLOCK_BYTES):
        log.hear(block)
        last = block.last
        if not is_checked and last >= ENOUGH_LINES:
            log.check()
            is_checked = True
        log.hand_on(chunk, block.faults)
        yield last
    log.listener.finish()
    log.check()
    log.hand_on(chunk, ())
    yield last


BLOCK_BYTES = 8 << 20
"""About 100,000 lines."""

_MOVES = ("speed_kn", "course_deg", "heading_deg", "nav_status")
_STATICS = {
    "name": pl.String, "imo": pl.Int64, "callsign": pl.String, "ship_type": pl.Int64,
    "length_m": pl.Float64, "draught_m": pl.Float64, "destination": pl.String, "ais_class": pl.String,
}  # fmt: skip


def _facts(heard: Sequence[Heard], said: Sequence[tuple[int, str | None, Message]], reader: Reader) -> Facts:
    wanted = schema(Position)
    types = {name: wanted.get(name, _STATICS.get(name, pl.Int64)) for name in Message._fields}
    frame = pl.DataFrame([each for _, _, each in said], schema=types, orient="row").with_columns(
        pl.Series("time", [time_ms for time_ms, _, _ in said], pl.Int64).cast(TIME),
        pl.Series("station", [station for _, station, _ in said], pl.String),
    )
    measured = frame.select(
        "mmsi", "time", "lon", "lat", *_MOVES, "station", is_sound(reader.received_at).alias("is_sound")
    )

    def text(indexes: Sequence[int]) -> list[str]:
        return [_text(heard[index]) for index in indexes]

    lines = pl.Series("line", [each.line for each in heard], pl.Int64)
    return judge(Rows(frame.drop("second"), lines, text, measured), reader)


def _text(heard: Heard) -> str:
    return shown(b" ".join(line.strip() for _, line in heard.parts))
