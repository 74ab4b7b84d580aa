"""Photographs of cases: what is none is refused when it is added, and named for the desk where it stands in a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearwake.archive import Archive
from clearwake.flow import casework
from clearwake.flow.casefiles import keep_file, keep_photograph
from clearwake.flow.casework import By
from clearwake.flow.releasing import release_case
from clearwake.model import Item, Marking, NotFoundError, UnreadableFileError, utc
from clearwake.store import Store

CLEAR = Marking("JPN", "TLP:CLEAR")
JAPAN = By("Tanaka", "analyst", "JPN")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7 no picture")
    return path


def test_a_photograph_that_is_no_picture_is_refused_when_it_is_added(report: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "desk") as store:
        archive = Archive(tmp_path / "desk" / "archive")
        with pytest.raises(UnreadableFileError) as refused:
            keep_photograph(store, archive, report, CLEAR)
        assert str(refused.value) == (
            f"{report}: no picture of a kind that can be read\n  read as a photograph\n"
            "  next: give it as JPEG or PNG, or add it with --document; nothing was added"
        )
        with pytest.raises(NotFoundError):
            keep_photograph(store, archive, tmp_path / "absent.png", CLEAR)
        assert store.receipts().height == 0


def test_a_photograph_that_cannot_be_shown_is_named_by_the_desk_s_own_id_with_what_to_do(
    report: Path, tmp_path: Path
) -> None:
    with Store(tmp_path / "desk") as store:
        archive = Archive(tmp_path / "desk" / "archive")
        sha256 = keep_file(store, archive, report, CLEAR)
        taken = Item("", "photograph", "a photograph", CLEAR, utc("2018-02-13"), ships=("imo:8660313",), origin="JPN",
                     reliability="B", credibility=2, sha256=sha256)  # fmt: skip
        name = casework.open_case(
            store, JAPAN, title="Two tankers", day=utc("2018-02-13"), ships=["imo:8660313"], items=[taken],
            marking=CLEAR,
        ).id  # fmt: skip
        (own,) = (each.id for each in casework.case(store, name).items)
        with pytest.raises(UnreadableFileError) as told:
            release_case(store, archive, name, ("public",), tmp_path / "out", by=JAPAN)
        assert str(told.value) == (
            f"{name}, {own}: no picture of a kind that can be read\n  read as a photograph\n"
            f"  next: clearwake case decide {name} withdraw --rests-on {own} --why ..., and add it with --document"
        )
        casework.decide(store, name, "withdraw", JAPAN, why="no picture", rests_on=(own,))
        assert release_case(store, archive, name, ("public",), tmp_path / "out", by=JAPAN).folder.exists()
