"""Which listed names an asked name is like, in which way, and how much.

Six ways, from the same to one word more or less.  Each was let in because, on 16,635 names of ships in the EU's
emission register that are on no list, it finds few that it should not: the same name 1.1 %, spelling 2.3 %, the
others together under 0.5 %.
"""

from __future__ import annotations

from functools import cached_property

import polars as pl
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from clearwake.names.folding import folded, skeleton, sound
from clearwake.names.spelling import Spellings

WAYS = {"same": 1.0, "spelling": 0.95, "sound": 0.88, "consonants": 0.80, "beginning": 0.80, "words": 0.75}
"""How much each way of being alike counts at most; for ``spelling`` it is multiplied by the share that agrees."""

SHORTEST_SOUND = 5
SHORTEST_SKELETON = 5
SHORTEST_VOWELLESS = 4
SHORTEST_BEGINNING = 8
SHORTEST_WORDS = 6
"""Letters a name must have for a way to mean anything; ``words`` also asks for two words."""

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
    def _beginnings(self) -> pl.DataFrame:
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
        of_asked = asked.select(*key, a=pl.int_range(pl.len(), dtype=pl.UInt32)).join(rows, on=key)
        of_listed = self._distinct.select(*key, l=pl.int_range(pl.len(), dtype=pl.UInt32)).join(
            self.rows, on=key
        )
        spread = found.join(of_asked.select("a", asked="row"), on="a").join(
            of_listed.select("l", listed="row"), on="l"
        )
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
        initials = asked["initials"].gather(pairs["a"]) == self._distinct["initials"].gather(pairs["l"])
        share = pl.col("alike") * WAYS["spelling"]
        return pairs.filter(initials).select("a", "l", way=pl.lit("spelling"), alike=share)

    def _keyed_ways(self, asked: pl.DataFrame) -> list[pl.DataFrame]:
        listed, key = self._distinct, ["sound", "numbers", "initials"]
        long = pl.col("letters").str.len_bytes()
        ways = [_joined(asked.filter(long >= SHORTEST_SOUND), listed, key, "sound"), self._consonants(asked)]
        if self.kind == "vessel":
            beginning = ["letters", "numbers"]
            ways.append(
                _joined(asked.filter(long >= SHORTEST_BEGINNING), self._beginnings, beginning, "beginning")
            )
        ways.append(_joined(asked, self._shortened, ["letters", "numbers"], "words"))
        ways.append(_joined(_one_word_less(asked), listed, ["letters", "numbers"], "words"))
        return ways

    def _consonants(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Join on consonants; a name written without vowels needs no more, others must agree in letters too."""
        bare = pl.col("skeleton").str.len_bytes()
        vowelless = pl.col("sound") == pl.col("skeleton")
        enough = (bare >= SHORTEST_SKELETON) | (vowelless & (bare >= SHORTEST_VOWELLESS))
        key = ["skeleton", "numbers", "initials"]
        pairs = _joined(asked.filter(enough), self._distinct, key, "consonants")
        a, b = asked[pairs["a"]], self._distinct[pairs["l"]]
        share = cpdist(a["letters"].to_list(), b["letters"].to_list(), scorer=Indel.normalized_similarity)
        fits = pl.Series(share >= LEAST_CONSONANTS_ALIKE, dtype=pl.Boolean) | (a["sound"] == a["skeleton"])
        return pairs.filter(fits)


def _folded(names: pl.Series, kind: str) -> pl.DataFrame:
    rows = folded(names, kind).with_row_index("row")
    return rows.filter(pl.col("letters").is_not_null())


def _keyed(names: pl.DataFrame) -> pl.DataFrame:
    """Add the keys of the ways; single letters as words tell ships apart as numbers do, so they must agree."""
    keyed = names.with_columns(sound=sound(pl.col("letters")), at=pl.int_range(pl.len(), dtype=pl.UInt32))
    return keyed.with_columns(skeleton=skeleton(pl.col("sound")))


def _joined(asked: pl.DataFrame, listed: pl.DataFrame, key: list[str], way: str) -> pl.DataFrame:
    pairs = asked.select(*key, a="at").join(listed.select(*key, l="at"), on=key)
    return pairs.select("a", "l", way=pl.lit(way), alike=pl.lit(WAYS[way]))


def _beginnings(names: pl.DataFrame) -> pl.DataFrame:
    """Give every beginning of every name that has one long enough and shorter than itself."""
    longer = names.filter(pl.col("letters").str.len_bytes() > SHORTEST_BEGINNING)
    lengths = pl.int_ranges(SHORTEST_BEGINNING, pl.col("letters").str.len_bytes().cast(pl.Int64))
    cut = longer.with_columns(length=lengths).explode("length")
    return cut.with_columns(letters=pl.col("letters").str.slice(0, pl.col("length")), numbers=pl.lit(""))


def _one_word_less(names: pl.DataFrame) -> pl.DataFrame:
    """Give every name of three words or more with one of its words left out; numbers always stay."""
    split = names.with_columns(
        word=pl.col("words").str.replace_all(r"\b[0-9]+\b", "").str.extract_all(r"[A-Z]+")
    )
    split = split.filter(pl.col("word").list.len() > 2)
    split = split.with_columns(left_out=pl.int_ranges(pl.col("word").list.len()).cast(pl.List(pl.Int64)))
    short = split.explode("left_out").with_columns(
        letters=pl.concat_list(
            pl.col("word").list.head(pl.col("left_out")),
            pl.col("word").list.slice(pl.col("left_out") + 1),
        ).list.join("")
    )
    return short.filter(pl.col("letters").str.len_bytes() >= SHORTEST_WORDS).drop("word", "left_out")
