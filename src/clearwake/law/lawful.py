"""Lawful options: what could be done about a ship, under which paragraph, on what conditions, and by whom.

Options are listed, never recommended.  There is no UN authority to stop or board on the high seas without the flag
State's consent, and no option says otherwise; warships and ships on government service are out of reach of all but
questions and reports.
Thresholds are in words: whether there are reasonable grounds is for the State that would act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from clearwake.law.facts import evidence_of, read_facts, told
from clearwake.law.weighing import CONTRADICTED, MISSING, Case, Shown, subjects_of, weigh
from clearwake.model import LawfulOption, LegalFact, table
from clearwake.statutes import Provision, elements, institutions, provision, vocabulary
from clearwake.statutes.files_read import expect, expect_fields, parsed

OPEN, LACKING, RULED_OUT, LIMIT = "open", "conditions missing", "ruled out", "a limit"
"""How an option stands: every condition at least indicated; some not shown; some contradicted; or what nobody may."""

ANYWHERE = "any"


@dataclass(frozen=True)
class Listed:
    """One option as the file has it."""

    option: str
    provision: Provision | None
    rests_on: str | None
    """What it rests on where that is no provision: a State's own law, or nothing, none being needed."""
    unless: Provision | None
    zones: tuple[str, ...]
    """Zones in which it can be done; none where that does not matter."""
    conditions: tuple[str, ...]
    who: str
    notice: str
    escalation: str
    is_a_limit: bool


def options(facts: pl.DataFrame | Iterable[LegalFact], on: date, ship: str | None = None) -> pl.DataFrame:
    """List what could lawfully be done on a day.

    An option of another zone than the ship is in is left out; where the zone is not known, it stays, with that missing.

    Args:
        facts: ``LegalFact`` rows of the case.
        on: The day on which something would be done; what happened later is not known then, and is left out.
        ship: The ship, by the id facts use; every ship of the case if not given.

    Returns:
        Rows of ``LawfulOption``: by ship, what is open first, what is ruled out last.

    Raises:
        UsageError: If a fact uses a word that is none.
    """
    held = tuple(each for each in read_facts(facts) if each.since is None or each.since <= on)
    ships: list[str | None] = [ship] if ship is not None else [*subjects_of(held, "ship")]
    rows = [row for each in ships or [None] for row in _of_ship(held, on, each)]
    return table(rows, LawfulOption)


def _of_ship(facts: tuple[LegalFact, ...], on: date, ship: str | None) -> list[LawfulOption]:
    rows = []
    for each in listed():
        if each.unless is not None and each.unless.in_force(on):
            continue
        if each.provision is not None and not each.provision.in_force(on):
            continue
        # What rests on no paragraph asks nothing of one, so any stands in for it.
        case = Case(facts, on, each.provision or provision("unscr-2375-11"), ship)
        zone = _zone(each, case)
        if zone.status != CONTRADICTED:
            rows.append(_row(each, case, zone))
    return sorted(rows, key=lambda row: (LIMIT, OPEN, LACKING, RULED_OUT).index(row.stands))


def _zone(each: Listed, case: Case) -> Shown:
    if not each.zones:
        return Shown(shown=2)
    return weigh({"fact": "zone", "of": "ship", "is": list(each.zones)}, case)


def _row(each: Listed, case: Case, zone: Shown) -> LawfulOption:
    weighed = {name: weigh(elements()[name].test, case) for name in each.conditions}
    told_zone = [_condition("zone", f"the ship is in: {', '.join(each.zones)}", zone)] if each.zones else []
    conditions = [*told_zone, *(_condition(name, elements()[name].says, s) for name, s in weighed.items())]
    return LawfulOption(
        option=each.option,
        provision=each.provision.id if each.provision else str(each.rests_on),
        zone=", ".join(each.zones) or ANYWHERE,
        conditions=tuple(conditions),
        who=each.who,
        stands=LIMIT if each.is_a_limit else _stands([zone, *weighed.values()]),
        binding=each.provision.binding if each.provision else str(each.rests_on),
        notice=each.notice.replace("{watchers}", _watchers(case.on)),
        escalation=each.escalation,
        evidence=evidence_of([fact for s in (zone, *weighed.values()) for fact in (*s.by, *s.against)]),
        ship=case.about,
    )


def _condition(name: str, says: str, shown: Shown) -> str:
    side = shown.against if shown.status == CONTRADICTED else shown.by
    known = "; ".join(told(fact) for fact in side[:2])
    return f"{name}: {shown.status} - {says}" + (f" ({known})" if known else "")


def _stands(sides: Sequence[Shown]) -> str:
    status = [each.status for each in sides]
    return RULED_OUT if CONTRADICTED in status else LACKING if MISSING in status else OPEN


def _watchers(on: date) -> str:
    names = [each.name for each in institutions() if each.active(on) and each.id != "1718-committee"]
    return " and ".join(names) or "no other body is at work that day"


@cache
def listed() -> tuple[Listed, ...]:
    """Read the options that come with clearwake.

    Raises:
        UnreadableFileError: If the file does not follow its schema.
    """
    return read_options((files("clearwake.law") / "options.yml").read_text("utf-8"), "options.yml")


def read_options(text: str, name: str) -> tuple[Listed, ...]:
    """Read options from YAML, checking every word.

    Raises:
        UnreadableFileError: If they do not follow the schema.
    """
    return tuple(_listed(each, name) for each in parsed(text, name))


_NEEDED = ("option", "provision", "zones", "conditions", "who", "notice", "escalation")


def _listed(said: Any, name: str) -> Listed:  # noqa: ANN401 - as the file has it
    given: Mapping[str, Any] = expect_fields(
        said, name, _NEEDED, (*_NEEDED, "unless", "is_a_limit", "rests_on", "also_for_immune")
    )
    where, zones = f"{name}, {given['option']}", given["zones"]
    known = vocabulary()["zone"].words
    are_zones = zones == ANYWHERE or (isinstance(zones, list) and zones and set(zones) <= set(known))
    expect(are_zones, where, zones, f"zones: any, or some of {', '.join(known)}")
    rests = bool(given["provision"]) != bool(given.get("rests_on"))
    expect(rests, where, given["provision"], "a provision, or what else it rests on")
    unknown = [each for each in given["conditions"] if each not in elements()]
    expect(not unknown, where, unknown, "conditions: names in elements.yml")
    return Listed(
        given["option"],
        provision(given["provision"]) if given["provision"] else None,
        given.get("rests_on"),
        provision(given["unless"]) if given.get("unless") else None,
        () if zones == ANYWHERE else tuple(zones),
        tuple(given["conditions"]) if given.get("also_for_immune") else (*given["conditions"], "not_immune"),
        given["who"],
        given["notice"],
        given["escalation"],
        bool(given.get("is_a_limit")),
    )
