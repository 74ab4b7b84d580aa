"""What is on file comes first: a delivery that was notified, or aid that was exempted, is not called prohibited."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from tests.goods.papers import COAL, GAS_OIL, found, kinds, permission, sentence, shipment

from clearwake.goods.permitted import cited
from clearwake.model import utc

AID: dict[str, Any] = {
    "hs_code": "841850", "description": "medical refrigerators", "destination": "PRK", "shipper": "Relief Org",
    "quantity": 10.0, "unit": "t",
}  # fmt: skip
EXEMPT: dict[str, Any] = {
    "provision": "UNSCR 2397 para 25", "hs_codes": ("8418",), "parties": ("RELIEF ORG.",), "ships": (),
    "quantity": 40.0, "unit": "t", "valid_from": utc("2018-01-01"), "valid_to": utc("2018-06-30"),
}  # fmt: skip


def test_a_notified_delivery_of_refined_petroleum_is_told_as_notified_and_not_as_wanting_it() -> None:
    goods = found(shipment("2018-01-10", **GAS_OIL), permission("notification"))
    assert kinds(goods) == {"notified"}
    row = goods.filter(pl.col("kind") == "notified").row(0, named=True)
    assert (row["is_for"], row["provision"]) == (False, "UNSCR 2397 ¶5")
    assert row["evidence"] == ["shipment:S1", "permission:notification:N1"]
    for reason in ("its goods are HS 2710", "2018-01-10 is within 2018-01-01 to 2018-01-31", "its ship is IMO 9074729",
                   "made under UNSCR 2397 para 5"):  # fmt: skip
        assert reason in row["sentence"]


def test_without_a_notification_the_same_delivery_wants_one() -> None:
    goods = found(shipment("2018-01-10", **GAS_OIL))
    assert kinds(goods) == {"needs_notification"}
    assert "no notification or exemption on file" in sentence(goods, "needs_notification")


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"valid_from": utc("2018-01-11")}, "its dates"),
        ({"valid_to": utc("2018-01-09")}, "its dates"),
        ({"valid_from": None, "valid_to": None}, "its dates"),
        ({"ships": (), "parties": ()}, "a party or the ship"),
        ({"ships": ("9999993",), "parties": ("Delta Corp",)}, "a party or the ship"),
        ({"provision": "UNSCR 2375 ¶16"}, "the provision, which is UNSCR 2375 ¶16"),
    ],
)
def test_goods_dates_and_party_or_ship_all_have_to_agree_and_what_does_not_is_said(
    change: dict[str, Any], missing: str
) -> None:
    goods = found(shipment("2018-01-10", **GAS_OIL), permission("notification", **change))
    assert kinds(goods) == {"needs_notification"}
    assert f"but not in {missing}" in sentence(goods, "needs_notification")


def test_a_notification_of_other_goods_is_passed_over() -> None:
    goods = found(shipment("2018-01-10", **GAS_OIL), permission("notification", hs_codes=("1006",)))
    assert "no notification or exemption on file" in sentence(goods, "needs_notification")


@pytest.mark.parametrize(("first", "last"), [("2018-01-10", "2018-01-31"), ("2017-12-01", "2018-01-10")])
def test_the_first_and_the_last_day_count(first: str, last: str) -> None:
    days = {"valid_from": utc(first), "valid_to": utc(last)}
    assert kinds(found(shipment("2018-01-10", **GAS_OIL), permission("notification", **days))) == {"notified"}


@pytest.mark.parametrize(
    "who",
    [
        {"ships": ("IMO 9074729",), "parties": ()},
        {"ships": (), "parties": ("BETA CORPORATION",)},
        {"ships": (), "parties": ("Beta Co., Ltd",)},
        {"ships": ("M/V HAVEN STAR",), "parties": ()},
    ],
)
def test_either_the_ship_or_a_party_is_enough(who: dict[str, Any]) -> None:
    goods = {**GAS_OIL, "ship_name": "Haven Star"}
    assert kinds(found(shipment("2018-01-10", **goods), permission("notification", **who))) == {"notified"}


@pytest.mark.parametrize("nobody", [{"parties": ("TO ORDER",)}, {"ships": ("TBN",)}, {"ships": ("X",)}])
def test_what_papers_say_instead_of_a_party_or_a_ship_agrees_with_nobody(nobody: dict[str, Any]) -> None:
    goods = {
        **GAS_OIL,
        "consignee": "To Order",
        "ship_imo": None,
        "ship_name": nobody.get("ships", ("TBN",))[0],
    }
    note = permission("notification", **{"parties": (), "ships": (), **nobody})
    assert kinds(found(shipment("2018-01-10", **goods), note)) == {"needs_notification"}


def test_another_ship_beside_the_right_party_is_said() -> None:
    goods = found(shipment("2018-01-10", **GAS_OIL), permission("notification", ships=("IMO 9999993",)))
    assert "its ship, IMO 9999993, is not this one, IMO 9074729" in sentence(goods, "notified")


def test_goods_in_words_are_compared_by_the_headings_they_stand_for() -> None:
    words = permission("notification", hs_codes=(), goods="refined petroleum products")
    assert kinds(found(shipment("2018-01-10", **GAS_OIL), words)) == {"notified"}
    other = permission("notification", hs_codes=(), goods="rice")
    assert kinds(found(shipment("2018-01-10", **GAS_OIL), other)) == {"needs_notification"}


def test_more_than_was_notified_is_said_with_the_numbers() -> None:
    goods = found(shipment("2018-01-10", **{**GAS_OIL, "quantity": 6000.0}), permission("notification"))
    assert kinds(goods) == {"notified", "over_notified_quantity"}
    assert sentence(goods, "over_notified_quantity") == (
        "6,000 bbl is 6,000 bbl; notification N1 (1718 Committee) is for 5,000 bbl: 1,000 bbl more than on file"
    )


def test_shipments_under_one_notification_are_added_up_in_the_order_of_their_days() -> None:
    both = pl.concat([shipment("2018-01-20", id="S2", **GAS_OIL), shipment("2018-01-10", id="S1", **GAS_OIL)])
    goods = found(both, permission("notification"))
    over = goods.filter(pl.col("kind") == "over_notified_quantity")
    assert over["shipment"].to_list() == ["S2"]
    assert "with 1 earlier under it 8,000 bbl" in over["sentence"][0]
    assert "3,000 bbl more than on file" in over["sentence"][0]


def test_tonnes_are_held_against_barrels_by_a_factor_that_is_named_and_a_tenth_is_allowed() -> None:
    # 700 t of gas oil at 7.46 barrels to the tonne are 5,222 barrels: within a tenth of 5,000; 800 t are 5,968.
    within = found(
        shipment("2018-01-10", **{**GAS_OIL, "quantity": 700.0, "unit": "MT"}), permission("notification")
    )
    assert kinds(within) == {"notified"}
    over = found(
        shipment("2018-01-10", **{**GAS_OIL, "quantity": 800.0, "unit": "MT"}), permission("notification")
    )
    text = sentence(over, "over_notified_quantity")
    assert text.startswith("800 MT is 5,968 bbl at 7.46 bbl to the tonne of gas oil and diesel")
    assert "968 bbl more" in text


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"unit": "drums"}, "the shipment's unit 'drums' is not known"),
        ({"unit": None}, "the shipment's quantity has no unit"),
        ({"quantity": None}, "the shipment does not say how much it is"),
    ],
)
def test_a_quantity_that_cannot_be_compared_is_said_and_not_guessed(change: dict[str, Any], why: str) -> None:
    goods = found(shipment("2018-01-10", **{**GAS_OIL, **change}), permission("notification"))
    assert kinds(goods) == {"notified", "quantity_not_comparable"}
    assert why in sentence(goods, "quantity_not_comparable")


def test_exempted_aid_is_told_as_exempted_whatever_paragraph_prohibits_it() -> None:
    assert kinds(found(shipment("2018-03-01", **AID))) == {"prohibited_goods"}
    goods = found(shipment("2018-03-01", **AID), permission("exemption", **EXEMPT))
    assert kinds(goods) == {"exempted"}
    assert "the shipper Relief Org is its party RELIEF ORG." in sentence(goods, "exempted")


def test_an_exemption_that_cites_another_paragraph_lifts_nothing_and_is_said() -> None:
    goods = found(
        shipment("2018-03-01", **AID), permission("exemption", **{**EXEMPT, "provision": "UNSCR 2371 para 8"})
    )
    assert kinds(goods) == {"prohibited_goods"}
    assert "but not in the provision, which is UNSCR 2371 para 8" in sentence(goods, "prohibited_goods")


def test_more_than_was_exempted_is_said() -> None:
    goods = found(shipment("2018-03-01", **{**AID, "quantity": 50.0}), permission("exemption", **EXEMPT))
    assert kinds(goods) == {"exempted", "over_notified_quantity"}


def test_a_notification_does_not_lift_an_outright_prohibition_and_is_told() -> None:
    note = permission("notification", provision=None, hs_codes=("27",), ships=(), parties=("Alpha",))
    goods = found(shipment("2018-01-10", **COAL, shipper="Alpha Ltd"), note)
    assert kinds(goods) == {"prohibited_goods"}
    assert "does not allow goods because they were notified" in sentence(goods, "prohibited_goods")


def test_notified_coal_of_other_origin_through_rajin_is_told_as_notified() -> None:
    said: dict[str, Any] = {
        "provision": "UNSCR 2397 para 16",
        "hs_codes": ("2701",),
        "ships": (),
        "quantity": None,
    }
    note = permission("notification", **said, parties=("Alpha",))
    coal = {**COAL, "origin": "RUS", "load_port": "RAJIN", "shipper": "Alpha OOO"}
    assert kinds(found(shipment("2018-01-10", **coal), note)) == {"notified"}


def test_goods_of_an_older_contract_that_were_notified_while_winding_down_are_told_as_notified() -> None:
    said: dict[str, Any] = {
        "provision": "UNSCR 2397 para 6",
        "hs_codes": ("84",),
        "ships": (),
        "quantity": None,
    }
    note = permission("notification", **said, parties=("Alpha",))
    machines: dict[str, Any] = {"hs_code": "8429", "origin": "PRK", "shipper": "Alpha Co"}
    assert kinds(found(shipment("2018-01-21", **machines), note)) == {"notified"}
    assert kinds(found(shipment("2018-01-22", **machines), note)) == {"prohibited_goods"}


def test_an_exemption_granted_after_the_day_asked_about_does_not_count_yet() -> None:

    late = permission("exemption", **{**EXEMPT, "valid_from": utc("2018-02-15")})
    goods = shipment("2018-02-10", "2018-02-20", **AID)
    assert kinds(found(goods, late, on=date(2018, 2, 12))) == {"prohibited_goods"}
    assert kinds(found(goods, late, on=date(2018, 2, 15))) == {"exempted"}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("UNSCR 2397 para 5", (("2397", "5"),)),
        ("S/RES/2397 (2017), OP 4 and 5", (("2397", "4"), ("2397", "5"))),
        ("UNSCR 2375 ¶14; UNSCR 2397 ¶5", (("2375", "14"), ("2397", "5"))),
        ("resolution 2397 (2017)", (("2397", None),)),
        ("national law", ()),
        (None, ()),
    ],
)
def test_paragraphs_are_read_out_of_what_is_cited(
    said: str | None, read: tuple[tuple[str, str | None], ...]
) -> None:
    assert cited(said) == read
