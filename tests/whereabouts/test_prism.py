from __future__ import annotations

import numpy as np
import pytest
import shapely

from clearwake import sphere
from clearwake.benchmarks.reach import sail
from clearwake.sphere import Floats
from clearwake.whereabouts import Prism, Span
from clearwake.whereabouts.outline import geojson_geometry
from clearwake.whereabouts.reach import MS_PER_H
from clearwake.whereabouts.water import Ice

COARSE = 12_000


def at(lon: float, lat: float) -> Floats:
    return sphere.unit_vectors(lon, lat)


def prism(
    last: tuple[float, float] | None,
    back: tuple[float, float] | None,
    hours: float,
    limit_kn: float,
    ice: Ice | None = None,
) -> Prism:
    span = Span(
        None if last is None else at(*last),
        0.0,
        None if back is None else at(*back),
        hours * MS_PER_H,
        limit_kn,
    )
    return Prism(span, ice=ice or Ice(), nodes=COARSE)


def outline(of: Prism, hour: float) -> shapely.MultiPolygon:
    sheet = of.sheet(hour * MS_PER_H, COARSE)
    free, _ = of.water_of(sheet)
    return of.outline(sheet, free, hour * MS_PER_H)


def test_in_the_open_ocean_the_area_is_the_disc() -> None:
    # 10 kn for 10 h and 1 km of error: 186.2 km; pi r squared is 108,900 km2.
    area = prism((-150.0, 5.0), None, 10.0, 10.0).area(10.0 * MS_PER_H)
    assert area.reachable_km2 == pytest.approx(np.pi * 186.2**2, rel=0.005)
    assert area.reachable_km2 == pytest.approx(area.disc_km2, rel=0.001)


def test_the_sea_behind_korea_is_not_within_reach_by_water_though_it_is_by_distance() -> None:
    # From Incheon the east coast is 200 km away over land, and 800 km round the peninsula.
    of = prism((126.3, 37.3), None, 15.0, 20.0)
    behind = at(129.3, 37.6)[None, :]
    assert sphere.between_m(behind[0], of.span.last) < 300_000.0  # type: ignore[arg-type]
    assert not of.could_be(behind, 15.0 * MS_PER_H)[0]
    assert of.could_be(at(124.5, 36.0)[None, :], 15.0 * MS_PER_H)[0]
    area = of.area(15.0 * MS_PER_H)
    assert area.reachable_km2 < 0.9 * area.disc_sea_km2 < area.disc_km2


def test_a_return_across_land_in_a_few_hours_is_impossible_by_water() -> None:
    across = prism((126.3, 37.3), (129.3, 37.6), 10.0, 20.0)
    assert across.span.apart_km < across.span.whole_km < across.way_km
    assert not across.is_possible
    assert prism((126.3, 37.3), (129.3, 37.6), 60.0, 20.0).is_possible


def test_narrow_straits_and_canals_let_ships_through() -> None:
    assert prism((29.2, 41.4), (28.8, 40.8), 12.0, 15.0).is_possible  # the Bosporus
    assert prism((32.3, 31.5), (32.55, 29.7), 24.0, 15.0).is_possible  # the Suez Canal
    assert prism((-79.9, 9.6), (-79.5, 8.7), 24.0, 15.0).is_possible  # the Panama Canal
    assert prism((-60.0, -3.15), (-50.0, 1.0), 120.0, 15.0).is_possible  # Manaus and the mouth of the Amazon


def test_land_is_not_asked_where_a_ship_was_heard_on_inland_water_nobody_knows() -> None:
    inland = prism((100.0, 60.0), None, 5.0, 10.0)
    assert not inland.asks_land
    assert inland.could_be(at(101.5, 60.0)[None, :], 5.0 * MS_PER_H)[0]
    assert not inland.could_be(at(102.0, 60.0)[None, :], 5.0 * MS_PER_H)[0]
    assert shapely.intersects_xy(outline(inland, 5.0), 101.5, 60.0)


def test_a_lake_is_water() -> None:
    lake = prism((-87.0, 43.0), None, 10.0, 10.0)
    assert lake.asks_land
    area = lake.area(10.0 * MS_PER_H)
    assert 0.1 < area.reachable_km2 / area.disc_km2 < 0.6


def test_known_ice_all_through_the_silence_closes_the_sea_behind_it() -> None:
    wall = shapely.box(-151.0, 3.0, -149.9, 3.4)
    free, closed = (prism((-150.5, 2.9), None, 6.0, 10.0, ice) for ice in (Ice(), Ice((wall,))))
    behind, inside = at(-150.5, 3.5)[None, :], at(-150.5, 3.2)[None, :]
    assert free.could_be(behind, 6.0 * MS_PER_H)[0]
    assert free.could_be(inside, 6.0 * MS_PER_H)[0]
    assert not closed.could_be(inside, 6.0 * MS_PER_H)[0]
    assert closed.least_km(behind)[0][0] > 1.5 * free.least_km(behind)[0][0]


def test_before_it_was_first_heard_a_ship_can_have_come_from_all_round() -> None:
    of = prism(None, (-150.0, 5.0), 10.0, 10.0)
    assert of.could_be(at(-150.0, 6.5)[None, :], 0.0)[0]
    assert not of.could_be(at(-150.0, 6.5)[None, :], 5.0 * MS_PER_H)[0]


def test_a_silence_without_any_end_is_refused() -> None:
    with pytest.raises(ValueError, match="a place at one end"):
        Prism(Span(None, 0.0, None, 1.0, 10.0))


def test_growth_rises_while_it_may_go_and_falls_when_it_must_come_back() -> None:
    of = prism((-150.0, 5.0), (-149.0, 5.0), 10.0, 15.0)
    grown = [area.reachable_km2 for area in of.growth(np.linspace(0.0, 10.0, 11) * MS_PER_H, 3_000)]
    assert grown[0] < grown[2] < grown[5] > grown[8] > grown[10]
    assert grown[3] == pytest.approx(grown[7], rel=0.03)


@pytest.mark.parametrize(
    ("last", "back", "hours"),
    [
        ((179.6, -17.0), (-179.2, -18.5), 20.0),
        ((30.0, 88.6), (-120.0, 88.2), 24.0),
        ((10.0, 84.0), None, 30.0),
        ((170.0, -64.0), None, 30.0),
        ((126.5, 34.0), (130.3, 36.5), 40.0),
        ((-30.0, 40.0), None, 24.0 * 30.0),
    ],
)
def test_outlines_are_valid_rfc_7946_and_hold_all_that_is_within_reach(
    last: tuple[float, float], back: tuple[float, float] | None, hours: float
) -> None:
    of = prism(last, back, hours, 18.0)
    hour = hours if back is None else hours / 2.0
    shape = outline(of, hour)
    assert shape.is_valid
    west, south, east, north = shape.bounds
    assert -180.0 <= west <= east <= 180.0
    assert -90.0 <= south <= north <= 90.0
    for part in shape.geoms:
        assert part.exterior.is_ccw
        assert not any(hole.is_ccw for hole in part.interiors)
    sheet = of.sheet(hour * MS_PER_H, 5_000)
    free, _ = of.water_of(sheet)
    places = sheet.middles[free.ravel() & of.could_be(sheet.middles, hour * MS_PER_H)]
    fine = of.sheet(hour * MS_PER_H, COARSE)
    row, column, _ = fine.cell_of(places)
    in_fine_water = of.water_of(fine)[0][row, column]
    lon, lat = sphere.lonlat(places[in_fine_water])
    assert shapely.intersects_xy(shape, lon, lat).all()


def test_an_outline_round_the_pole_holds_the_pole_and_one_across_the_antimeridian_is_cut_there() -> None:
    assert shapely.intersects_xy(outline(prism((30.0, 89.0), None, 10.0, 15.0), 10.0), 77.0, 90.0)
    cut = outline(prism((179.9, 5.0), None, 5.0, 15.0), 5.0)
    assert len(cut.geoms) == 2
    assert cut.bounds[0] == -180.0
    assert cut.bounds[2] == 180.0


def test_an_area_that_is_empty_has_a_null_geometry() -> None:
    assert geojson_geometry(shapely.MultiPolygon()) is None


@pytest.mark.parametrize("start", [(126.0, 34.3), (179.9, -17.6), (5.0, 60.4), (20.0, 89.0)])
def test_law_no_random_sailing_within_the_limit_is_ever_where_it_cannot_be(
    start: tuple[float, float],
) -> None:
    rng = np.random.default_rng(3)
    sailed = sail(at(*start), 150, 8.0, 20.0, rng)
    step = sphere.between_m(sailed.places[1:], sailed.places[:-1])
    assert (step <= 20.0 * 1852.0 / 6.0).all()
    of = Prism(Span(sailed.places[0, 0], 0.0, None, 8.0 * MS_PER_H, 20.0), nodes=COARSE)
    for number in (10, 25, len(sailed.places) - 1):
        assert of.could_be(sailed.places[number], number / 6.0 * MS_PER_H).all()
    lon, lat = sphere.lonlat(sailed.places[-1])
    assert shapely.intersects_xy(outline(of, 8.0), lon, lat).all()


def test_law_a_return_that_was_sailed_is_possible_and_so_is_every_place_on_its_way() -> None:
    sailed = sail(at(126.0, 34.3), 4, 12.0, 15.0, np.random.default_rng(5))
    for ship in range(4):
        track = sailed.places[:, ship]
        of = Prism(Span(track[0], 0.0, track[-1], sailed.hours * MS_PER_H, 15.0), nodes=COARSE)
        assert of.is_possible
        assert all(of.could_be(track[n][None, :], n / 6.0 * MS_PER_H)[0] for n in range(len(track)))


def test_law_the_outline_holds_places_whose_cell_has_its_middle_on_land_of_the_coarser_lattice() -> None:
    # A channel coast, a coarse prism and an outline of another grain: every place within reach is inside.
    of = Prism(Span(at(-74.2, -49.6), 0.0, None, 20.0 * MS_PER_H, 15.0), nodes=4_000)
    rng = np.random.default_rng(2)
    sailed = sail(at(-75.6, -49.6), 300, 6.0, 15.0, rng).places.reshape(-1, 3)
    inside = sailed[of.could_be(sailed, 20.0 * MS_PER_H)]
    lon, lat = sphere.lonlat(inside)
    for nodes in (3_000, 12_000):
        sheet = of.sheet(20.0 * MS_PER_H, nodes)
        shape = of.outline(sheet, of.water_of(sheet)[0], 20.0 * MS_PER_H)
        assert shapely.intersects_xy(shape, lon, lat).all()
