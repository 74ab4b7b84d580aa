from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearwake.model import PUBLIC, TLP, Marking, UsageError
from clearwake.release import audience_of, inherited, may
from clearwake.release.markings import LEVELS, lesser

PARTIES = ("JPN", "AUS", "USA", "GBR")

markings = st.builds(
    Marking,
    originator=st.sampled_from(PARTIES),
    tlp=st.sampled_from((*TLP, "TLP:PURPLE")),
    releasable_to=st.lists(st.sampled_from((*PARTIES, PUBLIC)), max_size=3, unique=True).map(tuple),
    tear_line_to=st.lists(st.sampled_from((*PARTIES, PUBLIC)), max_size=3, unique=True).map(tuple),
    sensitivity=st.sampled_from(("open", "ordinary", "sensitive", "?")),
)
audiences = st.lists(st.sampled_from((*PARTIES, "NZL", PUBLIC)), min_size=1, max_size=4, unique=True).map(
    tuple
)


@pytest.mark.parametrize(
    ("marking", "to", "level"),
    [
        (Marking("JPN", "TLP:CLEAR"), "public", "full"),
        (Marking("JPN", "TLP:CLEAR", ("AUS",)), "public", "withheld"),
        (Marking("JPN", "TLP:CLEAR", ("AUS",)), "AUS", "full"),
        (Marking("JPN", "TLP:GREEN"), "public", "withheld"),
        (Marking("JPN", "TLP:GREEN"), "NZL", "full"),
        (Marking("JPN", "TLP:GREEN", ("AUS",)), "NZL", "withheld"),
        (Marking("JPN"), "JPN", "full"),
        (Marking("JPN"), "AUS", "withheld"),
        (Marking("JPN", "TLP:AMBER", ("AUS",)), "AUS,JPN", "full"),
        (Marking("JPN", "TLP:AMBER", ("AUS",)), "AUS,USA", "withheld"),
        (Marking("JPN", "TLP:AMBER", ("AUS",), ("USA",)), "AUS,USA", "tear-line"),
        (Marking("JPN", "TLP:AMBER", (PUBLIC,)), "public", "withheld"),
        (Marking("JPN", "TLP:RED", (), (PUBLIC,)), "public", "tear-line"),
        (Marking("JPN", "TLP:RED", (), (PUBLIC,)), "AUS,USA", "tear-line"),
        (Marking("JPN", "TLP:PURPLE", ("AUS",), ("AUS",)), "AUS", "withheld"),
        (Marking("jpn", "TLP:AMBER", ("aus",)), "AUS,JPN", "full"),
        (Marking("AUS+JPN"), "JPN", "withheld"),
    ],
)
def test_everybody_who_reads_a_release_must_be_allowed(marking: Marking, to: str, level: str) -> None:
    assert may(marking, audience_of(to)) == level


def test_nobody_is_no_audience() -> None:
    with pytest.raises(UsageError, match="no party"):
        audience_of(" , ")
    with pytest.raises(UsageError, match="needs an audience"):
        may(Marking("JPN"), ())
    assert audience_of("usa, jpn,JPN,Public") == ("JPN", "USA", "public")


@given(st.lists(markings, min_size=1, max_size=4), audiences)
def test_nobody_may_have_more_of_a_derived_fact_than_of_each_it_rests_on(
    given_markings: list[Marking], audience: tuple[str, ...]
) -> None:
    least = lesser(may(m, audience) for m in given_markings)
    derived = may(inherited(given_markings), audience)
    assert LEVELS.index(derived) <= LEVELS.index(least)
    if not any(m.tlp == "TLP:PURPLE" for m in given_markings) and can_be_said(given_markings, audience):
        assert derived == least or len({m.originator for m in given_markings}) > 1


def can_be_said(given_markings: list[Marking], audience: tuple[str, ...]) -> bool:
    """No marking gives a tear-line to any party and nothing to the public; it can only name parties."""
    anybody, public = (lesser(may(m, (p,)) for m in given_markings) for p in ("ITA", PUBLIC))
    named = {p for m in given_markings for p in (m.originator, *m.releasable_to, *m.tear_line_to)}
    return (anybody, public) != ("tear-line", "withheld") or set(audience) <= named


def test_a_tear_line_for_any_party_but_not_the_public_falls_to_who_is_named() -> None:
    torn = Marking("JPN", "TLP:CLEAR", ("JPN",), ("JPN", "USA", PUBLIC))
    both = inherited([torn, Marking("JPN", "TLP:GREEN")])
    assert [may(both, (p,)) for p in ("JPN", "USA", "AUS", PUBLIC)] == [
        "full",
        "tear-line",
        "withheld",
        "withheld",
    ]


@given(markings, audiences, st.sampled_from((*PARTIES, PUBLIC)))
def test_another_reader_never_gets_the_others_more(
    marking: Marking, audience: tuple[str, ...], other: str
) -> None:
    both = may(marking, (*audience, other))
    assert LEVELS.index(both) <= LEVELS.index(may(marking, audience))
