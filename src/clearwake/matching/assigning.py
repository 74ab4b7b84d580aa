"""Who is who, one to one: no ship is two hulls of one scene, no hull two ships."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from clearwake.sphere import Floats

Ints = NDArray[np.int64]

ROUNDS = 150
SETTLED = 1e-4


def shares(hull: Ints, ship: Ints, weight: Floats, hulls: int, ships: int) -> tuple[Floats, Floats]:
    """Share each hull out among the ships it may be, and nobody, no ship being two hulls.

    Args:
        hull: Of each pair, ``(k,)``.
        ship: Of each pair, ``(k,)``.
        weight: How much likelier the pair is than the hull being nobody's, ``(k,)``.
        hulls: How many hulls there are.
        ships: How many ships there are.

    Returns:
        The share of each pair, ``(k,)``, and of nobody for each hull, ``(hulls,)``: together 1 for each hull.

    Source: belief propagation for data association, Williams and Lau 2014, Approximate evaluation of marginal
    association probabilities with belief propagation, IEEE Trans. AES-50(4).
    """
    back = np.ones_like(weight)
    for _ in range(ROUNDS):
        offered = weight * back
        rest = 1.0 + np.bincount(hull, offered, hulls)[hull] - offered
        said = weight / rest
        others = np.bincount(ship, said, ships)[ship] - said
        new = 1.0 / (1.0 + np.maximum(others, 0.0))
        change = np.abs(new - back).max(initial=0.0)
        back = new
        if change < SETTLED:
            break
    offered = weight * back
    total = 1.0 + np.bincount(hull, offered, hulls)
    return np.asarray(offered / total[hull]), np.asarray(1.0 / total)


def assigned(hull: Ints, ship: Ints, benefit: Floats) -> NDArray[np.bool_]:
    """Choose pairs, each hull and each ship once, with the greatest sum of benefits; those of 0 or less are left out.

    Pairs that no chain of pairs connects are chosen apart, so that dense harbours do not slow the open sea.
    """
    chosen = np.zeros(hull.size, np.bool_)
    good = np.flatnonzero(benefit > 0)
    if not good.size:
        return chosen
    _, h = np.unique(hull[good], return_inverse=True)
    _, s = np.unique(ship[good], return_inverse=True)
    hulls = int(h.max()) + 1
    size = hulls + int(s.max()) + 1
    graph = coo_array((np.ones(good.size), (h, hulls + s)), shape=(size, size))
    _, group = connected_components(graph, directed=False)
    order = np.argsort(group[h], kind="stable")
    bounds = np.flatnonzero(np.diff(group[h][order], prepend=-1))
    for rows in np.split(order, bounds[1:]):
        chosen[good[rows[_best(h[rows], s[rows], benefit[good[rows]])]]] = True
    return chosen


def _best(h: Ints, s: Ints, benefit: Floats) -> Ints:
    if h.size == 1:
        return np.zeros(1, np.int64)
    hulls, h = np.unique(h, return_inverse=True)
    ships, s = np.unique(s, return_inverse=True)
    table = np.zeros((hulls.size, ships.size))
    pair = np.full(table.shape, -1, np.int64)
    table[h, s], pair[h, s] = benefit, np.arange(h.size)
    rows, columns = linear_sum_assignment(table, maximize=True)
    found = pair[rows, columns]
    return np.asarray(found[found >= 0], np.int64)
