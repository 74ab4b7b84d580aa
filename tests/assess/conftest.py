"""Events written by hand: only what a test is about is given, the rest is an ordinary offshore case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
import pytest

from clearwake import assess
from clearwake.model import (
    HULLS_PER_MMSI,
    Encounter,
    ExplainedGap,
    IdentityClaim,
    Loitering,
    Match,
    PortCall,
    empty,
    schema,
    utc,
)
from clearwake.sphere import Floats

Row = dict[str, Any]
Table = Callable[..., pl.DataFrame]

START, END, KNOWN = utc("2020-06-30T02:00"), utc("2020-06-30T05:00"), utc("2020-07-01T00:00")


def _event(name: str, number: int, a: int, b: int | None, **given: Any) -> Row:
    event: Row = {
        "id": f"{name}:{number}", "kind": name, "version": 1, "start": START, "end": END, "lon": -90.0, "lat": 26.0,
        "track_a": a * HULLS_PER_MMSI + 1, "mmsi_a": a, "mmsi_b": b,
        "track_b": None if b is None else b * HULLS_PER_MMSI + 1, "evidence": ["position:x"], "known_at": KNOWN,
    }  # fmt: skip
    return event | given


@pytest.fixture
def encounters() -> Table:
    """Give a table of encounters: pairs with what differs from three slow hours 200 km offshore."""

    def build(*rows: tuple[int, int, Row]) -> pl.DataFrame:
        ordinary: Row = {
            "label": "standard", "duration_h": 3.0, "together_h": 3.0, "min_apart_m": 90.0, "median_apart_m": 120.0,
            "median_speed_kn": 0.6, "apart_before_km": 14.0, "apart_after_km": 11.0, "coast_km": 200.0,
            "anchorage_km": 210.0,
        }  # fmt: skip
        told = [_event("encounter", n, a, b, **(ordinary | given)) for n, (a, b, given) in enumerate(rows, 1)]
        return pl.DataFrame(told, schema=schema(Encounter))

    return build


@pytest.fixture
def gaps() -> Table:
    """Give a table of gaps: ships with what differs from fourteen hours where ships are heard well."""

    def build(*rows: tuple[int, Row]) -> pl.DataFrame:
        ordinary: Row = {
            "end": utc("2020-06-30T16:00"), "duration_h": 14.0, "moved_km": 150.0, "implied_speed_kn": 5.8,
            "end_lon": -88.5, "end_lat": 26.0, "reception": 80.0, "feed_ok": True, "likely_cause": "switched_off",
            "cause_confidence": 1.0, "cause_reasons": [],
        }  # fmt: skip
        told = [_event("gap", n, a, None, **(ordinary | given)) for n, (a, given) in enumerate(rows, 1)]
        return pl.DataFrame(told, schema=schema(ExplainedGap))

    return build


@pytest.fixture
def loiterings() -> Table:
    """Give a table of loiterings: ships with what differs from twelve slow hours 200 km offshore."""

    def build(*rows: tuple[int, Row]) -> pl.DataFrame:
        ordinary: Row = {
            "end": utc("2020-06-30T14:00"), "duration_h": 12.0, "mean_speed_kn": 0.8, "travelled_km": 17.8,
            "coast_km": 200.0, "anchorage_km": 210.0,
        }  # fmt: skip
        told = [_event("loitering", n, a, None, **(ordinary | given)) for n, (a, given) in enumerate(rows, 1)]
        return pl.DataFrame(told, schema=schema(Loitering))

    return build


@pytest.fixture
def port_calls() -> Table:
    """Give a table of port calls."""

    def build(*rows: tuple[int, Row]) -> pl.DataFrame:
        ordinary: Row = {
            "port": "GALVESTON", "port_country": "USA", "duration_h": 20.0, "stopped_h": 18.0, "gap_h": 0.5,
            "nearest_km": 0.4, "confidence": 4,
        }  # fmt: skip
        told = [_event("port_call", n, a, None, **(ordinary | given)) for n, (a, given) in enumerate(rows, 1)]
        return pl.DataFrame(told, schema=schema(PortCall))

    return build


@pytest.fixture
def claims() -> Table:
    """Give a table of claims: MMSI with what was claimed, once."""

    def build(*rows: tuple[int, Row]) -> pl.DataFrame:
        told = [
            {"mmsi": mmsi, "first_seen": START, "last_seen": END, "reports": 1, "source": "table"} | given
            for mmsi, given in rows
        ]
        return pl.DataFrame(told, schema=schema(IdentityClaim))

    return build


@pytest.fixture
def matches() -> Table:
    """Give a table of matches: MMSI, tier, and what differs from the tanker PATRIOT on the OFAC list."""

    def build(*rows: tuple[int | str, str, Row]) -> pl.DataFrame:
        ordinary: Row = {
            "score": 0.95, "list": "ofac", "edition": "sdn:2018-08-21", "entity_id": "ofac:24508",
            "entity_name": "PATRIOT", "entity_imo": "9003550", "programmes": ["DPRK4"],
            "reasons": ["IMO 9003550 agrees"],
        }  # fmt: skip
        told = [{"id": str(mmsi), "tier": tier} | ordinary | given for mmsi, tier, given in rows]
        return pl.DataFrame(told, schema=schema(Match))

    return build


@pytest.fixture
def reasons() -> Table:
    """Give the indicators of some tables, the others empty, every place ``coast_km`` from the coast."""

    def build(*, coast_km: float = 200.0, **tables: pl.DataFrame) -> pl.DataFrame:
        def coast(lon: Floats, _: Floats) -> Floats:
            return np.full(lon.shape, coast_km)

        none: dict[str, Any] = {
            "encounters": empty(Encounter), "gaps": empty(ExplainedGap), "loiterings": empty(Loitering),
            "port_calls": empty(PortCall), "matches": empty(Match), "claims": empty(IdentityClaim),
        }  # fmt: skip
        return assess.indicators(**(none | tables), coast_km=coast)

    return build


@pytest.fixture
def at() -> Callable[[str], datetime]:
    """Read a time, UTC."""
    return utc
