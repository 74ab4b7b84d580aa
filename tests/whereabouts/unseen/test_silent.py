"""What is measured of silences: who fell silent and came back together."""

from __future__ import annotations

from tests.whereabouts.unseen.seas import A, B, C, heard
from tests.whereabouts.unseen.seas import silences as gaps

from clearwake import places
from clearwake.whereabouts.unseen.silent import silences
from clearwake.whereabouts.unseen.traces import Legs, Traces, usual_speeds

STAYS = (0.0, 0, 0), (20.0, 0, 0)


def together(*ships: tuple[int, tuple[float, float] | None]) -> list[int]:
    heard_ships = [heard(mmsi, STAYS, silent) for mmsi, silent in ships]
    traces = Traces.of(heard_ships)
    found = silences(
        gaps(*heard_ships),
        traces,
        usual_speeds(traces, Legs.of(traces)),
        places.load(),
        float(traces.hour.max()),
    )
    mine = found.track // 10_000
    return [int(found.together[mine == mmsi][0]) for mmsi, silent in ships if silent]


def test_ships_that_fall_silent_and_come_back_together_are_counted() -> None:
    assert together((A, (8.0, 14.0)), (B, (8.1, 14.1)), (C, (8.0, 17.0))) == [1, 1, 0]


def test_ships_never_heard_again_are_together_only_where_they_fell_silent_at_the_same_time() -> None:
    # Of all that are not heard again the silence ends with the data; so only its beginning can tell.
    open_end = 99.0
    ships = (A, (8.0, open_end)), (B, (8.2, open_end)), (C, (8.7, open_end)), (C + 1, None)
    assert together(*ships) == [1, 1, 0]


def test_one_heard_again_and_one_never_heard_again_are_not_together() -> None:
    # B is heard again at the very end of the data.
    assert together((A, (8.0, 99.0)), (B, (8.0, 20.0))) == [0, 0]
