from __future__ import annotations

from dataclasses import replace

import polars as pl
from tests.release.scenes import CLOSED, REPORT, SIGHTING, case_of, decision, to

from clearwake.flow.collisions import others
from clearwake.model import BreachOutcome, Case, IdentityClaim, LegalFact, conform, empty, table, utc
from clearwake.release import Check, Known, failed, gate

SHOWN = table(
    [BreachOutcome("unscr-2375-11", None, None, "every element at least indicated", (), None, "shown")],
    BreachOutcome,
)
READY = (
    decision("confirm", 20, rests_on=(REPORT.id,)),
    decision("confirm", 21, rests_on=(REPORT.id,), who="Suzuki"),
    decision("review", 22, role="legal adviser"),
    decision("offer_reply", 23, told={"until": "2018-03-31"}),
)
LATER = utc("2018-04-01")


def names_failed(case: Case, known: Known | None = None) -> list[str]:
    checks = gate(case, to(case, "public"), known or Known(SHOWN, {}), LATER)
    return [check.name for check in failed(checks)]


def test_a_case_that_was_confirmed_reviewed_and_offered_for_reply_passes() -> None:
    assert names_failed(case_of([REPORT], *READY)) == []


def test_each_thing_that_is_missing_is_named() -> None:
    assert names_failed(case_of([REPORT], *READY[:1], *READY[2:])) == ["sources"]
    assert names_failed(case_of([REPORT], *READY[:2], READY[3])) == ["legal review"]
    assert names_failed(case_of([REPORT], *READY[:3])) == ["reply"]
    soon = decision("offer_reply", 23, told={"until": "2018-05-01"})
    assert names_failed(case_of([REPORT], *READY[:3], soon)) == ["reply"]
    answered = decision("reply", 24)
    assert names_failed(case_of([REPORT], *READY[:3], soon, answered)) == []
    case = case_of([REPORT], *READY)
    assert names_failed(case, Known(empty(BreachOutcome), {})) == ["elements"]
    assert names_failed(case, Known(SHOWN, {"imo:8660313": ("two claim it",)})) == ["identity"]
    assert names_failed(case, Known(SHOWN, {}, ("a title names the aircraft",))) == ["markings"]
    assert names_failed(case, Known(SHOWN, {}, (), {"photograph-1.jpg": ("exif",)})) == ["photographs"]


def elements_with(provision: str, outcome: str, *lacking: str) -> Check:
    shown = table([BreachOutcome(provision, None, None, outcome, lacking, None, "")], BreachOutcome)
    case = case_of([REPORT])
    return gate(case, to(case, "public"), Known(shown, {}), LATER)[1]


def test_a_zone_accuses_nobody_and_an_exemption_nobody_looked_for_is_told() -> None:
    assert not elements_with("unclos-56", "every element established").is_passed
    assert not elements_with("unscr-2375-11", "not shown", "dprk_flag").is_passed
    assert not elements_with("unscr-2375-11", "not so", "no_exemption").is_passed
    found = elements_with("unscr-2375-11", "not shown", "no_exemption")
    assert found.is_passed
    assert "nobody looked whether an exemption is on file: unscr-2375-11" in found.sentence


def test_a_review_before_the_last_confirmation_does_not_count() -> None:
    again = decision("confirm", 25, rests_on=(REPORT.id,), who="Abe")
    assert names_failed(case_of([REPORT], *READY[:1], *READY[2:], READY[1], again)) == ["legal review"]


def test_a_check_that_fails_says_what_to_do() -> None:
    case = case_of([REPORT])
    checks: list[Check] = [*gate(case, to(case, "public"), Known(empty(BreachOutcome), {}), LATER)]
    assert [c.name for c in checks] == [
        "identity", "elements", "sources", "markings", "legal review", "reply", "photographs",
    ]  # fmt: skip
    assert all(c.do_next for c in failed(checks))


def test_the_hint_on_sources_names_what_may_be_given_and_can_be_followed() -> None:
    told = gate(case_of([CLOSED, REPORT]), to(case_of([CLOSED, REPORT]), "public"), Known(SHOWN, {}), LATER)[
        2
    ]
    assert told.do_next == (
        "clearwake case decide CASE take-up, then by each who confirms: clearwake case decide CASE confirm "
        f"--rests-on {REPORT.id} --tlp CLEAR: two people, or two sources among those items; then have it reviewed again"
    )
    secret = decision("confirm", 20, rests_on=(CLOSED.id, REPORT.id))
    taken_up = decision("take_up", 24, marking=CLOSED.marking)
    anew = tuple(replace(each, id=f"decision:{n:032x}") for n, each in enumerate(READY[:3], 30))
    assert names_failed(case_of([CLOSED, REPORT], secret, *READY[2:])) == ["sources"]
    assert names_failed(case_of([CLOSED, REPORT], secret, *READY[2:], taken_up, *anew)) == []
    shut = case_of([CLOSED])
    assert "no evidence may be given" in gate(shut, to(shut, "public"), Known(SHOWN, {}), LATER)[2].do_next


def test_a_reply_offered_on_an_earlier_day_than_it_was_put_on_record_is_told_with_both() -> None:
    late = decision("offer_reply", 23, told={"on": "2018-02-20", "until": "2018-02-28"})
    case = case_of([REPORT], *READY[:3], late)
    check = gate(case, to(case, "public"), Known(SHOWN, {}), LATER)[5]
    assert check.sentence == (
        "a reply is said to have been offered on 2018-02-20 (put on record on 2018-03-01, when the time it gives was "
        "over) until 2018-02-28; none came"
    )
    case = case_of([REPORT], *READY)
    told = gate(case, to(case, "public"), Known(SHOWN, {}), LATER)[5].sentence
    assert told == "a reply was offered on 2018-03-01 until 2018-03-31; none came"


# Identity


def claims(text: str) -> pl.DataFrame:
    """Read claims, one a line: mmsi, imo, name with - for blanks, first and last day."""
    rows = [line.split() for line in text.strip().splitlines()[1:]]
    frame = pl.DataFrame(
        [
            {
                "mmsi": int(mmsi), "imo": None if imo == "." else imo, "name": name.replace("-", " "),
                "first_seen": utc(first), "last_seen": utc(last), "reports": 9, "source": "ais",
            }
            for mmsi, imo, name, first, last in rows
        ]
    )  # fmt: skip
    return conform(frame, IdentityClaim)


def found(ship: str, said: pl.DataFrame, *facts: LegalFact) -> list[str]:
    case = to(case_of([replace(REPORT, ships=(ship,), facts=facts)]), "public").case
    return list(others(case, ship, said))


def test_a_number_that_two_claimed_at_once_could_be_another_hull() -> None:
    heard = claims("""
        mmsi       imo      name       first       last
        445123000  8660313  CHON-MA    2018-01-01  2018-03-01
        613000001  8660313  GLORY      2018-02-01  2018-02-20
        445123000  9003550  PATRIOT    2018-02-10  2018-02-11
    """)
    assert found("imo:8660313", heard) == [
        "IMO 8660313 was claimed by MMSI 445123000 and MMSI 613000001 at the same time"
    ]
    assert found("mmsi:445123000", heard) == [
        "MMSI 445123000 was claimed by IMO 8660313 and IMO 9003550 at the same time"
    ]


def test_a_ship_that_changed_its_mmsi_is_one_hull() -> None:
    heard = claims("""
        mmsi       imo      name       first       last
        445123000  8660313  CHON-MA    2018-01-01  2018-02-01
        613000001  8660313  GLORY      2018-02-02  2018-03-20
    """)
    assert found("imo:8660313", heard) == []


def test_a_number_whose_check_digit_fails_is_no_ships_number() -> None:
    assert found("imo:8660314", claims("header")) == [
        "IMO 8660314 is no ship's number: its check digit fails"
    ]


def test_a_name_alone_that_two_ships_have_could_be_either() -> None:
    heard = claims("""
        mmsi       imo      name           first       last
        445123000  8660313  WAN-HENG-11    2018-01-01  2018-02-01
        613000001  9003550  WAN-HENG-11    2015-02-02  2015-03-20
    """)
    assert found("ship:wan-heng-11", heard) == [
        "WAN HENG 11 is known by its name alone, and ships of that name have IMO 8660313, 9003550"
    ]
    assert found("ship:unidentified", heard) == []
    assert found("ship:wan-heng-11", heard.head(1)) == []


def test_the_gate_judges_what_the_public_reads_and_not_what_the_desk_knows() -> None:
    shut = replace(SIGHTING, marking=replace(SIGHTING.marking, tear_line_to=()))
    both = decision("confirm", 20, rests_on=(shut.id, REPORT.id))
    case = case_of([shut, REPORT], both, *READY[2:])
    assert case.state == "confirmed"
    assert names_failed(case) == ["sources"]
