"""Which listed persons and companies an asked name may be: words paired, the rare ones counting most.

``AHMADI, Ali``, ``Ali Reza Ahmadi`` and ``A. Ahmady`` are paired word by word whatever their order.  What one name
has and the other lacks (a middle name, a second surname) counts a little against; what both have and cannot pair
(another given name) counts much.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist, cpdist

from clearwake.names.near import NearWords
from clearwake.names.spelling import Spellings
from clearwake.names.words import FORM_WORDS, LIGHT, cut, parted

LIGHTEST = 0.08
"""Weight of articles, particles and titles, where the rarest word weighs 1."""

FLOOR = 0.25
"""Weight of the commonest other word."""

LEAST_SHARED = 0.5
"""A pair of names is looked at only where words of so much of the asked name's weight can be paired."""

INITIAL, INITIAL_WEIGHT = 0.8, 0.5
"""A single letter that begins the other name's word is near it by so much, and weighs so much of it."""

ALL_JOINED = 0.9
"""Words run together that agree in so much are as good as two words: ``KIMJONGUN``."""

LEFT_ALIKE, LEFT_LONG = 0.7, 4
"""Words left over on both sides, one by one or run together, of so many letters, that agree in so much of them are
the same words."""

MORE_LISTED, MORE_ASKED, APART = 0.35, 0.4, 1.6
"""How much weight left over counts against: in the listed name only, in the asked name only, and in both."""

PATRONYMIC, PATRONYMIC_WEIGHT = (
    r"^[A-Z]{3,}(?:OVICH|EVICH|OVYCH|EVYCH|AVICH|IAVICH|OVNA|EVNA|IVNA|AUNA|EUNA|YICH|YEVICH)$",
    0.4,
)
"""Names after the father, which are often left out, weigh so much of what they would."""

RARE = 0.7
"""A single word shared by two names of more words must weigh so much."""

SHIFT = 1 << 32
"""Two row numbers are put into one."""

LONGEST_WHOLE = 24
"""Names of more letters and spaces are paired word by word only."""

LEAST_POSSIBLE = 0.58
"""Pairs that could not be more alike than this are not looked at word by word."""

IS_INITIAL = pl.col("read").str.contains("^[A-Z]$")

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
        whole = self._names.filter(_letters_of("words") <= LONGEST_WHOLE)
        self._whole, self._whole_names = Spellings(*_run_together(whole["words"])), whole["l"]
        self._each = self._weighed(each)
        self._slim = self._each.select("l", "tl", pl.col("weight").cast(pl.Float32))
        initials = (
            self._each.filter(IS_INITIAL)
            .group_by("l")
            .agg(given_listed=pl.col("weight").sum(), initials_listed=pl.len())
        )
        self._totals = (
            _totals(self._each, "l")
            .join(initials, on="l", how="left")
            .with_columns(pl.col("given_listed", "initials_listed").fill_null(0))
        )
        self._compounds = _compounds(self._each, self._words["word"])

    def _weighed(self, each: pl.DataFrame) -> pl.DataFrame:
        """Weigh every word of every listed name by how rare it is among them: ``l, at, tl, weight``."""
        count = max(self._names.height, 2)
        spread = each.group_by(word="heard").agg(names=pl.col("l").n_unique())
        rarity = 1.0 - pl.col("names").log() / np.log(count)
        weight = FLOOR + (1.0 - FLOOR) * rarity.clip(0.0, 1.0)
        weight = pl.when(pl.col("word").str.contains("[0-9]")).then(1.0).otherwise(weight)
        weight = weight * pl.when(pl.col("word").str.contains(PATRONYMIC)).then(PATRONYMIC_WEIGHT).otherwise(
            1.0
        )
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
        each = self._parted_otherwise(each)
        words = each.select(word="read").unique(maintain_order=True)
        near = self._near.near(words["word"]).rename({"a": "ta", "l": "tl"})
        known = words.join(self._words, on="word", how="left", maintain_order="left").with_row_index("ta")
        known = known.with_columns(pl.col("weight").fill_null(_unknown(known["word"])))
        each = each.drop("word").join(known.select("ta", "weight", read="word"), on="read").sort("a", "at")
        pairs = pl.concat([self._sharing(each, near), self._run_together(asked)]).unique()
        return self._judged(pairs, each, near, asked)

    def _parted_otherwise(self, each: pl.DataFrame) -> pl.DataFrame:
        """Part words that are two of a listed name run together, and join two that are one: ``PATR USHEV``."""
        following = pl.col("read").shift(-1).over("a")
        ahead = each.with_columns(both=pl.col("read") + following, next=following)
        known = self._words["word"].implode()
        joins = pl.col("both").is_in(known) & ~(pl.col("read").is_in(known) & pl.col("next").is_in(known))
        ahead = ahead.with_columns(joins=joins.fill_null(value=False) & (pl.col("both").str.len_bytes() > 5))
        gone = pl.col("joins").shift(1).over("a").fill_null(value=False)
        ahead = ahead.with_columns(read=pl.when("joins").then("both").otherwise("read")).filter(~gone)
        ahead = ahead.join(
            self._compounds, left_on="read", right_on="both", how="left", maintain_order="left"
        )
        parts = pl.when(pl.col("parts").is_null()).then(pl.concat_list("read")).otherwise("parts")
        whole = ahead.select("a", "at", "word", read=parts).explode("read")
        return whole.with_columns(at=pl.int_range(pl.len()).over("a").cast(pl.Int16))

    def _sharing(self, each: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
        """Give pairs that share words enough: at least one of the rarest, without which too little could be shared."""
        heavy = each.filter(pl.col("weight") > LIGHTEST).sort("a", "weight", descending=[False, True])
        left = pl.col("weight").cum_sum(reverse=True).over("a")
        is_rare = left >= LEAST_SHARED * pl.col("weight").sum().over("a")
        heavy = heavy.with_columns(is_rare=is_rare, is_initial=IS_INITIAL)
        met = heavy.filter("is_rare").select("a", "ta").join(near, on="ta").select("a", "tl").unique()
        met = met.join(self._slim.select("l", "tl"), on="tl").select(key=_key("a", "l")).unique()
        every = (
            heavy.select("a", "ta", own=pl.col("weight").cast(pl.Float32))
            .join(near.with_columns(pl.col("near").cast(pl.Float32)), on="ta")
            .join(self._slim, on="tl")
        )
        gained = every.group_by(key=_key("a", "l")).agg(
            agree=(pl.col("weight") * pl.col("near")).sum(),
            of_asked=pl.col("own").sum(),
            of_listed=pl.col("weight").sum(),
        )
        gained = gained.join(met, on="key", how="semi").with_columns(
            a=(pl.col("key") // SHIFT).cast(pl.UInt32), l=(pl.col("key") % SHIFT).cast(pl.UInt32)
        )
        given = heavy.group_by("a").agg(
            given=pl.col("weight").filter("is_initial").sum(), initials=pl.col("is_initial").sum()
        )
        gained = gained.join(_totals(each, "a"), on="a").join(self._totals, on="l", suffix="_listed")
        return gained.join(given, on="a").filter(_at_most() >= LEAST_POSSIBLE).select("a", "l")

    def _run_together(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Give pairs whose letters, the words run together, are nearly the same."""
        short = asked.filter(_letters_of("words") <= LONGEST_WHOLE)
        found = self._whole.near(*_run_together(short["words"]))
        return pl.DataFrame(
            {"a": short["a"].gather(found["asked"]), "l": self._whole_names.gather(found["listed"])}
        )

    def _judged(
        self, pairs: pl.DataFrame, each: pl.DataFrame, near: pl.DataFrame, asked: pl.DataFrame
    ) -> pl.DataFrame:
        """Say of each pair how alike it is, and leave out those too little alike."""
        met = self._paired(pairs, each, near)
        met = pl.concat([met, self._nearly(pairs, met, each)])
        judged = pairs.join(_gained(met), on=["a", "l"], how="left")
        sums = [pl.col(name).fill_null(0.0) for name in ("agree", "slip", "of_asked", "of_listed", "rarest")]
        judged = judged.with_columns(
            *sums, pl.col("heavy").fill_null(0), pl.col("is_exact").fill_null(value=True)
        )
        judged = judged.join(_totals(each, "a"), on="a").join(self._totals, on="l", suffix="_listed")
        judged = judged.with_columns(
            rest=(pl.col("total") - pl.col("of_asked")).clip(0.0),
            rest_listed=(pl.col("total_listed") - pl.col("of_listed")).clip(0.0),
        )
        judged = self._with_run_together(judged, met, each)
        return _named(judged.filter(_is_enough()), asked, self._names)

    def _paired(self, pairs: pl.DataFrame, each: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
        """Pair the words of each pair of names, the nearest first: a table of ``MET``."""
        words = pairs.join(each.rename({"weight": "own"}), on="a")
        listed = self._each.rename({"at": "at_listed", "read": "read_listed"})
        same = words.join(near, on="ta").join(listed, on=["l", "tl"]).with_columns(counts=pl.lit(1.0))
        return _greedily(pl.concat([same.select(MET), _initials(words, listed).select(MET)]))

    def _nearly(self, pairs: pl.DataFrame, met: pl.DataFrame, each: pl.DataFrame) -> pl.DataFrame:
        """Pair words left over on both sides that differ more than is looked for among all words."""
        met_pairs = pairs.join(met.select("a", "l").unique(), on=["a", "l"], how="semi")
        is_long = pl.col("read").str.len_bytes() >= LEFT_LONG
        words = each.filter(is_long).rename({"weight": "own"})
        one = met_pairs.join(words, on="a").join(met, on=["a", "l", "at"], how="anti")
        listed = self._each.filter(is_long).rename({"at": "at_listed", "read": "read_listed"})
        other = met_pairs.join(listed, on="l").join(met, on=["a", "l", "at_listed"], how="anti")
        both = one.join(other, on=["a", "l"])
        share = cpdist(
            both["read"].to_list(), both["read_listed"].to_list(), scorer=OSA.normalized_similarity
        )
        both = both.with_columns(near=pl.Series(share, dtype=pl.Float64), counts=pl.lit(1.0))
        return _greedily(both.filter(pl.col("near") >= LEFT_ALIKE).select(MET))

    def _with_run_together(self, judged: pl.DataFrame, met: pl.DataFrame, each: pl.DataFrame) -> pl.DataFrame:
        """Take words left over on both sides for the same where they are, run together: ``ABU BAKR``, ``ABUBAKR``."""
        is_left = (pl.col("rest") > LIGHTEST) & (pl.col("rest_listed") > LIGHTEST)
        both = judged.filter(is_left).select("a", "l")
        one = _left_over(both, each, met, "a", "at")
        other = _left_over(both, self._each.rename({"at": "at_listed"}), met, "l", "at_listed")
        texts = one.join(other, on=["a", "l"], suffix="_listed")
        written = (texts["text"].to_list(), texts["text_listed"].to_list())
        share = cpdist(*written, scorer=OSA.normalized_similarity)
        texts = texts.with_columns(joined=pl.Series(share, dtype=pl.Float64))
        texts = texts.filter(pl.col("joined") >= LEFT_ALIKE, pl.col("text").str.len_bytes() >= LEFT_LONG)
        judged = judged.join(texts.select("a", "l", "joined"), on=["a", "l"], how="left")
        is_joined, more = pl.col("joined").is_not_null(), pl.min_horizontal("rest", "rest_listed")
        return judged.with_columns(
            agree=pl.col("agree") + pl.when(is_joined).then(more * pl.col("joined")).otherwise(0.0),
            slip=pl.col("slip") + pl.when(is_joined).then(more * (1.0 - pl.col("joined"))).otherwise(0.0),
            rest=pl.when(is_joined).then(0.0).otherwise("rest"),
            rest_listed=pl.when(is_joined).then(0.0).otherwise("rest_listed"),
            heavy=pl.col("heavy")
            + is_joined.cast(pl.UInt32)
            + (pl.col("joined") >= ALL_JOINED).fill_null(value=False).cast(pl.UInt32),
            is_exact=pl.col("is_exact") & ~is_joined,
        )


MET = ("a", "l", "at", "at_listed", "near", "counts", "own", "weight")
"""Two words paired: whose they are, where, how near, how much of their weight counts, and their weights."""


def _greedily(met: pl.DataFrame) -> pl.DataFrame:
    """Keep each word's nearest counterpart that is not another's; what is left over is tried once more."""
    met = met.sort("near", "counts", "weight", "at", "at_listed", descending=[True, True, True, False, False])
    first = _nearest(met)
    left = met.join(first, on=["a", "l", "at"], how="anti").join(
        first, on=["a", "l", "at_listed"], how="anti"
    )
    return pl.concat([first, _nearest(left)])


def _nearest(met: pl.DataFrame) -> pl.DataFrame:
    met = met.unique(["a", "l", "at"], keep="first", maintain_order=True)
    return met.unique(["a", "l", "at_listed"], keep="first", maintain_order=True)


def _gained(met: pl.DataFrame) -> pl.DataFrame:
    """Sum up what the words of each pair of names agree in."""
    weight = pl.col("weight") * pl.col("counts")
    is_heavy = (pl.col("weight") > LIGHTEST) & (pl.col("counts") == 1.0)
    return met.group_by("a", "l").agg(
        agree=(weight * pl.col("near")).sum(),
        slip=(weight * (1.0 - pl.col("near"))).sum(),
        of_asked=pl.col("own").sum(),
        of_listed=pl.col("weight").sum(),
        heavy=is_heavy.sum(),
        rarest=pl.col("weight").filter(is_heavy).max(),
        is_exact=(pl.col("near") == 1.0).all(),
    )


def _at_most() -> pl.Expr:
    """Give the most a pair can be alike, if the initials of both were to agree."""
    given = pl.col("given") + pl.col("initials_listed")
    given_listed = pl.col("initials") + pl.col("given_listed")
    rest = (pl.col("total") - pl.col("of_asked") - given).clip(0.0)
    rest_listed = (pl.col("total_listed") - pl.col("of_listed") - given_listed).clip(0.0)
    apart = pl.min_horizontal(rest, rest_listed)
    absent = pl.max_horizontal(rest, rest_listed) - apart
    agree = pl.col("agree")
    return agree / (agree + APART * apart + MORE_LISTED * absent)


def _is_enough() -> pl.Expr:
    """Ask for two words that tell people apart, for one if that is all either name has, or for one rare one."""
    is_single = (pl.col("count") == 1) & (pl.col("count_listed") == 1)
    return (
        (pl.col("heavy") > 1)
        | (is_single & (pl.col("heavy") > 0))
        | ((pl.col("heavy") > 0) & (pl.col("rarest") > RARE))
    )


def _unknown(words: pl.Series) -> pl.Series:
    """Weigh words that stand in no listed name: as the rarest, but for light ones and mistyped legal forms."""
    long = words.str.len_bytes() >= LEFT_LONG
    apart = cdist(words.to_list(), FORM_WORDS, scorer=OSA.distance, score_cutoff=1)
    is_form = pl.Series((apart <= 1).any(axis=1), dtype=pl.Boolean) & long
    return pl.select(pl.when(is_form | words.is_in(sorted(LIGHT))).then(LIGHTEST).otherwise(1.0)).to_series()


def _letters_of(column: str) -> pl.Expr:
    return pl.col(column).str.len_bytes()


def _key(a: str, b: str) -> pl.Expr:
    """Put two numbers into one, which joins and groups quicker than two."""
    return pl.col(a).cast(pl.UInt64) * SHIFT + pl.col(b).cast(pl.UInt64)


def _run_together(words: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Give the letters of names without spaces, and their numbers."""
    letters = words.str.replace_all("[^A-Z]", "")
    numbers = words.str.replace_all("[^0-9]+", "-").str.strip_chars("-")
    return letters, numbers


def _compounds(each: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """Give what neighbouring words of listed names make run together: ``both``, and ``parts``, the two.

    The last and the first word are neighbours too, as family names stand in front or behind.
    """
    words = (
        each.sort("l", "at")
        .group_by("l", maintain_order=True)
        .agg("read")
        .filter(pl.col("read").list.len() > 1)
    )
    after = pl.concat_list(pl.col("read").list.slice(1), pl.col("read").list.head(1))
    pairs = words.select("read", after=after).explode("read", "after").unique(maintain_order=True)
    made = pairs.select(both=pl.col("read") + pl.col("after"), parts=pl.concat_list("read", "after"))
    long = made.filter(pl.col("both").str.len_bytes() > 5, ~pl.col("both").is_in(known.implode()))
    return long.unique("both", keep="first", maintain_order=True)


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
    both = pl.concat(found, how="diagonal")
    return both.with_columns(near=pl.lit(INITIAL), counts=pl.lit(INITIAL_WEIGHT))


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
    more = pl.when(pl.col("rest") > pl.col("rest_listed")).then(MORE_ASKED).otherwise(MORE_LISTED)
    against = pl.col("slip") + APART * apart + more * absent
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
