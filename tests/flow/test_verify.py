"""Bundles checked: what is reproduced, what is withheld, and that whatever is changed is found and named."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from tests.dossier.released_cases import CLEAR, ident, rye_song_gang

from clearwake.dossier.face import made
from clearwake.dossier.packing import FINDINGS, ITEMS, MANIFEST, zipped
from clearwake.flow.bundle import bundle_files, manifest, material_of, sealed
from clearwake.flow.findings import findings
from clearwake.flow.verify import Verified, read_manifest, verify
from clearwake.model import NOT_REPRODUCED, REPRODUCED, WITHHELD, Designation, Item, Released, empty
from clearwake.seal import canonical, digest

MEETING = {
    "kind": "encounter", "start": "2018-02-12T12:10:00Z", "end": "2018-02-12T18:00:00Z", "mmsi_a": 312_000_001,
    "mmsi_b": 445_000_002,
}  # fmt: skip


def event(number: int, **row: object) -> Item:
    """Give an item that says the desk found an event."""
    told = canonical(MEETING | row).decode()
    return Item(ident(number), "event", "Two ships lay close together.", CLEAR, rows=told)


def with_events(*items: Item) -> Released:
    """Give the long case with more items."""
    released = rye_song_gang()
    return replace(released, case=replace(released.case, items=(*released.case.items, *items)))


def picture() -> bytes:
    """Give a small photograph."""
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "#335577").save(written, "PNG")
    return written.getvalue()


def bundle(released: Released) -> dict[str, bytes]:
    """Make the files of a bundle, as a desk without a key would."""
    photographs = {ident(2): picture()}
    face = made("press", material_of(released, findings(released), "desk@example.org"), photographs)
    return sealed(bundle_files(face, released, empty(Designation), photographs, "b.zip"), face)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The bundle of a case that says an event was found, one that cannot be, and one whose track is withheld."""
    return bundle(with_events(event(20), event(21, mmsi_b=477_000_003)))


@pytest.fixture
def checked(tmp_path: Path) -> Callable[[bytes], Verified]:
    """How to check the bytes of a bundle."""

    def check(content: bytes) -> Verified:
        (tmp_path / "b.zip").write_bytes(content)
        return verify(tmp_path / "b.zip")

    return check


Check = Callable[[bytes], Verified]


def resealed(files: Mapping[str, bytes], **changed: bytes) -> bytes:
    """Change files as somebody would who can write a manifest but not sign it."""
    now = {
        **files,
        **{name.replace("__", "/").replace("_json", ".json"): each for name, each in changed.items()},
    }
    told = {name: each for name, each in read_manifest(files[MANIFEST]).items() if name != "sealed"}
    told["files"] = {n: {"sha256": digest(c), "bytes": len(c)} for n, c in now.items() if n != MANIFEST}
    return zipped({**now, MANIFEST: manifest(told, None)})


def test_everything_is_reproduced_but_what_was_withheld(files: dict[str, bytes], checked: Check) -> None:
    found = checked(zipped(files))
    assert found.is_reproduced
    assert [(row.item, row.why) for row in found.rows if row.verdict == WITHHELD] == [
        (MANIFEST, "no desk signed it; its files agree with each other only"),
        (f"{ident(21)} (event)", "the positions of MMSI 477000003 at that time were not released"),
    ]
    done = {row.check for row in found.rows if row.verdict == REPRODUCED}
    assert done == {"file", "archive", "element", "outcome", "option", "assessment", "weight", "match", "event",
                    "statement", "document"}  # fmt: skip
    assert {row.item for row in found.rows if row.check == "document"} == {
        "document.json", "dossier.html", "dossier.pdf", "figures/map.png", "figures/photograph-1.png"
    }  # fmt: skip


def test_any_byte_that_is_changed_is_found_and_its_file_named(
    files: dict[str, bytes], checked: Check
) -> None:
    whole, chance = zipped(files), random.Random(11)  # noqa: S311 - which bytes are changed is no secret
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        entries, directory = archive.infolist(), archive.start_dir
    for entry in entries:
        begin = entry.header_offset + 30 + len(entry.filename)
        altered = bytearray(whole)
        altered[begin + chance.randrange(max(entry.file_size, 1))] ^= 1 << chance.randrange(8)
        last = checked(bytes(altered)).rows[-1]
        assert (last.verdict, entry.file_size == 0 or entry.filename in last.item) == (NOT_REPRODUCED, True)
    for at in (*range(len(whole) - 22, len(whole)), *(directory + chance.randrange(400) for _ in range(20)),
               *(entry.header_offset + chance.randrange(30) for entry in entries)):  # fmt: skip
        altered = bytearray(whole)
        altered[at] ^= 1 << chance.randrange(8)
        assert not checked(bytes(altered)).is_reproduced, at


def test_a_bundle_cut_short_or_of_something_else_is_not_reproduced(
    files: dict[str, bytes], checked: Check
) -> None:
    whole = zipped(files)
    for content in (b"", b"PK", whole[: len(whole) // 2], whole + b"\0"):
        assert not checked(content).is_reproduced
    without = {name: content for name, content in files.items() if name != ITEMS}
    assert checked(zipped(without)).rows[-1].item == ITEMS
    more = {**files, "evidence/more.txt": b"-"}
    assert checked(zipped(more)).rows[-1].item == "evidence/more.txt"


def test_a_bundle_that_was_packed_again_is_the_same_bundle(files: dict[str, bytes], checked: Check) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    found = checked(written.getvalue())
    assert found.is_reproduced
    (archived,) = (row for row in found.rows if row.check == "archive")
    assert archived.why == "packed again by somebody; its files are as they were"


def test_a_finding_that_does_not_follow_is_named_though_every_hash_agrees(
    files: dict[str, bytes], checked: Check
) -> None:
    told = json.loads(files[FINDINGS])
    row = next(each for each in told["tables"]["elements"] if each["status"] == "missing")
    row["status"] = "established"
    found = checked(resealed(files, findings__findings_json=msgspec.json.format(canonical(told)) + b"\n"))
    failed = [each for each in found.rows if each.verdict == NOT_REPRODUCED]
    assert [(each.check, each.item) for each in failed] == [
        ("element", " ".join(row[name] for name in ("provision", "element", "act", "about") if row[name]))
    ]
    assert failed[0].why == "status: said 'established', follows 'missing'"


def test_a_weight_that_does_not_follow_is_named(files: dict[str, bytes], checked: Check) -> None:
    told = json.loads(files[FINDINGS])
    row = next(each for each in told["tables"]["weighed"] if each["item"] and each["is_counted"])
    was, row["weight"] = row["weight"], 5.0
    found = checked(resealed(files, findings__findings_json=msgspec.json.format(canonical(told)) + b"\n"))
    failed = [each for each in found.rows if each.verdict == NOT_REPRODUCED]
    assert [(each.check, each.why) for each in failed] == [("weight", f"weight: said 5.0, follows {was}")]
    assert row["item"] in failed[0].item


def test_a_finding_left_out_and_a_document_that_says_otherwise_are_named(
    files: dict[str, bytes], checked: Check
) -> None:
    told = json.loads(files[FINDINGS])
    gone = told["tables"]["outcomes"].pop()
    page = files["dossier.html"].replace(b"roughly even chance", b"almost certain")
    content = resealed({**files, "dossier.html": page}, findings__findings_json=canonical(told))
    failed = [each for each in checked(content).rows if each.verdict == NOT_REPRODUCED]
    assert [each.check for each in failed] == ["outcome", "document"]
    assert gone["provision"] in failed[0].item
    assert failed[1].item == "dossier.html"


def test_an_event_that_the_released_track_contradicts_is_not_reproduced(checked: Check) -> None:
    said = event(22, start="2018-02-12T08:00:00Z", end="2018-02-12T10:00:00Z")
    found = checked(zipped(bundle(with_events(said))))
    assert [(row.check, row.verdict) for row in found.rows[-1:]] == [("statement", NOT_REPRODUCED)]
    assert found.rows[-1].why == (
        "found on the released positions from 2018-02-12 12:10 to 2018-02-12 18:00 UTC, "
        "and said from 2018-02-12 08:00 to 2018-02-12 10:00 UTC"
    )


def test_the_bundle_of_a_manifest_with_another_signature_is_not_reproduced(
    files: dict[str, bytes], checked: Check
) -> None:
    told = read_manifest(files[MANIFEST])
    told["sealed"] |= {"public_key": "00" * 32, "signature": "00" * 64}
    forged = {**files, MANIFEST: msgspec.json.format(canonical(told)) + b"\n"}
    last = checked(zipped(forged)).rows[-1]
    assert (last.check, last.why) == ("signature", "the desk that is named did not sign this")
