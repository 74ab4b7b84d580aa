"""What voyages weigh: draughts by their probability, meetings once, partial typologies little."""

from __future__ import annotations

import polars as pl
from tests.voyages.said import HONEST, SAM_JONG, WINMORE

from clearwake import assess
from clearwake.assess.reasons import gathered
from clearwake.assess.voyages import voyage_reasons
from clearwake.model import DraughtChange, IdentityClaim, TypologyFinding, VoyageFinding, conform, empty, utc

AT = utc("2018-01-20T12:00")


def told(**tables: pl.DataFrame) -> pl.DataFrame:
    """Give the indicators of these tables."""
    return gathered(voyage_reasons(tables))


def draught(name: str, mmsi: int = WINMORE, **said: object) -> dict[str, object]:
    """Write one draught change: 1.4 m lighter across a meeting, nine in ten."""
    return {
        "id": f"draught_change:{name}", "kind": "draught_change", "version": 1, "start": AT, "end": AT, "known_at": AT,
        "mmsi_a": mmsi, "label": "encounter", "across": "encounter:m", "before_m": 8.6, "after_m": 7.2,
        "change_m": -1.4, "probability": 0.9, "rivals": [], "reasons_for": ["said"],
        "reasons_against": ["typed by hand"], **said,
    }  # fmt: skip


def draughts(*rows: dict[str, object]) -> pl.DataFrame:
    return conform(pl.DataFrame(list(rows)), DraughtChange)


def voyages(label: str, **said: object) -> pl.DataFrame:
    row = {
        "id": f"voyage_finding:{label}", "kind": "voyage_finding", "version": 1, "start": AT, "end": AT, "known_at": AT,
        "mmsi_a": SAM_JONG, "mmsi_b": WINMORE, "label": label, "evidence": ["encounter:m"], "score": 0.5,
        "chain": ["met"], "readings": [], "reasons_for": ["met"], "reasons_against": ["need not"], **said,
    }  # fmt: skip
    return conform(pl.DataFrame([row]), VoyageFinding)


def typology(status: str, share: float) -> pl.DataFrame:
    row = {
        "id": f"typology_finding:{status}", "kind": "typology_finding", "version": 1, "start": AT, "end": AT,
        "known_at": AT, "mmsi_a": SAM_JONG, "mmsi_b": WINMORE, "label": "feeder", "status": status, "title": "Feeder",
        "ships": [WINMORE, HONEST, SAM_JONG], "share": share, "reasons_for": ["met"], "reasons_against": ["not shown"],
        "evidence": ["encounter:m"],
    }  # fmt: skip
    return conform(pl.DataFrame([row]), TypologyFinding)


def test_a_lighter_draught_after_a_meeting_weighs_as_much_as_it_is_probable() -> None:
    rows = told(draught_changes=draughts(draught("a")))
    assert rows.select("mmsi", "kind", "is_for", "weight").rows() == [(WINMORE, "draught_at_sea", True, 0.9)]
    assert "lay 1.4 m less deep after than before (8.6 to 7.2 m)" in rows["sentence"][0]
    assert "typed by hand" in rows["sentence"][0]


def test_a_partner_that_gained_what_was_lost_makes_it_twice_as_telling() -> None:
    rows = told(draught_changes=draughts(draught("a", agrees=True, partner_change_m=1.9)))
    assert rows.select("kind", "weight").rows() == [("draught_agrees", 1.8)]


def test_two_ships_that_both_lay_deeper_speak_against_their_meeting() -> None:
    rows = told(draught_changes=draughts(draught("a", agrees=False, partner_change_m=-1.0)))
    assert rows.select("kind", "is_for", "evidence").rows() == [
        ("draught_disagrees", False, ["encounter:m", "draught_change:a"])
    ]


def test_a_change_that_may_belong_to_several_events_counts_once_and_an_unlikely_one_not() -> None:
    gap = draught("b", label="gap", across="gap:g", probability=0.4)
    call = draught("c", label="port_call", across="port_call:p", probability=0.5)
    assert told(draught_changes=draughts(draught("a"), gap, call))["evidence"].to_list() == [
        ["draught_change:a"]
    ]
    assert told(draught_changes=draughts(draught("a", probability=0.2))).is_empty()


def test_a_meeting_with_a_ship_of_the_dprk_is_told_of_the_other_and_counts_once() -> None:
    rows = told(voyage_findings=voyages("met_dprk_flag"))
    assert rows.select("mmsi", "kind", "weight").rows() == [(WINMORE, "met_dprk_flag", 5.0)]
    assert rows["evidence"].to_list() == [["encounter:m", "voyage_finding:met_dprk_flag"]]


def test_a_false_destination_weighs_by_its_score_and_says_what_speaks_against() -> None:
    rows = told(voyage_findings=voyages("false_destination", mmsi_a=WINMORE, mmsi_b=None))
    assert rows.select("mmsi", "kind", "weight").rows() == [(WINMORE, "false_destination", 1.25)]
    assert "against: need not" in rows["sentence"][0]


def test_a_call_in_the_dprk_is_told_by_the_port_call_and_not_twice() -> None:
    assert told(voyage_findings=voyages("dprk_call", mmsi_a=WINMORE)).is_empty()


def test_a_partial_typology_weighs_little_and_is_called_partial_of_every_foreign_ship_in_it() -> None:
    rows = told(typology_findings=typology("partial", 0.8))
    assert rows.select("mmsi", "kind", "weight").rows() == [
        (WINMORE, "typology_partial", 0.4), (HONEST, "typology_partial", 0.4),
    ]  # fmt: skip
    assert all("(partial)" in said for said in rows["sentence"])
    assert told(typology_findings=typology("shown", 1.0))["weight"].to_list() == [3.0, 3.0]


def test_empty_tables_say_nothing() -> None:
    tables = {
        "draught_changes": empty(DraughtChange), "voyage_findings": empty(VoyageFinding),
        "typology_findings": empty(TypologyFinding),
    }  # fmt: skip
    assert told(**tables).is_empty()
    assert assess.rank(told(**tables), empty(IdentityClaim)).is_empty()
