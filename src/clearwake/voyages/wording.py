"""Sentences of findings, put together column-wise, and the lists they stand in."""

from __future__ import annotations

import polars as pl


def moment(column: str) -> pl.Expr:
    """Write a time as ``2026-01-01 12:00``; null stays null."""
    return pl.col(column).dt.strftime("%Y-%m-%d %H:%M")


def sentences(*parts: pl.Expr) -> pl.Expr:
    """Gather sentences into a list, nulls left out."""
    return pl.concat_list(part.cast(pl.String) for part in parts).list.drop_nulls()


def listed(*parts: pl.Expr | str) -> pl.Expr:
    """Gather ids out of list columns: each once, sorted, nulls left out."""
    lists = [pl.col(part) if isinstance(part, str) else part for part in parts]
    filled = [part.fill_null(pl.lit([], pl.List(pl.String))) for part in lists]
    return pl.concat_list(filled).list.drop_nulls().list.unique().list.sort()
