"""The answer to "where can it be?": figures, a sentence, outlines and a density, made of one silence.

A return that was faster than the limit gets no empty area but is said to be impossible, with the speed it needs and
what each of its ends allows alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from clearwake import sphere
from clearwake.model.whereabouts import Whereabouts
from clearwake.places import coast
from clearwake.sphere import Floats
from clearwake.whereabouts.density import Density, Motion, Surroundings, Weights, density
from clearwake.whereabouts.limits import Limit
from clearwake.whereabouts.outline import polygons
from clearwake.whereabouts.prism import Prism, Span, one_sided
from clearwake.whereabouts.reach import MS_PER_H
from clearwake.whereabouts.voyage import way_by_sea_km
from clearwake.whereabouts.water import NO_ICE, NOWHERE, Ice
from clearwake.whereabouts.wording import moment, told

LEVELS = (0.50, 0.80, 0.95)
SILENT_FROM_H = 2.0
"""Positions this close before and after leave nothing to search for; the table of silences begins here too."""
GROWTH_STEPS = 24
_SEEN_NODES = 20_000


@dataclass(frozen=True)
class Question:
    """One silence, or one sighting, and the moment asked about."""

    span: Span
    at_ms: float
    limit: Limit
    mmsi: int | None = None
    track: int | None = None
    silence: str | None = None
    is_sighting: bool = False
    motion: Motion = field(default_factory=Motion)
    notes: tuple[str, ...] = ()
    """What else should be said: other hulls under the number, a feed that was not listening."""
    evidence: tuple[str, ...] = ()

    @property
    def silent_h(self) -> float:
        """How long it had been silent, or was until first heard."""
        if self.span.last is None:
            return (self.span.until_ms - self.at_ms) / MS_PER_H
        return (self.at_ms - self.span.since_ms) / MS_PER_H

    @property
    def is_silent(self) -> bool:
        """Whether it was silent for two hours or more, or had not been heard for that long."""
        whole = self.span.last is not None and self.span.back is not None
        return (
            self.span.until_ms - self.span.since_ms if whole else self.silent_h * MS_PER_H
        ) >= SILENT_FROM_H * MS_PER_H


@dataclass(frozen=True)
class Located:
    """Where a hull can be: the figures, the outlines by role, and the density."""

    record: Whereabouts
    outlines: dict[str, shapely.MultiPolygon]
    """``reachable``, and ``likely_50``, ``likely_80``, ``likely_95`` inside it; of an impossible return, ``from_last``
    and ``to_back``.  Degrees."""
    density: Density | None


def locate(
    question: Question,
    around: Surroundings,
    heard: Floats = NOWHERE,
    ice: Ice = NO_ICE,
    weights: Weights | None = None,
) -> Located:
    """Say where a hull can be.

    Args:
        question: Which silence and when.
        around: Ports and lanes, for the density.
        heard: Where any ships were heard: water.
        ice: What closed the sea all through the silence.
        weights: What each behaviour counts in the density.
    """
    prism = Prism(question.span, heard, ice)
    if not prism.is_possible:
        return _impossible(question, prism, heard, ice)
    found = density(prism, question.at_ms, question.motion, around, weights)
    per_km2 = np.where(found.share > 0.0, found.share / found.lattice.cell_km2, -np.inf)
    outlines = {"reachable": prism.outline(found.lattice, found.free, question.at_ms)}
    for level in LEVELS:
        outlines[f"likely_{level:.0%}".rstrip("%")] = polygons(
            found.lattice, per_km2, found.free, found.level(level)
        )
    return Located(_record(question, prism, found, ice), outlines, found)


def _impossible(question: Question, prism: Prism, heard: Floats, ice: Ice) -> Located:
    """Say why a return is impossible, and show what each end allows alone."""
    outlines = {}
    for role, span in zip(("from_last", "to_back"), one_sided(question.span), strict=True):
        side = Prism(span, heard, ice)
        sheet = side.sheet(question.at_ms)
        free, _ = side.water_of(sheet)
        outlines[role] = side.outline(sheet, free, question.at_ms)
    return Located(_record(question, prism, None, ice), outlines, None)


def _record(question: Question, prism: Prism, found: Density | None, ice: Ice) -> Whereabouts:
    span, at = question.span, question.at_ms
    area = prism.area(at) if found else None
    growth = _growth(prism, at) if found else []
    place, error_km = _placed(question, found)
    both = span.last is not None and span.back is not None
    way_km = max(prism.way_km, span.apart_km)
    if span.last is not None and span.back is not None and not np.isfinite(way_km):
        # The prism looks no farther than the limit allows; how fast it must have been needs the whole way.
        way_km = way_by_sea_km(span.last, span.back)[0]
    record: dict[str, Any] = {
        "mmsi": question.mmsi, "track": question.track, "at": moment(at), "state": _state(question, found),
        "told": "", "silence": question.silence,
        "since": moment(span.since_ms) if span.last is not None else None,
        "until": moment(span.until_ms) if span.back is not None else None,
        **_degrees("last", span.last), **_degrees("back", span.back), **_degrees("", place),
        "error_km": error_km, "limit_kn": span.limit_kn, "limit_origin": question.limit.origin,
        "needed_kn": _finite(span.speed_for(way_km)) if both else None,
        "way_km": _finite(way_km) if both else None,
        "area_km2": area.reachable_km2 if area else 0.0,
        "disc_km2": area.disc_km2 if area else 0.0, "disc_water_km2": area.disc_sea_km2 if area else 0.0,
        **_held(found, area.reachable_km2 if area else 0.0),
        "growth_at": tuple(moment(each) for each, _ in growth), "growth_km2": tuple(km2 for _, km2 in growth),
        "growth_km2_per_h": _rate(prism, at) if found else 0.0, "silent_h": question.silent_h,
        "weights": tuple(f"{name} {weight:.2f}" for name, weight in found.weights.items()) if found else (),
        "ice": len(ice.polygons), "evidence": question.evidence,
    }  # fmt: skip
    whole = Whereabouts(**record)
    return replace(whole, told=told(whole, (*question.notes, *_inland(prism))))


def _inland(prism: Prism) -> tuple[str, ...]:
    """Say so where land was not asked although there is land."""
    lon, lat = sphere.lonlat(prism.lattice.middles[::97])
    lon, lat, _ = sphere.on_globe(lon, lat)
    if prism.asks_land or not coast.on_land(lon, lat).any():
        return ()
    return (
        "It was heard inland, on water that the maps here do not have: land is not taken to be in its way.",
    )


def _state(question: Question, found: Density | None) -> str:
    if found is None:
        return "impossible"
    if question.is_sighting:
        return "sighted"
    return "silent" if question.is_silent else "heard"


def _degrees(name: str, place: Floats | None) -> dict[str, float | None]:
    prefix = f"{name}_" if name else ""
    if place is None:
        return {f"{prefix}lon": None, f"{prefix}lat": None}
    lon, lat = sphere.lonlat(place)
    return {f"{prefix}lon": round(float(lon), 6), f"{prefix}lat": round(float(lat), 6)}


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _placed(question: Question, found: Density | None) -> tuple[Floats | None, float | None]:
    """Give the likeliest place and how far 95 in 100 lie round it; for a ship heard, where it was and could be."""
    if found is None:
        return None, None
    span, middles = question.span, found.lattice.middles
    if not question.is_silent and span.last is not None and span.back is not None:
        part = (question.at_ms - span.since_ms) / max(span.until_ms - span.since_ms, 1.0)
        place = sphere.interpolate(span.last, span.back, np.float64(part))
        can = (found.slack_km >= 0.0).ravel()
        return place, float(sphere.between_m(middles[can], place).max(initial=0.0)) / 1000.0
    share = found.share.ravel()
    if not share.any():
        return None, None
    place = middles[found.likeliest]
    away = sphere.between_m(middles, place) / 1000.0
    order = np.argsort(away, kind="stable")
    held = int(np.searchsorted(np.cumsum(share[order]), LEVELS[-1]))
    return place, float(away[order[min(held, len(order) - 1)]])


def _held(found: Density | None, reachable_km2: float) -> dict[str, float | None]:
    """Give how large the water is that holds half, most and nearly all of what is likely.

    Cells at the edge count whole, which on narrow water is more than all there is: none is larger than that.
    """
    names = ("half_km2", "most_km2", "nearly_all_km2")
    if found is None:
        return dict.fromkeys(names)
    per_km2 = found.share / found.lattice.cell_km2
    return {
        name: min(float(found.lattice.cell_km2[per_km2 >= found.level(level)].sum()), reachable_km2)
        for name, level in zip(names, LEVELS, strict=True)
    }


def _growth(prism: Prism, at_ms: float) -> list[tuple[float, float]]:
    """Measure the water within reach over the silence, up to the moment asked about where it has not ended."""
    span = prism.span
    first = span.since_ms if span.last is not None else at_ms
    last = span.until_ms if span.back is not None else at_ms
    times = np.linspace(first, last, GROWTH_STEPS + 1)
    return [(area.at_ms, area.reachable_km2) for area in prism.growth(times)]


def _rate(prism: Prism, at_ms: float) -> float:
    """Give how fast the water within reach grows at a moment, square kilometres an hour."""
    span = prism.span
    first = span.since_ms if span.last is not None else at_ms
    last = span.until_ms if span.back is not None else at_ms
    step = max(0.02 * (last - first), 60_000.0)
    before, after = max(at_ms - step, first), min(at_ms + step, last)
    if after <= before:
        return 0.0
    grown = prism.area(after, _SEEN_NODES).reachable_km2 - prism.area(before, _SEEN_NODES).reachable_km2
    return grown / (after - before) * MS_PER_H
