"""The answer in words."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from clearwake.model import utc
from clearwake.model.whereabouts import Whereabouts
from clearwake.whereabouts.wording import told


def test_a_ship_asked_about_before_it_was_heard_is_said_to_have_been_heard_first_then() -> None:
    nothing: dict[str, Any] = dict.fromkeys((each.name for each in fields(Whereabouts)), None)
    said: dict[str, Any] = {
        "area_km2": 100.0, "disc_km2": 120.0, "disc_water_km2": 100.0, "limit_kn": 14.0, "limit_origin": "tanker",
        "ice": 0, "mmsi": 273000001, "at": utc("2020-06-30T06:00"), "state": "silent",
        "until": utc("2020-06-30T07:31"), "back_lon": 25.0, "back_lat": 35.0,
    }  # fmt: skip
    record = Whereabouts(**(nothing | said))
    assert "was first heard 2020-06-30 07:31 UTC at 35.00N 25.00E, so heard only later" in told(record, ())
