"""The files a version is given as: JSON for programs, a page for people, hashes of both.

A function of the version and of what follows from it: names of files are numbers in the version's own order, and no
file tells when or on which machine it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import polars as pl

from clearwake import seal
from clearwake.model import Findings, Released
from clearwake.release.naming import Secret
from clearwake.release.page import page

PAGE = "index.html"
MANIFEST = "manifest.json"


def papers(
    version: Released,
    found: Findings,
    clearwake: str,
    pictures: Mapping[str, bytes] | None = None,
    names: Secret | None = None,
) -> dict[str, bytes]:
    """Give the files of a version, by name.

    Args:
        version: What the audience may have.
        found: What follows from it, worked out from it alone.
        clearwake: Which clearwake worked it out.
        pictures: Photographs as they may be given, by file name.
        names: Gives events new ids too; a desk that found the same ones has them under the same id else.
    """
    files = {
        "case.json": _json(_case(version)),
        "items.jsonl": _lines(version.case.items),
        "decisions.jsonl": _lines(version.case.decisions),
        "commitments.json": _json(version.commitments),
        "elements.json": _rows(found.elements),
        "outcomes.json": _rows(found.outcomes),
        "options.json": _rows(found.options),
        "assessment.json": _rows(found.assessment),
        "weighed.json": _rows(found.weighed),
        "matches.json": _rows(found.matches),
        PAGE: page(version, found).encode(),
    }
    files |= {f"events/{table}.json": _rows(_named(rows, names)) for table, rows in found.events.items()}
    files |= {name: frame.write_csv().encode() for name, frame in _tracks(version)}
    files |= pictures or {}
    told = {"clearwake": clearwake, "audience": version.audience, "made_at": version.made_at}
    hashes = {name: seal.digest(content) for name, content in files.items()}
    return {**files, MANIFEST: _json({**told, "files": hashes})}


def _case(version: Released) -> dict[str, Any]:
    case = version.case
    return {
        "id": case.id, "title": case.title, "state": case.state, "standing": case.standing, "day": case.day,
        "ships": case.ships, "audience": version.audience, "made_at": version.made_at,
        "coarsened": version.coarsened, "leaning": version.leaning,
        "tracks": {item: f"tracks/track-{n}.csv" for n, item in enumerate(_in_order(version), 1)},
    }  # fmt: skip


def _in_order(version: Released) -> list[str]:
    return [item.id for item in version.case.items if item.id in version.tracks]


def _tracks(version: Released) -> Iterable[tuple[str, pl.DataFrame]]:
    for number, item in enumerate(_in_order(version), 1):
        yield f"tracks/track-{number}.csv", version.tracks[item]


def _json(value: Any) -> bytes:  # noqa: ANN401 - whatever JSON can say
    return msgspec.json.format(seal.canonical(value)) + b"\n"


def _lines(records: Iterable[Any]) -> bytes:
    return b"".join(seal.canonical(record) + b"\n" for record in records)


def _named(rows: pl.DataFrame, names: Secret | None) -> pl.DataFrame:
    if names is None or "id" not in rows.columns:
        return rows
    return rows.with_columns(pl.col("id").map_elements(names.of, pl.String))


def _rows(frame: pl.DataFrame) -> bytes:
    """Write a table as a JSON array, a row on each line."""
    return b"[" + b",".join(b"\n" + seal.canonical(row) for row in frame.to_dicts()) + b"\n]\n"
