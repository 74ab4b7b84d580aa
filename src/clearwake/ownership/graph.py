"""The edges in force on a day, as holdings between parties: what each holds of each, at least and at most.

Several rows about one owner and one owned party are brought to one interval.  Rows that can all be true at once tell
of one holding, and what they agree on counts: 60 beside "not known" is 60.  Rows of one file that cannot (30 and 25)
are two holdings or a correction: at least the least of them, at most their sum.  Rows of different files that cannot
are rival reports: anything from the least to the most.  All the owners of a party hold 100 percent and no more, so
where the least shares do not come to more than that, an owner holds at most what the others leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import numpy as np
import polars as pl

from clearwake.model import TIME
from clearwake.ownership.identity import People
from clearwake.ownership.spread import NO_LIMIT, Ints

PERCENT = 1_000_000
"""Shares are counted in millionths of a percent: thirds and sixths then add up as their source wrote them."""

WHOLE = 100 * PERCENT

ROUNDING = PERCENT // 2
"""Shares that come to half a percent over 100 were rounded, not contradictory."""

LAYERS = {"owner": 0, "beneficial owner": 1}
"""Roles that come with a share.  They are not added to each other: both may tell of the same shares."""


@dataclass(frozen=True)
class Graph:
    """Who holds and controls whom on one day."""

    parties: int
    edges: pl.DataFrame
    """Edges in force: ``edge, owner, owned, role, ...``, one row as received; self-edges and all roles are there."""
    held: pl.DataFrame
    """Holdings: ``held, owner, owned, layer, low, high, edges``, sorted by owner."""
    steered: pl.DataFrame
    """Who controls whom: ``owner, owned, edges``, sorted by owner."""
    joint: pl.DataFrame
    """Who acts jointly with whom: ``owner, owned``."""
    total: pl.DataFrame
    """``owned, layer, told``: the least shares of all owners together, millionths of a percent."""


def in_force(edges: pl.DataFrame, on: date) -> pl.DataFrame:
    """Give the edges in force on a day, first and last day included; a date that is not known is no bound."""
    begin = datetime(on.year, on.month, on.day, tzinfo=timezone.utc)  # noqa: UP017 - a constant of the language
    end = begin + timedelta(days=1)
    begun = (pl.col("valid_from") < pl.lit(end, TIME)).fill_null(value=True)
    goes_on = (pl.col("valid_to") >= pl.lit(begin, TIME)).fill_null(value=True)
    return edges.filter(begun, goes_on)


def graph(edges: pl.DataFrame, who: People, on: date) -> Graph:
    """Bring the edges in force on a day to holdings between parties.

    Args:
        edges: A table of ``Ownership``.
        who: Who is who among their ends.
        on: The day.
    """
    current = in_force(edges, on)
    numbered = current.with_columns(owner_id="owner", owned_id="owned").with_columns(
        owner=who.node_of(current, "owner"), owned=who.node_of(current, "owned")
    )
    told = _ordered(numbered, who.nodes.height).with_row_index("edge")
    columns = ("edge", "owner", "owned", "role", "source", "receipt", "share_low", "share_high")
    apart = told.select(columns).filter(pl.col("owner") != pl.col("owned"))
    held = _held(apart)
    total, of_each = _totals(held, who.nodes.height)
    steered = (
        apart.filter(pl.col("role") == "control")
        .group_by("owner", "owned", maintain_order=True)
        .agg(edges="edge")
    )
    joint = apart.filter(pl.col("role") == "joint").select("owner", "owned").unique(maintain_order=True)
    return Graph(who.nodes.height, told, _tightened(held, of_each), steered, joint, total)


def _ordered(edges: pl.DataFrame, parties: int) -> pl.DataFrame:
    """Sort edges by their ends and, where several have the same, by all they say: whatever order they came in."""
    rest = ("role", "source", "valid_from", "valid_to", "share_low", "share_high", "receipt", "line")
    pair = edges.select(pair=pl.col("owner") * parties + pl.col("owned")).to_series()
    is_twice = pair.is_duplicated()
    several = edges.with_columns(pair, place=pl.int_range(pl.len())).filter(is_twice).sort("pair", *rest)
    # Rows that share their ends take each other's places; then one stable sort by one number does.
    place = np.arange(pair.len())
    place[is_twice.arg_true().to_numpy()] = several["place"].to_numpy()
    order = place[np.argsort(pair.to_numpy()[place], kind="stable")]
    return edges.select(pl.all().gather(pl.Series(order)))


KEY = ("owner", "owned", "layer")


def _held(edges: pl.DataFrame) -> pl.DataFrame:
    """Bring rows to one holding for each owner, owned party and layer."""
    rows = edges.filter(pl.col("role").is_in(list(LAYERS))).select(
        "owner", "owned", "source", "receipt", "edge",
        layer=pl.col("role").replace_strict(LAYERS, return_dtype=pl.Int64),
        low=_millionths("share_low", 0.0),
        high=_millionths("share_high", 100.0),
    )  # fmt: skip
    is_twice = pl.struct(KEY).is_duplicated()
    alone = rows.filter(~is_twice).select(*KEY, "low", "high", edges=pl.concat_list("edge"))
    by_file = _agreed(
        rows.filter(is_twice), (*KEY, "source", "receipt"), pl.col("high").sum().clip(upper_bound=WHOLE)
    )
    several = _agreed(by_file.explode("edges").rename({"edges": "edge"}), KEY, pl.col("high").max())
    return pl.concat([alone, several.select(alone.columns)]).sort(KEY).with_row_index("held")


def _millionths(column: str, default: float) -> pl.Expr:
    return (pl.col(column).fill_null(default) * PERCENT).round(0).cast(pl.Int64)


def _agreed(rows: pl.DataFrame, key: Sequence[str], otherwise: pl.Expr) -> pl.DataFrame:
    """Bring intervals of one key to one: what they agree on, else from the least to ``otherwise``."""
    low, high = pl.col("low").max(), pl.col("high").min()
    told = rows.unique([*key, "low", "high", "edge"], maintain_order=True)
    apart = told.unique([*key, "low", "high"], maintain_order=True).group_by(key).agg(
        low=pl.when(low <= high).then(low).otherwise(pl.col("low").min()),
        high=pl.when(low <= high).then(high).otherwise(otherwise),
    )  # fmt: skip
    edges = told.group_by(key).agg(edges=pl.col("edge").unique().sort())
    return apart.join(edges, on=list(key), nulls_equal=True)


def _totals(held: pl.DataFrame, parties: int) -> tuple[pl.DataFrame, pl.Series]:
    """Give the least shares of each party's owners together: ``owned, layer, told``, and the same for each holding."""
    slot = held["owned"].to_numpy() * len(LAYERS) + held["layer"].to_numpy()
    sums = np.zeros(parties * len(LAYERS), np.int64)
    np.add.at(sums, slot, held["low"].to_numpy())
    known = np.flatnonzero(np.bincount(slot, minlength=sums.size))
    total = pl.DataFrame({"owned": known // len(LAYERS), "layer": known % len(LAYERS), "told": sums[known]})
    return total, pl.Series("told", sums[slot])


def _tightened(held: pl.DataFrame, told: pl.Series) -> pl.DataFrame:
    """Bound each holding by what the least shares of the other owners leave, where they do not contradict."""
    left = WHOLE - (pl.col("told") - pl.col("low"))
    fits = pl.col("told") <= WHOLE + ROUNDING
    return held.with_columns(told).with_columns(
        high=pl.when(fits).then(pl.min_horizontal("high", pl.max_horizontal(left, "low"))).otherwise("high")
    ).drop("told")  # fmt: skip


def rooms(graph_: Graph) -> Ints:
    """Give what is left for a party's owners while none of them counts: ``(parties,)`` millionths of a percent.

    For each layer in which owners are told, what the least shares leave; ``NO_LIMIT`` where they contradict.
    """
    left = np.zeros(graph_.parties, np.int64)
    owned, told = graph_.total["owned"].to_numpy(), graph_.total["told"].to_numpy()
    np.add.at(left, owned, np.maximum(WHOLE - told, 0))
    left[owned[told > WHOLE + ROUNDING]] = NO_LIMIT
    return left
