"""Parties and ships of shipments held against the lists, as of each shipment's own day.

Screening is another room's; this one says whom to ask about, and turns its answers into findings: listed on that day,
listed only later, or no longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from clearwake.goods.finding import Found, day_of, latest
from clearwake.model import Designation, Match, empty

ROLES = {"shipper": "shipper", "consignee": "consignee", "notify_party": "notify party"}

TOLD = ("match", "possible", "identity_conflict")
"""Tiers of screening that are reasons to look; a namesake is one against, and what was unscreenable says nothing."""


def asked(shipments: pl.DataFrame) -> pl.DataFrame:
    """Give what to screen: every party and ship named in shipments once, ``id, kind, name, imo, mmsi``.

    The ids are what ``listed`` finds the answers by.
    """
    parties = pl.concat([shipments.select(name=pl.col(role)) for role in ROLES])
    companies = parties.drop_nulls().filter(pl.col("name").str.len_chars() > 0).unique().sort("name")
    ships = (
        shipments.select("ship_name", "ship_imo", "ship_mmsi")
        .unique()
        .filter(pl.any_horizontal(pl.all().is_not_null()))
    )
    return pl.concat(
        [
            companies.select(
                id=_party_id("name"), kind=pl.lit("company"), name="name", imo=pl.lit(None, pl.String),
                mmsi=pl.lit(None, pl.Int64),
            ),
            ships.select(
                id=_ship_id(), kind=pl.lit("vessel"), name="ship_name", imo="ship_imo", mmsi="ship_mmsi"
            ).sort("id"),
        ]
    )  # fmt: skip


def _party_id(column: str) -> pl.Expr:
    return pl.format("party:{}", pl.col(column))


def _ship_id() -> pl.Expr:
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in ("ship_imo", "ship_mmsi", "ship_name")]
    return pl.format("ship:{}|{}|{}", *parts)


def ever_listed(designations: pl.DataFrame) -> pl.DataFrame:
    """Give every entry that any edition held ever had, in its last wording; those removed as if they were listed.

    Screening against these finds those who have been removed since; ``listed`` then asks for each shipment whether the
    entry was in force on its day.
    """
    part = pl.col("edition").str.replace(r":[^:]*$", "")
    newest = designations.sort("edition", "id", "line").unique(
        ["list", "id"], keep="last", maintain_order=True
    )
    was_listed = pl.when(pl.col("status") == "removed").then(pl.lit("listed")).otherwise("status")
    never = pl.lit(None, pl.Datetime("ms", "UTC"))
    return newest.with_columns(status=was_listed, edition=part, removed_on=never)


def listed(
    shipments: pl.DataFrame, matches: pl.DataFrame, designations: pl.DataFrame, on: date | None
) -> Iterator[Found]:
    """Find the parties and ships of shipments that lists name.

    Args:
        shipments: A table of ``Shipment``.
        matches: What screening answered to ``asked``, a table of ``Match``.
        designations: A table of ``Designation``, for the dates of listing.
        on: The day of the lists for shipments without a day.
    """
    known = matches if matches.width else empty(Match)
    hits = known.filter(pl.col("tier").is_in([*TOLD, "namesake"])).unique(
        ["id", "list", "entity_id"], keep="first"
    )
    if hits.is_empty():
        return
    since = _since(designations if designations.width else empty(Designation))
    told = (
        _named(shipments)
        .join(hits.rename({"id": "asked"}), on="asked")
        .join(since, left_on=["list", "entity_id"], right_on=["list", "id"], how="left")
    )
    for row in told.iter_rows(named=True):
        yield _found(row, on)


def _named(shipments: pl.DataFrame) -> pl.DataFrame:
    """Give one row for each party and ship that a shipment names, with the question it was asked about by."""
    base = ["id", "load_on", "discharge_on", "known_at"]
    parties = [
        shipments.filter(pl.col(role).is_not_null()).select(
            *base, role=pl.lit(word), said=pl.col(role), asked=_party_id(role)
        )
        for role, word in ROLES.items()
    ]
    words = [pl.col("ship_name"), pl.format("IMO {}", "ship_imo"), pl.format("MMSI {}", "ship_mmsi")]
    ship = shipments.select(*base, role=pl.lit("ship"), said=pl.concat_str(words, separator=", ", ignore_nulls=True),
                            asked=_ship_id())  # fmt: skip
    return pl.concat([*parties, ship]).unique(maintain_order=True)


def _since(designations: pl.DataFrame) -> pl.DataFrame:
    """Say of each entry since when and until when it was listed, by its own dates and by the editions that have it."""
    dated = designations.select(
        "list",
        "id",
        "listed_on",
        "removed_on",
        "status",
        part=pl.col("edition").str.replace(r":[^:]*$", ""),
        dated=pl.col("edition").str.extract(r"(\d{4}-\d{2}-\d{2})$").str.to_date(strict=False),
        learnt=pl.col("known_at"),
    )
    entries = (
        dated.sort("dated", nulls_last=False)
        .group_by("list", "id", maintain_order=True)
        .agg(
            pl.col("part").last(),
            pl.col("listed_on").min(),
            pl.col("removed_on").last(),
            pl.col("status").last(),
            pl.col("learnt").max(),
            seen_first=pl.col("dated").min(),
            seen_last=pl.col("dated").max(),
        )
    )
    editions = dated.select("list", "part", lacks="dated").drop_nulls().unique()
    later = entries.join(editions, on=["list", "part"]).filter(pl.col("lacks") > pl.col("seen_last"))
    return entries.join(
        later.group_by("list", "id").agg(pl.col("lacks").min()), on=["list", "id"], how="left"
    )


def _found(row: dict[str, Any], on: date | None) -> Found:
    day = day_of(row["load_on"]) or day_of(row["discharge_on"]) or on
    was, when = _was_listed(row, day)
    kind = (
        "namesake"
        if row["tier"] == "namesake"
        else ("listed_ship" if row["role"] == "ship" else "listed_party")
    )
    is_for: bool | None = False if kind == "namesake" else (True if was else None)
    verb = {
        "match": "is",
        "possible": "may be",
        "identity_conflict": "agrees in part with",
        "namesake": "is not",
    }
    reasons = "; ".join(row["reasons"] or [])
    sentence = (
        f"the {row['role']}, {row['said']}, {verb[row['tier']]} {row['entity_name']} of list {row['list']}, {when}"
        f": {reasons}"
    )
    return Found(
        str(row["id"]), kind, is_for, sentence, None, day, row["score"], (str(row["entity_id"]),),
        latest(row["known_at"], row["learnt"]),
    )  # fmt: skip


def _was_listed(row: dict[str, Any], day: date | None) -> tuple[bool, str]:
    """Say whether an entry was in force on a day, in words that give its dates."""
    since, until = day_of(row["listed_on"]), _until(row)
    if row["status"] not in ("listed", "removed"):
        return row[
            "status"
        ] == "reported", f"{row['status']}, which is no listing, since {since or 'an unknown day'}"
    if day is None:
        return (
            True,
            f"listed since {since or 'a day its list does not say'}; the shipment has no day to hold it against",
        )
    if since is not None and since > day:
        return False, f"listed on {since}, after the shipment of {day}: not listed then"
    if until is not None and until <= day:
        return False, f"no longer listed from {until}, before the shipment of {day}"
    return (
        (True, f"listed since {since}, in force on {day}") if since else _by_editions(row["seen_first"], day)
    )


def _by_editions(first: date | None, day: date) -> tuple[bool, str]:
    """Say what the earliest edition held that has an entry tells of a day, where the list does not say since when."""
    if first is not None and first <= day:
        return True, f"listed since when its list does not say, but by {first}, before the shipment of {day}"
    earliest = f"the earliest edition held that has it is of {first}" if first else "its edition has no date"
    return (
        False,
        f"since when its list does not say, and {earliest}: whether it was listed on {day} cannot be said",
    )


def _until(row: dict[str, Any]) -> date | None:
    """Give the day an entry ended: as its list says, else that of the first edition without it, else of its removal."""
    removed = day_of(row["removed_on"])
    lacks: date | None = row["lacks"]
    told: date | None = row["seen_last"] if row["status"] == "removed" else None
    return removed or lacks or told
