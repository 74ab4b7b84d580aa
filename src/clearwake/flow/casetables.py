"""Cases as tables and as one object: what ``show cases``, ``case log`` and ``case show`` give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any

import polars as pl

from clearwake.cases import History, in_order, is_counted
from clearwake.cases.conditions import day_of
from clearwake.flow.casework import case, history
from clearwake.flow.chains import moment_now, pairs
from clearwake.law.detention import Detention, clock
from clearwake.model import (
    Case,
    CaseRow,
    ClockEntry,
    Decision,
    DecisionRow,
    IdentityClaim,
    Item,
    ItemRow,
    empty,
    table,
)
from clearwake.names.acts import act_of_case
from clearwake.store import Store


def cases(store: Store) -> pl.DataFrame:
    """Give every case of a desk: a table of ``CaseRow``, by id."""
    return table([_case_row(each) for each in _all(store)], CaseRow)


def items(store: Store, name: str | None = None) -> pl.DataFrame:
    """Give the evidence of every case, or of one: a table of ``ItemRow``, in the order it was added."""
    chosen = _all(store) if name is None else [case(store, name)]
    return table([_item_row(each.id, item) for each in chosen for item in each.items], ItemRow)


def decisions(store: Store) -> pl.DataFrame:
    """Give the log of every case: a table of ``DecisionRow``."""
    rows = [row for name in store.cases.versions() for row in _log(store, name)]
    return table(rows, DecisionRow)


def log(store: Store, name: str) -> pl.DataFrame:
    """Give the log of a case: a table of ``DecisionRow``, in the order in which decisions take effect.

    Raises:
        NotFoundError: If there is no such case.
    """
    history(store, name)
    return table(_log(store, name), DecisionRow)


def _all(store: Store) -> list[Case]:
    return [case(store, name) for name in store.cases.versions()]


def _log(store: Store, name: str) -> list[DecisionRow]:
    so_far = History(name)
    rows = []
    for entry, decision in in_order(pairs(store.cases.entries(name))):
        so_far.take(entry.chain, decision)
        rows.append(
            DecisionRow(
                entry.chain,
                entry.number,
                decision.id,
                name,
                decision.act,
                so_far.state,
                decision.who,
                decision.role,
                decision.nation,
                decision.why,
                decision.at,
                decision.rests_on or ((decision.item.id,) if decision.item else ()),
                entry.hash,
                _told_day(decision),
            )
        )
    return rows


def _told_day(decision: Decision) -> date | None:
    """Give the day a decision names as its own; None where it names none that can be read."""
    try:
        return day_of(decision) if decision.told.get("on") else None
    except ValueError:
        return None


def _case_row(each: Case) -> CaseRow:
    moments = [decision.at for decision in each.decisions]
    return CaseRow(
        each.id,
        each.title,
        each.state,
        each.standing,
        each.version,
        each.day,
        each.ships,
        len(each.items),
        min(moments),
        max(moments),
        each.conflicts,
    )


def grade_of(item: Item) -> str | None:
    """Write an item's Admiralty grade: ``B2``, with ``-`` for a half that nobody gave; None of none."""
    if item.reliability is None and item.credibility is None:
        return None
    return f"{item.reliability or '-'}{item.credibility or '-'}"


def _item_row(name: str, item: Item) -> ItemRow:
    return ItemRow(
        item.id,
        name,
        item.kind,
        item.sentence,
        item.start,
        item.end,
        item.lon,
        item.lat,
        item.error_m,
        item.observer,
        item.platform,
        item.ships,
        item.origin,
        grade_of(item),
        item.citation,
        item.rests_on,
        item.source,
        item.mmsi,
        item.marking.originator,
        item.marking.tlp,
        item.marking.releasable_to,
        item.sha256,
    )


def told(store: Store, name: str, on: date | None = None) -> dict[str, Any]:
    """Give a case as one object: its row, evidence with facts and reasons, log, clock, and what can be done next.

    Args:
        store: The desk.
        name: The case's id.
        on: The day the clock of a detention is read on; today, if not given.

    Raises:
        NotFoundError: If there is no such case.
    """
    so_far = history(store, name)
    found = so_far.case()
    return {
        **asdict(_case_row(found)),
        "items": [
            asdict(_item_row(name, item))
            | {
                "facts": [asdict(fact) for fact in item.facts],
                "reasons": [asdict(why) for why in item.reasons],
            }
            | {"tear_line_to": item.marking.tear_line_to, "sensitivity": item.marking.sensitivity}
            for item in found.items
        ],
        "withdrawn": found.withdrawn,
        "independent_origins": sorted(so_far.sources()),
        "not_counted": [item.id for item in found.items if not is_counted(item, act_of_case(found))],
        "decisions": [asdict(row) for row in _log(store, name)],
        "clock": detention_clock(so_far, on).to_dicts(),
        "possible": so_far.possible(),
        "reminders": [*reminders(so_far), *watched(store, so_far)],
    }


def fact(store: Store, wanted: str) -> tuple[str, dict[str, object], list[str]] | None:
    """Give what an item, a decision or a case is: a title, details, and the ids of what it rests on; None of others."""
    if wanted in store.cases.versions():
        found = case(store, wanted)
        return found.title, asdict(_case_row(found)), [item.id for item in found.items]
    if not wanted.startswith(("item:", "decision:")):
        return None
    for each in _all(store):
        for item in each.items:
            if item.id == wanted:
                rests_on = [*([item.source] if item.source else []), *item.rests_on]
                return item.sentence, asdict(_item_row(each.id, item)), rests_on
        for made in each.decisions:
            if made.id == wanted:
                told = {
                    "case": each.id,
                    "act": made.act,
                    "role": made.role,
                    "nation": made.nation,
                    "at": made.at,
                }
                return f"{made.act} by {made.who}: {made.why}", told, list(made.rests_on)
    return None


def reminders(so_far: History) -> list[str]:
    """Say what a case asks of those who look at it: what was published and no longer stands, what waits."""
    axes, said = so_far.axes, []
    is_public = axes.get("publication") in ("published", "replied to")
    if is_public and axes["judgement"] in ("refuted", "undetermined", "retracted", "in confirmation"):
        said.append(f"it was published and is {axes['judgement']} now: decide whether to retract it")
    if axes["judgement"] in ("refuted", "retracted") and axes.get("listing") in (
        "proposed",
        "on hold",
        "listed",
    ):
        said.append(
            f"the listing is {axes['listing']} although the case is {axes['judgement']}: tell the authority"
        )
    if axes["judgement"] in ("refuted", "retracted") and axes.get("ship") == "detained":
        said.append(f"the ship is held although the case is {axes['judgement']}: tell who holds it")
    if so_far.reply_until is not None and not so_far.is_answered:
        said.append(f"a reply was offered until {so_far.reply_until}; none is recorded")
    return said


def detention_clock(so_far: History, on: date | None = None) -> pl.DataFrame:
    """Give the clock of a case's newest detention: a table of ``ClockEntry``, without rows where nobody was held.

    Args:
        so_far: The case's history.
        on: The day it is looked at; today, if not given.
    """
    held = detention(so_far)
    return clock(held, on or moment_now().date()) if held is not None else empty(ClockEntry)


def detention(so_far: History) -> Detention | None:
    """Give what decisions that stand tell of the newest detention; None where the ship was never held."""
    begun = [number for number, each in enumerate(so_far.stood) if each.act == "detain"]
    if not begun:
        return None
    since = so_far.stood[begun[-1] :]
    last = {each.act: each for each in since if each.act in HELD}
    answer = last.get("committee_decision")
    days = {act: day_of(each) for act, each in last.items()}
    leant_on = [each for decision in last.values() for each in (decision.rests_on or (decision.id,))]
    return Detention(
        started=days["detain"],
        flag_request=days.get("flag_request"),
        committee_decision=days.get("committee_decision"),
        committee_agreed=answer.told["outcome"] == "agreed" if answer else None,
        released=days.get("release"),
        evidence=tuple(dict.fromkeys(leant_on)),
        ship=last["detain"].told.get("ship"),
        by=last["detain"].told.get("by"),
    )


HELD = ("detain", "flag_request", "committee_decision", "release")
"""The decisions that a detention's clock knows."""


WATCHED = ("encounters", "gaps", "port_calls", "loiterings", "zone_entries")
"""Tables looked at for what a ship did after it was let go."""


def watched(store: Store, so_far: History) -> list[str]:
    """Say what the case's ships did since one of them was let go: events by their ids, as found so far.

    Ships are those of the case by MMSI, and whatever MMSI claimed their IMO number.
    """
    held = detention(so_far)
    if held is None or held.released is None:
        return []
    numbers = _mmsis(store, so_far.case().ships)
    since = datetime.combine(held.released, time(), UTC)
    said: list[str] = []
    for name in filter(store.parts, WATCHED):
        rows = store.scan(name).filter(~pl.col("withdrawn"), pl.col("start") >= since)
        is_its = pl.col("mmsi_a").is_in(numbers) | pl.col("mmsi_b").is_in(numbers)
        found = rows.filter(is_its).sort("start").collect().rows(named=True)
        said += [
            f"since the release: {row['kind']} on {row['start']:%Y-%m-%d} ({row['id']})" for row in found
        ]
    return said


def _mmsis(store: Store, ships: Sequence[str]) -> list[int]:
    own = [int(number) for kind, _, number in (ship.partition(":") for ship in ships) if kind == "mmsi"]
    imos = [number for kind, _, number in (ship.partition(":") for ship in ships) if kind == "imo"]
    claims = store.scan("claims", record=IdentityClaim).filter(pl.col("imo").is_in(imos))
    return sorted({*own, *claims.select("mmsi").unique().collect()["mmsi"].to_list()})
