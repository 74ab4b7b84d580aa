"""Matching: what people and satellites saw, held against what was heard.

A hull that no track explains is dark only where a track could have explained it; everywhere else it is unsearched.
"""

from clearwake.matching.detections import Ground, match_detections
from clearwake.matching.side_by_side import side_by_side
from clearwake.matching.sightings import match_sightings

__all__ = ["Ground", "match_detections", "match_sightings", "side_by_side"]
