"""Honest voyages, and what honest crews do: type late, mistype, spell anew, wait, go round weather, get new orders."""

from __future__ import annotations

from clearwake.benchmarks.voyage_scene import HOURS, Scene, Spot, as_port, here
from clearwake.benchmarks.voyage_stories import FORGOTTEN_DAYS, old_caller
from clearwake.benchmarks.voyage_waters import Port, Sailing

HABITS = (
    "steady", "respelt", "new_orders", "weather", "no_draught", "stale_draught", "mistyped_draught", "no_destination",
    "late_destination", "waiting", "ordinary_silence", "bunkering", "forgotten_call",
)  # fmt: skip

QUIET = ("no_draught", "stale_draught", "mistyped_draught")
"""Of these no changed draught is to be told."""


def honest(scene: Scene, habit: str) -> None:
    """Sail one honest ship, or the two of a meeting."""
    if habit == "bunkering":
        _bunkering(scene)
        return
    if habit == "forgotten_call":
        ship = old_caller(scene, FORGOTTEN_DAYS)
        scene.habits[ship.mmsi] = habit
        scene.roam(ship)
        return
    ship = scene.ship(as_port(scene.draw(lambda _: True, "port")[0]))
    scene.habits[ship.mmsi] = habit
    if habit == "no_draught":
        ship.draught_m, ship.said = None, [each for each in ship.said if each[1] != "draught_m"]
    if habit == "no_destination":
        ship.say(destination=str(scene.rng.choice(["FOR ORDERS", "", "TBA"])))
    ship.lie(scene.between(6.0, 40.0))
    while ship.now < HOURS:
        _voyage(scene, ship, habit)
        stay = scene.between(14.0, 40.0)
        ship.lie(stay)
        if habit not in QUIET and scene.rng.random() < 0.7:
            scene.load(ship, scene.any_load(ship), scene.late_h() - 0.3 * stay)
    if habit == "mistyped_draught":
        _mistype(scene, ship)


def _voyage(scene: Scene, ship: Sailing, habit: str) -> None:
    """Sail to the next port in the manner of a habit."""
    to = scene.next_port(ship)
    hours = scene.km(here(ship), to) / (ship.speed_kn * 1.852)
    left = ship.now
    if habit != "no_destination":
        scene.leave(ship, scene.said(to), scene.between(6.0, 20.0) if habit == "late_destination" else None)
    if habit == "new_orders":
        _ordered(scene, ship, to)
    elif habit == "weather":
        _round_weather(scene, ship, to)
    elif habit == "waiting":
        _wait_off(scene, ship, to)
    else:
        scene.go(ship, to)
    if habit == "respelt":
        for _ in range(2):
            text = scene.said(to)
            ship.said.append((left + scene.between(0.2, 0.9) * hours, "destination", text))
    if habit == "ordinary_silence" and hours > 18.0:
        begin = left + scene.between(2.0, hours - 15.0)
        ship.hush(begin, begin + scene.between(6.5, 12.0))


def _ordered(scene: Scene, ship: Sailing, to: Port) -> None:
    """Be sent elsewhere on the way, and type it within some hours."""
    way = scene.way(here(ship), to)
    turn = len(way) // 2
    ship.sail(way[: turn + 1])
    ship.port = None
    new = as_port(
        scene.draw(lambda port: port != to and 150.0 < scene.km(port, ship.place) < 1500.0, "port")[0]
    )
    scene.leave(ship, scene.said(new), scene.between(0.0, 4.0))
    scene.go(ship, new)


def _round_weather(scene: Scene, ship: Sailing, to: Port) -> None:
    """Go round by a tenth to three tenths of the way."""
    port, direct = here(ship), scene.km(here(ship), to)

    def fits(spot: Spot) -> bool:
        return 1.1 * direct < scene.km(port, spot) + scene.km(to, spot) < 1.3 * direct

    (spot,) = scene.draw(fits, "spot")
    scene.go(ship, spot)
    scene.go(ship, to)


def _wait_off(scene: Scene, ship: Sailing, to: Port) -> None:
    """Wait a day or two some way off the port."""
    way = scene.way(here(ship), to)
    turn = max(len(way) - 3, 1)
    ship.sail(way[: turn + 1])
    ship.port = None
    ship.lie(scene.between(12.0, 40.0))
    scene.go(ship, to)


def _bunkering(scene: Scene) -> None:
    """Let two ships meet at sea on their way, change no draught, and go where they declared."""

    def fits(a: Port, b: Port, c: Port, d: Port, spot: Spot) -> bool:
        return all(
            250.0 < scene.km(port, spot) < 1200.0
            and scene.km(port, spot) + scene.km(to, spot) < 1.25 * scene.km(port, to)
            for port, to in ((a, c), (b, d))
        )

    a, b, c, d, spot = scene.draw(fits, "port", "port", "port", "port", "spot")
    one, other, to = scene.ship(as_port(a)), scene.ship(as_port(b)), (c, d)
    scene.meet(one, other, spot, (scene.said(c), scene.said(d)))  # type: ignore[arg-type]
    for ship, port in zip((one, other), to, strict=True):
        scene.habits[ship.mmsi] = "bunkering"
        scene.go(ship, port)
        scene.roam(ship)


def _mistype(scene: Scene, ship: Sailing) -> None:
    """Lose a digit or a point for half an hour to four, once or twice, and put it right."""
    right = ship.draught_m or 0.0
    for part in range(int(scene.rng.integers(1, 3))):
        begin = scene.between(10.0, 130.0) + 140.0 * part
        wrong = float(
            scene.rng.choice([round(right + 1.0, 1), round(right * 2.0, 1), 0.1 * round(right * 2.0)])
        )
        ship.said += [
            (begin, "draught_m", round(wrong, 1)),
            (begin + scene.between(0.5, 4.0), "draught_m", right),
        ]
