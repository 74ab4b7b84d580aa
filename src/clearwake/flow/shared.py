"""What each nation contributed and announced, and how far what was taken back has gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from clearwake.flow import casework, takingback
from clearwake.model import Announcement, Case, Contribution, Decision, Retraction, table
from clearwake.release import Use, reach
from clearwake.store import Store

ANNOUNCED = {
    "publish": ("published", "replied to"), "propose": ("proposed", "on hold", "listed"), "list": ("listed",),
    "remove": ("removed",), "detain": ("detained",), "release": ("released",), "retract": ("retracted",),
    "reply": ("replied to",),
}  # fmt: skip
"""Acts that a nation makes known, and the words of a case's standing by which they still stand."""


def _cases(store: Store) -> list[Case]:
    return [casework.case(store, name) for name in store.cases.versions()]


def contributions(store: Store) -> pl.DataFrame:
    """Give what each nation put into the cases this desk knows: a table of ``Contribution``, most items first."""
    cases = _cases(store)
    nations = {i.marking.originator for c in cases for i in c.items} | {
        d.nation for c in cases for d in _judged(c)
    }
    rows = [_contribution(nation, cases) for nation in nations]
    return table(sorted(rows, key=lambda row: (-row.items, -row.decisions, row.nation)), Contribution)


def _judged(case: Case) -> list[Decision]:
    return [d for d in case.decisions if d.act != "copy"]


def _contribution(nation: str, cases: Iterable[Case]) -> Contribution:
    items = [(c.id, i) for c in cases for i in c.items if i.marking.originator == nation]
    decisions = [(c.id, d) for c in cases for d in _judged(c) if d.nation == nation]
    added = {i.id for _, i in items}
    moments = [
        d.at for c in cases for d in _judged(c) if d.nation == nation or (d.item and d.item.id in added)
    ]
    return Contribution(
        nation,
        len({c for c, _ in (*items, *decisions)}),
        len(items),
        sum(i.kind == "sighting" for _, i in items),
        sum(i.kind == "photograph" for _, i in items),
        sum(d.act != "add" for _, d in decisions),
        sum(d.act == "confirm" for _, d in decisions),
        min(moments),
        max(moments),
    )


def announcements(store: Store) -> pl.DataFrame:
    """Give what each nation made known: a table of ``Announcement``, the newest first."""
    rows = [
        Announcement(
            d.nation,
            d.at,
            d.act,
            case.id,
            case.title,
            case.ships,
            d.why,
            bool({*ANNOUNCED[d.act]} & {*case.standing}),
        )
        for case in _cases(store)
        for d in case.decisions
        if d.act in ANNOUNCED
    ]
    return table(sorted(rows, key=lambda row: (row.at, row.case), reverse=True), Announcement)


def retractions(store: Store) -> pl.DataFrame:
    """Give every place where something taken back was used, and whom to tell: a table of ``Retraction``.

    Copies of those who were given the retraction or withdrawal itself since are left out.
    """
    cases = _cases(store)
    uses = [use for case in cases for use in _uses(case)]
    under = {
        d.id: d.rests_on for c in cases for d in c.decisions if d.act not in ("copy", "withdraw", "retract")
    }
    under |= {d.item.id: d.item.rests_on for c in cases for d in c.decisions if d.item is not None}
    rows = [
        _row(case, back, one, use)
        for case in cases
        for back in case.decisions
        for one, found in _reached(case, back, uses, under)
        for use in takingback.untold(case, back, found)
    ]
    return table(sorted(rows, key=lambda row: (row.at, row.used_at, row.used_by), reverse=True), Retraction)


def _reached(
    case: Case, back: Decision, uses: list[Use], under: dict[str, tuple[str, ...]]
) -> Iterator[tuple[str, list[Use]]]:
    """Give, for each thing a decision takes back, the uses it reaches; none of what it could not take back."""
    if back.act == "withdraw":
        gone = [one for one in back.rests_on if one in case.withdrawn]
        yield from ((one, [u for u in reach(uses, [one], under) if u.id != back.id]) for one in gone)
    elif back.act == "retract" and "retracted" in case.standing:
        yield case.id, reach(uses, [case.id, *(d.id for d in case.decisions if d.act == "confirm")], under)


def _uses(case: Case) -> Iterator[Use]:
    """Give everything of a case that holds something: what was added, decided, listed, and every copy that left."""
    so_far: list[str] = []
    for each in case.decisions:
        if each.item is not None:
            so_far.append(each.item.id)
            holds = (each.item.id, *each.item.rests_on)
            yield Use(case.id, "case", each.id, holds, (each.nation,), each.at)
        elif each.act == "copy":
            # A copy that does not say what it held may have held all there was.
            to = tuple(p.strip() for p in each.told.get("to", "").split(",") if p.strip())
            holds = (case.id, *(each.rests_on or so_far))
            yield Use(
                case.id, each.told.get("what", "copy"), each.id, holds, to, each.at, each.told.get("sha256")
            )
        elif each.act in ("propose", "list"):
            holds = (case.id, *(each.rests_on or so_far))
            yield Use(case.id, "list entry", each.id, holds, (each.told.get("list") or each.nation,), each.at)
        elif each.act not in ("withdraw", "retract", "permit"):
            yield Use(case.id, "decision", each.id, (each.id, *each.rests_on), (each.nation,), each.at)


def _row(case: Case, back: Decision, one: str, use: Use) -> Retraction:
    to = ", ".join(use.to) or "nobody named"
    told = {
        "case": f"tell {to}: what they added to {use.case} is or rests on something that was taken back",
        "decision": f"ask {to} whether their decision in {use.case} still stands",
        "list entry": f"tell {to} that what their entry rests on was taken back",
    }
    by = f"; it is told by: {takingback.told_by(use)}" if use.to else ""
    copy = f"tell {to} that {case.id} was corrected, and ask for the {use.what} back{by}"
    tell = told.get(use.what, copy)
    return Retraction(
        one, back.at, f"{back.who}, {back.nation}", back.why, use.case, use.what, use.id, use.at or back.at, use.to,
        use.sha256, tell,
    )  # fmt: skip
