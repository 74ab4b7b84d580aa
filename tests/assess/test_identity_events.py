"""Identity events as reasons: what weighs, how much, and what stands beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from clearwake import assess
from clearwake.model import Encounter, Gap, IdentityClaim, Loitering, Match, PortCall, empty, schema, utc
from clearwake.model.events import (
    FlagFault,
    IdentityChange,
    ImoFault,
    LaunderedIdentity,
    SharedImo,
    SharedMmsi,
)
from clearwake.sphere import Floats

A, B = 303_350_200, 367_564_890

START, END = utc("2026-01-01T02:00"), utc("2026-01-01T05:00")

Told = list[tuple[Any, ...]]


def event(record: type, **given: Any) -> pl.DataFrame:
    """Give a table with one event of a record."""
    row = {
        "id": "event:1",
        "version": 1,
        "start": START,
        "end": END,
        "mmsi_a": A,
        "evidence": [],
        "known_at": END,
    }
    return pl.DataFrame([row | given], schema=schema(record))


def told(**tables: pl.DataFrame) -> Told:
    """Give MMSI, kind, weight and sentence of each reason."""

    def coast(lon: Floats, _: Floats) -> Floats:
        return np.full(lon.shape, 200.0)

    found = assess.indicators(
        encounters=empty(Encounter), gaps=empty(Gap), loiterings=empty(Loitering), port_calls=empty(PortCall),
        matches=empty(Match), claims=empty(IdentityClaim), coast_km=coast, identity_events=tables,
    )  # fmt: skip
    return found.select("mmsi", "kind", "weight", "sentence").rows()


CHANGE = {"field": "name", "old": "OCEAN STAR", "new": "SHUN LI 8", "letters_apart": 9, "where": "at sea",
          "harbour_km": 151.2, "silent_min": 180.0}  # fmt: skip


def test_a_name_changed_at_sea_after_a_silence_weighs_in_full() -> None:
    assert told(identity_changes=event(IdentityChange, **CHANGE)) == [
        (A, "identity_changed_at_sea", 1.5,
         ("name changed from OCEAN STAR to SHUN LI 8, 2026-01-01 02:00 to 05:00 UTC, at sea, 151 km "
                "at the nearest from a port or "
         "anchorage, silent for up to 180 min in between")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "kind", "weight"),
    [
        ({"silent_min": 4.0}, "identity_changed_at_sea", 0.75),
        ({"silent_min": None}, "identity_changed_at_sea", 0.75),
        ({"where": "in port", "harbour_km": 0.3}, "identity_changed", 0.3),
        ({"where": None, "harbour_km": None, "silent_min": None}, "identity_changed", 0.3),
        ({"letters_apart": 1}, "respelled", 0.0),
    ],
)
def test_a_change_weighs_by_where_it_was_made_and_a_slip_nothing(
    given: dict[str, Any], kind: str, weight: float
) -> None:
    ((_, what, weighs, _),) = told(identity_changes=event(IdentityChange, **(CHANGE | given)))
    assert (what, weighs) == (kind, weight)


@pytest.mark.parametrize("given", [{"field": "length_m"}, {"field": "imo"}, {"same_imo": False}])
def test_what_rebuilding_correcting_or_another_ship_explains_is_no_reason(given: dict[str, Any]) -> None:
    assert told(identity_changes=event(IdentityChange, **(CHANGE | given))) == []


def test_a_change_of_mmsi_is_told_of_both_numbers() -> None:
    change = event(IdentityChange, **(CHANGE | {"field": "mmsi", "old": str(A), "new": str(B), "mmsi_b": B}))
    assert [row[:2] for row in told(identity_changes=change)] == [
        (A, "identity_changed_at_sea"), (B, "identity_changed_at_sea"),
    ]  # fmt: skip


def test_a_shared_mmsi_is_told_against_and_weighs_nothing() -> None:
    shared = event(
        SharedMmsi, hulls=4, at_once=3, positions=900, names=[], imos=[], is_default=True, note="six noughts"
    )
    assert told(shared_mmsis=shared) == [
        (A, "shared_number", 0.0,
         ("its MMSI is on several hulls (heard from 4 hulls, 3 at once; six noughts): what is told under it may be "
         "another ship's")),
    ]  # fmt: skip


@pytest.mark.parametrize(("is_shared", "weight"), [(False, 2.0), (True, 0.5)])
def test_an_imo_number_in_two_places_is_told_of_both_ships(is_shared: bool, weight: float) -> None:  # noqa: FBT001 - a table's column
    twice = event(SharedImo, mmsi_b=B, imo="9074729", apart_km=5295.4, times=5, mmsi_is_shared=is_shared)
    found = told(shared_imos=twice)
    assert [row[:3] for row in found] == [(A, "imo_in_two_places", weight), (B, "imo_in_two_places", weight)]
    assert found[0][3] == (
        f"IMO 9074729 is claimed by {B} too, heard up to 5295 km away, 2026-01-01 02:00 to 05:00 UTC: one of them is "
        "not that ship"
    )


@pytest.mark.parametrize(
    ("fault", "weight"), [("length", 1.0), ("ship_type", 0.5), ("built", 0.25), ("check_digit", 0.0)]
)
def test_imo_faults_weigh_by_what_is_wrong(fault: str, weight: float) -> None:
    row = event(ImoFault, fault=fault, imo="9074729", reports=3, claimed="95 m", registered="230 m", register="one",
                readings=[], note="typed by hand")  # fmt: skip
    ((_, _, weighs, sentence),) = told(imo_faults=row)
    assert weighs == weight
    assert "9074729" in sentence


@pytest.mark.parametrize("fault", ["placeholder", "malformed"])
def test_a_number_typed_to_fill_the_field_is_no_reason(fault: str) -> None:
    assert told(imo_faults=event(ImoFault, fault=fault, imo="1234567", reports=3, readings=[])) == []


@pytest.mark.parametrize(
    ("fault", "weight", "words"),
    [
        ("denied", 3.0, "shows the flag GMB, which gambia denies; undated"),
        ("hopping", 1.5, "showed 3 flags, PAN, BLZ, TGO, 2026-01-01 02:00 to 05:00 UTC"),
        ("mid_against_flag", 0.25, "flag GMB by gambia, but its MMSI is numbered as PAN; undated"),
    ],
)
def test_flag_faults_weigh_by_what_is_wrong(fault: str, weight: float, words: str) -> None:
    row = event(FlagFault, fault=fault, flag="GMB", mmsi_flag="PAN", flags=["PAN", "BLZ", "TGO"], source="gambia",
                note="undated")  # fmt: skip
    ((_, _, weighs, sentence),) = told(flag_faults=row)
    assert (weighs, sentence) == (weight, words)


def test_a_laundered_identity_weighs_by_its_score_with_what_speaks_against_beside_it() -> None:
    row = event(LaunderedIdentity, reason="scrapped_imo", imo="9074729", score=0.8, reasons_for=["long gone"],
                reasons_against=["no date"])  # fmt: skip
    found = told(laundered_identities=row)
    assert [(kind, weight) for _, kind, weight, _ in found] == [
        ("laundered_identity", 3.2),
        ("laundered_doubt", 0.0),
    ]
    assert found[1][3] == "against that IMO 9074729 is another ship's: no date"


def test_a_laundered_identity_under_half_is_no_reason() -> None:
    row = event(
        LaunderedIdentity, reason="renumbered", imo="9074729", score=0.45, reasons_for=[], reasons_against=[]
    )
    assert told(laundered_identities=row) == []


def test_an_event_on_nobody_is_nobodys_reason() -> None:
    built = event(ImoFault, fault="built", imo="9074729", mmsi_a=None, reports=0, readings=[])
    assert told(imo_faults=built) == []
