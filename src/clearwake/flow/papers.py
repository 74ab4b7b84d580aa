"""Shipments held against everything a desk knows: what is on file, the lists, and where their ships were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl

from clearwake import goods
from clearwake.flow.advance import POSITIONS
from clearwake.flow.intake import RECORDS
from clearwake.model import IdentityClaim, Match, ShipmentFinding, empty
from clearwake.screen import screen
from clearwake.store import Store

BESIDE_DAYS = 15
"""Positions so many days before the first and after the last declared day are looked at."""


def shipment_findings(store: Store, show: Callable[[str], pl.DataFrame], on: date | None) -> pl.DataFrame:
    """Check the shipments of a desk: a table of ``ShipmentFinding``.

    Args:
        store: The desk's store.
        show: Gives a table of events, or the ports and anchorages, by name.
        on: The day the question is asked for; see ``goods.findings``.
    """
    shipments = store.scan("shipments", record=RECORDS["shipments"]).collect()
    if shipments.is_empty():
        return empty(ShipmentFinding)
    designations = store.scan("designations", record=RECORDS["designations"]).collect()
    claims = claims_of(store, shipments)
    known = goods.Known(
        permissions=store.scan("permissions", record=RECORDS["permissions"]).collect(),
        matches=_matches(shipments, designations),
        designations=designations,
        claims=claims,
        positions=positions_of(store, shipments, claims),
        port_calls=show("port_calls"),
        zone_entries=show("zone_entries"),
        ports=show("anchorages"),
    )
    return goods.findings(shipments, known, on)


def _matches(shipments: pl.DataFrame, designations: pl.DataFrame) -> pl.DataFrame:
    """Screen the parties and ships of shipments against every entry any edition ever had."""
    asked = goods.asked(shipments)
    if asked.is_empty() or designations.is_empty():
        return empty(Match)
    return screen(asked, goods.ever_listed(designations))


def paper(store: Store, fact: str, show: Callable[[str], pl.DataFrame]) -> tuple[str, pl.DataFrame] | None:
    """Give the table and row that the id of a shipment, permission or finding names; None where it names none."""
    what, _, name = fact.partition(":")
    if what == "shipment":
        rows = store.scan("shipments", record=RECORDS["shipments"]).filter(pl.col("id") == name)
        return "shipments", rows.collect().head(1)
    if what == "permission":
        kind, _, reference = name.partition(":")
        same = (pl.col("kind") == kind) & (pl.col("reference") == reference)
        rows = store.scan("permissions", record=RECORDS["permissions"]).filter(same)
        return "permissions", rows.collect().head(1)
    if what == "shipment_finding":
        return "shipment_findings", show("shipment_findings").filter(pl.col("id") == fact)
    return None


def claims_of(store: Store, shipments: pl.DataFrame) -> pl.DataFrame:
    """Give every claim of the transmitters that may be the ships of shipments: by MMSI, IMO number or name."""
    claims = store.scan("claims", record=IdentityClaim)
    imos, mmsis = shipments["ship_imo"].drop_nulls().unique(), shipments["ship_mmsi"].drop_nulls().unique()
    names = shipments.select(_bare_name("ship_name")).to_series().drop_nulls().unique()
    is_asked = (
        pl.col("imo").is_in(imos.implode())
        | pl.col("mmsi").is_in(mmsis.implode())
        | _bare_name("name").is_in(names.implode())
    )
    numbers = claims.filter(is_asked.fill_null(value=False)).select("mmsi").unique()
    return claims.join(numbers, on="mmsi", how="semi").collect()


def _bare_name(column: str) -> pl.Expr:
    """Give ships' names in capitals, without ``M/V`` and the like: a first look, which ``goods`` repeats closely."""
    capitals = pl.col(column).str.to_uppercase().str.strip_chars()
    return capitals.str.replace(r"^(?:M[/.]?[VT]\.?|S[/.]?S\.?) +", "")


def positions_of(store: Store, shipments: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Give the positions of the ships of shipments about the declared days."""
    mmsis = pl.concat([claims["mmsi"], shipments["ship_mmsi"].drop_nulls()]).unique()
    span = shipments.select(
        first=pl.min_horizontal(pl.col("load_on", "discharge_on").min()).dt.date(),
        last=pl.max_horizontal(pl.col("load_on", "discharge_on").max()).dt.date(),
    ).row(0)
    first, last = _wider(span[0], -BESIDE_DAYS), _wider(span[1], BESIDE_DAYS)
    rows = store.scan("positions", first, last, POSITIONS).filter(pl.col("mmsi").is_in(mmsis.implode()))
    rows = rows if first is not None else rows.head(0)
    return rows.select("mmsi", "time", "lon", "lat", "known_at").collect()


def _wider(day: date | None, days: int) -> date | None:
    """Give a day moved by so many; the first and last days that can be written do not move past the end."""
    if day is None:
        return None
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day
