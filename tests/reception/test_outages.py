"""Outages: many at once is the receiver, one by one is not."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from clearwake import reception
from clearwake.model import HULLS_PER_MMSI
from clearwake.model.reception import FeedQuarter
from clearwake.model.record import schema
from clearwake.reception.outages import Outage, _is_same, _joined
from clearwake.reception.trace import Spans

from .conftest import DAY, Sea


def test_an_outage_begins_and_ends_when_its_ships_fall_silent_and_are_heard_again(lane: Sea) -> None:
    lane.ship(60.0, -20.0)
    near = pl.col("lon") < 50.0
    lane.rows = [rows.filter(~(near & pl.col("hour").is_between(9.0, 12.5))) for rows in lane.rows]
    (outage,) = lane.picture().outages
    began, ended = ((outage.start, outage.end or 0)[n] / 3.6e6 - DAY.timestamp() / 3600.0 for n in (0, 1))
    assert abs(began - 9.0) < 0.2
    assert abs(ended - 12.5) < 0.2
    assert len(outage.members) == 40
    assert not outage.is_whole


def test_when_nobody_anywhere_is_heard_it_is_the_feed(lane: Sea) -> None:
    for n in range(10):
        lane.ship(60.0 + n, -20.0)
    lane.rows = [rows.filter(~pl.col("hour").is_between(9.0, 12.5)) for rows in lane.rows]
    assert [outage.is_whole for outage in lane.picture().outages] == [True]


def test_a_few_that_fall_silent_among_many_that_do_not_are_no_outage(lane: Sea) -> None:
    for n in range(4):
        lane.ship(2.0 + n / 10, 40.05, silent=(8.0, 15.0))
    assert lane.picture().outages == []


def test_ships_that_fall_silent_one_by_one_are_no_outage(sea: Sea) -> None:
    for n in range(12):
        sea.ship(0.1 * n, 40.0, silent=(3.0 + n, 9.0 + n))
    assert sea.picture().outages == []


def test_a_ship_that_came_into_a_silent_region_later_is_silenced_by_it_too(lane: Sea) -> None:
    inside = pl.col("lon").is_between(3.0, 7.0)
    lane.rows = [rows.filter(~(inside & pl.col("hour").is_between(6.0, 18.0))) for rows in lane.rows]
    gaps = lane.gaps()
    entered = gaps.filter(pl.col("start") > DAY + timedelta(hours=6, minutes=30))
    assert entered.height >= 5
    assert "switched_off" not in gaps["likely_cause"].to_list()


def _quarters(counts: list[int]) -> pl.DataFrame:
    rows = [
        ("nmea", "Borkum", DAY + timedelta(minutes=15 * n), c, c // 10) for n, c in enumerate(counts) if c
    ]
    return pl.DataFrame(rows, schema=schema(FeedQuarter), orient="row")


def test_a_feed_is_down_while_nothing_comes_and_degraded_while_little_does() -> None:
    quarters = _quarters([100] * 40 + [0] * 8 + [100] * 20 + [30] * 8 + [100] * 20)
    health = reception.feed_health(quarters, [], DAY + timedelta(hours=24))
    feed = health.filter(pl.col("scope") == "feed")
    told = [(s, (b - DAY) / timedelta(hours=1)) for s, b in feed.select("state", "start").iter_rows()]
    assert told == [("up", 0.0), ("down", 10.0), ("up", 12.0), ("degraded", 17.0), ("up", 19.0)]
    assert feed["end"].to_list()[-1] is None
    assert health.filter(pl.col("scope") == "station")["station"].unique().to_list() == ["Borkum"]
    down = feed.row(1, named=True)
    assert (down["expected_positions"], down["heard_positions"], down["heard_ships"]) == (800.0, 0.0, 0.0)


def test_records_that_end_one_after_the_other_towards_the_end_of_a_feed_are_no_outage(lane: Sea) -> None:
    for n in range(20):
        lane.ship(2.0 + n / 20, 40.05, hours=(0.0, 16.0 + 0.3 * n))
    assert lane.picture().outages == []


def test_an_outage_that_lasts_to_the_end_of_the_feed_is_found_by_its_beginning(lane: Sea) -> None:
    for n in range(10):
        lane.ship(60.0 + n, -20.0)
    lane.rows = [rows.filter((pl.col("lon") > 50.0) | (pl.col("hour") < 16.0)) for rows in lane.rows]
    (outage,) = lane.picture().outages
    assert (outage.end, len(outage.members)) == (None, 40)
    assert lane.gaps()["likely_cause"].unique().to_list() == ["feed_outage"]


def test_a_ship_silent_at_the_same_hours_where_others_beside_are_heard_is_not_silenced_by_the_outage(
    lane: Sea,
) -> None:
    inside = pl.col("lon") < 50.0
    lane.rows = [rows.filter(~(inside & pl.col("hour").is_between(9.0, 12.5))) for rows in lane.rows]
    for n in range(10):
        lane.ship(2.0 + 0.1 * n, 43.5)
    alone = lane.ship(2.5, 43.55, silent=(8.97, 12.53))
    picture = lane.picture()
    (outage,) = picture.outages
    silenced = set((picture.silent.track[outage.members] // HULLS_PER_MMSI).tolist())
    assert alone not in silenced
    assert len(silenced) == 40


def test_the_radius_of_an_outage_holds_nearly_all_of_its_ships_and_no_straggler(lane: Sea) -> None:
    lane.ship(2.5, 55.0)
    lane.rows = [rows.filter(~pl.col("hour").is_between(9.0, 12.5)) for rows in lane.rows]
    for n in range(20):
        lane.ship(60.0 + n, -20.0)
    (outage,) = lane.picture().outages
    assert len(outage.members) == 41
    assert 200.0 < outage.middle[2] < 400.0


def test_ships_heard_only_when_a_satellite_passes_all_fall_silent_at_once_and_that_is_no_outage(
    sea: Sea,
) -> None:
    passes = (0.2, 1.9, 3.2, 5.1, 6.3, 8.0, 9.6, 10.7, 12.5, 13.9, 15.2, 17.1, 18.4, 20.0, 21.5, 23.1)
    _heard_in_passes(sea, passes)
    assert sea.picture().outages == []


def test_an_outage_between_passes_lasts_clearly_longer_than_the_wait_for_the_next(sea: Sea) -> None:
    passes = (0.2, 1.9, 3.2, 5.1, 6.3, 8.0, 15.2, 17.1, 18.4, 20.0, 21.5, 23.1)
    _heard_in_passes(sea, passes)
    (outage,) = sea.picture().outages
    began, ended = ((outage.start, outage.end or 0)[n] / 3.6e6 - DAY.timestamp() / 3600.0 for n in (0, 1))
    assert 8.0 < began < 9.0
    assert 15.0 < ended < 15.5


def _heard_in_passes(sea: Sea, passes: tuple[float, ...]) -> None:
    """Put 30 ships into the sea, heard for ten minutes a pass and not else."""
    for n in range(30):
        sea.ship(n * 0.12, 40.0, every_min=3.0)
    during = pl.any_horizontal(pl.col("hour").is_between(at, at + 0.17) for at in passes)
    sea.rows = [rows.filter(during) for rows in sea.rows]


def test_outages_put_together_do_not_end_before_they_begin(lane: Sea) -> None:
    lane.ship(1.0, 40.1, silent=(8.0, 15.0))
    silent = lane.picture().silent
    early = _outage(silent, 10.0, 10.4)
    assert not _is_same(early, _outage(silent, 10.5, 10.7))
    both = _joined(early, _outage(silent, 10.1, 10.6), silent)
    assert (both.start, both.end) == (early.start, early.end)


def _outage(silent: Spans, start: float, end: float) -> Outage:
    """Give an outage of 30 ships at the first silence's place, between hours of the day."""
    ms = [int((DAY.timestamp() + hour * 3600.0) * 1000.0) for hour in (start, end)]
    members = np.zeros(1, np.int64)
    return Outage(ms[0], ms[1], silent.here[members], members, is_whole=False, expected=10.0, heard=1.0)


def _cut_and_lost(sea: Sea) -> None:
    """Put thirty ships side by side: most records are cut one by one, six are lost at once, three go on."""
    for n in range(30):
        hours = (0.0, 10.0 + 0.25 * n if n < 21 else 16.0 if n < 27 else 24.0)
        sea.ship(0.02 * n, 40.0 + 0.01 * (n % 5), speed_kn=3.0, hours=hours)


def test_ships_whose_records_were_cut_before_do_not_make_an_outage_of_a_few(sea: Sea) -> None:
    _cut_and_lost(sea)
    assert sea.picture().outages == []


def test_an_open_silence_is_looked_at_only_while_its_ship_is_taken_to_sail_on(sea: Sea) -> None:
    for n in range(12):
        sea.ship(0.05 * n, 40.0, speed_kn=3.0)
    sea.ship(0.3, 40.02, speed_kn=3.0, hours=(0.0, 6.0))
    on = [rows.filter(pl.col("hour") < 21.5) for rows in sea.rows]
    before, after = (_reasons(sea, rows) for rows in (sea.rows, on))
    assert before
    assert not any("hardly any ship there was heard" in reason for reason in before + after)


def _reasons(sea: Sea, rows: list[pl.DataFrame]) -> list[str]:
    """Give the reasons of the last ship's silence where only these reports were heard."""
    told = Sea(rows=rows, ships=sea.ships).gaps().filter(pl.col("mmsi_a") == 200_000_000 + sea.ships)
    return [reason for reasons in told["cause_reasons"] for reason in reasons]


def test_a_receiver_that_fails_for_a_few_ships_among_many_that_are_heard_on_is_an_outage(lane: Sea) -> None:
    silenced = [
        lane.ship(6.0 + 0.03 * n, 40.5, speed_kn=0.2, silent=(8.0 + 0.02 * n, 15.0 + 0.02 * n))
        for n in range(7)
    ]
    causes = lane.causes()
    assert {ship: causes[ship] for ship in silenced} == dict.fromkeys(silenced, "feed_outage")
    (outage,) = lane.picture().outages
    assert outage.members.size == 7


def test_ships_near_each_other_among_many_that_are_heard_again_one_by_one_are_no_outage(lane: Sea) -> None:
    for n in range(9):
        lane.ship(6.0 + 0.03 * n, 40.5, speed_kn=3.0, silent=(8.0 + 0.02 * n, 11.0 + 1.2 * n))
    assert lane.picture().outages == []


def test_an_outage_in_which_most_records_end_is_over_when_the_others_are_heard_again_at_once(
    lane: Sea,
) -> None:
    for n, rows in enumerate(lane.rows):
        ends = 8.5 if n % 3 else 24.0
        lane.rows[n] = rows.filter(~pl.col("hour").is_between(8.5, 15.0) & (pl.col("hour") <= ends))
    (outage,) = lane.picture().outages
    assert outage.end is not None
    assert abs(outage.end / 3_600_000 - DAY.timestamp() / 3600 - 15.0) < 0.3
    assert set(lane.causes().values()) == {"feed_outage"}
