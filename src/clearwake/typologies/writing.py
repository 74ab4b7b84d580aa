"""How a typology's elements round one anchor are told: which are shown, by what, and what speaks against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from math import prod
from typing import TYPE_CHECKING

from clearwake.model import TypologyFinding, event_id
from clearwake.typologies.facts import Ship, known
from clearwake.typologies.happenings import Happening

if TYPE_CHECKING:
    from clearwake.typologies.search import Shown, Together

KIND = "typology_finding"

STATES = ("shown", "missing", "contradicted")

_ABOUT = {
    "encounters": "encounter", "possible_meetings": "possible meeting", "sightings": "sighting",
    "detections": "detection", "side_by_side": "two hulls in one image", "gaps": "silence", "silences": "silence",
    "loiterings": "drifting", "port_calls": "port call", "zone_entries": "zone entry",
    "draught_changes": "draught change", "voyage_findings": "voyage finding", "falsifications": "falsified positions",
    "identity_changes": "identity change", "flag_faults": "flag", "laundered_identities": "identity",
}  # fmt: skip


def written(found: Together, ships: Mapping[int, Ship]) -> TypologyFinding:
    """Write what was found as a row."""
    typology, anchor = found.typology, found.elements[0].event
    assert anchor is not None  # noqa: S101 - an anchor is an event
    events = [e.event for e in found.elements if e.event is not None and e.element.needed != "helps"]
    every = [e for each in found.elements for e in (each.event, each.contradicting) if e is not None]
    roles = [(role, found.bound[role]) for role in typology.roles if found.bound.get(role) is not None]
    mmsis = [mmsi for _, mmsi in roles if mmsi is not None]
    (mmsi_a, mmsi_b), tracks = _pair(mmsis, anchor), _tracks(every)
    named = {s: tuple(e.element.name for e in found.counted if e.state == s) for s in STATES}
    chances = [e.probability for e in events if e.probability is not None]
    return TypologyFinding(
        event_id(KIND, typology.definition, (typology.id, anchor.id, *mmsis), anchor.start), KIND, 1,
        min(e.start for e in events), max(e.end for e in events), anchor.lon, anchor.lat,
        tracks.get(mmsi_a), mmsi_a, tracks.get(mmsi_b), mmsi_b, tuple(sorted({e.id for e in every})),
        max(e.known_at for e in every), typology.id, "shown" if found.is_whole else "partial", typology.title,
        tuple(mmsis), tuple(f"{role} {mmsi}" for role, mmsi in roles), tuple(map(_step, found.elements)),
        named["shown"], named["missing"], named["contradicted"],
        round(found.shown / len(found.counted), 3), round(prod(chances), 4) if chances else None,
        "; ".join(typology.published), tuple(_for(found, ships)), tuple(_against(found, ships)),
    )  # fmt: skip


def _pair(mmsis: list[int], anchor: Happening) -> tuple[int | None, int | None]:
    """Give the two ships of the anchor, the lower number first; a third ship stands among ``ships``."""
    pair = sorted(s for s in anchor.ships if s is not None) or sorted(mmsis)
    return (pair[0] if pair else None), (pair[1] if len(pair) > 1 else None)


def _tracks(events: list[Happening]) -> dict[int | None, int | None]:
    return {
        ship: track
        for e in events
        for ship, track in zip(e.ships, e.tracks, strict=True)
        if track is not None
    }


def _step(each: Shown) -> str:
    told = f"{each.element.name}: {each.state}"
    event = each.event or each.contradicting
    return f"{told} ({event.id})" if event is not None else told


def _for(found: Together, ships: Mapping[int, Ship]) -> Iterator[str]:
    for each in found.elements:
        if each.state == "shown":
            event = f": {_told(each.event)}" if each.event is not None else ""
            yield f"{_said(each, found, ships)}{event}"


def _against(found: Together, ships: Mapping[int, Ship]) -> Iterator[str]:
    for each in found.elements:
        said = _said(each, found, ships)
        if each.state == "contradicted":
            event = f": {_told(each.contradicting)}" if each.contradicting is not None else ""
            yield f"contradicted that {said}{event}"
        elif each.state == "missing" and each.element.needed != "helps":
            yield f"not shown that {said}"
        elif each.contradicting is not None:
            yield f"speaks against that {said}: {_told(each.contradicting)}"
    yield from found.typology.against


def _said(each: Shown, found: Together, ships: Mapping[int, Ship]) -> str:
    names = {role: _called(found.bound.get(role), ships) for role in found.typology.roles}
    return each.element.says.format_map(names)


def _called(mmsi: int | None, ships: Mapping[int, Ship]) -> str:
    return "a ship nobody knows" if mmsi is None else known(mmsi, ships).called


def _told(event: Happening | None) -> str:
    if event is None:
        return ""
    place = "" if event.lon is None or event.lat is None else f", {event.lat:.2f}, {event.lon:.2f}"
    chance = "" if event.probability is None else f", probability {event.probability:.2f}"
    return f"{_ABOUT[event.table]} {_clock(event.start)} to {_clock(event.end)}{place}{chance}"


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
