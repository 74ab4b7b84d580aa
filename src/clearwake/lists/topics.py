"""FollowTheMoney's topics: what an entity is tagged with, and which status that gives it here.

``sanction`` is a listing by some authority.  ``mare.shadow``, ``mare.detained``, ``reg.warn``, ``sanction.linked`` and
their like say that somebody named it in public, which is no listing: the status is ``reported``.  Every other topic,
such as a public office, says nothing against anyone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ORDER = ("listed", "reported")
"""The strongest status first."""


def status_of(topics: Iterable[str], meanings: Mapping[str, str | None]) -> str | None:
    """Give the strongest status that any of the topics gives; null where none says anything.

    Args:
        topics: Such as ``sanction`` or ``crime.fin``.
        meanings: Topics and the status each gives; ``crime`` holds for ``crime.fin`` unless that is named itself.
    """
    given = {_meaning(topic.lower(), meanings) for topic in topics}
    return next((status for status in ORDER if status in given), None)


def _meaning(topic: str, meanings: Mapping[str, str | None]) -> str | None:
    while topic not in meanings and "." in topic:
        topic = topic.rpartition(".")[0]
    return meanings.get(topic)
