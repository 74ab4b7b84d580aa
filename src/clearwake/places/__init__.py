"""Where: land, distance to the coast, zones of the sea, ports and anchorages."""

from clearwake.places.atlas import Atlas, load

__all__ = ["Atlas", "load"]
