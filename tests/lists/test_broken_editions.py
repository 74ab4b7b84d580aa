"""A broken edition of any list is refused whole and leaves with a code; the last good one stays in force."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.lists import test_ofac_advanced as advanced
from tests.lists import test_uk as uk
from tests.lists.test_eu import HEAD as EU_HEAD
from tests.lists.test_ftm import entity, lines
from tests.lists.test_maritime import HEAD as MARITIME_HEAD

from clearwake.cli import main
from clearwake.desk import Desk
from clearwake.lists import LISTS
from clearwake.model import UnreadableFileError

Sizes = tuple[int, int, int]
"""Ships, companies, persons."""


def imo(number: int) -> str:
    """Give a ship's IMO number with its check digit."""
    digits = f"{900000 + number}"
    return digits + str(sum(int(d) * w for d, w in zip(digits, range(7, 1, -1), strict=True)) % 10)


def kinds(sizes: Sizes, *words: str) -> Iterator[tuple[int, str]]:
    """Give each party's number and the word for its kind."""
    number = 0
    for size, word in zip(sizes, words, strict=True):
        for _ in range(size):
            number += 1
            yield number, word


def ofac(sizes: Sizes) -> str:
    rows = (
        f'{number},"PARTY {number}",{kind},"DPRK4",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1960."\r\n'
        for number, kind in kinds(sizes, '"vessel"', "-0- ", '"individual"')
    )
    return "".join(rows) + "\x1a"


def ofac_xml(sizes: Sizes) -> str:
    parties, listings = list[str](), list[str]()
    for number, kind in kinds(sizes, "1", "3", "4"):
        parties.append(advanced.party(str(number), kind, advanced.name(f"PARTY {number}", "1"), "1:1525"))
        listings.append(advanced.listing(str(number), "DPRK4", advanced.day(2018, 8, 21)))
    content = advanced.whole("\n".join(parties), "", "".join(listings))
    return content.replace("SDN List", "Consolidated List")


def un(sizes: Sizes) -> str:
    told = [
        f"<{kind}><DATAID>{number}</DATAID><FIRST_NAME>PARTY {number}</FIRST_NAME></{kind}>"
        for number, kind in kinds((0, *sizes[1:]), "", "ENTITY", "INDIVIDUAL")
    ]
    entities, persons = "".join(told[: sizes[1]]), "".join(told[sizes[1] :])
    return (
        '<?xml version="1.0"?>\n<CONSOLIDATED_LIST dateGenerated="2013-02-27T00:00:09Z">'
        f"<INDIVIDUALS>{persons}</INDIVIDUALS><ENTITIES>{entities}</ENTITIES></CONSOLIDATED_LIST>"
    )


def eu(sizes: Sizes) -> str:
    rows = (
        f"32017R1509,{number},EU-PRK,XIV.A,Asset freeze,30.3.2018,STS,{kind},PARTY {number},,,,,,\n"
        for number, kind in kinds(sizes, "Vessel", "LegalEntity", "Person")
    )
    return EU_HEAD + "\n" + "".join(rows)


def uk_xml(sizes: Sizes) -> str:
    told = (
        f"<Designation><UniqueID>X{number}</UniqueID><Names><Name><Name6>PARTY {number}</Name6></Name></Names>"
        f"<RegimeName>R</RegimeName><IndividualEntityShip>{kind}</IndividualEntityShip></Designation>"
        for number, kind in kinds(sizes, "Ship", "Entity", "Individual")
    )
    return uk.xml(*told).replace("20/08/2026", "20/08/2021")


def uk_csv(sizes: Sizes) -> str:
    rows = (
        {"Unique ID": f"X{number}", "Name 6": f"PARTY {number}", "Regime Name": "R", "Designation Type": kind}
        for number, kind in kinds(sizes, "Ship", "Entity", "Individual")
    )
    return uk.csv(*rows, dated="")


def ftm(sizes: Sizes) -> str:
    return lines(*(
        entity(f"e{number}", kind, f"PARTY {number}", name=f"PARTY {number}", topics="sanction")
        for number, kind in kinds(sizes, "Vessel", "Company", "Person")
    ))  # fmt: skip


def maritime(sizes: Sizes) -> str:
    rows = (
        f'"{kind}","PARTY {number}","IMO{imo(number)}","sanction","","","","NK-{number}","","",""\n'
        for number, kind in kinds(sizes, "VESSEL", "ORGANIZATION", "ORGANIZATION")
    )
    return MARITIME_HEAD + "".join(rows)


def watchlist(sizes: Sizes) -> str:
    rows = (f"PARTY {number},{kind},,DPRK\n" for number, kind in kinds(sizes, "vessel", "company", "person"))
    return "name,kind,imo,programme\n" + "".join(rows)


@dataclass(frozen=True)
class Publication:
    """One form of one list: how to write an edition of some size, and how large a good one is."""

    reader: str
    file: str
    write: Callable[[Sizes], str]
    good: Sizes


PUBLICATIONS = {
    "ofac legacy": Publication("ofac", "SDN.CSV", ofac, (30, 1050, 1950)),
    "ofac advanced": Publication("ofac", "SDN_ADVANCED.XML", ofac_xml, (0, 120, 80)),
    "un": Publication("un", "consolidated.xml", un, (0, 150, 360)),
    "eu": Publication("eu", "annexes.csv", eu, (60, 80, 120)),
    "uk xml": Publication("uk", "UK-Sanctions-List.xml", uk_xml, (40, 260, 720)),
    "uk csv": Publication("uk", "UK-Sanctions-List.csv", uk_csv, (40, 260, 720)),
    "ftm": Publication("ftm", "sample.ftm.json", ftm, (40, 30, 30)),
    "maritime": Publication("maritime", "maritime.csv", maritime, (40, 30, 0)),
    "watchlist": Publication("watchlist", "mine.csv", watchlist, (40, 30, 30)),
}


def other_header(content: str) -> str:
    """Give the same rows under another root or header."""
    if content.startswith("<"):
        root = content.rstrip().rpartition("</")[2].rstrip(">")
        return content.replace(f"<{root}", "<OtherList").replace(f"</{root}>", "</OtherList>")
    if content.startswith("{"):
        return '{"name": "PARTY"}\n' + content
    return "colour,size,weight\n" + content.partition("\n")[2]


def halved(sizes: Sizes) -> Sizes:
    """Give half of each size."""
    ships, companies, persons = sizes
    return ships // 2, companies // 2, persons // 2


BREAKS: dict[str, Callable[[Publication], str]] = {
    "a web page": lambda _: "<!DOCTYPE html>\n<html><body>503 Service Unavailable</body></html>",
    "another header": lambda one: other_header(one.write(one.good)),
    "cut short": lambda one: one.write(one.good).rstrip()[:-8],
    "half of everything": lambda one: one.write(halved(one.good)),
    "without its ships": lambda one: one.write((0, one.good[1], one.good[2] if one.good[0] else 0)),
    "nothing in it": lambda _: "",
}


@pytest.fixture(scope="module", params=PUBLICATIONS)
def held(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Publication, Path]:
    """Give a publication and a desk that holds a good edition of it."""
    one, folder = PUBLICATIONS[request.param], tmp_path_factory.mktemp("held")
    file = folder / one.file
    file.write_text(one.write(one.good), encoding="utf-8", newline="")
    with Desk(folder / "desk") as desk:
        desk.read(one.reader, file)
    return one, folder


def test_every_list_that_has_editions_is_tried_here() -> None:
    assert {one.reader for one in PUBLICATIONS.values()} == {one.name for one in LISTS if one.is_edition}


@pytest.mark.parametrize("how", BREAKS)
def test_a_broken_edition_is_refused_and_the_last_good_one_stays(
    held: tuple[Publication, Path], how: str
) -> None:
    one, folder = held
    broken = folder / "broken" / one.file
    broken.parent.mkdir(exist_ok=True)
    broken.write_text(BREAKS[how](one), encoding="utf-8", newline="")
    with Desk(folder / "desk") as desk:
        before = desk.show("designations")
        with pytest.raises(UnreadableFileError):
            desk.read(one.reader, broken)
        assert desk.show("editions").height == 1
        assert desk.show("designations").equals(before)
        assert before.height == sum(one.good)
        assert desk.show("quarantine").height == 0


def test_a_refusal_leaves_with_another_code_than_0(
    held: tuple[Publication, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, folder = held
    broken = folder / one.file.lower()
    broken.write_text(BREAKS["half of everything"](one), encoding="utf-8", newline="")
    monkeypatch.setattr(
        "sys.argv", ["clearwake", "read", one.reader, str(broken), "--desk", str(folder / "desk")]
    )
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code not in (0, None)
    assert "fewer" in (said := capsys.readouterr().err) or "complete edition" in said


def test_an_edition_read_again_changes_nothing_and_a_good_next_one_takes_its_place(tmp_path: Path) -> None:
    first, second = tmp_path / "mine-2018-08-21.csv", tmp_path / "mine-2018-09-21.csv"
    first.write_text(watchlist((40, 30, 30)))
    second.write_text(watchlist((40, 30, 31)).replace("PARTY 7,vessel,,DPRK", "PARTY 7,vessel,9003550,DPRK"))
    with Desk(tmp_path / "desk") as desk:
        desk.read("watchlist", first, known_at="2018-08-21")
        assert desk.read("watchlist", first, known_at="2018-08-21").files[0].already_read
        desk.read("watchlist", second, known_at="2018-09-21")
        assert desk.show("designations").height == 101
        changes = desk.show("list_changes").select("change", "name", "field", "before", "after").rows()
    assert json.loads(json.dumps(changes)) == [
        ["added", "PARTY 101", None, None, None],
        ["added", "PARTY 7", None, None, None],
        ["removed", "PARTY 7", None, None, None],
    ]
