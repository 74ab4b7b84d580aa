"""Which listed persons and companies an asked name may be: words paired, the rare ones counting most.

``AHMADI, Ali``, ``Ali Reza Ahmadi`` and ``A. Ahmady`` are paired word by word whatever their order.  What one name
has and the other lacks (a middle name, a second surname) counts a little against; what both have and cannot pair
(another given name) counts much.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from clearwake.names.near import NearWords
from clearwake.names.spelling import Spellings
from clearwake.names.words import LIGHT, cut, parted

LIGHTEST = 0.08
"""Weight of articles, particles and titles, where the rarest word weighs 1."""

FLOOR = 0.25
"""Weight of the commonest other word."""

LEAST_SHARED = 0.5
"""A pair of names is looked at only where words of so much of the asked name's weight can be paired."""

INITIAL = 0.65
"""A single letter that begins the other name's word counts for so much of it."""

JOINED = 0.85
"""Words left over on both sides that, run together, agree in so much of their letters are the same words."""

ABSENT, APART = 0.45, 1.6
"""How much weight left over counts against: on one side only, and on both."""

RARE = 0.7
"""A single word shared by two names of more words must weigh so much."""

SHIFT = 1 << 32
LEAST_POSSIBLE = 0.5
LEAST_ALIKE = 0.6
"""Names less alike than this are not given."""

AT_ONCE = 20_000
"""Asked names looked at together."""

FOUND = pl.Schema({"asked": pl.UInt32, "listed": pl.UInt32, "way": pl.String, "alike": pl.Float64})


class ListedParties:
    """Names of listed persons and companies, ready to be asked about.

    Args:
        names: The names as listed; one row each, repeated ones allowed.
        persons: Which of them are persons'; of those nothing is dropped as a legal form.
    """

    def __init__(self, names: pl.Series, persons: pl.Series) -> None:
        cut_names = names.to_frame("name").with_columns(
            words=pl.when(persons).then(cut(names, is_person=True)).otherwise(cut(names, is_person=False))
        )
        self.rows = cut_names.select("words").with_row_index("listed").drop_nulls("words")
        self._names = self.rows.select("words").unique(maintain_order=True).with_row_index("l")
        each = parted(self._names["words"]).rename({"row": "l"})
        self._words = each.select(word="heard").unique(maintain_order=True).with_row_index("tl")
        self._near = NearWords(self._words["word"])
        self._whole = Spellings(*_run_together(self._names["words"]))
        self._each = self._weighed(each)
        self._totals = _totals(self._each, "l")

    def _weighed(self, each: pl.DataFrame) -> pl.DataFrame:
        """Weigh every word of every listed name by how rare it is among them: ``l, at, tl, weight``."""
        count = max(self._names.height, 2)
        spread = each.group_by(word="heard").agg(names=pl.col("l").n_unique())
        rarity = 1.0 - pl.col("names").log() / np.log(count)
        weight = FLOOR + (1.0 - FLOOR) * rarity.clip(0.0, 1.0)
        weight = pl.when(pl.col("word").str.contains("[0-9]")).then(1.0).otherwise(weight)
        light = pl.when(pl.col("word").is_in(sorted(LIGHT))).then(LIGHTEST).otherwise(weight)
        self._words = self._words.join(spread, on="word", maintain_order="left").with_columns(weight=light)
        return (
            each.rename({"heard": "read"})
            .join(self._words, left_on="read", right_on="word")
            .select("l", "at", "tl", "weight", "read")
        )

    def alike(self, names: pl.Series, *, is_person: bool) -> pl.DataFrame:
        """Find the listed names that ``names`` are like: ``asked, listed, way, alike``.

        ``asked`` is the row of ``names``, ``listed`` of the names given at first; ``way`` is ``same``, ``order`` (the
        same words in another order), ``spelling`` (each word has its counterpart) or ``parts``.
        """
        rows = (
            pl.DataFrame({"words": cut(names, is_person=is_person)})
            .with_row_index("asked")
            .drop_nulls("words")
        )
        asked = rows.select("words").unique(maintain_order=True).with_row_index("a")
        parts = [self._found(part) for part in asked.iter_slices(AT_ONCE)]
        if not parts:
            return pl.DataFrame(schema=FOUND)
        spread = pl.concat(parts).join(asked.join(rows, on="words"), on="a")
        spread = spread.join(self._names.join(self.rows, on="words"), on="l")
        return spread.select(FOUND.names()).cast(FOUND)

    def _found(self, asked: pl.DataFrame) -> pl.DataFrame:
        each = parted(asked["words"])
        each = each.with_columns(a=asked["a"].gather(each["row"])).rename({"heard": "read"}).drop("row")
        words = each.select(word="read").unique(maintain_order=True)
        near = self._near.near(words["word"]).rename({"a": "ta", "l": "tl"})
        known = words.join(self._words, on="word", how="left", maintain_order="left").with_row_index("ta")
        light = pl.when(pl.col("word").is_in(sorted(LIGHT))).then(LIGHTEST).otherwise(1.0)
        known = known.with_columns(pl.col("weight").fill_null(light))
        each = each.drop("word").join(known.select("ta", "weight", read="word"), on="read").sort("a", "at")
        pairs = pl.concat([self._sharing(each, near), self._run_together(asked)]).unique()
        return self._judged(pairs, each, near, asked)

    def _sharing(self, each: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
        """Give pairs that share words enough: at least one of the rarest, without which too little could be shared."""
        heavy = each.filter(pl.col("weight") > LIGHTEST)
        rarest = heavy.sort("a", "weight", descending=[False, True])
        left = pl.col("weight").cum_sum(reverse=True).over("a")
        rarest = rarest.filter(left >= LEAST_SHARED * pl.col("weight").sum().over("a"))
        met = rarest.select("a", "ta").join(near, on="ta").select("a", "tl").unique()
        met = met.join(self._each.select("l", "tl"), on="tl").select(key=_key("a", "l")).unique()
        every = heavy.select("a", "ta", own="weight").join(near, on="ta").join(self._each, on="tl")
        gained = (
            every.group_by(key=_key("a", "l"))
            .agg(
                agree=(pl.col("weight") * pl.col("near")).sum(),
                of_asked=pl.col("own").sum(),
                of_listed=pl.col("weight").sum(),
                rarest=pl.col("weight").max(),
                heavy=pl.len(),
            )
            .join(met, on="key", how="semi")
        )
        gained = gained.with_columns(
            a=(pl.col("key") // SHIFT).cast(pl.UInt32), l=(pl.col("key") % SHIFT).cast(pl.UInt32)
        )
        gained = gained.join(_totals(each, "a"), on="a").join(self._totals, on="l", suffix="_listed")
        rest, rest_listed = (
            (pl.col("total") - pl.col("of_asked")).clip(0.0),
            (pl.col("total_listed") - pl.col("of_listed")).clip(0.0),
        )
        apart = pl.min_horizontal(rest, rest_listed)
        absent = pl.max_horizontal(rest, rest_listed) - apart
        most = pl.col("agree") / (pl.col("agree") + APART * apart + ABSENT * absent)
        return gained.filter(most >= LEAST_POSSIBLE).select("a", "l")

    def _run_together(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Give pairs whose letters, the words run together, are nearly the same."""
        found = self._whole.near(*_run_together(asked["words"]))
        return found.select(
            a=asked["a"].gather(found["asked"]).cast(pl.UInt32), l=pl.col("listed").cast(pl.UInt32)
        )

    def _judged(
        self, pairs: pl.DataFrame, each: pl.DataFrame, near: pl.DataFrame, asked: pl.DataFrame
    ) -> pl.DataFrame:
        """Say of each pair how alike it is, and leave out those too little alike."""
        met = self._paired(pairs, each, near)
        heavy = pl.col("weight") > LIGHTEST
        gained = met.group_by("a", "l").agg(
            agree=(pl.col("weight") * pl.col("near")).sum(),
            slip=(pl.col("weight") * (1.0 - pl.col("near"))).sum(),
            of_asked=pl.col("own").sum(),
            of_listed=pl.col("weight").sum(),
            heavy=(heavy & (pl.col("near") > INITIAL)).sum(),
            rarest=pl.col("weight").max(),
            is_exact=(pl.col("near") == 1.0).all(),
        )
        nothing = [
            pl.col(name).fill_null(0.0) for name in ("agree", "slip", "of_asked", "of_listed", "rarest")
        ]
        judged = pairs.join(gained, on=["a", "l"], how="left").with_columns(
            *nothing, pl.col("heavy").fill_null(0), pl.col("is_exact").fill_null(value=True)
        )
        judged = judged.join(_totals(each, "a"), on="a").join(self._totals, on="l", suffix="_listed")
        judged = judged.with_columns(
            rest=(pl.col("total") - pl.col("of_asked")).clip(0.0),
            rest_listed=(pl.col("total_listed") - pl.col("of_listed")).clip(0.0),
        )
        judged = self._with_run_together(judged, met, each)
        return _named(judged.filter(_is_enough()), asked, self._names)

    def _paired(self, pairs: pl.DataFrame, each: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
        """Pair the words of each pair of names, the nearest first: ``a, l, at, at_listed, near, own, weight``."""
        words = pairs.join(each.rename({"weight": "own"}), on="a")
        listed = self._each.rename({"at": "at_listed", "read": "read_listed"})
        same = words.join(near, on="ta").join(listed, on=["l", "tl"])
        columns = ["a", "l", "at", "at_listed", "near", "own", "weight"]
        every = pl.concat([same.select(columns), _initials(words, listed).select(columns)])
        every = every.sort("near", "weight", "at", "at_listed", descending=[True, True, False, False])
        every = every.unique(["a", "l", "at"], keep="first", maintain_order=True)
        return every.unique(["a", "l", "at_listed"], keep="first", maintain_order=True)

    def _with_run_together(self, judged: pl.DataFrame, met: pl.DataFrame, each: pl.DataFrame) -> pl.DataFrame:
        """Take words left over on both sides for the same where they are, run together: ``ABU BAKR``, ``ABUBAKR``."""
        both = judged.filter((pl.col("rest") > LIGHTEST) & (pl.col("rest_listed") > LIGHTEST)).select(
            "a", "l"
        )
        one = _left_over(both, each, met, "a", "at")
        other = _left_over(both, self._each.rename({"at": "at_listed"}), met, "l", "at_listed")
        texts = one.join(other, on=["a", "l"], suffix="_listed")
        share = cpdist(
            texts["text"].to_list(), texts["text_listed"].to_list(), scorer=Indel.normalized_similarity
        )
        texts = texts.with_columns(joined=pl.Series(share, dtype=pl.Float64))
        texts = texts.filter(pl.col("joined") >= JOINED, pl.col("text").str.len_bytes() > 3)
        judged = judged.join(texts.select("a", "l", "joined"), on=["a", "l"], how="left")
        is_joined, more = pl.col("joined").is_not_null(), pl.min_horizontal("rest", "rest_listed")
        return judged.with_columns(
            agree=pl.col("agree") + pl.when(is_joined).then(more * pl.col("joined")).otherwise(0.0),
            slip=pl.col("slip") + pl.when(is_joined).then(more * (1.0 - pl.col("joined"))).otherwise(0.0),
            rest=pl.when(is_joined).then(0.0).otherwise("rest"),
            rest_listed=pl.when(is_joined).then(0.0).otherwise("rest_listed"),
            heavy=pl.col("heavy") + is_joined.cast(pl.UInt32) * 2,
        )


def _is_enough() -> pl.Expr:
    """Ask for two words that tell people apart, for one if that is all either name has, or for one rare one."""
    is_single = (pl.col("count") == 1) & (pl.col("count_listed") == 1)
    return (
        (pl.col("heavy") > 1)
        | (is_single & (pl.col("heavy") > 0))
        | ((pl.col("heavy") > 0) & (pl.col("rarest") > RARE))
    )


def _key(a: str, b: str) -> pl.Expr:
    """Put two numbers into one, which joins and groups quicker than two."""
    return pl.col(a).cast(pl.UInt64) * SHIFT + pl.col(b).cast(pl.UInt64)


def _run_together(words: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Give the letters of names without spaces, and their numbers."""
    letters = words.str.replace_all("[^A-Z]", "")
    numbers = words.str.replace_all("[^0-9]+", "-").str.strip_chars("-")
    return letters, numbers


def _totals(each: pl.DataFrame, key: str) -> pl.DataFrame:
    return each.group_by(key).agg(total=pl.col("weight").sum(), count=(pl.col("weight") > LIGHTEST).sum())


def _initials(words: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Pair single letters of one name with words of the other that begin with them."""
    first, other = pl.col("read").str.slice(0, 1), pl.col("read_listed").str.slice(0, 1)
    short, short_listed = pl.col("read").str.len_bytes() == 1, pl.col("read_listed").str.len_bytes() == 1
    of_asked = words.filter(short, ~pl.col("read").str.contains("[0-9]")).with_columns(first=first)
    of_listed = listed.filter(short_listed, ~pl.col("read_listed").str.contains("[0-9]")).with_columns(
        first=other
    )
    full = (
        words.join(of_listed.select("l").unique(), on="l", how="semi")
        .filter(~short)
        .with_columns(first=first)
    )
    found = [
        of_asked.join(listed.filter(~short_listed).with_columns(first=other), on=["l", "first"]),
        full.join(of_listed, on=["l", "first"]),
    ]
    return pl.concat(found, how="diagonal").with_columns(near=pl.lit(INITIAL))


def _left_over(pairs: pl.DataFrame, each: pl.DataFrame, met: pl.DataFrame, key: str, at: str) -> pl.DataFrame:
    """Run the words of one side that found no counterpart together: ``a, l, text``."""
    words = pairs.join(each.select(key, at, "read"), on=key).join(met, on=["a", "l", at], how="anti")
    return (
        words.sort("a", "l", at).group_by("a", "l", maintain_order=True).agg(text=pl.col("read").str.join(""))
    )


def _named(judged: pl.DataFrame, asked: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Give how alike pairs are, and in which way: ``a, l, way, alike``."""
    apart = pl.min_horizontal("rest", "rest_listed")
    absent = pl.max_horizontal("rest", "rest_listed") - apart
    against = pl.col("slip") + APART * apart + ABSENT * absent
    judged = judged.with_columns(alike=pl.col("agree") / (pl.col("agree") + against), absent=apart + absent)
    judged = judged.filter(pl.col("alike") >= LEAST_ALIKE)
    judged = judged.join(asked, on="a").join(listed, on="l", suffix="_listed")
    is_all = pl.col("absent") < LIGHTEST * 1.5
    way = (
        pl.when(pl.col("words") == pl.col("words_listed")).then(pl.lit("same"))
        .when(is_all & pl.col("is_exact")).then(pl.lit("order"))
        .when(is_all).then(pl.lit("spelling"))
        .otherwise(pl.lit("parts"))
    )  # fmt: skip
    return judged.select("a", "l", way=way, alike="alike")
