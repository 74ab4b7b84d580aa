"""Where claims do not agree: both readings, in a sentence, beside the hull they were taken to be of."""

from __future__ import annotations

import polars as pl

from clearwake.vessels.hanging import is_slip
from clearwake.vessels.keys import imo_keys
from clearwake.vessels.kinds import broad_kind
from clearwake.vessels.personas import lengths_apart

MOST_TOLD = 3
"""Of more hulls than this only how many they are is said."""


def rivals(history: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Give the sentences of each hull: ``vessel, rivals``.

    Args:
        history: A table of ``VesselHistory``.
        nodes: With ``vessel``, ``imo``, ``mmsi``, ``kind`` and ``why``.
    """
    said = [
        _of_one_number(nodes),
        _other_numbers(history, nodes),
        _of_one_mmsi(nodes),
        _of_years(history),
        _of_kinds(history),
        _of_lengths(history),
    ]
    each = pl.concat(said).unique().sort("vessel", "sentence")
    return each.group_by("vessel", maintain_order=True).agg(rivals="sentence")


def _of_one_number(nodes: pl.DataFrame) -> pl.DataFrame:
    """Several hulls give one IMO number."""
    owners = nodes.drop_nulls("imo").group_by("imo", "vessel").agg(pl.col("why").drop_nulls().min())
    pairs = owners.join(owners, on="imo", suffix="_of").filter(pl.col("vessel") != pl.col("vessel_of"))
    why = pl.coalesce("why", "why_of").fill_null("they cannot be one ship")
    text = pl.format("IMO number {} is also claimed by {}: {}", "imo", "vessel_of", why)
    crowd = pairs.filter(pl.len().over("vessel") > MOST_TOLD).group_by("vessel", "imo").agg(count=pl.len())
    crowded = pl.format("IMO number {} is also claimed by {} other hulls", "imo", "count")
    few = pairs.join(crowd, on=["vessel", "imo"], how="anti")
    return pl.concat([few.select("vessel", sentence=text), crowd.select("vessel", sentence=crowded)])


def _other_numbers(history: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """One hull gives several IMO numbers."""
    own = nodes.drop_nulls("imo").select("vessel", "imo").unique()
    said = history.filter(pl.col("attribute") == "imo").group_by("vessel", "value").agg(
        pl.col("reports").sum(), source=pl.col("source").unique().sort().str.join(", ")
    )  # fmt: skip
    total = pl.col("reports").sum().over("vessel")
    other = said.with_columns(total=total).join(own, on="vessel", how="left").filter(
        (pl.col("value") != pl.col("imo")).fill_null(value=True)
    )  # fmt: skip
    useless = pl.format("the IMO number it gives, {}, cannot identify a ship ({})", "value", "source")
    beside = pl.format(
        "IMO number {} was given in {} of {} reports, beside {} ({})",
        "value",
        "reports",
        "total",
        "imo",
        "source",
    )
    passing = pl.format(
        "IMO number {} was given {} times, else none: held to be a slip ({})", "value", "reports", "source"
    )
    other = other.with_columns(usable=imo_keys(other["value"].rename("imo")))
    text = (
        pl.when(pl.col("imo").is_not_null()).then(beside).when(pl.col("usable").is_null()).then(useless)
        .otherwise(passing)
    )  # fmt: skip
    return other.select("vessel", sentence=text)


def _of_kinds(history: pl.DataFrame) -> pl.DataFrame:
    """Ship and papers say kinds that have nothing in common; cargo ships and tankers are mistaken for one another."""
    kinds = history.filter(pl.col("attribute") == "ship_type").with_columns(kind=broad_kind("value"))
    kinds = kinds.drop_nulls("kind").with_columns(heard=pl.col("origin") == "heard")
    most = pl.col("reports").max().over("vessel", "heard")
    sure = (
        kinds.with_columns(most=most)
        .filter(~pl.col("heard") | ~is_slip("reports", "most"))
        .sort("value", "source")
    )
    told = pl.format("{} ({})", "value", "source")
    each = sure.group_by("vessel", maintain_order=True).agg(
        ours=pl.col("kind").filter("heard").unique(), theirs=pl.col("kind").filter(~pl.col("heard")).unique(),
        said=told.unique(maintain_order=True).str.join(", "),
    )  # fmt: skip
    both = (pl.col("ours").list.len() > 0) & (pl.col("theirs").list.len() > 0)
    apart = each.filter(both, pl.col("ours").list.set_intersection("theirs").list.len() == 0)
    return apart.select("vessel", sentence=pl.format("ship type: {}", "said"))


def _of_one_mmsi(nodes: pl.DataFrame) -> pl.DataFrame:
    """Several hulls use one MMSI, or are registered with it."""
    users = (
        nodes.filter(pl.col("kind") != "designation")
        .select("mmsi", "vessel")
        .drop_nulls()
        .unique()
        .sort("vessel")
    )
    shared = users.with_columns(others=pl.len().over("mmsi") - 1).filter(pl.col("others") > 0)
    few = shared.filter(pl.col("others") <= MOST_TOLD)
    pairs = few.join(few, on="mmsi", suffix="_of", maintain_order="left_right")
    pairs = pairs.filter(pl.col("vessel") != pl.col("vessel_of"))
    named = pairs.group_by("mmsi", "vessel").agg(pl.col("vessel_of").str.join(", "))
    many = shared.filter(pl.col("others") > MOST_TOLD)
    return pl.concat([
        named.select("vessel", sentence=pl.format("MMSI {} is also used by {}", "mmsi", "vessel_of")),
        many.select("vessel", sentence=pl.format("MMSI {} is also used by {} other hulls", "mmsi", "others")),
    ])  # fmt: skip


def _of_years(history: pl.DataFrame) -> pl.DataFrame:
    """Sources give several years of build."""
    years = history.filter(pl.col("attribute") == "built_year").sort("low", "source")
    each = years.group_by("vessel", maintain_order=True).agg(
        span=pl.col("low").max() - pl.col("low").min(),
        told=pl.format("{} ({})", "value", "source").unique(maintain_order=True).str.join(", "),
    )
    # A keel laid, a launch and a delivery lie up to two years apart.
    apart = each.filter(pl.col("span") > 2)
    return apart.select("vessel", sentence=pl.format("built: {}", "told"))


def _of_lengths(history: pl.DataFrame) -> pl.DataFrame:
    """Claims give lengths that cannot be one ship's."""
    lengths = history.filter(pl.col("attribute") == "length_m")
    most = pl.col("reports").max().over("vessel", "origin")
    sure = lengths.with_columns(most=most).filter((pl.col("origin") != "heard") | ~is_slip("reports", "most"))
    ends = sure.sort("low", "source").group_by("vessel", maintain_order=True).agg(
        shortest=pl.col("low").first(), longest=pl.col("low").last(),
        one=pl.format("{} m ({})", "value", "source").first(), other=pl.format("{} m ({})", "value", "source").last(),
    )  # fmt: skip
    apart = ends.filter(lengths_apart("shortest", "longest"))
    return apart.select("vessel", sentence=pl.format("length: {} and {}", "one", "other"))
