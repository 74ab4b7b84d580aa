"""Words of dossiers: days, places, numbers, and sentences that say no more than is shown.

Nothing here says that anybody broke a law, or what should be done; it says what is shown and who judges.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from clearwake.names.nations import country_name
from clearwake.places import load
from clearwake.sphere import bearing_deg, distance_m

DISCLAIMER = (
    "This dossier says what was observed and how far that meets the words of each paragraph.  It finds nobody to have "
    "broken a law, and it recommends no measure; that is for States and people.  Summaries of the law are in our own "
    "words and are not the legal texts."
)

MINUTE = "\N{PRIME}"

EVENTS = {
    "encounter": "two ships close together",
    "gap": "not heard for hours",
    "silence": "not heard",
    "loitering": "slow and alone",
    "port_call": "port call",
    "zone_entry": "entered a zone",
    "falsification": "position that cannot be true",
}

EXPLANATIONS = {
    "breach": "The claim of this case",
    "bunkering": "Ordinary bunkering",
    "waiting": "Waiting for orders or a berth",
    "breakdown": "Breakdown",
    "weather": "Weather",
    "fishing": "Fishing",
    "feed_outage": "Outage of the AIS feed",
    "jamming": "Jamming of satellite navigation",
    "mistaken_identity": "Mistaken identity",
}

_POINTS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def day(moment: date | datetime | None) -> str:
    """Write ``13 February 2018``; ``on a day not told`` of nothing."""
    return "on a day not told" if moment is None else f"{moment.day} {moment:%B %Y}"


def clock(moment: datetime | None, *, to_the_day: bool = False) -> str:
    """Write ``2018-02-13 04:20 UTC``, or the day alone where the hour is not told."""
    if moment is None:
        return "not told"
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%d}" if to_the_day or is_whole_day(utc) else f"{utc:%Y-%m-%d %H:%M} UTC"


def is_whole_day(moment: datetime) -> bool:
    """Tell whether a moment is a midnight, which stands for a day of which the hour is not known."""
    return (moment.hour, moment.minute, moment.second) == (0, 0, 0)


def span(start: datetime | None, end: datetime | None) -> str:
    """Write from when to when, each day and hour once."""
    if start is None or end is None or end == start:
        return clock(start or end)
    if is_whole_day(start) and end - start in (
        timedelta(days=1),
        timedelta(days=1) - timedelta(milliseconds=1),
    ):
        return clock(start)
    if start.date() == end.date():
        return f"{start.astimezone(UTC):%Y-%m-%d %H:%M} to {end.astimezone(UTC):%H:%M} UTC"
    return f"{clock(start)} to {clock(end)}"


def place(lon: float | None, lat: float | None, minutes: int = 1) -> str:
    """Write a place in degrees and whole minutes, rounded to so many of them, north or south first."""
    if lon is None or lat is None:
        return "place not told"
    return f"{_angle(lat, 'N', 'S', minutes)}, {_angle(lon, 'E', 'W', minutes)}"


def _angle(degrees: float, above: str, below: str, minutes: int) -> str:
    whole = round(abs(degrees) * 60 / minutes) * minutes
    return f"{whole // 60}°{whole % 60:02d}{MINUTE} {above if degrees >= 0 else below}"


def off(lon: float | None, lat: float | None, to_km: int = 10) -> str:
    """Say roughly where a place is: ``about 320 km east of Shanghai``, the nearest large port; empty if nowhere."""
    if lon is None or lat is None:
        return ""
    ports = load().anchorages.filter(harbour_size="large")
    here_lon, here_lat = [lon] * ports.height, [lat] * ports.height
    away = distance_m(ports["lon"].to_numpy(), ports["lat"].to_numpy(), here_lon, here_lat)
    row = int(away.argmin())
    port = ports.row(row, named=True)
    km = float(away[row]) / 1000.0
    if km < 2 * to_km:
        return f"near {port['name']}"
    course = float(bearing_deg([port["lon"]], [port["lat"]], [lon], [lat])[0])
    return f"about {round(km / to_km) * to_km:,} km {_POINTS[round(course / 45.0) % 8]} of {port['name']}"


def within(error_m: float | None) -> str:
    """Say how far off a place may be: ``give or take 2 nm``; empty where that is not told."""
    if error_m is None:
        return ""
    nm = error_m / 1852.0
    return f"give or take {error_m:,.0f} m" if nm < 0.5 else f"give or take {nm:,.2g} nm"


def country(code: str | None) -> str:
    """Give a country's name by its ISO 3166-1 alpha-3 code; the code where it is not known."""
    if not code:
        return "not told"
    if code == "none":
        return "none"
    return country_name(code)


def and_list(words: list[str]) -> str:
    """Join words: ``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def sure(word: str, that: str) -> str:
    """Say something with a confidence word: ``It is likely that ...``."""
    if word == "almost no chance":
        return f"There is almost no chance that {that}."
    if word == "roughly even chance":
        return f"There is a roughly even chance that {that}."
    return f"It is {word} that {that}."


def explanation(name: str) -> str:
    """Call an explanation by its name on paper: ``Ordinary bunkering``."""
    return EXPLANATIONS.get(name, sentence(name.replace("_", " ")).rstrip("."))


def sentence(words: str) -> str:
    """Begin with a capital and end with one full stop."""
    bare = words.strip().rstrip(".")
    return f"{bare[:1].upper()}{bare[1:]}." if bare else ""
