"""The rules of the United States, the European Union and the United Kingdom on what a listed party owns.

Each is a threshold, not a product of percentages: whoever is owned up to the threshold by blocked parties counts as
blocked itself, whole, for what it owns in turn.  Shares are intervals.  *Blocked* is what the least shares show;
*possibly* is what the greatest shares allow, or what rests on an uncertain identity or listing; else *not shown*.

Both are least fixpoints: blocked ownership has to come from a listed party outside.  A ring of companies that own
each other, or own shares in themselves, does not block itself, however the unknown shares are filled in, so the
greatest fixpoint, in which it would, is not taken.

Sources:
    US: OFAC, Revised Guidance on Entities Owned by Persons Whose Property and Interests in Property Are Blocked,
        13 August 2014: 50 percent or more, in the aggregate, directly or indirectly; control alone does not block.
    EU: Council, Restrictive measures: update of the EU Best Practices, 2024: 50 percent or more, in the aggregate, or
        control.  Control makes it a presumption that can be rebutted.
    UK: for example regulation 7 and schedule 1 of the Republic of Belarus (Sanctions) (EU Exit) Regulations 2019, and
        OFSI's general guidance: more than 50 percent, or control; holdings of different designated persons are added
        up only where they act jointly, those of one person through its own companies always.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from clearwake.ownership import jointly
from clearwake.ownership.graph import PERCENT, WHOLE, Graph, rooms
from clearwake.ownership.spread import NO_LIMIT, Bools, Holdings, Ints, holdings, spread

NOT_SHOWN, POSSIBLY, BLOCKED = 0, 1, 2
STATUSES = ("not shown", "possibly", "blocked")


@dataclass(frozen=True)
class Rule:
    """One jurisdiction's rule."""

    name: str
    least: int
    """What blocked parties have to hold, in millionths of a percent."""
    adds_up: bool
    """Whether the holdings of different listed parties are added to each other."""
    counts_control: bool


RULES: Mapping[str, Rule] = {
    "us": Rule("us", 50 * PERCENT, adds_up=True, counts_control=False),
    "eu": Rule("eu", 50 * PERCENT, adds_up=True, counts_control=True),
    "uk": Rule("uk", 50 * PERCENT + 1, adds_up=False, counts_control=True),
}

OWNED, CONTROLLED, ALIKE = "owned", "controlled", "alike"
"""How a party is reached: by shares, by control, or because it may be the same as a party that is."""

LINK = pl.Schema({"owner": pl.Int64, "party": pl.Int64, "cell": pl.Int64, "weight": pl.Int64, "room": pl.Int64,
                  "way": pl.String, "held": pl.UInt32})  # fmt: skip
CELLS = 4
"""Cells of a party: legal ownership, beneficial ownership, control, likeness."""

PROOF = pl.Schema({"party": pl.Int64, "owner": pl.Int64, "way": pl.String, "held": pl.UInt32})


@dataclass(frozen=True)
class Reached:
    """Who is reached, in which wave, and the links that show it."""

    wave: Ints
    """``(parties,)`` 0 for who is listed, -1 for who is not reached."""
    proof: pl.DataFrame
    """For each party reached and not listed, the links that suffice: ``PROOF``; owners were reached before."""
    is_complete: bool = True
    """False where joint holdings were too many to be told apart."""


@dataclass(frozen=True)
class Answer:
    """What one rule says of every party."""

    rule: Rule
    status: Ints
    """``(parties,)``: ``BLOCKED``, ``POSSIBLY`` or ``NOT_SHOWN``."""
    surely: Reached
    possibly: Reached


def answer(graph: Graph, rule: Rule, sure: Ints, maybe: Ints, ties: pl.DataFrame) -> Answer:
    """Say of every party what a rule makes of it.

    Args:
        graph: Who holds what on the day.
        rule: The rule.
        sure: Parties that are listed under it.
        maybe: Parties that perhaps are.
        ties: ``a, b``: parties that are perhaps one.
    """
    reach = _added_up if rule.adds_up else _one_holder
    surely = reach(graph, rule, _links(graph, rule, at_least=True), sure, bounded=False)
    likely = pl.concat([_links(graph, rule, at_least=False), _alike(ties)]).sort("owner", maintain_order=True)
    possibly = reach(graph, rule, likely, np.union1d(sure, maybe), bounded=True)
    status = np.where(surely.wave >= 0, BLOCKED, np.where(possibly.wave >= 0, POSSIBLY, NOT_SHOWN))
    return Answer(rule, status.astype(np.int64), surely, possibly)


def _links(graph: Graph, rule: Rule, *, at_least: bool) -> pl.DataFrame:
    """Give holdings and, where it counts, control as links with the weight of their least or greatest share.

    At least, layers are kept apart.  At most, an owner's greater share in either layer counts, and both layers' owners
    may be different shares: they are added.
    """
    held = graph.held.rename({"owned": "party"})
    if at_least:
        shares = held.with_columns(
            cell=pl.col("party") * CELLS + pl.col("layer"), weight="low", room=pl.lit(0)
        )
    else:
        greatest = pl.col("held").sort_by("high", descending=True).first()
        both = held.group_by("owner", "party").agg(
            greatest, weight=pl.col("high").max(), room=pl.col("low").sum()
        )
        one = held["layer"].n_unique() <= 1
        merged = held.with_columns(weight="high", room="low") if one else both
        shares = merged.with_columns(cell=pl.col("party") * CELLS)
    told = shares.filter(pl.col("weight") > 0).with_columns(way=pl.lit(OWNED))
    links = told.with_columns(pl.col("room").cast(pl.Int64)).select(LINK.names())
    if not rule.counts_control:
        return links.cast(LINK).sort("owner", maintain_order=True)
    steered = graph.steered.select(
        "owner", party="owned", cell=pl.col("owned") * CELLS + 2, weight=pl.lit(WHOLE), room=pl.lit(0, pl.Int64),
        way=pl.lit(CONTROLLED), held=pl.lit(None, pl.UInt32),
    )  # fmt: skip
    return pl.concat([links.cast(LINK), steered.cast(LINK)]).sort("owner", maintain_order=True)


def _alike(ties: pl.DataFrame) -> pl.DataFrame:
    return ties.select(
        owner="a", party="b", cell=pl.col("b") * CELLS + 3, weight=pl.lit(WHOLE), room=pl.lit(0, pl.Int64),
        way=pl.lit(ALIKE), held=pl.lit(None, pl.UInt32),
    ).cast(LINK)  # fmt: skip


def _along(graph: Graph, links: pl.DataFrame, *, bounded: bool) -> Holdings:
    """Give links as holdings to spread along; ``bounded`` keeps shares within what other owners leave."""
    owner, cell, weight, more = (links[name].to_numpy() for name in ("owner", "cell", "weight", "room"))
    room = np.full(graph.parties * CELLS, NO_LIMIT)
    if bounded:
        room[::CELLS] = rooms(graph)
    party_of = np.arange(graph.parties * CELLS) // CELLS
    return holdings(owner, cell, weight, more, party_of, room, graph.parties)


def _added_up(graph: Graph, rule: Rule, links: pl.DataFrame, start: Ints, *, bounded: bool) -> Reached:
    wave = spread(_along(graph, links, bounded=bounded), start, rule.least)
    return Reached(wave, _proof(links, wave, rule.least))


def _one_holder(graph: Graph, rule: Rule, links: pl.DataFrame, start: Ints, *, bounded: bool) -> Reached:
    """Reach parties that one listed party, or listed parties acting jointly, hold or control.

    Who is held by a single link is found for all listed parties at once.  Only where several links would have to be
    added up is it asked whose they are.
    """
    enough = links.filter(pl.col("weight") >= rule.least)
    alone = spread(_along(graph, enough, bounded=False), start, rule.least)
    proof = _proof(enough, alone, rule.least)
    everyone = np.union1d(start, jointly.partners(graph.joint, start))
    along = _along(graph, links, bounded=bounded)
    together = spread(along, everyone, rule.least)
    open_ = _only(together >= 0, alone >= 0, start)
    if not open_.any():
        return Reached(alone, proof)
    found = jointly.reached(along, rule.least, alone, open_, start, graph.joint)
    wave = found.wave
    if not found.is_complete and bounded:
        # Too many holders to be told apart: what all of them together could hold stays possible.
        wave = np.where((wave < 0) & open_, together + wave.max() + 1, wave)
        more = _proof(links, wave, rule.least).filter(pl.col("party").is_in(np.flatnonzero(found.wave < 0)))
        return Reached(wave, pl.concat([proof, _told(links, found), more]), is_complete=False)
    return Reached(wave, pl.concat([proof, _told(links, found)]), found.is_complete)


def _only(together: Bools, alone: Bools, start: Ints) -> Bools:
    """Tell who is reached only if the holdings of several are added up."""
    open_ = together & ~alone
    open_[start] = False
    return open_


def _told(links: pl.DataFrame, found: jointly.Found) -> pl.DataFrame:
    """Give the links that show joint holdings, as a proof: links are sorted as they were followed."""
    chosen: pl.DataFrame = links[found.links.tolist()]
    return chosen.select(PROOF.names())


def _proof(links: pl.DataFrame, wave: Ints, least: int) -> pl.DataFrame:
    """Choose the links that suffice to reach each party that was not there from the start, the greatest first."""
    owner, party, cell, weight = (links[name].to_numpy() for name in ("owner", "party", "cell", "weight"))
    counts = np.flatnonzero((wave[owner] >= 0) & (wave[owner] < wave[party]))
    # By cell, so by party as well; in each cell the greatest first, of equal ones the first owner.
    chosen = counts[np.lexsort((owner[counts], -weight[counts], cell[counts]))]
    if not chosen.size:
        return pl.DataFrame(schema=PROOF)
    first, length = _runs(cell[chosen])
    sums = np.cumsum(weight[chosen])
    before = sums - weight[chosen]
    base = before[first]
    enough = sums[first + length - 1] - base >= least
    parties = party[chosen][first]
    # Of several cells that each suffice, the first one of the party.
    _, at = np.unique(parties[enough], return_index=True)
    is_used = np.zeros(first.size, bool)
    is_used[np.flatnonzero(enough)[at]] = True
    kept = np.repeat(is_used, length) & (before - np.repeat(base, length) < least)
    proof: pl.DataFrame = links[chosen[kept]]
    return proof.select(PROOF.names())


def _runs(values: Ints) -> tuple[Ints, Ints]:
    """Give where runs of equal values begin and how long they are."""
    first = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    return first, np.diff(np.append(first, values.size))
