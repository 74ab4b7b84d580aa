"""Does screening know a listed ship by a disguised name alone, with no number, MMSI or call sign beside it?

These disguises are harder than life's commonest ones: what was dropped cannot be guessed back.  Half of the queries are
ships on no list with real names; so a name like a listed ship's counts against.
"""

# ruff: noqa: S311 - dice for a measurement, not for secrets

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from clearwake.benchmarks.disguises import CYRILLIC, GREEK, LOOK_ALIKES, Ship, in_script, mistyped
from clearwake.benchmarks.screening import fleet
from clearwake.screen import Listed, hold

LEAST_PRECISION, LEAST_RECALL = 0.95, 0.80
VOWELS = "AEIOU"


def _word_dropped(name: str, dice: random.Random) -> str | None:
    words = name.split()
    letters = [i for i, word in enumerate(words) if word.isalpha() and len(word) > 2]
    if len(letters) < 2:
        return None
    del words[dice.choice(letters)]
    return " ".join(words)


def _vowels_dropped(name: str, _: random.Random) -> str | None:
    short = " ".join(word[0] + "".join(c for c in word[1:] if c not in VOWELS) for word in name.split())
    return short if sum(c.isalpha() for c in short) > 3 else None


def _some_vowels_dropped(name: str, dice: random.Random) -> str | None:
    places = [i for i, c in enumerate(name) if i and c in VOWELS]
    gone = set(dice.sample(places, min(len(places), dice.choice((1, 2, 3)))))
    return "".join(c for i, c in enumerate(name) if i not in gone) if gone else None


def _cut(name: str, dice: random.Random) -> str | None:
    """Cut the end off: two to five letters, a word or a part of one."""
    if len(name) < 8:
        return None
    return name[: -dice.randint(2, min(5, len(name) // 2))].rstrip() or None


def _shortened_words(name: str, dice: random.Random) -> str | None:
    words = name.split()
    long = [i for i, word in enumerate(words) if word.isalpha() and len(word) > 4]
    if len(words) < 2 or not long:
        return None
    at = dice.choice(long)
    words[at] = words[at][: dice.choice((1, 3, 4))] + dice.choice(("", "."))
    return " ".join(words)


def _written_with_spaces(name: str, dice: random.Random) -> str | None:
    if " " in name and dice.random() < 0.5:
        return name.replace(" ", dice.choice(("", "-", ".")))
    at = dice.randint(2, max(2, len(name) - 2))
    return f"{name[:at]} {name[at:]}" if len(name) > 5 else None


def _sounding(name: str, dice: random.Random) -> str | None:
    pairs = [("K", "C"), ("C", "K"), ("PH", "F"), ("Y", "I"), ("I", "Y"), ("U", "OO"), ("S", "Z"), ("Z", "S"),
             ("CH", "SH"), ("KH", "H"), ("J", "Y"), ("V", "W"), ("W", "V"), ("O", "U"), ("E", "I"), ("EE", "I"),
             ("X", "KS"), ("Q", "K")]  # fmt: skip
    usable = [pair for pair in pairs if pair[0] in name]
    for one, other in dice.sample(usable, min(len(usable), dice.choice((1, 2)))):
        name = name.replace(one, other, 1)
    return name if usable else None


def _in_script(name: str, dice: random.Random) -> str | None:
    if dice.random() < 0.3:
        return "".join(LOOK_ALIKES.get(c, c) for c in name)
    return in_script(name, dice.choice((CYRILLIC, GREEK)))


def _words_swapped(name: str, _: random.Random) -> str | None:
    words = name.split()
    return (
        " ".join([words[1], words[0], *words[2:]])
        if len(words) > 1 and words[0].isalpha() and words[1].isalpha()
        else None
    )


HARD: dict[str, Callable[[str, random.Random], str | None]] = {
    "a word dropped": _word_dropped,
    "all vowels dropped": _vowels_dropped,
    "some vowels dropped": _some_vowels_dropped,
    "the end cut off": _cut,
    "a word shortened": _shortened_words,
    "spaces moved": _written_with_spaces,
    "sounding alike": _sounding,
    "another script": _in_script,
    "words swapped": _words_swapped,
    "one letter mistyped": lambda name, dice: mistyped(name, 1, dice),
    "two letters mistyped": lambda name, dice: mistyped(name, 2, dice) if len(name) > 7 else None,
}


@dataclass(frozen=True)
class NamesReport:
    """How true screening is on names alone."""

    seed: int
    queries: int
    precision: float
    recall: float
    flagged: float
    """Share of the ships on no list that were flagged."""
    recall_by_disguise: dict[str, float]

    @property
    def is_met(self) -> bool:
        """Say whether both demands are met."""
        return self.precision >= LEAST_PRECISION and self.recall >= LEAST_RECALL


def measure(
    designations: pl.DataFrame, others: Sequence[Ship], queries: int = 20_000, seed: int = 1
) -> NamesReport:
    """Ask about listed ships and ships on no list, by name alone; half of each.

    Args:
        designations: The lists.
        others: Ships on no list.
        queries: How many to ask.
        seed: Of the dice.
    """
    asked = mix(designations, others, queries, seed)
    found = hold(asked.select("id", "name", kind=pl.lit("vessel")), Listed(designations))
    hits = found.filter(pl.col("tier") != "unscreenable").select("id", "entity_imo")
    listed = asked.filter(pl.col("hull").is_not_null())
    known = listed.join(hits, left_on=["id", "hull"], right_on=["id", "entity_imo"], how="semi")["id"]
    listed = listed.with_columns(is_found=pl.col("id").is_in(known.implode()))
    strangers = asked.filter(pl.col("hull").is_null())
    right, wrong = int(listed["is_found"].sum()), strangers.join(hits, on="id", how="semi").height
    by_disguise = listed.group_by("disguise").agg(pl.col("is_found").mean()).sort("disguise")
    return NamesReport(seed, asked.height, right / max(right + wrong, 1), right / max(listed.height, 1),
                       wrong / max(strangers.height, 1), dict(by_disguise.iter_rows()))  # fmt: skip


def mix(designations: pl.DataFrame, others: Sequence[Ship], queries: int, seed: int) -> pl.DataFrame:
    """Make the queries: ``id, name``, and the truth: ``hull, disguise``."""
    dice = random.Random(seed)
    listed = fleet(designations)
    hulls = {ship.imo for ship in listed}
    strangers = [ship for ship in others if ship.imo not in hulls]
    sorts, rows = list(HARD), list[dict[str, str | None]]()
    while len(rows) < queries // 2:
        ship, sort = dice.choice(listed), sorts[len(rows) % len(sorts)]
        name = HARD[sort](ship.name, dice)
        if name and name != ship.name:
            rows.append({"name": name, "hull": ship.imo, "disguise": sort})
    rows += [
        {"name": dice.choice(strangers).name, "hull": None, "disguise": None} for _ in range(queries // 2)
    ]
    schema = dict.fromkeys(("name", "hull", "disguise"), pl.String)
    return pl.DataFrame(rows, schema, orient="row").with_row_index("id").cast({"id": pl.String})
