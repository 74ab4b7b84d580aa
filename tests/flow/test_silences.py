"""Causes of silences on a desk: the same however the facts came, and made anew when they change."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from clearwake.flow.silences import explained, feed_health, reception_map
from clearwake.model import utc

from .desks import Desk

BEGIN = utc("2026-01-01T12:00")
HOURS = 30


def _rows(hush: tuple[int, datetime, datetime] | None = None, only: str = "") -> str:
    """Twelve ships behind each other for thirty hours across a midnight; one may be silent for a while."""
    told = ["mmsi,time,lon,lat" + (",speed_kn,course_deg,nav_status" if not only else "")]
    for ship in range(12):
        for tenth in range(HOURS * 6):
            moment = BEGIN + timedelta(minutes=10 * tenth, seconds=7 * ship)
            if hush is not None and ship == hush[0] and hush[1] < moment < hush[2]:
                continue
            row = f"{211000000 + ship},{moment:%Y-%m-%dT%H:%M:%S},{10 + 0.03 * tenth + 0.05 * ship:.4f},-30.0"
            told.append(row if only else f"{row},{10.4},90,0")
    return "\n".join(told)


def _days(text: str) -> list[str]:
    head, *rows = text.splitlines()
    days = sorted({row.split(",")[1][:10] for row in rows})
    return ["\n".join([head, *(row for row in rows if row.split(",")[1][:10] == day)]) for day in days]


HUSH = (5, BEGIN + timedelta(hours=8), BEGIN + timedelta(hours=16))


def _causes(desk: Desk) -> list[tuple[int, str]]:
    return list(explained(desk.store, "gaps").select("mmsi_a", "likely_cause").iter_rows())


def test_causes_do_not_depend_on_how_the_facts_came(tmp_path: Path) -> None:
    at_once, by_day = Desk(tmp_path / "a"), Desk(tmp_path / "b")
    at_once.read_text(_rows(HUSH), known_at="2026-02-01")
    at_once.run(steps="gap,silence")
    for part in reversed(_days(_rows(HUSH))):
        by_day.read_text(part, known_at="2026-02-01")
        by_day.run(steps="gap,silence")
        explained(by_day.store, "gaps")
    for table in ("gaps", "silences"):
        one, other = (explained(d.store, table).drop("version") for d in (at_once, by_day))
        assert one.equals(other)
    assert _causes(at_once) == [(211_000_005, "switched_off")]
    assert reception_map(at_once.store).equals(reception_map(by_day.store))


def test_later_facts_change_what_is_said(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a")
    head, *rows = _rows(HUSH).splitlines()
    own = [row for row in rows if row.startswith("211000005")]
    desk.read_text("\n".join([head, *own]))
    desk.run(steps="gap")
    assert _causes(desk) == [(211_000_005, "unknown")]
    desk.read_text("\n".join([head, *(row for row in rows if row not in own)]))
    desk.run(steps="gap")
    assert _causes(desk) == [(211_000_005, "switched_off")]


def _is_told_of_class_b(desk: Desk) -> bool:
    (reasons,) = explained(desk.store, "gaps")["cause_reasons"].to_list()
    return any("its transmitter is of class B" in reason for reason in reasons)


def test_the_class_of_a_transmitter_counts_however_late_it_is_said(tmp_path: Path) -> None:
    head, *rows = _rows(HUSH).splitlines()
    said = [f"{head},transceiver_class", *(f"{r},{'B' if r.startswith('211000005') else 'A'}" for r in rows)]
    at_once, later = Desk(tmp_path / "a"), Desk(tmp_path / "b")
    at_once.read_text("\n".join(said), known_at="2026-02-01")
    at_once.run(steps="gap")
    assert _is_told_of_class_b(at_once)
    later.read_text("\n".join([head, *rows[:-1]]), known_at="2026-02-01")
    later.run(steps="gap")
    assert not _is_told_of_class_b(later)
    first = next(row for row in said if row.startswith("211000005"))
    later.read_text("\n".join([said[0], first]), known_at="2026-02-01")
    later.run(steps="gap")
    assert _is_told_of_class_b(later)


def test_files_with_nothing_but_places_are_enough(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a")
    desk.read_text(_rows(HUSH, only="places"))
    desk.run(steps="gap")
    row = explained(desk.store, "gaps").row(0, named=True)
    assert row["likely_cause"] == "switched_off"
    assert row["nav_status_before"] is None
    assert 9.0 < row["speed_before_kn"] < 11.0
    assert row["satellite_before"] is None


def test_a_feed_that_ends_makes_nobody_silent_and_nothing_down(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a")
    desk.read_text(_rows())
    desk.run(steps="gap,silence")
    assert explained(desk.store, "silences").is_empty()
    health = feed_health(desk.store)
    assert health.select("scope", "state").rows() == [("feed", "up")]
    assert health["end"].to_list() == [None]


def test_an_empty_desk_has_empty_tables(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a")
    assert explained(desk.store, "gaps").is_empty()
    assert feed_health(desk.store).is_empty()
    assert reception_map(desk.store).is_empty()
    assert "likely_cause" in explained(desk.store, "gaps").columns


def test_a_whole_feed_that_fails_is_told_and_accuses_nobody(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a")
    head, *rows = _rows().splitlines()
    silent = (BEGIN + timedelta(hours=9), BEGIN + timedelta(hours=16))
    kept = [row for row in rows if not silent[0] <= utc(row.split(",")[1]) <= silent[1]]
    desk.read_text("\n".join([head, *kept]))
    desk.run(steps="gap")
    assert {cause for _, cause in _causes(desk)} == {"feed_outage"}
    down = feed_health(desk.store).filter(pl.col("state") == "down")
    assert set(down["scope"]) == {"feed"}
    (whole,) = down.filter(pl.col("feed").is_null()).iter_rows(named=True)
    assert whole["ships_silenced"] == 12
    assert abs(whole["start"] - silent[0]) < timedelta(minutes=20)
    assert abs(whole["end"] - silent[1]) < timedelta(minutes=20)
