"""Explaining: from any conclusion, by the evidence it names, down to the bytes that were received."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from clearwake.archive import Archive
from clearwake.flow.advance import POSITIONS
from clearwake.model import NotFoundError, Received, utc
from clearwake.sources.original import original
from clearwake.store import Store

_POSITION = re.compile(r"position:(\d+)@(.+)")
_SHOWN = 12
"""As many pieces of evidence are followed down; how many more there are is said."""


@dataclass(frozen=True)
class Explanation:
    """One fact and what it rests on; leaves are received bytes: their hash, origin, line and the line itself."""

    id: str
    title: str
    details: dict[str, object] = field(default_factory=dict)
    children: tuple[Explanation, ...] = ()


Find = Callable[[str], tuple[str, dict[str, object], list[str]] | None]


class Explainer:
    """Follows evidence through one desk.

    Args:
        store: The desk's store.
        archive: The desk's bytes.
        find: Gives title, details and evidence ids of a fact by id, or None: indicators, events, designations.
    """

    def __init__(self, store: Store, archive: Archive, find: Find) -> None:
        self._store, self._archive, self._find = store, archive, find

    def explain(self, fact: str) -> Explanation:
        """Explain a fact by its id.

        Raises:
            NotFoundError: If nothing in the desk has this id.
        """
        position = _POSITION.fullmatch(fact)
        if position:
            return self._position(fact, int(position[1]), position[2])
        found = self._find(fact)
        if found is None:
            message = f"nothing in this desk has the id {fact}\n  next: take an id from show, rank or screen"
            raise NotFoundError(message)
        title, details, evidence = found
        children = [self._child(e) for e in evidence[:_SHOWN]]
        if {"receipt", "line"} <= details.keys():
            children.append(self._bytes(details))
        if len(evidence) > _SHOWN:
            children.append(Explanation("", f"and {len(evidence) - _SHOWN} more pieces of evidence"))
        return Explanation(fact, title, details, tuple(children))

    def _child(self, fact: str) -> Explanation:
        try:
            return self.explain(fact)
        except NotFoundError as missing:
            return Explanation(fact, str(missing).splitlines()[0])

    def _position(self, fact: str, mmsi: int, moment: str) -> Explanation:
        time = utc(moment)
        day: date = time.date()
        rows = self._store.scan("positions", day, day, POSITIONS)
        same = rows.filter(pl.col("mmsi") == mmsi, pl.col("time") == time).sort("receipt", "line").collect()
        if not same.height:
            message = f"nothing in this desk has the id {fact}"
            raise NotFoundError(message)
        first = same.row(0, named=True)
        details = {k: v for k, v in first.items() if v is not None and k not in ("shard", "receipt", "line")}
        received = tuple(self._bytes(row) for row in same.iter_rows(named=True))
        title = f"MMSI {mmsi} reported {first['lon']:.5f}, {first['lat']:.5f} at {time:%Y-%m-%d %H:%M:%S} UTC"
        return Explanation(fact, title, details, received)

    def _bytes(self, row: dict[str, object]) -> Explanation:
        receipts = self._store.receipts().filter(pl.col("number") == row["receipt"])
        if not receipts.height or not isinstance(row["line"], int):
            return Explanation("", "no line of a received file is recorded for it")
        receipt = receipts.row(0, named=True)
        path = self._archive.path(receipt["sha256"])
        found = original(Received(path, receipt["origin"]), row["line"])
        origin, line, text = found or (receipt["origin"], row["line"], None)
        details = {"sha256": receipt["sha256"], "origin": origin, "line": line, "text": text}
        title = f"line {line} of {origin}, received {receipt['received_at']:%Y-%m-%d %H:%M} UTC"
        return Explanation(f"receipt:{receipt['sha256']}:{row['line']}", title, details)
