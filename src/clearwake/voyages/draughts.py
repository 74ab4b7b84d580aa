"""Draught changes: a draught said otherwise than before, and in which event it may have changed.

Draught is typed by hand, updated late or never.  So a change is given with the events it may belong to, each with a
probability: how often such events change a draught, against how late crews type, and how late this one does.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.model import DraughtChange, conform, empty, event_id, schema
from clearwake.model.draught import LEAST_M, PER_METRE_T
from clearwake.voyages.said import runs
from clearwake.voyages.wording import listed, moment, sentences

Floats = NDArray[np.float64]

KIND = "draught_change"
DRAUGHTS = "draught-2"
"""The definition: changes whenever a number in this file does."""

BACK = timedelta(days=7)
"""Events that ended so long before the old draught was last said are not held responsible."""

PROMPT_H, LATE_H = 2.0, 48.0
"""How late crews type: a prompt one on average two hours after, a tardy one two days; this project's judgement."""

PROMPT_SHARE, PROMPT_COUNT = 0.5, 2.0
"""Half of crews are prompt, until a ship's own calls say otherwise; this much belief counts as two calls."""

RETYPED_PER_DAY = 0.05
"""How often a draught is retyped with nothing having happened: ballast, fuel burnt, a correction."""

LARGE_M = 1.0
"""Changes from here on are seldom ballast or fuel on such ships: half as likely to be retyped for nothing."""

LEAST_PROBABILITY = 0.1
"""Events less likely than this are named as rivals, and get no row of their own."""

AGREEING = 4.0
"""By how much the odds grow where the partner of a meeting changed the other way."""

TONNES_AGREE = 1.0 / 3.0
"""Two changes agree in size where the smaller is at least a third of the larger: beams are guessed."""

TOLD_ALREADY = 0.2
"""An event after which the draught was typed once is a fifth as likely to be behind the next change."""

UPDATED_WITHIN = timedelta(days=1)

_MOMENTS = (0.3, 0.65, 1.0)
"""Where within an event cargo is taken to have moved: one third each."""


def draught_changes(
    claims: pl.DataFrame, occasions: pl.DataFrame, shared: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Find changed draughts and the events they may belong to: a table of ``DraughtChange``.

    Args:
        claims: A table of ``IdentityClaim``.
        occasions: Columns of ``OCCASION``.
        shared: ``mmsi, start, end`` of numbers on several hulls at once; what is said under them is left out.
    """
    said = runs(claims, "draught_m")
    found = _told_apart(_changes(said), shared)
    if found.is_empty():
        return empty(DraughtChange)
    mine = occasions.filter(pl.col("mmsi").is_in(found["mmsi"].unique().implode()))
    found = found.join(_habits(said, mine), on="mmsi", how="left").join(
        _lengths(claims), on="mmsi", how="left"
    )
    weighed = _weighed(found.with_columns(pl.col("calls", "calls_updated").fill_null(0)), mine)
    return _written(weighed)


def _changes(said: pl.DataFrame) -> pl.DataFrame:
    """Give the changes large enough to be seen: from the last of one value to the first of the next."""
    before = pl.col("mmsi", "value", "first", "last", "known_last", "last_id").shift(1).name.prefix("old_")
    by = pl.col("value") - pl.col("old_value")
    typed = pl.when(pl.col("mmsi").shift(2) == pl.col("mmsi")).then("old_first")
    pairs = said.with_columns(before).with_columns(typed=typed).filter(pl.col("mmsi") == pl.col("old_mmsi"))
    large = pairs.filter(by.abs() >= LEAST_M - 1e-9)
    hours = (pl.col("old_last") - pl.col("old_first")).dt.total_minutes() / 60.0
    return large.select(
        "mmsi", start="old_last", end="first", before_m="old_value", after_m="value", change_m=by.round(3),
        typed="typed", held_h=hours, claims=pl.concat_list("old_last_id", "first_id"),
        known_at=pl.max_horizontal("old_known_last", "known_first"),
    ).with_row_index("change")  # fmt: skip


def _told_apart(changes: pl.DataFrame, shared: pl.DataFrame | None) -> pl.DataFrame:
    """Leave out what was said while the number was on several hulls."""
    if shared is None or shared.is_empty():
        return changes
    both = changes.select("change", "mmsi", "start", "end").join(shared, on="mmsi", suffix="_shared")
    over = both.filter(pl.col("end") >= pl.col("start_shared"), pl.col("start") <= pl.col("end_shared"))
    return changes.join(over.select("change"), on="change", how="anti", maintain_order="left")


def _lengths(claims: pl.DataFrame) -> pl.DataFrame:
    return claims.group_by("mmsi").agg(pl.col("length_m").median())


def _habits(said: pl.DataFrame, occasions: pl.DataFrame) -> pl.DataFrame:
    """Say of each ship after how many of its stops in port it said another draught within a day."""
    stops = occasions.filter(
        pl.col("label") == "port_call", pl.col("weight") >= 1.0, pl.col("finish").is_not_null()
    )
    retyped = said.filter(pl.col("mmsi").shift(1) == pl.col("mmsi")).select("mmsi", typed="first")
    both = stops.select("mmsi", "across", "begin", "finish").join(retyped, on="mmsi")
    within = (pl.col("typed") > pl.col("begin")) & (pl.col("typed") <= pl.col("finish") + UPDATED_WITHIN)
    updated = both.filter(within).group_by("mmsi").agg(calls_updated=pl.col("across").n_unique())
    calls = stops.group_by("mmsi").agg(calls=pl.len())
    return calls.join(updated, on="mmsi", how="left").select(
        "mmsi", pl.col("calls").cast(pl.Int64), pl.col("calls_updated").fill_null(0).cast(pl.Int64)
    )


def _weighed(changes: pl.DataFrame, occasions: pl.DataFrame) -> pl.DataFrame:
    """Give each change with each event it may belong to and the probability of that; one row without any event."""
    near = changes.join(occasions, on="mmsi", how="inner").filter(
        pl.col("begin") < pl.col("end"),
        pl.coalesce("finish", "end") >= pl.col("start") - BACK,
    )
    near = near.with_columns(likely=pl.Series(_likely(near), dtype=pl.Float64)).filter(pl.col("likely") > 0.0)
    rows = _with_partners(near)
    agreeing = pl.when("agrees").then(AGREEING).otherwise(1.0)
    rows = rows.with_columns(likely=pl.col("likely") * agreeing)
    summed = rows.group_by("change").agg(all_likely=pl.col("likely").sum())
    whole = changes.join(summed, on="change", how="left").with_columns(pl.col("all_likely").fill_null(0.0))
    total = pl.col("all_likely") + _idle()
    shares = whole.select("change", total=total, none=_idle() / total)
    rows = rows.join(shares, on="change").with_columns(probability=pl.col("likely") / pl.col("total"))
    told = rows.filter(pl.col("probability") >= LEAST_PROBABILITY).drop("likely", "total", "none")
    named = told.group_by("change").agg(all_across=pl.col("across").sort())
    alone = changes.join(named, on="change", how="anti").join(
        shares.select("change", probability="none"), on="change"
    )
    bare = alone.with_columns(
        label=pl.lit("no_event"), all_across=pl.lit([], pl.List(pl.String)), tonnes=_tonnes()
    )
    return pl.concat((told.join(named, on="change"), bare), how="diagonal_relaxed")


def _idle() -> pl.Expr:
    """Say how likely a draught is retyped between two moments with nothing having happened."""
    days = (pl.col("end") - pl.col("start")).dt.total_minutes() / 1440.0
    large = pl.when(pl.col("change_m").abs() >= LARGE_M).then(0.5).otherwise(1.0)
    return RETYPED_PER_DAY * days.clip(lower_bound=1.0 / 1440.0) * large


def _tonnes() -> pl.Expr:
    return (PER_METRE_T * pl.col("length_m") ** 2 * pl.col("change_m").abs()).round(0)


def _likely(near: pl.DataFrame) -> Floats:
    """Say how likely each event gives a draught first said between ``start`` and ``end``: ``(n,)``, not yet shares.

    Cargo moved some time within the event, and was typed some time after.
    """
    hour = 3_600_000.0
    old, new, begin = (near[c].to_physical().to_numpy() / hour for c in ("start", "end", "begin"))
    finish = near.select(pl.coalesce("finish", "end")).to_series().to_physical().to_numpy() / hour
    known = near["calls_updated"].to_numpy() + PROMPT_COUNT * PROMPT_SHARE
    prompt = known / (near["calls"].to_numpy() + PROMPT_COUNT)
    typed = np.zeros(near.height)
    for part in _MOMENTS:
        moved = begin + part * np.maximum(finish - begin, 0.0)
        typed += (_typed_by(new - moved, prompt) - _typed_by(old - moved, prompt)) / len(_MOMENTS)
    before = (near["typed"].to_physical().cast(pl.Float64) / hour).fill_null(-np.inf).to_numpy()
    told = np.where(before > begin + _MOMENTS[0] * np.maximum(finish - begin, 0.0), TOLD_ALREADY, 1.0)
    return np.asarray(near["weight"].to_numpy() * told * np.maximum(typed, 0.0))


def _typed_by(hours: Floats, prompt: Floats) -> Floats:
    """Give how many crews have typed a change by so many hours after it: ``(n,), (n,) -> (n,)``."""
    after = np.maximum(hours, 0.0)
    return np.asarray(prompt * -np.expm1(-after / PROMPT_H) - (1.0 - prompt) * np.expm1(-after / LATE_H))


def _with_partners(rows: pl.DataFrame) -> pl.DataFrame:
    """Add what the partner of a meeting said, and whether the two changes agree."""
    rows = rows.with_columns(tonnes=_tonnes())
    met = rows.filter(pl.col("label") == "encounter").sort("likely", "change", descending=[True, False])
    partners = met.unique(["across", "mmsi"], keep="first", maintain_order=True).select(
        "across", other="mmsi", partner_mmsi="mmsi", partner_before_m="before_m", partner_after_m="after_m",
        partner_change_m="change_m", partner_tonnes="tonnes", partner_claims="claims", partner_known_at="known_at",
    )  # fmt: skip
    both = rows.join(partners, on=["across", "other"], how="left", maintain_order="left")
    opposite = (pl.col("change_m") * pl.col("partner_change_m")) < 0
    ratio = pl.min_horizontal("tonnes", "partner_tonnes") / pl.max_horizontal("tonnes", "partner_tonnes")
    is_sized = pl.col("tonnes").is_not_null() & pl.col("partner_tonnes").is_not_null()
    sized = pl.when(is_sized).then(ratio >= TONNES_AGREE).otherwise(pl.lit(value=True))
    return both.with_columns(
        agrees=opposite & sized, opposite=opposite,
        known_at=pl.max_horizontal("known_at", "event_known_at", "partner_known_at"),
    )  # fmt: skip


def _written(rows: pl.DataFrame) -> pl.DataFrame:
    late = ((pl.col("end") - pl.col("finish")).dt.total_minutes() / 60.0).clip(lower_bound=0.0)
    told = rows.with_columns(
        probability=pl.col("probability").round(3), held_h=pl.col("held_h").round(2), late_h=late.round(2),
        rivals=pl.col("all_across").list.set_difference(pl.concat_list(pl.col("across").fill_null(""))).list.sort(),
        evidence=listed(pl.concat_list("across"), "claims", "partner_claims"),
    )  # fmt: skip
    told = told.with_columns(**_reasons())
    ids = [
        event_id(KIND, DRAUGHTS, (mmsi, across or "-"), start)
        for mmsi, across, start in told.select("mmsi", "across", "start").iter_rows()
    ]
    whole = told.with_columns(
        pl.Series("id", ids, dtype=pl.String), kind=pl.lit(KIND), version=pl.lit(1, pl.Int64),
        mmsi_a="mmsi", track_a="track",
    )  # fmt: skip
    wanted = [name for name in schema(DraughtChange) if name in whole.columns]
    return conform(whole.select(wanted), DraughtChange).sort("start", "id")


_ABOUT = {
    "port_call": "a call at {}", "encounter": "a meeting with {}", "gap": "a silence", "silence": "a short silence",
    "loitering": "drifting alone",
}  # fmt: skip


def _reasons() -> dict[str, pl.Expr]:
    """Say what speaks for the change having happened in its event, and what against."""
    m = {name: pl.col(name).round(1).cast(pl.String) for name in ("before_m", "after_m", "partner_change_m")}
    by = pl.col("change_m").abs().round(1).cast(pl.String)
    said = pl.format(
        "said {} m until {} and {} m from {} on: {} m {}", m["before_m"], moment("start"), m["after_m"], moment("end"),
        by, pl.when(pl.col("change_m") > 0).then(pl.lit("deeper")).otherwise(pl.lit("lighter")),
    )  # fmt: skip
    about = pl.col("label").replace_strict(_ABOUT, default=None, return_dtype=pl.String)
    where = pl.coalesce("place", pl.col("other").cast(pl.String), pl.lit("?"))
    lies = (
        pl.when(pl.col("finish") <= pl.col("start"))
        .then(pl.lit("came before"))
        .otherwise(pl.lit("lies in that time"))
    )
    event = pl.format(
        "{}, {} to {}, {}", about.str.replace("{}", where, literal=True), moment("begin"),
        pl.coalesce(moment("finish"), pl.lit("now")), lies,
    )  # fmt: skip
    deeper = pl.when(pl.col("partner_change_m") > 0).then(pl.lit("deeper")).otherwise(pl.lit("lighter"))
    met = pl.format("the partner said {} m {} across the same meeting", m["partner_change_m"].str.strip_prefix("-"),
                    deeper)  # fmt: skip
    size = pl.format("about {} t here and {} t there", pl.col("tonnes").cast(pl.Int64),
                     pl.col("partner_tonnes").cast(pl.Int64))  # fmt: skip
    unsized = pl.lit("the sizes cannot be compared for want of a length")
    late = pl.format("first said {} h after the event ended; it may have been typed for something else",
                     pl.col("late_h").round(1))  # fmt: skip
    calls = pl.format(
        "this ship said another draught within a day of {} of {} stops in port", "calls_updated", "calls"
    )
    seldom = pl.col("calls_updated") * 2 < pl.col("calls")
    rival = pl.format("{} other events may explain it as well", pl.col("rivals").list.len())
    return {
        "reasons_for": sentences(
            said, event, pl.when("opposite").then(met), pl.when("opposite").then(pl.coalesce(size, unsized)),
            pl.when((pl.col("calls") > 0) & ~seldom).then(calls),
        ),
        "reasons_against": sentences(
            pl.lit("draught is typed by hand, and ballast and fuel change it too"),
            pl.when(pl.col("label") == "no_event").then(pl.lit("nothing is known that happened in between")),
            pl.when(pl.col("late_h") > 1.0).then(late),
            pl.when(pl.col("rivals").list.len() > 0).then(rival),
            pl.when((pl.col("calls") > 0) & seldom).then(calls),
            pl.when(~pl.col("opposite")).then(pl.format("{}, the same way", met)),
            pl.when(pl.col("opposite") & ~pl.col("agrees")).then(pl.format("the amounts differ: {}", size)),
        ),
    }  # fmt: skip
