"""NOAA MarineCadastre files of every edition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clearwake.model import UnreadableFileError, utc

Read = Callable[..., Any]

# Rows as published by NOAA, the US Bureau of Ocean Energy Management and the US Coast Guard (public domain).
UNTIL_2024 = """\
MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,\
Width,Draft,Cargo,TransceiverClass
367752440,2023-01-11T00:00:00,43.07917,-70.75733,0.0,360.0,95.0,SAN JOSE,,WDI9818,31,0.0,,,,52.0,A
636021061,2023-01-11T00:00:00,26.09241,-80.04806,8.8,272.7,270.0,\
MSC NAISHA III,IMO9307839,5LCB4,70,8.0,208.0,30.0,8.0,70.0,A
"""
# One of them under the columns of the editions since 2025.
SINCE_2025 = """\
mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,status,length,\
width,draft,cargo,transceiver
636021061,2025-01-11 00:00:00,-80.04806,26.09241,8.8,272.7,270,MSC NAISHA III,IMO9307839,5LCB4,70,8,208,30,8.0,70,A
"""


def test_files_until_2024_are_read(read: Read) -> None:
    found = read("noaa", UNTIL_2024)
    assert found.positions.select("mmsi", "time", "lon", "lat", "course_deg", "nav_status").rows() == [
        (367752440, utc("2023-01-11"), -70.75733, 43.07917, None, 0),
        (636021061, utc("2023-01-11"), -80.04806, 26.09241, pytest.approx(272.7), 8),
    ]
    assert found.claims.select(
        "source", "name", "imo", "callsign", "ship_type", "length_m", "draught_m"
    ).rows() == [
        ("noaa", "SAN JOSE", None, "WDI9818", 31, None, None),
        ("noaa", "MSC NAISHA III", "9307839", "5LCB4", 70, 208.0, 8.0),
    ]


def test_files_since_2025_are_read(read: Read) -> None:
    found = read("noaa", SINCE_2025)
    assert found.positions.select("mmsi", "time", "lon", "lat").rows() == [
        (636021061, utc("2025-01-11"), -80.04806, 26.09241)
    ]


def test_a_table_of_another_publisher_is_refused_whole(read: Read) -> None:
    with pytest.raises(UnreadableFileError, match="no column basedatetime") as refused:
        read("noaa", "mmsi,time,lon,lat\n1,2020-06-30T12:00:00,1,2\n")
    assert refused.value.read_as == "a NOAA MarineCadastre file"


@pytest.mark.shared
def test_an_hour_of_new_york_is_read_in_full_with_its_courses_put_back(read: Read, shared: Path) -> None:
    found = read(
        "noaa", shared / "ais_us_marinecadastre_tracktable" / "NYHarbor_2020_06_30_first_hour.csv.gz"
    )
    assert (found.rows, len(found.positions), len(found.quarantine)) == (8689, 8689, 0)
    assert found.positions["course_deg"].null_count() == 777, "-49.6 is 360.0: not available"
    assert found.positions["course_deg"].is_between(0, 360, closed="left").all()
    first = found.positions.row(0, named=True)
    assert (first["mmsi"], first["course_deg"]) == (367000140, 349.0), "the file says -60.6"
