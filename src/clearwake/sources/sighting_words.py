"""What sightings say in words, brought to fixed lists: what was seen, partner ships, grading, marking.

What is recognised in free text is taken only where no word beside it denies it, and the text itself stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

CODES: Mapping[str, Sequence[str]] = {
    "alongside": ("alongside", "side by side", "rafted", "moored together", "made fast to each other"),
    "hoses_connected": ("hoses connected", "hose connected", "hoses rigged", "hoses", "hose", "hoses between",
                        "connected by hoses", "connected by hose"),
    "fenders": ("fenders", "fenders out", "yokohama fenders"),
    "crane": ("crane", "cranes", "crane working", "derrick", "grab crane"),
    "transfer": ("transfer", "transferring", "ship to ship", "ship-to-ship", "sts", "sts transfer", "bunkering",
                 "lightering", "cargo transfer"),
    "coal": ("coal", "loading coal", "coal cargo"),
    "name_painted_over": ("name painted over", "painted over", "name covered", "name obscured", "name hidden",
                          "name concealed", "name removed", "tarpaulin over name", "tarpaulin over the name"),
    "false_name": ("false name", "name altered", "name changed", "fake name", "different name painted"),
    "no_name": ("no name", "nameless", "no name visible", "without a name"),
    "no_flag": ("no flag", "without a flag", "flag not flown", "no flag flown", "flag lowered"),
    "false_flag": ("false flag", "wrong flag"),
    "lights_off": ("lights off", "lights out", "no lights", "unlit", "darkened", "without lights", "blacked out"),
    "ais_off": ("ais off", "no ais", "ais not transmitting", "not transmitting ais", "ais switched off",
                "without ais"),
    "night": ("at night", "by night", "night time", "nighttime", "during the night"),
    "no_hoses": ("no hoses", "no hose", "without hoses", "hoses not connected", "no transfer seen",
                 "no transfer observed", "no cargo gear"),
    "under_tow": ("under tow", "towed", "being towed"),
    "anchored": ("anchored", "at anchor"),
    "drifting": ("drifting", "adrift", "stopped", "hove to", "dead in the water"),
    "under_way": ("under way", "underway", "making way", "steaming"),
    "laden": ("laden", "low in the water", "deep draught", "deeply laden", "loaded"),
    "ballast": ("in ballast", "high in the water", "riding high", "light draught", "empty"),
    "departed_together": ("left together", "departed together"),
    "no_response": ("no response", "did not answer", "ignored hails", "did not respond", "failed to respond"),
}  # fmt: skip
"""Our code, and how people say it.  Those that begin with ``no`` or ``without`` are said so on purpose."""

_DENIED = re.compile(r"\b(?:no|not|never|without|neither|nor|none|un|cannot|nothing|negative)\b[^,;.]{0,24}$")
_TRUE = ("1", "true", "yes", "y", "t", "x")
_SPLIT = r"[;|,\n]"


def codes_of(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Give what was seen, as codes: those given, those of columns that say yes, and those read in the text.

    Args:
        frame: ``codes`` and ``seen`` as text, and the ``columns``.
        columns: Columns called as a code, whose value is yes or no.
    """
    rows = frame.select("codes", "seen", *columns).iter_rows(named=True)
    found = [_row_codes(row, columns) for row in rows]
    return pl.Series("codes", found, pl.List(pl.String))


def _row_codes(row: Mapping[str, str | None], columns: Sequence[str]) -> list[str]:
    said = [_code(each) for each in re.split(_SPLIT, (row["codes"] or "").strip("[]")) if each.strip(" '\"")]
    told = [name for name in columns if (row[name] or "").lower() in _TRUE]
    denied = {name for name in columns if row[name] is not None and (row[name] or "").lower() not in _TRUE}
    read = [code for code in read_codes(row["seen"] or "") if code not in denied]
    return list(dict.fromkeys([*said, *told, *read]))


def _code(word: str) -> str:
    """Give the code for a word of a list of codes; one that is not known stays as it is, in our spelling."""
    bare = re.sub(r"[\s_\-]+", " ", word.strip(" '\"").lower())
    for code, phrases in CODES.items():
        if bare == code.replace("_", " ") or bare in phrases:
            return code
    return bare.replace(" ", "_")


def read_codes(text: str) -> list[str]:
    """Give the codes whose phrases stand in a text with nothing before them in their clause that denies them."""
    plain = re.sub(r"\s+", " ", text.lower())
    return [code for code, phrases in CODES.items() if any(_stands(plain, phrase) for phrase in phrases)]


def _stands(text: str, phrase: str) -> bool:
    found = re.finditer(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", text)
    return any(not _DENIED.search(text[: each.start()]) for each in found)


PARTNERS: Mapping[str, Sequence[str]] = {
    "none": ("none", "no", "false", "0", "alone", "no partner", "single"),
    "unknown": ("unknown", "unidentified", "unknown ship", "unidentified ship", "unknown vessel",
                "unidentified vessel", "unknown nationality", "?", "not identified", "unnamed"),
    "ship": ("ship", "yes", "true", "1", "vessel", "tanker", "another ship", "second ship"),
}  # fmt: skip


def partners(frame: pl.DataFrame) -> pl.DataFrame:
    """Read whether another ship was with it: ``partner`` and ``partner_name``, from what three columns say."""
    rows = frame.select("partner", "partner_name", "partner_imo").iter_rows()
    read = [_partner(*row) for row in rows]
    return pl.DataFrame(read, schema={"partner": pl.String, "partner_name": pl.String}, orient="row")


def _partner(said: str | None, name: str | None, imo: str | None) -> tuple[str | None, str | None]:
    word = (said or "").strip().lower()
    kind = next((kind for kind, words in PARTNERS.items() if word in words), None)
    if said and kind is None:
        return "ship", name or said
    return ("ship" if name or imo else kind), name


def gradings(frame: pl.DataFrame) -> pl.DataFrame:
    """Read Admiralty grades: ``reliability`` A to F, ``credibility`` 1 to 6, and a word on what is none.

    Columns of their own go before ``grading``, which holds both: ``B2``.
    """
    both = pl.col("grading").str.to_uppercase().str.strip_chars()
    read = frame.select(
        letter=pl.coalesce(pl.col("reliability").str.to_uppercase(), both.str.extract(r"^([A-Z])")),
        digit=pl.coalesce("credibility", both.str.extract(r"(\d+)\D*$")),
        both=both,
    ).with_columns(
        reliability=pl.col("letter").str.extract(r"^([A-F])(?:\W|$)"),
        credibility=pl.col("digit").str.extract(r"^([1-6])(?:\.0+)?(?:\D|$)").cast(pl.Int16),
    )
    bad = [
        (pl.col("letter").is_not_null() & pl.col("reliability").is_null(), "letter", "reliability A to F"),
        (pl.col("digit").is_not_null() & pl.col("credibility").is_null(), "digit", "credibility 1 to 6"),
        (
            pl.col("both").is_not_null() & pl.col("letter").is_null() & pl.col("digit").is_null(),
            "both",
            "grading",
        ),
    ]
    odd = pl.concat_list(
        pl.when(test).then(pl.format(f"'{{}}' is no {what}", column)) for test, column, what in bad
    )
    return read.select(
        "reliability",
        "credibility",
        odd=pl.when(odd.list.drop_nulls().list.len() > 0).then(odd.list.drop_nulls().list.join("; ")),
    )


MARKINGS = ("TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR")
"""TLP 2.0, the most restricted first.  Source: FIRST, Traffic Light Protocol, version 2.0."""


def markings(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read markings: ``(n,) -> (n,) TLP 2.0, (n,) words on what is odd``.

    What is none is kept as restricted as can be: a marking misread must not widen who sees a thing.
    """
    words = {text: _marking(text) for text in column.drop_nulls().unique().to_list()}
    read = [(None, None) if text is None else words[text] for text in column.to_list()]
    return (
        pl.Series(column.name, [marking for marking, _ in read], pl.String),
        pl.Series("odd", [odd for _, odd in read], pl.String),
    )


def _marking(text: str) -> tuple[str, str | None]:
    bare = re.sub(r"^TLP[\s:_-]*", "", text.upper().strip())
    named = f"TLP:{re.sub(r'[ _+-]+', '+', bare)}"
    if named in MARKINGS:
        return named, None
    if named == "TLP:WHITE":
        return "TLP:CLEAR", "TLP:WHITE of version 1 is read as TLP:CLEAR"
    return "TLP:RED", f"marking '{text}' is not TLP 2.0: kept as TLP:RED"
