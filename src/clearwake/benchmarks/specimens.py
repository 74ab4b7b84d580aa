"""Specimens of every kind of file a source reads, made of chance but valid: what is damaged on purpose elsewhere."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial, reduce
from operator import xor

import numpy as np
import polars as pl
import zstandard
from pyais.encode import encode_dict

Chance = np.random.Generator

Said = dict[str, str | int | float | bytes | bool]

BEGINNING = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Specimen:
    """A kind of file: which source reads it, its first line, and how one more row or sentence is made."""

    source: str
    header: bytes
    row: Callable[[Chance], bytes]
    """One valid row without its line end; it gives one position or anchorage, whatever stands around it."""
    mend: Callable[[bytes], bytes] = bytes
    """Makes the checksums of damaged rows right again, so that what lies behind them is reached."""

    def file(self, chance: Chance, rows: int) -> bytes:
        """Make a valid file."""
        return self.header + b"".join(self.row(chance) + b"\n" for _ in range(rows))


@dataclass(frozen=True)
class Report:
    """What a valid row says."""

    mmsi: int
    time: datetime
    lon: float
    lat: float
    speed_kn: float
    course_deg: float
    heading_deg: int
    status: int


def report(chance: Chance) -> Report:
    """Make a report of some ship, somewhere on one day."""
    return Report(
        int(chance.integers(201_000_000, 775_999_999)),
        BEGINNING + timedelta(seconds=int(chance.integers(0, 86_400))),
        round(float(chance.uniform(-179, 179)), 5),
        round(float(chance.uniform(-80, 80)), 5),
        round(float(chance.uniform(0, 25)), 1),
        round(float(chance.uniform(0, 359)), 1),
        int(chance.integers(0, 360)),
        int(chance.integers(0, 9)),
    )


def _plain(chance: Chance) -> bytes:
    r = report(chance)
    name = ("SHUN LI", '"A, B"', "", "ÆGIR", "Unknown")[int(chance.integers(5))]
    return (
        f"{r.mmsi},{r.time:%Y-%m-%dT%H:%M:%SZ},{r.lon},{r.lat},{r.speed_kn},{r.course_deg},{r.heading_deg},"
        f"{r.status},{name},IMO9{chance.integers(100000, 999999)},{chance.integers(20, 90)},12.5"
    ).encode()


def _noaa(chance: Chance) -> bytes:
    r = report(chance)
    return (
        f"{r.mmsi},{r.time:%Y-%m-%dT%H:%M:%S},{r.lat},{r.lon},{r.speed_kn},{r.course_deg},{r.heading_deg}.0,SAN JOSE,"
        f"IMO9811000,WDI9818,31,{r.status}.0,94.0,21.0,6.1,52.0,A"
    ).encode()


def _danish(chance: Chance) -> bytes:
    r = report(chance)
    return (
        f"{r.time:%d/%m/%Y %H:%M:%S},Class A,{r.mmsi},{r.lat},{r.lon},Moored,0.0,{r.speed_kn},{r.course_deg},"
        f'{r.heading_deg},Unknown,SLID,GLITTSKAR,Fishing,,5,16,GPS,2.5,"CPA0,5",,AIS,13,3,2,3'
    ).encode()


def _object(chance: Chance) -> bytes:
    r = report(chance)
    said = {"ssvid": str(r.mmsi), "timestamp": r.time.isoformat(), "lon": r.lon, "lat": r.lat, "speed": r.speed_kn,
            "course": r.course_deg, "shipname": "SHUN LI"}  # fmt: skip
    return json.dumps(said).encode()


def _anchorage(chance: Chance) -> bytes:
    r = report(chance)
    return f"Roads {r.mmsi},{r.lon},{r.lat},anchorage,{r.speed_kn}".encode()


def summed(body: bytes) -> bytes:
    """Put the checksum behind the content of a sentence or tag block."""
    return b"%b*%02X" % (body, reduce(xor, body, 0))


def _sentence(chance: Chance) -> bytes:
    """Make a position report with a stamp of one of the kinds logs have, sometimes among other lines."""
    r = report(chance)
    kind = (1, 3, 18, 27)[int(chance.integers(4))]
    fields: Said = {
        "type": kind,
        "mmsi": r.mmsi,
        "lon": r.lon,
        "lat": r.lat,
        "speed": r.speed_kn,
        "course": r.course_deg,
    }
    sentence = encode_dict(fields, talker_id="AI")[0].encode()
    epoch = int(r.time.timestamp())
    stamped = (
        b"%b,r003669946,%d" % (sentence, epoch),
        b"\\%b\\%b" % (summed(b"s:a,c:%d" % epoch), sentence),
        b"$%b\n%b" % (summed(f"PGHP,1,{r.time:%Y,%m,%d,%H,%M,%S},0,219,,2190048,1,28".encode()), sentence),
        b"%b%b,r003669946,%d" % (_voyage(r, epoch), sentence, epoch),
    )
    return stamped[int(chance.integers(len(stamped)))]


def summed_again(row: bytes) -> bytes:
    """Make the checksums in a row right, whatever it has become."""
    return _SUMMED.sub(lambda found: found[1] + summed(found[2]), row)


_SUMMED = re.compile(rb"([!$\\])([^*\\!$\n]*)\*[0-9A-F]{2}")


def _voyage(r: Report, epoch: int) -> bytes:
    """Make a voyage message in two parts."""
    fields: Said = {"type": 5, "mmsi": r.mmsi, "shipname": "SHUN LI", "ship_type": 80, "imo": 9811000}
    parts = encode_dict(fields, talker_id="AI", seq_id=r.status)
    return b"".join(b"%b,r003669946,%d\n" % (part.encode(), epoch) for part in parts)


SPECIMENS: Mapping[str, Specimen] = {
    "table, CSV": Specimen(
        "table",
        b"mmsi,time,lon,lat,speed_kn,course_deg,heading_deg,nav_status,name,imo,ship_type,draught_m\n",
        _plain,
    ),
    "table, JSON lines": Specimen("table", b"", _object),
    "noaa": Specimen(
        "noaa",
        b"MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,"
        b"Cargo,TransceiverClass\n",
        _noaa,
    ),
    "dma": Specimen(
        "dma",
        b"# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,"
        b"Name,Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,"
        b"Data source type,A,B,C,D\n",
        _danish,
    ),
    "nmea": Specimen("nmea", b"", _sentence, summed_again),
    "anchorages, CSV": Specimen("anchorages", b"name,lon,lat,kind,radius_km\n", _anchorage),
}
"""Files made of lines, in which each row can be damaged by itself."""


def _parquet(chance: Chance) -> bytes:
    reports = [report(chance) for _ in range(30)]
    frame = pl.DataFrame(
        {name: [getattr(each, name) for each in reports] for name in Report.__dataclass_fields__}
    )
    written = io.BytesIO()
    frame.write_parquet(written, row_group_size=10)
    return written.getvalue()


def _zipped(plain: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("day/one.csv", plain)
        archive.writestr("day/two.csv", plain)
    return packed.getvalue()


def _geojson(kind: str, coordinates: Callable[[float, float], object]) -> Callable[[Chance], bytes]:
    def make(chance: Chance) -> bytes:
        features = [
            {"type": "Feature", "properties": {"name": str(r.mmsi)},
             "geometry": {"type": kind, "coordinates": coordinates(r.lon, r.lat)}}
            for r in (report(chance) for _ in range(5))
        ]  # fmt: skip
        return json.dumps({"type": "FeatureCollection", "features": features}).encode()

    return make


def _ring(lon: float, lat: float) -> list[list[list[float]]]:
    return [[[lon, lat], [lon + 0.5, lat], [lon + 0.5, lat + 0.5], [lon, lat + 0.5], [lon, lat]]]


WHOLE_FILES: Mapping[str, tuple[str, Callable[[Chance], bytes]]] = {
    **{name: (each.source, partial(each.file, rows=12)) for name, each in SPECIMENS.items()},
    "table, Parquet": ("table", _parquet),
    "table, gzip": ("table", lambda chance: gzip.compress(SPECIMENS["table, CSV"].file(chance, 30), 1)),
    "noaa, Zstandard": (
        "noaa",
        lambda chance: zstandard.ZstdCompressor(write_checksum=True).compress(
            SPECIMENS["noaa"].file(chance, 30)
        ),
    ),
    "dma, zip": ("dma", lambda chance: _zipped(SPECIMENS["dma"].file(chance, 15))),
    "nmea, gzip": ("nmea", lambda chance: gzip.compress(SPECIMENS["nmea"].file(chance, 20), 1)),
    "anchorages, GeoJSON": ("anchorages", _geojson("Point", lambda lon, lat: [lon, lat])),
    "zones, GeoJSON": ("zones", _geojson("Polygon", _ring)),
}
"""Files that are damaged as a whole: headers, structure, packing.  Name -> source, and how one is made."""
