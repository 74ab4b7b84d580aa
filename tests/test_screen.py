# ruff: noqa: RUF001 - names in other scripts are what is tested
from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clearwake.model import Designation, Edition, Match, schema, table, utc
from clearwake.screen import TIERS, Listed, hold, screen


def ship(number: str, name: str, imo: str | None = None, **more: Any) -> Designation:
    told = {
        "list": "ofac",
        "edition": "sdn:2018-08-21",
        "kind": "vessel",
        "aliases": (),
        "programmes": ("DPRK4",),
    }
    return Designation(**{"id": f"ofac:{number}", "name": name, "imo": imo, **told, **more})


PATRIOT = ship("1", "PATRIOT", "9003550", flag="Russia", linked_to=("GUDZON SHIPPING CO LLC",))
BOGATYR = ship(
    "2", "BOGATYR", "9085730", former_names=("OLD HERO",), aliases=("BOGATIR ONE",), weak_names=("BOGGY",)
)
ARTAVIL = ship("3", "ARTAVIL", "9187629", mmsi=572469210, callsign="T2EU4", other_callsigns=("5IM713",))
ARK = ship("4", "ARK", "9187655", mmsi=256842000, callsign="9HDQ9", other_mmsis=("572469999",))
SHARING = ship("5", "SHARER", "9187667", mmsi=256842000)
RA_NAM_2 = ship("6", "RA NAM 2", "8625545")
CHON_MYONG = ship("7", "CHON MYONG 1", "8712362")
BONU = ship("8", "BONU 5", None, issues=("IMO number 'IMO 15411' is not seven digits",))
BROKEN = ship("9", "DIRTY STAR", "9003551")
HAO_FAN = ship("10", "HAO FAN 6", "8628597", mmsi=341985000)
SABRIN = ship("11", "SABRIN", "9283746")
RHODOS = ship("12", "RHODOS", "9283760")
GUDZON = Designation("ofac:20", "ofac", "sdn:2018-08-21", "company", "GUDZON SHIPPING CO LLC", (), imo="5753988",
                     country="Russia", programmes=("DPRK4",))  # fmt: skip
AHMADI = Designation(
    "ofac:21", "ofac", "sdn:2018-08-21", "person", "AHMADI, Ali", (), birth_date="1967-02-06"
)
EITHER = Designation("eu:22", "eu", "full:2018-08-21", "unknown", "EITHER WAY", (), imo="9404546")
PORT = Designation("eu:23", "eu", "full:2018-08-21", "unknown", "MURMANSK", ())
EVERYONE = [PATRIOT, BOGATYR, ARTAVIL, ARK, SHARING, RA_NAM_2, CHON_MYONG, BONU, BROKEN, HAO_FAN, SABRIN, RHODOS,
            GUDZON, AHMADI, EITHER, PORT]  # fmt: skip
LISTS = table(EVERYONE, Designation)


READY = Listed(LISTS)


def ask(**query: Any) -> list[dict[str, Any]]:
    return hold(pl.DataFrame([query]), READY).to_dicts()


def tiers(**query: Any) -> list[tuple[str, str | None]]:
    return [(hit["tier"], hit["entity_name"]) for hit in ask(**query)]


# match


def test_a_listed_imo_number_is_a_match_and_says_why() -> None:
    (hit,) = ask(name="PATRIOT", imo="9003550")
    assert (hit["tier"], hit["score"], hit["entity_id"], hit["entity_imo"]) == (
        "match",
        1.0,
        "ofac:1",
        "9003550",
    )
    assert hit["programmes"] == ["DPRK4"]
    assert hit["reasons"] == ["IMO number 9003550 is listed", "name 'PATRIOT' is the listed name 'PATRIOT'"]


def test_a_renamed_ship_is_a_match_and_the_other_name_stands_in_the_reasons() -> None:
    (hit,) = ask(name="HAPPY STAR", imo="9003550")
    assert (hit["tier"], hit["score"]) == ("match", 0.95)
    assert "name 'HAPPY STAR' differs from the listed name 'PATRIOT'" in hit["reasons"]


@pytest.mark.parametrize(
    "imo", ["IMO 9003550", "imo9003550", " 9003550 ", "ＩＭＯ　９００３５５０", "9003550.0", 9003550]
)
def test_an_imo_number_is_read_however_it_is_written(imo: str | int) -> None:
    assert tiers(name="X", imo=imo) == [("match", "PATRIOT")]


def test_two_numbers_in_the_field_are_both_asked_and_said() -> None:
    (hit,) = ask(imo="9811000 / 9003550")
    assert hit["tier"] == "match"
    assert "the IMO number field holds several: '9811000 / 9003550'" in hit["reasons"]


# namesake


def test_a_valid_different_imo_number_is_a_namesake_and_never_a_match() -> None:
    (hit,) = ask(name="PATRIOT", imo="9811000", flag="Russia")
    assert hit["tier"] == "namesake"
    assert hit["score"] <= 0.2
    assert "IMO number 9811000 is valid and is not the listed ship's, 9003550" in hit["reasons"]


@pytest.mark.parametrize("query", [{"mmsi": 572469210}, {"callsign": "T2EU4"}, {"callsign": "5im-713"}])
def test_a_valid_different_imo_number_makes_a_namesake_of_a_shared_mmsi_or_call_sign(
    query: dict[str, Any],
) -> None:
    assert tiers(name="OTHER", imo="9811000", **query) == [("namesake", "ARTAVIL")]


def test_a_name_nearly_alike_says_nothing_about_a_ship_with_its_own_number() -> None:
    assert tiers(name="BOGATYRR", imo="9811000") == []


# possible


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("BOGATYR", "BOGATYR"), ("M/V Bogatyr", "BOGATYR"), ("Богатырь", "BOGATYR"), ("МТ БОГАТЫРЬ", "BOGATYR"),
        ("ВОGАТYR", "BOGATYR"), ("B0GATYR", "BOGATYR"), ("BOGATIR", "BOGATYR"), ("OLD HERO", "BOGATYR"),
        ("NEW HOPE EX BOGATYR", "BOGATYR"), ("NEW HOPE (f.k.a. BOGATYR)", "BOGATYR"), ("Bogatir One", "BOGATYR"),
        ("천명 1", "CHON MYONG 1"), ("浩帆6", "HAO FAN 6"), ("HAO FAN No. 6", "HAO FAN 6"), ("صابرين", "SABRIN"),
        ("ΡΟΔΟΣ", "RHODOS"), ("Ρόδος", "RHODOS"), ("RANAM-2", "RA NAM 2"), ("RA NAM II", "RA NAM 2"),
        ("BONU5", "BONU 5"),
    ],
)  # fmt: skip
def test_without_an_imo_number_a_listed_or_former_name_is_possible(name: str, listed: str) -> None:
    assert tiers(name=name, kind="vessel") == [("possible", listed)]


def test_a_former_name_and_a_weak_alias_are_called_what_they_are() -> None:
    (former,), (weak,) = ask(name="OLD HERO"), ask(name="BOGGY")
    assert "name 'OLD HERO' is the former name 'OLD HERO'" in former["reasons"]
    assert "name 'BOGGY' is the weak alias 'BOGGY'" in weak["reasons"]
    assert weak["score"] < former["score"]


@pytest.mark.parametrize(
    ("imo", "why"),
    [
        ("9085731", "IMO number '9085731' cannot be used: its check digit fails, or it is a placeholder"),
        ("1234567", "IMO number '1234567' cannot be used: its check digit fails, or it is a placeholder"),
        ("0000000", "IMO number '0000000' cannot be used: its check digit fails, or it is a placeholder"),
        ("15411", "IMO number '15411' cannot be used: it is not seven digits"),
        ("", "no IMO number was given"),
        ("0", "no IMO number was given"),
    ],
)
def test_an_invalid_imo_number_is_told_and_screening_goes_on_with_the_rest(imo: str, why: str) -> None:
    (hit,) = ask(name="BOGATYR", imo=imo)
    assert hit["tier"] == "possible"
    assert why in hit["reasons"]


def test_a_number_one_slip_from_the_listed_one_lifts_a_name_half_alike() -> None:
    (hit,) = ask(name="BOGAYTRY", imo="9085370")
    assert (hit["tier"], hit["entity_name"]) == ("possible", "BOGATYR")
    assert "it is one slip from the listed 9085730" in hit["reasons"]
    assert tiers(name="QUITE ANOTHER", imo="9085370") == []


def test_a_listed_mmsi_or_call_sign_is_possible_without_an_imo_number() -> None:
    assert tiers(name="OTHER", mmsi=572469210) == [("possible", "ARTAVIL")]
    assert tiers(name="OTHER", mmsi="572469999") == [("possible", "ARK")]
    assert tiers(name="OTHER", callsign="t2eu4") == [("possible", "ARTAVIL")]


def test_several_listed_ships_that_share_an_mmsi_are_all_told_with_their_number() -> None:
    hits = ask(name="OTHER", mmsi=256842000)
    assert [(hit["tier"], hit["entity_name"]) for hit in hits] == [
        ("possible", "ARK"),
        ("possible", "SHARER"),
    ]
    assert all("2 listed ships share this MMSI" in hit["reasons"] for hit in hits)


def test_a_listed_ship_without_a_usable_number_can_only_be_possible() -> None:
    assert tiers(name="BONU 5", imo="9811000") == [("possible", "BONU 5")]
    (hit,) = ask(name="DIRTY STAR", imo="9811000")
    assert hit["tier"] == "possible"
    assert "the list gives no usable IMO number" in hit["reasons"]
    assert tiers(name="X", imo="9003551") == []


def test_a_flag_that_agrees_counts_a_little_and_one_that_differs_is_told() -> None:
    (agrees,), (differs,) = ask(name="PATRIOT", flag="russia"), ask(name="PATRIOT", flag="Panama")
    assert agrees["score"] > differs["score"]
    assert "flag Panama, listed Russia" in differs["reasons"]


@pytest.mark.parametrize("name", ["RA NAM 3", "RA NAM", "PATRIOT 2", "STAR", "MURMANSK"])
def test_another_number_in_the_name_is_another_ship_and_a_port_is_none(name: str) -> None:
    assert tiers(name=name, kind="vessel") == []


# identity conflict


def test_an_imo_number_of_one_listed_ship_and_the_mmsi_of_another_is_a_conflict() -> None:
    hits = ask(name="OTHER", imo="9187655", mmsi=572469210)
    assert [(hit["tier"], hit["entity_name"]) for hit in hits] == [
        ("match", "ARK"),
        ("identity_conflict", "ARTAVIL"),
    ]
    assert "the MMSI points to another listed ship, ARTAVIL (9187629)" in hits[0]["reasons"]
    assert "the IMO number points to another listed ship, ARK (9187655)" in hits[1]["reasons"]


def test_an_mmsi_of_one_and_a_call_sign_of_another_listed_ship_is_a_conflict_of_both() -> None:
    assert sorted(tiers(mmsi=572469210, callsign="9HDQ9")) == [
        ("identity_conflict", "ARK"),
        ("identity_conflict", "ARTAVIL"),
    ]


def test_identifiers_that_meet_in_one_ship_are_no_conflict() -> None:
    assert tiers(mmsi=256842000, callsign="9HDQ9") == [("possible", "ARK"), ("possible", "SHARER")]


# unscreenable


@pytest.mark.parametrize(
    "query",
    [
        {"name": ""},
        {"name": "@@@@@@@@", "mmsi": 0, "imo": "0"},
        {"name": "1", "imo": "1234567", "mmsi": 111111111, "callsign": "0"},
        {"name": "UNKNOWN", "mmsi": 123456789, "callsign": "(blank)"},
        {"name": None, "imo": None, "flag": "Russia"},
        {"name": "😀", "callsign": "XXXXX"},
    ],
)
def test_placeholders_are_no_identifiers_and_nothing_to_compare_is_never_clear(query: dict[str, Any]) -> None:
    (row,) = ask(**query)
    assert (row["tier"], row["score"], row["list"], row["entity_id"]) == ("unscreenable", 0.0, None, None)
    assert row["reasons"][0] == "nothing could be compared"


def test_an_unscreenable_query_says_what_stood_in_its_fields() -> None:
    (row,) = ask(name="@@@@", imo="1234567", mmsi=111111111)
    assert row["reasons"][1:] == [
        "name '@@@@' is no name",
        "IMO number '1234567' cannot be used: its check digit fails, or it is a placeholder",
        "MMSI '111111111' is no ship's number",
    ]


def test_a_name_that_folds_to_nothing_equals_no_other() -> None:
    lists = table([ship("1", "@@@@", "9003550"), ship("2", "UNKNOWN", "9085730")], Designation)
    found = screen(pl.DataFrame({"name": ["@@@@", "UNKNOWN", "????"]}), lists)
    assert found["tier"].to_list() == ["unscreenable"] * 3


@pytest.mark.parametrize(
    "query", [{"mmsi": 366123456}, {"imo": "9811000"}, {"callsign": "ABCD"}, {"name": "EVER GIVEN"}]
)
def test_a_query_that_could_be_compared_and_hits_nothing_gives_no_row(query: dict[str, Any]) -> None:
    assert ask(**query) == []


# kinds of party


def test_ship_and_company_numbers_are_kept_apart() -> None:
    assert tiers(imo="5753988", kind="company") == [("match", "GUDZON SHIPPING CO LLC")]
    assert tiers(imo="5753988", kind="vessel") == []
    assert tiers(imo="5753988") == []


def test_an_entry_that_does_not_say_what_it_is_can_only_be_possible() -> None:
    (hit,) = ask(imo="9404546")
    assert hit["tier"] == "possible"
    assert (
        "IMO number 9404546 is listed, as that of a ship or a company: the list does not say"
        in hit["reasons"]
    )


def test_companies_and_persons_are_found_by_name_without_legal_form_and_order() -> None:
    assert tiers(name="OOO Gudzon Shipping") == [("possible", "GUDZON SHIPPING CO LLC")]
    assert tiers(name="Ali AHMADI", kind="person") == [("possible", "AHMADI, Ali")]
    assert tiers(name="Ali AHMADI", kind="company") == []


def test_a_person_born_in_another_year_scores_less_and_says_so() -> None:
    (same,), (other,) = (
        ask(name="Ali AHMADI", kind="person", birth_date=born) for born in ("1967", "1950-01-01")
    )
    assert other["score"] < same["score"] / 2
    assert "born 1950-01-01, listed 1967-02-06" in other["reasons"]


# days and editions


def dated(number: str, since: str | None, until: str | None = None, status: str = "listed") -> Designation:
    days = {"listed_on": utc(since) if since else None, "removed_on": utc(until) if until else None}
    return ship(number, f"SHIP {number}", "9003550", status=status, **days)


@pytest.mark.parametrize(
    ("day", "numbers"),
    [
        (None, {"101", "103"}),
        (date(2018, 8, 20), {"102", "103"}),
        (date(2018, 8, 21), {"101", "102", "103"}),
        (date(2020, 1, 1), {"101", "103"}),
    ],
)
def test_only_designations_in_force_on_the_day_count(day: date | None, numbers: set[str]) -> None:
    lists = table(
        [dated("101", "2018-08-21"), dated("102", "2016-03-02", "2019-06-01", "removed"), dated("103", None),
         dated("104", None, None, "removed"), dated("105", "2017-01-01", None, "proposed")], Designation,
    )  # fmt: skip
    found = screen(pl.DataFrame({"imo": ["9003550"]}), lists, day)
    assert {name.removeprefix("SHIP ") for name in found["entity_name"]} == numbers


def test_a_list_that_does_not_say_since_when_says_so_when_a_day_is_asked() -> None:
    (hit,) = screen(pl.DataFrame({"imo": ["9003550"]}), LISTS, date(2018, 9, 1)).to_dicts()
    assert "the list does not say since when" in hit["reasons"]


def test_of_several_editions_of_a_part_the_newest_not_after_the_day_counts() -> None:
    def edition(day: str, *entries: Designation) -> pl.DataFrame:
        return table(list(entries), Designation).with_columns(edition=pl.lit(f"sdn:{day}"))

    lists = pl.concat(
        [
            edition("2018-08-21", PATRIOT, BOGATYR),
            edition("2020-01-01", PATRIOT),
            edition("2017-01-01", BOGATYR),
        ]
    )
    queries = pl.DataFrame({"id": ["p", "b"], "imo": ["9003550", "9085730"]})
    assert screen(queries, lists)["id"].to_list() == ["p"]
    assert screen(queries, lists, date(2019, 1, 1))["id"].to_list() == ["p", "b"]
    assert screen(queries, lists, date(2016, 1, 1))["id"].to_list() == ["b"]


# the table


def test_hits_come_in_the_order_of_the_queries_strongest_first_in_the_words_of_the_model() -> None:
    queries = pl.DataFrame({"name": ["NONE OF THESE", "PATRIOT", "@@"], "imo": [None, "9187655", None],
                            "mmsi": [None, 572469210, None], "my_own": [1, 2, 3]})  # fmt: skip
    found = screen(queries, LISTS)
    assert found.schema == schema(Match)
    assert found.select("id", "tier", "entity_name").rows() == [
        ("2", "match", "ARK"),
        ("2", "identity_conflict", "ARTAVIL"),
        ("2", "namesake", "PATRIOT"),
        ("3", "unscreenable", None),
    ]


def test_an_empty_table_and_empty_lists_give_empty_answers() -> None:
    nobody = pl.DataFrame(schema={"name": pl.String})
    assert screen(nobody, LISTS).is_empty()
    assert screen(pl.DataFrame({"name": ["PATRIOT"], "imo": ["9003550"]}), table([], Designation)).is_empty()


SOME = st.fixed_dictionaries(
    {
        "name": st.sampled_from(
            ["PATRIOT", "Богатырь", "BOGATYRR", "RA NAM 2", "", "@@", "OLD HERO", "GUDZON SHIPPING"]
        ),
        "imo": st.sampled_from([None, "9003550", "9811000", "9085731", "0", "9187655"]),
        "mmsi": st.sampled_from([None, 572469210, 256842000, 111111111, 366123456]),
        "callsign": st.sampled_from([None, "T2EU4", "9HDQ9", "0", "ABCD"]),
    }
)
COLUMNS = {"name": pl.String, "imo": pl.String, "mmsi": pl.Int64, "callsign": pl.String}


@hypothesis_settings(max_examples=6, deadline=None)
@given(st.lists(SOME, min_size=1, max_size=6), st.integers(0, 6))
def test_any_cut_of_the_queries_gives_the_same_rows(queries: list[dict[str, Any]], cut: int) -> None:
    asked = pl.DataFrame(queries, schema=COLUMNS).with_row_index("id")
    whole = hold(asked, READY)
    halves = pl.concat([hold(asked.head(cut), READY), hold(asked.slice(cut), READY)])
    assert halves.equals(whole)


@hypothesis_settings(max_examples=12, deadline=None)
@given(SOME)
def test_a_valid_different_number_is_never_a_match_and_every_row_has_a_tier_score_and_reason(
    query: dict[str, Any],
) -> None:
    for hit in hold(pl.DataFrame([query], schema=COLUMNS), READY).to_dicts():
        assert hit["tier"] in TIERS
        assert 0.0 <= hit["score"] <= 1.0
        assert hit["reasons"]
        if hit["tier"] == "match":
            assert hit["entity_imo"] == query["imo"]


def test_the_day_of_a_listing_counts_whole() -> None:
    lists = table([ship("1", "PATRIOT", "9003550", listed_on=utc("2018-08-21T23:00"))], Designation)
    assert screen(pl.DataFrame({"imo": ["9003550"]}), lists, date(2018, 8, 21)).height == 1


# companies, persons, countries, old lists


PRIMORYE = Designation("eu:30", "eu", "x:2020-01-01", "company", "PRIMORYE SEAFOOD LLC", (), country="Russia",
                       registration="2536123456 (INN)", programmes=("EU-PRK",))  # fmt: skip
PERSON = Designation("eu:31", "eu", "x:2020-01-01", "person", "KIM Su Gwang", ("김수광",), birth_date="1976-08-18",
                     country="North Korea", programmes=("EU-PRK",), listed_on=utc("2015-07-04"))  # fmt: skip
NATION = Designation(
    "w:1", "watchlist", "w:2020-01-01", "country", "Freedonia (DPRK)", (), country="North Korea"
)
PARTIES = Listed(table([PRIMORYE, PERSON, PATRIOT], Designation))


def party(**query: Any) -> list[dict[str, Any]]:
    return hold(pl.DataFrame([query]), PARTIES).to_dicts()


def test_the_same_date_of_birth_lifts_a_name_to_a_match_and_another_year_makes_a_namesake_of_it() -> None:
    (same,) = party(name="Kim Su Gwang", kind="person", birth_date="1976-08-18")
    (other,) = party(name="Kim Su Gwang", kind="person", birth_date="1990-08-18")
    (unsaid,) = party(name="Kim Su Gwang", kind="person")
    assert [row["tier"] for row in (same, other, unsaid)] == ["match", "namesake", "possible"]
    assert "date of birth 1976-08-18 is a listed one" in same["reasons"]
    assert "born 1990-08-18, listed 1976-08-18" in other["reasons"]
    assert same["score"] > unsaid["score"] > other["score"]


def test_a_registration_number_that_is_listed_is_found_whatever_the_name() -> None:
    (named,) = party(name="Primorye Seafood", kind="company", registration="INN 2536123456")
    (renamed,) = party(name="Quite Another", kind="company", registration="2536123456")
    (different,) = party(name="Primorye Seafood OOO", kind="company", registration="7701234567")
    assert (named["tier"], renamed["tier"], different["tier"]) == ("match", "possible", "namesake")
    assert "registration number 2536123456 is listed" in renamed["reasons"]
    assert "registration number 7701234567, listed 2536123456 (INN)" in different["reasons"]


def test_a_country_that_agrees_or_differs_is_told() -> None:
    (agrees,) = party(name="Primorye Seafood", kind="company", country="RU")
    (differs,) = party(name="Primorye Seafood", kind="company", country="Germany")
    assert "country RU agrees" in agrees["reasons"]
    assert "country Germany, listed Russia" in differs["reasons"]
    assert agrees["score"] > differs["score"]


@pytest.mark.parametrize("column", ["imo", "mmsi", "callsign"])
def test_a_table_with_a_column_only_ships_have_is_about_ships(column: str) -> None:
    assert party(name="Primorye Seafood", **{column: None}) == []
    assert [row["entity_id"] for row in party(name="Primorye Seafood")] == ["eu:30"]


def test_columns_are_known_however_they_are_spelt() -> None:
    rows = pl.DataFrame(
        {"Full Name": ["Kim Su Gwang"], "Date of Birth": ["1976-08-18"], "Schema": ["Person"]}
    )
    assert hold(rows, PARTIES)["tier"].to_list() == ["match"]


def test_hits_carry_the_dates_and_the_status_of_the_listing() -> None:
    (hit,) = party(name="Kim Su Gwang", kind="person")
    assert (hit["listed_on"], hit["removed_on"], hit["status"]) == (utc("2015-07-04"), None, "listed")


def test_a_listed_country_is_a_match_and_its_flag_possible() -> None:
    listed = Listed(table([NATION], Designation))
    (asked,) = hold(pl.DataFrame({"name": ["DPRK"], "kind": ["country"]}), listed).to_dicts()
    assert (asked["tier"], asked["entity_id"]) == ("match", "w:1")
    flagged = hold(
        pl.DataFrame({"name": ["EVER GIVEN"], "imo": ["9811000"], "flag": ["KP"]}), listed
    ).to_dicts()
    assert [(row["tier"], row["entity_id"]) for row in flagged] == [("possible", "w:1")]
    assert flagged[0]["reasons"] == ["flag 'KP' is the listed country Freedonia (DPRK)"]


def test_a_programme_against_a_country_is_told_and_the_country_itself_is_not_called_listed() -> None:
    (hit,) = party(name="North Korea", kind="country")[:1]
    assert (hit["tier"], hit["entity_id"], hit["programmes"]) == ("possible", "eu:country:PRK", ["EU-PRK"])
    assert "the country itself is not designated" in hit["reasons"][0]
    assert party(name="Germany", kind="country") == []


def test_a_country_that_nobody_knows_could_not_be_screened() -> None:
    (answer,) = party(name="Atlantis", kind="country")
    assert answer["tier"] == "unscreenable"
    assert answer["reasons"] == ["nothing could be compared", "'Atlantis' is no country that is known"]
    assert [row["tier"] for row in party(flag="KP")] == ["possible", "possible", "unscreenable"]


def test_a_hit_on_an_edition_older_than_its_rhythm_says_so() -> None:
    told = Edition("eu", "x", utc("2020-01-01"), "content", is_excerpt=False, entries=2, vessels=0, companies=1,
                   persons=1, aircraft=0, others=0, rejected=0, rhythm_days=30)  # fmt: skip
    editions, lists = table([told], Edition), table([PERSON], Designation)
    asked = pl.DataFrame({"name": ["Kim Su Gwang"], "kind": ["person"]})
    (old,) = screen(asked, lists, date(2020, 3, 1), editions).to_dicts()
    (fresh,) = screen(asked, lists, date(2020, 1, 20), editions).to_dicts()
    assert (
        "stale_list: this edition was 60 days old on 2020-03-01; a new one normally comes every 30 days"
        in old["reasons"]
    )
    assert not any(reason.startswith("stale_list") for reason in fresh["reasons"])


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("STAR GREAT", "GREAT STAR"), ("SEVRN MRN", "SEVERN MARINE"), ("SEVERN MAR", "SEVERN MARINE"),
        ("SHALAMCHEH", "IRAN SHALAMCHEH"), ("TURBO VO", "TURBO VOYAGER"), ("SEVRN MARIN", "SEVERN MARINE"),
    ],
)  # fmt: skip
def test_a_name_with_words_swapped_dropped_or_cut_short_is_possible(name: str, listed: str) -> None:
    fleet = [
        ship("1", "GREAT STAR"),
        ship("2", "SEVERN MARINE"),
        ship("3", "IRAN SHALAMCHEH"),
        ship("4", "TURBO VOYAGER"),
    ]
    found = screen(pl.DataFrame({"name": [name], "kind": ["vessel"]}), table(fleet, Designation))
    assert found.select("tier", "entity_name").rows() == [("possible", listed)]


def test_an_unknown_designation_set_is_prepared_anew_and_a_known_one_answers_the_same() -> None:
    asked = pl.DataFrame({"imo": ["9003550"]})
    first = screen(asked, table([PATRIOT], Designation))
    assert screen(asked, table([PATRIOT], Designation)).equals(first)
    assert screen(asked, table([BOGATYR], Designation)).is_empty()
