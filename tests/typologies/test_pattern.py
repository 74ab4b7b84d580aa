"""The pattern language: files that follow it are read, files that do not are refused with where and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from clearwake.model import UnreadableFileError
from clearwake.typologies import read_typology, typologies, typologies_of

GOOD = """
id: example
title: Two ships met
about: An example.
published: [Nobody, 2020-01-01]
in_force: {from: 2019-01-01, to: 2020-12-31}
roles: [one, other]
listed_from: 1
elements:
  - name: met
    says: "{one} met {other}"
    needed: anchor
    any:
      - {table: encounters, ships: [one, other], where: {label: [standard], duration_h: {at_least: 4}}}
  - name: tanker
    says: "{one} is a tanker"
    needed: yes
    fact: {ship: one, type: tanker}
against: [ships meet]
"""


def test_a_file_that_follows_the_language_is_read() -> None:
    read = read_typology(GOOD.replace("[Nobody, 2020-01-01]", '["Nobody, 2020-01-01"]'), "example.yml")
    assert (read.id, read.since, read.until) == ("example", date(2019, 1, 1), date(2020, 12, 31))
    assert [(e.name, e.needed) for e in read.elements] == [("met", "anchor"), ("tanker", "yes")]
    assert read.anchor.sources[0].where == (("label", "one_of", ["standard"]), ("duration_h", "at_least", 4))
    assert read.elements[1].fact == ("one", "type", "tanker")


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("table: encounters", "table: encounter", "table: one of"),
        ("label: [standard]", "labels: [standard]", "a column of encounters"),
        ("at_least", "more_than", "a test: not, at_least"),
        ("ships: [one, other]", "ships: [one, third]", "roles: one, other"),
        ("needed: anchor", "needed: sometimes", "needed: anchor, always"),
        ("needed: anchor", "needed: yes", "one anchor"),
        ("type: tanker", "type: oil_tanker", "a value for type"),
        ("fact: {ship: one, type: tanker}", "facts: {ship: one}", "no other fields than"),
        ("listed_from: 1", "listed_from: 3", "listed_from: 1 to 2"),
        ("from: 2019-01-01, ", "", "a field from"),
        ("to: 2020-12-31", "to: 2018-12-31", "to not before from"),
        ("id: example", "id: sample", "the file's name without .yml or .yaml"),
        ("from: 2019-01-01", "from: 2019-02-30", "in_force, from"),
        ("from: 2019-01-01", "from: 2019-02-30", "a day of the calendar, year-month-day"),
        ("to: 2020-12-31", "to: next year", "in_force, to"),
        ("fact: {ship: one, type: tanker}", "any: []\n    after: later", "after: an element above"),
        ("roles: [one, other]", "roles: [one, other", "YAML"),
    ],
)
def test_a_file_that_does_not_is_refused_with_what_was_wrong_and_what_is_allowed(
    was: str, now: str, says: str
) -> None:
    assert was in GOOD
    text = GOOD.replace("[Nobody, 2020-01-01]", '["Nobody, 2020-01-01"]').replace(was, now)
    with pytest.raises(UnreadableFileError) as refused:
        read_typology(text, "example.yml")
    assert says in str(refused.value)
    assert "example.yml" in str(refused.value)
    assert "docs/typologies.md" in str(refused.value)


def test_every_published_typology_that_comes_along_is_read_dated_and_sourced() -> None:
    ids = [each.id for each in typologies()]
    assert ids == [
        "coal_by_dark_feeder", "direct_delivery", "false_destination", "feeder", "multi_stage", "oil_in_dry_cargo_ship",
        "transfer_with_dprk_tanker",
    ]  # fmt: skip
    assert all(each.published and each.against and each.about for each in typologies())
    assert all(each.since >= date(2017, 8, 5) for each in typologies())


def test_every_sentence_names_roles_that_there_are() -> None:
    for each in typologies():
        for element in each.elements:
            assert element.says.format_map({role: role for role in each.roles})


NAMED = GOOD.replace("[Nobody, 2020-01-01]", '["Nobody, 2020-01-01"]')


def test_a_folder_adds_its_files_with_either_ending_to_those_that_come_along(tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(NAMED)
    (tmp_path / "other.yml").write_text(NAMED.replace("id: example", "id: other"))
    (tmp_path / "notes.txt").write_text("no typology")
    own = typologies_of(tmp_path)[len(typologies()) :]
    assert [each.id for each in own] == ["example", "other"]
    assert typologies_of(tmp_path / "absent") == typologies()


def test_two_typologies_of_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "feeder.yaml").write_text(NAMED.replace("id: example", "id: feeder"))
    with pytest.raises(UnreadableFileError, match="two typologies called 'feeder'"):
        typologies_of(tmp_path)
