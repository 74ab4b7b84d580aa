"""The demo: the whole job on real positions, from files to a ranking and a map, on a machine without internet.

The positions are in the package ``tracktable-data`` (the extra named ``demo``): US waters, as the US government
published them.  Nothing about what will be found is written here; run it on other files and it says other things.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import polars as pl

from clearwake import demo_cases
from clearwake.desk import Desk, ReadReport
from clearwake.dossier.map import marks, region_map
from clearwake.dossier.meeting import meeting_picture
from clearwake.flow.advance import RunReport
from clearwake.model import ClearwakeError, UnreadableFileError

PACKAGE = "tracktable-data"

LICENCE = (
    "positions: NOAA, BOEM and USCG MarineCadastre AIS (US government, public domain); "
    "package tracktable-data: BSD-2-Clause"
)

ATTRIBUTION = (
    "Positions: NOAA/BOEM/USCG MarineCadastre AIS (public domain), by way of tracktable-data (BSD-2-Clause).  "
    "Land: Natural Earth (public domain).  A mark shows where something was measured; it accuses nobody."
)


@dataclass(frozen=True)
class Area:
    """One set of positions: what it is called, which file of the package, and where its desk lies."""

    title: str
    file: str
    folder: str


AREAS = (
    Area("All US coasts, 30 June 2020", "US_coastal_2020_06_30.traj", ""),
    Area("New York, first week of December 2020", "NYHarbor_2020_12_first_week.traj", "new-york"),
    Area("Off Virginia, 4 to 6 June 2020", "VirginiaBeach_2020_06_04_to_06_filtered.traj", "virginia"),
)
"""The first is the demo's desk; the others lie in it, as desks of their own: what one feed did not hear on another
day is no silence."""

Say = Callable[[str], None]
Progress = Callable[[str, int, int], None]


def run(folder: Path, say: Say, on_progress: Progress | None = None) -> list[Path]:
    """Do the whole job and say what was found; doing it again adds nothing and says the same.

    Args:
        folder: Where the desks go.
        say: Told each line.
        on_progress: Told how far reading and running are.

    Returns:
        The pictures that were drawn, and the dossiers that were made.

    Raises:
        ClearwakeError: If the package with the positions is not installed.
    """
    data = _package()
    for number, area in enumerate(AREAS, 1):
        say(f"{number}. {area.title}")
        with Desk(folder / area.folder) as desk:
            _heard(desk, data / area.file, say, on_progress)
    with Desk(folder) as desk:
        say(
            f"{len(AREAS) + 1}. Lists: designations of 21 August 2018, ships that governments reported 2017 to 2019"
        )
        _screened(desk, say)
        say(f"{len(AREAS) + 2}. Whom to look at first ({AREAS[0].title})")
        ranking = desk.rank()
        _ranked(ranking, say)
        made = _pictures(desk, ranking.head(FIRST), folder, say)
        say(f"{len(AREAS) + 3}. Cases: what governments announced, held against the law of its day")
        made += demo_cases.cases(desk, say)
        say(f"{len(AREAS) + 4}. Petroleum against the cap of 2018")
        demo_cases.ledger(desk, say)
    _next(ranking, folder, say)
    return made


def _package() -> Path:
    """Find the data files of the package with the positions.

    Raises:
        ClearwakeError: If it is not installed.
    """
    found = importlib.util.find_spec("tracktable_data")
    if found is None or not found.submodule_search_locations:
        message = (
            f"the demo needs real positions, which are in the package {PACKAGE}; it is not installed\n"
            "  next: pip install 'clearwake[demo]'"
        )
        raise ClearwakeError(message)
    return Path(next(iter(found.submodule_search_locations))) / "python_example_data"


def _heard(desk: Desk, file: Path, say: Say, on_progress: Progress | None) -> None:
    """Read one file of positions, carry it through the house, and say what came of it."""
    inbox = desk.folder / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    table = inbox / f"{PACKAGE}-{importlib.metadata.version(PACKAGE)}_{file.stem}.csv"
    if not table.exists():
        partial = table.with_suffix(".partial")
        partial.write_bytes(as_table(file))
        partial.rename(table)
    _told_read(desk.read("table", table, licence=LICENCE, on_progress=on_progress), say)
    _told_run(desk, desk.run(on_progress=on_progress), say)


def as_table(file: Path) -> bytes:
    """Turn a Tracktable trajectory file into the table that the source ``table`` reads; values stay as they are.

    A line is a trajectory: ``*T*,uuid,domain,points,properties,*P*,domain,2,1,1,properties``, names and types of the
    properties, then for each point its object (here the MMSI), time, longitude, latitude and properties.

    Raises:
        UnreadableFileError: If a line is not of that form.
    """
    rows = ["mmsi,time,lon,lat\n"]
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        rows += [f"{','.join(point)}\n" for point in _points(line.split(","), f"{file.name}, line {number}")]
    return "".join(rows).encode()


def _points(cells: Sequence[str], where: str) -> Iterator[tuple[str, ...]]:
    """Give the points of one trajectory: MMSI, time, longitude, latitude, as written.

    Raises:
        UnreadableFileError: If there are more or fewer cells than the line itself says.
    """
    try:
        marks_, points, properties = (cells[0], cells[5]), int(cells[3]), int(cells[10])
    except (IndexError, ValueError):
        marks_, points, properties = ("", ""), 0, 0
    begin, width = 11 + 2 * properties, 4 + properties
    if marks_ != ("*T*", "*P*") or len(cells) != begin + points * width:
        found = f"{len(cells)} cells, beginning {','.join(cells[:6])[:60]}"
        do_next = f"install {PACKAGE} again; the file is not as it was published"
        raise UnreadableFileError(where, found, "a trajectory in Tracktable's text format", do_next)
    for start in range(begin, len(cells), width):
        yield tuple(cells[start : start + 4])


def _told_read(report: ReadReport, say: Say) -> None:
    for file in report.files:
        if file.already_read:
            say(f"   read before: {file.origin}")
        else:
            say(f"   read: {file.rows.get('positions', 0):,} positions from {file.origin}")
        for reason, count in file.rejected.items():
            say(f"   {count:,} rows could not be read: {reason}")


def _told_run(desk: Desk, report: RunReport, say: Say) -> None:
    """Say what the desk holds now, in counts; and what the run left out."""
    tracks, met = desk.show("tracks"), desk.show("encounters")
    say(
        f"   {tracks['mmsi'].n_unique():,} ships, {tracks.height:,} tracks, {tracks['positions'].sum():,} positions"
    )
    others = desk.show("positions").filter(~pl.col("mmsi").is_in(tracks["mmsi"].unique().implode()))
    if others.height:
        say(
            f"   left out: {others['mmsi'].n_unique():,} transmitters that are not ships ({others.height:,} positions)"
        )
    labels = dict(met.group_by("label").len().sort("label").iter_rows())
    say(
        f"   {met.height:,} meetings: {', '.join(f'{count:,} {label}' for label, count in labels.items()) or 'none'}"
    )
    rest = {
        "gaps": "silences of 6 h or more",
        "loiterings": "loiterings",
        "port_calls": "port calls",
        "zone_entries": "zone entries",
    }
    say(f"   {', '.join(f'{desk.show(table).height:,} {words}' for table, words in rest.items())}")
    say(f"   {desk.rank().height:,} ships have a reason for a look")
    if report.positions:
        say(f"   carried through in {report.seconds:.1f} s")


def _screened(desk: Desk, say: Say) -> None:
    """Read the bundled lists, hold every ship heard against them, and answer four questions that show how."""
    own = files("clearwake.demo_data")
    for source, name, known_at in (
        ("ofac", "ofac_2018-08-21.csv", "2018-08-21"),
        ("watchlist", "un_1718_vessels.csv", "2018-04-02"),
        ("reports", "reports.csv", "2020-02-01"),
    ):
        with as_file(own / name) as file:
            desk.read(source, file, known_at=known_at, excerpt=True)
    listed = desk.show("designations")
    kinds = dict(listed.group_by("list").len().sort("list").iter_rows())
    say(f"   read: {', '.join(f'{count} entries of {name}' for name, count in kinds.items())}")
    heard = desk.screen()
    hits = heard.filter(pl.col("tier").is_in(["match", "possible", "identity_conflict"]))
    say(f"   every ship heard was held against them: {hits.height:,} agree with an entry")
    for row in hits.iter_rows(named=True):
        say(f"     {row['id']}: {row['tier']} of {row['entity_name']} ({row['list']})")
    with as_file(own / "queries.csv") as file:
        questions = pl.read_csv(file, infer_schema=False)
    say("   four questions, to show what screening says:")
    _answered(questions, desk.screen(questions), say)


def _answered(questions: pl.DataFrame, matches: pl.DataFrame, say: Say) -> None:
    """Say the strongest answer to each question, and why."""
    for asked in questions.iter_rows(named=True):
        what = ", ".join(f"{name} {value}" for name, value in asked.items() if value and name != "id")
        answers = matches.filter(id=asked["id"]).sort("score", descending=True).head(1)
        if answers.is_empty():
            say(f"     {what}: nothing on these lists")
        for answer in answers.iter_rows(named=True):
            reasons = "; ".join(answer["reasons"])
            say(f"     {what}: {answer['tier']} of {answer['entity_name']} ({answer['list']}): {reasons}")


FIRST = 6
"""Ships of the ranking that are told and marked on the map."""

TOLD = 3
"""Reasons told of each ship."""


def _ranked(ranking: pl.DataFrame, say: Say) -> None:
    say(
        f"   {ranking.height:,} ships have at least one reason for a look; the first {min(FIRST, ranking.height)}:"
    )
    for row in ranking.head(FIRST).iter_rows(named=True):
        names = f" {' / '.join(row['names'])}" if row["names"] else ""
        say(f"   {row['rank']:>3}. {row['mmsi']}{names}   score {row['score']:g}")
        for sentence in row["sentences"][:TOLD]:
            say(f"        {sentence}")
        if len(row["sentences"]) > TOLD:
            say(f"        and {len(row['sentences']) - TOLD} more")
    say("   An order of attention, not of guilt: + speaks for a look, - against.")


def _pictures(desk: Desk, first: pl.DataFrame, folder: Path, say: Say) -> list[Path]:
    """Draw the map of the first ships, and the meeting of the first ship that has one, close up."""
    reasons, tracks = desk.show("indicators"), desk.show("tracks")
    events = {name: desk.show(name) for name in ("encounters", "gaps", "loiterings", "port_calls")}
    sailed = desk.show("positions").filter(pl.col("mmsi").is_in(tracks["mmsi"].unique().implode()))
    heard = f"{tracks['mmsi'].n_unique():,} ships, {tracks['positions'].sum():,} positions"
    shown = marks(first, reasons, events)
    drawn = region_map(
        sailed.select("mmsi", "time", "lon", "lat"), shown, highlighted=first["mmsi"].to_list(),
        title="Whom to look at first", subtitle=f"{AREAS[0].title}: {heard}; events behind the first {first.height}",
        attribution=ATTRIBUTION,
    )  # fmt: skip
    pictures = {folder / "map.png": drawn}
    meeting = _first_meeting(first, reasons, events["encounters"])
    if meeting is not None:
        pictures[folder / "meeting.png"] = meeting_picture(meeting, sailed, {}, ATTRIBUTION)
    for path, content in pictures.items():
        path.write_bytes(content)
        say(f"   drawn: {path}")
    return list(pictures)


def _first_meeting(
    ranking: pl.DataFrame, reasons: pl.DataFrame, met: pl.DataFrame
) -> Mapping[str, object] | None:
    """Give the meeting that weighs most for the ship ranked highest of those that have one."""
    told = reasons.filter(pl.col("is_for"), pl.col("kind").str.starts_with("met_")).join(
        ranking.select("mmsi", "rank"), on="mmsi"
    )
    if told.is_empty():
        return None
    event = told.sort("rank", "weight", "id", descending=[False, True, False])["evidence"][0][0]
    found = met.filter(id=event)
    return found.row(0, named=True) if found.height else None


def _next(ranking: pl.DataFrame, folder: Path, say: Say) -> None:
    say("What to try next")
    say(f"   clearwake rank --desk {folder}")
    for reason in ranking["indicators"].list.first().head(1):
        say(f"   clearwake explain {reason} --desk {folder}")
    say(f"   clearwake show encounters --where \"label <> 'in_port'\" --desk {folder}")
    say(f"   clearwake show gaps --format geojson --out gaps.geojson --desk {folder}")
    say(f"   clearwake screen --imo 9003550 --desk {folder}")
    led, bundle = demo_cases.LED, folder / demo_cases.FOLDER / f"{demo_cases.LED}.zip"
    say(f"   the dossier to read:  {bundle.with_suffix('.pdf')}")
    say(f"   clearwake case list --desk {folder}")
    say(f"   clearwake case show {led} --desk {folder}")
    say(f"   clearwake elements {led} --desk {folder}")
    say(f"   clearwake assess {led} --desk {folder}")
    say(f"   clearwake release {led} --to public --out public --desk {folder}")
    say(f"   clearwake verify {bundle}")
    say(f"   clearwake ledger --year 2018 --desk {folder}")
    say("   your own:  clearwake read table FILE.csv;  clearwake run;  clearwake rank")
