"""Silences explained: the reception of a desk, the health of its feeds, and why each ship was likely not heard.

Digests are kept per day, the map per day, the causes per table; each is made when first asked for and kept until the
positions or places it leans on change.  Whole weeks are looked at together, with a day before and after, so that memory
is bounded by a week and nothing depends on how the facts arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import polars as pl

from clearwake import reception
from clearwake.flow.advance import POSITIONS
from clearwake.flow.atlas import atlas_of, with_learnt
from clearwake.flow.kept import kept, kept_day, marked
from clearwake.flow.progress import Progress
from clearwake.flow.reconcile import stored_schema
from clearwake.flow.trails import fixes
from clearwake.model import Gap, IdentityClaim, conform, empty
from clearwake.model.reception import ExplainedGap, FeedHealth, FeedQuarter, Heard, Reception, ReceptionDay
from clearwake.places import Atlas
from clearwake.reception.outages import Outage
from clearwake.reception.trace import Spans, Trace
from clearwake.sphere import Floats
from clearwake.store import Store

DEFINITION = "reception 5"
"""Changed with anything that changes what is kept."""

WEEK = 7
MARGIN = timedelta(days=1)
_EPOCH = date(1970, 1, 1)


def explained(store: Store, table: str) -> pl.DataFrame:
    """Give a table of silences with their likely causes: ``gaps`` or ``silences``; see ``reception.explain``.

    Args:
        store: The desk's store.
        table: The stored table of ``Gap``.
    """
    desk = _Silences(store)

    def make() -> pl.DataFrame:
        rows = store.scan(table, record=stored_schema(Gap)).filter(~pl.col("withdrawn"))
        plain = rows.drop("withdrawn", "settled_at").collect().sort("start", "id")
        return desk.explained(plain)

    inputs = [table, "track_days", "claims", "anchorages", "learnt_anchorages"]
    return kept(store, f"explained_{table}", inputs, desk.mark, make, ExplainedGap).sort("start", "id")


def reception_map(store: Store) -> pl.DataFrame:
    """Give the map of reception: a table of ``Reception``."""
    counts = _Silences(store).counts()
    return reception.shown(counts) if counts.height else empty(Reception)


def feed_health(store: Store) -> pl.DataFrame:
    """Give the health of feeds and regions: a table of ``FeedHealth``."""
    desk = _Silences(store)
    inputs = ["track_days", "positions"]
    return kept(store, "feed_health", inputs, desk.mark, desk.health, FeedHealth).sort("start", "id")


class _Silences:
    """One desk's digests, pictures and map."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._until = Progress.of(store).watermark
        self._days = store.days("track_days")
        self._trail: Iterator[tuple[date, pl.DataFrame]] | None = None
        self._pictures: dict[int, reception.Picture] = {}
        self.mark = f"{DEFINITION} {self._until}"

    @property
    def _until_ms(self) -> int:
        return int(self._until.timestamp() * 1000.0)

    def explained(self, gaps: pl.DataFrame) -> pl.DataFrame:
        """Explain silences week by week."""
        if not gaps.height:
            return empty(ExplainedGap)
        counts = self.counts()
        atlas = with_learnt(atlas_of(self._store), self._store)
        weeks = gaps.with_columns(_week=(pl.col("start").dt.date() - _EPOCH).dt.total_days() // WEEK)
        parts = [
            reception.explain(
                own.drop("_week"), self._picture(week), counts, coast_km=atlas.coast_km, harbour_km=harbour_km(atlas)
            )
            for (week,), own in sorted(weeks.partition_by("_week", as_dict=True).items())
        ]  # fmt: skip
        return pl.concat(parts)

    def counts(self) -> pl.DataFrame:
        """Add up the map of all days."""
        return reception.summed([self._day_counts(day) for day in self._days])

    def health(self) -> pl.DataFrame:
        """Work out the health of feeds, stations and regions."""
        if not self._days:
            return empty(FeedHealth)
        quarters = pl.concat([self._feed_quarters(day) for day in self._days])
        found = [self._own(week) for week in self._weeks()]
        return reception.feed_health(quarters, found, self._until)

    def _own(self, week: int) -> tuple[Trace, Spans, list[Outage]]:
        """Give a week's picture with the outages that began in it; those of its margins are other weeks'."""
        picture = self._picture(week)
        begin = _ms(_EPOCH + timedelta(days=week * WEEK))
        end = _ms(_EPOCH + timedelta(days=(week + 1) * WEEK))
        own = [o for o in picture.outages if begin <= o.start < end]
        return picture.trace, picture.silent, own

    def _weeks(self) -> list[int]:
        return sorted({(day - _EPOCH).days // WEEK for day in self._days})

    def _picture(self, week: int) -> reception.Picture:
        """Draw a week with a day before and after; the last one drawn is remembered."""
        if week not in self._pictures:
            self._pictures.clear()
            heard = [self._digest(day) for day in self._days_around(week)]
            end = _EPOCH + timedelta(days=(week + 1) * WEEK) + MARGIN
            until = min(self._until_ms, _ms(end))
            rows = pl.concat(heard) if heard else empty(Heard)
            self._pictures[week] = reception.pictured(rows, until, self._class_b(week))
        return self._pictures[week]

    def _class_b(self, week: int) -> list[int]:
        """Give the MMSIs that mostly said in these days to be of class B."""
        days = self._days_around(week)
        if not days:
            return []
        claims = pl.concat([self._store.scan("claims", day, day, IdentityClaim) for day in days])
        said = claims.filter(pl.col("ais_class").is_not_null())
        of_b = pl.col("reports") * pl.when(pl.col("ais_class") == "B").then(1).otherwise(-1)
        return said.group_by("mmsi").agg(of_b.sum()).filter(pl.col("reports") > 0).collect()["mmsi"].to_list()

    def _days_around(self, week: int) -> list[date]:
        begin = _EPOCH + timedelta(days=week * WEEK) - MARGIN
        end = begin + timedelta(days=WEEK) + 2 * MARGIN
        return [day for day in self._days if begin <= day < end]

    def _digest(self, day: date) -> pl.DataFrame:
        def make() -> pl.DataFrame:
            return self._digested(day)

        return kept_day(self._store, "heard", day, ["track_days"], self.mark_of(day), make, Heard)

    def mark_of(self, day: date) -> str:
        """Say what else decides a day's digest: how far it was carried, where it is the last."""
        return f"{DEFINITION} {min(self._until, _midnight(day + timedelta(days=1)))}"

    def _digested(self, day: date) -> pl.DataFrame:
        """Follow a day's fixes and digest them; days asked one after the other are followed in one go."""
        if self._trail is None:
            self._trail = fixes(self._store, day, reported=reception.NEEDED, made=reception.digest)
        for followed, rows in self._trail:
            if followed == day:
                return rows
            if followed > day:
                break
        self._trail = None
        ((_, rows),) = fixes(self._store, day, day, reported=reception.NEEDED, made=reception.digest)
        return rows

    def _day_counts(self, day: date) -> pl.DataFrame:
        week = (day - _EPOCH).days // WEEK
        around = [
            marked(self._store, ["track_days", "claims"], self.mark_of(d), d) for d in self._days_around(week)
        ]

        def make() -> pl.DataFrame:
            atlas = atlas_of(self._store)
            return self._picture(week).counts((day - _EPOCH).days, atlas.coast_km)

        return kept_day(self._store, "reception_days", day, [], repr(around), make, ReceptionDay)

    def _feed_quarters(self, day: date) -> pl.DataFrame:
        def make() -> pl.DataFrame:
            rows = self._store.scan("positions", day, day, POSITIONS).filter(pl.col("time") < self._until)
            quarter = pl.col("time").dt.truncate("15m").alias("quarter")
            counted = rows.group_by("receipt", "station", quarter).agg(
                positions=pl.len(), ships=pl.col("mmsi").n_unique()
            )
            receipts = self._store.receipts().select(receipt="number", feed="source")
            told = counted.collect(engine="streaming").join(receipts, on="receipt", how="left")
            named = told.with_columns(pl.col("feed").fill_null("unknown"))
            return conform(
                named.group_by("feed", "station", "quarter")
                .agg(pl.col("positions", "ships").sum())
                .sort("feed", "station", "quarter"),
                FeedQuarter,
            )

        return kept_day(
            self._store, "feed_quarters", day, ["positions"], self.mark_of(day), make, FeedQuarter
        )


def harbour_km(atlas: Atlas) -> Callable[[Floats, Floats], Floats]:
    """Give the distance to the nearest port or anchorage: ``(n,), (n,) degrees -> (n,) km``."""
    return lambda lon, lat: atlas.nearest(lon, lat)[1]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _ms(day: date) -> int:
    return int(_midnight(day).timestamp() * 1000.0)
