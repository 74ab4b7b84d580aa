"""What of a case may be shown to whom: markings, tear-lines, the gate before publication, the reach of a retraction.

A room without input or output.  A version is made from what its audience may have and from nothing else, so that what
is withheld cannot show in it.
"""

from clearwake.release.coarse import COARSENED, GRAINS
from clearwake.release.gate import Check, Known, failed, gate
from clearwake.release.grid import Cell, cell
from clearwake.release.markings import Level, audience_of, inherited, may, originators
from clearwake.release.naming import Secret, unnamed
from clearwake.release.papers import MANIFEST, papers
from clearwake.release.photographs import bared, hidden
from clearwake.release.quoting import Quoted, quoted, quoted_in
from clearwake.release.reach import Use, reach, resting
from clearwake.release.version import TAKINGS_BACK, Fold, Levels, misleading, opened_by, released

__all__ = [
    "COARSENED",
    "GRAINS",
    "MANIFEST",
    "TAKINGS_BACK",
    "Cell",
    "Check",
    "Fold",
    "Known",
    "Level",
    "Levels",
    "Quoted",
    "Secret",
    "Use",
    "audience_of",
    "bared",
    "cell",
    "failed",
    "gate",
    "hidden",
    "inherited",
    "may",
    "misleading",
    "opened_by",
    "originators",
    "papers",
    "quoted",
    "quoted_in",
    "reach",
    "released",
    "resting",
    "unnamed",
]
