"""Records: files are cut before they reach us, and nobody is accused of where they were cut."""

from __future__ import annotations

import polars as pl

from .conftest import Sea


def _vanish(sea: Sea, ships: int) -> set[int]:
    """Let ships on the lane be heard until some time in the forenoon and never again."""
    return {sea.ship(0.5 + 0.4 * n, 40.05, hours=(0.0, 9.0 + 0.8 * n)) for n in range(ships)}


def _appear(sea: Sea, ships: int) -> None:
    """Let ships be heard on the lane from some time in the forenoon on and never before."""
    for n in range(ships):
        sea.ship(0.3 + 0.4 * n, 40.07, hours=(8.0 + 0.8 * n, 24.0))


def test_where_no_record_begins_in_the_midst_a_ship_not_heard_again_looks_switched_off(lane: Sea) -> None:
    gone = _vanish(lane, 4)
    assert lane.causes() == dict.fromkeys(gone, "switched_off")


def test_where_as_many_records_begin_in_the_midst_as_end_there_nobody_is_accused(lane: Sea) -> None:
    gone = _vanish(lane, 4)
    _appear(lane, 4)
    gaps = lane.gaps()
    assert set(gaps["mmsi_a"]) == gone
    assert gaps["likely_cause"].unique().to_list() == ["unknown"]
    said = "for: up to 100 % of the records that end like this one may only be cut short"
    assert gaps["cause_reasons"].list.first().str.starts_with(said).all()


def test_a_ship_heard_again_is_not_excused_by_records_that_are_cut(lane: Sea) -> None:
    _vanish(lane, 4)
    _appear(lane, 4)
    dark = lane.ship(2.4, 40.05, silent=(8.0, 15.0))
    assert lane.gaps().filter(pl.col("mmsi_a") == dark)["likely_cause"].item() == "switched_off"


def test_records_that_begin_with_the_end_of_an_outage_say_nothing_of_cuts(lane: Sea) -> None:
    gone = _vanish(lane, 4)
    for n in range(4):
        lane.ship(0.3 + 0.4 * n, 40.07, hours=(13.0, 24.0))
    lane.rows = [
        rows.filter(~pl.col("hour").is_between(8.2, 8.9) | (pl.col("hour") < 8.0)) for rows in lane.rows
    ]
    assert lane.causes().keys() == gone
