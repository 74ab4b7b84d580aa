"""The files a version is given as: JSON for programs, a page for people, hashes of both.

A function of the version and of what follows from it: names of files are numbers in the version's own order, and no
file tells when or on which machine it was written.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import polars as pl

from clearwake import seal
from clearwake.model import PUBLIC, Case, Findings, Item, Released
from clearwake.release.naming import Secret

PAGE = "index.html"
MANIFEST = "manifest.json"

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;"
    "vertical-align:top}h1{font-size:1.5rem}.mark{font-weight:600}"
)

_CAUTION = (
    "All of this is worked out from what is given here and from nothing else. Where something is said to be coarsened, "
    "places, times and words are coarser than what the originator has. Summaries of law are not the legal texts; a "
    "person judges."
)


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
    return _lines(frame.to_dicts())


def page(version: Released, found: Findings) -> str:
    """Give the version as a page that needs nothing but itself."""
    case = version.case
    standing = ", ".join(case.standing) or case.state
    parts = [
        f"<h1>{_text(case.title)}</h1>",
        f"<p class=mark>{_text(_for(version))}</p>",
        f"<p>State: {_text(standing)}. Made {version.made_at:%Y-%m-%d %H:%M} UTC.</p>",
        "<h2>What is given</h2>",
        _table(("What", "By", "Grade", "Given"), (_item_row(i, version) for i in case.items)),
        "<h2>What was decided</h2>",
        _table(("When", "What", "Who", "Why"), (_decision_row(case, n) for n in range(len(case.decisions)))),
        "<h2>Elements of provisions</h2>",
        _table(("Provision", "Element", "Status", "What would settle it"), _element_rows(found.elements)),
        f"<p>{_CAUTION}</p>",
    ]
    head = f"<meta charset=utf-8><title>{_text(case.title)}</title><style>{_STYLE}</style>"
    return "\n".join(("<!doctype html>", f"<html lang=en>{head}", *parts, "</html>", ""))


def _for(version: Released) -> str:
    if PUBLIC in version.audience:
        return "TLP:CLEAR. For everybody."
    return f"For {', '.join(version.audience)} and nobody else unless its originators permit it."


def _item_row(item: Item, version: Released) -> tuple[str, ...]:
    how = "coarsened" if item.id in version.coarsened else "in full"
    leans = "; it rests on evidence that is withheld" if item.id in version.leaning else ""
    grade = f"{item.reliability or ''}{item.credibility or ''}"
    return item.sentence, item.marking.originator, grade, how + leans


def _decision_row(case: Case, number: int) -> tuple[str, ...]:
    each = case.decisions[number]
    return (
        f"{each.at:%Y-%m-%d}",
        each.act.replace("_", " "),
        f"{each.who} ({each.role}, {each.nation})",
        each.why,
    )


def _element_rows(elements: pl.DataFrame) -> Iterable[tuple[str, ...]]:
    for row in elements.iter_rows(named=True):
        yield row["provision"], row["element"], row["status"], row["would_settle"] or ""


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    top = "".join(f"<th>{_text(h)}</th>" for h in heads)
    body = "\n".join("<tr>" + "".join(f"<td>{_text(c)}</td>" for c in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>\n{body}</table>" if body else "<p>Nothing.</p>"


def _text(value: str) -> str:
    return html.escape(value)
