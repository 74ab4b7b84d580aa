"""Which ships the marks of a sighting fit: IMO number, MMSI, call sign, name, as ships themselves claimed them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from clearwake.names.exact import exact

LEAST_ALIKE, LEAST_LETTERS = 86.0, 5
"""Names that agree in fewer of a hundred letters, or shorter ones that differ at all, are other names."""

STRENGTH = {"imo": 0.97, "claimed_mmsi": 0.95, "callsign": 0.9, "name": 0.85, "alike": 0.5}
"""How much each mark says about who it is, before others of the same mark: an order, no probability."""

_CALLED = {"imo": "IMO number", "claimed_mmsi": "MMSI", "callsign": "call sign", "name": "name"}


@dataclass(frozen=True)
class Marked:
    """A ship that marks fit: how strongly, and what agrees and what does not, in words."""

    mmsi: int
    strength: float
    agrees: tuple[str, ...]
    differs: tuple[str, ...]


class Claimed:
    """What ships claimed to be, ready to be asked for by marks.

    Args:
        claims: ``mmsi, name, imo, callsign, flag, last_seen``: as in ``IdentityClaim``.
    """

    def __init__(self, claims: pl.DataFrame) -> None:
        rows = claims.select("mmsi", "name", "imo", "callsign", "flag", "last_seen")
        self.rows = rows.with_columns(bare_name=_bare_names(rows["name"]), bare_callsign=_bare("callsign"))
        named = self.rows.filter(pl.col("bare_name").str.len_chars() > 0)
        self.names = named["bare_name"].unique().sort().to_list()

    def fitting(self, sighting: dict[str, object]) -> list[Marked]:
        """Give the ships that the marks of a sighting fit, the strongest first."""
        said = self._said(sighting)
        found: dict[int, list[tuple[str, str]]] = {}
        for mark, mmsi, words in said:
            found.setdefault(mmsi, []).append((mark, words))
        every = [self._marked(mmsi, marks, sighting) for mmsi, marks in found.items()]
        return sorted(every, key=lambda each: (-each.strength, each.mmsi))

    def _said(self, sighting: dict[str, object]) -> Iterator[tuple[str, int, str]]:
        """Give each mark that fits a ship, the ship, and the words for it."""
        for mark, column in (("imo", "imo"), ("claimed_mmsi", "mmsi"), ("callsign", "bare_callsign")):
            wanted = sighting[mark]
            if wanted is not None:
                bare = _bare_text(str(wanted)) if mark == "callsign" else wanted
                for mmsi in self._with(column, bare):
                    yield mark, mmsi, f"{_CALLED[mark]} {wanted} agrees"
        name = _bare_names(pl.Series([sighting["name"]], dtype=pl.String))[0]
        if name:
            yield from self._named(name, str(sighting["name"]))

    def _named(self, name: str, said: str) -> Iterator[tuple[str, int, str]]:
        same = self._with("bare_name", name)
        for mmsi in same:
            yield "name", mmsi, f"name {said} agrees"
        if len(name) < LEAST_LETTERS:
            return
        alike = process.extract(name, self.names, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE, limit=8)
        for other, _, _ in alike:
            if other != name:
                for mmsi in self._with("bare_name", other):
                    if mmsi not in same:
                        yield "alike", mmsi, f"name {said} is like {self._full(mmsi, other)}"

    def _with(self, column: str, value: object) -> list[int]:
        return self.rows.filter(pl.col(column) == value)["mmsi"].unique().sort().to_list()

    def _full(self, mmsi: int, bare: str) -> str:
        same = self.rows.filter(pl.col("mmsi") == mmsi, pl.col("bare_name") == bare)
        return str(same["name"][0])

    def _marked(self, mmsi: int, marks: list[tuple[str, str]], sighting: dict[str, object]) -> Marked:
        own = self.rows.filter(pl.col("mmsi") == mmsi)
        doubt = np.prod([1.0 - STRENGTH[mark] for mark, _ in marks])
        differs = [words for mark, words in self._differing(own, sighting) if mark not in dict(marks)]
        strength = (1.0 - float(doubt)) * 0.5 ** len(differs)
        return Marked(mmsi, strength, tuple(words for _, words in marks), tuple(differs))

    def _differing(self, own: pl.DataFrame, sighting: dict[str, object]) -> Iterator[tuple[str, str]]:
        """Give the marks read that this ship never claimed, where it claimed others."""
        for mark, column in (("imo", "imo"), ("callsign", "callsign"), ("name", "name")):
            claimed = own[column].drop_nulls().unique().sort().to_list()
            if sighting[mark] is not None and claimed:
                alike = mark == "name" and any(
                    fuzz.ratio(*_bare_names(pl.Series([str(sighting[mark]), each])).fill_null("").to_list())
                    >= LEAST_ALIKE
                    for each in claimed
                )
                if not alike and str(sighting[mark]) not in claimed:
                    yield (
                        mark,
                        f"{_CALLED[mark]} read {sighting[mark]}, claimed {', '.join(map(str, claimed[:3]))}",
                    )


def _bare_names(names: pl.Series) -> pl.Series:
    """Give names as they are compared: capitals and digits without blanks; null for what names nobody."""
    return exact(names).str.replace_all(" ", "", literal=True)


def _bare(column: str) -> pl.Expr:
    return pl.col(column).str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "")


def _bare_text(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())
