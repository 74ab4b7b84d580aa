"""Flags that do not fit: digits against flag, many flags in a short time, a flag its register denies.

The first three digits of an MMSI are evidence of a flag, not proof: reflagged ships keep old numbers for weeks, and
people type.  What a register denies, it denies as of its date.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from clearwake.detect.identity.changes import imo_points
from clearwake.detect.identity.rows import claim_id, registration_id, sorted_texts, written
from clearwake.detect.identity.said import (
    POINT,
    Run,
    changing,
    is_own_mmsi,
    points,
    reigns,
    runs,
    stretches,
)
from clearwake.detect.step import definition_of
from clearwake.model import TIME, Registration, Track, empty
from clearwake.model.events import FlagFault
from clearwake.model.identifiers import is_ship, is_ship_imo
from clearwake.names import flag_of_mmsi, read_flags, state_of

KIND = "flag_fault"

FLAGS, WITHIN = 3, timedelta(days=730)
"""So many flags in 24 months are hopping.  This project's judgement: the US advisory of 14 May 2020 names flag hopping
and gives no number; a lawful sale brings one new flag, and a second within two years is not rare."""

NOT_IN_FORCE = r"denied|deleted|scrap|broken|demolish|dismantl|recycl|\blost|wreck|sunk"
"""What stands as status where a register no longer, or never, gave the ship its flag."""

_ROW = ("owner", "start", "end", "fault", "flag", "flags", "source", "evidence", "known_at", "note", "imo")


def flag_faults(
    claims: pl.DataFrame,
    registrations: pl.DataFrame | None = None,
    *,
    flags: int = FLAGS,
    within: timedelta = WITHIN,
    tracks: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Find flags that the MMSI's digits, the ship's own past or a register contradict.

    Args:
        claims: A table of ``IdentityClaim``.
        registrations: A table of ``Registration``; those of status ``denied`` say: not ours.
        flags: So many different flags are hopping,
        within: if they came in so long a time.
        tracks: A table of ``Track``.

    Raises:
        ValueError: If ``flags`` is under 2: every ship has one.
    """
    if flags < 2:
        message = f"hopping takes two flags or more, not {flags}"
        raise ValueError(message)
    ships = claims.filter(is_own_mmsi(pl.col("mmsi")))
    register = empty(Registration) if registrations is None else registrations
    register = register.with_columns(entry=registration_id(), flag_read=read_flags(register["flag"]))
    said = _flags_said(ships)
    imos = imo_points(ships)
    entries = _entries_of(imos, ships, register)
    found = [
        _by_digits(said),
        _registered_otherwise(entries),
        _unallocated(claims.filter(is_ship(pl.col("mmsi")))),
        _hopping(said, imos, register, flags, within),
        _denied(entries, said),
    ]
    rows = pl.concat([part.select(_ROW) for part in found], how="vertical_relaxed")
    rows = _named(rows, claims, imos).with_columns(mmsi_a="owner", mmsi_flag=flag_of_mmsi(pl.col("owner")))
    definition = definition_of(KIND, flags=flags, within=within)
    return written(
        rows, KIND, FlagFault, definition, ("fault", "flag"), empty(Track) if tracks is None else tracks
    )


def _flags_said(ships: pl.DataFrame) -> pl.DataFrame:
    """Give the flags each MMSI claimed, as ISO 3166-1 alpha-3, with the sources that say so."""
    said = stretches(points(ships, "flag"), is_text=False)
    sources = ships.filter(pl.col("flag").is_not_null()).group_by("mmsi").agg(
        source=pl.col("source").unique().sort().str.join("; ")
    )  # fmt: skip
    read = said.with_columns(flag=read_flags(said["key"])).filter(pl.col("flag").is_not_null())
    return read.join(sources.rename({"mmsi": "owner"}), on="owner", how="left").sort("owner", "start")


def _entries_of(imos: pl.DataFrame, ships: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Give the entries of registers that are about each MMSI at the time: by its IMO number, else by the MMSI."""
    held = imos.group_by("owner", "key").agg(
        start=pl.col("time").min(), end=pl.col("time").max(), at=pl.col("at").min(),
        claim_known=pl.col("known_at").max(),
    )  # fmt: skip
    heard = ships.group_by(owner="mmsi").agg(
        start=pl.col("first_seen").min(), end=pl.col("last_seen").max(), at=pl.col("first_seen").min(),
        claim_known=pl.col("known_at").max(),
    )  # fmt: skip
    usable = is_ship_imo(pl.col("imo"))
    by_imo = held.join(register.filter(usable), left_on="key", right_on="imo", how="inner")
    by_mmsi = heard.join(
        register.filter(pl.col("mmsi").is_not_null()), left_on="owner", right_on="mmsi", how="inner"
    ).join(held.select("owner", named="key"), on="owner", how="left")
    # An entry on another number than the ship claims is about another ship.
    by_mmsi = by_mmsi.filter(pl.col("named").is_null() | ~usable).drop("named").unique()
    by_imo = by_imo.with_columns(imo="key", by=pl.lit("imo"))
    by_mmsi = by_mmsi.with_columns(by=pl.lit("mmsi"))
    both = pl.concat((by_imo, by_mmsi), how="diagonal_relaxed")
    return both.filter(
        (pl.col("valid_to") >= pl.col("start")).fill_null(value=True),
        (pl.col("valid_from") <= pl.col("end")).fill_null(value=True),
    ).with_columns(
        start=pl.max_horizontal("start", "valid_from"),
        end=pl.min_horizontal("end", "valid_to"),
        evidence=_seen_in(),
        known_at=pl.max_horizontal("known_at", "claim_known"),
    )


def _seen_in() -> pl.Expr:
    """Name the entry, and where it was found by IMO number the claim of that number."""
    claimed = pl.when(pl.col("by") == "imo").then(claim_id("owner", "at", pl.lit("imo")))
    return sorted_texts(claimed, pl.col("entry"))


def _differ(flag: str) -> pl.Expr:
    """Say whether the digits are another state's than ``flag``; territories sail under their state's digits."""
    return state_of(pl.col(flag)) != state_of(flag_of_mmsi(pl.col("owner")))


def _by_digits(said: pl.DataFrame) -> pl.DataFrame:
    return said.filter(_differ("flag")).with_columns(
        fault=pl.lit("mid_against_flag"),
        flags=pl.lit([], dtype=pl.List(pl.String)),
        evidence=pl.concat_list(claim_id("owner", "at", pl.lit("flag"))),
        note=pl.lit("a reflagged ship keeps its old number until its equipment is programmed anew"),
        imo=pl.lit(None, pl.String),
    )


def _registered_otherwise(entries: pl.DataFrame) -> pl.DataFrame:
    """Find ships whose number is no flag's that any entry in force gives them; denials say what is not."""
    in_force = entries.filter(~_status().str.contains(NOT_IN_FORCE), pl.col("flag_read").is_not_null())
    none_agrees = _differ("flag_read").all().over("owner")
    rows = in_force.filter(none_agrees).sort("owner", "start", "source", "entry").unique(
        ["owner", "flag_read"], keep="first", maintain_order=True
    )  # fmt: skip
    return rows.with_columns(
        fault=pl.lit("mid_against_flag"),
        flag="flag_read",
        flags=pl.lit([], dtype=pl.List(pl.String)),
        note=pl.when(pl.col("valid_from").is_null())
        .then(pl.lit("the register does not say from when: the ship may have been reflagged since"))
        .otherwise(pl.lit("a reflagged ship keeps its old number until its equipment is programmed anew")),
    )


def _status() -> pl.Expr:
    return pl.col("status").fill_null("").str.to_lowercase().str.strip_chars()


def _unallocated(ships: pl.DataFrame) -> pl.DataFrame:
    digits = flag_of_mmsi(pl.col("mmsi"))
    rows = ships.filter(digits.is_null()).group_by(owner="mmsi").agg(
        start=pl.col("first_seen").min(), end=pl.col("last_seen").max(), known_at=pl.col("known_at").max(),
        source=pl.col("source").unique().sort().str.join("; "),
    )  # fmt: skip
    first = (
        ships.sort("mmsi", "first_seen")
        .group_by(owner="mmsi", maintain_order=True)
        .agg(pl.col("first_seen").first())
    )
    return rows.join(first, on="owner", how="left").with_columns(
        fault=pl.lit("mid_unallocated"),
        flag=pl.lit(None, pl.String),
        flags=pl.lit([], dtype=pl.List(pl.String)),
        evidence=pl.concat_list(claim_id("owner", "first_seen", pl.lit("mmsi"))),
        note=pl.lit("a number typed wrongly, or made up; small craft often have such"),
        imo=pl.lit(None, pl.String),
    )


def _hopping(
    said: pl.DataFrame, imos: pl.DataFrame, register: pl.DataFrame, flags: int, within: timedelta
) -> pl.DataFrame:
    """Find hulls that had many flags in a short time: by IMO number, else under one MMSI."""
    rows = []
    shown = _flag_points(said, imos, register)
    for owner, sequence in runs(changing(shown)).items():
        stays = reigns(sequence, is_text=False)
        hop = _most_hops(stays, flags, within)
        if hop:
            rows.append((owner, hop[0].end, hop[-1].start, [run.key for run in hop], hop[-1].known_at,
                         _shown_by(hop)))  # fmt: skip
    shape: dict[str, pl.DataType | type[pl.DataType]] = {
        "hull": pl.Int64, "start": pl.Int64, "end": pl.Int64, "flags": pl.List(pl.String), "known_at": pl.Int64,
        "evidence": pl.List(pl.String),
    }  # fmt: skip
    found = pl.DataFrame(rows, schema=shape, orient="row")
    found = found.with_columns(pl.col("start", "end", "known_at").cast(TIME))
    number = pl.col("hull").cast(pl.String).str.zfill(7)
    is_imo = pl.col("hull") < _IMO_BELOW
    last = imos.sort("key", "time", "owner").group_by("key", maintain_order=True).agg(pl.col("owner").last())
    named = found.with_columns(imo=pl.when(is_imo).then(number)).join(
        last, left_on="imo", right_on="key", how="left", maintain_order="left"
    )
    return named.with_columns(
        owner=pl.coalesce("owner", pl.when(~is_imo).then("hull")),
        fault=pl.lit("hopping"),
        flag=pl.col("flags").list.last(),
        source=pl.lit("claims and registers"),
        note=pl.lit("ships are sold, and buyers change the flag; twice in two years is not rare"),
    )


_IMO_BELOW = 10_000_000


def _shown_by(hop: list[Run]) -> list[str]:
    return sorted({end[0] for run in hop for end in (run.old, run.new)})


def _flag_points(said: pl.DataFrame, imos: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Give the flags each hull showed: as claimed, else by its number's digits; and as registered, from its date on.

    ``owner`` is the IMO number, else the MMSI; ``said`` is the evidence.
    """
    shown = said.select("owner", "flag", "start", "end", "at")
    claimed = imos.join(shown, on="owner", how="left").filter(
        pl.col("flag").is_null() | pl.col("time").is_between(pl.col("start"), pl.col("end"))
    )
    by_imo = claimed.select(
        owner=pl.col("key").cast(pl.Int64), key=pl.coalesce("flag", flag_of_mmsi(pl.col("owner"))), time="time",
        said=claim_id("owner", "at", pl.lit("imo")), at="at", reports="reports", known_at="known_at",
    )  # fmt: skip
    alone = said.join(imos.select("owner"), on="owner", how="anti")
    by_mmsi = [
        alone.select(
            "owner", "reports", "known_at", key="flag", time=end, said=claim_id("owner", at, pl.lit("flag")), at=at
        )
        for end, at in (("start", "at"), ("end", "at_last"))
    ]  # fmt: skip
    dated = register.filter(
        pl.col("valid_from").is_not_null(), pl.col("flag_read").is_not_null(), is_ship_imo(pl.col("imo")),
        _status() != "denied",
    ).select(
        owner=pl.col("imo").cast(pl.Int64), key="flag_read", time="valid_from", said="entry", at="valid_from",
        reports=pl.lit(1, pl.Int64), known_at=pl.coalesce("known_at", "valid_from"),
    )  # fmt: skip
    every = [part.select(POINT.names()).cast(POINT) for part in (by_imo, *by_mmsi, dated)]
    return pl.concat(every).drop_nulls(["key"]).unique().sort("owner", "time", "key", "said")


def _most_hops(stays: list[Run], flags: int, within: timedelta) -> list[Run]:
    """Give the stays from the end of one to the beginning of another ``within`` the time, with the most flags."""
    best: list[Run] = []
    within_ms = within // timedelta(milliseconds=1)
    for first, begun in enumerate(stays):
        part = [begun] + [run for run in stays[first + 1 :] if run.start - begun.end <= within_ms]
        if len({run.key for run in part}) > len({run.key for run in best}):
            best = part
    return best if len({run.key for run in best}) >= flags else []


def _denied(entries: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Find ships that show the flag of a register that denies them: by claim or by the digits of their number."""
    denials = entries.filter(_status() == "denied")
    shown = said.select("owner", "flag", said_from="start", said_to="end", flag_at="at")
    claimed = denials.join(shown, on="owner", how="left").filter(
        pl.col("flag_right").is_null()
        | ((pl.col("said_to") >= pl.col("start")) & (pl.col("said_from") <= pl.col("end")))
    )
    digits = flag_of_mmsi(pl.col("owner"))
    shows = pl.coalesce("flag_right", digits)
    showing = (pl.col("flag_read") == shows) | (pl.col("flag_read") == digits)
    rows = claimed.filter(showing.fill_null(value=False) | pl.col("flag").is_null())
    told = rows.with_columns(
        fault=pl.lit("denied"),
        flag=pl.coalesce("flag_read", "flag", shows),
        flags=pl.lit([], dtype=pl.List(pl.String)),
        evidence=sorted_texts(pl.col("evidence"), claim_id("owner", "flag_at", pl.lit("flag"))),
        note=pl.when(pl.col("valid_from").is_null())
        .then(pl.lit("the denial has no date: it may be of another time")),
    )  # fmt: skip
    return told.sort("owner", "start", "entry").unique(
        ["owner", "entry", "flag"], keep="first", maintain_order=True
    )


def _named(rows: pl.DataFrame, claims: pl.DataFrame, imos: pl.DataFrame) -> pl.DataFrame:
    """Add the name most reported and, where it is not known, the usable IMO number last claimed."""
    counted = (
        claims.filter(pl.col("name").is_not_null()).group_by("mmsi", "name").agg(pl.col("reports").sum())
    )
    ordered = counted.sort("mmsi", "reports", "name", descending=[False, True, False])
    names = (
        ordered.group_by("mmsi", maintain_order=True).agg(pl.col("name").first()).rename({"mmsi": "owner"})
    )
    numbers = imos.group_by("owner", maintain_order=True).agg(last_imo=pl.col("key").last())
    whole = rows.join(names, on="owner", how="left").join(numbers, on="owner", how="left")
    return whole.with_columns(imo=pl.coalesce("imo", "last_imo"))
