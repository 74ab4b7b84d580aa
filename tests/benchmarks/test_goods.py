"""Papers written after port calls: true ones are borne out, false ones are not."""

from __future__ import annotations

import polars as pl
from tests.tables import A, heard

from clearwake.benchmarks.goods import papers, share
from clearwake.goods import Known
from clearwake.model import Anchorage, PortCall, conform, utc

PORTS = conform(
    pl.DataFrame(
        {
            "name": ["Haven", "Far"],
            "lon": [0.0, 90.0],
            "lat": [0.0, 0.0],
            "origin": ["user"] * 2,
            "kind": ["port"] * 2,
        }
    ),
    Anchorage,
)
CALL = {
    "id": "port_call:1", "kind": "port_call", "version": 1, "start": utc("2026-01-10"), "end": utc("2026-01-11"),
    "lon": 0.0, "lat": 0.0, "track_a": A * 10_000 + 1, "mmsi_a": A, "evidence": [], "known_at": utc("2026-01-11"),
    "port": "Haven", "stopped_h": 10.0, "gap_h": 0.0, "nearest_km": 0.1, "confidence": 4,
}  # fmt: skip
CALLS = conform(pl.DataFrame([CALL]), PortCall)


def test_a_true_paper_is_borne_out_and_one_with_a_far_port_is_accused() -> None:
    written = papers(CALLS, PORTS, seed=1)
    true, false = written["true"], written["false"]
    assert (true["load_port"].to_list(), false["load_port"].to_list()) == (["Haven"], ["Far"])
    known = Known(positions=heard(A, "2026-01-01", "2026-01-20", (0.0, 0.0)), port_calls=CALLS, ports=PORTS)
    assert share(true, known) == {"papers": 1, "accused": 0, "borne out": 1, "left open": 0}
    assert share(false, known) == {"papers": 1, "accused": 1, "borne out": 0, "left open": 0}
    assert share(false, Known(ports=PORTS)) == {"papers": 1, "accused": 0, "borne out": 0, "left open": 1}


def test_a_call_of_low_confidence_writes_no_paper() -> None:
    written = papers(CALLS.with_columns(confidence=pl.lit(2, pl.Int16)), PORTS, seed=1)
    assert all(each.is_empty() for each in written.values())
