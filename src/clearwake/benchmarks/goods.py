"""Whether papers are accused wrongly: shipments written after real port calls, and the same with another port.

A paper that names the port and the day of a call that was heard is true; one that names another port within 40 km is
loose, as papers are; one that names a port a thousand kilometres off is false.  All are checked with the port calls
known, without them, so that positions alone have to tell, and without anything heard within 30 km of a port of call
either, as if every ship had fallen silent there.

    python -m clearwake.benchmarks.goods DESK
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from clearwake.desk import Desk
from clearwake.goods import Known, findings
from clearwake.model import PortCall, Shipment, conform, empty
from clearwake.sphere import distance_m

FAR_KM, SILENT_KM, LOOSE_KM = 1000.0, 30.0, 40.0
ACCUSING = ("port_not_visited", "impossible_date")


def papers(calls: pl.DataFrame, ports: pl.DataFrame, seed: int) -> dict[str, pl.DataFrame]:
    """Write a true, a loose and a false paper for every call of at least confidence 3: tables of ``Shipment``.

    Args:
        calls: A table of ``PortCall``.
        ports: A table of ``Anchorage``, for the ports that loose and false papers name.
        seed: What those ports are drawn by.
    """
    sure = calls.filter(pl.col("confidence") >= 3).sort("id")
    true = sure.select(
        "id", load_port="port", load_on="start", description=pl.lit("rice"), ship_mmsi=pl.col("mmsi_a")
    )
    chance, names = np.random.default_rng(seed), ports["name"].to_numpy()
    lon, lat = ports["lon"].to_numpy(), ports["lat"].to_numpy()
    loose, false = [], []
    for east, north, port in sure.select("lon", "lat", "port").iter_rows():
        metres = distance_m(lon, lat, east, north)
        near = [name for name in names[metres < LOOSE_KM * 1000.0] if name != port] or [port]
        loose.append(str(chance.choice(near)))
        false.append(str(chance.choice(names[metres > FAR_KM * 1000.0])))
    named = {
        "true": sure["port"],
        "loose": pl.Series(loose, dtype=pl.String),
        "false": pl.Series(false, dtype=pl.String),
    }
    return {name: conform(true.with_columns(load_port=ports), Shipment) for name, ports in named.items()}


def share(shipments: pl.DataFrame, known: Known) -> dict[str, int]:
    """Count the papers that are accused, borne out, and left open, of all there are."""
    found = findings(shipments, known)
    by = found.group_by("shipment").agg(pl.col("kind"))
    accused = by.filter(pl.col("kind").list.set_intersection(list(ACCUSING)).list.len() > 0)["shipment"]
    visited = by.filter(pl.col("kind").list.contains("port_visited"))["shipment"]
    ids = set(shipments["id"])
    return {
        "papers": len(ids),
        "accused": len(set(accused)),
        "borne out": len(set(visited) - set(accused)),
        "left open": len(ids - set(accused) - set(visited)),
    }


def measure(folder: Path, seed: int = 1) -> dict[str, dict[str, int]]:
    """Count what becomes of true, loose and false papers on a desk that has positions and port calls."""
    with Desk(folder, create=False) as desk:
        calls, ports = desk.show("port_calls"), desk.show("anchorages")
        positions = desk.show("positions").filter(pl.col("mmsi").is_in(calls["mmsi_a"].unique().implode()))
    written = papers(calls, ports, seed)
    none = empty(PortCall)
    knowns = {
        "calls known": Known(positions=positions, port_calls=calls, ports=ports),
        "positions only": Known(positions=positions, port_calls=none, ports=ports),
        "silent near ports": Known(positions=_away(positions, calls), port_calls=none, ports=ports),
    }
    return {
        f"{name}, {told}": share(shipments, known)
        for name, shipments in written.items()
        for told, known in knowns.items()
    }


def _away(positions: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """Leave out positions within 30 km of where any call was."""
    places = calls.select(pl.col("lon", "lat").round(1)).unique().sort("lon", "lat")
    lon, lat = positions["lon"].to_numpy(), positions["lat"].to_numpy()
    is_away = np.ones(len(positions), np.bool_)
    for east, north in places.iter_rows():
        is_away &= distance_m(lon, lat, east, north) > SILENT_KM * 1000.0
    return positions.filter(pl.Series(is_away))


def main(arguments: Sequence[str]) -> None:
    """Print what ``measure`` counts on the desk named."""
    for name, counts in measure(Path(arguments[0])).items():
        sys.stdout.write(f"{name}: {', '.join(f'{count} {word}' for word, count in counts.items())}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
