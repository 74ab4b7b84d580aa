"""Identity events of a desk: shown, explained down to the bytes, and told in the ranking."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import clearwake
from clearwake.detect.identity import IDENTITY
from clearwake.flow.explain import Explanation

REPORTS = """mmsi,time,lon,lat,name,imo,callsign
351000001,2026-01-01T00:00,3.0,54.0,OLD NAME,9074729,3ABC1
351000001,2026-01-01T01:00,3.1,54.0,OLD NAME,9074729,3ABC1
351000001,2026-01-01T02:00,3.2,54.0,OLD NAME,9074729,3ABC1
351000001,2026-01-01T05:00,3.3,54.0,NEW NAME,9074729,3ABC1
351000001,2026-01-01T06:00,3.4,54.0,NEW NAME,9074729,3ABC1
273000002,2026-01-01T00:00,-30,14.0,DELTA,9074729,UABD
273000002,2026-01-01T01:00,-30,14.1,DELTA,9074729,UABD
273000002,2026-01-01T02:00,-30,14.2,DELTA,9074729,UABD
"""


@pytest.fixture
def desk(tmp_path: Path) -> clearwake.Desk:
    """A desk that has read and run a few reports."""
    (tmp_path / "reports.csv").write_text(REPORTS)
    opened = clearwake.open(tmp_path / "desk")
    opened.read("table", tmp_path / "reports.csv", known_at="time+1h")
    opened.run()
    return opened


def lines(explained: Explanation) -> set[str]:
    """Give the received lines an explanation ends in."""
    text = explained.details.get("text")
    return {str(text)} if text else {line for child in explained.children for line in lines(child)}


def test_identity_events_are_shown_explained_and_ranked(desk: clearwake.Desk) -> None:
    with desk:
        (change,) = desk.show("identity_changes").iter_rows(named=True)
        assert (change["old"], change["new"], change["where"], change["silent_min"]) == (
            "OLD NAME", "NEW NAME", "at sea", 180.0,
        )  # fmt: skip
        assert change["track_a"] == 3510000010001
        assert lines(desk.explain(change["id"])) == {REPORTS.splitlines()[3], REPORTS.splitlines()[4]}
        (twice,) = desk.show("shared_imos").iter_rows(named=True)
        assert (twice["mmsi_a"], twice["mmsi_b"]) == (273000002, 351000001)
        assert REPORTS.splitlines()[6] in lines(desk.explain(twice["id"]))
        ranked = {row["mmsi"]: row["sentences"] for row in desk.rank().iter_rows(named=True)}
        assert any("name changed from OLD NAME to NEW NAME" in said for said in ranked[351000001])
        assert any("is claimed by 351000001 too" in said for said in ranked[273000002])


DENIALS = """imo,flag,status,valid_from
9074729,Panama,denied,2025-06-01
"""


def test_a_denial_given_as_a_register_is_found_and_explained_down_to_its_line(
    desk: clearwake.Desk, tmp_path: Path
) -> None:
    (tmp_path / "denials.csv").write_text(DENIALS)
    with desk:
        desk.read("registry", tmp_path / "denials.csv")
        (fault,) = desk.show("flag_faults").iter_rows(named=True)
        assert (fault["fault"], fault["mmsi_a"], fault["flag"]) == ("denied", 351000001, "PAN")
        assert lines(desk.explain(fault["id"])) == {REPORTS.splitlines()[1], DENIALS.splitlines()[1]}


def test_every_kind_of_identity_event_is_a_table_of_its_record(desk: clearwake.Desk) -> None:
    with desk:
        for kind in IDENTITY:
            assert kind.table in desk.tables()
            assert "evidence" in desk.show(kind.table).columns


def test_on_a_day_what_had_begun_by_then_is_shown(desk: clearwake.Desk) -> None:
    with desk:
        for kind in IDENTITY:
            assert desk.show(kind.table, on=date(2025, 12, 31)).is_empty()
            assert desk.show(kind.table, on=date(2026, 1, 1)).equals(desk.show(kind.table))


def test_what_was_not_yet_known_is_not_found(desk: clearwake.Desk) -> None:
    with desk:
        before = desk.show("identity_changes", as_of=clearwake.model.utc("2026-01-01T05:30"))
        assert before.is_empty()
        assert desk.show("identity_changes").filter(pl.col("known_at").is_not_null()).height == 1


def test_every_kind_of_identity_event_has_a_page_that_names_its_rules_and_its_limits() -> None:
    pages = Path(__file__).resolve().parents[2] / "docs" / "detectors"
    for kind in IDENTITY:
        page = (pages / f"{kind.name}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {kind.name}: ")
        assert f"clearwake show {kind.table}" in page
        assert "Source" in page
        assert "## What can mislead" in page
