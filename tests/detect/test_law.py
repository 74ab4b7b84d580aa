"""The law of detectors, applied to every registered one: cutting, splitting and shuffling change no event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from .law import BEGIN, all_detectors, cuts, run_in_batches, scene


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), cuts)
@example(119, [BEGIN + timedelta(seconds=13_201)])
def test_however_the_stream_is_cut_into_batches_the_events_are_the_same(
    seed: int, moments: Sequence[datetime]
) -> None:
    positions = scene(seed)
    whole, cut = run_in_batches(positions, ()), run_in_batches(positions, moments)
    for table, events in whole.items():
        assert_frame_equal(cut[table], events, check_exact=True)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_however_the_ships_are_split_over_workers_the_events_are_the_same(seed: int) -> None:
    positions = scene(seed)
    whole, split = run_in_batches(positions, ()), run_in_batches(positions, (), split=True)
    for table, events in whole.items():
        assert_frame_equal(split[table], events, check_exact=True)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_order_of_rows_within_a_batch_changes_no_event(seed: int, order: int) -> None:
    positions = scene(seed)
    shuffled = positions.sample(fraction=1.0, shuffle=True, seed=order)
    for table, events in run_in_batches(positions, ()).items():
        assert_frame_equal(run_in_batches(shuffled, ())[table], events, check_exact=True)


def test_the_random_scenes_hold_events_of_every_kind() -> None:
    found = {d.table: 0 for d in all_detectors()}
    for seed in range(25):
        for table, events in run_in_batches(scene(seed), ()).items():
            found[table] += events.height
    assert all(count >= 10 for count in found.values()), found


def test_every_event_of_a_table_has_its_own_id_and_names_its_evidence() -> None:
    for seed in range(10):
        for events in run_in_batches(scene(seed), ()).values():
            assert events["id"].n_unique() == events.height
            assert events.filter(pl.col("evidence").list.len() == 0).is_empty()
