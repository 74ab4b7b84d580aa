"""Lists of designations: one reader and one ``.yml`` for each.  A new list is a file here and a row in ``LISTS``."""

from __future__ import annotations

from clearwake.lists import eu, ftm, maritime, ofac, reports, uk, un, watchlist
from clearwake.lists.cards import Card, card
from clearwake.lists.changes import changes
from clearwake.lists.editions import counts, refusal
from clearwake.lists.force import current, end_of, rows_of, stale, status_on
from clearwake.model import Source

__all__ = [
    "LISTS",
    "Card",
    "card",
    "changes",
    "counts",
    "current",
    "end_of",
    "refusal",
    "rows_of",
    "stale",
    "status_on",
]

LISTS: tuple[Source, ...] = (
    Source(
        "ofac", ofac.parse, "US Treasury: SDN and consolidated lists", card("ofac").licence, is_edition=True
    ),
    Source("un", un.parse, "UN Security Council consolidated list", card("un").licence, is_edition=True),
    Source(
        "eu",
        eu.parse,
        "EU financial sanctions file, and annexes of regulations",
        card("eu").licence,
        is_edition=True,
    ),
    Source(
        "uk", uk.parse, "UK sanctions list: persons, entities and ships", card("uk").licence, is_edition=True
    ),
    Source(
        "ftm",
        ftm.parse,
        "FollowTheMoney JSON lines: any OpenSanctions collection",
        card("ftm").licence,
        is_edition=True,
    ),
    Source(
        "maritime", maritime.parse, "OpenSanctions maritime.csv", card("maritime").licence, is_edition=True
    ),
    Source(
        "watchlist",
        watchlist.parse,
        "any table of ships and parties",
        card("watchlist").licence,
        is_edition=True,
    ),
    Source(
        "reports", reports.parse, "published reports of acts at sea, one row a ship", card("reports").licence
    ),
)
"""Every list that can be read by name."""
