"""Within one MMSI: which claims are one ship's.

An MMSI is reassigned, shared and mistyped, so its claims are first parted into groups that say the same IMO number,
call sign or name, and then put together again: groups that follow one another in time are one ship renamed, unless
the number is one that many hulls use, or two groups are heard again and again at the same time.  What is left apart
is a persona: one ship under one MMSI.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from clearwake.vessels.hanging import MOST_GROUPS, apart_ms, groups, hang, hours, is_slip

LENGTH_APART_M, LENGTH_APART_SHARE = 20.0, 0.2
"""Lengths further apart than both cannot be one ship's: typed lengths of one ship differ by a few metres."""

SAME = ("mmsi", "imo_key", "name_key", "callsign_key")


def statements(claims: pl.DataFrame) -> pl.DataFrame:
    """Sum up keyed claims: one row per MMSI, IMO, name and call sign key, with ``statement``, its number.

    Gives ``first``, ``last``, ``reports`` and ``length_m``, the middle of those claimed.
    """
    summed = claims.group_by(SAME).agg(
        first=pl.col("first_seen").min(),
        last=pl.col("last_seen").max(),
        reports=pl.col("reports").sum(),
        length_m=pl.col("length_m").median(),
    )
    return summed.sort(SAME).with_row_index("statement").with_columns(pl.col("statement").cast(pl.Int64))


def personas(said: pl.DataFrame, heard: pl.DataFrame, shared: pl.Series) -> pl.DataFrame:
    """Put the statements of each MMSI together into personas.

    Args:
        said: ``statements``.
        heard: When each was made: ``statement, hour``.
        shared: MMSIs under which tracks show several hulls at once.

    Returns:
        ``statement``, ``imo`` (the persona's IMO number: another than the statement's own where that is a slip) and
        ``persona``: a number that two statements have in common if they are one ship's.
    """
    read = said.join(_meant_imos(said), on=["mmsi", "imo_key"], how="left")
    read = read.join(_passing_imos(said), on=["mmsi", "imo_key"], how="left")
    own = pl.when(pl.col("is_passing").is_null()).then("imo_key")
    read = read.with_columns(imo=pl.coalesce("meant", own)).drop("meant", "is_passing")
    grouped = _grouped(read)
    hung = hang(groups(grouped), hours(grouped, heard), shared)
    return grouped.join(hung, on="group").select("statement", "imo", "persona")


# IMO numbers of one MMSI that are one ship's


def _meant_imos(said: pl.DataFrame) -> pl.DataFrame:
    """Find IMO numbers that stand for another one of the same MMSI: ``mmsi, imo_key, meant``.

    Either a slip beside the other, under the same name or call sign, or under no other; or, however often, under the
    same name, call sign and length.
    """
    with_imo = said.drop_nulls("imo_key")
    totals = with_imo.group_by("mmsi", "imo_key").agg(
        pl.col("reports").sum(), pl.col("first").min(), pl.col("last").max(), pl.col("length_m").median(),
        names=pl.col("name_key").drop_nulls().unique(), callsigns=pl.col("callsign_key").drop_nulls().unique(),
    )  # fmt: skip
    several = totals.filter(pl.len().over("mmsi").is_between(2, MOST_GROUPS))
    pairs = several.join(several, on="mmsi", suffix="_other").filter(_is_lesser())
    in_names = pl.col("names").list.set_intersection("names_other").list.len() > 0
    in_callsigns = pl.col("callsigns").list.set_intersection("callsigns_other").list.len() > 0
    says_no_more = (pl.col("names").list.len() == 0) & (pl.col("callsigns").list.len() == 0)
    slip = is_slip("reports", "reports_other") & (in_names | in_callsigns | says_no_more)
    same = in_names & in_callsigns & ~lengths_apart("length_m", "length_m_other")
    found = pairs.filter(slip | same).sort(
        "mmsi", "imo_key", "reports_other", "imo_key_other", descending=[False, False, True, False]
    )
    meant = found.group_by("mmsi", "imo_key").agg(meant=pl.col("imo_key_other").first())
    further = meant.rename({"imo_key": "meant", "meant": "further"})
    return meant.join(further, on=["mmsi", "meant"], how="left").select(
        "mmsi", "imo_key", meant=pl.coalesce("further", "meant")
    )


PASSING_REPORTS, PASSING_SHARE = 2, 0.05
"""An IMO number given at most so often, and in at most this share of the times that the same ship gave name and call
sign, else without a number, is a slip."""


def _passing_imos(said: pl.DataFrame) -> pl.DataFrame:
    """Find IMO numbers given once or twice by a ship that else gives none: ``mmsi, imo_key, is_passing``."""
    full = said.filter(pl.col("name_key").is_not_null() & pl.col("callsign_key").is_not_null())
    same = ("mmsi", "name_key", "callsign_key")
    without = full.filter(pl.col("imo_key").is_null()).group_by(same).agg(without=pl.col("reports").sum())
    given = full.drop_nulls("imo_key").join(without, on=same).group_by("mmsi", "imo_key").agg(
        pl.col("reports").sum(), pl.col("without").sum()
    )  # fmt: skip
    few = (pl.col("reports") <= PASSING_REPORTS) & (pl.col("reports") <= PASSING_SHARE * pl.col("without"))
    return given.filter(few).select("mmsi", "imo_key", is_passing=pl.lit(value=True))


def _is_lesser() -> pl.Expr:
    """Order two IMO numbers of one MMSI: fewer reports, then the greater number."""
    fewer = pl.col("reports") < pl.col("reports_other")
    return fewer | (
        (pl.col("reports") == pl.col("reports_other")) & (pl.col("imo_key") > pl.col("imo_key_other"))
    )


def lengths_apart(one: str, other: str) -> pl.Expr:
    """Say whether two lengths cannot be one ship's; not where either is not known."""
    a, b = pl.col(one), pl.col(other)
    apart = (a - b).abs()
    return ((apart > LENGTH_APART_M) & (apart > LENGTH_APART_SHARE * pl.max_horizontal(a, b))).fill_null(
        value=False
    )


# Groups: statements of one MMSI that share a key


def _grouped(read: pl.DataFrame) -> pl.DataFrame:
    """Number the groups of statements of one MMSI that share an IMO number, or else a call sign or a name.

    A statement without an IMO number belongs to the one under its call sign and name, call sign, or name, the
    nearest in time; two IMO numbers are never joined by what stands between them.
    """
    read = read.join(_lent_imos(read), on="statement", how="left")
    read = read.with_columns(owner=pl.coalesce("imo", "lent"))
    bare = read.filter(pl.col("owner").is_null())
    label = pl.Series(_components(bare), dtype=pl.Int64)
    bare = bare.select("statement", bare=label)
    groups = read.join(bare, on="statement", how="left").sort("statement")
    number = pl.struct("mmsi", "owner", "bare").rank("dense").cast(pl.Int64)
    return groups.with_columns(imo="owner", group=number).drop("lent", "owner", "bare")


def _lent_imos(read: pl.DataFrame) -> pl.DataFrame:
    """Give statements without an IMO number that of their MMSI under which the same is said: ``statement, lent``."""
    bare = read.filter(pl.col("imo").is_null())
    some = bare.filter(pl.col("name_key").is_not_null() | pl.col("callsign_key").is_not_null())
    owned = read.drop_nulls("imo")
    pairs = []
    for key, weight in (("callsign_key", 2), ("name_key", 1)):
        by_key = some.drop_nulls(key).join(owned.drop_nulls(key), on=["mmsi", key], suffix="_other")
        pairs.append(by_key.select("statement", "first", "last", first_of="first_other", last_of="last_other",
                                   reports_other="reports_other", imo="imo_other", weight=pl.lit(weight)))  # fmt: skip
    both = pl.concat(pairs).with_columns(away=apart_ms())
    best = both.group_by("statement", "imo").agg(
        weight=pl.col("weight").max(), away=pl.col("away").min(), reports=pl.col("reports_other").sum()
    )
    ranked = best.sort(
        "statement", "weight", "away", "reports", "imo", descending=[False, True, False, True, False]
    )
    return ranked.group_by("statement").agg(lent=pl.col("imo").first())


def _components(bare: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Number the components of statements that share a name or call sign under one MMSI: ``(n,) -> (n,)``."""
    count = bare.height
    keys = [pl.struct(pl.lit(key), "mmsi", pl.col(key)).rank("dense") for key in ("name_key", "callsign_key")]
    rows, nodes, base = [], [], count
    for key, number in zip(("name_key", "callsign_key"), keys, strict=True):
        known = bare.with_row_index("row").drop_nulls(key).with_columns(node=number.cast(pl.Int64))
        rows.append(known["row"].to_numpy())
        nodes.append(known["node"].to_numpy() + base - 1)
        base += int(known["node"].max() or 0)  # type: ignore[arg-type]
    return components(np.concatenate(rows), np.concatenate(nodes), base)[:count]


def components(
    one: np.ndarray[tuple[int], np.dtype[np.int64]],
    other: np.ndarray[tuple[int], np.dtype[np.int64]],
    count: int,
) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Number the connected components of ``count`` nodes joined pairwise: ``(m,), (m,) -> (count,)``."""
    graph = coo_matrix((np.ones(len(one), np.int8), (one, other)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], np.int32)
