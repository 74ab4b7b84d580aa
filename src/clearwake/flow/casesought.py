"""What an id of a case, of an item in one or of a decision stands for, and what it rests on, for ``explain``.

An item made from one of the desk's facts rests on that fact, and so on the bytes it was read from; what was typed in by
somebody ends at who typed it in, and at the seal of that decision in the desk's chain.
"""

from __future__ import annotations

import polars as pl

from clearwake.flow.casetables import cases, decisions, items
from clearwake.store import Store

Sought = tuple[str, dict[str, object], list[str]]
"""Title, details, and the ids of what it rests on."""


def sought(store: Store, fact: str) -> Sought | None:
    """Find a case, item or decision by its id; None where nothing in a case has it."""
    kind = fact.partition(":")[0]
    if kind == "item":
        return _item(store, fact)
    if kind == "decision":
        return _decision(store, fact)
    return _case(store, fact) if fact in store.cases.versions() else None


def _item(store: Store, fact: str) -> Sought | None:
    row = _one(items(store), fact)
    if row is None:
        return None
    source = row.pop("source", None)
    rests_on = [str(each) for each in _listed(row.pop("rests_on", None))]
    added = decisions(store).filter(pl.col("act") == "add", pl.col("rests_on").list.contains(fact)).head(1)
    for by in added.iter_rows(named=True):
        row["added_by"] = f"{by['role']} {by['who']} ({by['nation']}), {by['at']:%Y-%m-%d %H:%M} UTC"
        row["sealed"] = f"entry {by['number']} of chain {by['chain']}: {by['hash']}"
    return str(row["sentence"]), row, [*([str(source)] if source else []), *rests_on]


def _decision(store: Store, fact: str) -> Sought | None:
    row = _one(decisions(store), fact)
    if row is None:
        return None
    title = f"{row['role']} {row['who']} ({row['nation']}): {str(row['act']).replace('_', ' ')}, because {row['why']}"
    return title, row, [str(each) for each in _listed(row.pop("rests_on", None))]


def _case(store: Store, fact: str) -> Sought | None:
    row = _one(cases(store), fact)
    if row is None:
        return None
    return f"{row['title']}: {row['state']}", row, items(store, fact)["id"].to_list()


def _one(rows: pl.DataFrame, fact: str) -> dict[str, object] | None:
    found = rows.filter(pl.col("id") == fact)
    if found.is_empty():
        return None
    return {name: each for name, each in found.row(0, named=True).items() if each is not None and each != []}


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
