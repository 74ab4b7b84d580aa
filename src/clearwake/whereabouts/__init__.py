"""Whereabouts: where a silent hull can be: the reachable area, a density in it, and its growth."""

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

__all__ = [
    "FOREVER_MS",
    "SLACK_M",
    "Silences",
    "could_be",
    "is_possible",
    "needed_kn",
    "slack_m",
    "stay_ms",
]
