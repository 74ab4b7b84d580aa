"""Deliveries written as tables a seafarer can read, turned into what the ledger counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clearwake.ledger import Book, Chances, Entry, Told, from_deliveries, years
from clearwake.model import Delivery, LedgerYear, utc

NUMBERS = ("capacity_bbl", "volume_bbl", "volume_t", "draught_m", "full_draught_m", "deadweight_t")


def rows(text: str, file: int = 1) -> list[Delivery]:
    """Read a table: columns parted by blanks, ``-`` for what is not said, ``_`` for a blank in a name."""
    lines = [line.split() for line in text.strip().splitlines()]
    return [_row(dict(zip(lines[0], cells, strict=True)), file, at) for at, cells in enumerate(lines[1:], 2)]


def _row(said: dict[str, str], file: int, line: int) -> Delivery:
    told = {name: value.replace("_", " ") for name, value in said.items() if value != "-"}
    laden = [float(part) for part in told["laden"].split("..")] if "laden" in told else []
    words = ("ship", "imo", "port", "from_ship", "product", "stage_of", "status", "source")
    fields: dict[str, Any] = {name: told[name] for name in words if name in told}
    fields |= {name: float(told[name]) for name in NUMBERS if name in told}
    fields |= {"laden_low": laden[0], "laden_high": laden[-1]} if laden else {}
    fields |= {"since": utc(told["since"]), "calls": int(told["calls"])} if "since" in told else {}
    name = told.get("id", f"file{file}:{line}")
    return Delivery(name, utc(told["date"]), own_id=told.get("id"), receipt=file, line=line, **fields)


def entries(text: str, file: int = 1) -> list[Entry]:
    """Read a table as entries."""
    return list(from_deliveries(rows(text, file), Told()))


def year_of(told: Sequence[Entry], year: int = 2018) -> LedgerYear:
    """Count entries, and give the year's first period."""
    return years(Book.of(told), year, Chances(draws=2048))[0]


def counted(told: Sequence[Entry]) -> dict[str, str]:
    """Say what becomes of each ship's entry; of a ship with several, the last."""
    return {each.ship or each.id: each.counted for each in Book.of(told).shown()}
