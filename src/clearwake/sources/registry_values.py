"""What stands in a register, read: each function gives what a column says, and words on what was odd about it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from clearwake.model.identifiers import imo_check_digit_holds, mmsi_is_usable, read_imos
from clearwake.names.flags import read_flags
from clearwake.sources import cargo
from clearwake.sources.identities import imos
from clearwake.sources.registry_columns import STATES
from clearwake.sources.values import whole_numbers

Read = tuple[pl.Series, pl.Series]

LARGEST = {"length_m": 500.0, "beam_m": 100.0, "gross_tonnage": 500_000.0, "deadweight_t": 700_000.0}
"""No ship is larger: the longest ever built had 458 m, 69 m, 260,851 gross tons and carried 564,763 t."""

FIRST_BUILT = 1850
"""Nothing older is afloat under its own power."""

_NUMBER = r"^\s*([0-9][0-9.,' ]*)\s*(?:m|metres|meters|t|mt|tonnes|tons|gt|grt|dwt)?\.?\s*$"


def _verdicts(column: pl.Series, odd: dict[str, str | None]) -> pl.Series:
    return column.replace_strict(odd, default=None, return_dtype=pl.String) if odd else _silent(len(column))


def _silent(count: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, count)


def imo_numbers(column: pl.Series) -> Read:
    """Read IMO numbers: seven digits where they can be found, else as written, which is said."""
    distinct = column.unique().drop_nulls().to_list()
    return imos(column), _verdicts(column, {text: _imo_oddity(text) for text in distinct})


def _imo_oddity(text: str) -> str | None:
    found = read_imos(text)
    if not found:
        return f"IMO number '{text}' is not seven digits"
    if len(found) > 1:
        return f"the IMO number field holds {len(found)} numbers: '{text}'"
    return None if imo_check_digit_holds(found[0]) else f"IMO number {found[0]} fails its check digit"


def mmsis(column: pl.Series) -> Read:
    """Read MMSIs; one that is no ship's number is kept, which is said; words are null, which is said too."""
    read = whole_numbers(column)
    both = pl.DataFrame({"said": column, "read": read}).unique().drop_nulls("said")
    odd = {said: _mmsi_oddity(said, number) for said, number in both.iter_rows()}
    return read, _verdicts(column, odd)


def _mmsi_oddity(said: str, number: int | None) -> str | None:
    if number is None:
        return f"MMSI '{said}' is no number"
    return None if mmsi_is_usable(number) else f"MMSI {number} is no ship's number"


def flags(column: pl.Series) -> Read:
    """Read flags: ISO 3166-1 alpha-3 where they can be read so, else as written, which is said."""
    distinct = column.unique().drop_nulls()
    read = dict(zip(distinct.to_list(), read_flags(distinct).to_list(), strict=True))
    odd = {
        said: None if iso3 else f"flag '{said}' is no country that could be read"
        for said, iso3 in read.items()
    }
    known = _verdicts(column, read)
    return known.zip_with(known.is_not_null(), column), _verdicts(column, odd)


def quantities(column: pl.Series, name: str) -> Read:
    """Read metres and tons: ``(n,) -> (n,) Float64``; nought is not available, what no ship can have is said."""
    bare = pl.col("said").str.to_lowercase().str.extract(_NUMBER, 1).str.replace_all("[' ]", "")
    grouped = bare.str.contains(r"^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$")
    plain = pl.when(grouped).then(bare.str.replace_all(",", "")).otherwise(bare.str.replace(",", "."))
    number = plain.cast(pl.Float64, strict=False)
    raw = pl.coalesce(number, pl.col("said").cast(pl.Float64, strict=False))
    what = name.rpartition("_")[0] if name.endswith(("_m", "_t")) else name.replace("_", " ")
    can_be = raw.is_between(0.0, LARGEST[name], closed="right")
    odd = (
        pl.when(raw.is_null() & pl.col("said").is_not_null())
        .then(pl.format(f"{what} '{{}}' is no number", "said"))
        .when(~can_be & (raw != 0))
        .then(pl.format(f"{what} {{}} can be no ship's", "said"))
    )
    read = column.to_frame("said").select(number=pl.when(can_be).then(raw), odd=odd)
    return read["number"], read["odd"]


def years(column: pl.Series, latest: int) -> Read:
    """Read years of build: the first four digits that stand alone; one before 1850 or after ``latest`` is said."""
    year = pl.col("said").str.extract(r"(?:^|[^0-9])([12][0-9]{3})(?:[^0-9]|$)", 1).cast(pl.Int16)
    can_be = year.is_between(FIRST_BUILT, latest)
    is_nothing = pl.col("said").str.contains(r"^[0. -]*$")
    odd = pl.when(~can_be.fill_null(value=False) & pl.col("said").is_not_null() & ~is_nothing).then(
        pl.format("year of build '{}' cannot be", "said")
    )
    read = column.to_frame("said").select(year=pl.when(can_be).then(year), odd=odd)
    return read["year"], read["odd"]


def states(column: pl.Series) -> pl.Series:
    """Bring what registers say of how a ship stands to our words, where they are known."""
    words = {spelt: ours for ours, spellings in STATES.items() for spelt in spellings}
    known = column.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.String)
    return known.zip_with(known.is_not_null(), column)


def periods(since: pl.Series, until: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Read from and to; a year alone is the whole of it, a day alone as an end lasts to its last moment."""
    first, odd_first = _days(since, is_end=False)
    last, odd_last = _days(until, is_end=True)
    rows = pl.DataFrame({"first": first, "last": last, "a": odd_first, "b": odd_last})
    backwards = pl.when(pl.col("last") < pl.col("first")).then(pl.lit("it ends before it begins"))
    told = pl.concat_str(
        pl.format("from: {}", "a"), pl.format("to: {}", "b"), backwards, separator="; ", ignore_nulls=True
    )
    return first, last, rows.select(pl.when(told != "").then(told)).to_series()


def _days(column: pl.Series, *, is_end: bool) -> Read:
    year = column.str.extract(r"^([12][0-9]{3})(?:\.0)?$", 1)
    ends = year + ("-12-31" if is_end else "-01-01")
    read, odd = cargo.days(ends.zip_with(year.is_not_null(), column))
    if is_end:
        is_day = read == read.dt.truncate("1d")
        whole = read + timedelta(days=1) - timedelta(milliseconds=1)
        read = whole.zip_with(is_day.fill_null(value=False), read)
    return read, odd
