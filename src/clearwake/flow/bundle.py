"""Bundles: a dossier of a kind for an audience, as a document alone or with everything needed to check it.

What goes in is made from the release alone; the desk adds only its signature, and puts the copy on record.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from clearwake import release, seal
from clearwake.archive import Archive
from clearwake.cases.naming import slug
from clearwake.dossier.exports import exports
from clearwake.dossier.face import Made, made
from clearwake.dossier.material import Material
from clearwake.dossier.packing import DOCUMENT, FINDINGS, MANIFEST, evidence, findings_json, zipped
from clearwake.dossier.ships import name_of, ships_of
from clearwake.flow import releasing
from clearwake.flow.casework import By
from clearwake.flow.findings import findings, law_day, near_listings
from clearwake.flow.listed import designations
from clearwake.flow.signing import key_of
from clearwake.flow.versions import versions
from clearwake.model import DOSSIER_KINDS, PUBLIC, Case, Findings, NotFoundError, Released, UsageError
from clearwake.release import Check
from clearwake.store import Store

FORMAT = "clearwake bundle 1"

PDF, HTML, BUNDLE = ".pdf", ".html", ".zip"

README = """\
{dossier}

This is a dossier with everything needed to check it.  Read dossier.pdf or dossier.html.

To check it, on any machine with clearwake (https://github.com/clearwake/clearwake):

    clearwake verify {file}

evidence/   what everything is worked out from: items, decisions, positions, listings, photographs
findings/   what follows: events, matches, elements, options, assessment
figures/    the pictures
exports/    the same for other programs: FollowTheMoney, GeoJSON, CSV
manifest.json   the SHA-256 of every file, and by which versions it was made

{handling}  {audience}
"""


@dataclass(frozen=True)
class Given:
    """What came of a dossier: where it is, its number, what was withheld and whose permission that would take."""

    dossier: str
    file: Path
    sha256: str
    version: releasing.Version
    checks: tuple[Check, ...] = ()


def dossier(  # noqa: PLR0913 - which case, kind, for whom, where to, who and why, all by name
    store: Store,
    archive: Archive,
    name: str,
    kind: str,
    audience: Sequence[str],
    out: Path,
    *,
    contact: str = "",
    by: By | None = None,
    despite: str | None = None,
) -> Given:
    """Write a dossier of a case, and record that it was given.

    Args:
        store: The desk.
        archive: Its received files, for photographs.
        name: The case.
        kind: One of ``DOSSIER_KINDS``.
        audience: Parties, or ``public``.
        out: A file whose name ends in ``.pdf``, ``.html`` or, for all with its evidence, ``.zip``.
        contact: Where to say that something is wrong.
        by: Who gives it.
        despite: Why it is given though it says what it must not; goes on record.

    Raises:
        NotFoundError: If there is no such case.
        NotReleasableError: If it says what it must not, or the case is published and the gate not passed.
        UsageError: If there is no such kind or ending.
    """
    form = form_of(out, kind)
    version = releasing.version_of(store, name, audience)
    pictures = _photographs(archive, version)
    listings = _listings(store, version.released)
    found = findings(version.released, listings)
    checks = _checked(store, version, found, pictures, despite)
    face = made(kind, material_of(version.released, found, contact), pictures)
    if form == BUNDLE:
        files = bundle_files(face, version.released, listings, pictures, out.name)
        content = zipped(sealed(files, face, store))
    else:
        content = face.pdf() if form == PDF else face.html()
    sha256 = seal.digest(content)
    releasing.record(
        store, version, f"dossier {face.document.dossier} ({kind}, {form[1:]})", sha256, by, despite
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)
    return Given(face.document.dossier, out, sha256, version, checks)


def _checked(
    store: Store,
    version: releasing.Version,
    found: Findings,
    pictures: Mapping[str, bytes],
    despite: str | None,
) -> tuple[Check, ...]:
    """Make sure that a version says nothing it must not and, where the case is published, passes the gate.

    Raises:
        NotReleasableError: If not.
    """
    name = version.case.id
    if version.faults and despite is None:
        ask = "write those texts anew, mark anew, have it permitted, retract again, or say --despite WHY"
        raise releasing.NotReleasableError(name, version.faults, ask)
    checks = releasing.gate(store, version, found, pictures) if PUBLIC in version.released.audience else ()
    not_passed = release.failed(checks)
    if not_passed and releasing.PUBLISHED & {*version.case.standing}:
        told = [f"{each.name}: {each.sentence}\n    next: {each.do_next}" for each in not_passed]
        raise releasing.NotReleasableError(
            name, told, "see above; the gate is asked because the case is published"
        )
    return checks


def form_of(out: Path, kind: str) -> str:
    """Tell by the name of a file which form a dossier is to have.

    Raises:
        UsageError: If its ending says nothing, or there is no such kind.
    """
    if kind not in DOSSIER_KINDS:
        message = f"there is no dossier of kind {kind!r}\n  next: choose one of {', '.join(DOSSIER_KINDS)}"
        raise UsageError(message)
    form = out.suffix.lower()
    if form not in (PDF, HTML, BUNDLE):
        message = (
            f"{out.name!r} does not say which form it is to have\n  next: end it in {PDF}, {HTML} or {BUNDLE}"
        )
        raise UsageError(message)
    return form


def _listings(store: Store, released: Released) -> pl.DataFrame:
    """Give the open lists' entries that the ships of a release come near to, which are what it is held against."""
    listed = designations(store, None)
    listed = listed.filter(pl.col("list").is_in(releasing.OPEN_LISTS))
    return near_listings(released.case, listed, law_day(released))


def _photographs(archive: Archive, version: releasing.Version) -> dict[str, bytes]:
    """Give the photographs of a version by item, pixels and nothing else."""
    names = release.Secret(version.secret)
    held = {
        names.of(item.id): item for item in version.case.items if item.kind == "photograph" and item.sha256
    }
    there = [each.id for each in version.released.case.items if each.id in held]
    shown = [each for each in there if each not in version.released.coarsened]
    found: dict[str, bytes] = {}
    for each in shown:
        # A photograph whose file this desk never had is named by what is told of it alone.
        with contextlib.suppress(NotFoundError):
            found[each] = releasing.bared(archive, version.case.id, held[each])[0]
    return found


def material_of(released: Released, found: Findings, contact: str, clearwake: str | None = None) -> Material:
    """Give what a document is composed of; the same of the same release wherever it is made."""
    made_by = clearwake or versions()["clearwake"]
    return Material(released, found, number_of(released), f"clearwake {made_by}", contact)


def number_of(released: Released) -> str:
    """Number a dossier: the day and first ship that its audience reads, and the beginning of the release's hash."""
    case = released.case
    day = case.day.date().isoformat() if case.day else ""
    return "-".join(each for each in (day, _ship(case), _hash_of(released)[:8]) if each)


def _ship(case: Case) -> str:
    ships = ships_of(case)
    return slug(name_of(case, ships[0])) if ships else ""


def _hash_of(released: Released) -> str:
    told = (released.case, released.audience, released.made_at, dict(released.coarsened), released.leaning)
    return seal.digest(seal.canonical(told))


# The files of a bundle


def bundle_files(
    face: Made, released: Released, listings: pl.DataFrame, photographs: Mapping[str, bytes], name: str
) -> dict[str, bytes]:
    """Give the files of a bundle, all but its manifest."""
    document = face.document
    told = {
        "dossier": document.dossier,
        "handling": document.handling,
        "audience": document.audience,
        "file": name,
    }
    return {
        "README.txt": README.format(**told).encode(),
        DOCUMENT: msgspec.json.format(seal.canonical(document)) + b"\n",
        "dossier.pdf": face.pdf(),
        "dossier.html": face.html(),
        **{f"figures/{each}": content for each, content in face.pictures.items()},
        **evidence(released, listings, photographs),
        FINDINGS: findings_json(face.material.findings),
        **exports(face.material),
    }


def sealed(files: Mapping[str, bytes], face: Made, store: Store | None = None) -> dict[str, bytes]:
    """Add the manifest: every file's hash, the versions, and the desk's signature where there is a desk."""
    document = face.document
    told = {
        "format": FORMAT,
        "dossier": document.dossier,
        "kind": document.kind,
        "audience": face.material.released.audience,
        "handling": document.handling,
        "made_at": face.material.released.made_at,
        "contact": face.material.contact,
        "versions": versions(),
        "files": {
            name: {"sha256": seal.digest(content), "bytes": len(content)} for name, content in files.items()
        },
    }
    return {**files, MANIFEST: manifest(told, store)}


def manifest(told: Mapping[str, Any], store: Store | None) -> bytes:
    """Write a manifest with its own hash and, by a desk, its signature; in the one way it can be written."""
    content = seal.canonical(told)
    signed: dict[str, str] = {"sha256": seal.digest(content)}
    if store is not None:
        key = key_of(store)
        signed |= {"public_key": seal.public_hex(key), "signature": seal.sign(key, content)}
    return msgspec.json.format(seal.canonical({**told, "sealed": signed})) + b"\n"
