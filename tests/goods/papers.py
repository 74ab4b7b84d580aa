"""Papers written by hand: shipments and permissions with only what a test is about, and ways to look at findings."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from clearwake.goods import Known, findings
from clearwake.model import Permission, Shipment, table, utc

COAL: dict[str, Any] = {
    "hs_code": "270111",
    "description": "anthracite",
    "origin": "PRK",
    "load_port": "Nampo",
}
GAS_OIL: dict[str, Any] = {
    "hs_code": "271019", "description": "gas oil", "destination": "PRK", "discharge_port": "Nampo", "quantity": 4000.0,
    "unit": "bbl", "consignee": "Beta Corp", "ship_imo": "9074729",
}  # fmt: skip


def shipment(
    load_on: str | None = "2018-02-01", discharge_on: str | None = None, **said: Any
) -> pl.DataFrame:
    """Write one shipment; days are ISO 8601, ``id`` is S1 unless said."""
    days = {
        "load_on": utc(load_on) if load_on else None,
        "discharge_on": utc(discharge_on) if discharge_on else None,
    }
    row = {"id": "S1", "known_at": utc("2020-01-01"), **days, **said}
    return table([Shipment(**row)], Shipment)


def permission(kind: str, **said: Any) -> pl.DataFrame:
    """Write one permission: by default of gas oil to Beta Corp on ship 9074729 in January 2018, 5,000 barrels."""
    row: dict[str, Any] = {
        "kind": kind, "reference": "N1", "authority": "1718 Committee", "provision": "UNSCR 2397 para 5",
        "hs_codes": ("2710",), "quantity": 5000.0, "unit": "bbl", "parties": ("Beta Corporation",),
        "ships": ("IMO 9074729",), "valid_from": utc("2018-01-01"), "valid_to": utc("2018-01-31"),
        "known_at": utc("2020-01-01"), **said,
    }  # fmt: skip
    return table([Permission(**row)], Permission)


def found(shipments: pl.DataFrame, *permissions: pl.DataFrame, on: date | None = None) -> pl.DataFrame:
    """Give findings about shipments with so many permissions on file."""
    known = Known(permissions=pl.concat(permissions)) if permissions else Known()
    return findings(shipments, known, on)


def kinds(rows: pl.DataFrame) -> set[str]:
    """Give the kinds of findings there are, leaving out whether code and text agree, which most papers' do."""
    return set(rows["kind"].to_list()) - {"description_agrees"}


def verdicts(rows: pl.DataFrame) -> set[tuple[str, str | None]]:
    """Give the kinds of findings with the provisions they are by, likewise."""
    return {
        (kind, by)
        for kind, by in rows.select("kind", "provision").iter_rows()
        if kind != "description_agrees"
    }


def sentence(rows: pl.DataFrame, kind: str) -> str:
    """Give the sentence of the one finding of a kind."""
    (text,) = rows.filter(pl.col("kind") == kind)["sentence"].to_list()
    return str(text)
