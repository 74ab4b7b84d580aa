"""Whether a ship's draught, as it said itself, changed as a declared loading or discharge would have changed it.

Draught is typed in by hand and is often stale, so one that did not change is a weak sign; one that changed the right
way is a sign that the declared cargo was really handled.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from clearwake.goods.finding import FOR, Found, latest
from clearwake.goods.quantities import amount, factor, tonnes
from clearwake.goods.route import Heard, Leg

BESIDE_DAYS = 5
"""How many days before and after the declared one a ship's own word on its draught counts."""

LEAST_M = 0.3
"""A change has to be this large to be seen: ships send tenths of a metre and round them."""

LENGTH_TO_BEAM, WATERPLANE = 6.5, 0.8
"""What a merchant ship's beam and waterplane are like, to turn tonnes into centimetres: tonnes to the centimetre are
1.025 x length x beam x waterplane coefficient / 100 (any textbook of ship stability).  The two ratios are typical
of coasters and small tankers and good to about a fifth."""


def expected_m(cargo_t: float, length_m: float) -> float:
    """Give the change of draught that so much cargo makes on a ship so long: tonnes, metres -> metres."""
    return cargo_t / (1.025 * length_m * (length_m / LENGTH_TO_BEAM) * WATERPLANE)


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
    said = sorted({*before["draught_m"].to_list(), *after["draught_m"].to_list()})
    if len(said) == 1:
        yield from _unchanged(leg, claims, about, said[0], known_at=known_at)
        return
    first, last = _only(before), _only(after)
    if first is None or last is None:
        text = f"{about} said {' and '.join(f'{each:.1f} m' for each in said)} in turns, so no change can be told"
        yield leg.found("draught_cannot_be_said", None, text, known_at=known_at)
        return
    rose = last > first
    agrees = rose == (leg.verb == "load")
    kind = "draught_agrees" if agrees else "draught_against"
    text = f"{about} said {first:.1f} m before and {last:.1f} m after{_expected(leg, claims)}"
    text += "" if agrees else f"; a ship that {leg.verb}s goes {'deeper' if leg.verb == 'load' else 'up'}"
    yield leg.found(kind, not agrees, text, score=0.4, known_at=known_at)


def _only(claims: pl.DataFrame) -> float | None:
    """Give the one draught that claims give; None where they give several."""
    values = claims["draught_m"].unique().to_list()
    return float(values[0]) if len(values) == 1 else None


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


def _unchanged(
    leg: Leg, claims: pl.DataFrame, about: str, said_m: float, *, known_at: object
) -> Iterator[Found]:
    change_m = _change_m(leg, claims)
    text = f"{about} said {said_m:.1f} m before and after"
    if change_m is None:
        why = "how much it should have changed is not known, for want of a length or of tonnes"
        yield leg.found(
            "draught_unchanged", FOR, f"{text}; {why}; draught is often stale", score=0.2, known_at=known_at
        )
    elif change_m < LEAST_M:
        why = f"so much would change it by about {change_m:.1f} m only, too little to be seen"
        yield leg.found("draught_cannot_be_said", None, f"{text}; {why}", known_at=known_at)
    else:
        why = f"so much should have changed it by about {change_m:.1f} m; draught is often stale"
        yield leg.found("draught_unchanged", FOR, f"{text}; {why}", score=0.4, known_at=known_at)


def of_ship(claims: pl.DataFrame, mmsi: int) -> pl.DataFrame:
    """Give a ship's claims that say a draught."""
    return claims.filter(pl.col("mmsi") == mmsi, pl.col("draught_m").is_not_null())
