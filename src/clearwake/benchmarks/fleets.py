"""Ships to ask about: real ones where the project's larger data lie, else made up with valid numbers."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from clearwake.benchmarks.disguises import Ship
from clearwake.lists import LISTS
from clearwake.model import Designation, Options, Received, table
from clearwake.model.identifiers import imo_check_digit_holds

EDITIONS = {
    "ofac": ("sanctions_ofac/sdn_bench.csv.gz", "sanctions_ofac/alt_bench.csv.gz", "sanctions_ofac/add_bench.csv.gz"),
    "eu": tuple(f"sanctions_eu/{number}.csv.gz" for number in (
        "32006R0765", "32011R0359", "32012R0267", "32014R0269", "32014R0833", "32016R0044", "32017R1509")),
    "un": ("sanctions_un/UN_consolidated_2026-02-27.xml.gz",),
}  # fmt: skip
REGISTER = "registry_eu_mrv/eu_mrv_ships_2018_2020.csv.gz"

SYLLABLES = (
    "AN", "BEL", "CHON", "DAR", "EL", "FENG", "GAL", "HAI", "IR", "JUN", "KAS", "LIN", "MAR", "NAV",
    "OC", "PET", "RYONG", "SEA", "TAI", "UL", "VAL", "WIN", "XIN", "YU", "ZHEN", "STAR", "LADY", "ORIENT",
    "PACIF", "NOR", "A", "IA", "ON", "US", "IC", "ENA", "ING",
)  # fmt: skip


def real(folder: Path) -> tuple[pl.DataFrame, list[Ship]]:
    """Read the editions and the register in ``folder``: designations, and ships of the register.

    Raises:
        UnreadableFileError: If an edition there is not what it says it is.
    """
    options = Options(datetime.now(UTC))
    parse = {source.name: source.parse for source in LISTS}
    frames = [
        reading.tables["designations"]
        for name, paths in EDITIONS.items()
        for reading in parse[name]([Received(folder / path, Path(path).name) for path in paths], options)
        if "designations" in reading.tables
    ]
    ships = pl.read_csv(folder / REGISTER, infer_schema=False).unique("IMO Number", maintain_order=True)
    others = ships.select("Name", "IMO Number").drop_nulls().rows()
    return pl.concat(frames), [Ship(name, imo) for name, imo in others if imo_check_digit_holds(imo)]


def made_up(listed: int = 2_000, others: int = 15_000, seed: int = 1) -> tuple[pl.DataFrame, list[Ship]]:
    """Make up designations and ships on no list; every number is valid and stands once."""
    dice = random.Random(seed)  # noqa: S311 - dice for a measurement, not for secrets
    numbers = [_number(stem) for stem in dice.sample(range(500_000, 999_999), listed + others)]
    entries = [
        Designation(f"made:{imo}", "made", "up:2020-01-01", "vessel", _name(dice), (_name(dice),), imo=imo,
                    callsign=f"T{dice.randrange(10**4):04d}", mmsi=dice.randrange(201_000_000, 776_000_000))
        for imo in numbers[:listed]
    ]  # fmt: skip
    return table(entries, Designation), [Ship(_name(dice), imo) for imo in numbers[listed:]]


def _number(stem: int) -> str:
    digits = f"{stem:06d}"
    return digits + str(sum(int(d) * w for d, w in zip(digits, range(7, 1, -1), strict=True)) % 10)


def _name(dice: random.Random) -> str:
    words = [
        "".join(dice.choices(SYLLABLES, k=dice.choice((1, 2, 2, 3))))
        for _ in range(dice.choice((1, 1, 2, 2, 3)))
    ]
    number = [str(dice.randint(1, 30))] if dice.random() < 0.2 else []
    return " ".join(words + number)


def identities(
    others: list[Ship], count: int = 1_000_000, distinct: int = 381_000, seed: int = 1
) -> pl.DataFrame:
    """Make up what a great AIS archive holds: identities, a third of them without an IMO number.

    Names are two words of real ones where there are not enough; every MMSI is random.
    """
    dice = random.Random(seed)  # noqa: S311 - dice for a measurement, not for secrets
    words = sorted({word for ship in others for word in ship.name.split() if len(word) > 3})
    names = dict.fromkeys(ship.name for ship in others)
    while len(names) < distinct:
        names[f"{dice.choice(words)} {dice.choice(words)}"] = None
    pool = list(names)[:distinct]
    picked = [*range(distinct), *(dice.randrange(distinct) for _ in range(count - distinct))]
    return pl.DataFrame(
        {
            "name": [pool[i] for i in picked],
            "imo": [others[i % len(others)].imo if i % 3 else None for i in picked],
            "mmsi": [dice.randrange(201_000_000, 776_000_000) for _ in picked],
            "callsign": [
                f"{dice.choice(('D5', 'V7', '3E', '9H'))}{dice.randrange(10**4):04d}" for _ in picked
            ],
        }
    )
