"""Voyages: what ships say of their draught and destination, held against what they did.

Both are typed by hand, often late and sometimes never; so nothing here is more than a question with its reasons for
and against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

import polars as pl

from clearwake.model import PortCall, conform, empty
from clearwake.places import Atlas
from clearwake.voyages.declared import declared_findings
from clearwake.voyages.destinations import Gazetteer, Reading
from clearwake.voyages.detours import detours
from clearwake.voyages.draughts import DRAUGHTS, draught_changes
from clearwake.voyages.found import VOYAGES, as_table
from clearwake.voyages.memory import called_in_dprk, dprk_findings, lying_off
from clearwake.voyages.occasions import occasions
from clearwake.voyages.seaway import seaways
from clearwake.voyages.ship import STOPPED, ships
from clearwake.voyages.stays import stays

__all__ = [
    "DRAUGHTS",
    "STOPPED",
    "VOYAGES",
    "Gazetteer",
    "Reading",
    "Record",
    "called_in_dprk",
    "draught_changes",
    "occasions",
    "voyage_findings",
    "with_lying",
]


@dataclass(frozen=True)
class Record:
    """What is known of ships' voyages.

    Attributes:
        claims: A table of ``IdentityClaim``.
        events: ``port_calls``, ``encounters``, ``loiterings`` and ``draught_changes`` by name; absent ones are empty.
        trail: Positions about once an hour: ``mmsi, track, time, lon, lat, known_at``.
        hulls: The hull of each MMSI, where it is known.
        apart: MMSIs on several hulls at once, which declare nothing that can be held against a track.
    """

    claims: pl.DataFrame
    events: Mapping[str, pl.DataFrame]
    trail: pl.DataFrame
    hulls: Mapping[int, str]
    apart: pl.Series


def voyage_findings(record: Record, atlas: Atlas) -> pl.DataFrame:
    """Find voyages that are not what was declared, and what the law remembers: a table of ``VoyageFinding``."""
    ways = seaways()
    calls = conform(record.events.get("port_calls", empty(PortCall)), PortCall)
    lain = stays(record.trail, calls, atlas)
    events = {**record.events, "port_calls": pl.concat((calls, lain.calls))}
    every = list(ships(record.claims, events, record.trail, Gazetteer(atlas.anchorages), record.apart))
    remembered = dprk_findings(with_lying(events, atlas), record.hulls)
    return as_table(lain.weighed(chain(declared_findings(every, ways), detours(every, ways), remembered)))


def with_lying(events: Mapping[str, pl.DataFrame], atlas: Atlas) -> dict[str, pl.DataFrame]:
    """Count lying still off a port of the DPRK among the calls."""
    drifts, calls = events.get("loiterings"), events.get("port_calls", empty(PortCall))
    if drifts is None or drifts.is_empty():
        return dict(events)
    both = pl.concat((conform(calls, PortCall), lying_off(drifts, calls, atlas)))
    return {**events, "port_calls": both}
