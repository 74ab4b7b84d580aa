"""What an audience gets, attacked by hand: every way a withheld value could show that we thought of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace

import polars as pl
import pytest
from tests.release.scenes import CLOSED, CONCLUSION, REPORT, SECRET, SIGHTING, case_of, decision, to

from clearwake import seal
from clearwake.benchmarks.leaks import nothing
from clearwake.model import PUBLIC, Case, Item, Marking, Released, utc
from clearwake.release import Levels, Secret, misleading, opened_by, papers, quoted, released

ALL = (SIGHTING, REPORT, CONCLUSION)


def text_of(version: Released) -> str:
    """Give everything that would be written, file names too."""
    files = papers(version, nothing(version), "0")
    return "\n".join((*files, *(content.decode() for content in files.values())))


def sentences(version: Released) -> list[str]:
    return [item.sentence for item in version.case.items]


def test_who_may_have_all_gets_all_but_the_desks_own_id_and_under_a_new_name() -> None:
    found = to(case_of(ALL), "USA").case.items
    assert sentences(to(case_of(ALL), "USA")) == [SIGHTING.sentence, REPORT.sentence, CONCLUSION.sentence]
    assert found[0].source is None
    assert found[0].id != SIGHTING.id
    assert found[2].rests_on == (found[0].id, found[1].id)


def test_a_conclusion_on_withheld_evidence_is_withheld_though_it_is_clear_itself() -> None:
    assert sentences(to(case_of([CLOSED, REPORT, CONCLUSION]), "KOR", "USA")) == [REPORT.sentence]


def test_a_tear_line_tells_kind_ships_day_and_about_where_and_nothing_else() -> None:
    torn = to(case_of([SIGHTING]), "AUS").case.items[0]
    assert torn.sentence == (
        "Sighting of imo:8660313, ship:wan-heng-11 on 2018-02-13 UTC near 29°45'N 124°45'E (to within 74 km), by JPN; "
        "coarsened for this audience."
    )
    assert (torn.start, torn.end) == (utc("2018-02-13"), utc("2018-02-14"))
    assert (torn.lon, torn.lat, torn.platform, torn.observer, torn.origin) == (
        124.75,
        29.75,
        "an asset of JPN",
        None,
        "JPN",
    )
    assert [(f.kind, f.amount, f.grade) for f in torn.facts] == [("transfer", None, "A2")]
    assert [(r.explanation, r.weight) for r in torn.reasons] == [("breach", 1.0), ("bunkering", 1.0)]
    assert (torn.reliability, torn.credibility) == ("A", 2)


@pytest.mark.parametrize("audience", ["AUS", "public"])
@pytest.mark.parametrize(
    "secret",
    ["Canary", "5062", "P-3C", "29.87651", "29.877", "124.513", "03:17", "04:02", "Kanoya", "109.27", "1.87",
     "desk note", "supply ship", "eb7e770b22a82385d30f", "dddddddddddddddd", "a" * 32, "1,900 t", "receipt",
     "transfer at", "rye-song-gang", seal.digest(seal.canonical(SIGHTING))[:16],
     seal.digest(SIGHTING.sentence.encode())[:16]],
)  # fmt: skip
def test_nothing_fine_is_in_any_file_of_a_tear_line(audience: str, secret: str) -> None:
    assert secret.casefold() not in text_of(to(case_of(ALL), audience)).casefold()


def test_the_number_of_withheld_items_does_not_show() -> None:
    shut = [replace(SIGHTING, id=f"item:{n:032x}", marking=Marking("GBR")) for n in range(5)]
    few, many = to(case_of([REPORT]), "AUS"), to(case_of([REPORT, *shut]), "AUS")
    assert text_of(few) == text_of(many)


def test_the_order_in_which_things_came_in_does_not_show() -> None:
    one, other = to(case_of([SIGHTING, REPORT]), "AUS"), to(case_of([REPORT, SIGHTING]), "AUS")
    assert one.case.items == other.case.items


def test_the_cases_own_id_with_its_day_ship_and_count_of_namesakes_stays_at_the_desk() -> None:
    found = to(case_of([REPORT]), "public").case
    assert re.fullmatch(r"case:[0-9a-f]{32}", found.id)
    assert {d.case for d in found.decisions} == {found.id}


def test_a_title_that_may_not_be_known_is_written_anew_from_what_may() -> None:
    case = case_of([REPORT])
    shut = tuple(replace(d, marking=Marking("JPN")) if d.act == "open" else d for d in case.decisions)
    found = to(replace(case, decisions=shut), "public").case
    assert found.title == "Case about imo:8660313"
    assert found.day == utc("2018-02-14")


def test_markings_that_leave_name_this_audience_and_no_other() -> None:
    marking = to(case_of([SIGHTING]), "USA").case.items[0].marking
    assert marking == Marking("JPN", "TLP:AMBER", ("USA",))
    torn = to(case_of([SIGHTING]), "AUS").case.items[0].marking
    assert torn == Marking("JPN", "TLP:AMBER", ("AUS",))
    assert to(case_of([SIGHTING]), "public").case.items[0].marking == Marking("JPN", "TLP:CLEAR")


def test_custody_and_permissions_never_leave() -> None:
    told = {"what": "release", "to": "KOR", "sha256": "e" * 64}
    case = case_of(
        [REPORT],
        decision("copy", 5, told=told),
        decision("note", 6, told={"seen": "17", "day": "2018-02-13"}),
    )
    found = to(case, "AUS").case
    assert [d.act for d in found.decisions] == ["open", "add", "note"]
    assert found.decisions[2].told == {"day": "2018-02-13"}
    assert "KOR" not in text_of(to(case, "AUS"))


def test_ids_and_digests_in_texts_are_renamed_the_same_everywhere_and_addresses_are_not() -> None:
    told = f"see {SIGHTING.id} and encounter:0123456789abcdef0123, {'e' * 64}"
    said = replace(REPORT, sentence=told, citation=f"https://example.org/{'e' * 40}, {SIGHTING.id}")
    found = to(case_of([SIGHTING, said]), "USA").case.items
    names = Secret(SECRET)
    assert found[1].sentence.startswith(
        f"see {found[0].id} and {names.of('encounter:0123456789abcdef0123')}, "
    )
    assert "e" * 32 not in found[1].sentence
    assert found[1].citation == f"https://example.org/{'e' * 40}, {found[0].id}"


def test_two_items_of_one_source_do_not_count_twice_when_one_of_them_is_coarse() -> None:
    again = replace(REPORT, origin="JMSDF Kanoya")
    found = to(case_of([SIGHTING, again]), "AUS").case.items
    assert [item.origin for item in found] == ["JPN", "JPN"]


def test_two_coarse_versions_of_one_place_by_different_rules_say_no_more_than_the_finer() -> None:
    finer = replace(SIGHTING, id="item:" + "e" * 32, marking=replace(SIGHTING.marking, sensitivity="open"))
    coarse, fine = to(case_of([SIGHTING, finer]), "AUS").case.items
    assert (coarse.lon, coarse.lat) == (124.75, 29.75)
    assert (fine.lon, fine.lat, fine.start) == (124.583333, 29.916667, utc("2018-02-13T03:00"))


def test_the_same_release_asked_again_has_other_ids_and_the_same_coarse_values() -> None:
    case = case_of([SIGHTING])
    one = released(case, {}, ["AUS"], utc("2018-04-01"), SECRET, _fold)[0].case.items[0]
    other = released(case, {}, ["AUS"], utc("2018-04-01"), bytes(32), _fold)[0].case.items[0]
    assert one.id != other.id
    assert replace(one, id="", facts=()) == replace(other, id="", facts=())


def _fold(case: str, *_: object) -> Case:
    return Case(case, case, "reported", 0, None)


def test_a_commitment_opens_to_the_desks_original_and_to_nothing_else() -> None:
    version = to(case_of([SIGHTING]), "AUS")
    name = version.case.items[0].id
    salt = opened_by(SECRET, name)
    assert seal.commitment(salt, seal.canonical(SIGHTING)) == version.commitments[name]
    other = replace(SIGHTING, lat=29.9)
    assert seal.commitment(salt, seal.canonical(other)) != version.commitments[name]


def test_a_track_is_given_in_full_or_not_at_all_and_no_longer_than_its_item_says() -> None:
    track = replace(
        REPORT, id="item:" + "f" * 32, kind="track", mmsi=445123000, start=utc("2018-02-13T01:00"),
        end=utc("2018-02-13T02:00"),
    )  # fmt: skip
    heard = pl.DataFrame(
        {
            "mmsi": [445123000, 445123000, 999],
            "time": [utc("2018-02-13T01:30"), utc("2018-02-13T05:00"), utc("2018-02-13T01:40")],
            "lon": [124.5, 124.6, 1.0], "lat": [29.8, 29.9, 1.0], "station": ["canary"] * 3, "receipt": [1, 2, 3],
        },
        schema_overrides={"time": pl.Datetime("ms", "UTC")},
    )  # fmt: skip
    version = to(case_of([track]), "public", tracks={track.id: heard})
    (frame,) = version.tracks.values()
    assert frame.columns == [
        "mmsi",
        "time",
        "lon",
        "lat",
        "speed_kn",
        "course_deg",
        "heading_deg",
        "nav_status",
    ]
    assert frame["lon"].to_list() == [124.5]
    torn = replace(track, marking=Marking("JPN", tear_line_to=("AUS",)))
    assert to(case_of([torn]), "AUS", tracks={track.id: heard}).tracks == {}
    assert to(case_of([torn]), "AUS").case.items[0].lon is None


# Judgements


def confirmed(*rests_on: str, who: str = "Tanaka", number: int = 20, **fields: object) -> Case:
    return case_of([CLOSED, REPORT], decision("confirm", number, rests_on=rests_on, who=who, **fields))


def test_a_judgement_that_names_nothing_rests_on_everything_there_was() -> None:
    assert "confirm" in [d.act for d in to(confirmed(), "USA").case.decisions]
    assert "confirm" not in [d.act for d in to(confirmed(), "KOR").case.decisions]


def test_a_judgement_on_something_coarse_is_given_without_its_words_person_and_hour() -> None:
    judged = decision("confirm", 20, rests_on=(SIGHTING.id,))
    found = next(d for d in to(case_of([SIGHTING], judged), "AUS").case.decisions if d.act == "confirm")
    assert (found.why, found.at) == ("", utc("2018-03-01"))
    assert re.fullmatch(r"analyst [0-9a-f]{4}", found.who)


def test_a_case_is_confirmed_for_an_audience_only_by_what_that_audience_reads() -> None:
    assert to(confirmed(SIGHTING.id, REPORT.id), "USA").case.state == "confirmed"
    assert to(confirmed(REPORT.id), "KOR").case.state == "in confirmation"


def test_permission_of_all_whose_evidence_is_withheld_lets_a_judgement_stand_for_itself() -> None:
    judged = decision("confirm", 20, rests_on=(SIGHTING.id, REPORT.id))
    permit = decision("permit", 21, rests_on=(judged.id,), permits=Marking("JPN", "TLP:CLEAR"))
    shut = replace(SIGHTING, marking=Marking("JPN"))
    version = to(case_of([shut, REPORT], judged, permit), "public")
    assert version.case.state == "confirmed"
    assert version.leaning == (Secret(SECRET).of(judged.id),)
    assert version.case.decisions[-1].rests_on == (Secret(SECRET).of(REPORT.id),)
    elsewhere = replace(shut, marking=Marking("GBR"))
    assert to(case_of([elsewhere, REPORT], judged, permit), "public").case.state == "reported"


def test_a_version_that_says_confirmed_where_the_desk_says_refuted_is_stopped() -> None:
    sure = decision("confirm", 20, rests_on=(SIGHTING.id, REPORT.id))
    wrong = decision("refute", 21, rests_on=(SIGHTING.id,), marking=Marking("JPN"))
    case = case_of(ALL[:2], sure, wrong)
    assert case.state == "refuted"
    told = misleading(case, to(case, "USA"))
    assert told == (
        "it would say confirmed, and the case is refuted",
        "it would not say that the case is refuted",
    )
    assert misleading(case, to(case, "JPN")) == ()


# Taking back

TO_PARTNERS = Marking("JPN", "TLP:GREEN", (), ("public",))


def told_back(case: Case, *audience: str) -> list[tuple[str, str]]:
    """Give the takings back that a version tells, and their words."""
    return [(d.act, d.why) for d in to(case, *audience).case.decisions if d.act in ("retract", "withdraw")]


def test_a_retraction_is_told_to_all_who_may_have_something_of_the_case_and_without_words_to_the_public() -> (
    None
):
    back = decision("retract", 21, role="commander", marking=TO_PARTNERS, rests_on=(CLOSED.id,))
    case = case_of([CLOSED, REPORT], back)
    assert to(case, "KOR").case.standing == ("retracted",)
    assert told_back(case, "KOR") == [("retract", "because of 21")]
    assert told_back(case, "public") == [("retract", "")]
    assert misleading(case, to(case, "public")) == ()


def test_who_may_have_nothing_of_a_case_does_not_learn_that_it_was_retracted() -> None:
    back = decision("retract", 21, role="commander", marking=TO_PARTNERS)
    secret = replace(CLOSED, ships=())
    history = case_of([secret], back)
    shut = [replace(d, marking=Marking("JPN")) if d.act == "open" else d for d in history.decisions]
    case = replace(history, decisions=tuple(shut))
    assert told_back(case, "USA") == [("retract", "because of 21")]
    assert told_back(case, "KOR") == []
    copy = decision("copy", 22, told={"what": "release", "to": "KOR"}, rests_on=(secret.id,))
    assert told_back(replace(case, decisions=(*shut, copy)), "KOR") == [("retract", "because of 21")]
    assert told_back(replace(case, decisions=(*shut, copy)), "KOR", "AUS") == []


def test_a_withdrawal_is_told_to_whoever_may_have_had_the_item_or_was_given_it_and_to_nobody_else() -> None:
    back = decision("withdraw", 21, rests_on=(CLOSED.id,), marking=TO_PARTNERS)
    case = case_of([CLOSED, REPORT], back)
    assert sentences(to(case, "USA")) == [REPORT.sentence]
    assert told_back(case, "USA") == told_back(case, "JPN") == [("withdraw", "because of 21")]
    assert told_back(case, "KOR") == told_back(case, "public") == told_back(case, "USA", "KOR") == []
    given = decision("copy", 20, told={"what": "release", "to": "KOR,AUS"}, rests_on=(CLOSED.id,))
    assert told_back(case_of([CLOSED, REPORT], given, back), "KOR") == [("withdraw", "because of 21")]
    other = decision("copy", 20, told={"what": "release", "to": "KOR"}, rests_on=(REPORT.id,))
    assert told_back(case_of([CLOSED, REPORT], other, back), "KOR") == []


def test_what_a_withdrawn_item_said_is_still_looked_for_in_the_words_of_others() -> None:
    says = decision("note", 20, why="Lt Canary was mistaken")
    back = decision("withdraw", 21, rests_on=(CLOSED.id,), marking=TO_PARTNERS)
    case = case_of([CLOSED, REPORT], says, back)
    assert [(q.field, q.value) for q in quoted(case, to(case, "KOR"))] == [("observer", "Lt Canary")]
    assert quoted(case, to(case, "USA")) == ()


def test_what_rests_on_something_taken_out_or_unknown_or_on_itself_is_not_given() -> None:
    lost = replace(CONCLUSION, rests_on=("item:" + "9" * 32,))
    circle = replace(CONCLUSION, id="item:" + "8" * 32, rests_on=("item:" + "8" * 32,))
    assert sentences(to(case_of([REPORT, lost, circle]), "JPN")) == [REPORT.sentence]


def test_a_row_of_a_thousand_that_rest_on_the_next_ends_in_nothing_and_not_in_a_crash() -> None:
    row = [replace(REPORT, id=f"item:{n:032x}", rests_on=(f"item:{n + 1:032x}",)) for n in range(1000)]
    assert len(to(case_of([*row, replace(REPORT, id=f"item:{1000:032x}")]), "JPN").case.items) < 1001


# What the desk alone is told


def test_the_desk_is_told_what_is_withheld_and_whose_permission_it_takes() -> None:
    ours = replace(CONCLUSION, marking=Marking("AUS", "TLP:CLEAR"))
    case = case_of([CLOSED, REPORT, ours])
    needed = list(Levels(case, ("KOR",)).needed())
    assert [(n.id, n.originator, n.is_coarsened, n.tlp) for n in needed] == [
        (SIGHTING.id, "JPN", False, "TLP:AMBER"),
        (ours.id, "JPN", False, "TLP:AMBER"),
    ]


def quotes(case: Case, *audience: str) -> list[str]:
    return [found.field for found in quoted(case, to(case, *audience))]


@pytest.mark.parametrize(
    ("sentence", "fields"),
    [
        ("Two tankers lay side by side", []),
        ("The P-3C JN5062 was there", ["platform"]),
        ("As LT  canary said", ["observer"]),
        ("It happened at 29.8765 N", ["lat"]),
        ("Two tankers at 29.9 N", []),
    ],
)
def test_a_text_that_may_be_given_and_quotes_what_may_not_is_told(
    sentence: str, fields: Sequence[str]
) -> None:
    assert quotes(case_of([CLOSED, replace(REPORT, sentence=sentence)]), "KOR") == list(fields)


def test_a_value_that_an_open_item_has_too_is_no_secret() -> None:
    also = replace(REPORT, observer="Lt Canary", sentence="Lt Canary saw them")
    assert quotes(case_of([CLOSED, also]), "KOR") == []
    there = replace(REPORT, lon=CLOSED.lon, lat=CLOSED.lat, sentence="It happened at 29.877 N 124.513 E")
    assert quotes(case_of([CLOSED, there]), "KOR") == []


def test_every_field_of_an_item_is_either_coarsened_or_named_here() -> None:
    kept = {"id", "kind", "marking", "ships", "reliability", "credibility", "rests_on", "source"}
    version = to(case_of([SIGHTING]), "AUS")
    assert {f.name for f in fields(Item)} - kept == {*version.coarsened[version.case.items[0].id]}


def test_persons_are_not_named_to_the_public_and_two_remain_two() -> None:
    case = case_of(
        [REPORT], decision("confirm", 20, rests_on=(REPORT.id,)),
        decision("confirm", 21, rests_on=(REPORT.id,), who="Suzuki"),
    )  # fmt: skip
    version = to(case, PUBLIC)
    assert "Tanaka" not in text_of(version)
    assert version.case.state == "confirmed"
    assert "Tanaka" in text_of(to(case, "AUS"))
