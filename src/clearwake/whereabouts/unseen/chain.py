"""Chains: cargo that may have gone from A to B and from B to C, where at least one meeting was not seen.

A chain is as likely as its two meetings together, times how likely a ship that meets two others carries from the one to
the other.
"""

from __future__ import annotations

import polars as pl

from clearwake.model import HULLS_PER_MMSI
from clearwake.whereabouts.unseen.told import Row, named

LINK = 0.15
"""A possible meeting has to be this likely to be a link; chains of unlikely links are countless."""

WITHIN_DAYS = 14
"""How long a ship may carry what it took over; this project's judgement."""

CARRIED = 0.3
"""How likely a ship that meets two others carries from one to the other; this project's judgement, as nobody has
counted."""

LINKS: dict[str, pl.DataType] = {
    "id": pl.String(), "start": pl.Datetime("ms", "UTC"), "end": pl.Datetime("ms", "UTC"), "lon": pl.Float64(),
    "lat": pl.Float64(), "radius_km": pl.Float64(), "track_a": pl.Int64(), "track_b": pl.Int64(),
    "probability": pl.Float64(), "rivals": pl.Int64(), "known_at": pl.Datetime("ms", "UTC"), "is_seen": pl.Boolean(),
}  # fmt: skip


def links(meetings: pl.DataFrame, encounters: pl.DataFrame) -> pl.DataFrame:
    """Give the meetings that a chain can be made of: likely ones, and those of two ships heard at sea.

    Args:
        meetings: A table of ``PossibleMeeting``.
        encounters: A table of ``Encounter``.
    """
    unseen = meetings.filter(
        pl.col("probability") >= LINK, pl.col("kind").is_in(["one_silent", "both_silent"])
    ).select(
        "id", pl.col("window_start").alias("start"), pl.col("window_end").alias("end"), "lon", "lat", "radius_km",
        "track_a", "track_b", "probability", "rivals", "known_at", is_seen=pl.lit(value=False),
    )  # fmt: skip
    seen = encounters.filter(pl.col("label") == "standard", pl.col("end").is_not_null()).select(
        "id", "start", "end", "lon", "lat", "track_a", "track_b", "known_at", radius_km=pl.lit(0.5),
        probability=pl.lit(1.0), rivals=pl.lit(0), is_seen=pl.lit(value=True),
    )  # fmt: skip
    return pl.concat([frame.select(pl.col(n).cast(t) for n, t in LINKS.items()) for frame in (unseen, seen)])


def chains(meetings: pl.DataFrame, encounters: pl.DataFrame, definition: str) -> list[Row]:
    """Find two meetings of one ship, with different others, the second after the first, at least one unseen."""
    ends = links(meetings, encounters)
    turned = ends.rename({"track_a": "track_b", "track_b": "track_a"}).select(ends.columns)
    sided = pl.concat((ends, turned))
    both = sided.join(sided, left_on="track_b", right_on="track_a", suffix="_2").filter(
        pl.col("start_2") >= pl.col("end"),
        pl.col("start_2") - pl.col("end") <= pl.duration(days=WITHIN_DAYS),
        pl.col("track_a") != pl.col("track_b_2"),
        ~(pl.col("is_seen") & pl.col("is_seen_2")),
    )
    return [
        _told(row, definition) for row in both.sort("start", "id", "start_2", "id_2").iter_rows(named=True)
    ]


def _told(row: Row, definition: str) -> Row:
    """Tell one chain: from the first ship by the second to the third, placed at the second meeting."""
    first, second = float(row["probability"]), float(row["probability_2"])
    via = int(row["track_b"]) // HULLS_PER_MMSI
    start, end = row["start"], row["end_2"]
    return {
        "id": named("chain", definition, (str(row["id"]), str(row["id_2"])), start.timestamp() / 3600.0),
        "window_start": start, "window_end": end, "duration_h": (end - start).total_seconds() / 3600.0,
        "lon": row["lon_2"], "lat": row["lat_2"], "radius_km": row["radius_km_2"], "kind": "chain",
        "track_a": row["track_a"], "track_b": row["track_b_2"], "via_mmsi": via,
        "probability": first * second * CARRIED,
        "rivals": row["rivals"] + row["rivals_2"],
        "reasons": [
            f"{via} met the first ship by {row['end']:%Y-%m-%d %H:%M} UTC ({_how(row['is_seen'], first)})",
            f"{via} met the second from {row['start_2']:%Y-%m-%d %H:%M} UTC on ({_how(row['is_seen_2'], second)})",
        ],
        "reasons_against": [f"who meets two others need not carry between them: taken as {CARRIED:.0%} likely"],
        "evidence": [row["id"], row["id_2"]], "known_at": max(row["known_at"], row["known_at_2"]),
    }  # fmt: skip


def _how(is_seen: object, probability: float) -> str:
    return "both were heard" if is_seen else f"not seen, probability {probability:.2f}"
