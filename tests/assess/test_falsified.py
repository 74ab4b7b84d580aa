from __future__ import annotations

import polars as pl

from clearwake.assess.falsified import falsified_reasons
from clearwake.model import Falsification, schema, utc


def _rows(*rows: tuple[str, str, int, int | None, str | None]) -> pl.DataFrame:
    """One falsification each: id, label, MMSI, the other MMSI, what clears it."""
    told = [
        {"id": i, "kind": "falsification", "label": label, "mmsi_a": a, "track_a": a * 10_000 + 1, "mmsi_b": b,
         "start": utc("2026-01-01T10:00"), "end": utc("2026-01-01T12:00"), "cleared_by": by,
         "reasons_for": ["heard 80 km away after 3 min: 864 kn"], "reasons_against": ["two ships may share the number"],
         "evidence": [f"position:{a}@2026-01-01T10:00:00.000Z"], "known_at": utc("2026-01-02")}
        for i, label, a, b, by in rows
    ]  # fmt: skip
    return pl.DataFrame(told, schema=schema(Falsification))


def test_a_jump_weighs_in_full_and_tells_both_sides() -> None:
    told = pl.concat(falsified_reasons(_rows(("f1", "jump", 412000001, None, None))))
    row = told.row(0, named=True)
    assert (row["kind"], row["mmsi"], row["weight"], row["evidence"]) == (
        "false_position",
        412000001,
        2.5,
        ["f1"],
    )
    assert row["sentence"] == (
        "jumped, 2026-01-01 10:00 to 12:00 UTC: heard 80 km away after 3 min: 864 kn; "
        "against it: two ships may share the number"
    )


def test_of_a_copy_either_ship_may_be_the_false_one_so_both_weigh_half() -> None:
    told = pl.concat(falsified_reasons(_rows(("f1", "copy", 412000001, 412000002, None))))
    assert told.select("mmsi", "weight").sort("mmsi").rows() == [(412000001, 1.25), (412000002, 1.25)]


def test_what_interference_explains_is_told_against_and_weighs_nothing() -> None:
    told = pl.concat(falsified_reasons(_rows(("f1", "jump", 412000001, None, "interference:1"))))
    assert told.select("kind", "is_for", "weight", "evidence").rows() == [
        ("false_position_explained", False, 0.0, ["f1", "interference:1"])
    ]


def test_a_set_that_lies_still_far_inside_land_may_be_a_boat_in_a_yard_and_weighs_a_quarter() -> None:
    rows = _rows(("f1", "on_land", 412000001, None, None)).with_columns(inland_km=15.0)
    weights = [
        pl.concat(falsified_reasons(rows.with_columns(speed_kn=pl.lit(kn)))).item(0, "weight")
        for kn in (0.1, 3.0)
    ]
    assert weights == [0.62, 2.5]


def test_near_the_coast_a_set_that_lies_still_weighs_a_tenth() -> None:
    rows = _rows(("f1", "on_land", 412000001, None, None)).with_columns(inland_km=4.0, speed_kn=pl.lit(0.1))
    assert pl.concat(falsified_reasons(rows)).item(0, "weight") == 0.25
