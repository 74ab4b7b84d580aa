"""Whether a fetched file is what it should be, before it counts: whole, undamaged, and not an error page."""

from __future__ import annotations

import re
from pathlib import Path
from xml.parsers import expat

from clearwake.model import Received, UnreadableFileError
from clearwake.unpack import contents, packing

BLOCK_BYTES = 1 << 20
_PAGE = re.compile(rb"\s*(<!doctype html|<html)", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>\s*([^<]*?)\s*</title>", re.IGNORECASE)


def check(file: Path, kind: str, roots: frozenset[str], where: str) -> None:
    """Read a file from end to end as its kind; memory stays at a block.

    Args:
        file: The fetched bytes.
        kind: ``zip``, ``zstandard``, ``gzip``, ``xml`` or ``plain``.
        roots: What the outermost element of an XML file may be called; any, if empty.
        where: What to call the file in an error.

    Raises:
        UnreadableFileError: If it is a web page, damaged, cut short, empty or of another kind.
    """
    with file.open("rb") as stream:
        head = stream.read(4096).removeprefix(b"\xef\xbb\xbf")
    if not head.strip():
        raise UnreadableFileError(
            where, "an empty file", _as(kind), "try again later; the publisher sent nothing"
        )
    if _PAGE.match(head):
        raise UnreadableFileError(
            where, _page(head), _as(kind), "open the address in a browser to see what it says"
        )
    if kind == "xml":
        _check_xml(file, roots, where)
    elif kind != "plain":
        _check_packed(file, kind, where)


def _as(kind: str) -> str:
    return {"xml": "an XML file", "plain": "a plain file"}.get(kind, f"a {kind} file")


def _page(head: bytes) -> str:
    title = _TITLE.search(head)
    return f"a web page, {title[1].decode(errors='replace')!r}" if title else "a web page"


def _check_packed(file: Path, kind: str, where: str) -> None:
    received = Received(file, where)
    with file.open("rb") as stream:
        found = packing(stream.read(4))
    if found != kind:
        do_next = "open the address in a browser to see what it gives"
        raise UnreadableFileError(where, f"a {found} file by its first bytes", _as(kind), do_next)
    for content in contents(received):
        while content.stream.read(BLOCK_BYTES):
            pass


def _check_xml(file: Path, roots: frozenset[str], where: str) -> None:
    """Read XML to its end; entities of its own making are refused, since no list has them and attacks do."""
    parser = expat.ParserCreate(namespace_separator=" ")
    outermost: list[str] = []

    def note(name: str, _attributes: object) -> None:
        outermost.append(name.rpartition(" ")[2])
        parser.StartElementHandler = None

    def refuse(name: str, *_declared: object) -> None:
        message = f"it declares an entity of its own, {name!r}"
        raise UnreadableFileError(where, message, _as("xml"), "do not read it; ask the publisher")

    parser.StartElementHandler = note
    parser.EntityDeclHandler = refuse
    try:
        with file.open("rb") as stream:
            parser.ParseFile(stream)
    except expat.ExpatError as error:
        do_next = "fetch it again; it is cut short or not XML"
        raise UnreadableFileError(where, str(error), _as("xml"), do_next) from error
    if roots and outermost[0] not in roots:
        wanted = " or ".join(sorted(roots))
        do_next = "see whether the address is that of another list"
        raise UnreadableFileError(where, f"<{outermost[0]}>", f"an XML file that begins <{wanted}>", do_next)
