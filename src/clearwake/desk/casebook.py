"""The cases of a desk, and the verbs that work on them; the command line has the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from clearwake.archive import Archive
from clearwake.cases import Fault, subject
from clearwake.desk.tables import names, shown
from clearwake.flow import caseitems, casetables, casework
from clearwake.flow.casefiles import items_in, keep_file, keep_photograph, marked
from clearwake.flow.casework import By
from clearwake.model import Case, Head, Item, Marking
from clearwake.store import Store

if TYPE_CHECKING:
    from clearwake.release import Check

Marks = Mapping[str, Any]
"""What a marking is to say: any of ``originator``, ``tlp``, ``releasable_to``, ``tear_line_to``, ``sensitivity``."""


class CaseBook:
    """The cases of one desk; given by ``Desk.cases``."""

    def __init__(self, store: Store, archive: Archive) -> None:
        self._store, self._archive = store, archive

    def somebody(self, who: str | None = None, role: str | None = None, nation: str | None = None) -> By:
        """Give who decides; see ``flow.casework.somebody``."""
        return casework.somebody(self._store, who, role, nation)

    def open(
        self,
        source: str | None = None,
        by: By | None = None,
        *,
        title: str | None = None,
        day: date | datetime | None = None,
        ships: Sequence[str] = (),
        why: str = "",
        marks: Marks | None = None,
    ) -> Case:
        """Open a case from one of the desk's facts, or by a title, a day and ships.

        Args:
            source: The id of a sighting, event, detection or list entry, or ``MMSI@FROM/TO`` for a track.
            by: Who opens it; see ``somebody``.
            title: What it is about; else what the fact says.
            day: When the act happened; else when the fact is from.
            ships: Names, or subjects such as ``imo:7389704``; the first names the case.
            why: Why it is opened.
            marks: What the fact's marking is to say otherwise.

        Raises:
            NotFoundError: If there is no such fact.
            UsageError: If there is neither fact nor title.
        """
        who = by or self.somebody()
        found = self.found(source, who, marks) if source else caseitems.Found()
        return casework.open_case(
            self._store,
            who,
            title=title or found.title,
            day=day,
            name=next((each for each in ships if ":" not in each), found.name),
            ships=[ship if ":" in ship else subject(name=ship) or ship for ship in ships],
            items=found.items,
            why=why,
            marking=marked(Marking(who.nation), **marks) if marks and not source else None,
        )

    def found(self, fact: str, by: By, marks: Marks | None = None) -> caseitems.Found:
        """Make the items of one of the desk's facts, without putting them anywhere.

        Raises:
            NotFoundError: If there is no such fact.
        """
        found = caseitems.items_from(self._store, fact, partial(shown, self._store), names(), by.nation)
        items = tuple(replace(item, marking=marked(item.marking, **(marks or {}))) for item in found.items)
        return replace(found, items=items)

    def add(self, case: str, items: Iterable[Item], by: By | None = None, why: str = "") -> Case:
        """Put evidence into a case.

        Raises:
            NotFoundError: If there is no such case.
            UsageError: If an item lacks what its kind needs.
        """
        return casework.add(self._store, case, *items, by=by, why=why)

    def read_items(self, path: Path, by: By, marks: Marks | None = None) -> list[Item]:
        """Read items written out by hand; see ``flow.casefiles.items_in``."""
        return items_in(path, marked(Marking(by.nation), **(marks or {})))

    def keep(self, path: Path, marking: Marking, *, is_photograph: bool = False) -> str:
        """Put a file that is evidence into the archive, and give its SHA-256.

        Raises:
            UnreadableFileError: If it is to be a photograph and is no picture; nothing is kept.
        """
        keeps = keep_photograph if is_photograph else keep_file
        return keeps(self._store, self._archive, path, marking)

    def decide(self, case: str, act: str, by: By | None = None, **said: Any) -> Case:  # noqa: ANN401 - as there
        """Decide something about a case; see ``flow.casework.decide``."""
        return casework.decide(self._store, case, act, by, **said)

    def public_gate(self, case: str) -> tuple[Check, ...]:
        """Give the checks of the gate, as the public's version stands now; see ``flow.releasing.public_gate``."""
        from clearwake.flow import releasing  # noqa: PLC0415 - law and detectors are slow to import

        return releasing.public_gate(self._store, self._archive, case)

    def case(self, name: str) -> Case:
        """Give a case.

        Raises:
            NotFoundError: If there is no such case.
        """
        return casework.case(self._store, name)

    def told(self, name: str, on: date | None = None) -> dict[str, Any]:
        """Give a case as one object with all that is known of it; see ``flow.casetables.told``."""
        return casetables.told(self._store, name, on)

    def log(self, name: str) -> pl.DataFrame:
        """Give the log of a case: a table of ``DecisionRow``."""
        return casetables.log(self._store, name)

    def all(self) -> pl.DataFrame:
        """Give every case: a table of ``CaseRow``."""
        return casetables.cases(self._store)

    def head(self) -> Head:
        """Sign how long the desk's chain is and what it ends in, for others to keep."""
        return casework.head(self._store)

    def check(self, heads: Iterable[Head] = ()) -> list[Fault]:
        """Look for anything in the chains that is not as it was written."""
        return casework.check(self._store, heads)
