"""Where one hull can be at one moment: what was asked, what is known, and what follows from it, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import polars as pl

from clearwake.model.record import (
    TIME,
    Column,
    Count,
    Degrees,
    Hours,
    Identifier,
    Kilometres,
    Knots,
    Quantities,
    Text,
    Texts,
    Time,
)

Times = Annotated[tuple[datetime, ...], Column(pl.List(TIME))]
SquareKilometres = Annotated[float, Column(pl.Float64, "km2")]


@dataclass(frozen=True)
class Whereabouts:
    """Where one hull can be at one moment; areas are of water, the land within them left out."""

    mmsi: Identifier | None
    """Null for a sighting of an unnamed ship."""
    track: Identifier | None
    at: Time
    state: Text
    """``silent``; ``heard`` (within two hours before or after); ``sighted``; ``impossible`` (the return was faster than
    the limit, or no water leads there)."""
    told: Text
    """All of it in a sentence."""
    silence: Text | None
    """The id of the silence or gap, where the desk has one; of the sighting, where that was asked about."""
    since: Time | None
    last_lon: Degrees | None
    """Where it was last heard."""
    last_lat: Degrees | None
    until: Time | None
    back_lon: Degrees | None
    """Where it was heard again."""
    back_lat: Degrees | None
    lon: Degrees | None
    """Where it was likeliest; between two positions close in time, where it was."""
    lat: Degrees | None
    error_km: Kilometres | None
    """How far round that place 95 in 100 of what is likely reaches; for a ship heard, all that is possible."""
    limit_kn: Knots
    limit_origin: Text
    needed_kn: Knots | None
    """What it must have sailed at least to come back; null while it has not."""
    way_km: Kilometres | None
    """How far it is at least by water from where it was last heard to where it was heard again."""
    area_km2: SquareKilometres
    """Water it can have been on."""
    disc_km2: SquareKilometres
    """What distance alone allows, land included."""
    disc_water_km2: SquareKilometres
    """The water of that; the rest over ``area_km2`` lies behind land or ice."""
    half_km2: SquareKilometres | None
    """The smallest water that holds half of what is likely."""
    most_km2: SquareKilometres | None
    """... 80 in 100 of it."""
    nearly_all_km2: SquareKilometres | None
    """... 95 in 100 of it."""
    growth_at: Times
    """Moments from the last position on, for ``growth_km2``."""
    growth_km2: Quantities
    """Water within reach at each of them."""
    growth_km2_per_h: SquareKilometres
    """How fast it grows (or shrinks) at the moment asked about, an hour."""
    silent_h: Hours | None
    """How long it had been silent by then."""
    weights: Texts
    """What each behaviour counted for in the density: ``run 0.45`` ..."""
    ice: Count
    """How many areas of known ice closed the sea."""
    evidence: Texts
