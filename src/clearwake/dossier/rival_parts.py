"""The claim beside its rivals: evidence against explanations in a matrix, as analysts weigh competing hypotheses.

Rows are what was observed, each once, with who said so; columns the claim and its strongest rivals; cells how many
times likelier each is made.  All of it is read off the weights that follow from the release.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl

from clearwake.dossier.document import Cell, Evidence, Rival, Section, matrix, note, pairs, text
from clearwake.dossier.material import CLAIM, Material
from clearwake.dossier.wording import and_list, explanation, sentence
from clearwake.model.shares import percent

MOST_COLUMNS = 5
"""As many explanations as stand beside each other on a sheet of A4."""

MOST_ROWS = 14
"""Observations that have a row of their own; the others, which tell explanations apart least, have one together."""

MOST_SOURCES, MOST_LABELS, MOST_LEFT_OUT = 4, 4, 6
"""Sources of one row, items of one source and uncounted things of one kind that are named; others are counted."""

STRONG = (1.05, 2.0, 5.0)
"""From how many times on a cell has the first, second and third shade."""

LEAST_TOLD = 0.005
"""A cell that adds less, as a logarithm, is drawn as a dash."""

TIMES, OVER, DASH = "\N{MULTIPLICATION SIGN}", "\N{DIVISION SIGN}", "\N{EN DASH}"

PERCENT = "\N{NO-BREAK SPACE}%"

CELL = (
    f"A cell says how many times likelier ({TIMES}) or less likely ({OVER}) the evidence is if that explanation is so "
    "than if any of them may be."
)

BRIEF = (
    f"{CELL}  A dash stands where nothing is left to add, an empty cell where nothing is said either way.  Weights are "
    "judgements; whose, and what was not counted and why, is told in the bundle."
)

READ = (
    f"{CELL}  Shares before, times the cells under them, shared out over all explanations, are the shares after.  What "
    "one origin says counts once, by its grade; a second origin adds what the first left open.  A dash stands where "
    "that leaves nothing to add, an empty cell where nothing is said either way.  The range of a share is what it runs "
    "between when weights are doubted and origins left out.  Words are those of US Intelligence Community Directive "
    "203."
)


@dataclass(frozen=True)
class _Piece:
    """One observation, with all that items say of it."""

    words: str
    rows: tuple[Mapping[str, Any], ...]

    def adds(self, name: str) -> float:
        """Give what it adds to an explanation, as a logarithm."""
        return math.fsum(row["weight"] for row in self.rows if row["explanation"] == name)

    def speaks_of(self, name: str) -> bool:
        """Tell whether any item says something of an explanation, counted or not."""
        return any(row["explanation"] == name for row in self.rows)

    def apart(self, names: Iterable[str]) -> float:
        """Say how far it tells explanations apart."""
        added = [self.adds(name) for name in names]
        return max(added) - min(added)


def rivals_section(material: Material, title: str, *, is_brief: bool = False) -> Section:
    """Hold what was observed against the claim and its strongest rivals.

    Args:
        material: What is released and what follows from it.
        title: The section's heading.
        is_brief: Whether the matrix stands alone, for those who do not weigh it anew.
    """
    rows = material.findings.assessment.sort("share", descending=True).to_dicts()
    if not rows:
        return Section(title, (text("No item says what it speaks for or against, so nothing was weighed."),))
    drawn = columns(rows)
    names = [row["explanation"] for row in drawn]
    pieces = _pieces(material.findings.weighed)
    before = _before(material.findings.weighed)
    rivals = [_rival(row, before[row["explanation"]]) for row in drawn]
    drawn_up = matrix(rivals, evidence_rows(material, pieces, names))
    if is_brief:
        return Section(title, (drawn_up, note(BRIEF)))
    return Section(title, (drawn_up, note(READ), pairs(_beneath(material, rows, names, pieces))))


def columns(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Choose the explanations that are drawn: the claim first, then its rivals, the likeliest first."""
    ordered = sorted(rows, key=lambda row: (row["explanation"] != CLAIM, -row["share"]))
    return ordered[:MOST_COLUMNS]


def _rival(row: Mapping[str, Any], before: float) -> Rival:
    low, high = row["low"], row["high"]
    return Rival(
        name=explanation(row["explanation"]),
        is_claim=row["explanation"] == CLAIM,
        before=_share(before),
        after=_share(row["share"]),
        range=_range(_share(low), _share(high)),
        word=row["word"],
        share=row["share"],
        low=low,
        high=high,
    )


def _range(low: str, high: str) -> str:
    return high if low == high else f"{low.removesuffix(PERCENT)} to {high}"


def _share(share: float) -> str:
    """Write a share in whole percent, on one line."""
    return percent(share).replace(" ", PERCENT[0])


def _before(weighed: pl.DataFrame) -> dict[str, float]:
    """Give the share of each explanation before any evidence."""
    rates = weighed.filter(pl.col("item").is_null())
    return {row["explanation"]: math.exp(row["weight"]) for row in rates.iter_rows(named=True)}


def _pieces(weighed: pl.DataFrame) -> list[_Piece]:
    """Gather what items say by what was observed."""
    rows = weighed.filter(pl.col("item").is_not_null()).sort("observation", maintain_order=True).to_dicts()
    return [
        _Piece(words, tuple(each)) for words, each in groupby(rows, key=lambda row: str(row["observation"]))
    ]


# The rows


def evidence_rows(material: Material, pieces: Sequence[_Piece], names: Sequence[str]) -> list[Evidence]:
    """Make a row of every observation that counts for an explanation drawn, those that tell most apart first."""
    counted = [each for each in pieces if any(abs(each.adds(name)) >= LEAST_TOLD for name in names)]
    counted.sort(key=lambda each: (-round(each.apart(names), 6), each.words))
    rows = [
        Evidence(
            sentence(material.renamed(each.words)).rstrip("."),
            _said_by(material, each),
            tuple(_cell(each.adds(name), is_told=each.speaks_of(name)) for name in names),
        )
        for each in counted[:MOST_ROWS]
    ]
    rest = counted[MOST_ROWS:]
    if rest:
        added = [math.fsum(each.adds(name) for each in rest) for name in names]
        told = tuple(_cell(each, is_told=False) for each in added)
        rows.append(Evidence(f"{len(rest)} more observations together", "in findings/findings.json", told))
    return rows


def _cell(added: float, *, is_told: bool) -> Cell:
    if abs(added) < LEAST_TOLD:
        return Cell(DASH if is_told else "", 0)
    strength = sum(abs(added) >= math.log(each) for each in STRONG)
    return Cell(times(added), strength if added > 0 else -strength)


def times(added: float) -> str:
    """Write a logarithm as how many times likelier or less likely, with its sign, to three figures."""
    factor = math.exp(abs(added))
    places = 2 if factor < 9.995 else 1 if factor < 99.95 else 0
    return f"{TIMES if added > 0 else OVER} {factor:,.{places}f}"


def _said_by(material: Material, piece: _Piece) -> str:
    """Name who said something, with grades and labels: ``JPN, B2 (E4); 1718 Committee, C3 (E2)``."""
    items: dict[str, dict[str, None]] = {}
    for row in sorted(piece.rows, key=lambda row: -abs(row["weight"])):
        if row["is_counted"]:
            by = f"{and_list(list(row['origins']))}, {row['grade']}"
            items.setdefault(material.renamed(by), {})[row["item"]] = None
    told = [f"{by} ({_labelled(material, each)})" for by, each in items.items()]
    return _listed(told, MOST_SOURCES, "; ")


def _labelled(material: Material, items: Iterable[str]) -> str:
    numbers = sorted(int(material.labels[each][1:]) for each in {*items} if each in material.labels)
    return _listed([f"E{number}" for number in numbers], MOST_LABELS)


def _listed(told: list[str], most: int, between: str = ", ") -> str:
    """List words, the first few of many: ``E1, E2, E3 and 7 more``."""
    if len(told) <= most + 1:
        return between.join(told)
    return f"{between.join(told[:most])} and {len(told) - most} more"


# What stands beneath


def _beneath(
    material: Material, rows: Sequence[Mapping[str, Any]], names: Sequence[str], pieces: Sequence[_Piece]
) -> list[tuple[str, str]]:
    """Give what a matrix cannot hold: what changes most, what was not counted, what is not drawn, whose weights."""
    claim = material.explanation(CLAIM)
    settles = claim["settles"] if claim else None
    weighed = material.findings.weighed
    told = {
        "Would change the claim most": sentence(material.renamed(settles)) if settles else "",
        "Not counted": "\n".join(_left_out(material, pieces)),
        "Other explanations": _not_drawn(rows, names, pieces),
        "Whose weights": _whose(weighed),
    }
    return [(name, words) for name, words in told.items() if words]


def _left_out(material: Material, pieces: Sequence[_Piece]) -> list[str]:
    """Say what was not counted for any explanation, and why: ``Another origin shows it already: ... (E4).``."""
    kept: dict[str, list[str]] = {}
    for piece in pieces:
        for why, items in _uncounted(piece).items():
            words = material.renamed(piece.words.rstrip("."))
            kept.setdefault(why, []).append(f"{words} ({_labelled(material, items)})")
    return [sentence(f"{why}: {_listed(told, MOST_LEFT_OUT, '; ')}") for why, told in sorted(kept.items())]


def _uncounted(piece: _Piece) -> dict[str, list[str]]:
    """Give the items that count for no explanation with this observation, by why they do not."""
    found: dict[str, list[str]] = {}
    for item in sorted({row["item"] for row in piece.rows}):
        rows = [row for row in piece.rows if row["item"] == item]
        if not any(row["is_counted"] for row in rows):
            found.setdefault(min(row["why"] for row in rows), []).append(item)
    return found


def _not_drawn(rows: Sequence[Mapping[str, Any]], names: Sequence[str], pieces: Sequence[_Piece]) -> str:
    """Name the explanations without a column, what they come to, and how many observations bear on them alone."""
    others = [row for row in rows if row["explanation"] not in names]
    if not others:
        return ""
    listed = and_list([explanation(row["explanation"]).lower() for row in others]).replace(" ais ", " AIS ")
    share = _share(math.fsum(row["share"] for row in others))
    told = sentence(f"{listed}: {share} together")
    alone = [
        each
        for each in pieces
        if any(row["is_counted"] for row in each.rows)
        and not any(abs(each.adds(name)) >= LEAST_TOLD for name in names)
    ]
    count = "One observation bears" if len(alone) == 1 else f"{len(alone)} observations bear"
    return f"{told}  {count} on them alone, without a row." if alone else told


def _whose(weighed: pl.DataFrame) -> str:
    """Say once whose judgement weights and base rates are."""
    rates = weighed.filter(pl.col("item").is_null())
    counted = weighed.filter(pl.col("item").is_not_null(), pl.col("is_counted"))
    whose = [each.removeprefix("weight: ") for each in counted["weight_origin"].unique(maintain_order=True)]
    claim = rates.filter(pl.col("explanation") == CLAIM)["weight_origin"].to_list()
    others = rates.filter(pl.col("explanation") != CLAIM)["weight_origin"].unique(maintain_order=True)
    told = [
        *([f"Of evidence: {_listed(whose, MOST_SOURCES, '; ')}"] if whose else []),
        *(f"Of the claim's share before: {each}" for each in claim),
        f"Of the others': {'; '.join(others)}",
    ]
    return "  ".join(sentence(each) for each in told)
