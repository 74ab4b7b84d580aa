"""The files of the law follow their schema, and one that does not is refused with where and what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import yaml

from clearwake.model import NotFoundError, UnreadableFileError
from clearwake.statutes import (
    elements,
    goods_words,
    identifier,
    institutions,
    instrument_texts,
    provision,
    provisions,
    read_instrument,
    vocabulary,
)
from clearwake.statutes.shown import read_elements

VALID: dict[str, Any] = {
    "instrument": "UNSCR 9999", "title": "t", "adopted": date(2020, 1, 1), "source": "s", "binds": "all",
    "provisions": [
        {"paragraph": "1", "verb": "decides", "from": date(2020, 1, 1), "kind": "prohibition", "elements": ["transfer"],
         "summary": "s"},
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, _ in instrument_texts()])
def test_every_file_of_provisions_is_read(name: str) -> None:
    assert read_instrument(dict(instrument_texts())[name], name)


def test_a_file_that_follows_the_schema_is_read() -> None:
    (read,) = read_instrument(yaml.safe_dump(VALID), "x.yml")
    days = [read.in_force(date(2019, 12, 31)), read.in_force(date(2020, 1, 1))]
    assert (read.id, read.reference, read.opens, days) == (
        "unscr-9999-1", "UNSCR 9999 ¶1", ("transfer",), [False, True]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"colour": "red"}, "colour"),
        ({"verb": "urges"}, "urges"),
        ({"kind": "mood"}, "mood"),
        ({"elements": ["guilt"]}, "guilt"),
        ({"elements": []}, "one element"),
        ({"opens": ["guilt"]}, "guilt"),
        ({"from": "soon"}, "soon"),
        ({"to": date(2019, 1, 1)}, "not before from"),
        ({"superseded_by": "UNSCR 1 ¶1"}, "a day to"),
        ({"headings": ["27"]}, "a rule"),
        ({"actions": [{"day": date(2020, 1, 1)}]}, "by, named"),
        ({"summary": None, "binds": 1, "paragraph": "2", "from": None}, "days such as"),
    ],
)
def test_a_provision_that_does_not_follow_the_schema_is_refused(
    change: dict[str, Any], complaint: str
) -> None:
    wrong = {**VALID, "provisions": [{**VALID["provisions"][0], **change}]}
    with pytest.raises(UnreadableFileError, match=complaint):
        read_instrument(yaml.safe_dump(wrong), "x.yml")


@pytest.mark.parametrize("field", ["paragraph", "verb", "from", "kind", "elements", "summary"])
def test_a_field_that_is_missing_is_named(field: str) -> None:
    wrong = {**VALID, "provisions": [{k: v for k, v in VALID["provisions"][0].items() if k != field}]}
    with pytest.raises(UnreadableFileError, match=field):
        read_instrument(yaml.safe_dump(wrong), "x.yml")


@pytest.mark.parametrize(
    "change", [{"colour": "red"}, {"adopted": "soon"}, {"instrument": "Law 1"}, {"provisions": 1}]
)
def test_a_head_that_does_not_follow_the_schema_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(UnreadableFileError):
        read_instrument(yaml.safe_dump({**VALID, **change}), "x.yml")


@pytest.mark.parametrize("text", ["a: [", "- 1", "title: t"])
def test_what_is_no_file_of_provisions_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFileError):
        read_instrument(text, "x.yml")


def _element(test: object) -> dict[str, Any]:
    return {"one": {"says": "s", "settle": "t", "test": test}}


@pytest.mark.parametrize(
    "test",
    [
        {"fact": "flag", "of": "ship", "is": ["PRK"]},
        {"any": [{"not": {"fact": "exemption", "under": "this"}}, {"goods": "covered"}]},
        {
            "all": [
                {"only_if_shown": {"element": "one"}},
                {"indicates": {"fact": "coast_nm", "of": "ship", "at_most": 12}},
            ]
        },
    ],
)
def test_tests_of_elements_that_use_known_words_are_read(test: dict[str, Any]) -> None:
    assert read_elements(_element(test), "x.yml")["one"].test == test


@pytest.mark.parametrize(
    "test",
    [
        {}, "flag", {"some": []}, {"any": []}, {"any": {"fact": "flag"}}, {"element": "two"}, {"goods": "all"},
        {"fact": "mood"}, {"fact": "flag", "is": ["PRK"]}, {"fact": "flag", "of": "captain"},
        {"fact": "delivered", "of": "ship"}, {"fact": "flag", "of": "ship", "is": "PRK"},
        {"fact": "zone", "of": "ship", "is": ["sea"]}, {"fact": "flag", "of": "ship", "above": 1},
        {"fact": "exemption", "under": "that"}, {"fact": "flag", "of": "ship", "colour": 1},
        {"any": [{"goods": "covered"}], "all": [{"goods": "covered"}]},
    ],
)  # fmt: skip
def test_tests_of_elements_that_use_other_words_are_refused(test: object) -> None:
    with pytest.raises(UnreadableFileError):
        read_elements(_element(test), "x.yml")


def _kinds(test: Any) -> Iterator[str]:
    if isinstance(test, list):
        for each in test:
            yield from _kinds(each)
    elif isinstance(test, dict):
        if "fact" in test:
            yield test["fact"]
        yield from (kind for each in test.values() for kind in _kinds(each))


def test_every_kind_of_fact_and_every_element_is_used() -> None:
    used = {kind for each in elements().values() for kind in _kinds(each.test)} | {"goods"}
    assert set(vocabulary()) - used == set()
    named = {name for each in provisions() for name in (*each.elements, *each.opens)}
    inner = {each.test["element"] for each in elements().values() if "element" in each.test}
    assert set(elements()) - named - inner <= {
        "consent_not_answered",
        "registered_elsewhere",
        "in_port",
        "dprk_owned",
    }


def test_goods_words_stand_for_headings_of_the_harmonized_system() -> None:
    for codes in goods_words().values():
        assert all(each.isdigit() and len(each) in (2, 4, 6) for each in codes)
    called = {word for each in provisions() for word in each.called}
    assert called <= set(goods_words())


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("UNSCR 2375 ¶11", "unscr-2375-11"), ("UNSCR 1718 ¶8(a)(i)", "unscr-1718-8a-i"), ("EO 13810 §2", "eo-13810-2"),
        ("UNCLOS Art. 110", "unclos-110"), ("unscr-2397-9", "unscr-2397-9"), ("UNSCR 1718 ¶8(d)", "unscr-1718-8d"),
    ],
)  # fmt: skip
def test_a_reference_and_an_id_name_the_same(reference: str, expected: str) -> None:
    assert identifier(reference) == expected
    assert provision(reference).id == expected


def test_every_provision_is_found_by_how_it_is_cited() -> None:
    assert [provision(each.reference).id for each in provisions()] == [each.id for each in provisions()]


def test_a_paragraph_that_is_not_here_is_named_with_its_neighbours() -> None:
    with pytest.raises(NotFoundError, match="unscr-2375-11"):
        provision("unscr-2375-99")


def test_summaries_begin_with_the_verb_of_their_text() -> None:
    first_words = {
        "decides": ("Decides", "Calls upon all States to cooperate", "Calls upon flag States to cooperate"),
        "calls upon": ("Calls upon",),
        "requires": ("Requires", "Inspections are made only"),
    }
    wrong = [
        each.id
        for each in provisions()
        if not each.summary.startswith(first_words.get(each.binding, each.binding.capitalize()))
    ]
    assert wrong == []


def test_institutions_have_their_days() -> None:
    def at_work(day: str) -> set[str]:
        return {each.id for each in institutions() if each.active(date.fromisoformat(day))}

    assert at_work("2018-02-13") == {"1718-committee", "1718-panel", "ecc-psmx"}
    assert at_work("2024-04-30") - at_work("2024-05-01") == {"1718-panel"}
    assert at_work("2024-10-16") - at_work("2024-10-15") == {"msmt"}
    assert at_work("2006-10-13") == set()


def test_the_action_of_august_2018_is_a_fact_under_its_order_and_no_provision() -> None:
    (action,) = provision("eo-13810-1").actions
    assert (str(action.day), action.tag, len(action.named)) == ("2018-08-21", "DPRK4", 8)
    day = date(2018, 8, 21)
    before = {each.id for each in provisions() if each.in_force(day - timedelta(days=1))}
    assert {each.id for each in provisions() if each.in_force(day)} == before
