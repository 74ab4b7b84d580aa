"""The grid: where hulls were at full ten minutes, never across a long silence, however the stream is cut."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.tables import DEG_PER_M, A, B, clock, heard, hull, north, positions

from clearwake.detect.grid import GRID, complete, follows_on, resample
from clearwake.detect.lying import lying
from clearwake.model import utc
from clearwake.sphere import lonlat
from clearwake.tracks import follow

LATER = utc("2026-01-02T00:00")


def grid(rows: pl.DataFrame, until: datetime = LATER) -> pl.DataFrame:
    return resample().run(follow(rows).fixes, None, until).rows


def places(rows: pl.DataFrame) -> list[tuple[str | None, float, float]]:
    """Time, longitude and latitude of grid rows."""
    lon, lat = lonlat(rows.select("x", "y", "z").to_numpy())
    return [
        (clock(t), round(float(x), 6), round(float(y), 6))
        for t, x, y in zip(rows["time"], lon, lat, strict=True)
    ]


def test_a_place_between_two_fixes_lies_on_the_way_by_its_share_of_the_time() -> None:
    found = grid(positions("""
        mmsi  time              lon  lat
        A     2026-01-01T00:05  0    0.00
        A     2026-01-01T00:25  0    0.04
    """))  # fmt: skip
    assert found.schema == GRID
    assert places(found) == [("2026-01-01T00:10", 0.0, 0.01), ("2026-01-01T00:20", 0.0, 0.03)]
    # 0.04 degrees of latitude are 4448 m, in twenty minutes: 7.2 kn.
    assert found["speed_kn"].to_list() == pytest.approx([7.205, 7.205], abs=0.001)
    assert [clock(t) for t in found["heard_from"]] == ["2026-01-01T00:05"] * 2
    assert [clock(t) for t in found["heard_to"]] == ["2026-01-01T00:25"] * 2
    assert found["known_at"].to_list() == [utc("2026-01-01T00:30")] * 2


def test_a_fix_right_on_a_full_ten_minutes_is_the_place() -> None:
    found = grid(positions("""
        mmsi  time              lon  lat
        A     2026-01-01T00:10  0    0.01
        A     2026-01-01T00:20  0    0.02
    """))  # fmt: skip
    assert places(found) == [("2026-01-01T00:10", 0.0, 0.01), ("2026-01-01T00:20", 0.0, 0.02)]


def test_an_hour_is_bridged_and_a_second_more_is_not() -> None:
    found = grid(positions("""
        mmsi  time                 lon  lat
        A     2026-01-01T00:05:00  0    0
        A     2026-01-01T01:05:00  0    0
        B     2026-01-01T00:05:00  9    0
        B     2026-01-01T01:05:01  9    0
    """))  # fmt: skip
    assert found["track"].to_list() == [hull(A)] * 6


def test_the_way_over_the_antimeridian_is_the_short_one() -> None:
    found = grid(positions("""
        mmsi  time              lon      lat
        A     2026-01-01T00:05   179.99  0
        A     2026-01-01T00:25  -179.97  0
    """))  # fmt: skip
    assert [lon for _, lon, _ in places(found)] == [180.0, -179.98]


def test_the_speed_is_made_good_since_the_step_before_so_jitter_does_not_count() -> None:
    # Back and forth by 200 m every minute, at the same place at each full ten minutes.
    jitter = heard(
        A, "2026-01-01T00:00", "2026-01-01T01:00", lambda h: (0, 200 * DEG_PER_M * (round(h * 60) % 2)), 1
    )
    assert grid(jitter)["speed_kn"].to_list() == [0.0] * 7


def test_every_hull_has_its_own_grid() -> None:
    rows = [
        heard(A, "2026-01-01T00:00", "2026-01-01T01:00", (0, 0)),
        heard(B, "2026-01-01T00:30", "2026-01-01T02:00", (9, 0)),
    ]
    found = grid(pl.concat(rows))
    assert found.group_by("track").len().sort("track").rows() == [(hull(A), 7), (hull(B), 10)]
    assert follows_on(found).tolist() == [False, *[True] * 6, False, *[True] * 9]


def test_the_grid_is_complete_an_hour_before_the_watermark() -> None:
    assert complete(utc("2026-01-01T12:00")) == utc("2026-01-01T11:00")


def stream() -> pl.DataFrame:
    """A dense ship, a sparse one, and one with silences of more than an hour."""
    broken = [
        heard(B, f"2026-01-01T0{h}:03", f"2026-01-01T0{h + 1}:33", lambda h: north(h, 8, (9, 0)), 45)
        for h in (0, 3, 6)
    ]
    return pl.concat([
        heard(A, "2026-01-01T00:00", "2026-01-01T09:00", lambda h: north(h, 7), 3),
        heard(A + 1, "2026-01-01T00:07", "2026-01-01T09:00", lambda h: north(h, 7, (5, 0)), 50),
        *broken,
    ])  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.integers(1, 9 * 3600).map(lambda s: utc("2026-01-01") + timedelta(seconds=s)),
        max_size=5,
        unique=True,
    )
)
def test_however_the_stream_is_cut_complete_rows_come_once_and_are_the_same(cuts: list[datetime]) -> None:
    fixes = follow(stream()).fixes
    whole = resample().run(fixes, None, LATER).rows
    complete_rows, keep, begin = [], None, utc("2025-12-31")
    last = utc("2025-12-31")
    for until in [*sorted(cuts), LATER]:
        batch = fixes.filter(pl.col("time") >= begin, pl.col("time") < until)
        found = resample().run(batch, keep, until)
        fresh = found.rows.filter(~pl.col("is_old"), pl.col("time") <= complete(until))
        assert fresh.filter(pl.col("time") <= last).is_empty()
        complete_rows.append(fresh)
        keep, begin, last = found.keep, until, complete(until)
    columns = [c for c in GRID if c not in ("is_old", "is_counted")]
    once = pl.concat(complete_rows).sort("track", "time").select(columns)
    assert_frame_equal(once, whole.select(columns), check_exact=True)


def test_where_hulls_lie_still_is_added_up_by_cells_of_under_300_m() -> None:
    rows = [
        # Seven full ten minutes at 5.123 E, 50.456 N; seven at half a knot and more are not lying.
        heard(A, "2026-01-01T00:00", "2026-01-01T01:00", (5.123, 50.456)),
        heard(B, "2026-01-01T00:05", "2026-01-01T01:05", lambda h: north(h, 0.6, (9, 0))),
    ]
    found = lying(grid(pl.concat(rows)), LATER)
    assert found.select("track", "lon", "lat").rows() == [(hull(A), 5.1225, 50.455)]
    assert found["hours"].to_list() == pytest.approx([7 / 6])


def test_only_what_is_complete_counts_as_lying() -> None:
    rows = heard(A, "2026-01-01T00:00", "2026-01-01T05:00", (5, 50))
    found = lying(grid(rows, utc("2026-01-01T05:01")), utc("2026-01-01T05:01"))
    # Up to 04:00, which is the last full ten minutes before 04:01.
    assert found["hours"].to_list() == pytest.approx([25 / 6])
