"""What of a case may be shown to whom: markings, tear-lines, the gate before publication, the reach of a retraction.

A room without input or output.  A version is made from what its audience may have and from nothing else, so that what
is withheld cannot show in it.
"""

from clearwake.release.coarse import COARSENED, GRAINS
from clearwake.release.grid import Cell, cell
from clearwake.release.markings import Level, audience_of, inherited, may
from clearwake.release.naming import Secret
from clearwake.release.papers import papers
from clearwake.release.quoting import Quoted, quoted
from clearwake.release.reach import Use, reach, resting
from clearwake.release.version import Fold, Levels, misleading, opened_by, released

__all__ = [
    "COARSENED",
    "GRAINS",
    "Cell",
    "Fold",
    "Level",
    "Levels",
    "Quoted",
    "Secret",
    "Use",
    "audience_of",
    "cell",
    "inherited",
    "may",
    "misleading",
    "opened_by",
    "papers",
    "quoted",
    "reach",
    "released",
    "resting",
]
