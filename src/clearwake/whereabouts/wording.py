"""The answer in words: what was heard, what follows, and what it does not mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from clearwake.model.whereabouts import Whereabouts


def moment(ms: float) -> datetime:
    """Give a moment from milliseconds since 1970, UTC."""
    return datetime.fromtimestamp(round(ms) / 1000.0, UTC)


def written(at: datetime | None) -> str:
    """Write a moment as people read it."""
    return "never" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def where(lon: float | None, lat: float | None) -> str:
    """Write a place as seafarers do, latitude first."""
    if lon is None or lat is None:
        return "nowhere"
    return f"{abs(lat):.2f}{'N' if lat >= 0 else 'S'} {abs(lon):.2f}{'E' if lon >= 0 else 'W'}"


def told(record: Whereabouts, notes: tuple[str, ...]) -> str:
    """Say an answer in a few sentences, and what else is to be said."""
    say: dict[str, Callable[[Whereabouts], str]] = {
        "silent": _silent, "heard": _heard, "sighted": _sighted, "impossible": _cannot
    }  # fmt: skip
    return " ".join((say[record.state](record), *notes))


def _named(record: Whereabouts) -> str:
    return f"MMSI {record.mmsi}" if record.mmsi is not None else "The ship"


def _ends(record: Whereabouts) -> str:
    """Say when and where it was heard."""
    last = f"last heard {written(record.since)} at {where(record.last_lon, record.last_lat)}"
    back = f"heard again {written(record.until)} at {where(record.back_lon, record.back_lat)}"
    if record.since is None:
        return f"was first {back.replace('heard again', 'heard', 1)}, so heard only later"
    return f"was {last}" + (f" and {back}" if record.until else " and not since")


def _within(record: Whereabouts) -> str:
    behind = record.disc_water_km2 - record.area_km2
    cut = (
        f"; land{' or ice' if record.ice else ''} keeps it from {behind:,.0f} km2 more"
        if behind > 0.5
        else ""
    )
    return (
        f"it can be on {record.area_km2:,.0f} km2 of water at up to {record.limit_kn:.3g} kn "
        f"({record.limit_origin}){cut}."
    )


def _silent(record: Whereabouts) -> str:
    return (
        f"{_named(record)} {_ends(record)}. At {written(record.at)} {_within(record)} "
        "That it was silent says nothing against it."
    )


def _heard(record: Whereabouts) -> str:
    if record.until is None or record.since is None:
        return f"{_named(record)} {_ends(record)}. At {written(record.at)} {_within(record)}"
    return (
        f"{_named(record)} was not silent at {written(record.at)}: it was heard {written(record.since)} and "
        f"{written(record.until)}, and between them was at {where(record.lon, record.lat)}, "
        f"within {record.error_km:.1f} km."
    )


def _sighted(record: Whereabouts) -> str:
    seen = record.since or record.until
    at = where(record.last_lon, record.last_lat) if record.since else where(record.back_lon, record.back_lat)
    return f"Seen {written(seen)} at {at}. At {written(record.at)} {_within(record)}"


def _cannot(record: Whereabouts) -> str:
    way = "no water leads there" if record.way_km is None else f"{record.way_km:,.0f} km away by water"
    needs = "" if record.needed_kn is None else f", which needs {record.needed_kn:.1f} kn"
    return (
        f"{_named(record)} {_ends(record)}, {way}{needs}; "
        f"its limit is {record.limit_kn:.3g} kn ({record.limit_origin}). "
        "No place fits both ends: another hull under this number, a false position, a wrong clock, or a limit too low. "
        "Shown is what each end allows alone."
    )
