"""The embedded engine: all steps of one batch in this process, shard by shard, exchanging what they must.

Every detector is a chain of steps.  The first step of a chain is keyed by track and runs shard by shard, so memory
is bounded by a shard of a batch; what it passes on is an order of magnitude smaller and is exchanged in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from clearwake.detect import Detector, Found, Step
from clearwake.detect.grid import resample
from clearwake.detect.lying import lying
from clearwake.detect.step import event_schema
from clearwake.engine.shards import in_shards
from clearwake.tracks import Followed, follow, summed

Kept = Mapping[str, pl.DataFrame]
"""The state of every step, by name: ``follow``, ``grid``, ``gap.gap``, ``encounter.join`` ..."""


@dataclass
class Advanced:
    """What one batch gave: events by table (with ``settled``), digests, and the state to keep."""

    events: dict[str, pl.DataFrame] = field(default_factory=dict)
    digests: dict[str, pl.DataFrame] = field(default_factory=dict)
    keep: dict[str, pl.DataFrame] = field(default_factory=dict)
    merged: int = 0
    not_ships: int = 0


def advance(
    detectors: Iterable[Detector],
    shards: Iterable[tuple[tuple[int, int], Callable[[], pl.DataFrame]]],
    kept: Kept,
    until: datetime,
) -> Advanced:
    """Carry one batch of positions through tracks and detectors.

    Args:
        detectors: What to look for.
        shards: Which shards (first, last), and how to get their positions: all before ``until`` not given before.
        kept: What the last batch kept; empty for the first.
        until: The watermark.
    """
    batch = _Batch(tuple(detectors), kept, until)
    for (first, last), positions in shards:
        batch.add_shards(positions(), first, last)
    return batch.finish()


class _Batch:
    """One batch being carried through the steps."""

    def __init__(self, detectors: tuple[Detector, ...], kept: Kept, until: datetime) -> None:
        self._detectors, self._kept, self._until = detectors, kept, until
        self._grid = resample()
        self._parts: dict[str, list[pl.DataFrame]] = {}
        self._advanced = Advanced()

    def add_shards(self, positions: pl.DataFrame, first: int, last: int) -> None:
        """Run everything keyed by track on these shards."""
        followed = follow(positions, self._mine("follow", first, last))
        self._take(followed)
        grid = self._step("grid", self._grid.run, followed.fixes, (first, last))
        self._put("lying", lying(grid, self._until))
        for detector in self._detectors:
            on_grid = detector.steps[0].name == self._grid.name
            rows = grid if on_grid else followed.reports if detector.reads_strays else followed.fixes
            head, *rest = detector.steps[1:] if on_grid else detector.steps
            routed = head.routed(rows)
            if "track" in head.key:
                name = f"{detector.name}.{head.name}"
                routed = self._step(name, head.run, routed, (first, last))
                routed = rest[0].routed(routed) if rest else routed
            self._put(f"rows.{detector.name}", routed)

    def finish(self) -> Advanced:
        """Run what is left of each chain on all shards together, and give everything found."""
        done = self._advanced
        for detector in self._detectors:
            rows = self._together(f"rows.{detector.name}")
            for step in self._exchanged(detector):
                name = f"{detector.name}.{step.name}"
                found = step.run(rows, self._kept.get(name), self._until)
                rows, done.keep[name] = found.rows, found.keep
            wanted = event_schema(detector.record)
            done.events[detector.table] = rows if rows.height else pl.DataFrame(schema=wanted)
        done.keep |= {
            n.removeprefix("keep."): self._together(n) for n in self._parts if n.startswith("keep.")
        }
        done.digests = {n: self._together(n) for n in ("tracks", "noise", "lying")}
        return done

    def _exchanged(self, detector: Detector) -> list[Step]:
        steps = list(detector.steps[1:] if detector.steps[0].name == self._grid.name else detector.steps)
        return steps[1:] if "track" in steps[0].key else steps

    def _take(self, followed: Followed) -> None:
        self._put("keep.follow", followed.keep)
        self._put("noise", followed.noise)
        self._put("tracks", summed(followed))
        self._advanced.merged += followed.merged
        self._advanced.not_ships += followed.not_ships

    def _step(
        self,
        name: str,
        run: Callable[[pl.DataFrame, pl.DataFrame | None, datetime], Found],
        rows: pl.DataFrame,
        shards: tuple[int, int],
    ) -> pl.DataFrame:
        found = run(rows, self._mine(name, *shards), self._until)
        self._put(f"keep.{name}", found.keep)
        return found.rows

    def _mine(self, name: str, first: int, last: int) -> pl.DataFrame | None:
        kept = self._kept.get(name)
        return None if kept is None else in_shards(kept, first, last)

    def _put(self, name: str, frame: pl.DataFrame) -> None:
        self._parts.setdefault(name, []).append(frame)

    def _together(self, name: str) -> pl.DataFrame:
        return pl.concat(self._parts[name])
