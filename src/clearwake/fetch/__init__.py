"""Fetching from publishers: one file at a time, politely, resumed where it broke off, checked before it counts.

Nothing here reads what a file says about ships; ``read`` does that, from the file that was fetched.
"""

from clearwake.fetch.courier import Fetched, NotFetchedError, Progress
from clearwake.fetch.order import fetch
from clearwake.fetch.publishers import PUBLISHERS, Place, Publisher

__all__ = ["PUBLISHERS", "Fetched", "NotFetchedError", "Place", "Progress", "Publisher", "fetch"]
