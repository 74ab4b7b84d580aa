"""The document: a dossier's content as data, before it has a face.

A document is a front page and sections of blocks.  Typst makes a PDF of it, jinja2 an HTML page; both show the same
words, and a bundle carries the data so that it can be made, and checked, again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

FORMS = ("text", "points", "pairs", "table", "groups", "matrix", "figure", "note")
"""``text`` a paragraph; ``points`` a list; ``pairs`` names and values; ``table``; ``groups`` a table in parts with
their own headings; ``matrix`` evidence against explanations; ``figure`` a picture; ``note`` small print."""

STATUSES = ("established", "indicated", "missing", "contradicted")


@dataclass(frozen=True)
class Group:
    """Rows of a table under a heading of their own."""

    title: str
    note: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Rival:
    """A column of a matrix: an explanation, its share before and after the evidence, and its word."""

    name: str
    is_claim: bool
    before: str
    """In whole percent, as are ``after`` and ``range``."""
    after: str
    range: str
    word: str
    share: float
    """Of belief after the evidence, 0 to 1, with what it runs between when weights are doubted."""
    low: float
    high: float


@dataclass(frozen=True)
class Cell:
    """What a row of evidence says of one explanation."""

    told: str
    """How many times likelier, or less likely; a dash, or nothing."""
    strength: int
    """-3 to 3, for its shade: 1 from 1.05, 2 from 2, 3 from 5 times."""


@dataclass(frozen=True)
class Evidence:
    """A row of a matrix: what was observed, who said so with grades and labels, and a cell for each column."""

    words: str
    said_by: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Block:
    """One piece of a section; which fields count depends on its form."""

    form: str
    text: str = ""
    points: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[float, ...] = ()
    """Shares of the width that columns have; the same each where empty."""
    status: int = -1
    """The column of a table that holds statuses, which are drawn as such; -1 for none."""
    groups: tuple[Group, ...] = ()
    rivals: tuple[Rival, ...] = ()
    """Columns of a matrix; its rows are ``evidence``."""
    evidence: tuple[Evidence, ...] = ()
    figure: str = ""
    """The file name of a picture."""
    alt: str = ""
    """What a picture shows, for those who do not see it."""
    is_wide: bool = False
    """Whether a picture is so wide that on paper it takes a page turned on its side."""


@dataclass(frozen=True)
class Section:
    """A part of the document with a heading."""

    title: str
    blocks: tuple[Block, ...]
    lead: str = ""
    """One sentence under the heading: what the section comes to."""


@dataclass(frozen=True)
class Front:
    """Page 1, for who reads nothing else."""

    claim: str
    """What is said, in one sentence with its confidence word."""
    word: str
    """The confidence word, as it stands in the claim."""
    reading: str
    """How sure that is, and what it hangs on; one or two sentences."""
    facts: tuple[tuple[str, str], ...]
    """Names and values: when, where, ships, state of the case."""
    established: tuple[str, ...]
    missing: tuple[str, ...]
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A dossier before it has a face."""

    kind: str
    """``case``, ``notice``, ``committee``, ``press`` or ``compliance``."""
    heading: str
    """What a document of this kind is called."""
    title: str
    dossier: str
    """Its number: the case's id and the beginning of the hash of what was released."""
    case: str
    """The day and first ship that its audience reads of."""
    handling: str
    """The TLP label."""
    audience: str
    """For whom, in words."""
    made_on: str
    front: Front
    sections: tuple[Section, ...]
    contact: str
    """Where to say that something is wrong."""
    disclaimer: str
    version: str
    figures: tuple[str, ...] = field(default=())
    """File names of pictures, in the order they appear."""


def text(words: str) -> Block:
    """Make a paragraph."""
    return Block("text", text=words)


def note(words: str) -> Block:
    """Make small print."""
    return Block("note", text=words)


def points(sentences: Iterable[str]) -> Block:
    """Make a list."""
    return Block("points", points=tuple(sentences))


def pairs(rows: Iterable[tuple[str, str]]) -> Block:
    """Make a list of names and values."""
    return Block("pairs", rows=tuple(rows))


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float] = (), status: int = -1
) -> Block:
    """Make a table; ``status`` is the column that holds statuses."""
    laid = tuple(tuple(row) for row in rows)
    return Block("table", header=tuple(header), rows=laid, widths=tuple(widths), status=status)


def groups(
    header: Sequence[str], parts: Iterable[Group], widths: Sequence[float] = (), status: int = -1
) -> Block:
    """Make a table in parts, each with its heading."""
    return Block("groups", header=tuple(header), groups=tuple(parts), widths=tuple(widths), status=status)


def matrix(rivals: Iterable[Rival], evidence: Iterable[Evidence]) -> Block:
    """Hold evidence against explanations."""
    return Block("matrix", rivals=tuple(rivals), evidence=tuple(evidence))


def figure(name: str, caption: str, alt: str, *, is_wide: bool = False) -> Block:
    """Put a picture in, by its file name."""
    return Block("figure", figure=name, text=caption, alt=alt, is_wide=is_wide)


def figures_of(sections: Iterable[Section]) -> tuple[str, ...]:
    """Name the pictures of sections, in their order."""
    return tuple(block.figure for section in sections for block in section.blocks if block.form == "figure")
