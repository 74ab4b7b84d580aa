"""How an answer leaves the program: GeoJSON for maps, arrays for programs.

Source: RFC 7946 for GeoJSON; NumPy's ``.npz`` (a zip of arrays) for the raster, which needs no geographic library.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np

from clearwake import sphere
from clearwake.whereabouts.answer import Located
from clearwake.whereabouts.outline import geojson_geometry

_LEVELS = {"likely_50": 0.5, "likely_80": 0.8, "likely_95": 0.95}
_PLACES = (("last_heard", "last", "since"), ("heard_again", "back", "until"), ("likeliest", "", "at"))


def geojson(located: Located) -> dict[str, Any]:
    """Give an answer as a GeoJSON feature collection: areas first, then places; ``role`` says what each is.

    The area within reach has all figures as its properties; a density's outline has the part of all that it holds.
    An area that is empty has a null geometry.
    """
    facts = {name: _plain(value) for name, value in asdict(located.record).items()}
    features = []
    for role, shape in located.outlines.items():
        more = facts if role not in _LEVELS else {"holds": _LEVELS[role]}
        features.append(_feature(role, geojson_geometry(shape), dict(more)))
    for role, name, when in _PLACES:
        lon, lat = (facts[f"{name}_{axis}" if name else axis] for axis in ("lon", "lat"))
        if lon is not None:
            point: dict[str, object] = {"type": "Point", "coordinates": [lon, lat]}
            features.append(_feature(role, point, {"mmsi": facts["mmsi"], "time": facts[when]}))
    return {"type": "FeatureCollection", "features": features}


def _feature(role: str, geometry: dict[str, object] | None, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"role": role, **properties}}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a record holds
    """Turn times into text, and lists with them."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def raster(located: Located) -> bytes:
    """Give an answer's density as a NumPy archive.

    Arrays of one shape: ``lon`` and ``lat`` of the cells' middles (degrees), ``share`` (the part of all likelihood in
    each, sums to 1), ``km2`` (how large each is), ``slack_km`` (what the ship had to spare; minus infinity on land),
    ``water``; and ``about``, the figures as JSON text.
    """
    facts = json.dumps({name: _plain(value) for name, value in asdict(located.record).items()})
    written = io.BytesIO()
    found = located.density
    if found is None:
        np.savez_compressed(written, about=np.array(facts))
        return written.getvalue()
    lon, lat = sphere.lonlat(found.lattice.middles)
    np.savez_compressed(
        written, lon=lon.reshape(found.share.shape), lat=lat.reshape(found.share.shape), share=found.share,
        km2=found.lattice.cell_km2, slack_km=found.slack_km, water=found.water, about=np.array(facts),
    )  # fmt: skip
    return written.getvalue()
