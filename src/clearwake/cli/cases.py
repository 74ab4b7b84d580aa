"""The commands on cases: open, add, decide, show, log, list, check, head."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearwake.cli import NOT_SO
from clearwake.cli.options import DESK, DeskOption, FormatOption, OutOption, commands, open_desk

if TYPE_CHECKING:
    from clearwake.desk.casebook import CaseBook
    from clearwake.flow.casework import By

cases_app = typer.Typer(
    name="case",
    help="Open a case, add evidence, decide, and read what it comes to.",
    short_help="open, add to, decide and show cases",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_command = commands(cases_app)

WhoOption = Annotated[
    str | None,
    typer.Option("--who", metavar="NAME", help="Who decides; else $CLEARWAKE_WHO, else the login."),
]
RoleOption = Annotated[
    str | None,
    typer.Option("--role", metavar="ROLE", help="In what role; else $CLEARWAKE_ROLE, else watch officer."),
]
NationOption = Annotated[
    str | None,
    typer.Option("--nation", metavar="N", help="For which nation or party; else $CLEARWAKE_NATION."),
]
WhyOption = Annotated[str | None, typer.Option("--why", metavar="TEXT", help="Why, in words.")]
OriginatorOption = Annotated[
    str | None, typer.Option("--originator", metavar="P", help="Whose it is: whose permission others need.")
]
TlpOption = Annotated[
    str | None, typer.Option("--tlp", metavar="LABEL", help="CLEAR, GREEN, AMBER, AMBER+STRICT or RED.")
]
ReleaseToOption = Annotated[
    str | None, typer.Option("--release-to", metavar="P,...", help="Parties who may have all of it.")
]
TearLineToOption = Annotated[
    str | None, typer.Option("--tear-line-to", metavar="P,...", help="Parties who may have it coarsened.")
]
SensitivityOption = Annotated[
    str | None,
    typer.Option("--sensitivity", metavar="S", help="Of the source: open, ordinary or sensitive."),
]
KindOption = Annotated[
    str | None, typer.Option("--kind", metavar="K", help="Of evidence without a file: statement, media ...")
]
CitationOption = Annotated[
    str | None, typer.Option("--citation", metavar="TEXT", help="Title, publisher, date, address.")
]
ShipsOption = Annotated[
    list[str] | None, typer.Option("--ship", metavar="S", help="A ship: a name, or imo:N; again for more.")
]
RestsOnOption = Annotated[
    str | None, typer.Option("--rests-on", metavar="ID,...", help="Items and decisions it leans on.")
]
SameOption = Annotated[
    list[str] | None, typer.Option("--same", metavar="A=B", help="They are one ship: mmsi:N=imo:N.")
]
CaseArgument = Annotated[
    str, typer.Argument(metavar="CASE", help="The id of the case, as  case list  gives it.")
]


def _by(book: CaseBook, who: str | None, role: str | None, nation: str | None) -> By:
    return book.somebody(who, role, nation)


@_command(
    "open a case",
    "clearwake case open --from sighting:0123456789abcdef0123",
    'clearwake case open --title "Two tankers side by side" --day 2018-02-13 --ship "RYE SONG GANG 1"',
)
def open(  # noqa: A001 - the command's name
    source: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="ID", help="A sighting, event, detection, list entry or MMSI@FROM/TO."
        ),
    ] = None,
    title: Annotated[str | None, typer.Option("--title", metavar="T", help="What it is about.")] = None,
    day: Annotated[str | None, typer.Option("--day", metavar="D", help="When the act happened.")] = None,
    ship: ShipsOption = None,
    why: WhyOption = None,
    who: WhoOption = None,
    role: RoleOption = None,
    nation: NationOption = None,
    originator: OriginatorOption = None,
    tlp: TlpOption = None,
    release_to: ReleaseToOption = None,
    tear_line_to: TearLineToOption = None,
    sensitivity: SensitivityOption = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
) -> None:
    """Open a case from one of the desk's facts, or by a title, a day and ships.  Its id is the day and first ship."""
    from clearwake.cli import casereports
    from clearwake.cli.values import moment

    marks = casereports.marks(originator, tlp, release_to, tear_line_to, sensitivity)
    with open_desk(desk, create=source is None) as opened:
        book = opened.cases
        made = book.open(
            source, _by(book, who, role, nation), title=title, day=moment(day, "--day"), ships=ship or (),
            why=why or "", marks=marks,
        )  # fmt: skip
    casereports.changed(made, form)


@_command(
    "add evidence to a case",
    "clearwake case add 2018-02-13-rye-song-gang-1 --from encounter:0123456789abcdef0123",
    "clearwake case add 2018-02-13-rye-song-gang-1 --file items.yml",
    'clearwake case add 2018-02-13-rye-song-gang-1 --media page.pdf --citation "Ministry of Defense, 2018-02-14"',
)
def add(
    case: CaseArgument,
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WHAT]...", help="Ids, as for --from, or files, as for --file."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--from", metavar="ID", help="A sighting, event, detection, list entry or MMSI@FROM/TO."
        ),
    ] = None,
    file: Annotated[
        list[Path] | None, typer.Option("--file", metavar="FILE", help="Items written out, as JSON or YAML.")
    ] = None,
    document: Annotated[Path | None, typer.Option("--document", metavar="FILE", help="A document.")] = None,
    media: Annotated[Path | None, typer.Option("--media", metavar="FILE", help="What was published.")] = None,
    photograph: Annotated[
        Path | None, typer.Option("--photograph", metavar="FILE", help="A picture.")
    ] = None,
    kind: KindOption = None,
    sentence: Annotated[str | None, typer.Option("--sentence", metavar="TEXT", help="What it says.")] = None,
    citation: CitationOption = None,
    origin: Annotated[str | None, typer.Option("--origin", metavar="S", help="Who said it first.")] = None,
    grade: Annotated[str | None, typer.Option("--grade", metavar="G", help="Admiralty: A1 to F6.")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="T", help="When it is from.")] = None,
    ship: ShipsOption = None,
    rests_on: RestsOnOption = None,
    same: SameOption = None,
    why: WhyOption = None,
    who: WhoOption = None,
    role: RoleOption = None,
    nation: NationOption = None,
    originator: OriginatorOption = None,
    tlp: TlpOption = None,
    release_to: ReleaseToOption = None,
    tear_line_to: TearLineToOption = None,
    sensitivity: SensitivityOption = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
) -> None:
    """Add evidence: facts of the desk, items written out in a file, or a document, photograph or page as it came."""
    from clearwake.cli import casereports

    marks = casereports.marks(originator, tlp, release_to, tear_line_to, sensitivity)
    told = casereports.Told(
        kind, sentence, citation, origin, grade, at, ship or [], casereports.listed(rests_on)
    )
    facts, items_files = casereports.parted(what or [])
    files = {"document": document, "media": media, "photograph": photograph}
    with open_desk(desk) as opened:
        book = opened.cases
        by = _by(book, who, role, nation)
        book.case(case)
        items = casereports.items(
            book, by, marks, [*facts, *(source or [])], [*items_files, *(file or [])], files, told
        )
        made = book.add(case, casereports.as_called(items, same or []), by, why or "")
    casereports.changed(made, form)


@_command(
    "decide about a case",
    'clearwake case decide 2018-02-13-rye-song-gang-1 confirm --who "A. Sato" --role analyst --nation JPN --why "..."',
    "clearwake case decide CASE offer-reply --until 2018-03-20 --why ...",
    "clearwake case decide CASE refute --seen 12 --rests-on item:0123... --why ...",
)
def decide(
    case: CaseArgument,
    act: Annotated[
        str,
        typer.Argument(
            metavar="ACT",
            help="take-up, confirm, refute, leave, review, offer-reply, reply, publish, retract, propose, hold, list, "
            "remove, detain, flag-request, committee-decision, release, withdraw, permit, note.",
        ),
    ],
    why: WhyOption = None,
    who: WhoOption = None,
    role: RoleOption = None,
    nation: NationOption = None,
    rests_on: RestsOnOption = None,
    seen: Annotated[
        int | None,
        typer.Option("--seen", metavar="VERSION", help="The version you saw; refused if it moved since."),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="D", help="Its day, where it is entered later.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="D", help="Of offer-reply.")] = None,
    tell: Annotated[
        list[str] | None,
        typer.Option("--tell", metavar="WHAT=TEXT", help="list=UN, by=KOR, outcome=agreed ..."),
    ] = None,
    originator: OriginatorOption = None,
    tlp: TlpOption = None,
    release_to: ReleaseToOption = None,
    tear_line_to: TearLineToOption = None,
    sensitivity: SensitivityOption = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
) -> None:
    """Decide about a case; what is allowed when, and for whom, is in docs/cases.md.  Decisions are never undone.

    Exit code 1 where a rule forbids it, where others decided since --seen, and where a confirmation is the first of the
    two that one source needs: it is kept, and the case is in confirmation.
    """
    from clearwake.cli import casereports

    marks = casereports.marks(originator, tlp, release_to, tear_line_to, sensitivity)
    told = casereports.tells(tell or [], {"on": on, "until": until})
    with open_desk(desk) as opened:
        book = opened.cases
        by = _by(book, who, role, nation)
        made = book.decide(
            case, act, by, why=why or "", rests_on=casereports.listed(rests_on), told=told, seen=seen,
            **casereports.markings(act, by, marks),
        )  # fmt: skip
        checks = book.public_gate(made.id) if made.decisions[-1].act == "publish" else ()
    casereports.changed(made, form)
    casereports.not_for_the_public(made, checks)
    if lacking := casereports.not_yet(made):
        typer.echo(lacking, err=True)
        raise typer.Exit(NOT_SO)


@_command("show a case", "clearwake case show CASE", "clearwake case show CASE --format json")
def show(
    case: CaseArgument,
    on: Annotated[
        str | None, typer.Option("--on", metavar="D", help="The day a detention's clock is read; else today.")
    ] = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Show a case: where it stands, its evidence, who decided what, the clock of a detention, what can be decided.

    Exit code 1 where a chain is not as it was written.
    """
    from clearwake.cli import casereports
    from clearwake.cli.values import day_of

    with open_desk(desk) as opened:
        told = opened.cases.told(case, day_of(on, "--on"))
        faults = opened.cases.check()
    casereports.told(told, form, out)
    casereports.doubted(faults)


@_command("show who decided what", "clearwake case log CASE", "clearwake case log CASE --format json")
def log(
    case: CaseArgument, desk: DeskOption = DESK, form: FormatOption = None, out: OutOption = None
) -> None:
    """Show every decision about a case in order, with who, when, why, and the hash that seals it.

    Exit code 1 where a chain is not as it was written.
    """
    from clearwake.cli import casereports
    from clearwake.cli.output import write

    with open_desk(desk) as opened:
        rows = opened.cases.log(case)
        faults = opened.cases.check()
    write(rows, form, out)
    casereports.doubted(faults)


@_command("list the cases", "clearwake case list")
def list_(desk: DeskOption = DESK, form: FormatOption = None, out: OutOption = None) -> None:
    """List every case of the desk."""
    from clearwake.cli import casereports
    from clearwake.cli.output import write

    with open_desk(desk) as opened:
        rows = opened.cases.all()
    # A table for people leaves ids for last; here it is what they look for.
    write(rows.rename({"id": "case"}) if casereports.is_for_people(form, out) else rows, form, out)


@_command("sign how long the chain is", "clearwake case head --out head.json")
def head(desk: DeskOption = DESK, out: OutOption = None) -> None:
    """Sign how many decisions the desk's chain has and what it ends in, for others to keep."""
    from clearwake.cli import casereports

    with open_desk(desk) as opened:
        made = opened.cases.head()
    casereports.headed(made, out)


@_command("see that nothing was changed", "clearwake case check", "clearwake case check --head head.json")
def check(
    heads: Annotated[
        list[Path] | None,
        typer.Option("--head", metavar="FILE", help="A head that was kept elsewhere; may be given again."),
    ] = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
) -> None:
    """Check every chain of decisions for edits, deletions, insertions, swaps and a cut end; exit code 1 for any."""
    from clearwake.cli import casereports

    kept = [each for file in heads or () for each in casereports.heads_in(file)]
    with open_desk(desk) as opened:
        faults = opened.cases.check(kept)
    casereports.checked(faults, form)
    if faults:
        raise typer.Exit(NOT_SO)
