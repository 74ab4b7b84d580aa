"""Whereabouts: where a silent hull can be: the reachable area, a density in it, and its growth."""

from clearwake.whereabouts.answer import Located, Question, locate
from clearwake.whereabouts.density import Motion, Surroundings, Weights
from clearwake.whereabouts.limits import Limit, limit, limits, own_speed_kn
from clearwake.whereabouts.prism import Prism, Span
from clearwake.whereabouts.reach import (
    FOREVER_MS,
    SLACK_M,
    Silences,
    could_be,
    is_possible,
    needed_kn,
    slack_m,
    stay_ms,
)
from clearwake.whereabouts.voyage import way_by_sea_km

__all__ = [
    "FOREVER_MS",
    "SLACK_M",
    "Limit",
    "Located",
    "Motion",
    "Prism",
    "Question",
    "Silences",
    "Span",
    "Surroundings",
    "Weights",
    "could_be",
    "is_possible",
    "limit",
    "limits",
    "locate",
    "needed_kn",
    "own_speed_kn",
    "slack_m",
    "stay_ms",
    "way_by_sea_km",
]
