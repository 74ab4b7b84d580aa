"""The law on a day, as a table; it needs no desk.

Elements, options and clock (the room ``law``) are pure functions over facts; who has a case makes the facts.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from clearwake.model import LawProvision, table
from clearwake.statutes import Institution, Provision, elements, institutions, provisions


def law(on: date) -> pl.DataFrame:
    """Give the paragraphs in force on a day, in the schema of ``LawProvision``."""
    return as_table([each for each in provisions() if each.in_force(on)])


def institutions_on(on: date) -> list[Institution]:
    """Give the bodies at work on a day."""
    return [each for each in institutions() if each.active(on)]


def as_table(chosen: list[Provision]) -> pl.DataFrame:
    """Lay provisions out in the schema of ``LawProvision``."""
    return table([_row(each) for each in chosen], LawProvision)


def _row(each: Provision) -> LawProvision:
    return LawProvision(
        id=each.id,
        reference=each.reference,
        instrument=each.instrument,
        paragraph=each.paragraph,
        binding=each.binding,
        kind=each.kind,
        in_force_from=each.in_force_from,
        in_force_to=each.in_force_to,
        superseded_by=each.superseded_by,
        binds=each.binds,
        elements=each.elements,
        threshold=each.threshold,
        summary=each.summary,
        source=each.source,
        review=each.review,
    )


def in_full(each: Provision, on: date) -> str:
    """Write one paragraph out for a person to read, with its elements and what became of it by a day."""
    ended = f" to {each.in_force_to}" if each.in_force_to else ""
    stands = "in force" if each.in_force(on) else "not in force"
    told = [
        f"{each.reference}   ({each.id})",
        each.title,
        "",
        f"{each.summary}",
        "",
        f"binding     {each.binding} ({each.kind})",
        f"in force    {each.in_force_from}{ended}; {stands} on {on}",
        *([f"superseded  by {each.superseded_by}"] if each.superseded_by else []),
        f"binds       {each.binds}",
        f"threshold   {each.threshold or 'the text states none'}",
        "elements",
        *(f"  {name}: {elements()[name].says}" for name in each.elements),
        *(f"action      {a.day} {a.by}: {', '.join(a.named)} - {a.why}" for a in each.actions),
        f"source      {each.source}",
        *([f"review      {each.review}"] if each.review else []),
    ]
    return "\n".join(told) + "\n"
