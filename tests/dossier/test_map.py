"""The map picture: what it shows, that labels stay clear of each other, and that no meridian breaks it."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from clearwake.dossier.labels import Label, place
from clearwake.dossier.map import MARK, MEETING, marks, region_map
from clearwake.dossier.meeting import meeting_picture
from clearwake.dossier.plane import around, degrees, nice
from clearwake.model import Encounter, Indicator, schema, utc

TRACK = pl.Schema(
    {"mmsi": pl.Int64(), "time": pl.Datetime("ms", "UTC"), "lon": pl.Float64(), "lat": pl.Float64()}
)

A, B = 303_350_200, 367_564_890


def track(mmsi: int, places: list[tuple[str, float, float]]) -> pl.DataFrame:
    """Give positions of one ship."""
    return pl.DataFrame(
        [(mmsi, utc(time), lon, lat) for time, lon, lat in places], schema=TRACK, orient="row"
    )


def meeting(**given: Any) -> pl.DataFrame:
    """Give one meeting 179 km offshore."""
    event = {
        "id": "encounter:1", "kind": "encounter", "version": 1, "start": utc("2020-06-30T12:10"),
        "end": utc("2020-06-30T13:40"), "lon": -76.4, "lat": 32.9, "track_a": A * 10_000 + 1, "mmsi_a": A,
        "track_b": B * 10_000 + 1, "mmsi_b": B, "evidence": [], "known_at": utc("2020-07-01"), "label": "short",
        "duration_h": 1.5, "min_apart_m": 408.2, "median_apart_m": 420.0, "median_speed_kn": 0.4, "together_h": 1.5,
        "apart_before_km": 1.0, "apart_after_km": 9.5, "coast_km": 179.0, "anchorage_km": 189.0,
    }  # fmt: skip
    return pl.DataFrame([event | given], schema=schema(Encounter))


def size(png: bytes) -> tuple[int, int]:
    """Read width and height out of a PNG's header."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_the_map_is_a_slide_at_200_dots_per_inch() -> None:
    sailed = track(A, [("2020-06-30T12:00", -76.4, 32.9), ("2020-06-30T12:30", -76.3, 32.8)])
    drawn = pl.DataFrame([(MEETING, -76.4, 32.9, None, None, "1  303350200")], schema=MARK, orient="row")
    picture = region_map(sailed, drawn, highlighted=[A], title="T", subtitle="S", attribution="A")
    assert size(picture) == (2666, 1500)


def test_a_map_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one position or one mark"):
        region_map(pl.DataFrame(schema=TRACK), pl.DataFrame(schema=MARK), highlighted=[], title="", subtitle="",
                   attribution="")  # fmt: skip


def test_a_track_across_the_antimeridian_is_drawn_in_one_piece() -> None:
    sailed = track(A, [("2020-06-30T12:00", 179.9, 52.0), ("2020-06-30T12:30", -179.9, 52.1)])
    frame = around(sailed["lon"].to_numpy(), sailed["lat"].to_numpy(), aspect=16 / 9)
    assert frame.east - frame.west < 3
    assert np.ptp(frame.lon(sailed["lon"].to_numpy())) == pytest.approx(0.2)
    assert size(
        region_map(sailed, pl.DataFrame(schema=MARK), highlighted=[], title="", subtitle="", attribution="")
    )


@settings(deadline=None, max_examples=60)
@given(places=st.lists(st.tuples(st.floats(-180, 180), st.floats(-80, 80)), min_size=1, max_size=8))
def test_the_frame_holds_every_place(places: list[tuple[float, float]]) -> None:
    lon, lat = (np.array(values) for values in zip(*places, strict=True))
    frame = around(lon, lat, aspect=1.9)
    assert ((frame.lon(lon) >= frame.west - 1e-9) & (frame.lon(lon) <= frame.east + 1e-9)).all()
    assert ((lat >= frame.south) & (lat <= frame.north)).all()


def paper(width_in: float, height_in: float) -> tuple[Figure, Axes]:
    """Give an empty plane from 0 to 1 that fills a sheet."""
    figure = Figure(figsize=(width_in, height_in), dpi=100)
    FigureCanvasAgg(figure)
    return figure, figure.add_axes((0, 0, 1, 1))


def test_eight_labels_on_one_spot_do_not_overlap_and_stay_inside() -> None:
    figure, axes = paper(13, 7.5)
    left_out = place(axes, [Label(0.5, 0.5, f"{n}  303350200\n408 m for 1.5 h") for n in range(8)])
    figure.draw_without_rendering()
    boxes = [patch.get_window_extent() for text in axes.texts if (patch := text.get_bbox_patch())]
    assert (left_out, len(boxes)) == ([], 8)
    assert not [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]
    assert all(axes.bbox.x0 <= box.x0 and box.x1 <= axes.bbox.x1 for box in boxes)


def test_a_label_without_room_is_named_not_squeezed_in() -> None:
    _, axes = paper(1, 0.5)
    label = Label(0.5, 0.5, "a label far too long for the picture it should stand in")
    assert place(axes, [label]) == [label]


def test_marks_are_the_events_behind_the_first_ships_each_once() -> None:
    reasons = pl.DataFrame(
        [
            {"id": f"indicator:{n}", "mmsi": mmsi, "kind": kind, "is_for": is_for, "weight": weight,
             "weight_origin": "", "sentence": "", "evidence": evidence}
            for n, (mmsi, kind, is_for, weight, evidence) in enumerate([
                (A, "met_briefly_offshore", True, 2.0, ["encounter:1"]),
                (B, "met_briefly_offshore", True, 2.0, ["encounter:1"]),
                (B, "listed", True, 6.0, ["ofac:1"]),
                (B, "met_in_port", False, 0.0, ["encounter:2"]),
            ])
        ],
        schema=schema(Indicator),
    )  # fmt: skip
    ranking = pl.DataFrame({"rank": [1, 2], "mmsi": [B, A]})
    both = pl.concat((meeting(), meeting(id="encounter:2")))
    assert marks(ranking, reasons, {"encounters": both}).rows() == [
        (
            "meeting",
            -76.4,
            32.9,
            None,
            None,
            "1, 2   303350200 and 367564890\n408 m for 1.5 h, 179 km off the coast",
        ),
    ]
    assert marks(ranking, reasons, {}).is_empty()


def test_several_events_of_a_ship_have_one_label_that_counts_them() -> None:
    reasons = pl.DataFrame(
        [
            {"id": f"indicator:{n}", "mmsi": A, "kind": "met_offshore", "is_for": True, "weight": 3.0 - n,
             "weight_origin": "", "sentence": "", "evidence": [f"encounter:{n}"]}
            for n in (1, 2)
        ],
        schema=schema(Indicator),
    )  # fmt: skip
    both = pl.concat((meeting(), meeting(id="encounter:2")))
    drawn = marks(pl.DataFrame({"rank": [1], "mmsi": [A]}), reasons, {"encounters": both})
    assert drawn["label"].to_list() == [
        "1   303350200 and 367564890\n408 m for 1.5 h, 179 km off the coast  (+1 more)",
        None,
    ]


def test_a_meeting_is_drawn_close_up() -> None:
    sailed = pl.concat((
        track(A, [("2020-06-30T11:00", -76.5, 32.9), ("2020-06-30T11:50", -76.4, 32.9),
                  ("2020-06-30T13:00", -76.4, 32.9)]),
        track(B, [("2020-06-30T11:55", -76.401, 32.903), ("2020-06-30T12:50", -76.403, 32.902),
                  ("2020-06-30T15:00", -76.3, 32.9)]),
    ))  # fmt: skip
    picture = meeting_picture(meeting().row(0, named=True), sailed, {A: "MARY"}, "A")
    assert size(picture) == (2666, 1500)


def test_a_meeting_near_land_that_lasts_still_is_drawn_with_one_position_of_a_ship() -> None:
    sailed = pl.concat((
        track(A, [("2020-06-30T12:00", -74.0, 40.4), ("2020-06-30T12:40", -74.0, 40.41)]),
        track(B, [("2020-06-30T12:20", -74.001, 40.405)]),
    ))  # fmt: skip
    here = meeting(end=None, lon=-74.0, lat=40.405, coast_km=5.0).row(0, named=True)
    assert size(meeting_picture(here, sailed, {}, "A")) == (2666, 1500)


def test_a_meeting_of_a_ship_without_positions_is_refused() -> None:
    sailed = track(A, [("2020-06-30T12:00", -76.4, 32.9)])
    with pytest.raises(ValueError, match="no position of 367564890"):
        meeting_picture(meeting().row(0, named=True), sailed, {}, "A")


@pytest.mark.parametrize(
    ("length", "round_number"), [(7.3, 5.0), (1.99, 1.0), (2.0, 2.0), (0.3, 0.2), (940.0, 500.0)]
)
def test_scale_bars_have_round_lengths(length: float, round_number: float) -> None:
    assert nice(length) == pytest.approx(round_number)


@pytest.mark.parametrize(
    ("value", "text"), [(74.5, "74.5° E"), (-74.0, "74° W"), (0.0, "0°"), (0.125, "0.125° E")]
)
def test_degrees_have_letters_not_signs(value: float, text: str) -> None:
    assert degrees(value, "E", "W") == text
