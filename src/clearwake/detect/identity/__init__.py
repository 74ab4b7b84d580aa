"""Identity events: what ships, and registers, say about who a ship is, and where that does not fit.

These work on dated claims, not on positions; positions only say where a ship was when it said something.  The law of
detectors holds in its sense for claims: however they were cut into files and in whatever order they come, the events
are the same, because claims of one hour that say the same are brought together first (``said``).
"""

from __future__ import annotations

from clearwake.detect.identity.changes import identity_changes
from clearwake.detect.identity.flag import flag_faults
from clearwake.detect.identity.ground import Heard, nobody_heard
from clearwake.detect.identity.imo import imo_faults
from clearwake.detect.identity.laundered import laundered_identities
from clearwake.detect.identity.rows import registration_id
from clearwake.detect.identity.shared import shared_imos, shared_mmsis
from clearwake.model.events import IDENTITY, IdentityTable

__all__ = [
    "IDENTITY",
    "Heard",
    "IdentityTable",
    "flag_faults",
    "identity_changes",
    "imo_faults",
    "laundered_identities",
    "nobody_heard",
    "registration_id",
    "shared_imos",
    "shared_mmsis",
]
