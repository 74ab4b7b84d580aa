"""Ships' words and deeds as tables a seafarer can read: claims, calls, meetings and other events written by hand."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import polars as pl

from clearwake.model import TIME, Encounter, Gap, IdentityClaim, Loitering, PortCall, conform, utc
from clearwake.sphere import interpolate, lonlat, unit_vectors
from clearwake.voyages import Record

WINMORE, SAM_JONG, HONEST = 477_000_001, 445_000_002, 477_000_003
"""Two ships numbered as Hong Kong's, one as the DPRK's."""

_SHIPS = {"WINMORE": WINMORE, "SAM_JONG": SAM_JONG, "HONEST": HONEST}
_NUMBERS = ("length_m", "draught_m", "ship_type", "lon", "lat", "confidence", "stopped_h", "duration_h")


def _lines(text: str) -> list[dict[str, str | None]]:
    header, *lines = [line.split() for line in text.strip().splitlines() if line.strip()]
    return [dict(zip(header, [None if v == "-" else v for v in line], strict=True)) for line in lines]


def _read(row: dict[str, str | None]) -> dict[str, object]:
    read: dict[str, object] = {}
    for name, value in row.items():
        if value is None:
            read[name] = None
        elif name in _NUMBERS:
            read[name] = float(value)
        elif name in ("first_seen", "last_seen", "start", "end"):
            read[name] = utc(value)
        elif name in ("mmsi", "mmsi_a", "mmsi_b"):
            read[name] = _SHIPS.get(value) or int(value)
        else:
            read[name] = value.replace("_", " ")
    return read


def claims(text: str) -> pl.DataFrame:
    """Read claims: ``mmsi first_seen last_seen`` and what was said; ``_`` stands for a space, ``-`` for nothing."""
    rows = [_read(row) for row in _lines(text)]
    frame = pl.DataFrame(rows).with_columns(
        reports=pl.lit(9), source=pl.lit("table"), known_at=pl.col("last_seen")
    )
    return conform(frame, IdentityClaim)


def _events(text: str, kind: str, record: type, **measures: object) -> pl.DataFrame:
    rows = [_read(row) for row in _lines(text)]
    frame = pl.DataFrame(rows).with_columns(
        id=pl.format(f"{kind}:{{}}", "id"), kind=pl.lit(kind), version=pl.lit(1),
        evidence=pl.lit([], pl.List(pl.String)), track_a=pl.col("mmsi_a") * 10_000 + 1,
        known_at=pl.coalesce("end", "start"),
        **{name: pl.lit(value) for name, value in measures.items()},
    )  # fmt: skip
    if "mmsi_b" in frame.columns:
        frame = frame.with_columns(track_b=pl.col("mmsi_b") * 10_000 + 1)
    return conform(frame, record)


def calls(text: str) -> pl.DataFrame:
    """Read port calls: ``id mmsi_a start end lon lat port port_country confidence``."""
    return _events(text, "port_call", PortCall, stopped_h=12.0, gap_h=0.0, nearest_km=1.0)


def meetings(text: str) -> pl.DataFrame:
    """Read encounters: ``id mmsi_a mmsi_b start end lon lat label``, the lower MMSI first."""
    return _events(text, "encounter", Encounter, duration_h=6.0, min_apart_m=30.0, median_apart_m=50.0,
                   median_speed_kn=0.4, together_h=6.0, coast_km=150.0, anchorage_km=150.0)  # fmt: skip


def gaps(text: str) -> pl.DataFrame:
    """Read gaps: ``id mmsi_a start end lon lat duration_h``."""
    return _events(text, "gap", Gap)


def drifts(text: str) -> pl.DataFrame:
    """Read loiterings: ``id mmsi_a start end lon lat duration_h``."""
    return _events(text, "loitering", Loitering, mean_speed_kn=0.5, travelled_km=3.0)


def trail(mmsi: int, text: str) -> pl.DataFrame:
    """Read a ship's way: lines of ``time lon lat``; between them it sails straight and is heard every hour."""
    points = [
        (utc(t), float(lon), float(lat)) for t, lon, lat in (x.split() for x in text.strip().splitlines())
    ]
    rows = []
    for (begin, *here), (end, *there) in pairwise(points):
        hours = int((end - begin) / timedelta(hours=1))
        a, b = (unit_vectors([lon], [lat]) for lon, lat in (here, there))
        for hour in range(hours):
            lon, lat = lonlat(interpolate(a, b, [hour / hours]))
            rows.append(
                (mmsi, mmsi * 10_000 + 1, begin + timedelta(hours=hour), float(lon[0]), float(lat[0]))
            )
    rows.append((mmsi, mmsi * 10_000 + 1, points[-1][0], points[-1][1], points[-1][2]))
    frame = pl.DataFrame(rows, schema=["mmsi", "track", "time", "lon", "lat"], orient="row")
    return frame.with_columns(pl.col("time").cast(TIME), known_at=pl.col("time").cast(TIME))


def record(
    said: pl.DataFrame,
    trails: list[pl.DataFrame],
    hulls: dict[int, str] | None = None,
    **events: pl.DataFrame,
) -> Record:
    """Put together what is known of ships' voyages."""
    return Record(said, events, pl.concat(trails), hulls or {}, pl.Series([], dtype=pl.Int64))
