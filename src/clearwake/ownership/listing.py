"""Which parties lists name, how surely, and whether being named freezes what they own.

A listing counts for a rule only where it freezes assets under that rule's law: an entry on the US list of specially
designated nationals; an EU or UK entry whose measures name a freeze.  A ban on calling at ports or a limit on loans
is a listing too, and is told, but nobody becomes blocked by it.
"""

from __future__ import annotations

import polars as pl

from clearwake.names.exact import exact, unordered
from clearwake.names.folding import folded
from clearwake.ownership.identity import People
from clearwake.ownership.papers import NO_TEXTS

RULES = ("us", "eu", "uk")

NAMES_OF = {"us": "US", "eu": "EU", "uk": "UK"}

BLOCKING_PART = "sdn"
"""The part of the US lists whose entries are blocked; those of the consolidated part are restricted otherwise."""

COLLECTIONS = ("ftm", "maritime")
"""Lists of other lists, by whose datasets and programmes they tell whose an entry is."""

FREEZING_DATASETS = {
    "us": ("us_ofac_sdn",),
    "eu": ("eu_fsf",),
    "uk": ("gb_hmt_sanctions",),
}
"""Datasets of OpenSanctions that hold frozen parties and nobody else."""

PROGRAMME_OF = {"us": "US-", "eu": "EU-", "uk": "GB-"}
"""How programmes begin, such as ``US-DPRK4``: they say whose the listing is, not what it does; perhaps a freeze."""


def listings(designations: pl.DataFrame, who: People) -> pl.DataFrame:
    """Give which parties are listed: ``node, list, id, listed_name, is_sure, reason, rule, is_freeze, freezes``.

    ``is_sure`` is false where only a name agrees; ``rule`` is null where the listing freezes nothing under any of the
    three rules, ``is_freeze`` false where the list does not say what it does; ``freezes`` needs both.

    Args:
        designations: A table of ``Designation``: those in force.
        who: Everybody, the entries of the lists among them, under the list's name and the entry's id.
    """
    entries = designations.filter(pl.col("status").fill_null("listed") == "listed").select(
        "id", "list", "edition", "kind", "name", "aliases", "former_names", "weak_names", "country", "birth_date",
        "measures", "programmes", "reference",
    )  # fmt: skip
    homes = who.rows.select("node", "source", "id", "exact", "nation", "sound_imo", "number", "born")
    known = entries.join(
        homes, left_on=["list", "id"], right_on=["source", "id"], how="inner", maintain_order="left"
    )
    sure = known.select(
        "node", "list", "id", "name", is_sure=pl.lit(value=True), reason=pl.lit(None, pl.String)
    )
    sure = _how_known(sure, known, who)
    every = pl.concat([sure, _tied(known, who)])
    return (
        every.join(_rules(entries), on=["list", "id"], how="left", maintain_order="left")
        .with_columns(freezes=pl.col("is_sure") & pl.col("is_freeze").fill_null(value=False))
        .rename({"name": "listed_name"})
    )


def _rules(entries: pl.DataFrame) -> pl.DataFrame:
    """Give under which rules each entry freezes: ``list, id, rule, is_freeze``, where false is "does not say"."""
    measures = (
        pl.col("measures")
        .fill_null(NO_TEXTS)
        .list.eval(pl.element().str.to_lowercase().str.contains("freez"))
    )
    frames = []
    for rule in RULES:
        ours = entries.filter(list="ofac" if rule == "us" else rule)
        if rule == "us":
            freezing = ours.filter(pl.col("edition").str.starts_with(BLOCKING_PART)).with_columns(
                is_freeze=pl.lit(value=True)
            )
        else:
            is_said = pl.col("measures").fill_null(NO_TEXTS).list.len() > 0
            freezing = ours.with_columns(is_freeze=is_said).filter(measures.list.any() | ~is_said)
        both = pl.concat([freezing, _collected(entries, rule)])
        frames.append(both.select("list", "id", "is_freeze", rule=pl.lit(rule)))
    return pl.concat(frames).unique(["list", "id", "rule"], keep="first", maintain_order=True)


def _collected(entries: pl.DataFrame, rule: str) -> pl.DataFrame:
    """Give the entries of collections that are of a rule's lists, and whether those freeze for certain."""
    ours = entries.filter(pl.col("list").is_in(COLLECTIONS))
    told = pl.col("programmes").fill_null(NO_TEXTS)
    datasets = list(FREEZING_DATASETS[rule])
    freezes = told.list.eval(pl.element().is_in(datasets)).list.any() | pl.col("edition").str.extract(
        r"^([^:]*):"
    ).is_in(datasets)
    is_ours = told.list.eval(pl.element().str.starts_with(PROGRAMME_OF[rule])).list.any()
    return ours.with_columns(is_freeze=freezes.fill_null(value=False)).filter(pl.col("is_freeze") | is_ours)


def _how_known(sure: pl.DataFrame, known: pl.DataFrame, who: People) -> pl.DataFrame:
    """Say why another source's party is the listed one."""
    marks = ("exact", "nation", "sound_imo", "number", "born")
    entry = known.select("node", "list", "id", **{f"listed_{mark}": mark for mark in marks})
    others = who.rows.select("node", "source", pl.col("id").alias("other"), *marks)
    pairs = entry.join(others, on="node").filter(pl.col("source") != pl.col("list"))
    same = {mark: pl.col(mark) == pl.col(f"listed_{mark}") for mark in marks}
    how = (
        pl.when(pl.col("other") == pl.col("id")).then(pl.lit("by its id"))
        .when(same["sound_imo"]).then(pl.format("by IMO number {}", "sound_imo"))
        .when(same["exact"] & same["number"]).then(pl.lit("by the same name and registration number"))
        .when(same["exact"] & same["nation"]).then(pl.lit("by the same name and country"))
        .when(same["exact"] & same["born"]).then(pl.lit("by the same name and date of birth"))
        .otherwise(pl.lit("by way of another source"))
    )  # fmt: skip
    told = (
        pairs.with_columns(how=how)
        .group_by("node", "list", "id")
        .agg(reason=pl.col("how").unique().sort().first())
    )
    return (
        sure.drop("reason")
        .join(told, on=["node", "list", "id"], how="left", maintain_order="left")
        .select(sure.columns)
    )


def _tied(known: pl.DataFrame, who: People) -> pl.DataFrame:
    """Find parties that have a listed name and of whom nothing known speaks against being the listed one."""
    entries = known.drop("exact").with_row_index("entry").with_columns(
        names=pl.concat_list(
            pl.concat_list("name"),
            *(pl.col(name).fill_null(NO_TEXTS) for name in ("aliases", "former_names", "weak_names")),
        )
    )  # fmt: skip
    listed = entries.select("entry", "kind", said="names").explode("said").drop_nulls().unique()
    mine = who.rows.join(known.select("node").unique(), on="node", how="anti").select(
        "node", "kind", "aliases", said="name"
    )
    also = mine.select("node", "kind", said="aliases").explode("said").drop_nulls()
    asked = pl.concat([mine.select("node", "kind", "said"), also]).unique()
    pairs = pl.concat([_by_name(asked, listed, is_ship=each) for each in (False, True)]).unique()
    details = who.rows.group_by("node").agg(pl.col("nation", "sound_imo", "born").drop_nulls().first())
    entry = entries.select("entry", "list", "id", "name", listed_kind="kind", listed_nation="nation",
                           listed_imo="sound_imo", listed_born="born")  # fmt: skip
    met = pairs.join(details, on="node").join(entry, on="entry").filter(~_differ())
    same = (pl.col("nation") == pl.col("listed_nation")).fill_null(value=False)
    country = pl.when(same).then(pl.lit("name and country agree")).otherwise(pl.lit("only the name agrees"))
    return met.select("node", "list", "id", "name", is_sure=pl.lit(value=False), reason=country).sort(
        "node", "list", "id"
    )


def _by_name(asked: pl.DataFrame, listed: pl.DataFrame, *, is_ship: bool) -> pl.DataFrame:
    """Pair parties with entries of one exact name but for case, order and legal form; ships also but for ``M/V``."""
    kinds = ["vessel"] if is_ship else ["company", "person", "country", "unknown"]
    mine = asked.filter(pl.col("kind").is_in(kinds))
    theirs = listed.filter(pl.col("kind").is_in([*kinds, "unknown"]))
    if mine.is_empty() or theirs.is_empty():
        return pl.DataFrame(schema={"node": pl.Int64, "entry": pl.UInt32})
    mine, theirs = (rows.with_columns(key=_key(rows["said"], is_ship=is_ship)) for rows in (mine, theirs))
    pairs = mine.drop_nulls("key").join(theirs.drop_nulls("key"), on="key", suffix="_listed")
    kind, other = pl.col("kind"), pl.col("kind_listed")
    return pairs.filter((kind == other) | (kind == "unknown") | (other == "unknown")).select("node", "entry")


def _key(names: pl.Series, *, is_ship: bool) -> pl.Series:
    if not is_ship:
        return unordered(exact(names)).alias("key")
    fold = folded(names)
    return fold.select(pl.format("{}|{}", "letters", "numbers")).to_series().alias("key")


def _differ() -> pl.Expr:
    """Say where both are known and differ: the country of companies and persons, the IMO number, the year of birth."""
    imo = pl.col("sound_imo").is_not_null() & (pl.col("listed_imo") != pl.col("sound_imo"))
    nation = (pl.col("nation") != pl.col("listed_nation")) & (pl.col("listed_kind") != "vessel")
    born = pl.col("born") != pl.col("listed_born")
    return pl.any_horizontal(
        imo.fill_null(value=False), nation.fill_null(value=False), born.fill_null(value=False)
    )
