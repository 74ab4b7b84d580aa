"""Which column of a file is which."""

from __future__ import annotations

import pytest

from clearwake.model import UnreadableFileError, UsageError
from clearwake.sources.columns import layout, spelling

NOAA_2020 = (
    "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,"
    "Cargo,TransceiverClass"
)
NOAA_2025 = (
    "mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,status,length,"
    "width,draft,cargo,transceiver"
)
DANISH = (
    "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,"
    "Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type,"
    "A,B,C,D"
)
FISHING_WATCH = (
    "ssvid,timestamp,lat,lon,speed,course,heading,shipname,callsign,imo,shiptype,destination,receiver"
)
PLAIN = "mmsi,time,lon,lat,speed_kn,course_deg,heading_deg,nav_status,name,imo,callsign,ship_type,draught_m,length_m"


MOVES = "speed_kn course_deg heading_deg"
DANES_SAY = "imo callsign name ship_type length_m draught_m destination"
NOAA_SAYS = "name imo callsign ship_type nav_status length_m draught_m ais_class"


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        (
            NOAA_2020,
            f"mmsi time lat lon {MOVES} {NOAA_SAYS}",
        ),
        (NOAA_2025, f"mmsi time lon lat {MOVES} {NOAA_SAYS}"),
        (
            DANISH,
            f"time ais_class mmsi lat lon nav_status {MOVES} {DANES_SAY}",
        ),
        (FISHING_WATCH, f"mmsi time lat lon {MOVES} name callsign imo ship_type destination station"),
        (PLAIN, f"mmsi time lon lat {MOVES} nav_status name imo callsign ship_type draught_m length_m"),
    ],
)
def test_every_family_is_recognised_column_by_column(header: str, ours: str) -> None:
    found = layout(header.split(","), {}, "a.csv")
    assert sorted(found.place, key=lambda name: found.place[name]) == ours.split()


def test_families_may_be_mixed_and_written_in_any_case() -> None:
    found = layout(["SSVID", "BaseDateTime", "Longitude", "lat", "Sog"], {}, "a.csv")
    assert found.place == {"mmsi": 0, "time": 1, "lon": 2, "lat": 3, "speed_kn": 4}


def test_our_own_name_goes_before_another_familys() -> None:
    found = layout(["timestamp", "time", "mmsi", "lon", "lat"], {}, "a.csv")
    assert found.place["time"] == 1


def test_a_column_named_explicitly_goes_before_one_that_is_recognised() -> None:
    found = layout(["time", "sent", "mmsi", "lon", "lat"], {"time": "sent"}, "a.csv")
    assert found.place["time"] == 1


def test_a_missing_column_is_said_with_what_was_found_and_how_to_name_it() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        layout(["mmsi", "when", "lon", "lat"], {}, "a.csv")
    assert refused.value.where == "a.csv"
    assert refused.value.found == "no column for time; the columns are 'mmsi', 'when', 'lon', 'lat'"
    assert refused.value.do_next == "name it: --map time=COLUMN"


def test_two_columns_that_could_be_the_same_are_not_guessed_between() -> None:
    with pytest.raises(UnreadableFileError, match="more than one column for lat: 'LAT', 'Lat'"):
        layout(["mmsi", "time", "lon", "LAT", "Lat"], {}, "a.csv")
    chosen = layout(["mmsi", "time", "lon", "LAT", "Lat"], {"lat": "Lat"}, "a.csv")
    assert chosen.place["lat"] == 4


def test_naming_a_column_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UnreadableFileError, match="no column called sent"):
        layout(["mmsi", "time", "lon", "lat"], {"time": "sent"}, "a.csv")


def test_naming_something_a_table_of_positions_does_not_have_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="has no colour"):
        layout(["mmsi", "time", "lon", "lat"], {"colour": "mmsi"}, "a.csv")


@pytest.mark.parametrize(
    ("header", "is_day_first"),
    [(DANISH, True), (DANISH.replace("# ", ""), True), ("# Timestamp,MMSI,Latitude,Longitude", True),
     ("Timestamp,MMSI,Latitude,Longitude", False), (NOAA_2020, False)],
)  # fmt: skip
def test_only_the_danish_family_writes_the_day_first(header: str, is_day_first: object) -> None:
    assert layout(header.split(","), {}, "a.csv").is_day_first == is_day_first


def test_spellings_are_compared_without_case_blanks_and_signs() -> None:
    assert spelling("# Time_Stamp (UTC)") == "timestamputc"
