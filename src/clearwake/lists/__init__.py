"""Lists of designations: one reader and one ``.yml`` for each.  A new list is a file here and a row in ``LISTS``."""

from __future__ import annotations

from clearwake.lists import eu, ofac, reports, un
from clearwake.lists.cards import Card, card
from clearwake.lists.editions import counts, refusal
from clearwake.model import Source

__all__ = ["LISTS", "Card", "card", "counts", "refusal"]

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
        "reports", reports.parse, "published reports of acts at sea, one row a ship", card("reports").licence
    ),
)
"""Every list that can be read by name."""
