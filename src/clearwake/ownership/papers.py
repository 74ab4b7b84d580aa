"""Parties and edges that other facts tell: list entries with their owners and links, and the columns of registers.

Nothing here knows a share: a register names an owner and a list names a link, so the share is 0 to 100 percent.
"""

from __future__ import annotations

import polars as pl

from clearwake.model import Designation, Ownership, Party, Registration, conform, empty
from clearwake.names.exact import exact

NAMED = ":named:"
"""Stands in the id of a party of which its source says nothing but a name."""

REGISTER_ROLES = {
    "owner": "owner",
    "beneficial_owner": "beneficial owner",
    "manager": "manager",
    "ism_company": "ism company",
    "operator": "operator",
}
"""Columns of ``Registration`` and the role each is."""

HAS_SHARE = ("owner", "beneficial owner")

NO_TEXTS = pl.lit([], dtype=pl.List(pl.String))

Facts = tuple[pl.DataFrame, pl.DataFrame]
"""A table of ``Party`` and one of ``Ownership``."""


def of_lists(designations: pl.DataFrame) -> Facts:
    """Give the entries of lists as parties, and the owners and links they name as edges.

    A name leads to the entry of the same list that alone has it (see ``identity``), else to a party known by its
    name alone.  "Linked To" says no share: it is a link, never ownership.

    Args:
        designations: A table of ``Designation``.
    """
    if designations.is_empty():
        return empty(Party), empty(Ownership)
    entries = conform(designations, Designation).unique("id", keep="first", maintain_order=True)
    others = ("aliases", "former_names", "weak_names")
    names = pl.concat_list(pl.col(name).fill_null(NO_TEXTS) for name in others)
    parties = entries.select(
        "id", "kind", "name", "birth_date", "registration", "imo", "issues", "receipt", "line", "known_at", "edition",
        source="list", aliases=names, country=pl.coalesce("country", "flag"),
    )  # fmt: skip
    linked = entries.select(
        "id", "list", "receipt", "line", "edition", "linked_to", role=pl.lit("linked")
    ).explode("linked_to")
    owned = entries.select(
        "id", "list", "receipt", "line", "edition", linked_to="owner", role=pl.lit("owner")
    )
    told = pl.concat([linked, owned]).drop_nulls("linked_to")
    named = told.with_columns(other=_named("list", "linked_to")).drop_nulls("other")
    edges = named.select(
        "role", "receipt", "line", "edition", source="list", owner="other", owned="id", **_no_share("role")
    )
    who = named.select(
        "receipt", "line", "edition", id="other", source="list", kind=pl.lit("unknown"), name="linked_to"
    )
    once = who.unique("id", keep="first", maintain_order=True)
    return pl.concat([conform(parties, Party), conform(once, Party)]), conform(edges, Ownership)


def of_registers(registrations: pl.DataFrame) -> Facts:
    """Give the ships of registers and the owners, managers, ISM companies and operators they name.

    A ship is known by its IMO number, else by its MMSI, else by its name within its register.

    Args:
        registrations: A table of ``Registration``.
    """
    if registrations.is_empty():
        return empty(Party), empty(Ownership)
    rows = conform(registrations, Registration)
    ship = pl.coalesce(
        pl.format("imo:{}", "imo"), pl.format("mmsi:{}", "mmsi"), pl.format("ship:{}", exact(rows["name"]))
    )
    rows = rows.with_columns(ship=ship).drop_nulls("ship")
    told = rows.unpivot(
        list(REGISTER_ROLES), index=["ship", "source", "valid_from", "valid_to", "receipt", "line", "known_at"],
        variable_name="column", value_name="who",
    ).drop_nulls("who")  # fmt: skip
    told = told.with_columns(
        role=pl.col("column").replace_strict(REGISTER_ROLES, return_dtype=pl.String),
        other=_named("source", "who"),
    ).drop_nulls("other")
    edges = told.select(
        "source", "role", "valid_from", "valid_to", "receipt", "line", "known_at", owner="other", owned="ship",
        **_no_share("role"),
    )  # fmt: skip
    ships = rows.select(
        "source", "imo", "receipt", "line", "known_at", id="ship", kind=pl.lit("vessel"), country="flag",
        name=pl.coalesce("name", pl.format("IMO {}", "imo"), "ship"), aliases="former_names",
    )  # fmt: skip
    who = told.select("source", "receipt", "line", "known_at", id="other", kind=pl.lit("company"), name="who")
    both = (conform(frame, Party) for frame in (_latest(ships), who))
    parties = pl.concat(both).unique(["source", "id"], keep="first", maintain_order=True)
    return parties, conform(edges, Ownership)


def _latest(ships: pl.DataFrame) -> pl.DataFrame:
    """Keep each ship once, with all its names."""
    names = pl.concat_list(pl.concat_list("name"), pl.col("aliases").fill_null(NO_TEXTS))
    firsts = pl.col("imo", "receipt", "line", "known_at", "kind", "country").drop_nulls().first()
    every = names.explode().drop_nulls().unique(maintain_order=True)
    return ships.group_by("source", "id", maintain_order=True).agg(
        firsts, pl.col("name").first(), every.slice(1).alias("aliases")
    )


def _named(source: str, name: str) -> pl.Expr:
    """Give the id of a party of which its source says nothing but a name; null for a name that names nobody."""
    told = pl.col(name).map_batches(exact, pl.String)
    return pl.format(f"{{}}{NAMED}{{}}", source, told)


def _no_share(role: str) -> dict[str, pl.Expr]:
    has_share = pl.col(role).is_in(HAS_SHARE)
    return {"share_low": pl.when(has_share).then(0.0), "share_high": pl.when(has_share).then(100.0)}
