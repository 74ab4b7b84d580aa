"""Indicators of a desk: every table that says something for or against a ship, weighed into sentences."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from clearwake import assess, places
from clearwake.flow.identity import identity_events
from clearwake.store import Store

VOYAGE_TABLES = ("draught_changes", "voyage_findings", "typology_findings")
"""What is found about voyages."""

SENSED_TABLES = ("sightings", "detections", "side_by_side")
"""What other eyes than AIS saw."""

_HEARD_TABLES = ("encounters", "gaps", "loiterings", "port_calls", "claims")


def indicators(store: Store, ask: Callable[[str], pl.DataFrame]) -> pl.DataFrame:
    """Give every reason to look at a ship, or not to: a table of ``Indicator``.

    Args:
        store: The desk's store.
        ask: Gives any other table by name.
    """
    return assess.indicators(
        **{name: ask(name) for name in _HEARD_TABLES},
        matches=ask("matches"),
        coast_km=places.load().coast_km,
        identity_events=identity_events(store),
        voyage_events={name: ask(name) for name in VOYAGE_TABLES},
        falsifications=ask("falsifications"),
        possible_meetings=ask("possible_meetings"),
        sensed={name: ask(name) for name in SENSED_TABLES},
    )
