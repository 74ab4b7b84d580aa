"""Two hulls side by side in one image are a meeting, whoever they are; in port they are neighbours."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from tests.matching.scenes import beside, matched, open_sea, sailing, seen

from clearwake.matching import side_by_side
from clearwake.model import SideBySide, schema

SHIP = 211000001


def hull(bearing_deg: float, metres: float, **more: Any) -> dict[str, Any]:
    return (
        beside(10.0, 55.0, bearing_deg, metres)
        | {"length_m": 120.0, "scene": "a", "sensor": "optical"}
        | more
    )


def test_a_ship_and_a_dark_hull_a_beam_apart_lie_side_by_side() -> None:
    rows = matched(
        seen(hull(0.0, 0.0, heading_deg=90.0), hull(0.0, 40.0, heading_deg=95.0)), sailing(SHIP, 10.0, 55.0)
    )
    found = side_by_side(rows)
    assert found.schema == schema(SideBySide)
    event = found.row(0, named=True)
    assert found.height == 1
    assert (event["label"], event["mmsi_a"], event["mmsi_b"]) == ("one_dark", SHIP, None)
    assert event["apart_m"] == pytest.approx(40.0, abs=0.5)
    assert event["apart_lengths"] == pytest.approx(0.333, abs=0.01)
    assert event["is_parallel"] is True
    assert event["evidence"] == [event["detection_a"], event["detection_b"]]
    assert side_by_side(rows.reverse()).equals(found)


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (hull(0.0, 140.0), True),
        (hull(0.0, 160.0), False),
        (hull(0.0, 40.0, scene="b"), False),
        (hull(0.0, 2.0), False),
        (hull(0.0, 40.0, error_m=900.0), False),
        (hull(0.0, 40.0, sensor="night_light"), False),
    ],
)
def test_only_two_hulls_of_one_fine_image_a_length_apart_do(other: dict[str, Any], *, meets: bool) -> None:
    found = side_by_side(matched(seen(hull(0.0, 0.0), other), sailing(SHIP, 10.5, 55.0)))
    assert found.height == int(meets)
    assert set(found["label"]) <= {"both_dark"}


def test_in_port_everybody_lies_side_by_side() -> None:
    rows = matched(seen(hull(0.0, 0.0), hull(0.0, 40.0)), sailing(SHIP, 10.0, 55.0))
    port = rows.with_columns(harbour_km=pl.lit(2.0))
    assert side_by_side(port)["label"].to_list() == ["in_port"]
    assert open_sea(rows["lon"].to_numpy(), rows["lat"].to_numpy()).tolist() == [100.0, 100.0]


def test_nothing_to_compare_gives_nothing() -> None:
    assert side_by_side(matched(seen(hull(0.0, 0.0)), sailing(SHIP, 10.0, 55.0))).is_empty()
