"""Possible meetings from received bytes on: read, run, shown, kept, explained down to the line."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.whereabouts.unseen.seas import A, B, heard
from tests.whereabouts.unseen.test_possible_meetings import A_WAY, B_WAY, SILENT

import clearwake
from clearwake import sphere
from clearwake.desk import Desk


def as_csv(*ships: pl.DataFrame) -> str:
    """Write ships as a file with nothing but number, time and place."""
    rows = pl.concat(ships).sort("time", "track")
    lon, lat = sphere.lonlat(rows.select("x", "y", "z").to_numpy())
    return rows.select(
        mmsi=pl.col("track") // 10_000,
        time=pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        lon=pl.Series(lon).round(5),
        lat=pl.Series(lat).round(5),
    ).write_csv()


def read(folder: Path) -> Desk:
    """Read the two ships into a desk in a folder and run it."""
    (folder / "a.csv").write_text(as_csv(heard(A, A_WAY, SILENT), heard(B, B_WAY)))
    opened = clearwake.open(folder / "desk")
    opened.read("table", folder / "a.csv")
    opened.run(steps="silence,encounter,loitering")
    return opened


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return read(tmp_path_factory.mktemp("unseen"))


def test_a_file_of_numbers_times_and_places_is_enough_and_the_evidence_leads_to_its_lines(desk: Desk) -> None:
    found = desk.show("possible_meetings")
    met = found.row(0, named=True)
    assert (met["kind"], met["mmsi_a"], met["mmsi_b"]) == ("one_silent", A, B)
    told = desk.explain(met["id"])
    kinds = {child.id.partition(":")[0] for child in told.children}
    assert kinds == {"silence", "loitering"}
    silence = next(child for child in told.children if child.id.startswith("silence"))
    assert {child.id.partition(":")[0] for child in silence.children} == {"position"}
    assert silence.children[0].children[0].id.startswith("receipt:")


def test_it_is_kept_until_more_is_heard(tmp_path: Path) -> None:
    desk = read(tmp_path)
    first = desk.show("possible_meetings")
    assert desk.show("possible_meetings").equals(first)
    # The ship that was silent was heard after all, sailing past.
    (tmp_path / "b.csv").write_text(as_csv(heard(A, A_WAY)))
    desk.read("table", tmp_path / "b.csv")
    desk.run(steps="silence,encounter,loitering")
    assert desk.show("possible_meetings").is_empty()


def test_both_ships_are_told_of_it_in_the_ranking(desk: Desk) -> None:
    reasons = desk.show("indicators").filter(pl.col("kind") == "perhaps_met_unseen")
    assert reasons["mmsi"].to_list() == [A, B]


def test_a_desk_without_positions_has_none(tmp_path: Path) -> None:
    with clearwake.open(tmp_path / "desk") as desk:
        assert desk.show("possible_meetings").is_empty()


def test_how_the_positions_were_cut_into_files_and_runs_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    header, *lines = as_csv(heard(A, A_WAY, SILENT), heard(B, B_WAY)).splitlines()
    with clearwake.open(tmp_path / "desk") as other:
        for name, part in (("late", lines[90:]), ("early", lines[:90])):
            (tmp_path / f"{name}.csv").write_text("\n".join([header, *part]) + "\n")
            other.read("table", tmp_path / f"{name}.csv")
            other.run(steps="silence,encounter,loitering")
        shown = other.show("possible_meetings").drop("known_at")
    assert shown.equals(desk.show("possible_meetings").drop("known_at"))


def test_a_sighting_where_nobody_was_heard_is_asked_which_silent_ship_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(as_csv(heard(A, A_WAY, SILENT)))
    (tmp_path / "seen.csv").write_text(
        "time,lon,lat,error_m,seen\n2026-01-10T12:00:00Z,62.0,15.0,1000,a tanker\n"
    )
    with clearwake.open(tmp_path / "desk") as desk:
        desk.read("table", tmp_path / "a.csv")
        desk.read("sightings", tmp_path / "seen.csv")
        desk.run(steps="silence,encounter,loitering")
        assert desk.show("sightings")["status"].to_list() == ["unsearched"]
        found = desk.show("possible_meetings").filter(pl.col("kind") == "sighting")
        assert found["mmsi_a"].to_list() == [A]
