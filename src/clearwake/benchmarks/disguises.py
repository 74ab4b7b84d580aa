"""Twelve ways in which a listed ship shows itself, for measuring whether screening still knows it.

Each takes what the list says of a ship and gives what a query would hold.  They follow what ships were seen to
do: keep the number and change the name, keep the name and lose the number, spell, cut, transliterate.
"""

# ruff: noqa: RUF001 - letters that look alike are the point

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

CYRILLIC = {
    "SHCH": "Щ", "ZH": "Ж", "KH": "Х", "TS": "Ц", "CH": "Ч", "SH": "Ш", "YU": "Ю", "YA": "Я", "A": "А", "B": "Б",
    "C": "К", "D": "Д", "E": "Е", "F": "Ф", "G": "Г", "H": "Х", "I": "И", "J": "Й", "K": "К", "L": "Л", "M": "М",
    "N": "Н", "O": "О", "P": "П", "Q": "К", "R": "Р", "S": "С", "T": "Т", "U": "У", "V": "В", "W": "В", "X": "КС",
    "Y": "Ы", "Z": "З",
}  # fmt: skip
GREEK = {
    "TH": "Θ", "PH": "Φ", "PS": "Ψ", "CH": "Χ", "A": "Α", "B": "Μπ", "C": "Κ", "D": "Ντ", "E": "Ε", "F": "Φ", "G": "Γ",
    "H": "Χ", "I": "Ι", "J": "Τζ", "K": "Κ", "L": "Λ", "M": "Μ", "N": "Ν", "O": "Ο", "P": "Π", "Q": "Κ", "R": "Ρ",
    "S": "Σ", "T": "Τ", "U": "ΟΥ", "V": "Β", "W": "Ου", "X": "Ξ", "Y": "Υ", "Z": "Ζ",
}  # fmt: skip
LOOK_ALIKES = dict(zip("ABEKMHOPCTX", "АВЕКМНОРСТХ", strict=True))
TYPED_FOR = {"O": "0", "I": "1", "S": "5"}
NUMERALS = {
    "1": "I",
    "2": "II",
    "3": "III",
    "4": "IV",
    "5": "V",
    "6": "VI",
    "7": "VII",
    "8": "VIII",
    "9": "IX",
}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PREFIXES = ("M/V ", "MV ", "M.V. ", "MT ", "M/T ", "SS ")
AIS_LETTERS = 20
"""An AIS static message holds a name of at most 20 characters."""


@dataclass(frozen=True)
class Ship:
    """What is known of a ship: what a list says of it, or what a register does."""

    name: str
    imo: str | None
    mmsi: int | None = None
    callsign: str | None = None
    flag: str | None = None
    other_names: tuple[str, ...] = ()


Query = dict[str, str | int | None]
Disguise = Callable[[Ship, "Ship", random.Random], Query]


def _query(name: str, imo: str | None = None, mmsi: int | None = None, callsign: str | None = None) -> Query:
    return {"name": name, "imo": imo, "mmsi": mmsi, "callsign": callsign}


def mistyped(name: str, times: int, dice: random.Random) -> str:
    """Change, drop, add or swap a letter, ``times`` times; never in a number, which would name another ship."""
    letters = list(name)
    for _ in range(times):
        places = [i for i in range(len(_core("".join(letters)))) if letters[i].isalpha()]
        if not places:
            break
        i, kind = dice.choice(places), dice.choice(("change", "drop", "add", "swap"))
        if kind == "drop":
            del letters[i]
        elif kind == "add":
            letters.insert(i, dice.choice(ALPHABET))
        elif kind == "swap" and i + 1 in places and letters[i] != letters[i + 1]:
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
        else:
            letters[i] = dice.choice(ALPHABET.replace(letters[i], ""))
    return "".join(letters)


def _core(name: str) -> str:
    """Give a name without the number, letter or Roman numeral at its end that tells it from its sisters."""
    return re.sub(r"[ -]+([0-9]+|[IVX]+|[A-Z])$", "", name)


def in_script(name: str, script: dict[str, str]) -> str:
    """Write a name in another script, letter groups first."""
    written, i = "", 0
    while i < len(name):
        group = next((name[i : i + n] for n in (4, 2, 1) if name[i : i + n] in script), name[i])
        written += script.get(group, group)
        i += len(group)
    return written


def _as_listed(ship: Ship, _: Ship, __: random.Random) -> Query:
    return _query(ship.name, ship.imo)


def _renamed(ship: Ship, other: Ship, dice: random.Random) -> Query:
    written = dice.choice(("{}", "IMO {}", "IMO{}", "imo: {}", " {} "))
    number = written.format(ship.imo)
    wide = number.translate({ord("0") + i: 0xFF10 + i for i in range(10)})
    return _query(other.name, wide if dice.random() < 0.2 else number)


def _by_signal(ship: Ship, other: Ship, dice: random.Random) -> Query:
    keeps_mmsi = ship.mmsi is not None and (ship.callsign is None or dice.random() < 0.5)
    return _query(other.name, None, ship.mmsi if keeps_mmsi else None, None if keeps_mmsi else ship.callsign)


def _other_name(ship: Ship, _: Ship, dice: random.Random) -> Query:
    return _query(dice.choice(ship.other_names or (ship.name,)))


def _one_letter(ship: Ship, _: Ship, dice: random.Random) -> Query:
    return _query(mistyped(ship.name, 1, dice))


def _two_letters(ship: Ship, _: Ship, dice: random.Random) -> Query:
    return _query(mistyped(ship.name, 2 if sum(map(str.isalpha, ship.name)) >= 9 else 1, dice))


def _written_otherwise(ship: Ship, _: Ship, dice: random.Random) -> Query:
    words = [NUMERALS.get(word, word) if dice.random() < 0.5 else word for word in ship.name.split()]
    joined = dice.choice((" ", "-", "", "  ", ". ")).join(words)
    return _query(dice.choice(("", *PREFIXES)) + (joined.title() if dice.random() < 0.3 else joined))


def _other_script(ship: Ship, _: Ship, dice: random.Random) -> Query:
    if dice.random() < 0.3:
        return _query("".join(LOOK_ALIKES.get(c, c) if dice.random() < 0.6 else c for c in ship.name))
    return _query(in_script(ship.name, dice.choice((CYRILLIC, GREEK))))


def _digits_for_letters(ship: Ship, _: Ship, dice: random.Random) -> Query:
    letters = list(ship.name)
    places = [i for i, letter in enumerate(letters) if letter in TYPED_FOR]
    for i in dice.sample(places, min(len(places), dice.choice((1, 2)))):
        letters[i] = TYPED_FOR[letters[i]]
    return _query("".join(letters))


def _damaged_number(ship: Ship, _: Ship, dice: random.Random) -> Query:
    digits = list(ship.imo or "0000000")
    i = dice.randrange(6)
    weight = 7 - i
    spoiling = [d for d in "0123456789" if (int(d) - int(digits[i])) * weight % 10]
    digits[i] = dice.choice(spoiling)
    name = ship.name if dice.random() < 0.5 else mistyped(ship.name, 1, dice)
    return _query(name, "".join(digits))


def _shortened(ship: Ship, _: Ship, dice: random.Random) -> Query:
    """Cut at what AIS holds, leave out a word, cut the end, or leave out vowels; numbers always stay."""
    words = ship.name.split()
    if len(ship.name) > AIS_LETTERS:
        return _query(ship.name[:AIS_LETTERS])
    if len(_core(ship.name).split()) > 2 and dice.random() < 0.5:
        words.remove(dice.choice([word for word in _core(ship.name).split() if word.isalpha()] or words))
        return _query(" ".join(words))
    letters = _core(ship.name)
    number = ship.name[len(letters) :]
    if len(letters) < 8:
        return _query(letters[:-1] + number)
    if dice.random() < 0.5:
        return _query(letters[: -dice.randint(1, 3)] + number)
    return _query(letters[0] + "".join(c for c in letters[1:] if c not in "AEIOU") + number)


def _number_and_typo(ship: Ship, other: Ship, dice: random.Random) -> Query:
    second = f"{ship.imo} / {other.imo}" if dice.random() < 0.3 else ship.imo
    return _query(mistyped(ship.name, 1, dice), second)


DISGUISES: dict[str, Disguise] = {
    "as listed": _as_listed,
    "renamed, number kept": _renamed,
    "number kept, name mistyped": _number_and_typo,
    "renamed, MMSI or call sign kept": _by_signal,
    "former or other name": _other_name,
    "one letter mistyped": _one_letter,
    "two letters mistyped": _two_letters,
    "written otherwise": _written_otherwise,
    "another script": _other_script,
    "digits for letters": _digits_for_letters,
    "number damaged": _damaged_number,
    "shortened": _shortened,
}
"""By name; all but the first three and the damaged number come without an IMO number."""
