"""Zones from files: Marine Regions shapefiles and GeoPackages, and anybody's GeoJSON.

Marine Regions (Flanders Marine Institute, CC BY 4.0) publishes the limits that states have agreed or claimed; its
attribute names are recognised in any case.  Any other file needs polygons in WGS 84 and, at best, a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely import affinity

from clearwake.model import Reject, UnreadableFileError, Zone, table
from clearwake.model.record import utc

NAME_FIELDS = ("geoname", "name", "title", "label", "zone", "id")
ISO3_FIELDS = ("iso_ter1", "iso_sov1", "iso_a3", "iso3", "adm0_a3", "country_iso3")
COUNTRY_FIELDS = ("territory1", "sovereign1", "country", "country_name", "admin")
KIND_FIELDS = ("kind", "pol_type", "zone_kind", "type")
FROM_FIELDS = ("valid_from", "start", "from", "date")
TO_FIELDS = ("valid_to", "end", "until", "to")
MARINE_REGIONS_KINDS = {
    "12nm": "territorial_sea",
    "24nm": "contiguous_zone",
    "200nm": "eez",
    "joint regime": "joint_regime",
    "overlapping claim": "overlapping_claim",
}
"""What POL_TYPE says, in our words.  Source: marineregions.org/eezattribute.php."""
SHARED_KINDS = frozenset({"joint_regime", "overlapping_claim"})
"""Kinds that belong to several countries: they name them all and replace nobody's approximate zone."""


def read_zones(path: Path, kind: str | None = None, origin: str | None = None) -> pl.DataFrame:
    """Read zones and insist that every feature of the file is one.

    Args:
        path: Shapefile (also zipped), GeoPackage or GeoJSON, in WGS 84.
        kind: What they are; else as the file says, else ``user``.
        origin: What to call the file in the ``origin`` column; else its name.

    Returns:
        A table of ``Zone``.

    Raises:
        UnreadableFileError: If the file cannot be read, is not in WGS 84, or has a feature that is no polygon.
    """
    zones, rejects = zones_and_rejects(path, kind, origin)
    if len(rejects):
        first = rejects.row(0, named=True)
        where = f"{first['origin']}, feature {first['line']}"
        raise UnreadableFileError(where, first["reason"], "zones", "mend the feature or take it out")
    return zones


def zones_and_rejects(
    path: Path, kind: str | None = None, origin: str | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read zones, and set aside the features that are none: tables of ``Zone`` and of ``Reject``.

    Raises:
        UnreadableFileError: If the file cannot be read or is not in WGS 84.
    """
    origin = origin or path.name
    shapes, rows = _features(path, origin)
    zones, rejects = [], []
    for line, (shape, row) in enumerate(zip(shapes, rows, strict=True), start=1):
        area, valid = "no geometry" if shape is None else _area(shape), _valid(row, kind)
        if isinstance(area, shapely.Geometry) and not isinstance(valid, str):
            zones.append(_zone(row, area, line, kind, origin, valid))
        else:
            reason = area if isinstance(area, str) else str(valid)
            rejects.append(Reject("zones", origin, line, reason, str(dict(row))[:500]))
    return table(zones, Zone), table(rejects, Reject)


def _features(path: Path, origin: str) -> tuple[list[Any], list[Mapping[str, Any]]]:
    """Give geometries and attributes, attribute names in lower case."""
    import pyogrio  # noqa: PLC0415 - slow to import, and only official polygons need it
    from pyogrio.errors import DataLayerError, DataSourceError  # noqa: PLC0415 - as above

    try:
        meta, _, geometry, fields = pyogrio.raw.read(path)
    except (DataSourceError, DataLayerError) as error:
        advice = "give a shapefile with its .shx and .dbf, a GeoPackage or a GeoJSON file"
        raise UnreadableFileError(origin, str(error), "zones", advice) from error
    if meta["crs"] not in (None, "EPSG:4326", "OGC:CRS84"):
        advice = "convert it to WGS 84 (EPSG:4326) first"
        raise UnreadableFileError(origin, f"coordinates in {meta['crs']}", "zones in degrees", advice)
    names = [str(name).lower() for name in meta["fields"]]
    count = len(geometry) if geometry is not None else len(fields[0]) if fields else 0
    rows: list[Mapping[str, Any]] = [
        {name: values[i] for name, values in zip(names, fields, strict=True)} for i in range(count)
    ]
    return [None] * count if geometry is None else list(_shapes(geometry)), rows


def _shapes(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapely.from_wkb(geometry, on_invalid="ignore"), np.object_)


def _area(shape: shapely.Geometry) -> shapely.Geometry | str:
    """Give a valid area between -180 and 180 degrees, or say why there is none."""
    flat = shapely.force_2d(shape)
    if flat.geom_type not in {"Polygon", "MultiPolygon"} or flat.is_empty:
        return f"not a polygon but {'an empty ' if flat.is_empty else 'a '}{flat.geom_type}"
    west, south, east, north = flat.bounds
    if not (west >= -540.0 and east <= 540.0 and south >= -90.0 and north <= 90.0):
        return f"outside the globe: {west} to {east} E, {south} to {north} N"
    sound = flat if flat.is_valid else shapely.make_valid(flat)
    parts = [part for part in shapely.get_parts(_wrapped(sound)) if part.geom_type == "Polygon"]
    return shapely.multipolygons(parts) if parts else "a polygon without an area"


def _wrapped(shape: shapely.Geometry) -> shapely.Geometry:
    """Bring what was drawn beyond the antimeridian back to this side of it."""
    west, _, east, _ = shape.bounds
    if west >= -180.0 and east <= 180.0:
        return shape
    turns = (-360.0, 0.0, 360.0)
    globe = shapely.box(-180.0, -90.0, 180.0, 90.0)
    moved = [affinity.translate(shape, xoff=turn) for turn in turns]
    return shapely.union_all([shapely.intersection(part, globe) for part in moved])


Validity = tuple[datetime | None, datetime | None]


def _valid(row: Mapping[str, Any], kind: str | None) -> Validity | str:
    """Read from when until when a zone was there, or say why that cannot be read; of a mere date, that day.

    Only of ice do attributes called ``start``, ``to`` or ``date`` mean that; of others they may be anything.
    """
    is_ice = (kind or _text(row, KIND_FIELDS) or "").lower() == "ice"
    told = [_text(row, fields if is_ice else fields[:1]) for fields in (FROM_FIELDS, TO_FIELDS)]
    try:
        start, end = (utc(text) if text else None for text in told)
    except ValueError:
        return f"neither date nor time: {' to '.join(text for text in told if text)}"
    if end is not None and told[1] is not None and len(told[1]) <= len("2020-01-01"):
        end += timedelta(days=1)
    if is_ice and start and not end and not _text(row, FROM_FIELDS[:-1]):
        end = start + timedelta(days=1)
    return "ends before it begins" if start and end and end < start else (start, end)


def _zone(
    row: Mapping[str, Any], area: shapely.Geometry, line: int, kind: str | None, origin: str, valid: Validity
) -> Zone:
    said = _text(row, KIND_FIELDS)
    what = kind or (
        "user" if said is None else MARINE_REGIONS_KINDS.get(said.lower(), said.lower().replace(" ", "_"))
    )
    shared = what in SHARED_KINDS
    return Zone(
        name=_text(row, NAME_FIELDS) or f"{origin} {line}",
        kind=what,
        origin=origin,
        country=None if shared else _text(row, ISO3_FIELDS),
        country_name=_all_countries(row) if shared else _text(row, COUNTRY_FIELDS),
        geometry=shapely.to_wkb(area),
        line=line,
        valid_from=valid[0],
        valid_to=valid[1],
    )


def _text(row: Mapping[str, Any], fields: tuple[str, ...]) -> str | None:
    """Give the first of these attributes that says something."""
    for field in fields:
        value = row.get(field)
        if value is not None and value == value and str(value).strip():  # noqa: PLR0124 - not equal to itself: NaN
            return str(value).strip()
    return None


def _all_countries(row: Mapping[str, Any]) -> str | None:
    said = [_text(row, (f"sovereign{n}", f"territory{n}")) for n in (1, 2, 3)]
    return " / ".join(dict.fromkeys(name for name in said if name)) or None
