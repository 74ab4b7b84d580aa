"""What a scene is made of: ships with their noiseless paths, and what is true of them.

``Ships`` is a table of arrays, one row a hull.  ``Facts`` is what was planted: who met whom, who was silent.
Scenes are planted one kind at a time as ``Planted`` and joined at the end, when hulls get their numbers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.benchmarks.scenario.motion import Bools, Ints
from clearwake.sphere import Floats

Texts = NDArray[np.str_]


class Hearing(IntEnum):
    """How a hull is heard."""

    ORDINARY = 0
    """By shore stations near the coast, by passing satellites elsewhere."""
    DENSE = 1
    """Everywhere: as near the coast, or every 40 seconds far from it."""
    SPARSE = 2
    """Single satellite fixes, 20 to 50 minutes apart, now and then over an hour."""
    NOT = 3
    """Never: its transponder is off."""


@dataclass(frozen=True)
class Ships:
    """Hulls; every field has one row per hull."""

    path: Floats
    """Noiseless unit vectors at every tick: ``(n, k, 3)``."""
    kind: Texts
    """The kind of scene the hull was planted for."""
    hearing: Ints
    is_class_b: Bools
    is_beacon: Bools
    """Fishing gear that transmits, not a ship."""
    same_mmsi_as: Ints
    """Row of the hull whose MMSI it uses; -1 for its own."""
    noise_m: Floats
    """Standard deviation of the satellite navigation error."""
    outlier_share: Floats
    """Share of reports displaced by kilometres."""
    status_moving: Ints
    """Navigational status sent while moving (ITU-R M.1371-5, table 45); 15 is sent as not available."""
    status_lying: Ints
    """Navigational status sent while lying still."""
    silent_from_s: Floats
    """Start of a silence; not a number for none."""
    silent_to_s: Floats

    def __len__(self) -> int:
        """Count the hulls."""
        return len(self.path)


@dataclass(frozen=True)
class Fact:
    """What was planted, in columns of equal length; hulls as rows of the ships planted with it."""

    family: str
    """``meeting``, ``silent_meeting``, ``decoy``, ``silence``, ``loitering`` or ``port_call``."""
    kind: str
    hull_a: Ints
    hull_b: Ints
    """-1 for one-ship facts."""
    start_s: Floats
    end_s: Floats
    place: Floats
    """Unit vectors: ``(n, 3)``."""
    expected: str
    """The label a detector should give; empty for nothing."""


@dataclass(frozen=True)
class Planted:
    """One kind of scene: its ships and what is true of them."""

    ships: Ships
    facts: Sequence[Fact] = ()
    anchorages: pl.DataFrame | None = None
    """Anchorages that the scene gives away: name, lon, lat."""


def fleet(path: Floats, kind: str, **known: Any) -> Ships:  # noqa: ANN401 - arrays or single values, by field
    """Make ships of paths ``(n, k, 3)``; every other property is a value for all or an array ``(n,)``.

    Unless said otherwise: class A, heard as usual, 7 m of navigation error, under way using engine, at anchor
    when lying, never silent.
    """
    usual: dict[str, Any] = {
        "kind": np.array(kind), "hearing": int(Hearing.ORDINARY), "is_class_b": False, "is_beacon": False,
        "same_mmsi_as": -1, "noise_m": 7.0, "outlier_share": 0.0, "status_moving": 0, "status_lying": 0,
        "silent_from_s": np.nan, "silent_to_s": np.nan,
    }  # fmt: skip
    values = {**usual, **known}
    return Ships(
        path=path, **{k: np.broadcast_to(np.asarray(v), len(path)).copy() for k, v in values.items()}
    )


def join_ships(parts: Sequence[Ships]) -> Ships:
    """Put fleets behind one another; references to hulls of the same fleet move along."""
    starts = np.cumsum([0, *(len(part) for part in parts)])
    joined = {
        f.name: np.concatenate([getattr(part, f.name) for part in parts])
        for f in dataclasses.fields(Ships)
        if f.name != "same_mmsi_as"
    }
    same = [
        np.where(p.same_mmsi_as >= 0, p.same_mmsi_as + s, -1) for p, s in zip(parts, starts, strict=False)
    ]
    return Ships(same_mmsi_as=np.concatenate(same), **joined)


def moved(fact: Fact, by: int) -> Fact:
    """Give the fact with its hulls' rows moved by ``by``."""
    return dataclasses.replace(
        fact, hull_a=fact.hull_a + by, hull_b=np.where(fact.hull_b >= 0, fact.hull_b + by, -1)
    )


def join(parts: Sequence[Planted]) -> Planted:
    """Put everything planted into one: ships behind one another, facts pointing at them."""
    starts = np.cumsum([0, *(len(part.ships) for part in parts)])
    facts = [moved(f, int(s)) for part, s in zip(parts, starts, strict=False) for f in part.facts]
    given = [part.anchorages for part in parts if part.anchorages is not None]
    anchorages = pl.concat(given) if given else None
    return Planted(join_ships([part.ships for part in parts]), facts, anchorages)


@dataclass(frozen=True)
class Scenes:
    """Scenes of equal make: ``m`` of them with ``s`` ships each."""

    path: Floats
    """``(m, s, k, 3)``."""
    centre: Floats
    """``(m, 3)``."""
    start_s: Floats
    end_s: Floats
    extra: dict[str, Any] = field(default_factory=dict)
    """Arrays with one row per scene that a planter needs later."""

    def pick(self, rows: Ints) -> Scenes:
        """Keep some of the scenes."""
        extra = {name: value[rows] for name, value in self.extra.items()}
        return Scenes(self.path[rows], self.centre[rows], self.start_s[rows], self.end_s[rows], extra)

    def ships(self) -> Floats:
        """Give the paths ship by ship: ``(m * s, k, 3)``, the ships of a scene beside each other."""
        return self.path.reshape(-1, *self.path.shape[2:])

    def hull(self, ordinal: int) -> Ints:
        """Give the rows in ``ships`` of every scene's ship number ``ordinal``."""
        return np.asarray(np.arange(len(self.path)) * self.path.shape[1] + ordinal, np.int64)


def join_scenes(parts: Sequence[Scenes]) -> Scenes:
    """Put scenes of equal make behind one another."""
    names = parts[0].extra
    return Scenes(
        np.concatenate([p.path for p in parts]),
        np.concatenate([p.centre for p in parts]),
        np.concatenate([p.start_s for p in parts]),
        np.concatenate([p.end_s for p in parts]),
        {name: np.concatenate([p.extra[name] for p in parts]) for name in names},
    )
