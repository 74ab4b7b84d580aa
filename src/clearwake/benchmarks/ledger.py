"""Is the ledger's distribution right?  Years are planted whose deliveries are known, and told as sources tell them.

Each year has true cargoes, some told at every stage, in either direction and in any order; some told again by a second
source days off; some notified, contested, refuted, stated by volume or by draught.  The ledger sees only what was told.
Asked: was every cargo counted once, did what was really delivered lie within nine chances in ten nine times in ten, and
was the cap passed as often as was said?  The lading follows the assumed practice, and then others, to see how far off
the answers are where that is wrong.  Adding up rows and drawing each ship by itself is measured beside.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import beta, norm

from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.ledger import HAPPENED, Book, Chances, Told, from_deliveries, from_notifications, years
from clearwake.ledger.lading import PRIOR_A, PRIOR_B
from clearwake.model import Delivery, LedgerYear, Permission

if TYPE_CHECKING:
    from rich.table import Table

YEAR = 2018
CAP_BBL = 500_000
YEARS = 60
DRAWS = 1024

PRACTICES = {"assumed": 0.5, "each its own way": 0.0, "all alike": 1.0}
"""How much of the unknown lading all ships of a year share."""

FIXED = {"always 90 %": 0.9, "always one third": 1 / 3}
"""Years in which every ship is laden so."""

COVERED = 0.9
"""What is demanded of nine chances in ten where the practice is as assumed, within three standard errors."""

OnProgress = Callable[[str, int, int], None]
Generator = np.random.Generator


@dataclass(frozen=True)
class Planted:
    """One year: what was really delivered, and what was told of it."""

    cargoes: int
    notified: int
    true_bbl: float
    rows: Sequence[Delivery]
    notes: Sequence[Permission]


@dataclass(frozen=True)
class Scored:
    """How the ledger did in years of one practice."""

    practice: str
    years: int
    miscounted: int
    """Years in which a cargo was counted twice or not at all."""
    covered: float
    """How often the truth lay between the 5 and the 95 percent point."""
    covered_alone: float
    """The same, were each ship's lading drawn by itself."""
    off: float
    """Mean difference of the probability that the cap was passed from whether it was, squared (Brier's score)."""
    said: float
    """The mean of that probability."""
    passed: float
    """How often the cap was really passed."""
    rows_over: float
    """By what part, on average, the capacity of all rows told is above that of the cargoes counted."""


@dataclass(frozen=True)
class LedgerReport:
    """What came of the years."""

    seed: int
    scores: Sequence[Scored]
    seconds: float
    machine: Machine = field(default_factory=this_machine)

    @property
    def is_met(self) -> bool:
        """Whether every cargo counted once, and nine chances in ten were that where the practice is as assumed."""
        assumed = self.scores[0]
        error = math.sqrt(COVERED * (1.0 - COVERED) / assumed.years)
        is_right = abs(assumed.covered - COVERED) <= 3.0 * error
        return is_right and not any(each.miscounted for each in self.scores)

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {**asdict(self), "machine": self.machine.as_json(), "is_met": self.is_met}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        title = f"Ledger: {self.scores[0].years} planted years of each practice, seed {self.seed}"
        columns = (
            "how ships were laden", "miscounted", "truth in 90 %", "... drawn alone", "Brier", "P said", "passed",
            "rows too much",
        )  # fmt: skip
        table = Table(*columns, title=title, caption=str(self.machine))
        for each in self.scores:
            table.add_row(
                each.practice, str(each.miscounted), f"{each.covered:.1%}", f"{each.covered_alone:.1%}",
                f"{each.off:.3f}", f"{each.said:.2f}", f"{each.passed:.2f}", f"{each.rows_over:+.0%}",
            )  # fmt: skip
        return table


def measure(number: int = YEARS, seed: int = 0, on_progress: OnProgress | None = None) -> LedgerReport:
    """Plant so many years of each practice and score them."""
    began = time.perf_counter()
    tell = on_progress or (lambda *_: None)
    practices = [*PRACTICES, *FIXED]
    scores = []
    for at, practice in enumerate(practices):
        results = []
        for year in range(number):
            rng = np.random.default_rng((seed, at, year))
            results.append(_result(plant(rng, practice)))
            tell("years", at * number + year + 1, len(practices) * number)
        scores.append(_scored(practice, results))
    return LedgerReport(seed, scores, time.perf_counter() - began)


def plant(rng: Generator, practice: str) -> Planted:
    """Plant one year."""
    lading = _ladings(rng, practice)
    cargoes = int(rng.integers(15, 90))
    true_bbl, notified = 0.0, 0
    rows: list[Delivery] = []
    notes: list[Permission] = []
    for at in range(cargoes):
        capacity = float(np.round(np.exp(rng.normal(np.log(14_000), 0.6)), -2))
        day = datetime(YEAR, 1, 10, tzinfo=UTC) + timedelta(days=int(rng.integers(0, 345)))
        volume = capacity * next(lading)
        if rng.random() < 0.1:
            notified += 1
            true_bbl += volume
            notes.append(_note(at, day, volume))
            rows += [_row(at, day, capacity)] if rng.random() < 0.5 else []
            continue
        status = str(rng.choice(["confirmed", "reported", "contested", "unknown"], p=[0.3, 0.5, 0.1, 0.1]))
        true_bbl += volume if rng.random() < HAPPENED[status] else 0.0
        rows += _told(rng, replace(_row(at, day, capacity), status=status), volume)
    rows += [replace(_row(1000 + at, day, 20_000.0), status="refuted") for at in range(3)]
    order = rng.permutation(len(rows))
    return Planted(cargoes - notified, notified, true_bbl, [rows[at] for at in order], notes)


def _ladings(rng: Generator, practice: str) -> Iterator[float]:
    """Give how full one ship after another is."""
    if practice in FIXED:
        while True:
            yield FIXED[practice]
    shared, common = PRACTICES[practice], rng.normal()
    while True:
        mixed = np.sqrt(shared) * common + np.sqrt(1.0 - shared) * rng.normal()
        yield float(beta.ppf(norm.cdf(mixed), PRIOR_A, PRIOR_B))


def _row(at: int, day: datetime, capacity: float) -> Delivery:
    return Delivery(f"c{at}", day, f"SHIP {at}", own_id=f"c{at}", capacity_bbl=capacity, receipt=1, line=at)


def _note(at: int, day: datetime, volume: float) -> Permission:
    return Permission(
        "notification", f"N/{at}", "1718 Committee", goods="gas oil", quantity=volume, unit="bbl",
        ships=(f"SHIP {at}",), receipt=3, valid_from=day - timedelta(days=9), valid_to=day + timedelta(days=9),
    )  # fmt: skip


def _told(rng: Generator, last: Delivery, volume: float) -> Iterator[Delivery]:
    """Tell of one cargo: its last stage, the stages before it, and a second telling."""
    if rng.random() < 0.15:
        last = replace(last, volume_bbl=volume)
    elif rng.random() < 0.1 and last.capacity_bbl:
        part = volume / last.capacity_bbl
        last = replace(last, laden_low=max(part - 0.1, 0.0), laden_high=min(part + 0.1, 1.0))
    backward = rng.random() < 0.5
    chain = [last]
    for stage in range(int(rng.choice([0, 0, 0, 1, 2]))):
        later = chain[-1]
        day = later.date - timedelta(days=int(rng.integers(2, 9)))
        capacity = (later.capacity_bbl or 0.0) * float(rng.uniform(1.0, 3.0))
        name = f"{last.id}.{stage}"
        earlier = replace(later, id=name, own_id=name, ship=f"FEEDER {name}", date=day, capacity_bbl=capacity,
                          volume_bbl=None, laden_low=None, laden_high=None, stage_of=None)  # fmt: skip
        chain[-1], earlier = (
            (replace(later, stage_of=name), earlier)
            if backward
            else (later, replace(earlier, stage_of=later.id))
        )
        chain.append(earlier)
    yield from chain
    if rng.random() < 0.15:
        days = timedelta(days=int(rng.integers(-2, 3)))
        yield replace(
            chain[0], id=f"again {last.id}", own_id=None, date=last.date + days, stage_of=None, receipt=2,
            volume_bbl=None, laden_low=None, laden_high=None, status="reported",
        )  # fmt: skip


@dataclass(frozen=True)
class _Result:
    planted: Planted
    year: LedgerYear
    alone: LedgerYear


def _result(planted: Planted) -> _Result:
    told = Told()
    book = Book.of([*from_deliveries(planted.rows, told), *from_notifications(planted.notes, told)])
    year, alone = (years(book, YEAR, Chances(DRAWS, correlation=shared))[0] for shared in (0.5, 0.0))
    return _Result(planted, year, alone)


def _scored(practice: str, results: Sequence[_Result]) -> Scored:
    passed = np.array([each.planted.true_bbl > CAP_BBL for each in results])
    said = np.array([each.year.p_exceeded or 0.0 for each in results])
    over = [
        sum(row.capacity_bbl or 0.0 for row in each.planted.rows if row.status != "refuted")
        / each.year.capacity_bbl
        - 1
        for each in results
    ]
    return Scored(
        practice=practice,
        years=len(results),
        miscounted=sum(
            (each.year.deliveries, each.year.notified) != (each.planted.cargoes, each.planted.notified)
            for each in results
        ),
        covered=float(np.mean([_is_within(each.planted, each.year) for each in results])),
        covered_alone=float(np.mean([_is_within(each.planted, each.alone) for each in results])),
        off=float(np.mean((said - passed) ** 2)),
        said=float(said.mean()),
        passed=float(passed.mean()),
        rows_over=float(np.mean(over)),
    )


def _of_rows(planted: Planted) -> float:
    """Give the capacity of all rows told, stages and second tellings too, as who adds up rows would."""
    return sum(row.capacity_bbl or 0.0 for row in planted.rows if row.status != "refuted")


def _is_within(planted: Planted, year: LedgerYear) -> bool:
    low, high = year.quantiles["p05"], year.quantiles["p95"]
    return bool(low <= planted.true_bbl <= high)
