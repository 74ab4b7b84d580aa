from __future__ import annotations

import numpy as np

from clearwake.places import load
from clearwake.places.dry import far_inland, near_water, on_dry_land


def test_the_sahara_and_the_australian_desert_are_dry_and_water_that_ships_sail_is_not() -> None:
    dry = [(10.0, 24.0), (128.0, -23.0), (-101.0, 39.0), (95.0, 45.0)]
    wet = [
        (-40.0, 35.0),  # the Atlantic
        (-87.0, 43.0),  # Lake Michigan
        (6.96, 50.94),  # the Rhine at Cologne
        (9.72, 52.42),  # the Mittelland Canal at Hanover
        (-90.2, 38.6),  # the Mississippi at Saint Louis
        (116.0, 29.8),  # the Yangtze
        (32.3, 30.6),  # the Suez Canal
        (-88.1, 41.5),  # the Illinois Waterway
        (-60.0, -3.1),  # the Amazon at Manaus
    ]
    assert on_dry_land(*np.array(dry).T).all()
    assert not on_dry_land(*np.array(wet).T).any()


def test_no_port_of_the_built_in_list_is_on_dry_land() -> None:
    ports = load().anchorages
    assert not on_dry_land(ports["lon"].to_numpy(), ports["lat"].to_numpy()).any()


def test_what_is_no_place_is_not_dry_and_longitudes_go_round() -> None:
    assert on_dry_land([np.nan, 10.0, 370.0, -350.0], [24.0, 91.0, 24.0, 24.0]).tolist() == [
        False, False, True, True
    ]  # fmt: skip


def test_all_dry_land_is_land() -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(-180, 180, 20_000), np.degrees(np.arcsin(rng.uniform(-1, 1, 20_000)))
    dry = on_dry_land(lon, lat)
    assert dry.sum() > 2000
    assert load().on_land(lon[dry], lat[dry]).all()


def test_near_the_coast_land_may_be_dry_but_is_not_far_inland() -> None:
    lon, lat = (
        np.array([12.15, 12.45, 11.9, 11.98]),
        np.full(4, -18.5),
    )  # Namibia: dunes, farther in, the sea, the beach
    assert on_dry_land(lon, lat).tolist() == [True, True, False, False]
    assert far_inland(lon, lat).tolist() == [False, True, False, False]
    assert near_water(lon, lat).tolist() == [False, False, True, True]


def test_canals_that_no_map_has_are_neither_dry_nor_off_the_water() -> None:
    drawn = [
        (-90.72, 29.35),  # the Houma Canal
        (-76.67, 34.87),  # Adams Creek, on the Atlantic Intracoastal
        (119.86, 32.39),  # by Taizhou
        (9.75, 54.55),  # the Schlei
    ]
    assert not on_dry_land(*np.array(drawn).T).any()
    assert near_water(*np.array(drawn).T).all()
    assert not near_water([10.0, np.nan], [24.0, 24.0]).any()
