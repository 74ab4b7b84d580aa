"""How measurements are put in words: numbers with units, times in UTC, nothing that accuses."""

from __future__ import annotations

import polars as pl


def whole(quantity: pl.Expr) -> pl.Expr:
    """Write a number without decimals."""
    return quantity.round(0).cast(pl.Int64).cast(pl.String)


def tenths(quantity: pl.Expr) -> pl.Expr:
    """Write a number with one decimal."""
    return quantity.round(1).cast(pl.String)


def period(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Write ``2020-06-30 02:10 to 03:40 UTC``; the second date only where it differs; open without an end."""
    day, minute = "%Y-%m-%d %H:%M", "%H:%M"
    until = (
        pl.when(start.dt.date() == end.dt.date())
        .then(end.dt.strftime(minute))
        .otherwise(end.dt.strftime(day))
    )
    closed = pl.format("{} to {} UTC", start.dt.strftime(day), until)
    return pl.coalesce(closed, pl.format("from {} UTC on", start.dt.strftime(day)))


def off_coast(coast_km: pl.Expr) -> pl.Expr:
    """Write how far from the coast, and say so where it was not measured."""
    return pl.coalesce(
        pl.format("{} km from the coast", whole(coast_km)),
        pl.lit("distance to the coast not measured"),
    )


def plural(count: pl.Expr, one: str, many: str) -> pl.Expr:
    """Write ``1 meeting`` or ``3 meetings``."""
    return pl.format("{} {}", count, pl.when(count == 1).then(pl.lit(one)).otherwise(pl.lit(many)))
