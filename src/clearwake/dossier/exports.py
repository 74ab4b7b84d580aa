"""A released case for other programs: FollowTheMoney entities, GeoJSON, CSV tables.

FollowTheMoney is the data model of investigators (https://followthemoney.tech); ids are this release's own random ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import polars as pl

from clearwake.dossier.evidence_parts import grade
from clearwake.dossier.material import Material, act_of
from clearwake.dossier.party_parts import ROLES
from clearwake.dossier.ships import flags_of, names_of, numbers_of, row_of
from clearwake.model import Designation, Registration
from clearwake.seal import canonical, digest
from clearwake.sphere import Floats

Entity = dict[str, Any]


def exports(material: Material) -> dict[str, bytes]:
    """Give the exports of a bundle, by file name."""
    found = material.findings
    return {
        "exports/entities.ftm.json": b"".join(canonical(each) + b"\n" for each in entities(material)),
        "exports/places.geojson": canonical(geojson(material)) + b"\n",
        "exports/items.csv": _csv(_items(material)),
        "exports/elements.csv": _csv(found.elements),
        "exports/options.csv": _csv(found.options),
        "exports/assessment.csv": _csv(found.assessment),
        "exports/weighed.csv": _csv(found.weighed),
        "exports/matches.csv": _csv(found.matches),
    }


# FollowTheMoney


def entities(material: Material) -> Iterator[Entity]:
    """Give ships, owners, listings and the act as FollowTheMoney entities."""
    names = {ship: _ident(material, ship) for ship in material.ships}
    for ship, ident in names.items():
        numbers = numbers_of(material.case, ship)
        yield _entity(ident, "Vessel", {
            "name": names_of(material.case, ship), "imoNumber": [numbers.get("imo")], "mmsi": [numbers.get("mmsi")],
            "callSign": [numbers.get("callsign")],
            "flag": [each.lower() for each in flags_of(material.items, ship) if each != "none"],
        })  # fmt: skip
        yield from _behind(material, ship, ident)
    yield _entity(_ident(material, "act"), "Event", {
        "name": [material.case.title], "date": [material.findings.day.isoformat()], "involved": list(names.values()),
        "summary": [act_of(material)],
    })  # fmt: skip


def _ident(material: Material, what: str) -> str:
    """Name an entity within this release: nothing can be guessed from it but what the release itself says."""
    return digest(f"{material.dossier}|{what}".encode())[:40]


def _entity(ident: str, schema: str, said: dict[str, Iterable[Any]]) -> Entity:
    properties = {name: [str(each) for each in values if each] for name, values in said.items()}
    return {
        "id": ident,
        "schema": schema,
        "properties": {name: each for name, each in properties.items() if each},
    }


def _behind(material: Material, ship: str, ident: str) -> Iterator[Entity]:
    """Give owners and listings that the items tell of a ship."""
    for item in material.items:
        row = row_of(item, ship)
        if isinstance(row, Registration):
            for name, role in ROLES:
                if party := getattr(row, name):
                    owner = _ident(material, f"party|{party}")
                    yield _entity(owner, "LegalEntity", {"name": [party]})
                    schema = "Ownership" if "wner" in role else "UnknownLink"
                    link = _ident(material, f"{role}|{party}|{ship}")
                    yield _entity(link, schema, _link(role, owner, ident))
        if isinstance(row, Designation):
            yield _entity(_ident(material, f"listing|{row.id}"), "Sanction", {
                "entity": [ident], "authority": [row.list.upper()], "program": row.programmes,
                "listingDate": [row.listed_on.date().isoformat() if row.listed_on else None],
                "provisions": row.measures,
            })  # fmt: skip


def _link(role: str, owner: str, ship: str) -> dict[str, Iterable[Any]]:
    if "wner" in role:
        return {"owner": [owner], "asset": [ship], "role": [role]}
    return {"subject": [owner], "object": [ship], "role": [role]}


# GeoJSON


def geojson(material: Material) -> Entity:
    """Give items, tracks and events as a feature collection (RFC 7946), lines cut at the antimeridian."""
    features = [
        *(_point(item.lon, item.lat, _told(material, item)) for item in material.items if item.lon is not None),
        *(_line(material.released.tracks[item.id], _told(material, item))
          for item in material.items if item.id in material.released.tracks),
        *(_point(row["lon"], row["lat"], {"kind": row["kind"], "start": row["start"], "end": row["end"],
                                          "mmsi_a": row["mmsi_a"], "mmsi_b": row["mmsi_b"]})
          for events in material.findings.events.values() for row in events.iter_rows(named=True)),
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def _told(material: Material, item: Any) -> Entity:  # noqa: ANN401 - an item
    return {
        "id": item.id, "label": material.labels[item.id], "kind": item.kind, "sentence": item.sentence,
        "start": item.start, "end": item.end, "error_m": item.error_m, "grade": grade(item), "ships": item.ships,
    }  # fmt: skip


def _point(lon: float | None, lat: float | None, told: Entity) -> Entity:
    place = None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": place, "properties": told}


def _line(track: pl.DataFrame, told: Entity) -> Entity:
    rows = track.sort("time")
    lines = [part.tolist() for part in cut(rows.select("lon", "lat").to_numpy()) if len(part) > 1]
    return {
        "type": "Feature",
        "geometry": {"type": "MultiLineString", "coordinates": lines},
        "properties": told,
    }


def cut(places: Floats) -> list[Floats]:
    """Cut a line ``(n, 2)`` of degrees where it crosses the antimeridian, with a point on either side of it."""
    parts, start = [], 0
    lead: list[Floats] = []
    for at in np.flatnonzero(np.abs(np.diff(places[:, 0])) > 180.0):
        (lon, lat), (next_lon, next_lat) = places[at], places[at + 1]
        side = float(np.sign(lon)) or 1.0
        way = (180.0 - abs(lon)) / max((180.0 - abs(lon)) + (180.0 - abs(next_lon)), 1e-12)
        level = lat + way * (next_lat - lat)
        parts.append(np.vstack((*lead, places[start : at + 1], [[side * 180.0, level]])))
        lead, start = [np.array([[-side * 180.0, level]])], int(at) + 1
    return [*parts, np.vstack((*lead, places[start:]))] if len(places) else []


# CSV


def _items(material: Material) -> pl.DataFrame:
    rows = [
        {
            "label": material.labels[each.id], "id": each.id, "kind": each.kind, "sentence": each.sentence,
            "start": each.start, "end": each.end, "lon": each.lon, "lat": each.lat, "error_m": each.error_m,
            "ships": "; ".join(each.ships), "origin": each.origin, "grade": grade(each), "citation": each.citation,
            "rests_on": "; ".join(each.rests_on), "originator": each.marking.originator, "tlp": each.marking.tlp,
        }
        for each in material.items
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _csv(rows: pl.DataFrame) -> bytes:
    lists = [name for name, kind in rows.schema.items() if isinstance(kind, pl.List)]
    times = [name for name, kind in rows.schema.items() if isinstance(kind, pl.Datetime)]
    flat = rows.with_columns(
        *(pl.col(name).list.join("; ") for name in lists),
        *(pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ") for name in times),
    )
    return flat.write_csv().encode()
