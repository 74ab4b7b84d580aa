"""The dated history of hulls: every value of every attribute, for a time, as each source has it.

What a ship says is cut into runs: a value given up and taken again has a row for each time.  Registers and lists say
since when and until when themselves; where they do not, the dates are null.
"""

from __future__ import annotations

import polars as pl

from clearwake.model import TIME, VesselHistory, conform, schema
from clearwake.names.flags import flag_of_mmsi, read_flags
from clearwake.vessels.kinds import kind_of_ship
from clearwake.vessels.runs import runs

_ORDER = ("vessel", "attribute", "valid_from", "source", "value", "valid_to", "low")

_TEXT, _NUMBER = pl.String(), pl.Float64()


def history(
    claims: pl.DataFrame, registrations: pl.DataFrame, designations: pl.DataFrame, tracks: pl.DataFrame
) -> pl.DataFrame:
    """Gather the history of hulls: a table of ``VesselHistory``.

    Takes each kind of fact with ``vessel``, the hull it was judged to belong to; rows without one are left out.
    """
    parts = [
        _heard(claims.drop_nulls("vessel")),
        _registered(registrations.drop_nulls("vessel")),
        _listed(designations.drop_nulls("vessel")),
        _tracked(tracks.drop_nulls("vessel")),
    ]
    return conform(pl.concat(parts).sort(_ORDER, nulls_last=True), VesselHistory)


# Heard


def _heard(claims: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("mmsi")
    attributes = {
        "imo": pl.col("imo"),
        "name": pl.col("name"),
        "callsign": pl.col("callsign"),
        "flag": _flags(claims["flag"]),
        "destination": pl.col("destination"),
        "mmsi": number.cast(_TEXT),
        "mmsi_flag": flag_of_mmsi(number),
        "ship_type": kind_of_ship("ship_type", "ship_type_text"),
        "length_m": number_text("length_m"),
    }
    ordered = claims.sort("vessel", "first_seen", maintain_order=True)
    frames = [_said(runs(ordered, value), attribute) for attribute, value in attributes.items()]
    return pl.concat([*frames, _draughts(ordered)])


_COLUMNS = ("vessel", "attribute", "value", "low", "high", "valid_from", "valid_to", "source", "origin", "reports",
            "receipt", "line", "known_at")  # fmt: skip
_NUMBERS = ("mmsi", "length_m")


def _said(found: pl.DataFrame, attribute: str) -> pl.DataFrame:
    number = pl.col("value").cast(_NUMBER) if attribute in _NUMBERS else pl.lit(None, _NUMBER)
    return found.with_columns(
        attribute=pl.lit(attribute), origin=pl.lit("heard"), low=number, high=number
    ).select(_COLUMNS)  # fmt: skip


def _flags(said: pl.Series) -> pl.Expr:
    """Give flags as ISO 3166-1 alpha-3 where they can be read so, else as written, so that all sources agree."""
    distinct = said.unique().drop_nulls()
    read = dict(zip(distinct.to_list(), read_flags(distinct).to_list(), strict=True))
    return pl.col(said.name).replace({flag: iso3 for flag, iso3 in read.items() if iso3})


def number_text(column: str) -> pl.Expr:
    """Write a quantity as people do: ``180``, ``12.5``."""
    return pl.col(column).round(1).cast(_TEXT).str.strip_suffix(".0")


def _draughts(claims: pl.DataFrame) -> pl.DataFrame:
    """Give the range of draughts of each hull, one row for each source."""
    rows = claims.drop_nulls("draught_m")
    ranges = rows.group_by("vessel", "source").agg(
        low=pl.col("draught_m").min(), high=pl.col("draught_m").max(), valid_from=pl.col("first_seen").min(),
        valid_to=pl.col("last_seen").max(), reports=pl.col("reports").sum(), receipt=pl.col("receipt").first(),
        line=pl.col("line").first(), known_at=pl.col("known_at").first(),
    )  # fmt: skip
    told = pl.when(pl.col("low") == pl.col("high")).then(number_text("low"))
    return ranges.with_columns(
        attribute=pl.lit("draught_m"), origin=pl.lit("heard"),
        value=told.otherwise(pl.format("{} to {}", number_text("low"), number_text("high"))),
    ).select(_COLUMNS)  # fmt: skip


def _tracked(tracks: pl.DataFrame) -> pl.DataFrame:
    """Give the MMSI of hulls that were heard but never said who they are."""
    rows = tracks.select("vessel", "mmsi", valid_from="start", valid_to="end", reports="positions").with_columns(
        low=pl.col("mmsi").cast(_NUMBER), high=pl.col("mmsi").cast(_NUMBER), source=pl.lit("tracks"),
        origin=pl.lit("heard"), receipt=pl.lit(None, pl.Int64), line=pl.lit(None, pl.Int64),
        known_at=pl.lit(None, TIME),
    )  # fmt: skip
    number = rows.with_columns(attribute=pl.lit("mmsi"), value=pl.col("mmsi").cast(_TEXT))
    flag = rows.with_columns(
        attribute=pl.lit("mmsi_flag"), value=flag_of_mmsi(pl.col("mmsi")), low=None, high=None
    ).drop_nulls("value")
    return pl.concat([number, flag], how="vertical_relaxed").select(_COLUMNS).cast(_SCHEMA)


# Read


_PAPER = (
    "imo",
    "name",
    "callsign",
    "flag",
    "status",
    "owner",
    "beneficial_owner",
    "manager",
    "ism_company",
    "operator",
)
_PAPER_NUMBERS = ("length_m", "beam_m", "gross_tonnage", "deadweight_t", "built_year")


def _registered(registrations: pl.DataFrame) -> pl.DataFrame:
    rows = registrations.lazy().with_columns(
        ship_type="ship_type_text", valid_from="valid_from", valid_to="valid_to"
    )
    words = {name: name for name in (*_PAPER, "ship_type")}
    frames = [_paper(rows, attribute, pl.col(column)) for attribute, column in words.items()]
    frames += [_paper(rows, name, number_text(name), pl.col(name).cast(_NUMBER)) for name in _PAPER_NUMBERS]
    number = pl.col("mmsi")
    frames += [
        _paper(rows, "mmsi", number.cast(_TEXT), number.cast(_NUMBER)),
        _paper(rows, "mmsi_flag", flag_of_mmsi(number)),
        _paper(_ended(rows, "valid_from").explode("former_names"), "name", pl.col("former_names")),
    ]
    return _of_papers(frames, "register")


def _listed(designations: pl.DataFrame) -> pl.DataFrame:
    edition = (
        pl.col("edition").str.extract(r"(\d{4}-\d{2}-\d{2})$").str.to_datetime("%Y-%m-%d", time_zone="UTC")
    )
    rows = designations.lazy().with_columns(
        source="list", ship_type="ship_type_text", built_year="build_year",
        valid_from=pl.coalesce("listed_on", edition.cast(TIME)), valid_to="removed_on",
    )  # fmt: skip
    frames = [_paper(rows, name, pl.col(name)) for name in ("imo", "name", "callsign", "ship_type", "owner")]
    former = designations["former_flags"].explode()
    frames += [
        _paper(rows, "flag", _flags(designations["flag"])),
        _paper(_ended(rows, "valid_from").explode("former_flags"), "flag", _flags(former)),
    ]
    year, number, others = pl.col("built_year"), pl.col("mmsi"), pl.col("other_mmsis")
    frames += [
        _paper(rows, "built_year", year.cast(_TEXT), year.cast(_NUMBER)),
        _paper(rows, "mmsi", number.cast(_TEXT), number.cast(_NUMBER)),
        _paper(rows, "mmsi_flag", flag_of_mmsi(number)),
        *(
            _paper(rows.explode(column), attribute, pl.col(column))
            for column, attribute in (("other_imos", "imo"), ("other_callsigns", "callsign"), ("aliases", "alias"),
                                      ("weak_names", "alias"))
        ),
        _paper(rows.explode("other_mmsis"), "mmsi", others, others.cast(_NUMBER, strict=False)),
        _paper(_ended(rows, "valid_from").explode("former_names"), "name", pl.col("former_names")),
    ]  # fmt: skip
    return _of_papers(frames, "list")


def _ended(rows: pl.LazyFrame, at: str) -> pl.LazyFrame:
    """Date what a paper calls former: until the paper begins, since when is not known."""
    return rows.with_columns(valid_to=pl.col(at), valid_from=pl.lit(None, TIME))


def _paper(rows: pl.LazyFrame, attribute: str, value: pl.Expr, low: pl.Expr | None = None) -> pl.LazyFrame:
    number = pl.lit(None, _NUMBER) if low is None else low
    said = rows.select(
        "vessel", "valid_from", "valid_to", "source", "receipt", "line", "known_at", value=value, low=number
    )
    return said.drop_nulls("value").with_columns(attribute=pl.lit(attribute))


def _of_papers(frames: list[pl.LazyFrame], origin: str) -> pl.DataFrame:
    """Bring what equal entries say into one row each: ``reports`` counts them."""
    same = ("vessel", "attribute", "value", "source", "valid_from", "valid_to")
    rows = pl.concat(pl.collect_all(frames)).sort("known_at", "receipt", "line", nulls_last=True)
    together = rows.group_by(same).agg(
        pl.col("low").min(), pl.col("low").max().alias("high"), pl.len().alias("reports").cast(pl.Int64),
        pl.col("receipt", "line", "known_at").first(),
    )  # fmt: skip
    return together.with_columns(origin=pl.lit(origin)).select(_COLUMNS)


_SCHEMA = schema(VesselHistory)
