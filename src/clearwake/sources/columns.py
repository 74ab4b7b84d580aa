"""How publishers spell the columns of a table of positions, and which column of a file is which.

Spellings are compared without case, blanks, underscores and signs, so ``BaseDateTime``, ``base_date_time`` and
``# Timestamp`` are found whatever the family, in any mixture.  A column that is named explicitly goes before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clearwake.model import UnreadableFileError, UsageError

NEEDED = ("mmsi", "time", "lon", "lat")

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    # NOAA MarineCadastre, Danish Maritime Authority and Global Fishing Watch first, then the common rest.
    "mmsi": ("mmsi", "ssvid", "mmsinumber", "mmsino", "mmsicode", "shipmmsi", "vesselmmsi", "sourcemmsi",
             "userid"),
    "time": ("time", "timestamp", "basedatetime", "datetime", "datetimeutc", "timestamputc", "timeutc",
             "utctime", "utcdatetime", "positiontime", "positiontimestamp", "msgtime", "messagetime",
             "dtposutc", "epoch", "unixtime", "ts"),
    "lon": ("lon", "longitude", "lng", "long", "londeg", "longitudedeg", "longitudedegrees"),
    "lat": ("lat", "latitude", "latdeg", "latitudedeg", "latitudedegrees"),
    "speed_kn": ("speedkn", "sog", "speed", "speedoverground", "sogkn", "sogkt", "sogkts", "sogknots",
                 "speedkt", "speedkts", "speedknots"),
    "course_deg": ("coursedeg", "cog", "course", "courseoverground", "cogdeg", "cogdegrees",
                   "coursedegrees"),
    "heading_deg": ("headingdeg", "heading", "trueheading", "hdg", "headingdegrees"),
    "nav_status": ("navstatus", "status", "navigationalstatus", "navigationstatus", "navstat", "nav"),
    "station": ("station", "receiver", "tagblockstation"),
    "name": ("name", "vesselname", "shipname"),
    "imo": ("imo", "imonumber", "imono"),
    "callsign": ("callsign",),
    "flag": ("flag", "flagcode", "flagstate"),
    "ship_type": ("shiptype", "vesseltype", "shipandcargotype", "shiptypetext"),
    "length_m": ("lengthm", "length", "loa"),
    "draught_m": ("draughtm", "draught", "draft", "draftm"),
    "destination": ("destination", "dest"),
    "ais_class": ("aisclass", "transceiverclass", "transceiver", "transponderclass", "typeofmobile"),
}  # fmt: skip
"""Our name, and how it may be spelt; where a file has several of them, the first in this order is read."""


@dataclass(frozen=True)
class Wanted:
    """What a kind of table is called, how its columns are spelt, and which of them it cannot do without."""

    title: str
    spellings: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]


POSITIONS = Wanted("a table of positions", SPELLINGS, NEEDED)

STATIC = ("name", "imo", "callsign", "flag", "ship_type", "length_m", "draught_m", "destination", "ais_class")
"""What a transmitter says it is, rather than where."""

_DANISH_COLUMN, _DANISH_TIME = "typeofmobile", "# timestamp"


@dataclass(frozen=True)
class Layout:
    """Which column of a file holds what."""

    names: tuple[str, ...]
    """The file's columns, in its order."""
    place: Mapping[str, int]
    """Our name -> the column's index in the file."""
    is_day_first: bool
    """Whether dates are written day/month/year: so in the Danish family, which writes no other way."""

    @property
    def statics(self) -> list[str]:
        """The identity columns this file has, under our names."""
        return [name for name in STATIC if name in self.place]


def spelling(name: str) -> str:
    """Reduce a column name to what is compared: ``# Timestamp`` and ``TimeStamp`` are ``timestamp``."""
    return re.sub(r"[^0-9a-z]", "", name.lower())


def layout(
    names: Sequence[str], mapping: Mapping[str, str], where: str, wanted: Wanted = POSITIONS
) -> Layout:
    """Find out which column of a file is which.

    Args:
        names: The file's columns.
        mapping: Columns named explicitly, our name -> the file's; they go before what would be recognised.
        where: What to call the file in errors.
        wanted: What kind of table it should be.

    Raises:
        UsageError: If ``mapping`` names something such a table does not have.
        UnreadableFileError: If a needed column is not there, or more than one column could be it.
    """
    spelt = [spelling(name) for name in names]
    place = {ours: _mapped(names, ours, theirs, where, wanted) for ours, theirs in mapping.items()}
    for ours, spellings in wanted.spellings.items():
        if ours not in place:
            found = next((each for each in spellings if each in spelt), None)
            if found is not None:
                place[ours] = _only(names, spelt, found, ours, where)
    missing = [ours for ours in wanted.needed if ours not in place]
    if missing:
        do_next = f"name it: {' '.join(f'--map {ours}=COLUMN' for ours in missing)}"
        text = f"no column for {', '.join(missing)}; the columns are {_listed(names)}"
        raise UnreadableFileError(where, text, wanted.title, do_next)
    dated = names[place.get("time", 0)].strip().lower() if names else ""
    is_danish = _DANISH_COLUMN in spelt or dated == _DANISH_TIME
    return Layout(tuple(names), place, is_danish)


def recognised(names: Sequence[str]) -> int:
    """Count how many columns of positions a header spells; a separator guessed wrongly finds none."""
    spelt = {spelling(name) for name in names}
    return sum(not spelt.isdisjoint(spellings) for spellings in SPELLINGS.values())


def _mapped(names: Sequence[str], ours: str, theirs: str, where: str, wanted: Wanted) -> int:
    if ours not in wanted.spellings:
        message = f"--map {ours}={theirs}: {wanted.title} has no {ours}; it has {', '.join(wanted.spellings)}"
        raise UsageError(message)
    exact = [index for index, name in enumerate(names) if name == theirs]
    alike = [index for index, name in enumerate(names) if spelling(name) == spelling(theirs)]
    found = exact or alike
    if len(found) != 1:
        what = "no column" if not found else "more than one column"
        found_text = f"{what} called {theirs}; the columns are {_listed(names)}"
        raise UnreadableFileError(where, found_text, f"a table whose {ours} is {theirs}", "correct --map")
    return found[0]


def _only(names: Sequence[str], spelt: Sequence[str], found: str, ours: str, where: str) -> int:
    if spelt.count(found) > 1:
        twins = [name for name, each in zip(names, spelt, strict=True) if each == found]
        text = f"more than one column for {ours}: {_listed(twins)}"
        raise UnreadableFileError(where, text, "a table of positions", f"choose one: --map {ours}=COLUMN")
    return spelt.index(found)


def _listed(names: Sequence[str]) -> str:
    listed = ", ".join(repr(name) for name in names[:40])
    return listed[:500] if listed else "none"
