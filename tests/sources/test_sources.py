"""The registry of sources, and the laws all of them keep."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearwake.model import UnreadableFileError, UsageError
from clearwake.sources import SOURCES, source

Read = Callable[..., Any]

DOCS = Path(__file__).resolve().parents[2] / "docs" / "sources"


def test_every_source_has_a_name_of_its_own_and_a_page() -> None:
    names = [each.name for each in SOURCES]
    assert len(names) == len(set(names))
    for name in names:
        assert (DOCS / f"{name}.md").read_text().startswith(f"# `{name}`"), name


def test_an_unknown_source_is_a_usage_error_that_lists_the_known() -> None:
    with pytest.raises(UsageError, match="table, nmea, noaa, dma, registry, anchorages, zones"):
        source("tabel")


# One valid specimen each; mutations of them are what real feeds deliver on a bad day.
SPECIMENS: dict[str, bytes] = {
    "table": (
        b"mmsi,time,lon,lat,speed_kn,course_deg,heading_deg,nav_status,name,imo,ship_type,length_m\n"
        b'366952890,2020-06-30T12:00:00,-74.05,40.66,10.5,349.9,350,0,"A, B",IMO9811000,70,400\n'
        b"366952891,2020-06-30 12:00:00Z,181,91,102.3,360,511,15,Unknown,,Tanker,\n"
    ),
    "noaa": (
        b"MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status\n"
        b"367752440,2023-01-11T00:00:00,43.07917,-70.75733,0.0,-60.6,95.0,SAN JOSE,,WDI9818,31,0.0\n"
    ),
    "dma": (
        b"# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,"
        b"Name,Ship type\n"
        b"04/03/2026 00:00:29,Class A,266186000,57.6,11.7,Moored,0.0,0.0,348.5,235,Unknown,SLID,GLITTSKAR,Fishing\n"
    ),
    "nmea": (
        b"\\s:a,c:1418169601*58\\!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A\n"
        b"!AIVDM,2,1,3,B,55NBjP01mtGIL@CW;SM<D60P5Ld000000000000P0`<3557l0<50@kk@,0*66,b003669976,1272672016\n"
        b"!AIVDM,2,2,3,B,K5h@00000000000,2*72,b003669976,1272672016\n"
        b"$PGHP,1,2013,3,18,9,19,9,499,219,,2190048,1,28*23\n"
        b"!BSVDM,1,1,,B,14VliT002O0q2DBP:dAu7JRD0<0s,0*28\n"
    ),
    "registry": (
        b"imo,mmsi,name,flag,type,length,built,owner,from,to\n"
        b"9811000,353136000,EVER GIVEN,Panama,Container ship,400,2018,Luster,2018-09-25,\n"
        b'IMO 9074729,,BONU 5,PA,Tanker,"1,80",1995,,,2020\n'
    ),
    "anchorages": b"name,lon,lat,kind,radius_km\nLaconian Gulf,22.75,36.55,anchorage,7\nAugusta,15.2,37.2,port,\n",
    "zones": (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Box"},"geometry":'
        b'{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}}]}'
    ),
}
JSON_LINES = (
    b'{"ssvid": 416000000, "timestamp": "2014-01-01T01:14:25Z", "lon": 120.31, "lat": 22.56, "speed": 0}\n'
)


def survives(read: Read, name: str, content: bytes) -> None:
    """Read it: whatever it is, it is accounted for row by row (``read`` checks that) or refused whole."""
    try:
        read(name, content)
    except UnreadableFileError as refused:
        assert refused.where  # noqa: PT017 - refusing is one of two good outcomes
        assert refused.do_next  # noqa: PT017 - and says what to do


def test_every_source_reads_its_specimen(read: Read) -> None:
    for name, content in SPECIMENS.items():
        found = read(name, content)
        assert found.rows
        assert not len(found.quarantine), name


def mutated(content: bytes) -> st.SearchStrategy[bytes]:
    """Flip bytes, cut, repeat and insert: what happens to files on their way."""
    places = st.integers(0, len(content))

    @st.composite
    def draw_one(draw: st.DrawFn) -> bytes:
        data = bytearray(content)
        for _ in range(draw(st.integers(1, 4))):
            start, end = sorted((draw(places), draw(places)))
            how = draw(st.sampled_from(["set", "cut", "repeat", "insert", "truncate"]))
            if how == "set" and start < len(data):
                data[start] = draw(st.integers(0, 255))
            elif how == "cut":
                del data[start:end]
            elif how == "repeat":
                data[start:start] = data[start:end]
            elif how == "insert":
                data[start:start] = draw(st.one_of(st.binary(max_size=8), st.sampled_from(SPICE)))
            elif how == "truncate":
                del data[max(start, 1) :]
        return bytes(data)

    return draw_one()


SPICE = [
    b'"',
    b"\n",
    b"\r",
    b"\0",
    b",,,,",
    b"\xff\xfe",
    b"1e999",
    b"nan",
    b"-",
    b"\\",
    b"*",
    b"!AIVDM,",
    b"{",
    b"[[[[",
]

quick = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("name", SPECIMENS)
@quick
@given(data=st.data())
def test_a_damaged_file_never_stops_a_source_and_loses_no_row(
    read: Read, name: str, data: st.DataObject
) -> None:
    survives(read, name, data.draw(mutated(SPECIMENS[name])))


@quick
@given(content=mutated(JSON_LINES * 3))
def test_damaged_json_lines_never_stop_a_source_and_lose_no_row(read: Read, content: bytes) -> None:
    survives(read, "table", content)


@pytest.mark.parametrize("name", SPECIMENS)
@quick
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_anything_at_all_is_read_or_refused(read: Read, name: str, content: bytes) -> None:
    survives(read, name, content)


@quick
@given(content=mutated(gzip.compress(SPECIMENS["table"])))
def test_a_damaged_archive_never_stops_a_source(read: Read, content: bytes) -> None:
    survives(read, "table", content)


FIELDS = st.one_of(
    st.sampled_from(
        ["", "0", "181", "91", "-74.05", "2020-06-30T12:00:00", "1593518400", "NaN", "Unknown", "1e999"]
    ),
    st.floats().map(str),
    st.integers().map(str),
    st.text(max_size=8),
)


@quick
@given(rows=st.lists(st.lists(FIELDS, min_size=10, max_size=10), max_size=8))
def test_any_fields_in_a_table_are_facts_rejects_or_counted(read: Read, rows: list[list[str]]) -> None:
    header = "mmsi,time,lon,lat,speed_kn,course_deg,heading_deg,nav_status,name,imo"
    quoted = [",".join('"' + field.replace('"', '""') + '"' for field in row) for row in rows]
    survives(read, "table", "\n".join([header, *quoted]).encode("utf-8", "surrogatepass"))
