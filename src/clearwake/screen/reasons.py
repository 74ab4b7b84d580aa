"""Why a hit is a hit, in sentences with the values: what agreed, what differed, what could not be compared."""

from __future__ import annotations

import polars as pl

from clearwake.names import WAYS as NAME_WAYS

WAYS = {"same": "is", "spelling": "is spelt nearly like", "sound": "sounds like", "consonants": "has the consonants of",
        "beginning": "is the beginning of", "words": "has one word more or less than",
        "order": "is, in another order,", "parts": "agrees in most of its words with",
        "shortened": "has a word cut short of", "word": "is the rarer word of"}  # fmt: skip


BETWEEN = "\x1f"
"""The unit separator, which no name holds."""

POINTERS = {1: "the IMO number points", 2: "the MMSI points", 3: "the IMO number and the MMSI point",
            4: "the call sign points", 5: "the IMO number and the call sign point",
            6: "the MMSI and the call sign point", 7: "the IMO number, the MMSI and the call sign point"}  # fmt: skip


def of_hits(with_day: bool) -> pl.Expr:  # noqa: FBT001 - one question with one answer
    """Give the reasons of every hit as a list of sentences.

    Args:
        with_day: Whether designations were chosen by a day, so that a missing date of listing matters.
    """
    sentences = [*_numbers(), *_names(), *_signals(), *_others()]
    if with_day:
        sentences.append(_when(pl.col("listed_on").is_null(), pl.lit("the list does not say since when")))
    return _listed([*sentences, pl.col("stale")])


def of_nothing() -> pl.Expr:
    """Give the reasons why a query could not be held against anything."""
    is_country = (pl.col("kind") == "country").fill_null(value=False)
    written = [
        _when(~is_country, pl.format("name '{}' is no name", "name_said")),
        _when(
            is_country,
            pl.format("'{}' is no country that is known", pl.coalesce("name_said", "country", "flag")),
        ),
        _unusable_imo(),
        _when(pl.col("mmsi_said").is_not_null(), pl.format("MMSI '{}' is no ship's number", "mmsi_said")),
        _when(pl.col("callsign_said").is_not_null(), pl.format("call sign '{}' is none", "callsign_said")),
    ]
    return _listed([pl.lit("nothing could be compared"), *written])


def _listed(sentences: list[pl.Expr]) -> pl.Expr:
    """Make a list of the sentences that are there: joined and cut, which is ten times quicker than a list of nulls."""
    return pl.concat_str(sentences, separator=BETWEEN, ignore_nulls=True).str.split(BETWEEN)


def _when(is_so: pl.Expr, sentence: pl.Expr) -> pl.Expr:
    return pl.when(is_so).then(sentence)


def _is(tier: str) -> pl.Expr:
    return pl.col("tier") == tier


def _numbers() -> list[pl.Expr]:
    asked, listed = pl.col("imos").list.join(" and "), pl.col("listed_imos").list.join(" and ")
    has_asked, has_listed = pl.col("imos").list.len() > 0, pl.col("listed_imos").list.len() > 0
    is_ship, is_vessel = pl.col("kind").fill_null("vessel") == "vessel", pl.col("kind_listed") == "vessel"
    apart = pl.format("IMO number {} is valid and is not the listed ship's, {}", asked, listed)
    agreed = pl.col("imo") & (pl.col("kind_listed") == pl.col("kind").fill_null("vessel"))
    unsure = pl.format("IMO number {} is listed, as that of a {}", listed, "kind_listed")
    could_be = ~pl.col("imo") & is_ship & is_vessel
    return [
        _when(agreed, pl.format("IMO number {} is listed", listed)),
        _when(
            pl.col("imo") & ~agreed,
            unsure.str.replace("a unknown", "a ship or a company: the list does not say"),
        ),
        _when((pl.col("imo_count") > 1), pl.format("the IMO number field holds several: '{}'", "imo_said")),
        _when(could_be & has_asked & has_listed, apart),
        _when(could_be, _unusable_imo()),
        _when(pl.col("near_imo").is_not_null(), pl.format("it is one slip from the listed {}", "near_imo")),
        _when(could_be & pl.col("imo_said").is_null(), pl.lit("no IMO number was given")),
        _when(could_be & ~has_listed, pl.lit("the list gives no usable IMO number")),
    ]


def _unusable_imo() -> pl.Expr:
    is_unusable = pl.col("imo_said").is_not_null() & (pl.col("imos").list.len() == 0)
    faults = pl.lit("its check digit fails, or it is a placeholder")
    why = pl.when(pl.col("imo_count") == 0).then(pl.lit("it is not seven digits")).otherwise(faults)
    return _when(is_unusable, pl.format("IMO number '{}' cannot be used: {}", "imo_said", why))


def _names() -> list[pl.Expr]:
    how = pl.col("way").replace_strict(list(WAYS), list(WAYS.values()), default=None)
    reads = (pl.col("way") == "same") & ~_same_text(pl.col("name_read"), pl.col("listed_name"))
    how = pl.when(reads).then(pl.lit("reads as")).otherwise(how)
    share = (pl.col("alike") / NAME_WAYS["spelling"] * 100).round(0).cast(pl.Int64)
    party = (pl.col("alike") * 100).round(0).cast(pl.Int64)
    is_party = pl.col("kind_listed") != "vessel"
    much = _when(
        (pl.col("way") == "spelling") | (pl.col("way") == "parts"),
        pl.format(" ({} % alike)", pl.when(is_party).then(party).otherwise(share)),
    ).fill_null("")
    part = _when(pl.col("name_read") != pl.col("name_said"), pl.format(" in '{}'", "name_said")).fill_null("")
    agreed = pl.format("name '{}'{} {} the {} '{}'{}", "name_read", part, how, "role", "listed_name", much)
    differs = pl.format("name '{}' differs from the listed name '{}'", "name_said", "entity_name")
    has_name = pl.col("name_said").is_not_null()
    return [_when(pl.col("way").is_not_null(), agreed), _when(pl.col("way").is_null() & has_name, differs)]


def _same_text(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    return one.str.to_uppercase() == other.str.to_uppercase()


def _signals() -> list[pl.Expr]:
    told = []
    for what, asked, listed in (
        ("MMSI", "asked_mmsi", "entity_mmsi"),
        ("call sign", "asked_callsign", "listed_callsign"),
    ):
        column = what.lower().replace(" ", "")
        agrees, hulls = pl.col(column), pl.col(f"{column}_hulls")
        told += [
            _when(agrees, pl.format(f"{what} {{}} is listed", asked)),
            _when(agrees & (hulls > 1), pl.format(f"{{}} listed ships share this {what}", hulls)),
            _when(~agrees, pl.format(f"{what} {{}} is not the listed one, {{}}", asked, listed)),
        ]
    return told


def _others() -> list[pl.Expr]:
    same_flag, differing = (
        pl.format("flag {} agrees", "flag"),
        pl.format("flag {}, listed {}", "flag", "listed_flag"),
    )
    bits = pl.col("conflict_bits").replace_strict(POINTERS, default=None)
    conflict = pl.format("{} to another listed ship, {}", bits, "conflict")
    return [
        _when(pl.col("flags_agree"), same_flag),
        _when(~pl.col("flags_agree"), differing),
        _when(pl.col("conflict").is_not_null(), conflict),
        *_of_parties(),
    ]


def _of_parties() -> list[pl.Expr]:
    """Say what companies and persons agree or differ in beside their names."""
    number, listed_number = "registration", "listed_registration"
    is_party = pl.col("kind_listed") != "vessel"
    return [
        _when(pl.col("birth") == "same", pl.format("date of birth {} is a listed one", "birth_date")),
        _when(
            pl.col("birth").is_in(["year", "near"]),
            pl.format("born {}, near the listed {}", "birth_date", "listed_birth"),
        ),
        _when(pl.col("birth") == "apart", pl.format("born {}, listed {}", "birth_date", "listed_birth")),
        _when(is_party & pl.col("same_country"), pl.format("country {} agrees", "country")),
        _when(
            is_party & ~pl.col("same_country"),
            pl.format("country {}, listed {}", "country", "listed_country"),
        ),
        _when(pl.col("same_registration"), pl.format("registration number {} is listed", number)),
        _when(
            ~pl.col("same_registration"),
            pl.format("registration number {}, listed {}", number, listed_number),
        ),
    ]
