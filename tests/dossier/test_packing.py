"""Packing: what is written can be read back to the same, and a bundle's zip has one way to be."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dossier.released_cases import RSG, of_many_scripts, rye_song_gang

from clearwake.dossier.exports import cut, entities, geojson
from clearwake.dossier.material import Material
from clearwake.dossier.packing import evidence, positions_csv, positions_of, unpacked, unzipped, zipped
from clearwake.flow.findings import findings
from clearwake.model import Designation, Position, conform, empty
from clearwake.seal import canonical

EARLIEST, LATEST = datetime(2000, 1, 1), datetime(2040, 1, 1)  # noqa: DTZ001 - Hypothesis puts the zone on

REPORTS = st.tuples(
    st.integers(200_000_000, 799_999_999),
    st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0)),
    st.floats(-180, 180), st.floats(-90, 90), st.none() | st.floats(0, 102, width=32),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(REPORTS, min_size=1, max_size=20))
def test_positions_come_back_as_they_were_to_the_last_bit(reports: list[tuple[object, ...]]) -> None:
    columns = ("mmsi", "time", "lon", "lat", "speed_kn")
    rows = [dict(zip(columns, report, strict=True)) for report in reports]
    track = conform(pl.DataFrame(rows).cast({"time": pl.Datetime("ms", "UTC")}), Position)
    assert positions_of(positions_csv(track), "track").equals(track)


def test_a_release_comes_back_from_its_files() -> None:
    released = rye_song_gang()
    files = evidence(released, empty(Designation), {released.case.items[1].id: b"\x89PNG photograph"})
    back = unpacked(files)
    assert back.released.case == released.case
    assert canonical(back.released.coarsened) == canonical(released.coarsened)
    assert back.photographs == {released.case.items[1].id: b"\x89PNG photograph"}
    assert all(back.released.tracks[item].equals(rows) for item, rows in released.tracks.items())


@given(st.dictionaries(st.text("abc/.", min_size=1, max_size=8), st.binary(max_size=50), max_size=6))
def test_the_same_files_make_the_same_zip_and_come_out_of_it(files: dict[str, bytes]) -> None:
    packed = zipped(files)
    assert packed == zipped(dict(reversed(files.items())))
    assert unzipped(packed, "bundle") == (files, {})


def test_a_line_across_the_antimeridian_is_cut_with_a_point_on_either_side() -> None:
    parts = cut(np.array([[179.0, 10.0], [179.5, 10.0], [-179.5, 11.0], [-179.0, 11.0]]))
    assert [part.tolist() for part in parts] == [
        [[179.0, 10.0], [179.5, 10.0], [180.0, 10.5]],
        [[-180.0, 10.5], [-179.5, 11.0], [-179.0, 11.0]],
    ]


def test_exports_name_ships_listings_and_places() -> None:
    material = Material(rye_song_gang(), findings(rye_song_gang()), "n-1", "clearwake 0")
    ships = {e["id"]: e["properties"] for e in entities(material) if e["schema"] == "Vessel"}
    assert [each["imoNumber"] for each in ships.values() if "imoNumber" in each] == [["7389704"]]
    (listing,) = (e["properties"] for e in entities(material) if e["schema"] == "Sanction")
    assert ships[listing["entity"][0]]["name"] == ["RYE SONG GANG 1"]
    kinds = [feature["geometry"]["type"] for feature in geojson(material)["features"]]
    assert kinds.count("MultiLineString") == 2
    assert json.loads(canonical(geojson(material)))["type"] == "FeatureCollection"
    assert RSG in material.names


def test_a_second_release_has_other_entities_ids() -> None:
    one, other = (
        Material(of_many_scripts(), findings(of_many_scripts()), number, "clearwake 0")
        for number in ("n-1", "n-2")
    )
    assert not {e["id"] for e in entities(one)} & {e["id"] for e in entities(other)}
