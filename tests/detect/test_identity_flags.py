"""Flags that do not fit, and hulls that may sail under another ship's number."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.tables import clock, harbour

from clearwake.detect.identity import flag_faults, laundered_identities
from clearwake.detect.identity.imo import readings
from clearwake.detect.identity.laundered import RENUMBERED, SCRAPPED
from clearwake.model import IdentityClaim, empty
from clearwake.model.events import FlagFault, LaunderedIdentity

from .said import X, Y, claims, heard, register


def faults(found: pl.DataFrame) -> list[tuple[object, ...]]:
    """Give what is wrong with whose flag."""
    return found.select("fault", "mmsi_a", "flag", "mmsi_flag").rows()


def test_a_flag_that_the_mmsis_digits_contradict_is_found_with_what_speaks_for_it() -> None:
    said = claims("""
        mmsi       time              flag  imo
        351000001  2026-01-01T00:00  Togo  9074729
        351000001  2026-01-02T00:00  Togo  9074729
    """)
    found = flag_faults(said)
    assert faults(found) == [("mid_against_flag", 351000001, "TGO", "PAN")]
    assert found["imo"].to_list() == [X]
    assert "reflagged" in found["note"].item()


@pytest.mark.parametrize(
    ("mmsi", "flag"),
    [(351000001, "PANAMA"), (232000001, "Isle_of_Man"), (412000001, "Hong_Kong"), (351000001, "Unknown"),
     (351000001, "-")],
)  # fmt: skip
def test_a_flag_of_the_same_state_or_none_at_all_is_no_fault(mmsi: int, flag: str) -> None:
    said = claims(f"""
        mmsi    time              flag    name
        {mmsi}  2026-01-01T00:00  {flag}  OCEAN
    """)
    assert flag_faults(said).is_empty()


def test_digits_that_are_nobodys_are_found() -> None:
    said = claims("""
        mmsi       time              name
        300000001  2026-01-01T00:00  OCEAN
    """)
    assert faults(flag_faults(said)) == [("mid_unallocated", 300000001, None, None)]


def test_a_register_that_gives_another_flag_is_found_unless_one_agrees() -> None:
    said = claims("""
        mmsi       time              imo
        351000001  2026-01-01T00:00  9074729
    """)
    other = register("imo flag\n9074729 Togo")
    both = register("imo flag\n9074729 Togo\n9074729 Panama")
    past = register("imo flag valid_to\n9074729 Togo 2020-01-01")
    found = flag_faults(said, other)
    assert faults(found) == [("mid_against_flag", 351000001, "TGO", "PAN")]
    assert found["evidence"].to_list() == [
        ["claim:351000001@2026-01-01T00:00:00.000Z/imo", "registration:register:9074729:1"]
    ]
    assert flag_faults(said, both).is_empty()
    assert flag_faults(said, past).is_empty()


@pytest.mark.parametrize("status", ["scrapped", "deleted", "lost"])
def test_an_entry_that_was_closed_gives_no_flag(status: str) -> None:
    said = claims("""
        mmsi       time              imo
        351000001  2026-01-01T00:00  9074729
    """)
    assert flag_faults(said, register(f"imo flag status\n9074729 Togo {status}")).is_empty()


HOPS = """
    mmsi       time              imo
    351000001  2024-01-01T00:00  9074729
    351000001  2024-06-01T00:00  9074729
    312000002  2024-07-01T00:00  9074729
    312000002  2024-12-01T00:00  9074729
    671000003  2025-05-01T00:00  9074729
    671000003  2025-06-01T00:00  9074729
"""


def test_three_flags_in_two_years_are_hopping() -> None:
    (row,) = flag_faults(claims(HOPS)).iter_rows(named=True)
    assert (row["fault"], row["flags"], row["mmsi_a"]) == ("hopping", ["PAN", "BLZ", "TGO"], 671000003)
    assert (clock(row["start"]), clock(row["end"])) == ("2024-06-01T00:00", "2025-05-01T00:00")


def test_how_many_flags_in_how_long_is_for_the_user_to_say() -> None:
    assert flag_faults(claims(HOPS), flags=4).is_empty()
    assert flag_faults(claims(HOPS), within=timedelta(days=200)).is_empty()
    two = flag_faults(claims(HOPS), flags=2, within=timedelta(days=60))
    assert two["flags"].to_list() == [["PAN", "BLZ"]]
    with pytest.raises(ValueError, match="two flags or more"):
        flag_faults(claims(HOPS), flags=1)


def test_a_register_with_dates_adds_flags_to_the_past() -> None:
    said = claims("\n".join(HOPS.splitlines()[:6]))
    entries = register("imo flag valid_from valid_to\n9074729 Liberia 2023-01-01 2023-12-01")
    assert flag_faults(said).is_empty()
    assert flag_faults(said, entries)["flags"].to_list() == [["LBR", "PAN", "BLZ"]]


def test_a_flag_sold_once_and_back_is_no_hopping() -> None:
    said = claims(HOPS.replace("671000003", "351000001"))
    assert flag_faults(said).is_empty()


def test_a_flag_its_register_denies_is_found_by_claim_and_by_digits() -> None:
    said = claims("""
        mmsi       time              imo      flag
        629000001  2026-01-01T00:00  9074729  -
        629000001  2026-01-02T00:00  9074729  -
        351000002  2026-01-01T00:00  9176187  Panama
    """)
    denials = register("""
        source  imo      flag    status  valid_from
        gambia  9074729  Gambia  denied  2025-11-01
        gambia  9176187  Gambia  denied  2025-11-01
    """)
    found = flag_faults(said, denials)
    assert faults(found) == [("denied", 629000001, "GMB", "GMB")]
    assert (found["source"].item(), found["note"].item()) == ("gambia", None)


def test_a_denial_of_a_later_day_says_nothing_about_before() -> None:
    said = claims("""
        mmsi       time              imo
        629000001  2026-01-01T00:00  9074729
    """)
    denial = register("imo flag status valid_from\n9074729 Gambia denied 2026-06-01")
    assert flag_faults(said, denial).is_empty()


def scores(found: pl.DataFrame) -> list[tuple[object, ...]]:
    """Give reason, numbers and score."""
    return found.select("reason", "old_imo", "imo", "score").rows()


SAILS = """
    mmsi       time              name   imo      length_m  ship_type
    351000001  2026-01-01T00:00  OCEAN  9074729  95        80
    351000001  2026-02-02T00:00  OCEAN  9074729  95        80
"""


def test_a_number_claimed_long_after_its_ship_was_scrapped_scores_high_where_the_ship_is_another() -> None:
    dead = register("""
        imo      name     status     valid_from  length_m  ship_type_text
        9074729  OLD_ONE  scrapped   2019-05-01  230       Bulk_carrier
    """)
    found = laundered_identities(claims(SAILS), dead)
    assert scores(found) == [("scrapped_imo", None, X, 1.0)]
    assert len(found["reasons_for"].item()) == 4
    assert found["reasons_against"].item().to_list() == []


def test_what_the_ship_does_not_say_is_not_held_against_it() -> None:
    silent = claims("""
        mmsi       time              imo
        351000001  2026-01-01T00:00  9074729
        351000001  2026-02-02T00:00  9074729
    """)
    dead = register(
        "imo name status valid_from length_m ship_type_text\n9074729 OLD scrapped 2019-05-01 230 Tanker"
    )
    (row,) = laundered_identities(silent, dead).iter_rows(named=True)
    assert (row["score"], len(row["reasons_for"])) == (0.5, 1)


def test_what_speaks_against_is_said_and_taken_off() -> None:
    doubtful = register("""
        source  imo      name   status      valid_from  length_m
        one     9074729  OCEAN  broken_up   2025-12-01  96
    """)
    found = laundered_identities(claims(SAILS), doubtful)
    assert scores(found) == [("scrapped_imo", None, X, 0.1)]
    assert len(found["reasons_against"].item()) == 2
    in_service = register("""
        source  imo      name   status      valid_from  length_m
        one     9074729  OCEAN  broken_up   2025-12-01  96
        two     9074729  OCEAN  in_service  -           96
    """)
    assert laundered_identities(claims(SAILS), in_service).is_empty()


def test_a_ship_scrapped_after_it_was_last_heard_is_no_finding() -> None:
    later = register("imo status valid_from\n9074729 scrapped 2026-06-01")
    assert laundered_identities(claims(SAILS), later).is_empty()


SAILS_ON = """
    mmsi       time              name      callsign  imo      length_m  ship_type
    351000001  2026-01-01T00:00  OCEAN     3ABC1     9074729  95        80
    351000001  2026-01-02T00:00  OCEAN     3ABC1     9074729  95        80
    351000001  2026-01-02T09:00  SHUN_LI   3ABC1     9176187  96        80
    351000001  2026-01-05T09:00  SHUN_LI   3ABC1     9176187  96        80
"""


def test_a_hull_that_goes_on_under_another_number_scores_with_its_length_kind_and_place() -> None:
    went_on = heard("""
        mmsi       time              lon   lat
        351000001  2026-01-02T00:00  10.0  0.0
        351000001  2026-01-02T08:00  10.6  0.0
        351000001  2026-01-02T09:00  10.7  0.0
    """)
    found = laundered_identities(claims(SAILS_ON), heard=went_on, atlas=harbour())
    assert scores(found) == [("renumbered", X, Y, 0.9)]
    assert found["old_name"].to_list() == ["OCEAN"]
    told = found["reasons_for"].item().to_list()
    assert told[0] == f"under MMSI 351000001 IMO {X} was claimed before, IMO {Y} now"
    assert "the change was made at sea" in told


def test_a_number_one_slip_away_scores_too_little_to_count() -> None:
    slip = readings(X)[0]
    same_name = SAILS_ON.replace(Y, slip).replace("SHUN_LI", "OCEAN")
    (row,) = laundered_identities(claims(same_name)).iter_rows(named=True)
    assert row["score"] < 0.5
    assert row["reasons_against"] == ["the numbers are one slip apart: a mistyped one put right"]


def test_an_mmsi_given_to_another_ship_after_years_is_no_finding() -> None:
    said = claims("""
        mmsi       time              name      callsign  imo      length_m  ship_type
        351000001  2020-01-01T00:00  OCEAN     3ABC1     9074729  95        80
        351000001  2020-01-02T00:00  OCEAN     3ABC1     9074729  95        80
        351000001  2026-01-02T09:00  SHUN_LI   V3XY2     9176187  210       70
        351000001  2026-01-05T09:00  SHUN_LI   V3XY2     9176187  210       70
    """)
    assert laundered_identities(said).is_empty()


def test_a_call_sign_that_comes_with_another_mmsi_and_number_is_followed() -> None:
    said = claims(
        "\n".join(
            line.replace("351000001", "312000009") if Y in line else line for line in SAILS_ON.splitlines()
        )
    )
    found = laundered_identities(said)
    assert scores(found) == [("renumbered", X, Y, 0.65)]
    assert found.select("mmsi_a", "mmsi_b").rows() == [(312000009, 351000001)]


def test_a_hull_that_keeps_its_number_is_no_finding() -> None:
    assert laundered_identities(claims(SAILS_ON.replace(Y, X))).is_empty()


def test_nothing_said_is_nothing_found_in_the_tables_columns() -> None:
    none = empty(IdentityClaim)
    assert_frame_equal(flag_faults(none), empty(FlagFault))
    assert_frame_equal(laundered_identities(none), empty(LaunderedIdentity))


def test_the_weights_of_the_page_are_those_of_the_code() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "detectors" / "laundered_identity.md").read_text()
    parts = page.split("## renumbered", 1)
    for part, reasons in zip(parts, (SCRAPPED, RENUMBERED), strict=True):
        told = sorted(float(line.split("|")[1]) for line in part.splitlines() if re.match(r"\| -?0\.", line))
        assert told == sorted(reason.weight for reason in reasons)
