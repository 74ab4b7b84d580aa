"""Assessing: events and matches to reasons for and against, and reasons to an order.

A reason is a sentence with numbers that measures and does not accuse; what it weighs is this project's
judgement, in one table.  People judge; this only says whom to look at first, and what speaks against it.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from clearwake.assess.assessment import assess_case, weighed_case
from clearwake.assess.drifting import drift_reasons
from clearwake.assess.explanations import observed, reasons_of
from clearwake.assess.falsified import falsified_reasons
from clearwake.assess.identity import identities
from clearwake.assess.identity_events import identity_reasons
from clearwake.assess.listings import call_reasons, listing_reasons
from clearwake.assess.meetings import meeting_reasons
from clearwake.assess.ranking import rank, scores
from clearwake.assess.reasons import gathered
from clearwake.assess.sensed import sensed_reasons
from clearwake.assess.silences import CoastDistance, silence_reasons
from clearwake.assess.unseen import unseen_reasons
from clearwake.assess.voyages import voyage_reasons
from clearwake.assess.weights import WEIGHTS, weights
from clearwake.model import Falsification, PossibleMeeting, empty

__all__ = [
    "WEIGHTS",
    "assess_case",
    "indicators",
    "observed",
    "rank",
    "reasons_of",
    "scores",
    "weighed_case",
    "weights",
]


def indicators(  # noqa: PLR0913 - one table of findings each, all by name
    *,
    encounters: pl.DataFrame,
    gaps: pl.DataFrame,
    loiterings: pl.DataFrame,
    port_calls: pl.DataFrame,
    matches: pl.DataFrame,
    claims: pl.DataFrame,
    coast_km: CoastDistance,
    identity_events: Mapping[str, pl.DataFrame] | None = None,
    voyage_events: Mapping[str, pl.DataFrame] | None = None,
    possible_meetings: pl.DataFrame | None = None,
    sensed: Mapping[str, pl.DataFrame] | None = None,
    falsifications: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Give every reason for and against, one row each, from the tables of what was found.

    Args:
        encounters: A table of ``Encounter``.
        gaps: A table of ``Gap``.
        loiterings: A table of ``Loitering``.
        port_calls: A table of ``PortCall``.
        matches: A table of ``Match`` whose ``id`` is the MMSI of a ship heard, as text.
        claims: A table of ``IdentityClaim``.
        coast_km: How far places are from the coast: ``lon, lat: (n,), (n,) degrees -> (n,)`` kilometres.
        identity_events: Tables of identity events by name: ``identity_changes``, ``shared_mmsis`` ...
        voyage_events: Tables about voyages by name: ``draught_changes``, ``voyage_findings``, ``typology_findings``.
        possible_meetings: A table of ``PossibleMeeting``.
        sensed: Tables of what other eyes saw, by name: ``sightings``, ``detections``, ``side_by_side``.
        falsifications: A table of ``Falsification``.

    Returns:
        A table of ``Indicator``, ordered by MMSI, then for before against, then weight.
    """
    ships = identities(claims)
    return gathered(
        [
            *meeting_reasons(encounters, ships, matches),
            *silence_reasons(gaps, port_calls, coast_km),
            *drift_reasons(loiterings, encounters, ships),
            *listing_reasons(matches),
            *call_reasons(port_calls),
            *identity_reasons(identity_events or {}),
            *sensed_reasons(sensed or {}),
            *falsified_reasons(empty(Falsification) if falsifications is None else falsifications),
            *voyage_reasons(voyage_events or {}),
            *unseen_reasons(empty(PossibleMeeting) if possible_meetings is None else possible_meetings),
        ]
    )
