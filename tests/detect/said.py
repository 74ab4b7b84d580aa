"""Tables of what ships and registers said, as a seafarer writes them down."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from clearwake.detect.identity import Heard
from clearwake.model import IdentityClaim, Registration, schema, utc

X, Y, Z = "9074729", "9176187", "9319466"
"""Three IMO numbers that hold their check digit."""

_NUMBERS = {"mmsi": int, "length_m": float, "ship_type": int, "built_year": int, "reports": int, "line": int}


def _cells(text: str) -> list[dict[str, object]]:
    header, *lines = [line.split() for line in text.strip().splitlines() if line.strip()]
    return [
        {
            name: None if said == "-" else _NUMBERS.get(name, str)(said.replace("_", " "))
            for name, said in zip(header, line, strict=True)
        }
        for line in lines
    ]


def claims(text: str) -> pl.DataFrame:
    """Read claims: ``mmsi time`` and what was said; ``-`` is nothing, ``_`` a space; known five minutes later."""
    rows = []
    for cell in _cells(text):
        time = utc(str(cell.pop("time")))
        ends = {"first_seen": time, "last_seen": time, "known_at": time + timedelta(minutes=5)}
        rows.append({"reports": 1, "source": "ais"} | cell | ends)
    return pl.DataFrame(rows, schema=schema(IdentityClaim))


def register(text: str) -> pl.DataFrame:
    """Read entries of registers: ``source``, what they say, ``valid_from`` and ``valid_to`` as dates."""
    rows = []
    for number, cell in enumerate(_cells(text), 1):
        for date in ("valid_from", "valid_to"):
            if cell.get(date):
                cell[date] = utc(str(cell[date]))
        rows.append({"source": "register", "line": number} | cell)
    return pl.DataFrame(rows, schema=schema(Registration))


def heard(text: str) -> Heard:
    """Give positions ``mmsi time lon lat`` as the detectors ask for them."""
    table = pl.DataFrame(
        [
            (int(str(c["mmsi"])), utc(str(c["time"])), float(str(c["lon"])), float(str(c["lat"])))
            for c in _cells(text)
        ],
        schema={"mmsi": pl.Int64, "time": pl.Datetime("ms", "UTC"), "lon": pl.Float64, "lat": pl.Float64},
        orient="row",
    )

    def within(windows: pl.DataFrame) -> pl.DataFrame:
        asked = table.join(windows, on="mmsi")
        return asked.filter(pl.col("time").is_between(pl.col("start"), pl.col("end"))).select(table.columns)

    return within
