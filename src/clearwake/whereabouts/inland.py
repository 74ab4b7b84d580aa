"""Water that the outlines of land do not know: canals, navigable rivers and lakes, and the ways to inland ports.

Drawn by hand with few points and told wide, because all that matters is that no ship is shut out of them.  A port
that no line here comes near is joined to the nearest shore, line or other inland port by a straight line, which is
never longer than the river.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.places import coast, harbours
from clearwake.sphere import Floats


@dataclass(frozen=True)
class Waterway:
    """A line along water inland, degrees, and how far to each side of it water is taken to be."""

    name: str
    lonlat: tuple[tuple[float, float], ...]
    half_width_km: float = 15.0


WATERWAYS = (
    Waterway("Suez Canal", ((32.3, 31.3), (32.3, 30.6), (32.45, 30.2), (32.55, 29.9))),
    Waterway("Panama Canal", ((-79.92, 9.37), (-79.85, 9.2), (-79.6, 9.05), (-79.53, 8.88))),
    Waterway("Kiel Canal", ((9.1, 53.88), (9.3, 54.1), (9.7, 54.3), (10.15, 54.37))),
    Waterway("Corinth Canal", ((22.93, 37.96), (23.02, 37.9))),
    Waterway("Cape Cod Canal", ((-70.65, 41.72), (-70.48, 41.78))),
    Waterway("Chesapeake and Delaware Canal", ((-76.0, 39.5), (-75.6, 39.56))),
    Waterway("Albemarle and Pamlico", ((-76.3, 36.9), (-76.2, 36.2), (-76.5, 35.4), (-76.7, 34.8)), 30.0),
    Waterway("Gulf Intracoastal", ((-97.3, 26.1), (-97.3, 27.7), (-95.3, 28.95), (-94.0, 29.8), (-91.2, 29.7),
                                   (-90.1, 29.9))),
    Waterway("Mississippi", ((-89.3, 29.1), (-89.9, 29.6), (-90.1, 29.95), (-90.6, 30.05), (-91.2, 30.45),
                             (-91.5, 31.5), (-91.0, 32.4), (-91.0, 33.6), (-90.1, 35.1), (-89.3, 37.0),
                             (-90.2, 38.7)), 25.0),
    Waterway("Hudson", ((-74.0, 40.7), (-73.95, 41.5), (-73.9, 42.1), (-73.75, 42.65))),
    Waterway("Delaware", ((-75.5, 39.5), (-75.15, 39.95), (-74.8, 40.2))),
    Waterway("Chesapeake rivers", ((-76.3, 38.0), (-77.05, 38.8)), 25.0),
    Waterway("James", ((-76.4, 36.95), (-77.0, 37.3), (-77.4, 37.5))),
    Waterway("Columbia", ((-124.0, 46.2), (-123.2, 46.15), (-122.8, 45.85), (-122.7, 45.6), (-121.2, 45.6),
                          (-119.0, 45.95), (-117.05, 46.4))),
    Waterway("Sacramento and San Joaquin", ((-122.3, 38.05), (-121.7, 38.05), (-121.3, 37.95), (-121.5, 38.55)),
             20.0),
    Waterway("Saint Lawrence", ((-69.5, 47.9), (-71.2, 46.8), (-72.5, 46.35), (-73.5, 45.5), (-74.7, 45.0),
                                (-76.0, 44.3)), 20.0),
    Waterway("Saguenay", ((-69.7, 48.1), (-71.0, 48.4))),
    Waterway("Lake Ontario and Welland", ((-76.2, 44.0), (-77.8, 43.6), (-79.5, 43.4), (-79.2, 42.9)), 55.0),
    Waterway("Lake Erie", ((-79.0, 42.8), (-81.0, 42.2), (-83.2, 41.8)), 60.0),
    Waterway("Lake Huron", ((-83.1, 42.2), (-82.45, 42.7), (-82.4, 43.5), (-82.6, 44.8), (-84.3, 46.0)), 110.0),
    Waterway("Georgian Bay", ((-81.3, 45.9), (-80.3, 44.9)), 70.0),
    Waterway("Lake Michigan", ((-87.2, 41.8), (-87.0, 43.5), (-86.3, 45.2), (-84.8, 45.8)), 90.0),
    Waterway("Lake Superior", ((-84.4, 46.5), (-87.0, 47.5), (-89.5, 47.5), (-92.0, 46.8)), 120.0),
    Waterway("Amazon", ((-50.5, 0.0), (-52.0, -1.6), (-54.7, -2.4), (-57.0, -2.4), (-60.0, -3.1), (-64.7, -3.4),
                        (-70.0, -4.2), (-73.2, -3.75)), 40.0),
    Waterway("Orinoco", ((-60.9, 8.6), (-62.6, 8.3), (-64.0, 8.1)), 20.0),
    Waterway("Magdalena", ((-74.85, 11.1), (-74.75, 10.9))),
    Waterway("Parana", ((-58.4, -34.3), (-59.0, -33.9), (-60.2, -33.3), (-60.6, -32.9), (-60.7, -31.7),
                        (-59.6, -29.5), (-58.8, -27.4), (-57.6, -25.3)), 25.0),
    Waterway("Uruguay", ((-58.4, -34.1), (-58.2, -33.0), (-58.0, -31.4)), 20.0),
    Waterway("Lagoa dos Patos", ((-52.1, -32.1), (-51.2, -30.0)), 40.0),
    Waterway("Maracaibo", ((-71.5, 11.0), (-71.6, 9.8)), 60.0),
    Waterway("Congo", ((12.4, -6.05), (13.45, -5.83))),
    Waterway("Niger delta", ((5.3, 5.5), (6.6, 4.6), (8.3, 4.9)), 40.0),
    Waterway("Gambia", ((-16.6, 13.45), (-15.0, 13.5))),
    Waterway("Shatt al-Arab", ((48.5, 29.9), (48.15, 30.45), (47.8, 30.55))),
    Waterway("Karun", ((48.2, 30.4), (48.7, 31.3))),
    Waterway("Indus mouth", ((67.3, 24.7), (67.6, 24.5)), 30.0),
    Waterway("Hooghly", ((88.1, 21.7), (88.2, 22.1), (88.35, 22.6))),
    Waterway("Bangladesh delta", ((90.6, 22.4), (90.5, 23.6), (89.5, 22.8), (89.5, 21.9)), 50.0),
    Waterway("Irrawaddy and Yangon", ((96.3, 16.4), (96.2, 16.8), (95.2, 16.8), (95.0, 18.8)), 25.0),
    Waterway("Chao Phraya", ((100.55, 13.5), (100.5, 13.8), (100.5, 14.4))),
    Waterway("Mekong and Saigon", ((107.0, 10.4), (106.7, 10.8), (106.4, 10.2), (105.4, 10.6), (104.9, 11.6)), 35.0),
    Waterway("Red River", ((106.8, 20.8), (105.9, 21.0)), 20.0),
    Waterway("Pearl and West River", ((113.7, 22.7), (113.2, 23.1), (112.5, 23.05), (111.3, 23.5), (109.6, 23.1)),
             30.0),
    Waterway("Min", ((119.6, 26.1), (119.3, 26.1))),
    Waterway("Yangtze", ((122.0, 31.3), (121.0, 31.8), (119.5, 32.2), (118.7, 32.1), (117.8, 31.1), (116.0, 29.8),
                         (114.3, 30.6), (112.2, 30.3), (111.3, 30.7), (109.5, 31.0), (106.6, 29.6)), 25.0),
    Waterway("Grand Canal and Tai", ((121.5, 31.3), (120.2, 31.2), (120.2, 30.3)), 30.0),
    Waterway("Liao", ((122.1, 40.65), (122.2, 40.9))),
    Waterway("Yalu", ((124.3, 39.8), (124.4, 40.15))),
    Waterway("Taedong", ((125.2, 38.7), (125.6, 38.75), (125.75, 39.05))),
    Waterway("Han", ((126.5, 37.7), (127.1, 37.55))),
    Waterway("Amur", ((141.1, 53.0), (140.7, 53.15), (137.0, 50.5), (135.1, 48.5)), 25.0),
    Waterway("Lena", ((127.0, 72.5), (126.8, 71.5), (123.5, 66.8), (129.7, 62.0)), 30.0),
    Waterway("Yenisei", ((82.5, 71.8), (83.5, 70.0), (86.2, 69.4), (86.5, 67.5)), 30.0),
    Waterway("Ob", ((73.0, 67.5), (69.5, 66.6), (66.6, 66.5)), 30.0),
    Waterway("Northern Dvina", ((40.5, 64.6), (40.8, 64.4))),
    Waterway("White Sea Canal", ((34.8, 64.5), (34.3, 63.4), (34.8, 62.8)), 25.0),
    Waterway("Onega and Ladoga", ((34.8, 62.8), (35.5, 61.5), (35.5, 60.9), (33.0, 60.6), (31.5, 60.6),
                                  (31.0, 59.9), (30.2, 59.9)), 60.0),
    Waterway("Volga and Baltic", ((35.8, 61.0), (37.0, 60.0), (37.9, 59.1), (38.8, 58.1), (39.9, 57.6), (44.0, 56.3),
                                  (49.0, 55.8), (49.5, 53.3), (46.0, 51.5), (44.5, 48.7), (46.4, 47.2), (48.0, 46.3),
                                  (47.8, 45.4)), 35.0),
    Waterway("Volga-Don Canal and Don", ((44.5, 48.5), (43.5, 48.6), (42.1, 47.6), (40.0, 47.3), (39.3, 47.1)), 30.0),
    Waterway("Saimaa", ((28.7, 60.7), (28.3, 61.1), (28.9, 61.9), (27.7, 62.9)), 40.0),
    Waterway("Dnieper and Bug", ((31.5, 46.6), (32.0, 47.0), (32.6, 46.6), (35.1, 47.8), (35.0, 48.5), (30.6, 50.4)),
             25.0),
    Waterway("Danube", ((29.7, 45.2), (28.8, 45.2), (28.0, 45.4), (27.9, 44.7), (28.6, 44.1), (26.0, 43.9),
                        (22.7, 44.2), (20.5, 44.8), (19.0, 47.5), (16.4, 48.2)), 25.0),
    Waterway("Elbe", ((8.9, 53.9), (9.5, 53.6), (10.0, 53.5))),
    Waterway("Weser", ((8.5, 53.6), (8.5, 53.2), (8.8, 53.1))),
    Waterway("Ems", ((7.0, 53.4), (7.4, 53.15))),
    Waterway("Dutch inland waters", ((4.0, 51.9), (4.5, 51.9), (4.9, 52.4), (5.4, 52.6), (5.2, 53.1)), 35.0),
    Waterway("Rhine", ((4.3, 51.95), (5.9, 51.9), (6.7, 51.4), (6.95, 50.95), (7.6, 47.6)), 25.0),
    Waterway("Scheldt and Ghent", ((3.6, 51.4), (3.75, 51.1), (4.4, 51.25), (4.35, 50.85))),
    Waterway("Seine", ((0.2, 49.45), (1.1, 49.45), (2.3, 48.9))),
    Waterway("Loire", ((-2.1, 47.25), (-1.55, 47.2))),
    Waterway("Gironde", ((-1.0, 45.5), (-0.55, 44.85))),
    Waterway("Guadalquivir", ((-6.35, 36.8), (-6.0, 37.4))),
    Waterway("Manchester Ship Canal", ((-3.0, 53.4), (-2.3, 53.47))),
    Waterway("Humber, Trent and Ouse", ((-0.2, 53.6), (-0.75, 53.7), (-0.85, 53.4))),
    Waterway("Caledonian Canal", ((-5.1, 56.85), (-4.25, 57.5))),
    Waterway("Gota and Vanern", ((11.9, 57.7), (12.3, 58.3), (13.2, 58.9)), 45.0),
    Waterway("Malaren", ((18.1, 59.35), (16.6, 59.6)), 30.0),
    Waterway("Limfjord", ((8.2, 56.7), (9.2, 56.8), (10.3, 57.0)), 20.0),
    Waterway("Guayas", ((-79.9, -2.7), (-79.9, -2.2))),
    Waterway("Saint Johns", ((-81.4, 30.4), (-81.65, 30.3))),
    Waterway("Mobile and Tombigbee", ((-88.0, 30.4), (-88.0, 30.9), (-87.9, 32.5))),
)  # fmt: skip

LEAST_STEP_KM = 1.0
PORT_HALF_WIDTH_KM = 12.0
FAR_INLAND_KM = 5.0
_EVERY = 4
"""Every how many-th vertex of the shores the nearest shore is looked for among: a few kilometres do not matter."""


def points(step_km: float) -> tuple[Floats, Floats]:
    """Give points along all inland water, a step apart: unit vectors ``(n, 3)``, half widths in km ``(n,)``."""
    starts, ends, widths = _pieces()
    apart_km = sphere.between_m(starts, ends) / 1000.0
    count = np.ceil(apart_km / max(step_km, LEAST_STEP_KM)).astype(np.int64) + 1
    which = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    share = step / np.maximum(count[which] - 1, 1)
    return sphere.interpolate(starts[which], ends[which], share), widths[which]


@cache
def _pieces() -> tuple[Floats, Floats, Floats]:
    """Give straight pieces of waterways and of the ways to inland ports: from, to, half width."""
    lines = [np.array(way.lonlat) for way in WATERWAYS]
    starts = np.concatenate([line[:-1] for line in lines])
    ends = np.concatenate([line[1:] for line in lines])
    widths = np.concatenate([np.full(len(w.lonlat) - 1, w.half_width_km) for w in WATERWAYS])
    a, b = (sphere.unit_vectors(ends_of[:, 0], ends_of[:, 1]) for ends_of in (starts, ends))
    from_port, to_water = _ways_to_ports(a, b)
    return (
        np.concatenate((a, from_port)),
        np.concatenate((b, to_water)),
        np.concatenate((widths, np.full(len(from_port), PORT_HALF_WIDTH_KM))),
    )


def _ways_to_ports(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Join each inland port to the nearest shore, waterway or other inland port: a spanning tree from the water."""
    ports = harbours.built_in()
    lon, lat = ports["lon"].to_numpy(), ports["lat"].to_numpy()
    inland = coast.on_land(lon, lat)
    at = sphere.unit_vectors(lon[inland], lat[inland])
    share = np.linspace(0.0, 1.0, 41)[:, None]
    along = sphere.interpolate(
        np.repeat(a, 41, axis=0), np.repeat(b, 41, axis=0), np.tile(share.ravel(), len(a))
    )
    water = np.concatenate((coast.shore().vectors[::_EVERY], along))
    chord, nearest = cKDTree(water).query(at)
    far = sphere.arc_m(chord) > FAR_INLAND_KM * 1000.0
    at, chord, nearest = at[far], chord[far], nearest[far]
    apart = np.linalg.norm(at[:, None, :] - at[None, :, :], axis=-1)
    joined = np.zeros((len(at) + 1, len(at) + 1))
    joined[1:, 1:], joined[0, 1:] = apart + 1e-9, chord + 1e-9
    tree = minimum_spanning_tree(csr_array(np.triu(joined, 1))).tocoo()
    target = np.concatenate((water[nearest], at))
    from_sea = tree.row == 0
    port = tree.col - 1
    other = np.where(from_sea, port, len(at) + tree.row - 1)
    return at[port], target[other]
