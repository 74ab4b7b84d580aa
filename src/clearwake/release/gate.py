"""The gate before anything is published: what has to be so before a ship is named to everybody.

Each check says in a sentence what it found and what to do next; the gate names every one that fails.  It judges the
version that the public would read, not what the desk knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from clearwake.model import Case, Decision, Released
from clearwake.release.version import Levels
from clearwake.statutes import provisions

SHOWN = ("every element established", "every element at least indicated")
"""Outcomes of a provision with which a claim of breach can be published."""

ON_FILE = "no_exemption"
"""The element that files show and no observation can; where nobody looked, the check says so and passes."""

BREAKABLE = ("prohibition", "limit", "duty")
"""Kinds of paragraphs that somebody can have broken."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    is_passed: bool
    sentence: str
    do_next: str = ""


@dataclass(frozen=True)
class Known:
    """What the gate is told besides the case and its version."""

    outcomes: pl.DataFrame
    """``BreachOutcome`` of the version."""
    others: Mapping[str, Sequence[str]]
    """Per ship of the version: sentences about other hulls it could be."""
    faults: Sequence[str] = ()
    """What the version says that it must not."""
    hidden: Mapping[str, Sequence[str]] | None = None
    """Per photograph to be given: what it carries besides its pixels."""


def gate(case: Case, version: Released, known: Known, at: datetime) -> tuple[Check, ...]:
    """Look at everything that has to be so before a case is published.

    Args:
        case: As the desk has it.
        version: What the public would read.
        known: What was found out for the gate.
        at: When it is to be published.
    """
    return (
        _identity(version, known.others),
        _elements(known.outcomes),
        _sources(case, version),
        _markings(known.faults),
        _review(case),
        _reply(case, at.date()),
        _photographs(known.hidden or {}),
    )


def failed(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Give the checks that failed."""
    return tuple(c for c in checks if not c.is_passed)


def _identity(version: Released, others: Mapping[str, Sequence[str]]) -> Check:
    found = [told for ship in version.case.ships for told in others.get(ship, ())]
    if found:
        settle = "settle which hull it is (length, lineage, photographs), and name the ship by what only that hull has"
        return Check("identity", is_passed=False, sentence="; ".join(found), do_next=settle)
    named = [s for s in version.case.ships if s.startswith("ship:")]
    also = f"; {', '.join(named)} known by name or not at all" if named else ""
    return Check("identity", is_passed=True, sentence=f"no other hull is known that it could be{also}")


def _elements(outcomes: pl.DataFrame) -> Check:
    asked = outcomes.filter(pl.col("provision").is_in(_forbidding()))
    is_shown = pl.col("outcome").is_in(SHOWN)
    but_one = pl.col("lacking").list.set_difference([ON_FILE]).list.len() == 0
    shown = asked.filter(is_shown | ((pl.col("outcome") == "not shown") & but_one))
    if shown.height:
        named = ", ".join(shown["provision"].unique().sort())
        open_ones = ", ".join(shown.filter(~is_shown)["provision"].unique().sort())
        also = f"; nobody looked whether an exemption is on file: {open_ones}" if open_ones else ""
        told = f"elements shown from what is released: {named}{also}"
        return Check("elements", is_passed=True, sentence=told)
    told = "from what is released, no prohibition, limit or duty has every element even indicated"
    ask = "see clearwake elements; have more of it released, or add what is missing"
    return Check("elements", is_passed=False, sentence=told, do_next=ask)


def _forbidding() -> list[str]:
    """Name the paragraphs that can be broken; a zone or a power has elements too and accuses nobody."""
    return [each.id for each in provisions() if each.kind in BREAKABLE]


def _sources(case: Case, version: Released) -> Check:
    if "confirmed" in version.case.standing:
        told = "the released version carries the confirmation, on independent sources or two people"
        return Check("sources", is_passed=True, sentence=told)
    told = f"the released version is {', '.join(version.case.standing) or version.case.state}, not confirmed"
    return Check("sources", is_passed=False, sentence=told, do_next=_confirm_for_all(case, version))


def _confirm_for_all(case: Case, version: Released) -> str:
    """Say how a confirmation can come into the version: made anew on what may be given, marked as it is to be given."""
    levels = Levels(case, version.audience)
    may_be_given = ",".join(item.id for item in case.items if levels.of(item.id) == "full")
    if not may_be_given:
        ask = "no evidence may be given in full: have its originators permit it"
        return f"{ask} (clearwake case decide CASE permit), or add some"
    first = "clearwake case decide CASE take-up, then by each who confirms: "
    return (
        f"{'' if 'in confirmation' in case.standing else first}clearwake case decide CASE confirm "
        f"--rests-on {may_be_given} --tlp CLEAR: two people, or two sources among those items; then have it reviewed "
        "again"
    )


def _markings(faults: Sequence[str]) -> Check:
    if not faults:
        return Check(
            "markings", is_passed=True, sentence="all that is given may be given, and quotes nothing withheld"
        )
    return Check(
        "markings",
        is_passed=False,
        sentence="; ".join(faults),
        do_next="write those texts anew, or have them permitted",
    )


def _review(case: Case) -> Check:
    last = {d.act: n for n, d in enumerate(case.decisions)}
    if last.get("review", -1) > last.get("confirm", -1):
        by = case.decisions[last["review"]]
        return Check("legal review", is_passed=True, sentence=f"reviewed by {by.who} on {by.at:%Y-%m-%d}")
    told = "no legal adviser reviewed it since it was confirmed"
    return Check(
        "legal review",
        is_passed=False,
        sentence=told,
        do_next='clearwake case decide CASE review --role "legal adviser"',
    )


def _reply(case: Case, today: date) -> Check:
    offers = [d for d in case.decisions if d.act == "offer_reply"]
    if any(d.act == "reply" for d in case.decisions):
        return Check(
            "reply", is_passed=True, sentence="those named have answered, and the answer is in the case"
        )
    untils = [u for d in offers if (u := _day(d.told.get("until", ""))) is not None]
    if untils and max(untils) <= today:
        last = max(offers, key=lambda d: d.told.get("until", ""))
        return Check(
            "reply", is_passed=True, sentence=f"a reply {_offered(last)} until {max(untils)}; none came"
        )
    told = (
        f"a reply is offered until {max(untils)}, which is yet to come"
        if untils
        else "nobody was offered a reply"
    )
    return Check(
        "reply",
        is_passed=False,
        sentence=told,
        do_next="clearwake case decide CASE offer_reply --tell until=DAY, and wait",
    )


def _offered(offer: Decision) -> str:
    """Say when a reply was offered and, where that was put on record later, on which day."""
    said, entered = _day(offer.told.get("on", "")), offer.at.date()
    if said is None or said == entered:
        return f"was offered on {entered}"
    until = _day(offer.told.get("until", ""))
    over = ", when the time it gives was over" if until is not None and until <= entered else ""
    return f"is said to have been offered on {said} (put on record on {entered}{over})"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _photographs(hidden: Mapping[str, Sequence[str]]) -> Check:
    bad = {name: what for name, what in hidden.items() if what}
    if not bad:
        return Check(
            "photographs", is_passed=True, sentence=f"{len(hidden)} photographs, pixels and nothing else"
        )
    told = "; ".join(f"{name} carries {', '.join(what)}" for name, what in bad.items())
    return Check(
        "photographs", is_passed=False, sentence=told, do_next="give them as JPEG or PNG, written anew"
    )
