"""Tracks: which positions belong to one hull.

An MMSI is a claim: two ships may use one number, one receiver may stamp a message wrongly, several stations may
hear the same message.  ``follow`` merges what several stations heard, separates hulls that no ship could sail
between, and flags, never deletes, positions that fit no hull.

The rule is causal: how a position is judged depends only on what came before it, so a live stream and an archive
give the same tracks.  The price is stated: a second hull under an MMSI is believed from its third position on, and
its first two stay flagged.
"""

from clearwake.tracks.follow import REPORTED, Followed, follow
from clearwake.tracks.summary import TRACK_DAYS, merged, summed

__all__ = ["REPORTED", "TRACK_DAYS", "Followed", "follow", "merged", "summed"]
