"""Possible meetings of a desk: one search over all its ships, kept until what it leans on changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl

from clearwake.flow import trails
from clearwake.flow.atlas import atlas_of, harbours, marked, with_learnt
from clearwake.flow.kept import kept
from clearwake.flow.progress import Progress
from clearwake.model import IdentityClaim, PossibleMeeting
from clearwake.store import Store
from clearwake.whereabouts.unseen import Traces, definition, possible_meetings, thinned

LEANS_ON = ("silences", "loiterings", "encounters", "claims", "sightings", "detections", "positions")

SPAN = timedelta(days=30)
"""How many of a desk's last days are searched; a trace of that many days of all ships fits into memory."""

Table = Callable[[str], pl.DataFrame]

SEEN: dict[str, pl.DataType] = {
    "id": pl.String(), "kind": pl.String(), "time": pl.Datetime("ms", "UTC"), "lon": pl.Float64(), "lat": pl.Float64(),
    "error_m": pl.Float64(), "known_at": pl.Datetime("ms", "UTC"), "mmsi": pl.Int64(), "track": pl.Int64(),
}  # fmt: skip
"""What was seen and is not known; ``mmsi`` and ``track`` are of the ship that it was seen with, where that is known."""

UNNAMED = ("unnamed", "unsearched")
"""Sightings whose ship is not known; where nobody was heard around, a silent one is just what may have been seen."""
DARK = ("dark",)
TOLD = "told-6"
"""Changes whenever the bounds of signs, or what is told beside meetings (deliveries, sightings), do."""
KNOWN = ("named", "named_unheard", "placed")


def meetings(store: Store, shown: Table) -> pl.DataFrame:
    """Give the possible meetings of a desk, the likeliest first.

    Args:
        store: The desk's store.
        shown: Gives the desk's other tables by name.
    """
    atlas = harbours(with_learnt(atlas_of(store), store))
    made_by = f"{_name()}|{TOLD}|{definition()}|{marked(atlas)}|{Progress.of(store).watermark}"

    def make() -> pl.DataFrame:
        last = max((d for d in store.days("positions")), default=None)
        first = None if last is None else last - SPAN
        return possible_meetings(
            silent=_since(shown("silences"), first),
            traces=Traces.of(day for _, day in trails.fixes(store, first, reported=(), made=thinned)),
            loiterings=_since(shown("loiterings"), first),
            encounters=_since(shown("encounters"), first),
            claims=store.scan("claims", record=IdentityClaim).collect(),
            seen=_seen(shown),
            atlas=atlas,
            name=_name(),
        )

    found = kept(store, "possible_meetings", LEANS_ON, made_by, make, PossibleMeeting)
    return found.sort("probability", "window_start", "id", descending=[True, False, False])


def _since(events: pl.DataFrame, first: date | None) -> pl.DataFrame:
    return events if first is None else events.filter(pl.col("start").dt.date() >= first)


def _name() -> str:
    """Name the definition of ids shortly; other weights give the same meetings other probabilities, not other ids."""
    return "unseen-1"


def _seen(shown: Table) -> pl.DataFrame:
    """Gather unnamed sightings, unidentified second ships of others, and dark detections."""
    sightings, detections = shown("sightings"), shown("detections")
    alone = {"mmsi": pl.lit(None, pl.Int64), "track": pl.lit(None, pl.Int64)}
    unknown = pl.col("partner").is_in(["ship", "unknown"])
    unknown &= pl.all_horizontal(pl.col("partner_name", "partner_imo").is_null())
    parts = (
        sightings.filter(pl.col("status").is_in(UNNAMED)).with_columns(kind=pl.lit("sighting"), **alone),
        sightings.filter(pl.col("status").is_in(KNOWN), unknown).with_columns(kind=pl.lit("sighting")),
        detections.filter(pl.col("status").is_in(DARK)).with_columns(kind=pl.lit("detection"), **alone),
    )  # fmt: skip
    return pl.concat([part.select(pl.col(n).cast(t) for n, t in SEEN.items()) for part in parts])
