"""Which of a hull's values holds on a day: history in, one row per hull out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from clearwake.model import Vessel, conform
from clearwake.vessels.hanging import is_slip

FRESH = timedelta(days=30)
"""A value last claimed longer than this before the newest one has been given up."""


_TOLD = ("mmsi", "name", "callsign", "flag", "mmsi_flag", "ship_type", "length_m", "built_year", "owner")
"""What a row of a hull tells."""


def on_day(history: pl.DataFrame, day: date) -> pl.DataFrame:
    """Keep what held on a day (UTC): begun by its end and not ended before it; unknown dates do not exclude."""
    begin, end = _bounds(day)
    begun = pl.col("valid_from").is_null() | (pl.col("valid_from") < end)
    return history.filter(begun, pl.col("valid_to").is_null() | (pl.col("valid_to") >= begin))


def _bounds(day: date) -> tuple[datetime, datetime]:
    begin = datetime.combine(day, time.min, UTC)
    return begin, begin + timedelta(days=1)


def _begun(history: pl.DataFrame, until: datetime | None) -> pl.DataFrame:
    if until is None:
        return history
    return history.filter(pl.col("valid_from").is_null() | (pl.col("valid_from") < until))


def standing(history: pl.DataFrame, until: datetime | None = None) -> pl.DataFrame:
    """Choose the value of each attribute of each hull that held last: ``vessel, attribute, value, low``.

    Of the values not given up: heard or registered rather than listed, no slip of typing, begun last, said most.  A
    list says what a ship was on the day of listing: that counts where the ship was not heard since.

    Args:
        history: A table of ``VesselHistory``.
        until: Only what had begun by then; without, everything.
    """
    known = _begun(history, until)
    same = ("vessel", "attribute")
    listed = pl.col("origin") == "list"
    open_end = pl.col("valid_to") if until is None else pl.col("valid_to").fill_null(until)
    end = pl.when(listed).then(pl.coalesce("valid_from", "valid_to")).otherwise(open_end)
    end = end if until is None else pl.min_horizontal(end, pl.lit(until))
    most = pl.col("reports").filter(pl.col("origin") == "heard").max().over(same)
    rated = known.with_columns(until=end, most=most.fill_null(0)).with_columns(
        slip=(pl.col("origin") == "heard") & is_slip("reports", "most"),
        stale=(pl.col("until") < pl.col("until").max().over(same) - FRESH).fill_null(value=False),
        listed=listed,
    )
    ranked = rated.sort(*same, "stale", "listed", "slip", "valid_from", "reports", "value", nulls_last=True,
                        descending=[False, False, False, False, False, True, True, False])  # fmt: skip
    return ranked.unique(same, keep="first", maintain_order=True).select(*same, "value", "low")


def vessels(history: pl.DataFrame, known: pl.DataFrame, on: date | None = None) -> pl.DataFrame:
    """Give one row per hull, a table of ``Vessel``, as it was on a day or is now.

    Args:
        history: A table of ``VesselHistory``.
        known: What does not change by the day: ``vessel, imo, rivals``.
        on: The day; hulls of which nothing had begun by then are left out.
    """
    until = None if on is None else _bounds(on)[1]
    told = history.filter(pl.col("attribute").is_in(_TOLD))
    now = standing(told, until)
    wide = now.pivot("attribute", index="vessel", values="value", aggregate_function="first")
    begun = _begun(history, until).select("vessel").unique()
    rows = known.join(begun, on="vessel", how="semi").join(wide, on="vessel", how="left")
    for name in (
        "mmsi",
        "name",
        "callsign",
        "flag",
        "mmsi_flag",
        "ship_type",
        "length_m",
        "built_year",
        "owner",
    ):
        if name not in rows.columns:
            rows = rows.with_columns(pl.lit(None, pl.String).alias(name))
    rows = rows.join(_sums(history, now, until), on="vessel", how="left").select(
        "imo", "name", "callsign", "owner", "first_seen", "last_seen", "former_names", "sources", "rivals", "mmsis",
        id="vessel", flag=pl.coalesce("flag", "mmsi_flag"), ship_type_text="ship_type",
        mmsi=pl.col("mmsi").cast(pl.Int64, strict=False), length_m=pl.col("length_m").cast(pl.Float64, strict=False),
        built_year=pl.col("built_year").cast(pl.Int16, strict=False),
    )  # fmt: skip
    return conform(rows.sort("id"), Vessel)


def _sums(history: pl.DataFrame, now: pl.DataFrame, until: datetime | None) -> pl.DataFrame:
    """Gather what needs all values of a hull: MMSIs, former names, sources, when heard."""
    known = _begun(history, until)
    end = pl.col("valid_to") if until is None else pl.min_horizontal("valid_to", pl.lit(until))
    heard, is_number = pl.col("origin") == "heard", pl.col("attribute") == "mmsi"
    by_hull = known.with_columns(valid_to=end).sort("vessel", "valid_from", "value", nulls_last=True)
    sums = by_hull.group_by("vessel").agg(
        first_seen=pl.col("valid_from").filter(heard & is_number).min(),
        last_seen=pl.col("valid_to").filter(heard & is_number).max(),
        mmsis=pl.col("low").filter(is_number).cast(pl.Int64).unique(maintain_order=True),
        sources=pl.col("source").unique().sort(),
    )
    current = now.filter(pl.col("attribute") == "name").select("vessel", current="value")
    most = pl.col("reports").filter(heard).max().over("vessel").fill_null(0)
    names = by_hull.filter(pl.col("attribute") == "name").with_columns(most=most)
    names = names.filter(~(heard & is_slip("reports", "most"))).join(current, on="vessel", how="left")
    names = names.with_columns(plain=_plain("value")).unique(
        ["vessel", "plain"], keep="first", maintain_order=True
    )
    former = names.filter(pl.col("plain") != _plain("current")).group_by("vessel", maintain_order=True).agg(
        former_names="value"
    )  # fmt: skip
    return sums.join(former, on="vessel", how="left").with_columns(
        pl.col("former_names", "sources").fill_null(pl.lit([], pl.List(pl.String)))
    )


def _plain(name: str) -> pl.Expr:
    return pl.col(name).str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]", "")
