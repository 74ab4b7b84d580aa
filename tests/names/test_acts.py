"""Of which act an observation is: by the ships it names and by its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from clearwake.model import Case, Decision, Item, Marking, utc
from clearwake.names.acts import Act, act_of_case, does_not_weigh, of_another_act

DAY = utc("2018-06-21")
ACT = Act(DAY, frozenset({"imo:7389704", "ship:mystery-lady"}), "RYE SONG GANG 1 and MYSTERY LADY 2018-06-21")
SEEN = Item("item:1", "sighting", "seen", Marking("JPN"), start=DAY + timedelta(hours=4))


@pytest.mark.parametrize("ships", [("ship:tianma-7",), ("imo:9000000",), ("imo:9000000", "mmsi:445123000")])
def test_an_observation_that_names_other_ships_alone_is_of_another_act(ships: tuple[str, ...]) -> None:
    seen = replace(SEEN, ships=ships)
    assert of_another_act(seen, ACT)
    assert does_not_weigh(seen, ACT)


@pytest.mark.parametrize(
    "ships",
    [
        ("imo:7389704",),
        ("imo:7389704", "ship:tianma-7"),
        ("ship:rye-song-gang-1",),  # by the title
        ("ship:lady",),  # half a name may be a name half read
        ("mmsi:445123000",),  # the act has no such number to compare it with
        (),
    ],
)
def test_an_observation_that_may_be_of_the_same_ships_is_of_the_act(ships: tuple[str, ...]) -> None:
    seen = replace(SEEN, ships=ships)
    assert not of_another_act(seen, ACT)
    assert not does_not_weigh(seen, ACT)


def test_an_observation_more_than_three_days_away_is_of_another_act() -> None:
    seen = replace(SEEN, ships=("imo:7389704",))
    away = [
        days for days in range(-5, 6) if of_another_act(replace(seen, start=DAY + timedelta(days=days)), ACT)
    ]
    assert away == [-5, -4, 4, 5]


def test_what_a_ship_did_weeks_before_weighs_but_is_no_source_of_the_act() -> None:
    called = replace(SEEN, kind="event", ships=("imo:7389704",), start=DAY - timedelta(days=20))
    assert of_another_act(called, ACT)
    assert not does_not_weigh(called, ACT)
    lasting = replace(called, end=DAY)
    assert not of_another_act(lasting, ACT)


def test_documents_and_listings_may_be_of_any_time_and_name_anybody() -> None:
    paper = replace(SEEN, kind="document", ships=("ship:tianma-7",), start=DAY + timedelta(days=90))
    assert not of_another_act(paper, ACT)
    assert not of_another_act(replace(paper, kind="listing"), ACT)


def test_the_act_of_a_case_is_what_it_was_opened_about_and_of_one_whose_opening_is_withheld_anything() -> (
    None
):
    opening = Decision("decision:1", "open", "A", "analyst", "JPN", "reported", DAY, Marking("JPN"),
                       told={"ships": "imo:7389704 ship:mystery-lady"})  # fmt: skip
    case = Case("2018-06-21-rye-song-gang-1", "Two tankers", "reported", 1, DAY, decisions=(opening,))
    assert act_of_case(case).ships == ACT.ships
    other = replace(SEEN, ships=("ship:tianma-7",))
    assert of_another_act(other, act_of_case(case))
    assert not of_another_act(other, act_of_case(replace(case, decisions=())))
