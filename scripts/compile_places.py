"""Compile the built-in places from published packages into the small files the package carries.

    npm pack world-atlas@2.0.2
    npm pack i18n-iso-countries@7.14.0
    python scripts/compile_places.py world-atlas-2.0.2.tgz i18n-iso-countries-7.14.0.tgz ports.csv

``ports.csv`` is the World Port Index table in the Python package ``tracktable-data``
(``tracktable_data/python_info_data/ports.csv``).  What is written, and what it is good for, stands in
``docs/places.md``.  The same input gives the same bytes.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import argparse
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import coast_tree
import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.places import packed

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

DATA = Path(__file__).resolve().parents[1] / "src" / "clearwake" / "places" / "data"
TURN = 99_999
"""Steps of the topology's longitude grid in 360 degrees: 0 and 99,999 are the same meridian."""


@dataclass(frozen=True)
class Topology:
    """A TopoJSON file: arcs on its integer grid, and its objects."""

    arcs: list[Integers]
    objects: dict[str, Any]
    scale: Floats
    translate: Floats

    def degrees(self, steps: Integers) -> Floats:
        """Turn grid steps into degrees: ``(n, 2) -> (n, 2)`` lon, lat."""
        return np.asarray(steps * self.scale + self.translate)


@dataclass(frozen=True)
class Country:
    """A unit of the countries file: as Natural Earth draws it, disputed or not."""

    name: str
    iso3: str | None
    polygons: list[shapely.Polygon]
    coast: list[Floats]
    """Lines of degrees that no other country shares: ``(n, 2)`` each."""
    islets: list[Floats]
    """Islands that the topology's grid has reduced to a line or point, without an area: ``(n, 2)`` each."""


def member(archive: Path, name: str) -> Any:  # noqa: ANN401 - JSON is anything
    """Read one JSON file out of a package tarball."""
    with tarfile.open(archive) as tar:
        file = tar.extractfile(f"package/{name}")
        if file is None:
            message = f"{archive} has no {name}"
            raise SystemExit(message)
        return json.load(file)


def topology(archive: Path, name: str) -> Topology:
    """Read a TopoJSON file and undo its delta coding."""
    raw = member(archive, name)
    arcs = [np.cumsum(np.array(arc, np.int64), axis=0) for arc in raw["arcs"]]
    transform = raw["transform"]
    return Topology(arcs, raw["objects"], np.array(transform["scale"]), np.array(transform["translate"]))


def polygons_of(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Give the polygons of a geometry: each a list of rings, each a list of arc numbers."""
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]


def unwrapped(line: Integers) -> Integers:
    """Go on beyond the antimeridian where a line crosses it, so that no step is longer than half a turn."""
    step = np.diff(line[:, 0])
    step -= TURN * np.sign(step) * (np.abs(step) > TURN // 2)
    x = line[0, 0] + np.concatenate(([0], np.cumsum(step)))
    return np.stack((x, line[:, 1]), axis=-1)


def ring_steps(topo: Topology, numbers: list[int]) -> Integers:
    """Join arcs into a ring.

    A ring that goes round the pole (Antarctica) is closed through it.
    """
    parts = [topo.arcs[n] if n >= 0 else topo.arcs[~n][::-1] for n in numbers]
    x, y = unwrapped(np.concatenate([parts[0], *(part[1:] for part in parts[1:])])).T
    if x[0] != x[-1]:
        below = int(np.floor((-90.0 - topo.translate[1]) / topo.scale[1]))
        x, y = np.concatenate((x, [x[-1], x[0], x[0]])), np.concatenate((y, [below, below, y[0]]))
    x = x - TURN if x.max() > TURN else x + TURN if x.min() < 0 else x
    return np.stack((x, y), axis=-1)


def polygon(topo: Topology, rings: list[list[int]]) -> shapely.Polygon | None:
    """Give a polygon in degrees, or None if the grid has reduced it to a line or point."""
    lines = [np.maximum(topo.degrees(ring_steps(topo, ring)), (-180.0, -90.0)) for ring in rings]
    if len(lines[0]) < 4:
        return None
    return shapely.Polygon(lines[0], [hole for hole in lines[1:] if len(hole) >= 4])


def countries(topo: Topology, iso3: dict[str, str]) -> list[Country]:
    """Give the countries with their polygons, and with the arcs that belong to one country only."""
    units = topo.objects["countries"]["geometries"]
    uses = np.zeros(len(topo.arcs), np.int64)
    for unit in units:
        for number in _arc_numbers(unit):
            uses[number] += 1
    found = []
    for unit in units:
        shapes = [(rings, polygon(topo, rings)) for rings in polygons_of(unit)]
        coast = [topo.degrees(unwrapped(topo.arcs[n])) for n in _arc_numbers(unit) if uses[n] == 1]
        islets = [topo.degrees(ring_steps(topo, rings[0])) for rings, shape in shapes if shape is None]
        found.append(
            Country(
                unit["properties"]["name"],
                iso3.get(unit.get("id", "")),
                [s for _, s in shapes if s],
                coast,
                islets,
            )
        )
    return sorted(found, key=lambda country: country.name)


def _arc_numbers(unit: dict[str, Any]) -> list[int]:
    return [n if n >= 0 else ~n for rings in polygons_of(unit) for ring in rings for n in ring]


def sound(shape: shapely.Polygon) -> list[shapely.Polygon]:
    """Give a polygon, which the grid may have made touch or cross itself, as valid polygons."""
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(shape)))
    return [part for part in parts if part.geom_type == "Polygon"]


def inside_globe(shape: shapely.Polygon) -> bool:
    """Tell whether a polygon stays between the antimeridian and itself."""
    west, _, east, _ = shape.bounds
    return bool(west >= -180.0 and east <= 180.0)


def islands_without_country(topo: Topology, drawn: shapely.MultiPolygon) -> list[shapely.Polygon]:
    """Give the islands of the land file that the countries file lacks altogether.

    The few that the land file draws across the antimeridian (Chukotka, Wrangel, two of Fiji) are not among
    them: the countries file has them, cut there.  Nor is Null Island, which Natural Earth draws at 0 N 0 E to
    catch positions that failed; no ship can go aground on it.
    """
    shapes = [polygon(topo, rings) for rings in polygons_of(topo.objects["land"]["geometries"][0])]
    whole = [part for shape in shapes if shape and inside_globe(shape) for part in sound(shape)]
    shapely.prepare(drawn)
    null_island = shapely.Point(0.0, 0.0)
    return [shape for shape in whole if not (drawn.intersects(shape) or shape.intersects(null_island))]


def land_of(nations: list[Country], extra: list[shapely.Polygon]) -> list[shapely.Polygon]:
    """Melt countries and islands into land: valid polygons that do not overlap, in a stable order."""
    shapes = [*(shape for nation in nations for shape in nation.polygons), *extra]
    land = shapely.set_precision(shapely.union_all([part for shape in shapes for part in sound(shape)]), 1e-6)
    lost = sum(shape.area for shape in shapes) - land.area
    if not inside_globe(land) or abs(lost) > 0.001:
        message = f"land reaches {land.bounds} and {lost} square degrees of it are lost"
        raise SystemExit(message)
    parts = [part for part in shapely.get_parts(land) if part.geom_type == "Polygon"]
    return sorted(parts, key=lambda part: part.bounds)


def write_land(land: list[shapely.Polygon], islets: list[Floats]) -> tuple[Floats, Integers]:
    """Write the outlines of land, then the islets, as whole millionths of a degree (0.1 m).

    Returns:
        The vertices as they can be read back, and which ring or islet each belongs to.
    """
    _, coordinates, (rings, polygons) = shapely.to_ragged_array(land)
    whole = np.round(np.concatenate((coordinates, *islets)) * 1e6).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), np.int64)).astype(np.int32)
    sizes = np.concatenate((np.diff(rings), [len(islet) for islet in islets])).astype(np.int32)
    packed.write(
        DATA / "land.bin",
        {
            "lon_steps": steps[:, 0],
            "lat_steps": steps[:, 1],
            "ring_sizes": sizes[: len(rings) - 1],
            "polygon_sizes": np.diff(polygons).astype(np.int32),
            "islet_sizes": sizes[len(rings) - 1 :],
        },
    )
    return whole / 1e6, np.repeat(np.arange(len(sizes)), sizes)


@dataclass(frozen=True)
class Owner:
    """Whose coast it is: a country as Natural Earth draws it, or none."""

    name: str
    iso3: str | None
    coast: Floats
    """Points at most 0.01 degrees (1.1 km) apart: ``(n, 2)``."""


def owners(nations: list[Country], extra: list[shapely.Polygon]) -> list[Owner]:
    """Give everyone who has a coast, in the order of the raster's codes (from 1)."""
    found = [Owner(n.name, n.iso3, _dense(n.coast)) for n in nations if n.coast]
    lone = Owner(
        "islands without a country in Natural Earth",
        None,
        _dense([shapely.get_coordinates(p) for p in extra]),
    )
    return [*found, lone]


def _dense(lines: list[Floats]) -> Floats:
    line = np.repeat(np.arange(len(lines)), [len(one) for one in lines])
    edges = coast_tree.edges_of(np.concatenate(lines), line)
    begin, end, _ = coast_tree.cut_up(edges.a, edges.b)
    return np.concatenate((begin, end))


def islets_of(nations: list[Country], land: list[shapely.Polygon]) -> list[Floats]:
    """Give the islands that are only a line or point, as far as they lie in the sea (the Vatican does not)."""
    ground = shapely.multipolygons(land)
    lines = [line for nation in nations for line in nation.islets]
    return [line for line in lines if not ground.intersects(shapely.points(line[0]))]


WATERS_DEG = 0.05
WATERS_KM = 380.0
"""A little more than 200 nautical miles: beyond it no zone needs an owner."""
INLAND_KM = 10.0
"""How far inland a harbour or river counts to the sea before it."""


def write_waters(nations: list[Country], extra: list[shapely.Polygon], land: list[shapely.Polygon]) -> None:
    """Write whose coast is nearest to the middle of every cell, and the list of owners."""
    whose = owners(nations, extra)
    points = np.concatenate([owner.coast for owner in whose])
    codes = np.repeat(np.arange(1, len(whose) + 1, dtype=np.uint8), [len(owner.coast) for owner in whose])
    tree = cKDTree(sphere.unit_vectors(points[:, 0], points[:, 1]))
    ground = shapely.multipolygons(land)
    shapely.prepare(ground)
    rows = [_waters_row(tree, codes, ground, lat) for lat in np.arange(-90 + WATERS_DEG / 2, 90, WATERS_DEG)]
    packed.write(DATA / "waters.bin", {"owner": np.stack(rows)})
    table = pl.DataFrame({"iso3": [owner.iso3 for owner in whose], "name": [owner.name for owner in whose]})
    table.with_row_index("code", offset=1).write_csv(DATA / "owners.csv")


def _waters_row(tree: cKDTree, codes: NDArray[np.uint8], ground: Any, lat: float) -> NDArray[np.uint8]:  # noqa: ANN401 - shapely is untyped
    lon = np.arange(-180 + WATERS_DEG / 2, 180, WATERS_DEG)
    lats = np.full(len(lon), lat)
    reach = float(sphere.chord_m(WATERS_KM * 1000.0))
    chord, at = tree.query(sphere.unit_vectors(lon, lats), distance_upper_bound=reach)
    code = np.concatenate((codes, np.zeros(1, np.uint8)))[at]
    km = sphere.arc_m(np.minimum(chord, 2.0)) / 1000.0
    inland = (code > 0) & (km > INLAND_KM)
    inland[inland] = shapely.contains_xy(ground, lon[inland], lats[inland])
    return np.where(inland, np.uint8(0), code)


PORT_COUNTRIES = {
    "British Virgin Islands": "VGB",
    "Brunei": "BRN",
    "Burma": "MMR",
    "Cabo Verde": "CPV",
    "Caribbean Netherlands": "BES",
    "Congo (Brazzaville)": "COG",
    "Congo (Kinshasa)": "COD",
    "Cote D'Ivoire": "CIV",
    "Curacao": "CUW",
    "Falkland Islands (Islas Malvinas)": "FLK",
    "Federated States of Micronesia": "FSM",
    "Johnson Atoll": "UMI",
    "Macau": "MAC",
    "Midway Islands": "UMI",
    "Reunion": "REU",
    "Saint Helena, Ascension, and Tristan da Cunha": "SHN",
    "Saint Vincent and the Grenadines (Windward Islands)": "VCT",
    "Sao Tome and Principe": "STP",
    "Sint Maarten": "SXM",
    "South Georgia and South Sandwich Islands": "SGS",
    "Svalbard": "SJM",
    "Syria": "SYR",
    "The Bahamas": "BHS",
    "The Gambia": "GMB",
    "U.S. Virgin Islands": "VIR",
    "Wake Island": "UMI",
}
"""Names of the World Port Index that the ISO 3166 name list spells otherwise."""


PORT_CORRECTIONS = {
    50740: (
        "Kuala Kapus",
        114.366667,
        -3.0,
    ),  # 3.0 N lies off Sarawak; the town is on the river Kapuas, Borneo
    60125: ("Lanshan", 119.366667, 35.08),  # 30.1 N lies 76 km inland; the 2023 edition has 35.08
    61260: ("Wakkanai", 141.683333, 45.416667),  # 43.4 N lies inland; the port is Hokkaido's northernmost
}
"""Ports whose latitude is plainly wrong in the table: number, name, longitude, latitude."""


def corrected(ports: pl.DataFrame) -> pl.DataFrame:
    """Put the ports with a plainly wrong latitude where they are."""
    rows = [(number, *place) for number, place in PORT_CORRECTIONS.items()]
    right = pl.DataFrame(rows, ["number", "name", "right_lon", "right_lat"], orient="row")
    both = ports.join(right, on=["number", "name"], how="left", maintain_order="left")
    if both["right_lat"].count() != len(right):
        message = f"a port to correct is not in the table: {right}"
        raise SystemExit(message)
    return both.with_columns(lon=pl.coalesce("right_lon", "lon"), lat=pl.coalesce("right_lat", "lat")).drop(
        "right_lon", "right_lat"
    )


def country_codes(archive: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Give ISO 3166-1 alpha-3 by numeric code and by English name."""
    codes = member(archive, "codes.json")
    names = member(archive, "langs/en.json")["countries"]
    by_name = PORT_COUNTRIES.copy()
    for alpha2, alpha3, _, _ in codes:
        spellings = names.get(alpha2, [])
        for name in [spellings] if isinstance(spellings, str) else spellings:
            by_name[name] = alpha3
    return {numeric: alpha3 for _, alpha3, numeric, _ in codes}, by_name


def write_ports(source: Path, iso3: dict[str, str]) -> None:
    """Write the ports, sorted by their World Port Index number."""
    raw = pl.read_csv(source, infer_schema_length=0).select(pl.all().str.strip_chars().replace("", None))
    ports = raw.select(
        number=pl.col("World Port Index Number").cast(pl.Float64).cast(pl.Int64),
        name="Main Port Name",
        lon=pl.col("Longitude").cast(pl.Float64),
        lat=pl.col("Latitude").cast(pl.Float64),
        country=pl.col("Country Code").replace_strict(iso3, default=None),
        locode="UN/LOCODE",
        harbour_size=pl.col("Harbor Size").str.to_lowercase(),
    ).sort("number")
    unnamed = raw["Country Code"].filter(~raw["Country Code"].is_in(list(iso3))).unique().to_list()
    if unnamed or not (ports["lon"].is_between(-180, 180) & ports["lat"].is_between(-90, 90)).all():
        message = f"ports outside the globe, or countries without a code: {unnamed}"
        raise SystemExit(message)
    corrected(ports).write_csv(DATA / "ports.csv")


def main() -> None:
    """Read the packages named on the command line and write the data files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("world_atlas", type=Path, help="world-atlas-2.0.2.tgz")
    parser.add_argument("iso_countries", type=Path, help="i18n-iso-countries-7.14.0.tgz")
    parser.add_argument("ports", type=Path, help="ports.csv of tracktable-data")
    asked = parser.parse_args()
    by_number, by_name = country_codes(asked.iso_countries)
    nations = countries(topology(asked.world_atlas, "countries-10m.json"), by_number)
    drawn = shapely.union_all(
        [part for nation in nations for shape in nation.polygons for part in sound(shape)]
    )
    extra = islands_without_country(topology(asked.world_atlas, "land-10m.json"), drawn)
    land = land_of(nations, extra)
    islets = islets_of(nations, land)
    vertices, line = write_land(land, islets)
    packed.write(DATA / "coast.bin", coast_tree.build(vertices, line, shapely.multipolygons(land)))
    write_waters(nations, extra, land)
    write_ports(asked.ports, by_name)


if __name__ == "__main__":
    main()
