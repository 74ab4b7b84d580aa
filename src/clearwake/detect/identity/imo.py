"""IMO numbers that are no ship's, and those a register contradicts.

A number that holds its check digit is well formed, no more: one registered by fraud passes every checksum, and only
facts from elsewhere, a length, a type, a year, tell that it is another ship's.
"""

from __future__ import annotations

import polars as pl

from clearwake.detect.identity.rows import claim_id, registration_id, sorted_texts, written
from clearwake.detect.identity.said import (
    LENGTH_M,
    LENGTH_SHARE,
    points,
    stretches,
)
from clearwake.detect.step import definition_of
from clearwake.model import Registration, Track, empty
from clearwake.model.events import ImoFault
from clearwake.model.identifiers import PLACEHOLDER_IMOS, imo_check_digit_holds, is_ship, is_ship_imo
from clearwake.names import flag_of_mmsi

BUILT_YEARS = 2
"""Registers that differ by no more than this in the year a ship was built mean keel, launch and delivery."""

KIND = "imo_fault"
DEFINITION = definition_of(KIND, length_m=LENGTH_M, length_share=LENGTH_SHARE, built_years=BUILT_YEARS)

SHOWN = 12
"""So many readings of a broken number are given at most."""

TRADES = (
    (
        "tanker",
        r"TANKER|CHEMICAL|CRUDE|LNG|LPG|GAS CARRIER|OIL/|BITUMEN|ASPHALT|COMBINATION|OBO|OIL PRODUCTS",
    ),
    (
        "cargo",
        r"CARGO|BULK|CONTAINER|RO-?RO|VEHICLE|REEFER|REFRIGERAT|LIVESTOCK|CARRIER|COMBINATION|OBO|BARGE",
    ),
    ("passenger", r"PASSENGER|CRUISE|FERRY|RO-?PAX"),
    ("fishing", r"FISH|TRAWL|SEINE|LONGLIN|SQUID|TROLL|CRAB"),
    ("service", r"\bTUG|TOWING|PILOT|DREDG|SUPPLY|OFFSHORE|RESEARCH|RESCUE|TENDER|ICEBREAK"),
)
"""What trades the words of a register can mean; ``combination carrier`` is a tanker and a cargo ship."""

AIS_TRADES = {20: None, 30: "fishing", 31: "service", 32: "service", 33: "service", 50: "service", 51: "service",
              52: "service", 53: "service", 60: "passenger", 70: "cargo", 80: "tanker"}  # fmt: skip
"""The same for kinds of ship in ITU-R M.1371-5, table 53; others say nothing that a register could contradict."""


def imo_faults(
    claims: pl.DataFrame,
    registrations: pl.DataFrame | None = None,
    *,
    tracks: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Find IMO numbers that cannot be a ship's, and ships that are not what registers say of their number.

    A slip that was put right within a day is no fault.  A register contradicts only where every entry on that
    number that says anything on the matter does: another trade, a length that differs by more than 10 m and 10 %; and
    registers contradict each other where they put the building more than two years apart.

    Args:
        claims: A table of ``IdentityClaim``.
        registrations: A table of ``Registration``.
        tracks: A table of ``Track``.
    """
    ships = claims.filter(is_ship(pl.col("mmsi")))
    held = stretches(points(ships, "imo"))
    said = held.group_by("owner", "key").agg(
        pl.col("start", "at").min(), pl.col("end", "known_at").max(), pl.col("reports").sum()
    ).join(_names(ships), on="owner", how="left")  # fmt: skip
    register = (empty(Registration) if registrations is None else registrations).with_columns(
        entry=registration_id()
    )
    is_denial = pl.col("status").str.to_lowercase().eq_missing("denied")
    register = register.filter(is_ship_imo(pl.col("imo")), ~is_denial)
    found = [_unsound(said, register), *_contradicted(said, ships, register)]
    rows = pl.concat(found, how="diagonal_relaxed").with_columns(mmsi_a="owner", imo="key")
    return written(
        rows, KIND, ImoFault, DEFINITION, ("imo", "fault"), empty(Track) if tracks is None else tracks
    )


def _names(claims: pl.DataFrame) -> pl.DataFrame:
    """Give each MMSI the name most reported under it."""
    counted = (
        claims.filter(pl.col("name").is_not_null()).group_by("mmsi", "name").agg(pl.col("reports").sum())
    )
    ordered = counted.sort("mmsi", "reports", "name", descending=[False, True, False])
    return ordered.group_by("mmsi", maintain_order=True).agg(pl.col("name").first()).rename({"mmsi": "owner"})


def _unsound(said: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Find numbers that are no ship's, by themselves."""
    imo = pl.col("key")
    repeated = pl.concat_str(imo.str.slice(0, 1).repeat_by(7).list.join("")) == imo
    fault = (
        pl.when(~imo.str.contains(r"^[0-9]{7}$"))
        .then(pl.lit("malformed"))
        .when(imo.is_in(list(PLACEHOLDER_IMOS)) | repeated)
        .then(pl.lit("placeholder"))
        .when(~is_ship_imo(imo))
        .then(pl.lit("check_digit"))
    )
    bad = said.with_columns(fault=fault).filter(pl.col("fault").is_not_null())
    known = set(register["imo"].to_list()) | set(said.filter(is_ship_imo(imo))["key"].to_list())
    read = {
        number: readings(number, known)
        for number in bad.filter(pl.col("fault") == "check_digit")["key"].unique().to_list()
    }
    note = {
        "malformed": "read as written; inland and small craft have other numbers, and crews type those here",
        "placeholder": "typed to fill the field; common, and says nothing about the ship",
        "check_digit": "most broken numbers are mistyped, or a company's or national number",
    }
    is_american = flag_of_mmsi(pl.col("owner")).eq_missing("USA")
    return bad.with_columns(
        readings=pl.Series([read.get(number, []) for number in bad["key"]], dtype=pl.List(pl.String)),
        claimed=imo,
        evidence=pl.concat_list(claim_id("owner", "at", pl.lit("imo"))),
        note=pl.when(pl.col("fault").is_in(["check_digit", "malformed"]) & is_american)
        .then(pl.lit("numbers of the US register stand in this field on many American craft"))
        .otherwise(pl.col("fault").replace_strict(note, return_dtype=pl.String)),
    )


def readings(number: str, known: set[str] | frozenset[str] = frozenset()) -> list[str]:
    """Give the numbers one digit or one swap of neighbours away that hold their check digit, known ones first.

    Args:
        number: Seven digits.
        known: Numbers that some ship or register has.
    """
    changed = {number[:n] + digit + number[n + 1 :] for n in range(7) for digit in "0123456789"}
    swapped = {number[:n] + number[n + 1] + number[n] + number[n + 2 :] for n in range(6)}
    sound = {other for other in changed | swapped if other != number and imo_check_digit_holds(other)}
    return sorted(sound - PLACEHOLDER_IMOS, key=lambda other: (other not in known, other))[:SHOWN]


def _contradicted(said: pl.DataFrame, claims: pl.DataFrame, register: pl.DataFrame) -> list[pl.DataFrame]:
    """Find ships whose type or length no entry on their number agrees with, and numbers built in two years."""
    usable = said.filter(is_ship_imo(pl.col("key")))
    # A hull keeps its length, trade and year: an entry of another year speaks of it as well as one of today.
    entries = usable.join(register, left_on="key", right_on="imo", how="inner", suffix="_register")
    return [_length(entries, claims), _trade(entries, claims), _built(entries)]


def _most(claims: pl.DataFrame, column: str) -> pl.DataFrame:
    """Give each MMSI and IMO number the value most reported with it, ties by value."""
    both = claims.filter(pl.col("imo").is_not_null(), pl.col(column).is_not_null())
    counted = both.group_by("mmsi", "imo", column).agg(pl.col("reports").sum())
    ordered = counted.sort("mmsi", "imo", "reports", column, descending=[False, False, True, False])
    most = ordered.group_by("mmsi", "imo", maintain_order=True).agg(pl.col(column).first())
    return most.rename({"mmsi": "owner", "imo": "key", column: "own"})


def _length(entries: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    told = entries.filter(pl.col("length_m") > 0).join(_most(claims, "length_m"), on=["owner", "key"])
    apart = (pl.col("own") - pl.col("length_m")).abs()
    tolerance = pl.max_horizontal(pl.lit(LENGTH_M), LENGTH_SHARE * pl.max_horizontal("own", "length_m"))
    rows = told.with_columns(agrees=apart <= tolerance, theirs=pl.col("length_m"))
    own, theirs = pl.format("{} m", "own"), pl.format("{} m", "theirs")
    note = "crews enter a length by hand; barges pushed or towed are sometimes counted in"
    return _by_every_entry(rows, "length", own, theirs, note)


def _trade(entries: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    typed = entries.filter(pl.col("ship_type_text").is_not_null())
    told = typed.join(_most(claims, "ship_type"), on=["owner", "key"])
    kind = pl.when(pl.col("own").is_between(60, 89)).then(pl.col("own") // 10 * 10).otherwise(pl.col("own"))
    trade = kind.cast(pl.Int64).replace_strict(AIS_TRADES, default=None, return_dtype=pl.String)
    theirs = trades_of(pl.col("ship_type_text"))
    rows = told.with_columns(trade=trade, trades=theirs).filter(
        pl.col("trade").is_not_null(), pl.col("trades").list.len() > 0
    )
    rows = rows.with_columns(agrees=pl.col("trades").list.contains(pl.col("trade")), theirs="ship_type_text")
    note = "crews choose a type from a list by hand, and cargo and tanker are confused"
    return _by_every_entry(
        rows, "ship_type", pl.format("{} (type {})", "trade", "own"), pl.col("theirs"), note
    )


def trades_of(words: pl.Expr) -> pl.Expr:
    """Give the trades a register's words can mean, as a list; empty where they mean none known."""
    upper = words.str.to_uppercase()
    each = [pl.when(upper.str.contains(pattern)).then(pl.lit(trade)) for trade, pattern in TRADES]
    found = pl.concat_list(each).list.drop_nulls()
    # A tanker is a carrier too: the wider word counts only where no narrower one stands.
    narrow = upper.str.contains(TRADES[0][1]) & ~upper.str.contains(r"COMBINATION|OBO|BULK|CARGO|CONTAINER")
    without_cargo = found.list.set_difference(pl.lit(["cargo"]))
    return pl.when(narrow).then(without_cargo).otherwise(found)


def _by_every_entry(rows: pl.DataFrame, fault: str, own: pl.Expr, theirs: pl.Expr, note: str) -> pl.DataFrame:
    """Give a fault for each ship that no entry agrees with, with what the entries say."""
    told = rows.with_columns(own_told=own, theirs_told=theirs).sort("owner", "key", "source", "entry")
    grouped = told.group_by("owner", "key", maintain_order=True).agg(
        pl.col("name", "start", "end", "reports", "at").first(),
        known_at=pl.max_horizontal(pl.col("known_at").max(), pl.col("known_at_register").max()),
        agrees=pl.col("agrees").any(),
        claimed=pl.col("own_told").first(),
        registered=pl.col("theirs_told").unique().sort().str.join("; "),
        register=pl.col("source").unique().sort().str.join("; "),
        entries=pl.col("entry").unique().sort(),
    )  # fmt: skip
    return grouped.filter(~pl.col("agrees")).with_columns(
        fault=pl.lit(fault),
        readings=pl.lit([], dtype=pl.List(pl.String)),
        note=pl.lit(note),
        evidence=sorted_texts(claim_id("owner", "at", pl.lit("imo")), pl.col("entries")),
    )


def _built(entries: pl.DataFrame) -> pl.DataFrame:
    """Find numbers that registers give to ships built in different years."""
    told = entries.filter(pl.col("built_year").is_not_null()).sort(
        "owner", "key", "built_year", "source", "entry"
    )
    grouped = told.group_by("owner", "key", maintain_order=True).agg(
        pl.col("name", "start", "end", "reports", "at").first(),
        known_at=pl.max_horizontal(pl.col("known_at").max(), pl.col("known_at_register").max()),
        first=pl.col("built_year").min(),
        last=pl.col("built_year").max(),
        claimed=pl.format("{} ({})", pl.col("built_year").first(), pl.col("source").first()),
        registered=pl.format("{} ({})", pl.col("built_year").last(), pl.col("source").last()),
        register=pl.col("source").unique().sort().str.join("; "),
        entries=pl.col("entry").unique().sort(),
    )  # fmt: skip
    return grouped.filter(pl.col("last") - pl.col("first") > BUILT_YEARS).with_columns(
        fault=pl.lit("built"),
        readings=pl.lit([], dtype=pl.List(pl.String)),
        note=pl.lit("the registers contradict each other, not the ship; one of them may be wrong"),
        evidence=sorted_texts(claim_id("owner", "at", pl.lit("imo")), pl.col("entries")),
    )
