"""Who stands around a party: the chains that show its status, who it has links with, and their other ships.

This is what a picture of the party shows.  Where there are too many, those that matter most are kept, and how many
were left out is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from clearwake.model import NotFoundError
from clearwake.names.exact import exact
from clearwake.ownership.identity import People
from clearwake.ownership.listing import RULES
from clearwake.ownership.risk import WORDS
from clearwake.ownership.rules import ALIKE, CONTROLLED, OWNED, PROOF, STATUSES
from clearwake.ownership.standing import Findings
from clearwake.ownership.wording import share

MOST_PARTIES = 20
"""More do not fit a picture one would show."""


@dataclass(frozen=True)
class Around:
    """A party and who stands around it."""

    parties: pl.DataFrame
    """``node, name, kind, imo, country, us, eu, uk, listed, risk, is_asked``: status words, and lists that name it."""
    links: pl.DataFrame
    """``owner, owned, label, kind, is_proof``; ``kind`` is ``owned``, ``controlled``, ``alike`` or ``linked``."""
    left_out: int


def around(found: Findings, asked: str) -> Around:
    """Give who stands around a party.

    Args:
        found: What was found out about the day.
        asked: The party: an id, an IMO number, or its exact name.

    Raises:
        NotFoundError: If there is no such party.
    """
    node = node_of(found.who, asked)
    proof = _proof(found, node)
    ends = found.graph.edges.filter(pl.col("owner") != pl.col("owned")).select(
        "owner", "owned", "role", "edge"
    )
    order = _by_distance(found, proof, ends, node)
    ranked = _ranked(found, order)
    kept = ranked.head(MOST_PARTIES)
    return Around(
        _parties(found, kept, node), _links(found, proof, ends, kept["node"]), ranked.height - kept.height
    )


def node_of(who: People, asked: str) -> int:
    """Find a party by id, IMO number or exact name.

    Raises:
        NotFoundError: If there is none.
    """
    rows = who.rows
    number = asked.upper().removeprefix("IMO").strip()
    ways = (pl.col("id") == asked, pl.col("imo") == number, pl.col("exact") == exact(pl.Series([asked]))[0])
    for way in ways:
        nodes = rows.filter(way.fill_null(value=False))["node"].unique().sort()
        if nodes.len():
            return int(nodes[0])
    message = (
        f"nobody called {asked!r} is an owner or owned\n  next: take an id from  clearwake show ownership"
    )
    raise NotFoundError(message)


def _proof(found: Findings, node: int) -> pl.DataFrame:
    """Give all links that show any status of a party, its owners' included."""
    rows = [
        reached.proof
        for rule in RULES
        for reached in (found.answers[rule].surely, found.answers[rule].possibly)
    ]
    every = pl.concat(rows).unique(maintain_order=True)
    chosen, seen, ends = [], {node}, [node]
    while ends:
        step = every.filter(pl.col("party").is_in(ends))
        chosen.append(step)
        ends = [owner for owner in step["owner"].unique().to_list() if owner not in seen]
        seen |= set(ends)
    return pl.concat([pl.DataFrame(schema=PROOF), *chosen]).unique(["owner", "party"], maintain_order=True)


def _by_distance(found: Findings, proof: pl.DataFrame, ends: pl.DataFrame, node: int) -> pl.DataFrame:
    """Give parties and how far they are: 0 itself, 1 in its chains, 2 its links, 3 a ship's sisters."""
    chain = {*proof["owner"], *proof["party"]} - {node}
    first = _beside(ends, {node}) - chain - {node}
    above = set(ends.filter(pl.col("owned") == node)["owner"].to_list()) & (first | chain)
    kinds = found.who.nodes["kind"]
    if kinds[node] != "vessel":
        above = set()  # the fleets of a company's owners would crowd it out
    sisters = set(ends.filter(pl.col("owner").is_in(sorted(above)))["owned"].to_list())
    second = {one for one in sisters if kinds[one] == "vessel"} - chain - first - {node}
    told = [(node, 0), *((n, 1) for n in chain), *((n, 2) for n in first), *((n, 3) for n in second)]
    return pl.DataFrame(told, schema={"node": pl.Int64, "distance": pl.Int64}, orient="row")


def _beside(ends: pl.DataFrame, nodes: set[int]) -> set[int]:
    inside = sorted(nodes)
    down = ends.filter(pl.col("owner").is_in(inside))["owned"]
    up = ends.filter(pl.col("owned").is_in(inside))["owner"]
    return {*down.to_list(), *up.to_list()}


def _ranked(found: Findings, order: pl.DataFrame) -> pl.DataFrame:
    """Sort parties: near before far, then by risk."""
    amount = pl.Series("risk", found.risk.amount)
    names = found.who.nodes.select("node", "name")
    rows = order.join(names, on="node", how="left", maintain_order="left").with_columns(
        risk=amount.gather(order["node"])
    )
    return rows.sort("distance", "risk", "name", "node", descending=[False, True, False, False])


def _parties(found: Findings, kept: pl.DataFrame, node: int) -> pl.DataFrame:
    lists = found.listings.filter("is_sure").group_by("node").agg(listed=pl.col("list").unique().sort())
    status = {
        rule: pl.Series(rule, [STATUSES[found.answers[rule].status[n]] for n in kept["node"]], pl.String)
        for rule in RULES
    }
    told = kept.select("node", "risk").join(found.who.nodes, on="node", how="left", maintain_order="left")
    return told.join(lists, on="node", how="left", maintain_order="left").with_columns(
        **status, is_asked=pl.col("node") == node
    ).select("node", "name", "kind", "imo", "country", *RULES, "listed", "risk", "is_asked")  # fmt: skip


def _links(found: Findings, proof: pl.DataFrame, ends: pl.DataFrame, nodes: pl.Series) -> pl.DataFrame:
    """Give every link between the parties kept, once for each pair and kind; those of the proof first."""
    labels = proof.join(
        found.graph.held.select("held", "low", "high"), on="held", how="left", maintain_order="left"
    )
    shown = labels.select(
        "owner", owned="party",
        label=pl.when(pl.col("way") == OWNED).then(share())
        .when(pl.col("way") == CONTROLLED).then(pl.lit("control")).otherwise(pl.lit("same name")),
        kind="way", is_proof=pl.lit(value=True),
    )  # fmt: skip
    holdings = (
        found.graph.held.select(
            "owner", "owned", label=share(), kind=pl.lit(OWNED), is_proof=pl.lit(value=False)
        )
        .join(nodes.to_frame("owner"), on="owner", how="semi")
        .join(nodes.to_frame("owned"), on="owned", how="semi")
    )
    roles = {role: words[0].removesuffix(" by").removesuffix(" with") for role, words in WORDS.items()}
    mere = ends.filter(~pl.col("role").is_in(["owner", "beneficial owner"])).select(
        "owner", "owned", label=pl.col("role").replace_strict(roles, default="linked to", return_dtype=pl.String),
        kind=pl.when(pl.col("role") == "control").then(pl.lit(CONTROLLED)).otherwise(pl.lit("linked")),
        is_proof=pl.lit(value=False),
    )  # fmt: skip
    every = pl.concat([shown, holdings, mere])
    inside = every.join(nodes.to_frame("owner"), on="owner", how="semi").join(
        nodes.to_frame("owned"), on="owned", how="semi"
    )
    once = inside.unique(["owner", "owned", "kind"], keep="first", maintain_order=True)
    return once.filter((pl.col("kind") != ALIKE) | (pl.col("owner") < pl.col("owned")))
