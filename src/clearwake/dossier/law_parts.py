"""What the law of the day asks, what is shown of it, and what could lawfully be done: parts of every dossier."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import polars as pl

from clearwake.dossier.document import Block, Group, Section, groups, note, points, table, text
from clearwake.dossier.material import Material
from clearwake.dossier.wording import day, sentence
from clearwake.model import NotFoundError
from clearwake.statutes import DATE, Provision, elements, in_words, provision

ACTS = ("prohibition", "limit")
"""Kinds of provisions that forbid or limit an act; the others give powers, duties and measures."""

OUTCOMES = ("every element established", "every element at least indicated", "not shown", "not so")

THE_ACT = "the act"

MOST_ON_FRONT = 7

MOST_IN_FULL = 6
"""Paragraphs, act by act, whose elements are laid out one by one; what others come to is told in a line each."""

SAID = {"not shown": "not every element is shown", "not so": "an element is contradicted"}
"""What outcomes are called on paper."""

Choose = Callable[[Provision], bool]


def elements_section(material: Material, title: str, choose: Choose | None = None) -> Section:
    """Lay out, paragraph by paragraph, each element with its status, evidence and what would settle it."""
    rows = outcomes(material, lambda each: each.kind in ACTS and (choose is None or choose(each)))
    parts = [_group(material, row) for row in rows[:MOST_IN_FULL]]
    powers = outcomes(material, lambda each: each.kind not in ACTS and (choose is None or choose(each)))
    other = [*rows[MOST_IN_FULL:], *powers]
    blocks: list[Block] = []
    if parts:
        header = ("What the paragraph needs", "Shown", "Evidence", "What would settle it")
        blocks.append(groups(header, parts, (38, 15, 13, 34), status=1))
    if other:
        header = ("Paragraph", "About", "Comes to", "Lacking")
        blocks += [
            text("Other paragraphs and acts, and what they come to:"),
            table(header, _brief(material, other), (18, 22, 26, 34)),
        ]
    if not blocks:
        blocks = [text("The facts released open no paragraph in force on that day.")]
    blocks.append(
        note(
            "Established: a confirmed fact, or two probable ones of different origins.  Indicated: less than that.  "
            "Missing: nothing shown either way.  Contradicted: more speaks against it than for it.  Whether there was "
            "a breach is for people to judge."
        )
    )
    return Section(title, tuple(blocks), f"By the law in force on {day(material.findings.day)}.")


def outcomes(material: Material, choose: Choose) -> list[dict[str, Any]]:
    """Give what paragraphs come to, the fullest first, each with its provision under ``of``."""
    known = []
    for row in material.findings.outcomes.iter_rows(named=True):
        of = known_provision(row["provision"])
        if of is not None and choose(of):
            known.append({**row, "of": of})
    return sorted(known, key=lambda row: (OUTCOMES.index(row["outcome"]), ACTS.index(row["of"].kind)
                                          if row["of"].kind in ACTS else len(ACTS)))  # fmt: skip


def known_provision(wanted: str) -> Provision | None:
    """Give a provision by its id; None where this clearwake has none of it, as in a bundle of another version."""
    try:
        return provision(wanted)
    except NotFoundError:
        return None


def told_outcome(outcome: str) -> str:
    """Say what a paragraph comes to, in words for who does not know ours."""
    return SAID.get(outcome, outcome)


def _group(material: Material, outcome: dict[str, Any]) -> Group:
    of: Provision = outcome["of"]
    found = material.findings.elements.filter(
        pl.col("provision") == outcome["provision"],
        pl.col("act").eq_missing(pl.lit(outcome["act"])),
        pl.col("about").eq_missing(pl.lit(outcome["about"])),
    )
    about = f", about {material.called(outcome['about'])}" if outcome["about"] else ""
    rows = tuple(
        (
            _says(row["element"]),
            row["status"],
            material.cited((*row["evidence"], *row["against"])),
            "" if row["would_settle"] is None else sentence(row["would_settle"]),
        )
        for row in found.iter_rows(named=True)
    )
    told = f"{of.reference} {of.binding}{about}{_act(material, outcome['act'])}"
    return Group(told, f"{sentence(told_outcome(outcome['outcome']))} {of.summary}", rows)


def _act(material: Material, act: str | None) -> str:
    """Say which act, where a case has several: by its ships, its day and the evidence of it."""
    if act is None:
        return ""
    of = [fact for fact in material.facts if act in (fact.act, fact.id)]
    met = next((fact for fact in of if fact.kind == "transfer"), None)
    ships = "" if met is None else f"{material.called(met.subject)} and {material.called(met.object)}"
    days = sorted({fact.since for fact in of if fact.since})
    told = [ships, *([day(days[0])] if days else []), material.cited(fact.id for fact in of)]
    return f": {', '.join(each for each in told if each)}" if any(told) else ""


def _says(name: str) -> str:
    return sentence(in_words(name))


def _brief(material: Material, rows: Iterable[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    same: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        lacking = "; ".join(_says(each).rstrip(".") for each in row["lacking"]) or "nothing"
        about = material.called(row["about"]) if row["about"] else THE_ACT
        same.setdefault((row["of"].reference, told_outcome(row["outcome"]), lacking), []).append(about)
    return [
        (reference, _some(about), outcome, lacking) for (reference, outcome, lacking), about in same.items()
    ]


def _some(about: list[str]) -> str:
    acts, names = about.count(THE_ACT), [each for each in dict.fromkeys(about) if each != THE_ACT]
    more = [f"{len(names) - MOST_ON_FRONT} more"] if len(names) > MOST_ON_FRONT else []
    return ", ".join([*([f"{acts} acts"] if acts > 1 else [THE_ACT] * acts), *names[:MOST_ON_FRONT], *more])


def shown_and_missing(material: Material) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give for page 1 what is established or indicated of the fullest paragraphs, and what is missing or contradicted.

    An element that several paragraphs ask counts once, by its best status.
    """
    best: dict[str, tuple[str, dict[str, Any]]] = {}
    for outcome in _first(material):
        for name, status, row in _elements(material, outcome):
            if name not in best or _ORDER[status] < _ORDER[best[name][0]]:
                best[name] = (status, row)
    shown = [
        _line(name, status)
        for name, (status, _) in _by_status(best)
        if status in ("established", "indicated")
    ]
    lacks = [
        _line(name, status) for name, (status, _) in _by_status(best) if status in ("missing", "contradicted")
    ]
    return _shortened(shown), _shortened(lacks)


_ORDER = {"established": 0, "indicated": 1, "contradicted": 2, "missing": 3}


def _by_status(best: dict[str, tuple[str, dict[str, Any]]]) -> list[tuple[str, tuple[str, dict[str, Any]]]]:
    return sorted(best.items(), key=lambda each: _ORDER[each[1][0]])


def _first(material: Material) -> list[dict[str, Any]]:
    """Give the paragraphs page 1 speaks of: those that forbid or limit an act, the fullest two."""
    return outcomes(material, lambda each: each.kind in ACTS)[:2]


def _elements(material: Material, outcome: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    found = material.findings.elements.filter(
        pl.col("provision") == outcome["provision"],
        pl.col("act").eq_missing(pl.lit(outcome["act"])),
        pl.col("about").eq_missing(pl.lit(outcome["about"])),
        pl.col("element") != DATE,
    )
    return [(row["element"], row["status"], row) for row in found.iter_rows(named=True)]


def _line(name: str, status: str) -> str:
    known, says = elements().get(name), _says(name).rstrip(".")
    if status == "missing":
        bare = f"not shown: {says[:1].lower()}{says[1:]}"
        return sentence(known.if_missing if known and known.if_missing else bare)
    if status == "contradicted":
        told = known.if_contradicted if known and known.if_contradicted else says
        return f"{sentence(told).rstrip('.')} (contradicted)."
    return f"{says}." if status == "established" else f"{says} (indicated)."


def _shortened(lines: list[str]) -> tuple[str, ...]:
    if len(lines) <= MOST_ON_FRONT:
        return tuple(lines)
    kept = lines[: MOST_ON_FRONT - 1]
    return (*kept, f"And {len(lines) - len(kept)} more, in the elements table.")


def settling(material: Material) -> list[str]:
    """Give what would settle the elements still missing of the paragraphs page 1 speaks of, the fullest first."""
    rows = [
        row
        for outcome in _first(material)
        for _, status, row in _elements(material, outcome)
        if status == "missing"
    ]
    return list(dict.fromkeys(row["would_settle"] for row in rows if row["would_settle"]))


def basis_of(material: Material) -> list[tuple[str, str]]:
    """Name the paragraphs that forbid or limit such an act, with what they come to, the fullest first."""
    rows = _once(outcomes(material, lambda each: each.kind in ACTS))
    return [(row["of"].reference, told_outcome(row["outcome"])) for row in rows]


def _once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({row["provision"]: row for row in reversed(rows)}.values())[::-1]


def law_section(material: Material, title: str, choose: Choose | None = None) -> Section:
    """Tell the paragraphs that come up, as they stood on the day, in our own words."""
    rows = _once(outcomes(material, choose or (lambda _: True)))
    laid = [
        (row["of"].reference, row["of"].binding, row["of"].summary, _in_force(row["of"]))
        for row in sorted(rows, key=lambda row: row["provision"])
    ]
    block = table(("Paragraph", "Binds by", "In our own words", "In force"), laid, (16, 12, 52, 20))
    return Section(
        title,
        (
            block if laid else text("No paragraph comes up."),
            note("Not the legal texts; a lawyer reads those."),
        ),
        f"As it stood on {day(material.findings.day)}.",
    )


def _in_force(of: Provision) -> str:
    ended = f" to {of.in_force_to}" if of.in_force_to else ""
    return f"from {of.in_force_from}{ended}"


def options_section(
    material: Material, title: str, choose: Callable[[dict[str, Any]], bool] | None = None
) -> Section:
    """List what could lawfully be done, by whom and on what conditions; limits first, nothing recommended."""
    rows = [row for row in material.findings.options.iter_rows(named=True) if choose is None or choose(row)]
    limits = list(dict.fromkeys(row["option"] for row in rows if row["stands"] == "a limit"))
    others: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["stands"] not in ("a limit", "ruled out"):
            others.setdefault((row["option"], row["provision"]), []).append(row)
    laid = [_option(material, each) for each in others.values()]
    blocks = [
        text(
            "Listed, not recommended.  Whether there are reasonable grounds is for the State that would act."
        ),
        *([points(sentence(each) for each in limits)] if limits else []),
        table(
            ("What could be done", "By whom", "Under", "Stands", "Still to be shown"),
            laid,
            (30, 19, 14, 13, 24),
        )
        if laid
        else text("No option comes up on what is released."),
    ]
    return Section(title, tuple(blocks), f"On {day(material.findings.day)}, for these zones and flags.")


def _option(material: Material, rows: list[dict[str, Any]]) -> tuple[str, str, str, str, str]:
    first = rows[0]
    of = known_provision(first["provision"])
    lacking = [
        each.split(" - ", 1)[-1].split(" (")[0]
        for each in first["conditions"]
        if ": missing" in each.split(" - ", 1)[0]
    ]
    ships = [material.called(row["ship"]) for row in rows if row["ship"]]
    about = f" ({', '.join(ships)})" if ships and len(ships) < len(material.ships) else ""
    return (
        sentence(first["option"]).rstrip(".") + about,
        first["who"],
        of.reference if of else first["provision"],
        first["stands"],
        "; ".join(lacking) or "nothing",
    )
