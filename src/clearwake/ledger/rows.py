"""Rows that were read, deliveries and notifications, turned into entries of the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from clearwake.ledger.caps import NONE
from clearwake.ledger.entry import HAPPENED, NAMELESS, Entry, Volume, with_capacity
from clearwake.ledger.lading import Floats, by_draught, stated
from clearwake.ledger.products import product_of
from clearwake.ledger.sizes import Capacity, Size, capacity, conversion, draughts_m, settled
from clearwake.model import Delivery, Permission
from clearwake.model.quantities import APPROXIMATE, BARREL_L, amount

Known = Mapping[str, list[Size]]
"""What registers and the ships themselves say of sizes, by what a ship is known by."""

STATED_BY = "stated in the row"

ARRIVED_DAYS = 5
"""A draught last said so many days before arriving is still taken as the one on arrival."""


@dataclass(frozen=True)
class SaidDraught:
    """A draught that a ship's transmitter said, and from when to when."""

    first: date
    last: date
    draught_m: float


@dataclass(frozen=True)
class Told:
    """What else is needed to read rows."""

    sizes: Known = field(default_factory=dict)
    draughts: Mapping[str, list[SaidDraught]] = field(default_factory=dict)
    """By what a ship is known by."""
    happened: Mapping[str, float] = field(default_factory=lambda: HAPPENED)
    plain: Callable[[str], str] = str.upper
    """Brings a name in any script to plain capitals."""


def keys_of(
    imo: str | None, mmsi: int | None, name: str | None, plain: Callable[[str], str]
) -> frozenset[str]:
    """Give what a ship may be known by."""
    keys = {f"imo:{imo}"} if imo else set()
    keys |= {f"mmsi:{mmsi}"} if mmsi else set()
    folded = " ".join(plain(name).replace("-", " ").split()) if name else ""
    return frozenset(keys | ({f"name:{folded}"} if folded not in NAMELESS else set()))


def from_deliveries(rows: Iterable[Delivery], told: Told) -> Iterator[Entry]:
    """Turn rows of deliveries into entries; ids that several rows have are told apart by file and line."""
    all_rows = list(rows)
    times = Counter(row.id for row in all_rows)
    for row in all_rows:
        name = row.id if times[row.id] == 1 else f"{row.id}@{row.receipt}:{row.line}"
        keys = keys_of(row.imo, row.mmsi, row.ship, told.plain)
        product, odd = product_of(row.product)
        holds = _capacity(row, product, told.sizes, keys)
        volume, sentences = _volume(row, product, holds, keys, told)
        since = row.since.date() if row.since and row.since <= row.date and row.calls > 1 else None
        yield Entry(
            id=f"delivery:{name}", origin="read", file=row.receipt or 0, day=row.date.date(), product=product,
            status=row.status, happened=told.happened[row.status], ship=row.ship, imo=row.imo, mmsi=row.mmsi,
            port=row.port, from_ship=row.from_ship, keys=keys, also=keys_of(None, None, row.from_ship, told.plain),
            since=since, calls=row.calls, product_text=row.product, capacity=holds, volume=volume,
            stage_of=row.stage_of, said_id=row.own_id, source=row.source,
            sentences=(*([odd] if odd else []), *sentences, *row.issues, *([row.note] if row.note else [])),
            evidence=() if row.receipt is None else (f"row:{row.receipt}:{row.line}",), known_at=row.known_at,
        )  # fmt: skip


def _capacity(row: Delivery, product: str, sizes: Known, keys: frozenset[str]) -> Capacity | None:
    if row.capacity_bbl is not None:
        return Capacity(row.capacity_bbl, 0.0, "stated")
    if row.deadweight_t is not None:
        return capacity(Size(row.deadweight_t, None, STATED_BY), product, row.product)
    if row.volume_bbl is not None or row.volume_t is not None:
        return None
    return capacity(size_of(sizes, keys), product, row.product)


def size_of(sizes: Known, keys: frozenset[str]) -> Size:
    """Give a ship's size by its IMO number, else by its MMSI, else by its name."""
    for kind in ("imo:", "mmsi:", "name:"):
        found = [size for key in sorted(keys) if key.startswith(kind) for size in sizes.get(key, [])]
        if found:
            return settled(found)
    return Size()


def _volume(
    row: Delivery, product: str, holds: Capacity | None, keys: frozenset[str], told: Told
) -> tuple[Volume | None, list[str]]:
    """Give the volume by the best that is known of it: stated, as a part of the capacity, by draught, by the prior."""
    if row.volume_bbl is not None:
        return Volume(row.volume_bbl, "volume"), []
    if row.volume_t is not None:
        return _in_barrels(row.volume_t, product, row.product)
    if holds is None:
        return None, ["how much it carried cannot be told: neither a capacity nor a volume is known"]
    if row.laden_low is not None and row.laden_high is not None:
        return with_capacity(holds, "stated", stated(row.laden_low, row.laden_high)), []
    per_t = conversion(product, row.product).bbl_per_t
    if row.draught_m is not None:
        fractions, sentence = draught_fractions(row.draught_m, row.full_draught_m, holds, per_t)
        return with_capacity(holds, "draught", fractions), [sentence]
    return by_said_draught(holds, per_t, keys, row.date.date(), told)


def by_said_draught(
    holds: Capacity, bbl_per_t: float, keys: frozenset[str], arrived: date, told: Told
) -> tuple[Volume, list[str]]:
    """Give the volume by the draught that the ship itself said on arrival; by the prior where it said none.

    Many transmitters say one draught for ever: only a ship that was heard to say several is believed.
    """
    said = next((told.draughts[key] for key in sorted(keys) if key in told.draughts), [])
    near = [
        each for each in said
        if each.first <= arrived and each.last >= arrived - timedelta(days=ARRIVED_DAYS)
    ]  # fmt: skip
    if not near or len({each.draught_m for each in said}) == 1:
        return with_capacity(holds, "prior"), []
    # On the day of arrival it may say the old draught and the new: the earlier is the one it came with.
    latest = max(min(each.last, arrived) for each in near)
    draught_m = min(
        (each for each in near if min(each.last, arrived) == latest), key=lambda e: e.first
    ).draught_m
    fractions, sentence = draught_fractions(
        draught_m, None, holds, bbl_per_t, most_m=max(each.draught_m for each in said)
    )
    return with_capacity(holds, "draught", fractions), [f"its own transmitter: {sentence}"]


def _in_barrels(tonnes: float, product: str, said: str | None) -> tuple[Volume, list[str]]:
    by = conversion(product, said)
    how = f"{tonnes:,.6g} t at {by.bbl_per_t:.2f} bbl/t of {by.product} ({by.source}), within a tenth"
    # A tenth is taken as two standard deviations.
    return Volume(tonnes * by.bbl_per_t, "volume", error=APPROXIMATE / 2.0), [how]


def draught_fractions(
    draught_m: float, full_m: float | None, holds: Capacity, bbl_per_t: float, most_m: float = 0.0
) -> tuple[Floats, str]:
    """Give the laden fraction of a ship by its draught on arrival, and how that was worked out.

    Args:
        draught_m: On arrival.
        full_m: Fully laden, where that is known.
        holds: Its capacity, from which the draught in ballast, and where need be the full one, are derived.
        bbl_per_t: Barrels of its cargo to the tonne.
        most_m: The deepest it was ever heard to lie: the full draught is no less.
    """
    derived_m, ballast_m = draughts_m(holds.bbl, bbl_per_t)
    if full_m is not None:
        ballast_m = ballast_m * full_m / derived_m
    deepest_m = full_m or max(derived_m, most_m)
    fractions = by_draught(draught_m, deepest_m, ballast_m, is_full_known=full_m is not None)
    whose = "its own" if full_m is not None else "derived from its size"
    middle = float(fractions[len(fractions) // 2])
    return fractions, (
        f"draught {draught_m:.1f} m between {ballast_m:.1f} m in ballast and {deepest_m:.1f} m full ({whose}): about "
        f"{middle:.0%} laden"
    )


def petroleum(rows: Iterable[Permission]) -> list[tuple[Permission, str]]:
    """Give the notifications of petroleum, each once, with the product; what is told in barrels is petroleum."""
    kept: dict[tuple[object, ...], tuple[Permission, str]] = {}
    for row in rows:
        product, _ = product_of(row.goods, row.hs_codes)
        measured = amount(row.quantity, row.unit)
        is_told = bool(row.goods or row.hs_codes) or (measured is not None and measured.is_volume)
        same = (row.reference, row.goods, row.hs_codes, row.quantity, row.unit, row.valid_from, row.valid_to)
        if row.kind == "notification" and product != NONE and is_told:
            kept.setdefault(same, (row, product))
    return list(kept.values())


def from_notifications(rows: Iterable[Permission], told: Told) -> Iterator[Entry]:
    """Turn notifications of petroleum into entries; notifications of other goods are none of the ledger's.

    A notification that covers some time is counted on its last day, when all of it has been delivered.
    """
    times: Counter[str] = Counter()
    for row, product in petroleum(rows):
        day = _day(row.valid_to) or _day(row.valid_from)
        if day is None:
            continue  # undated() tells of it
        times[row.reference] += 1
        number = f"#{times[row.reference]}" if times[row.reference] > 1 else ""
        volume, sentences = _notified_volume(row, product)
        ships = [keys_of(*_ship(each), told.plain) for each in row.ships]
        yield Entry(
            id=f"permission:notification:{row.reference}{number}", origin="notified", file=row.receipt or 0, day=day,
            product=product, status="notified", happened=1.0, ship=", ".join(row.ships) or None,
            keys=frozenset().union(*ships), began=_day(row.valid_from), product_text=row.goods, volume=volume,
            said_id=row.reference, sentences=("lawful: notified to the Committee", *sentences),
            evidence=(f"permission:notification:{row.reference}",), known_at=row.known_at,
        )  # fmt: skip


def undated(rows: Iterable[Permission]) -> list[str]:
    """Name the notifications of petroleum that say no day, and so count in no year."""
    return [
        f"{row.reference}: notified, but no day is said: counted in no year"
        for row, _ in petroleum(rows)
        if row.valid_from is None and row.valid_to is None
    ]


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _ship(said: str) -> tuple[str | None, int | None, str | None]:
    """Read what a notification calls a ship: an IMO number, an MMSI or a name."""
    digits = said.upper().removeprefix("IMO").strip()
    if digits.isdigit() and len(digits) == 7:
        return digits, None, None
    if digits.isdigit() and len(digits) == 9:
        return None, int(digits), None
    return None, None, said


def _notified_volume(row: Permission, product: str) -> tuple[Volume | None, list[str]]:
    measured = amount(row.quantity, row.unit)
    if measured is None:
        unit = f" {row.unit}" if row.unit else ""
        said = "no amount" if row.quantity is None else f"{row.quantity:,.6g}{unit}, an unknown unit"
        return None, [f"{said}: not in the sums"]
    if measured.is_volume:
        return Volume(measured.value / BARREL_L, "volume"), []
    volume, how = _in_barrels(measured.value, product, row.goods)
    return Volume(volume.scale_bbl, "volume"), how
