"""The document: a dossier's content as data, before it has a face.

A document is a front page and sections of blocks.  Typst makes a PDF of it, jinja2 an HTML page; both show the same
words, and a bundle carries the data so that it can be made, and checked, again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

FORMS = ("text", "points", "pairs", "table", "groups", "bars", "figure", "note")
"""``text`` a paragraph; ``points`` a list; ``pairs`` names and values; ``table``; ``groups`` a table in parts with
their own headings; ``bars`` shares with their ranges; ``figure`` a picture; ``note`` small print."""

STATUSES = ("established", "indicated", "missing", "contradicted")


@dataclass(frozen=True)
class Group:
    """Rows of a table under a heading of their own."""

    title: str
    note: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Bar:
    """A share with the range it runs over when weights are doubted, 0 to 1, and its word."""

    name: str
    share: float
    low: float
    high: float
    word: str


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
    bars: tuple[Bar, ...] = ()
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


def bars(shares: Iterable[Bar]) -> Block:
    """Draw shares with their ranges."""
    return Block("bars", bars=tuple(shares))


def figure(name: str, caption: str, alt: str, *, is_wide: bool = False) -> Block:
    """Put a picture in, by its file name."""
    return Block("figure", figure=name, text=caption, alt=alt, is_wide=is_wide)


def figures_of(sections: Iterable[Section]) -> tuple[str, ...]:
    """Name the pictures of sections, in their order."""
    return tuple(block.figure for section in sections for block in section.blocks if block.form == "figure")
