"""What transmitters say they are: one row for each distinct identity of an MMSI in each UTC hour.

The hour makes claims independent of how a file was cut into chunks, or a day into files: ``vessels.merged`` brings
those of one hour together again, and any cut gives the same.  A claim is kept as it was made: trimmed, without
padding, and null where it says nothing.  Whether a number is valid is for others to find.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from clearwake.model import IdentityClaim, conform, schema
from clearwake.sources.values import MISSING, SHIP_TYPES

_KEYS = (
    "name",
    "imo",
    "callsign",
    "flag",
    "ship_type",
    "ship_type_text",
    "length_m",
    "draught_m",
    "destination",
    "ais_class",
)


_HOUR = pl.col("first_seen").to_physical() // 3_600_000


def grouped(reports: pl.DataFrame, statics: Sequence[str]) -> pl.DataFrame:
    """Group reports that say the same of the same MMSI in the same UTC hour, as they stand in the file.

    Args:
        reports: Rows with ``mmsi``, ``time``, ``line`` and the ``statics``, of whatever types the file has.
        statics: Which identity columns there are.

    Rows are compared by a 64-bit hash of their values: among a million distinct identities in a chunk the odds
    that two are taken for one are 1 in 30 million.
    """
    keys = ["mmsi", *statics]
    digest = sum((pl.col(key).hash(seed) for seed, key in enumerate(keys, 1)), pl.lit(0, pl.UInt64))
    seen = reports.select(
        "line", digest.alias("digest"), first_seen="time", last_seen="time", reports=pl.lit(1, pl.Int64)
    )
    return _same(seen, reports.select(keys))


_SUMS = (
    pl.col("first_seen").min(),
    pl.col("last_seen").max(),
    pl.col("reports").sum(),
    pl.col("line").min(),
)


def _same(seen: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Bring rows of the same digest and hour together; what they said is taken from the first of them."""
    rows = seen.lazy().with_row_index("row").with_columns(hour=_HOUR)
    groups = rows.group_by("digest", "hour").agg(*_SUMS, pl.col("row").min()).sort("row").collect()
    return groups.drop("row", "hour").hstack(said[groups["row"]])


_SEEN = ("digest", "first_seen", "last_seen", "reports", "line")


def claims(groups: pl.DataFrame, source: str) -> pl.DataFrame:
    """Turn groups of reports into a table of ``IdentityClaim``, one row per distinct identity and hour.

    What was said is read once for each identity, however many hours it was said in.
    """
    said = groups.unique("digest", keep="first", maintain_order=True).drop(_SEEN[1:])
    read = said.with_columns(*(_READERS[name](said[name]) for name in said.columns if name in _READERS))
    read = read.with_columns(*_ship_types(read))
    keys = [key for key in _KEYS if key in read.columns]
    if not keys:
        return pl.DataFrame(schema=schema(IdentityClaim))
    read = read.filter(_says_something(keys)).select("digest", "mmsi", *keys)
    return conform(_by_hour(groups, read).with_columns(source=pl.lit(source)), IdentityClaim)


def _says_something(keys: Sequence[str]) -> pl.Expr:
    """Say which claims are worth keeping: nearly all are of class A, so that alone is none."""
    told = [pl.col(key).is_not_null() for key in keys if key != "ais_class"]
    return pl.any_horizontal(*told, *([pl.col("ais_class") == "B"] if "ais_class" in keys else []))


def _by_hour(groups: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    """Bring groups of one hour whose identities came out equal into one row each, in the order of their lines."""
    identity = [name for name in read.columns if name != "digest"]
    each = read.unique(identity, maintain_order=True).select(identity).with_row_index("identity")
    numbers = read.join(each, on=identity, nulls_equal=True).select("digest", "identity")
    hours = groups.lazy().select(_SEEN).join(numbers.lazy(), on="digest").with_columns(hour=_HOUR)
    sums = hours.group_by("identity", "hour").agg(*_SUMS).drop("hour")
    return sums.sort("line", "first_seen", "identity").collect().join(
        each, on="identity", maintain_order="left"
    ).drop("identity")  # fmt: skip


def texts(column: pl.Series) -> pl.Series:
    """Read words: trimmed, without ``@`` padding, null where they say nothing."""
    if not isinstance(column.dtype, pl.String):
        column = _as_text(column)
    trimmed = column.str.strip_chars().str.strip_chars_end("@ ").str.strip_chars()
    says_nothing = trimmed.str.to_lowercase().is_in(MISSING)
    return trimmed.set(says_nothing.fill_null(value=False), None)


def imos(column: pl.Series) -> pl.Series:
    """Read IMO numbers as claimed: seven digits where they can be found, ``IMO`` and zeros left out."""
    text = texts(column)
    digits = text.str.extract(r"(?:^|\D)(\d{7})(?:\D|$)")
    rest = text.str.replace(r"(?i)^IMO\s*", "")
    claimed = digits.zip_with(digits.is_not_null(), rest)
    return claimed.set(claimed.str.contains(r"^0*$").fill_null(value=False), None)


def measures_m(column: pl.Series) -> pl.Series:
    """Read lengths and draughts: ``(n,) -> (n,) Float64`` metres; zero means not available."""
    text = texts(column)
    read = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return read.set(~(read.is_finite() & (read > 0)).fill_null(value=False), None)


def ais_classes(column: pl.Series) -> pl.Series:
    """Read classes of transmitters: ``A`` and ``Class A`` alike; base stations and aids to navigation have none."""
    return texts(column).str.to_uppercase().str.extract(r"^(?:CLASS\s*)?([AB])$")


def _as_text(column: pl.Series) -> pl.Series:
    if column.dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        is_whole = (whole.cast(column.dtype) == column).fill_null(value=False)
        return whole.cast(pl.String).zip_with(is_whole, column.cast(pl.String))
    return column.cast(pl.String)


def _ship_types(read: pl.DataFrame) -> list[pl.Series]:
    """Give the ITU code and the word for it; 0 means not available, a code above 255 is another code list."""
    if "ship_type" not in read.columns:
        return []
    text = texts(read["ship_type"])
    number = text.cast(pl.Float64, strict=False).cast(pl.Int64, strict=False)
    code = number.set((~number.is_between(1, 255)).fill_null(value=False), None)
    word = text.set((number.is_between(0, 255)).fill_null(value=False), None)
    known = word.str.to_lowercase().replace_strict(SHIP_TYPES, default=None, return_dtype=pl.Int64)
    code = code.zip_with(code.is_not_null(), known).cast(pl.Int16)
    return [code.alias("ship_type"), word.alias("ship_type_text")]


_READERS = {
    "name": texts,
    "callsign": texts,
    "flag": texts,
    "destination": texts,
    "ais_class": ais_classes,
    "imo": imos,
    "length_m": measures_m,
    "draught_m": measures_m,
}
