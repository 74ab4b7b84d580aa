"""Explaining silences: a table of gaps, and the same with likely causes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.model import conform
from clearwake.model.reception import ExplainedGap
from clearwake.reception.causes import Around, CoastDistance, explained
from clearwake.reception.cells import FINEST_DEG, middle_of
from clearwake.reception.disabling import WELCH_2022, DisablingRule
from clearwake.reception.evidence import Evidence
from clearwake.reception.learnt import Learnt, day_counts, of_class
from clearwake.reception.outages import Outage, outages
from clearwake.reception.reasons import sentences
from clearwake.reception.roll import Roll, called
from clearwake.reception.trace import Spans, Trace, spans
from clearwake.reception.weighing import CAUSES
from clearwake.sphere import Floats, lonlat

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Picture:
    """Some days of everybody's presence: traces, silences and the roll."""

    trace: Trace
    silent: Spans
    roll: Roll

    @cached_property
    def outages(self) -> list[Outage]:
        """Find when a region or the whole feed was not heard."""
        return outages(self.trace, self.silent, self.roll)

    def counts(self, day: int, coast_km: CoastDistance) -> pl.DataFrame:
        """Count reception on a day (days since 1970): a table of ``ReceptionDay``."""
        out = np.zeros(len(self.silent), bool)
        for outage in self.outages:
            out[outage.members] = True
        coast = coast_km(*lonlat(self.trace.begin))
        return day_counts(self.trace, self.silent, self.roll, coast, day, out)


def pictured(heard: pl.DataFrame, until_ms: int, class_b: Collection[int] = ()) -> Picture:
    """Draw the picture of some days from their digests.

    Args:
        heard: A table of ``Heard``.
        until_ms: How far the feed was heard, milliseconds since 1970; later digests are not looked at.
        class_b: MMSIs of transmitters of class B.
    """
    trace = Trace.of(heard, until_ms, class_b)
    silent = spans(trace)
    return Picture(trace, silent, called(trace, silent))


def explain(
    gaps: pl.DataFrame,
    picture: Picture,
    counts: pl.DataFrame,
    *,
    coast_km: CoastDistance,
    harbour_km: CoastDistance,
    rule: DisablingRule = WELCH_2022,
) -> pl.DataFrame:
    """Give silences with their likely causes: a table of ``ExplainedGap`` in the order given.

    Args:
        gaps: A table of ``Gap``.  One that the picture does not show stays without a cause.
        picture: The days around them.
        counts: The map: a table of ``ReceptionDay``, days added up.
        coast_km: Distances to the coast.
        harbour_km: Distances to the nearest port or anchorage.
        rule: The published rule to apply.
    """
    maps = _map(of_class(counts, class_b=False), coast_km), _map(of_class(counts, class_b=True), coast_km)
    row, which = _found(gaps, picture.silent)
    around = Around(picture.trace, picture.silent, picture.roll, maps, picture.outages, coast_km, harbour_km)
    evidence, scores = explained(around, which)
    told = _columns(gaps[pl.Series(row, dtype=pl.UInt32)], evidence, scores, rule)
    both = gaps.drop("reception", "feed_ok", "likely_cause").join(
        told, on="id", how="left", maintain_order="left"
    )
    return conform(both.with_columns(pl.col("cause_reasons").fill_null([])), ExplainedGap)


def _map(counts: pl.DataFrame, coast_km: CoastDistance) -> Learnt:
    return Learnt(counts, coast_km(*middle_of(counts["place"].to_numpy(), FINEST_DEG)))


def _found(gaps: pl.DataFrame, silent: Spans) -> tuple[Ints, Ints]:
    """Pair gaps with silences of the picture by hull and start: rows of the one and of the other."""
    started = pl.DataFrame({"track_a": silent.track, "start_ms": silent.start}).with_row_index("which")
    asked = gaps.select("track_a", start_ms=pl.col("start").dt.epoch("ms")).with_row_index("row")
    pairs = asked.join(started, on=["track_a", "start_ms"], maintain_order="left")
    return pairs["row"].to_numpy().astype(np.int64), pairs["which"].to_numpy().astype(np.int64)


def _columns(gaps: pl.DataFrame, e: Evidence, scores: pl.DataFrame, rule: DisablingRule) -> pl.DataFrame:
    table = scores.to_numpy()
    best = table.argmax(axis=1) if len(table) else np.zeros(0, np.int64)
    causes = [CAUSES[b] for b in best]
    before = np.where(np.isfinite(e.satellite_before), e.satellite_before, e.positions_before)
    feed_ok: list[bool | None] = [
        False if out >= 0.5 else (True if heard else None)
        for out, heard in zip(e.outage_share.tolist(), e.anybody.tolist(), strict=True)
    ]
    found = pl.DataFrame({
        "id": gaps["id"], "reception": e.reception.round(1), "feed_ok": pl.Series(feed_ok, dtype=pl.Boolean),
        "likely_cause": pl.Series(causes, dtype=pl.String), "cause_confidence": table.max(axis=1, initial=0.0),
        "cause_reasons": pl.Series([sentences(e, n, c) for n, c in enumerate(causes)], dtype=pl.List(pl.String)),
        "cause_scores": pl.Series([_in_words(row) for row in table], dtype=pl.String),
        "neighbours_before": e.neighbours_before, "neighbours_heard": e.neighbours_heard,
        "well_heard_h": e.well_h.round(2), "rate_before_per_h": e.rate_before.round(2),
        "rate_after_per_h": e.rate_after.round(2), "positions_before": e.positions_before,
        "satellite_before": e.satellite_before, "nav_status_before": e.nav_status,
        "speed_before_kn": e.speed_kn.round(2),
        "coast_km": e.coast_km, "harbour_km": e.harbour_km,
        "is_disabling": rule(e.lasted_h, e.coast_km, before, e.reception),
    })  # fmt: skip
    numbers = pl.col(pl.Float64).fill_nan(None)
    return found.with_columns(numbers).with_columns(
        pl.when(pl.col("harbour_km").is_finite()).then("harbour_km").alias("harbour_km")
    )


def _in_words(shares: Floats) -> str:
    order = sorted(zip(CAUSES, shares.tolist(), strict=True), key=lambda c: -c[1])
    return ", ".join(f"{name} {share:.2f}" for name, share in order if share >= 0.005)
