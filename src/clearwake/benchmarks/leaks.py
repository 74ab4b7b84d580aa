"""Does anything withheld leave the desk?  Random cases, audiences and markings, and everything that would be written.

Two questions are asked of each release.  *Is a withheld value in it?*  In any file or file name: as it is, in other
letters, rounded, hashed, encoded.  *Does anything in it depend on what is withheld?*  The case is made again with other
values, other ids and more items where the audience may see nothing, and the release has to be the same to the byte.
Who may have what is worked out here a second time, in the plainest way, so that a fault in the rules shows too.
"""

from __future__ import annotations

import base64
import hashlib
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from clearwake import seal
from clearwake.benchmarks.leak_cases import MARK, Chance, Graph, audience, graph, otherwise
from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.cases import sealed
from clearwake.flow.exchange import links, share
from clearwake.flow.releasing import folded
from clearwake.model import (
    DOSSIER_KINDS,
    PUBLIC,
    AssessmentRow,
    BreachElement,
    BreachOutcome,
    Case,
    Decision,
    Designation,
    Findings,
    Item,
    LawfulOption,
    Marking,
    Match,
    Released,
    WeighedRow,
    empty,
)
from clearwake.release import Level, papers, released, unnamed

if TYPE_CHECKING:
    from rich.table import Table

Work = Callable[[Released], Findings]

AT = datetime(2018, 4, 1, 12, tzinfo=UTC)
GRAPHS = 10_000
WORKED_EVERY = 50
"""For one graph in so many, all that follows from the release (law, assessment, events) is worked out and searched."""

DOSSIER_EVERY = 250
"""For one graph in so many, a dossier with its bundle is made, each kind by turns, and its texts searched."""

_PICTURES = (".pdf", ".png", ".parquet")

_WORD = re.compile(rf"{MARK}[a-y]{{11}}")
_OWN_ID = re.compile(r'"(?:encounter|position):([0-9a-f]{20})"')
_NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d+(?![\w.])")


@dataclass
class LeakReport:
    """What came of the releases."""

    seed: int
    graphs: int = 0
    items: int = 0
    withheld: int = 0
    coarsened: int = 0
    searched: int = 0
    """Values looked for."""
    bytes_read: int = 0
    leaks: list[str] = field(default_factory=list)
    """Where a withheld value was found."""
    by_chance: list[str] = field(default_factory=list)
    """Where a number like a withheld one was found that stands there whatever the withheld one is: the release from
    the same case with another number in its place is the same to the byte."""
    differences: list[str] = field(default_factory=list)
    """Where a release depended on what is withheld."""
    too_much: list[str] = field(default_factory=list)
    """Where more was given than the plain rules allow, or less."""
    seconds: float = 0.0
    machine: Machine = field(default_factory=this_machine)

    @property
    def is_met(self) -> bool:
        """Say whether nothing withheld left, in any way."""
        return not (self.leaks or self.differences or self.too_much)

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {**asdict(self), "is_met": self.is_met}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        title = f"Release: {self.graphs:,} cases, seed {self.seed}, {self.seconds:.0f} s"
        table = Table("what", "count", "wanted", "first", title=title, caption=str(self.machine))
        for what in ("items", "withheld", "coarsened", "searched", "bytes_read"):
            table.add_row(what.replace("_", " "), f"{getattr(self, what):,}", "", "")
        for what in ("leaks", "differences", "too_much", "by_chance"):
            found, wanted = getattr(self, what), "" if what == "by_chance" else "none"
            table.add_row(what.replace("_", " "), str(len(found)), wanted, "\n".join(found[:3]))
        return table


def measure(
    graphs: int = GRAPHS, seed: int = 0, on_progress: Callable[[str, int, int], None] | None = None
) -> LeakReport:
    """Release random cases to random audiences and look for what must not be there.

    Args:
        graphs: How many.
        seed: Another seed is other cases.
        on_progress: Told how far it is.
    """
    began, report = time.monotonic(), LeakReport(seed)
    for number in range(graphs):
        if on_progress and number % 100 == 0:
            on_progress("release", number, graphs)
        chance = random.Random(f"{seed}/{number}")  # noqa: S311 - a seeded source is the point
        nth = number + 1
        worked = None if nth % WORKED_EVERY else work
        kind = None if nth % DOSSIER_EVERY else DOSSIER_KINDS[nth // DOSSIER_EVERY % len(DOSSIER_KINDS)]
        try_one(chance, report, f"seed {seed}, graph {number}", worked, kind)
    report.seconds = time.monotonic() - began
    return report


def work(version: Released) -> Findings:
    """Work out all that follows from a version."""
    from clearwake.flow.findings import findings  # noqa: PLC0415 - law and detectors are slow to import

    return findings(version)


def nothing(version: Released) -> Findings:
    """Say that nothing follows; what follows is a function of the version, which is searched itself."""
    del version
    return Findings(
        date(2018, 2, 13), empty(BreachElement), empty(BreachOutcome), empty(LawfulOption), empty(AssessmentRow),
        empty(WeighedRow), empty(Match),
    )  # fmt: skip


def dossier_texts(version: Released, found: Findings, kind: str) -> dict[str, bytes]:
    """Give the texts of a dossier and its bundle."""
    from clearwake.dossier.face import made  # noqa: PLC0415 - slow to import
    from clearwake.flow.bundle import bundle_files, material_of  # noqa: PLC0415 - as above

    face = made(kind, material_of(version, found, ""), {})
    files = bundle_files(face, version, empty(Designation), {}, "dossier.zip")
    return {f"dossier/{name}": content for name, content in files.items() if not name.endswith(_PICTURES)}


def try_one(
    chance: Chance, report: LeakReport, name: str, work_out: Work | None = None, kind: str | None = None
) -> None:
    """Draw one case and one audience, release, search, and release the same with other secrets."""
    known, to = graph(chance), audience(chance)
    secret = chance.randbytes(32)
    levels = plainly(known.case, to)
    version, _ = released(known.case, known.tracks, to, AT, secret, folded)
    report.graphs += 1
    report.items += len(known.case.items)
    report.withheld += sum(levels[i.id] == "withheld" for i in known.case.items)
    report.coarsened += sum(levels[i.id] == "tear-line" for i in known.case.items)
    report.too_much += [f"{name}: {told}" for told in _against(version, known.case, levels)]
    found = (work_out or nothing)(version)
    files = papers(version, found, "0") | (dossier_texts(version, found, kind) if kind else {})
    other = otherwise(known, levels, chance)
    again, _ = released(other.case, other.tracks, to, AT, secret, folded)
    is_same = written(version) == written(again)
    report.leaks += [f"{name}: {told}" for told in search(known, levels, files, report)]
    numbers = _secret(known, levels)[1]
    still = _secret(other, plainly(other.case, to))[1] if is_same else numbers
    for number in _numbers_found(numbers, files):
        (report.leaks if number in still else report.by_chance).append(f"{name}: the number {number}")
    if len(to) == 1 and to != (PUBLIC,):
        report.leaks += [f"{name}, in a bundle: {told}" for told in _in_bundle(known, levels, to[0], secret)]
    if not is_same:
        report.differences.append(
            f"{name}, to {', '.join(to)}: another release from the same that may be given"
        )


def written(version: Released) -> bytes:
    """Write a version but for its commitments, which are random to whoever has no salt."""
    bare = replace(version, commitments={}, tracks={})
    tracks = {name: frame.write_csv() for name, frame in version.tracks.items()}
    return seal.canonical(bare) + seal.canonical(tracks) + seal.canonical(sorted(version.commitments))


def _against(version: Released, case: Case, levels: Mapping[str, Level]) -> Iterator[str]:
    """Compare what is given with what the plain rules allow."""
    full = sum(levels[i.id] == "full" for i in case.items)
    torn = sum(levels[i.id] == "tear-line" for i in case.items)
    given = len(version.case.items)
    if (given, len(version.coarsened)) != (full + torn, torn):
        yield f"{given} items given, {len(version.coarsened)} of them coarse; allowed {full} and {torn}"
    told = sum(levels[d.id] != "withheld" for d in case.decisions if d.act not in {"copy", "permit"})
    if len(version.case.decisions) != told:
        yield f"{len(version.case.decisions)} decisions given, {told} allowed"


# Who may have what, in the plainest way


def plainly(case: Case, to: Sequence[str]) -> dict[str, Level]:
    """Work out how much of everything an audience may have, by lowering levels until nothing is lowered any more."""
    order: tuple[Level, ...] = ("withheld", "tear-line", "full")
    marks: dict[str, Marking] = {i.id: i.marking for i in case.items}
    for each in case.decisions:
        added = each.item is not None and each.item.id in marks and each.marking == each.item.marking
        marks[each.id] = marks[each.item.id] if added and each.item is not None else each.marking
    under = {i.id: list(i.rests_on) for i in case.items}
    so_far: list[str] = []
    for each in case.decisions:
        under[each.id] = [*each.rests_on, *([each.item.id] if each.item is not None else [])]
        if not each.rests_on and each.item is None and each.act in {"confirm", "refute", "leave", "propose"}:
            under[each.id] = list(so_far)
        if each.item is not None and each.item.id in marks:
            so_far.append(each.item.id)
    adds = {d.id for d in case.decisions if d.item is not None}
    own = {one: _rank(mark, to) for one, mark in marks.items()}
    back = [d for d in case.decisions if d.act in {"withdraw", "retract"}]
    # Nothing bounds a taking back; what it rested on is asked for still where something else leans on it by permission.
    beneath = dict(under)
    for each in back:
        under[each.id] = []
    level = dict(own)
    level = _lowered(level, own, adds, (under, beneath), marks, case, to)
    known = _known(case, level, to)
    for each in back:
        asked = [known.get(one, int(_copied(case, to, one))) for one in each.rests_on]
        asked = asked if each.act == "withdraw" else [_something(case, known, level, to)]
        level[each.id] = own[each.id] if all(asked) else 0
    # Others may rest on what was taken back.
    level = _lowered(level, own, adds, (under, beneath), marks, case, to)
    return {one: order[rank] for one, rank in level.items()}


def _lowered(
    level: dict[str, int],
    own: Mapping[str, int],
    adds: set[str],
    rests: tuple[Mapping[str, list[str]], Mapping[str, list[str]]],
    marks: Mapping[str, Marking],
    case: Case,
    to: Sequence[str],
) -> dict[str, int]:
    """Lower levels until nothing rests on what is given less of: what bounds each, and what each rested on."""
    under, beneath = rests
    changed = True
    while changed:
        changed = False
        for one, rank in level.items():
            least = min((level.get(u, 0) for u in under[one]), default=2)
            if least < rank and (one in adds or not _let(one, own, level, beneath, marks, case, to)):
                level[one], changed = least, True
    return level


def _known(case: Case, level: Mapping[str, int], to: Sequence[str]) -> dict[str, int]:
    """Say how much of every item, withdrawn ones too, an audience may have had or was given."""
    items = {d.item.id: d.item for d in case.decisions if d.item is not None}
    here = {i.id for i in case.items}
    own = {one: level[one] if one in here else _rank(item.marking, to) for one, item in items.items()}
    given = {one: 1 if _copied(case, to, one) else 0 for one in items}
    known = {one: max(rank, given[one]) for one, rank in own.items()} | {i: level[i] for i in here}
    changed = True
    while changed:
        changed = False
        for one, item in items.items():
            least = min((known.get(u, 0) for u in item.rests_on), default=2)
            lowered = max(least, given[one])
            if one not in here and lowered < known[one]:
                known[one], changed = lowered, True
    return known


def _copied(case: Case, to: Sequence[str], one: str | None) -> bool:
    copies = [d for d in case.decisions if d.act == "copy" and (one is None or one in d.rests_on)]
    reached = {party.strip() for d in copies for party in d.told.get("to", "").split(",")}
    return PUBLIC in reached or all(party in reached for party in to)


def _something(case: Case, known: Mapping[str, int], level: Mapping[str, int], to: Sequence[str]) -> int:
    """Say 2 where an audience may have, or had, anything of a case, else 0."""
    opening = [level[d.id] for d in case.decisions if d.act == "open"]
    return 2 if any((*known.values(), *opening)) or _copied(case, to, None) else 0


def _rank(mark: Marking, to: Sequence[str]) -> int:
    def one(party: str) -> int:
        named = mark.releasable_to
        is_any = mark.tlp == "TLP:CLEAR" or (mark.tlp == "TLP:GREEN" and party != PUBLIC)
        if party == mark.originator or (is_any and (not named or party in named)):
            return 2
        if party in named and party != PUBLIC:
            return 2
        return 1 if party in mark.tear_line_to or PUBLIC in mark.tear_line_to else 0

    return min(one(party) for party in to)


def _let(
    one: str,
    own: Mapping[str, int],
    level: Mapping[str, int],
    under: Mapping[str, list[str]],
    marks: Mapping[str, Marking],
    case: Case,
    to: Sequence[str],
) -> bool:
    """Say whether those whose evidence is withheld permitted that something be given all the same."""
    waiting, owners, seen = list(under[one]), set[str](), set[str]()
    while waiting:
        each = waiting.pop()
        if each in seen or each == one or level.get(each, 0) >= own[one]:
            continue
        seen.add(each)
        owners.add(marks[each].originator if each in marks else "")
        waiting += under.get(each, [])
    permits = [d for d in case.decisions if d.act == "permit" and one in d.rests_on and d.permits is not None]
    given = {d.nation for d in permits if d.permits is not None and _rank(d.permits, to) >= own[one]}
    return owners <= given


# What must not be found


def search(
    known: Graph, levels: Mapping[str, Level], files: Mapping[str, bytes], report: LeakReport
) -> Iterator[str]:
    """Look for every withheld word, moment and digest in all files and their names."""
    text = _text(files)
    report.bytes_read += len(text)
    words, numbers, moments, digests = _secret(known, levels)
    report.searched += len(words) + len(numbers) + len(moments) + len(digests)
    yield from (f"the word {w}" for w in words if any(form in text for form in _forms(w)))
    yield from (f"the moment {m}" for m in moments if m in text)
    yield from (f"the digest {d}" for d in digests if d in text)


def _numbers_found(numbers: Iterable[float], files: Mapping[str, bytes]) -> list[float]:
    """Give those numbers that stand in a file, whole or rounded."""
    said = set(_NUMBER.findall(_text(files)))
    return [n for n in numbers if _rounded(n) & said]


def _text(files: Mapping[str, bytes]) -> str:
    return "\n".join((*files, *(content.decode() for content in files.values()))).casefold()


def _in_bundle(known: Graph, levels: Mapping[str, Level], party: str, secret: bytes) -> Iterator[str]:
    """Look for withheld values in what a bundle for another desk would hold of the case."""
    decisions = [replace(d, item=unnamed(d.item)) if d.item else d for d in known.case.decisions]
    given = share(replace(known.case, decisions=tuple(decisions)), party, secret)
    entries = [sealed("c" * 32, n, "0" * 64, known.case.id, d) for n, d in enumerate(decisions, 1)]
    lines = [*links(entries, set(given.opened)), *given.versions]
    text = "\n".join(seal.canonical(line).decode() for line in lines).casefold()
    both: list[Item | Decision] = [*known.case.items, *known.case.decisions]
    open_ones, shut, marks = set[str](), set[str](), set[str]()
    for each in both:
        bare = replace(each, item=None) if isinstance(each, Decision) else each
        words = set(_WORD.findall(seal.canonical(bare).decode()))
        ships = {w for s in each.ships for w in _WORD.findall(s)} if isinstance(each, Item) else set()
        is_full = levels[each.id] == "full" and not (isinstance(each, Decision) and each.act == "copy")
        open_ones |= words if is_full else ships if levels[each.id] == "tear-line" else set()
        shut |= set() if is_full else words
        if isinstance(each, Item) and not is_full:
            marks |= {each.sha256 or ""} - {""}
        if isinstance(each, Item):
            # The desk's own ids go to nobody, however much else they may have.
            marks |= {each.source or ""} - {""} | set(_OWN_ID.findall(each.rows or ""))
    if not given.opened:
        shut |= set(_WORD.findall(known.case.id))
    yield from (f"the word {w}" for w in shut - open_ones if any(form in text for form in _forms(w)))
    yield from (f"the mark {m}" for m in marks if m in text)


def _secret(known: Graph, levels: Mapping[str, Level]) -> tuple[set[str], set[float], set[str], set[str]]:
    """Give words, numbers, moments and digests that no file may hold."""
    words, open_words = set[str](), set[str]()
    numbers, moments, digests = set[float](), set[str](), set[str]()
    both: list[Item | Decision] = [*known.case.items, *known.case.decisions]
    for each in both:
        level = levels[each.id]
        shut, open_ones = _parted(each, level)
        words |= shut
        open_words |= open_ones
        digests |= _digests(each)
        if level != "full" and isinstance(each, Item):
            numbers |= _numbers(each)
            moments |= {f"{t:%Y-%m-%dt%H:%M:%S}" for t in (each.start, each.end) if t is not None}
        if level != "full" and isinstance(each, Decision):
            moments.add(f"{each.at:%Y-%m-%dt%H:%M:%S}")
    for name, frame in known.tracks.items():
        if levels[name] != "full":
            numbers |= {v for row in frame.select("lon", "lat").rows() for v in row}
        words |= set(frame["station"])
    words |= set(_WORD.findall(known.case.id))
    shown = {f"{d.at:%Y-%m-%dt%H:%M:%S}" for d in known.case.decisions if levels[d.id] == "full"}
    # A moment at the very start of a day or hour is its own coarse value.
    fine = {m for m in moments - shown if not m.endswith(":00:00")}
    return words - open_words, numbers, fine, digests


def _parted(each: Item | Decision, level: Level) -> tuple[set[str], set[str]]:
    """Part the words of something into those that must not and those that may be found."""
    if isinstance(each, Decision):
        bare = replace(each, item=None)
        every = set(_WORD.findall(seal.canonical(bare).decode()))
        told = {
            w
            for k, v in each.told.items()
            if k in {"title", "day", "ships", "list", "by"}
            for w in _WORD.findall(v)
        }
        open_ones = (
            {each.who, each.why, *told} if level == "full" and each.act not in {"copy", "permit"} else set()
        )
        return every - open_ones, open_ones
    every = set(_WORD.findall(seal.canonical(each).decode()))
    if level == "withheld":
        return every, set()
    ships = {w for s in each.ships for w in _WORD.findall(s)}
    if level == "tear-line":
        return every - ships, ships
    acts = {f.act for f in each.facts if f.act}
    return acts, every - acts


def _digests(each: Item | Decision) -> set[str]:
    """Give what an id or a text could be guessed back from: plain hashes and the desk's own ids."""
    plain = {each.id.partition(":")[2]}
    if isinstance(each, Item):
        plain |= {(each.source or each.id).partition(":")[2]}
        texts = (each.id, each.source or "", each.sentence, seal.canonical(each).decode())
        plain |= {hashlib.sha256(t.encode()).hexdigest()[:16] for t in texts}
        row = each.rows or ""
        plain |= set(_OWN_ID.findall(row))
    return plain


def _numbers(item: Item) -> set[float]:
    found = {
        item.lon,
        item.lat,
        item.error_m,
        *(r.weight for r in item.reasons),
        *(f.amount for f in item.facts),
    }
    # A round number stands anywhere by chance, and a coarse value is one.
    return {float(n) for n in found if n is not None and round(n, 3) != n}


def _forms(word: str) -> tuple[str, ...]:
    """Give a word as it may hide: plain, in hexadecimal, in base 64, hashed, backwards."""
    raw = word.encode()
    return (
        word, raw.hex(), base64.b64encode(raw).decode().casefold()[:16], word[::-1],
        hashlib.sha256(raw).hexdigest()[:16], hashlib.sha1(raw).hexdigest()[:16], hashlib.md5(raw).hexdigest()[:16],  # noqa: S324 - looked for, not relied on
    )  # fmt: skip


def _rounded(number: float) -> set[str]:
    """Give a number as it may be written: whole, and to three to six decimals with four figures or more.

    Three figures stand by chance where a probability is told.
    """
    forms = (f"{abs(number):.{d}f}" for d in range(3, 7))
    long = [form for form in forms if len(form.replace(".", "").lstrip("0")) > 3]
    return {sign + form for sign in ("", "-") for form in (repr(abs(number)), *long)}
