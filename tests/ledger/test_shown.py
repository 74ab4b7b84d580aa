"""The ledger as it leaves the program: pages, objects, days and pictures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.ledger.entries import entries, rows, year_of

from clearwake.cli import exit_code
from clearwake.cli.account import example
from clearwake.cli.app import app
from clearwake.dossier.ledger_chart import ledger_chart
from clearwake.flow.ledger import Asked
from clearwake.ledger import Told, from_deliveries, page
from clearwake.model import ClearwakeError, LedgerYear, UsageError, records

ROWS = """date,ship,capacity_bbl,laden,stage_of,status
2018-02-01,ALPHA,400000,1,BRAVO,confirmed
2018-02-09,BRAVO,400000,1,,confirmed
2018-06-09,CHARLIE,100000,1,,confirmed
2018-07-01,DELTA,100000,1,,contested
2018-08-01,ECHO,900000,1,,refuted
not a day,FOXTROT,900000,1,,confirmed
"""
NOTES = "date,ship,volume_bbl,supplier\n2018-06-10,GOLF,50000,Some State\n"


def told(capfdbinary: pytest.CaptureFixture[bytes], *words: str, code: int = 0) -> str:
    """Run one command, and give what it wrote."""
    try:
        left = app(list(words), standalone_mode=False)
    except ClearwakeError as error:
        left = exit_code(error)
    assert (left or 0) == code
    return capfdbinary.readouterr().out.decode()


@pytest.fixture(scope="module")
def worked() -> LedgerYear:
    """Give the worked example."""
    with example() as desk:
        [year] = records(desk.ledger(2018), LedgerYear)
    return year


def test_the_published_arithmetic_of_early_2018_holds_to_the_barrel(worked: LedgerYear) -> None:
    assert (worked.year, worked.product, worked.provision, worked.cap_bbl) == (
        2018, "refined", "unscr-2397-5", 500_000,
    )  # fmt: skip
    assert (worked.deliveries, worked.capacity_bbl) == (89, 1_519_587)
    published = worked.published
    assert (published["one_third_bbl"], published["half_bbl"]) == (506_529, 759_794)
    assert published["ninety_percent_bbl"] == 1_367_628
    assert published["one_third_exceeds"]
    assert 0.95 < (worked.p_exceeded or 0.0) < 1.0
    assert 0.85 < (worked.p_exceeded_shared or 0.0) < 0.92
    assert "Derived: no capacity is published" in worked.findings[0]
    assert len(worked.by_day) == 365
    assert next(row["day"] for row in worked.by_day if row["p_exceeded"] >= 0.5) == worked.first_exceeded


def test_the_page_of_the_ledger_gives_the_worked_example_s_figures(worked: LedgerYear) -> None:
    told = " ".join((Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8").split())
    figures = [f"{worked.quantiles[name]:,}" for name in ("p05", "p50", "p95")]
    figures += [
        f"has probability {worked.p_exceeded:.2f}",
        f"{worked.p_exceeded_shared:.2f} were all laden alike",
    ]
    figures += [f"{worked.first_exceeded:%-d %B}"]
    assert [each for each in figures if each not in told] == []


def test_a_desk_s_deliveries_are_read_counted_and_shown(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    desk = str(tmp_path / "desk")
    for source, text, code in (("deliveries", ROWS, 3), ("notifications", NOTES, 0)):
        file = tmp_path / f"{source}.csv"
        file.write_text(text)
        told(capfdbinary, "read", source, str(file), "--desk", desk, "--known-at", "time+30d", code=code)
    ask = ("ledger", "--year", "2018", "--desk", desk)
    [line] = told(capfdbinary, *ask).splitlines()
    year = json.loads(line)
    counts = ("deliveries", "stages", "refuted", "contested", "notified", "notified_bbl", "contested_bbl")
    assert {name: year[name] for name in counts} == {
        "deliveries": 3, "stages": 1, "refuted": 1, "contested": 1, "notified": 1, "notified_bbl": 50_000,
        "contested_bbl": 100_000,
    }  # fmt: skip
    assert (year["p_exceeded"], year["first_exceeded"]) == (1.0, "2018-06-10")
    page = told(capfdbinary, *ask, "--format", "table")
    assert "cap 500,000 bbl (UNSCR 2397 ¶5); 3 deliveries not known to be notified, 1 notified" in page
    days = told(capfdbinary, *ask, "--format", "csv").splitlines()
    assert days[0].startswith("year,product,provision,cap_bbl,day,p_exceeded")
    assert len(days) == 366
    shown = [json.loads(row) for row in told(capfdbinary, "show", "deliveries", "--desk", desk).splitlines()]
    assert {row["ship"]: row["counted"] for row in shown} == {
        "ALPHA": "stage", "BRAVO": "counted", "CHARLIE": "counted", "DELTA": "counted", "ECHO": "refuted",
        "GOLF": "notified",
    }  # fmt: skip
    known = json.loads(told(capfdbinary, *ask, "--as-of", "2018-06-30"))
    assert (known["deliveries"], known["notified"], known["p_exceeded"]) == (1, 0, 0.0)
    table = told(capfdbinary, "show", "ledger", "--desk", desk, "--format", "csv")
    assert table.startswith("year,product")


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_ledger_is_drawn(worked: LedgerYear, form: str, begins: bytes) -> None:
    assert ledger_chart(worked, form).startswith(begins)


def test_a_year_without_a_cap_and_without_deliveries_is_drawn_and_told() -> None:
    year = year_of([], 2016)
    assert ledger_chart(year).startswith(b"\x89PNG")
    assert "no cap was in force" in page(year)


@pytest.mark.parametrize(
    "words", [(), ("--example", "--plot", "x.gif"), ("--example", "--happened", "refuted=1"),
              ("--example", "--happened", "reported=2"), ("--example", "--correlation", "1.5")],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_refused(
    capfdbinary: pytest.CaptureFixture[bytes], words: tuple[str, ...]
) -> None:
    told(capfdbinary, "ledger", *words, code=2)


def test_how_likely_each_status_is_can_be_given() -> None:
    text = "date ship capacity_bbl\n2018-02-01 ALPHA 900000"
    sure, never = (
        year_of(list(from_deliveries(rows(text), Told(happened=Asked.of(0.5, said).happened or {}))))
        for said in ("reported=1", "reported=0")
    )
    assert sure.p_exceeded == sure.p_exceeded_if_all_happened
    assert (never.p_exceeded, never.expected_bbl) == (0.0, 0)
    assert never.published == sure.published
    with pytest.raises(UsageError):
        Asked.of(0.5, "perhaps=1")


def test_one_delivery_is_told_as_one() -> None:
    year = year_of(entries("id date ship volume_bbl\na 2018-02-13 ALPHA 5000"))
    assert "; 1 delivery not known to be notified, 0 notified" in page(year)
    assert ": 1 delivery not known to be notified, by ships" in year.sentence
