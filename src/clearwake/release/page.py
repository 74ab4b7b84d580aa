"""A version as a page: what is given, what it may be, what it shows of the law, and what was decided.

Made of the version and of what follows from it alone, like every other file; it asks for nothing from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2

from clearwake.model import PUBLIC, Findings, Released
from clearwake.statutes import in_words, provision

CAUTION = (
    "All of this is worked out from what is given here and from nothing else. Where something is said to be coarsened, "
    "places, times and words are coarser than what the originator has. Summaries of law are not the legal texts; a "
    "person judges."
)


@dataclass(frozen=True)
class Paragraph:
    """A provision and, where it is about one ship, which: what came of it, and its elements."""

    reference: str
    of: str
    outcome: str
    summary: str
    rows: tuple[dict[str, str], ...]


def page(version: Released, found: Findings) -> str:
    """Give the version as a page that needs nothing but itself."""
    case = version.case
    is_public = PUBLIC in version.audience
    partners = f"For {', '.join(version.audience)} and nobody else unless its originators permit it."
    return _template().render(
        version=version,
        case=case,
        is_public=is_public,
        handling="TLP:CLEAR" if is_public else "TLP:AMBER",
        audience="For everybody." if is_public else partners,
        standing=", ".join(case.standing) or case.state,
        made_at=f"{version.made_at:%Y-%m-%d %H:%M}",
        caution=CAUTION,
        explanations=found.assessment.to_dicts(),
        provisions=list(_paragraphs(found)),
    )


@cache
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("clearwake.release")
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    return environment.get_template("version.html.j2")


def _paragraphs(found: Findings) -> Iterator[Paragraph]:
    rows: dict[tuple[Any, ...], list[dict[str, str]]] = {}
    for row in found.elements.iter_rows(named=True):
        told = {
            "says": in_words(row["element"]), "status": row["status"], "settle": row["would_settle"] or "",
        }  # fmt: skip
        rows.setdefault(_key(row), []).append(told)
    for outcome in found.outcomes.iter_rows(named=True):
        law = provision(outcome["provision"])
        of = f", {_ship(outcome['about'])}" if outcome["about"] else ""
        yield Paragraph(
            law.reference, of, outcome["outcome"], law.summary, tuple(rows.get(_key(outcome), ()))
        )


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["provision"], row["about"], row["act"]


def _ship(subject: str) -> str:
    kind, _, name = subject.partition(":")
    return f"{kind.upper()} {name}" if kind in ("imo", "mmsi") else name.replace("-", " ")
