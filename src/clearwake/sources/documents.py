"""JSON that is one document rather than lines: arrays of objects, GeoJSON, a single object.

Each object becomes a row; what lies one level inside another (``{"position": {"lon": 1}}``) is called by its own name
(``lon``) and by both (``position_lon``).  A row's line is the line of the file its object begins on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import shapely
import shapely.errors
import shapely.geometry

from clearwake import sphere
from clearwake.model import UnreadableFileError
from clearwake.sources.lines import Fault, shown
from clearwake.unpack import Content

LARGEST_BYTES = 256 << 20
"""A document has to be read whole; JSON lines have no such limit."""

LISTS = ("features", "sightings", "detections", "data", "results", "records", "items", "rows")
"""The names under which documents hold their rows."""

Row = tuple[int, Mapping[str, str | None]]


def is_document(head: bytes) -> bool:
    """Tell from its first bytes whether a file is one JSON document, not JSON lines."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"["):
        return True
    if not text.startswith(b"{"):
        return False
    first = text.split(b"\n", 1)[0]
    try:
        whole = json.loads(first)
    except (ValueError, RecursionError):
        return b"\n" in text or re.search(rb'"(features|FeatureCollection)"', text) is not None
    return isinstance(whole, dict) and ("geometry" in whole or any(name in whole for name in LISTS))


def rows(content: Content, title: str) -> tuple[list[Row], list[Fault]]:
    """Give the objects of a document as rows of text, and what stood among them that is none.

    Raises:
        UnreadableFileError: If it is no JSON, larger than 256 MiB, or holds no objects.
    """
    data = content.stream.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        raise UnreadableFileError(content.origin, "more than 256 MiB", title, "write one object to a line")
    try:
        text = data.decode("utf-8-sig")
        found = _elements(text)
    except (ValueError, RecursionError) as fault:
        said = f"no whole JSON: {str(fault)[:300]}"
        raise UnreadableFileError(content.origin, said, title, "check what was sent") from fault
    if not found:
        raise UnreadableFileError(content.origin, "no objects in it", title, "check what was sent")
    read: list[Row] = []
    faults: list[Fault] = []
    for line, element in found:
        if isinstance(element, dict):
            read.append((line, flat(element)))
        else:
            faults.append(Fault(line, "not a JSON object", shown(json.dumps(element).encode())))
    return read, faults


def _elements(text: str) -> list[tuple[int, Any]]:
    """Give the elements of the document with the lines they begin on."""
    whole = json.loads(text) if not _is_feature_lines(text) else None
    if whole is None:
        lines = enumerate(text.split("\n"), 1)
        return [(number, json.loads(line)) for number, line in lines if line.strip()]
    begin = re.match(r"\s*\[", text)
    if isinstance(whole, dict):
        name = next((each for each in LISTS if isinstance(whole.get(each), list)), None)
        if name is None:
            return [(1, whole)]
        begin = re.search(rf'"{name}"\s*:\s*\[', text)
    return _numbered(text, begin.end()) if begin else []


def _is_feature_lines(text: str) -> bool:
    """Tell whether every line is a feature of its own, as newline-delimited GeoJSON is."""
    first, _, rest = text.lstrip().partition("\n")
    if not first.startswith("{") or not rest.strip():
        return False
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _numbered(text: str, at: int) -> list[tuple[int, Any]]:
    decode = json.JSONDecoder().raw_decode
    found: list[tuple[int, Any]] = []
    line = 1 + text.count("\n", 0, at)
    while True:
        begin = re.compile(r"[\s,]*").match(text, at)
        start = begin.end() if begin else at
        if text[start] == "]":
            return found
        line += text.count("\n", at, start)
        element, end = decode(text, start)
        found.append((line, element))
        line += text.count("\n", start, end)
        at = end


def flat(element: Mapping[str, Any]) -> dict[str, str | None]:
    """Lay out an object, GeoJSON features included, as names and text."""
    row: dict[str, str | None] = {}
    element = dict(element)
    if "geometry" in element:
        place = _place(element.pop("geometry"))
        said = element.pop("properties", None)
        element.pop("type", None)
        element = {**element, **(said if isinstance(said, dict) else {}), **place}
    for name, value in element.items():
        if not isinstance(value, dict):
            row[name] = _text(value)
            continue
        if "type" in value and "coordinates" in value:
            row[name] = json.dumps(value)
        for inner, each in value.items():
            row.setdefault(inner, _text(each))
            row[f"{name}_{inner}"] = _text(each)
    return row


def _place(geometry: Any) -> dict[str, float]:  # noqa: ANN401 - whatever stood in the file
    """Give the place of a point, or of the middle of an outline; nothing where there is none."""
    try:
        shape = shapely.geometry.shape(geometry)
    except (shapely.errors.ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        return {}
    if shape.is_empty:
        return {}
    corners = shapely.get_coordinates(shape)
    if len(corners) == 1:
        return {"lon": float(corners[0, 0]), "lat": float(corners[0, 1])}
    ring = corners[:-1] if (corners[0] == corners[-1]).all() else corners
    lon, lat = sphere.lonlat(sphere.unit_vectors(ring[:, 0], ring[:, 1]).sum(axis=0))
    return {"lon": float(lon), "lat": float(lat)}


def _text(value: object) -> str | None:
    """Give a value as a table would hold it; half a surrogate pair, which no text may hold, as ``?``."""
    if value is None:
        return None
    if isinstance(value, list):
        plain = all(not isinstance(each, dict | list) for each in value)
        words = ";".join(str(each) for each in value) if plain else json.dumps(value)
    else:
        words = json.dumps(value) if isinstance(value, dict) else str(value)
    return words.encode("utf-8", "replace").decode()
