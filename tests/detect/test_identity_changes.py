"""Identity changes: what is one, where it happened, and what only looks like one."""

from __future__ import annotations

import polars as pl
import pytest
from tests.tables import clock, harbour

from clearwake.detect.identity import identity_changes, shared_mmsis
from clearwake.model import IdentityClaim, Track, schema, utc

from .said import X, Y, claims, heard


def told(found: pl.DataFrame) -> list[tuple[object, ...]]:
    """Give what changed from what to what, and between when and when."""
    rows = found.select("field", "old", "new", "start", "end").iter_rows()
    return [(field, old, new, clock(start), clock(end)) for field, old, new, start, end in rows]


def test_a_new_name_under_the_same_mmsi_is_a_change_between_the_last_old_and_the_first_new_claim() -> None:
    said = claims("""
        mmsi       time              name
        351000001  2026-01-01T00:00  OCEAN_STAR
        351000001  2026-01-02T00:00  OCEAN_STAR
        351000001  2026-01-02T09:00  GOLDEN_DAWN
        351000001  2026-01-03T09:00  GOLDEN_DAWN
    """)
    found = identity_changes(said)
    assert told(found) == [("name", "OCEAN STAR", "GOLDEN DAWN", "2026-01-02T00:00", "2026-01-02T09:00")]
    assert found["evidence"].to_list() == [
        ["claim:351000001@2026-01-02T00:00:00.000Z/name", "claim:351000001@2026-01-02T09:00:00.000Z/name"]
    ]
    assert found["known_at"].to_list() == [utc("2026-01-02T09:05")]
    assert found.select("lon", "lat", "where", "silent_min", "same_imo").row(0) == (None,) * 5


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("callsign", "3ABC1", "V3XY2"),
        ("flag", "Panama", "Belize"),
        ("ship_type", "80", "70"),
        ("length_m", "180", "140"),
        ("imo", X, Y),
    ],
)
def test_every_field_can_change(field: str, old: str, new: str) -> None:
    said = claims(f"""
        mmsi       time              {field}
        351000001  2026-01-01T00:00  {old}
        351000001  2026-01-02T00:00  {old}
        351000001  2026-01-05T00:00  {new}
        351000001  2026-01-07T00:00  {new}
    """)
    ((what, was, is_now, _, _),) = told(identity_changes(said))
    assert (what, str(was).removesuffix(".0"), str(is_now).removesuffix(".0")) == (field, old, new)


def test_a_change_at_sea_says_where_how_far_from_harbour_and_how_long_it_was_silent_before() -> None:
    said = claims("""
        mmsi       time              name         imo
        351000001  2026-01-01T00:00  OCEAN_STAR   9074729
        351000001  2026-01-01T12:00  GOLDEN_DAWN  9074729
    """)
    where = heard("""
        mmsi       time              lon   lat
        351000001  2025-12-31T23:00  0.00  0.0
        351000001  2026-01-01T00:00  10.0  0.0
        351000001  2026-01-01T01:00  10.1  0.0
        351000001  2026-01-01T11:00  11.0  0.0
        351000001  2026-01-01T12:00  11.1  0.0
    """)
    row = identity_changes(said, heard=where, atlas=harbour()).row(0, named=True)
    assert (row["lon"], row["lat"], row["where"]) == (11.1, 0.0, "at sea")
    assert row["silent_min"] == 600.0
    assert row["harbour_km"] == pytest.approx(10.0 * 111.19, rel=0.001)
    assert row["moved_km"] == pytest.approx(1.1 * 111.19, rel=0.001)
    assert (row["same_imo"], row["imo"]) == (True, X)


@pytest.mark.parametrize(("lon", "where"), [(0.03, "in port"), (0.07, "near port"), (0.2, "at sea")])
def test_a_change_is_in_port_within_four_kilometres_and_near_it_within_ten(lon: float, where: str) -> None:
    said = claims("""
        mmsi       time              name
        351000001  2026-01-01T00:00  OCEAN_STAR
        351000001  2026-01-01T12:00  GOLDEN_DAWN
    """)
    there = heard(f"""
        mmsi       time              lon    lat
        351000001  2026-01-01T12:00  {lon}  0.0
    """)
    assert identity_changes(said, heard=there, atlas=harbour())["where"].to_list() == [where]


def test_a_call_between_the_two_claims_is_where_it_was_done_for_all_anyone_knows() -> None:
    said = claims("""
        mmsi       time              name
        351000001  2026-01-01T00:00  OCEAN_STAR
        351000001  2026-01-03T00:00  GOLDEN_DAWN
    """)
    called = heard("""
        mmsi       time              lon   lat
        351000001  2026-01-01T00:00  3.00  0.0
        351000001  2026-01-02T00:00  0.01  0.0
        351000001  2026-01-03T00:00  3.00  0.0
    """)
    assert identity_changes(said, heard=called, atlas=harbour())["where"].to_list() == ["in port"]


def test_claims_more_than_a_week_apart_do_not_tell_where_the_change_was_made() -> None:
    said = claims("""
        mmsi       time              name
        351000001  2012-01-01T00:00  OCEAN_STAR
        351000001  2026-01-01T00:00  GOLDEN_DAWN
    """)
    there = heard("""
        mmsi       time              lon   lat
        351000001  2012-01-01T00:00  30.0  0.0
        351000001  2026-01-01T00:00  30.0  0.0
    """)
    assert identity_changes(said, heard=there, atlas=harbour())["where"].to_list() == [None]


REFLAGGED = """
    mmsi       time              name        imo      callsign  length_m
    351000001  2026-01-01T00:00  OCEAN_STAR  9074729  3ABC1     180
    351000001  2026-01-02T00:00  OCEAN_STAR  9074729  3ABC1     180
    312000002  2026-01-04T00:00  GOLDEN      9074729  V3XY2     182
    312000002  2026-01-05T00:00  GOLDEN      9074729  V3XY2     182
"""


def test_a_new_mmsi_on_the_same_imo_number_is_a_change_with_flag_name_and_call_sign() -> None:
    found = identity_changes(claims(REFLAGGED))
    span = ("2026-01-02T00:00", "2026-01-04T00:00")
    assert sorted(told(found)) == [
        ("callsign", "3ABC1", "V3XY2", *span),
        ("flag", "PAN", "BLZ", *span),
        ("mmsi", "351000001", "312000002", *span),
        ("name", "OCEAN STAR", "GOLDEN", *span),
    ]
    assert found.select("mmsi_a", "mmsi_b").unique().rows() == [(312000002, 351000001)]


def test_a_new_mmsi_heard_where_the_old_one_could_not_have_come_is_no_change() -> None:
    far = heard("""
        mmsi       time              lon    lat
        351000001  2026-01-02T00:00  10.0   0.0
        312000002  2026-01-04T00:00  170.0  0.0
    """)
    near = heard("""
        mmsi       time              lon    lat
        351000001  2026-01-02T00:00  10.0   0.0
        312000002  2026-01-04T00:00  12.0   0.0
    """)
    assert identity_changes(claims(REFLAGGED), heard=far).is_empty()
    assert identity_changes(claims(REFLAGGED), heard=near).height == 4


def test_a_typing_slip_that_is_put_right_is_no_change() -> None:
    said = claims("""
        mmsi       time              name
        351000001  2026-01-01T00:00  OCEAN_STAR
        351000001  2026-01-02T00:00  OCEAN_STRA
        351000001  2026-01-02T06:00  OCEAN_STAR
        351000001  2026-01-04T00:00  OCEAN_STAR
    """)
    assert identity_changes(said).is_empty()


def test_another_name_for_one_night_is_two_changes_though_it_reverts() -> None:
    said = claims("""
        mmsi       time              name
        351000001  2026-01-01T00:00  OCEAN_STAR
        351000001  2026-01-01T18:00  SHUN_LI_8
        351000001  2026-01-02T02:00  SHUN_LI_8
        351000001  2026-01-02T06:00  OCEAN_STAR
    """)
    assert [row[:3] for row in told(identity_changes(said))] == [
        ("name", "OCEAN STAR", "SHUN LI 8"),
        ("name", "SHUN LI 8", "OCEAN STAR"),
    ]


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("name", "OCEAN_STAR", "M/V_OCEAN-STAR"),
        ("name", "OCEAN_STAR_II", "Ocean_Star_2"),
        ("callsign", "3ABC1", "3-ABC_1"),
        ("flag", "Panama", "PA"),
        ("ship_type", "81", "84"),
        ("length_m", "180", "186"),
        ("name", "OCEAN_STAR", "UNKNOWN"),
    ],
)
def test_another_way_to_write_the_same_is_no_change(field: str, old: str, new: str) -> None:
    said = claims(f"""
        mmsi       time              {field}
        351000001  2026-01-01T00:00  {old}
        351000001  2026-01-03T00:00  {new}
    """)
    assert identity_changes(said).is_empty()


def test_the_two_parts_of_a_class_b_message_are_no_change() -> None:
    said = claims("""
        mmsi       time              name        callsign  ship_type  length_m
        351000001  2026-01-01T00:00  OCEAN_STAR  -         -          -
        351000001  2026-01-01T00:01  -           3ABC1     37         12
        351000001  2026-01-01T00:06  OCEAN_STAR  -         -          -
        351000001  2026-01-01T00:07  -           3ABC1     37         12
    """)
    assert identity_changes(said).is_empty()


def test_two_names_by_turns_are_two_ships_or_transmitters_and_no_change() -> None:
    said = claims("""
        mmsi       time              name
        351000001  2026-01-01T00:00  OCEAN_STAR
        351000001  2026-01-01T01:00  SHUN_LI_8
        351000001  2026-01-01T02:00  OCEAN_STAR
        351000001  2026-01-01T03:00  SHUN_LI_8
        351000001  2026-01-01T04:00  OCEAN_STAR
    """)
    assert identity_changes(said).is_empty()
    assert shared_mmsis(said)["names"].to_list() == [["OCEAN STAR", "SHUN LI 8"]]


def test_nothing_changes_under_a_number_that_equipment_is_delivered_with() -> None:
    said = claims("""
        mmsi       time              name
        416000000  2026-01-01T00:00  OCEAN_STAR
        416000000  2026-01-09T00:00  SHUN_LI_8
    """)
    assert identity_changes(said).is_empty()


def test_nothing_changes_while_the_mmsi_is_on_several_hulls() -> None:
    said = claims("""
        mmsi       time              name
        351000001  2026-01-01T00:00  OCEAN_STAR
        351000001  2026-01-09T00:00  SHUN_LI_8
    """)
    hulls = pl.DataFrame(
        [
            (3510000010001, 351000001, utc("2026-01-01"), utc("2026-01-12"), 900),
            (3510000010002, 351000001, utc("2026-01-03"), utc("2026-01-20"), 900),
        ],
        schema=["track", "mmsi", "start", "end", "positions"],
        orient="row",
    )
    places = hulls.with_columns(
        lon=pl.lit(0.0), lat=pl.lit(0.0), end_lon=pl.lit(0.0), end_lat=pl.lit(0.0), travelled_km=pl.lit(1.0),
        shared_mmsi=pl.lit(value=True),
    ).cast(schema(Track))  # fmt: skip
    assert identity_changes(said).height == 1
    assert identity_changes(said, shared=shared_mmsis(said, places)).is_empty()


def test_no_claims_are_no_changes() -> None:
    assert identity_changes(pl.DataFrame(schema=schema(IdentityClaim))).is_empty()
