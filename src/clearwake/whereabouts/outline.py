"""Outlines of areas as polygons in degrees, as RFC 7946 wants them.

They are drawn on the lattice's map and then put on the globe: an outline round a pole is closed along the pole, one
across the antimeridian is cut there, outer rings run anticlockwise.

Source: RFC 7946, sections 3.1.6 and 3.1.9.
"""

from __future__ import annotations

import contourpy
import numpy as np
import shapely
from numpy.typing import NDArray

from clearwake import sphere
from clearwake.sphere import Floats
from clearwake.whereabouts.lattice import Lattice, Mercator, Plane

Booleans = NDArray[np.bool_]

WIDEST_DEG = 1.0
"""Edges are divided until no piece spans more longitude: an edge straight on the map bends in degrees near a pole."""
DECIMALS = 6
_NOWHERE = -1e6


def polygons(lattice: Lattice, values: Floats, free: Booleans, level: float = 0.0) -> shapely.MultiPolygon:
    """Give the area where values reach a level, in free cells, as polygons in degrees.

    Args:
        lattice: The lattice.
        values: In the middles of its cells ``(rows - 1, columns - 1)``; minus infinity is below every level.
        free: Which cells count ``(rows - 1, columns - 1)``.
        level: What values must reach.
    """
    field = _at_nodes(np.where(free, values - level, -np.inf))
    used = np.isfinite(_at_nodes(np.where(free, 0.0, -np.inf)))
    field = np.maximum(field, _NOWHERE)
    if not (used & (field >= 0.0)).any():
        return shapely.MultiPolygon()
    x = lattice.west_km + lattice.step_km * np.arange(lattice.columns)
    y = lattice.south_km + lattice.step_km * np.arange(lattice.rows)
    drawn = contourpy.contour_generator(
        x, y, np.ma.array(field, mask=~used), name="serial", fill_type=contourpy.FillType.OuterOffset
    ).filled(0.0, np.inf)
    found = [
        _on_globe(lattice.plane, np.split(points, offsets[1:-1]))
        for points, offsets in zip(*drawn, strict=True)
    ]
    return _oriented(shapely.union_all(found) if len(found) > 1 else found[0])


def _at_nodes(values: Floats) -> Floats:
    """Give nodes the highest value of the cells round them: so an area holds every cell of it whole."""
    wide = np.pad(values, 1, constant_values=-np.inf)
    return np.asarray(np.max((wide[1:, 1:], wide[:-1, 1:], wide[1:, :-1], wide[:-1, :-1]), axis=0))


def _on_globe(plane: Plane, rings: list[Floats]) -> shapely.Geometry:
    """Put a polygon, its outer ring first, on the globe."""
    shapes = [_ring(plane, np.asarray(ring, np.float64)) for ring in rings if len(ring) >= 4]
    if not shapes:
        return shapely.Polygon()
    holes = shapes[1:]
    return shapes[0] if not holes else shapely.difference(shapes[0], shapely.union_all(holes))


def _ring(plane: Plane, ring: Floats) -> shapely.Geometry:
    """Give what a ring encloses, in degrees between -180 and 180."""
    if isinstance(plane, Mercator):
        lat = sphere.lonlat(plane.off(ring))[1]
        lon = np.degrees(ring[:, 0] / sphere.EARTH_RADIUS_M * 1000.0)
        top = lat >= 84.99
        return _valid(np.column_stack((np.clip(lon, -180.0, 180.0), np.where(top, 90.0, lat))))
    lon, lat = _divided(plane, ring)
    turned = np.concatenate(([lon[0]], lon[0] + np.cumsum(_wrapped(np.diff(lon)))))
    around = turned[-1] - turned[0]
    corners = np.column_stack((turned, lat))
    if abs(around) > 180.0:
        pole = 90.0 if _holds(plane, ring, 90.0) else -90.0
        corners = np.concatenate((corners, [(turned[-1], pole), (turned[0], pole)]))
    return _cut(_valid(corners))


def _wrapped(degrees: Floats) -> Floats:
    return np.asarray((degrees + 180.0) % 360.0 - 180.0)


def _divided(plane: Plane, ring: Floats) -> tuple[Floats, Floats]:
    """Put a ring on the globe, with more corners where an edge spans much longitude."""
    for _ in range(12):
        lon = sphere.lonlat(plane.off(ring))[0]
        long = np.flatnonzero(np.abs(_wrapped(np.diff(lon))) > WIDEST_DEG)
        long = long[np.linalg.norm(ring[long + 1] - ring[long], axis=-1) > 1e-4]
        if not len(long):
            break
        ring = np.insert(ring, long + 1, (ring[long] + ring[long + 1]) / 2.0, axis=0)
    return sphere.lonlat(plane.off(ring))


def _holds(plane: Plane, ring: Floats, lat: float) -> bool:
    at = plane.onto(sphere.unit_vectors(0.0, lat)[None, :])[0]
    return bool(shapely.contains_xy(shapely.Polygon(ring), at[0], at[1]))


def _valid(corners: Floats) -> shapely.Geometry:
    shape = shapely.Polygon(corners)
    return shape if shape.is_valid else _areas(shapely.make_valid(shape))


def _areas(shape: shapely.Geometry) -> shapely.Geometry:
    """Leave out the lines and points that mending a shape may leave."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _cut(shape: shapely.Geometry) -> shapely.Geometry:
    """Bring a shape of any longitudes between -180 and 180 degrees, cut at the antimeridian."""
    west, _, east, _ = shape.bounds
    if west >= -180.0 and east <= 180.0:
        return shape
    turns = range(int(np.floor((west + 180.0) / 360.0)), int(np.ceil((east - 180.0) / 360.0)) + 1)
    parts = []
    for turn in turns:
        part = shapely.clip_by_rect(shape, 360.0 * turn - 180.0, -90.0, 360.0 * turn + 180.0, 90.0)
        parts.append(shapely.transform(part, lambda lonlat, by=turn: lonlat - (360.0 * by, 0.0)))
    return shapely.union_all([_areas(part) if not part.is_valid else part for part in parts])


def _oriented(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Give polygons with outer rings anticlockwise and holes clockwise, to a tenth of a metre."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.multipolygons([shapely.geometry.polygon.orient(part, 1.0) for part in parts])


def geojson_geometry(shape: shapely.MultiPolygon) -> dict[str, object] | None:
    """Give polygons as a GeoJSON geometry; None where there is no area."""
    if shape.is_empty:
        return None

    def ring(of: shapely.LinearRing) -> list[list[float]]:
        corners: list[list[float]] = np.round(shapely.get_coordinates(of), DECIMALS).tolist()
        return corners

    coordinates = [
        [ring(part.exterior), *(ring(hole) for hole in part.interiors)] for part in shapely.get_parts(shape)
    ]
    return {"type": "MultiPolygon", "coordinates": coordinates}
