"""The feed itself: how much was heard each hour, and until when it can be said to have been listening."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from clearwake.model import schema
from clearwake.model.record import Count, Time, record_of
from clearwake.store import Store

HOURS = schema(record_of(hour=Time, positions=Count, last=Time))

TYPICAL_OVER = timedelta(days=7)
BARELY = 0.01
"""An hour with less than this share of a typical hour's positions is stragglers, not a feed that listens."""


def hours_of(positions: pl.LazyFrame) -> pl.DataFrame:
    """Count positions per hour, with the last one of each."""
    hour = pl.col("time").dt.truncate("1h").alias("hour")
    counted = positions.group_by(hour).agg(positions=pl.len().cast(pl.Int64), last=pl.col("time").max())
    return counted.sort("hour").collect(engine="streaming").select(HOURS.names())


def heard_until(store: Store, today: pl.DataFrame, end: datetime) -> datetime:
    """Give the moment until which the feed was listening: just after the last position of its last busy hour.

    A ship silent after that is not silent, it is not listened to; so open silences are judged against this moment,
    not against the end of the day or a straggler's clock.

    Args:
        store: Where the hours of earlier days are.
        today: The hours of the last day.
        end: Nothing at or after this moment was carried.
    """
    since = (end - TYPICAL_OVER).date() if end.year < 9999 else None
    earlier = store.scan("hours", first=since, record=HOURS).collect()
    hours = pl.concat((earlier, today)).unique("hour", keep="last").filter(pl.col("hour") < end).sort("hour")
    if not hours.height:
        return end
    newest = pl.col("hour").max() - TYPICAL_OVER
    recent = hours.filter(pl.col("hour") > newest)
    busy = recent.filter(pl.col("positions") >= BARELY * pl.col("positions").median())
    after = busy.select((pl.col("last").max() + timedelta(milliseconds=1)).alias("after"))["after"].to_list()
    heard: datetime = after[0]
    return min(end, heard)
