"""Words of names that may be one word: written alike, sounding alike, the same name in another language."""

from __future__ import annotations

import polars as pl
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from clearwake.names.folding import sound
from clearwake.names.spelling import Spellings
from clearwake.names.words import families

SAME, FAMILY, ARTICLE, SOUND, CONSONANTS, VOWELLESS = 1.0, 0.95, 0.95, 0.93, 0.78, 0.75
"""How much each way of being one word counts; words spelt nearly alike count the share of letters that agree."""

LEAST_CONSONANTS_ALIKE = 0.6
"""Words with the same consonants must agree in so much of their letters, vowels counted."""

COARSE = {"B": "P", "D": "T", "G": "K", "R": "L", "V": "F"}
"""Consonants that transliterations from Korean, Chinese and Arabic interchange."""

NEAR = pl.Schema({"a": pl.UInt32, "l": pl.UInt32, "near": pl.Float64})


class NearWords:
    """Distinct words of listed names, ready to be asked which of them a word may be.

    Args:
        words: Distinct folded words; numbers among them are only ever the same.
    """

    def __init__(self, words: pl.Series) -> None:
        self._listed = _keyed(words)
        self._letters = self._listed.filter(pl.col("is_letters"))
        self._spellings = Spellings(self._letters["word"], _none(self._letters.height))

    def near(self, words: pl.Series) -> pl.DataFrame:
        """Find the listed words each of ``words`` (distinct) may be: ``a, l, near``, the strongest way of each pair."""
        asked, listed = _keyed(words), self._listed
        letters = asked.filter(pl.col("is_letters"))
        found = [
            _joined(asked, listed, "word", SAME),
            _joined(_families(letters), _families(self._letters), "family", FAMILY),
            _joined(letters, self._letters, "bare", ARTICLE),
            _joined(letters.filter(_size("sound") > 2), self._letters, "sound", SOUND),
            self._spelt(letters),
            self._sounding(letters),
            _joined(_vowelless(letters), self._letters.filter(_size("word") > 2), "hard", VOWELLESS),
            _joined(letters, _vowelless(self._letters).filter(_size("hard") > 2), "hard", VOWELLESS),
        ]
        every = pl.concat(found).cast(NEAR)
        return every.group_by("a", "l").agg(pl.col("near").max())

    def _spelt(self, asked: pl.DataFrame) -> pl.DataFrame:
        near = self._spellings.near(asked["word"], _none(asked.height))
        return near.select(
            a=asked["at"].gather(near["asked"]), l=self._letters["at"].gather(near["listed"]), near="alike"
        )

    def _sounding(self, asked: pl.DataFrame) -> pl.DataFrame:
        some = asked.filter(_size("skeleton") > 2)
        pairs = some.select("skeleton", one="word", a="at").join(
            self._letters.select("skeleton", other="word", l="at"), on="skeleton"
        )
        share = cpdist(pairs["one"].to_list(), pairs["other"].to_list(), scorer=Indel.normalized_similarity)
        kept = pairs.filter(pl.Series(share >= LEAST_CONSONANTS_ALIKE, dtype=pl.Boolean))
        return kept.select("a", "l", near=pl.lit(CONSONANTS))


def _size(column: str) -> pl.Expr:
    return pl.col(column).str.len_bytes()


def _none(rows: int) -> pl.Series:
    return pl.Series([""], dtype=pl.String).new_from_index(0, rows)


def _keyed(words: pl.Series) -> pl.DataFrame:
    """Give words with the keys they meet by."""
    word = pl.col("word")
    keyed = words.rename("word").to_frame().with_columns(
        at=pl.int_range(pl.len(), dtype=pl.UInt32),
        is_letters=~word.str.contains("[0-9]"),
        bare=word.str.replace(r"^(?:AL|EL|UL)([A-Z]{4,})$", "$1"),
        sound=sound(word).str.replace_all("MM", "M").str.replace_many(["AA", "BB", "DD", "FF", "GG", "II", "KK", "LL",
            "NN", "OO", "PP", "RR", "SS", "TT", "UU", "VV"], list("ABDFGIKLNOPRSTUV")),
    )  # fmt: skip
    consonants = pl.col("sound").str.replace_all("[AEIOU]", "")
    coarse = consonants.str.replace_many(list(COARSE), list(COARSE.values()))
    hard = word.str.replace_all("[AEIOUWYVHJ]", "").str.replace_many(["Q", "C", "Z"], ["K", "K", "S"])
    return keyed.with_columns(skeleton=coarse, hard=hard)


def _families(words: pl.DataFrame) -> pl.DataFrame:
    return words.join(families(), on="word")


def _vowelless(words: pl.DataFrame) -> pl.DataFrame:
    """Keep words written without vowels, as scripts that leave them out are transliterated."""
    return words.filter(~pl.col("word").str.contains("[AEIOU]"), _size("hard") > 1, _size("word") > 2)


def _joined(asked: pl.DataFrame, listed: pl.DataFrame, key: str, worth: float) -> pl.DataFrame:
    pairs = asked.select(key, a="at").join(listed.select(key, l="at"), on=key)
    return pairs.select("a", "l", near=pl.lit(worth))
