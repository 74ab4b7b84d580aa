"""Items of cases from files: written out by hand as JSON or YAML, or a document, photograph or page as it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import yaml

from clearwake import seal
from clearwake.archive import Archive
from clearwake.assess import observed
from clearwake.flow.chains import moment_now
from clearwake.law import read_facts
from clearwake.law.facts import grade_word
from clearwake.model import (
    SENSITIVITIES,
    TLP,
    Item,
    Marking,
    NotFoundError,
    Receipt,
    UnreadableFileError,
    UsageError,
    utc,
)
from clearwake.release import bared
from clearwake.store import Store

KINDS = (
    "sighting", "photograph", "track", "event", "detection", "listing", "registry", "document", "media", "statement",
    "reply", "assumption", "conclusion",
)  # fmt: skip

_MARKS = tuple(f.name for f in fields(Marking))


def items_in(path: Path, marking: Marking) -> list[Item]:
    """Read items written out by hand: one object, a list of them, or ``items:`` with a list, in JSON or YAML.

    Fields are those of ``Item``; those of the marking may stand beside them or under ``marking``; what is not told of
    the marking is as ``marking`` has it; ``grade`` is short for reliability and credibility.

    Raises:
        NotFoundError: If there is no such file.
        UnreadableFileError: If it is no such file, or an item has a field or word that is none.
    """
    try:
        given = yaml.safe_load(path.read_text("utf-8"))
    except (FileNotFoundError, IsADirectoryError) as error:
        message = f"no such file: {path}\n  next: name a file of items, JSON or YAML; docs/cases.md has one"
        raise NotFoundError(message) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _wrong(str(path), str(error).splitlines()[0], "JSON or YAML") from error
    listed = given.get("items", given) if isinstance(given, dict) else given
    rows = listed if isinstance(listed, list) else [listed]
    return [_item(row, f"{path}, item {number}", marking) for number, row in enumerate(rows, 1)]


def _item(row: object, where: str, marking: Marking) -> Item:
    if not isinstance(row, dict) or not row.get("kind") or not row.get("sentence"):
        raise _wrong(where, str(row)[:80], "an item, with a kind and a sentence")
    unknown = sorted(
        {*map(str, row)} - {*_MARKS, "marking", "grade", "observed", *(f.name for f in fields(Item))}
    )
    if unknown:
        known = ", ".join((*(f.name for f in fields(Item)), "grade", "observed", *_MARKS))
        raise _wrong(where, f"fields {', '.join(unknown)}", f"fields {known}")
    try:
        item = seal.record_of(_plain(_told(row, marking)), Item)
        read_facts(item.facts)
    except (msgspec.ValidationError, UsageError, TypeError) as error:
        wanted = "an item; docs/cases.md and docs/law.md have the words"
        raise _wrong(where, str(error).splitlines()[0], wanted) from error
    if item.kind not in KINDS:
        raise _wrong(where, f"kind {item.kind!r}", f"one of {', '.join(KINDS)}")
    return item


def _told(row: Mapping[str, Any], marking: Marking) -> dict[str, Any]:
    """Give a row the fields an item has: its grade in two halves, its marking whole, its facts with an id."""
    told = dict(row)
    marks = {**(told.pop("marking", None) or {}), **{name: told.pop(name) for name in _MARKS if name in told}}
    if grade := told.pop("grade", None):
        told["reliability"], told["credibility"] = graded(str(grade))
    facts = [{"id": str(number), **fact} for number, fact in enumerate(told.get("facts") or (), 1)]
    told["reasons"] = [*(told.get("reasons") or ()), *_observed(told.pop("observed", None) or (), told)]
    return {"id": "", **told, "marking": marked(marking, **marks), "facts": facts}


def _observed(names: object, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Turn observations of the catalogue, by name, into the reasons they are; see ``docs/assessment.md``.

    Raises:
        UsageError: If they are no list, or one is none.
    """
    if not isinstance(names, list | tuple):
        message = f"observed: {names!r}\n  read as observations\n  next: write a list: [hoses_connected]"
        raise UsageError(message)
    sentence = str(told["sentence"]).rstrip(".")
    try:
        return [asdict(each) for name in names for each in observed(str(name), sentence)]
    except NotFoundError as error:
        raise UsageError(str(error)) from error


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever YAML can say
    """Turn days and naive times into what items have: times in UTC."""
    if isinstance(value, Mapping):
        return {
            name: _time(each) if name in ("start", "end") else _plain(each) for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value


def _time(value: object) -> object:
    """Write a time as records have it, in UTC; what is none stays, to be refused with its place."""
    if value is None:
        return None
    try:
        return utc(value.isoformat() if isinstance(value, date) else str(value)).isoformat()
    except ValueError:
        return str(value)


def graded(grade: str) -> tuple[str, int]:
    """Read an Admiralty grade such as ``B2``.

    Raises:
        UsageError: If it is none.
    """
    letter, digit = grade[:1].upper(), grade[1:]
    if len(grade) != 2 or grade_word(grade) is None or not digit.isdigit():
        message = f"grade {grade!r}\n  read as an Admiralty grade, A1 to F6\n  next: write it like B2"
        raise UsageError(message)
    return letter, int(digit)


def marked(marking: Marking, **told: Any) -> Marking:  # noqa: ANN401 - a file's words, checked here
    """Give a marking with what is told in the place of what it had.

    Raises:
        UsageError: If a label or sensitivity is none, or parties are no list of words.
    """
    unknown = sorted(set(told) - set(_MARKS))
    lists = {
        name: _parties(told.get(name))
        for name in ("releasable_to", "tear_line_to")
        if told.get(name) is not None
    }
    label, sensitivity = told.get("tlp") or marking.tlp, told.get("sensitivity") or marking.sensitivity
    label = label if str(label).upper().startswith("TLP:") else f"TLP:{label}"
    wrong = [f"marking has no {name}" for name in unknown]
    if label.upper() not in TLP:
        wrong.append(f"label {label!r} is none of {', '.join(TLP)}")
    if sensitivity not in SENSITIVITIES:
        wrong.append(f"sensitivity {sensitivity!r} is none of {', '.join(SENSITIVITIES)}")
    if wrong:
        message = f"{'; '.join(wrong)}\n  read as a marking\n  next: see docs/sharing.md, Markings"
        raise UsageError(message)
    return Marking(
        str(told.get("originator") or marking.originator),
        label.upper(),
        lists.get("releasable_to", marking.releasable_to),
        lists.get("tear_line_to", marking.tear_line_to),
        sensitivity,
    )


def _parties(value: object) -> tuple[str, ...]:
    """Read parties: a list, or words parted by commas."""
    words = (
        value.split(",")
        if isinstance(value, str)
        else list(value)
        if isinstance(value, list | tuple)
        else [str(value)]
    )
    return tuple(dict.fromkeys(word.strip() for word in map(str, words) if word.strip()))


def keep_photograph(store: Store, archive: Archive, path: Path, marking: Marking) -> str:
    """Put a photograph into the archive as it came, if it is one; else no release of its case could show it.

    Raises:
        NotFoundError: If there is no such file.
        UnreadableFileError: If it is no picture; nothing is kept.
    """
    if path.is_file():
        try:
            bared(path.read_bytes(), str(path))
        except UnreadableFileError as error:
            ask = "give it as JPEG or PNG, or add it with --document; nothing was added"
            raise UnreadableFileError(str(path), error.found, error.read_as, ask) from error
    return keep_file(store, archive, path, marking)


def keep_file(store: Store, archive: Archive, path: Path, marking: Marking) -> str:
    """Put a file that is evidence into the archive as it came, with a receipt, and give its SHA-256.

    Raises:
        NotFoundError: If there is no such file.
    """
    kept = archive.keep(path, str(path))
    now = moment_now()
    with store.commit() as commit:
        commit.receive(
            Receipt(0, kept.sha256, path.name, "case", kept.size_bytes, now, now, None, marking.tlp)
        )
    return kept.sha256


def _wrong(where: str, found: str, wanted: str) -> UnreadableFileError:
    return UnreadableFileError(
        where, found, wanted, "see docs/cases.md for how items are written; nothing was added"
    )
