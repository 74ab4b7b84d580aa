"""Meetings in the dark planted in traffic that is given: a second hand, which knows nothing of the first.

Ships of the given traffic are taken under way, sent aside to a rendezvous at sea, drift there together, and resume
their own passage as much later as that took.  They transmit as regularly or rarely as is drawn for each.  Nothing but
number, time and place is written, as in many real files.  Decoys are drawn in the same way: ships that stop alone,
silent or not, pairs that lie together with nothing hidden, ordinary silences, a region not heard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.benchmarks.scenario.motion import Bools, Ints
from clearwake.model import TIME
from clearwake.sphere import Floats

COLUMNS = ("mmsi", "time", "lon", "lat")
FIRST_MMSI = 636_700_000
"""Planted ships are numbered from here on, as ships of a flag of which the given traffic has none so high."""

KINDS: dict[str, tuple[float, tuple[bool, ...]]] = {
    "one_dark": (1.0, (True, False)), "both_dark": (1.0, (True, True)), "alone": (2.5, (False,)),
    "dark_stop": (1.0, (True,)), "bunkering": (0.7, (False, False)),
}  # fmt: skip
"""What is planted: how many to each meeting of a kind asked for, and which of its ships are silent."""

WAITED_H = (8.0, 3.0)
"""The longest a ship that is heard lies there before the other comes, and after it left; most wait less.  A ship that
stops alone, and one of two that hide nothing, wait as long."""

OFFSHORE_KM = 8.0
FASTEST_DRIFT_KN = 0.9
"""What lies there is carried by wind and stream at up to so many knots."""

HEARD = 4
"""How often a silent ship is heard at least before its silence, and mostly after it."""

CoastDistance = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True)
class Voyage:
    """A ship under way in the given traffic: seconds since the day's first position, and unit vectors."""

    seconds: Floats
    place: Floats
    speed_kn: float

    def at(self, seconds: Floats) -> Floats:
        """Give where it was: ``(k,) -> (k, 3)``, straight on after its last position and before its first."""
        row = np.clip(np.searchsorted(self.seconds, seconds) - 1, 0, len(self.seconds) - 2)
        lasts = self.seconds[row + 1] - self.seconds[row]
        share = np.clip((seconds - self.seconds[row]) / np.maximum(lasts, 1e-9), 0.0, 1.0)
        return sphere.interpolate(self.place[row], self.place[row + 1], share)


@dataclass(frozen=True)
class Rendezvous:
    """A place at sea that drifts with wind and stream, and with it all that lie there."""

    place: Floats
    """Unit vector, where it is when the meeting begins."""
    since_s: float
    course_deg: float
    speed_kn: float

    def at(self, seconds: Floats) -> Floats:
        """Give where it is then, or was before the meeting: ``(k,) -> (k, 3)``."""
        lon, lat = (np.full(len(seconds), x) for x in sphere.lonlat(self.place))
        metres = (seconds - self.since_s) * self.speed_kn * sphere.KNOT_M_PER_S
        course = np.where(metres < 0.0, self.course_deg + 180.0, self.course_deg)
        return sphere.unit_vectors(*sphere.destination(lon, lat, course, np.abs(metres)))


@dataclass(frozen=True)
class Given:
    """Traffic with meetings planted in it."""

    positions: pl.DataFrame
    """mmsi, time, lon, lat; ordered by time."""
    truth: pl.DataFrame
    """kind (``one_dark``, ``both_dark``), mmsi_a, mmsi_b, start, end, lon, lat."""


def planted_in(
    traffic: pl.DataFrame,
    coast_km: CoastDistance,
    seed: int,
    wanted: int,
    silent_share: float = 0.12,
    untouched: frozenset[int] = frozenset(),
) -> Given:
    """Plant meetings of which one ship or both are silent, and decoys, in given traffic.

    Args:
        traffic: ``mmsi, time, lon, lat`` of some twenty hours or more.
        coast_km: How far places are from the coast.
        seed: Source of chance.
        wanted: How many meetings of each kind.
        silent_share: Share of the given ships that fall silent for a while and sail on.
        untouched: Ships of the given traffic that stay as they are, because they are known to meet each other.
    """
    rng = np.random.default_rng([seed, 20260301])
    rows = traffic.select(COLUMNS).sort("mmsi", "time")
    begin, end = rows["time"].dt.epoch("ms").min(), rows["time"].dt.epoch("ms").max()
    hand = _Hand(rng, _voyages(rows), coast_km, int(begin), (int(end) - int(begin)) / 1000.0)  # type: ignore[arg-type]
    for kind, (share, silent) in KINDS.items():
        for _ in range(round(wanted * share)):
            hand.meeting(kind, silent)
    heard = _silenced(rng, rows, silent_share, untouched)
    positions = pl.concat((heard, *hand.positions)).sort("time", "mmsi")
    return Given(positions, pl.DataFrame(hand.truth).with_columns(pl.col("start", "end").cast(TIME)))


def _voyages(rows: pl.DataFrame) -> list[Voyage]:
    """Take the ships that were under way for two hours or more, from first to last."""
    begin = int(rows["time"].dt.epoch("ms").min())  # type: ignore[arg-type]
    found = []
    for part in rows.partition_by("mmsi", maintain_order=True):
        seconds = (part["time"].dt.epoch("ms").to_numpy() - begin) / 1000.0
        if len(seconds) < 20 or seconds[-1] - seconds[0] < 7200.0:
            continue
        keep = np.r_[True, np.diff(np.floor(seconds / 300.0)) > 0]
        place = sphere.unit_vectors(part["lon"].to_numpy()[keep], part["lat"].to_numpy()[keep])
        seconds = seconds[keep]
        if len(seconds) < 12:
            continue
        leg = sphere.between_m(place[1:], place[:-1]) / np.diff(seconds) / sphere.KNOT_M_PER_S
        away = sphere.between_m(place[-1], place[0])
        if 6.0 < np.median(leg) < 22.0 and np.diff(seconds).max() < 4000.0 and away > 30_000.0:
            found.append(Voyage(seconds, place, float(np.median(leg))))
    return found


class _Hand:
    """Plants one ship or pair after the other."""

    def __init__(
        self,
        rng: np.random.Generator,
        voyages: list[Voyage],
        coast_km: CoastDistance,
        begin_ms: int,
        lasts_s: float,
    ) -> None:
        self.rng, self.voyages, self.coast_km = rng, voyages, coast_km
        self.begin_ms, self.lasts_s = begin_ms, lasts_s
        self.positions: list[pl.DataFrame] = []
        self.truth: dict[str, list[object]] = {
            n: [] for n in ("kind", "mmsi_a", "mmsi_b", "start", "end", "lon", "lat")
        }
        self.number = FIRST_MMSI

    def meeting(self, kind: str, silent: tuple[bool, ...]) -> None:
        """Plant ships that lie at one place for hours; those that are silent are so from before until after.

        Raises:
            ValueError: If the traffic has no ships under way from which one can be planted.
        """
        for _ in range(3000):
            drawn = self._rendezvous(silent)
            if drawn is None:
                continue
            here, ships, stays = drawn
            ways = [self._way(*one) for one in zip(ships, [here] * len(silent), stays, silent, strict=True)]
            if any(way is None for way in ways):
                continue
            numbers = [self._report(*way) for way in ways if way is not None]
            if kind.endswith("dark"):
                self._note(kind, numbers, max(s[0] for s in stays), min(s[1] for s in stays), here)
            return
        message = f"no ships under way from which {kind} could be planted"
        raise ValueError(message)

    def _rendezvous(
        self, silent: tuple[bool, ...]
    ) -> tuple[Rendezvous, list[Voyage], list[tuple[float, float]]] | None:
        """Draw a place, ships that pass it and their stays; none where it is near land or nobody passes."""
        rng = self.rng
        stay_s = rng.uniform(2.0, 8.0) * 3600.0
        arrive_s = rng.uniform(2.5 * 3600.0, max(self.lasts_s - stay_s - 2.5 * 3600.0, 2.6 * 3600.0))
        place = self._place()
        ships = None if place is None else self._ships(place, arrive_s, len(silent))
        if place is None or ships is None:
            return None
        here = Rendezvous(place, arrive_s, rng.uniform(0.0, 360.0), rng.uniform(0.0, FASTEST_DRIFT_KN))
        stays = [
            self._stay(arrive_s, arrive_s + stay_s, waits=not dark and number == len(silent) - 1)
            for number, dark in enumerate(silent)
        ]
        ends = sphere.lonlat(here.at(np.array(stays).ravel()))
        return (here, ships, stays) if self.coast_km(*ends).min() > OFFSHORE_KM else None

    def _stay(self, first_s: float, last_s: float, *, waits: bool) -> tuple[float, float]:
        """Draw when one ship comes and leaves: about as the meeting begins and ends, or hours before and after."""
        early, late = self.rng.exponential(1800.0, 2)
        if waits:
            early, late = (early, late) + np.array(WAITED_H) * self.rng.uniform(size=2) ** 2 * 3600.0
        return first_s - early, last_s + late

    def _place(self) -> Floats | None:
        """Draw a rendezvous within 45 km of a ship under way, at sea."""
        voyage = self.voyages[int(self.rng.integers(len(self.voyages)))]
        here = voyage.at(np.array([self.rng.uniform(voyage.seconds[0], voyage.seconds[-1])]))
        lon, lat = sphere.destination(
            *sphere.lonlat(here), np.array([self.rng.uniform(0, 360)]), np.array([self.rng.uniform(0, 45e3)])
        )
        return sphere.unit_vectors(lon, lat)[0] if self.coast_km(lon, lat)[0] > OFFSHORE_KM else None

    def _ships(self, place: Floats, arrive_s: float, count: int) -> list[Voyage] | None:
        """Take ships that pass within 120 km of a place, moved in time so that they come as the meeting begins."""
        taken: list[Voyage] = []
        for index in self.rng.permutation(len(self.voyages))[:400]:
            voyage = self.voyages[int(index)]
            off = sphere.between_m(voyage.place, place)
            nearest = int(np.argmin(off))
            if off[nearest] > 120_000.0 or not 2 <= nearest < len(off) - 2:
                continue
            sail_s = off[nearest] / (voyage.speed_kn * sphere.KNOT_M_PER_S)
            shift = arrive_s - sail_s - voyage.seconds[nearest]
            if voyage.seconds[0] + shift > arrive_s - 2.0 * 3600.0:
                continue
            taken.append(Voyage(voyage.seconds + shift, voyage.place, voyage.speed_kn))
            if len(taken) == count:
                return taken
        return None

    def _way(
        self, voyage: Voyage, here: Rendezvous, stay: tuple[float, float], silent: bool  # noqa: FBT001 - drawn, not a switch
    ) -> tuple[Floats, Floats] | None:  # fmt: skip
        """Draw where and when one ship is heard: passage, way aside, stay, way back, passage resumed.

        A ship that would not be heard on both sides of its silence is drawn again, nine times in ten.
        """
        rng = self.rng
        ends = here.at(np.array(stay))
        turn = max(int(np.argmin(sphere.between_m(voyage.place, ends[0]))) - int(rng.integers(0, 3)), 0)
        back = min(turn + int(rng.integers(0, 24)), len(voyage.place) - 1)
        speed = voyage.speed_kn * sphere.KNOT_M_PER_S
        leave_s = stay[0] - float(sphere.between_m(voyage.place[turn], ends[0])) / speed
        again_s = stay[1] + float(sphere.between_m(voyage.place[back], ends[1])) / speed
        way = [
            (voyage.seconds[: turn + 1] - voyage.seconds[turn] + leave_s, voyage.place[: turn + 1]),
            (np.array(stay), ends),
            (voyage.seconds[back:] - voyage.seconds[back] + again_s, voyage.place[back:]),
        ]
        seconds = np.concatenate([w[0] for w in way])
        path = Voyage(seconds, np.concatenate([w[1] for w in way]), voyage.speed_kn)
        moments = self._moments(max(seconds[0], 0.0), min(seconds[-1], self.lasts_s))
        if silent:
            before, after = np.exp(rng.uniform(np.log(0.15), np.log(4.0), 2)) * 3600.0
            early, later = moments[moments < stay[0] - before], moments[moments > stay[1] + after]
            if len(early) < HEARD or (len(later) < HEARD and rng.uniform() < 0.9):
                return None
            moments = np.concatenate((early, later))
        return path.at(moments), moments

    def _moments(self, first_s: float, last_s: float) -> Floats:
        """Draw when a ship is heard: every 1 to 6 minutes, one in four every 12 to 35."""
        every = self.rng.uniform(60, 360) if self.rng.uniform() < 0.75 else self.rng.uniform(720, 2100)
        count = max(int((last_s - first_s) / every), 2)
        steps = np.arange(count) * every + self.rng.uniform(-0.3, 0.3, count) * every
        return np.sort(first_s + every + steps)

    def _report(self, place: Floats, moments: Floats) -> int:
        """Write positions with 15 metres of error under a number of their own."""
        lon, lat = sphere.lonlat(place + self.rng.normal(0.0, 15.0 / sphere.EARTH_RADIUS_M, place.shape))
        self.number += 1
        time = pl.Series((self.begin_ms + moments * 1000.0).astype(np.int64)).cast(TIME)
        self.positions.append(pl.DataFrame({
            "mmsi": np.full(len(lon), self.number), "time": time, "lon": lon.round(5), "lat": lat.round(5)
        }))  # fmt: skip
        return self.number

    def _note(self, kind: str, numbers: list[int], first_s: float, last_s: float, here: Rendezvous) -> None:
        """Write down who met when, and where in the middle of that time."""
        lon, lat = (x[0] for x in sphere.lonlat(here.at(np.array([(first_s + last_s) / 2.0]))))
        start, end = (int(self.begin_ms + s * 1000.0) for s in (first_s, last_s))
        row = (kind, *numbers, start, end, float(lon), float(lat))
        for name, value in zip(self.truth, row, strict=True):
            self.truth[name].append(value)


def _silenced(
    rng: np.random.Generator, rows: pl.DataFrame, share: float, untouched: frozenset[int]
) -> pl.DataFrame:
    """Leave out some hours of some ships, and of all ships of one region."""
    mmsi, time = rows["mmsi"].to_numpy(), rows["time"].dt.epoch("ms").to_numpy()
    numbers, first, of = np.unique(mmsi, return_index=True, return_inverse=True)
    begin, lasts = time[first], np.maximum(time[np.r_[first[1:], len(time)] - 1] - time[first], 1)
    hours = np.exp(rng.uniform(np.log(2.1), np.log(10.0), len(numbers)))
    start = begin + rng.uniform(0, 1, len(numbers)) * lasts
    chosen = rng.uniform(size=len(numbers)) < share
    cut = chosen[of] & (time > start[of]) & (time < start[of] + hours[of] * 3.6e6)
    spared = np.isin(mmsi, list(untouched))
    return rows.filter(pl.Series(spared | ~(cut | _outage(rng, rows, time))))


def _outage(rng: np.random.Generator, rows: pl.DataFrame, time: Ints) -> Bools:
    place = sphere.unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    middle = place[int(rng.integers(len(place)))]
    lasts = rng.uniform(2.2, 4.5) * 3.6e6
    start = rng.uniform(time.min(), time.max() - lasts)
    return np.asarray((time > start) & (time < start + lasts) & (sphere.between_m(place, middle) < 300_000.0))
