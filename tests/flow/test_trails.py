"""Trails: fixes followed again are those the run followed, whatever is asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from clearwake.flow.trails import TRAIL, fixes

from .desks import Desk

HOURS = 60


def reports() -> str:
    """Two ships a thousand miles apart under one number, one ship with a bad position, one ordinary ship; 2.5 days."""
    rows = ["mmsi,time,lon,lat,speed_kn,course_deg,nav_status,station"]
    for half in range(2 * HOURS):
        day, hour, minute = 1 + half // 48, half % 48 // 2, half % 2 * 30
        at = f"2026-01-{day:02}T{hour:02}:{minute:02}"
        rows.append(f"211000001,{at}:00,{4 + half / 100},54,1.2,90,0,Borkum")
        rows.append(f"211000001,{at}:10,{-30 - half / 100},30,,,,")
        rows.append(f"211000002,{at}:20,{5 + half / 100},55,,,,")
        rows.append(f"211000003,{at}:30,{6 + half / 100},56,,,5,")
    rows.append("211000002,2026-01-01T20:10:00,60,-20,,,,")
    return "\n".join(rows)


@pytest.fixture
def fresh(tmp_path: Path) -> Desk:
    """A desk with nothing in it."""
    return Desk(tmp_path / "fresh")


@pytest.fixture
def desk(fresh: Desk) -> Desk:
    """A desk that has carried them."""
    one = fresh
    one.read_text(reports())
    one.run(steps="gap")
    return one


def per_track(rows: pl.DataFrame) -> dict[int, int]:
    """Count fixes by track."""
    return dict(rows.group_by("track").len().iter_rows())


def test_each_days_fixes_are_those_the_run_followed(desk: Desk) -> None:
    days = desk.stored("track_days")
    for day, rows in fixes(desk.store):
        assert rows.schema == TRAIL
        assert rows.equals(rows.sort("track", "time"))
        counted = days.filter(pl.col("start").dt.date() == day)
        assert per_track(rows) == dict(counted.select("track", "positions").iter_rows())


def test_a_later_day_asked_alone_has_the_same_tracks(desk: Desk) -> None:
    all_days = dict(fixes(desk.store))
    assert list(all_days) == [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)]
    for day, rows in all_days.items():
        ((got, alone),) = fixes(desk.store, day, day)
        assert (got, alone.to_dicts()) == (day, rows.to_dicts())
        ((_, shared),) = fixes(desk.store, day, day, mmsis=[211000001])
        assert shared.equals(rows.filter(pl.col("mmsi") == 211000001))
        assert shared["track"].n_unique() == 2


def test_what_was_reported_stands_beside_each_fix(desk: Desk) -> None:
    ((_, rows),) = fixes(desk.store, date(2026, 1, 2), date(2026, 1, 2))
    first = rows.filter(pl.col("mmsi") == 211000001, pl.col("lat") == 54).row(0, named=True)
    assert (first["course_deg"], first["nav_status"], first["station"]) == (90, 0, "Borkum")
    third = rows.filter(pl.col("mmsi") == 211000003).row(0, named=True)
    assert (third["course_deg"], third["nav_status"], third["station"]) == (None, 5, None)
    ((_, few),) = fixes(desk.store, date(2026, 1, 2), date(2026, 1, 2), reported=["station"])
    assert "course_deg" not in few.columns
    assert few["station"].null_count() == rows["station"].null_count()


def test_nothing_after_the_runs_end_is_given(fresh: Desk) -> None:
    one = fresh
    one.read_text(reports())
    assert list(fixes(one.store)) == [] or all(not rows.height for _, rows in fixes(one.store))
    one.run("2026-01-02T03:00", "gap")
    latest = max(rows["time"].max() for _, rows in fixes(one.store) if rows.height)  # type: ignore[type-var]
    assert str(latest).startswith("2026-01-02 02:30:30")
