"""``clearwake whereabouts``: what it prints, where it writes, and how it leaves."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from clearwake.cli import main
from clearwake.desk import Desk
from clearwake.model import utc

MMSI = 563_000_001
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a desk with one ship in the Pacific, silent from 06:00 to 12:00, of which only the places are known."""
    folder = tmp_path_factory.mktemp("cli")
    start = utc("2024-03-01T00:00")
    steps = [n for n in range(145) if not 36 < n < 72]
    lines = [
        f"{MMSI},{start + timedelta(minutes=10 * n):%Y-%m-%dT%H:%M:%SZ},{-150 + n / 30:.5f},5.0"
        for n in steps
    ]
    (folder / "ships.csv").write_text("\n".join(["mmsi,time,lon,lat", *lines]) + "\n", encoding="utf-8")
    with Desk(folder / "desk") as opened:
        opened.read("table", folder / "ships.csv")
        opened.run()
    return folder / "desk"


@pytest.fixture
def ask(desk: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Give a function that asks and says how it left and what it wrote."""

    def run(*words: object, on_terminal: bool = False) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["clearwake", "whereabouts", *map(str, words), "--desk", str(desk)])
        if on_terminal:
            monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsysbinary.readouterr()
        return int(left.value.code or 0), out.decode("latin-1"), err.decode()

    return run


ASKED = ("--mmsi", MMSI, "--at", "2024-03-01T09:00")


def test_in_a_pipe_it_is_a_line_of_json_and_on_request_geojson(ask: Command) -> None:
    code, out, _ = ask(*ASKED)
    row = json.loads(out)
    assert (code, row["mmsi"], row["state"]) == (0, MMSI, "silent")
    assert row["silence"].startswith("silence:")
    code, out, _ = ask(*ASKED, "--format", "geojson")
    roles = [feature["properties"]["role"] for feature in json.loads(out)["features"]]
    assert (code, roles[0]) == (0, "reachable")


def test_on_a_terminal_it_is_said_in_words(ask: Command) -> None:
    code, out, _ = ask(*ASKED, on_terminal=True)
    assert code == 0
    assert out.startswith(f"MMSI {MMSI} was last heard 2024-03-01 06:00 UTC at 5.00N 148.80W")
    assert "ship type unknown: the generous limit" in out
    assert "changing by" in out


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.png", b"\x89PNG"),
        ("a.svg", b"<?xml"),
        ("a.npz", b"PK"),
        ("a.csv", b"mmsi,track,at"),
        ("a.geojson", b"{"),
    ],
)
def test_the_ending_of_the_file_says_the_form(ask: Command, tmp_path: Path, name: str, begins: bytes) -> None:
    assert ask(*ASKED, "--out", tmp_path / name)[0] == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_raster_read_back_is_the_density(ask: Command, tmp_path: Path) -> None:
    assert (
        ask(*ASKED, "--out", tmp_path / "a.npz", "--weights", "run=1,drift=0,loiter=0,port=0,lanes=0")[0] == 0
    )
    with np.load(io.BytesIO((tmp_path / "a.npz").read_bytes())) as arrays:
        assert arrays["share"].sum() == pytest.approx(1.0)
        assert json.loads(str(arrays["about"]))["weights"][1] == "run 1.00"


def test_a_moment_at_which_it_was_heard_is_no_error(ask: Command) -> None:
    code, out, _ = ask("--mmsi", MMSI, "--at", "2024-03-01T03:05")
    assert (code, json.loads(out)["state"]) == (0, "heard")


def test_an_impossible_return_is_no_error_but_said(ask: Command, tmp_path: Path) -> None:
    code, out, _ = ask(*ASKED, "--speed-limit", "5")
    assert (code, json.loads(out)["state"]) == (0, "impossible")
    assert ask(*ASKED, "--speed-limit", "5", "--out", tmp_path / "a.png")[0] == 0


def test_a_ship_never_heard_leaves_with_1_and_a_question_without_sense_with_2(
    ask: Command, tmp_path: Path
) -> None:
    assert ask("--mmsi", 999, "--at", "2024-03-01")[0] == 1
    assert "no ship with MMSI 999 was heard" in ask("--mmsi", 999, "--at", "2024-03-01")[2]
    for words in (
        ("--mmsi", MMSI),
        (*ASKED, "--silence", "silence:x", "--sighting", "y"),
        (*ASKED, "--weights", "x"),
    ):
        assert ask(*words)[0] == 2
    assert ask(*ASKED, "--out", tmp_path / "a.tif")[0] == 2
    assert ask(*ASKED, "--format", "png", on_terminal=True)[0] == 2
