"""Laws of the rules, and the same answers from a reference that tries out every way to fill in what is not known."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ownership.holders import ON, edges, facts, listed_everywhere, parties

from clearwake.ownership import standings
from clearwake.ownership.graph import graph
from clearwake.ownership.identity import people
from clearwake.ownership.rules import RULES, STATUSES, answer
from clearwake.ownership.spread import NO_LIMIT, holdings, spread

NAMES = ("BAD", "WORSE", "A1", "B2", "C3")
STEPS = range(0, 101, 10)
SHARES = {"20": (20, 20), "30": (30, 30), "40": (40, 40), "50": (50, 50), "60": (60, 60), "100": (100, 100),
          "30-60": (30, 60), "40-50": (40, 50), "-": (0, 100)}  # fmt: skip

Edge = tuple[str, str, str]
Shares = Mapping[tuple[str, str], int]

tables = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(sorted(SHARES))),
    min_size=1, max_size=6, unique_by=lambda edge: edge[:2],
).filter(lambda table: sum(share in ("-", "30-60", "40-50") for *_, share in table) <= 3)  # fmt: skip


def text(table: list[Edge]) -> str:
    return "\n".join(" ".join(edge) for edge in table)


def answers(table: list[Edge], *bad: str) -> dict[str, tuple[str, str]]:
    """Give the US and UK statuses of everybody."""
    rows = edges(text(table))
    who = people(parties(rows, **{name: {} for name in bad}), rows)
    names = who.nodes["name"].to_list()
    sure, nobody = np.array(sorted(names.index(name) for name in bad)), np.array([], np.int64)
    current = graph(rows, who, ON)
    both = (answer(current, RULES[rule], sure, nobody, who.ties).status.tolist() for rule in ("us", "uk"))
    return {name: (STATUSES[us], STATUSES[uk]) for name, us, uk in zip(names, *both, strict=True)}


def filled_in(table: list[Edge]) -> Iterator[Shares]:
    """Give every way to fill in shares in steps of ten that does not make owners hold more than all.

    Where the least shares come to more already, nothing is ruled out.
    """
    bounds = {(owner, owned): SHARES[share] for owner, owned, share in table}
    choices = [[step for step in STEPS if low <= step <= high] for low, high in bounds.values()]
    least = {x: sum(low for (o, d), (low, _) in bounds.items() if d == x and o != x) for x in NAMES}
    for chosen in itertools.product(*choices):
        shares = dict(zip(bounds, chosen, strict=True))
        total = {x: sum(s for (o, d), s in shares.items() if d == x and o != x) for x in NAMES}
        if all(total[x] <= 100 or least[x] > 100 for x in NAMES):
            yield shares


def us(shares: Shares, bad: set[str]) -> set[str]:
    """Give who is blocked under the US rule, by going round until nothing changes."""
    blocked = set(bad)
    while more := {x for x in NAMES if x not in blocked and sum(
            s for (o, d), s in shares.items() if d == x and o in blocked) >= 50}:  # fmt: skip
        blocked |= more
    return blocked


def uk(shares: Shares, bad: set[str]) -> set[str]:
    """Give who is blocked under the UK rule: each listed party by itself."""
    every = set(bad)
    for one in bad:
        blocked = {one}
        while more := {x for x in NAMES if x not in blocked and sum(
                s for (o, d), s in shares.items() if d == x and o in blocked) > 50}:  # fmt: skip
            blocked |= more
        every |= blocked
    return every


@given(tables)
@settings(max_examples=40, deadline=None)
def test_every_way_to_fill_in_unknown_shares_gives_the_same_statuses(table: list[Edge]) -> None:
    bad = {"BAD", "WORSE"}
    said = answers(table, *bad)
    ways = list(filled_in(table))
    for at, rule in ((0, us), (1, uk)):
        reached = [rule(shares, bad) for shares in ways]
        always, ever = set.intersection(*reached), set.union(*reached)
        for name, status in said.items():
            assert status[at] == (
                "blocked" if name in always else "possibly" if name in ever else "not shown"
            )


@given(tables, st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_the_order_of_edges_does_not_matter(table: list[Edge], dice: object) -> None:
    shuffled = list(table)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    # The line an edge stands in is its evidence, so that alone differs.
    one, other = (
        standings(facts(text(t), listed_everywhere("BAD", "WORSE")), ON).drop("evidence")
        for t in (table, shuffled)
    )
    assert one.equals(other)


@given(tables, st.sampled_from(("A1", "B2", "C3")), st.sampled_from(sorted(SHARES)))
@settings(max_examples=25, deadline=None)
def test_one_more_owner_who_is_blocked_never_unblocks(table: list[Edge], owned: str, share: str) -> None:
    before = answers(table, "BAD", "WORSE")
    after = answers([*table, ("THIRD", owned, share)], "BAD", "WORSE", "THIRD")
    for name, statuses in before.items():
        assert STATUSES.index(after[name][0]) >= STATUSES.index(statuses[0])
        # In the UK a known holding of one more party may leave nobody room for more than half.
        assert after[name][1] == "blocked" or statuses[1] != "blocked"


def test_one_more_holder_may_leave_nobody_room_for_more_than_half() -> None:
    assert answers([("BAD", "X", "-")], "BAD")["X"] == ("possibly", "possibly")
    assert answers([("BAD", "X", "-"), ("THIRD", "X", "50")], "BAD", "THIRD")["X"] == ("blocked", "not shown")


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=30, deadline=None)
def test_waves_of_many_and_of_few_holdings_reach_the_same(seed: int, small: bool) -> None:  # noqa: FBT001 - drawn
    dice = np.random.default_rng(seed)
    parties, count = 60, 2000 if not small else 90
    owner, cell = dice.integers(0, parties, count), dice.integers(0, parties, count)
    weight, start = dice.integers(1, 40, count), np.array([0, 1])
    none = np.zeros(count, np.int64)
    along = holdings(owner, cell, weight, none, np.arange(parties), np.full(parties, NO_LIMIT), parties)
    wave = spread(along, start, 50)
    reached = {0, 1}
    while more := {x for x in range(parties) if x not in reached
                   and weight[(cell == x) & np.isin(owner, list(reached))].sum() >= 50}:  # fmt: skip
        reached |= more
    assert set(np.flatnonzero(wave >= 0).tolist()) == reached


def test_a_million_links_in_a_row_are_followed_to_the_end() -> None:
    long = 100_000
    ends = np.arange(long)
    full = np.full(long, 100)
    along = holdings(ends, ends + 1, full, np.zeros(long, np.int64), np.arange(long + 1),
                     np.full(long + 1, NO_LIMIT), long + 1)  # fmt: skip
    assert spread(along, np.array([0]), 50)[-1] == long


def test_nothing_known_gives_no_rows() -> None:
    from clearwake.ownership.standing import no_facts  # noqa: PLC0415 - only here

    assert standings(no_facts(), ON).equals(pl.DataFrame(schema=standings(no_facts(), ON).schema))
