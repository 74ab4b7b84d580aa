"""What holds of all findings: the order of rows, broken values, and the day the question is asked for."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.goods.papers import COAL, GAS_OIL, found, kinds, permission, sentence, shipment
from tests.tables import heard

import clearwake
from clearwake.goods import Known, findings
from clearwake.model import ShipmentFinding, empty, schema, table, utc
from clearwake.model.parties import Shipment

text = st.none() | st.text(max_size=12)
country = st.sampled_from([None, "PRK", "North Korea", "CHN", "??"])
port = st.sampled_from([None, "Nampo", "Rajin, DPRK", "Dalian", "\x00"])
moment = st.none() | st.integers(16_436, 18_262).map(lambda day: utc("1970-01-01") + timedelta(days=day))
"""Days from 2015 to 2019."""
code = st.sampled_from([None, "27", "2701", "271019", "8429", "0307", "6802", "99", "000000"])
papers = st.builds(
    Shipment, id=st.sampled_from(["S1", "S2", "S3"]), bill_of_lading=text, hs_code=code,
    description=st.sampled_from([None, "coal", "gas oil", "stove", "煤"]) | text,
    quantity=st.none() | st.floats(0.001, 1e12),
    unit=st.sampled_from([None, "t", "bbl", "drums"]), shipper=text, consignee=st.sampled_from([None, "Beta Corp"]),
    notify_party=text, origin=country, destination=country, load_port=port, load_on=moment, discharge_port=port,
    discharge_on=moment, ship_name=text, ship_imo=st.sampled_from([None, "9074729", "x"]),
    ship_mmsi=st.sampled_from([None, 0, 212345678]),
)  # fmt: skip

KNOWN = Known(
    permissions=pl.concat(
        [permission("notification"), permission("exemption", reference="E1", hs_codes=("84",))]
    ),
    positions=heard(212345678, "2018-01-01", "2018-02-01", (0.0, 20.0), 720),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(papers, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_and_no_value_breaks_it(
    rows: list[Shipment], chance: random.Random
) -> None:
    shuffled = rows.copy()
    chance.shuffle(shuffled)
    one, other = (findings(table(each, Shipment), KNOWN) for each in (rows, shuffled))
    assert one.schema == schema(ShipmentFinding)
    assert one.equals(other)
    assert set(one["shipment"]) <= {row.id for row in rows}
    assert one["id"].is_unique().all()


@settings(deadline=None, max_examples=40)
@given(papers)
def test_goods_to_or_from_the_dprk_never_pass_without_a_word(row: Shipment) -> None:
    is_there = "PRK" in (row.origin, row.destination) and row.origin != row.destination
    both = row.origin in ("PRK", "North Korea") and row.destination in ("PRK", "North Korea")
    if is_there and not both:
        assert set(findings(table([row], Shipment), KNOWN)["kind"]) - {"description_agrees"}


def test_no_shipments_give_an_empty_table_of_findings() -> None:
    assert findings(empty(Shipment)).equals(empty(ShipmentFinding))


def test_goods_without_a_date_cannot_be_judged_unless_a_day_is_asked_about() -> None:
    undated = shipment(None, **COAL)
    assert kinds(found(undated)) == {"undated"}
    assert kinds(found(undated, on=date(2018, 2, 1))) == {"prohibited_goods"}
    assert kinds(found(undated, on=date(2016, 1, 1))) == {"no_provision"}


def test_the_day_asked_about_leaves_out_later_shipments_and_judges_earlier_ones_by_their_own_day() -> None:
    textiles: dict[str, Any] = {"hs_code": "6201", "origin": "PRK"}
    assert found(shipment("2018-03-01", **textiles), on=date(2018, 2, 28)).is_empty()
    assert kinds(found(shipment("2017-09-01", **textiles), on=date(2018, 2, 28))) == {"no_provision"}


def test_a_desk_reads_papers_and_permissions_and_explains_a_finding_down_to_the_line(tmp_path: Path) -> None:
    bill = "id,hs,description,quantity,unit,consignee,destination,load date\n"
    rows = "S1,2710,gas oil,4000,bbl,Beta Corp,DPRK,2018-01-10\nS2,8429,bulldozer,1,t,Beta Corp,DPRK,2018-01-10\n"
    (tmp_path / "bill.csv").write_text(bill + rows)
    note = "reference,authority,provision,hs,quantity,unit,parties,from,to\n"
    (tmp_path / "note.csv").write_text(
        f"{note}N1,1718 Committee,2397 para 5,2710,5000,bbl,Beta Corp,2018-01-01,2018-01-31\n"
    )
    with clearwake.open(tmp_path / "desk") as desk:
        assert desk.read("shipments", tmp_path / "bill.csv").rejected == 0
        desk.read("notifications", tmp_path / "note.csv")
        shown = desk.show("shipment_findings")
        verdict = {(row["shipment"], row["kind"]) for row in shown.iter_rows(named=True)}
        assert verdict == {
            ("S1", "notified"), ("S1", "description_agrees"), ("S2", "prohibited_goods"), ("S2", "description_agrees"),
        }  # fmt: skip
        assert desk.show("shipment_findings", on=date(2018, 1, 9)).is_empty()
        (notified,) = shown.filter(pl.col("kind") == "notified")["id"]
        goods, note_on_file = desk.explain(notified).children
        assert goods.children[0].details["text"] == rows.splitlines()[0]
        assert note_on_file.children[0].details["line"] == 2


def test_a_sentence_names_the_goods_the_way_the_day_and_the_law() -> None:
    text = sentence(found(shipment("2018-02-01", **COAL, quantity=5000.0, unit="t")), "prohibited_goods")
    assert text == (
        "HS 270111 'anthracite', 5,000 t, from the DPRK (origin PRK, loaded at Nampo), 2018-02-01: by the claimed "
        "HS code 270111 under UNSCR 2371 ¶8 (decides, in force from 2017-08-05), coal, iron and iron ore: covered as a "
        "whole by 2701; no exemption on file agrees in goods, dates and a party or the ship"
    )


def test_known_at_is_the_latest_of_what_a_finding_rests_on() -> None:
    late = permission("notification", known_at=datetime(2021, 5, 1, tzinfo=UTC))
    row = (
        found(shipment("2018-01-10", **GAS_OIL), late).filter(pl.col("kind") == "notified").row(0, named=True)
    )
    assert row["known_at"] == datetime(2021, 5, 1, tzinfo=UTC)
