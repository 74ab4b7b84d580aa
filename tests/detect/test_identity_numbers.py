"""MMSIs on several hulls, IMO numbers in two places, and IMO numbers that are no ship's or another's."""

from __future__ import annotations

import polars as pl
import pytest
from tests.tables import clock, hull

from clearwake.detect.identity import imo_faults, shared_imos, shared_mmsis
from clearwake.detect.identity.imo import readings, trades_of
from clearwake.model import IdentityClaim, Track, empty, schema, utc
from clearwake.model.identifiers import imo_check_digit_holds

from .said import X, Y, claims, heard, register

SILENT = empty(IdentityClaim)


def hulls(*rows: tuple[int, int, str, str, int]) -> pl.DataFrame:
    """Give tracks: MMSI, ordinal, first and last day heard, positions."""
    told = [(hull(mmsi, n), mmsi, utc(start), utc(end), positions, 120.0, 22.0, 120.0, 22.0, 1.0, True)
            for mmsi, n, start, end, positions in rows]  # fmt: skip
    return pl.DataFrame(told, schema=schema(Track), orient="row")


def test_two_hulls_heard_over_the_same_days_share_a_number_and_nobody_is_accused() -> None:
    tracks = hulls(
        (351000001, 1, "2026-01-01", "2026-01-05", 500), (351000001, 2, "2026-01-03", "2026-01-08", 40)
    )
    row = shared_mmsis(SILENT, tracks).row(0, named=True)
    assert (row["mmsi_a"], row["hulls"], row["at_once"], row["positions"]) == (351000001, 2, 2, 540)
    assert (clock(row["start"]), clock(row["end"])) == ("2026-01-03T00:00", "2026-01-05T00:00")
    assert (row["is_default"], row["note"]) == (False, None)
    assert row["evidence"] == [
        "position:351000001@2026-01-01T00:00:00.000Z",
        "position:351000001@2026-01-03T00:00:00.000Z",
    ]


def test_a_number_handed_on_from_one_hull_to_the_next_is_not_shared() -> None:
    tracks = hulls(
        (351000001, 1, "2026-01-01", "2026-01-05", 500), (351000001, 2, "2026-01-06", "2026-01-08", 40)
    )
    assert shared_mmsis(SILENT, tracks).is_empty()


def test_a_burst_of_bad_positions_is_no_second_hull() -> None:
    tracks = hulls(
        (351000001, 1, "2026-01-01", "2026-01-05", 500), (351000001, 2, "2026-01-03", "2026-01-03", 9)
    )
    assert shared_mmsis(SILENT, tracks).is_empty()


@pytest.mark.parametrize(
    ("mmsi", "why"),
    [(416000000, "six noughts"), (222222222, "typed to fill the field"), (351000001, None)],
)
def test_a_default_number_is_called_one(mmsi: int, why: str | None) -> None:
    said = claims(f"""
        mmsi    time              name
        {mmsi}  2026-01-01T00:00  ONE_BOAT
        {mmsi}  2026-01-01T00:10  SECOND
        {mmsi}  2026-01-01T00:20  ONE_BOAT
        {mmsi}  2026-01-01T00:30  SECOND
    """)
    row = shared_mmsis(said).row(0, named=True)
    assert (row["is_default"], row["names"]) == (why is not None, ["ONE BOAT", "SECOND"])
    assert why is None or why in row["note"]


def test_a_number_on_five_hulls_at_once_is_nobodys_in_particular() -> None:
    tracks = hulls(*((351000001, n, "2026-01-01", "2026-01-05", 50) for n in range(1, 6)))
    row = shared_mmsis(SILENT, tracks).row(0, named=True)
    assert (row["at_once"], row["is_default"]) == (5, True)


def test_two_spellings_by_turns_are_one_ship() -> None:
    said = claims("""
        mmsi       time              name
        351000001  2026-01-01T00:00  OCEAN_STAR
        351000001  2026-01-01T00:10  OCEAN_STARS
        351000001  2026-01-01T00:20  OCEAN_STAR
        351000001  2026-01-01T00:30  OCEAN_STARS
    """)
    assert shared_mmsis(said).is_empty()


TWO = """
    mmsi       time              name   imo
    351000001  2026-01-01T00:00  RIGHT  9074729
    351000001  2026-01-01T06:00  RIGHT  9074729
    273000002  2026-01-01T00:00  WRONG  9074729
    273000002  2026-01-01T06:00  WRONG  9074729
"""


def places(lon: float) -> str:
    """Give the positions of two ships, the second at ``lon``."""
    return f"""
        mmsi       time              lon    lat
        351000001  2026-01-01T01:00  10.0   0.0
        273000002  2026-01-01T01:00  {lon}  0.0
        351000001  2026-01-01T03:00  10.0   0.0
        273000002  2026-01-01T03:00  {lon}  0.0
    """


def test_one_imo_number_claimed_in_two_oceans_at_once_is_found() -> None:
    row = shared_imos(claims(TWO), heard=heard(places(130.0))).row(0, named=True)
    assert (row["imo"], row["mmsi_a"], row["mmsi_b"]) == (X, 273000002, 351000001)
    assert (row["name_a"], row["name_b"], row["lon"], row["lon_b"]) == ("WRONG", "RIGHT", 130.0, 10.0)
    assert row["apart_km"] == pytest.approx(120 * 111.19, rel=0.001)
    assert row["implied_speed_kn"] is None
    assert (row["times"], row["mmsi_is_shared"]) == (3, False)
    assert (clock(row["start"]), clock(row["end"])) == ("2026-01-01T01:00", "2026-01-01T03:00")


def test_two_transmitters_on_one_ship_are_not_two_places() -> None:
    assert shared_imos(claims(TWO), heard=heard(places(10.01))).is_empty()


def test_without_positions_nobody_is_in_two_places() -> None:
    assert shared_imos(claims(TWO)).is_empty()


def test_a_ship_that_got_a_new_mmsi_is_not_in_two_places() -> None:
    said = claims("""
        mmsi       time              imo
        351000001  2026-01-01T00:00  9074729
        351000001  2026-01-02T00:00  9074729
        312000002  2026-01-10T00:00  9074729
        312000002  2026-01-12T00:00  9074729
    """)
    sailed = heard("""
        mmsi       time              lon   lat
        351000001  2026-01-01T12:00  10.0  0.0
        351000001  2026-01-02T00:00  11.0  0.0
        312000002  2026-01-10T00:00  40.0  0.0
        312000002  2026-01-11T00:00  42.0  0.0
    """)
    assert shared_imos(said, heard=sailed).is_empty()


def test_a_number_said_once_by_slip_puts_nobody_in_two_places() -> None:
    said = claims("""
        mmsi       time              imo
        351000001  2026-01-01T00:00  9074729
        351000001  2026-01-01T06:00  9074729
        273000002  2026-01-01T03:00  9074729
    """)
    assert shared_imos(said, heard=heard(places(130.0))).is_empty()


def test_a_placeholder_is_claimed_by_many_and_no_number_in_two_places() -> None:
    assert shared_imos(claims(TWO.replace(X, "1234567")), heard=heard(places(130.0))).is_empty()


@pytest.mark.parametrize(
    ("imo", "fault"),
    [
        ("1234567", "placeholder"),
        ("1111111", "placeholder"),
        ("7777777", "placeholder"),
        ("9074728", "check_digit"),
        ("12345", "malformed"),
    ],
)
def test_a_number_that_is_no_ships_is_a_fault(imo: str, fault: str) -> None:
    said = claims(f"""
        mmsi       time              name   imo
        351000001  2026-01-01T00:00  OCEAN  {imo}
        351000001  2026-01-02T00:00  OCEAN  {imo}
    """)
    row = imo_faults(said).row(0, named=True)
    assert (row["fault"], row["imo"], row["name"], row["reports"]) == (fault, imo, "OCEAN", 2)


def test_a_sound_number_that_no_register_contradicts_is_no_fault() -> None:
    assert imo_faults(claims(TWO)).is_empty()


def test_a_mistyped_number_comes_with_the_readings_one_slip_away_known_ones_first() -> None:
    said = claims("""
        mmsi       time              imo
        351000001  2026-01-01T00:00  9074728
        273000002  2026-01-01T00:00  9074729
    """)
    (found,) = imo_faults(said)["readings"].to_list()
    assert found[0] == X
    assert all(imo_check_digit_holds(number) for number in found)


def test_readings_are_one_digit_or_one_swap_away() -> None:
    assert readings("9074792") == sorted(readings("9074792"))
    assert X in readings("9074792")


def test_a_number_typed_wrong_and_put_right_within_a_day_is_no_fault() -> None:
    said = claims("""
        mmsi       time              imo
        351000001  2026-01-01T00:00  9074729
        351000001  2026-01-01T12:00  9074792
        351000001  2026-01-01T18:00  9074729
    """)
    assert imo_faults(said).is_empty()


LONG = """
    mmsi       time              name   imo      length_m  ship_type
    351000001  2026-01-01T00:00  OCEAN  9074729  95        80
    351000001  2026-01-02T00:00  OCEAN  9074729  95        80
"""


def test_a_register_contradicts_length_type_and_year() -> None:
    entries = register("""
        source  imo      length_m  ship_type_text  built_year
        one     9074729  230       Bulk_carrier    1994
        two     9074729  228       Bulk_Carrier    2003
    """)
    found = imo_faults(claims(LONG), entries)
    told = {row["fault"]: (row["claimed"], row["registered"]) for row in found.iter_rows(named=True)}
    assert told == {
        "length": ("95.0 m", "228.0 m; 230.0 m"),
        "ship_type": ("tanker (type 80)", "Bulk Carrier; Bulk carrier"),
        "built": ("1994 (one)", "2003 (two)"),
    }
    assert found["evidence"].to_list()[0] == [
        "claim:351000001@2026-01-01T00:00:00.000Z/imo",
        "registration:one:9074729:1",
        "registration:two:9074729:2",
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "9074729 100 Oil_tanker 1994 - -",
        "9074729 - Chemical/Products_Tanker - - -",
        "9176187 230 Bulk_carrier - - -",
        "9074729 230 Bulk_carrier - denied -",
    ],
)
def test_a_register_that_agrees_is_silent_or_means_another_ship_contradicts_nothing(
    entry: str,
) -> None:
    entries = register(f"imo length_m ship_type_text built_year status valid_to\n{entry}")
    assert imo_faults(claims(LONG), entries).is_empty()


def test_an_entry_of_another_year_speaks_of_the_same_hull() -> None:
    entries = register("imo length_m valid_to\n9074729 230 2020-01-01")
    assert imo_faults(claims(LONG), entries)["fault"].to_list() == ["length"]


def test_one_entry_that_agrees_is_enough() -> None:
    entries = register("""
        source  imo      length_m
        one     9074729  230
        two     9074729  96
    """)
    assert imo_faults(claims(LONG), entries).is_empty()


def test_numbers_are_not_mixed_up_between_ships() -> None:
    said = claims("""
        mmsi       time              imo      length_m
        351000001  2026-01-01T00:00  9074729  95
        273000002  2026-01-01T00:00  9176187  230
    """)
    entries = register("""
        imo      length_m
        9074729  95
        9176187  96
    """)
    found = imo_faults(said, entries)
    assert found.select("mmsi_a", "imo", "fault").rows() == [(273000002, Y, "length")]


@pytest.mark.parametrize(
    ("words", "trades"),
    [
        ("Oil tanker", ["tanker"]),
        ("Gas carrier", ["tanker"]),
        ("Bulk carrier", ["cargo"]),
        ("Combination carrier", ["cargo", "tanker"]),
        ("Ro-pax ship", ["passenger"]),
        ("Passenger/Ro-Ro Cargo Ship", ["cargo", "passenger"]),
        ("Yacht", []),
    ],
)
def test_words_of_registers_mean_trades(words: str, trades: list[str]) -> None:
    read = pl.DataFrame({"words": [words]}).select(trades_of(pl.col("words"))).item().to_list()
    assert sorted(read) == trades
