"""Rows with a time and a place and its doubt: what sightings and detections share, and why a row is rejected."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from clearwake.sources.coordinates import degrees
from clearwake.sources.entries import Entries
from clearwake.sources.lines import Fault
from clearwake.sources.meanings import EARLIEST, LATEST_AFTER_RECEIPT
from clearwake.sources.values import decimals, times

TIME = ("time", "timestamp", "datetime", "timeutc", "datetimeutc", "utc", "utctime", "timestamputc", "observedat",
        "observationtime", "acquisitiontime", "acquisition", "acquired", "acquiredat", "acquisitiondate",
        "acquisitiondatetime", "detecttime", "detectiontime", "detecttimestamp", "detectiontimestamp", "scenetime",
        "scenetimestamp", "imagetime", "sensingtime", "sensingstart", "sightingtime", "seenat", "reportedat", "dtg",
        "starttime", "ts", "epoch", "unixtime", "when")  # fmt: skip
LON = ("lon", "longitude", "lng", "long", "londeg", "longitudedeg", "longitudedegrees", "x", "positionlon",
       "positionlongitude", "detectlon", "centerlon", "centrelon")  # fmt: skip
LAT = ("lat", "latitude", "latdeg", "latitudedeg", "latitudedegrees", "y", "positionlat", "positionlatitude",
       "detectlat", "centerlat", "centrelat")  # fmt: skip
IN_METRES = ("errorm", "positionerrorm", "uncertaintym", "positionuncertaintym", "radiusm", "accuracym",
             "positionaccuracym", "sigmam", "geolocationerrorm", "error", "positionerror", "uncertainty", "radius",
             "accuracy", "positionaccuracy", "positionuncertainty", "sigma", "precisionm",
             "coordinateuncertaintyinmeters")  # fmt: skip
IN_KM = ("errorkm", "radiuskm", "uncertaintykm", "positionerrorkm", "accuracykm")
IN_NM = ("errornm", "radiusnm", "uncertaintynm", "positionerrornm", "errornmi", "radiusnmi", "uncertaintynmi")
DATE = ("date", "day", "dateutc", "utcdate")
"""Read where the time column alone is only a time of day, or there is none."""

PLACED: Mapping[str, tuple[str, ...]] = {
    "time": TIME, "date": DATE, "lon": LON, "lat": LAT,
    "error_m": IN_METRES, "error_km": IN_KM, "error_nm": IN_NM,
}  # fmt: skip

MOST_ERROR_M = 2_000_000.0


def times_of(frame: pl.DataFrame) -> pl.Series:
    """Read the moments of rows, ``130618Z FEB 18`` too; a time of day is put behind the date beside it."""
    read = times(frame["time"])
    signalled = (
        frame["time"].str.to_uppercase().str.strptime(pl.Datetime("ms"), "%d%H%MZ %b %y", strict=False)
    )
    read = read.zip_with(read.is_not_null(), signalled.dt.replace_time_zone("UTC"))
    if frame["date"].null_count() == len(frame) or read.null_count() == 0:
        return read
    day = frame["date"].str.extract(r"^(\d{4}[-/]\d{2}[-/]\d{2})")
    clock = frame["time"].str.replace(r"^(\d{2}):?(\d{2})\s*(?:Z|UTC)?$", "${1}:${2}:00")
    both = frame.select(pl.concat_str(day, pl.lit(" "), clock)).to_series()
    return read.zip_with(read.is_not_null(), times(both))


def places_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Read where rows are: ``lon``, ``lat`` and ``error_m``, with a word on an error that is none in ``odd``."""
    said = pl.coalesce("error_m", "error_km", "error_nm")
    error = decimals(frame["error_m"])
    for name, metres in (("error_km", 1000.0), ("error_nm", 1852.0)):
        other = decimals(frame[name]) * metres
        error = error.zip_with(error.is_not_null(), other)
    is_error = error.is_between(0.0, MOST_ERROR_M).fill_null(value=False)
    odd = frame.select(
        pl.when(said.is_not_null() & ~is_error).then(pl.format("'{}' is no position error", said))
    )
    return pl.DataFrame({
        "lon": degrees(frame["lon"], "EW"), "lat": degrees(frame["lat"], "NS"),
        "error_m": error.set(~is_error, None), "odd": odd.to_series(),
    })  # fmt: skip


def reasons(frame: pl.DataFrame, time: pl.Series, place: pl.DataFrame, received_at: datetime) -> pl.Series:
    """Say why rows are rejected, the first reason that fits; null for good ones."""
    raw = frame.select(no_time=pl.coalesce("time", "date").is_null(), no_lon=pl.col("lon").is_null(),
                       no_lat=pl.col("lat").is_null())  # fmt: skip
    whole = place.hstack(raw).with_columns(time=time)
    tests: list[tuple[pl.Expr, str]] = [
        (pl.col("no_time"), "time missing"),
        (pl.col("time").is_null(), "time unreadable"),
        (pl.col("time") < EARLIEST, "time before 1990"),
        (pl.col("time") > received_at + LATEST_AFTER_RECEIPT, "time in the future"),
        (pl.col("no_lon"), "lon missing"),
        (pl.col("no_lat"), "lat missing"),
        (pl.col("lon").is_null(), "lon unreadable"),
        (pl.col("lat").is_null(), "lat unreadable"),
        (~pl.col("lon").is_between(-180, 180), "lon out of range"),
        (~pl.col("lat").is_between(-90, 90), "lat out of range"),
    ]
    return whole.select(pl.coalesce(pl.when(test).then(pl.lit(why)) for test, why in tests)).to_series()


def faults(some: Entries, why: pl.Series) -> list[Fault]:
    """Give the lines that were no rows, and the rows that have a reason to be rejected."""
    at = why.is_not_null().arg_true().to_list()
    shown = some.shown(at)
    lines = some.frame["line"].gather(at)
    rows = [Fault(line, why[row], text) for row, line, text in zip(at, lines, shown, strict=True)]
    return [*some.faults, *rows]


def ids(kind: str, rows: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """Name rows by a hash of what they say in these columns, so that the same row read twice is the same fact."""
    said = rows.select(
        pl.col(name).dt.epoch("ms").cast(pl.String) if name == "time" else pl.col(name).cast(pl.String)
        for name in names
    ).select(pl.concat_str(pl.all().fill_null(""), separator="\x1f"))
    digests = [hashlib.sha256(text.encode()).hexdigest()[:20] for text in said.to_series().to_list()]
    return pl.Series("id", [f"{kind}:{digest}" for digest in digests], pl.String)


def lengths_m(column: pl.Series, most: float) -> tuple[pl.Series, pl.Series]:
    """Read a length: metres, null for nought, and a word on what is none."""
    read = decimals(column)
    is_length = ((read > 0) & (read <= most)).fill_null(value=False)
    says = column.is_not_null() & ~is_length & (read != 0).fill_null(value=True)
    odd = column.to_frame("said").select(pl.when(says).then(pl.format("'{}' is no length in metres", "said")))
    return read.set(~is_length, None), odd.to_series()
