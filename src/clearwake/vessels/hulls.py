"""Across MMSIs, registers and lists: which personas and entries are one hull.

A usable IMO number is the backbone: whoever gives it is that hull, renamed, reflagged or under another MMSI, unless
that cannot be: lengths no one ship has, or another ship heard under it at the same time.  Then the others are rivals,
hulls of their own.  Without an IMO number a name and a call sign together make two personas one, never either alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from clearwake.model import schema
from clearwake.model.record import Count, Identifier, Metres, Text, Texts, Time
from clearwake.vessels.personas import components, lengths_apart

MOST_PER_NUMBER = 20
"""An IMO number that more MMSIs give than this is typed to fill the field: it joins no two of them."""

MOST_PER_PAIR = 3
"""A name and call sign that more MMSIs give than this are a default: they join none."""


@dataclass(frozen=True)
class Node:
    """What is put together into hulls: a persona (kind ``claims``), an entry of a register, an entry of a list."""

    node: Identifier
    kind: Text
    imo: Text | None
    mmsi: Identifier | None
    first: Time | None
    last: Time | None
    reports: Count | None
    length_m: Metres | None
    names: Texts
    callsigns: Texts
    reference: Text | None
    """What to call it, where no number does."""
    content: Identifier | None
    """A number made of all that an entry says."""


NODES = schema(Node)

_RANKS = {"registration": 0, "designation": 1, "claims": 2}
"""Who says best whose an IMO number is: a register, a list, the ship itself."""


def hulls(nodes: pl.DataFrame) -> pl.DataFrame:
    """Put nodes together: ``node, hull`` (a number that nodes of one hull have in common) and ``why``.

    ``why`` says of a hull that gives an IMO number as a rival of another hull what keeps them apart.
    """
    numbered = _by_number(nodes.drop_nulls("imo"))
    bare = nodes.filter(pl.col("imo").is_null())
    lent = _by_pair(bare, nodes.join(numbered, on="node"))
    left = bare.join(lent, on="node", how="anti")
    rest = _among_themselves(left, nodes.join(pl.concat([numbered.drop("why"), lent]), on="node", how="left"))
    none = pl.lit(None, pl.String).alias("why")
    return pl.concat([numbered, lent.with_columns(none), rest.with_columns(none)])


def _by_number(nodes: pl.DataFrame) -> pl.DataFrame:
    """Gather nodes of one IMO number around the one that says best whose it is; the others around the next ..."""
    mmsis = pl.col("mmsi").filter(pl.col("kind") == "claims").n_unique().over("imo")
    filler = (mmsis > MOST_PER_NUMBER) & (pl.col("kind") == "claims")
    left = nodes.with_columns(
        rank=pl.col("kind").replace_strict(_RANKS, return_dtype=pl.Int8), is_filler=filler
    )
    left = left.sort("imo", "rank", pl.col("length_m").is_null(), "reports", "mmsi", "reference", "content", "node",
                     descending=[False, False, False, True, False, False, False, False])  # fmt: skip
    found, why = [], pl.DataFrame(schema={"node": pl.Int64, "why": pl.String})
    while left.height:
        centres = left.unique("imo", keep="first", maintain_order=True)
        pairs = left.join(centres, on="imo", suffix="_of", maintain_order="left")
        pairs = pairs.with_columns(apart=pl.when(pl.col("node") != pl.col("node_of")).then(_apart()))
        joined = pairs.filter(pl.col("apart").is_null())
        found.append(
            joined.select("node", hull="node_of").join(why, left_on="hull", right_on="node", how="left")
        )
        rest = pairs.filter(pl.col("apart").is_not_null())
        why = pl.concat([why, rest.select("node", why="apart")]).unique(
            "node", keep="first", maintain_order=True
        )
        left = left.join(rest.select("node"), on="node", how="semi", maintain_order="left")
    empty = pl.DataFrame(schema={"node": pl.Int64, "hull": pl.Int64, "why": pl.String})
    return pl.concat([empty, *found])


def _apart() -> pl.Expr:
    """Say why two nodes of one IMO number are not one hull; null where they may be."""
    ours, theirs = pl.col("names"), pl.col("names_of")
    other_name = (ours.list.len() > 0) & (theirs.list.len() > 0) & (_common(ours, theirs) == 0)
    same_sign = _common(pl.col("callsigns"), pl.col("callsigns_of")) > 0
    together = pl.min_horizontal("last", "last_of") > pl.max_horizontal("first", "first_of")
    both_heard = (pl.col("kind") == "claims") & (pl.col("kind_of") == "claims")
    at_once = both_heard & together.fill_null(value=False) & other_name & ~same_sign
    told = pl.format(
        "lengths of {} m and {} m cannot be one ship's", _metres("length_m"), _metres("length_m_of")
    )
    return (
        pl.when(pl.col("is_filler") & both_heard).then(pl.lit("so many MMSIs give the number that it says nothing"))
        .when(lengths_apart("length_m", "length_m_of")).then(told)
        .when(at_once).then(pl.lit("both were heard at the same time under other names and call signs"))
    )  # fmt: skip


def _metres(length: str) -> pl.Expr:
    return pl.col(length).round(0).cast(pl.Int64)


def _common(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    return one.list.set_intersection(other).list.len()


def _pairs(nodes: pl.DataFrame) -> pl.DataFrame:
    """Give the names and call signs of nodes, each with each: ``node, name, callsign`` and what else they have."""
    return nodes.explode("names").explode("callsigns").drop_nulls(["names", "callsigns"])


def _by_pair(bare: pl.DataFrame, owned: pl.DataFrame) -> pl.DataFrame:
    """Give nodes without an IMO number the one hull with one that has the same name and call sign: ``node, hull``."""
    mine, theirs = _pairs(bare), _pairs(owned).select("names", "callsigns", "hull", "length_m")
    met = mine.join(theirs, on=["names", "callsigns"], suffix="_of")
    met = met.filter(~lengths_apart("length_m", "length_m_of"))
    several = met.group_by("node").agg(pl.col("hull").min(), count=pl.col("hull").n_unique())
    return several.filter(pl.col("count") == 1).select("node", "hull")


def _among_themselves(left: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    """Join what has no IMO number: by name and call sign together, entries also to the ship heard under their MMSI."""
    pairs = _pairs(left).filter(pl.col("mmsi").n_unique().over("names", "callsigns") <= MOST_PER_PAIR)
    same = pairs.select("node", hub=pl.col("node").min().over("names", "callsigns")).unique()
    by_mmsi = _by_mmsi(left.filter(pl.col("kind") != "claims"), every.filter(pl.col("kind") == "claims"))
    by_mmsi = pl.concat([by_mmsi, _by_register(left, every)])
    inner = by_mmsi.filter(pl.col("hull").is_null()).select("node", hub="other")
    edges = pl.concat([same, inner])
    places = left.select("node").with_row_index("place").with_columns(pl.col("place").cast(pl.Int64))
    ends = edges.join(places, on="node").join(places, left_on="hub", right_on="node", suffix="_hub")
    label = components(ends["place"].to_numpy(), ends["place_hub"].to_numpy(), places.height)
    grouped = places.select("node", label=pl.Series(label, dtype=pl.Int64))
    outer = by_mmsi.drop_nulls("hull").select("node", "hull").join(grouped, on="node")
    taken = outer.sort("label", "hull").unique("label", keep="first").select("label", "hull")
    own = grouped.join(taken, on="label", how="left")
    return own.select("node", hull=pl.coalesce("hull", pl.col("node").min().over("label")))


def _by_mmsi(entries: pl.DataFrame, heard: pl.DataFrame) -> pl.DataFrame:
    """Find the ship heard under the MMSI an entry gives: ``node, other, hull`` (null where that has no hull yet).

    Of several the one whose name or call sign agrees.  A list's entry needs such an agreement in any case; a
    register's is believed unless name and call sign both differ.
    """
    met = entries.drop_nulls("mmsi").join(heard, on="mmsi", suffix="_of")
    met = met.with_columns(
        agree=(_common(pl.col("names"), pl.col("names_of")) > 0).cast(pl.Int8)
        + (_common(pl.col("callsigns"), pl.col("callsigns_of")) > 0).cast(pl.Int8),
        differ=_differ("names") & _differ("callsigns"),
        among=pl.len().over("node"),
    )
    is_alone = (pl.col("among") == 1) & (pl.col("kind") == "registration") & ~pl.col("differ")
    met = met.filter((pl.col("agree") > 0) | is_alone, ~lengths_apart("length_m", "length_m_of"))
    best = met.sort("node", "agree", "reports_of", "node_of", descending=[False, True, True, False])
    return best.unique("node", keep="first", maintain_order=True).select("node", other="node_of", hull="hull")


def _by_register(left: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    """Find the entry that names the ship of an MMSI which was never heard, for entries that give nothing but the MMSI.

    Gives ``node, other, hull`` as ``_by_mmsi`` does.  Of several that name different ships, none.
    """
    heard = every.filter(pl.col("kind") == "claims").select("mmsi")
    entries = (
        every.filter(pl.col("kind") == "registration").drop_nulls("mmsi").join(heard, on="mmsi", how="anti")
    )
    is_bare = (
        pl.col("imo").is_null() & (pl.col("names").list.len() == 0) & (pl.col("callsigns").list.len() == 0)
    )
    bare = entries.filter(is_bare).join(left.select("node"), on="node", how="semi")
    telling = entries.filter(~is_bare).with_columns(whose=pl.coalesce("hull", "node"))
    telling = telling.filter(pl.col("whose").n_unique().over("mmsi") == 1)
    telling = telling.sort("node").unique("mmsi", keep="first", maintain_order=True)
    least = bare.group_by("mmsi").agg(least=pl.col("node").min())
    met = bare.join(least, on="mmsi").join(telling, on="mmsi", how="left", suffix="_of")
    fits = pl.col("node_of").is_not_null() & ~lengths_apart("length_m", "length_m_of")
    return met.select(
        "node", other=pl.when(fits).then("node_of").otherwise("least"), hull=pl.when(fits).then("hull_of")
    )


def _differ(column: str) -> pl.Expr:
    ours, theirs = pl.col(column), pl.col(f"{column}_of")
    return (ours.list.len() > 0) & (theirs.list.len() > 0) & (_common(ours, theirs) == 0)
