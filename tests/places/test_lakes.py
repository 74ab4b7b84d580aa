from __future__ import annotations

from clearwake.places.lakes import on_lake


def test_the_great_lakes_and_lake_victoria_are_lakes_and_kansas_and_the_atlantic_are_not() -> None:
    lon, lat = [-87.0, -81.5, 33.0, -98.0, -40.0], [43.0, 42.2, -1.0, 38.5, 35.0]
    assert on_lake(lon, lat).tolist() == [True, True, True, False, False]
