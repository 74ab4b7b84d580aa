"""What the commands on cases say when they are done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clearwake.cli.casereports import changed, strange_parties
from clearwake.cli.forms import Format
from clearwake.model import Case, Decision, Marking, utc

OWN = Marking("JPN", "TLP:AMBER")


def noted(*parties: str) -> Decision:
    marking = replace(OWN, releasable_to=parties)
    return Decision("decision:1", "note", "Sato", "analyst", "JPN", "so", utc("2018-02-13"), marking)


def case(*decisions: Decision) -> Case:
    return Case("2018-02-13-alpha", "Alpha", "reported", len(decisions), None, decisions=decisions)


@pytest.mark.parametrize(
    ("before", "now", "strange"),
    [
        ((), ("Japan", "AUS", "kor"), [("Japan", "JPN")]),
        ((), ("public",), []),
        (("Japan",), ("japan", "KOR"), []),
        (("AUS",), ("Maritime Cell",), [("Maritime Cell", "")]),
    ],
)
def test_parties_that_are_no_codes_and_were_not_named_before_are_strange(
    before: tuple[str, ...], now: tuple[str, ...], strange: list[tuple[str, str]]
) -> None:
    assert strange_parties(case(noted(*before), noted(*now))) == strange


def test_a_strange_party_is_warned_of_with_the_code_it_may_mean(capsys: pytest.CaptureFixture[str]) -> None:
    changed(case(noted(), noted("Japan")), Format.JSON)
    assert capsys.readouterr().err == (
        "! 'Japan' is neither a three-letter code nor a party of this case before: parties are told apart by their "
        "names alone\n  next: use JPN, if that is meant\n"
    )
