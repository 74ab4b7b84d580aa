"""Scoring: perfect events score fully, and every way of being wrong is counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl
import pytest

from clearwake.benchmarks.scenario import Scenario
from clearwake.benchmarks.scoring import Line, covered, false_alarms, score
from clearwake.model import TIME, utc

MINUTE = timedelta(minutes=1)
Tables = dict[str, pl.DataFrame]


def perfect(scene: Scenario) -> Tables:
    """Tables of events that say what is true."""

    def told(*families: str) -> pl.DataFrame:
        rows = scene.truth.filter(pl.col("family").is_in(families)).with_row_index("row")
        return rows.with_columns(id=pl.col("row").cast(pl.String), label=pl.col("expected"))

    harbour = told("meeting", "decoy").filter(pl.col("expected") != "")
    calls = told("port_call")
    ships = scene.hulls.filter(pl.col("is_heard"), ~pl.col("is_beacon")).select("mmsi")
    return {
        "encounters": harbour.unique(["mmsi_a", "mmsi_b"], maintain_order=True).filter(_was_close(scene)),
        "gaps": told("gap"),
        "loiterings": told("loitering"),
        "port_calls": calls,
        "tracks": ships,
    }


def _was_close(scene: Scenario) -> pl.Expr:
    pairs = scene.truth.filter(pl.col("mmsi_b").is_not_null()).select("mmsi_a", "mmsi_b").rows()
    close = [f"{a}-{b}" for a, b in pairs if scene.paths.least_apart_m(a, b) <= 500.0]
    return pl.format("{}-{}", "mmsi_a", "mmsi_b").is_in(close)


def counts(scene: Scenario, tables: Mapping[str, pl.DataFrame]) -> dict[str, Line]:
    return {f"{line.group}: {line.what}": line for line in score(scene, tables)}


def test_events_that_say_what_is_true_meet_every_demand(scene: Scenario) -> None:
    lines = score(scene, perfect(scene))
    assert [line for line in lines if line.is_met is False] == []
    assert false_alarms(lines) == 0
    together = counts(scene, perfect(scene))["meetings found: together"]
    assert together.count == together.of == 27


def test_an_event_of_less_than_half_the_time_does_not_find_a_meeting(scene: Scenario) -> None:
    tables = perfect(scene)
    length = pl.col("end") - pl.col("start")
    tables["encounters"] = tables["encounters"].with_columns(end=pl.col("start") + length * 0.45)
    assert counts(scene, tables)["meetings found: together"].count == 0
    tables["encounters"] = tables["encounters"].with_columns(end=pl.col("start") + length * 1.2)
    assert counts(scene, tables)["meetings found: together"].count == 27


def test_a_pair_that_never_was_is_counted(scene: Scenario) -> None:
    tables = perfect(scene)
    far = scene.hulls.filter(pl.col("kind") == "ordinary")["mmsi"].sort().head(2).to_list()
    event = (
        tables["encounters"]
        .head(1)
        .with_columns(mmsi_a=pl.lit(far[0], pl.Int64), mmsi_b=pl.lit(far[1], pl.Int64), label=pl.lit("short"))
    )
    tables["encounters"] = pl.concat((tables["encounters"], event))
    assert counts(scene, tables)["encounters: pairs that never were"].count == 1


def test_a_decoy_labelled_standard_and_a_ship_in_harbour_labelled_short_are_counted(scene: Scenario) -> None:
    tables = perfect(scene)
    trawl = pl.col("kind") == "pair_trawl"
    moored = (pl.col("kind") == "moored") & (pl.col("kind").cum_count().over("kind") <= 2)
    label = pl.when(trawl).then(pl.lit("standard")).when(moored).then(pl.lit("short")).otherwise("label")
    tables["encounters"] = tables["encounters"].with_columns(label=label)
    lines = counts(scene, tables)
    assert lines["encounters: decoys labelled standard"].count == 3
    assert lines["encounters: ships lying in harbour, not labelled in_port"].count == 2


def test_a_gap_invented_by_the_end_of_the_feed_is_counted(scene: Scenario) -> None:
    tables = perfect(scene)
    ship = scene.hulls.filter(pl.col("kind") == "ordinary")["mmsi"].min()
    invented = (
        tables["gaps"]
        .head(1)
        .with_columns(
            id=pl.lit("new"),
            mmsi_a=pl.lit(ship, pl.Int64),
            start=pl.lit(scene.end - 5 * MINUTE).cast(TIME),
            end=pl.lit(None, TIME),
        )
    )
    tables["gaps"] = pl.concat((tables["gaps"], invented))
    line = counts(scene, tables)["gaps: gaps that never were"]
    assert (line.count, line.note) == (1, "1 of them by the end of the feed")


def test_a_gap_that_begins_elsewhere_does_not_find_one(scene: Scenario) -> None:
    tables = perfect(scene)
    tables["gaps"] = tables["gaps"].with_columns(start=pl.col("start") + 2 * MINUTE)
    lines = counts(scene, tables)
    assert lines["gaps: closed gaps found"].count == 0
    assert lines["gaps: open gaps found"].count == 0


def test_a_loitering_of_a_ship_under_way_is_false(scene: Scenario) -> None:
    tables = perfect(scene)
    ship = scene.hulls.filter(pl.col("kind") == "ordinary")["mmsi"].min()
    tables["loiterings"] = pl.concat(
        (tables["loiterings"], tables["loiterings"].head(1).with_columns(mmsi_a=pl.lit(ship, pl.Int64)))
    )
    assert counts(scene, tables)["loitering: loiterings that never were"].count == 1


def test_a_beacon_taken_for_a_ship_is_counted(scene: Scenario) -> None:
    tables = perfect(scene)
    beacon = scene.hulls.filter(pl.col("is_beacon"))["mmsi"].min()
    tables["tracks"] = pl.concat((tables["tracks"], pl.DataFrame({"mmsi": [beacon]})))
    assert counts(scene, tables)["identity: rows that take a gear beacon for a ship"].count == 1


def test_a_decoy_given_a_reason_of_having_met_is_counted(scene: Scenario) -> None:
    tow = scene.hulls.filter(pl.col("kind") == "tow")["mmsi"].min()
    reasons = pl.DataFrame(
        {"mmsi": [tow, tow], "kind": ["met_offshore", "met_in_port"], "is_for": [True, False]}
    )
    line = counts(scene, {**perfect(scene), "indicators": reasons})[
        "indicators: decoys given a reason of having met"
    ]
    assert (line.count, line.note) == (1, "tow met_offshore 1")


def test_the_covered_share_adds_up_parts_and_takes_the_longest_label() -> None:
    truth = pl.DataFrame({
        "mmsi_a": [1, 2], "start": [utc("2026-03-01T00:00")] * 2, "end": [utc("2026-03-01T10:00")] * 2,
    })  # fmt: skip
    events = pl.DataFrame({
        "mmsi_a": [1, 1, 3],
        "start": [utc("2026-02-28T23:00"), utc("2026-03-01T04:00"), utc("2026-03-01T00:00")],
        "end": [utc("2026-03-01T01:00"), utc("2026-03-01T07:00"), utc("2026-03-01T10:00")],
        "label": ["short", "standard", "short"],
    })  # fmt: skip
    shares = covered(truth, events, ["mmsi_a"])
    assert shares["share"].to_list() == pytest.approx([0.4, 0.0])
    assert shares["label"].to_list() == ["standard", None]


@pytest.mark.parametrize(
    ("count", "of", "wanted", "is_met"),
    [(270, 270, "all", True), (269, 270, "all", False), (262, 270, ">= 97 %", True), (261, 270, ">= 97 %", False),
     (0, 9, "none", True), (1, 9, "none", False), (5, None, "", None)],
)  # fmt: skip
def test_a_demand_is_met_as_its_words_say(
    count: int, of: int | None, wanted: str, *, is_met: bool | None
) -> None:
    assert Line("group", "what", count, of, wanted).is_met is is_met
