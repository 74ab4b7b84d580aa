"""Tables a seafarer can read: positions written as text, and the ways tests look at what is found in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache

import polars as pl

from clearwake import places
from clearwake.detect import Detector
from clearwake.model import HULLS_PER_MMSI, Anchorage, Zone, conform, empty, utc
from clearwake.places import Atlas
from clearwake.sphere import EARTH_RADIUS_M
from clearwake.tracks import follow

A, B, C = 211_000_001, 232_000_002, 477_000_003
"""Three ships, numbered as German, British and Hong Kong ones."""

DEG_PER_M = 360.0 / (2.0 * 3.141592653589793 * EARTH_RADIUS_M)
"""Degrees of latitude to a metre; of longitude too, on the equator."""

_SHIPS = {"A": A, "B": B, "C": C}
_COLUMNS = pl.Schema(
    {"mmsi": pl.Int64(), "time": pl.Datetime("ms", "UTC"), "lon": pl.Float64(), "lat": pl.Float64(),
     "speed_kn": pl.Float32(), "known_at": pl.Datetime("ms", "UTC")}
)  # fmt: skip


def positions(text: str) -> pl.DataFrame:
    """Read a table of positions: a header line, then ``mmsi time lon lat`` and perhaps ``speed_kn known_at``.

    Ships may be called A, B and C; ``-`` is no value; what is not said is known five minutes after its time.
    """
    header, *lines = [line.split() for line in text.strip().splitlines() if line.strip()]
    rows = [_row(dict(zip(header, line, strict=True))) for line in lines]
    return pl.DataFrame(rows, schema=_COLUMNS, orient="row")


def _row(said: dict[str, str]) -> dict[str, object]:
    time = utc(said["time"])
    speed, known = said.get("speed_kn", "-"), said.get("known_at", "-")
    return {
        "mmsi": _SHIPS.get(said["mmsi"]) or int(said["mmsi"]),
        "time": time,
        "lon": float(said["lon"]),
        "lat": float(said["lat"]),
        "speed_kn": None if speed == "-" else float(speed),
        "known_at": time + timedelta(minutes=5) if known == "-" else utc(known),
    }


Place = tuple[float, float]


def heard(
    mmsi: int, first: str, last: str, where: Place | Callable[[float], Place], every_min: float = 10
) -> pl.DataFrame:
    """Give the positions of a ship heard every few minutes from first to last, itself included if it fits.

    Args:
        mmsi: The ship.
        first: When it is first heard.
        last: When it is last heard.
        where: lon, lat in degrees, or a function of the hours since ``first`` that gives them.
        every_min: Minutes between positions.
    """
    begin, span = utc(first), utc(last) - utc(first)
    count = int(span / timedelta(minutes=every_min)) + 1
    times = [begin + n * timedelta(minutes=every_min) for n in range(count)]
    spots = [where((time - begin) / timedelta(hours=1)) if callable(where) else where for time in times]
    rows = [
        (mmsi, t, lon, lat, None, t + timedelta(minutes=5))
        for t, (lon, lat) in zip(times, spots, strict=True)
    ]
    return pl.DataFrame(rows, schema=_COLUMNS, orient="row")


def north(hours: float, speed_kn: float, frm: Place = (0.0, 0.0)) -> Place:
    """Give where a ship is that has sailed north for so many hours: a minute of latitude is a nautical mile."""
    return frm[0], frm[1] + hours * speed_kn * 1852.0 * DEG_PER_M


def events(detector: Detector, rows: pl.DataFrame | Sequence[pl.DataFrame], until: str) -> pl.DataFrame:
    """Find events in positions: tracks first, then the detector, all in one batch."""
    whole = rows if isinstance(rows, pl.DataFrame) else pl.concat(rows)
    return detector.once(follow(whole).fixes, utc(until))


def clock(moment: datetime | None) -> str | None:
    """Write a moment as a table does: ``2026-01-01T12:00``, with seconds where there are any."""
    if moment is None:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M" if not moment.second else "%Y-%m-%dT%H:%M:%S")


def when(found: pl.DataFrame) -> list[tuple[str | None, str | None]]:
    """Give start and end of events as text, to the second."""
    return [(clock(start), clock(end)) for start, end in found.select("start", "end").iter_rows()]


def hull(mmsi: int, ordinal: int = 1) -> int:
    """Give the number of a track: the MMSI and the hull's ordinal."""
    return mmsi * HULLS_PER_MMSI + ordinal


@cache
def harbour(lon: float = 0.0, lat: float = 0.0) -> Atlas:
    """An ocean with one port, called Haven, of country Utopia, and no zones."""
    port = pl.DataFrame(
        {
            "name": ["Haven"],
            "lon": [lon],
            "lat": [lat],
            "origin": ["user"],
            "kind": ["port"],
            "country": ["Utopia"],
        }
    )
    return Atlas(conform(port, Anchorage), empty(Zone))


@cache
def world() -> Atlas:
    """The built-in atlas."""
    return places.load()
