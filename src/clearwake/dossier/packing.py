"""Packing: a released case and what follows from it as the files of a bundle, and back; a zip with one way to be.

A bundle's zip is written in one way only (files by name, stored as they are, one date), so that a byte changed
anywhere in it, in a header too, can be told.  Rooms of a bundle: ``evidence`` is what everything is worked out from,
``findings`` what follows, ``figures`` and the documents what people look at, ``exports`` the same for other programs.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import polars as pl

from clearwake.model import (
    Case,
    Decision,
    Designation,
    Findings,
    Item,
    Position,
    Released,
    UnreadableFileError,
    conform,
    schema,
    table,
)
from clearwake.seal import canonical

MANIFEST = "manifest.json"
RELEASED = "evidence/released.json"
ITEMS = "evidence/items.jsonl"
DECISIONS = "evidence/decisions.jsonl"
LISTINGS = "evidence/designations.jsonl"
FINDINGS = "findings/findings.json"
DOCUMENT = "document.json"

FRAMES = ("elements", "outcomes", "options", "assessment", "weighed", "matches")
"""The tables of ``Findings``; events lie beside them under ``events/`` and their table's name."""

T = TypeVar("T")

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Loose:
    """A release as ``evidence/released.json`` has it: without items, decisions and positions, which lie beside it."""

    id: str
    title: str
    state: str
    version: int
    day: datetime | None
    ships: tuple[str, ...]
    withdrawn: tuple[str, ...]
    conflicts: tuple[str, ...]
    standing: tuple[str, ...]
    audience: tuple[str, ...]
    made_at: datetime
    coarsened: Mapping[str, tuple[str, ...]]
    leaning: tuple[str, ...]
    commitments: Mapping[str, str]
    tracks: Mapping[str, str] = field(default_factory=dict)
    """The file of each track, by item."""
    photographs: Mapping[str, str] = field(default_factory=dict)
    """The file of each photograph, by item."""


def evidence(
    released: Released, designations: pl.DataFrame, photographs: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Write a release as files.

    Args:
        released: The audience's version of a case.
        designations: ``Designation`` rows its ships are held against.
        photographs: Bytes that may be shown, by item id: PNG or JPEG.
    """
    case = released.case
    tracks = {item.id: f"evidence/tracks/track-{n}.csv" for n, item in enumerate(_tracked(released), 1)}
    shown = {
        item.id: f"evidence/photographs/photograph-{n}{ending(photographs[item.id])}"
        for n, item in enumerate((each for each in case.items if each.id in photographs), 1)
    }
    loose = Loose(
        case.id, case.title, case.state, case.version, case.day, case.ships, case.withdrawn, case.conflicts,
        case.standing, released.audience, released.made_at, dict(sorted(released.coarsened.items())), released.leaning,
        dict(sorted(released.commitments.items())), tracks, shown,
    )  # fmt: skip
    return {
        RELEASED: _pretty(loose),
        ITEMS: _lines(case.items),
        DECISIONS: _lines(case.decisions),
        LISTINGS: _lines(conform(designations, Designation).to_dicts()),
        **{file: positions_csv(released.tracks[item]) for item, file in tracks.items()},
        **{file: photographs[item] for item, file in shown.items()},
    }


def _tracked(released: Released) -> list[Item]:
    return [item for item in released.case.items if item.id in released.tracks]


def ending(content: bytes) -> str:
    """Tell by its first bytes what kind of picture it is: ``.png``, else ``.jpg``."""
    return ".png" if content.startswith(b"\x89PNG") else ".jpg"


def positions_csv(track: pl.DataFrame) -> bytes:
    """Write positions so that reading them gives the same numbers; columns without a value are left out."""
    laid = conform(track.select(name for name in schema(Position) if name in track.columns), Position)
    kept = [name for name in laid.columns if name in ("mmsi", "time", "lon", "lat") or laid[name].count()]
    times = [name for name, kind in laid.schema.items() if isinstance(kind, pl.Datetime) and name in kept]
    written = laid.select(kept).with_columns(pl.col(times).dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"))
    return written.write_csv().encode()


def positions_of(content: bytes, name: str) -> pl.DataFrame:
    """Read positions that ``positions_csv`` wrote.

    Raises:
        UnreadableFileError: If they are not.
    """
    try:
        texts = pl.read_csv(io.BytesIO(content), infer_schema=False)
        known = {each: kind for each, kind in schema(Position).items() if each in texts.columns}
        return conform(texts.select(_read(each, kind) for each, kind in known.items()), Position)
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise unreadable(name, str(error).splitlines()[0], "positions in CSV") from error


def _read(name: str, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.Datetime):
        return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="ms", time_zone="UTC")
    return pl.col(name).cast(kind)


# Reading back


@dataclass(frozen=True)
class Unpacked:
    """A release read from the files of a bundle."""

    released: Released
    designations: pl.DataFrame
    photographs: Mapping[str, bytes]


def unpacked(files: Mapping[str, bytes]) -> Unpacked:
    """Read a release from the files of a bundle.

    Raises:
        UnreadableFileError: If a file is missing or is not what it says it is.
    """
    loose = read(files, RELEASED, Loose)
    case = Case(
        loose.id, loose.title, loose.state, loose.version, loose.day, loose.ships,
        tuple(_records(files, ITEMS, Item)), loose.withdrawn, tuple(_records(files, DECISIONS, Decision)),
        loose.conflicts, loose.standing,
    )  # fmt: skip
    tracks = {item: positions_of(file_of(files, name), name) for item, name in loose.tracks.items()}
    released = Released(
        case, loose.audience, loose.made_at, tracks, loose.coarsened, loose.leaning, loose.commitments
    )
    photographs = {item: file_of(files, name) for item, name in loose.photographs.items()}
    return Unpacked(released, table(_records(files, LISTINGS, Designation), Designation), photographs)


def file_of(files: Mapping[str, bytes], name: str) -> bytes:
    """Give a file's bytes.

    Raises:
        UnreadableFileError: If the bundle has none of that name.
    """
    if name not in files:
        raise unreadable(name, "not in the bundle", "a file of the bundle")
    return files[name]


def read(files: Mapping[str, bytes], name: str, kind: type[T]) -> T:
    """Read a record from a file of a bundle.

    Raises:
        UnreadableFileError: If it is missing or no such record.
    """
    try:
        return msgspec.json.decode(file_of(files, name), type=kind)
    except msgspec.MsgspecError as error:
        raise unreadable(name, str(error), f"{kind.__name__} in JSON") from error


def _records(files: Mapping[str, bytes], name: str, kind: type[T]) -> list[T]:
    try:
        return [msgspec.json.decode(line, type=kind) for line in file_of(files, name).splitlines()]
    except msgspec.MsgspecError as error:
        raise unreadable(name, str(error), f"{kind.__name__}, a line each, in JSON") from error


def unreadable(name: str, found: str, read_as: str) -> UnreadableFileError:
    """Say that a file of a bundle is not what it says it is."""
    return UnreadableFileError(name, found, read_as, "ask who gave you the bundle for it again")


# Findings


def rows_of(found: Findings) -> Rows:
    """Give findings as rows of plain JSON values, by table."""
    frames = {name: getattr(found, name) for name in FRAMES}
    frames |= {f"events/{name}": rows for name, rows in found.events.items()}
    frames |= {} if found.detention is None else {"detention": found.detention}
    plain: Rows = msgspec.json.decode(canonical({name: rows.to_dicts() for name, rows in frames.items()}))
    return plain


def findings_json(found: Findings) -> bytes:
    """Write findings as JSON."""
    return _pretty({"day": found.day, "unread": found.unread, "tables": rows_of(found)})


def findings_rows(files: Mapping[str, bytes]) -> Rows:
    """Read the rows of findings from a bundle.

    Raises:
        UnreadableFileError: If they are no such.
    """
    told = read(files, FINDINGS, dict[str, Any])
    tables = told.get("tables")
    if not isinstance(tables, dict):
        raise unreadable(FINDINGS, f"tables: {tables!r}", "tables of rows")
    return {str(name): list(rows) for name, rows in tables.items()}


def _pretty(value: Any) -> bytes:  # noqa: ANN401 - whatever JSON can say
    return msgspec.json.format(canonical(value)) + b"\n"


def _lines(records: Iterable[Any]) -> bytes:
    return b"".join(canonical(each) + b"\n" for each in records)


# The zip

_MADE = (1980, 1, 1, 0, 0, 0)
"""The one date that files of a bundle carry: the first a zip can say."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Put files into a zip that is the same for the same files; nothing is compressed twice, or at all."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files, key=lambda each: (each != MANIFEST, each)):
            entry = zipfile.ZipInfo(name, _MADE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return written.getvalue()


_BROKEN = (
    zipfile.BadZipFile,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    IndexError,
    struct.error,
    zlib.error,
)
"""What the library raises on a zip that was damaged, or is of a kind it does not read."""


def unzipped(content: bytes, name: str) -> tuple[dict[str, bytes], dict[str, str]]:
    """Take files out of a zip: those that can be read, and why others cannot.

    Raises:
        UnreadableFileError: If it is no zip at all, or names a file twice.
    """
    files: dict[str, bytes] = {}
    faults: dict[str, str] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if entry.filename in files or entry.filename in faults:
                    faults[entry.filename] = "is in the archive twice"
                    continue
                try:
                    files[entry.filename] = archive.read(entry)
                except _BROKEN as error:
                    faults[entry.filename] = str(error)
    except _BROKEN as error:
        raise unreadable(name, str(error), "a bundle, which is a zip") from error
    return files, faults
