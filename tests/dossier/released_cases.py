"""Released cases made by hand: a long one, a bare one, one with names of other scripts, one with many items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from clearwake.model import (
    Case,
    Decision,
    Designation,
    Item,
    LegalFact,
    Marking,
    Position,
    Reason,
    Registration,
    Released,
    conform,
    utc,
)
from clearwake.seal import canonical

DAY = date(2018, 2, 13)
RSG, WAN = "imo:7389704", "ship:wan-heng-11"
CLEAR, AMBER = Marking("JPN", "TLP:CLEAR"), Marking("JPN", "TLP:AMBER", ("AUS", "GBR"))


def ident(number: int, kind: str = "item") -> str:
    """Give an id as a release makes them, but the same in every test."""
    return f"{kind}:{number:032x}"


def fact(number: int, kind: str, subject: str | None, value: str | None = None, **more: Any) -> LegalFact:
    """Give a legal fact of an item."""
    given: dict[str, Any] = {"since": DAY, "grade": "probable", "origin": "Japan"}
    return LegalFact(ident(number), kind, subject, value, **{**given, **more})


def reason(
    explanation: str, observation: str, sentence: str, weight: float, *, is_for: bool = True
) -> Reason:
    """Give a reason of an item."""
    return Reason(explanation, is_for, weight, "judgement of the tests", sentence, observation)


def sighting(marking: Marking = CLEAR) -> Item:
    """A patrol aircraft saw the two ships alongside."""
    return Item(
        ident(1), "sighting",
        "RYE SONG GANG 1 and WAN HENG 11 lay alongside each other with hoses connected and lights on.", marking,
        start=utc("2018-02-13T04:20"), lon=124.83, lat=31.33, error_m=18_520.0, platform="P-3C patrol aircraft",
        observer="Japan Maritime Self-Defense Force", ships=(RSG, WAN),
        facts=(fact(1, "transfer", WAN, "met", object=RSG), fact(1, "zone", RSG, "eez"), fact(1, "zone", WAN, "eez"),
               fact(1, "flag", WAN, "BLZ", grade="claimed"), fact(1, "encountered", RSG, "JPN", grade="confirmed")),
        reasons=(reason("breach", "hoses_connected", "Hoses connected the two ships.", 2.4),
                 reason("bunkering", "hoses_connected", "Hoses connected the two ships.", 2.2)),
        origin="Japan", reliability="B", credibility=2,
        citation="Suspicion of illegal ship-to-ship transfers, Ministry of Foreign Affairs of Japan, 14 February 2018",
    )  # fmt: skip


def photograph(marking: Marking = CLEAR) -> Item:
    """One of the photographs published with it."""
    return Item(
        ident(2), "photograph", "The two ships side by side, taken from the air at 13:20 local time.", marking,
        start=utc("2018-02-13T04:21"), ships=(RSG, WAN), origin="Japan", reliability="B", credibility=1,
        rests_on=(ident(1),), sha256="5f0c" * 16,
    )  # fmt: skip


def register(marking: Marking = CLEAR) -> Item:
    """What a register says of the first ship."""
    row = Registration(
        "register of ships", "7389704", name="RYE SONG GANG 1", callsign="HMZQ", flag="PRK",
        ship_type_text="Oil tanker", length_m=98.0, deadweight_t=3_003.0, built_year=1974, status="in service",
        owner="CHONMYONG SHIPPING CO",
    )  # fmt: skip
    return Item(
        ident(3), "registry", "A register has IMO 7389704 as RYE SONG GANG 1, a tanker of the DPRK.", marking,
        ships=(RSG,),
        facts=(fact(3, "flag", RSG, "PRK", grade="confirmed", origin="register", since=date(2010, 1, 1)),),
        reasons=(reason("breach", "dprk_flag", "One of the ships flies the flag of the DPRK.", 2.0),),
        origin="register", reliability="A", credibility=2, rows=canonical(row).decode(),
    )  # fmt: skip


def listing(marking: Marking = CLEAR) -> Item:
    """The Committee's listing of the first ship."""
    row = Designation(
        "un:1718-ships", "un", "1718:2018-01-10", "vessel", "RYE SONG GANG 1", ("RYESONGGANG 1",), imo="7389704",
        flag="PRK", programmes=("1718",), measures=("Port entry ban",), listed_on=utc("2017-12-28"),
    )  # fmt: skip
    return Item(
        ident(4), "listing", "The 1718 Committee designated RYE SONG GANG 1 on 28 December 2017.", marking,
        ships=(RSG,),
        facts=(fact(4, "listed", RSG, "UN", grade="confirmed", origin="Committee", since=date(2017, 12, 28)),),
        origin="Committee", reliability="A", credibility=1, citation="Press release SC/13149, United Nations",
        rows=canonical(row).decode(),
    )  # fmt: skip


def media(marking: Marking = CLEAR) -> Item:
    """A newspaper repeated it."""
    return Item(
        ident(5), "media", "A newspaper reported the sighting, naming Japan as its source.", marking,
        start=utc("2018-02-14"), ships=(RSG, WAN), origin="Japan", reliability="F", credibility=3, rests_on=(ident(1),),
        citation="A newspaper, 14 February 2018",
    )  # fmt: skip


def against(marking: Marking = CLEAR) -> Item:
    """Something that speaks against."""
    return Item(
        ident(6), "statement", "The manager of WAN HENG 11 says she only supplied fuel to fishing vessels that week.",
        marking, start=utc("2018-02-20T09:00"), ships=(WAN,), origin="manager", reliability="E", credibility=4,
        reasons=(reason("bunkering", "", "Her manager says that she supplied fuel to fishing vessels.", 0.7),),
    )  # fmt: skip


def heard(mmsi: int, start: str, every_min: int, places: list[tuple[float, float]]) -> pl.DataFrame:
    """Give positions of one ship, evenly in time along a line through places."""
    at = np.linspace(0, len(places) - 1, (len(places) - 1) * 12 + 1)
    lon = np.interp(at, np.arange(len(places)), [place[0] for place in places])
    lat = np.interp(at, np.arange(len(places)), [place[1] for place in places])
    times = [utc(start) + timedelta(minutes=every_min * n) for n in range(len(at))]
    moved = np.hypot(np.diff(lon, append=lon[-1]), np.diff(lat, append=lat[-1])) * 60 * 60 / every_min
    rows = {
        "mmsi": [mmsi] * len(at),
        "time": times,
        "lon": lon,
        "lat": lat,
        "speed_kn": np.minimum(moved, 12.0),
    }
    return conform(pl.DataFrame(rows).cast({"time": pl.Datetime("ms", "UTC")}), Position)


def track(number: int, mmsi: int, ship: str, marking: Marking = CLEAR) -> Item:
    """An item for a track."""
    return Item(
        ident(number), "track", f"AIS positions of MMSI {mmsi} from 12 to 14 February 2018.", marking,
        start=utc("2018-02-12"), end=utc("2018-02-14"), ships=(ship,), mmsi=mmsi, origin="AIS", reliability="C",
        credibility=2,
    )  # fmt: skip


TRACKS = {
    ident(7): heard(312_000_001, "2018-02-12T06:00", 10,
                    [(122.6, 30.6), (123.5, 30.9), (124.4, 31.2), (124.8301, 31.3300), (124.8306, 31.3302),
                     (124.8308, 31.3303), (124.8309, 31.3301), (124.3, 31.0), (123.4, 30.7)]),
    ident(8): heard(445_000_002, "2018-02-12T06:00", 10,
                    [(126.4, 33.0), (125.9, 32.4), (125.3, 31.8), (124.8310, 31.3310), (124.8312, 31.3309),
                     (124.8313, 31.3311), (124.8314, 31.3310), (125.4, 31.9), (126.2, 32.8)]),
}  # fmt: skip
"""Two made-up tracks: they come together where the aircraft saw the ships, lie there six hours, and part."""


def decision(
    number: int, act: str, role: str, at: str, why: str, marking: Marking = CLEAR, **told: str
) -> Decision:
    """One decision."""
    return Decision(ident(number, "decision"), act, "", role, "JPN", why, utc(at), marking, told=told)


def decisions(marking: Marking = CLEAR) -> tuple[Decision, ...]:
    """A case led to publication."""
    return (
        decision(1, "open", "watch officer", "2018-02-13T06:00", "reported by a patrol aircraft", marking),
        decision(2, "confirm", "analyst", "2018-02-13T20:00", "two independent sources: aircraft and AIS", marking),
        decision(3, "review", "legal adviser", "2018-02-14T02:00", "the elements are put as far as shown", marking),
        decision(4, "offer_reply", "release officer", "2018-02-14T03:00", "by the flag registries", marking,
                 until="2018-02-28"),
        decision(5, "publish", "release officer", "2018-03-01T03:00", "nobody answered", marking),
    )  # fmt: skip


def rye_song_gang(marking: Marking = CLEAR, audience: tuple[str, ...] = ("public",)) -> Released:
    """The long case: sighting, photograph, register, listing, media, a statement against, two tracks."""
    items = (
        *(make(marking) for make in (sighting, photograph, register, listing, media, against)),
        track(7, 312_000_001, WAN, marking), track(8, 445_000_002, RSG, marking),
    )  # fmt: skip
    case = Case(
        "2018-02-13-rye-song-gang-1", "Rye Song Gang 1 and Wan Heng 11", "published", 14, utc("2018-02-13"), (RSG, WAN),
        items, decisions=decisions(marking), standing=("confirmed", "published"),
    )  # fmt: skip
    return Released(case, audience, utc("2018-03-01T03:00"), TRACKS, {}, (), {})


def bare(audience: tuple[str, ...] = ("JPN", "AUS")) -> Released:
    """The short case: one coarsened report of two ships of which one is not named, and nothing else."""
    item = Item(
        ident(1), "sighting", "SAEBYOL and an unidentified ship lay alongside each other.", AMBER,
        start=utc("2019-03-02"), end=utc("2019-03-03"), lon=124.5, lat=31.5, error_m=30_000.0, ships=("ship:saebyol",),
        facts=(replace(fact(1, "transfer", "ship:unknown-1", "met", object="ship:saebyol"), since=date(2019, 3, 2)),),
    )  # fmt: skip
    case = Case("2019-03-02-saebyol", "Saebyol and an unidentified ship", "reported", 2, utc("2019-03-02"),
                ("ship:saebyol",), (item,), standing=("reported",))  # fmt: skip
    return Released(
        case, audience, utc("2019-03-24T12:00"), {}, {ident(1): ("lon", "lat", "start", "platform")}
    )


NAMES = (("닻별 2호", "PRK", "8916293"), ("闽宁德油078", "CHN", None), ("ПАТРИОТ", "RUS", "9003550"),
         ("ناقلة البحر", "IRN", None), ("第八栄丸", "JPN", None))  # fmt: skip


def of_many_scripts() -> Released:
    """A case whose ships are written in Korean, Chinese, Cyrillic, Arabic and Japanese letters."""
    items = []
    for number, (name, flag, imo) in enumerate(NAMES, 1):
        ship = f"imo:{imo}" if imo else f"ship:number-{number}"
        row = Registration("register of ships", imo, name=name, flag=flag, owner=f"{name} Shipping")
        items.append(Item(ident(number), "registry", f"A register has {name} under this flag.", CLEAR, ships=(ship,),
                          facts=(fact(number, "flag", ship, flag, grade="confirmed"),), origin="register",
                          reliability="B", credibility=2, rows=canonical(row).decode()))  # fmt: skip
    met = fact(9, "transfer", items[1].ships[0], "met", object=items[0].ships[0])
    items.append(Item(ident(9), "sighting", "닻별 2호 (Tatbyol 2) lay alongside 闽宁德油078 at night.", CLEAR,
                      start=utc("2018-02-16T15:00"), lon=124.9, lat=31.1, error_m=9_000.0, facts=(met,),
                      ships=(items[0].ships[0], items[1].ships[0]), origin="Japan", reliability="B",
                      credibility=2))  # fmt: skip
    ships = tuple(item.ships[0] for item in items[:5])
    case = Case("2018-02-16-tatbyol-2", "닻별 2호 and 闽宁德油078", "confirmed", 7, utc("2018-02-16"), ships,
                tuple(items), standing=("confirmed",))  # fmt: skip
    return Released(case, ("public",), utc("2018-03-05"))


def of_many_items(count: int = 80) -> Released:
    """A case of many reports, over three months."""
    first = utc("2018-01-05T03:00")
    items = tuple(
        Item(ident(n), "sighting",
             f"Report {n}: RYE SONG GANG 1 lay alongside a ship not named, hoses connected, for {n % 7 + 1} hours, in "
             "swell of two metres, both with lights on and no name painted that could be read.", CLEAR,
             start=_later(first, n), lon=124.0 + n % 9 * 0.2, lat=30.5 + n % 7 * 0.25, error_m=5_000.0,
             ships=(RSG, f"ship:unknown-{n}"), facts=(fact(n, "transfer", f"ship:unknown-{n}", "met", object=RSG,
             since=_later(first, n).date(), act=f"act-{n}"),), origin=f"patrol {n % 4}", reliability="B", credibility=2)
        for n in range(1, count + 1)
    )  # fmt: skip
    case = Case("2018-01-05-rye-song-gang-1", "Rye Song Gang 1 and many ships", "in confirmation", count, first, (RSG,),
                items, standing=("in confirmation",))  # fmt: skip
    return Released(case, ("USA", "JPN"), utc("2018-05-01"))


def _later(first: datetime, number: int) -> datetime:
    return first + timedelta(hours=27 * number)


CASES: Mapping[str, Any] = {
    "long": rye_song_gang, "bare": bare, "scripts": of_many_scripts, "many": of_many_items,
}  # fmt: skip
