"""Who is who: parties of many sources brought together, and ties that are only possible.

Parties are one where a source says so (its own id), where they have the same valid IMO number of the same kind, the
same exact name within one source that knows no second of that name, the same exact name and country (companies) or
date of birth (persons), or the same registration number and name.  The same folded name alone is a *tie*: perhaps
one party.  A tie never makes anyone blocked, only possibly so, and never crosses a known difference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from clearwake.model.identifiers import is_company_imo, is_ship_imo
from clearwake.names.exact import exact, unordered
from clearwake.names.flags import read_flags
from clearwake.ownership.papers import NAMED, NO_TEXTS
from clearwake.ownership.spread import Ints

"""Of the check digits: IMO resolution A.1117(30); for companies as in ``model.identifiers``."""

LEAST_REGISTRATION = 5
"""Characters; shorter numbers are too common to identify."""

FULL_DATE = 10
"""Characters of a whole date of birth."""


@dataclass(frozen=True)
class People:
    """Every party of every source, and which of them are one."""

    rows: pl.DataFrame
    """One row a source and id: ``row, node, source, id, kind, name, exact, country, ...`` in the order of both."""
    nodes: pl.DataFrame
    """One row a party: ``node, id, kind, name, country, imo, ids, issues``."""
    ties: pl.DataFrame
    """``a, b``: nodes of one folded name, perhaps one party; each pair both ways."""

    def node_of(self, edges: pl.DataFrame, side: str) -> pl.Series:
        """Give the node of one end of each edge: ``(n,) -> (n,)``."""
        keys = self.rows.select("source", "node", side=pl.col("id")).with_columns(_hashed("side"))
        ends = edges.select("source", side=side).with_columns(_hashed("side"))
        # Numbers join several times as fast as text; that no two texts had one number is looked at afterwards.
        found = ends.join(keys, on="key", how="left", maintain_order="left")
        is_right = (pl.col("source") == pl.col("source_right")) & (pl.col("side") == pl.col("side_right"))
        if found.height == ends.height and found.select(is_right.all(ignore_nulls=False)).item():
            return found["node"]
        return ends.join(keys, on=["source", "side"], how="left", maintain_order="left")["node"]


def _hashed(column: str) -> pl.Expr:
    return (pl.col("source").hash(seed=1) ^ pl.col(column).hash(seed=2)).alias("key")


def people(parties: pl.DataFrame, edges: pl.DataFrame) -> People:
    """Bring parties together; an id that edges name and no party has becomes a party known by its id.

    Args:
        parties: A table of ``Party``.
        edges: A table of ``Ownership``.
    """
    rows = _prepared(_every(parties, edges))
    pairs = pl.concat(
        [
            _same_imo(rows),
            _same_list_id(rows),
            _same_in_source(rows),
            _same_described(rows),
            _same_number(rows),
        ]
    )
    rows = rows.with_columns(node=_numbered(rows.height, pairs))
    return People(rows, _nodes(rows), _ties(rows))


def _every(parties: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    columns = (
        "source",
        "id",
        "kind",
        "name",
        "country",
        "birth_date",
        "registration",
        "imo",
        "aliases",
        "issues",
    )
    known = parties.select(columns).filter(pl.col("id").is_not_null())
    ends = pl.concat([edges.select("source", id="owner"), edges.select("source", id="owned")]).unique()
    absent = ends.join(known, on=["source", "id"], how="anti").with_columns(kind=pl.lit("unknown"), name="id")
    every = pl.concat([known, absent], how="diagonal").sort(
        "source", "id", "name", "country", maintain_order=True
    )
    is_twice = pl.struct("source", "id").is_duplicated()
    alone, twice = every.filter(~is_twice), every.filter(is_twice)
    firsts = pl.col("name", "country", "birth_date", "registration", "imo").drop_nulls().first()
    names = pl.concat_list(pl.concat_list("name"), pl.col("aliases").fill_null(NO_TEXTS))
    once = twice.group_by("source", "id").agg(
        pl.col("kind").filter(pl.col("kind") != "unknown").first().fill_null("unknown"),
        firsts,
        names.explode().drop_nulls().unique().sort().alias("aliases"),
        pl.col("issues").explode().drop_nulls().unique().sort(),
    )
    return pl.concat([alone, once.select(alone.columns)]).sort("source", "id").with_row_index("row")


def _prepared(rows: pl.DataFrame) -> pl.DataFrame:
    """Add what parties are compared by."""
    country = read_flags(rows["country"])
    made = pl.col("id").str.starts_with("name:") | pl.col("id").str.contains(NAMED, literal=True)
    imo = pl.col("imo").str.extract(r"^(\d{7})$")
    number = pl.col("registration").str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    return rows.with_columns(
        exact=exact(rows["name"]),
        nation=country.zip_with(country.is_not_null(), rows["country"].str.to_uppercase()),
        is_made=made,
        number=pl.when(number.str.len_chars() >= LEAST_REGISTRATION).then(number),
        sound_imo=pl.when(_identifies(imo)).then(imo),
        born=pl.col("birth_date").str.slice(0, 4),
    )


def _identifies(imo: pl.Expr) -> pl.Expr:
    """Say whether a number can identify what the party is, ship or company; of another or unknown kind, none can."""
    kind = pl.col("kind")
    return (kind == "vessel") & is_ship_imo(imo) | (kind == "company") & is_company_imo(imo)


PAIRS = pl.Schema({"a": pl.UInt32(), "b": pl.UInt32()})


def _paired(rows: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Pair each row with the first of those that have the same keys, none of them null."""
    known = rows.drop_nulls(list(keys))
    first = pl.col("row").min().over(keys)
    shared = known.filter(pl.struct(keys).is_duplicated())
    return shared.select(a=first, b="row").filter(pl.col("a") != pl.col("b")).cast(PAIRS)


def _same_imo(rows: pl.DataFrame) -> pl.DataFrame:
    return _paired(rows, "kind", "sound_imo")


def _same_list_id(rows: pl.DataFrame) -> pl.DataFrame:
    """Pair an id of the form ``list:number`` with the entry of that list, whoever writes it."""
    entries = rows.filter(pl.col("id").str.starts_with(pl.col("source") + ":")).select(
        "id", a="row", home="source"
    )
    return (
        rows.join(entries, on="id")
        .filter(pl.col("source") != pl.col("home"))
        .select("a", b="row")
        .cast(PAIRS)
    )


def _same_in_source(rows: pl.DataFrame) -> pl.DataFrame:
    """Pair what one source calls by one name, if it knows no second of that name."""
    parties = rows.filter(pl.col("kind") != "vessel").drop_nulls("exact")
    shared = parties.filter(pl.struct("source", "exact").is_duplicated())
    by_name = ("source", "exact")
    alone = [pl.col(name).n_unique().over(by_name) - pl.col(name).is_null().any().over(by_name).cast(pl.UInt32) <= 1
             for name in ("nation", "number", "sound_imo", "birth_date")]  # fmt: skip
    kinds = pl.col("kind").filter(pl.col("kind") != "unknown").n_unique().over(by_name) <= 1
    given = (~pl.col("is_made")).sum().over(by_name) <= 1
    return _paired(shared.filter(pl.col("is_made").any().over(by_name), *alone, kinds, given), *by_name)


def _same_described(rows: pl.DataFrame) -> pl.DataFrame:
    """Pair companies of one exact name and country, and persons of one exact name and date of birth."""
    companies = rows.filter(pl.col("kind").is_in(["company", "unknown"])).drop_nulls(["exact", "nation"])
    key = ("exact", "nation")
    shared = companies.filter(pl.struct(key).is_duplicated())
    same = [pl.col(name).drop_nulls().n_unique().over(key) <= 1 for name in ("number", "sound_imo", "born")]
    persons = rows.filter(pl.col("kind") == "person", pl.col("birth_date").str.len_chars() >= FULL_DATE)
    return pl.concat([_paired(shared.filter(same), *key), _paired(persons, "exact", "birth_date")])


def _same_number(rows: pl.DataFrame) -> pl.DataFrame:
    return _paired(rows.filter(pl.col("kind") != "vessel"), "number", "exact")


def _numbered(count: int, pairs: pl.DataFrame) -> pl.Series:
    """Number the parties that pairs make one, in the order of their first rows."""
    a, b = pairs["a"].to_numpy(), pairs["b"].to_numpy()
    graph = coo_array((np.ones(a.size, np.int8), (a, b)), shape=(count, count))
    labels = (
        connected_components(graph, directed=False)[1].astype(np.int64) if count else np.zeros(0, np.int64)
    )
    return pl.Series("node", _in_order(labels), pl.Int64)


def _in_order(labels: Ints) -> Ints:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(first.size, np.int64)
    rank[np.argsort(first)] = np.arange(first.size)
    return rank[inverse]


def _nodes(rows: pl.DataFrame) -> pl.DataFrame:
    """Tell each party once: entries of lists and ids their sources gave go before made ones."""
    is_twice = pl.col("node").is_duplicated()
    columns = ("node", "id", "kind", "name", "nation", "sound_imo", "imo", "issues")
    alone = rows.filter(~is_twice).select(*columns, ids=pl.concat_list("id"))
    several = rows.filter(is_twice).sort("is_made", "row").group_by("node").agg(
        pl.col("id").first(),
        pl.col("kind").filter(pl.col("kind") != "unknown").first().fill_null("unknown"),
        pl.col("name").first(),
        pl.col("nation", "sound_imo", "imo").drop_nulls().first(),
        pl.col("issues").explode().drop_nulls().unique().sort(),
        pl.col("id").unique().sort().alias("ids"),
    )  # fmt: skip
    both = pl.concat([alone, several.select(alone.columns)]).sort("node")
    return (
        both.with_columns(imo=pl.coalesce("sound_imo", "imo")).rename({"nation": "country"}).drop("sound_imo")
    )


def _ties(rows: pl.DataFrame) -> pl.DataFrame:
    """Tie parties of one folded name, where all that is known of those who bear it agrees."""
    parties = rows.filter(pl.col("kind") != "vessel")
    named = parties.with_columns(fold=unordered(parties["exact"])).drop_nulls("fold")
    shared = named.filter(pl.col("fold").is_duplicated())
    agree = [
        pl.col(name).drop_nulls().n_unique().over("fold") <= 1
        for name in ("nation", "number", "sound_imo", "born")
    ]
    kinds = pl.col("kind").filter(pl.col("kind") != "unknown").n_unique().over("fold") <= 1
    agreeing = shared.filter(kinds, *agree)
    pairs = (
        agreeing.select(a=pl.col("node").min().over("fold"), b="node")
        .filter(pl.col("a") != pl.col("b"))
        .unique()
    )
    return pl.concat([pairs, pairs.select(a="b", b="a")]).sort("a", "b")
