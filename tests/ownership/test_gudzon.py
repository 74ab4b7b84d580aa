"""The two companies and six ships of 21 August 2018, on the real US list: linked, and each blocked by its own entry."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from clearwake.cli import exit_code
from clearwake.cli.app import app
from clearwake.desk import Desk

GUDZON, PRIMORYE = "GUDZON SHIPPING CO LLC", "PRIMORYE MARITIME LOGISTICS CO LTD"
SHIPS = {"PATRIOT": "9003550", "BELLA": "8808264", "BOGATYR": "9085730", "NEPTUN": "8404991",
         "PARTIZAN": "9113020", "SEVASTOPOL": "9235127"}  # fmt: skip

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def desk(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with the US list of December 2020, and one made-up company that the two own together."""
    folder = tmp_path_factory.mktemp("gudzon")
    table = folder / "owners.csv"
    table.write_text(
        "owner,owner_country,owned,owned_imo,role,share,from\n"
        f"{GUDZON},Russia,Holding Ltd,,owner,30,2017-01-01\n"
        f"{PRIMORYE},Russia,Holding Ltd,,owner,25,2017-01-01\n"
        "Holding Ltd,,Made Up,9074729,owner,50,2018\n"
    )
    lists = [shared / "sanctions_ofac" / f"{part}_bench.csv.gz" for part in ("sdn", "add", "alt")]
    with Desk(folder / "desk") as opened:
        opened.read("ofac", *lists, known_at="2020-12-01")
        opened.read("ownership", table)
    return folder / "desk"


def shown(desk: Path) -> pl.DataFrame:
    done = CliRunner().invoke(app, ["show", "ownership", "--on", "2020-12-31", "--desk", str(desk)])
    assert done.exit_code == 0, done.output
    return pl.DataFrame([json.loads(line) for line in done.stdout.splitlines()], infer_schema_length=None)


def test_the_six_ships_and_two_companies_are_blocked_by_their_own_entries_and_linked_without_a_share(
    desk: Path,
) -> None:
    rows = shown(desk)
    for name, imo in SHIPS.items():
        (ship,) = rows.filter(imo=imo).iter_rows(named=True)
        assert (ship["name"], ship["us"], ship["eu"], ship["uk"]) == (
            name,
            "blocked",
            "not shown",
            "not shown",
        )
        assert "itself listed" in ship["sentence"]
        assert ship["chain_us"] == []
        assert f"{name} is linked to {GUDZON}" in ship["links"]
    (patriot,) = rows.filter(imo=SHIPS["PATRIOT"]).iter_rows(named=True)
    assert set(patriot["links"]) == {f"PATRIOT is linked to {one}" for one in (GUDZON, PRIMORYE)}
    (company,) = rows.filter(name=GUDZON).iter_rows(named=True)
    assert set(company["links"]) == {f"{GUDZON} is linked to {name}" for name in SHIPS}


def test_what_the_two_own_together_is_blocked_and_explained_down_to_the_received_lines(desk: Path) -> None:
    (ship,) = shown(desk).filter(name="Made Up").iter_rows(named=True)
    assert (ship["us"], ship["eu"], ship["uk"]) == ("blocked", "not shown", "not shown")
    assert len(ship["chain_us"]) == 3
    done = CliRunner().invoke(app, ["explain", ship["id"], "--format", "json", "--desk", str(desk)])
    assert done.exit_code == 0, done.output
    assert f"{PRIMORYE},Russia,Holding Ltd,,owner,25,2017-01-01" in done.stdout


def test_the_picture_of_patriot_shows_both_companies_and_all_sisters(desk: Path, tmp_path: Path) -> None:
    out = tmp_path / "patriot.svg"
    asked = [
        "picture",
        "ownership",
        SHIPS["PATRIOT"],
        "--on",
        "2020-12-31",
        "--out",
        str(out),
        "--desk",
        str(desk),
    ]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    text = out.read_text()
    assert [name for name in (*SHIPS, *SHIPS.values(), "PRIMORYE", "GUDZON") if name not in text] == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [(["ownership", "NOBODY AT ALL", "--out", "x.svg"], 1), (["ownership", "PATRIOT", "--out", "x.gif"], 2),
     (["weather", "PATRIOT", "--out", "x.svg"], 2)],
)  # fmt: skip
def test_a_picture_of_nobody_or_in_no_known_form_is_refused(desk: Path, asked: list[str], code: int) -> None:
    done = CliRunner().invoke(app, ["picture", *asked, "--desk", str(desk)])
    assert isinstance(done.exception, Exception)
    assert exit_code(done.exception) == code
