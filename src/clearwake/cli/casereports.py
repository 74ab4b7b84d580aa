"""What the commands on cases take from their options, and what they say when they are done."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import typer

from clearwake import seal
from clearwake.cases import ENOUGH, Fault, act_named, subject
from clearwake.cli import NOT_SO
from clearwake.cli.forms import Format
from clearwake.cli.output import write
from clearwake.cli.values import moment
from clearwake.flow.casefiles import graded, marked
from clearwake.model import (
    PUBLIC,
    Case,
    ClearwakeError,
    Decision,
    Head,
    Item,
    Marking,
    NotFoundError,
    UnreadableFileError,
    UsageError,
)
from clearwake.names.nations import read_countries
from clearwake.release.markings import called

if TYPE_CHECKING:
    from clearwake.desk.casebook import CaseBook
    from clearwake.flow.casework import By
    from clearwake.release import Check

Marks = dict[str, Any]


def listed(text: str | None) -> list[str]:
    """Read words parted by commas."""
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def parted(words: Sequence[str]) -> tuple[list[str], list[Path]]:
    """Part what is to be added into ids of the desk's facts and files of items."""
    files = [word for word in words if Path(word).is_file()]
    return [word for word in words if word not in files], [Path(word) for word in files]


def marks(
    originator: str | None,
    tlp: str | None,
    release_to: str | None,
    tear_line_to: str | None,
    sensitivity: str | None,
) -> Marks:
    """Give what options say of a marking; empty where none says anything."""
    given = {
        "originator": originator,
        "tlp": tlp,
        "releasable_to": release_to,
        "tear_line_to": tear_line_to,
        "sensitivity": sensitivity,
    }
    return {name: value for name, value in given.items() if value is not None}


def markings(act: str, by: By, given: Marks) -> dict[str, Marking]:
    """Give a decision's marking, or, of a permission, what it permits."""
    if not given:
        return {}
    name = "permits" if act_named(act).name == "permit" else "marking"
    return {name: marked(Marking(by.nation), **given)}


def tells(
    pairs: Sequence[str], given: Mapping[str, str | None], option: str = "--tell", example: str = "by=KOR"
) -> dict[str, str]:
    """Read what a decision says besides: ``by=KOR``.

    Raises:
        UsageError: If a part is not of that form.
    """
    told = {name: value for name, value in given.items() if value is not None}
    for pair in pairs:
        name, equals, value = (word.strip() for word in pair.partition("="))
        if not (name and equals and value):
            message = f"{option} {pair!r} is not of the form WHAT=TEXT\n  next: {option} {example}"
            raise UsageError(message)
        told[name] = value
    return told


@dataclass(frozen=True)
class Told:
    """What options say of one piece of evidence."""

    kind: str | None
    sentence: str | None
    citation: str | None
    origin: str | None
    grade: str | None
    at: str | None
    ships: list[str]
    rests_on: list[str]


def items(
    book: CaseBook,
    by: By,
    given: Marks,
    sources: Iterable[str],
    files: Iterable[Path],
    kept: Mapping[str, Path | None],
    told: Told,
) -> list[Item]:
    """Make the items that options ask for.

    Raises:
        UsageError: If they ask for none.
    """
    made = [item for fact in sources for item in book.found(fact, by, given).items]
    made += [item for file in files for item in book.read_items(file, by, given)]
    marking = marked(Marking(by.nation), **given)
    for kind, path in kept.items():
        if path is not None:
            said = told.sentence or f"{kind.capitalize()} {path.name}."
            item = _item(kind, said, marking, told)
            sha256 = book.keep(path, marking, is_photograph=kind == "photograph")
            made.append(replace(item, sha256=sha256))
    if told.kind is not None or (told.sentence and not any(kept.values())):
        if not told.sentence:
            message = "evidence without a file needs to say something\n  next: give --sentence"
            raise UsageError(message)
        made.append(_item(told.kind or "statement", told.sentence, marking, told))
    if not made:
        message = (
            "nothing to add\n  next: give --from ID, --file FILE, --document FILE, or --kind and --sentence"
        )
        raise UsageError(message)
    return made


def as_called(items: Sequence[Item], same: Sequence[str]) -> list[Item]:
    """Call ships as the case calls them: ``mmsi:445123000=imo:7389704``.

    Raises:
        UsageError: If a pair is none, or names a ship that no item is about.
    """
    from clearwake.flow.caseitems import same_ship

    pairs = tells(same, {}, "--same", "mmsi:445123000=imo:7389704")
    unknown = sorted(set(pairs) - {ship for item in items for ship in item.ships})
    if unknown:
        known = ", ".join(dict.fromkeys(ship for item in items for ship in item.ships)) or "none"
        message = f"--same {', '.join(unknown)}: no ship of what is added\n  next: choose among {known}"
        raise UsageError(message)
    return [same_ship(item, pairs) for item in items]


def _item(kind: str, sentence: str, marking: Marking, told: Told) -> Item:
    from clearwake.flow.casefiles import KINDS
    from clearwake.flow.casework import finished

    if kind not in KINDS:
        message = f"--kind {kind!r}\n  read as a kind of evidence\n  next: choose one of {', '.join(KINDS)}"
        raise UsageError(message)
    reliability, credibility = graded(told.grade) if told.grade else (None, None)
    at = moment(told.at, "--at")
    item = Item(
        "",
        kind,
        sentence,
        marking,
        start=at,
        end=at,
        ships=tuple(ship if ":" in ship else subject(name=ship) or ship for ship in told.ships),
        origin=told.origin,
        reliability=reliability,
        credibility=credibility,
        citation=told.citation,
        rests_on=tuple(told.rests_on),
    )
    # Asked here already, so that a file is not kept for evidence that is then refused.
    return finished(item)


def changed(made: Case, form: Format | None) -> None:
    """Say what a change came to: the case, its state and version."""
    last = made.decisions[-1]
    row = {
        "id": made.id,
        "state": made.state,
        "standing": list(made.standing),
        "version": made.version,
        "title": made.title,
        "day": made.day,
        "ships": list(made.ships),
        "decision": last.id,
        "item": last.item.id if last.item else None,
        "conflicts": list(made.conflicts),
    }
    if is_for_people(form, None):
        also = f" ({', '.join(made.standing)})" if len(made.standing) > 1 else ""
        sys.stdout.write(f"{made.id}: {made.state}{also}, version {made.version}\n")
    else:
        sys.stdout.write(as_json(row) + "\n")
    for party, meant in strange_parties(made):
        ask = f"use {meant}" if meant else "use the code of the country"
        sys.stderr.write(
            f"! {party!r} is neither a three-letter code nor a party of this case before: parties are told apart by "
            f"their names alone\n  next: {ask}, if that is meant\n"
        )


def strange_parties(made: Case) -> list[tuple[str, str]]:
    """Give the parties that the last decision is the first to name and that are no three-letter codes.

    With each the codes of the countries it reads as, empty where it reads as none.
    """
    *before, last = made.decisions
    known = {called(party) for each in before for party in (*_parties(each), each.nation)}
    strange = [
        party for party in _parties(last) if called(party) not in known and not _CODE.fullmatch(called(party))
    ]
    return [(party, _countries(party)) for party in strange if called(party) != PUBLIC]


_CODE = re.compile(r"[A-Z]{3}")


def _parties(decision: Decision) -> list[str]:
    """Name the parties that the markings of a decision and of its item release to."""
    item = decision.item.marking if decision.item else None
    held = [each for each in (decision.marking, decision.permits, item) if each is not None]
    return list(dict.fromkeys(party for each in held for party in (*each.releasable_to, *each.tear_line_to)))


def _countries(party: str) -> str:
    read = read_countries(pl.Series([party]))
    return " or ".join(read["countries"].explode().drop_nulls().to_list())


def not_yet(made: Case) -> str | None:
    """Say what is lacking where somebody confirmed and the case is not confirmed."""
    last = made.decisions[-1]
    if last.act != "confirm" or made.state == "confirmed":
        return None
    return (
        f"{made.id}: not confirmed yet: one person ({last.who}) and not two independent sources"
        f"\n  kept as the first of two; the case is {made.state}\n  next: {ENOUGH}"
    )


def not_for_the_public(made: Case, checks: Iterable[Check]) -> None:
    """Say what stands between a case that is published now and the public: nothing goes out until it is mended."""
    lacking = [check for check in checks if not check.is_passed]
    if not lacking:
        return
    sys.stderr.write(
        f"! {made.id} is on record as published; release and dossier --to public will refuse it:\n"
    )
    for check in lacking:
        asked = check.do_next.replace("CASE", made.id)
        sys.stderr.write(f"  gate, {check.name}: NOT PASSED: {check.sentence}\n    next: {asked}\n")


def told(case: Mapping[str, Any], form: Format | None, out: Path | None) -> None:
    """Write a case as one object, or in words.

    Raises:
        UsageError: If it is to be a form that a case has not.
    """
    if form not in (None, Format.TABLE, Format.JSON):
        message = (
            f"a case is no table; it cannot be {form}\n  next: --format json, or show items, show decisions"
        )
        raise UsageError(message)
    text = in_words(case) if is_for_people(form, out) else as_json(case) + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")


def in_words(case: Mapping[str, Any]) -> str:
    """Lay a case out for a person to read."""
    lines = [
        f"{case['id']}   {case['state']}"
        + (f"   ({', '.join(case['standing'])})" if len(case["standing"]) > 1 else ""),
        str(case["title"]),
        f"version {case['version']}; ships {', '.join(case['ships']) or 'none named'}",
        *(f"! {each}" for each in (*case["conflicts"], *case["reminders"])),
        "",
        "evidence",
        *(_evidence(item) for item in case["items"]),
        f"  independent origins: {', '.join(case['independent_origins']) or 'none'}",
        "",
        "decisions",
        *(
            f"  {row['at']:%Y-%m-%d %H:%M} {row['act'].replace('_', ' '):<12} {row['who']} ({row['role']}, "
            f"{row['nation']}): {row['why']}{_entered(row)}"
            for row in case["decisions"]
        ),
    ]
    if case["clock"]:
        lines += ["", "detention", *(_clock(row) for row in case["clock"])]
    return (
        "\n".join([*lines, "", f"can be decided next: {', '.join(case['possible']).replace('_', '-')}"])
        + "\n"
    )


def _entered(row: Mapping[str, Any]) -> str:
    """Say of which day a decision is, where it was put on record on another."""
    return f" (of {row['on']}, put on record later)" if row["on"] and row["on"] != row["at"].date() else ""


def _evidence(item: Mapping[str, Any]) -> str:
    marked_as = f"{item['originator']} {item['tlp']}"
    shared = f" to {','.join(item['releasable_to'])}" if item["releasable_to"] else ""
    return f"  {item['id']} {item['kind']} {item['grade'] or 'ungraded'} [{marked_as}{shared}]\n    {item['sentence']}"


def _clock(row: Mapping[str, Any]) -> str:
    return f"  {row['day'] or ''!s:<10} {row['kind']:<10} {row['status']:<9} {row['entry']}"


def headed(made: Head, out: Path | None) -> None:
    """Write a signed head as JSON."""
    text = seal.canonical(made).decode() + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


def heads_in(path: Path) -> list[Head]:
    """Read heads that were kept, one a line.

    Raises:
        NotFoundError: If there is no such file.
        UnreadableFileError: If a line is no head.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (FileNotFoundError, IsADirectoryError) as error:
        message = f"no such file: {path}\n  next: name a file that clearwake case head wrote"
        raise NotFoundError(message) from error
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            str(path), str(error), "a head in JSON", "give what case head wrote"
        ) from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found += [seal.parsed(line, Head)] if line.strip() else []
        except ClearwakeError as error:
            where = f"{path}, line {number}"
            raise UnreadableFileError(
                where, line[:80], "a head in JSON", "give what case head wrote"
            ) from error
    return found


def checked(faults: Sequence[Fault], form: Format | None) -> None:
    """Say what is wrong with the chains."""
    if is_for_people(form, None):
        told = [f"{each.fault}: {each.sentence} (chain {each.chain})" for each in faults]
        sys.stdout.write("\n".join(told or ["every chain is as it was written"]) + "\n")
        return
    schema = {"chain": pl.String, "number": pl.Int64, "fault": pl.String, "sentence": pl.String}
    write(pl.DataFrame([asdict(each) for each in faults], schema=schema), form, None)


def doubted(faults: Sequence[Fault]) -> None:
    """Say where chains are not as they were written, and leave with 1 if they are not."""
    for each in faults:
        sys.stderr.write(f"! {each.fault}: {each.sentence} (chain {each.chain})\n")
    if faults:
        sys.stderr.write("  next: clearwake case check --head with heads that others kept\n")
        raise typer.Exit(NOT_SO)


def as_json(value: object) -> str:
    """Write an object as one line of JSON; times as everywhere, with a Z."""
    return json.dumps(value, default=_written, ensure_ascii=False)


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
    return value.isoformat() if isinstance(value, date) else str(value)


def is_for_people(form: Format | None, out: Path | None) -> bool:
    """Tell whether somebody reads it, and no program."""
    return form is Format.TABLE or (form is None and out is None and sys.stdout.isatty())
