"""Which listed names an asked name is like, in which way, and how much.

Six ways, from the same to one word more or less.  Each was let in because, on the names of 16,680 ships in the EU's
emission register that are on no list, it finds few that it should not: the same name 1.1 %, spelling 2.2 %, the
others together 0.4 %.
"""

from __future__ import annotations

from functools import cached_property

import polars as pl
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from clearwake.names.folding import bare, folded, skeleton, sound
from clearwake.names.spelling import Spellings

WAYS = {"same": 1.0, "spelling": 0.95, "sound": 0.88, "consonants": 0.80, "beginning": 0.80, "words": 0.75}
"""How much each way of being alike counts at most; for ``spelling`` it is multiplied by the share that agrees."""

SHORTEST = {"sound": 4, "consonants": 5, "vowelless": 4, "beginning": 6, "words": 6}
"""Letters and digits a name must have for a way to mean anything; ``words`` also asks for two words, ``vowelless``
is ``consonants`` of a name written without vowels."""

MOST_CUT = 3
"""A beginning lacks at most so many letters of the whole; of longer names, a third."""

LEAST_PARTY_ALIKE = 0.85
"""Names of persons and companies share so many words that fewer letters may differ than in ships' names."""

LEAST_CONSONANTS_ALIKE = 0.72
"""Names with the same consonants must also agree in so much of their letters, vowels counted."""

FOUND = pl.Schema({"asked": pl.UInt32, "listed": pl.UInt32, "way": pl.String, "alike": pl.Float64})


class ListedNames:
    """Names of listed parties, ready to be asked about.

    Args:
        names: The names as listed; one row each, repeated ones allowed.
        kind: ``vessel``, or any other for persons and companies: how names are folded.
    """

    def __init__(self, names: pl.Series, kind: str) -> None:
        self.kind = kind
        self.rows = _folded(names, kind)

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(self._distinct["letters"], self._distinct["numbers"])

    @cached_property
    def _distinct(self) -> pl.DataFrame:
        """Give each distinct folded name once, with its keys."""
        return _keyed(self.rows.unique(["letters", "numbers"], maintain_order=True))

    @cached_property
    def _begun(self) -> pl.DataFrame:
        return _beginnings(self._distinct)

    @cached_property
    def _shortened(self) -> pl.DataFrame:
        return _one_word_less(self._distinct)

    def alike(self, names: pl.Series) -> pl.DataFrame:
        """Find the listed names that ``names`` are like.

        Gives ``asked`` (row of ``names``), ``listed`` (row of the names given at first), ``way`` (a key of
        ``WAYS``) and ``alike`` in (0, 1]; each pair once, in its strongest way.
        """
        rows = _folded(names, self.kind)
        asked = _keyed(rows.unique(["letters", "numbers"], maintain_order=True))
        found = pl.concat([self._same(asked), self._spelt(asked), *self._keyed_ways(asked)])
        found = found.sort("alike", descending=True).unique(["a", "l"], keep="first", maintain_order=True)
        return self._spread(found, asked, rows)

    def _spread(self, found: pl.DataFrame, asked: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        """Go from distinct folded names back to every row that folds to them."""
        key = ["letters", "numbers"]
        of_asked = asked.select(*key, a="at").join(rows, on=key).select("a", asked="row")
        of_listed = self._distinct.select(*key, l="at").join(self.rows, on=key).select("l", listed="row")
        spread = found.join(of_asked, on="a").join(of_listed, on="l")
        return spread.select(FOUND.names()).cast(FOUND)

    def _same(self, asked: pl.DataFrame) -> pl.DataFrame:
        return _joined(asked, self._distinct, ["letters", "numbers"], "same")

    def _spelt(self, asked: pl.DataFrame) -> pl.DataFrame:
        near = self._spellings.near(asked["letters"], asked["numbers"]).filter(pl.col("alike") < 1.0)
        pairs = near.select(
            a=pl.col("asked").cast(pl.UInt32), l=pl.col("listed").cast(pl.UInt32), alike="alike"
        )
        if self.kind != "vessel":
            pairs = pairs.filter(pl.col("alike") >= LEAST_PARTY_ALIKE)
        share = pl.col("alike") * WAYS["spelling"]
        return self._meant(pairs, asked).select("a", "l", way=pl.lit("spelling"), alike=share)

    def _keyed_ways(self, asked: pl.DataFrame) -> list[pl.DataFrame]:
        listed, key = self._distinct, ["letters", "numbers"]
        sounding = asked.filter(_size("letters") >= SHORTEST["sound"])
        ways = [
            self._meant(_joined(sounding, listed, ["sound", "numbers"], "sound"), asked),
            self._meant(self._consonants(asked), asked),
            _joined(asked, self._shortened, key, "words"),
            _joined(_one_word_less(asked), listed, key, "words"),
        ]
        if self.kind == "vessel":
            cut = asked.filter(_size("letters") >= SHORTEST["beginning"])
            ways.append(_joined(cut, self._begun, key, "beginning"))
        return ways

    def _meant(self, pairs: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
        """Keep pairs whose single letters agree, or that have as many words: ``PHOENIX J`` is not ``PHOENIX``."""
        a, b = asked[pairs["a"]], self._distinct[pairs["l"]]
        return pairs.filter((a["initials"] == b["initials"]) | (a["count"] == b["count"]))

    def _consonants(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Join on consonants; a name written without vowels needs no more, others must agree in letters too."""
        is_bare = pl.col("letters") == pl.col("bare")
        is_long, is_enough = (_size("skeleton") >= SHORTEST[size] for size in ("consonants", "vowelless"))
        some = asked.filter(is_long | (is_bare & is_enough))
        sounding = _joined(some, self._distinct, ["skeleton", "numbers"], "consonants")
        written = _joined(some.filter(is_bare), self._distinct, ["bare", "numbers"], "consonants")
        pairs = pl.concat([sounding, written]).unique(["a", "l"], maintain_order=True)
        a, b = asked[pairs["a"]], self._distinct[pairs["l"]]
        share = cpdist(a["letters"].to_list(), b["letters"].to_list(), scorer=Indel.normalized_similarity)
        fits = pl.Series(share >= LEAST_CONSONANTS_ALIKE, dtype=pl.Boolean) | (a["letters"] == a["bare"])
        return pairs.filter(fits)


def _size(column: str) -> pl.Expr:
    """Count what a name says: letters of a key, and the digits of its numbers."""
    return pl.col(column).str.len_bytes() + pl.col("numbers").str.len_bytes()


def _folded(names: pl.Series, kind: str) -> pl.DataFrame:
    rows = folded(names, kind).with_row_index("row")
    return rows.filter(pl.col("letters").is_not_null())


def _keyed(names: pl.DataFrame) -> pl.DataFrame:
    """Add the keys of the ways.

    A single letter as a word of its own (``PHOENIX J``) tells ships apart as a number does; one that is what a
    mistyped word came down to (``F YUAN YU``) does not, so ``count``, how many words there are, is kept.
    """
    keyed = names.with_columns(
        sound=sound(pl.col("letters")),
        bare=bare(pl.col("letters")),
        count=pl.col("words").str.count_matches(" ", literal=True),
        at=pl.int_range(pl.len(), dtype=pl.UInt32),
    )
    return keyed.with_columns(skeleton=skeleton(pl.col("sound")))


def _joined(asked: pl.DataFrame, listed: pl.DataFrame, key: list[str], way: str) -> pl.DataFrame:
    pairs = asked.select(*key, a="at").join(listed.select(*key, l="at"), on=key)
    return pairs.select("a", "l", way=pl.lit(way), alike=pl.lit(WAYS[way]))


def _beginnings(names: pl.DataFrame) -> pl.DataFrame:
    """Give every beginning of every name that is long enough, its numbers kept."""
    length = pl.col("letters").str.len_bytes().cast(pl.Int64)
    most = pl.max_horizontal(pl.lit(MOST_CUT), length // 3)
    longer = names.filter(_size("letters") > SHORTEST["beginning"], length > MOST_CUT)
    cut = longer.with_columns(length=pl.int_ranges(length - most, length)).explode("length")
    return cut.with_columns(letters=pl.col("letters").str.slice(0, pl.col("length")))


def _one_word_less(names: pl.DataFrame) -> pl.DataFrame:
    """Give every name of three words or more with one of its words left out; numbers always stay."""
    split = names.with_columns(
        word=pl.col("words").str.replace_all(r"\b[0-9]+\b", "").str.extract_all(r"[A-Z]+")
    )
    split = split.filter(pl.col("word").list.len() > 2)
    split = split.with_columns(left_out=pl.int_ranges(pl.col("word").list.len()).cast(pl.List(pl.Int64)))
    before, after = (
        pl.col("word").list.head(pl.col("left_out")),
        pl.col("word").list.slice(pl.col("left_out") + 1),
    )
    short = split.explode("left_out").with_columns(letters=pl.concat_list(before, after).list.join(""))
    return short.filter(_size("letters") >= SHORTEST["words"]).drop("word", "left_out")
