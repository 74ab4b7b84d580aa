"""What meetings say: of two ships close together, which ask for a look, and which have an ordinary reason.

A meeting is a measurement of two transmitters.  Nothing here says that anything passed between ships.
"""

from __future__ import annotations

import polars as pl

from clearwake.assess.identity import with_identity
from clearwake.assess.listings import is_firm
from clearwake.assess.reasons import reasons
from clearwake.assess.weights import FAR_KM, INLAND_KM, TERRITORIAL_SEA_KM
from clearwake.assess.wording import off_coast, period, plural, tenths, whole
from clearwake.model.events import kept_company


def meeting_reasons(
    encounters: pl.DataFrame, ships: pl.DataFrame, matches: pl.DataFrame
) -> list[pl.DataFrame]:
    """Give the reasons for and against that meetings are, one row per ship and meeting.

    Meetings in port, and the ordinary ones near the coast, are told in one row per ship.

    Args:
        encounters: A table of ``Encounter``.
        ships: What ships say they are, from ``identities``.
        matches: A table of ``Match`` whose ``id`` is an MMSI as text.
    """
    sides = _with_company(_sides(encounters), ships)
    classed = sides.with_columns(_class().alias("class"))
    offshore = classed.filter(pl.col("class").is_in(list(_COUNTED)))
    return [
        *(_counted(offshore.filter(pl.col("class") == kind), kind) for kind in _COUNTED),
        *_listed(classed, matches),
        *(_told_together(classed.filter(pl.col("class") == kind), kind) for kind in _ORDINARY),
        _against_service(offshore),
        _against_fishing(offshore),
    ]


_COUNTED = ("met_offshore", "met_nearshore", "met_briefly_offshore", "met_under_way")

_ORDINARY = {
    "met_in_port": "in or near a port or anchorage",
    "kept_company": "that were near each other before or after as well: a tow, a convoy, a pair at work",
    "met_near_coast": "on inland waters, or briefly or under way within 12 nm of the coast",
    "passed_service_ship": "beside a pilot, tug or the like, or fishing in pair, as they say of themselves",
}


def _sides(encounters: pl.DataFrame) -> pl.DataFrame:
    """Tell each meeting twice: once as the one ship's and once as the other's."""

    def side(own: str, other: str) -> pl.DataFrame:
        return encounters.select(
            pl.col(f"mmsi_{own}").alias("mmsi"),
            pl.col(f"track_{own}").alias("track"),
            pl.col(f"mmsi_{other}").alias("other"),
            pl.exclude("mmsi_a", "mmsi_b", "track_a", "track_b", "kind", "evidence"),
            pl.col("start").alias("time"),
        )

    return pl.concat([side("a", "b"), side("b", "a")])


def _with_company(sides: pl.DataFrame, ships: pl.DataFrame) -> pl.DataFrame:
    """Add what both ships say they are."""
    return with_identity(with_identity(sides, ships, "mmsi", "own"), ships, "other", "met")


def _class() -> pl.Expr:
    """Say which kind of reason a meeting is.  What has an ordinary explanation is that, whatever else it is.

    Pilots, tugs and the like have no daily business far offshore, so there what they say they are only weighs against.
    """
    label, near = pl.col("label"), pl.col("coast_km") < TERRITORIAL_SEA_KM
    under_way = label == "underway"
    loose = under_way | (label == "short")
    service = pl.col("own_trade").is_not_null() | pl.col("met_trade").is_not_null()
    served = service & ~(pl.col("coast_km") >= FAR_KM).fill_null(value=False)
    at_work = served | (under_way & pl.col("own_fishes") & pl.col("met_fishes"))
    return (
        pl.when(label == "in_port").then(pl.lit("met_in_port"))
        .when(kept_company()).then(pl.lit("kept_company"))
        .when((loose & near) | (pl.col("coast_km") < INLAND_KM)).then(pl.lit("met_near_coast"))
        .when(loose & at_work).then(pl.lit("passed_service_ship"))
        .when(under_way).then(pl.lit("met_under_way"))
        .when(label == "short").then(pl.lit("met_briefly_offshore"))
        .when(near).then(pl.lit("met_nearshore"))
        .otherwise(pl.lit("met_offshore"))
    )  # fmt: skip


def _told() -> pl.Expr:
    """Measure one meeting in words, from one ship's side."""
    return pl.format(
        "was within {} m of {} for {} h at {} kn (median), {}, {}; {} an hour before, {} an hour after",
        whole(pl.col("min_apart_m")),
        pl.col("met"),
        tenths(pl.col("together_h")),
        tenths(pl.col("median_speed_kn")),
        off_coast(pl.col("coast_km")),
        period(pl.col("start"), pl.col("end")),
        _apart(pl.col("apart_before_km")),
        _apart(pl.col("apart_after_km")),
    )


def _apart(apart_km: pl.Expr) -> pl.Expr:
    return pl.coalesce(pl.format("{} km apart", tenths(apart_km)), pl.lit("not both heard"))


def _far(coast_km: pl.Expr) -> pl.Expr:
    """Grow from one half at 12 nm from the coast to one at 50 nm; one half where it was not measured."""
    beyond = (coast_km - TERRITORIAL_SEA_KM) / (FAR_KM - TERRITORIAL_SEA_KM)
    return 0.5 + 0.5 * beyond.clip(0.0, 1.0).fill_null(0.0)


def _counted(met: pl.DataFrame, kind: str) -> pl.DataFrame:
    share = pl.lit(1.0) if kind == "met_nearshore" else _far(pl.col("coast_km"))
    return reasons(kind, met, _told(), pl.concat_list("id"), share)


_LISTED_SHIP = {"match": "met_listed_ship", "possible": "met_possibly_listed_ship"}

_PASSING = ("met_in_port", "met_near_coast", "passed_service_ship")
"""Being near a listed ship in port, in coastal traffic or beside its tug is no meeting with it."""


def _listed(classed: pl.DataFrame, matches: pl.DataFrame) -> list[pl.DataFrame]:
    """Give the meetings whose other ship matches a designation; the evidence names the designation too."""
    strongest = (
        matches.filter((pl.col("tier") == "match") | ((pl.col("tier") == "possible") & is_firm()))
        .sort("id", "tier", "score", "entity_id", descending=[False, False, True, False])
        .unique("id", keep="first", maintain_order=True)
        .select(pl.col("id").alias("other_id"), "tier", "list", "entity_name", "entity_id", "programmes")
    )
    met = classed.filter(~pl.col("class").is_in(list(_PASSING))).with_columns(
        pl.col("other").cast(pl.String).alias("other_id")
    )
    held = met.join(strongest, on="other_id", maintain_order="left")
    sentence = pl.format(
        "{}; that ship is a {} of {} on list {}",
        _told(),
        pl.col("tier").replace({"possible": "possible match"}),
        pl.col("entity_name"),
        pl.col("list"),
    )
    return [
        reasons(kind, held.filter(pl.col("tier") == tier), sentence, pl.concat_list("id", "entity_id"))
        for tier, kind in _LISTED_SHIP.items()
    ]


def _told_together(ordinary: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Tell all of a ship's meetings of one ordinary kind in one row."""
    ships = ordinary.group_by("mmsi", maintain_order=True).agg(
        pl.len().alias("count"),
        pl.col("other").n_unique().alias("others"),
        pl.col("id").sort().alias("ids"),
        pl.col("time").min(),
        pl.col("known_at").max(),
    )
    sentence = pl.format(
        "{} with {} {}: not counted",
        plural(pl.col("count"), "meeting", "meetings"),
        plural(pl.col("others"), "ship", "ships"),
        pl.lit(_ORDINARY[kind]),
    )
    return reasons(kind, ships, sentence, pl.col("ids"))


def _against_service(met: pl.DataFrame) -> pl.DataFrame:
    """Give the meetings of which one ship says that accompanying others is its trade."""
    trade = pl.coalesce("own_trade", "met_trade")
    who = pl.when(pl.col("own_trade").is_not_null()).then(pl.lit("it")).otherwise(pl.col("met"))
    sentence = pl.format(
        "{} says its trade is {}: such ships meet and accompany others for a living", who, trade
    )
    return reasons("service_ship", met.filter(trade.is_not_null()), sentence, pl.concat_list("id"))


def _against_fishing(met: pl.DataFrame) -> pl.DataFrame:
    """Give the meetings of two ships that both say they fish."""
    sentence = pl.format("it and {} both say they fish: fishing ships work beside each other", pl.col("met"))
    both = met.filter(pl.col("own_fishes") & pl.col("met_fishes"))
    return reasons("fishing_together", both, sentence, pl.concat_list("id"))
