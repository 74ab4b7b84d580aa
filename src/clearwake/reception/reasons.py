"""Reasons in words: what speaks for the likely cause of a silence, and what against it, with the numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from clearwake.reception.causes import LEAST_RECORD_H, LIES_KN
from clearwake.reception.evidence import Evidence
from clearwake.reception.weighing import CROWD, FADING, MISSED_MOST, SAME_PLACE_KM

TELLING, CUT, OFTEN, COMMON = 2.0, 0.1, 0.3, 0.1
"""Odds, parts of records, and silences a day from which on they are worth a sentence."""

ENOUGH = 3.0
"""Quarters of an hour in which it should have been heard; so many unheard leave one chance in twenty (1/e cubed)."""

UNLIKELY = 3.0
"""A chance of one in twenty, as a logarithm, is worth a sentence."""

SEAWARD = 0.5

Sentence = Callable[[Evidence, int], str | None]

_STATUS = {0: "under way using engine", 1: "at anchor", 2: "not under command", 3: "restricted in manoeuvring",
           4: "constrained by draught", 5: "moored", 6: "aground", 7: "fishing", 8: "under way sailing"}  # fmt: skip


def sentences(e: Evidence, n: int, cause: str) -> list[str]:
    """Give the reasons for and against the likely cause of silence ``n``; those for it come first."""
    about = {name: [s for s in (say(e, n) for say in says) if s] for name, says in _SAID.items()}
    first = [f"for: {s}" for s in about.pop(cause, [])]
    against = [f"against: {s}" for name in sorted(about, key=_ORDER.index) for s in about[name]]
    return first + against


def _outage(e: Evidence, n: int) -> str | None:
    if e.outage_share[n] <= 0.0:
        return None
    return f"for {e.outage_h[n]:.1f} h of it hardly any ship there was heard that usually is: see feed_health"


def _with_outage(e: Evidence, n: int) -> str | None:
    if not e.with_outage[n]:
        return None
    return "it began or ended with an outage of many ships farther off: see feed_health"


def _heard_on(e: Evidence, n: int) -> str | None:
    before, after = int(e.neighbours_before[n]), int(e.neighbours_heard[n])
    if not before or after < 0.5 * before or e.outage_share[n] >= 0.5:
        return None
    return f"{after} of {before} ships heard within 100 km in the hour before were heard on"


def _not_heard_on(e: Evidence, n: int) -> str | None:
    before, after = int(e.neighbours_before[n]), int(e.neighbours_heard[n])
    if not before or after >= 0.5 * before:
        return None
    return f"only {after} of {before} ships heard within 100 km in the hour before were heard on"


def _well(e: Evidence, n: int) -> str | None:
    if e.expected[n] < ENOUGH:
        return None
    rate = "its own rate" if np.isfinite(e.rate_before[n]) else "the rate of others there"
    return (
        f"for {e.well_h[n]:.1f} h of it the ship was where ships are heard, as far as can be told; at {rate} it "
        f"should have been heard in about {e.expected[n]:.0f} quarters of an hour"
    )


def _inside(e: Evidence, n: int) -> str | None:
    if e.inside[n] < 0.5:
        return None
    again = "" if e.is_open[n] else " and heard again"
    return f"it fell silent{again} where ships are heard 20 km farther on as well, not at the edge of what is heard"


def _missed(e: Evidence, n: int) -> str | None:
    if e.missed[n] < UNLIKELY:
        return None
    one_in = round(float(np.exp(min(e.missed[n], MISSED_MOST))), -1)
    return (
        f"where ships are heard as along its way, one in {one_in:.0f} or fewer would be unheard for as long by chance, "
        "if one wait did not make the next likelier"
    )


def _outward(e: Evidence, n: int) -> str | None:
    if e.outward[n] < SEAWARD:
        return None
    again = "" if e.is_open[n] else ", and came back from there"
    return f"it sailed away from the coast{again}, as ships do that leave the reach of stations ashore"


def _along_shore(e: Evidence, n: int) -> str | None:
    if e.outward[n] >= 0.0:
        return None
    again = "" if e.is_open[n] else " or did not come back from there"
    return f"it did not sail away from the coast{again}, as ships do that leave the reach of stations ashore"


def _often(e: Evidence, n: int) -> str | None:
    if e.likewise[n] < 1:
        return None
    times = "once" if e.likewise[n] == 1 else f"{e.likewise[n]} times"
    return f"it was {times} else silent at least half as long, and no outage explains that"


def _close(e: Evidence, n: int) -> str | None:
    if e.close_heard[n] < 1.0:
        return None
    others = "other ships of class B" if e.class_b[n] else "other ships"
    return (
        f"{e.close_heard[n]:.0f} {others} within 15 km of where it may have been were heard then, on average"
    )


def _own_waters(e: Evidence, n: int) -> str | None:
    if e.own_farther_h[n] < 1.0:
        return None
    return (
        f"it was itself heard for {e.own_farther_h[n]:.1f} h within 200 km, under way and as far from the coast "
        "as there or farther"
    )


def _rates(e: Evidence, n: int) -> str | None:
    before, after = e.rate_before[n], e.rate_after[n]
    if not np.isfinite(before) or (np.isfinite(e.fading[n]) and e.fading[n] < FADING):
        return None
    again = "" if not np.isfinite(after) else f" and {after:.1f} an hour after"
    return f"heard {before:.1f} times an hour before{again}, with no sign of fading"


def _fades(e: Evidence, n: int) -> str | None:
    if not np.isfinite(e.fading[n]) or e.fading[n] >= FADING:
        return None
    return f"in its last two hours it was heard {100 * e.fading[n]:.0f} % as often as in the 12 hours before"


def _poor(e: Evidence, n: int) -> str | None:
    if e.poor_share[n] < 0.15:
        return None
    return (
        f"for {100 * e.poor_share[n]:.0f} % of it the ship may have been where ships are seldom heard; of ship-hours "
        f"along its way {100 * e.share[n]:.0f} % are of ships heard again within two hours"
    )


def _usual(e: Evidence, n: int) -> str | None:
    if e.usual_a_day[n] < COMMON:
        return None
    return (
        "silences as long are usual in these waters: each ship heard within 60 km of where it fell silent and of where "
        f"it was heard again has about {e.usual_a_day[n]:.1f} of them a day"
    )


def _edge(e: Evidence, n: int) -> str | None:
    if e.edge_odds[n] < TELLING:
        return None
    again = "" if e.is_open[n] else ", and came back,"
    return (
        f"it left{again} where hardly any other ship is ever heard 15 to 35 km farther on: "
        f"{e.edge_odds[n]:.0f} times as likely of a ship that sailed out of reach as of any"
    )


def _cut(e: Evidence, n: int) -> str | None:
    if e.cut_share[n] < CUT:
        return None
    return (
        f"up to {100 * e.cut_share[n]:.0f} % of the records that end like this one may only be cut short: "
        "as many begin under way in the midst of what is heard"
    )


def _seldom(e: Evidence, n: int) -> str | None:
    if e.expected[n] >= ENOUGH or e.well_h[n] <= 0.0:
        return None
    return f"at the rate at which it and others are heard there, only {e.expected[n]:.1f} reports were to be expected"


def _lies(e: Evidence, n: int) -> str | None:
    status = e.nav_status[n]
    said = "" if not np.isfinite(status) else f", navigational status {_STATUS.get(int(status), int(status))}"
    where = f"{e.coast_km[n]:.0f} km from the coast and {e.harbour_km[n]:.1f} km from a port or anchorage"
    if e.lies[n]:
        lay = f" for {e.lay_h[n]:.1f} h" if e.lay_h[n] >= 0.5 else ""
        return f"lay still before{lay}, {where}{said}"
    return None


def _seldom_far(e: Evidence, n: int) -> str | None:
    if not np.isfinite(e.moved_km[n]) or e.moved_km[n] > SAME_PLACE_KM or e.own_near[n] < OFTEN:
        return None
    return (
        f"under way it is as near to there for {100 * e.own_near[n]:.0f} % of its record, so that says little"
    )


def _near_quay(e: Evidence, n: int) -> str | None:
    if e.lies[n] or not (e.speed_kn[n] <= 6.0 * LIES_KN and min(e.harbour_km[n], e.coast_km[n]) <= 3.0):
        return None
    return f"last heard at {e.speed_kn[n]:.1f} kn {e.harbour_km[n]:.1f} km from a port or anchorage"


def _stayed(e: Evidence, n: int) -> str | None:
    if not np.isfinite(e.moved_km[n]) or e.moved_km[n] > 3.0:
        return None
    return f"heard again {e.moved_km[n]:.1f} km from where it was last heard"


def _went(e: Evidence, n: int) -> str | None:
    if not np.isfinite(e.moved_km[n]) or e.moved_km[n] <= 3.0:
        return None
    return f"heard again {e.moved_km[n]:.0f} km away"


def _crowded(e: Evidence, n: int) -> str | None:
    if e.crowd[n] < CROWD or e.poor_share[n] < 0.3:
        return None
    return f"about {e.crowd[n]:.0f} other ships lay within 30 km, where messages collide"


def _little(e: Evidence, n: int) -> str | None:
    if e.near_h[n] >= 10.0:
        return None
    return f"reception there rests on only {e.near_h[n]:.1f} ship-hours within 111 km"


def _far_out(e: Evidence, n: int) -> str | None:
    if e.near_h[n] >= 10.0 or e.poor_share[n] < 0.5 or e.share[n] >= 0.5:
        return None
    return f"at its distances from the coast ships are seldom heard anywhere ({e.band_h[n]:.0f} ship-hours)"


def _short_record(e: Evidence, n: int) -> str | None:
    if e.record_h[n] >= 6.0:
        return None
    if e.record_h[n] < LEAST_RECORD_H:
        return (
            f"the ship had been followed for under an hour: of its own rate nothing is known, others heard there are "
            f"heard in {e.own_quarters[n]:.1f} of four quarters of an hour"
        )
    return f"the ship had been followed for only {e.record_h[n]:.1f} h"


def _class_b(e: Evidence, n: int) -> str | None:
    if not e.class_b[n]:
        return None
    return (
        "its transmitter is of class B, heard less far: only others of class B say how ships are heard there"
    )


def _nobody(e: Evidence, n: int) -> str | None:
    return None if e.anybody[n] else "for most of it nobody at all was heard"


def _lasts(e: Evidence, n: int) -> str | None:
    return "not heard again, so nothing tells where it went" if e.is_open[n] else None


_SAID: dict[str, tuple[Sentence, ...]] = {
    "feed_outage": (_outage, _with_outage, _not_heard_on, _nobody),
    "moored": (_lies, _near_quay, _stayed),
    "out_of_reception": (_class_b, _poor, _usual, _edge, _outward, _far_out, _seldom, _often, _fades),
    "crowding": (_crowded,),
    "switched_off": (
        _well,
        _missed,
        _inside,
        _along_shore,
        _close,
        _heard_on,
        _own_waters,
        _rates,
        _went,
        _seldom_far,
    ),
    "unknown": (_cut, _little, _short_record, _lasts),
}
_ORDER = list(_SAID)
