"""Names of persons and companies cut into words that can be compared one by one.

``AL-RAWI, Abd al-Rahman``, ``Abdulrahman Alrawi`` and a name in Arabic, Chinese or Cyrillic letters come down to words
in plain capitals; what says nothing of who it is (legal forms, titles, articles) goes or counts for little.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources

import polars as pl
from anyascii import anyascii

from clearwake.names.folding import PLACEHOLDER_NAMES, SOUNDLESS, unmixed
from clearwake.names.legal_forms import without_forms

_LIGHT = """
    THE OF AND FOR IN ON TO BY DE DEL DELLA DI DA DO DOS DAS DU DES LA LE LAS LOS LES ET Y E I VAN VON DER DEN TEN ZU
    UND DIE DAS DER VE V AL EL UL AN AR AS AT AZ BIN BEN IBN BINT BINTI IBNI OULD WALAD UMM ABI
    MR MRS MS DR ING SHEIKH SHAIKH SHEYKH SHAYKH HAJI HAJJI HADJI HAJ MULLAH MULLA MAULAVI MAWLAWI MOLLAH MAULANA
    ALHAJ GENERAL GEN COLONEL COL MAJOR MAJ LIEUTENANT LT BRIGADIER CAPTAIN CAPT KAPITAN PRESIDENT MINISTER PRINCE
    PRINCESS SIR LORD SAYYID SAYYED SAYED SEYYED SYED SAYID USTADH USTAZ JR SR JUNIOR SENIOR NA FNU LNU
    NAMED AFTER IMENI IM
"""

FORM_WORDS = (
    "LIMITED",
    "COMPANY",
    "CORPORATION",
    "INCORPORATED",
    "LIABILITY",
    "JOINT",
    "STOCK",
    "UNITARY",
    "LTDA",
    "GMBH",
)
"""Words of legal forms, which mistyped are no words of a name either."""

LIGHT = frozenset((*_LIGHT.split(), *FORM_WORDS))
"""Words that tell hardly anybody from anybody: articles, particles, titles."""

SHORT_FOR = {
    "INTL": "INTERNATIONAL", "INTERNATL": "INTERNATIONAL", "INTERNAT": "INTERNATIONAL", "INT": "INTERNATIONAL",
    "SHPG": "SHIPPING", "SHIPG": "SHIPPING", "TRDG": "TRADING", "TRDNG": "TRADING", "MGMT": "MANAGEMENT",
    "MGT": "MANAGEMENT", "MNGT": "MANAGEMENT", "IND": "INDUSTRIES", "INDS": "INDUSTRIES", "INDL": "INDUSTRIAL",
    "ENGG": "ENGINEERING", "ENG": "ENGINEERING", "ENGR": "ENGINEERING", "MFG": "MANUFACTURING", "GRP": "GROUP",
    "HLDG": "HOLDING", "HLDGS": "HOLDINGS", "ENT": "ENTERPRISES", "ENTS": "ENTERPRISES", "SVCS": "SERVICES",
    "SVC": "SERVICE", "SERV": "SERVICES", "DEV": "DEVELOPMENT", "INV": "INVESTMENT", "INVS": "INVESTMENTS",
    "TECH": "TECHNOLOGY", "TECHN": "TECHNOLOGY", "ASSOC": "ASSOCIATION", "ASSN": "ASSOCIATION", "BROS": "BROTHERS",
    "UNIV": "UNIVERSITY", "INST": "INSTITUTE", "DEPT": "DEPARTMENT", "MIN": "MINISTRY", "NATL": "NATIONAL",
    "PETR": "PETROLEUM", "PETROL": "PETROLEUM", "TRANSP": "TRANSPORT", "TRANSPORTATION": "TRANSPORT",
    "LOG": "LOGISTICS", "EXP": "EXPORT", "IMP": "IMPORT", "MARITIMA": "MARITIME", "CTR": "CENTER",
    "CENTRE": "CENTER", "ST": "SAINT", "BR": "BRANCH", "SCI": "SCIENTIFIC", "RES": "RESEARCH", "PROD": "PRODUCTION",
    "TRADERS": "TRADING", "ENTERPRISE": "ENTERPRISES", "INDUSTRY": "INDUSTRIES", "HOLDINGS": "HOLDING",
    "SERVICE": "SERVICES", "SYSTEM": "SYSTEMS", "TECHNOLOGIES": "TECHNOLOGY", "PRODUCTS": "PRODUCT",
}  # fmt: skip
"""Short or other ways of writing words of companies' names."""

NUMERALS = {
    "FIRST": "1", "SECOND": "2", "THIRD": "3", "FOURTH": "4", "FIFTH": "5", "SIXTH": "6", "SEVENTH": "7",
    "EIGHTH": "8", "NINTH": "9", "TENTH": "10", "ONE": "1", "TWO": "2", "THREE": "3", "FOUR": "4", "FIVE": "5",
    "SIX": "6", "SEVEN": "7", "EIGHT": "8", "NINE": "9", "TEN": "10", "II": "2", "III": "3", "IV": "4", "VI": "6",
    "VII": "7", "VIII": "8", "IX": "9", "XI": "11", "XII": "12",
}  # fmt: skip
"""Numbers written as words or in Roman; ``I``, ``V`` and ``X`` are as often initials."""

SERVANT = r"\bABD(?: |U|E|I|O)?(?: ?(?:AL|UL|EL|OL|IL|L|AR|UR|ER|AS|US|ES|AZ|UZ|AN|UN|R|S|Z|N))? ?([A-Z]{3,})"
"""``Abd al-Rahman``, ``Abdul Rahman``, ``Abdelrahman``, ``Abdurrahman``: one name however it is parted."""

RUN_ON_FORM = r"\b([A-Z]{4,})(LTD|LIMITED|LLC|INC|GMBH|CORP|COMPANY)\b"
"""A legal form that lost the space before it: ``LEASINGLTD``."""

JOINED_UP = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z])")
"""Where two words were run together: ``RamiMakhlouf``."""

SYLLABIC = re.compile(r"[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\u3040-\u30FF]")
"""Chinese, Japanese and Korean letters, which are not parted into words."""


@cache
def families() -> pl.DataFrame:
    """Give which words are one name in different languages or spellings: ``family, word``; a word can be of several."""
    text = resources.files("clearwake.names").joinpath("families.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    rows = [(number, word) for number, line in enumerate(lines) for word in line]
    return pl.DataFrame(rows, {"family": pl.UInt32, "word": pl.String}, orient="row").unique(
        maintain_order=True
    )


def spoken(name: str) -> str:
    """Bring a name in any script to plain letters, syllables of Chinese and Korean parted."""
    folded = SOUNDLESS.sub(" ", unicodedata.normalize("NFKC", name))
    words = []
    for word in folded.split():
        if SYLLABIC.search(word):
            words.append(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", anyascii(word)))
        else:
            words.append(JOINED_UP.sub(" ", anyascii(unmixed(word)) if not word.isascii() else word))
    return " ".join(words)


def cut(names: pl.Series, *, is_person: bool) -> pl.Series:
    """Cut names into words parted by single spaces: capitals and digits; null where nothing is left to compare.

    Args:
        names: Names in any script, with nulls.
        is_person: Persons keep what in a company's name would be a legal form.
    """
    names = names.cast(pl.String).rename("name")
    odd = names.unique().drop_nulls()
    odd = odd.filter(odd.str.contains(r"[^\x00-\x7F]|[a-z]{2}[A-Z][a-z]"))
    if odd.len():
        told = pl.DataFrame({"name": odd, "plain": [spoken(name) for name in odd.to_list()]})
        joined = names.to_frame().join(told, on="name", how="left", maintain_order="left")
        names = joined.select(pl.coalesce("plain", "name").alias("name")).to_series()
    words = (
        pl.col("name").str.to_uppercase()
        .str.replace_all(r"['`\u2019.]", "")
        .str.replace_all(r"[^A-Z0-9]+", " ")
        .str.replace_all(r"([A-Z])([0-9])", "$1 $2")
        .str.replace_all(r"([0-9])([A-Z])", "$1 $2")
        .str.replace_all(r"\b0+([0-9])", "$1")
        .str.strip_chars()
    )  # fmt: skip
    words = words.str.replace_all(SERVANT, "ABD$1")
    if not is_person:
        words = without_forms(words.str.replace_all(RUN_ON_FORM, "$1 $2"))
    is_filler = words.str.replace_all(" ", "").is_in(sorted(PLACEHOLDER_NAMES))
    is_name = (words.str.count_matches("[A-Z0-9]") > 1) & ~is_filler
    return names.to_frame().select(pl.when(is_name).then(words)).to_series().rename("words")


def parted(words: pl.Series) -> pl.DataFrame:
    """Lay cut names out word by word: ``row, at, word, heard``.

    ``at`` is a word's place in its name and ``heard`` the word it stands for: a short form in full, a numeral as a
    number.
    """
    rows = pl.DataFrame(
        {"row": pl.int_range(words.len(), dtype=pl.UInt32, eager=True), "word": words.str.split(" ")}
    )
    each = (
        rows.drop_nulls("word")
        .explode("word")
        .with_columns(at=pl.int_range(pl.len()).over("row").cast(pl.Int16))
    )
    heard = pl.col("word").replace({**SHORT_FOR, **NUMERALS})
    return each.select("row", "at", "word", heard=heard)
