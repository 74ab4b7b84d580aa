"""Verify: hash a bundle again, and work everything in it out again from its evidence; no desk is needed.

Three words: *reproduced*; *withheld*, where the evidence of something was not released, which is no failure; *not
reproduced*, and why.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from clearwake import seal
from clearwake.dossier.face import composed, made
from clearwake.dossier.packing import (
    DOCUMENT,
    FINDINGS,
    MANIFEST,
    Rows,
    Unpacked,
    file_of,
    findings_rows,
    rows_of,
    unpacked,
    unreadable,
    unzipped,
    zipped,
)
from clearwake.flow.bundle import FORMAT, material_of
from clearwake.flow.findings import findings, same
from clearwake.flow.statements import statements
from clearwake.flow.versions import DRAWN_BY, versions
from clearwake.model import (
    NOT_REPRODUCED,
    REPRODUCED,
    WITHHELD,
    Findings,
    NotFoundError,
    UnreadableFileError,
    VerifiedRow,
)

FEW_BYTES = 16
"""An archive that differs from its one form in no more bytes was damaged or altered; in more, packed again."""

MOST_APART = 0.05
"""Mean difference of two pictures, of 255 shades, up to which they show the same."""

KEYS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "elements": ("element", ("provision", "element", "act", "about")),
    "outcomes": ("outcome", ("provision", "act", "about")),
    "options": ("option", ("option", "provision", "ship")),
    "assessment": ("assessment", ("explanation",)),
    "weighed": ("weight", ("explanation", "item", "observation")),
    "matches": ("match", ("id", "list", "entity_id", "tier")),
    "detention": ("detention", ("kind", "day", "entry")),
}
"""Of each table of findings: what a row of it is called, and the columns that tell rows apart."""


@dataclass(frozen=True)
class Verified:
    """What became of everything in a bundle, what was not reproduced last."""

    rows: tuple[VerifiedRow, ...]

    def count(self, verdict: str) -> int:
        """Count the rows of one verdict."""
        return sum(row.verdict == verdict for row in self.rows)

    @property
    def is_reproduced(self) -> bool:
        """Whether nothing failed."""
        return self.count(NOT_REPRODUCED) == 0


def verify(path: Path) -> Verified:
    """Check a bundle: every file's hash, every finding, every statement that can be checked, the documents.

    Raises:
        NotFoundError: If there is no such file.
    """
    if not path.is_file():
        message = f"no such file: {path}\n  next: name the bundle, a .zip that clearwake dossier wrote"
        raise NotFoundError(message)
    checked = _Checking(path.name, path.read_bytes())
    checked.run()
    order = {REPRODUCED: 0, NOT_REPRODUCED: 2}
    return Verified(tuple(sorted(checked.rows, key=lambda row: order.get(row.verdict, 1))))


class _Checking:
    """One bundle being checked."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.content = name, content
        self.rows: list[VerifiedRow] = []
        self.is_same = True

    def run(self) -> None:
        """Check as far as what is there can be read."""
        try:
            files, faults = unzipped(self.content, self.name)
        except UnreadableFileError as error:
            self._failed("archive", self.name, error.found)
            return
        for name, why in faults.items():
            self._failed("file", name, f"cannot be taken out of the archive: {why}")
        told = self._manifest(files, faults)
        if told is None:
            return
        self._files(files, told, faults)
        self._archive(files, told, faults)
        if any(row.verdict == NOT_REPRODUCED for row in self.rows):
            return  # What is not as it was says nothing, and what differs first is what was changed.
        try:
            self._worked_out(files, told)
        except UnreadableFileError as error:
            self._failed("file", error.where, f"{error.found}; it was read as {error.read_as}")

    def _add(self, check: str, item: str, verdict: str, why: str) -> None:
        self.rows.append(VerifiedRow(check, item, verdict, why, self.is_same))

    def _failed(self, check: str, item: str, why: str) -> None:
        self._add(check, item, NOT_REPRODUCED, why)

    def _manifest(self, files: Mapping[str, bytes], faults: Mapping[str, str]) -> dict[str, Any] | None:
        """Read the manifest and check its own hash and signature; None if nothing can be held against it."""
        if MANIFEST not in files:
            if MANIFEST not in faults:
                self._failed("file", MANIFEST, "not in the bundle; nothing can be held against it")
            return None
        try:
            told = read_manifest(files[MANIFEST])
        except UnreadableFileError as error:
            self._failed("file", MANIFEST, error.found)
            return None
        self.is_same = told["versions"] == versions()
        why = fault_of(told, files[MANIFEST])
        if why is not None:
            self._failed("file", MANIFEST, why)
        else:
            self._add("file", MANIFEST, REPRODUCED, "its own hash agrees")
        self._signature(told)
        return told

    def _signature(self, told: Mapping[str, Any]) -> None:
        sealed, body = told["sealed"], {name: each for name, each in told.items() if name != "sealed"}
        if "signature" not in sealed:
            self._add(
                "signature", MANIFEST, WITHHELD, "no desk signed it; its files agree with each other only"
            )
            return
        key = str(sealed.get("public_key"))
        if seal.is_signed(key, str(sealed["signature"]), seal.canonical(body)):
            self._add("signature", MANIFEST, REPRODUCED, f"signed by the desk {seal.desk_name(key)}")
        else:
            self._failed("signature", MANIFEST, "the desk that is named did not sign this")

    def _files(self, files: Mapping[str, bytes], told: Mapping[str, Any], faults: Mapping[str, str]) -> None:
        for name, said in sorted(told["files"].items()):
            if name in faults:
                continue
            if name not in files:
                self._failed("file", name, "in the manifest, and not in the bundle")
            elif seal.digest(files[name]) != said.get("sha256"):
                self._failed(
                    "file", name, f"its SHA-256 is {seal.digest(files[name])}, and was {said.get('sha256')}"
                )
            else:
                self._add("file", name, REPRODUCED, "its SHA-256 agrees")
        for name in sorted(files.keys() - told["files"].keys() - {MANIFEST}):
            self._failed("file", name, "in the bundle, and not in the manifest")

    def _archive(
        self, files: Mapping[str, bytes], told: Mapping[str, Any], faults: Mapping[str, str]
    ) -> None:
        """Hold the archive's bytes against the one way it is written; a repacked one is told, and no failure."""
        if faults or files.keys() != {*told["files"], MANIFEST}:
            return
        wanted = zipped(files)
        apart = differing(self.content, wanted)
        if not apart:
            self._add("archive", self.name, REPRODUCED, "every byte of it is where it was")
        elif len(apart) <= FEW_BYTES:
            where = member_at(wanted, apart[0])
            self._failed(
                "archive", f"{self.name}, byte {apart[0]}", f"altered in what the archive says of {where}"
            )
        else:
            self._add(
                "archive", self.name, REPRODUCED, "packed again by somebody; its files are as they were"
            )

    def _worked_out(self, files: Mapping[str, bytes], told: Mapping[str, Any]) -> None:
        given = unpacked(files)
        found = findings(given.released, given.designations)
        for check, item, why in differences(findings_rows(files), rows_of(found)):
            if why:
                self._failed(check, item, self._by_another(why, told))
            else:
                self._add(check, item, REPRODUCED, "worked out again, the same")
        for item, verdict, why in statements(given.released, found, given.photographs):
            self._add("statement", item, verdict, why)
        self._documents(files, told, given, found)

    def _by_another(self, why: str, told: Mapping[str, Any]) -> str:
        if self.is_same:
            return why
        own = versions()
        names = [name for name in {**told["versions"], **own} if told["versions"].get(name) != own.get(name)]
        return f"{why}; it was made with other versions of {', '.join(sorted(names))}"

    def _documents(
        self, files: Mapping[str, bytes], told: Mapping[str, Any], given: Unpacked, found: Findings
    ) -> None:
        """Compose the document again and, where the same programs draw, the page and the PDF, byte for byte."""
        if not self.is_same:
            return
        material = material_of(given.released, found, str(told["contact"]), told["versions"]["clearwake"])
        kind = str(told["kind"])
        document = composed(kind, material, given.photographs)
        if pretty(document) != file_of(files, DOCUMENT):
            self._failed("document", DOCUMENT, "composed again it says something else")
            return
        self._add("document", DOCUMENT, REPRODUCED, "composed again from the evidence, the same")
        shown = {name: file_of(files, f"figures/{name}") for name in document.figures}
        drawn = made(kind, material, given.photographs)
        for name, content in drawn.pictures.items():
            self._drawn(f"figures/{name}", is_alike(content, shown[name]))
        # With the pictures as they are: a machine that draws a line one pixel off says nothing about the words.
        face = replace(drawn, pictures=shown)
        self._drawn("dossier.html", face.html() == file_of(files, "dossier.html"))
        self._drawn("dossier.pdf", face.pdf() == file_of(files, "dossier.pdf"))

    def _drawn(self, name: str, is_same: bool) -> None:  # noqa: FBT001 - the one thing it is told
        if is_same:
            self._add("document", name, REPRODUCED, "made again from the evidence, the same")
        else:
            self._failed("document", name, f"made again with the same {', '.join(DRAWN_BY)} it is another")


def is_alike(one: bytes, other: bytes) -> bool:
    """Tell whether two pictures show the same, but for a pixel's rounding here and there."""
    if one == other:
        return True
    from PIL import Image, ImageChops, ImageStat  # noqa: PLC0415 - slow to import, and seldom needed

    try:
        with Image.open(io.BytesIO(one)) as a, Image.open(io.BytesIO(other)) as b:
            first, second = a.convert("RGB"), b.convert("RGB")
    except (OSError, ValueError, SyntaxError):
        return False
    if first.size != second.size:
        return False
    return max(ImageStat.Stat(ImageChops.difference(first, second)).mean) < MOST_APART


def read_manifest(content: bytes) -> dict[str, Any]:
    """Read a manifest.

    Raises:
        UnreadableFileError: If it is none.
    """
    try:
        told = msgspec.json.decode(content)
    except msgspec.MsgspecError as error:
        raise unreadable(MANIFEST, str(error), "JSON") from error
    needed = {"format": str, "files": dict, "versions": dict, "sealed": dict, "kind": str, "contact": str}
    wrong = [
        n for n, kind in needed.items() if not isinstance(told, dict) or not isinstance(told.get(n), kind)
    ]
    if wrong or not all(isinstance(each, dict) for each in told["files"].values()):
        raise unreadable(
            MANIFEST, f"no {', '.join(wrong) or 'hash of each file'}", "the manifest of a bundle"
        )
    if told["format"] != FORMAT:
        raise unreadable(MANIFEST, f"format {told['format']!r}", f"a bundle of the format {FORMAT!r}")
    manifest: dict[str, Any] = told
    return manifest


def fault_of(told: Mapping[str, Any], content: bytes) -> str | None:
    """Say what is wrong with a manifest in itself; None if nothing is."""
    body = {name: each for name, each in told.items() if name != "sealed"}
    if seal.digest(seal.canonical(body)) != told["sealed"].get("sha256"):
        return "it does not have the hash that it gives itself: it was altered"
    return None if pretty(told) == content else "it is not written in the one way it can be: it was altered"


def pretty(value: Any) -> bytes:  # noqa: ANN401 - whatever JSON can say
    """Write JSON for people, in the one way bundles have it."""
    return msgspec.json.format(seal.canonical(value)) + b"\n"


def differing(one: bytes, other: bytes) -> list[int]:
    """Give where two byte strings differ; where one is longer, its end is one place."""
    least = min(len(one), len(other))
    a, b = (np.frombuffer(each, np.uint8, least) for each in (one, other))
    places = [int(at) for at in np.flatnonzero(a != b)]
    return places if len(one) == len(other) else [*places, least]


def member_at(archive: bytes, at: int) -> str:
    """Name the file whose header or bytes lie at a place of an archive; its directory lies at the end."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        before = [each for each in opened.infolist() if each.header_offset <= at]
        return "its directory" if at >= opened.start_dir else before[-1].filename


def differences(said: Rows, now: Rows) -> Iterator[tuple[str, str, str]]:
    """Hold rows of findings against those worked out again: check, item, and why they differ, empty where not."""
    for name in sorted({*said, *now}):
        check, keys = KEYS.get(name, ("event", ("id",)))
        before, after = _by_key(said.get(name, ()), keys), _by_key(now.get(name, ()), keys)
        for key in {**before, **after}:
            item = " ".join(each for each in key if each)
            if key not in after:
                yield check, item, "it does not follow from the evidence"
            elif key not in before:
                yield check, item, f"it follows from the evidence, and is not in {FINDINGS}"
            else:
                yield check, item, _apart(before[key], after[key])


def _by_key(
    rows: Iterable[Mapping[str, Any]], keys: tuple[str, ...]
) -> dict[tuple[str, ...], Mapping[str, Any]]:
    found: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for row in rows:
        key = tuple(str(row.get(each) or "") for each in keys)
        number = 2
        while key in found:
            key, number = (*key[: len(keys)], f"({number})"), number + 1
        found[key] = row
    return found


def _apart(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    names = same(before, after)
    return "; ".join(
        f"{each}: said {_short(before.get(each))}, follows {_short(after.get(each))}" for each in names
    )


def _short(value: object) -> str:
    told = repr(value)
    return told if len(told) <= 80 else f"{told[:77]}..."
