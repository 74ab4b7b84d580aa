"""What a desk knows of owners on a day: tables and registers as they stand, lists in the edition in force that day."""

from __future__ import annotations

from datetime import date

import polars as pl

from clearwake.flow.listed import designations, today
from clearwake.lists.force import current, end_of, rows_of
from clearwake.model import Edition, Ownership, Party, Registration
from clearwake.ownership import Facts, find, standings
from clearwake.ownership.around import around
from clearwake.store import Store


def ownership(store: Store, on: date | None) -> pl.DataFrame:
    """Give how each party stands by the ownership rules on a day (today, if not given)."""
    day = on or today()
    return standings(ownership_facts(store, designations(store, day), day), day)


def owners_picture(store: Store, asked: str, on: date | None, form: str) -> bytes:
    """Draw who owns, controls and runs a party or ship on a day; see ``Desk.picture``."""
    day = on or today()
    return ownership_picture(ownership_facts(store, designations(store, day), day), asked, day, form)


def ownership_facts(store: Store, listed: pl.DataFrame, on: date) -> Facts:
    """Give what is known of who owns whom on a day.

    Args:
        store: The desk's tables.
        listed: The designations in force on the day.
        on: The day.
    """
    editions = current(store.scan("editions", record=Edition).collect(), end_of(on))
    parties = store.scan("parties", record=Party).collect()
    edges = store.scan("ownerships", record=Ownership).collect()
    registrations = store.scan("registrations", record=Registration).collect()
    parties, edges = (rows_of(rows, editions, by="source") for rows in (parties, edges))
    return Facts(parties, edges, listed, registrations)


def ownership_picture(facts: Facts, asked: str, on: date, form: str) -> bytes:
    """Draw who stands around a party on a day, as PNG or SVG.

    Args:
        facts: What is known.
        asked: The party: an id, an IMO number, or its exact name.
        on: The day.
        form: ``png`` or ``svg``.

    Raises:
        NotFoundError: If there is no such party.
    """
    from clearwake.dossier.chain import chain  # noqa: PLC0415 - drawing is slow to import and rarely wanted

    seen = around(find(facts, on), asked)
    middle = seen.parties.filter("is_asked").row(0, named=True)
    number = f" (IMO {middle['imo']})" if middle["imo"] else ""
    left_out = f"; {seen.left_out} more parties are not drawn" if seen.left_out else ""
    return chain(
        seen.parties,
        seen.links,
        title=f"{middle['name']}{number}: who stands around it",
        subtitle=f"Rules of the US, the EU and the UK on ownership and control, as of {on.day} {on:%B %Y}{left_out}",
        attribution="Drawn by clearwake from the tables, registers and lists this desk has read.  What is not known "
        "is not drawn; a picture is a reason to look, never a verdict.",
        form=form,
    )
