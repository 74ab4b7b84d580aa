"""The demo's cases: the published incidents opened, and one of them led from a report to a public dossier.

Every step is a verb of the desk that has its command.  What was announced is real; who decides, and why, is the demo's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import polars as pl

from clearwake.desk import Desk
from clearwake.flow.casework import By
from clearwake.flow.incidents import Incident, incidents, items_of, open_incidents
from clearwake.model import Item, LegalFact, Marking

Say = Callable[[str], None]

LED = "2018-02-13-rye-song-gang-1"
"""The incident that is led from report to dossier."""

REPORT = "2018-02-13-report.csv"

ORIGIN = "JPN"
"""The originator of the report, and so of what else its announcement says."""

OPEN = Marking("DEMO", "TLP:CLEAR", sensitivity="open")

WATCH = By("the demo's watch officer", "watch officer", "DEMO")
FIRST = By("the demo's first analyst", "analyst", "DEMO")
SECOND = By("the demo's second analyst", "analyst", "DEMO")
LAWYER = By("the demo's legal adviser", "legal adviser", "DEMO")
RELEASER = By("the demo's release officer", "release officer", "DEMO")

NOT_EXEMPTED = (
    "The Committee, which grants exemptions, designated Wan Heng 11 for this very act; an exemption of its own is not "
    "likely to have covered it."
)

CONTACT = "the demo has no address; a real dossier says here whom to tell of a mistake"

FOLDER = "cases"
"""Where the demo's dossiers go, in its folder."""


def cases(desk: Desk, say: Say) -> list[Path]:
    """Open the published incidents as cases, lead one of them to a public dossier, and say what came of it.

    Args:
        desk: The demo's desk.
        say: Told each line.

    Returns:
        The dossiers that were made; none where they were made before.
    """
    led = next(each for each in incidents() if each.id == LED)
    open_incidents(desk.store, without=(LED,))
    _reported(desk, led)
    if not {"published"} & {*desk.cases.case(LED).standing}:
        _decided(desk, say)
    _listed(desk, say)
    _law(desk, say)
    return _dossiers(desk, say)


def _reported(desk: Desk, led: Incident) -> None:
    """Read the report as one of the desk's sightings, and open the case from it."""
    if LED in set(desk.cases.all()["id"]):
        return
    with as_file(files("clearwake.demo_data.incidents") / REPORT) as file:
        desk.read("sightings", file, known_at="2018-02-14")
    seen = desk.show("sightings").filter(imo=led.ships[0].imo)["id"][0]
    case = desk.cases.open(seen, WATCH, why="reported by Japan", marks={"tlp": "TLP:CLEAR"})
    known = [each for each in items_of(led, str) if each.id not in ("announcement", "committee")]
    desk.cases.add(
        case.id, [_of_announcement(each) for each in known], WATCH, "told with the report, or on a list"
    )


def _of_announcement(item: Item) -> Item:
    """Give an item its new id, and of what was announced the origin that the report has."""
    if item.origin != "Japan":
        return replace(item, id="")
    facts = tuple(replace(each, origin=ORIGIN) for each in item.facts)
    return replace(item, id="", origin=ORIGIN, facts=facts)


def _decided(desk: Desk, say: Say) -> None:
    """Lead the case to publication, step by step, saying each."""
    book, led = desk.cases, next(each for each in incidents() if each.id == LED)
    report = next(each for each in book.case(LED).items if each.kind == "sighting")

    def decide(by: By, act: str, why: str, *rests_on: str, **told: str) -> None:
        # A demo that was stopped half way goes on where it stopped.
        if any((each.who, each.act) == (by.who, act) for each in book.case(LED).decisions):
            return
        case = book.decide(LED, act, by, why=why, rests_on=rests_on, told=told, marking=OPEN)
        say(f"     {by.role} {act.replace('_', ' ')}: {why}; it is {', '.join(case.standing)}")

    say(f"   {LED}, from report to dossier:")
    say(f"     watch officer open: {report.sentence}")
    decide(FIRST, "confirm", "the ships were named by those who met them at sea, says Japan", report.id)
    second = next(each for each in items_of(led, str) if each.id == "committee")
    held = [each for each in book.case(LED).items if each.sentence == second.sentence]
    added = (held or book.add(LED, [_of_announcement(second)], SECOND, "a second source").items)[-1]
    decide(SECOND, "confirm", "the 1718 Committee names the same ships, day and act", report.id, added.id)
    if not any(each.kind == "conclusion" for each in book.case(LED).items):
        book.add(LED, [_not_exempted(added)], LAWYER, "exemptions come before anything is called prohibited")
        say(f"     legal adviser add: {NOT_EXEMPTED}")
    decide(LAWYER, "review", "the text accuses nobody of more than the elements show")
    decide(
        RELEASER,
        "offer_reply",
        "the owners may answer before it is published",
        on="2018-04-01",
        until="2018-05-01",
    )
    decide(RELEASER, "publish", "the reply period is over and nobody answered")


def _not_exempted(designation: Item) -> Item:
    """Draw the conclusion that the Committee had not exempted an act for which it designated the ship."""
    return replace(
        designation,
        id="",
        kind="conclusion",
        sentence=NOT_EXEMPTED,
        facts=(LegalFact("", "exemption", holds=False, origin=designation.origin),),
        reasons=(),
        rests_on=(designation.id,),
    )


def _listed(desk: Desk, say: Say) -> None:
    found = desk.cases.all()
    told = ", ".join(
        f"{count} {state}" for state, count in found.group_by("state").len().sort("state").iter_rows()
    )
    say(f"   {found.height} published incidents of 2017 to 2019 are cases: {told}")


def _law(desk: Desk, say: Say) -> None:
    """Say what the law of the day makes of the led case, and how its claim stands beside its rivals."""
    judged = desk.elements(LED)
    for provision in ("unscr-2375-11", "unscr-2397-5"):
        rows = judged.rows.filter(pl.col("provision") == provision)
        told = ", ".join(
            f"{element.replace('_', ' ')} {status}"
            for element, status in rows.select("element", "status").iter_rows()
        )
        say(f"   by the law of {judged.day}, {provision}: {told}")
    for row in desk.assess(LED).rows.head(2).iter_rows(named=True):
        between = (
            f"{row['share']:.0%}, between {row['low']:.0%} and {row['high']:.0%} if the numbers are doubted"
        )
        say(f"   {row['explanation'].replace('_', ' ')}: {row['word']} ({between})")


def ledger(desk: Desk, say: Say) -> None:
    """Read the published deliveries of early 2018 and hold them against the cap of that year."""
    with as_file(files("clearwake.demo_data") / "deliveries_2018.csv") as file:
        desk.read("deliveries", file, known_at="2018-07-12")
    for sentence in desk.ledger(2018).filter(product="refined")["sentence"]:
        say(f"   {sentence}")


def _dossiers(desk: Desk, say: Say) -> list[Path]:
    """Make the public dossier as a document and as a bundle, and check the bundle as a stranger would."""
    from clearwake.flow.verify import verify  # noqa: PLC0415 - documents are slow to import

    folder, made = desk.folder / FOLDER, []
    for kind, name in (("case", f"{LED}.pdf"), ("notice", f"{LED}-notice.pdf"), ("case", f"{LED}.zip")):
        if not (folder / name).exists():
            desk.dossier(LED, kind, "public", folder / name, contact=CONTACT, by=RELEASER)
            made.append(folder / name)
        say(f"   dossier: {folder / name}")
    found = verify(folder / f"{LED}.zip")
    counts = {verdict: found.count(verdict) for verdict in sorted({row.verdict for row in found.rows})}
    say(f"   verified: {', '.join(f'{count} {verdict}' for verdict, count in counts.items())}")
    return made
