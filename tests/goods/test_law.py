"""The provisions: their schema, their dates, and an act judged by the law of its day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
import yaml
from tests.goods.papers import COAL, found, kinds, sentence, shipment, verdicts

from clearwake.goods.law import Provision, provisions, read_instrument

BY_REFERENCE = {each.reference: each for each in provisions()}

TO: dict[str, Any] = {"destination": "PRK"}
FROM: dict[str, Any] = {"origin": "PRK"}


def test_every_goods_row_of_the_law_is_there_with_its_date() -> None:
    wanted = {
        "UNSCR 1718 ¶8(a)(i)": "2006-10-14", "UNSCR 1718 ¶8(a)(iii)": "2006-10-14", "UNSCR 2321 ¶30": "2016-11-30",
        "UNSCR 2371 ¶8": "2017-08-05", "UNSCR 2371 ¶9": "2017-08-05", "UNSCR 2371 ¶10": "2017-08-05",
        "UNSCR 2375 ¶13": "2017-09-11", "UNSCR 2375 ¶14": "2017-09-11", "UNSCR 2375 ¶15": "2017-09-11",
        "UNSCR 2375 ¶16": "2017-09-11", "UNSCR 2397 ¶4": "2017-12-22", "UNSCR 2397 ¶5": "2018-01-01",
        "UNSCR 2397 ¶6": "2017-12-22", "UNSCR 2397 ¶7": "2017-12-22", "UNSCR 2397 ¶14": "2017-12-22",
        "UNSCR 2397 ¶16": "2017-12-22", "UNSCR 2397 ¶25": "2017-12-22",
    }  # fmt: skip
    assert {each: str(BY_REFERENCE[each].since) for each in wanted} == wanted


def test_a_superseded_paragraph_ends_the_day_before_its_successor_begins() -> None:
    ended = [each for each in provisions() if each.superseded_by]
    assert {each.reference for each in ended} == {
        "UNSCR 1874 ¶10", "UNSCR 2270 ¶29", "UNSCR 2321 ¶26", "UNSCR 2375 ¶14", "UNSCR 2375 ¶15"
    }  # fmt: skip
    for each in ended:
        assert each.until is not None
        assert BY_REFERENCE[str(each.superseded_by)].since == each.until + timedelta(days=1), each.reference


def test_the_chapters_of_resolution_2397_are_those_it_names() -> None:
    assert BY_REFERENCE["UNSCR 2397 ¶6"].headings == ("07", "08", "12", "25", "44", "84", "85", "89")
    chapters = {str(chapter) for chapter in range(72, 84)} - {"77"} | {"84", "85", "86", "87", "88", "89"}
    assert set(BY_REFERENCE["UNSCR 2397 ¶7"].headings) == chapters
    assert set(BY_REFERENCE["UNSCR 2375 ¶16"].headings) == {str(chapter) for chapter in range(50, 64)}


def _in_force(provision: Provision, day: str) -> bool:
    return provision.in_force(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "goods", "expected"),
    [
        # Refined products: the first cap to the end of 2017, the second from 2018.
        ("2017-09-10", {"hs_code": "271019", **TO}, {("no_provision", None)}),
        ("2017-09-11", {"hs_code": "271019", **TO}, {("capped_goods", "UNSCR 2375 ¶14")}),
        ("2017-09-30", {"hs_code": "271019", **TO}, {("capped_goods", "UNSCR 2375 ¶14")}),
        ("2017-10-01", {"hs_code": "271019", **TO}, {("needs_notification", "UNSCR 2375 ¶14")}),
        ("2017-12-31", {"hs_code": "271019", **TO}, {("needs_notification", "UNSCR 2375 ¶14")}),
        ("2018-01-01", {"hs_code": "271019", **TO}, {("needs_notification", "UNSCR 2397 ¶5")}),
        # Crude oil: frozen until 21 December 2017, then capped and reported.
        ("2017-12-21", {"hs_code": "2709", "description": "crude oil", **TO}, {("capped_goods", "UNSCR 2375 ¶15")}),
        ("2017-12-22", {"hs_code": "2709", "description": "crude", **TO}, {("needs_notification", "UNSCR 2397 ¶4")}),
        # Machinery to the DPRK and from it.
        ("2017-12-21", {"hs_code": "8429", **TO}, {("no_provision", None)}),
        ("2017-12-22", {"hs_code": "8429", **TO}, {("prohibited_goods", "UNSCR 2397 ¶7")}),
        ("2017-12-21", {"hs_code": "8429", **FROM}, {("no_provision", None)}),
        ("2018-01-21", {"hs_code": "8429", **FROM}, {("prohibited_goods", "UNSCR 2397 ¶6")}),
        ("2018-01-22", {"hs_code": "8429", **FROM}, {("prohibited_goods", "UNSCR 2397 ¶6")}),
        # Coal, iron, lead and seafood from the DPRK.
        ("2016-03-01", {"hs_code": "2701", **FROM}, {("no_provision", None)}),
        ("2016-03-02", {"hs_code": "2701", **FROM}, {("possibly_prohibited_goods", "UNSCR 2270 ¶29")}),
        ("2016-11-29", {"hs_code": "2701", **FROM}, {("possibly_prohibited_goods", "UNSCR 2270 ¶29")}),
        ("2016-11-30", {"hs_code": "2701", **FROM}, {("possibly_prohibited_goods", "UNSCR 2321 ¶26")}),
        ("2017-08-04", {"hs_code": "2701", **FROM}, {("possibly_prohibited_goods", "UNSCR 2321 ¶26")}),
        ("2017-08-05", {"hs_code": "2701", **FROM}, {("prohibited_goods", "UNSCR 2371 ¶8")}),
        ("2017-09-04", {"hs_code": "2601", **FROM}, {("prohibited_goods", "UNSCR 2371 ¶8")}),
        ("2017-09-05", {"hs_code": "2601", **FROM}, {("prohibited_goods", "UNSCR 2371 ¶8")}),
        ("2017-08-04", {"hs_code": "030743", **FROM}, {("no_provision", None)}),
        ("2017-09-05", {"hs_code": "030743", **FROM}, {("prohibited_goods", "UNSCR 2371 ¶9")}),
        ("2017-09-05", {"hs_code": "7801", **FROM}, {("prohibited_goods", "UNSCR 2371 ¶10")}),
        # Textiles.
        ("2017-09-10", {"hs_code": "620193", **FROM}, {("no_provision", None)}),
        ("2017-12-10", {"hs_code": "620193", **FROM}, {("prohibited_goods", "UNSCR 2375 ¶16")}),
        ("2017-12-11", {"hs_code": "620193", **FROM}, {("prohibited_goods", "UNSCR 2375 ¶16")}),
        # Vessels: new ones from 2016, any from 22 December 2017.
        ("2016-11-29", {"hs_code": "8901", **TO}, {("no_provision", None)}),
        ("2017-12-21", {"hs_code": "8901", **TO}, {("possibly_prohibited_goods", "UNSCR 2321 ¶30")}),
        ("2017-12-22", {"hs_code": "8901", **TO}, {
            ("possibly_prohibited_goods", "UNSCR 2321 ¶30"),
            ("prohibited_goods", "UNSCR 2397 ¶7"),
            ("prohibited_goods", "UNSCR 2397 ¶14"),
        }),
        # Arms, always.
        ("2006-10-13", {"hs_code": "8710", **TO}, {("no_provision", None)}),
        ("2006-10-14", {"hs_code": "8710", **TO}, {("prohibited_goods", "UNSCR 1718 ¶8(a)(i)")}),
    ],
)  # fmt: skip
def test_an_act_is_judged_by_the_law_of_its_day(
    day: str, goods: dict[str, Any], expected: set[tuple[str, str | None]]
) -> None:
    assert verdicts(found(shipment(day, **goods))) == expected


@pytest.mark.parametrize(("day", "score"), [("2018-01-21", 0.5), ("2018-01-22", 1.0)])
def test_while_older_contracts_wind_down_a_prohibition_is_less_sure_and_says_why(
    day: str, score: float
) -> None:
    goods = found(shipment(day, hs_code="8429", origin="PRK"))
    row = goods.filter(pl.col("kind") == "prohibited_goods").row(0, named=True)
    assert row["score"] == score
    assert ("could be imported until 21 January 2018, notified" in row["sentence"]) == (score < 1.0)


def test_the_same_goods_the_other_way_are_not_covered() -> None:
    assert verdicts(found(shipment("2018-03-01", hs_code="2701", destination="PRK"))) == {
        ("no_provision", None)
    }
    assert verdicts(found(shipment("2018-03-01", hs_code="0801", destination="PRK"))) == {
        ("no_provision", None)
    }
    assert verdicts(found(shipment("2018-03-01", hs_code="271019", origin="PRK"))) == {("no_provision", None)}


def test_goods_that_have_nothing_to_do_with_the_dprk_are_not_judged() -> None:
    assert found(shipment(hs_code="2701", origin="AUS", destination="KOR")).is_empty()
    assert found(shipment(hs_code="2701", origin="Korea", destination="Republic of Korea")).is_empty()


def test_goods_loaded_before_a_paragraph_and_discharged_under_it_are_only_perhaps_prohibited() -> None:
    goods = found(shipment("2017-12-20", "2017-12-28", hs_code="8429", destination="PRK"))
    assert kinds(goods) == {"possibly_prohibited_goods"}
    assert "not yet in force when it was loaded on 2017-12-20" in sentence(goods, "possibly_prohibited_goods")


def test_coal_of_other_origin_through_rajin_has_to_be_notified_and_is_not_prohibited() -> None:
    passing = found(shipment(**{**COAL, "origin": "RUS", "load_port": "Rajin"}))
    assert kinds(passing) == {"needs_notification"}
    assert "origin RUS" in sentence(passing, "needs_notification")
    assert kinds(found(shipment(**{**COAL, "load_port": "Rajin"}))) == {"prohibited_goods"}
    assert kinds(found(shipment(**{**COAL, "origin": None, "load_port": "Rajin"}))) == {"prohibited_goods"}
    assert kinds(found(shipment(**{**COAL, "origin": "RUS"}))) == {"prohibited_goods"}


def test_parts_of_civil_aircraft_are_only_perhaps_prohibited() -> None:
    parts = found(
        shipment(hs_code="841191", description="aircraft spare parts for Tu-204", destination="PRK")
    )
    assert kinds(parts) == {"possibly_prohibited_goods"}
    assert "civil passenger aircraft" in sentence(parts, "possibly_prohibited_goods")
    assert kinds(found(shipment(hs_code="8803", destination="PRK"))) == {"possibly_prohibited_goods"}
    assert kinds(found(shipment(hs_code="841191", description="turbines", destination="PRK"))) == {
        "prohibited_goods"
    }


def test_condensate_is_prohibited_and_crude_oil_is_capped_under_one_heading() -> None:
    crude = verdicts(found(shipment(hs_code="2709", description="crude oil", destination="PRK")))
    assert crude == {("needs_notification", "UNSCR 2397 ¶4")}
    condensate = verdicts(found(shipment(hs_code="2709", description="gas condensate", destination="PRK")))
    assert condensate == {("needs_notification", "UNSCR 2397 ¶4"), ("prohibited_goods", "UNSCR 2375 ¶13")}


def test_a_claimed_code_that_stops_short_is_only_perhaps_covered() -> None:
    short = found(shipment(hs_code="27", origin="PRK"))
    assert kinds(short) == {"possibly_prohibited_goods"}
    assert "the code stops short" in sentence(short, "possibly_prohibited_goods")


VALID: dict[str, Any] = {
    "instrument": "X 1", "title": "t", "adopted": date(2020, 1, 1), "source": "s",
    "provisions": [
        {"paragraph": "1", "verb": "decides", "from": date(2020, 1, 1), "direction": "to", "rule": "prohibited",
         "goods": "g", "headings": ["27"], "headings_source": "h", "summary": "s"},
    ],
}  # fmt: skip


def test_a_file_that_follows_the_schema_is_read() -> None:
    (read,) = read_instrument(yaml.safe_dump(VALID), "x.yml")
    assert (read.reference, read.headings, _in_force(read, "2020-01-01"), _in_force(read, "2019-12-31")) == (
        "X 1 ¶1", ("27",), True, False
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"verb": "urges"}, "verb"),
        ({"rule": "banned"}, "rule"),
        ({"direction": "both"}, "direction"),
        ({"headings": [27]}, "headings"),
        ({"headings": ["271"]}, "headings"),
        ({"headings": []}, "headings"),
        ({"headings_source": None}, "headings"),
        ({"from": "soon"}, "from, to"),
        ({"to": date(2019, 1, 1)}, "not before from"),
        ({"colour": "red"}, "none called colour"),
        ({"conditions": [{"kind": "mood", "text": "t"}]}, "conditions"),
        ({"conditions": [{"kind": "wind_down", "text": "t"}]}, "a day until"),
    ],
)
def test_a_file_that_does_not_follow_the_schema_is_refused(change: dict[str, Any], complaint: str) -> None:
    wrong = {**VALID, "provisions": [{**VALID["provisions"][0], **change}]}
    with pytest.raises(ValueError, match=complaint):
        read_instrument(yaml.safe_dump(wrong), "x.yml")


def test_a_field_that_is_missing_is_named() -> None:
    wrong = {**VALID, "provisions": [{k: v for k, v in VALID["provisions"][0].items() if k != "goods"}]}
    with pytest.raises(ValueError, match="goods"):
        read_instrument(yaml.safe_dump(wrong), "x.yml")
