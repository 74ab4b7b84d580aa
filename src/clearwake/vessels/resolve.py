"""Claims, registers, lists and tracks become hulls, each with a dated history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from clearwake.vessels import nodes as nodes_of
from clearwake.vessels.history import history
from clearwake.vessels.hulls import hulls
from clearwake.vessels.keys import can_be_a_ship, is_device, keyed
from clearwake.vessels.merging import merged
from clearwake.vessels.naming import named
from clearwake.vessels.personas import SAME, personas, statements
from clearwake.vessels.rivals import rivals
from clearwake.vessels.standing import vessels


@dataclass(frozen=True)
class Resolved:
    """Hulls, and which hull each fact was judged to be about."""

    vessels: pl.DataFrame
    """A table of ``Vessel``, one row per hull, as it is now."""
    history: pl.DataFrame
    """A table of ``VesselHistory``."""
    claims: pl.DataFrame
    """The claims, merged (one row per MMSI, source, identity and hour), with ``vessel``: null where one MMSI is used
    by several hulls and the claim names none of them, or where the MMSI is no ship's."""
    registrations: pl.DataFrame
    """The registrations with ``vessel``."""
    designations: pl.DataFrame
    """The ships among the designations with ``vessel``."""
    tracks: pl.DataFrame
    """The tracks with ``vessel``: null where several hulls used the MMSI and nothing tells which this was."""

    def on(self, day: date) -> pl.DataFrame:
        """Give one row per hull as it was on a day, a table of ``Vessel``."""
        return vessels(self.history, self.vessels.select("imo", "rivals", vessel="id"), day)


def resolve(
    claims: pl.DataFrame, registrations: pl.DataFrame, designations: pl.DataFrame, tracks: pl.DataFrame
) -> Resolved:
    """Judge which claims are of one hull and gather its history.

    Any order of rows, and any cut of the files the claims came from, gives the same.

    Args:
        claims: A table of ``IdentityClaim``.
        registrations: A table of ``Registration``.
        designations: A table of ``Designation``, of one edition of each list; only ships count.
        tracks: A table of ``Track``.
    """
    ships = designations.filter(pl.col("kind") == "vessel")
    heard = _heard(merged(claims))
    said = statements(heard.filter("is_ship"))
    heard = heard.join(
        said.select("statement", *SAME), on=SAME, how="left", nulls_equal=True, maintain_order="left"
    )
    whose = _whose(said, heard, tracks)
    every, papers = _nodes(said, whose, (registrations, ships))
    found = every.join(hulls(every), on="node")
    found = found.drop("imo").join(named(found).drop("hull"), on="node")
    of_node = found.select("node", "vessel")
    of_statement = whose.join(of_node, left_on="persona", right_on="node").select("statement", "vessel")
    told = heard.join(of_statement, on="statement", how="left", maintain_order="left").select(
        *claims.columns, "vessel"
    )
    sailed = _with_hull(tracks, told)
    entered, listed = (
        paper.with_columns(
            vessel=numbers.to_frame("node").join(of_node, on="node", how="left", maintain_order="left")[
                "vessel"
            ]
        )
        for paper, numbers in zip((registrations, ships), papers, strict=True)
    )
    past = history(told, entered, listed, sailed.filter("is_silent").drop("is_silent"))
    return _assembled(past, found, told, (entered, listed, sailed.drop("is_silent")))


def _assembled(
    past: pl.DataFrame,
    found: pl.DataFrame,
    told: pl.DataFrame,
    facts: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame],
) -> Resolved:
    known = (
        past.select("vessel").unique().join(found.select("vessel", "imo").unique(), on="vessel", how="left")
    )
    none = pl.lit([], pl.List(pl.String))
    known = known.join(rivals(past, found), on="vessel", how="left").with_columns(
        pl.col("rivals").fill_null(none)
    )
    return Resolved(vessels(past, known), past, told, *facts)


def _heard(claims: pl.DataFrame) -> pl.DataFrame:
    """Add keys, and ``is_ship``: whether the MMSI may be a ship's, or the claim tells that it is one.

    A usable IMO number tells so, and under a number that is no device's a name and a call sign together.
    """
    keys = keyed(claims)
    is_told = (
        pl.col("name_key").is_not_null() & pl.col("callsign_key").is_not_null() & ~is_device(pl.col("mmsi"))
    )
    return keys.with_columns(
        is_ship=can_be_a_ship(pl.col("mmsi")) | is_told | pl.col("imo_key").is_not_null()
    )


def _whose(said: pl.DataFrame, heard: pl.DataFrame, tracks: pl.DataFrame) -> pl.DataFrame:
    """Give statements with the persona that makes them: ``statement, imo, persona``.

    Those that name nobody, under an MMSI that several personas use, are left out.
    """
    hours = heard.select("statement", hour=pl.col("first_seen").dt.truncate("1h")).drop_nulls().unique()
    shared = tracks.filter("shared_mmsi")["mmsi"].unique()
    whose = personas(said, hours, shared)
    both = whose.join(said, on="statement")
    names_someone = (
        pl.any_horizontal(pl.col("imo", "name_key", "callsign_key").is_not_null()).any().over("persona")
    )
    is_alone = pl.col("persona").n_unique().over("mmsi") == 1
    return both.filter(names_someone | is_alone).select("statement", "imo", "persona")


def _nodes(
    said: pl.DataFrame, whose: pl.DataFrame, papers: tuple[pl.DataFrame, pl.DataFrame]
) -> tuple[pl.DataFrame, tuple[pl.Series, pl.Series]]:
    """Put personas and entries into one table of nodes; give it and the node of each entry."""
    registrations, ships = papers
    heard = nodes_of.of_claims(said, whose)
    first = whose.select(pl.col("persona").max().fill_null(0) + 1).item()
    numbers = (
        pl.int_range(first, first + registrations.height, eager=True),
        pl.int_range(first + registrations.height, first + registrations.height + ships.height, eager=True),
    )
    entered = nodes_of.of_registrations(registrations).with_columns(node=numbers[0])
    listed = nodes_of.of_designations(ships).with_columns(node=numbers[1])
    return pl.concat([heard, entered, listed]), numbers


def _with_hull(tracks: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Give tracks their hull, and ``is_silent``: whether nobody ever said who it is.

    Under an MMSI of one hull it is that; of several, the only one that said so during the track.
    """
    spans = told.drop_nulls("vessel").group_by("mmsi", "vessel").agg(
        since=pl.col("first_seen").min(), until=pl.col("last_seen").max()
    )  # fmt: skip
    met = tracks.select("track", "mmsi", "start", "end").join(spans, on="mmsi")
    met = met.filter(
        ((pl.col("since") <= pl.col("end")) & (pl.col("until") >= pl.col("start")))
        | (pl.len().over("track") == 1)
    )
    only = met.filter(pl.len().over("track") == 1).select("track", said="vessel")
    rows = tracks.join(only, on="track", how="left", maintain_order="left")
    is_silent = ~pl.col("mmsi").is_in(told["mmsi"].unique().implode()) & can_be_a_ship(pl.col("mmsi"))
    number = (
        pl.when(pl.len().over("mmsi") == 1)
        .then(pl.format("mmsi{}", "mmsi"))
        .otherwise(pl.format("track{}", "track"))
    )
    own = pl.when(is_silent).then(number)
    return rows.with_columns(is_silent=is_silent, vessel=pl.coalesce("said", own)).drop("said")
