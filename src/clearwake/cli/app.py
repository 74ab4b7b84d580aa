"""The commands.  Each is one verb of ``Desk`` with its options, so that Python and the command line say the same.

Nothing heavy is imported before a command runs: ``clearwake --help`` is to answer at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from clearwake.cli import UNREAD, dossiers, judging, ledgers, sharing
from clearwake.cli.cases import cases_app
from clearwake.cli.forms import AreaFormat
from clearwake.cli.options import DESK, DeskOption, FormatOption, OutOption, commands
from clearwake.cli.options import open_desk as _open

app = typer.Typer(
    name="clearwake",
    help="Who is evading sanctions at sea, on what evidence.  Start with:  clearwake demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help starts in a third of the time
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done; 1 something asked for is not so; 2 usage; 3 rows that could not be read.",
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"clearwake {version('clearwake')}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Say what all commands share."""
    del version


_command = commands(app)
app.add_typer(cases_app)


@_command(
    "the whole job on real data, then where to look",
    "clearwake demo",
    "clearwake demo --desk /tmp/demo",
)
def demo(
    desk: Annotated[Path, typer.Option("--desk", metavar="FOLDER", help="Where the demo's desks go.")] = Path(
        "demo-desk"
    ),
) -> None:
    """Do the whole job on real data: a day of all US coasts, a week of New York, three days off Virginia.

    Needs no internet; the positions are in the package tracktable-data (the extra named demo).
    """
    from clearwake import demo as whole_job
    from clearwake.cli import progress

    with progress.shown() as tell:
        whole_job.run(desk, typer.echo, tell)


@_command(
    "download from a publisher",
    "clearwake fetch ofac",
    "clearwake fetch noaa --day 2020-06-30",
)
def fetch(
    publisher: Annotated[str, typer.Argument(metavar="PUBLISHER", help="noaa, dma, ofac, un or eu.")],
    day: Annotated[
        str | None, typer.Option("--day", metavar="D", help="The day to fetch, for positions.")
    ] = None,
    desk: DeskOption = DESK,
) -> None:
    """Download from the publisher into the desk's inbox; a broken download goes on where it stopped."""
    from clearwake.cli import progress, reports
    from clearwake.cli.values import day_of

    with progress.bytes_shown() as tell, _open(desk, create=True) as opened:
        files = opened.fetch(publisher, day_of(day, "--day"), on_progress=tell)
    reports.fetched(files, publisher, desk)


@_command(
    "add files",
    "clearwake read table positions.csv",
    "clearwake read table fleet.parquet --map time=when,mmsi=ship",
    "clearwake read nmea log.txt.gz --start 2018-02-13",
    "clearwake read ofac SDN.CSV ADD.CSV ALT.CSV --known-at 2018-08-21",
)
def read(
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help="table, nmea, noaa, dma, anchorages, zones, ofac, un, eu ..."),
    ],
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="csv, parquet, nmea, xml, json; also .gz .zst .zip"),
    ],
    known_at: Annotated[
        str | None,
        typer.Option("--known-at", metavar="T", help="When the content was known: a moment, or time+15min."),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--start", metavar="T", help="The clock of a log that carries none.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="OURS=THEIRS", help="Name columns: time=when,mmsi=ship."),
    ] = None,
    licence: Annotated[
        str | None, typer.Option("--licence", help="The licence the content came under.")
    ] = None,
    marking: Annotated[
        str | None, typer.Option("--marking", help="The marking of everything in it: TLP:AMBER.")
    ] = None,
    excerpt: Annotated[
        bool, typer.Option("--excerpt", help="The file is a part of a list on purpose.")
    ] = False,
    desk: DeskOption = DESK,
    form: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Add files.  Reading the same bytes again adds nothing; rows that cannot be read are counted and kept aside."""
    from clearwake.cli import reports
    from clearwake.cli.values import mapping as columns
    from clearwake.cli.values import moment

    given = {"known_at": known_at, "start": moment(start, "--start"), "mapping": columns(mapping or []) or None,
             "licence": licence, "marking": marking, "excerpt": excerpt}  # fmt: skip
    with _open(desk, create=True) as opened:
        all_read = reports.read_each(opened, source, files, given, form, out)
    if not all_read:
        raise typer.Exit(UNREAD)


@_command(
    "add what people saw",
    "clearwake sighting add report.csv",
    "clearwake sighting add report.json --marking TLP:AMBER",
)
def sighting(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="add: put a report into the desk.")],
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="csv, json, geojson, parquet; also .gz .zst .zip"),
    ],
    known_at: Annotated[
        str | None,
        typer.Option("--known-at", metavar="T", help="When it was known: a moment, or time+15min."),
    ] = None,
    marking: Annotated[
        str | None, typer.Option("--marking", help="The marking of everything in it: TLP:AMBER.")
    ] = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Add sightings; the same as reading them as the source sightings.  Photographs named in them are hashed."""
    from clearwake.cli import reports
    from clearwake.model import UsageError

    if what != "add":
        message = (
            f"there is nothing called {what!r} to do with sightings\n  next: clearwake sighting add FILE"
        )
        raise UsageError(message)
    with _open(desk, create=True) as opened:
        given = {"known_at": known_at, "marking": marking}
        all_read = reports.read_each(opened, "sightings", files, given, form, out)
    if not all_read:
        raise typer.Exit(UNREAD)


@_command(
    "carry everything through the house",
    "clearwake run",
    "clearwake run --until 2018-03-01 --steps gap,encounter",
)
def run(
    until: Annotated[
        str | None, typer.Option("--until", metavar="T", help="Carry only what happened before this moment.")
    ] = None,
    steps: Annotated[
        str,
        typer.Option(
            "--steps",
            metavar="core|all|NAME,...",
            help="all of them; core is tracks, gap, encounter, loitering, port_call, zone_entry.",
        ),
    ] = "all",
    desk: DeskOption = DESK,
    form: FormatOption = None,
) -> None:
    """Carry everything read so far through the house: positions to tracks to events."""
    from clearwake.cli import progress, reports
    from clearwake.cli.values import moment

    with progress.shown() as tell, _open(desk) as opened:
        report = opened.run(until=moment(until, "--until"), steps=steps, on_progress=tell)
    reports.ran(report, form)


@_command(
    "show a table of the desk",
    "clearwake show encounters --where \"duration_h > 2 AND label = 'standard'\"",
    "clearwake show gaps --where \"start >= '2018-02-01'\" --format geojson --out gaps.geojson",
    "clearwake show positions --format parquet --out positions.parquet",
    "clearwake show designations --on 2018-08-21",
)
def show(
    table: Annotated[
        str,
        typer.Argument(
            metavar="TABLE",
            help="positions, encounters, gaps, silences, possible_meetings, falsifications, interferences, detections, "
            "sightings, feed_health, vessels, matches, cases, quarantine ...; a wrong name is answered with all.",
        ),
    ],
    where: Annotated[
        str | None,
        typer.Option("--where", metavar="EXPR", help="Only rows for which an SQL expression holds."),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="D", help="What was in force on this day.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="T", help="What this desk had learnt by then.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=0, help="Only the first N rows.")
    ] = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Show a table of the desk."""
    from clearwake.cli.output import write
    from clearwake.cli.values import day_of, moment
    from clearwake.cli.where import keep

    with _open(desk) as opened:
        rows = opened.show(table, on=day_of(on, "--on"), as_of=moment(as_of, "--as-of"))
        lacking = () if rows.height or as_of else opened.left_out(table)
    if lacking:
        steps = ", ".join(lacking)
        sys.stderr.write(f"{table} is empty: the last run left out {steps}\n  next: clearwake run\n")
    kept = keep(rows, where)
    write(kept if limit is None else kept.head(limit), form, out)


@_command(
    "hold ships, companies, persons and countries against the lists",
    "clearwake screen --imo 9003550",
    'clearwake screen --name "RYE SONG GANG 1" --on 2018-02-14',
    'clearwake screen --name "Ali Ahmadi" --kind person --birth-date 1967-02-06',
    "clearwake screen ships.csv.gz --format parquet --out matches.parquet",
)
def screen(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A table to screen; without it, every ship heard by this desk."),
    ] = None,
    imo: Annotated[
        str | None, typer.Option("--imo", metavar="N", help="Ask about one ship by its IMO number.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="S", help="... by its name.")] = None,
    mmsi: Annotated[str | None, typer.Option("--mmsi", metavar="N", help="... by its MMSI.")] = None,
    callsign: Annotated[
        str | None, typer.Option("--callsign", metavar="S", help="... by its call sign.")
    ] = None,
    flag: Annotated[
        str | None,
        typer.Option("--flag", metavar="S", help="... and its flag, as one more thing to compare."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="K", help="What it is: vessel, company, person or country."),
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", metavar="S", help="The country of a company or person.")
    ] = None,
    birth_date: Annotated[
        str | None, typer.Option("--birth-date", metavar="D", help="A person's date or year of birth.")
    ] = None,
    registration: Annotated[
        str | None, typer.Option("--registration", metavar="S", help="A company's registration number.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="D", help="Against what was listed on this day.")
    ] = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Hold one query, a table of them, or every ship heard against the lists that were read.

    A table is CSV, Parquet or JSON lines, also in .gz, .zst or .zip, with any of the columns id, name, imo, mmsi,
    callsign, flag, kind, country, birth_date and registration.
    """
    from clearwake.cli import reports
    from clearwake.cli.values import day_of

    asked = {"imo": imo, "name": name, "mmsi": mmsi, "callsign": callsign, "flag": flag, "kind": kind,
             "country": country, "birth_date": birth_date, "registration": registration}  # fmt: skip
    queries = reports.asked(file, asked)
    with _open(desk) as opened:
        matches = opened.screen(queries, on=day_of(on, "--on"))
    reports.screened(matches, form, out, None if queries is None else queries.height)


@_command(
    "where a silent ship can be",
    "clearwake whereabouts --mmsi 367000140 --at 2020-06-30T12:00",
    "clearwake whereabouts --mmsi 367000140 --at 2020-06-30T12:00 --format geojson --out where.geojson",
    "clearwake whereabouts --silence silence:0123456789abcdef0123 --out where.png",
)
def whereabouts(
    mmsi: Annotated[int | None, typer.Option("--mmsi", metavar="M", help="The ship, by MMSI.")] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="T", help="The moment; of a silence, else half way through it."),
    ] = None,
    track: Annotated[
        int | None, typer.Option("--track", metavar="N", help="Which hull of the MMSI, by track number.")
    ] = None,
    silence: Annotated[
        str | None, typer.Option("--silence", metavar="ID", help="Or a silence or gap, by its id.")
    ] = None,
    sighting: Annotated[
        str | None, typer.Option("--sighting", metavar="ID", help="Or an unnamed sighting, by its id.")
    ] = None,
    speed_limit: Annotated[
        float | None,
        typer.Option("--speed-limit", metavar="KN", help="Else by ship type and its own past speeds."),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option("--weights", metavar="NAME=W,...", help="Of drift, run, loiter, port and lanes."),
    ] = None,
    through_ice: Annotated[bool, typer.Option("--through-ice", help="Known ice does not stop it.")] = False,
    desk: DeskOption = DESK,
    form: Annotated[
        AreaFormat | None,
        typer.Option(
            "--format", help="How to write it; else by the ending of --out, or in words, or JSON in a pipe."
        ),
    ] = None,
    out: OutOption = None,
) -> None:
    """Say where a ship can be at a moment when nobody heard it: the water within reach, and where it is likeliest.

    A ship that was not silent then is placed between its positions; a return that no ship of its speed can have made
    is said to be impossible.  Exit code 0 all the same, and 1 where no such ship was ever heard.
    """
    from clearwake.cli import areas
    from clearwake.cli.values import moment

    chosen = areas.form_of(form, out)
    with _open(desk) as opened:
        found = opened.whereabouts(
            mmsi=mmsi, at=moment(at, "--at"), track=track, silence=silence, sighting=sighting,
            limit_kn=speed_limit, weights=weights, through_ice=through_ice,
        )  # fmt: skip
    areas.write(found, chosen, out)


@_command(
    "who to look at first, with reasons",
    "clearwake rank",
    "clearwake rank --format csv --out ranking.csv",
)
def rank(
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, help="On a terminal, the first N ships.")
    ] = 20,
    desk: DeskOption = DESK,
    form: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Say which ships to look at first, with the reasons for and against.  An order, not an accusation."""
    from clearwake.cli import reports

    with _open(desk) as opened:
        reports.ranked(opened.rank(), limit, form, out)


@_command(
    "draw who stands around a party or ship",
    "clearwake picture ownership 9003550 --on 2018-09-01 --out patriot.svg",
    'clearwake picture ownership "GUDZON SHIPPING CO LLC" --out gudzon.png',
)
def picture(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="ownership: owners, managers, links.")],
    party: Annotated[
        str,
        typer.Argument(metavar="PARTY", help="An IMO number, an exact name, or an id of  show ownership."),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where it goes: a name that ends in .svg or .png.")
    ],
    on: Annotated[
        str | None, typer.Option("--on", metavar="D", help="What was so on this day; today, if not given.")
    ] = None,
    desk: DeskOption = DESK,
) -> None:
    """Draw who owns, controls and runs a party or ship, with what the US, EU and UK rules show, as SVG or PNG."""
    from clearwake.cli import reports
    from clearwake.cli.values import day_of

    form = reports.picture_form(what, out)
    with _open(desk) as opened:
        reports.drawn(opened.picture(party, day_of(on, "--on"), form), out)


@_command(
    "from a conclusion back to the bytes",
    "clearwake explain encounter:0123456789abcdef0123",
    "clearwake explain indicator:0123456789abcdef0123 --format json",
)
def explain(
    fact: Annotated[
        str, typer.Argument(metavar="ID", help="The id of an indicator, event, position, designation ...")
    ],
    desk: DeskOption = DESK,
    form: FormatOption = None,
) -> None:
    """Walk from a conclusion back to the received bytes: file, hash and line."""
    from clearwake.cli import reports

    with _open(desk) as opened:
        reports.explained(opened.explain(fact), form)


@_command(
    "the law on a day, paragraph by paragraph",
    "clearwake law --on 2018-02-13",
    "clearwake law --on 2017-12-31 --format json",
    "clearwake law unscr-2375-11",
)
def law(
    provision: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]", help="One paragraph in full: unscr-2375-11, eo-13810-2, unclos-110 ..."
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="D", help="What was in force on this day; today, if not given."),
    ] = None,
    form: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Show the provisions in force on a day, or one in full.  Summaries are in our own words, not the legal texts.

    Needs no desk.
    """
    from clearwake.cli import statute_book
    from clearwake.cli.values import day_of

    statute_book.tell(provision, day_of(on, "--on"), form, out)


# Commands stand in --help in the order in which they come here.
ledgers.join(app)
judging.join(app)
sharing.join(app)
dossiers.join(app)

FolderOption = Annotated[
    Path | None, typer.Option("--folder", metavar="FOLDER", help="Keep scenes and desks here, else they go.")
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="Another seed is another scene.")]


@_command(
    "how fast, on this machine",
    "clearwake bench",
    "clearwake bench --rows 1000000 --format json",
)
def bench(
    rows: Annotated[
        int, typer.Option("--rows", metavar="N", min=1000, help="Positions in a day.")
    ] = 10_400_000,
    seed: SeedOption = 0,
    folder: FolderOption = None,
    form: FormatOption = None,
) -> None:
    """Time reading and running a day of made-up traffic, and two days; exit 1 where a demand is not met."""
    from clearwake.benchmarks import speed
    from clearwake.cli import progress, reports

    with progress.shown() as tell:
        report = speed.bench(rows, seed, folder, on_progress=tell)
    reports.measured(report, report.as_tables(), form)


@_command(
    "how true, on this machine",
    "clearwake truth",
    "clearwake truth --ships 500 --seed 7",
    "clearwake truth identity --ships 1000",
    "clearwake truth sensing --ships 1000",
    "clearwake truth silences --ships 2000",
    "clearwake truth unseen --seed 7",
    "clearwake truth false --ships 1000",
    "clearwake truth voyages --ships 300",
    "clearwake truth reach --times 10000",
    "clearwake truth crash --times 50",
    "clearwake truth chain --times 50",
    "clearwake truth fuzz --times 100000",
    "clearwake truth release --times 10000",
)
def truth(
    what: Annotated[
        str,
        typer.Argument(
            metavar="[events|identity|sensing|silences|unseen|false|voyages|reach|crash|chain|fuzz|release|ledger]",
            help="Score events, kill processes, mutate input.",
        ),
    ] = "events",
    ships: Annotated[
        int, typer.Option("--ships", metavar="N", min=1, help="Ships in the scene of events or identity.")
    ] = 5000,
    hours: Annotated[
        float, typer.Option("--hours", metavar="H", min=1.0, help="Length of the scene of events.")
    ] = 24.0,
    times: Annotated[
        int | None,
        typer.Option(
            "--times", metavar="N", min=1, help="How often to kill, or how many inputs or sailings."
        ),
    ] = None,
    seed: SeedOption = 0,
    folder: FolderOption = None,
    form: FormatOption = None,
) -> None:
    """Plant a scene of which everything is known and score what is found; exit 1 where a demand is not met.

    With crash, kill reads and runs at random instants and compare what is left; with fuzz, read mutated input.
    """
    from clearwake.cli import measuring, progress, reports

    with progress.shown() as tell:
        report = measuring.measure(what, measuring.Asked(ships, hours, times, seed, folder, tell))
    reports.measured(report, [report.as_table()], form)
