"""The ledger: deliveries of petroleum as they were said or seen, how each was counted, and the year against its cap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import polars as pl

from clearwake.model.law import Day
from clearwake.model.record import Column, Count, Identifier, Metres, Text, Texts, Time

Share = Annotated[float, Column(pl.Float64)]
"""0 to 1."""
Barrels = Annotated[float, Column(pl.Float64, "bbl")]
WholeBarrels = Annotated[int, Column(pl.Int64, "bbl")]
Tonnes = Annotated[float, Column(pl.Float64, "t")]

STATUSES = ("confirmed", "reported", "found", "contested", "unknown", "notified", "refuted")
"""What is held of a delivery.  ``found``: by clearwake, in positions; ``notified``: lawful, told to the Committee;
``refuted``: it did not happen, and never counts."""


@dataclass(frozen=True)
class Delivery:
    """One delivery, or one stage of one, as a row of a file says it."""

    id: Text
    """The row's own id, else made of file and line."""
    date: Time
    """When it was delivered; of several calls, the last day."""
    ship: Text | None = None
    imo: Text | None = None
    """As claimed."""
    mmsi: Identifier | None = None
    port: Text | None = None
    from_ship: Text | None = None
    """Who gave the cargo, where it was handed over at sea."""
    product: Text | None = None
    """As written."""
    calls: Count = 1
    """How many deliveries the row stands for; a total over many ships has more than one."""
    since: Time | None = None
    """Of several calls, the first day."""
    capacity_bbl: Barrels | None = None
    deadweight_t: Tonnes | None = None
    laden_low: Share | None = None
    """Part of the capacity that was filled, as stated; the same as ``laden_high`` where one figure was."""
    laden_high: Share | None = None
    volume_bbl: Barrels | None = None
    """What was delivered, where that is stated."""
    volume_t: Tonnes | None = None
    draught_m: Metres | None = None
    """On arrival."""
    full_draught_m: Metres | None = None
    """Of the ship fully laden."""
    own_id: Text | None = None
    """The row's own id, where it has one."""
    stage_of: Text | None = None
    """The id or ship of another stage of the same cargo, or a name that all its stages share."""
    status: Text = "reported"
    """One of ``STATUSES``."""
    status_text: Text | None = None
    note: Text | None = None
    source: Text | None = None
    issues: Texts = ()
    """What was odd in the row, in words."""
    receipt: Identifier | None = None
    line: Count | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class LedgerEntry:
    """One delivery as the ledger counts it: read, notified, or found in positions."""

    id: Text
    origin: Text
    """``read``, ``notified`` (from notifications) or ``found`` (in positions)."""
    date: Time
    since: Time | None
    ship: Text | None
    imo: Text | None
    mmsi: Identifier | None
    port: Text | None
    from_ship: Text | None
    product: Text
    """``refined``, ``crude``, or ``none``: under no cap."""
    product_text: Text | None
    calls: Count
    capacity_bbl: Barrels | None
    capacity_how: Text | None
    """``stated``, or how it was derived."""
    status: Text
    happened: Share
    """The probability that it happened, by its status and what else is known."""
    counted: Text
    """``counted``, ``notified``, ``stage``, ``same_delivery``, ``refuted``, ``in_ballast``, ``no_size`` or
    ``no_cap``."""
    cargo: Text
    """The id of the cargo: entries that share it are one, counted once."""
    laden_how: Text | None
    """``volume``, ``stated``, ``draught`` or ``prior``: what the volume rests on."""
    low_bbl: Barrels | None
    """If it happened: nineteen chances in twenty are that it was more than this."""
    expected_bbl: Barrels | None
    high_bbl: Barrels | None
    sentence: Text
    sentences: Texts
    """Why it was counted so, and what was odd."""
    evidence: Texts
    known_at: Time | None


def _struct(**fields: pl.DataType | type[pl.DataType]) -> pl.Struct:
    return pl.Struct(dict(fields))


Published = Annotated[
    dict[str, Any],
    Column(
        _struct(
            one_third_bbl=pl.Int64,
            half_bbl=pl.Int64,
            ninety_percent_bbl=pl.Int64,
            one_third_exceeds=pl.Boolean,
            half_exceeds=pl.Boolean,
            ninety_percent_exceeds=pl.Boolean,
            one_third_exceeded_on=pl.Date,
            half_exceeded_on=pl.Date,
            ninety_percent_exceeded_on=pl.Date,
        ),
        "bbl",
    ),
]
Quantiles = Annotated[
    dict[str, Any],
    Column(_struct(p05=pl.Int64, p25=pl.Int64, p50=pl.Int64, p75=pl.Int64, p95=pl.Int64), "bbl"),
]
Notices = Annotated[
    list[dict[str, Any]], Column(pl.List(_struct(percent=pl.Int64, bbl=pl.Int64, day=pl.Date)))
]
Days = Annotated[
    list[dict[str, Any]],
    Column(
        pl.List(
            _struct(
                day=pl.Date,
                p_exceeded=pl.Float64,
                p05_bbl=pl.Int64,
                p50_bbl=pl.Int64,
                p95_bbl=pl.Int64,
                notified_bbl=pl.Int64,
                one_third_bbl=pl.Int64,
                half_bbl=pl.Int64,
                ninety_percent_bbl=pl.Int64,
            )
        )
    ),
]


@dataclass(frozen=True)
class LedgerYear:
    """One product in one period of its cap: what was delivered, as a distribution, beside the published method."""

    year: Count
    product: Text
    """``refined`` or ``crude``."""
    provision: Text | None
    """The id of the paragraph that sets the cap; null where none was in force."""
    reference: Text | None
    period_from: Day
    period_to: Day
    cap_bbl: WholeBarrels | None
    deliveries: Count
    """Cargoes that count, those notified apart; a row that stands for several calls counts as so many."""
    capacity_bbl: WholeBarrels
    """Of the ships that made them; where only a volume is stated, that."""
    published: Published
    """The published method: so much of the capacity of every delivery not notified, as if each happened."""
    expected_bbl: WholeBarrels
    """The mean of what was delivered, notified included."""
    quantiles: Quantiles
    """Of the same."""
    p_exceeded: Share | None
    """That more than the cap was delivered; null where there is no cap."""
    p_error: Share
    """The standard error of ``p_exceeded`` from drawing at random, at most."""
    p_exceeded_without_contested: Share | None
    """Were every contested delivery left out."""
    p_exceeded_with_contested: Share | None
    """Had every contested delivery happened."""
    p_exceeded_independent: Share | None
    """Did each ship's lading say nothing of the others'."""
    p_exceeded_shared: Share | None
    """Were all ships laden alike."""
    p_exceeded_without_notified: Share | None
    """By the other deliveries alone."""
    p_exceeded_if_all_happened: Share | None
    """Had every delivery that counts happened, contested ones included: what is left is how full the ships were."""
    first_exceeded: Day | None
    """The first day on which it was more likely than not."""
    first_exceeded_95: Day | None
    """The first day on which its probability was 95 % or more."""
    notified: Count
    notified_bbl: WholeBarrels
    notices: Notices
    """The days on which notified deliveries alone passed the Committee's shares of the cap; null days: not passed."""
    supply_ends: Day | None
    """When notified deliveries passed the share at which the paragraph ends supply for the period."""
    contested: Count
    contested_bbl: WholeBarrels
    """Their mean, had each happened."""
    contested_capacity_bbl: WholeBarrels
    found: Count
    """Of ``deliveries``, those found in positions."""
    found_bbl: WholeBarrels
    stages: Count
    """Rows not counted, being earlier stages of a cargo that is."""
    same_deliveries: Count
    """Rows not counted, being the same delivery told again."""
    refuted: Count
    without_size: Count
    """Deliveries whose size nobody knows; they are not in the sums, which are so much too low."""
    correlation: Share
    draws: Count
    seed: Count
    laden: Text
    """The laden fraction assumed where nothing is stated, and where it is from."""
    sentence: Text
    findings: Texts
    """What was odd: unknown stages, rounds, one call told twice, sizes not known."""
    known_at: Time | None
    by_day: Days
    """Every day of the period: what had been delivered by its end."""
