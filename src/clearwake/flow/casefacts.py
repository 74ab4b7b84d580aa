"""What a fact of the desk says in the words of the law, and which explanations it speaks for and against.

An item of a case made from a sighting, an event, a detection or a list entry carries the row it came from; all here is
worked out from that row and from where places are.  What a detector found is a claim at best: that two transmitters
were near each other does not say that cargo passed, and a zone told by the distance to the coast is approximate.
Reasonable grounds are never worked out: they are a State's own judgement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from clearwake.assess import observed
from clearwake.assess.weights import NAUTICAL_MILE_KM
from clearwake.flow.atlas import IN_PORT_KM
from clearwake.model import Item, LegalFact, Reason
from clearwake.names import flag_of_mmsi
from clearwake.places import Atlas

Row = Mapping[str, Any]

FAR_NM = 50.0
"""Farther than this from the coast counts as far offshore.  Welch et al. 2022."""

NEAR_NM = 12.0
"""As near as this is the territorial sea.  UNCLOS article 3."""

OUTLINE_KM = 1.0
"""Distances to the coast are exact to about so much."""

TWICE = 2.0
"""Standard deviations of a position within which a zone has to be the same to be told."""

APPROXIMATE = "zone from the distance to the coast, approximate"

NUMBERED = 0.5
"""How much of a flag's weight an MMSI's digits have: they are typed into a transmitter.  This project's judgement."""

CLAIMED = "claimed"
"""The grade of what a detector or a transmitter says."""

ZONES = {"territorial_sea": "territorial sea", "contiguous_zone": "contiguous zone", "eez": "eez"}
"""Kinds of zones as the places have them, the innermost first, and as the law has them."""

TOGETHER = frozenset({"alongside", "fenders", "hoses_connected", "transfer", "crane"})
"""Codes of a sighting that say that two ships lay beside each other; only hoses say that cargo passed."""

SEEN = {
    "hoses_connected": "hoses_connected", "crane": "hoses_connected", "transfer": "alongside", "alongside": "alongside",
    "fenders": "fenders", "no_hoses": "no_hoses_seen",
    "name_painted_over": "name_hidden", "false_name": "name_hidden", "no_name": "name_hidden",
    "false_flag": "name_hidden", "no_flag": "name_hidden", "lights_off": "lights_off", "night": "at_night",
    "under_tow": "disabled", "drifting": "drifted", "ais_off": "silent_unexplained",
}  # fmt: skip
"""Codes of a sighting, and the observations they are."""

CAUSES = {
    "switched_off": "switched_off", "feed_outage": "feed_was_out", "out_of_reception": "out_of_reception",
    "crowding": "out_of_reception", "moored": "in_port_or_anchorage", "unknown": "silent_unexplained",
}  # fmt: skip
"""Likely causes of a silence, and the observations they are."""


@dataclass(frozen=True)
class Found:
    """What an item is made from: its row, its subjects, and where it was."""

    item: Item
    row: Row
    atlas: Atlas

    @property
    def day(self) -> date | None:
        """The day it happened."""
        return self.item.start.date() if self.item.start else None

    @property
    def until(self) -> date | None:
        """The last day, where it is another."""
        return self.item.end.date() if self.item.end and self.item.end.date() != self.day else None

    def fact(self, kind: str, subject: str | None = None, value: str | None = None, **more: Any) -> LegalFact:  # noqa: ANN401 - fields of a record
        """Write a fact that the item says."""
        told = {"grade": CLAIMED, "origin": self.item.origin, **more}
        return LegalFact(self.item.id, kind, subject, value, **told)


def informed(item: Item, atlas: Atlas) -> Item:
    """Give an item what its row says in the words of the law, and what it speaks for and against.

    Facts and reasons it has already stay, and nothing is added to those it was given by hand.

    Args:
        item: Made from a row of the desk: ``rows`` is that row as JSON, ``source`` its id.
        atlas: Where places are.
    """
    if item.rows is None or item.source is None or item.facts or item.reasons:
        return item
    found = Found(item, json.loads(item.rows), atlas)
    say, weigh = _OF.get(item.source.partition(":")[0], (_nothing, _nothing))
    if item.kind == "listing":
        say, weigh = _of_listing, _why_listing
    return replace(item, facts=tuple(say(found)), reasons=tuple(_each_once(weigh(found))))


def _each_once(reasons: Iterator[Reason]) -> Iterator[Reason]:
    seen = set()
    for each in reasons:
        if (each.observation, each.explanation) not in seen:
            seen.add((each.observation, each.explanation))
            yield each


def _nothing(_: Found) -> Iterator[Any]:
    yield from ()


# Where it was


@dataclass(frozen=True)
class Place:
    """Where something was, as far as the law asks."""

    zone: str | None
    """As the law has them; null where the doubt of the position leaves more than one."""
    state: str | None
    """The coastal State, as approximate as the zone."""
    coast_nm: float | None
    harbour_km: float | None


def place_of(atlas: Atlas, lon: float | None, lat: float | None, error_m: float | None) -> Place:
    """Say in which zone a position is, if its doubt leaves only one.

    Args:
        atlas: Where places are.
        lon: Degrees.
        lat: Degrees.
        error_m: One standard deviation of the position along each axis; null is not known, and taken for none.
    """
    if lon is None or lat is None:
        return Place(None, None, None, None)
    coast_km = float(atlas.coast_km([lon], [lat])[0])
    harbour_km = float(atlas.nearest([lon], [lat])[1][0])
    doubt_km = OUTLINE_KM + TWICE * (error_m or 0.0) / 1000.0
    coast_nm = coast_km / NAUTICAL_MILE_KM
    if coast_km == 0.0 or _may_be_other(coast_km, doubt_km):
        return Place(None, None, coast_nm, harbour_km)
    return Place(*_zone_at(atlas, lon, lat), coast_nm, harbour_km)


def _zone_at(atlas: Atlas, lon: float, lat: float) -> tuple[str, str | None]:
    _, rows = atlas.zones_at([lon], [lat])
    zones = atlas.zones
    there = {zones["kind"][int(row)]: zones["country"][int(row)] for row in rows}
    kind = next((each for each in ZONES if each in there), None)
    return (ZONES[kind], there[kind]) if kind else ("high seas", None)


def _may_be_other(coast_km: float, doubt_km: float) -> bool:
    limits = np.array([12.0, 24.0, 200.0]) * NAUTICAL_MILE_KM
    return bool((np.abs(limits - coast_km) <= doubt_km).any())


def _placed(found: Found) -> Iterator[LegalFact]:
    item = found.item
    place = place_of(found.atlas, item.lon, item.lat, item.error_m)
    if place.zone is None:
        return
    origin = f"{item.origin or 'the desk'} ({APPROXIMATE})"
    for ship in item.ships:
        yield found.fact(
            "zone", ship, place.zone, object=place.state, since=found.day, until=found.until or found.day, origin=origin
        )  # fmt: skip


def _why_here(found: Found) -> Iterator[Reason]:
    item = found.item
    place = place_of(found.atlas, item.lon, item.lat, item.error_m)
    if place.coast_nm is None or place.harbour_km is None:
        return
    doubt_nm = TWICE * (item.error_m or 0.0) / 1000.0 / NAUTICAL_MILE_KM
    if place.harbour_km <= IN_PORT_KM:
        yield from observed(
            "in_port_or_anchorage", f"it was {place.harbour_km:.0f} km from a port or anchorage"
        )
    elif place.coast_nm + doubt_nm <= NEAR_NM:
        yield from observed("near_coast", f"it was {place.coast_nm:.0f} nm from the coast")
    elif place.coast_nm - doubt_nm >= FAR_NM:
        yield from observed("far_offshore", f"it was {place.coast_nm:.0f} nm from the coast")


# What was seen


def _of_sighting(found: Found) -> Iterator[LegalFact]:
    row, ships = found.row, found.item.ships
    codes = frozenset(row.get("codes") or ())
    if len(ships) > 1 and codes & TOGETHER:
        value = "exchanged" if "hoses_connected" in codes else "met"
        yield found.fact("transfer", ships[1], value, object=ships[0], since=found.day)
        if "no_hoses" in codes:
            yield found.fact("transfer", ships[1], "exchanged", object=ships[0], since=found.day, holds=False)
    if _is_country(flag := row.get("flag")) and ships:
        yield found.fact("flag", ships[0], flag)
    if "coal" in codes:
        yield found.fact("goods", None, "coal", since=found.day)
    if _is_country(by := row.get("originator")):
        yield from (found.fact("encountered", ship, by, since=found.day) for ship in ships)
    yield from _numbered(found)
    yield from _placed(found)


def _is_country(text: object) -> bool:
    return isinstance(text, str) and len(text) == 3 and text.isalpha() and text.isupper()


def _why_sighting(found: Found) -> Iterator[Reason]:
    row, by = found.row, found.item.origin or "somebody"
    when = f"as {by} saw on {found.day}"
    for code in row.get("codes") or ():
        if code in SEEN:
            yield from observed(SEEN[code], f"{code.replace('_', ' ')}, {when}")
    if row.get("partner") == "none":
        yield from observed("nothing_alongside", f"no other ship was with it, {when}")
    if row.get("flag") == "PRK":
        yield from observed("dprk_flag", f"one ship flew the flag of the DPRK, {when}")
    if row.get("imo") or row.get("name"):
        yield from observed(
            "identity_shown", f"{row.get('imo') or row.get('name')} was read on the ship, {when}"
        )
    kind = (row.get("ship_type_text") or "").lower()
    if "fish" in kind or "trawl" in kind:
        yield from observed("fishing_ships", f"it looked like a ship that fishes ({kind}), {when}")
    if "bunker" in kind or "tug" in kind:
        yield from observed("service_ship", f"it looked like a ship that serves others ({kind}), {when}")
    yield from _why_here(found)


# What was found on tracks


def _of_meeting(found: Found) -> Iterator[LegalFact]:
    ships = found.item.ships
    if len(ships) > 1 and found.row.get("label") not in ("in_port", "underway"):
        yield found.fact("transfer", ships[0], "met", object=ships[1], since=found.day, until=found.until)
    yield from _numbered(found)
    yield from _placed(found)


def _numbered(found: Found) -> Iterator[LegalFact]:
    """Give the flags that ships' MMSIs are numbered under: evidence of a flag, not proof."""
    for ship in found.item.ships:
        kind, _, number = ship.partition(":")
        flag = pl.select(flag_of_mmsi(pl.lit(int(number)))).item() if kind == "mmsi" else None
        if flag is not None:
            yield found.fact("flag", ship, flag, origin="the MMSI's first three digits")


def _why_meeting(found: Found) -> Iterator[Reason]:
    row = found.row
    if row.get("label") in ("in_port", "underway"):
        yield from _why_here(found)
        return
    apart, hours, speed = row.get("min_apart_m"), row.get("duration_h"), row.get("median_speed_kn")
    measured = [
        *([f"within {apart:.0f} m"] if apart is not None else []),
        *([f"for {hours:.1f} h"] if hours else []),
        *([f"at {speed:.1f} kn"] if speed is not None else []),
    ]
    name = (
        "two_hulls_in_image" if "apart_lengths" in row or row.get("kind") == "side_by_side" else "met_on_ais"
    )
    yield from observed(name, f"two ships lay beside each other {' '.join(measured)}".strip())
    flags = [flag.value for flag in _numbered(found)]
    if "PRK" in flags:
        yield from observed("dprk_flag", "one ship's MMSI is numbered under the DPRK")
    elif len(flags) == len(found.item.ships) > 1:
        told = f"neither ship's MMSI is numbered under the DPRK ({', '.join(map(str, flags))})"
        yield from observed("dprk_flag", told, holds=False, share=NUMBERED)
    yield from _why_here(found)


def _of_possible(found: Found) -> Iterator[LegalFact]:
    """Say nothing of a transfer: that ships could have met is no fact of the law; only whose numbers they are."""
    yield from _numbered(found)


def _why_possible(found: Found) -> Iterator[Reason]:
    probability = float(found.row.get("probability") or 0.0)
    told = f"the ships could have met unseen, with a probability of {probability:.2f}"
    yield from observed("could_have_met", told, share=probability)
    if found.row.get("draught") == "agrees":
        yield from observed("draughts_agree", "one lay deeper afterwards and the other less deep")
    if found.row.get("draught") == "unchanged":
        yield from observed("draughts_unchanged", "both lay as deep afterwards as before")


def _of_silence(found: Found) -> Iterator[LegalFact]:
    """Say that a ship was dark only where outage and poor reception were weighed and switched off is likeliest."""
    row = found.row
    if row.get("likely_cause") == "switched_off" and row.get("feed_ok") is not False:
        yield from (found.fact("ais", ship, "dark", since=found.day) for ship in found.item.ships)
    if row.get("likely_cause") in ("feed_outage", "out_of_reception"):
        for ship in found.item.ships:
            yield found.fact("ais", ship, "dark", holds=False, since=found.day)
    yield from _numbered(found)


def _why_silence(found: Found) -> Iterator[Reason]:
    row = found.row
    cause, hours = row.get("likely_cause") or "unknown", float(row.get("duration_h") or 0.0)
    sure = row.get("cause_confidence")
    name = "feed_was_out" if row.get("feed_ok") is False else CAUSES.get(cause, "silent_unexplained")
    confidence = f", confidence {sure:.2f}" if sure is not None else ""
    told = f"not heard for {hours:.1f} h; likely cause: {cause.replace('_', ' ')}{confidence}"
    yield from observed(name, told, share=float(sure) if sure is not None else 1.0)
    yield from _why_here(found)


def _of_falsified(found: Found) -> Iterator[LegalFact]:
    if not found.row.get("cleared_by"):
        yield from (found.fact("ais", ship, "false position", since=found.day) for ship in found.item.ships)
    yield from _numbered(found)


def _why_falsified(found: Found) -> Iterator[Reason]:
    row = found.row
    label = str(row.get("label") or "").replace("_", " ")
    if row.get("cleared_by"):
        yield from observed("interference", f"its positions were disturbed with those of others ({label})")
    else:
        yield from observed("false_position", f"positions that cannot be true: {label}")


def _why_interference(found: Found) -> Iterator[Reason]:
    ships = found.row.get("ships")
    yield from observed("interference", f"the positions of {ships} ships around were disturbed at that hour")


def _why_feed(found: Found) -> Iterator[Reason]:
    if found.row.get("state") in ("down", "degraded"):
        yield from observed("feed_was_out", f"the feed was {found.row['state']} from {found.item.start}")


# Ports, voyages, identities, lists


def _of_call(found: Found) -> Iterator[LegalFact]:
    row = found.row
    ships = found.item.ships
    if _is_country(country := row.get("port_country")):
        for ship in ships[:1]:
            yield found.fact("port_call", ship, country, since=found.day, until=found.until)
            yield found.fact(
                "zone", ship, "port", object=country, since=found.day, until=found.until or found.day
            )
    yield from _numbered(found)


def _why_call(found: Found) -> Iterator[Reason]:
    port, country = found.row.get("port"), found.row.get("port_country")
    if country == "PRK":
        yield from observed("dprk_call", f"called at {port} in the DPRK from {found.day}")


def _why_draught(found: Found) -> Iterator[Reason]:
    row = found.row
    change, share = float(row.get("change_m") or 0.0), float(row.get("probability") or 0.0)
    if row.get("agrees"):
        told = (
            f"it lay {change:+.1f} m deeper afterwards and its partner {row.get('partner_change_m'):+.1f} m"
        )
        yield from observed("draughts_agree", told, share=share)
    elif row.get("label") in ("encounter", "gap", "silence", "loitering"):
        told = f"it said a draught {change:+.1f} m from before after a {row['label']}"
        yield from observed("draught_changed", told, share=share)


def _why_voyage(found: Found) -> Iterator[Reason]:
    row, score = found.row, float(found.row.get("score") or 1.0)
    label = str(row.get("label"))
    if label in ("false_destination", "heading_away", "never_called"):
        told = f"declared {row.get('declared')!r} and went elsewhere ({label.replace('_', ' ')})"
        yield from observed("false_destination", told, share=score)
    elif "dprk" in label:
        name = "dprk_flag" if label == "met_dprk_flag" else "dprk_call"
        yield from observed(name, label.replace("_", " ").replace("dprk", "DPRK"), share=score)


def _why_drift(found: Found) -> Iterator[Reason]:
    yield from observed("drifted", f"drifted for {float(found.row.get('duration_h') or 0.0):.1f} h")
    yield from _why_here(found)


def _of_identity(found: Found) -> Iterator[LegalFact]:
    ships = found.item.ships
    if found.row.get("fault") == "denied":
        yield from (found.fact("sham_flag", ship, since=found.day) for ship in ships[:1])
    if found.item.source and found.item.source.startswith("laundered_identity"):
        yield from (found.fact("ais", ship, "false identity", since=found.day) for ship in ships[:1])


def _why_identity(found: Found) -> Iterator[Reason]:
    row, kind = found.row, str(found.item.source).partition(":")[0]
    if kind == "identity_change" and row.get("where") == "at sea":
        told = f"its {row.get('field')} changed from {row.get('old')} to {row.get('new')} at sea"
        yield from observed("identity_changed", told)
    if kind == "flag_fault" and row.get("fault") in ("denied", "hopping"):
        yield from observed("identity_changed", f"flag {row.get('flag')}: {row['fault']}")
    if kind in ("laundered_identity", "shared_imo") or row.get("fault") in ("length", "ship_type", "built"):
        yield from observed("identity_conflict", f"IMO {row.get('imo')} belongs to another hull, or may")


def _of_listing(found: Found) -> Iterator[LegalFact]:
    """Say of a list entry what it says of a ship: listed by the Committee, its measures, and the flag it has."""
    row = found.row
    for ship in found.item.ships:
        if row.get("kind") != "vessel":
            return
        if _is_by_committee(row) and row.get("status") == "listed":
            until = found.item.end.date() if found.item.end else None
            listed = {"grade": "confirmed", "since": found.day, "until": until}
            yield found.fact("listed", ship, "UN", **listed)
            for measure in _measures(row):
                yield found.fact("measure", ship, measure, **listed)
        if _is_country(flag := row.get("flag")):
            yield found.fact("flag", ship, flag, grade="probable")


def _is_by_committee(row: Row) -> bool:
    """Tell whether an entry is a designation by the 1718 Committee, on whatever list it stands.

    Annex XIV of Regulation (EU) 2017/1509 has the ships that the Committee designated.
    """
    programmes = [str(each).upper() for each in row.get("programmes") or ()]
    return (
        str(row.get("list")).lower() == "un"
        or any(each.startswith("UNSCR") for each in programmes)
        or (row.get("list") == "eu" and "annex XIV" in str(row.get("reference")))
    )


MEASURES = {"freeze": "freeze", "port": "port ban", "flag": "deflag", "direct": "direct to port"}
"""Words of lists, and the measures of UNSCR 2321 ¶12 they mean; transportation restrictions are a ban on port entry."""


def _measures(row: Row) -> list[str]:
    said = " ".join(map(str, row.get("measures") or ())).lower()
    return [measure for part, measure in MEASURES.items() if part in said]


def _why_listing(found: Found) -> Iterator[Reason]:
    status = found.row.get("status")
    if found.row.get("kind") == "vessel" and status == "listed":
        yield from observed("listed_ship", found.item.sentence.rstrip("."))
    elif found.row.get("kind") == "vessel" and status == "reported":
        yield from observed("reported_ship", found.item.sentence.rstrip("."))


_Told = Callable[[Found], Iterator[Any]]

_OF: Mapping[str, tuple[_Told, _Told]] = {
    "sighting": (_of_sighting, _why_sighting),
    "encounter": (_of_meeting, _why_meeting),
    "side_by_side": (_of_meeting, _why_meeting),
    "possible_meeting": (_of_possible, _why_possible),
    "gap": (_of_silence, _why_silence),
    "silence": (_of_silence, _why_silence),
    "falsification": (_of_falsified, _why_falsified),
    "interference": (_nothing, _why_interference),
    "feed_health": (_nothing, _why_feed),
    "loitering": (_placed, _why_drift),
    "port_call": (_of_call, _why_call),
    "zone_entry": (_placed, _nothing),
    "draught_change": (_nothing, _why_draught),
    "voyage_finding": (_nothing, _why_voyage),
    "identity_change": (_nothing, _why_identity),
    "flag_fault": (_of_identity, _why_identity),
    "shared_imo": (_nothing, _why_identity),
    "imo_fault": (_nothing, _why_identity),
    "laundered_identity": (_of_identity, _why_identity),
    "detection": (_placed, _why_here),
}
"""What each kind of fact says, by what its id begins with."""
