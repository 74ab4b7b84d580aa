"""Where: land, distance to the coast, zones of the sea, ports and anchorages."""

from clearwake.places.atlas import Atlas, load
from clearwake.places.learn import gather, learn_anchorages
from clearwake.places.zone_files import read_zones, zones_and_rejects

__all__ = ["Atlas", "gather", "learn_anchorages", "load", "read_zones", "zones_and_rejects"]
