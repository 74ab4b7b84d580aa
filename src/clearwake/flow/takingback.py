"""Taking back: a retraction or withdrawal has to reach whoever its case or item reached.

Its marking is its own, not that of the evidence: what was said to somebody must be able to be unsaid to them.  Who may
have nothing of it does not learn of it all the same (``release.Levels``).  So its words, which partners read, must not
say what they may not have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clearwake import release
from clearwake.model import PUBLIC, Case, Decision, Marking, UsageError
from clearwake.release import TAKINGS_BACK, Use


def marking_of(nation: str) -> Marking:
    """Mark a taking back: partners may read it whole, and the public that it was made, without its words.

    It names nobody: a marking travels with its decision, and would tell who else was given what.
    """
    return Marking(nation, "TLP:GREEN", (), (PUBLIC,))


def one_by_one(case: Case, rests_on: Sequence[str]) -> list[tuple[str, ...]]:
    """Part a withdrawal into one of each item, so that each is told to whoever had just that one.

    What rests on an item goes with it, and first and by name where a permission let others have it without what it
    rests on: they have to be told of it and may not be told of the other.
    """
    items = {item.id: item for item in case.items}
    if not {*rests_on} <= items.keys():
        return [tuple(rests_on)]
    permitted = {one for d in case.decisions if d.act == "permit" for one in d.rests_on}
    under = {one: item.rests_on for one, item in items.items()}
    above = release.resting(rests_on, under)
    going = {*rests_on, *(above & permitted & items.keys())}
    return [(one,) for one in reversed(items) if one in going]


def mind_the_words(case: Case, act: str, nation: str, rests_on: Sequence[str], why: str) -> None:
    """Make sure that the reason for taking something back, which partners will read, quotes nothing withheld from them.

    Raises:
        UsageError: If it does.
    """
    told = Decision("", act, "", "", nation, why, case.decisions[-1].at, marking_of(nation), tuple(rests_on))
    for party in sorted(_parties(case)):
        levels = release.Levels(case, (party,))
        if levels.taking_back(told) == "withheld":
            continue
        for found in release.quoted_in(why, case, (party,)):
            message = (
                f"{case.id}: the reason given for this {act} holds the {found.field} of {found.withheld}, which "
                f"{party} may not have: {found.value!r}\n  read as words for all who were given the case or may have "
                "it\n  next: say it without that, or say with --tlp and --release-to who may read it"
            )
            raise UsageError(message)


def _parties(case: Case) -> set[str]:
    """Name every party that a marking or a copy of a case names."""
    marks = [*(i.marking for i in case.items), *(d.marking for d in case.decisions)]
    marks += [d.item.marking for d in case.decisions if d.item is not None]
    named = {p for m in marks for p in (*m.releasable_to, *m.tear_line_to, *release.originators(m))}
    named |= {p for d in case.decisions if d.act == "copy" for p in d.told.get("to", "").split(",")}
    return {release.audience_of(p)[0] for p in named if p.strip()} - {PUBLIC}


def untold(case: Case, back: Decision, uses: Sequence[Use]) -> Iterator[Use]:
    """Give those uses whose holders were not given the taking back itself since, in whatever copy."""
    # A case retracted twice is retracted to whoever was told either.
    says = {d.id for d in case.decisions if d.act == "retract" == back.act} | {back.id}
    copies = [d for d in case.decisions if d.act == "copy" and says & {*d.rests_on}]
    told = {release.audience_of(back.nation)[0]} | {
        release.audience_of(p)[0] for d in copies for p in d.told["to"].split(",") if p.strip()
    }
    for use in uses:
        is_copy = use.sha256 is not None
        if not (is_copy and use.to and {release.audience_of(p)[0] for p in use.to} <= told):
            yield use


def told_by(use: Use) -> str:
    """Give the command that tells those who have a copy that what it says was taken back."""
    to = ",".join(use.to)
    if use.what == "exchange":
        return f"clearwake exchange export --to {to} --out FILE"
    if use.what.startswith("dossier"):
        kind = use.what.rpartition("(")[2].partition(",")[0] or "case"
        return f"clearwake dossier {use.case} --kind {kind} --to {to} --out FILE"
    return f"clearwake release {use.case} --to {to} --out FOLDER"


__all__ = ["TAKINGS_BACK", "marking_of", "mind_the_words", "one_by_one", "told_by", "untold"]
