"""One cargo counts once: through its stages, and however many sources tell of it."""

from __future__ import annotations

import pytest
from tests.ledger.entries import counted, entries, year_of

from clearwake.ledger import Book, Told, from_notifications
from clearwake.model import Permission, utc

FORWARD = """
    date        ship     capacity_bbl  stage_of
    2018-02-01  ALPHA    30000         BRAVO
    2018-02-04  BRAVO    20000         CHARLIE
    2018-02-09  CHARLIE  10000         -
"""
BACKWARD = """
    date        ship     capacity_bbl  stage_of
    2018-02-01  ALPHA    30000         -
    2018-02-04  BRAVO    20000         ALPHA
    2018-02-09  CHARLIE  10000         BRAVO
"""
NAMED = """
    date        ship     capacity_bbl  stage_of
    2018-02-01  ALPHA    30000         cargo_7
    2018-02-04  BRAVO    20000         cargo_7
    2018-02-09  CHARLIE  10000         cargo_7
"""
BY_ID = """
    id  date        ship     capacity_bbl  stage_of
    a   2018-02-01  ALPHA    30000         b
    b   2018-02-04  BRAVO    20000         c
    c   2018-02-09  CHARLIE  10000         -
"""


@pytest.mark.parametrize(
    "chain", [FORWARD, BACKWARD, NAMED, BY_ID], ids=["forward", "backward", "named", "by id"]
)
def test_of_a_chain_the_last_stage_counts_whichever_way_it_is_written(chain: str) -> None:
    assert counted(entries(chain)) == {"ALPHA": "stage", "BRAVO": "stage", "CHARLIE": "counted"}
    year = year_of(entries(chain))
    assert (year.deliveries, year.capacity_bbl, year.stages) == (1, 10_000, 2)
    cargoes = {each.cargo for each in Book.of(entries(chain)).shown()}
    assert len(cargoes) == 1


@pytest.mark.parametrize("of", ["ALPHA", "CHARLIE"])
def test_a_chain_written_partly_one_way_and_partly_the_other_is_one_cargo(of: str) -> None:
    chain = f"""
        date        ship     capacity_bbl  stage_of
        2018-02-01  ALPHA    10000         CHARLIE
        2018-02-04  BRAVO    10000         {of}
        2018-02-09  CHARLIE  10000         -
        2018-02-12  DELTA    10000         ALPHA
    """
    assert counted(entries(chain)) == {
        "ALPHA": "stage",
        "BRAVO": "stage",
        "CHARLIE": "stage",
        "DELTA": "counted",
    }


def test_stages_of_one_day_count_once() -> None:
    chain = """
        date        ship     capacity_bbl  stage_of
        2018-02-01  ALPHA    30000         BRAVO
        2018-02-01  BRAVO    20000         CHARLIE
        2018-02-01  CHARLIE  10000         -
    """
    assert counted(entries(chain)) == {"ALPHA": "stage", "BRAVO": "stage", "CHARLIE": "counted"}


def test_partial_onward_deliveries_share_what_the_ship_before_them_had() -> None:
    year = year_of(
        entries("""
        date        ship     capacity_bbl  laden  stage_of  status
        2018-02-01  MOTHER   30000         1.0    -         confirmed
        2018-02-04  BRAVO    20000         1.0    MOTHER    confirmed
        2018-03-09  CHARLIE  20000         1.0    MOTHER    confirmed
    """)
    )
    assert year.deliveries == 2
    assert (year.capacity_bbl, year.expected_bbl, year.published["half_bbl"]) == (30_000, 30_000, 15_000)
    assert [row["p50_bbl"] for row in year.by_day if row["day"].month == 2][-1] == 15_000


def test_partial_onward_deliveries_that_fit_count_in_full_and_the_rest_is_not_made_up() -> None:
    year = year_of(
        entries("""
        date        ship     capacity_bbl  laden  stage_of  status
        2018-02-01  MOTHER   300000        1.0    -         confirmed
        2018-02-04  BRAVO    20000         1.0    MOTHER    confirmed
    """)
    )
    assert (year.capacity_bbl, year.expected_bbl) == (20_000, 20_000)


def test_a_round_of_stages_is_one_cargo_and_is_told() -> None:
    told = entries("""
        date        ship     capacity_bbl  stage_of
        2018-02-01  ALPHA    10000         CHARLIE
        2018-02-04  BRAVO    10000         ALPHA
        2018-02-09  CHARLIE  10000         BRAVO
    """)
    year = year_of(told)
    assert (year.deliveries, year.capacity_bbl) == (1, 10_000)
    assert any("go round" in finding for finding in year.findings)


def test_a_stage_of_itself_and_a_stage_of_nothing_here_count_and_are_told() -> None:
    year = year_of(
        entries("""
        date        ship     capacity_bbl  stage_of
        2018-02-01  ALPHA    10000         ALPHA
        2018-03-04  BRAVO    20000         NOBODY
    """)
    )
    assert (year.deliveries, year.capacity_bbl) == (2, 30_000)
    assert [f for f in year.findings if "stage of itself" in f]
    assert [f for f in year.findings if "'NOBODY', which is not here or refuted" in f]


def test_of_two_voyages_of_the_ship_named_the_nearer_is_meant() -> None:
    told = Book.of(
        entries("""
        id  date        ship    capacity_bbl  stage_of
        a   2018-02-01  ALPHA   10000         BRAVO
        b   2018-02-04  BRAVO   10000         -
        c   2018-06-04  BRAVO   10000         -
    """)
    ).shown()
    assert {each.id: each.cargo for each in told} == {
        "delivery:a": "delivery:b", "delivery:b": "delivery:b", "delivery:c": "delivery:c",
    }  # fmt: skip


def test_a_last_stage_of_unknown_size_has_that_of_the_stage_before() -> None:
    year = year_of(
        entries("""
        date        ship    volume_bbl  stage_of  status
        2018-02-01  ALPHA   4000        BRAVO     confirmed
        2018-02-04  BRAVO   -           -         confirmed
    """)
    )
    assert (year.deliveries, year.expected_bbl, year.without_size) == (1, 4_000, 0)


def test_one_delivery_told_by_two_sources_counts_once_and_is_likelier() -> None:
    ours = entries("date ship capacity_bbl imo source\n2018-02-10 ALPHA 10000 9074729 Japan", file=1)
    theirs = entries("date ship volume_bbl imo source\n2018-02-12 ALFA 8000 9074729 France", file=2)
    [first, second] = Book.of([*ours, *theirs]).shown()
    assert (first.counted, second.counted) == ("same_delivery", "counted")
    assert first.cargo == second.id
    assert second.happened == pytest.approx(1 - 0.05**2)
    year = year_of([*ours, *theirs])
    assert (year.deliveries, year.same_deliveries) == (1, 1)
    assert any("told 2 times" in finding for finding in year.findings)


def test_two_files_that_name_no_source_may_have_it_from_one() -> None:
    text = "date ship capacity_bbl\n2018-02-10 ALPHA 10000"
    told = Book.of([*entries(text, file=1), *entries(text, file=2)]).shown()
    assert [each.happened for each in told if each.counted == "counted"] == [pytest.approx(0.95)]


@pytest.mark.parametrize(
    "other",
    ["2018-02-15 ALPHA 10000 9074729", "2018-02-11 ALPHA 10000 9003550", "2018-02-11 UNKNOWN 10000 -"],
    ids=["days later", "another IMO number", "no name"],
)
def test_what_may_be_another_delivery_counts_by_itself(other: str) -> None:
    ours = entries("date ship capacity_bbl imo\n2018-02-10 ALPHA 10000 9074729", file=1)
    assert year_of([*ours, *entries(f"date ship capacity_bbl imo\n{other}", file=2)]).deliveries == 2


def test_two_rows_of_one_file_are_two_deliveries_unless_they_say_the_same() -> None:
    header = "date ship capacity_bbl\n"
    twice = "2018-02-10 ALPHA 10000\n2018-02-12 ALPHA 10000"
    same = "2018-02-10 ALPHA 10000\n2018-02-10 ALPHA 10000"
    assert year_of(entries(header + twice)).deliveries == 2
    assert year_of(entries(header + same)).deliveries == 1


def test_a_delivery_that_another_source_refutes_is_contested() -> None:
    ours = entries("date ship capacity_bbl\n2018-02-10 ALPHA 10000", file=1)
    theirs = entries("date ship capacity_bbl status\n2018-02-11 ALPHA 10000 refuted", file=2)
    year = year_of([*ours, *theirs])
    assert (year.contested, year.refuted, year.deliveries) == (1, 1, 1)


def test_one_notification_covers_several_deliveries_of_its_ship_and_says_where_more_was_brought() -> None:
    note = Permission(
        "notification", "N/1", "1718 Committee", goods="gas oil", quantity=10_000.0, unit="bbl", ships=("9074729",),
        valid_from=utc("2018-01-01"), valid_to=utc("2018-01-31"), receipt=9,
    )  # fmt: skip
    told = entries("""
        date        ship   imo      volume_bbl
        2018-01-10  ALPHA  9074729  6000
        2018-01-25  ALPHA  9074729  7000
        2018-03-25  ALPHA  9074729  7000
    """)
    year = year_of([*told, *from_notifications([note], Told())])
    assert (year.notified, year.notified_bbl, year.deliveries, year.capacity_bbl) == (1, 10_000, 1, 7_000)
    assert any("13,000 bbl are told of, 10,000 bbl were notified" in finding for finding in year.findings)


def test_a_transfer_is_a_stage_of_the_next_call_of_the_ship_that_received() -> None:
    told = counted(
        entries("""
        date        ship   from_ship  port   capacity_bbl
        2018-02-01  SONG   SELLER     -      10000
        2018-02-11  SONG   -          Nampo  10000
    """)
    )
    assert told == {"SONG": "counted"}
    assert (
        year_of(
            entries("""
        date        ship   from_ship  port   capacity_bbl
        2018-02-01  SONG   SELLER     -      10000
        2018-02-11  SONG   -          Nampo  10000
        2018-06-11  SONG   -          Nampo  10000
    """)
        ).deliveries
        == 2
    )
