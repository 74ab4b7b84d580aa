"""The corridor: the order of rooms, written once.

``intake`` carries bytes to facts in the store; ``advance`` carries facts through tracks and detectors to events.
"""

from clearwake.flow.advance import RunReport, advance
from clearwake.flow.atlas import atlas_of
from clearwake.flow.intake import Asserted, FileReport, Given, intake

__all__ = ["Asserted", "FileReport", "Given", "RunReport", "advance", "atlas_of", "intake"]
