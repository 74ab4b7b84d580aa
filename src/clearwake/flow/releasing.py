"""Releases: an audience's version of a case, made, checked, written to a folder and put on record.

``release`` makes the version and knows no case book; this brings it the case, the positions of its tracks and the rules
by which decisions are folded, keeps the secret under which its ids were made, and records who was given what.
"""

from __future__ import annotations

import secrets
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as installed
from pathlib import Path

import polars as pl

from clearwake import release, seal
from clearwake.archive import Archive
from clearwake.cases import History
from clearwake.flow import casework
from clearwake.flow.advance import POSITIONS
from clearwake.flow.casework import By
from clearwake.flow.chains import moment_now
from clearwake.flow.collisions import others_of
from clearwake.flow.findings import findings
from clearwake.flow.listed import designations
from clearwake.model import (
    PUBLIC,
    Case,
    ClearwakeError,
    Decision,
    Findings,
    Item,
    Needed,
    Position,
    Released,
    UnreadableFileError,
    UsageError,
    empty,
    table,
)
from clearwake.release import Check
from clearwake.store import Store

PUBLISHED = frozenset({"published", "replied to"})
"""Words of a case's standing that say it is public, so that the gate must be passed."""

RELEASES = "releases"
"""The setting that keeps, per copy, the secret that opens its commitments."""


OPEN_LISTS = ("ofac", "un", "eu", "uk", "ftm", "maritime")
"""Lists that anybody can have from their publishers; entries of a desk's own lists go out only as items."""


class NotReleasableError(ClearwakeError):
    """A version must not leave as it is; nothing was written.

    Attributes:
        faults: What it says that it must not, or which checks of the gate failed.
    """

    def __init__(self, where: str, faults: Sequence[str], do_next: str) -> None:
        self.faults = tuple(faults)
        told = "".join(f"\n  {each}" for each in faults)
        super().__init__(f"{where}: not released{told}\n  next: {do_next}")


@dataclass(frozen=True)
class Version:
    """An audience's version of a case with what the desk alone knows about it."""

    case: Case
    released: Released
    needed: tuple[Needed, ...]
    secret: bytes
    """What its ids and salts were made of."""
    faults: tuple[str, ...]
    """What it says that it must not: withheld values in somebody's words, or what the desk no longer holds."""

    def given(self) -> tuple[str, ...]:
        """Give the desk's ids of all that is given in some form."""
        names = release.Secret(self.secret)
        there = {i.id for i in self.released.case.items} | {d.id for d in self.released.case.decisions}
        known = [*(i.id for i in self.case.items), *(d.id for d in self.case.decisions)]
        return tuple(one for one in known if names.of(one) in there)


@dataclass(frozen=True)
class ReleaseReport:
    """What came of a release."""

    case: str
    audience: tuple[str, ...]
    folder: Path
    files: tuple[str, ...]
    needed: tuple[Needed, ...]
    checks: tuple[Check, ...] = ()
    """Of the gate, where the audience is the public."""
    faults: tuple[str, ...] = ()
    """What was released all the same, for a reason that somebody gave."""

    def as_table(self) -> pl.DataFrame:
        """Give what is withheld or coarsened and whose permission more would take, a table of ``Needed``."""
        return table(list(self.needed), Needed)


def folded(case: str, decisions: Sequence[Decision], items: Sequence[Item], leaning: frozenset[str]) -> Case:
    """Fold released decisions under the rules of cases, as any desk would that knew these and no others.

    Args:
        case: The released case's id.
        decisions: In their order.
        items: What is released, also where its adding is not told.
        leaning: Ids of what leans on withheld evidence by permission: such a confirmation is taken at its word.
    """
    history = History(case)
    added = {d.item.id for d in decisions if d.item is not None}
    history.items |= {item.id: item for item in items if item.id not in added}
    for decision in decisions:
        history.take(decision.nation, decision)
        if decision.act == "confirm" and decision.id in leaning and history.state == "in confirmation":
            history.stand("judgement", "confirmed")
    return history.case()


def version_of(
    store: Store, name: str, audience: Sequence[str], at: datetime | None = None, secret: bytes | None = None
) -> Version:
    """Make the version of a case that an audience may have; nothing is written or recorded.

    Args:
        store: The desk.
        name: The case.
        audience: Parties, or ``public``; see ``release.audience_of``.
        at: When it is made; now, if not given.
        secret: 32 random bytes; new ones, if not given.

    Raises:
        NotFoundError: If there is no such case.
        UsageError: If the audience is nobody.
    """
    case = casework.case(store, name)
    key = secret or secrets.token_bytes(32)
    tracks = {i.id: track_of(store, i) for i in case.items if i.kind == "track"}
    made, needed = release.released(case, tracks, audience, at or moment_now(), key, folded)
    faults = (*release.misleading(case, made), *map(_quote, release.quoted(case, made)))
    return Version(case, made, tuple(needed), key, faults)


def _quote(found: release.Quoted) -> str:
    return f"a text that may be given holds the {found.field} of {found.withheld}, which may not: {found.value!r}"


def track_of(store: Store, item: Item) -> pl.DataFrame:
    """Give the positions of a track that is in a case, as the desk has them now."""
    if item.mmsi is None or item.start is None:
        return empty(Position)
    last = item.end or item.start
    heard = store.scan("positions", item.start.date(), last.date(), POSITIONS).drop("shard")
    is_its = (pl.col("mmsi") == item.mmsi) & pl.col("time").is_between(item.start, last)
    return heard.filter(is_its).collect()


def found_of(store: Store, made: Released) -> Findings:
    """Work out what follows from a version, held against the published lists this desk has read."""
    return findings(made, designations(store, None).filter(pl.col("list").is_in(OPEN_LISTS)))


def release_case(
    store: Store,
    archive: Archive,
    name: str,
    audience: Sequence[str],
    folder: Path,
    *,
    by: By | None = None,
    despite: str | None = None,
) -> ReleaseReport:
    """Write an audience's version of a case into a new folder, and record that it was given.

    What is withheld, and whose permission it would take, is in what this returns, and in no file.

    Args:
        store: The desk.
        archive: Its received files, for photographs.
        name: The case.
        audience: Parties, or ``public``.
        folder: Where; it must not hold anything yet.
        by: Who releases.
        despite: Why it is released though it says what it must not; goes on record.

    Raises:
        NotFoundError: If there is no such case.
        UsageError: If the folder holds something.
        NotReleasableError: If it says what it must not, or the case is published and the gate not passed.
    """
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder} is not empty\n  read as a folder for one release\n  next: name a new one"
        raise UsageError(message)
    version = version_of(store, name, audience)
    if version.faults and despite is None:
        ask = "write those texts anew, mark anew, have it permitted, retract again, or say --despite WHY"
        raise NotReleasableError(name, version.faults, ask)
    found = found_of(store, version.released)
    pictures = photographs(archive, version)
    checks = gate(store, version, found, pictures) if PUBLIC in version.released.audience else ()
    not_passed = release.failed(checks)
    if not_passed and PUBLISHED & {*version.case.standing}:
        told = [f"{c.name}: {c.sentence}\n    next: {c.do_next}" for c in not_passed]
        raise NotReleasableError(name, told, "see above; the gate is asked because the case is published")
    names = release.Secret(version.secret)
    files = release.papers(version.released, found, installed("clearwake"), pictures, names)
    record(store, version, "release", seal.digest(files[release.MANIFEST]), by, despite)
    _write(folder, files)
    return ReleaseReport(
        name, version.released.audience, folder, tuple(sorted(files)), version.needed, checks, version.faults
    )


def gate(store: Store, version: Version, found: Findings, pictures: Mapping[str, bytes]) -> tuple[Check, ...]:
    """Look at everything that has to be so before a version is published."""
    known = release.Known(
        found.outcomes,
        others_of(store, version.released.case),
        version.faults,
        {name: release.hidden(content, name) for name, content in pictures.items()},
    )
    return release.gate(version.case, version.released, known, version.released.made_at)


def public_gate(store: Store, archive: Archive, name: str) -> tuple[Check, ...]:
    """Look at what stands between a case and the public as things are; nothing is written or recorded.

    Raises:
        NotFoundError: If there is no such case.
    """
    version = version_of(store, name, (PUBLIC,))
    return gate(store, version, found_of(store, version.released), photographs(archive, version))


def photographs(archive: Archive, version: Version) -> dict[str, bytes]:
    """Give the photographs of a version, pixels and nothing else, under names that tell nothing."""
    names = release.Secret(version.secret)
    held = {names.of(i.id): i for i in version.case.items if i.kind == "photograph" and i.sha256}
    given = [
        i for i in version.released.case.items if i.id in held and i.id not in version.released.coarsened
    ]
    pictures: dict[str, bytes] = {}
    for number, item in enumerate(given, 1):
        # A photograph whose file this desk never had is named by what is told of it alone.
        if archive.has(held[item.id].sha256 or ""):
            bare, ending = bared(archive, version.case.id, held[item.id])
            pictures[f"photographs/photograph-{number}.{ending}"] = bare
    return pictures


def bared(archive: Archive, case: str, item: Item) -> tuple[bytes, str]:
    """Give a photograph of a case with its pixels and nothing else, and the ending of its file name.

    Raises:
        NotFoundError: If the archive does not have it.
        UnreadableFileError: If it is no picture; it names the item by the desk's own id, for the desk alone.
    """
    content = archive.path(item.sha256 or "").read_bytes()
    try:
        return release.bared(content, item.id)
    except UnreadableFileError as error:
        ask = f"clearwake case decide {case} withdraw --rests-on {item.id} --why ..., and add it with --document"
        where = f"{case}, {item.id}"
        raise UnreadableFileError(where, error.found, error.read_as, ask) from error


def record(
    store: Store,
    version: Version,
    what: str,
    sha256: str,
    by: By | None = None,
    despite: str | None = None,
) -> None:
    """Put on record that a copy left, what it held and to whom it went, and keep the secret of its names.

    Args:
        store: The desk.
        version: What was given.
        what: ``release``, ``dossier``, ``bundle`` ...
        sha256: Of the copy.
        by: Who gave it.
        despite: Why it was given though it says what it must not.
    """
    to = ",".join(version.released.audience)
    why = f"{what} given to {to}" + (f"; despite what it says: {despite}" if despite else "")
    told = {"what": what, "to": to, "sha256": sha256}
    casework.decide(store, version.case.id, "copy", by, why=why, rests_on=version.given(), told=told)
    with store.commit() as commit:
        kept = store.get(RELEASES) or {}
        commit.set(RELEASES, {**kept, sha256: {"case": version.case.id, "secret": version.secret.hex()}})


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder whole or not at all."""
    aside = folder.parent / f".{folder.name}.{uuid.uuid4().hex}"
    try:
        for name, content in files.items():
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if folder.exists():
            folder.rmdir()
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


__all__ = [
    "NotReleasableError",
    "ReleaseReport",
    "Version",
    "folded",
    "found_of",
    "gate",
    "public_gate",
    "release_case",
    "version_of",
]
