"""Findings: everything that follows from the released version of a case, worked out from it and nothing else.

The same function serves a release, a dossier and the check of a bundle; so what an audience reads can be worked out
again by the audience, and nothing withheld can have had a part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import polars as pl

from clearwake import law, places
from clearwake.assess import assess_case, reasons_of, weighed_case
from clearwake.cases.conditions import day_of
from clearwake.detect import detectors
from clearwake.dossier.ships import flags_of, names_of, numbers_of, ships_of
from clearwake.engine import embedded, shards
from clearwake.flow.advance import POSITIONS
from clearwake.flow.atlas import placed
from clearwake.law import Detention
from clearwake.model import (
    AssessmentRow,
    BreachElement,
    BreachOutcome,
    Case,
    ClearwakeError,
    Designation,
    Findings,
    Item,
    LawfulOption,
    LegalFact,
    Match,
    Released,
    WeighedRow,
    conform,
    empty,
    table,
)
from clearwake.names.acts import act_of_case, does_not_weigh
from clearwake.screen import screen
from clearwake.seal import parsed

HEARD = ["mmsi", "time", "lon", "lat", "speed_kn", "known_at"]
"""What detectors need of a position."""

HELD = ("detain", "flag_request", "committee_decision", "release")
"""The decisions that a detention's clock knows."""

PLACED = ("lon", "lat", "start", "end")
"""A track of which one of these was coarsened is drawn, and no longer searched: rounding makes events."""


def findings(released: Released, designations: pl.DataFrame | None = None) -> Findings:
    """Work out what follows from what an audience may have.

    Args:
        released: The audience's version of a case.
        designations: ``Designation`` rows its ships are held against, beside those among its own items.
    """
    case, day = released.case, law_day(released)
    facts, unread = facts_of(case.items)
    held = [released.tracks[each] for each in searched(released)]
    elements = law.elements(facts, day) if facts else empty(BreachElement)
    listed, unlisted = _listings(case.items, designations)
    assessed, weighed, unweighed = _assessed(case, day)
    return Findings(
        day=day,
        elements=elements,
        outcomes=law.outcomes(elements) if elements.height else empty(BreachOutcome),
        options=law.options(facts, day) if facts else empty(LawfulOption),
        assessment=assessed,
        weighed=weighed,
        matches=matches_of(case, listed, day),
        events=events_of(held),
        detention=_detention(case, released.made_at.date()),
        unread=(*unread, *unlisted, *unweighed),
    )


def law_day(released: Released) -> date:
    """Give the day whose law is asked: of the act; of the release, where the act has none."""
    return (released.case.day or released.made_at).date()


def searched(released: Released) -> list[str]:
    """Name the items whose tracks are precise enough to be searched for events, in order."""
    return [
        name
        for name in sorted(released.tracks)
        if not set(released.coarsened.get(name, ())) & set(PLACED) and released.tracks[name].height
    ]


def facts_of(items: Iterable[Item]) -> tuple[list[LegalFact], tuple[str, ...]]:
    """Give the legal facts of items, and sentences about those that use a word that is none."""
    kept: list[LegalFact] = []
    unread: list[str] = []
    for item in items:
        try:
            kept += law.read_facts(item.facts)
        except ClearwakeError as error:
            unread.append(f"{item.id}: {str(error).splitlines()[0]}")
    return kept, tuple(unread)


def events_of(tracks: Sequence[pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Find events on positions with every detector, by table; tables without events are left out.

    Places are the built-in ones, so that every machine finds the same.

    Args:
        tracks: Positions, in the schema of ``Position`` or with fewer of its columns.
    """
    laid = [_laid_out(each) for each in tracks if each.height]
    if not laid:
        return {}
    heard = pl.concat(laid).unique(["mmsi", "time", "lon", "lat"]).sort("mmsi", "time", "lon", "lat")
    atlas = places.load()
    last: datetime = heard.select(pl.col("time").max()).item()
    # One instant on, because a watermark has passed all before it.
    until = last + timedelta(milliseconds=1)
    found = embedded.advance(detectors(atlas), [((0, shards.SHARDS - 1), lambda: heard)], {}, until)
    return {
        name: placed(rows.drop("settled"), atlas).sort("start", "id")
        for name, rows in sorted(found.events.items())
        if rows.height
    }


def _laid_out(track: pl.DataFrame) -> pl.DataFrame:
    absent = [pl.lit(None, POSITIONS[each]).alias(each) for each in HEARD if each not in track.columns]
    rows = track.with_columns(*absent).select(pl.col(each).cast(POSITIONS[each]) for each in HEARD)
    # Where it is not told when a position was known, nothing follows from it: the time it was sent stands for it.
    return rows.drop_nulls(["mmsi", "time", "lon", "lat"]).with_columns(
        pl.col("known_at").fill_null(pl.col("time"))
    )


# Screening


def matches_of(case: Case, listed: pl.DataFrame, day: date) -> pl.DataFrame:
    """Hold the ships of a case against listings in force on a day; the ``id`` of a match is the ship's."""
    asked = asked_of(case)
    if not listed.height or not asked.height:
        return empty(Match)
    found = screen(asked, listed, day, None, day)
    return found.filter(pl.col("tier") != "unscreenable").sort("id", "entity_id", "tier")


def asked_of(case: Case) -> pl.DataFrame:
    """Give what ships of a case can be asked about by: ``id, name, imo, mmsi, flag``, one row a ship and name."""
    schema = pl.Schema({name: pl.String() for name in ("id", "name", "imo", "mmsi", "callsign", "flag")})
    rows = [
        {"id": ship, **numbers_of(case, ship), "name": name, "flag": next(iter(flags), None)}
        for ship in ships_of(case)
        for flags in ([each for each in flags_of(case.items, ship) if each != "none"],)
        for name in (names_of(case, ship) or [""])
    ]
    return pl.DataFrame(rows, schema=schema)


def _listings(items: Iterable[Item], given: pl.DataFrame | None) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Give the listings among items, with those given along, once each, and which items' rows cannot be read."""
    rows: list[Designation] = []
    unread: list[str] = []
    for item in items:
        if item.kind == "listing" and item.rows is not None:
            try:
                rows.append(parsed(item.rows, Designation))
            except ClearwakeError as error:
                unread.append(f"{item.id}: {str(error).splitlines()[0]}")
    also = empty(Designation) if given is None else conform(given, Designation)
    both = pl.concat((table(rows, Designation), also))
    # Receipts and lines are the desk's own, and say nothing about a listing.
    bare = both.with_columns(receipt=pl.lit(None, pl.Int64), line=pl.lit(None, pl.Int64))
    return bare.unique(["id", "edition"], keep="first", maintain_order=True).sort("id", "edition"), tuple(
        unread
    )


def near_listings(case: Case, designations: pl.DataFrame, day: date) -> pl.DataFrame:
    """Give, of all listings, those that any ship of a case was held against with some outcome.

    They are what a dossier carries, so that its screening can be done again without whole lists.
    """
    found = matches_of(case, designations, day)
    return designations.filter(pl.col("id").is_in(found["entity_id"].drop_nulls().implode()))


# Assessment and detention


def _assessed(case: Case, day: date) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
    """Weigh the claim and its rivals, and say what each item adds; where none gives a reason nothing is weighed."""
    items, left_out = weighing(case)
    if not any(reasons_of(item, day) for item in items):
        return empty(AssessmentRow), empty(WeighedRow), left_out
    try:
        return assess_case(items, day, case.id), weighed_case(items, day, case.id), left_out
    except ClearwakeError as error:
        return empty(AssessmentRow), empty(WeighedRow), (*left_out, str(error).splitlines()[0])


def weighing(case: Case) -> tuple[list[Item], tuple[str, ...]]:
    """Give the items that weigh on what the case is about, and sentences about those that do not."""
    act = act_of_case(case)
    left_out = [item for item in case.items if does_not_weigh(item, act)]
    told = tuple(
        f"{item.id} is of other ships than the case, or of another time, and was not weighed"
        for item in left_out
        if item.facts or item.reasons
    )
    return [item for item in case.items if item not in left_out], told


def _detention(case: Case, on: date) -> pl.DataFrame | None:
    """Give the clock of the newest detention among the decisions; None where no ship was held."""
    began = [at for at, each in enumerate(case.decisions) if each.act == "detain"]
    if not began:
        return None
    last = {each.act: each for each in case.decisions[began[-1] :] if each.act in HELD}
    days = {act: day_of(each) for act, each in last.items()}
    answer = last.get("committee_decision")
    leant_on = [each for decision in last.values() for each in (decision.rests_on or (decision.id,))]
    held = Detention(
        started=days["detain"],
        flag_request=days.get("flag_request"),
        committee_decision=days.get("committee_decision"),
        committee_agreed=answer.told.get("outcome") == "agreed" if answer else None,
        released=days.get("release"),
        evidence=tuple(dict.fromkeys(leant_on)),
        ship=last["detain"].told.get("ship"),
        by=last["detain"].told.get("by"),
    )
    try:
        return law.clock(held, on)
    except ClearwakeError:
        return None  # days told coarsely can come in an order that none of them had


def same(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """Name the columns in which two rows differ; numbers agree to nine figures, as machines round differently."""
    return [name for name in {**one, **other} if not _alike(one.get(name), other.get(name))]


def _alike(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1.0)
    if isinstance(one, Sequence) and isinstance(other, Sequence) and not isinstance(one, str):
        return len(one) == len(other) and all(_alike(a, b) for a, b in zip(one, other, strict=True))
    return one == other


__all__ = [
    "asked_of",
    "events_of",
    "facts_of",
    "findings",
    "law_day",
    "matches_of",
    "near_listings",
    "searched",
]
