"""What voyages say: draughts that changed at sea, destinations not sailed to, calls remembered, published methods.

Draught and destination are typed by hand; so each weighs as much as it is probable, and what speaks against a finding
stands in its sentence.  A typology that is shown in part is called partial and weighs little.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from clearwake.assess.reasons import reasons
from clearwake.assess.wording import period, tenths

LEAST_PROBABILITY = 0.3
"""Changes of draught less likely to belong to their event than this are no reason."""

DPRK_MID = 445

_AT_SEA = ("encounter", "gap", "silence", "loitering")

_DECLARED = (
    "false_destination",
    "heading_away",
    "called_elsewhere",
    "never_called",
    "port_skipped",
    "detour",
)

_MEMORY = ("dprk_call_memory", "dprk_meeting_memory")


def voyage_reasons(events: Mapping[str, pl.DataFrame]) -> list[pl.DataFrame]:
    """Give the reasons for and against that voyages are.

    Args:
        events: Tables by name: ``draught_changes``, ``voyage_findings``, ``typology_findings``; absent ones say
            nothing.
    """
    told = {"draught_changes": _draughts, "voyage_findings": _voyages, "typology_findings": _typologies}
    return [frame for table, tell in told.items() if table in events for frame in tell(events[table])]


def _one_ship(events: pl.DataFrame) -> pl.DataFrame:
    return events.with_columns(mmsi="mmsi_a", track="track_a", time=pl.col("start"))


def _both(events: pl.DataFrame) -> pl.DataFrame:
    """Give a row for each ship of each event: ``mmsi, track, other, time``."""
    rows = events.with_columns(time=pl.col("start"))
    a = rows.with_columns(mmsi="mmsi_a", track="track_a", other="mmsi_b")
    b = rows.with_columns(mmsi="mmsi_b", track="track_b", other="mmsi_a")
    return pl.concat((a, b)).filter(pl.col("mmsi").is_not_null())


def _draughts(events: pl.DataFrame) -> list[pl.DataFrame]:
    at_sea = pl.col("label").is_in(list(_AT_SEA)) & (pl.col("probability") >= LEAST_PROBABILITY)
    # Of the events one change may belong to, the likeliest speaks for all: a change counts once.
    rows = _one_ship(events.filter(at_sea)).sort("probability", "id", descending=[True, False])
    once = rows.unique(["mmsi", "start"], keep="first", maintain_order=True)
    deeper = pl.when(pl.col("change_m") > 0).then(pl.lit("deeper")).otherwise(pl.lit("less deep"))
    said = pl.format(
        "lay {} m {} after than before ({} to {} m), {}; probability that it changed in this {}: {}; {}",
        tenths(pl.col("change_m").abs()), deeper, tenths(pl.col("before_m")), tenths(pl.col("after_m")),
        period(pl.col("start"), pl.col("end")), "label", pl.col("probability").round(2),
        pl.col("reasons_against").list.join("; "),
    )  # fmt: skip
    agreed = pl.format(
        "{}; the partner's changed by {} m across the same meeting", said, tenths(pl.col("partner_change_m"))
    )
    agrees = pl.col("agrees").fill_null(value=False)
    same_way = (pl.col("partner_change_m") * pl.col("change_m") > 0).fill_null(value=False)
    against = pl.format("both ships of a meeting lay {}, {}: no sign of goods handed over", deeper,
                        period(pl.col("start"), pl.col("end")))  # fmt: skip
    own = pl.concat_list("id")
    chance = pl.col("probability")
    return [
        reasons("draught_agrees", once.filter(agrees), agreed, own, chance),
        reasons("draught_at_sea", once.filter(~agrees & ~same_way), said, own, chance),
        reasons("draught_disagrees", rows.filter(same_way), against, pl.concat_list("across", "id")),
    ]


def _voyages(events: pl.DataFrame) -> list[pl.DataFrame]:
    told = pl.format(
        "{}; against: {}", pl.col("reasons_for").list.join("; "), pl.col("reasons_against").list.join("; ")
    )
    own = pl.concat_list("id")
    alone = _one_ship(events)
    met = _both(events).filter(pl.col("mmsi") // 1_000_000 != DPRK_MID, pl.col("chain").list.len() > 0)
    # Those reasons are about the meeting itself, so that it counts once.
    meeting = pl.col("evidence").list.eval(pl.element().filter(pl.element().str.starts_with("encounter:")))
    about = pl.concat_list(meeting.list.head(1), own)
    declared = [
        reasons(label, alone.filter(pl.col("label") == label), told, own, pl.col("score"))
        for label in _DECLARED
    ]
    return [
        *declared,
        *(
            reasons(k, met.filter(pl.col("label") == k), told, about)
            for k in ("met_dprk_flag", "met_dprk_caller")
        ),
        *(reasons(k, alone.filter(pl.col("label") == k), told, own, pl.col("score")) for k in _MEMORY),
    ]


def _typologies(events: pl.DataFrame) -> list[pl.DataFrame]:
    each = events.with_columns(time=pl.col("start"), mmsi="ships").explode("mmsi").drop_nulls("mmsi")
    each = each.filter(pl.col("mmsi") // 1_000_000 != DPRK_MID)
    told = pl.format(
        "{} ({}): {}; against: {}", "title", "status", pl.col("reasons_for").list.join("; "),
        pl.col("reasons_against").list.join("; "),
    )  # fmt: skip
    own = pl.concat_list("id")
    chance = pl.col("probability").fill_null(1.0)
    return [
        reasons("typology_shown", each.filter(pl.col("status") == "shown"), told, own, chance),
        reasons(
            "typology_partial",
            each.filter(pl.col("status") == "partial"),
            told,
            own,
            pl.col("share") * chance,
        ),
    ]
