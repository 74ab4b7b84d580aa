"""Typologies: methods of evasion as governments published them, as patterns over events, dated, one file each.

A method changes from year to year, and a rule written for one year misses the next.  So the parts (who met whom, who
was silent, who got lighter) are found elsewhere, and a file here only says how they go together, from when to when.
"""

from clearwake.typologies.facts import Ship, ship_facts
from clearwake.typologies.happenings import TABLES, Happenings
from clearwake.typologies.pattern import Typology, read_typology, typologies, typologies_of
from clearwake.typologies.search import typology_findings

__all__ = [
    "TABLES",
    "Happenings",
    "Ship",
    "Typology",
    "read_typology",
    "ship_facts",
    "typologies",
    "typologies_of",
    "typology_findings",
]
