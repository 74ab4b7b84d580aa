"""Laundered identities: ships that may sail under a number that is not theirs.

Two traces: a number that a register says belonged to a ship that is scrapped or lost, and a hull that carried another
number before.  Neither proves anything: registers err, ships on their last voyage are struck off before they arrive,
crews correct a mistyped number, call signs and MMSIs are given again.  So each row is a score with the reasons on both
sides, in words, for a person to judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl

from clearwake.detect.identity.changes import imo_points
from clearwake.detect.identity.ground import Heard, in_reach_km, nobody_heard, placed
from clearwake.detect.identity.imo import AIS_TRADES, trades_of
from clearwake.detect.identity.rows import claim_id, registration_id, sorted_texts, written
from clearwake.detect.identity.said import (
    LENGTH_M,
    LENGTH_SHARE,
    POINT,
    SLIP_LASTS,
    callsign_keys,
    changing,
    is_own_mmsi,
    letters_apart,
    points,
    reigns,
    runs,
)
from clearwake.detect.step import definition_of, divided, hours_between
from clearwake.model import TIME, Registration, Track, empty
from clearwake.model.events import LaunderedIdentity
from clearwake.model.identifiers import is_ship_imo
from clearwake.names import folded
from clearwake.places import Atlas

KIND = "laundered_identity"

GONE = r"(?i)\b(?:scrap|broken|break|demolish|dismantl|recycl|lost|loss|wreck|sunk|founder|dead)"
"""What registers write of a ship that is no more."""

LAST_VOYAGE = timedelta(days=120)
"""A ship may sail so long after it is struck off: to the breakers, under its own name.  This project's judgement."""

GIVEN_AGAIN = timedelta(days=30)
"""After so long a silence a number may have been given to another ship.  This project's judgement."""


@dataclass(frozen=True)
class Reason:
    """One reason, what it adds to the score, and its words; ``{}`` is filled from the row."""

    name: str
    weight: float
    words: str


SCRAPPED = (
    Reason("gone", 0.5, "{}"),
    Reason("undated", -0.3, "the register gives no date, so the claim may be of before"),
    Reason("last_voyage", -0.3, "claimed within 120 days after: ships struck off sail to the breakers"),
    Reason("in_service", -0.4, "another entry has the number in service: {}"),
    Reason("length_differs", 0.25, "the ship says it is {} m long, the register's was {} m"),
    Reason("length_agrees", -0.1, "the length agrees with the register's: it may be that ship, and the register wrong"),
    Reason("trade_differs", 0.15, "the ship says it is a {}, the register's was a {}"),
    Reason("name_differs", 0.1, "the ship is called {}, the register's was {}"),
)  # fmt: skip
"""What counts where a register says the ship of this number is no more."""

RENUMBERED = (
    Reason("carried", 0.35, "{}"),
    Reason("length_same", 0.2, "the length is the same, {} and {} m: one hull"),
    Reason("length_other", -0.35, "the length is another, {} and {} m: another hull"),
    Reason("trade_same", 0.1, "the kind of ship is the same"),
    Reason("trade_other", -0.1, "the kind of ship is another"),
    Reason("place_same", 0.15, "heard {} km on, {} min after the last silence began: no other ship came between"),
    Reason("name_same", 0.1, "the name is the same"),
    Reason("at_sea", 0.1, "the change was made at sea"),
    Reason("new_gone", 0.25, "a register says the ship of the new number is scrapped or lost"),
    Reason("new_contradicted", 0.2, "a register gives the new number {} m, the ship says {} m"),
    Reason("one_slip", -0.45, "the numbers are one slip apart: a mistyped one put right"),
    Reason("long_silence", -0.3, "not heard for {} days before: the number may have been given to another ship"),
    Reason("new_agrees", -0.2, "a register gives the new number the length the ship says: it may be that ship's"),
    Reason("everything_other", -0.15, "name and call sign are others too"),
)  # fmt: skip
"""What counts where a hull carried another number before."""

DEFINITION = definition_of(
    KIND, scrapped=SCRAPPED, renumbered=RENUMBERED, gone=GONE, last_voyage=LAST_VOYAGE, given_again=GIVEN_AGAIN,
    slip=SLIP_LASTS, length_m=LENGTH_M, length_share=LENGTH_SHARE,
)  # fmt: skip

_WRITTEN = ("start", "end", "mmsi_a", "mmsi_b", "lon", "lat", "reason", "imo", "old_imo", "name", "old_name", "score",
            "reasons_for", "reasons_against", "evidence", "known_at")  # fmt: skip


def laundered_identities(
    claims: pl.DataFrame,
    registrations: pl.DataFrame | None = None,
    *,
    heard: Heard = nobody_heard,
    atlas: Atlas | None = None,
    tracks: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Find hulls that may sail under another ship's number; each with a score and its reasons, no verdict.

    ``score`` is the sum of the weights of ``SCRAPPED`` or ``RENUMBERED`` that apply, held to 0 to 1; what nothing is
    left of is no row.  It orders rows and is no probability.

    Args:
        claims: A table of ``IdentityClaim``.
        registrations: A table of ``Registration``.
        heard: Gives positions, to know whether a hull went on from where it was.
        atlas: Knows harbours.
        tracks: A table of ``Track``.
    """
    ships = claims.filter(is_own_mmsi(pl.col("mmsi")))
    register = empty(Registration) if registrations is None else registrations
    register = register.filter(is_ship_imo(pl.col("imo"))).with_columns(
        entry=registration_id(), is_gone=pl.col("status").str.contains(GONE).fill_null(value=False)
    )
    imos = imo_points(ships)
    looks = _looks(ships)
    rows = pl.concat(
        (_scrapped(imos, looks, register), _renumbered(ships, imos, looks, register, heard, atlas)),
        how="vertical_relaxed",
    ).filter(pl.col("score") > 0)
    return written(
        rows, KIND, LaunderedIdentity, DEFINITION, ("reason", "imo", "old_imo"),
        empty(Track) if tracks is None else tracks,
    )  # fmt: skip


def _looks(ships: pl.DataFrame) -> pl.DataFrame:
    """Give what each MMSI said with each IMO number, the most reported: ``name, callsign, length_m, trade``."""
    with_number = ships.filter(pl.col("imo").is_not_null())
    looks = with_number.select("mmsi", "imo").unique()
    for column in ("name", "callsign", "length_m", "ship_type"):
        counted = (
            with_number.filter(pl.col(column).is_not_null())
            .group_by("mmsi", "imo", column)
            .agg(pl.col("reports").sum())
        )
        ordered = counted.sort("mmsi", "imo", "reports", column, descending=[False, False, True, False])
        most = ordered.group_by("mmsi", "imo", maintain_order=True).agg(pl.col(column).first())
        looks = looks.join(most, on=["mmsi", "imo"], how="left")
    tens = pl.when(pl.col("ship_type").is_between(60, 89)).then(pl.col("ship_type") // 10 * 10)
    kind = pl.coalesce(tens, "ship_type").cast(pl.Int64)
    trade = kind.replace_strict(AIS_TRADES, default=None, return_dtype=pl.String)
    return looks.with_columns(trade=trade, key=_name_key(looks["name"])).drop("ship_type")


def _name_key(names: pl.Series) -> pl.Series:
    parts = folded(names)
    return parts.select(pl.col("letters") + pl.col("numbers")).to_series().alias("key")


def _scrapped(imos: pl.DataFrame, looks: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Find numbers claimed after a register says their ship was scrapped or lost."""
    held = imos.group_by(mmsi="owner", imo="key").agg(
        start=pl.col("time").min(), end=pl.col("time").max(), at=pl.col("at").min(), at_last=pl.col("at").max(),
        claim_known=pl.col("known_at").max(),
    )  # fmt: skip
    gone = register.filter("is_gone").select(
        "imo", "source", "status", "entry", since="valid_from", their_name="name", their_length="length_m",
        their_type="ship_type_text", entry_known="known_at", former="former_names",
    ).sort("imo", "since", "entry").unique("imo", keep="first", maintain_order=True)  # fmt: skip
    is_sailing = ~pl.col("is_gone") & pl.col("status").str.contains(r"(?i)service|active|sailing|laid up")
    sailing = register.filter(is_sailing).group_by("imo").agg(
        others=pl.col("source").unique().sort().str.join("; ")
    )  # fmt: skip
    both = held.join(gone, on="imo", how="inner").filter(
        (pl.col("end") > pl.col("since")).fill_null(value=True)
    )
    both = both.join(looks, on=["mmsi", "imo"], how="left").join(sailing, on="imo", how="left")
    both = both.with_columns(their_key=_name_key(both["their_name"]), trades=trades_of(pl.col("their_type")))
    days = divided((pl.col("end") - pl.col("since")).dt.total_milliseconds(), 86_400_000.0)
    own, theirs = pl.col("length_m"), pl.col("their_length")
    applies = {
        "gone": (pl.lit(value=True), (_gone_words(days),)),
        "undated": (pl.col("since").is_null(), ()),
        "last_voyage": (days <= LAST_VOYAGE.days, ()),
        "in_service": (pl.col("others").is_not_null(), (pl.col("others"),)),
        "length_differs": (~_same_length(own, theirs), (own, theirs)),
        "length_agrees": (_same_length(own, theirs), ()),
        "trade_differs": (
            pl.col("trade").is_not_null()
            & (pl.col("trades").list.len() > 0)
            & ~pl.col("trades").list.contains(pl.col("trade")),
            (pl.col("trade"), pl.col("their_type")),
        ),
        "name_differs": (pl.col("key") != pl.col("their_key"), (pl.col("name"), pl.col("their_name"))),
    }
    weighed = _weighed(both, SCRAPPED, applies)
    return weighed.with_columns(
        start=pl.max_horizontal("start", "since"),
        reason=pl.lit("scrapped_imo"), mmsi_a="mmsi", mmsi_b=pl.lit(None, pl.Int64), lon=pl.lit(None, pl.Float64),
        lat=pl.lit(None, pl.Float64), old_imo=pl.lit(None, pl.String), old_name="their_name",
        evidence=sorted_texts(
            claim_id("mmsi", "at", pl.lit("imo")), claim_id("mmsi", "at_last", pl.lit("imo")), pl.col("entry")
        ),
        known_at=pl.max_horizontal("claim_known", "entry_known"),
    ).select(_WRITTEN)  # fmt: skip


def _gone_words(days: pl.Expr) -> pl.Expr:
    dated = pl.format(
        "{} has IMO {} as {} since {}, and it was claimed until {} days after",
        "source", "imo", "status", pl.col("since").dt.strftime("%Y-%m-%d"), days.round(0).cast(pl.Int64),
    )  # fmt: skip
    return pl.coalesce(dated, pl.format("{} has IMO {} as {}", "source", "imo", "status"))


def _same_length(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    tolerance = pl.max_horizontal(pl.lit(LENGTH_M), LENGTH_SHARE * pl.max_horizontal(one, other))
    return (one - other).abs() <= tolerance


Applies = dict[str, tuple[pl.Expr, tuple[pl.Expr, ...]]]


def _weighed(rows: pl.DataFrame, reasons: tuple[Reason, ...], applies: Applies) -> pl.DataFrame:
    """Add ``score``, ``reasons_for`` and ``reasons_against`` out of the reasons that apply."""
    told = rows.with_columns(
        pl.when(applies[reason.name][0].fill_null(value=False))
        .then(pl.format(reason.words, *(_brief(part) for part in applies[reason.name][1])) if "{}" in reason.words
              else pl.lit(reason.words))
        .alias(f"_{reason.name}")
        for reason in reasons
    )  # fmt: skip
    total = pl.sum_horizontal(
        pl.when(pl.col(f"_{reason.name}").is_not_null()).then(reason.weight).otherwise(0.0)
        for reason in reasons
    )
    score = total.clip(0.0, 1.0).round(2)
    sides = {
        "reasons_for": [f"_{reason.name}" for reason in reasons if reason.weight > 0],
        "reasons_against": [f"_{reason.name}" for reason in reasons if reason.weight < 0],
    }
    lists = {name: pl.concat_list(columns).list.drop_nulls() for name, columns in sides.items()}
    return told.with_columns(score=score, **lists)


def _brief(part: pl.Expr) -> pl.Expr:
    """Write numbers without needless decimals."""
    return part.cast(pl.String).fill_null("?").str.replace(r"\.0$", "")


def _renumbered(
    ships: pl.DataFrame,
    imos: pl.DataFrame,
    looks: pl.DataFrame,
    register: pl.DataFrame,
    heard: Heard,
    atlas: Atlas | None,
) -> pl.DataFrame:
    """Find hulls, by MMSI or call sign, that claimed another usable number before."""
    moves = pl.concat((_by_mmsi(imos), _by_callsign(ships))).unique(
        ["mmsi_old", "mmsi_new", "old_imo", "imo"], keep="first", maintain_order=True
    )
    rows = placed(moves.with_row_index("change"), heard, atlas)
    for side, number in (("old", "old_imo"), ("new", "imo")):
        said = looks.select(pl.all().name.suffix(f"_{side}")).rename({f"imo_{side}": number})
        rows = rows.join(said, on=[f"mmsi_{side}", number], how="left", maintain_order="left")
    listed = register.sort("imo", "source", "entry").group_by("imo", maintain_order=True).agg(
        their_length=pl.col("length_m").drop_nulls().first(), new_is_gone=pl.col("is_gone").any(),
        entries=pl.col("entry"), entry_known=pl.col("known_at").max(),
    )  # fmt: skip
    rows = rows.join(listed, on="imo", how="left", maintain_order="left")
    weighed = _weighed(rows, RENUMBERED, _renumbered_reasons(rows))
    is_one = pl.col("mmsi_old") == pl.col("mmsi_new")
    return weighed.with_columns(
        reason=pl.lit("renumbered"), mmsi_a=pl.min_horizontal("mmsi_old", "mmsi_new"),
        mmsi_b=pl.when(~is_one).then(pl.max_horizontal("mmsi_old", "mmsi_new")), name="name_new", old_name="name_old",
        evidence=sorted_texts(
            claim_id("mmsi_old", "at_old", pl.lit("imo")), claim_id("mmsi_new", "at_new", pl.lit("imo")),
            pl.col("entries").fill_null([]),
        ),
        known_at=pl.max_horizontal("known_at", "entry_known"),
    ).select(_WRITTEN)  # fmt: skip


def _renumbered_reasons(rows: pl.DataFrame) -> Applies:
    apart = [letters_apart(old, new) for old, new in rows.select("old_imo", "imo").iter_rows()]
    slip = pl.lit(pl.Series(apart, dtype=pl.Int64)) <= 1
    old, new, theirs = pl.col("length_m_old"), pl.col("length_m_new"), pl.col("their_length")
    hours = hours_between("start", "end")
    silent_days = divided(hours, 24.0)
    went_on = (pl.col("moved_km") <= in_reach_km(hours)) & (
        pl.col("silent_min") <= SLIP_LASTS.total_seconds() / 60.0
    )
    names = pl.col("key_old") != pl.col("key_new")
    return {
        "carried": (pl.lit(value=True), (pl.col("words"),)),
        "length_same": (_same_length(old, new), (old, new)),
        "length_other": (~_same_length(old, new), (old, new)),
        "trade_same": (pl.col("trade_old") == pl.col("trade_new"), ()),
        "trade_other": (pl.col("trade_old") != pl.col("trade_new"), ()),
        "place_same": (went_on, (pl.col("moved_km").round(1), pl.col("silent_min").round(0))),
        "name_same": (pl.col("key_old") == pl.col("key_new"), ()),
        "at_sea": (pl.col("where") == "at sea", ()),
        "new_gone": (pl.col("new_is_gone"), ()),
        "new_contradicted": (~_same_length(new, theirs), (theirs, new)),
        "one_slip": (slip, ()),
        "long_silence": (silent_days > GIVEN_AGAIN.days, (silent_days.round(0),)),
        "new_agrees": (_same_length(new, theirs), ()),
        "everything_other": (names & (pl.col("callsign_old") != pl.col("callsign_new")), ()),
    }


_MOVE = pl.Schema(
    {"mmsi_old": pl.Int64(), "mmsi_new": pl.Int64(), "old_imo": pl.String(), "imo": pl.String(), "start": TIME,
     "end": TIME, "at_old": TIME, "at_new": TIME, "known_at": TIME, "words": pl.String()}
)  # fmt: skip


def _by_mmsi(imos: pl.DataFrame) -> pl.DataFrame:
    """Find MMSIs that claimed one usable number and then another."""
    rows = [
        (mmsi, mmsi, a.key, b.key, *map(_moment, (a.end, b.start, a.old[1], b.new[1], max(a.old[2], b.new[2]))),
         f"under MMSI {mmsi} IMO {a.key} was claimed before, IMO {b.key} now")
        for mmsi, sequence in runs(changing(imos)).items()
        for a, b in pairwise(reigns(sequence, is_text=True))
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_MOVE, orient="row")


def _by_callsign(ships: pl.DataFrame) -> pl.DataFrame:
    """Find call signs that came with one MMSI and usable number and then with others."""
    with_number = ships.filter(is_ship_imo(pl.col("imo")), pl.col("callsign").is_not_null())
    signs = with_number.select("callsign", "imo").unique()
    signs = signs.with_columns(key=callsign_keys(signs["callsign"]))
    wanted = signs.filter(pl.col("imo").n_unique().over("key") > 1).select("callsign").unique()
    some = with_number.join(wanted, on="callsign", how="semi")
    signed = points(some, "callsign", whole=True).select("owner", "time", callsign="key").unique()
    said = points(some, "imo", whole=True).join(signed, on=["owner", "time"], how="inner")
    several = said.filter(pl.col("key").n_unique().over("callsign") > 1)
    ranked = several.with_columns(
        number=pl.col("callsign").rank("dense").cast(pl.Int64),
        said=pl.format("{} {} {}", "owner", "key", "callsign"),
    )
    pairs = runs(ranked.drop("owner").rename({"number": "owner"}).select(POINT.names())).values()
    rows = []
    for sequence in pairs:
        for a, b in pairwise(reigns(sequence, is_text=True)):
            (mmsi_old, _, sign), (mmsi_new, _, _) = a.old[0].split(" "), b.new[0].split(" ")
            if mmsi_old != mmsi_new:
                moments = map(_moment, (a.end, b.start, a.old[1], b.new[1], max(a.old[2], b.new[2])))
                words = (
                    f"call sign {sign} came with IMO {a.key} before, with IMO {b.key} and another MMSI now"
                )
                rows.append((int(mmsi_old), int(mmsi_new), a.key, b.key, *moments, words))
    return pl.DataFrame(rows, schema=_MOVE, orient="row")


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000.0, UTC)
