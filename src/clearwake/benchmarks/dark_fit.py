"""Fitting the weights of possible meetings: logistic regressions on planted scenes, one stretch, and one level.

    python -m clearwake.benchmarks.dark_fit
    python -m clearwake.benchmarks.dark_fit one_silent
    python -m clearwake.benchmarks.dark_fit level

makes the scenes named below, finds every candidate in them, fits what each sign weighs, and then stretches all weights
of a kind by two numbers, so that they are true once candidates that share a silence share its probability.  On other
scenes one number is fitted last, the level, with the judgements that no planted scene could give: these lower most
odds, and without it everything is said to be rarer than it is.  With the name of a kind only that kind is fitted,
beside the other as it stands, and then the level; with the word ``level`` only the level.
The result is written to ``whereabouts/unseen/weights.json``; judgements that stand there beside it are kept.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize, minimize_scalar

from clearwake.benchmarks.dark import HANDS, KINDS, STEPS, Scene
from clearwake.flow import trails
from clearwake.flow.atlas import atlas_of, with_learnt
from clearwake.model import HULLS_PER_MMSI, IdentityClaim
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen import found, judged_evidence, weigh
from clearwake.whereabouts.unseen.signs import Signs
from clearwake.whereabouts.unseen.silent import silences
from clearwake.whereabouts.unseen.told import Known
from clearwake.whereabouts.unseen.traces import Bools, Ints, Legs, Traces, hours, thinned, usual_speeds
from clearwake.whereabouts.unseen.waiting import waits

SEEDS = {"spread": (1, 2), "given": (21, 22), "crowded": (3, 4), "real": (21, 22, 23, 24)}
LEVEL_SEEDS = {"spread": (430, 431), "given": (430, 431), "crowded": (430, 431), "real": (430, 431, 432)}
SHIPS = 5000
PENALTY = 2.0
"""Of squared weights: keeps a sign that few scenes show from being believed too much."""

AT_MOST = {
    "silent_near_harbour": -0.43, "wait_near_harbour": -0.87, "wait_near_coast": -2.75, "others_waiting": -2.28,
    "silent_near_coast": -1.34,
}  # fmt: skip
"""Signs against a meeting that are never weighed less than this: planted ships seldom fall silent or wait in harbours
and roadsteads, where real ones do all day, so scenes teach too little of them.  (Without bounds, a week of New York
harbour was once told as three meetings.)"""


@dataclass(frozen=True)
class Learnt:
    """The candidates of one scene and kind: signs, sides and which are true."""

    signs: Signs
    one: Ints
    other: Ints
    is_true: Bools
    judged: Floats
    """What judgements add to the logarithm of the odds."""


def learnt(scene: Scene, folder: Path) -> tuple[Learnt, Learnt]:
    """Find the candidates of a scene and say which are planted meetings."""
    import clearwake  # noqa: PLC0415 - the desk loads every room

    file = folder / f"{scene.name}.parquet"
    scene.positions.write_parquet(file)
    with clearwake.open(folder / "desk") as desk:
        if scene.anchorages is not None:
            scene.anchorages.write_csv(folder / "anchorages.csv")
            desk.read("anchorages", folder / "anchorages.csv")
        desk.read("table", file)
        desk.run(steps=",".join(STEPS))
        traces = Traces.of(day for _, day in trails.fixes(desk.store, reported=(), made=thinned))
        atlas = with_learnt(atlas_of(desk.store), desk.store)
        stored, loiterings = desk.show("silences"), desk.show("loiterings")
        claims = desk.store.scan("claims", record=IdentityClaim).collect()
    legs = Legs.of(traces)
    one = silences(stored, traces, usual_speeds(traces, legs), atlas, float(traces.hour.max()))
    lying = waits(traces, legs, atlas)
    known = Known(one, lying, traces, loiterings, "")
    first, second = found.candidates(one, lying, traces)
    second = found.afloat(second, atlas)
    n, track, truth = len(one), one.track, scene.truth
    return (
        Learnt(first.signs, first.silence, first.other + n,
               planted(truth, "one_dark", track[first.silence], lying.track[first.other], first),
               judged_evidence(known, first, claims)),
        Learnt(second.signs, second.silence, second.other,
               planted(truth, "both_dark", track[second.silence], track[second.other], second),
               judged_evidence(known, second, claims)),
    )  # fmt: skip


def planted(truth: pl.DataFrame, kind: str, a: Ints, b: Ints, candidates: found.Candidates) -> Bools:
    """Say which candidates are planted meetings of a kind: both ships, and some of the time."""
    rows = truth.filter(pl.col("kind") == kind)
    known = {
        frozenset((x, y)): (start, end)
        for x, y, start, end in zip(
            rows["mmsi_a"], rows["mmsi_b"], hours(rows["start"]), hours(rows["end"]), strict=True
        )
    }
    is_true = np.zeros(len(candidates), bool)
    for at, (x, y) in enumerate(
        zip((a // HULLS_PER_MMSI).tolist(), (b // HULLS_PER_MMSI).tolist(), strict=True)
    ):
        when = known.get(frozenset((x, y)))
        is_true[at] = when is not None and candidates.start[at] < when[1] and candidates.end[at] > when[0]
    return is_true


def regression(x: Floats, y: Floats, penalty: float, at_most: Floats | None = None) -> Floats:
    """Fit a logistic regression with a penalty on squared weights, the first column's left free.

    Newton's method: ``(n, k), (n,) -> (k,)``.  A weight that comes out over its bound ``(k,)`` is set to it, and the
    others are fitted again.
    """
    most = np.full(x.shape[1], np.inf) if at_most is None else at_most
    weights, is_free = np.zeros(x.shape[1]), np.ones(x.shape[1], bool)
    ridge = np.full(x.shape[1], penalty)
    ridge[0] = 1e-6
    while True:
        weights[is_free] = _newton(x[:, is_free], y, ridge[is_free], x[:, ~is_free] @ weights[~is_free])
        over = is_free & (weights > most)
        if not over.any():
            return weights
        weights[over] = most[over]
        is_free &= ~over


def _newton(x: Floats, y: Floats, ridge: Floats, settled: Floats) -> Floats:
    """Fit weights beside what is settled of the logarithm of the odds: ``(n, k), (n,), (k,), (n,) -> (k,)``."""
    weights = np.zeros(x.shape[1])
    for _ in range(100):
        p = weigh.logistic(x @ weights + settled)
        spread = p * (1.0 - p) + 1e-9
        slope = x.T @ (y - p) - ridge * weights
        step = np.linalg.solve((x * spread[:, None]).T @ x + np.diag(ridge), slope)
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return np.asarray(weights)


def bound(sign: str) -> float:
    """Give the most that a sign may weigh."""
    return AT_MOST.get(sign, float("inf"))


def _columns(signs: Signs) -> Floats:
    return np.column_stack([np.ones(len(next(iter(signs.values())))), *signs.values()])


def fitted(
    scenes: Iterable[tuple[Learnt, Learnt]], kept: Mapping[str, weigh.Weights] | None = None
) -> dict[str, weigh.Weights]:
    """Fit the weights of both kinds, and stretch them so that they are true after sharing.

    Args:
        scenes: The candidates of each, by kind.
        kept: Weights of a kind that stays as it is.
    """
    every, stays = list(scenes), kept or {}
    kinds = [kind for kind in KINDS.values() if kind not in stays]
    raw = {
        kind: _weights([scene[number] for scene in every])
        for number, kind in enumerate(KINDS.values())
        if kind in kinds
    }

    def stretched(by: Floats) -> dict[str, weigh.Weights]:
        steps = zip(kinds, by[: len(kinds)], by[len(kinds) :], strict=True)
        new = {kind: _stretched(raw[kind], level, slope) for kind, level, slope in steps}
        return {kind: stays[kind] if kind in stays else new[kind] for kind in KINDS.values()}

    def surprise(by: Floats) -> float:
        """Add up what all scenes make of a stretch."""
        return sum(_surprise(scene, list(stretched(by).values())) for scene in every)

    start = np.repeat([0.0, 1.0], len(kinds))
    return stretched(minimize(surprise, start, method="Nelder-Mead", options={"maxiter": 400}).x)


def _stretched(weights: weigh.Weights, level: float, slope: float) -> weigh.Weights:
    signs = {name: min(slope * value, bound(name)) for name, value in weights.signs.items()}
    return weigh.Weights(level + slope * weights.constant, signs)


def levelled(scenes: Iterable[tuple[Learnt, Learnt]], kinds: list[weigh.Weights]) -> float:
    """Fit the one number that, added to all odds beside the judgements, makes what is said come true as often."""
    every = list(scenes)

    def surprise(level: float) -> float:
        """Add up what all scenes make of a level."""
        return sum(_surprise(scene, kinds, level) for scene in every)

    return float(minimize_scalar(surprise, bounds=(-3.0, 3.0), method="bounded").x)


def _surprise(scene: tuple[Learnt, Learnt], kinds: list[weigh.Weights], level: float | None = None) -> float:
    """Give how improbable what is true was called: the sum of logarithms over the candidates of a scene."""
    p = np.clip(np.concatenate(shares(scene, kinds, level)), 1e-9, 1.0 - 1e-9)
    is_true = np.concatenate([c.is_true for c in scene])
    return float(-np.log(np.where(is_true, p, 1.0 - p)).sum())


def _weights(scenes: list[Learnt]) -> weigh.Weights:
    x = np.concatenate([_columns(scene.signs) for scene in scenes])
    y = np.concatenate([scene.is_true for scene in scenes]).astype(np.float64)
    names = list(scenes[0].signs)
    weights = regression(x, y, PENALTY, np.array([np.inf, *map(bound, names)]))
    return weigh.Weights(float(weights[0]), dict(zip(names, map(float, weights[1:]), strict=True)))


def shares(
    scene: tuple[Learnt, Learnt], kinds: list[weigh.Weights], level: float | None = None
) -> tuple[Floats, Floats]:
    """Give the probabilities of the candidates of a scene, by kind; with a level, and judgements, or without."""
    odds = np.concatenate([k.log_odds(c.signs) for k, c in zip(kinds, scene, strict=True)])
    if level is not None:
        odds = odds + level + np.concatenate([c.judged for c in scene])
    one, other = (np.concatenate([getattr(c, side) for c in scene]) for side in ("one", "other"))
    p = weigh.shared(odds, one, other)
    split = len(scene[0].one)
    return p[:split], p[split:]


def written(into: dict[str, object], file: Path = weigh.FILE) -> None:
    """Write what was fitted into the file it is read from; what else stands there stays."""
    stored = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(stored | into, indent=2) + "\n", "utf-8")


def rounded(weights: dict[str, weigh.Weights]) -> dict[str, object]:
    """Give weights as they stand in the file."""
    return {
        name: {"constant": round(w.constant, 4), "signs": {k: round(v, 4) for k, v in w.signs.items()}}
        for name, w in weights.items()
    }


def made(
    seeds: Mapping[str, tuple[int, ...]], ships: int = SHIPS, tell: Callable[[str], None] = print
) -> list[tuple[Learnt, Learnt]]:
    """Make scenes and find their candidates."""
    scenes = []
    for hand, each in seeds.items():
        for seed in each:
            with tempfile.TemporaryDirectory(prefix="clearwake-fit-") as folder:
                scenes.append(learnt(HANDS[hand](seed, ships), Path(folder)))
            among = sum(int(c.is_true.sum()) for c in scenes[-1])
            tell(f"{hand} {seed}: {among} of the planted are candidates")
    return scenes


def named(seeds: Mapping[str, tuple[int, ...]]) -> str:
    """Name the scenes in words."""
    return f"{SHIPS} ships; scenes " + ", ".join(f"{hand} {each}" for hand, each in seeds.items())


def fit(only: str = "", ships: int = SHIPS, tell: Callable[[str], None] = print) -> dict[str, weigh.Weights]:
    """Make the scenes, find their candidates and fit: both kinds, or one beside the other as it stands."""
    stored = dict(zip(KINDS.values(), stored_weights(), strict=True))
    kept = {kind: weights for kind, weights in stored.items() if only and kind != only}
    return fitted(made(SEEDS, ships, tell), kept)


def stored_weights() -> list[weigh.Weights]:
    """Give the weights as they were fitted, without the level."""
    stored = json.loads(weigh.FILE.read_text("utf-8"))["kinds"]
    return [weigh.Weights(stored[kind]["constant"], stored[kind]["signs"]) for kind in KINDS.values()]


if __name__ == "__main__":
    words = sys.argv[1:]
    if words != ["level"]:
        only = words[0] if words else ""
        how = f"{' '.join(('python -m clearwake.benchmarks.dark_fit', *words))}; {named(SEEDS)}; penalty {PENALTY:g}"
        how += "; the other kind as it stood" if only else ""
        written({"fitted": how, "kinds": rounded(fit(only))})
    level = levelled(made(LEVEL_SEEDS), stored_weights())
    how = f"python -m clearwake.benchmarks.dark_fit level; {named(LEVEL_SEEDS)}"
    written({"level": round(level, 2), "levelled": how})
