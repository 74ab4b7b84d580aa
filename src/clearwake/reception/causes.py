"""Causes: why a ship was likely not heard, from where it was, who else was heard there, and how it was heard itself.

Silence is not guilt.  A silence counts as switched off only for the hours in which the ship was, as far as can be told,
where ships are heard and were heard; what an outage, a berth or poor reception explains is explained.  Where too little
was heard to learn from, the cause is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.reception.digest import QUARTER_MS
from clearwake.reception.edges import HEARD_ALL, HEARD_FROM, Edges
from clearwake.reception.evidence import Evidence
from clearwake.reception.learnt import OPEN_COUNTS, Expected, Learnt, counted
from clearwake.reception.neighbours import Neighbours
from clearwake.reception.outages import Outage
from clearwake.reception.records import cut_share
from clearwake.reception.roll import Roll
from clearwake.reception.trace import MOVES_M_PER_S, SAILS_ON_MS, Spans, Trace
from clearwake.reception.usual import usual_a_day
from clearwake.reception.weighing import SAME_BERTH_KM, SAME_PLACE_KM, weighed
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S, Floats, destination, lonlat

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CoastDistance = Callable[[Floats, Floats], Floats]
"""``lon, lat: (n,), (n,) degrees -> (n,)`` kilometres to the nearest coast."""

SAMPLES = 32
LOOKED_AT_MS = 24 * 3_600_000
"""Of a longer silence the first and the last day are looked at; of one still open the hours it is taken to sail on."""

HOUR_MS = 3_600_000.0
LEAST_RECORD_H = 1.0
"""One report an instant before the silence would make four an hour; a shorter record has no rate of its own."""

BEFORE_MS = 12 * 3_600_000
"""Rates before and after are taken over 12 hours, as Welch et al. 2022 count positions."""

CLOSE_M, CROWD_M = 15_000.0, 30_000.0
CURVED = 0.6
"""How much the smooth curve counts against the shortest way: a ship may have sailed on, or stayed about."""

OWN_WATERS_M = 200_000.0
"""Hours in which a ship was itself heard within this distance, as far out as where it fell silent, tell that ships are
heard there."""

OUTAGE_EDGE_M = 500_000.0
MANY_SHIPS = 20
"""An outage of so many may reach farther than to the ships around them."""

AHEAD_M, NEAR_SHORE_KM, FAR_OUT_KM = 20_000.0, (1.0, 10.0), (100.0, 200.0)
"""How far ahead is looked for the coast to fall back; close to it, and out of stations' reach, that says nothing."""

MOST_HEARD, UNHEARD_H = 0.97, 2.0
"""No ship is surer to be heard again within two hours than this, whatever the map says."""

LIES_KN = 1.0
STAYS_M, LONGEST_STAY_H = 500.0, 3.0


@dataclass(frozen=True)
class Around:
    """Everything that is known around some silences: who was heard, who was not, what was learnt."""

    trace: Trace
    silent: Spans
    roll: Roll
    maps: tuple[Learnt, Learnt]
    """Of ships with transmitters of class A, and of class B."""
    outages: Sequence[Outage]
    coast_km: CoastDistance
    harbour_km: CoastDistance


def explained(around: Around, which: Ints) -> tuple[Evidence, pl.DataFrame]:
    """Weigh the causes of some silences.

    Args:
        around: What is known.
        which: Rows of ``around.silent``.

    Returns:
        The evidence, and what ``weighing.weighed`` makes of it.
    """
    class_b = around.trace.class_b[around.silent.row[which]]
    of_a, of_b = np.flatnonzero(~class_b), np.flatnonzero(class_b)
    gathered = [_Gathering(around, which[of_a], class_b=False).evidence()]
    if of_b.size:
        gathered.append(_Gathering(around, which[of_b], class_b=True).evidence())
    order = np.argsort(np.concatenate((of_a, of_b)))
    evidence = Evidence(*(
        np.concatenate([getattr(part, f.name) for part in gathered])[order] for f in fields(Evidence)
    ))  # fmt: skip
    return evidence, weighed(evidence)


class _Gathering:
    """The evidence on some silences of ships of one class of transmitter being gathered."""

    def __init__(self, around: Around, which: Ints, *, class_b: bool) -> None:
        self._a, self._w, self._class_b = around, which, class_b
        self._lost = around.silent.row[which]
        self._learnt = around.maps[class_b]
        self._alike = around.trace.class_b == class_b
        # Where one of class B is heard one of class A would be, so all who are heard tell of class A.
        self._peers = around.roll.among(around.roll.class_b) if class_b else around.roll
        self._out = np.zeros(len(around.silent), bool)
        for outage in around.outages:
            self._out[outage.members] = True
        lon, lat = lonlat(around.silent.here[which])
        self._coast = around.coast_km(lon, lat)
        self._coast_back = around.coast_km(*lonlat(around.silent.there[which]))
        self._edges = Edges(self._learnt, around.trace, self._peers, around.coast_km, self._alike)
        self._in_map = counted(around.silent.of(which), self._coast, self._out[which])

    def evidence(self) -> Evidence:
        """Gather everything."""
        s, w = self._a.silent, self._w
        here, there = s.here[w], s.there[w]
        lon, lat = lonlat(here)
        coast = self._coast
        moved = np.linalg.norm(there - here, axis=1) * EARTH_RADIUS_M / 1000.0
        known: dict[str, NDArray[np.generic]] = {
            "lasted_h": s.lasted[w] / HOUR_MS, "is_open": s.is_open[w], "coast_km": coast,
            "class_b": np.full(w.size, self._class_b),
            "shore_km": np.minimum(coast, self._coast_back),
            "harbour_km": self._a.harbour_km(lon, lat), "moved_km": np.where(s.is_open[w], np.nan, moved),
            "reception": self._learnt.per_day(lon, lat, coast, s.start[w] // 3_600_000 % 24),
        }  # fmt: skip
        known |= self._movement() | self._own_rates() | self._neighbours()
        known |= self._along(known["own_quarters"])
        with_, wholly = self._with_outage()
        before, on = (np.asarray(known[n], np.int64) for n in ("neighbours_before", "neighbours_heard"))
        known["with_outage"] = wholly | with_ & ((on == 0) | (2 * on < before))
        known |= {"inside": self._inside(), "edge_odds": self._edge_odds(), "cut_share": self._cut_share()}
        known["outward"] = self._outward()
        known["usual_a_day"] = usual_a_day(s, self._peers, self._out | ~self._alike[s.row], w)
        return Evidence(**{f.name: known[f.name] for f in fields(Evidence)})  # type: ignore[arg-type]

    def _movement(self) -> dict[str, NDArray[np.generic]]:
        t, s = self._a.trace, self._a.silent
        measured_kn = np.linalg.norm(s.leaving[self._w], axis=1) * EARTH_RADIUS_M * 1000.0 / KNOT_M_PER_S
        known = t.motion_known()[self._lost]
        reported = t.speed_kn[self._lost]
        said = np.isfinite(reported)
        lies = known & (measured_kn <= LIES_KN) & (~said | (reported <= 1.5 * LIES_KN))
        speed = np.where(said, reported, np.where(known, measured_kn, np.nan))
        return {
            "speed_kn": speed, "lies": lies, "nav_status": t.nav_status[self._lost],
            "lay_h": self._lay_h(), **self._habits(),
        }  # fmt: skip

    def _lay_h(self) -> Floats:
        """Say how long it had stayed within ``STAYS_M`` when it fell silent."""
        t, row = self._a.trace, self._lost
        here = self._a.silent.here[self._w]
        since, stays = t.last[row].copy(), np.ones(row.size, bool)
        for back in range(int(LONGEST_STAY_H * 4)):
            before = np.maximum(row - back, 0)
            stays &= t.track[before] == t.track[row]
            stays &= _apart_m(t.begin[before], here) <= STAYS_M
            since = np.where(stays, np.minimum(since, t.first[before]), since)
        return np.asarray((t.last[row] - since) / HOUR_MS)

    def _habits(self) -> dict[str, Floats]:
        """Say in which part of its quarters of an hour it lay still, and of the others how many were near."""
        t, here = self._a.trace, self._a.silent.here[self._w]
        speed_kn = np.linalg.norm(t.departing(), axis=1) * EARTH_RADIUS_M * 1000.0 / KNOT_M_PER_S
        lay = t.motion_known() & (speed_kn <= LIES_KN)
        begin = np.searchsorted(t.track, t.track[self._lost])
        end = np.searchsorted(t.track, t.track[self._lost], side="right")
        moved_m = np.linalg.norm(self._a.silent.there[self._w] - here, axis=1) * EARTH_RADIUS_M
        within_m = np.clip(moved_m, SAME_BERTH_KM * 1000.0, SAME_PLACE_KM * 1000.0)
        still, near = np.zeros(begin.size), np.zeros(begin.size)
        for n, (a, b) in enumerate(zip(begin.tolist(), end.tolist(), strict=True)):
            apart = _apart_m(t.end[a:b], here[n]) <= within_m[n]
            moving = ~lay[a:b]
            still[n] = 1.0 - moving.mean()
            near[n] = (apart & moving).sum() / max(int(moving.sum()), 1)
        return {"own_still": still, "own_near": near, "own_farther_h": self._own_farther_h(begin, end, ~lay)}

    def _own_farther_h(self, begin: Ints, end: Ints, moving: Bools) -> Floats:
        """Say how long it was heard under way in these waters, as far out as where it fell silent or came back.

        Who sails out of reach falls silent at the farthest: of its own record hardly any is farther out.

        Args:
            begin: Per silence, the first quarter of the ship's record: ``(n,)``.
            end: After the last.
            moving: Quarters in which ships were under way: ``(len(trace),)``.
        """
        t, s, w = self._a.trace, self._a.silent, self._w
        far = np.where(s.is_open[w], self._coast, np.maximum(self._coast, self._coast_back))
        own = [
            a + np.flatnonzero(moving[a:b] & (_apart_m(t.end[a:b], s.here[w[n]]) <= OWN_WATERS_M))
            for n, (a, b) in enumerate(zip(begin.tolist(), end.tolist(), strict=True))
        ]
        which = np.repeat(np.arange(begin.size), [rows.size for rows in own])
        # Only quarters near a silence: the coast is far too dear to look up for all of a week.
        asked, at = np.unique(np.concatenate([*own, np.empty(0, np.int64)]), return_inverse=True)
        coast = self._a.coast_km(*lonlat(t.end[asked]))[at]
        return np.bincount(which, coast >= far[which], begin.size) / 4.0

    def _own_rates(self) -> dict[str, NDArray[np.generic]]:
        """Count its own positions over 12 hours before and after."""
        t, s = self._a.trace, self._a.silent
        _, number = np.unique(t.track, return_inverse=True)
        span = int(t.quarter.max()) + 2 if len(t) else 1
        key = number * span + t.quarter
        total = np.concatenate((np.zeros(1, np.int64), np.cumsum(t.positions)))
        satellite = np.concatenate((np.zeros(1, np.int64), np.cumsum(t.satellite)))
        told = np.concatenate((np.zeros(1, np.int64), np.cumsum(t.satellite + t.terrestrial)))
        quiet = np.zeros(len(t) + 1)
        quiet[s.row[~s.is_open] + 1] = s.lasted[~s.is_open] / HOUR_MS
        quiet = np.cumsum(quiet)
        row, start = self._lost, s.start[self._w]
        first = np.searchsorted(key, number[row] * span + (start - BEFORE_MS) // QUARTER_MS)
        before = total[row + 1] - total[first]
        record_h = np.maximum((t.last[row] - t.first[first]) / HOUR_MS, 0.25)
        heard_h = np.maximum(record_h - (quiet[row] - quiet[first]), 0.25)
        own = np.minimum((row + 1 - first) / (heard_h + 0.25), 4.0)
        is_short = record_h < LEAST_RECORD_H
        own = np.where(is_short, self._others_quarters(), own)
        late = np.searchsorted(key, number[row] * span + (start - 2 * 3_600_000) // QUARTER_MS + 1)
        late_h = np.minimum(2.0, record_h)
        fading = np.where(record_h >= 4.0, (row + 1 - late) / (late_h + 0.25) / own, np.nan)
        back = np.minimum(row + 1, len(t) - 1)
        upto = np.searchsorted(
            key, number[back] * span + (t.first[back] + BEFORE_MS) // QUARTER_MS, side="right"
        )
        after_h = np.maximum((t.last[np.maximum(upto - 1, 0)] - t.first[back]) / HOUR_MS, 0.25)
        after = np.where(s.is_open[self._w], np.nan, (total[upto] - total[back]) / after_h)
        says = told[row + 1] - told[first] > 0
        return {
            "positions_before": before, "rate_after": after, "record_h": record_h,
            "satellite_before": np.where(says, satellite[row + 1] - satellite[first], np.nan),
            "rate_before": np.where(is_short, np.nan, before / record_h), "own_quarters": own, "fading": fading,
        }  # fmt: skip

    def _others_quarters(self) -> Floats:
        """Give in how many quarters of an hour ships that are heard where it fell silent are heard, 0 to 4."""
        lon, lat = lonlat(self._a.silent.here[self._w])
        return self._learnt.expected(lon, lat, self._coast).quarters_per_h

    def _neighbours(self) -> dict[str, NDArray[np.generic]]:
        """Ask the ships heard nearby when it fell silent whether they were heard on."""
        before, on = Neighbours(self._a.trace, self._a.roll).heard_on(self._a.silent.of(self._w))
        return {"neighbours_before": before, "neighbours_heard": on}

    def _along(self, own_quarters: NDArray[np.generic]) -> dict[str, NDArray[np.generic]]:
        """Look at where it was, as far as can be told, hour by hour."""
        which, time, hours = self._sampled()
        w = self._w[which]
        place = self._a.silent.at(w, time)
        covered = self._covered(w, place, time)
        own = np.asarray(own_quarters, np.float64)[which]
        share, well, rate, there = self._heard_along(which, place, time, hours)
        missed = _missed_an_hour(share)
        if not self._a.silent.is_open[self._w].all():
            other = self._heard_along(which, self._a.silent.straight(w, time), time, hours)
            share = CURVED * share + (1.0 - CURVED) * other[0]
            missed = CURVED * missed + (1.0 - CURVED) * _missed_an_hour(other[0])
            well = CURVED * well + (1.0 - CURVED) * other[1]
            rate = np.minimum(rate, other[2])
        well = well * ~covered
        rate = np.minimum(rate, own)
        poor: Floats = (1.0 - well) * ~covered
        quarter = time // QUARTER_MS
        heard, _ = self._beside(place, quarter, w)
        n = self._w.size
        crowd = self._a.roll.crowd(place, quarter, CROWD_M) - 1.0

        def total(values: NDArray[np.floating]) -> Floats:
            return np.asarray(np.bincount(which, values * hours, n), np.float64)

        all_h = np.maximum(total(np.ones(which.size)), 1e-9)
        heard_quarters, _ = self._anybody(quarter)
        return {
            "looked_h": all_h, "share": total(share) / all_h, "missed": total(missed * ~covered),
            "outage_h": total(covered * 1.0), "outage_share": total(covered * 1.0) / all_h,
            "well_h": total(well), "poor_share": total(poor) / all_h, "expected": total(well * rate),
            "close_heard": total(heard) / all_h, "near_h": total(there.near_h) / all_h,
            "region_h": total(there.region_h) / all_h, "band_h": total(there.band_h) / all_h,
            "likewise": self._likewise(), "heard_h": np.full(n, self._learnt.heard_h),
            "crowd": total(crowd * poor) / np.maximum(total(poor), 1e-9),
            "anybody": total(heard_quarters * 1.0) / all_h >= 0.5,
        }  # fmt: skip

    def _heard_along(
        self, which: Ints, place: Floats, time: Ints, hours: Floats
    ) -> tuple[Floats, Floats, Floats, Expected]:
        """Say how ships are heard along one way: part heard again soon, how well, quarters an hour, the rest."""
        share, there = self._heard_there(which, place, time, hours)
        heard, silent = self._beside(place, time // QUARTER_MS, self._w[which])
        share = np.maximum(share, heard / (heard + silent + 0.5))
        well = np.clip((share - HEARD_FROM) / (HEARD_ALL - HEARD_FROM), 0.0, 1.0)
        return share, np.asarray(well, np.float64), there.quarters_per_h, there

    def _sampled(self) -> tuple[Ints, Ints, Floats]:
        """Give moments spread evenly over each silence: which, when, and for how many hours each stands."""
        lasted = self._a.silent.lasted[self._w]
        looked = np.where(self._a.silent.is_open[self._w], SAILS_ON_MS, 2 * LOOKED_AT_MS)
        looked = np.minimum(lasted, looked)
        count = np.clip(looked // QUARTER_MS, 2, SAMPLES)
        which = np.repeat(np.arange(lasted.size), count)
        step = np.arange(which.size) - np.repeat(np.cumsum(count) - count, count)
        into = (looked[which] * (step + 0.5) / count[which]).astype(np.int64)
        late = (into > looked[which] // 2) & ~self._a.silent.is_open[self._w][which]
        into = np.where(late, into + (lasted - looked)[which], into)
        return which, self._a.silent.start[self._w][which] + into, looked[which] / count[which] / HOUR_MS

    def _covered(self, span: Ints, place: Floats, time: Ints) -> Bools:
        """Say which moments lie in an outage: all of a silence that one explains, else those at its time and place."""
        covered = np.zeros(span.size, bool)
        for outage in self._a.outages:
            until = np.iinfo(np.int64).max if outage.end is None else outage.end
            covered |= np.isin(span, outage.members) & (time <= until + 2 * QUARTER_MS)
            covered |= outage.covers(place, time)
        return covered

    def _heard_there(self, which: Ints, place: Floats, time: Ints, hours: Floats) -> tuple[Floats, Expected]:
        """Say how ships are heard where it was: part heard again soon, quarters an hour, ship-hours this rests on.

        The place is the less sure the farther it is from when the ship was last and next heard; so the surroundings
        are asked as well, and the worse answer is taken.
        """
        s, w = self._a.silent, self._w[which]
        in_map = self._in_map[which]
        lon, lat = lonlat(place)
        own = (which, np.where(in_map, hours, 0.0) * np.where(s.is_open[w], OPEN_COUNTS, 1.0))
        middle = self._learnt.expected(lon, lat, self._a.coast_km(lon, lat), own)
        off_ms = np.where(s.is_open[w], time - s.start[w], np.minimum(time - s.start[w], s.end[w] - time))
        motion = np.maximum(np.linalg.norm(s.leaving[w], axis=1), np.linalg.norm(s.coming[w], axis=1))
        off_m = np.clip(0.2 * motion * EARTH_RADIUS_M * off_ms, 3_000.0, 40_000.0)
        beside = np.zeros(which.size)
        for course in (45.0, 135.0, 225.0, 315.0):
            x, y = destination(lon, lat, np.full(lon.size, course), off_m)
            beside += self._learnt.expected(x, y, self._a.coast_km(x, y), own).share / 4.0
        return np.minimum(middle.share, beside), middle

    def _beside(self, place: Floats, quarter: Ints, w: Ints) -> tuple[Floats, Floats]:
        """Count the others close to where it was who were heard then, and who were between two positions.

        Of those that are heard as far: of class B only such for one of class B, and for class A none that was silent.
        """
        roll = self._peers
        rows = roll.company(place, quarter, self._a.silent.track[w], CLOSE_M)
        heard = (rows >= 0) & roll.is_heard[rows]
        span = roll.span[rows]
        between = (rows >= 0) & (span >= 0)
        between &= ~self._a.silent.is_open[span] if len(self._a.silent) else False
        between &= roll.class_b[rows] == self._class_b
        return heard.sum(axis=1).astype(np.float64), between.sum(axis=1).astype(np.float64)

    def _likewise(self) -> Ints:
        """Count its own other silences that are at least half as long.

        A record that merely stops is none: nobody knows how long that silence is, or whether the ship had arrived.
        """
        s = self._a.silent
        usual = np.flatnonzero(~self._out & s.moves & ~s.is_open)
        order = usual[np.lexsort((s.lasted[usual], s.track[usual]))]
        tracks = np.unique(s.track)
        reach = int(s.lasted.max()) + 1
        key = np.searchsorted(tracks, s.track[order]) * reach + s.lasted[order]
        own = np.searchsorted(tracks, s.track[self._w]) * reach
        longer = np.searchsorted(key, own + reach) - np.searchsorted(key, own + s.lasted[self._w] // 2)
        return np.asarray(longer - np.isin(self._w, usual), np.int64)

    def _inside(self) -> Floats:
        """Say how surely it fell silent, and was heard again, inside of what is heard, not at its edge.

        Who leaves what is heard is heard until the edge.  So the way on from where it was last heard is looked at, and
        the way back from where it was heard again; the worse of both counts.
        """
        s, w = self._a.silent, self._w
        away = self._edges.inside(s.here[w], s.leaving[w], self._in_map)
        back = self._edges.inside(s.there[w], -s.coming[w], self._in_map)
        return np.where(s.is_open[w], 0.7 * away, np.minimum(away, back))

    def _with_outage(self) -> tuple[Bools, Bools]:
        """Say which silences began or ended with an outage of many ships, and share most of their time with it.

        And which both began and ended with one not far off: at its edge some are heard and others are not.
        """
        s, w = self._a.silent, self._w
        told, wholly = np.zeros(w.size, bool), np.zeros(w.size, bool)
        for outage in self._a.outages:
            if outage.end is None or outage.members.size < MANY_SHIPS:
                continue
            shared = np.minimum(s.end[w], outage.end) - np.maximum(s.start[w], outage.start)
            longest = np.maximum(s.lasted[w], outage.end - outage.start)
            begun, ended = np.abs(s.start[w] - outage.start), np.abs(s.end[w] - outage.end)
            most = (shared >= 0.8 * longest) & ~s.is_open[w]
            told |= (np.minimum(begun, ended) <= 3 * QUARTER_MS) & most
            both = np.flatnonzero((np.maximum(begun, ended) <= 3 * QUARTER_MS) & most)
            wholly[both[outage.is_beside(s.here[w[both]], OUTAGE_EDGE_M)]] = True
        return told, wholly

    def _cut_share(self) -> Floats:
        """Say how many of such ends as an open silence's are only those of a record cut short."""
        s, w = self._a.silent, self._w
        cut = np.zeros(w.size)
        still = np.flatnonzero(s.is_open[w])
        if still.size:
            place, motion = s.here[w[still]], s.leaving[w[still]]
            inside = self._edges.inside(place, motion, self._in_map[still])
            cut[still] = cut_share(self._a.trace, self._edges, self._a.outages, self._alike, inside)
        return cut

    def _edge_odds(self) -> Floats:
        """Say how much likelier both its ends are for a ship that left what is heard than for any other.

        The ends are not independent of each other: the less telling one counts by its root.
        """
        s, w = self._a.silent, self._w
        away = self._edges.odds(s.track[w], s.here[w], s.leaving[w], self._coast)
        back = self._edges.odds(s.track[w], s.there[w], -s.coming[w], self._coast_back)
        both = np.maximum(away, back) * np.sqrt(np.minimum(away, back))
        return np.where(s.is_open[w], away, both)

    def _outward(self) -> Floats:
        """Say how straight away from the coast it sailed at both ends, where stations ashore may lose a ship."""
        s, w = self._a.silent, self._w
        away = self._seaward(s.here[w], s.leaving[w], self._coast)
        back = self._seaward(s.there[w], -s.coming[w], self._coast_back)
        return np.where(s.is_open[w], away, np.minimum(away, back))

    def _seaward(self, place: Floats, motion: Floats, coast: Floats) -> Floats:
        """Give the part of the next ``AHEAD_M`` that leads away from the coast: ``(n, 3), (n, 3), (n,) -> (n,)``."""
        pace = np.linalg.norm(motion, axis=1)
        ahead = place + motion / np.maximum(pace, 1e-30)[:, None] * AHEAD_M / EARTH_RADIUS_M
        gained = (self._a.coast_km(*lonlat(ahead)) - coast) / (AHEAD_M / 1000.0)
        from_shore = np.clip((coast - NEAR_SHORE_KM[0]) / (NEAR_SHORE_KM[1] - NEAR_SHORE_KM[0]), 0.0, 1.0)
        in_reach = np.clip((FAR_OUT_KM[1] - coast) / (FAR_OUT_KM[1] - FAR_OUT_KM[0]), 0.0, 1.0)
        under_way = pace * EARTH_RADIUS_M * 1000.0 >= MOVES_M_PER_S
        return np.asarray(np.clip(gained, -1.0, 1.0) * from_shore * in_reach * under_way)

    def _anybody(self, quarter: Ints) -> tuple[Bools, Ints]:
        roll = self._a.roll
        heard = np.add.reduceat(roll.is_heard, roll.starts[:-1], dtype=np.int64)
        at = np.searchsorted(roll.quarters, quarter).clip(0, roll.quarters.size - 1)
        count = np.where(roll.quarters[at] == quarter, heard[at], 0)
        return count >= 1, count


def _apart_m(places: Floats, here: Floats) -> Floats:
    return np.asarray(np.linalg.norm(places - here, axis=1) * EARTH_RADIUS_M)


def _missed_an_hour(share: Floats) -> Floats:
    """Say how unlikely an hour unheard is where this part of ships is heard again within two: minus the logarithm."""
    return np.asarray(-np.log(1.0 - np.clip(share, 0.0, MOST_HEARD)) / UNHEARD_H)
