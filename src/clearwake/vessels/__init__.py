"""Vessels: one dated history per hull, out of what ships, registers and lists claim.

MMSI, name and even IMO number are claims; a hull is what they agree on, and where they do not agree it shows the
rival readings.
"""

from clearwake.vessels.lineage import ASKED, queries
from clearwake.vessels.merging import merged
from clearwake.vessels.resolve import Resolved, resolve
from clearwake.vessels.screened import once
from clearwake.vessels.standing import on_day, standing, vessels

__all__ = ["ASKED", "Resolved", "merged", "on_day", "once", "queries", "resolve", "standing", "vessels"]
