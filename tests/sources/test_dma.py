"""Files of the Danish Maritime Authority."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clearwake.model import UnreadableFileError, utc

Read = Callable[..., Any]

# Rows as published by the Danish Maritime Authority (free use with attribution).
DAY = """\
# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,\
Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type,A,B,C,D
04/03/2026 00:00:29,Class A,266186000,57.617878,11.761928,Engaged in fishing,0.0,0.0,348.5,235,Unknown,SLID,\
GLITTSKAR,Fishing,,5,16,Chayka,2.5,"CPA0,5",,AIS,13,3,2,3
04/03/2026 00:00:00,Base Station,2190064,56.716565,11.519042,Unknown value,,,,,Unknown,Unknown,,Undefined,,,,GPS,,\
Unknown,,AIS,,,,
04/03/2026 00:00:00,Class A,230666000,91.000000,0.000000,Under way using engine,,,,,9100138,OJRV,BALTIC MADONNA,\
Cargo,,14,90,GPS,4.6,KRISTIANSAND,,AIS,77,13,7,7
"""


def test_the_day_comes_first_and_words_become_codes(read: Read) -> None:
    found = read("dma", DAY)
    assert found.positions.select("mmsi", "time", "lon", "lat", "nav_status").rows() == [
        (266186000, utc("2026-03-04T00:00:29"), 11.761928, 57.617878, 7),
        (2190064, utc("2026-03-04T00:00:00"), 11.519042, 56.716565, None),
    ]


def test_latitude_91_gives_no_position_but_keeps_who_it_was(read: Read) -> None:
    found = read("dma", DAY)
    assert found.counts == {"reports without a position": 1}
    assert found.claims.select(
        "name", "imo", "callsign", "ship_type", "ship_type_text", "destination"
    ).rows() == [
        ("GLITTSKAR", None, "SLID", 30, "Fishing", "CPA0,5"),
        ("BALTIC MADONNA", "9100138", "OJRV", 70, "Cargo", "KRISTIANSAND"),
    ]


def test_a_noaa_file_is_refused_whole(read: Read) -> None:
    noaa = (
        "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status\n"
        "367752440,2023-01-11T00:00:00,43.07917,-70.75733,0.0,360.0,95.0,SAN JOSE,,WDI9818,31,0.0\n"
    )
    with pytest.raises(UnreadableFileError, match="no column timestamp") as refused:
        read("dma", noaa)
    assert refused.value.read_as == "a file of the Danish Maritime Authority"


@pytest.mark.shared
def test_the_first_minutes_of_a_day_are_read_in_full(read: Read, shared: Path) -> None:
    found = read("dma", shared / "ais_dma_2026-04-26_first_minutes" / "ais.csv.gz")
    assert (found.rows, len(found.positions), len(found.quarantine)) == (19999, 19249, 0)
    assert found.counts == {"reports without a position": 750}
    assert found.positions["time"].is_between(utc("2026-04-26"), utc("2026-04-26T00:10")).all()
