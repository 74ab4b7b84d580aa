"""The ledger: petroleum deliveries against the cap of the year, as a distribution, each cargo counted once.

Pure: rows and events in, entries and years out; ``flow.ledger`` brings them from a desk.
"""

from clearwake.ledger.book import Book
from clearwake.ledger.caps import Cap, Period, caps, periods
from clearwake.ledger.drawn import Chances
from clearwake.ledger.entry import HAPPENED, Entry
from clearwake.ledger.found import Heard, Ship, from_heard, not_tankers
from clearwake.ledger.rows import SaidDraught, Told, from_deliveries, from_notifications, keys_of, undated
from clearwake.ledger.sizes import Size
from clearwake.ledger.wording import page, sentence
from clearwake.ledger.year import years

__all__ = [
    "HAPPENED",
    "Book",
    "Cap",
    "Chances",
    "Entry",
    "Heard",
    "Period",
    "SaidDraught",
    "Ship",
    "Size",
    "Told",
    "caps",
    "from_deliveries",
    "from_heard",
    "from_notifications",
    "keys_of",
    "not_tankers",
    "page",
    "periods",
    "sentence",
    "undated",
    "years",
]
