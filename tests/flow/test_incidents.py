"""The published incidents as cases of a desk, held against the law and weighed as anybody's case is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from clearwake.cli.app import app
from clearwake.desk import Desk
from clearwake.flow.casework import CaseMovedError, decide
from clearwake.flow.incidents import OPENED_BY, incidents, items_of, open_incidents, read_incident, read_ships
from clearwake.model import Designation, UnreadableFileError, UsageError
from clearwake.model.identifiers import imo_check_digit_holds
from clearwake.seal import parsed


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with the cases of all published incidents."""
    with Desk(tmp_path_factory.mktemp("incidents") / "desk") as opened:
        open_incidents(opened.store)
        yield opened


def test_every_case_is_named_by_the_day_of_the_act_and_its_first_ship(desk: Desk) -> None:
    assert desk.cases.all()["id"].to_list() == [
        "2017-10-19-lighthouse-winmore", "2018-01-20-rye-song-gang-1", "2018-02-13-rye-song-gang-1",
        "2018-02-16-yu-jong-2", "2018-02-24-chon-ma-san", "2018-05-19-ji-song-6", "2018-06-21-yu-phyong-5",
        "2018-06-29-an-san-1", "2018-07-31-nam-san-8", "2019-01-18-an-san-1", "2019-03-02-saebyol",
        "2019-12-16-nam-san-8",
    ]  # fmt: skip


def test_opening_them_again_adds_nothing(desk: Desk) -> None:
    before = desk.cases.all()
    open_incidents(desk.store)
    assert desk.cases.all().equals(before)


def test_the_check_digits_of_all_numbers_hold() -> None:
    numbers = {ship.imo for each in incidents() for ship in each.ships if ship.imo}
    assert len(numbers) == 11
    assert all(imo_check_digit_holds(number) for number in numbers)


def test_every_item_is_open_to_all_and_says_who_published_it(desk: Desk) -> None:
    for incident in incidents():
        for item in desk.cases.case(incident.id).items:
            assert item.marking.tlp == "TLP:CLEAR"
            assert item.citation
            assert item.origin
            assert item.reliability


def test_a_listing_carries_the_entry_that_screening_reads() -> None:
    listings = [item for item in items_of(incidents()[1]) if item.rows]
    entry = parsed(str(listings[0].rows), Designation)
    assert (entry.list, entry.imo, entry.name, entry.status) == ("un", "7389704", "RYE SONG GANG 1", "listed")


def test_two_desks_never_give_an_item_the_same_id() -> None:
    assert not {each.id for each in items_of(incidents()[0])} & {each.id for each in items_of(incidents()[0])}


def test_elements_are_asked_of_the_day_of_the_act_and_of_another_day(desk: Desk) -> None:
    case = "2018-01-20-rye-song-gang-1"
    own, early = desk.elements(case), desk.elements(case, date(2017, 9, 10))
    assert own.day == date(2018, 1, 20)
    assert {"unscr-2375-11", "unscr-2397-5", "unscr-2397-9"} <= set(own.rows["provision"])
    assert not {"unscr-2375-11", "unscr-2397-5", "unscr-2397-9"} & set(early.rows["provision"])


def test_the_evidence_of_elements_is_items_of_the_case(desk: Desk) -> None:
    case = "2018-01-20-rye-song-gang-1"
    named = set(desk.elements(case).rows["evidence"].explode(empty_as_null=False))
    assert named <= {each.id for each in desk.cases.case(case).items}


def test_options_are_those_of_the_zone_and_of_one_ship_if_asked(desk: Desk) -> None:
    rows = desk.options("2018-01-20-rye-song-gang-1", ship="imo:9030591").rows
    assert set(rows["ship"]) == {"imo:9030591"}
    assert "no UN authority to stop or board without the flag State's consent" in rows["option"].to_list()
    assert not rows.filter(stands="open")["option"].str.contains("(?i)seiz|impound").any()
    with pytest.raises(UsageError, match=r"no fact of .* speaks of 'imo:1'"):
        desk.options("2018-01-20-rye-song-gang-1", ship="imo:1")


def test_a_case_of_which_nothing_is_known_has_options_whose_conditions_are_not_shown(tmp_path: Path) -> None:
    with Desk(tmp_path) as empty:
        case = empty.cases.open(title="Something at sea", by=OPENED_BY)
        with pytest.raises(UsageError, match="has no day"):
            empty.elements(case.id)
        rows = empty.options(case.id, date(2018, 3, 1)).rows
        assert rows.height
        assert rows.filter(stands="open", option="inspect with the flag State's consent").is_empty()
        assert empty.elements(case.id, date(2018, 3, 1)).rows.is_empty()


def test_every_case_is_weighed_with_all_its_rivals(desk: Desk) -> None:
    rows = desk.show("assessments")
    assert rows.group_by("case").len()["len"].unique().to_list() == [9]
    claims = rows.filter(explanation="breach")
    assert (claims["low"] < claims["share"]).all()
    assert claims["settles"].null_count() == 0


def test_the_ship_that_was_held_has_a_clock_and_was_held_before_the_paragraph(desk: Desk) -> None:
    told = json.dumps(desk.cases.told("2017-10-19-lighthouse-winmore", date(2019, 8, 1)), default=str)
    assert "before UNSCR 2397" in told
    assert "2018-05-30" in told


def test_the_commands_give_an_object_a_row(desk: Desk) -> None:
    def said(*words: str) -> list[dict[str, Any]]:
        done = CliRunner().invoke(app, [*words, "--desk", str(desk.folder), "--format", "json"])
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    case = "2018-02-13-rye-song-gang-1"
    assert {"provision", "element", "status", "evidence", "would_settle"} <= set(said("elements", case)[0])
    assert {"option", "provision", "zone", "conditions", "who"} <= set(said("options", case)[0])
    assert {"explanation", "share", "low", "high", "word", "settles"} <= set(said("assess", case)[0])


def test_on_a_terminal_a_case_is_told_by_provision_and_ends_in_what_it_is_not(desk: Desk) -> None:
    words = ["--desk", str(desk.folder), "--format", "table"]
    case = "2018-02-13-rye-song-gang-1"
    for command, expected in (
        ("elements", "unscr-2375-11"),
        ("options", "imo:8791667"),
        ("assess", "almost no chance"),
    ):
        told = CliRunner().invoke(app, [command, case, *words]).output
        assert expected in told
        assert "for people to judge" in told


def test_a_case_its_items_and_its_decisions_are_explained(desk: Desk) -> None:
    case = desk.explain("2018-01-20-rye-song-gang-1")
    assert len(case.children) == 7
    item = next(each for each in case.children if "lay alongside each other" in each.title)
    assert "clearwake demo (DEMO)" in str(item.details["added_by"])
    decision = desk.show("decisions").filter(act="detain").row(0, named=True)
    assert "held in November 2017 as published" in desk.explain(decision["id"]).title


def test_somebody_who_saw_an_older_version_is_told(desk: Desk) -> None:
    with pytest.raises(CaseMovedError, match="you saw version 1"):
        decide(desk.store, "2019-03-02-saebyol", "note", OPENED_BY, why="late", seen=1)


@pytest.mark.parametrize(
    ("old", "new"), [("title:", "name:"), ("kind: document", "sort: document"), ("[a-ship]", "[b-ship]")]
)
def test_a_file_that_does_not_follow_its_form_is_refused(old: str, new: str) -> None:
    ships = read_ships("a-ship: {id: 'imo:7389704', name: A SHIP}", "ships.yml")
    text = """
title: A ship
day: 2018-01-01
published_by: Japan
originator: JPN
ships: [a-ship]
items:
  first: {kind: document, sentence: seen, grade: B2}
"""
    assert read_incident(text, "2018-01-01-a-ship.yml", ships).id == "2018-01-01-a-ship"
    with pytest.raises(UnreadableFileError, match="2018-01-01-a-ship"):
        read_incident(text.replace(old, new), "2018-01-01-a-ship.yml", ships)


def test_no_machine_path_is_needed_to_read_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    incidents.cache_clear()
    assert len(incidents()) == 12
