"""Releases: an audience's version of a case, made, checked, written to a folder and put on record.

``release`` makes the version and knows no case book; this brings it the case, the positions of its tracks and the rules
by which decisions are folded, and keeps the secret under which its ids were made.
"""

from __future__ import annotations

from collections.abc import Sequence

from clearwake.cases import History
from clearwake.model import Case, Decision, Item


def folded(case: str, decisions: Sequence[Decision], items: Sequence[Item], leaning: frozenset[str]) -> Case:
    """Fold released decisions under the rules of cases, as any desk would that knew these and no others.

    Args:
        case: The released case's id.
        decisions: In their order.
        items: What is released, also where its adding is not told.
        leaning: Ids of what leans on withheld evidence by permission: such a confirmation is taken at its word.
    """
    history = History(case)
    added = {d.item.id for d in decisions if d.item is not None}
    history.items |= {item.id: item for item in items if item.id not in added}
    for decision in decisions:
        history.take(decision.nation, decision)
        if decision.act == "confirm" and decision.id in leaning and history.state == "in confirmation":
            history.stand("judgement", "confirmed")
    return history.case()
