"""Risk: how near a party stands, on paper, to listed ones, by links that no rule makes ownership.

A manager, a safety (ISM) company, an operator, a shared address, another ship of the same fleet: such links are
reasons to look, and never legal status.  Every hop leaves only a part of the risk, so it fades; the strongest path
counts, and paths are not added up, as ten weak links are not one strong one.

The weights are this project's own choice, an order of attention and not a probability.  From what runs to what is run
they are greater than back: a listed manager taints its ships more than one listed ship among many taints its manager.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from clearwake.ownership.spread import Ints

MOST_HOPS = 4

LEAST_RISK = 0.05
"""Less is nothing worth looking at."""

WEIGHTS: Mapping[str, tuple[float, float]] = {
    "owner": (0.7, 0.5),
    "beneficial owner": (0.7, 0.5),
    "control": (0.7, 0.5),
    "manager": (0.6, 0.4),
    "ism company": (0.6, 0.4),
    "operator": (0.6, 0.4),
    "linked": (0.6, 0.6),
    "joint": (0.5, 0.5),
    "address": (0.3, 0.3),
}
"""What a hop leaves of the risk, from the owner or manager down and back up."""

MERE_LINKS = ("manager", "ism company", "operator", "linked", "joint", "address")
"""Roles that no rule makes ownership or control."""

WORDS: Mapping[str, tuple[str, str]] = {
    "owner": ("owned by", "an owner of"),
    "beneficial owner": ("beneficially owned by", "a beneficial owner of"),
    "control": ("controlled by", "in control of"),
    "manager": ("managed by", "the manager of"),
    "ism company": ("run for safety (ISM) by", "the safety (ISM) company of"),
    "operator": ("operated by", "the operator of"),
    "linked": ("linked to", "linked to"),
    "joint": ("acting jointly with", "acting jointly with"),
    "address": ("at one address with", "at one address with"),
}
"""How a hop reads, from the party that is reached."""

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Risk:
    """How near each party stands to listed ones."""

    amount: Floats
    """``(parties,)`` 1 for listed or blocked parties, fading to 0."""
    hops: pl.DataFrame
    """``party, other, role, is_up, edge``: the hop by which each risk came; ``other`` is nearer to a listed party."""


HOPS = pl.Schema(
    {"party": pl.Int64, "other": pl.Int64, "role": pl.String, "is_up": pl.Boolean, "edge": pl.UInt32}
)


def risk(parties: int, edges: pl.DataFrame, start: Ints) -> Risk:
    """Let risk fade along all edges in force, both ways.

    Args:
        parties: How many there are.
        edges: ``edge, owner, owned, role``.
        start: Parties that are listed, or blocked by what they are owned by.
    """
    hops = both_ways(edges)
    frm, to = hops["other"].to_numpy(), hops["party"].to_numpy()
    weight = hops["weight"].to_numpy()
    amount, came = np.zeros(parties), np.full(parties, -1, np.int64)
    amount[start] = 1.0
    changed = np.zeros(parties, bool)
    changed[start] = True
    for _ in range(MOST_HOPS):
        active = np.flatnonzero(changed[frm])
        if not active.size:
            break
        reach = np.round(amount[frm[active]] * weight[active], 6)
        best = amount.copy()
        np.maximum.at(best, to[active], np.where(reach >= LEAST_RISK, reach, 0.0))
        changed = best > amount
        hit = active[changed[to[active]] & (reach == best[to[active]])]
        # Of equally strong hops the first counts: assigned backwards, so that it is written last.
        came[to[hit[::-1]]] = hit[::-1]
        amount = best
    reached = np.flatnonzero(came >= 0)
    chosen = hops[came[reached].tolist()].select(HOPS.names()).cast(HOPS)
    return Risk(amount, chosen)


def both_ways(edges: pl.DataFrame) -> pl.DataFrame:
    """Give every edge as a hop to its owned end and a hop to its owner: ``HOPS`` and the weight of the hop."""
    down, up = ({role: pair[at] for role, pair in WEIGHTS.items()} for at in (0, 1))
    apart = edges.filter(pl.col("owner") != pl.col("owned"))
    role = pl.col("role")
    ways = [
        apart.select("edge", "role", party="owned", other="owner", is_up=pl.lit(value=False),
                     weight=role.replace_strict(down, default=0.0, return_dtype=pl.Float64)),
        apart.select("edge", "role", party="owner", other="owned", is_up=pl.lit(value=True),
                     weight=role.replace_strict(up, default=0.0, return_dtype=pl.Float64)),
    ]  # fmt: skip
    return pl.concat(ways).sort("edge", "is_up", maintain_order=True)
