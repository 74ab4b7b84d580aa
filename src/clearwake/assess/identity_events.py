"""What identity events say: a ship that calls itself otherwise, a number that is not its own, a flag denied.

Ships are sold, renamed and reflagged every day, crews mistype, and registers err.  So a change in port weighs little,
a slip nothing, and what speaks against stands beside what speaks for.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from clearwake.assess.reasons import reasons
from clearwake.assess.wording import period, plural, tenths, whole

LEAST_LAUNDERED = 0.5
"""Below this score what speaks against a laundered identity is as strong as what speaks for it."""

SILENT_MIN = 60.0
"""A change after an hour's silence weighs in full: ships under way are heard every few minutes."""

_CALLED = {"name": "name", "callsign": "call sign", "mmsi": "MMSI", "flag": "flag", "ship_type": "ship type",
           "length_m": "length", "imo": "IMO number"}  # fmt: skip

_TELLING = ("name", "callsign", "mmsi", "flag")
"""Fields whose change is a reason; type and length change with a rebuilt ship or a corrected setting."""


def identity_reasons(events: Mapping[str, pl.DataFrame]) -> list[pl.DataFrame]:
    """Give the reasons for and against that identity events are.

    Args:
        events: Tables by name: ``identity_changes``, ``shared_mmsis``, ``shared_imos``, ``imo_faults``,
            ``flag_faults``, ``laundered_identities``; absent ones say nothing.
    """
    told = {
        "identity_changes": _changes,
        "shared_mmsis": _shared_mmsis,
        "shared_imos": _shared_imos,
        "imo_faults": _imo_faults,
        "flag_faults": _flag_faults,
        "laundered_identities": _laundered,
    }
    return [frame for table, tell in told.items() if table in events for frame in tell(events[table])]


def _sides(events: pl.DataFrame) -> pl.DataFrame:
    """Give a row for each ship of each event: ``mmsi, track, other, time``."""
    rows = events.with_columns(pl.col("start").alias("time"))
    a = rows.with_columns(mmsi="mmsi_a", track="track_a", other="mmsi_b")
    b = rows.with_columns(mmsi="mmsi_b", track="track_b", other="mmsi_a")
    return pl.concat((a, b)).filter(pl.col("mmsi").is_not_null())


def _changes(events: pl.DataFrame) -> list[pl.DataFrame]:
    telling = pl.col("field").is_in(list(_TELLING)) & pl.col("same_imo").fill_null(value=True)
    sides = _sides(events.filter(telling))
    respelled = (pl.col("letters_apart") <= 1).fill_null(value=False) & (pl.col("field") != "mmsi")
    at_sea = pl.col("where").eq_missing("at sea")
    changed = pl.format(
        "{} changed from {} to {}, {}",
        pl.col("field").replace_strict(_CALLED, return_dtype=pl.String), "old", "new",
        period(pl.col("start"), pl.col("end")),
    )  # fmt: skip
    place = pl.format(", {} km at the nearest from a port or anchorage", whole(pl.col("harbour_km")))
    place = pl.when(pl.col("where").is_not_null()).then(place)
    silent = pl.format(", silent for up to {} min in between", whole(pl.col("silent_min")))
    there = pl.coalesce(
        pl.col("where").eq("at sea").replace_strict({True: ", at sea"}, default=None), pl.lit("")
    )
    where = pl.concat_str(there, place.fill_null(", where is not known"), silent.fill_null(""))
    full = pl.when(pl.col("silent_min") >= SILENT_MIN).then(1.0).otherwise(0.5)
    evidence = pl.concat_list("id")
    return [
        reasons(
            "identity_changed_at_sea", sides.filter(at_sea & ~respelled), changed + where, evidence, full
        ),
        reasons("identity_changed", sides.filter(~at_sea & ~respelled), changed + where, evidence),
        reasons("respelled", sides.filter(respelled), changed + ": one letter apart, as typing is", evidence),
    ]


def _shared_mmsis(events: pl.DataFrame) -> list[pl.DataFrame]:
    heard = pl.format("heard from {} hulls, {} at once", "hulls", "at_once")
    said = pl.format("{} said by turns under it", plural(pl.col("names").list.len(), "name", "names"))
    shown = pl.when(pl.col("hulls") > 0).then(heard).otherwise(said)
    sentence = pl.format(
        "its MMSI is on several hulls ({}{}): what is told under it may be another ship's",
        shown, pl.coalesce(pl.format("; {}", "note"), pl.lit("")),
    )  # fmt: skip
    return [reasons("shared_number", _sides(events), sentence, pl.concat_list("id"))]


def _shared_imos(events: pl.DataFrame) -> list[pl.DataFrame]:
    sentence = pl.format(
        "IMO {} is claimed by {} too, heard up to {} km away, {}: one of them is not that ship",
        "imo", "other", whole(pl.col("apart_km")), period(pl.col("start"), pl.col("end")),
    )  # fmt: skip
    share = pl.when("mmsi_is_shared").then(0.25).otherwise(1.0)
    return [reasons("imo_in_two_places", _sides(events), sentence, pl.concat_list("id"), share)]


def _imo_faults(events: pl.DataFrame) -> list[pl.DataFrame]:
    rows = _sides(events)
    said = {"length": "length", "ship_type": "ship type", "built": "year of build"}
    contradicted = rows.filter(pl.col("fault").is_in(list(said)))
    about = pl.col("fault").replace_strict(said, return_dtype=pl.String)
    sentence = pl.format(
        "IMO {}: {} {}, register: {} ({})", "imo", about, "claimed", "registered", "register"
    )
    share = pl.col("fault").replace_strict(
        {"length": 1.0, "ship_type": 0.5, "built": 0.25}, return_dtype=pl.Float64
    )
    broken = rows.filter(pl.col("fault") == "check_digit")
    mistyped = pl.format("claims IMO {}, which fails its check digit; {}", "imo", "note")
    return [
        reasons("imo_contradicted", contradicted, sentence, pl.concat_list("id"), share),
        reasons("imo_mistyped", broken, mistyped, pl.concat_list("id")),
    ]


def _flag_faults(events: pl.DataFrame) -> list[pl.DataFrame]:
    rows = _sides(events)
    evidence = pl.concat_list("id")
    of = {fault: rows.filter(pl.col("fault") == fault) for fault in ("denied", "hopping", "mid_against_flag")}
    hopped = pl.format(
        "showed {} flags, {}, {}", pl.col("flags").list.len(), pl.col("flags").list.join(", "),
        period(pl.col("start"), pl.col("end")),
    )  # fmt: skip
    denied = pl.format(
        "shows the flag {}, which {} denies{}", pl.col("flag").fill_null("?"), "source",
        pl.coalesce(pl.format("; {}", "note"), pl.lit("")),
    )  # fmt: skip
    digits = pl.format(
        "flag {} by {}, but its MMSI is numbered as {}; {}", "flag", "source", "mmsi_flag", "note"
    )
    return [
        reasons("flag_denied", of["denied"], denied, evidence),
        reasons("flag_hopping", of["hopping"], hopped, evidence),
        reasons("flag_mismatch", of["mid_against_flag"], digits, evidence),
    ]


def _laundered(events: pl.DataFrame) -> list[pl.DataFrame]:
    rows = _sides(events.filter(pl.col("score") >= LEAST_LAUNDERED))
    sentence = pl.format(
        "may sail under another ship's number, IMO {} (score {}): {}",
        "imo", tenths(pl.col("score")), pl.col("reasons_for").list.join("; "),
    )  # fmt: skip
    doubts = rows.filter(pl.col("reasons_against").list.len() > 0)
    against = pl.format(
        "against that IMO {} is another ship's: {}", "imo", pl.col("reasons_against").list.join("; ")
    )
    return [
        reasons("laundered_identity", rows, sentence, pl.concat_list("id"), pl.col("score")),
        reasons("laundered_doubt", doubts, against, pl.concat_list("id")),
    ]
