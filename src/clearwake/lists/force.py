"""Which edition of each part of a list was in force on a day, what each entry's status was then, and what is stale.

An edition is in force from its date until the next one of the same list and part.  Two editions of one date are told
apart by their receipts; the later one counts.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import polars as pl

KEY = ("list", "part")


def end_of(day: date) -> datetime:
    """Give the last moment of a day, UTC: what was published on the day was in force on it."""
    return datetime.combine(day, time.max, UTC)


def current(editions: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """Give the edition of each list and part that was in force at ``moment``: a table of ``Edition``.

    Where every edition held is later, the oldest is given: what it says of earlier days, by its entries' own dates, is
    all there is.
    """
    later = (pl.col("dated") > moment).fill_null(value=False)
    newest = editions.filter(~later).sort("dated", "receipt").unique(KEY, keep="last", maintain_order=True)
    oldest = editions.sort("dated", "receipt").unique(KEY, keep="first", maintain_order=True)
    same_day = oldest.select(*KEY, "dated").join(editions, on=(*KEY, "dated"), how="inner", nulls_equal=True)
    first = same_day.sort("receipt").unique(KEY, keep="last", maintain_order=True)
    return pl.concat([newest, first.join(newest, on=KEY, how="anti").select(newest.columns)]).sort(KEY)


def edition_key() -> pl.Expr:
    """Name an edition within its list as its rows do: part and date, such as ``sdn:2020-12-01``."""
    return pl.format("{}:{}", "part", pl.col("dated").dt.strftime("%Y-%m-%d"))


def rows_of(rows: pl.DataFrame, editions: pl.DataFrame, by: str = "list") -> pl.DataFrame:
    """Give the rows that belong to ``editions``; rows of no edition belong to every day and are kept.

    Args:
        rows: Designations, parties or ownerships; ``edition`` names the edition, ``receipt`` what it was read from.
        editions: A table of ``Edition``.
        by: The column that names the list: ``list``, or ``source`` in parties and ownerships.
    """
    keys = editions.select(pl.col("list").alias(by), edition_key().alias("edition"), "receipt")
    on = [by, "edition", "receipt"]
    belonging = rows.join(keys, on=on, how="semi", nulls_equal=True)
    return pl.concat([belonging, rows.filter(pl.col("edition").is_null())])


def status_on(designations: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """Give the entries known at ``moment`` with the status each had then.

    An entry whose day of listing is later is left out.  ``removed`` counts from its own date on; one that was removed
    later was still ``listed``.  One without a day of listing counts as listed since ever.  A proposal or a hold that
    has ended says nothing of the days after it and is left out.
    """
    begun = (pl.col("listed_on") <= moment).fill_null(value=True)
    ended = (pl.col("removed_on") <= moment).fill_null(value=False)
    still = pl.col("removed_on").is_not_null() & ~ended & (pl.col("status") == "removed")
    was_listed = pl.col("status").is_in(("listed", "removed", "reported"))
    status = pl.when(ended).then(pl.lit("removed")).when(still).then(pl.lit("listed")).otherwise("status")
    return designations.filter(begun, ~ended | was_listed).with_columns(status=status)


def stale(editions: pl.DataFrame, today: date) -> pl.DataFrame:
    """Give the parts of lists whose newest edition, as of ``today``, is older than their publisher's rhythm.

    Returns:
        ``list, part, dated, rhythm_days, age_days, reason``; ``reason`` begins with ``stale_list`` and says the rest
        in words.
    """
    newest = current(editions, end_of(today))
    age = (pl.lit(end_of(today)) - pl.col("dated")).dt.total_days()
    aged = newest.select(*KEY, "dated", "rhythm_days", age_days=age)
    old = aged.filter(pl.col("age_days") > pl.col("rhythm_days"))
    return old.with_columns(
        reason=pl.format(
            "stale_list: the newest edition of {} {} is of {}, {} days old; a new one is normal every {} days",
            "list",
            "part",
            pl.col("dated").dt.strftime("%Y-%m-%d"),
            "age_days",
            "rhythm_days",
        )
    )
