"""Declared destinations read as ports and countries: what is clear is read, what is not is shown as it is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from clearwake import places
from clearwake.model import Anchorage, conform
from clearwake.voyages import Gazetteer


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer(places.load().anchorages)


@pytest.mark.parametrize(
    ("said", "port", "country"),
    [
        ("NL RTM", "Rotterdam", "NLD"),
        ("NLRTM", "Rotterdam", "NLD"),
        ("NL-RTM", "Rotterdam", "NLD"),
        ("nl rtm", "Rotterdam", "NLD"),
        ("KRYOS>KRPUS", "Busan", "KOR"),
        ("RU ULU => NL RTM", "Rotterdam", "NLD"),
        ("RUULU-SEGOT", "Goteborg", "SWE"),
        ("SHANGHAI TO BUSAN", "Busan", "KOR"),
        ("BUSAN,KOREA", "Busan", "KOR"),
        ("PUSAN", "Busan", "KOR"),
        ("KAOHSIUNG, TAIWAN", "Kao-Hsiung", "TWN"),
        ("TW KHH", "Kao-Hsiung", "TWN"),
        ("ROTERDAM", "Rotterdam", "NLD"),
        ("SHANGAI", "Shanghai", "CHN"),
        ("NINGBO ANCH.", "Ningbo", "CHN"),
        ("INCHEON PILOT", "Inchon", "KOR"),
        ("VLADIVOSTOK RUSSIA", "Vladivostok", "RUS"),
        ("KINGSTON JAMAICA", "Kingston", "JAM"),
        ("LOS ANGELES CA", "Los Angeles", "USA"),
        ("ROTTERDAM VIA KIEL", "Rotterdam", "NLD"),
        ("NAMPO", "Nampo", "PRK"),
        ("KPNAM", "Nampo", "PRK"),
        ("CHONGJIN DPRK", "Ch'ongjin", "PRK"),
        ("НАХОДКА", "Nakhodka", "RUS"),
    ],
)
def test_a_destination_that_means_one_port_is_read_as_it(said: str, port: str, country: str) -> None:
    reading = gazetteer().read(said)
    assert (reading.kind, reading.is_ambiguous) == ("port", False)
    assert [(place.name, place.country) for place in reading.places] == [(port, country)]


def test_where_it_comes_from_is_read_apart_from_where_it_goes() -> None:
    reading = gazetteer().read("KRYOS>KRPUS")
    assert [place.name for place in reading.origin] == ["Yosu"]


def test_several_ports_of_call_are_given_in_their_order() -> None:
    reading = gazetteer().read("CN SHA // CN NGB")
    assert [[place.name for place in call] for call in reading.calls] == [["Shanghai"], ["Ningbo"]]
    both_ways = gazetteer().read("FIHEL<->EETLL")
    assert {place.country for place in both_ways.places} == {"FIN", "EST"}


def test_what_may_mean_several_ports_is_given_as_all_of_them() -> None:
    reading = gazetteer().read("KINGSTON")
    assert reading.is_ambiguous
    assert {"JAM", "CAN"} <= {place.country for place in reading.places}
    assert "Kingston, Jamaica" in reading.readings


def test_korea_alone_may_be_either_and_with_a_letter_is_one() -> None:
    assert gazetteer().read("KOREA").countries == ("KOR", "PRK")
    assert gazetteer().read("KOREA").is_ambiguous
    assert gazetteer().read("S.KOREA").countries == ("KOR",)
    assert gazetteer().read("N.KOREA").countries == ("PRK",)


def test_a_country_alone_is_a_country() -> None:
    reading = gazetteer().read("TAIWAN")
    assert (reading.kind, reading.countries, reading.calls) == ("country", ("TWN",), ())
    assert {"Kao-Hsiung", "Chi-Lung"} <= {place.name for place in reading.places}


@pytest.mark.parametrize(
    "said", ["FOR ORDERS", "FOR ORDER", "ORDERS", "SINGAPORE FOR ORDERS", "AWAITING ORDERS"]
)
def test_waiting_for_orders_is_no_destination(said: str) -> None:
    assert gazetteer().read(said).kind == "orders"


@pytest.mark.parametrize(
    "said", ["FISHING", "FISHING GROUNDS", "@@@@", "CH16", "PATROLLING", "N/A", "TEST", "0", "SAR"]
)
def test_what_names_no_place_is_nothing(said: str) -> None:
    assert gazetteer().read(said).kind == "nothing"


def test_a_text_that_nobody_can_read_is_said_to_be_unread() -> None:
    assert gazetteer().read("QXZWVK PLMRT").kind == "unread"


def test_a_name_that_is_a_code_too_is_the_name() -> None:
    # GE NOA would be a place in Georgia, TO KYO one in Tonga.
    assert [p.country for p in gazetteer().read("GENOA").places] == ["ITA"]
    assert [p.country for p in gazetteer().read("TOKYO").places] == ["JPN"]


def test_letters_that_may_be_short_for_a_port_are_said_to_be_an_abbreviation() -> None:
    reading = gazetteer().read("NOMSS")
    assert (reading.how, [place.name for place in reading.places]) == ("abbreviation", ["Moss"])


def test_a_users_own_port_and_code_are_read_and_a_learnt_anchorage_is_not() -> None:
    own = pl.DataFrame(
        {
            "name": ["Haven", "learnt 1"], "lon": [3.0, 4.0], "lat": [54.0, 55.0], "origin": ["user", "learnt"],
            "kind": ["port", "anchorage"], "country": ["NLD", None], "locode": ["NL HVN", None],
        }
    )  # fmt: skip
    reads = Gazetteer(conform(own, Anchorage))
    assert [p.name for p in reads.read("NLHVN").places] == ["Haven"]
    assert [p.name for p in reads.read("HAVEN").places] == ["Haven"]
    assert reads.read("LEARNT 1").kind == "unread"


@pytest.mark.shared
def test_most_codes_of_the_world_port_index_are_read_as_a_port_near_where_it_has_them(shared: Path) -> None:
    file = shared / "geo_ports_anchorages" / "WPI_UpdatedPub150_2023.csv.gz"
    ports = pl.read_csv(file, infer_schema_length=0).select(
        code="UN/LOCODE", lon=pl.col("Longitude").cast(pl.Float64), lat=pl.col("Latitude").cast(pl.Float64)
    )
    coded = ports.filter(pl.col("code").str.contains(r"^[A-Z]{2} [A-Z2-9]{3}$")).sort("code").gather_every(7)
    near = wrong = 0
    for code, lon, lat in coded.iter_rows():
        found = gazetteer().read(code).places
        there = [abs(p.lat - lat) < 0.7 and abs(p.lon - lon) < 0.9 for p in found]
        near += any(there)
        wrong += len(found) == 1 and not any(there)
    assert near / coded.height > 0.7
    assert wrong / coded.height < 0.12
