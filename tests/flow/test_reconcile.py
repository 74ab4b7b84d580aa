"""Reconciling: what was found against what is held, as versions, changes and withdrawals."""

from __future__ import annotations

import polars as pl

from clearwake.flow.reconcile import reconcile, stored_schema, withdrawn
from clearwake.model import TIME, Encounter, Gap, conform, utc

NOON, NIGHT = utc("2026-01-01T12:00"), utc("2026-01-02T00:00")
START = utc("2026-01-01T03:00")


def stored(record: type = Gap, **said: object) -> pl.DataFrame:
    """One event as it is held: version 1, settled at noon."""
    extra = {k: said.pop(k) for k in ("settled_at", "withdrawn") if k in said}
    row = {"id": "gap:1", "kind": "gap", "version": 1, "start": START, "duration_h": 7.0} | said
    held = conform(pl.DataFrame([row]), record)
    return held.with_columns(
        settled_at=pl.lit(extra.get("settled_at", NOON)).cast(TIME),
        withdrawn=pl.lit(extra.get("withdrawn", False)),
    ).cast(dict(stored_schema(record)))  # type: ignore[arg-type]


def found(record: type = Gap, *, settled: bool = True, **said: object) -> pl.DataFrame:
    """One event as it is found now."""
    row = {"id": "gap:1", "kind": "gap", "version": 1, "start": START, "duration_h": 7.0} | said
    return conform(pl.DataFrame([row]), record).with_columns(settled=pl.lit(settled))


NONE = stored().clear()
NOTHING = pl.DataFrame(schema={"id": pl.String})


def test_an_event_settled_by_a_batch_that_no_longer_finds_it_is_withdrawn_before_the_end() -> None:
    settled = stored(settled_at=NIGHT)
    assert withdrawn(settled, NOTHING, NIGHT, is_last=False)["withdrawn"].to_list() == [True]
    assert withdrawn(settled, settled.select("id"), NIGHT, is_last=False).is_empty()
    assert withdrawn(stored(settled_at=None), NOTHING, NIGHT, is_last=False).is_empty()


def test_an_event_not_held_is_new() -> None:
    result = reconcile(NONE, found(), NIGHT)
    assert result.new.select("id", "version", "settled_at", "withdrawn").rows() == [
        ("gap:1", 1, NIGHT, False)
    ]
    assert (result.changed.height, result.waiting.height) == (0, 0)


def test_an_event_that_can_still_change_is_not_settled() -> None:
    assert reconcile(NONE, found(settled=False), NIGHT).new["settled_at"].to_list() == [None]


def test_an_event_found_again_just_as_it_is_held_is_left_alone() -> None:
    result = reconcile(stored(settled_at=NIGHT), found(), NIGHT)
    assert (result.new.height, result.changed.height, result.waiting.height) == (0, 0, 0)


def test_an_event_that_settles_without_changing_keeps_its_version() -> None:
    result = reconcile(stored(settled_at=None), found(), NIGHT)
    assert result.changed.select("version", "settled_at").rows() == [(1, NIGHT)]


def test_an_event_found_otherwise_gets_a_new_version() -> None:
    result = reconcile(stored(version=4), found(duration_h=9.5), NIGHT)
    assert result.changed.select("id", "version", "duration_h").rows() == [("gap:1", 5, 9.5)]
    assert (result.new.height, result.waiting.height) == (0, 0)


def test_a_value_that_becomes_known_or_unknown_is_a_change() -> None:
    open_one = stored(end=None)
    closed = found(end=NOON)
    assert reconcile(open_one, closed, NIGHT).changed["version"].to_list() == [2]
    assert reconcile(stored(end=NOON), found(), NIGHT).changed["version"].to_list() == [2]


def test_an_event_not_found_again_waits_for_the_end_of_the_run() -> None:
    result = reconcile(stored(), found().clear(), NIGHT)
    assert result.waiting["id"].to_list() == ["gap:1"]
    gone = withdrawn(result.waiting, NOTHING, NIGHT, is_last=True)
    assert gone.select("version", "withdrawn", "settled_at").rows() == [(2, True, NIGHT)]


def test_what_was_withdrawn_before_is_not_withdrawn_again() -> None:
    assert withdrawn(stored(withdrawn=True), NOTHING, NIGHT, is_last=True).is_empty()


def test_what_begins_after_the_watermark_was_not_looked_at_and_stays() -> None:
    assert withdrawn(stored(start=NIGHT), NOTHING, NIGHT, is_last=True).is_empty()


def test_a_withdrawn_event_found_again_stands_again() -> None:
    result = reconcile(stored(withdrawn=True, version=2), found(), NIGHT)
    assert result.changed.select("version", "withdrawn").rows() == [(3, False)]


def test_what_places_say_is_no_change_of_the_event() -> None:
    held = stored(
        Encounter, label="in_port", coast_km=2.0, anchorage_km=1.0, settled_at=None, kind="encounter"
    )
    result = reconcile(held, found(Encounter, label="standard", kind="encounter"), NIGHT)
    assert result.changed.select("version", "label", "coast_km", "anchorage_km").rows() == [
        (1, "in_port", 2.0, 1.0)
    ]
