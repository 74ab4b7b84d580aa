"""Groups of one MMSI's claims that share no key: one ship renamed, or several ships under one number.

Claims of one MMSI hang together in time.  They do not where the number is a default that many hulls use, or where
two groups that contradict each other are heard in the same hours again and again.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from clearwake.names import most_apart
from clearwake.vessels.keys import is_default

HANG_TOGETHER = timedelta(days=365)
"""An MMSI silent for longer may have been given to another ship: what it says then is not taken to be the same."""

SLIP_REPORTS, SLIP_SHARE = 2, 0.01
"""A reading made at most so often, or in at most this share of the reports, beside another is a slip of typing or
reception."""

TOGETHER_HOURS, TOGETHER_SHARE = 2, 0.2
"""Two groups heard in the same hour at least so often, and in this share of the hours of the one heard less, were
two transmitters."""

MOST_GROUPS = 200
"""An MMSI with more groups than this is shared; nobody compares them all with each other."""


def groups(grouped: pl.DataFrame) -> pl.DataFrame:
    """Sum up the statements of each group: ``group, mmsi, imo, name_key, callsign_key, first, last, reports``.

    ``name_key`` and ``callsign_key`` are the ones said most.
    """
    most = [
        pl.col(key).filter(pl.col(key).is_not_null()).first().alias(key)
        for key in ("name_key", "callsign_key")
    ]
    ordered = grouped.sort("reports", "statement", descending=[True, False])
    return ordered.group_by("group").agg(
        pl.col("mmsi", "imo").first(), *most, pl.col("first").min(), pl.col("last").max(), pl.col("reports").sum()
    ).sort("group")  # fmt: skip


def hours(grouped: pl.DataFrame, heard: pl.DataFrame) -> pl.DataFrame:
    """Give the hours in which each group was heard, of MMSIs with several: ``mmsi, group, hour``."""
    several = grouped.filter(pl.col("group").n_unique().over("mmsi") > 1)
    named = several.select("statement", "mmsi", "group")
    return heard.join(named, on="statement").select("mmsi", "group", "hour").unique()


def hang(each: pl.DataFrame, heard: pl.DataFrame, shared: pl.Series) -> pl.DataFrame:
    """Put groups together that are one ship's: ``group, persona``, a number that groups of one ship have in common.

    Args:
        each: ``groups``.
        heard: ``hours``.
        shared: MMSIs under which tracks show several hulls at once.
    """
    alone = each.filter(pl.len().over("mmsi") == 1).select("group", persona="group")
    several = each.filter(pl.len().over("mmsi") > 1)
    absorbed = _absorbed(several)
    roots = _summed(several.join(absorbed, on="group"))
    persons = _parted(roots, heard.join(absorbed, on="group"), shared)
    rest = absorbed.join(persons, on="root").select("group", "persona")
    return pl.concat([alone, rest])


def _summed(several: pl.DataFrame) -> pl.DataFrame:
    """Sum up groups by the one that absorbed them."""
    own = several.filter(pl.col("group") == pl.col("root")).select(
        "root", "mmsi", "imo", "name_key", "callsign_key"
    )
    spans = several.group_by("root").agg(pl.col("first").min(), pl.col("last").max(), pl.col("reports").sum())
    return own.join(spans, on="root").sort("root")


# Slips


def _absorbed(several: pl.DataFrame) -> pl.DataFrame:
    """Let each group that is a slip beside a greater one be part of it: ``group, root``."""
    few = several.filter(pl.len().over("mmsi") <= MOST_GROUPS)
    pairs = few.join(few, on="mmsi", suffix="_of").filter(
        pl.col("imo").is_null() & (pl.col("group") != pl.col("group_of")), _is_lesser()
    )
    near = _near(pairs["name_key"], pairs["name_key_of"])
    within = (pl.col("first") >= pl.col("first_of")) & (pl.col("last") <= pl.col("last_of"))
    slips = pairs.filter(near | (is_slip("reports", "reports_of") & within & ~is_default(pl.col("mmsi"))))
    best = slips.sort("group", "reports_of", "group_of", descending=[False, True, False])
    into = best.unique("group", keep="first", maintain_order=True).select("group", root="group_of")
    return _rooted(several["group"], into)


def _is_lesser() -> pl.Expr:
    fewer = pl.col("reports") < pl.col("reports_of")
    return fewer | ((pl.col("reports") == pl.col("reports_of")) & (pl.col("group") > pl.col("group_of")))


def _rooted(every: pl.Series, into: pl.DataFrame) -> pl.DataFrame:
    """Follow who is part of whom to the end; everyone else is its own root.  Parts are smaller, so there is an end."""
    found = pl.DataFrame({"group": every, "root": every})
    step = into.rename({"group": "root", "root": "next"})
    while True:
        moved = (
            found.join(step, on="root", how="left")
            .with_columns(root=pl.coalesce("next", "root"))
            .drop("next")
        )
        if moved.equals(found):
            return found
        found = moved


def is_slip(reports: str, of: str) -> pl.Expr:
    """Say whether so few reports beside so many others are a slip."""
    few = (pl.col(reports) <= SLIP_REPORTS) & (pl.col(of) > 2 * pl.col(reports))
    return few | (pl.col(reports) <= SLIP_SHARE * pl.col(of))


def _near(names: pl.Series, others: pl.Series) -> pl.Series:
    """Say which names differ by slips of typing only: the same numbers, and few letters; not where one is missing."""
    both = pl.DataFrame({"one": names, "other": others}).with_row_index("row").drop_nulls()
    same = both.filter(_numbers("one") == _numbers("other"))
    apart = cpdist(same["one"].to_list(), same["other"].to_list(), scorer=OSA.distance, dtype=np.int32)
    allowed = [most_apart(int(letters)) for letters in same["one"].str.len_bytes()]
    near = same["row"].filter(pl.Series(apart <= np.array(allowed, np.int32), dtype=pl.Boolean))
    return pl.Series([False]).new_from_index(0, len(names)).scatter(near, values=True)


def _numbers(name: str) -> pl.Expr:
    return pl.col(name).str.replace_all("[^0-9]", "")


# One ship renamed, or several


def _parted(roots: pl.DataFrame, heard: pl.DataFrame, shared: pl.Series) -> pl.DataFrame:
    """Decide by MMSI whether its groups are several ships': ``root, persona``."""
    told = (pl.col("imo").is_not_null() | pl.col("name_key").is_not_null()).sum().over("mmsi")
    at_once = _heard_at_once(roots, heard)
    is_shared = (
        is_default(pl.col("mmsi")) | pl.col("mmsi").is_in(shared.implode()) | pl.col("mmsi").is_in(at_once.implode())
        | (pl.len().over("mmsi") > MOST_GROUPS)
    )  # fmt: skip
    marked = roots.with_columns(is_apart=is_shared & (told > 1))
    apart = marked.filter("is_apart").select("root", persona="root")
    one_at_a_time = marked.filter(~pl.col("is_apart")).drop("is_apart")
    return pl.concat([apart, _hung(one_at_a_time)])


def _heard_at_once(roots: pl.DataFrame, heard: pl.DataFrame) -> pl.Series:
    """Find MMSIs under which groups that contradict each other are heard in the same hours."""
    each = heard.select("mmsi", "root", "hour").unique()
    few = each.join(roots.filter(pl.len().over("mmsi") <= MOST_GROUPS).select("root"), on="root")
    many = few.group_by("root").agg(hours=pl.len())
    met = few.join(few, on=["mmsi", "hour"], suffix="_of").filter(pl.col("root") < pl.col("root_of"))
    met = met.group_by("mmsi", "root", "root_of").agg(together=pl.len())
    met = met.filter(pl.col("together") >= TOGETHER_HOURS)
    about = roots.select("root", "imo", "name_key", "callsign_key").join(many, on="root")
    pairs = met.join(about, on="root").join(about, left_on="root_of", right_on="root", suffix="_of")
    differ = [
        (pl.col(k) != pl.col(f"{k}_of")).fill_null(value=False) for k in ("imo", "name_key", "callsign_key")
    ]
    enough = pl.col("together") >= TOGETHER_SHARE * pl.min_horizontal("hours", "hours_of")
    return pairs.filter(pl.any_horizontal(differ) & enough)["mmsi"].unique()


def _hung(roots: pl.DataFrame) -> pl.DataFrame:
    """Hang groups together in time: with the nearest one that has an IMO number, else with what is not long before."""
    own = roots.drop_nulls("imo")
    bare = roots.filter(pl.col("imo").is_null())
    pairs = bare.join(own, on="mmsi", suffix="_of").with_columns(away=apart_ms())
    near = pairs.filter(pl.col("away") <= HANG_TOGETHER // timedelta(milliseconds=1))
    best = near.sort("root", "away", "reports_of", "root_of", descending=[False, False, True, False])
    best = best.unique("root", keep="first", maintain_order=True).select("root", persona="root_of")
    left = bare.join(best, on="root", how="anti").sort("mmsi", "first", "last", "root")
    silent = pl.col("first") - pl.col("last").cum_max().shift(1).over("mmsi")
    told = [pl.col(key).is_not_null().sum().over("mmsi") for key in ("name_key", "callsign_key")]
    could_differ = pl.max_horizontal(told) > 1
    begins = silent.is_null() | ((silent > HANG_TOGETHER) & could_differ)
    begun = pl.when(begins).then("root").forward_fill()
    return pl.concat([own.select("root", persona="root"), best, left.select("root", persona=begun)])


def apart_ms() -> pl.Expr:
    """Give the time between two spans in milliseconds; 0 where they touch."""
    gap = pl.max_horizontal(pl.col("first") - pl.col("last_of"), pl.col("first_of") - pl.col("last"))
    return gap.dt.total_milliseconds().clip(lower_bound=0)
