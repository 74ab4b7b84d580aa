"""The corridor on a real desk: cuts, orders, lateness, rewinding, failures and places change nothing but versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from tests.tables import DEG_PER_M, A, B, C, clock, heard, hull, north, when

from clearwake.flow.advance import RunReport, chosen
from clearwake.flow.atlas import atlas_of
from clearwake.model import UsageError, utc

from .desks import TABLES, Desk, days, failing_at, same

NewDesk = Callable[[], Desk]


@pytest.fixture
def desk(tmp_path: Path) -> NewDesk:
    made: list[Desk] = []

    def new() -> Desk:
        made.append(Desk(tmp_path / f"desk{len(made)}"))
        return made[-1]

    return new


MID_OCEAN = (-20.0, -20.0)
BESIDE = (-20.0 + 100 * DEG_PER_M, -20.0)


def background(first: int, last: int) -> pl.DataFrame:
    """A ship far away that is always heard: it keeps the feed listening."""
    return heard(C, f"2026-01-{first:02}T00:00", f"2026-01-{last:02}T23:50", (-60.0, -20.0))


def meeting(day: int, begin: str = "03:00", end: str = "06:00") -> pl.DataFrame:
    """A and B lying 100 m apart in mid-ocean."""
    span = (f"2026-01-{day:02}T{begin}", f"2026-01-{day:02}T{end}")
    return pl.concat([heard(A, *span, MID_OCEAN), heard(B, *span, BESIDE)])


def out_of_funchal(hours: float) -> tuple[float, float]:
    """A day and two hours in port, and then south at 12 kn."""
    return north(max(hours - 26, 0), -12, (-16.92, 32.63))


def three_days() -> pl.DataFrame:
    """A week's worth of things in three days: meetings, one of them over midnight, silences, a shared MMSI, a port."""
    over_midnight = ("2026-01-01T21:00", "2026-01-02T02:00")
    return pl.concat([
        background(1, 3),
        heard(A, *over_midnight, MID_OCEAN),
        heard(B, *over_midnight, BESIDE),
        meeting(3),
        # In Funchal, and then south.
        heard(244_000_001, "2026-01-01T05:00", "2026-01-02T09:00", out_of_funchal),
        # Two ships under one number, on either side of the ocean.
        heard(244_000_002, "2026-01-01T10:00", "2026-01-03T10:00", lambda h: north(h, 8, (-30.0, 10.0)), 7),
        heard(244_000_002, "2026-01-01T15:01", "2026-01-02T04:01", lambda h: north(h, 8, (60.0, -10.0)), 7),
        # A silence of ten hours over midnight.
        heard(244_000_003, "2026-01-02T10:00", "2026-01-02T19:00", lambda h: north(h, 11, (-25.0, 0.0))),
        heard(244_000_003, "2026-01-03T05:00", "2026-01-03T12:00", lambda h: north(h, 11, (-25.0, 4.0))),
    ])  # fmt: skip


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The three days read as one file and carried in one run: what every other way must equal.  Only to be read."""
    one = Desk(tmp_path_factory.mktemp("at_once") / "desk")
    one.read(three_days())
    one.run()
    return one


def test_what_the_house_finds_in_three_days(at_once: Desk) -> None:
    one = at_once
    met = one.events("encounters").sort("start")
    assert when(met) == [
        ("2026-01-01T21:00", "2026-01-02T02:00"),
        ("2026-01-03T03:00", "2026-01-03T06:00"),
    ]
    assert met["label"].to_list() == ["standard", "standard"]
    silences = one.events("gaps").sort("start", "track_a")
    assert list(zip(silences["track_a"].to_list(), when(silences), strict=True)) == [
        (hull(A), ("2026-01-02T02:00", "2026-01-03T03:00")),
        (hull(B), ("2026-01-02T02:00", "2026-01-03T03:00")),
        (hull(244_000_002, 2), ("2026-01-02T03:58", None)),
        (hull(244_000_001), ("2026-01-02T09:00", None)),
        (hull(244_000_003), ("2026-01-02T19:00", "2026-01-03T05:00")),
        (hull(A), ("2026-01-03T06:00", None)),
        (hull(B), ("2026-01-03T06:00", None)),
        (hull(244_000_002), ("2026-01-03T09:57", None)),
        (hull(244_000_003), ("2026-01-03T12:00", None)),
    ]
    call = one.events("port_calls").row(0, named=True)
    assert (call["port"], call["port_country"], call["confidence"]) == ("Funchal", "PRT", 3)


@pytest.mark.parametrize(
    ("order", "runs_after"),
    [
        ((0, 1, 2), (0, 1, 2)),
        ((2, 1, 0), (2,)),
        ((2, 0, 1), (0, 1, 2)),
        ((1, 2, 0), (1, 2)),
    ],
)
def test_day_files_in_any_order_in_one_run_or_many_give_the_same_events(
    desk: NewDesk, at_once: Desk, order: Sequence[int], runs_after: Sequence[int]
) -> None:
    files = list(days(three_days()).values())
    many = desk()
    for number, file in enumerate(order):
        many.read(files[file])
        if number in runs_after:
            many.run()
    assert same(many, at_once) == []


def test_live_runs_every_few_hours_give_the_same_events_as_one_at_the_end(
    desk: NewDesk, at_once: Desk
) -> None:
    rows, live = three_days(), desk()
    moments = [utc(f"2026-01-0{d}T{h:02}:07") for d in (1, 2) for h in (9, 22)]
    begin = utc("2025-12-31")
    for moment in [*moments, utc("2026-01-04")]:
        live.read(rows.filter(pl.col("time") >= begin, pl.col("time") < moment))
        live.run()
        begin = moment
    assert same(live, at_once) == []


def test_two_files_that_overlap_are_no_two_ships(desk: NewDesk, at_once: Desk) -> None:
    rows, twice = three_days(), desk()
    twice.read(rows)
    twice.read(rows.filter(pl.col("time") > utc("2026-01-01T12:00")))
    report = twice.run()
    assert report.merged == rows.filter(pl.col("time") > utc("2026-01-01T12:00")).height
    assert same(twice, at_once) == []


def test_a_run_with_nothing_new_does_nothing(at_once: Desk) -> None:
    one = at_once
    before = one.stored("gaps")
    report = one.run()
    assert (report.days, sum(report.events.values()), report.withdrawn) == (0, 0, 0)
    assert one.stored("gaps").equals(before)


def test_the_report_says_what_was_done(desk: NewDesk) -> None:
    one, rows = (
        desk(),
        pl.concat([background(1, 2), heard(992_111_111, "2026-01-01T00:00", "2026-01-01T01:00", (0, 0))]),
    )
    one.read(rows)
    report = one.run(steps="gap")
    assert (report.days, report.positions, report.not_ships, report.merged) == (2, 295, 7, 0)
    assert clock(report.until) == "2026-01-02T23:50"


# ---- late facts ----------------------------------------------------------------------------------------------


FILLED, SPLIT, FAR = 244_000_011, 244_000_012, 244_000_013


@dataclass(frozen=True)
class Late:
    """What a desk held before and after a late file, and what the run said of it."""

    before: dict[str, pl.DataFrame]
    report: RunReport
    after: dict[str, pl.DataFrame]

    def gaps(self, mmsi: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Give the silences of a ship before and after."""
        mine = [
            held["gaps"].filter(pl.col("mmsi_a") == mmsi).sort("start") for held in (self.before, self.after)
        ]
        return mine[0], mine[1]


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Late:
    """Four days, carried; then a late file for the second of them, carried too."""
    one = Desk(tmp_path_factory.mktemp("late") / "desk")
    # Two ships silent on the second day, two that meet on it, and one silent on the first.
    one.read(pl.concat([
        background(1, 4),
        heard(FILLED, "2026-01-02T00:00", "2026-01-02T03:00", (0.0, 0.0)),
        heard(FILLED, "2026-01-02T15:00", "2026-01-04T23:50", (0.0, 0.0), 60),
        heard(SPLIT, "2026-01-02T00:00", "2026-01-02T03:00", (-30.0, 0.0)),
        heard(SPLIT, "2026-01-02T23:00", "2026-01-04T23:50", (-30.0, 0.0), 60),
        meeting(2, "03:00", "06:00"), meeting(3, "01:00", "04:00"),
        heard(FAR, "2026-01-01T00:00", "2026-01-01T03:00", (-45.0, 0.0)),
        heard(FAR, "2026-01-01T20:00", "2026-01-04T23:50", (-45.0, 0.0), 60),
    ]))  # fmt: skip
    one.run()
    before = {name: one.stored(name) for name in TABLES}
    one.read(pl.concat([
        heard(FILLED, "2026-01-02T03:10", "2026-01-02T14:50", (0.0, 0.0)),
        heard(SPLIT, "2026-01-02T13:00", "2026-01-02T13:00", (-30.0, 0.0)),
        meeting(2, "06:10", "09:00"),
    ]))  # fmt: skip
    return Late(before, one.run(), {name: one.stored(name) for name in TABLES})


def test_late_facts_rewind_to_the_midnight_before_them(late: Late) -> None:
    assert (clock(late.report.rewound_to), late.report.days) == ("2026-01-02T00:00", 3)


def test_a_late_file_that_fills_a_silence_withdraws_the_gap(late: Late) -> None:
    before, after = late.gaps(FILLED)
    assert when(before) == [("2026-01-02T03:00", "2026-01-02T15:00")]
    assert before.select("version", "withdrawn").rows() == [(1, False)]
    assert after["id"].to_list() == before["id"].to_list()
    assert after.select("version", "withdrawn").rows() == [(2, True)]


def test_the_report_counts_what_was_withdrawn(late: Late) -> None:
    # The filled silence, and those of A and B, which now begin when their longer meeting ended; and stays of ships
    # that lay still on both sides of a filled silence, which are one now.
    counts = {name: held.filter("withdrawn").height for name, held in late.after.items() if held.width}
    assert counts["gaps"] == 3
    assert late.report.withdrawn == sum(counts.values())


def test_a_late_file_that_splits_a_silence_changes_the_gap_and_adds_another(late: Late) -> None:
    before, after = late.gaps(SPLIT)
    assert when(before) == [("2026-01-02T03:00", "2026-01-02T23:00")]
    assert when(after) == [
        ("2026-01-02T03:00", "2026-01-02T13:00"),
        ("2026-01-02T13:00", "2026-01-02T23:00"),
    ]
    assert after.select("version", "withdrawn").rows() == [(2, False), (1, False)]


def test_a_late_file_lengthens_a_meeting_under_the_same_id(late: Late) -> None:
    before, after = (held["encounters"].sort("start") for held in (late.before, late.after))
    assert after["id"].to_list() == before["id"].to_list()
    assert when(before)[0] == ("2026-01-02T03:00", "2026-01-02T06:00")
    assert when(after)[0] == ("2026-01-02T03:00", "2026-01-02T09:00")
    assert (before["version"][0], after["version"][0]) == (1, 2)


def test_an_event_found_again_unchanged_keeps_its_version(late: Late) -> None:
    # The second meeting was found again by the rewound run, the silence of the first day was not looked at again.
    assert late.after["encounters"].sort("start")["version"].to_list()[1] == 1
    before, after = late.gaps(FAR)
    assert before.equals(after)


def test_facts_before_the_first_known_day_start_from_the_beginning(desk: NewDesk) -> None:
    one = desk()
    one.read(background(2, 3))
    one.run(steps="gap")
    one.read(background(1, 1))
    report = one.run(steps="gap")
    assert (report.days, report.rewound_to) == (3, None)


def test_a_new_day_starts_from_the_last_midnight_and_not_from_the_beginning(desk: NewDesk) -> None:
    one = desk()
    one.read(background(1, 3))
    one.run(steps="gap")
    one.read(background(4, 4))
    report = one.run(steps="gap")
    # The third day was not known to be over, so it is carried again.
    assert (report.days, clock(report.rewound_to)) == (2, "2026-01-03T00:00")


# ---- the feed ------------------------------------------------------------------------------------------------


def test_a_feed_that_ends_in_the_afternoon_makes_no_ship_silent(desk: NewDesk) -> None:
    one = desk()
    one.read(
        pl.concat([heard(m, "2026-01-01T00:00", "2026-01-01T14:00", (-20.0, m / 1e9)) for m in (A, B, C)])
    )
    report = one.run(steps="gap")
    assert one.events("gaps").height == 0
    assert clock(report.until) == "2026-01-01T14:00"


def test_a_straggler_at_the_end_of_the_day_makes_no_ship_silent(desk: NewDesk) -> None:
    one = desk()
    # 120 positions an hour until 14:00, and then one with a wrong clock.
    fleet = [
        heard(211_000_000 + n, "2026-01-01T00:00", "2026-01-01T14:00", (-20.0, n / 10), 1) for n in (1, 2)
    ]
    one.read(pl.concat([*fleet, heard(211_000_003, "2026-01-01T23:50", "2026-01-01T23:50", (-20.0, 1.0))]))
    report = one.run(steps="gap")
    assert one.events("gaps").height == 0
    assert clock(report.until) == "2026-01-01T14:00"


def test_nothing_is_said_of_what_comes_after_until(desk: NewDesk) -> None:
    one = desk()
    one.read(pl.concat([background(1, 2), meeting(1, "03:00", "06:00"), meeting(2)]))
    one.run(steps="encounter", until="2026-01-01T05:00")
    assert when(one.events("encounters")) == [("2026-01-01T03:00", None)]


def test_a_run_without_until_carries_what_an_earlier_until_left_out(desk: NewDesk, at_once: Desk) -> None:
    one = desk()
    one.read(three_days())
    one.run(until="2026-01-02T01:00")
    one.run()
    assert same(one, at_once) == []


def test_a_later_until_carries_on(desk: NewDesk, at_once: Desk) -> None:
    one = desk()
    one.read(three_days())
    for until in ("2026-01-01T22:30", "2026-01-02T00:00", "2026-01-02T01:00", "2026-01-04T00:00"):
        one.run(until=until)
    assert same(one, at_once) == []


def test_an_until_that_has_passed_takes_nothing_back(desk: NewDesk) -> None:
    one = desk()
    one.read(pl.concat([background(1, 2), meeting(2)]))
    one.run(steps="encounter")
    one.run(steps="encounter", until="2026-01-01T05:00")
    one.read(heard(A, "2026-01-01T00:00", "2026-01-01T01:00", MID_OCEAN))
    one.run(steps="encounter", until="2026-01-01T05:00")
    assert when(one.events("encounters")) == [("2026-01-02T03:00", "2026-01-02T06:00")]


# ---- failures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("commit_number", [1, 3, 4])
def test_a_run_that_failed_is_made_good_by_the_next(
    desk: NewDesk, at_once: Desk, monkeypatch: pytest.MonkeyPatch, commit_number: int
) -> None:
    one = desk()
    one.read(three_days())
    with failing_at(monkeypatch, commit_number):
        one.run()
    one.run()
    assert same(one, at_once) == []


def test_new_facts_after_a_failed_run_are_carried_with_the_old(
    desk: NewDesk, at_once: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, one = list(days(three_days()).values()), desk()
    one.read(files[1])
    one.run()
    one.read(files[2])
    with failing_at(monkeypatch, 2):
        one.run()
    one.read(files[0])
    one.run()
    assert same(one, at_once) == []


def test_a_rewinding_run_that_failed_still_withdraws_what_is_no_longer_so(
    desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = desk()
    one.read(pl.concat([
        background(1, 4),
        heard(A, "2026-01-02T00:00", "2026-01-02T03:00", MID_OCEAN),
        heard(A, "2026-01-02T15:00", "2026-01-04T23:50", MID_OCEAN),
    ]))  # fmt: skip
    one.run(steps="gap")
    one.read(heard(A, "2026-01-02T03:10", "2026-01-02T14:50", MID_OCEAN))
    with failing_at(monkeypatch, 2):
        one.run(steps="gap")
    one.run(steps="gap")
    assert one.events("gaps").height == 0


def test_a_run_that_failed_goes_on_from_its_last_midnight(
    desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = desk()
    one.read(background(1, 4))
    with failing_at(monkeypatch, 4):
        one.run(steps="gap")
    report = one.run(steps="gap")
    assert (report.days, clock(report.rewound_to)) == (1, "2026-01-04T00:00")


# ---- steps and places ----------------------------------------------------------------------------------------


def test_steps_are_chosen_by_name(desk: NewDesk) -> None:
    atlas = atlas_of(desk().store)
    assert [d.name for d in chosen("core", atlas)] == [
        "gap",
        "encounter",
        "loitering",
        "port_call",
        "zone_entry",
    ]
    assert [d.name for d in chosen("loitering,gap", atlas)] == ["gap", "loitering"]
    assert chosen("tracks", atlas) == ()
    with pytest.raises(UsageError, match="no step is called teleport"):
        chosen(["gap", "teleport"], atlas)


def test_steps_added_later_find_what_they_would_have_found_at_once(desk: NewDesk, at_once: Desk) -> None:
    one = desk()
    one.read(three_days())
    one.run(steps="gap")
    assert one.stored("encounters").is_empty()
    one.run(steps="core")
    assert same(one, at_once) == []


def roads(day: int, ships: int, lon: float = -20.055) -> pl.DataFrame:
    """Ships lying at anchor side by side in mid-ocean, five kilometres from where A and B meet."""
    return pl.concat([
        heard(230_000_000 + n, f"2026-01-{day:02}T08:00", f"2026-01-{day:02}T14:00", (lon + n * 0.001, -20.0), 10)
        for n in range(ships)
    ])  # fmt: skip


def off_namibia(rows: pl.DataFrame) -> pl.DataFrame:
    """Move what is laid out in mid-ocean to eleven kilometres off a coast without a port."""
    return rows.with_columns(lon=pl.col("lon") + 20.0 + 12.0, lat=pl.col("lat") + 20.0 - 18.6)


def test_an_anchorage_learnt_later_relabels_meetings_found_earlier(desk: NewDesk) -> None:
    one = desk()
    one.read(pl.concat([background(1, 2), off_namibia(meeting(1))]))
    one.run(steps="encounter")
    met = pl.col("mmsi_a") == A
    assert one.stored("encounters").filter(met).select("label", "version").rows() == [("standard", 1)]
    one.read(off_namibia(roads(2, 8)))
    one.run(steps="encounter")
    assert one.stored("learnt_anchorages").height == 1
    assert one.stored("encounters").filter(met).select("label", "version").rows() == [("in_port", 2)]
    together = desk()
    together.read(pl.concat([background(1, 2), off_namibia(meeting(1)), off_namibia(roads(2, 8))]))
    together.run(steps="encounter")
    assert same(one, together, ["encounters"]) == []


def test_an_anchorage_learnt_far_offshore_excuses_no_meeting(desk: NewDesk) -> None:
    one = desk()
    one.read(pl.concat([background(1, 2), meeting(1), roads(2, 8)]))
    one.run(steps="encounter")
    assert one.stored("learnt_anchorages").height == 1
    met = one.stored("encounters").filter(pl.col("mmsi_a") == A)
    assert met["label"].to_list() == ["standard"]
    # No island with a port is nearer than Ascension and St Helena.
    assert met["anchorage_km"][0] > 1_000


def test_no_learnt_anchorage_excuses_a_meeting_with_a_ship_of_the_dprk(desk: NewDesk) -> None:
    one = desk()
    korean = meeting(1).with_columns(pl.col("mmsi").replace(B, 445_000_001))
    one.read(off_namibia(pl.concat([korean, meeting(2), roads(2, 8)])).vstack(background(1, 2)))
    one.run(steps="encounter")
    met = one.stored("encounters").filter(
        pl.col("mmsi_a").is_in([A]), pl.col("mmsi_b").is_in([B, 445_000_001])
    )
    assert met.sort("start")["label"].to_list() == ["standard", "in_port"]


def test_an_anchorage_given_later_relabels_meetings_found_earlier(desk: NewDesk) -> None:
    one = desk()
    one.read(pl.concat([background(1, 1), meeting(1)]))
    one.run(steps="encounter")
    one.read_text("name,lon,lat\nMid Ocean Roads,-20.0,-20.0\n", "anchorages")
    one.run(steps="encounter")
    assert one.stored("encounters")["label"].to_list() == ["in_port"]


def test_an_anchorage_given_first_labels_meetings_and_is_a_port_of_call(desk: NewDesk) -> None:
    one = desk()
    one.read_text("name,lon,lat\nMid Ocean Roads,-20.0,-20.0\n", "anchorages")
    one.read(pl.concat([background(1, 1), meeting(1)]))
    one.run()
    assert one.stored("encounters")["label"].to_list() == ["in_port"]
    assert one.events("port_calls")["port"].to_list() == ["Mid Ocean Roads"] * 2


def test_distances_are_filled_in_for_events_at_sea(desk: NewDesk) -> None:
    one = desk()
    # 55 nautical miles west of the Lizard, the nearest land and port of any size in Cornwall.
    span = ("2026-01-01T03:00", "2026-01-01T06:00")
    one.read(pl.concat([background(1, 1), heard(A, *span, (-6.6, 49.4)), heard(B, *span, (-6.601, 49.4))]))
    one.run(steps="encounter")
    coast_km, anchorage_km = one.stored("encounters").select("coast_km", "anchorage_km").row(0)
    # St Mary's, Isles of Scilly, lies at 6.29 W 49.91 N: 60 km away.
    assert 50 < coast_km < 62
    assert 50 < anchorage_km < 80


# ---- days and tracks -----------------------------------------------------------------------------------------


def test_an_event_is_stored_on_the_day_it_starts(at_once: Desk) -> None:
    one = at_once
    first_day = one.store.scan(
        "encounters", first=utc("2026-01-01").date(), last=utc("2026-01-01").date()
    ).collect()
    assert when(first_day) == [("2026-01-01T21:00", "2026-01-02T02:00")]


def test_each_day_keeps_what_every_track_did(at_once: Desk) -> None:
    one = at_once
    shared = one.stored("track_days").filter(pl.col("mmsi") == 244_000_002).sort("start")
    assert shared["track"].to_list() == [
        hull(244_000_002, 1), hull(244_000_002, 2), hull(244_000_002, 1), hull(244_000_002, 2),
        hull(244_000_002, 1),
    ]  # fmt: skip
    noise = one.stored("noise")
    assert [clock(t) for t in noise["time"]] == ["2026-01-01T15:01", "2026-01-01T15:08"]
