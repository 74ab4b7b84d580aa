"""What may be decided when and by whom, and what decisions come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cases.made import DESK, NOON, OTHER, added, after, case_after, chained, decision, item, opened

from clearwake.cases import History, NotAllowedError, acts, fold, origins, transitions
from clearwake.cases import opened as read
from clearwake.cases.conditions import CONDITIONS
from clearwake.cases.transitions import NEEDS
from clearwake.model import Decision, Entry, Item, Marking, Reason

SEEN, SEEN_AGAIN, SEEN_BY_KOREA = item("one"), item("two", " japan "), item("three", "Korea")


def refused(history: History, act: str, **more: Any) -> NotAllowedError:
    with pytest.raises(NotAllowedError) as found:
        history.check(DESK, decision(act, **more))
    return found.value


def confirmed(*more: Decision) -> History:
    return after(opened(), added(SEEN), added(SEEN_BY_KOREA), decision("confirm"), *more)


def test_two_independent_origins_are_enough_for_one_person_to_confirm() -> None:
    assert confirmed().case().state == "confirmed"


def test_two_reports_of_one_origin_count_once_and_a_second_person_is_needed() -> None:
    once = after(opened(), added(SEEN), added(SEEN_AGAIN), decision("confirm", "Sato"))
    assert once.case().state == "in confirmation"
    assert refused(once, "confirm", who="SATO ").rule == "something_new_to_say"
    once.take(DESK, decision("confirm", "Kim"))
    assert once.case().state == "confirmed"


@pytest.mark.parametrize(
    "second",
    [
        item("two", "Korea", kind="listing"),
        item("two", "Korea", kind="assumption"),
        item("two", "A newspaper", kind="media", reliability="F", credibility=3),
        item("two", "Korea", reliability="B", credibility=5),
        item("two", "Korea", kind="conclusion", rests_on=("item:one",)),
        item(
            "two",
            "Korea",
            reasons=(Reason("bunkering", is_for=True, weight=1.0, weight_origin="", sentence=""),),
        ),
        item("two", "Korea", ships=("imo:9000000",)),
        item("two", "Korea", ships=("imo:7389704",), start=NOON + timedelta(days=9)),
    ],
    ids=[
        "a listing",
        "an assumption",
        "of low grade",
        "improbable",
        "worked out from the first",
        "for a rival only",
        "of another ship",
        "of another week",
    ],
)
def test_what_is_no_second_source(second: Item) -> None:
    assert case_after(opened(), added(SEEN), added(second), decision("confirm")).state == "in confirmation"


def test_a_confirmation_leans_on_the_items_it_names_only() -> None:
    made = case_after(
        opened(), added(SEEN), added(SEEN_BY_KOREA), decision("confirm", rests_on=("item:one",))
    )
    assert made.state == "in confirmation"


def test_nothing_is_published_without_legal_review_and_a_reply_period() -> None:
    history = confirmed()
    assert refused(history, "publish", role="analyst").rule == "roles"
    assert refused(history, "publish").rule == "legal_review"
    history.take(DESK, decision("review", "Ito"))
    assert refused(history, "publish", who="ito").rule == "legal_review", "another person than the reviewer"
    assert refused(history, "publish").rule == "reply_period"
    assert refused(history, "offer_reply", told={"until": "2018-02-13"}).rule == "a_period", (
        "a day after at least"
    )
    history.take(DESK, decision("offer_reply", told={"until": "2018-02-20"}))
    assert (
        refused(history, "publish").missing
        == "the reply period runs until 2018-02-20, and nobody has replied"
    )
    assert refused(history, "publish", told={"on": "2018-02-19"}).rule == "reply_period"
    history.check(DESK, decision("publish", told={"on": "2018-02-20"}))
    history.take(DESK, decision("reply"))
    history.take(DESK, decision("publish"))
    assert history.case().standing == ("confirmed", "published")


def test_only_a_legal_adviser_reviews() -> None:
    assert refused(confirmed(), "review", role="commander").rule == "roles"


def test_a_case_can_be_confirmed_listed_published_and_detained_at_once() -> None:
    made = confirmed(
        decision("review"),
        decision("offer_reply", told={"until": "2018-02-14"}),
        decision("propose"),
        decision("hold"),
        decision("list", told={"list": "UN"}),
        decision("publish", "Abe", told={"on": "2018-02-15"}),
        decision("detain", told={"by": "KOR"}),
    ).case()
    assert (made.state, made.standing) == ("detained", ("confirmed", "listed", "published", "detained"))


def test_a_released_ship_can_be_held_again_and_nothing_is_before_the_day_it_was_held() -> None:
    held = confirmed(decision("detain", told={"by": "KOR", "on": "2017-11-24"}))
    assert refused(held, "release", told={"on": "2017-11-23"}).rule == "after_detention"
    assert refused(held, "detain", told={"by": "KOR"}).rule == "after"
    held.take(DESK, decision("release", told={"on": "2019-07-01"}))
    held.check(DESK, decision("detain", told={"by": "KOR"}))


def test_a_refuted_case_is_not_proposed_and_says_what_can_be_done() -> None:
    refuted = confirmed(decision("refute"))
    error = refused(refuted, "propose")
    assert "the case is refuted; to propose it has to be confirmed" in str(error)
    assert "take_up" in error.do_next


def test_confirmations_from_before_a_refutation_count_no_more() -> None:
    made = after(
        opened(), added(SEEN), decision("confirm", "Sato"), decision("refute", "Abe"), decision("take_up")
    )
    made.take(DESK, decision("confirm", "Kim"))
    assert made.case().state == "in confirmation"


def test_withdrawing_evidence_takes_what_rests_on_it_and_the_confirmation_it_carried() -> None:
    drawn = item("four", kind="conclusion", rests_on=("item:three",))
    made = confirmed(added(drawn), decision("review"), decision("withdraw", rests_on=("item:three",)))
    case = made.case()
    assert case.withdrawn == ("item:three", "item:four")
    assert [each.id for each in case.items] == ["item:one"]
    assert case.state == "in confirmation"
    assert made.reviewed is None


def test_a_desk_does_not_withdraw_what_another_added() -> None:
    history = confirmed()
    with pytest.raises(NotAllowedError, match="another desk added item:one"):
        history.check(OTHER, decision("withdraw", rests_on=("item:one",)))


def test_only_the_originator_at_the_desk_that_added_it_permits_wider_sharing() -> None:
    wider = Marking("JPN", "TLP:AMBER", ("AUS",))
    history = confirmed()
    permit = decision("permit", rests_on=("item:one",), permits=wider)
    for chain, one in (
        (OTHER, permit),
        (DESK, replace(permit, nation="USA", permits=replace(wider, originator="USA"))),
    ):
        with pytest.raises(NotAllowedError, match="is JPN's"):
            history.check(chain, one)
    assert refused(history, "permit", rests_on=("item:one",)).rule == "a_marking"
    history.check(DESK, permit)
    history.take(DESK, permit)
    assert history.case().items[0].marking == wider
    assert history.case().items[1].marking == SEEN_BY_KOREA.marking


def test_a_withdrawal_that_comes_before_its_item_keeps_it_out_if_who_gave_the_item_made_it() -> None:
    late = replace(added(item("one")), told={"given_by": OTHER}, at=NOON + timedelta(hours=1))
    back = decision("withdraw", rests_on=("item:one",))
    for chain, there in ((OTHER, []), ("f" * 32, ["item:one"])):
        history = after(opened())
        history.take(chain, back)
        history.take(DESK, late)
        case = history.case()
        assert [each.id for each in case.items] == there
        assert case.conflicts == ()
        assert case.withdrawn == (() if there else ("item:one",))


def test_who_gave_an_item_beside_its_chain_can_take_it_out_and_nobody_else() -> None:
    history = after(opened(), replace(added(item("one")), told={"given_by": OTHER}))
    back = decision("withdraw", rests_on=("item:one",))
    with pytest.raises(NotAllowedError, match="another desk added item:one"):
        history.check("f" * 32, back)
    history.check(OTHER, back)
    history.take(OTHER, back)
    assert history.case().withdrawn == ("item:one",)


def test_a_case_that_is_only_reported_can_be_retracted_and_said_again_to_more() -> None:
    case = case_after(opened(), added(SEEN), decision("retract"), decision("retract", "Abe"))
    assert (case.standing, case.conflicts) == (("retracted",), ())


def test_a_retraction_takes_the_publication_back_too() -> None:
    ready = (
        decision("review"),
        decision("offer_reply", told={"until": "2018-02-14"}),
        decision("publish", "Abe", told={"on": "2018-02-15"}),
    )
    assert confirmed(*ready, decision("retract")).case().standing == ("retracted",)


def test_of_several_ships_the_one_that_is_held_is_named_and_what_is_on_record_stands() -> None:
    two = after(opened(), added(item("one", ships=("imo:7389704", "imo:8660313"))))
    lack = refused(two, "detain", told={"by": "KOR"})
    assert (lack.rule, lack.do_next) == ("which_ship", "say it with --tell ship=imo:7389704")
    assert refused(two, "detain", told={"by": "KOR", "ship": "imo:9999993"}).rule == "which_ship"
    two.check(DESK, decision("detain", told={"by": "KOR", "ship": "imo:8660313"}))
    two.take(DESK, decision("detain", told={"by": "KOR"}))
    assert (two.case().state, two.case().conflicts) == ("detained", ())


def test_what_a_decision_needs_to_tell_is_asked_for() -> None:
    assert refused(confirmed(), "offer_reply", told={"until": "soon"}).rule == "tells"
    assert refused(confirmed(), "list").rule == "tells"
    held = confirmed(decision("detain", told={"by": "KOR"}))
    assert refused(held, "committee_decision", told={"outcome": "perhaps"}).rule == "tells"


def test_every_condition_that_a_rule_names_is_one() -> None:
    assert set(CONDITIONS) == set(NEEDS) == {need for act in acts().values() for need in act.needs}


ALL = (
    opened(),
    added(SEEN, 1),
    added(SEEN_AGAIN, 2),
    decision("confirm", "Sato", 3),
    decision("refute", "Abe", 3),
    decision("confirm", "Kim", 4),
    decision("withdraw", minutes=5, rests_on=("item:two",)),
    decision("propose", minutes=6),
    decision("nonsense", minutes=7),
)
HERE, THERE = chained(list(ALL[:5])), chained(list(ALL[5:]), OTHER)


@given(st.permutations([*HERE, *THERE, *HERE[:2]]))
@settings(max_examples=60, deadline=None)
def test_the_same_decisions_come_to_the_same_case_in_whatever_order_they_arrive(entries: list[Entry]) -> None:
    pairs = [(entry, made) for entry in entries if (made := read(entry)) is not None]
    assert fold("a-case", pairs) == fold(
        "a-case", [(e, d) for e in (*HERE, *THERE) if (d := read(e)) is not None]
    )


def test_decisions_that_cannot_stand_beside_others_stay_and_are_told() -> None:
    pairs = [(entry, made) for entry in (*HERE, *THERE) if (made := read(entry)) is not None]
    case = fold("a-case", pairs)
    assert case.version == len(ALL)
    assert [each.partition(", does not stand: ")[::2] for each in case.conflicts] == [
        (
            "confirm by Kim (analyst, JPN), 2018-02-13 12:04 UTC",
            "the case is refuted; to confirm it has to be reported, in confirmation, undetermined",
        ),
        (
            "withdraw by Sato (analyst, JPN), 2018-02-13 12:05 UTC",
            "another desk added item:two, and only that desk can take it out",
        ),
        (
            "propose by Sato (analyst, JPN), 2018-02-13 12:06 UTC",
            "the case is refuted; to propose it has to be confirmed",
        ),
        (
            "nonsense by Sato (analyst, JPN), 2018-02-13 12:07 UTC",
            "this desk knows no such decision as 'nonsense'",
        ),
    ]


def test_a_case_whose_opening_is_withheld_goes_by_its_id() -> None:
    case = fold("a-case", [(chained([added(SEEN)])[0], added(SEEN))])
    assert (case.title, case.state, case.day) == ("a-case", "reported", None)


def test_the_day_and_ships_of_a_case_are_those_of_its_opening_and_its_evidence() -> None:
    case = case_after(opened(), added(item("one", ships=("ship:wan-heng-11", "imo:7389704"))))
    assert (case.day, case.ships) == (NOON, ("imo:7389704", "ship:wan-heng-11"))


def test_the_page_on_cases_names_every_act_state_role_and_kind_of_evidence() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "cases.md").read_text()
    table = page[page.index("| Act |") : page.index("An act may be called")].replace("-", "_")
    assert all(f"`{name}`" in table for name in acts())
    told = transitions.told()
    words = [*(state for states in told["axes"].values() for state in states), *told["evidence"]["counted"]]
    assert all(word in page for word in words)
    for act in acts().values():
        assert all(role in page for role in act.roles)


def test_what_rests_on_itself_is_no_source_and_what_branches_deep_is_followed_once() -> None:
    circle = [item("a", "Japan", rests_on=("item:b",)), item("b", "Korea", rests_on=("item:a",))]
    assert origins(circle) == frozenset()
    pairs = [
        item(
            f"{layer}{side}",
            f"{layer}{side}",
            rests_on=(f"item:{layer - 1}x", f"item:{layer - 1}y") if layer else (),
        )
        for layer in range(2000)
        for side in "xy"
    ]
    assert origins(pairs, ["item:1999x"]) == {"0x", "0y"}


def test_an_item_is_nobody_elses_by_being_added_again() -> None:
    history = after(opened(), added(SEEN))
    again = added(replace(SEEN, sentence="something else"))
    history.take(OTHER, again)
    assert (history.owner("item:one"), history.case().items) == (DESK, (SEEN,))
    assert "item:one was added before" in history.case().conflicts[0]
