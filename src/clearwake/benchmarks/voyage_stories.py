"""Voyages to plant that are to be told of: changed draughts, destinations not sailed to, calls in the DPRK."""

from __future__ import annotations

from collections.abc import Callable

from clearwake import sphere
from clearwake.benchmarks.voyage_scene import Fact, Scene, Spot, as_port, here
from clearwake.benchmarks.voyage_waters import Port, Sailing, least_km, long_km

CLEAR_KM = 120.0
"""A ship that does not come to a port keeps this far from it."""

OLD_DAYS, FORGOTTEN_DAYS = (40, 90, 150, 165), (186, 192)
"""How long before the scene calls in the DPRK were made that are remembered for 180 days, or no longer.

An old call ends within four days of these, and the scene lasts twelve."""

DPRK_MID = 445


def _two(scene: Scene) -> tuple[Sailing, Sailing, Spot]:
    """Give two ships in two ports, and a place at sea between for a meeting."""

    def fits(a: Port, b: Port, spot: Spot) -> bool:
        return all(250.0 < scene.km(port, spot) < 1400.0 for port in (a, b))

    a, b, spot = scene.draw(fits, "port", "port", "spot")
    return scene.ship(as_port(a)), scene.ship(as_port(b)), spot  # type: ignore[return-value]


# Draught.


def draught_call(scene: Scene) -> None:
    """Load or discharge in port, and type it."""
    ship = scene.ship(as_port(scene.draw(lambda _: True, "port")[0]))
    ship.lie(scene.between(8.0, 24.0))
    scene.go_on(ship)
    arrived, stay = ship.now, scene.between(14.0, 36.0)
    ship.lie(stay)
    scene.load(ship, scene.any_load(ship), scene.late_h() - 0.3 * stay)
    scene.facts.append(Fact("draught_call", "port_call", ship.mmsi, arrived, ship.now))
    scene.go_on(ship)
    scene.roam(ship)


def draught_encounter(scene: Scene) -> None:
    """Meet at sea: what one loses the other gains."""
    one, other, spot = _two(scene)
    to = [scene.next_port(ship) for ship in (one, other)]
    begin, end = scene.meet(one, other, spot, (scene.said(to[0]), scene.said(to[1])))
    scene.hand_over(one, other)
    scene.facts.append(Fact("draught_encounter", "encounter", one.mmsi, begin, end, other.mmsi))
    for ship, port in zip((one, other), to, strict=True):
        scene.go(ship, port)
        scene.roam(ship)


def draught_gap(scene: Scene) -> None:
    """Fall silent at sea, and be deeper or lighter when heard again."""
    a, b, spot = scene.draw(
        lambda a, b, spot: all(300.0 < scene.km(port, spot) < 1400.0 for port in (a, b)),
        "port",
        "port",
        "spot",
    )
    ship = scene.ship(as_port(a))
    ship.lie(scene.between(10.0, 30.0))
    scene.load(ship, scene.any_load(ship), 0.3 * scene.late_h())
    scene.leave(ship, scene.said(b))
    scene.go(ship, spot)
    begin = ship.now - scene.between(1.0, 5.0)
    ship.lie(scene.between(6.0, 20.0))
    scene.load(ship, scene.any_load(ship))
    end = ship.now + scene.between(1.0, 5.0)
    ship.hush(begin, end)
    scene.facts.append(Fact("draught_gap", "gap", ship.mmsi, begin, end))
    scene.go(ship, b)
    scene.roam(ship)


# Destinations.


def false_destination(scene: Scene) -> None:
    """Load for one port, meet a ship at sea, and go back or elsewhere."""

    def fits(a: Port, x: Port, b: Port, c: Port, spot: Spot) -> bool:
        return (
            all(250.0 < scene.km(port, spot) < 1300.0 for port in (a, b, c)) and 300.0 < scene.km(a, x) < 2500.0
            and all(least_km(scene.way(port, spot), x) > CLEAR_KM for port in (a, c))
        )  # fmt: skip

    a, x, b, c, spot = scene.draw(fits, "port", "port", "port", "port", "spot")
    ship, other = scene.ship(as_port(a)), scene.ship(as_port(b))
    said = scene.said(x)
    to = scene.next_port(other)
    begin, _ = scene.meet(ship, other, spot, (said, scene.said(to)))  # type: ignore[arg-type]
    scene.hand_over(ship, other)
    back = a if scene.rng.random() < 0.5 else c
    if scene.rng.random() < 0.5:
        scene.leave(ship, scene.said(back), scene.between(2.0, 12.0))
    scene.go(ship, back)
    scene.facts.append(
        Fact("false_destination", "false_destination", ship.mmsi, begin, ship.now, declared=said)
    )
    _go_on_without(scene, ship, x)
    scene.go(other, to)
    scene.roam(other)


def heading_away(scene: Scene) -> None:
    """Sail away from where it declares, to another port."""

    def fits(a: Port, x: Port, y: Port) -> bool:
        to_x, to_y = scene.km(a, x), scene.km(a, y)
        farther = scene.km(y, x) - to_x
        is_clear = least_km(scene.way(a, y), x) > CLEAR_KM
        return (
            300.0 < to_x < 2500.0 and 500.0 < to_y < 2000.0 and farther > max(300.0, 0.7 * to_y) and is_clear
        )

    a, x, y = scene.draw(fits, "port", "port", "port")
    ship = scene.ship(as_port(a))
    ship.lie(scene.between(10.0, 30.0))
    said, left = scene.said(x), ship.now
    scene.leave(ship, said)
    scene.go(ship, y)
    scene.facts.append(Fact("heading_away", "heading_away", ship.mmsi, left, ship.now, declared=said))
    _go_on_without(scene, ship, x)


def called_elsewhere(scene: Scene) -> None:
    """Call at a port off the way, while another is declared."""

    def fits(a: Port, x: Port, y: Port) -> bool:
        to_x, to_y = scene.km(a, x), scene.km(a, y)
        is_off = to_y + scene.km(y, x) > 1.5 * to_x + 200.0
        return (
            300.0 < to_x < 2500.0
            and 300.0 < to_y < 2000.0
            and is_off
            and least_km(scene.way(a, y), x) > CLEAR_KM
        )

    a, x, y = scene.draw(fits, "port", "port", "port")
    ship = scene.ship(as_port(a))
    ship.lie(scene.between(10.0, 30.0))
    said = scene.said(x)
    scene.leave(ship, said)
    scene.go(ship, y)
    begin = ship.now
    ship.lie(scene.between(10.0, 30.0))
    scene.facts.append(
        Fact("called_elsewhere", "called_elsewhere", ship.mmsi, begin, ship.now, declared=said)
    )
    _go_on_without(scene, ship, x, 0.0)


def _go_on_without(scene: Scene, ship: Sailing, shunned: Port | Spot, stay: float | None = None) -> None:
    """Trade on by way of a port far from one that it did not come to."""
    port = here(ship)
    ship.lie(scene.between(14.0, 40.0) if stay is None else stay)
    to = as_port(scene.draw(lambda to: _is_onward(scene, port, to, shunned), "port")[0])
    scene.leave(ship, scene.said(to))
    scene.go(ship, to)
    # Arriving still counts two days after something else was declared, so it stays away for so long.
    ship.lie(36.0)
    scene.roam(ship)


def _is_onward(scene: Scene, port: Port | Spot, to: Port, shunned: Port | Spot) -> bool:
    """Say whether a port can be gone to without coming to another."""
    if to in (port, shunned):
        return False
    way = scene.way(as_port(port), to)
    return 250.0 < long_km(way) < 1700.0 and least_km(way, as_port(shunned)) > CLEAR_KM


def detour(scene: Scene) -> None:
    """Sail by way of a far place at sea: twice the way, and more."""

    def fits(a: Port, b: Port, spot: Spot) -> bool:
        direct = scene.km(a, b)
        sailed = scene.km(a, spot) + scene.km(b, spot)
        return 250.0 < direct < 1200.0 and 1.8 * direct + 350.0 < sailed < 3200.0

    a, b, spot = scene.draw(fits, "port", "port", "spot")
    ship = scene.ship(as_port(a))
    ship.lie(scene.between(10.0, 30.0))
    scene.leave(ship, scene.said(b))
    left = ship.now
    scene.go(ship, spot)
    scene.go(ship, b)
    scene.facts.append(Fact("detour", "detour", ship.mmsi, left, ship.now))
    scene.roam(ship)


def port_skipped(scene: Scene) -> None:
    """Pass by a declared port for the one after it: of a list, or declared anew on the way."""

    def fits(a: Port, x: Port, y: Port) -> bool:
        whole, to_x = scene.km(a, y), scene.km(a, x)
        is_near = to_x > 250.0 and to_x + scene.km(x, y) < 1.15 * whole + 60.0 and scene.km(x, y) > 300.0
        return whole < 2500.0 and is_near and least_km(scene.way(a, y), x) > 70.0

    a, x, y = scene.draw(fits, "port", "port", "port")
    ship = scene.ship(as_port(a))
    ship.lie(scene.between(10.0, 30.0))
    is_list = scene.rng.random() < 0.5
    said = f"{as_port(x).said[0]} // {as_port(y).said[0]}" if is_list else scene.said(x)
    left = ship.now
    scene.leave(ship, said)
    way = scene.way(as_port(a), y)
    if not is_list:
        hours = long_km(way) / (ship.speed_kn * 1.852)
        ship.say(destination=scene.said(y), late_h=hours * scene.between(0.4, 0.7))
    scene.go(ship, y)
    scene.facts.append(Fact("port_skipped", "port_skipped", ship.mmsi, left, ship.now, declared=said))
    _go_on_without(scene, ship, x)


# The DPRK.


def dprk_voyage(scene: Scene) -> None:
    """Call in the DPRK, alongside or in its roads, meet a ship at sea, call elsewhere; the other ship does as well."""

    def fits(a: Port, b: Port, spot: Spot) -> bool:
        return (
            scene.km(a, there) < 1300.0
            and scene.km(there, spot) < 1300.0
            and 250.0 < scene.km(b, spot) < 1300.0
        )

    there = scene.waters.dprk[int(scene.rng.integers(len(scene.waters.dprk)))]
    a, b, spot = scene.draw(fits, "port", "port", "spot")
    ship, other = scene.ship(as_port(a)), scene.ship(as_port(b))
    ship.lie(scene.between(6.0, 16.0))
    scene.leave(ship, "FOR ORDERS")
    _visit(scene, ship, there)
    to = scene.next_port(other)
    begin, end = scene.meet(ship, other, spot, ("FOR ORDERS", scene.said(to)))  # type: ignore[arg-type]
    scene.facts.append(Fact("met_dprk_caller", "met_dprk_caller", other.mmsi, begin, end, ship.mmsi))
    scene.go(other, to)
    scene.facts.append(
        Fact("dprk_meeting_memory", "dprk_meeting_memory", other.mmsi, other.now, other.now + 10.0)
    )
    for each in (other, ship):
        scene.roam(each)


def _visit(scene: Scene, ship: Sailing, there: Port) -> None:
    """Call in a port of the DPRK: half come alongside, half lie off."""
    way = scene.way(here(ship), there)
    is_off = scene.rng.random() < 0.5
    lon, lat = way[-2]
    course = float(sphere.bearing_deg(there.lon, there.lat, lon, lat))
    off_m = scene.between(5_000.0, 10_500.0)
    road = tuple(float(v[0]) for v in sphere.destination([there.lon], [there.lat], [course], [off_m]))
    ship.sail(way, road if is_off else scene.berth(there))  # type: ignore[arg-type]
    ship.port = there
    begin, stay = ship.now, scene.between(12.0, 30.0)
    ship.lie(stay)
    scene.load(ship, -1.0 if (ship.draught_m or 0.0) > 6.0 else 1.0, scene.late_h() - 0.3 * stay)
    scene.facts.append(
        Fact("dprk_call_off" if is_off else "dprk_call", "dprk_call", ship.mmsi, begin, ship.now)
    )


def dprk_memory(scene: Scene) -> None:
    """Call somewhere in the scene, having called in the DPRK 40 to 165 days before; silent in between."""
    ship = old_caller(scene, OLD_DAYS)
    scene.go_on(ship)
    scene.facts.append(Fact("dprk_call_memory", "dprk_call_memory", ship.mmsi, ship.now, ship.now + 10.0))
    scene.roam(ship)


def old_caller(scene: Scene, days: tuple[int, ...]) -> Sailing:
    """Let a ship call in the DPRK so long ago, and give it as it lies in a port when the scene begins."""
    there = scene.waters.dprk[int(scene.rng.integers(len(scene.waters.dprk)))]
    a = as_port(scene.draw(lambda port: 200.0 < scene.km(port, there) < 900.0, "port")[0])
    before = scene.ship(a, now=-24.0 * float(scene.rng.choice(days)))
    before.lie(6.0)
    scene.leave(before, "FOR ORDERS")
    before.sail(scene.way(a, there), scene.berth(there))
    before.port = there
    begin = before.now
    before.lie(scene.between(10.0, 20.0))
    scene.facts.append(Fact("dprk_call", "dprk_call", before.mmsi, begin, before.now))
    home = scene.way(there, a)
    before.sail(home[: len(home) // 2 + 1])
    now = scene.ship(as_port(scene.draw(lambda _: True, "port")[0]), mmsi=before.mmsi)
    now.length_m, now.ship_type = before.length_m, before.ship_type
    now.lie(scene.between(8.0, 24.0))
    return now


def met_dprk_flag(scene: Scene) -> None:
    """Meet a ship of the DPRK at sea that is heard only there."""
    b, spot = scene.draw(lambda b, spot: 250.0 < scene.km(b, spot) < 1400.0, "port", "spot")
    ship = scene.ship(as_port(b))
    ship.lie(scene.between(10.0, 30.0))
    to = scene.next_port(ship)
    scene.leave(ship, scene.said(to))
    scene.go(ship, spot)
    begin, stay = ship.now, scene.between(4.0, 10.0)
    waited = begin - scene.between(2.0, 20.0)
    other = scene.ship(scene.waters.dprk[0], DPRK_MID, now=waited)
    other.place, other.port = (ship.place[0], ship.place[1] + 0.0012), None
    other.corners = [(waited - 12.0, other.place[0] + 0.8, other.place[1] + 0.8), (waited, *other.place)]
    ship.lie(stay)
    other.lie(ship.now - waited + (0.0 if scene.rng.random() < 0.5 else scene.between(2.0, 6.0)))
    scene.facts.append(Fact("met_dprk_flag", "met_dprk_flag", ship.mmsi, begin, ship.now, other.mmsi))
    scene.go(ship, to)
    scene.roam(ship)


STORIES: dict[Callable[[Scene], None], tuple[str, ...]] = {
    draught_call: ("draught_call",),
    draught_encounter: ("draught_encounter",),
    draught_gap: ("draught_gap",),
    heading_away: ("heading_away",),
    called_elsewhere: ("called_elsewhere",),
    false_destination: ("false_destination",),
    detour: ("detour",),
    port_skipped: ("port_skipped",),
    dprk_voyage: ("dprk_call", "dprk_call_off", "met_dprk_caller", "dprk_meeting_memory"),
    dprk_memory: ("dprk_call_memory",),
    met_dprk_flag: ("met_dprk_flag",),
}
"""Stories, and the kinds of facts each plants."""
