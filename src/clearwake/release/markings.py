"""Who may have a datum: markings held against an audience, and what a derived fact inherits.

An audience is read by all its parties, so all of them must be allowed.  The public may have only what is CLEAR.
Whatever is not understood (a label, a word) is withheld.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from clearwake.model import PUBLIC, SENSITIVITIES, TLP, Marking, UsageError

Level = Literal["full", "tear-line", "withheld"]

LEVELS: tuple[Level, ...] = ("withheld", "tear-line", "full")
"""From nothing to all."""

TOGETHER = "+"
"""Between the originators of what several parties said: each of them must permit wider sharing."""

_ANY_PARTY = "\x00any party"
"""Stands for a party that no marking names."""


def audience_of(text: str) -> tuple[str, ...]:
    """Read an audience: ``JPN,AUS`` or ``public``; parties in capitals, each once, in order.

    Raises:
        UsageError: If nobody is named.
    """
    parties = {called(p) for p in text.split(",") if p.strip()}
    if not parties:
        message = f"no party is named in {text!r}\n  next: give parties such as JPN,AUS, or {PUBLIC}"
        raise UsageError(message)
    return tuple(sorted(parties))


def called(party: str) -> str:
    """Give a party's name as it is compared: in capitals, and ``public`` for the public."""
    bare = party.strip()
    return PUBLIC if bare.casefold() == PUBLIC else bare.upper()


def originators(marking: Marking) -> tuple[str, ...]:
    """Give the parties whose permission wider sharing needs."""
    return tuple(map(called, marking.originator.split(TOGETHER)))


def lesser(levels: Iterable[Level]) -> Level:
    """Give the least of some levels; all of nothing is all."""
    return min(levels, key=LEVELS.index, default="full")


def may(marking: Marking, audience: Sequence[str]) -> Level:
    """Say how much of a datum an audience may have, all of whose parties read it.

    Args:
        marking: The datum's.
        audience: Parties, or ``public``.

    Raises:
        UsageError: If the audience is nobody.
    """
    if not audience:
        message = "a release needs an audience\n  next: name at least one party, or public"
        raise UsageError(message)
    return lesser(_for_one(marking, called(party)) for party in audience)


def _for_one(marking: Marking, party: str) -> Level:
    if party == called(marking.originator) or _has_all(marking, party):
        return "full"
    torn = set(map(called, marking.tear_line_to))
    return "tear-line" if marking.tlp in TLP and (party in torn or PUBLIC in torn) else "withheld"


def _has_all(marking: Marking, party: str) -> bool:
    named = set(map(called, marking.releasable_to))
    if marking.tlp == "TLP:CLEAR":
        return not named or party in named or PUBLIC in named
    if party == PUBLIC or marking.tlp not in TLP:
        return False
    return party in named or (marking.tlp == "TLP:GREEN" and not named)


def inherited(markings: Sequence[Marking]) -> Marking:
    """Give the marking of what was worked out from data with these markings: the most restrictive of all.

    Nobody may have more of it than of each of them; originators are joined, and each must permit wider sharing.  A
    tear-line for any party but not for the public cannot be said by a marking: who is not named gets nothing then.

    Raises:
        ValueError: If there is none: what rests on nothing has a marking of its own.
    """
    if not markings:
        message = "a derived fact inherits from at least one marking"
        raise ValueError(message)
    known = sorted({called(p) for m in markings for p in _named(m)} - {PUBLIC})
    asked = [*known, PUBLIC, _ANY_PARTY]
    levels = {p: lesser(may(m, (p,)) for m in markings) for p in asked}
    label = max((m.tlp for m in markings), key=_strictness)
    sensitivity = max((m.sensitivity for m in markings), key=_sensitiveness)
    who = TOGETHER.join(sorted({o for m in markings for o in originators(m)}))
    to, label = _releasable(levels, known, label)
    torn = tuple(p for p in (*known, PUBLIC) if levels[p] != "withheld" and p not in to)
    return Marking(who, label, to, () if label == "TLP:CLEAR" else torn, sensitivity)


def _named(marking: Marking) -> tuple[str, ...]:
    return (*marking.releasable_to, *marking.tear_line_to, *originators(marking))


def _releasable(levels: dict[str, Level], known: list[str], label: str) -> tuple[tuple[str, ...], str]:
    """Give who may have all, and a label under which that means just them."""
    if levels[PUBLIC] == "full":
        return (), label
    if levels[_ANY_PARTY] == "full":
        return (), label if label != "TLP:CLEAR" else "TLP:GREEN"
    # An empty set beside CLEAR or GREEN would mean everybody.
    return tuple(p for p in known if levels[p] == "full"), max(label, "TLP:AMBER", key=_strictness)


def _strictness(label: str) -> int:
    return TLP.index(label) if label in TLP else len(TLP)


def _sensitiveness(word: str) -> int:
    return SENSITIVITIES.index(word) if word in SENSITIVITIES else len(SENSITIVITIES)
