"""Findings in words: the links of a chain, what each rule says and why, what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from clearwake.ownership.graph import PERCENT, ROUNDING, WHOLE, Graph
from clearwake.ownership.identity import People
from clearwake.ownership.listing import NAMES_OF
from clearwake.ownership.papers import NAMED, NO_TEXTS
from clearwake.ownership.risk import MERE_LINKS, MOST_HOPS, WORDS, Risk, both_ways
from clearwake.ownership.rules import ALIKE, BLOCKED, CONTROLLED, OWNED, POSSIBLY, Answer, Reached
from clearwake.ownership.spread import Ints

MOST_LINKS, MOST_LEVELS, MOST_ROWS = 24, 12, 3_000_000
"""A chain in a row has so many links at most, from so many levels; of all chains together so many links are laid out.
Where one is cut, its first entry says so, and the picture of the party shows more."""

CUT = "... and further up"


def of_all(
    who: People, graph: Graph, listed: pl.DataFrame, answers: Mapping[str, Answer], near: Risk, shown: Ints
) -> pl.DataFrame:
    """Give one row for each party shown: who it is, listings, sentence, chains, risk, doubts, evidence."""
    rows = pl.DataFrame({"node": shown}).join(who.nodes, on="node", how="left", maintain_order="left")
    rows = rows.join(_listed(listed), on="node", how="left", maintain_order="left")
    for name, answer in answers.items():
        rows = rows.join(
            _of_rule(name, answer, graph, who, listed, shown), on="node", how="left", maintain_order="left"
        )
    rows = rows.join(_of_risk(near, graph, who, shown), on="node", how="left", maintain_order="left")
    rows = rows.join(_links_to_listed(near, graph, who, shown), on="node", how="left", maintain_order="left")
    rows = rows.join(_doubts(rows, graph, answers), on="node", how="left", maintain_order="left")
    risk = pl.Series("risk", near.amount).gather(shown.tolist())
    lists = ["listed", "links", "risk_chain", "doubts", *(f"chain_{name}" for name in answers)]
    sentences = [f"said_{name}" for name in (*answers, "links", "risk")]
    evidence = [f"evidence_{name}" for name in ("listed", *answers, "links", "risk")]
    whole = rows.with_columns(risk, pl.col(*lists, *evidence).fill_null(NO_TEXTS)).with_columns(
        sentence=pl.concat_str(sentences, separator=" ", ignore_nulls=True),
        evidence=pl.concat_list(evidence).list.unique(maintain_order=True),
    )  # fmt: skip
    return whole.select(
        "id", "kind", "name", "country", "imo", "listed", "risk", "sentence", *(f"chain_{n}" for n in answers),
        "links", "risk_chain", "doubts", "evidence", "ids",
    )  # fmt: skip


def _listed(listed: pl.DataFrame) -> pl.DataFrame:
    """Tell each listing of a party once: list, name there and how it is known."""
    how = pl.when("is_sure").then(pl.coalesce(pl.format(" ({})", "reason"), pl.lit(""))).otherwise(
        pl.format(" (perhaps: {})", "reason")
    )  # fmt: skip
    each = listed.select("node", "id", listed=pl.format("{} {}{}", "id", "listed_name", how))
    return (
        each.unique(maintain_order=True)
        .group_by("node", maintain_order=True)
        .agg("listed", evidence_listed=pl.col("id").unique(maintain_order=True))
    )


# Links


def links(proof: pl.DataFrame, graph: Graph, who: People) -> pl.DataFrame:
    """Put the links of a proof into words: ``party, owner, text, brief, evidence, undated``."""
    rows = proof.join(_steps(graph), on=["owner", "party"], how="left", maintain_order="left")
    held = _standing_at(graph.held.select("low", "high", "edges"), proof["held"])
    is_owned = pl.col("way") == OWNED
    rows = pl.concat([rows, held], how="horizontal").with_columns(
        edge=pl.when(is_owned)
        .then(pl.col("edges").list.first())
        .when(pl.col("way") == CONTROLLED)
        .then("steer"),
        owner_name=who.nodes["name"].gather(proof["owner"]),
        party_name=who.nodes["name"].gather(proof["party"]),
    )
    edges = _standing_at(graph.edges.select(*EDGE), rows["edge"]).with_columns(evidence=evidence())
    rows = pl.concat([rows, edges.select("valid_from", "valid_to", "evidence")], how="horizontal")
    does = (
        pl.when(is_owned).then(pl.format("owns {} of", share()))
        .when(pl.col("way") == CONTROLLED).then(pl.lit("controls"))
        .otherwise(pl.lit("may be the same as"))
    )  # fmt: skip
    brief = (
        pl.when(is_owned).then(pl.format("{} {}", "owner_name", share()))
        .when(pl.col("way") == CONTROLLED).then(pl.format("{} (control)", "owner_name"))
        .otherwise(pl.format("{} (may be the same: the names agree)", "owner_name"))
    )  # fmt: skip
    return rows.select(
        "party", "owner", "evidence",
        text=pl.format("{} {} {}{}", "owner_name", does, "party_name", _dates()),
        brief=brief,
        undated=(pl.col("way") != ALIKE) & pl.col("valid_from").is_null(),
    )  # fmt: skip


def _steps(graph: Graph) -> pl.DataFrame:
    return graph.steered.select("owner", party="owned", steer=pl.col("edges").list.first())


EDGE = ("valid_from", "valid_to", "receipt", "line", "owner_id", "owned_id")


def _standing_at(rows: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
    """Give the rows that stand at places, null where there is none: holdings and edges are numbered by their place."""
    return rows.select(pl.all().gather(at)) if rows.height else rows.clear(at.len())


def evidence() -> pl.Expr:
    """Name what an edge rests on, so that it can be explained: the line of a received file, else the list entry."""
    is_named = pl.col("owned_id").str.contains(NAMED, literal=True)
    return pl.coalesce(
        pl.format("row:{}:{}", "receipt", "line"), pl.when(is_named).then("owner_id").otherwise("owned_id")
    )


def share() -> pl.Expr:
    """Write a holding's interval, in columns ``low`` and ``high``, as people would."""
    low, high = pl.col("low"), pl.col("high")
    over = (low % PERCENT == 1) & (high == WHOLE)
    return (
        pl.when(low == high).then(pl.format("{} %", _percent(low)))
        .when((low <= 0) & (high >= WHOLE)).then(pl.lit("an unknown share"))
        .when(over).then(pl.format("more than {} %", _percent(low - 1)))
        .when(high >= WHOLE).then(pl.format("at least {} %", _percent(low)))
        .when(low <= 0).then(pl.format("at most {} %", _percent(high)))
        .otherwise(pl.format("{} to {} %", _percent(low), _percent(high)))
    )  # fmt: skip


def _percent(millionths: pl.Expr) -> pl.Expr:
    text = (millionths / PERCENT).round(2).cast(pl.String)
    return text.str.strip_suffix(".0")


def _dates() -> pl.Expr:
    day = "%Y-%m-%d"
    since = pl.coalesce(pl.format(" since {}", pl.col("valid_from").dt.strftime(day)), pl.lit(""))
    until = pl.coalesce(pl.format(" until {}", pl.col("valid_to").dt.strftime(day)), pl.lit(""))
    return since + until


# Chains


def chains(told: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """Follow links from parties up to where they begin: ``top, chain, evidence, roots, undated, count``.

    The chain begins at the listed party and ends at the party asked about.

    Args:
        told: ``party, owner, text, evidence, undated`` of all links that show something.
        wanted: The parties asked about.
    """
    step = told.filter(pl.col("party").is_in(wanted.implode())).with_columns(top="party", level=pl.lit(0))
    every, rows = [step], step.height
    has_more = told.select("party").unique()
    for level in range(1, MOST_LEVELS):
        ends = step.select("top", party="owner").unique()
        step = ends.join(told, on="party").with_columns(level=pl.lit(level)).select(every[0].columns)
        rows += step.height
        if step.is_empty() or rows > MOST_ROWS:
            break
        every.append(step)
    laid = pl.concat(every).unique(["top", "party", "owner"], keep="first", maintain_order=True)
    laid = laid.filter(pl.int_range(pl.len()).over("top") < MOST_LINKS)
    inside = laid.select("top", "party").unique()
    ends = laid.select("top", party="owner").unique().join(inside, on=["top", "party"], how="anti")
    cut = (
        ends.join(has_more, on="party", how="semi")
        .select("top")
        .unique()
        .with_columns(is_cut=pl.lit(value=True))
    )
    roots = ends.join(has_more, on="party", how="anti").group_by("top").agg(roots=pl.col("party").sort())
    chain = laid.sort("top", "level", descending=[False, True], maintain_order=True).group_by(
        "top", maintain_order=True
    )
    whole = chain.agg(
        chain="text",
        evidence=pl.col("evidence").drop_nulls(),
        undated=pl.col("undated").sum(),
        count=pl.len(),
    )
    whole = whole.join(roots, on="top", how="left").join(cut, on="top", how="left")
    cut_first = pl.when("is_cut").then(pl.concat_list(pl.lit(CUT), "chain")).otherwise("chain")
    return whole.with_columns(chain=cut_first).sort("top")


def _of_rule(
    name: str, answer: Answer, graph: Graph, who: People, listed: pl.DataFrame, shown: Ints
) -> pl.DataFrame:
    """Say what one rule makes of each party shown: ``node, said, chain, evidence``, each with the rule's name."""
    status = pl.Series("status", answer.status)
    rows = pl.DataFrame({"node": shown}).with_columns(status=status.gather(shown.tolist()))
    under = listed.filter(rule=name).sort("freezes", descending=True, maintain_order=True)
    own = under.unique("node", keep="first", maintain_order=True).select(
        "node", "id", "freezes", "is_sure", "reason", entry=pl.format("{} {}", "id", "listed_name")
    )
    other = listed.filter(pl.col("rule").is_null(), "is_sure").unique(
        "node", keep="first", maintain_order=True
    )
    rows = rows.join(own, on="node", how="left", maintain_order="left").join(
        other.select("node", only=pl.format("{} {}", "id", "listed_name")),
        on="node",
        how="left",
        maintain_order="left",
    )
    halves = [
        _half(rows.filter(status=code), reached, graph, who, own)
        for code, reached in ((BLOCKED, answer.surely), (POSSIBLY, answer.possibly))
    ]
    rows = rows.join(pl.concat(halves), on="node", how="left", maintain_order="left")
    return rows.select(
        "node",
        pl.format(f"{NAMES_OF[name]}: {{}}.", _said()).alias(f"said_{name}"),
        pl.col("chain").alias(f"chain_{name}"),
        pl.col("evidence").alias(f"evidence_{name}"),
        pl.col("undated").alias(f"undated_{name}"),
    )


def _half(rows: pl.DataFrame, reached: Reached, graph: Graph, who: People, own: pl.DataFrame) -> pl.DataFrame:
    """Give chains and who stands at their ends, for parties of one status."""
    told = links(reached.proof, graph, who)
    found = chains(told, rows["node"])
    brief = (
        told.filter(pl.col("party").is_in(rows["node"].implode()))
        .group_by("party", maintain_order=True)
        .agg(by=pl.col("brief").head(4).str.join(", "), direct=pl.col("owner").sort())
    )
    entries = own.select("id", root="node", at="entry")
    roots = (
        found.select("top", root="roots").explode("root").drop_nulls().join(entries, on="root", how="left")
    )
    named = roots.with_columns(at=pl.coalesce("at", who.nodes["name"].gather(roots["root"])))
    behind = named.group_by("top", maintain_order=True).agg(
        behind=pl.col("at").head(4).str.join(", "), entries=pl.col("id").drop_nulls()
    )
    joined = found.join(brief, left_on="top", right_on="party", how="left").join(behind, on="top", how="left")
    return joined.select(
        "chain", "undated", "by", "behind", node="top",
        evidence=pl.concat_list(pl.col("evidence", "entries").fill_null(NO_TEXTS)),
    )  # fmt: skip


def _said() -> pl.Expr:
    """Say a status and its reason in one clause."""
    known = pl.coalesce(pl.format(", known {}", "reason"), pl.lit(""))
    behind = pl.coalesce(pl.format("; behind it {}", "behind"), pl.lit(""))
    itself = pl.col("freezes").fill_null(value=False)
    perhaps = (
        pl.when(pl.col("is_sure").fill_null(value=False))
        .then(
            pl.format("possibly: listed ({}), and the list does not say whether assets are frozen", "entry")
        )
        .otherwise(pl.format("possibly: it may be {}, {}", "entry", "reason"))
    )
    return (
        pl.when((pl.col("status") == BLOCKED) & itself).then(pl.format("blocked, itself listed ({}{})", "entry", known))
        .when(pl.col("status") == BLOCKED).then(pl.format("blocked by {}{}", "by", behind))
        .when((pl.col("status") == POSSIBLY) & pl.col("by").is_not_null())
        .then(pl.format("possibly, by {}{}", "by", behind))
        .when(pl.col("status") == POSSIBLY).then(perhaps)
        .when(pl.col("only").is_not_null())
        .then(pl.format("not shown ({} freezes nothing under this rule)", "only"))
        .otherwise(pl.lit("not shown"))
    )  # fmt: skip


# Risk


def _hops(hops: pl.DataFrame, graph: Graph, who: People) -> pl.DataFrame:
    """Put hops into words: ``party, other, evidence, does, two, text``."""
    down = {role: words[0] for role, words in WORDS.items()}
    up = {role: words[1] for role, words in WORDS.items()}
    edges = _standing_at(graph.edges.select(*EDGE), hops["edge"]).with_columns(evidence=evidence())
    role = pl.col("role")
    told = pl.concat([hops, edges], how="horizontal").with_columns(
        does=pl.when("is_up").then(role.replace_strict(up, default="linked to", return_dtype=pl.String))
        .otherwise(role.replace_strict(down, default="linked to", return_dtype=pl.String)),
        one=who.nodes["name"].gather(hops["party"]),
        two=who.nodes["name"].gather(hops["other"]),
    )  # fmt: skip
    text = pl.format("{} is {} {}{}", "one", "does", "two", _dates())
    return told.select("party", "other", "evidence", "does", "two", text=text)


def _links_to_listed(near: Risk, graph: Graph, who: People, shown: Ints) -> pl.DataFrame:
    """Say to which listed or blocked parties a party has a link that no rule makes ownership: ``node, links, ...``."""
    ends = both_ways(graph.edges.filter(pl.col("role").is_in(MERE_LINKS)))
    amount = pl.Series("amount", near.amount)
    listed = ends.filter(
        amount.gather(ends["other"]) >= 1.0, pl.col("party").is_in(pl.Series(shown).implode())
    )
    told = _hops(listed, graph, who).unique(["party", "other", "does"], keep="first", maintain_order=True)
    whole = told.group_by("party", maintain_order=True).agg(
        links=pl.col("text").head(MOST_LINKS),
        evidence_links=pl.col("evidence").drop_nulls().head(MOST_LINKS),
        said=pl.format("{} {}", "does", "two").head(4).str.join(", "),
        more=pl.len().cast(pl.Int64) - 4,
    )  # fmt: skip
    more = pl.when(pl.col("more") > 0).then(pl.format(" and {} more", "more")).otherwise(pl.lit(""))
    said = pl.format("On paper (not a legal status) {}{}, listed or blocked.", "said", more)
    return whole.select("links", "evidence_links", node="party", said_links=said)


def _of_risk(near: Risk, graph: Graph, who: People, shown: Ints) -> pl.DataFrame:
    """Say by which hops risk comes: ``node, said_risk, risk_chain, evidence_risk``."""
    hop = _hops(near.hops, graph, who).select("party", "other", "evidence", "text")
    top = pl.DataFrame({"top": shown}).with_columns(party="top")
    steps = []
    for level in range(MOST_HOPS):
        top = top.join(hop, on="party", how="inner", maintain_order="left")
        steps.append(top.select("top", "text", "evidence", "other", level=pl.lit(level)))
        top = top.select("top", party="other")
    path = (
        pl.concat(steps)
        .sort("top", "level")
        .group_by("top", maintain_order=True)
        .agg(risk_chain="text", evidence_risk=pl.col("evidence").drop_nulls(), source=pl.col("other").last())
    )
    amount = pl.Series("amount", near.amount).gather(path["top"])
    named = path.with_columns(amount, who.nodes["name"].gather(path["source"]).alias("near"))
    by = pl.col("risk_chain").list.join("; ")
    return named.select(
        "risk_chain", "evidence_risk", node="top",
        said_risk=pl.format("Risk {} (not a legal status): {}.", pl.col("amount").round(2), by),
    )  # fmt: skip


# Doubts


def _doubts(rows: pl.DataFrame, graph: Graph, answers: Mapping[str, Answer]) -> pl.DataFrame:
    """Say what speaks against the answers, or how far they can be relied on."""
    over = graph.total.filter(pl.col("told") > WHOLE + ROUNDING).select(
        node="owned",
        doubt=pl.format(
            "the shares told of it come to {} %: not all of them can be right", _percent(pl.col("told"))
        ),
    )
    own = graph.edges.filter(pl.col("owner") == pl.col("owned")).select(
        node="owner", doubt=pl.lit("it is told to hold itself, which counts for nothing")
    )
    undated = (
        rows.select("node", count=pl.max_horizontal(f"undated_{name}" for name in answers))
        .filter(pl.col("count") > 0)
        .select(
            "node",
            doubt=pl.format("links of its chain without a first day, which are taken to hold: {}", "count"),
        )
    )
    issues = graph.edges.select(node="owned", doubt="issues").explode("doubt").drop_nulls()
    said = who_issues(rows)
    every = pl.concat([over, own, undated, issues, said]).unique(maintain_order=True)
    return every.group_by("node", maintain_order=True).agg(doubts="doubt")


def who_issues(rows: pl.DataFrame) -> pl.DataFrame:
    """Give what was odd about the parties themselves: ``node, doubt``."""
    return rows.select("node", doubt="issues").explode("doubt").drop_nulls()
