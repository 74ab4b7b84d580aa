"""A small case written out by hand: a Japanese sighting, a public report, a conclusion, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl

from clearwake.cases import History
from clearwake.flow.releasing import folded
from clearwake.model import Case, Decision, Item, LegalFact, Marking, Reason, Released, utc
from clearwake.release import released

SECRET = bytes(range(32))
AT = utc("2018-04-01T12:00")

SIGHTING = Item(
    "item:" + "a" * 32, "sighting", "Lt Canary (P-3C JN5062) saw two tankers at 29.87651 N 124.51342 E at 03:17",
    Marking("JPN", "TLP:AMBER", ("USA",), ("AUS", "public"), "ordinary"),
    utc("2018-02-13T03:17:22"), utc("2018-02-13T04:02:51"), 124.51342, 29.87651, 300.0, "Lt Canary", "P-3C JN5062",
    ("imo:8660313", "ship:wan-heng-11"),
    (
        LegalFact("item:" + "a" * 32, "transfer", "imo:8660313", "gave", "ship:wan-heng-11", grade="A2",
                  since=utc("2018-02-13").date(), origin="JMSDF Kanoya", act="transfer at 03:17"),
        LegalFact("item:" + "a" * 32, "coast_nm", "imo:8660313", amount=109.27, grade="A2", origin="JMSDF Kanoya"),
    ),
    (
        Reason("breach", is_for=True, weight=1.87, weight_origin="desk note 17", sentence="hoses at 03:17"),
        Reason("bunkering", is_for=True, weight=0.61, weight_origin="desk note 18", sentence="a supply ship"),
    ),
    "JMSDF Kanoya", "A", 2, "Kanoya report 5062/18", (), "sighting:eb7e770b22a82385d30f", None,
    '{"id":"sighting:eb7e770b22a82385d30f","lon":124.51342,"receipt":4}', "d" * 64,
)  # fmt: skip

CLOSED = replace(SIGHTING, marking=replace(SIGHTING.marking, tear_line_to=()))
"""The same sighting, of which nobody but the United States may have anything."""

REPORT = Item(
    "item:" + "b" * 32, "document", "Japan's ministry published four photographs on 2018-02-14",
    Marking("JPN", "TLP:CLEAR"), utc("2018-02-14"), ships=("imo:8660313",), origin="Ministry of Defense",
    reliability="B", credibility=2, citation="Ministry of Defense of Japan, 2018-02-14",
)  # fmt: skip

CONCLUSION = Item(
    "item:" + "c" * 32, "conclusion", "The two tankers moved 1,900 t", Marking("JPN", "TLP:CLEAR"),
    rests_on=(SIGHTING.id, REPORT.id),
)  # fmt: skip


def decision(act: str, number: int, **fields: object) -> Decision:
    """Write a decision of JPN, a minute after the one before."""
    return replace(
        Decision(f"decision:{number:032x}", act, "Tanaka", "analyst", "JPN", f"because of {number}",
                 utc("2018-03-01T09:00:41") + timedelta(minutes=number), Marking("JPN", "TLP:CLEAR")),
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def case_of(items: Sequence[Item], *decisions: Decision) -> Case:
    """Fold an opening, the adding of items, and decisions."""
    history = History("2018-02-13-rye-song-gang-1-2")
    told = {"title": "Two tankers", "day": "2018-02-13", "ships": "imo:8660313"}
    history.take("JPN", decision("open", 1, told=told))
    for number, item in enumerate(items, 2):
        history.take(item.marking.originator, decision("add", number, item=item, marking=item.marking))
    for each in decisions:
        history.take(each.nation, each)
    return history.case()


def to(case: Case, *audience: str, tracks: dict[str, pl.DataFrame] | None = None) -> Released:
    """Release a case."""
    return released(case, tracks or {}, audience, AT, SECRET, folded)[0]
