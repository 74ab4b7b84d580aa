"""Items written out by hand: what a file may say, and what it is told where it says otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clearwake.flow.casefiles import graded, items_in, marked
from clearwake.flow.caseitems import same_ship
from clearwake.flow.casework import finished
from clearwake.model import Item, LegalFact, Marking, NotFoundError, UnreadableFileError, UsageError, utc

OWN = Marking("JPN")


def read(tmp_path: Path, text: str) -> list[Item]:
    (tmp_path / "items.yml").write_text(text)
    return items_in(tmp_path / "items.yml", OWN)


TIMES = ("2018-02-13", "2018-02-13 00:00", "'2018-02-13T00:00:00Z'", "2018-02-13T09:00:00+09:00")


@pytest.mark.parametrize("start", TIMES)
def test_times_are_utc_however_they_are_written(tmp_path: Path, start: str) -> None:
    (item,) = read(tmp_path, f"{{kind: statement, sentence: x, start: {start}}}")
    assert item.start == utc("2018-02-13")
    assert item.marking == OWN


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {kind: statement}", "an item, with a kind and a sentence"),
        ("- {kind: statement, sentence: x, colour: red}", "fields colour"),
        ("- {kind: rumour, sentence: x}", "kind 'rumour'"),
        ("- {kind: statement, sentence: x, start: soon}", "start"),
        ("- {kind: statement, sentence: x, facts: [{kind: flog}]}", "kind 'flog'"),
        ("- {kind: statement, sentence: x, facts: [{kind: flag, value: PRK}]}", "no subject"),
        ("- [1, 2]", "an item"),
        ("- {kind: statement, sentence: x, grade: Z9}", "grade 'Z9'"),
        ("- {kind: statement, sentence: x, marking: {tlp: PINK}}", "TLP:PINK"),
        ("- {kind: statement, sentence: x, facts: [flag]}", "an item"),
        ("", "an item"),
        ("{{{", "YAML"),
        ("\x00", "YAML"),
    ],
)
def test_what_is_no_item_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UnreadableFileError, match=told):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        items_in(tmp_path / "none.yml", OWN)


def test_markings_are_read_in_the_usual_spellings_and_nothing_else() -> None:
    assert marked(OWN, tlp="amber+strict", releasable_to="USA, AUS,USA").tlp == "TLP:AMBER+STRICT"
    assert marked(OWN, tear_line_to="USA, AUS,USA").tear_line_to == ("USA", "AUS")
    for wrong in ({"tlp": "PINK"}, {"sensitivity": "very"}, {"colour": "red"}):
        with pytest.raises(UsageError):
            marked(OWN, **wrong)


def test_a_grade_is_a_letter_and_a_digit() -> None:
    assert graded("b2") == ("B", 2)
    for wrong in ("B", "B7", "G1", "B22", ""):
        with pytest.raises(UsageError):
            graded(wrong)


NAMELESS = Item("", "statement", "x", OWN, origin="An anonymous official", citation="c")


@pytest.mark.parametrize("low", [Item("", "media", "x", OWN, citation="c"), NAMELESS])
def test_media_and_nameless_sources_are_of_a_low_grade_and_need_a_citation(low: Item) -> None:
    made = finished(low)
    assert (made.reliability, made.credibility) == ("F", 3)
    with pytest.raises(UsageError, match="needs one"):
        finished(replace(low, citation=None))
    with pytest.raises(UsageError, match="at best"):
        finished(replace(low, reliability="B", credibility=2))
    assert finished(replace(low, reliability="E", credibility=5)).reliability == "E"


def test_a_ship_found_by_its_number_is_called_as_the_case_calls_it() -> None:
    facts = (LegalFact("1", "transfer", "mmsi:445123000", "met", object="mmsi:312000000"),)
    found = Item("", "event", "x", OWN, ships=("mmsi:445123000", "mmsi:312000000"), facts=facts)
    called = same_ship(found, {"mmsi:445123000": "imo:7389704"})
    assert called.ships == ("imo:7389704", "mmsi:312000000")
    assert (called.facts[0].subject, called.facts[0].object) == ("imo:7389704", "mmsi:312000000")
