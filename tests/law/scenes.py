"""Facts written in a line: ``transfer a gave -> b``, ``not exemption``, ``flag b PRK ~claimed @2018-01-01 #act``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from clearwake.law import elements
from clearwake.model import LegalFact
from clearwake.statutes import vocabulary


def fact(line: str, day: date | None = None) -> LegalFact:
    """Read one line; a date stands for a span as ``@2018-06-21..2018-06-22``, an origin as ``=Japan``.

    An act without a date is of ``day``; the line itself is the fact's id.
    """
    words = line.split()
    holds = words[0] != "not"
    marks = {mark: next((w[1:] for w in words if w[0] == mark), None) for mark in "@~#="}
    plain = [w for w in words[not holds :] if w[0] not in "@~#="]
    kind = vocabulary()[plain.pop(0)]
    subject = plain.pop(0) if kind.about != "act" else None
    arrow = plain.index("->") if "->" in plain else len(plain)
    other = " ".join(plain[arrow + 1 :]) or None
    value = plain[:arrow]
    amount = float(value.pop()) if kind.unit and value else None
    since, _, until = (marks["@"] or "").partition("..")
    own = date.fromisoformat(since) if since else day if kind.timing == "act" else None
    return LegalFact(
        id=line, kind=kind.name, subject=subject, value=" ".join(value) or None, object=other, amount=amount,
        holds=holds, since=own, until=date.fromisoformat(until) if until else None, act=marks["#"],
        grade=marks["~"] or "confirmed", origin=marks["="],
    )  # fmt: skip


def facts(lines: Iterable[str], day: date | None = None) -> list[LegalFact]:
    """Read lines, one fact each."""
    return [fact(line, day) for line in lines]


def judged(lines: Iterable[str], on: str, day: str | None = None) -> pl.DataFrame:
    """Give the elements table of facts that happened on ``day``, by the law of ``on``."""
    asked = date.fromisoformat(on)
    return elements(facts(lines, date.fromisoformat(day) if day else asked), asked)


def statuses(found: pl.DataFrame, provision: str, about: str | None = None) -> dict[str, str]:
    """Give the status of each element of one provision; of the ship or party ``about``, where it is about one."""
    rows = found.filter(pl.col("provision") == provision)
    if about is not None:
        rows = rows.filter(pl.col("about") == about)
    assert rows["element"].is_unique().all(), (
        f"{provision} is about several: {rows['about'].unique().to_list()}"
    )
    return dict(rows.select("element", "status").iter_rows())
