"""Joining contacts of a pair into meetings: the last step of the encounter detector.

A meeting is made of runs.  A run goes on while the two are within reach at grid times at most half an hour apart, or
while nothing was heard that says they parted, for as long as meetings are merged.  A parting that was seen ends it,
so that ferries that pass each other every hour never add up to a meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from clearwake.detect.grid import LONGEST, LOOK_BACK, STEP, complete
from clearwake.detect.step import (
    HOUR_MS,
    Found,
    Ints,
    Step,
    divided,
    event_schema,
    hours_between,
    milliseconds,
    named,
)
from clearwake.model import Encounter, schema
from clearwake.model.record import (
    Count,
    Flag,
    Identifier,
    Knots,
    Metres,
    Quantities,
    Time,
    record_of,
)
from clearwake.sphere import lonlat

CONTACT = schema(
    record_of(
        track_a=Identifier, track_b=Identifier, time=Time, apart_m=Metres, before_m=Metres, hour_ago_m=Metres,
        is_slow=Flag, speed_kn=Knots, x=Count, y=Count, z=Count,
        from_a=Time, to_a=Time, from_b=Time, to_b=Time, known_at=Time,
    )
)  # fmt: skip
"""Two hulls at one grid time: how far apart now, a step ago and an hour ago, how fast, the fixes around it, and the
middle between them as whole numbers (unit vector x ``WHOLE``), so that sums do not depend on the order of adding."""

WHOLE = 2.0**40

RUN_GAP = timedelta(minutes=30)
"""Grid times of one run may be this far apart even if a parting was seen in between: one bad fix parts nobody."""

SAMPLES = 144
"""Medians are taken over the first day of a meeting, so that state stays bounded for ships that lie together for
months."""

UNDERWAY_KN, FASTEST_KN, STANDARD_H = 2.0, 7.0, 2.0

_PAIR = ("track_a", "track_b")
_RUN = schema(
    record_of(
        track_a=Identifier, track_b=Identifier, first=Time, last=Time, start=Time, end=Time, came=Flag, left=Flag,
        contacts=Count, together_ms=Count, min_apart_m=Metres, aparts=Quantities, speeds=Quantities,
        x=Count, y=Count, z=Count, before_m=Metres, after_m=Metres, first_a=Time, near_a=Time, last_a=Time,
        first_b=Time, near_b=Time, last_b=Time, known_at=Time, is_sealed=Flag,
    )
)  # fmt: skip
"""A run of contacts, or (``is_sealed``) all finished runs of a meeting folded into one."""


@dataclass(frozen=True)
class _State:
    """What is known of all pairs at one moment: runs long and slow enough, runs that may go on, meetings."""

    good: pl.DataFrame
    open_runs: pl.DataFrame
    meetings: pl.DataFrame


def join(definition: str, within_m: float, at_least: timedelta, merged_under: timedelta) -> Step:
    """Join contacts into meetings.

    Takes ``CONTACT`` rows of whole pairs; gives ``Encounter`` rows without coast, anchorage and ``in_port``.
    """

    def find(new: pl.DataFrame, kept: pl.DataFrame, until: datetime) -> Found:
        contacts = _contacts(new, within_m)
        now = _state(kept, contacts, new, until)
        # A grid time less than an hour old may still gain contacts, so what is kept stops before it.
        horizon = complete(until)
        before = pl.col("time") <= horizon
        past = _state(kept, contacts.filter(before), new.filter(before), horizon)
        final = past.meetings.filter("settled").select(*_PAIR, "first", settled=pl.lit(value=True))
        meetings = now.meetings.drop("settled").join(
            final, on=(*_PAIR, "first"), how="left", maintain_order="left"
        )
        rows = _events(meetings.with_columns(pl.col("settled").fill_null(value=False)), definition, until)
        return Found(rows, _keep(past, merged_under))

    def _state(kept: pl.DataFrame, contacts: pl.DataFrame, rows: pl.DataFrame, until: datetime) -> _State:
        runs = _with_afterwards(_runs(kept, contacts, merged_under), rows, within_m)
        good = runs.filter(_is_meeting(at_least))
        open_runs = runs.filter(pl.col("last") > until - merged_under)
        meetings = _folded(good, _number(good, merged_under))
        return _State(good, open_runs, _with_settled(meetings, open_runs, merged_under))

    return Step("join", _PAIR, _RUN, find)


def _contacts(rows: pl.DataFrame, within_m: float) -> pl.DataFrame:
    """Give the grid times at which a pair was within reach, with the moments it was seen to come and to leave."""
    is_close = (pl.col("apart_m") <= within_m) & pl.col("is_slow")
    close = rows.filter(is_close)
    came = (pl.col("before_m") > within_m).fill_null(value=False)
    since = (within_m - pl.col("apart_m")) / (pl.col("before_m") - pl.col("apart_m"))
    crossed = (within_m - pl.col("before_m")) / (pl.col("apart_m") - pl.col("before_m"))
    gone = rows.filter(~is_close, pl.col("before_m") <= within_m).select(
        *_PAIR, time=pl.col("time") - STEP,
        # Where they sail on together at speed, the meeting ended when they were last seen slow.
        until=pl.when(pl.col("apart_m") > within_m).then(crossed).otherwise(0.0),
    )  # fmt: skip
    both = close.join(gone, on=(*_PAIR, "time"), how="left", maintain_order="left")
    return both.with_columns(
        came=came,
        left=pl.col("until").is_not_null(),
        start=pl.col("time") - _part_of_step(pl.when(came).then(since).otherwise(0.0)),
        end=pl.col("time") + _part_of_step(pl.col("until").fill_null(0.0)),
    )


def _part_of_step(share: pl.Expr) -> pl.Expr:
    return pl.duration(milliseconds=(share * (STEP / timedelta(milliseconds=1))).round().cast(pl.Int64))


def _runs(kept: pl.DataFrame, contacts: pl.DataFrame, merged_under: timedelta) -> pl.DataFrame:
    """Fold contacts, and kept runs that go on, into runs: sorted by pair and time."""
    atoms = pl.concat(
        (
            kept.select(*_PAIR, "first", "last", "came", "left", "is_sealed", is_kept=pl.lit(value=True)),
            contacts.select(
                *_PAIR, pl.col("time").alias("first"), pl.col("time").alias("last"), "came", "left",
                is_sealed=pl.lit(value=False), is_kept=pl.lit(value=False),
            ),
        )
    )  # fmt: skip
    order = _by_pair(atoms)
    begins = atoms[pl.Series(order, dtype=pl.UInt32)].select(_begins(merged_under)).to_series().to_numpy()
    numbers = np.empty(order.size, np.uint32)
    numbers[order] = np.cumsum(begins)
    old = kept.with_columns(run=pl.Series(numbers[: kept.height], dtype=pl.UInt32))
    fresh = order[order >= kept.height]
    in_order = contacts[pl.Series(fresh - kept.height, dtype=pl.UInt32)]
    new = _first_folded(in_order.with_columns(run=pl.Series(numbers[fresh], dtype=pl.UInt32)))
    both = pl.concat((old.select("run", *_RUN.names()), new)).sort("run", "first")
    return _folded(both.drop("run"), both["run"])


def _by_pair(atoms: pl.DataFrame) -> Ints:
    """Give the order by pair, first and last."""
    a, b = (atoms[name].to_numpy() for name in _PAIR)
    each = np.unique(np.concatenate((a, b)))
    pair = np.searchsorted(each, a) * each.size + np.searchsorted(each, b)
    order = np.lexsort((milliseconds(atoms["last"]), milliseconds(atoms["first"])))
    if each.size**2 >= 2**62 // max(order.size, 1):
        return np.asarray(order[np.argsort(pair[order], kind="stable")])
    # The pair and the place in one number, which is sorted many times as fast.
    key = pair[order] * order.size + np.arange(order.size)
    key.sort()
    return np.asarray(order[key % max(order.size, 1)])


def _begins(merged_under: timedelta) -> pl.Expr:
    """Say where a new run begins, in rows sorted by pair and time."""
    since = pl.col("first") - pl.col("last").shift(1)
    unseen = ~pl.col("left").shift(1) & ~pl.col("came")
    goes_on = (since <= RUN_GAP) | ((since < merged_under) & unseen)
    same = pl.all_horizontal(pl.col(c) == pl.col(c).shift(1) for c in _PAIR)
    return ~(same & goes_on & ~pl.col("is_sealed").shift(1)).fill_null(value=False)


def _first_folded(contacts: pl.DataFrame) -> pl.DataFrame:
    """Fold contacts that carry the number of their run, in order of run and time, into runs."""
    nearest = pl.col("apart_m").arg_min()
    folded = contacts.group_by("run", maintain_order=True).agg(
        pl.col(*_PAIR, "start", "came").first(), pl.col("end", "left").last(),
        pl.col("time").first().alias("first"), pl.col("time").last().alias("last"),
        pl.len().alias("contacts"), pl.col("apart_m").min().alias("min_apart_m"), pl.col("x", "y", "z").sum(),
        pl.col("apart_m").head(SAMPLES).alias("aparts"), pl.col("speed_kn").head(SAMPLES).alias("speeds"),
        pl.col("hour_ago_m").first().alias("before_m"),
        pl.col("from_a").first().alias("first_a"), pl.col("from_b").first().alias("first_b"),
        pl.col("from_a").get(nearest).alias("near_a"), pl.col("from_b").get(nearest).alias("near_b"),
        pl.col("to_a").last().alias("last_a"), pl.col("to_b").last().alias("last_b"), pl.col("known_at").max(),
    )  # fmt: skip
    blank = folded.with_columns(
        together_ms=pl.lit(0), after_m=pl.lit(None, pl.Float64), is_sealed=pl.lit(value=False)
    )
    return blank.select("run", *(pl.col(name).cast(dtype) for name, dtype in _RUN.items()))


def _folded(runs: pl.DataFrame, number: pl.Series) -> pl.DataFrame:
    """Fold rows of equal number, in order of time, into one: outer moments, extremes, sums, first samples."""
    nearest = pl.col("min_apart_m").arg_min()
    folded = runs.with_columns(number=number).group_by("number", maintain_order=True).agg(
        pl.col(*_PAIR, "first", "start", "came", "before_m", "first_a", "first_b").first(),
        pl.col("last", "end", "left", "after_m", "last_a", "last_b").last(),
        pl.col("contacts", "x", "y", "z", "together_ms").sum(), pl.col("min_apart_m").min(),
        pl.col("aparts", "speeds").explode().head(SAMPLES), pl.col("near_a", "near_b").get(nearest),
        pl.col("known_at").max(), pl.col("is_sealed").any(),
    )  # fmt: skip
    return folded.select(pl.col(name).cast(dtype) for name, dtype in _RUN.items())


def _with_afterwards(runs: pl.DataFrame, contacts: pl.DataFrame, within_m: float) -> pl.DataFrame:
    """Give each run its time together and how far apart the two were an hour after its last contact."""
    hour = STEP * LOOK_BACK
    after = contacts.filter(pl.col("hour_ago_m") <= within_m).select(
        *_PAIR, last=pl.col("time") - hour, later_m="apart_m"
    )
    spent = (pl.col("end") - pl.col("start")).dt.total_milliseconds()
    return (
        runs.join(after, on=(*_PAIR, "last"), how="left", maintain_order="left")
        .with_columns(
            after_m=pl.coalesce("after_m", "later_m"),
            together_ms=pl.when("is_sealed").then("together_ms").otherwise(spent),
        )
        .drop("later_m")
    )


def _is_meeting(at_least: timedelta) -> pl.Expr:
    """Say whether a run is long and slow enough.

    An interval of ``at_least`` holds at least ``at_least / STEP`` grid times, so as many contacts suffice.
    """
    long = (pl.col("contacts") >= at_least // STEP) | (
        pl.col("together_ms") >= at_least // timedelta(milliseconds=1)
    )
    return pl.col("is_sealed") | (long & (pl.col("speeds").list.median() <= FASTEST_KN))


def _number(runs: pl.DataFrame, merged_under: timedelta) -> pl.Series:
    """Number the meetings that runs, sorted by pair and time, belong to."""
    same = pl.all_horizontal(pl.col(c) == pl.col(c).shift(1) for c in _PAIR)
    near = (pl.col("first") - pl.col("last").shift(1)) < merged_under
    begins = ~(same & near).fill_null(value=False)
    return runs.select(begins.cast(pl.UInt32).cum_sum()).to_series()


def _with_settled(meetings: pl.DataFrame, open_runs: pl.DataFrame, merged_under: timedelta) -> pl.DataFrame:
    """Say which meetings no later contact can change: no run of the pair that may go on begins soon enough."""
    waiting = open_runs.group_by(_PAIR).agg(pl.col("first").min().alias("open_first"))
    marked = meetings.join(waiting, on=_PAIR, how="left", maintain_order="left")
    apart = pl.col("open_first") - pl.col("last") >= merged_under
    return marked.with_columns(settled=pl.col("open_first").is_null() | apart).drop("open_first")


def _keep(state: _State, merged_under: timedelta) -> pl.DataFrame:
    """Keep the runs that may go on, and for each unsettled meeting its finished runs folded into one."""
    unsettled = state.meetings.filter(~pl.col("settled")).select(*_PAIR, "first", "last")
    closed = state.good.join(state.open_runs.select(*_PAIR, "first"), on=(*_PAIR, "first"), how="anti")
    within = closed.join(unsettled, on=_PAIR, suffix="_of").filter(
        pl.col("first") >= pl.col("first_of"), pl.col("last") <= pl.col("last_of")
    )
    within = within.sort(*_PAIR, "first").select(_RUN.names())
    sealed = _folded(within, _number(within, merged_under)).with_columns(is_sealed=pl.lit(value=True))
    return pl.concat((sealed, state.open_runs)).sort(*_PAIR, "first")


def _events(meetings: pl.DataFrame, definition: str, until: datetime) -> pl.DataFrame:
    """Turn meetings into events: placed at the middle of all contacts, labelled by speed and time together."""
    if not meetings.height:
        return pl.DataFrame(schema=event_schema(Encounter))
    lon, lat = lonlat(meetings.select("x", "y", "z").to_numpy())
    lasts = ~pl.col("left") & (pl.col("last") > until - LONGEST)
    rows = meetings.select(
        *_PAIR, "start", "min_apart_m", "known_at", "settled", lon=pl.Series(lon), lat=pl.Series(lat),
        end=pl.when(~lasts).then("end"),
        duration_h=hours_between("start", "end"),
        together_h=divided(pl.col("together_ms"), HOUR_MS), median_apart_m=pl.col("aparts").list.median(),
        median_speed_kn=pl.col("speeds").list.median(),
        apart_before_km=divided(pl.col("before_m"), 1000), apart_after_km=divided(pl.col("after_m"), 1000),
        heard_a=pl.concat_list("first_a", "near_a", "last_a"), heard_b=pl.concat_list("first_b", "near_b", "last_b"),
    )  # fmt: skip
    return named(rows.with_columns(label=label()), "encounter", definition, Encounter)


def label() -> pl.Expr:
    """Label a meeting away from anchorages: the first that fits of underway, short, standard."""
    return (
        pl.when(pl.col("median_speed_kn") > UNDERWAY_KN)
        .then(pl.lit("underway"))
        .when(pl.col("together_h") < STANDARD_H)
        .then(pl.lit("short"))
        .otherwise(pl.lit("standard"))
    )
