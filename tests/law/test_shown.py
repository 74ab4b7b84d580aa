"""The law as it is shown: one object a paragraph, as of a day, without a desk."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from clearwake.cli import statute_book
from clearwake.cli.forms import Format
from clearwake.flow.law import in_full, institutions_on, law
from clearwake.statutes import elements, goods_words, provision, provisions, vocabulary

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "law.md").read_text(encoding="utf-8")


def _told(capfdbinary: pytest.CaptureFixture[bytes], wanted: str | None, on: str) -> list[dict[str, object]]:
    statute_book.tell(wanted, date.fromisoformat(on), Format.JSON, None)
    return [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]


def test_json_is_one_object_a_paragraph_with_its_days(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = {str(row["id"]): row for row in _told(capfdbinary, None, "2017-12-31")}
    assert {"unscr-2375-11", "unscr-2375-14", "unscr-2397-9", "eo-13810-2"} <= set(rows)
    assert not {"unscr-2375-15", "unscr-2397-5", "eo-13848-2"} & set(rows)
    cap = rows["unscr-2375-14"]
    assert [cap[each] for each in ("binding", "in_force_from", "in_force_to", "superseded_by")] == [
        "decides", "2017-09-11", "2017-12-31", "unscr-2397-5"
    ]  # fmt: skip
    assert rows["unscr-2375-11"]["in_force_to"] is None


def test_one_paragraph_is_shown_whether_in_force_or_not(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    [row] = _told(capfdbinary, "UNSCR 2375 ¶14", "2020-01-01")
    assert (row["id"], row["in_force_to"]) == ("unscr-2375-14", "2017-12-31")
    assert "not in force on 2020-01-01" in in_full(provision("unscr-2375-14"), date(2020, 1, 1))


def test_on_a_terminal_it_says_that_it_is_not_the_text_and_who_was_at_work(
    capsys: pytest.CaptureFixture[str],
) -> None:
    statute_book.tell(None, date(2018, 2, 13), Format.TABLE, None)
    said = capsys.readouterr().out
    assert "not the legal texts" in said
    assert "Panel of Experts" in said
    statute_book.tell("eo-13810-1", date(2018, 9, 1), Format.TABLE, None)
    assert "Gudzon Shipping Co LLC" in capsys.readouterr().out


def test_a_file_gets_what_its_ending_says(tmp_path: Path) -> None:
    statute_book.tell(None, date(2018, 2, 13), None, tmp_path / "law.csv")
    lines = (tmp_path / "law.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("id,reference,instrument")


@pytest.mark.parametrize(
    ("day", "many"),
    [("1994-11-15", 0), ("1994-11-16", 10), ("2006-10-13", 11), ("2006-10-14", 15), ("2005-06-29", 11)],
)
def test_so_many_paragraphs_were_in_force(day: str, many: int) -> None:
    assert law(date.fromisoformat(day)).height == many


def test_nobody_was_at_work_before_the_first_resolution() -> None:
    assert institutions_on(date(2006, 10, 13)) == []


def test_the_page_has_every_provision_as_its_file_has_it_and_no_other() -> None:
    section = PAGE.split("## Every provision", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    star = {True: " \\*", False: ""}
    wanted = [
        f"| `{each.id}` | {each.binding} | {each.in_force_from} | {each.in_force_to or ''} | {each.kind} | "
        f"{each.summary}{star[bool(each.review)]} |"
        for each in provisions()
    ]
    assert rows == wanted


def test_the_page_has_every_kind_of_fact_and_goods_word_and_element() -> None:
    assert [name for name in vocabulary() if f"| `{name}` |" not in PAGE] == []
    assert [word for word in goods_words() if f"`{word}`" not in PAGE] == []
    assert [name for name in elements() if f"| `{name}` |" not in PAGE] == []


def test_the_pages_example_runs() -> None:
    example = PAGE.split("```python\n", 1)[1].split("```", 1)[0]
    said = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


def test_the_command_needs_no_desk(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "clearwake", "law", "--on", "2018-02-13", "--format", "json"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    rows = [json.loads(line) for line in said.stdout.splitlines()]
    assert (said.returncode, len(rows), list(tmp_path.iterdir())) == (0, 75, [])
    assert {"id", "binding", "in_force_from", "in_force_to"} <= set(rows[0])
