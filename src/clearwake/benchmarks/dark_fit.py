"""Fitting the weights of possible meetings: logistic regressions on planted scenes, then one stretch.

    python -m clearwake.benchmarks.dark_fit

makes the scenes named below, finds every candidate in them, fits what each sign weighs, and then stretches all weights
of a kind by two numbers, so that they are true once candidates that share a silence share its probability.
The result is written to ``whereabouts/unseen/weights.json``; judgements that stand there beside it are kept.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize

from clearwake.benchmarks.dark import HANDS, KINDS, STEPS, Scene
from clearwake.flow import trails
from clearwake.flow.atlas import atlas_of, with_learnt
from clearwake.flow.reconcile import stored_schema
from clearwake.model import HULLS_PER_MMSI, Gap
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen import found, weigh
from clearwake.whereabouts.unseen.signs import Signs
from clearwake.whereabouts.unseen.silent import silences
from clearwake.whereabouts.unseen.traces import Bools, Ints, Legs, Traces, hours, thinned, usual_speeds
from clearwake.whereabouts.unseen.waiting import waits

SEEDS = {"spread": (1, 2), "given": (21, 22), "crowded": (3, 4), "real": (21, 22, 23, 24)}
SHIPS = 5000
PENALTY = 2.0
"""Of squared weights: keeps a sign that few scenes show from being believed too much."""


@dataclass(frozen=True)
class Learnt:
    """The candidates of one scene and kind: signs, sides and which are true."""

    signs: Signs
    one: Ints
    other: Ints
    is_true: Bools


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
        stored = desk.store.scan("silences", record=stored_schema(Gap)).filter(~pl.col("withdrawn")).collect()
    legs = Legs.of(traces)
    one = silences(stored, traces, usual_speeds(traces, legs), atlas, float(traces.hour.max()))
    lying = waits(traces, legs, atlas)
    first, second = found.candidates(one, lying, traces)
    n = len(one)
    return (
        Learnt(first.signs, first.silence, first.other + n,
               planted(scene.truth, "one_dark", one.track[first.silence], lying.track[first.other], first)),
        Learnt(second.signs, second.silence, second.other,
               planted(scene.truth, "both_dark", one.track[second.silence], one.track[second.other], second)),
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


def regression(x: Floats, y: Floats, penalty: float) -> Floats:
    """Fit a logistic regression with a penalty on squared weights, the first column's left free.

    Newton's method: ``(n, k), (n,) -> (k,)``.
    """
    weights = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], penalty)
    ridge[0] = 1e-6
    for _ in range(100):
        p = weigh.logistic(x @ weights)
        spread = p * (1.0 - p) + 1e-9
        slope = x.T @ (y - p) - ridge * weights
        step = np.linalg.solve((x * spread[:, None]).T @ x + np.diag(ridge), slope)
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return np.asarray(weights)


def _columns(signs: Signs) -> Floats:
    return np.column_stack([np.ones(len(next(iter(signs.values())))), *signs.values()])


def fitted(scenes: Iterable[tuple[Learnt, Learnt]]) -> dict[str, weigh.Weights]:
    """Fit the weights of both kinds, and stretch them so that they are true after sharing."""
    every = list(scenes)
    raw = [_weights([scene[kind] for scene in every]) for kind in (0, 1)]

    def stretched(by: Floats) -> list[weigh.Weights]:
        return [
            weigh.Weights(level + slope * w.constant, {name: slope * v for name, v in w.signs.items()})
            for w, level, slope in zip(raw, by[:2], by[2:], strict=True)
        ]

    def surprise(by: Floats) -> float:
        return sum(_surprise(scene, stretched(by)) for scene in every)

    best = minimize(surprise, np.array([0.0, 0.0, 1.0, 1.0]), method="Nelder-Mead", options={"maxiter": 400})
    return dict(zip(KINDS.values(), stretched(best.x), strict=True))


def _surprise(scene: tuple[Learnt, Learnt], kinds: list[weigh.Weights]) -> float:
    """Give how improbable what is true was called: the sum of logarithms over the candidates of a scene."""
    p = np.clip(np.concatenate(shares(scene, kinds)), 1e-9, 1.0 - 1e-9)
    is_true = np.concatenate([c.is_true for c in scene])
    return float(-np.log(np.where(is_true, p, 1.0 - p)).sum())


def _weights(scenes: list[Learnt]) -> weigh.Weights:
    x = np.concatenate([_columns(scene.signs) for scene in scenes])
    y = np.concatenate([scene.is_true for scene in scenes]).astype(np.float64)
    weights = regression(x, y, PENALTY)
    names = list(scenes[0].signs)
    return weigh.Weights(float(weights[0]), dict(zip(names, map(float, weights[1:]), strict=True)))


def shares(scene: tuple[Learnt, Learnt], kinds: list[weigh.Weights]) -> tuple[Floats, Floats]:
    """Give the probabilities of the candidates of a scene, by kind."""
    odds = np.concatenate([k.log_odds(c.signs) for k, c in zip(kinds, scene, strict=True)])
    one, other = (np.concatenate([getattr(c, side) for c in scene]) for side in ("one", "other"))
    p = weigh.shared(odds, one, other)
    split = len(scene[0].one)
    return p[:split], p[split:]


def written(weights: dict[str, weigh.Weights], how: str, file: Path = weigh.FILE) -> None:
    """Write fitted weights into the file they are read from; the judgements in it stay."""
    stored = json.loads(file.read_text("utf-8"))
    stored["fitted"] = how
    stored["kinds"] = {
        name: {
            "constant": round(w.constant, 4), "signs": {k: round(v, 4) for k, v in w.signs.items()},
        }
        for name, w in weights.items()
    }  # fmt: skip
    file.write_text(json.dumps(stored, indent=2) + "\n", "utf-8")


def fit(ships: int = SHIPS, tell: Callable[[str], None] = print) -> dict[str, weigh.Weights]:
    """Make the scenes, find their candidates and fit."""
    scenes = []
    for hand, seeds in SEEDS.items():
        for seed in seeds:
            with tempfile.TemporaryDirectory(prefix="clearwake-fit-") as folder:
                scenes.append(learnt(HANDS[hand](seed, ships), Path(folder)))
            tell(
                f"{hand} {seed}: {sum(int(c.is_true.sum()) for c in scenes[-1])} of the planted are candidates"
            )
    return fitted(scenes)


if __name__ == "__main__":
    told = ", ".join(f"{hand} {seeds}" for hand, seeds in SEEDS.items())
    written(
        fit(), f"python -m clearwake.benchmarks.dark_fit; {SHIPS} ships; scenes {told}; penalty {PENALTY:g}"
    )
