"""Each published typology, once shown whole and once with one element missing, on events written by hand."""

from __future__ import annotations

import polars as pl
import pytest
from tests.voyages.said import SAM_JONG, WINMORE, calls, claims, gaps, meetings

from clearwake.model import (
    DraughtChange,
    Match,
    TypologyFinding,
    VoyageFinding,
    conform,
    empty,
    schema,
    utc,
)
from clearwake.model.meetings import PossibleMeeting
from clearwake.typologies import Happenings, ship_facts, typologies, typology_findings

MOTHER, FEEDER, COASTER = 538_000_001, 613_000_002, 412_000_003

SHIPS = f"""
    mmsi      first_seen        last_seen         name      ship_type  length_m
    WINMORE   2018-01-01T00:00  2018-01-01T01:00  WINMORE   80         110
    SAM_JONG  2018-01-01T00:00  2018-01-01T01:00  SAM_JONG  80         90
    {MOTHER}  2018-01-01T00:00  2018-01-01T01:00  MOTHER    80         180
    {FEEDER}  2018-01-01T00:00  2018-01-01T01:00  FEEDER    80         80
    {COASTER} 2018-01-01T00:00  2018-01-01T01:00  COASTER   70         95
"""


def found(label: str, ships: str = SHIPS, **tables: pl.DataFrame) -> pl.DataFrame:
    """Find one typology among events."""
    said = claims(ships)
    went = tables.get("voyage_findings", empty(VoyageFinding)).filter(pl.col("label") == "dprk_call")
    facts = ship_facts(said, empty(Match), went.select(mmsi="mmsi_a", end="end"))
    rows = typology_findings(typologies(), Happenings(tables, utc("2022-12-31")), facts)
    assert rows.schema == schema(TypologyFinding)
    return rows.filter(pl.col("label") == label)


def only(rows: pl.DataFrame) -> dict[str, object]:
    (row,) = rows.iter_rows(named=True)
    return dict(row)


def draughts(text: str) -> pl.DataFrame:
    """Read draught changes: ``mmsi label change_m start end``; as likely as nine in ten."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    rows = [dict(zip(header, line, strict=True)) for line in lines]
    frame = pl.DataFrame(rows).select(
        id=pl.format("draught_change:{}", pl.int_range(pl.len())), mmsi_a=pl.col("mmsi").cast(pl.Int64), label="label",
        change_m=pl.col("change_m").cast(pl.Float64), start=pl.Series([utc(row["start"]) for row in rows]),
        end=pl.Series([utc(row["end"]) for row in rows]), known_at=pl.Series([utc(row["end"]) for row in rows]),
        probability=pl.lit(0.9), kind=pl.lit("draught_change"), version=pl.lit(1),
    )  # fmt: skip
    return conform(frame, DraughtChange)


def voyage(label: str, mmsi: int, start: str, end: str) -> pl.DataFrame:
    """Write one voyage finding."""
    row = {"id": f"voyage_finding:{label}", "label": label, "mmsi_a": mmsi, "start": utc(start), "end": utc(end),
           "known_at": utc(end), "lon": 125.4, "lat": 38.7, "kind": "voyage_finding", "version": 1}  # fmt: skip
    return conform(pl.DataFrame([row]), VoyageFinding)


def possible(kind: str, a: int, b: int | None, start: str, end: str, probability: float) -> pl.DataFrame:
    """Write one possible meeting, in the Gulf of Tonkin."""
    row = {"id": f"possible_meeting:{kind}", "kind": kind, "mmsi_a": a, "mmsi_b": b, "window_start": utc(start),
           "window_end": utc(end), "lon": 108.0, "lat": 20.0, "probability": probability, "known_at": utc(end),
           "track_a": a * 10_000 + 1}  # fmt: skip
    return conform(pl.DataFrame([row], schema_overrides={"mmsi_b": pl.Int64}), PossibleMeeting)


MET = meetings("""
    id  mmsi_a    mmsi_b   start             end               lon    lat   label
    m   SAM_JONG  WINMORE  2018-01-20T12:00  2018-01-20T18:00  124.3  30.5  standard
""")


def test_a_foreign_ship_beside_a_dprk_tanker_is_the_method_of_2018() -> None:
    lighter = draughts(f"""
        mmsi       label      change_m  start             end
        {WINMORE}  encounter  -1.4      2018-01-20T11:00  2018-01-20T19:00
        {SAM_JONG} encounter  1.9       2018-01-20T11:00  2018-01-20T19:00
    """)
    row = only(found("transfer_with_dprk_tanker", encounters=MET, draught_changes=lighter))
    assert (row["status"], row["share"], row["missing"]) == ("shown", 1.0, [])
    assert (row["mmsi_a"], row["mmsi_b"]) == (SAM_JONG, WINMORE)
    assert row["roles"] == [f"foreign {WINMORE}", f"dprk {SAM_JONG}"]
    assert row["evidence"] == ["draught_change:0", "draught_change:1", "encounter:m"]
    assert "lighter: shown (draught_change:0)" in row["steps"]  # type: ignore[operator]


def test_a_dprk_ship_of_no_known_kind_makes_it_partial_and_says_what_is_missing() -> None:
    ships = SHIPS.replace("SAM_JONG  80 ", "SAM_JONG  -  ")
    row = only(found("transfer_with_dprk_tanker", ships, encounters=MET))
    assert (row["status"], row["missing"], row["share"]) == ("partial", ["dprk_tanker"], 0.75)
    assert "not shown that SAM JONG (445000002) is a tanker" in row["reasons_against"]  # type: ignore[operator]


def test_two_foreign_ships_are_no_transfer_with_a_dprk_tanker() -> None:
    foreign = MET.with_columns(mmsi_a=pl.lit(MOTHER))
    assert found("transfer_with_dprk_tanker", encounters=foreign).is_empty()


def test_a_meeting_before_the_method_was_in_force_is_not_it() -> None:
    early = MET.with_columns(pl.col("start", "end", "known_at").dt.offset_by("-1y"))
    assert found("transfer_with_dprk_tanker", encounters=early).is_empty()


def test_an_unseen_meeting_carries_its_probability() -> None:
    dark = possible("one_silent", SAM_JONG, WINMORE, "2018-01-20T12:00", "2018-01-21T12:00", 0.6)
    row = only(found("transfer_with_dprk_tanker", possible_meetings=dark))
    assert (row["status"], row["probability"]) == ("shown", 0.6)
    unlikely = dark.with_columns(probability=pl.lit(0.2))
    assert found("transfer_with_dprk_tanker", possible_meetings=unlikely).is_empty()


DELIVERED = voyage("dprk_call", WINMORE, "2019-06-10T00:00", "2019-06-12T00:00")


def test_a_foreign_tanker_that_loads_calls_in_the_dprk_and_leaves_light_delivers_directly() -> None:
    moved = draughts(f"""
        mmsi       label      change_m  start             end
        {WINMORE}  encounter  2.0       2019-06-01T00:00  2019-06-01T12:00
        {WINMORE}  port_call  -2.0      2019-06-11T00:00  2019-06-12T06:00
    """)
    row = only(found("direct_delivery", voyage_findings=DELIVERED, draught_changes=moved))
    assert (row["status"], row["share"]) == ("shown", 1.0)
    assert row["shown"] == ["delivered", "foreign", "is_tanker", "loaded", "lighter"]


def test_without_a_lighter_draught_the_delivery_is_partial() -> None:
    moved = draughts(f"""
        mmsi       label      change_m  start             end
        {WINMORE}  encounter  2.0       2019-06-01T00:00  2019-06-01T12:00
    """)
    row = only(found("direct_delivery", voyage_findings=DELIVERED, draught_changes=moved))
    assert (row["status"], row["missing"], row["share"]) == ("partial", ["lighter"], 0.8)


def test_with_neither_loading_nor_a_lighter_draught_nothing_is_listed() -> None:
    assert found("direct_delivery", voyage_findings=DELIVERED).is_empty()


CHAIN = meetings(f"""
    id  mmsi_a    mmsi_b    start             end               lon    lat   label
    ab  {MOTHER}  {FEEDER}  2021-03-01T00:00  2021-03-01T08:00  124.3  30.5  standard
    bc  {SAM_JONG} {FEEDER}  2021-03-05T00:00  2021-03-05T08:00  124.8  31.5  standard
""")


def test_a_hands_to_b_and_b_to_c_of_the_dprk_is_multi_stage() -> None:
    row = only(found("multi_stage", encounters=CHAIN))
    assert (row["status"], row["share"], row["ships"]) == ("shown", 1.0, [MOTHER, FEEDER, SAM_JONG])
    assert row["evidence"] == ["encounter:ab", "encounter:bc"]


def test_a_chain_of_three_foreign_ships_lacks_the_delivery() -> None:
    foreign = CHAIN.with_columns(mmsi_a=pl.col("mmsi_a").replace(SAM_JONG, WINMORE)).with_columns(
        mmsi_a=pl.min_horizontal("mmsi_a", "mmsi_b"), mmsi_b=pl.max_horizontal("mmsi_a", "mmsi_b")
    )
    row = only(found("multi_stage", encounters=foreign).filter(pl.col("ships").list.first() == MOTHER))
    assert (row["status"], row["missing"]) == ("partial", ["delivered"])


def test_handing_on_before_receiving_is_no_chain() -> None:
    reversed_ = CHAIN.with_columns(pl.when(pl.col("id") == "encounter:ab").then(
        pl.col("start").dt.offset_by("20d")).otherwise("start").alias("start")).with_columns(
        end=pl.col("start").dt.offset_by("8h"))  # fmt: skip
    assert found("multi_stage", encounters=reversed_).is_empty()


def test_a_small_foreign_tanker_filled_at_sea_that_then_meets_the_dprk_is_a_feeder() -> None:
    went = voyage("met_dprk_flag", FEEDER, "2021-03-05T00:00", "2021-03-05T08:00")
    row = only(found("feeder", encounters=CHAIN, voyage_findings=went))
    assert (row["status"], row["ships"]) == ("shown", [MOTHER, FEEDER])


def test_a_feeder_longer_than_the_ship_that_fills_it_lacks_an_element() -> None:
    went = voyage("met_dprk_flag", FEEDER, "2021-03-05T00:00", "2021-03-05T08:00")
    ships = SHIPS.replace("FEEDER    80         80", "FEEDER    80         -")
    row = only(found("feeder", ships, encounters=CHAIN, voyage_findings=went))
    assert (row["status"], row["missing"]) == ("partial", ["smaller"])


FALSE = voyage("false_destination", WINMORE, "2018-01-18T00:00", "2018-01-25T00:00")
LIGHTER = f"""
    mmsi       label      change_m  start             end
    {WINMORE}  encounter  -1.4      2018-01-20T11:00  2018-01-20T19:00
"""


def test_loading_for_one_place_and_getting_lighter_at_sea_is_the_false_destination() -> None:
    row = only(
        found("false_destination", voyage_findings=FALSE, encounters=MET, draught_changes=draughts(LIGHTER))
    )
    assert (row["status"], row["share"], row["probability"]) == ("shown", 1.0, 0.9)
    assert row["roles"] == [f"loader {WINMORE}", f"receiver {SAM_JONG}"]


def test_a_draught_that_grew_across_the_meeting_contradicts_it() -> None:
    deeper = draughts(LIGHTER.replace("-1.4", "1.4"))
    row = only(found("false_destination", voyage_findings=FALSE, encounters=MET, draught_changes=deeper))
    assert (row["status"], row["contradicted"]) == ("partial", ["lighter"])
    assert "lighter: contradicted (draught_change:0)" in row["steps"]  # type: ignore[operator]


def coal(**changed: object) -> pl.DataFrame:
    """Let a dry-cargo ship of the DPRK, silent, meet a coaster in the Gulf of Tonkin."""
    dark = possible("one_silent", SAM_JONG, COASTER, "2019-05-05T00:00", "2019-05-06T00:00", 0.5)
    silent = gaps("""
        id  mmsi_a    start             end               lon    lat   duration_h
        g   SAM_JONG  2019-05-03T00:00  2019-05-08T00:00  108.0  20.5  120
    """)
    ships = SHIPS.replace("SAM_JONG  80 ", "SAM_JONG  70 ")
    tables = {
        "possible_meetings": dark.with_columns(**{k: pl.lit(v) for k, v in changed.items()}),
        "gaps": silent,
    }
    return found("coal_by_dark_feeder", ships, **tables)


def test_coal_is_handed_over_by_a_silent_dry_cargo_ship_of_the_dprk_in_the_gulf_of_tonkin() -> None:
    row = only(coal())
    assert (row["status"], row["share"], row["probability"]) == ("shown", 1.0, 0.5)
    assert row["roles"] == [f"feeder {SAM_JONG}", f"receiver {COASTER}"]


def test_the_same_elsewhere_is_not() -> None:
    assert coal(lon=0.0, lat=50.0).is_empty()


def test_a_dark_feeder_that_nobody_knows_is_partial_at_most_and_never_named() -> None:
    dark = possible("detection", COASTER, None, "2019-05-05T00:00", "2019-05-06T00:00", 0.5)
    rows = found("coal_by_dark_feeder", possible_meetings=dark)
    assert set(rows["status"].to_list()) <= {"partial"}


def test_a_dry_cargo_ship_filled_by_a_tanker_that_calls_in_the_dprk_carries_oil() -> None:
    met = meetings(f"""
        id  mmsi_a     mmsi_b    start             end               lon    lat   label
        m   {COASTER}  {MOTHER}  2022-03-01T00:00  2022-03-01T08:00  124.3  30.5  standard
    """)
    went = voyage("dprk_call", COASTER, "2022-03-06T00:00", "2022-03-08T00:00")
    deeper = draughts(f"""
        mmsi       label      change_m  start             end
        {COASTER}  encounter  1.2       2022-03-01T00:00  2022-03-01T09:00
    """)
    row = only(found("oil_in_dry_cargo_ship", encounters=met, voyage_findings=went, draught_changes=deeper))
    assert (row["status"], row["share"]) == ("shown", 1.0)
    part = only(found("oil_in_dry_cargo_ship", encounters=met, voyage_findings=went))
    assert (part["status"], part["missing"]) == ("partial", ["carrier_deeper"])


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_rows_changes_nothing(order: int) -> None:
    port = calls("""
        id  mmsi_a   start             end               lon     lat   port   port_country  confidence
        b   WINMORE  2018-03-20T00:00  2018-03-22T00:00  129.05  35.1  Busan  KOR           4
    """)
    rows = found("multi_stage", encounters=CHAIN[::order], port_calls=port)
    assert rows["id"].to_list() == found("multi_stage", encounters=CHAIN)["id"].to_list()


def test_no_events_no_findings() -> None:
    assert found("multi_stage").is_empty()
