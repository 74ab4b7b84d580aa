"""The feed itself: how much was heard each hour, and until when it can be said to have been listening."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl

from clearwake.model import schema
from clearwake.model.record import Count, Time, record_of
from clearwake.store import Store

HOURS = schema(record_of(hour=Time, positions=Count, last=Time))

HOUR_MS = 3_600_000
TYPICAL_OVER = timedelta(days=7)
BARELY = 0.01
"""An hour with less than this share of a typical hour's positions is stragglers, not a feed that listens."""


def hours_of(positions: pl.LazyFrame) -> pl.DataFrame:
    """Count positions per hour, with the last one of each."""
    time = positions.select(pl.col("time").to_physical()).collect(engine="streaming")["time"].to_numpy()
    if not time.size:
        return pl.DataFrame(schema=HOURS)
    hour = time // HOUR_MS
    first = hour.min()
    hour -= first
    count = np.bincount(hour)
    last = np.full(count.size, time.min())
    np.maximum.at(last, hour, time)
    heard = np.flatnonzero(count)
    hours = {"hour": (heard + first) * HOUR_MS, "positions": count[heard], "last": last[heard]}
    return pl.DataFrame(hours).cast(HOURS)


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
