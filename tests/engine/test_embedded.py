"""The embedded engine: one batch through tracks, grid and every detector, in one piece or in many."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.tables import DEG_PER_M, A, B, C, clock, harbour, heard, hull, positions, when

from clearwake.detect import detectors, encounter, gap
from clearwake.detect.step import event_schema
from clearwake.engine.embedded import Advanced, advance
from clearwake.engine.shards import SHARDS, shard_of
from clearwake.model import utc

UNTIL = utc("2026-01-02T00:00")
ALL = (0, SHARDS - 1)


def day() -> pl.DataFrame:
    """A and B lie alongside for three hours in the morning, C is in Haven all day, a beacon drifts by."""
    beside = (100 * DEG_PER_M, -20.0)
    return pl.concat([
        heard(A, "2026-01-01T03:00", "2026-01-01T06:00", (0.0, -20.0)),
        heard(B, "2026-01-01T03:00", "2026-01-01T06:00", beside),
        heard(C, "2026-01-01T00:00", "2026-01-01T23:50", (0.001, 0.0)),
        heard(C, "2026-01-01T00:00", "2026-01-01T01:00", (0.001, 0.0)),
        heard(982_111_222, "2026-01-01T00:00", "2026-01-01T01:00", (0.0, -20.0)),
    ])  # fmt: skip


def whole_day() -> Advanced:
    return advance(detectors(harbour()), [(ALL, day)], {}, UNTIL)


def test_a_day_gives_events_digests_and_state_of_everything() -> None:
    done = whole_day()
    assert {name: rows.height for name, rows in done.events.items()} == {
        "gaps": 2, "silences": 2, "encounters": 1, "loiterings": 3, "port_calls": 1, "zone_entries": 0,
        "falsifications": 0,
    }  # fmt: skip
    assert (done.merged, done.not_ships) == (7, 7)
    assert done.digests["tracks"]["track"].sort().to_list() == [hull(A), hull(B), hull(C)]
    assert done.digests["noise"].is_empty()
    assert done.digests["lying"]["track"].n_unique() == 3
    assert sorted(done.keep) == [
        "encounter.join", "encounter.pair", "falsification.falsification", "follow", "gap.gap", "grid",
        "loitering.loitering", "port_call.port_call", "silence.silence", "zone_entry.zone_entry",
    ]  # fmt: skip


def test_split_over_shards_it_gives_the_same() -> None:
    rows = day()
    shard = pl.Series(shard_of(rows["mmsi"].to_numpy()))
    assert shard.n_unique() > 1
    pieces = [((n, n), lambda n=n: rows.filter(shard == n)) for n in range(SHARDS)]
    split, whole = advance(detectors(harbour()), pieces, {}, UNTIL), whole_day()
    for name, found in whole.events.items():
        assert_frame_equal(split.events[name].sort("id"), found.sort("id"), check_exact=True)
    for name, kept in whole.keep.items():
        assert_frame_equal(split.keep[name], kept, check_row_order=False, check_exact=True)
    assert (split.merged, split.not_ships) == (whole.merged, whole.not_ships)


def test_state_carries_events_over_the_cut() -> None:
    rows, noon = day(), utc("2026-01-01T04:30")
    found = (gap(), encounter())
    first = advance(found, [(ALL, lambda: rows.filter(pl.col("time") < noon))], {}, noon)
    second = advance(found, [(ALL, lambda: rows.filter(pl.col("time") >= noon))], first.keep, UNTIL)
    assert when(first.events["encounters"]) == [("2026-01-01T03:00", None)]
    assert when(second.events["encounters"]) == [("2026-01-01T03:00", "2026-01-01T06:00")]
    assert first.events["encounters"]["id"].to_list() == second.events["encounters"]["id"].to_list()
    assert [r["settled"].to_list() for r in (first.events["encounters"], second.events["encounters"])] == [
        [False],
        [True],
    ]


def test_a_batch_without_positions_gives_empty_tables_and_keeps_what_was_kept() -> None:
    nothing = positions("mmsi time lon lat")
    done = advance(detectors(harbour()), [(ALL, lambda: nothing)], {}, UNTIL)
    for detector in detectors(harbour()):
        assert done.events[detector.table].schema == event_schema(detector.record)
        assert done.events[detector.table].is_empty()
    later = advance(detectors(harbour()), [(ALL, lambda: nothing)], whole_day().keep, utc("2026-01-03T00:00"))
    assert later.keep["follow"]["mmsi"].sort().to_list() == [A, B, C]
    # C, heard until 23:50, is silent now as well.
    assert sorted(clock(t) or "" for t in later.events["gaps"]["start"]) == [
        "2026-01-01T06:00", "2026-01-01T06:00", "2026-01-01T23:50",
    ]  # fmt: skip


def test_only_the_chosen_detectors_run() -> None:
    done = advance((gap(),), [(ALL, day)], {}, UNTIL)
    assert list(done.events) == ["gaps"]
    assert sorted(done.keep) == ["follow", "gap.gap", "grid"]


def test_an_engine_failure_is_not_swallowed() -> None:
    def broken() -> pl.DataFrame:
        raise OSError(5, "input/output error")

    with pytest.raises(OSError, match="input/output error"):
        advance((gap(),), [(ALL, broken)], {}, UNTIL)
