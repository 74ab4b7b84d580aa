"""Detections: hulls found by satellites, one row each: radar, optical, night light, radio.

A row is rejected only where it has no time or no place.  Time, longitude and latitude are enough; whatever else a file
says makes the match to tracks narrower.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

import polars as pl
import shapely
import shapely.errors
import shapely.geometry

from clearwake.model import Detection, Options, Reading, Received, conform
from clearwake.sources.cargo import issues
from clearwake.sources.columns import Wanted
from clearwake.sources.entries import Entries, entries
from clearwake.sources.facts import rejects
from clearwake.sources.placed import PLACED, faults, ids, lengths_m, places_of, reasons, times_of
from clearwake.sources.values import decimals

WANTED = Wanted(
    "a table of detections",
    {
        **PLACED,
        "reference": ("id", "detectionid", "detectid", "detection", "reference", "objectid", "targetid", "uid"),
        "sensor": ("sensor", "sensortype", "sensorkind", "kind", "modality", "instrument", "detectiontype",
                   "sensorclass"),
        "platform": ("platform", "satellite", "satellitename", "sat", "spacecraft", "mission", "constellation",
                     "platformname", "source", "provider"),
        "scene": ("scene", "sceneid", "imageid", "image", "product", "productid", "productname", "granule",
                  "granuleid", "frame", "frameid", "acquisitionid", "collectid", "passid"),
        "length_m": ("lengthm", "length", "lengthestimate", "estimatedlength", "vessellengthm", "loa", "shiplength",
                     "estimatedlengthm", "lengthestm"),
        "width_m": ("widthm", "width", "beam", "beamm", "estimatedwidthm", "vesselwidthm"),
        "heading_deg": ("headingdeg", "heading", "orientation", "orientationdeg", "vesselheading", "hullheading",
                        "bearing", "headingestimate", "estimatedheading", "truehdg"),
        "platform_heading_deg": ("platformheadingdeg", "platformheading", "satelliteheading", "satelliteheadingdeg",
                                 "trackangle", "azimuthdeg", "flightdirection", "flightdirectiondeg", "azimuth",
                                 "platformheadingangle", "satheading", "orbitheading", "orbitheadingdeg"),
        "orbit": ("orbit", "pass", "orbitdirection", "orbitpass", "passdirection"),
        "look": ("look", "lookside", "lookdirection", "antennapointing", "lookdir", "antennalook", "side"),
        "incidence_deg": ("incidencedeg", "incidence", "incidenceangle", "incidenceangledeg", "incangle",
                          "localincidenceangle"),
        "range_velocity_s": ("rangevelocitys", "rangevelocity", "rv", "rangevelocityratio", "rovervs", "rvs",
                             "rangetovelocity", "rovv", "roverv", "rvratios", "rvratio"),
        "score": ("score", "confidence", "detectionscore", "probability", "presencescore", "likelihood"),
        "footprint": ("footprint", "sceneextent", "extent", "scenefootprint", "bbox", "coverage", "aoi",
                      "scenegeometry", "imagefootprint"),
    },
    (),
)  # fmt: skip

SENSORS: Mapping[str, str] = {
    "radar": r"\bsar\b|radar|sentinel-?\s?1|\bs1[abcd]?\b|radarsat|rcm|iceye|umbra|capella|cosmo|terrasar|tandem|"
             r"\bpaz\b|alos|saocom|envisat|novasar|kompsat-?5|gaofen-?3",
    "night_light": r"night|viirs|\bdnb\b|\bvbd\b|dmsp|luojia|\bols\b",
    "radio": r"radio|\brf\b|hawkeye|unseen|kleos|spire|geolocation|emitter",
    "optical": r"optical|electro|\beo\b|sentinel-?\s?2|\bs2[abc]?\b|landsat|planet|skysat|dove|pleiades|spot|worldview|"
               r"geoeye|maxar|visual|visible|multispectral|infrared|photo|airbus|blacksky|gaofen",
}  # fmt: skip
"""Our word, and how files say it: the kind itself, or a satellite of that kind.  The first that fits."""

ASCENDING_DEG, DESCENDING_DEG = 350.0, 190.0
"""Where a satellite in a polar, Sun-synchronous orbit flies to where a file only says which half of the orbit it is:
about ten degrees west of north or south over the middle latitudes.  Source: Sentinel-1 orbit, inclination 98.18
degrees (ESA); the angle grows towards the poles, which ``matching`` allows for."""

NAMED_BY = ("reference", "time", "lon", "lat", "sensor", "platform", "scene", "length_m", "heading_deg")
"""What makes two rows two detections."""

LONGEST_M, WIDEST_M = 600.0, 120.0

_WORDS = ("reference", "platform", "scene")


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read detections; see ``docs/sources/detections.md``.

    Raises:
        UnreadableFileError: If a file is neither a table nor JSON, or has no column of longitudes.
        UsageError: If ``options.mapping`` names something a table of detections does not have.
    """
    for some in entries(files, options, WANTED, "detections", ("lon",), with_documents=True):
        time, place = times_of(some.frame), places_of(some.frame)
        why = reasons(some.frame, time, place, options.received_at)
        read = _detections(some, time, place)
        tables = {
            "detections": conform(read.filter(why.is_null()), Detection),
            "quarantine": rejects(faults(some, why), some.reader),
        }
        yield Reading(tables, some.file, some.rows, {"blank lines": some.blank} if some.blank else {})


def _detections(some: Entries, time: pl.Series, place: pl.DataFrame) -> pl.DataFrame:
    frame = some.frame
    length, length_odd = lengths_m(frame["length_m"], LONGEST_M)
    width, width_odd = lengths_m(frame["width_m"], WIDEST_M)
    sensor, sensor_odd = sensors(frame)
    footprint, footprint_odd = _footprints(frame["footprint"])
    number = {name: decimals(frame[name]) for name in ("heading_deg", "platform_heading_deg", "incidence_deg",
                                                       "range_velocity_s", "score")}  # fmt: skip
    is_heading = number["heading_deg"].is_between(-180.0, 360.0).fill_null(value=False)
    is_incidence = number["incidence_deg"].is_between(5.0, 75.0).fill_null(value=False)
    is_ratio = number["range_velocity_s"].is_between(20.0, 400.0).fill_null(value=False)
    is_score = number["score"].is_between(0.0, 1.0).fill_null(value=False)
    odd = {
        "": place["odd"], "length": length_odd, "width": width_odd, "sensor": sensor_odd,
        "footprint": footprint_odd,
        "heading": _said(frame["heading_deg"], ~is_heading & (number["heading_deg"] != 511).fill_null(value=True)),
        "incidence": _said(frame["incidence_deg"], ~is_incidence),
        "range by velocity": _said(frame["range_velocity_s"], ~is_ratio),
        "score": _said(frame["score"], ~is_score),
        "orbit": _said(frame["orbit"], _halves(frame["orbit"]).is_null()),
    }  # fmt: skip
    rows = frame.select("line", *_WORDS).with_columns(
        time.alias("time"), place["lon"], place["lat"], place["error_m"], sensor.alias("sensor"),
        length.alias("length_m"), width.alias("width_m"),
        (number["heading_deg"].set(~is_heading, None) % 180.0).alias("heading_deg"),
        _flight(frame, number["platform_heading_deg"]), _looks(frame["look"]),
        number["incidence_deg"].set(~is_incidence, None).alias("incidence_deg"),
        number["range_velocity_s"].set(~is_ratio, None).alias("range_velocity_s"),
        number["score"].set(~is_score, None).alias("score"), footprint, issues(odd),
    )  # fmt: skip
    return rows.with_columns(ids("detection", rows, NAMED_BY))


def sensors(frame: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Read kinds of sensors: ``(n,) kinds, (n,) words on what is odd``; the satellite tells where nothing else does."""
    read = frame.select(
        said=pl.col("sensor"),
        kind=pl.coalesce(
            pl.when(pl.col(column).str.to_lowercase().str.contains(pattern)).then(pl.lit(kind))
            for column in ("sensor", "platform", "scene")
            for kind, pattern in SENSORS.items()
        ),
    )
    unknown = pl.when(pl.col("said").is_not_null() & pl.col("kind").is_null())
    return read["kind"], read.select(unknown.then(pl.format("'{}' is no known kind", "said"))).to_series()


def _flight(frame: pl.DataFrame, given: pl.Series) -> pl.Series:
    """Give where the platform flew to: as given, else by the half of its orbit."""
    by_half = _halves(frame["orbit"])
    is_given = given.is_between(-360.0, 360.0).fill_null(value=False)
    return (given % 360.0).zip_with(is_given, by_half).alias("platform_heading_deg")


def _halves(orbit: pl.Series) -> pl.Series:
    """Give where a satellite flies on the half of its orbit that is named; null for any other word."""
    half = pl.DataFrame({"half": orbit.str.to_lowercase()})
    return half.select(
        pl.when(pl.col("half").str.contains("^asc|^a$")).then(ASCENDING_DEG)
        .when(pl.col("half").str.contains("^desc|^d$")).then(DESCENDING_DEG)
    ).to_series()  # fmt: skip


def _looks(column: pl.Series) -> pl.Series:
    word = column.str.to_lowercase()
    return word.to_frame("said").select(
        pl.when(pl.col("said").str.contains("^r")).then(pl.lit("right"))
        .when(pl.col("said").str.contains("^l")).then(pl.lit("left")).alias("look")
    ).to_series()  # fmt: skip


def _said(column: pl.Series, is_bad: pl.Series) -> pl.Series:
    rows = pl.DataFrame({"said": column, "bad": is_bad & column.is_not_null()})
    return rows.select(pl.when("bad").then(pl.format("'{}' is none", "said"))).to_series()


def _footprints(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read what scenes cover: WKT, GeoJSON, or ``west,south,east,north``; each distinct text once."""
    words = {text: _footprint(text) for text in column.drop_nulls().unique().to_list()}
    read = [None if text is None else words[text] for text in column.to_list()]
    odd = [
        f"'{text[:80]}' is no area" if text is not None and words[text] is None else None for text in column
    ]
    return pl.Series("footprint", read, pl.Binary), pl.Series("odd", odd, pl.String)


def _footprint(text: str) -> bytes | None:
    try:
        if text.lstrip().startswith("{"):
            shape = shapely.geometry.shape(json.loads(text))
        elif sides := _sides(text):
            shape = shapely.geometry.box(*sides)
        else:
            shape = shapely.from_wkt(re.sub(r"^SRID=\d+;", "", text))
    except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, IndexError):
        return None
    is_area = shape.geom_type in ("Polygon", "MultiPolygon") and not shape.is_empty
    return bytes(shapely.to_wkb(shape)) if is_area else None


def _sides(text: str) -> list[float] | None:
    parts = re.split(r"[\s,;]+", text.strip("[]() "))
    try:
        sides = [float(part) for part in parts]
    except ValueError:
        return None
    return sides if len(sides) == 4 else None
