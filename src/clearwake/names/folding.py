"""Names as people and machines write them, brought to a form that can be compared.

``М/В Богатырь``, ``MT BOGATYR'`` and ``Bogatyr`` are one name; ``RA NAM 2`` and ``RA NAM 3`` are two ships.  So a
name is folded into letters and numbers: the numbers must agree, the letters may differ a little.  A name that
folds to nothing is no name, and never equals another that folds to nothing.
"""

# ruff: noqa: RUF001, RUF002 - names in other scripts are what this file is about

from __future__ import annotations

import re
import unicodedata

import polars as pl
from anyascii import anyascii

SHIP_PREFIXES = (
    "MV",
    "MT",
    "MS",
    "MY",
    "SS",
    "FV",
    "FT",
    "MFV",
    "MTS",
    "SV",
    "TB",
    "RV",
    "LPGC",
    "LNGC",
    "TUG",
)
"""What is written before a ship's name to say what kind of ship it is."""

LEGAL_FORMS = (
    "COMPANY", "CO", "CORPORATION", "CORP", "INCORPORATED", "INC", "LIMITED", "LTD", "LTDA", "LLC", "LLP", "LP", "PLC",
    "PTE", "PTY", "PVT", "PRIVATE", "JSC", "PJSC", "OJSC", "CJSC", "OOO", "OAO", "ZAO", "PAO", "AO", "TOO", "GMBH",
    "AG", "KG", "SA", "SAL", "SARL", "SRL", "SPA", "SAS", "BV", "NV", "AS", "ASA", "AB", "OY", "OYJ", "DOO", "EOOD",
    "OOD", "FZE", "FZCO", "FZC", "DMCC", "SDN", "BHD", "KK", "TIC", "STI", "CV", "DE", "RL", "THE", "AND",
)  # fmt: skip
"""Words that say what a company legally is, not which one; dropped from company names before comparing."""

PLACEHOLDER_NAMES = frozenset({
    "UNKNOWN", "NONE", "NULL", "NIL", "NA", "NAN", "TEST", "NONAME", "NOTAVAILABLE", "BLANK", "UNNAMED", "VESSEL",
    "SHIP", "NOTKNOWN", "NOTDEFINED", "UNDEFINED", "TBN", "TBA", "XXX", "XX", "NAMEUNKNOWN",
})  # fmt: skip
"""Words typed to fill the field, with spaces taken out."""

LOOK_ALIKES = str.maketrans(
    dict(zip("АВЕКМНОРСТУХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXISJABEZHIKMNOPTYX", strict=True))
)
"""Cyrillic and Greek capitals that look like Latin ones."""

ROMAN = {"II": "2", "III": "3", "IV": "4", "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "XI": "11", "XII": "12",
         "XIII": "13", "XIV": "14", "XV": "15", "XVI": "16", "XVII": "17", "XVIII": "18"}  # fmt: skip
"""Read as numbers wherever they stand as a word; I, V and X only as the last word."""

SOUNDS = {
    "YEO": "O", "JEO": "O", "JE": "E", "JO": "O", "EO": "O", "EU": "U", "OO": "U", "OU": "U", "EE": "I", "IE": "I",
    "YE": "E", "YO": "O", "IO": "O", "AE": "A", "PH": "F", "KH": "", "CK": "K", "TS": "S", "TZ": "S", "SH": "S",
    "ZH": "S", "CH": "S", "GH": "G", "TH": "T", "DJ": "I", "X": "KS", "Q": "K", "C": "K", "Z": "S", "W": "V",
    "Y": "I", "J": "I", "H": "",
}  # fmt: skip
"""Spellings that transliterations from Cyrillic, Korean, Arabic and Greek interchange, longest first."""


def plain(names: pl.Series) -> pl.Series:
    """Bring text in any script to upper-case ASCII: compatibility forms, then transliteration.

    Symbols and emoji have no sound and go.  Only names that are not ASCII already cost anything.
    """
    names = names.cast(pl.String).rename("name")
    foreign = names.unique().drop_nulls()
    foreign = foreign.filter(foreign.str.contains(r"[^\x00-\x7F]"))
    if foreign.len():
        told = pl.DataFrame({"name": foreign, "plain": [_transliterated(name) for name in foreign.to_list()]})
        joined = names.to_frame().join(told, on="name", how="left", maintain_order="left")
        names = joined.select(pl.coalesce("plain", "name")).to_series()
    return names.str.to_uppercase().rename("plain")


def _transliterated(name: str) -> str:
    spoken = SOUNDLESS.sub(" ", unicodedata.normalize("NFKC", name))
    return anyascii(" ".join(unmixed(word) for word in spoken.split()))


SOUNDLESS = re.compile(r"[^\w\s'’./&()-]|_")
"""Symbols, emoji and invisible signs."""

LATIN = re.compile(r"[A-Za-z]")


def unmixed(word: str) -> str:
    """Read look-alikes in a word of two scripts as Latin: the ``В`` of ``ВELLA`` is typed, not meant."""
    if not LATIN.search(word) or word.isascii():
        return word
    return word.upper().translate(LOOK_ALIKES)


NEEDS_READING = r"[^A-Z ]|^ | $|  |\b[A-Z]\b|\b[IVX]+\b|\bNO\b"
"""What a plain name has when it is more than words: anything but letters, single letters, Roman numerals."""


def _words() -> pl.Expr:
    """Cut plain text into words: single-letter slashes close up, apostrophes and full stops go, the rest parts."""
    return (
        pl.col("plain")
        .str.replace_all(r"\b([A-Z])/([A-Z])\b", "$1$2")
        .str.replace_all(r"['`.]", "")
        .str.replace_all(r"[^A-Z0-9]+", " ")
        .str.strip_chars()
    )


def _numbers_parted(words: pl.Expr) -> pl.Expr:
    """Part numbers from letters, read Roman numerals, drop ``NO`` and noughts in front of numbers."""
    typed = words.str.replace_all(r"([A-Z])([0-9])", "$1 $2").str.replace_all(r"([0-9])([A-Z])", "$1 $2")
    roman = pl.lit(" ") + typed + pl.lit(" ")
    roman = roman.str.replace_many(
        [f" {word} " for word in ROMAN], [f" {number} " for number in ROMAN.values()]
    )
    for letter, number in (("I", "1"), ("V", "5"), ("X", "10")):
        roman = roman.str.replace(rf" {letter} $", f" {number} ")
    numbered = roman.str.replace_all(r" (?:NO|NR|NUM|NUMBER) ([0-9])", " $1").str.replace_all(
        r" 0+([0-9])", " $1"
    )
    return numbered.str.strip_chars()


TYPED_FOR = str.maketrans("015", "OIS")
"""Digits typed for the letters they look like."""

GREEK_SOUNDS = {"ΜΠ": "B", "ΝΤ": "D", "ΓΚ": "G", "ΤΖ": "J", "ΟΥ": "U", "ΑΥ": "AV", "ΕΥ": "EV", "Χ": "H"}
"""How Greek writes sounds it has no letter for."""


def other_readings(name: str) -> list[str]:
    """Give what else a name may have been meant to be: ``B0NU`` as ``BONU``, ``МАХ`` as the Latin ``MAX``."""
    readings = []
    if any(c in name for c in "015") and any(c.isalpha() for c in name):
        words = [w.translate(TYPED_FOR) if any(c.isalpha() for c in w) else w for w in name.upper().split()]
        readings.append(" ".join(words))
    if not name.isascii():
        upper = unicodedata.normalize("NFKC", name).upper()
        readings.append(upper.translate(LOOK_ALIKES))
        for pair, sound_of in GREEK_SOUNDS.items():
            upper = upper.replace(pair, sound_of)
        readings.append(anyascii(upper))
    return [reading for reading in dict.fromkeys(readings) if reading != name.upper()]


def folded(names: pl.Series, kind: str = "vessel") -> pl.DataFrame:
    """Fold names for comparing: ``(n,) -> (n rows)`` with ``words``, ``letters``, ``numbers``, ``initials``, as text.

    ``letters`` are the words without numbers and spaces; ``numbers`` the numbers in order, joined by hyphens;
    ``initials`` the words of a single letter.  All are null for what is no name: nothing left, a single digit, a
    placeholder.

    Args:
        names: Names in any script, with nulls.
        kind: ``vessel`` drops ``M/V`` and its like in front; any other kind drops legal forms, and its
            ``letters`` have the words in alphabetical order, as ``AHMADI, Ali`` and ``Ali Ahmadi`` are one.
    """
    rows = plain(names).to_frame().with_row_index("row")
    is_plain = ~pl.col("plain").str.contains(NEEDS_READING)
    read = rows.filter(~is_plain).select("row", words=_numbers_parted(_words()))
    nobody = rows.filter(pl.col("plain").is_null())
    frame = pl.concat([pl.concat([rows.filter(is_plain), nobody]).select("row", words="plain"), read])
    ordered = (
        pl.col("words") if kind == "vessel" else pl.col("words").str.split(" ").list.sort().list.join("")
    )
    frame = frame.with_columns(words=_without_prefix() if kind == "vessel" else _without_legal_forms())
    frame = frame.with_columns(letters=ordered.str.replace_all(r"[^A-Z]", ""))
    bare = frame.head(frame.height - read.height).with_columns(numbers=pl.lit(""), initials=pl.lit(""))
    frame = pl.concat([bare, _marked(frame.tail(read.height))]).sort("row")
    return frame.select(pl.when(_is_name()).then(pl.col("words", "letters", "numbers", "initials")))


def _marked(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the numbers and single letters of names that can have any."""
    return frame.with_columns(
        numbers=pl.col("words")
        .str.replace_all(r"[A-Z]+", "")
        .str.replace_all(r" +", "-")
        .str.strip_chars("-"),
        initials=pl.col("words").str.extract_all(r"\b[A-Z]\b").list.sort().list.join(""),
    )


def _without_prefix() -> pl.Expr:
    prefixed = rf"^(?:(?:{'|'.join(SHIP_PREFIXES)}) )+([A-Z]|[0-9][0-9])"
    return pl.col("words").str.replace(prefixed, "$1")


def _without_legal_forms() -> pl.Expr:
    padded = pl.lit(" ") + pl.col("words").str.replace_all(" ", "  ") + pl.lit(" ")
    bare = padded.str.replace_many([f" {form} " for form in LEGAL_FORMS], [""] * len(LEGAL_FORMS))
    bare = bare.str.replace_all(r" +", " ").str.strip_chars()
    return pl.when(bare.str.len_bytes() > 0).then(bare).otherwise(pl.col("words"))


def _is_name() -> pl.Expr:
    letters, numbers = pl.col("letters"), pl.col("numbers")
    is_word = (letters.str.len_bytes() > 1) | ((letters.str.len_bytes() == 1) & (numbers.str.len_bytes() > 0))
    is_number = (letters.str.len_bytes() == 0) & (numbers.str.len_bytes() > 1)
    repeated = letters.str.strip_chars(letters.str.slice(0, 1)).str.len_bytes() == 0
    is_filler = letters.is_in(list(PLACEHOLDER_NAMES)) | (repeated & (letters.str.len_bytes() > 2))
    return (is_word | is_number) & ~is_filler


def sound(letters: pl.Expr) -> pl.Expr:
    """Bring folded letters to what transliterations of one name share: ``CHEONMYEONG`` as ``CHONMYONG``."""
    return letters.str.replace_many(list(SOUNDS), list(SOUNDS.values()), leftmost=True)


def skeleton(sounds: pl.Expr) -> pl.Expr:
    """Bring what ``sound`` gave to its consonants, as scripts without vowels write them."""
    return sounds.str.replace_all(r"[AEIOU]", "")


def bare(letters: pl.Expr) -> pl.Expr:
    """Leave the vowels out of folded letters but for the first, as people shorten names."""
    return letters.str.slice(0, 1) + letters.str.slice(1).str.replace_all(r"[AEIOU]", "")
