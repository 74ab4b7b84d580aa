"""Taking fields: every field of every row or element is taken once, and what is left over is reported.

A publisher who adds a column tells us something.  It must never vanish, and it must not cost the rows that can
be read either.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from xml.sax import SAXParseException
from xml.sax.expatreader import ExpatLocator
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from clearwake.model import Received, UnreadableFileError
from clearwake.unpack import contents as unpacked

LARGEST_LIST_BYTES = 1 << 30
"""No list is this large unpacked; a file that grows so is a trap, not a list."""

CHUNK_BYTES = 1 << 16
"""Bytes of XML parsed before the elements in them are handed over."""

TERMINATOR = b"\x1a"
"""The DOS end-of-file byte that ends the US Treasury's legacy files."""


def contents(file: Received) -> Iterator[tuple[str, bytes]]:
    """Give what lies inside a received file, unpacked: name and bytes.

    Raises:
        UnreadableFileError: If it is damaged, empty, far too large, or a web page.
    """
    for packed in unpacked(file):
        name, content = packed.origin, packed.stream.read(LARGEST_LIST_BYTES)
        if len(content) == LARGEST_LIST_BYTES:
            raise UnreadableFileError(name, "over a gigabyte", "a sanctions list", "check what was fetched")
        if not content[:1024].strip(b"\xef\xbb\xbf \t\r\n" + TERMINATOR):
            raise UnreadableFileError(name, "nothing in it", "a sanctions list", "fetch it again")
        yield name, content


def is_xml(content: bytes) -> bool:
    """Tell whether bytes begin as XML."""
    return content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def decoded(content: bytes) -> str:
    """Read bytes as UTF-8, else as Windows-1252, which older lists were written in; the terminator goes."""
    content = content.rstrip(TERMINATOR + b"\r\n ").removeprefix(b"\xef\xbb\xbf")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


@dataclass(frozen=True)
class Line:
    """One row of a table in text: the line it starts on (from 1) and its cells."""

    number: int
    cells: list[str]


def lines(text: str, delimiter: str = ",") -> Iterator[Line]:
    """Cut text into rows of cells; a quoted cell may run over several lines.  Empty lines are passed over."""
    csv.field_size_limit(LARGEST_LIST_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield Line(start, cells)
        start = reader.line_num + 1


def refuse_if_cut(name: str, text: str, last: Line, width: int) -> None:
    """Refuse a table that ends in the middle of a row.

    Raises:
        UnreadableFileError: If its last row has too few cells, or its last quotation mark opens one.
    """
    if len(last.cells) < width or text.count('"') % 2:
        found = f"the last row, line {last.number}, ends after {len(last.cells)} of {width} columns"
        raise UnreadableFileError(name, found, "a table", "fetch it again; it is cut short")


@dataclass
class Row:
    """Named cells of one row, to be taken one by one."""

    number: int
    cells: dict[str, str]

    def take(self, name: str) -> str | None:
        """Take a cell: its text without surrounding space, or null where it is absent or empty."""
        return self.cells.pop(name, "").strip() or None

    def drop(self, *names: str) -> None:
        """Take cells on purpose without keeping them."""
        for name in names:
            self.cells.pop(name, None)

    def left(self) -> dict[str, str]:
        """Give the cells that nobody took."""
        return dict(self.cells)


@dataclass(slots=True)
class Element:
    """One XML element with all below it, to be taken piece by piece; ``number`` is its line (from 1)."""

    tag: str
    number: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def attribute(self, name: str) -> str | None:
        """Take an attribute; null where it is absent or empty."""
        return self.attributes.pop(name, "").strip() or None

    def take(self, tag: str) -> str | None:
        """Take the first child ``tag`` for its text; null where it is absent or empty."""
        found = next((child for child in self.children if child.tag == tag), None)
        if found is None:
            return None
        said, found.text = " ".join(found.text.split()) or None, ""
        if not (found.children or found.attributes):
            self.children.remove(found)
        return said

    def take_all(self, tag: str) -> list[Element]:
        """Take every child ``tag``, as elements whose own pieces are then to be taken."""
        found = [child for child in self.children if child.tag == tag]
        self.children = [child for child in self.children if child.tag != tag]
        return found

    def items(self, *path: str) -> Iterator[Element]:
        """Take every element at ``path`` below this one, one by one.

        What the caller leaves in an element stays where it was, for ``left`` to find.
        """
        for child in self.take_all(path[0]):
            if len(path) > 1:
                yield from child.items(*path[1:])
            else:
                yield child
            if child.children or child.attributes or child.text.strip():
                self.children.append(child)

    def texts(self, *path: str) -> list[str]:
        """Take the texts of every element at ``path`` below this one; empty ones are passed over."""
        said = []
        for child in self.items(*path):
            said += [" ".join(child.text.split())] if child.text.strip() else []
            child.text = ""
        return said

    def joined(self, tags: tuple[str, ...]) -> str | None:
        """Take the children ``tags`` for their texts, joined by commas; null where all are empty."""
        return ", ".join(filter(None, (self.take(tag) for tag in tags))) or None

    def drop(self, *names: str) -> None:
        """Take children and attributes on purpose without keeping them."""
        self.children = [child for child in self.children if child.tag not in names]
        for name in names:
            self.attributes.pop(name, None)

    def left(self, path: str = "") -> Iterator[tuple[str, str]]:
        """Give what nobody took: path and value, for attributes (``@name``) and elements."""
        for name, value in self.attributes.items():
            yield f"{path}@{name}", value
        for child in self.children:
            below, text = f"{path}/{child.tag}", " ".join(child.text.split())
            if text or not (child.children or child.attributes):
                yield below, text
            yield from child.left(below)


class _Growing(ContentHandler):
    """Builds every element below the ``holders`` and hands it over as soon as it is whole."""

    def __init__(self, holders: tuple[str, ...]) -> None:
        super().__init__()
        self.holders, self.open, self.whole = holders, list[Element](), list[Element]()
        self.root: Element | None = None
        self.place = Locator()

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name SAX calls
        given = {kept: value for key, value in attrs.items() if (kept := _attribute(key))} if attrs else {}
        element = Element(_local(name), self.place.getLineNumber() or 0, given)
        if self.root is None:
            self.root = element
            self.whole.append(element)
        elif self.open or element.tag not in self.holders:
            self.open.append(element)

    def characters(self, content: str) -> None:
        if self.open:
            self.open[-1].text += content

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - the name SAX calls, as it calls it
        if not self.open:
            return
        done = self.open.pop()
        (self.open[-1].children if self.open else self.whole).append(done)

    def handed_over(self, name: str) -> list[Element]:
        """Give what is whole, once.

        Raises:
            UnreadableFileError: If the root is another than the list's.
        """
        if self.root is not None and self.root.tag != self.holders[0]:
            found, wanted = f"a document of <{self.root.tag}>", f"a document of <{self.holders[0]}>"
            raise UnreadableFileError(name, found, wanted, "give the list's own file; this is another one")
        whole, self.whole = self.whole, []
        return whole


@cache
def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


@cache
def _attribute(name: str) -> str:
    """Give an attribute's name without its prefix; nothing for those of XML itself."""
    return "" if name.startswith(("xmlns", "xsi:")) else _local(name)


def elements(name: str, content: bytes, holders: tuple[str, ...]) -> Iterator[Element]:
    """Read XML: first the root with its attributes, then every element below the holders, each one whole.

    Name-space prefixes are left out.  Documents that declare entities or a document type are refused: they can
    make a reader fetch files or fill its memory.

    Args:
        name: What the file goes by, for errors.
        content: The document.
        holders: The root's tag, then the tags below it that only hold others.

    Raises:
        UnreadableFileError: If it has another root, is not well-formed XML to its end, or declares entities.
    """
    parser, growing = make_parser(), _Growing(holders)
    parser.forbid_dtd = True
    parser.setContentHandler(growing)
    growing.place = ExpatLocator(parser)
    try:
        for start in range(0, max(len(content), 1), CHUNK_BYTES):
            parser.feed(content[start : start + CHUNK_BYTES])
            yield from growing.handed_over(name)
        parser.close()
    except SAXParseException as fault:
        found = f"line {fault.getLineNumber()}: {fault.getMessage()}"
        raise UnreadableFileError(name, found, "XML", "fetch it again; it is cut short or damaged") from fault
    except DefusedXmlException as fault:
        raise UnreadableFileError(name, str(fault), "XML", "do not trust where it came from") from fault
    yield from growing.handed_over(name)


@dataclass
class Leftovers:
    """What was left over in an edition: each unknown field once, with its first place, value and count."""

    seen: dict[str, tuple[int, str, int]] = field(default_factory=dict)

    def note(self, number: int, left: Iterator[tuple[str, str]] | dict[str, str]) -> None:
        """Remember what one row or element had left over."""
        for name, value in left.items() if isinstance(left, dict) else left:
            line, first, times = self.seen.get(name, (number, value, 0))
            self.seen[name] = (line, first or value, times + bool(value))

    def told(self) -> Iterator[tuple[int, str]]:
        """Give each unknown field as (line, sentence)."""
        for name, (line, first, times) in self.seen.items():
            yield line, f"{name}: {times:,} values, the first {first!r}" if times else f"{name}: always empty"
