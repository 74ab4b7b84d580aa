"""Whether a ship's draught, as it said itself, changed as a declared loading or discharge would have changed it.

Draught is typed in by hand and is often stale, so one that did not change is a weak sign; one that changed the right
way is a sign that the declared cargo was really handled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from clearwake.goods.finding import FOR, Found, latest
from clearwake.goods.route import Heard, Leg
from clearwake.model.draught import LEAST_M, expected_m
from clearwake.model.quantities import amount, factor, tonnes

BESIDE_DAYS = 5
"""How many days before and after the declared one a ship's own word on its draught counts."""


def draughts(leg: Leg, heard: Heard, claims: pl.DataFrame) -> Iterator[Found]:
    """Say whether the draught changed across a declared loading or discharge, stayed, or cannot be told.

    Args:
        leg: The declared port and day.
        heard: The ship.
        claims: The ship's claims that give a draught: ``first_seen, last_seen, draught_m, length_m, known_at``.
    """
    begin, end = leg.window(0)
    before = claims.filter(
        pl.col("first_seen") < begin, pl.col("last_seen") >= begin - timedelta(days=BESIDE_DAYS)
    )
    after = claims.filter(
        pl.col("last_seen") >= end, pl.col("first_seen") < end + timedelta(days=BESIDE_DAYS)
    )
    about = f"declared to {leg.verb} {_told(leg)} at {leg.port} on {leg.day}: the ship (MMSI {heard.mmsi}, {heard.how})"
    if before.is_empty() or after.is_empty():
        side = "before" if before.is_empty() else "after"
        text = f"{about} did not give its draught in the {BESIDE_DAYS} days {side}"
        yield leg.found("draught_cannot_be_said", None, text)
        return
    known_at = latest(leg.shipment.get("known_at"), before["known_at"].max(), after["known_at"].max())  # type: ignore[arg-type]
    told: dict[str, Any] = {"known_at": known_at, "evidence": _rows(pl.concat([before, after]))}
    first, last = _across(before, after)
    if first is None:
        text = f"{about} said several draughts in turns, so no change can be told"
        yield leg.found("draught_cannot_be_said", None, text, **told)
    elif last is None:
        yield _unchanged(leg, claims, f"{about} said {first:.1f} m before and after", told)
    else:
        agrees = (last > first) == (leg.verb == "load")
        kind = "draught_agrees" if agrees else "draught_against"
        text = f"{about} said {first:.1f} m before and {last:.1f} m after{_expected(leg, claims)}"
        text += "" if agrees else f"; a ship that {leg.verb}s goes {'deeper' if leg.verb == 'load' else 'up'}"
        yield leg.found(kind, not agrees, text, score=0.4, **told)


def _across(before: pl.DataFrame, after: pl.DataFrame) -> tuple[float | None, float | None]:
    """Give the last draught said before and the first other one said after, null where it stayed.

    Both are null where that cannot be told: two draughts said at once, or one said over a time in which another was.
    """
    said = pl.concat([before, after])["draught_m"].n_unique()
    last_seen = before.filter(pl.col("last_seen") == pl.col("last_seen").max())
    if said > 1 and (last_seen["draught_m"].n_unique() > 1 or _overlap(before, after)):
        return None, None
    first = float(last_seen["draught_m"][0])
    other = after.filter(pl.col("draught_m") != first).sort("first_seen", "draught_m")["draught_m"]
    return first, float(other[0]) if len(other) else None


def _overlap(before: pl.DataFrame, after: pl.DataFrame) -> bool:
    """Tell whether a claim that lasts from before to after has another draught said within its time."""
    lasting = before.join(after, on=before.columns, how="semi", nulls_equal=True)
    pairs = lasting.select("first_seen", "last_seen", "draught_m").join(
        pl.concat([before, after]), how="cross", suffix="_b"
    )
    within = (pl.col("first_seen_b") <= pl.col("last_seen")) & (pl.col("last_seen_b") >= pl.col("first_seen"))
    return not pairs.filter(within, pl.col("draught_m") != pl.col("draught_m_b")).is_empty()


def _told(leg: Leg) -> str:
    quantity = leg.shipment["quantity"]
    return "its goods" if quantity is None else f"{quantity:,.6g} {leg.shipment['unit'] or '(no unit)'}"


def _change_m(leg: Leg, claims: pl.DataFrame) -> float | None:
    """Give the change to be expected of the declared quantity; None where it or the ship's length is not known."""
    row = leg.shipment
    cargo_t = tonnes(amount(row["quantity"], row["unit"]), factor(row["hs_code"], row["description"]))
    length_m = claims["length_m"].drop_nulls().max()
    if cargo_t is None or not isinstance(length_m, float) or length_m <= 0:
        return None
    return expected_m(cargo_t, length_m)


def _expected(leg: Leg, claims: pl.DataFrame) -> str:
    change_m = _change_m(leg, claims)
    return "" if change_m is None else f", where about {change_m:.1f} m would be expected"


def _unchanged(leg: Leg, claims: pl.DataFrame, text: str, told: Mapping[str, Any]) -> Found:
    change_m = _change_m(leg, claims)
    if change_m is None:
        why = "how much it should have changed is not known, for want of a length or of tonnes"
        return leg.found(
            "draught_unchanged", FOR, f"{text}; {why}; draught is often stale", score=0.2, **told
        )
    if change_m < LEAST_M:
        why = f"so much would change it by about {change_m:.1f} m only, too little to be seen"
        return leg.found("draught_cannot_be_said", None, f"{text}; {why}", **told)
    why = f"so much should have changed it by about {change_m:.1f} m; draught is often stale"
    return leg.found("draught_unchanged", FOR, f"{text}; {why}", score=0.4, **told)


def _rows(claims: pl.DataFrame) -> tuple[str, ...]:
    """Name the lines of received files that claims were first made in."""
    rows = claims.select("receipt", "line").drop_nulls().unique().sort("receipt", "line").head(10)
    return tuple(f"row:{receipt}:{line}" for receipt, line in rows.iter_rows())


def of_ship(claims: pl.DataFrame, mmsi: int) -> pl.DataFrame:
    """Give a ship's claims that say a draught."""
    return claims.filter(pl.col("mmsi") == mmsi, pl.col("draught_m").is_not_null())
