"""Which listed names an asked name is like, in which way, and how much.

Nine ways, from the same to a single word left.  Each was let in because, on the names of 16,680 ships in the EU's
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

WAYS = {"same": 1.0, "spelling": 0.95, "sound": 0.88, "order": 0.85, "consonants": 0.80, "beginning": 0.80,
        "words": 0.75, "shortened": 0.75, "word": 0.55}  # fmt: skip
"""How much each way of being alike counts at most; for ``spelling`` it is multiplied by the share that agrees."""

SHORTEST = {"sound": 4, "consonants": 5, "vowelless": 4, "beginning": 5, "words": 6}
"""Letters and digits a name must have for a way to mean anything; ``words`` also asks for two words, ``vowelless``
is ``consonants`` of a name written without vowels."""

LEAST_BEGUN = 2
"""A beginning that holds a whole word may end after so many letters of the next."""

FULL_WORDS = 4
"""Letters that words written in full must have beside one that is cut short."""

RARE_WORD, MOST_WITH_WORD = 5, 2
"""A single word stands for a name of two only if it has so many letters and so many listed names have it."""

MOST_CUT = 3
MOST_CUT_SHARE = 0.4
"""A beginning lacks at most so many letters of the whole; of longer names, this share."""

LEAST_PARTY_ALIKE = 0.85
"""Names of persons and companies share so many words that fewer letters may differ than in ships' names."""

LEAST_CONSONANTS_ALIKE = 0.72
"""Names with the same consonants must also agree in so much of their letters, vowels counted."""

_COMMON_WORDS = """
    ADMIRAL ADVENTURE AFRICA ALEXANDER ALEXANDRA ALLIANCE AMAZON AMBASSADOR AMERICA ANDROMEDA ANGELA APOLLO AQUARIUS
    ARCTIC ARIADNE ARMADA ATHENA ATLANTIC ATLANTIS AURORA BALTIC BEAUTY BREEZE BRIDGE BRIGHT BRILLIANT CAPELLA CAPTAIN
    CARAVEL CARIBBEAN CASTLE CENTURY CHALLENGER CHAMPION CHARLOTTE CHINA CHRISTINA COLUMBIA COMMANDER CONDOR CONFIDENCE
    CONQUEROR CONSTELLATION CORAL COURAGE CRYSTAL DAWN DIAMOND DIANA DISCOVERER DISCOVERY DOLPHIN DRAGON DREAM EAGLE
    EASTERN EMERALD EMPRESS ENDEAVOUR ENERGY ENTERPRISE EUROPA EXCELLENCE EXPLORER EXPRESS FALCON FAVOUR FORTUNE
    FREEDOM FRIENDSHIP FRONTIER GALAXY GLOBAL GLORIOUS GLORY GOLDEN GRACEFUL GREEN HARMONY HARVEST HERCULES HERITAGE
    HONESTY HORIZON HUNTER IMPERIAL INDEPENDENCE INNOVATION INTEGRITY ISLAND JASMINE JUPITER KAPITAN LEADER LEGEND
    LIBERTY LOTUS MAJESTIC MARINE MARINER MARITIME MASTER MERCURY MIRACLE NAVIGATOR NEPTUNE NIKOLAY NOBLE NORDIC
    OCEANIA OLYMPIC OLYMPUS ORCHID ORIENT ORIENTAL PACIFIC PARADISE PATRIOT PEGASUS PERSEUS PHOENIX PILGRIM PIONEER
    POLARIS POSEIDON PRINCE PRINCESS PROGRESS PROMISE PROSPERITY PROVIDENCE PURPLE QUEEN RAINBOW RELIANCE RIVER
    ROYAL SAILOR SAPPHIRE SATURN SEASON SERENE SERENITY SILVER SINCERITY SIRIUS SOLAR SOUTHERN SPIRIT SPLENDOR STELLA
    STERLING STREAM SUCCESS SUMMIT SUNRISE SUNSHINE SUPERIOR SUPREME SWALLOW THUNDER TITANIUM TRADER TREASURE TRITON
    TRIUMPH TROPICAL UNIVERSE UNIVERSAL VALIANT VENTURE VICTORIA VICTORIOUS VICTORY VIKING VIRGINIA VISION VOYAGER
    WARRIOR WESTERN WINNER WISDOM YANGTZE ZENITH
"""
COMMON_WORDS = frozenset(_COMMON_WORDS.split())
"""Words that many ships are named with, whoever owns them."""

AT_ONCE = 1 << 16
"""Distinct names looked at together, which bounds the memory."""

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

    @cached_property
    def _reordered(self) -> pl.DataFrame:
        return _ordered(self._distinct.filter(pl.col("count") > 0))

    @cached_property
    def _cut_short(self) -> pl.DataFrame:
        return _one_word_cut(self._distinct)

    @cached_property
    def _single(self) -> pl.DataFrame:
        return _rare_words(self._distinct)

    def alike(self, names: pl.Series) -> pl.DataFrame:
        """Find the listed names that ``names`` are like.

        Gives ``asked`` (row of ``names``), ``listed`` (row of the names given at first), ``way`` (a key of
        ``WAYS``) and ``alike`` in (0, 1]; each pair once, in its strongest way.
        """
        rows = _folded(names, self.kind)
        distinct = rows.unique(["letters", "numbers"], maintain_order=True)
        parts = [self._alike(part) for part in distinct.iter_slices(AT_ONCE)]
        if not parts:
            return pl.DataFrame(schema=FOUND)
        # Most names are like none that is listed, and are not looked for again.
        hit = rows.join(pl.concat([asked for _, asked in parts]), on=["letters", "numbers"], how="semi")
        return pl.concat([self._spread(found, asked, hit) for found, asked in parts])

    def _alike(self, names: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Find which names are like which, by number, and give with it the names that are like any."""
        asked = _keyed(names)
        found = pl.concat([self._same(asked), self._spelt(asked), *self._keyed_ways(asked)])
        found = found.sort("alike", descending=True).unique(["a", "l"], keep="first", maintain_order=True)
        return found, asked.select("letters", "numbers", "at")[found["a"].unique()]

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
            several = asked.filter(pl.col("count") > 0)
            same_letters = several.filter(self._spellings.has_letters(several["letters"], several["numbers"]))
            ways.append(_joined(_ordered(same_letters), self._reordered, key, "order"))
            ways.append(_joined(several, self._cut_short, key, "shortened"))
            single = asked.filter((pl.col("count") == 0) & (_size("letters") >= RARE_WORD))
            ways.append(_joined(single, self._single, key, "word"))
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
        written = _joined(asked.filter(_size("bare") > 2), self._distinct, ["bare", "numbers"], "consonants")
        written = written.with_columns(is_written=pl.lit(value=True))
        pairs = pl.concat([written, sounding], how="diagonal").unique(
            ["a", "l"], keep="first", maintain_order=True
        )
        a, b = asked[pairs["a"]], self._distinct[pairs["l"]]
        one, other = a["letters"].to_list(), b["letters"].to_list()
        share = pl.Series(cpdist(one, other, scorer=Indel.normalized_similarity), dtype=pl.Float64)
        apart = pl.Series(cpdist(one, other, scorer=Indel.distance), dtype=pl.Int64)
        missing = b["letters"].str.len_bytes().cast(pl.Int64) - a["letters"].str.len_bytes().cast(pl.Int64)
        # Only vowels were left out: what is written stands, in order, in the listed name.
        left_out = pairs["is_written"].fill_null(value=False) & (apart == missing)
        is_vowelless = a["letters"] == a["bare"]
        enough = a["bare"].str.len_bytes() > pl.select(pl.when(is_vowelless).then(2).otherwise(3)).to_series()
        fits = (share >= LEAST_CONSONANTS_ALIKE) | is_vowelless | (left_out & enough)
        return pairs.filter(fits).drop("is_written")


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
        sound=sound(pl.col("letters")).str.replace_many(["E", "U"], ["I", "O"]),
        bare=bare(pl.col("letters")),
        count=pl.col("words").str.count_matches(" ", literal=True),
        at=pl.int_range(pl.len(), dtype=pl.UInt32),
    )
    return keyed.with_columns(skeleton=skeleton(pl.col("sound")))


def _joined(asked: pl.DataFrame, listed: pl.DataFrame, key: list[str], way: str) -> pl.DataFrame:
    pairs = asked.select(*key, a="at").join(listed.select(*key, l="at"), on=key)
    return pairs.select("a", "l", way=pl.lit(way), alike=pl.lit(WAYS[way]))


def _beginnings(names: pl.DataFrame) -> pl.DataFrame:
    """Give every beginning of every name that is long enough, its numbers kept.

    One that holds the first word whole and a part of the next may lack any number of letters.
    """
    length = pl.col("letters").str.len_bytes().cast(pl.Int64)
    most = pl.max_horizontal(pl.lit(MOST_CUT), (length * MOST_CUT_SHARE).floor().cast(pl.Int64))
    first = pl.col("words").str.extract("^([A-Z]+) [A-Z]").str.len_bytes().cast(pl.Int64)
    begun = pl.when(first >= FULL_WORDS).then(first + LEAST_BEGUN).otherwise(length)
    longer = names.filter(_size("letters") > SHORTEST["beginning"], length > MOST_CUT)
    shortest = pl.max_horizontal(pl.lit(1, dtype=pl.Int64), pl.min_horizontal(length - most, begun))
    cut = longer.with_columns(length=pl.int_ranges(shortest, length)).explode("length").drop_nulls("length")
    return cut.with_columns(letters=pl.col("letters").str.slice(0, pl.col("length")))


def _ordered(names: pl.DataFrame) -> pl.DataFrame:
    """Give names of several words with their words in alphabetical order, numbers aside."""
    ordered = pl.col("words").str.split(" ").list.sort().list.join("").str.replace_all("[0-9]", "")
    several = names.filter(pl.col("words").str.contains("[A-Z] (?:[0-9 ]*)[A-Z]"))
    return several.with_columns(letters=ordered)


def _one_word_cut(names: pl.DataFrame) -> pl.DataFrame:
    """Give every name of several words with one of them cut to its first letters, the others in full."""
    words = pl.col("words").str.extract_all(r"[A-Z]+")
    split = names.filter(words.list.len() > 1).with_columns(word=words)
    each = split.with_columns(cut=pl.int_ranges(pl.col("word").list.len()).cast(pl.List(pl.Int64))).explode(
        "cut"
    )
    gone = pl.col("word").list.get(pl.col("cut"))
    before, after = pl.col("word").list.head(pl.col("cut")), pl.col("word").list.slice(pl.col("cut") + 1)
    whole = pl.concat_list(before, after).list.join("").str.len_bytes()
    each = each.with_columns(gone=gone, before=before, after=after).filter(whole >= FULL_WORDS)
    each = each.with_columns(
        left=pl.int_ranges(1, pl.min_horizontal(pl.col("gone").str.len_bytes().cast(pl.Int64), 6))
    )
    each = each.explode("left").drop_nulls("left")
    begun = pl.col("gone").str.slice(0, pl.col("left"))
    written = pl.concat_str(pl.col("before").list.join(""), begun, pl.col("after").list.join(""))
    return each.with_columns(letters=written).drop("word", "cut", "gone", "before", "after", "left")


def _rare_words(names: pl.DataFrame) -> pl.DataFrame:
    """Give the words that alone can stand for a name of two words: long, rare among listed names, no number beside."""
    words = pl.col("words").str.extract_all(r"[A-Z]+")
    each = names.with_columns(word=words).explode("word").drop_nulls("word")
    spread = each.group_by("word").agg(names=pl.col("at").n_unique())
    of_two = each.filter((pl.col("count") == 1) & (_size("word") >= RARE_WORD)).join(spread, on="word")
    rare = of_two.filter(pl.col("names") <= MOST_WITH_WORD, ~pl.col("word").is_in(sorted(COMMON_WORDS)))
    return rare.with_columns(letters="word").drop("word", "names")


def _one_word_less(names: pl.DataFrame) -> pl.DataFrame:
    """Give every name of three words or more with one of its words left out; numbers always stay."""
    # With two words left and a number, or three words, there are two spaces at least.
    split = names.filter(pl.col("count") > 1).with_columns(
        word=pl.col("words").str.replace_all(r"\b[0-9]+\b", "").str.extract_all(r"[A-Z]+")
    )
    is_numbered = (pl.col("numbers") != "") & (pl.col("word").list.len() == 2)
    split = split.filter((pl.col("word").list.len() > 2) | is_numbered)
    split = split.with_columns(left_out=pl.int_ranges(pl.col("word").list.len()).cast(pl.List(pl.Int64)))
    before, after = (
        pl.col("word").list.head(pl.col("left_out")),
        pl.col("word").list.slice(pl.col("left_out") + 1),
    )
    short = split.explode("left_out").with_columns(letters=pl.concat_list(before, after).list.join(""))
    is_left = (_size("letters") >= SHORTEST["words"]) & (pl.col("letters").str.len_bytes() >= FULL_WORDS)
    return short.filter(is_left).drop("word", "left_out")
