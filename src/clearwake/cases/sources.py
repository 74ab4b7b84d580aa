"""Sources: which items of a case come from whom in the first place, and which of them can confirm it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clearwake.cases.transitions import evidence_rules
from clearwake.model import Item
from clearwake.names.acts import Act, of_another_act

UNTOLD = "origin not told"
"""All items whose origin nobody told count as one source."""


def origins(items: Iterable[Item], of: Iterable[str] | None = None, act: Act | None = None) -> frozenset[str]:
    """Give the independent origins among items that can confirm a case.

    An item worked out from others has their origins and none of its own.  Origins are compared without case and
    blanks.

    Args:
        items: Of the case.
        of: Only what these items rest on; all of them if not given.
        act: What the case is about: observations of other ships, or of another time, are no source of it.
    """
    held = {item.id: item for item in items}
    chosen = held.keys() if of is None else [each for each in of if each in held]
    return frozenset(_origin(held[root]) for root in _roots(chosen, held) if is_counted(held[root], act))


def is_counted(item: Item, act: Act | None = None) -> bool:
    """Tell whether an item can be one of the sources a confirmation needs: its kind, its grade, what it speaks for."""
    rules = evidence_rules()
    speaks = [reason for reason in item.reasons if reason.explanation == "breach"]
    return (
        item.kind in rules.counted
        and item.reliability not in rules.poor_reliability
        and item.credibility not in rules.poor_credibility
        and not (item.reasons and not any(reason.is_for for reason in speaks))
        and not (act is not None and of_another_act(item, act))
    )


def _roots(chosen: Iterable[str], held: Mapping[str, Item]) -> set[str]:
    """Give what items come down to: those that rest on nothing the case has.  What rests on itself comes to nothing."""
    reached, to_look_at = set[str](), [*chosen]
    while to_look_at:
        if (each := to_look_at.pop()) not in reached:
            reached.add(each)
            to_look_at += [under for under in held[each].rests_on if under in held]
    return {each for each in reached if not any(under in held for under in held[each].rests_on)}


def _origin(item: Item) -> str:
    return " ".join((item.origin or UNTOLD).split()).casefold()
