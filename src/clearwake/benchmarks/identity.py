"""Do identity events find planted changes, borrowed numbers and denied flags, and leave honest ships alone?

A fleet of made-up ships claims who it is every few hours for two months.  Most are honest, and half of these mistype,
respell, carry other cargo or measure their length anew.  The others each do one thing that a table of identity events
should find.  The scene is this project's own and gentler than life: nobody here is mistaken about more than one thing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.detect import identity
from clearwake.model import IdentityClaim, Registration, schema, utc
from clearwake.model.identifiers import imo_check_digit_holds
from clearwake.tracks import follow, merged, summed

if TYPE_CHECKING:
    from rich.table import Table

BEGIN = utc("2025-01-01")
DAYS, EVERY_H = 60, 6
MIDS = (351, 636, 538, 215, 249, 477, 563, 248, 256, 311, 354, 312, 671, 511, 613)
"""Flags of most merchant ships, and some that hop."""

_SYLLABLES = ("BA", "DOR", "EL", "FAN", "GA", "HAI", "JIN", "KO", "LIN", "MAR", "NOR", "OS", "PAL", "QUE", "RI", "SUN",
              "TAI", "UL", "VEN", "WON", "YU", "ZEN")  # fmt: skip

Row = dict[str, object]


@dataclass
class Ship:
    """A made-up ship: what it claims, and where it is."""

    mmsi: int
    imo: str
    name: str
    callsign: str
    ship_type: int
    length_m: float
    lon: float
    lat: float
    flag: str | None = None


@dataclass
class Scene:
    """What was said and heard, what registers have, and which table should find whom."""

    ships: int
    claims: list[Row] = field(default_factory=list)
    positions: list[tuple[int, datetime, float, float]] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    planted: list[tuple[str, int]] = field(default_factory=list)
    allowed: set[tuple[str, int]] = field(default_factory=set)
    """True by-products of what was planted, neither asked for nor false: a shell's number is in two places too."""

    def say(self, ship: Ship, moment: datetime, **otherwise: object) -> None:
        """Write down a claim and a position."""
        said = {"mmsi": ship.mmsi, "imo": ship.imo, "name": ship.name, "callsign": ship.callsign, "flag": ship.flag,
                "ship_type": ship.ship_type, "length_m": ship.length_m} | otherwise  # fmt: skip
        ends = {
            "first_seen": moment,
            "last_seen": moment,
            "known_at": moment,
            "reports": 1,
            "source": "made up",
        }
        self.claims.append(said | ends)
        sailed = (moment - BEGIN) / timedelta(hours=1) * 0.01
        self.positions.append((ship.mmsi, moment, ship.lon + sailed, ship.lat))


@dataclass(frozen=True)
class Line:
    """How one table of identity events did."""

    table: str
    planted: int
    found: int
    false: int

    @property
    def recall(self) -> float:
        """Give the share of what was planted that was found."""
        return self.found / self.planted if self.planted else 1.0


@dataclass(frozen=True)
class IdentityReport:
    """How true identity events are on one scene."""

    seed: int
    ships: int
    claims: int
    seconds: float
    lines: tuple[Line, ...]
    machine: Machine

    @property
    def is_met(self) -> bool:
        """Say whether 95 % of what was planted was found, and at most one ship in 1,000 named wrongly."""
        return all(
            line.recall >= LEAST_RECALL and self.per_thousand(line) <= MOST_FALSE for line in self.lines
        )

    def per_thousand(self, line: Line) -> float:
        """Give how many ships a table names wrongly, per 1,000."""
        return 1000.0 * line.false / self.ships

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        lines = [asdict(x) | {"recall": x.recall, "false_per_1000": self.per_thousand(x)} for x in self.lines]
        return {**asdict(self), "lines": lines, "machine": self.machine.as_json(), "is_met": self.is_met}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        title = f"Identity: {self.ships:,} ships, {self.claims:,} claims, seed {self.seed}"
        table = Table(
            "table",
            "planted",
            "found",
            "recall",
            "false per 1,000 ships",
            title=title,
            caption=str(self.machine),
        )
        for line in self.lines:
            false = f"{self.per_thousand(line):.2f}"
            table.add_row(line.table, f"{line.planted}", f"{line.found}", f"{line.recall:.3f}", false)
        return table


LEAST_RECALL, MOST_FALSE = 0.95, 1.0


def measure(ships: int = 2000, seed: int = 0) -> IdentityReport:
    """Plant, find and score.

    Args:
        ships: How many hulls; about a quarter of them do something.
        seed: Source of chance.
    """
    scene = plant(ships, seed)
    claims = pl.DataFrame(scene.claims, schema=schema(IdentityClaim))
    register = pl.DataFrame(scene.entries, schema=schema(Registration))
    began = time.process_time()
    found = find(claims, register, scene)
    spent = time.process_time() - began
    lines = tuple(_scored(scene, kind.table, found[kind.table]) for kind in identity.IDENTITY)
    return IdentityReport(seed, ships, claims.height, spent, lines, this_machine())


def find(claims: pl.DataFrame, register: pl.DataFrame, scene: Scene) -> dict[str, pl.DataFrame]:
    """Find every kind of identity event in a scene."""
    columns: dict[str, pl.DataType | type[pl.DataType]] = {
        "mmsi": pl.Int64,
        "time": pl.Datetime("ms", "UTC"),
        "lon": pl.Float64,
        "lat": pl.Float64,
    }
    places = pl.DataFrame(scene.positions, schema=columns, orient="row")
    followed = follow(places.with_columns(speed_kn=pl.lit(None, pl.Float32), known_at="time"))
    tracks = merged(summed(followed))

    def heard(windows: pl.DataFrame) -> pl.DataFrame:
        asked = places.join(windows, on="mmsi")
        return asked.filter(pl.col("time").is_between(pl.col("start"), pl.col("end"))).select(places.columns)

    shared = identity.shared_mmsis(claims, tracks)
    return {
        "identity_changes": identity.identity_changes(claims, heard=heard, tracks=tracks, shared=shared),
        "shared_mmsis": shared,
        "shared_imos": identity.shared_imos(claims, heard=heard, tracks=tracks, shared=shared),
        "imo_faults": identity.imo_faults(claims, register),
        "flag_faults": identity.flag_faults(claims, register),
        "laundered_identities": identity.laundered_identities(claims, register, heard=heard).filter(
            pl.col("score") >= LEAST_SCORE
        ),
    }


LEAST_SCORE = 0.5
"""Ranking takes laundered identities from this score on."""


def _scored(scene: Scene, table: str, events: pl.DataFrame) -> Line:
    named = set(pl.concat((events["mmsi_a"], events["mmsi_b"])).drop_nulls().to_list())
    wanted = {mmsi for kind, mmsi in scene.planted if kind == table}
    allowed = {mmsi for kind, mmsi in scene.allowed if kind == table}
    return Line(table, len(wanted), len(wanted & named), len(named - wanted - allowed))


def plant(ships: int, seed: int) -> Scene:
    """Make a scene of so many hulls."""
    chance = np.random.default_rng(seed)
    scene = Scene(ships)
    fleet = [_ship(number, chance) for number in range(ships)]
    acts = list(ACTS)
    for number, ship in enumerate(fleet):
        act = ACTS[acts[number % len(acts)]] if number % 4 == 0 and number else _honest
        act(scene, ship, fleet[number - 1], chance)
    return scene


def _ship(number: int, chance: np.random.Generator) -> Ship:
    name = " ".join("".join(chance.choice(_SYLLABLES, 3)) for _ in range(2)) + f" {number}"
    callsign = "".join(chance.choice(list("ABCDEFGHJKLMNPRSTUVWXYZ"), 2)) + f"{number:05d}"
    mmsi = int(chance.choice(MIDS)) * 1_000_000 + 100_000 + number
    kind, lon, lat = (
        int(chance.choice([70, 80])),
        float(chance.uniform(-170, 150)),
        float(chance.uniform(-50, 50)),
    )
    return Ship(
        mmsi,
        _imo(8_000_000 // 10 + 17 * number),
        name,
        callsign,
        kind,
        float(chance.integers(60, 330)),
        lon,
        lat,
    )


def _imo(stem: int) -> str:
    """Give the number of six digits with its check digit."""
    return next(f"{stem}{digit}" for digit in range(10) if imo_check_digit_holds(f"{stem}{digit}"))


def _moments(chance: np.random.Generator, first: int = 0, last: int = DAYS) -> list[datetime]:
    hours = range(first * 24, last * 24, EVERY_H)
    return [
        BEGIN + timedelta(hours=h, minutes=int(m))
        for h, m in zip(hours, chance.integers(0, 300, len(hours)), strict=True)
    ]


Act = Callable[[Scene, Ship, Ship, np.random.Generator], None]


def _honest(scene: Scene, ship: Ship, _: Ship, chance: np.random.Generator) -> None:
    """Say the same all the time; half of them mistype, respell, take other cargo or measure anew."""
    moments = _moments(chance)
    slip = int(chance.integers(4, len(moments) - 8)) if chance.random() < 0.5 else -1
    what = chance.choice(["name", "callsign", "imo", "spelling", "cargo", "length"])
    for number, moment in enumerate(moments):
        scene.say(ship, moment, **(_slip(ship, str(what)) if number == slip else {}))


def _slip(ship: Ship, what: str) -> Row:
    """Give what a crew says for a moment: two letters swapped, or the same in another way."""
    swapped = {name: text[:1] + text[2] + text[1] + text[3:] for name, text in
               (("name", ship.name), ("callsign", ship.callsign), ("imo", ship.imo))}  # fmt: skip
    harmless: dict[str, Row] = {
        "spelling": {
            "name": f"M/V {ship.name.lower()}",
            "callsign": f"{ship.callsign[:3]}-{ship.callsign[3:]}",
        },
        "cargo": {"ship_type": ship.ship_type + 3},
        "length": {"length_m": ship.length_m + 4},
    }
    return harmless[what] if what in harmless else {what: swapped[what]}


def _renamed(scene: Scene, ship: Ship, _: Ship, chance: np.random.Generator) -> None:
    moments = _moments(chance)
    for number, moment in enumerate(moments):
        is_new = number > len(moments) // 2
        scene.say(ship, moment, **({"name": "SHUN LI 8", "callsign": "V3XY2"} if is_new else {}))
    scene.planted.append(("identity_changes", ship.mmsi))


def _one_night(scene: Scene, ship: Ship, _: Ship, chance: np.random.Generator) -> None:
    for number, moment in enumerate(_moments(chance)):
        scene.say(ship, moment, **({"name": "GOLDEN DAWN"} if number in (60, 61) else {}))
    scene.planted.append(("identity_changes", ship.mmsi))


def _reflagged(scene: Scene, ship: Ship, _: Ship, chance: np.random.Generator) -> None:
    """Take another MMSI after a few days in a yard: a change, and no second place."""
    other = Ship(**(asdict(ship) | {"mmsi": 312_500_000 + ship.mmsi % 100_000, "name": f"{ship.name} II"}))
    for moment in _moments(chance, 0, 28):
        scene.say(ship, moment)
    for moment in _moments(chance, 31):
        scene.say(other, moment)
    scene.planted += [("identity_changes", ship.mmsi), ("identity_changes", other.mmsi)]


def _hopped(scene: Scene, ship: Ship, _: Ship, chance: np.random.Generator) -> None:
    """Take three flags in three months."""
    ship.mmsi = 636_000_000 + ship.mmsi % 1_000_000
    _reflagged(scene, ship, _, chance)
    third = Ship(**(asdict(ship) | {"mmsi": 671_500_000 + ship.mmsi % 100_000, "name": f"{ship.name} III"}))
    for moment in _moments(chance, DAYS + 2, DAYS + 20):
        scene.say(third, moment)
    scene.planted += [("identity_changes", third.mmsi), ("flag_faults", third.mmsi)]


def _shared(scene: Scene, ship: Ship, other: Ship, chance: np.random.Generator) -> None:
    """Use another hull's MMSI, an ocean away."""
    borrower = Ship(
        **(asdict(other) | {"mmsi": ship.mmsi, "lon": ship.lon + 90 if ship.lon < 60 else ship.lon - 90})
    )
    late = [moment + timedelta(minutes=40) for moment in _moments(chance)]
    for one, two in zip(_moments(chance), late, strict=True):
        scene.say(ship, one)
        scene.say(borrower, two, imo=None, length_m=None)
    scene.planted.append(("shared_mmsis", ship.mmsi))


def _stolen(scene: Scene, ship: Ship, owner: Ship, chance: np.random.Generator) -> None:
    """Claim the number of a ship that sails elsewhere."""
    for moment in _moments(chance):
        scene.say(ship, moment, imo=owner.imo)
    scene.planted += [("shared_imos", ship.mmsi), ("shared_imos", owner.mmsi)]


def _contradicted(scene: Scene, ship: Ship, _: Ship, chance: np.random.Generator) -> None:
    _honest(scene, ship, _, chance)
    length = ship.length_m * 1.5
    scene.entries.append(
        {"source": "register", "imo": ship.imo, "length_m": length, "line": len(scene.entries) + 1}
    )
    scene.planted.append(("imo_faults", ship.mmsi))


def _broken(scene: Scene, ship: Ship, _: Ship, chance: np.random.Generator) -> None:
    for moment in _moments(chance):
        scene.say(ship, moment, imo=str(int(ship.imo) // 10 * 10 + (int(ship.imo) + 1) % 10))
    scene.planted.append(("imo_faults", ship.mmsi))


def _denied(scene: Scene, ship: Ship, _: Ship, chance: np.random.Generator) -> None:
    ship.mmsi = 629_000_000 + ship.mmsi % 1_000_000
    _honest(scene, ship, _, chance)
    scene.entries.append({"source": "denials", "imo": ship.imo, "flag": "Gambia", "status": "denied",
                          "valid_from": BEGIN - timedelta(days=90), "line": len(scene.entries) + 1})  # fmt: skip
    scene.planted.append(("flag_faults", ship.mmsi))


def _mismatched(scene: Scene, ship: Ship, _: Ship, chance: np.random.Generator) -> None:
    ship.flag = "Togo" if ship.mmsi // 1_000_000 != 671 else "Panama"
    _honest(scene, ship, _, chance)
    scene.planted.append(("flag_faults", ship.mmsi))


def _scrapped(scene: Scene, ship: Ship, _: Ship, chance: np.random.Generator) -> None:
    _honest(scene, ship, _, chance)
    scene.entries.append({"source": "register", "imo": ship.imo, "name": "OLD TIMER", "status": "scrapped",
                          "length_m": ship.length_m * 0.6, "valid_from": BEGIN - timedelta(days=900),
                          "line": len(scene.entries) + 1})  # fmt: skip
    scene.planted.append(("laundered_identities", ship.mmsi))
    scene.allowed.add(("imo_faults", ship.mmsi))


def _renumbered(scene: Scene, ship: Ship, _: Ship, chance: np.random.Generator) -> None:
    """Go on under the number of a shell."""
    shell = _imo(950_000 + 7 * (ship.mmsi % 5_000))
    moments = _moments(chance)
    for number, moment in enumerate(moments):
        is_new = number > len(moments) // 2
        scene.say(ship, moment, **({"imo": shell, "name": "SHUN LI 8"} if is_new else {}))
    scene.planted += [("laundered_identities", ship.mmsi), ("identity_changes", ship.mmsi)]


def _given_again(scene: Scene, ship: Ship, other: Ship, chance: np.random.Generator) -> None:
    """Give an MMSI to another ship after a month and a half of silence: changes, but nothing laundered."""
    for moment in _moments(chance, 0, 7):
        scene.say(ship, moment)
    later = Ship(**(asdict(other) | {"mmsi": ship.mmsi, "imo": _imo(960_000 + 3 * (ship.mmsi % 9_000)),
                                     "length_m": ship.length_m * 1.6, "lon": ship.lon + 9}))  # fmt: skip
    for moment in _moments(chance, 52):
        scene.say(later, moment)
    scene.planted.append(("identity_changes", ship.mmsi))


ACTS: dict[str, Act] = {
    "renamed": _renamed, "one night": _one_night, "reflagged": _reflagged, "hopped": _hopped, "shared": _shared,
    "stolen": _stolen, "contradicted": _contradicted, "broken": _broken, "denied": _denied, "mismatched": _mismatched,
    "scrapped": _scrapped, "renumbered": _renumbered, "given again": _given_again,
}  # fmt: skip
"""What ships do, one in four of them."""
