"""Screening: ships and parties held against lists, with a tier, a score and reasons in sentences.

A hit is a reason for a person to look, never a verdict.  A ship with a valid IMO number other than the listed
ship's is a namesake, whatever else agrees; a ship about which nothing can be compared is unscreenable, never clear.
"""

from clearwake.screen.against import Listed
from clearwake.screen.hold import TIERS, hold, screen

__all__ = ["TIERS", "Listed", "hold", "screen"]
