"""Cases as somebody outside uses them: only the command line, its JSON, its exit codes and what it says on errors."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from clearwake.cli import main

REPORT = """\
time,lon,lat,observer,platform,seen,name,imo,flag,partner_name,grading,marking,originator
2018-02-13T11:30Z,124.9,31.1,Hatakaze,P-3C,"hoses connected",RYE SONG GANG 1,7389704,PRK,WAN HENG 11,A2,TLP:AMBER,JPN
"""
CASE = "2018-02-13-rye-song-gang-1"
SATO = ("--who", "Sato", "--role", "analyst", "--nation", "JPN")
KIM = ("--who", "Kim", "--role", "analyst", "--nation", "KOR")


@dataclass(frozen=True)
class Said:
    code: int
    rows: list[dict[str, Any]]
    errors: str


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A desk with one sighting, and the command line on it, in this process."""
    for name in ("WHO", "ROLE", "NATION", "DATABASE"):
        monkeypatch.delenv(f"CLEARWAKE_{name}", raising=False)
    monkeypatch.setenv("CLEARWAKE_DESK", str(tmp_path / "desk"))
    monkeypatch.chdir(tmp_path)
    Path("report.csv").write_text(REPORT)

    def clearwake(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["clearwake", *words])
        with pytest.raises(SystemExit) as end:
            main()
        told = capsys.readouterr()
        rows = [json.loads(line) for line in told.out.splitlines() if line.startswith("{")]
        return Said(int(end.value.code or 0), rows, told.err)

    assert clearwake("sighting", "add", "report.csv").code == 0
    return clearwake


def test_a_case_is_led_from_a_report_to_a_confirmation_and_nothing_is_published_by_haste(run: Run) -> None:
    sighting = run("show", "sightings").rows[0]["id"]
    opened = run("case", "open", "--from", sighting, *SATO)
    assert (opened.code, opened.rows[0]["id"], opened.rows[0]["state"]) == (0, CASE, "reported")
    assert opened.rows[0]["ships"] == ["imo:7389704", "ship:wan-heng-11"]

    first = run("case", "decide", CASE, "confirm", *SATO, "--why", "clear photographs")
    assert (first.code, first.rows[0]["state"]) == (1, "in confirmation")
    assert "two independent sources" in first.errors
    assert run("case", "decide", CASE, "confirm", *KIM, "--why", "so I think").rows[0]["state"] == "confirmed"

    refused = run("case", "decide", CASE, "publish", "--role", "release officer", "--why", "now")
    assert (refused.code, refused.rows) == (1, [])
    assert "'legal_review'" in refused.errors
    moved = run("case", "decide", CASE, "refute", *KIM, "--why", "no", "--seen", "2")
    assert moved.code == 1
    assert "confirm by Sato: clear photographs" in moved.errors

    shown = run("case", "show", CASE, "--format", "json").rows[0]
    assert (shown["state"], shown["version"], shown["independent_origins"]) == ("confirmed", 4, ["jpn"])
    assert {"transfer", "flag"} <= {fact["kind"] for fact in shown["items"][0]["facts"]}
    walked = run("explain", shown["items"][0]["id"], "--format", "json").rows[0]
    assert walked["children"][0]["children"][0]["details"]["origin"] == "report.csv", (
        "down to the received bytes"
    )
    log = run("case", "log", CASE, "--format", "json").rows
    assert [row["act"] for row in log] == ["open", "add", "confirm", "confirm"]
    assert [row["who"] for row in log] == ["Sato", "Sato", "Sato", "Kim"]
    assert [row["id"] for row in run("show", "cases").rows] == [CASE]
    assert run("show", "items").rows[0]["grade"] == "A2"
    assert len(run("show", "decisions").rows) == 4


def test_a_chain_is_checked_against_a_head_kept_elsewhere(run: Run, tmp_path: Path) -> None:
    run("case", "open", "--title", "Something", "--day", "2018-03-01", "--ship", "YU JONG 2")
    assert run("case", "head", "--out", str(tmp_path / "head.json")).code == 0
    assert run("case", "check", "--head", str(tmp_path / "head.json")).code == 0
    kept = json.loads((tmp_path / "head.json").read_text())
    (tmp_path / "longer.json").write_text(json.dumps(kept | {"entries": kept["entries"] + 1}))
    forged = run("case", "check", "--head", str(tmp_path / "longer.json"))
    assert (forged.code, forged.rows[0]["fault"]) == (1, "forged")


def test_a_case_out_of_which_something_was_deleted_is_shown_with_a_warning(run: Run, tmp_path: Path) -> None:
    run("case", "open", "--title", "Something", "--day", "2018-03-01", "--ship", "YU JONG 2")
    run("case", "decide", "2018-03-01-yu-jong-2", "note", "--why", "seen twice")
    with closing(sqlite3.connect(tmp_path / "desk" / "case.db")) as sql:
        sql.execute("DELETE FROM chain_entries WHERE number = 2")
        sql.commit()
    said = run("case", "log", "2018-03-01-yu-jong-2")
    assert (said.code, len(said.rows)) == (1, 1)
    assert "had 2 decisions that could be read; there are 1" in said.errors


def test_evidence_comes_from_files_and_with_its_own_marking(run: Run, tmp_path: Path) -> None:
    case = run("case", "open", "--title", "Papers", "--day", "2018-03-02", "--ship", "YU JONG 2").rows[0][
        "id"
    ]
    page = tmp_path / "page.html"
    page.write_text("a page")
    assert run("case", "add", case, "--media", str(page)).code == 2
    cited = run(
        "case", "add", case, "--media", str(page), "--citation", "A paper, 2018-03-03", "--tlp", "CLEAR"
    )
    assert cited.code == 0
    flag = {"kind": "flag", "subject": "ship:yu-jong-2", "value": "PRK"}
    told = {
        "kind": "statement",
        "sentence": "It left.",
        "origin": "Harbour master",
        "grade": "B2",
        "facts": [flag],
    }
    (tmp_path / "items.json").write_text(
        json.dumps([told | {"start": "2018-03-01", "releasable_to": ["JPN"]}])
    )
    assert run("case", "add", case, "--file", str(tmp_path / "items.json"), "--originator", "KOR").code == 0
    named = run(
        "case",
        "add",
        case,
        "--kind",
        "statement",
        "--sentence",
        "x",
        "--ship",
        "mmsi:445123000",
        "--same",
        "mmsi:1=imo:2",
    )
    assert (named.code, "choose among mmsi:445123000" in named.errors) == (2, True)
    media, statement = run("case", "show", case).rows[0]["items"]
    assert (media["grade"], media["tlp"], len(media["sha256"])) == ("F3", "TLP:CLEAR", 64)
    assert (statement["originator"], statement["releasable_to"], statement["start"]) == (
        "KOR", ["JPN"], "2018-03-01T00:00:00.000Z",
    )  # fmt: skip
    assert (statement["facts"][0]["grade"], statement["facts"][0]["id"]) == ("B2", statement["id"])


WRONG = (
    (("case", "show", "nothing"), 1, "there is no case 'nothing'"),
    (("case", "open", "--from", "sighting:nothing"), 1, "nothing in this desk has the id"),
    (("case", "open"), 2, "a title or a first piece of evidence"),
    (("case", "open", "--title", "x", "--day", "soon"), 2, "--day 'soon' is no date"),
    (("case", "decide", CASE, "convict", "--why", "x"), 2, "'convict' cannot be decided"),
    (("case", "decide", CASE, "note"), 2, "without a reason"),
    (("case", "decide", CASE, "detain", "--why", "x", "--tell", "by"), 2, "WHAT=TEXT"),
    (
        ("case", "add", "nothing", "--kind", "statement", "--sentence", "x"),
        1,
        "there is no case 'nothing'",
    ),
    (("case", "check", "--head", "report.csv"), 3, "read as a head"),
    (("case", "show"), 2, "Missing argument"),
)


def test_errors_say_what_is_wrong_and_end_with_their_code(run: Run) -> None:
    for words, code, told in WRONG:
        said = run(*words)
        assert (said.code, said.rows) == (code, []), words
        assert told in said.errors


def test_publishing_says_what_the_public_would_not_get_and_the_way_out_can_be_gone(run: Run) -> None:
    sighting = run("show", "sightings").rows[0]["id"]
    run("case", "open", "--from", sighting, *SATO)
    public = ("--sentence", "A ministry published it.", "--kind", "statement", "--origin", "ministry")
    item = run("case", "add", CASE, *public, "--tlp", "CLEAR", "--grade", "B2", *SATO).rows[0]["item"]
    lawyer = ("--who", "Mori", "--role", "legal adviser", "--nation", "JPN")
    late = ("--on", "2018-03-01", "--until", "2018-04-01")
    for words in (("confirm", *SATO), ("review", *lawyer), ("offer-reply", *late, *SATO)):
        assert run("case", "decide", CASE, *words, "--why", "x").code == 0
    officer = ("--who", "Abe", "--role", "commander", "--nation", "JPN")
    said = run("case", "decide", CASE, "publish", "--why", "x", *officer)
    assert said.code == 0
    assert "is on record as published; release and dossier --to public will refuse it" in said.errors
    assert f"confirm --rests-on {item} --tlp CLEAR" in said.errors
    again = ("confirm", "--rests-on", item, "--tlp", "CLEAR")
    assert run("case", "decide", CASE, "take-up", "--why", "again", *SATO).code == 0
    assert run("case", "decide", CASE, *again, "--why", "so", *SATO).code == 1
    assert run("case", "decide", CASE, *again, "--why", "so too", *KIM).code == 0
    assert run("case", "decide", CASE, "review", "--why", "still", *lawyer).code == 0
    refused = run("release", CASE, "--to", "public", "--out", "public")
    assert "elements: " in refused.errors
    assert "sources: " not in refused.errors
    log = {row["act"]: row["on"] for row in run("case", "log", CASE).rows}
    assert (log["offer_reply"], log["publish"]) == ("2018-03-01", None)
    shown = run("case", "show", CASE, "--format", "table")
    assert shown.code == 0
