"""Draw the pictures of docs/whereabouts.md: made-up ships in real waters; nobody real was anywhere on them.

python scripts/draw_whereabouts.py docs/pictures
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import itertools
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from clearwake import sphere
from clearwake.desk import Desk
from clearwake.flow.whereabouts import picture
from clearwake.model import utc

TANKER, OUTBOUND = 563_999_001, 563_999_002
START = utc("2024-03-01T00:00")

LANES = (
    ((121.9, 30.6), (124.6, 31.6), (128.6, 34.2), (129.4, 35.0)),
    ((122.6, 31.2), (123.6, 34.0), (122.8, 37.0), (120.6, 38.4)),
    ((122.4, 30.2), (122.2, 27.5), (120.4, 25.0)),
    ((126.2, 37.2), (125.6, 34.6), (126.6, 33.9), (129.0, 34.9)),
)
"""Lanes of the made-up traffic."""


def sailing(
    way: tuple[tuple[float, float], ...], start: datetime, knots: float
) -> list[tuple[datetime, float, float, float]]:
    """Give a position every ten minutes of a ship along a way: time, lon, lat, course."""
    found = []
    at = start
    for (lon_a, lat_a), (lon_b, lat_b) in itertools.pairwise(way):
        a, b = sphere.unit_vectors(lon_a, lat_a), sphere.unit_vectors(lon_b, lat_b)
        hours = float(sphere.between_m(a, b)) / 1852.0 / knots
        shares = np.arange(0.0, 1.0, 1.0 / max(hours * 6.0, 1.0))
        lon, lat = sphere.lonlat(
            sphere.interpolate(np.tile(a, (len(shares), 1)), np.tile(b, (len(shares), 1)), shares)
        )
        course = float(sphere.bearing_deg(lon_a, lat_a, lon_b, lat_b))
        found += [(at + timedelta(hours=hours * s), float(x), float(y), course)
                  for s, x, y in zip(shares, lon, lat, strict=True)]  # fmt: skip
        at += timedelta(hours=hours)
    return found


def rows() -> list[str]:
    """Write the positions of the two ships and of the traffic round them."""
    lines = ["mmsi,time,lon,lat,speed_kn,course_deg,ship_type"]

    def add(mmsi: int, track: list[tuple[datetime, float, float, float]], knots: float, kind: int) -> None:
        lines.extend(
            f"{mmsi},{at:%Y-%m-%dT%H:%M:%SZ},{lon:.5f},{lat:.5f},{knots},{course:.1f},{kind}"
            for at, lon, lat, course in track
        )

    before = sailing(((123.0, 30.0), (124.3, 31.2)), START, 11.0)
    after = sailing(((125.2, 31.0), (126.4, 30.4)), START + timedelta(hours=36), 11.0)
    add(TANKER, before + after, 11.0, 80)
    add(OUTBOUND, sailing(((125.4, 36.0), (125.3, 34.6)), START, 13.0), 13.0, 80)
    rng = np.random.default_rng(5)
    for number in range(60):
        way = LANES[number % len(LANES)]
        shifted = tuple((lon + rng.normal(0.0, 0.12), lat + rng.normal(0.0, 0.12)) for lon, lat in way)
        add(
            563_990_000 + number,
            sailing(shifted, START + timedelta(hours=float(rng.uniform(0, 40))), 13.0),
            13.0,
            70,
        )
    return lines


def main() -> None:
    """Draw them."""
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "ships.csv"
        file.write_text("\n".join(rows()) + "\n", encoding="utf-8")
        with Desk(Path(scratch) / "desk") as desk:
            desk.read("table", file, known_at="time+5min")
            desk.run()
            closed = desk.whereabouts(mmsi=TANKER, at=START + timedelta(hours=20))
            still = desk.whereabouts(mmsi=OUTBOUND, at=START + timedelta(hours=30))
            for name, found in (("whereabouts-returned", closed), ("whereabouts-silent", still)):
                (folder / f"{name}.png").write_bytes(picture(found, "png"))
                sys.stdout.write(f"{name}: {found.record.told}\n")


if __name__ == "__main__":
    main()
