"""AIS messages that say where a transmitter is or who it is, decoded by pyais, or by aiscat where installed.

Both libraries give the same facts; a test holds them against each other.  aiscat is faster but under GPL-3, so
it is only ever used where its user installed it; see
``docs/decisions/0003-pyais-by-default-aiscat-optional.md``.
"""

from __future__ import annotations

import importlib
import importlib.util
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from pyais.bit_vector import bit_vector
from pyais.exceptions import AISBaseException
from pyais.messages import MSG_CLASS, to_lat_lon, to_lat_lon_600


class Message(NamedTuple):
    """What a message says; null where it says "not available"."""

    mmsi: int
    lon: float | None = None
    lat: float | None = None
    speed_kn: float | None = None
    course_deg: float | None = None
    heading_deg: float | None = None
    nav_status: int | None = None
    second: int | None = None
    """The second of the minute of the fix, 0 to 59, where the message gives it."""
    name: str | None = None
    imo: int | None = None
    callsign: str | None = None
    ship_type: int | None = None
    length_m: int | None = None
    draught_m: float | None = None
    destination: str | None = None
    ais_class: str | None = None


Decode = Callable[[int, bytes, int], Message | str]
"""Takes the kind of a message, its payload and fill bits; gives what it says, or why it says nothing."""

KINDS = range(1, 29)
"""ITU-R M.1371-6 knows 28 kinds of messages."""

_LENGTHS: Mapping[int, tuple[int, int]] = {
    1: (168, 168), 2: (168, 168), 3: (168, 168), 4: (168, 168), 5: (420, 426), 9: (168, 168), 11: (168, 168),
    18: (168, 168), 19: (312, 312), 21: (272, 368), 24: (160, 168), 27: (96, 168), 28: (168, 168),
}  # fmt: skip
"""How many bits a message of a kind has, from-to: the recommendation's figure, with what transmitters in use add or
leave out at the end.  Anything else is a damaged or invented message, even if its checksum holds."""

FACTUAL = frozenset(_LENGTHS)
"""The kinds that say where or who a transmitter is."""

_PLACED = FACTUAL - {5, 24}
_MOVING = frozenset({1, 2, 3, 9, 18, 19, 27})
_STATIC = frozenset({5, 19, 21, 24})
_WITH_HEADING = frozenset({1, 2, 3, 18, 19})
_WITH_STATUS = frozenset({1, 2, 3, 27})
_WITH_SECOND = frozenset({1, 2, 3, 4, 9, 11, 18, 19, 21, 28})
_CLASS_OF: Mapping[int, str] = {5: "A", 18: "B", 19: "B", 24: "B"}
"""Which kinds only transmitters of one class send; that of 1 to 3 goes without saying."""
_AID = 21
_TWO_PARTS, _PART_AT = 24, 6
"""A static data report is part A or B, 0 or 1, said in the third and fourth bit of its seventh character."""
_SHIP_TYPE_AT: Mapping[int, int] = {5: 232, 19: 263}
_FASTEST_KN: Mapping[int, float] = {9: 1022, 27: 62}
"""Aircraft and long-range messages give whole knots, the others tenths up to 102.2."""


def kind_of(payload: bytes) -> int:
    """Read the kind of a message out of its first six-bit character."""
    code = payload[0] - 48
    return code - 8 if code > 40 else code


def unfit(kind: int, payload: bytes, fill_bits: int) -> str | None:
    """Say why a payload cannot be a message of its kind, if by its length or part number it cannot."""
    shortest, longest = _LENGTHS[kind]
    bits = 6 * len(payload) - fill_bits
    if not shortest <= bits <= longest:
        return "message too short" if bits < shortest else "message too long"
    if kind == _TWO_PARTS and kind_of(payload[_PART_AT:]) >> 2 & 3 > 1:
        return "message not understood"
    return None


def by_pyais(kind: int, payload: bytes, fill_bits: int) -> Message | str:
    """Decode a message with pyais; give the reason where it cannot be decoded."""
    if reason := unfit(kind, payload, fill_bits):
        return reason
    bits = bit_vector(payload, fill_bits)
    try:
        said: Any = MSG_CLASS[kind].from_vector(bits)
    except (AISBaseException, ValueError):
        return "message not understood"
    lon, lat = _known(said.lon, said.lat) if kind in _PLACED else (None, None)
    speed, course, heading, status = _moving(kind, said) if kind in _MOVING else _RESTING
    second = _below(said.second, 60) if kind in _WITH_SECOND else None
    message = Message(
        said.mmsi, lon, lat, speed, course, heading, status, second, ais_class=_CLASS_OF.get(kind)
    )
    return message._replace(**_static(kind, said, bits)) if kind in _STATIC else message


def _known(lon: float, lat: float) -> tuple[float | None, float | None]:
    """Give a place; none where longitude or latitude is the value for "not available"."""
    return (None, None) if lon == 181 or lat == 91 else (lon, lat)


_Moving = tuple[float | None, float | None, int | None, int | None]
_RESTING: _Moving = (None, None, None, None)


def _moving(kind: int, said: Any) -> _Moving:  # noqa: ANN401 - one class for each kind
    """Give speed, course, heading and status; the highest value of a field, and what lies past it, is none."""
    fastest = _FASTEST_KN.get(kind, 102.25)
    return (
        said.speed if said.speed <= fastest else None,
        said.course if said.course < 360 else None,
        _below(said.heading, 360) if kind in _WITH_HEADING else None,
        _below(int(said.status), 15) if kind in _WITH_STATUS else None,
    )


def _static(kind: int, said: Any, bits: bit_vector) -> dict[str, Any]:  # noqa: ANN401 - one class for each kind
    """Give what a message says of the ship itself; zeros and blanks say nothing."""

    def of(name: str) -> Any:  # noqa: ANN401 - fields are of several types
        return getattr(said, name, None)

    # pyais turns codes that the recommendation keeps in reserve into the nearest word: read as they were sent.
    start = _SHIP_TYPE_AT.get(kind)
    name = f"{said.name}{said.name_ext or ''}" if kind == _AID else of("shipname")
    return {
        "name": _text(name),
        "imo": of("imo") or None,
        "callsign": _text(of("callsign")),
        "ship_type": (bits.get(start, 8) if start else of("ship_type")) or None,
        "length_m": ((of("to_bow") or 0) + (of("to_stern") or 0)) or None,
        "draught_m": of("draught") or None,
        "destination": _text(of("destination")),
    }


Quantity = TypeVar("Quantity", int, float)


def _below(value: Quantity | None, limit: int) -> Quantity | None:
    return value if value is not None and value < limit else None


def _text(text: str | None) -> str | None:
    """Cut a text where it ends, at the first ``@``."""
    return (text.partition("@")[0].strip() or None) if text else None


def by_aiscat(feed: Callable[[bytes], object], heard: Callable[[], Mapping[str, Any] | None]) -> Decode:
    """Make a decoder of an aiscat one, given as its ``feed`` and ``next``.

    aiscat gives places in single precision, which is up to 0.8 m off: they are read again in full.  What it
    leaves out (the second name field of aids to navigation, single-slot aids, a ship without a number) pyais
    decodes.
    """

    def decode(kind: int, payload: bytes, fill_bits: int) -> Message | str:
        if kind not in _BY_AISCAT:
            return by_pyais(kind, payload, fill_bits)
        if reason := unfit(kind, payload, fill_bits):
            return reason
        feed(_sentence(payload, fill_bits))
        if (said := heard()) is None:
            return by_pyais(kind, payload, fill_bits)
        return _of_aiscat(kind, said, payload)

    return decode


_BY_AISCAT = frozenset({1, 2, 3, 5, 18, 24, 27})
_LONG_RANGE = 27
_LON_ENDS: Mapping[int, int] = {1: 89, 2: 89, 3: 89, 18: 85, _LONG_RANGE: 62}
"""The bit behind a longitude; the latitude follows."""

_SIX_BITS = bytes(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[
        (code - 48) % 64 - (8 if code > 88 else 0)
    ]
    if 48 <= code <= 119
    else 65
    for code in range(256)
)
"""Six-bit characters of AIS -> those of base 64, which the standard library unpacks."""


def _sentence(payload: bytes, fill_bits: int) -> bytes:
    """Write a payload as a sentence; its checksum was looked at before, and aiscat does not look again."""
    return b"!AIVDM,1,1,,A,%b,%d*00\n" % (payload, fill_bits)


def _of_aiscat(kind: int, said: Mapping[str, Any], payload: bytes) -> Message:
    of = said.get
    lon, lat = _place(kind, payload) if kind in _PLACED else (None, None)
    message = Message(
        said["mmsi"],
        lon,
        lat,
        _rounded(of("speed")),
        _rounded(_below(of("course"), 360)),
        _below(of("heading"), 360),
        _below(of("status"), 15),
        _below(of("second"), 60) if kind in _WITH_SECOND else None,
        ais_class=_CLASS_OF.get(kind),
    )
    if kind not in _STATIC:
        return message
    return message._replace(
        name=_text(of("shipname")),
        imo=of("imo") or None,
        callsign=_text(of("callsign")),
        ship_type=of("shiptype") or None,
        length_m=(of("to_bow", 0) + of("to_stern", 0)) or None,
        draught_m=_rounded(of("draught")) or None,
        destination=_text(of("destination")),
    )


def _place(kind: int, payload: bytes) -> tuple[float | None, float | None]:
    """Read longitude and latitude in full out of the sixteen characters they may stand in."""
    bits = int.from_bytes(b64decode(payload[4:20].ljust(16, b"0").translate(_SIX_BITS)), "big")
    behind = 120 - _LON_ENDS[kind]  # bits 24 to 119 were read
    if kind == _LONG_RANGE:
        lon, lat = _signed(bits >> behind, 18), _signed(bits >> behind - 17, 17)
        return _known(to_lat_lon_600(lon), to_lat_lon_600(lat))
    return _known(to_lat_lon(_signed(bits >> behind, 28)), to_lat_lon(_signed(bits >> behind - 27, 27)))


def _signed(bits: int, width: int) -> int:
    """Take the last ``width`` bits as a number in two's complement."""
    number = bits & (1 << width) - 1
    return number - (1 << width) if number >> width - 1 else number


def _rounded(tenths: float | None) -> float | None:
    """Take back what single precision added to a number of tenths."""
    return None if tenths is None else round(tenths, 1)


def best() -> Decode:
    """Give the fastest decoder that is installed."""
    if importlib.util.find_spec("aiscat") is None:
        return by_pyais
    aiscat = importlib.import_module("aiscat")
    decoder = aiscat.Decoder(format="dictionary", country=False)
    return by_aiscat(decoder.feed, decoder.next)
