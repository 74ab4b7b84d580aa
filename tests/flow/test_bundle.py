"""Dossiers of a desk: what goes out, what stays, that it is put on record, and that it can be checked elsewhere."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from clearwake.desk import Desk
from clearwake.flow.casework import By
from clearwake.flow.releasing import NotReleasableError
from clearwake.flow.verify import verify
from clearwake.model import Item, Marking, NotFoundError, UsageError

SIGHTING = """\
time,lon,lat,error_m,observer,platform,codes,name,imo,flag,partner,partner_name
2018-02-13T04:20:00Z,124.83,31.33,9000,Japan,P-3C,alongside;hoses_connected,RYE SONG GANG 1,7389704,PRK,ship,WAN HENG 11
"""

CASE = "2018-02-13-rye-song-gang-1"

AOKI = By("Aoki", "watch officer", "JPN")

CANARY = "Quokka-7"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with a case: a sighting anybody may have, and a statement that nobody else may."""
    (tmp_path / "sighting.csv").write_text(SIGHTING)
    secret = Item(
        "", "statement", f"{CANARY} saw it too.", Marking("JPN", "TLP:RED"), origin=CANARY, platform=CANARY
    )
    with Desk(tmp_path / "desk") as opened:
        opened.read("sightings", tmp_path / "sighting.csv")
        sighting = opened.show("sightings")["id"][0]
        opened.cases.open(sighting, AOKI, marks={"tlp": "TLP:CLEAR", "originator": "JPN"})
        opened.cases.add(CASE, [secret], AOKI)
        yield opened


def test_a_bundle_holds_what_may_be_given_is_put_on_record_and_can_be_checked_without_the_desk(
    desk: Desk, tmp_path: Path
) -> None:
    given = desk.dossier(
        CASE, "press", "public", tmp_path / "out" / "press.zip", contact="desk@example.org", by=AOKI
    )
    found = verify(given.file)
    assert found.is_reproduced
    assert [row.why[:18] for row in found.rows if row.check == "signature"] == ["signed by the desk"]
    with zipfile.ZipFile(given.file) as archive:
        held = b"".join(archive.read(each) for each in archive.namelist())
    assert b"RYE SONG GANG 1" in held
    assert CANARY.encode() not in held
    assert CASE.encode() in held  # of the day and ship that the audience reads, not of the desk's own id
    assert [need.what for need in given.version.needed][-1:] == [f"statement: {CANARY} saw it too."]
    last = desk.cases.log(CASE).row(-1, named=True)
    assert (last["act"], last["who"]) == ("copy", "Aoki")
    assert given.dossier in last["why"]


def test_a_document_alone_is_written_by_the_ending_of_its_name(desk: Desk, tmp_path: Path) -> None:
    page = desk.dossier(CASE, "notice", "public", tmp_path / "notice.html", by=AOKI).file.read_bytes()
    assert page.startswith(b"<!doctype html>")
    assert CANARY.encode() not in page
    with pytest.raises(UsageError, match=r"end it in \.pdf, \.html or \.zip"):
        desk.dossier(CASE, "notice", "public", tmp_path / "notice.docx", by=AOKI)
    with pytest.raises(UsageError, match="choose one of case, notice, committee, press, compliance"):
        desk.dossier(CASE, "verdict", "public", tmp_path / "verdict.pdf", by=AOKI)
    with pytest.raises(NotFoundError):
        desk.dossier("2018-01-01-nobody", "notice", "public", tmp_path / "notice.pdf", by=AOKI)


def test_a_text_that_quotes_what_is_withheld_does_not_leave(desk: Desk, tmp_path: Path) -> None:
    told = Item("", "document", f"As {CANARY} told us.", Marking("JPN", "TLP:CLEAR"), origin="JPN")
    desk.cases.add(CASE, [told], AOKI)
    with pytest.raises(NotReleasableError):
        desk.dossier(CASE, "press", "public", tmp_path / "press.pdf", by=AOKI)
    assert not (tmp_path / "press.pdf").exists()
