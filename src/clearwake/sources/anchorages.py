"""Anchorages and ports of the user's own: CSV or GeoJSON with a name, a longitude and a latitude."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

import polars as pl

from clearwake.model import Anchorage, Options, Reading, Received, Reject, UnreadableFileError, empty, table
from clearwake.sources import delimited
from clearwake.sources.columns import Layout, Wanted, layout, spelling
from clearwake.sources.facts import Reader, rejects
from clearwake.sources.lines import Block, Fault, blocks, shown
from clearwake.sources.values import decimals
from clearwake.unpack import Content, contents

WANTED = Wanted(
    "a table of anchorages",
    {
        "name": ("name", "label", "anchorage", "port", "portname", "mainportname"),
        "lon": ("lon", "longitude", "lng", "long", "longitudedegrees"),
        "lat": ("lat", "latitude", "latitudedegrees"),
        "kind": ("kind",),
        "country": ("country", "iso3", "countrycode"),
        "radius_km": ("radiuskm",),
        "locode": ("locode", "unlocode"),
    },
    ("name", "lon", "lat"),
)

KINDS = ("anchorage", "port")

LARGEST_BYTES = 256 << 20
"""GeoJSON has to be read whole; all the ports and anchorages of the world take a hundredth of this."""


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read anchorages; see ``docs/sources/anchorages.md``.

    Raises:
        UnreadableFileError: If a file is neither a table with name, lon and lat nor GeoJSON points.
        UsageError: If ``options.mapping`` names something a table of anchorages does not have.
    """
    for index, file in enumerate(files):
        for content in contents(file):
            reader = Reader("anchorages", content.origin, options.received_at)
            is_json = content.head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
            read = _geojson(content) if is_json else _table(content, options.mapping)
            for rows, faults, blank in read:
                places, bad = _places(rows)
                tables = {
                    "anchorages": table(places, Anchorage) if places else empty(Anchorage),
                    "quarantine": rejects([*faults, *bad], reader) if faults or bad else empty(Reject),
                }
                counts = {"blank lines": blank} if blank else {}
                yield Reading(tables, index, len(rows) + len(faults) + blank, counts)


Row = tuple[int, Mapping[str, Any], str]
"""A row: its line or number, what it says under our names, and its text."""

Read = tuple[list[Row], list[Fault], int]


def _table(content: Content, mapping: Mapping[str, str]) -> Iterator[Read]:
    found: Layout | None = None
    separator = ","
    for block in blocks(content.stream):
        rest = block
        if found is None:
            if block.faults or not block.data.strip():
                what = "no line that could name columns"
                raise UnreadableFileError(content.origin, what, WANTED.title, "check what was sent")
            header = block.data[: block.spans[0, 1]]
            names, separator = delimited.header(header)
            found = layout(names, mapping, content.origin, WANTED)
            rest = Block(block.data[len(header) :], block.first + 1, block.faults)
        parsed = delimited.parse(rest, found, separator)
        frame = parsed.rows.frame.with_columns(pl.col("lon", "lat").map_batches(decimals, pl.Float64))
        texts = parsed.rows.shown(range(len(frame)))
        rows: list[Row] = list(zip(parsed.rows.lines, frame.iter_rows(named=True), texts, strict=True))
        yield rows, parsed.faults, parsed.blank


def _geojson(content: Content) -> Iterator[Read]:
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, feature in enumerate(features(content.stream, content.origin), 1):
        text = shown(json.dumps(feature).encode())
        place = _point(feature)
        if place is None:
            faults.append(Fault(number, "not a point", text))
        else:
            rows.append((number, place, text))
    yield rows, faults, 0


def features(stream: IO[bytes], origin: str) -> list[Any]:
    """Give the features of a GeoJSON file, whatever they are.

    Raises:
        UnreadableFileError: If the file is no GeoJSON.
    """
    data = stream.read(LARGEST_BYTES + 1)
    do_next = "save it as GeoJSON (RFC 7946) in UTF-8"
    if len(data) > LARGEST_BYTES:
        raise UnreadableFileError(origin, "more than 256 MiB", "GeoJSON", "split it")
    try:
        whole = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise UnreadableFileError(origin, str(fault)[:300], "GeoJSON", do_next) from fault
    if isinstance(whole, dict) and isinstance(whole.get("features"), list):
        return list(whole["features"])
    if isinstance(whole, dict) and ("geometry" in whole or "coordinates" in whole):
        return [whole]
    raise UnreadableFileError(origin, "no features in it", "GeoJSON", do_next)


def _point(feature: Any) -> Mapping[str, Any] | None:  # noqa: ANN401 - whatever stood in the file
    """Give what a point says under our names; None for what is no point."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    place, said = geometry.get("coordinates"), feature.get("properties")
    if not isinstance(place, list) or len(place) < 2 or not all(_is_number(each) for each in place[:2]):
        return None
    names = {spelling(name): value for name, value in said.items()} if isinstance(said, dict) else {}
    read = {
        ours: next((names[each] for each in spellings if each in names), None)
        for ours, spellings in WANTED.spellings.items()
    }
    return {**read, "lon": place[0], "lat": place[1]}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _places(rows: Sequence[Row]) -> tuple[list[Anchorage], list[Fault]]:
    places: list[Anchorage] = []
    faults: list[Fault] = []
    for line, said, text in rows:
        place = _place(line, said)
        if isinstance(place, str):
            faults.append(Fault(line, place, text))
        else:
            places.append(place)
    return places, faults


def _place(line: int, said: Mapping[str, Any]) -> Anchorage | str:
    """Make an anchorage of a row, or say why it is none."""
    name, kind = _word(said.get("name")), (_word(said.get("kind")) or KINDS[0]).lower()
    lon, lat, radius_km = said["lon"], said["lat"], _radius_km(said.get("radius_km"))
    if isinstance(radius_km, str):
        return radius_km
    wrong = (
        (name is None, "name missing"),
        (kind not in KINDS, "kind neither port nor anchorage"),
        (lon is None, "lon unreadable"),
        (lat is None, "lat unreadable"),
        (lon is not None and not -180 <= lon <= 180, "lon out of range"),
        (lat is not None and not -90 <= lat <= 90, "lat out of range"),
    )
    if reason := next((reason for is_wrong, reason in wrong if is_wrong), None):
        return reason
    country, locode = _word(said.get("country")), _word(said.get("locode"))
    return Anchorage(
        str(name),
        float(lon),
        float(lat),
        "user",
        kind,
        country,
        radius_km=radius_km,
        locode=locode,
        line=line,
    )


def _word(value: object) -> str | None:
    """Give a value as text, trimmed; half a surrogate pair, which no text may hold, as ``?``."""
    text = "" if value is None else str(value).encode("utf-8", "replace").decode().strip()
    return text or None


def _radius_km(said: object) -> float | str | None:
    if said is None or said == "":
        return None
    try:
        radius = float(str(said))
    except ValueError:
        return "radius_km unreadable"
    return radius if 0 <= radius <= 200 else "radius_km out of range"
