"""Voyages of a desk: shown, explained down to the bytes, ranked, known only when they were known; and files without."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

import clearwake
from clearwake.flow.explain import Explanation
from clearwake.model import utc
from clearwake.sphere import interpolate, lonlat, unit_vectors

WINMORE, SAM_JONG = 477_000_001, 445_000_002

WAYS = {
    WINMORE: [
        ("2018-03-01T00:00", 127.735, 34.735), ("2018-03-02T00:00", 127.735, 34.735), ("2018-03-03T12:00", 124.3, 30.5),
        ("2018-03-03T20:00", 124.3, 30.5), ("2018-03-05T00:00", 127.735, 34.735), ("2018-03-05T12:00", 127.735, 34.735),
    ],
    SAM_JONG: [
        ("2018-03-01T00:00", 125.4, 38.71), ("2018-03-01T12:00", 125.4, 38.71), ("2018-03-03T11:30", 124.3, 30.502),
        ("2018-03-03T20:00", 124.3, 30.502), ("2018-03-05T00:00", 124.0, 34.0),
    ],
}  # fmt: skip
"""Out of Yosu for "Taiwan", eight hours beside a ship of the DPRK that came from Nampo, and back to Yosu."""


def said(mmsi: int, time: str) -> tuple[float, str | None]:
    """Give the draught and destination typed at a time."""
    if mmsi == SAM_JONG:
        return (4.0 if time < "2018-03-03T18:00" else 5.6), None
    return (5.0 if time < "2018-03-01T18:00" else 8.6 if time < "2018-03-03T18:00" else 7.2), (
        "KRYOS" if time < "2018-03-01T18:00" else "TW KHH"
    )


def reports(*, bare: bool = False) -> pl.DataFrame:
    """Write what was heard, every 20 minutes."""
    rows = []
    for mmsi, way in WAYS.items():
        for (first, *here), (last, *there) in pairwise(way):
            begin, count = utc(first), int((utc(last) - utc(first)) / timedelta(minutes=20))
            a, b = (unit_vectors([lon], [lat]) for lon, lat in (here, there))
            for n in range(count):
                lon, lat = lonlat(interpolate(a, b, [n / count]))
                time = f"{begin + n * timedelta(minutes=20):%Y-%m-%dT%H:%M}"
                rows.append((mmsi, time, float(lon[0]), float(lat[0]), *said(mmsi, time), 80, 110))
    names = ["mmsi", "time", "lon", "lat", "draught_m", "destination", "ship_type", "length_m"]
    frame = pl.DataFrame(rows, schema=names, orient="row").sort("time", "mmsi")
    return frame.select(names[:4]) if bare else frame


def opened(folder: Path, rows: pl.DataFrame) -> clearwake.Desk:
    """Give a desk that has read and run these reports."""
    rows.write_csv(folder / "reports.csv")
    desk = clearwake.open(folder / "desk")
    desk.read("table", folder / "reports.csv", known_at="time+1h")
    desk.run(steps="all")
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> clearwake.Desk:
    return opened(tmp_path_factory.mktemp("voyages"), reports())


def lines(explained: Explanation) -> set[str]:
    """Give the received lines an explanation ends in."""
    text = explained.details.get("text")
    return {str(text)} if text else {line for child in explained.children for line in lines(child)}


def test_the_draught_of_both_ships_changed_across_their_meeting(desk: clearwake.Desk) -> None:
    rows = desk.show("draught_changes").filter(pl.col("label") == "encounter").sort("mmsi_a")
    assert rows.select("mmsi_a", "change_m", "partner_mmsi", "agrees").rows() == [
        (SAM_JONG, 1.6, WINMORE, True), (WINMORE, -1.4, SAM_JONG, True),
    ]  # fmt: skip
    met = desk.show("encounters")
    assert rows["across"].unique().to_list() == met.filter(pl.col("label") == "standard")["id"].to_list()


def test_the_voyage_was_under_a_false_destination_and_met_a_ship_that_had_called_in_the_dprk(
    desk: clearwake.Desk,
) -> None:
    labels = desk.show("voyage_findings")["label"].to_list()
    assert {"dprk_call", "met_dprk_flag", "false_destination", "dprk_meeting_memory"} <= set(labels)
    (met,) = desk.show("voyage_findings").filter(pl.col("label") == "met_dprk_flag").iter_rows(named=True)
    assert (met["mmsi_a"], met["mmsi_b"]) == (SAM_JONG, WINMORE)
    assert len(met["chain"]) == 2


def test_two_published_methods_are_shown(desk: clearwake.Desk) -> None:
    shown = desk.show("typology_findings").filter(pl.col("status") == "shown")
    assert {"false_destination", "transfer_with_dprk_tanker"} <= set(shown["label"].to_list())


def test_findings_are_explained_down_to_received_lines(desk: clearwake.Desk) -> None:
    for table in ("draught_changes", "voyage_findings", "typology_findings"):
        fact = desk.show(table)["id"][0]
        assert any(str(line).startswith(("477000001,", "445000002,")) for line in lines(desk.explain(fact)))


def test_they_are_told_in_the_ranking_for_and_against(desk: clearwake.Desk) -> None:
    first = desk.rank().row(0, named=True)
    assert first["mmsi"] == WINMORE
    said_of_it = "; ".join(first["sentences"])
    assert "numbered under the DPRK's flag" in said_of_it
    assert "the partner's changed by 1.6 m" in said_of_it
    assert "orders change at sea" in said_of_it


def test_what_was_not_known_yet_is_not_found(desk: clearwake.Desk) -> None:
    before = desk.show("draught_changes", as_of=utc("2018-03-03T12:00"))
    assert set(before["label"].to_list()) <= {"port_call"}


def test_files_with_nothing_but_positions_work_and_tell_of_calls_and_meetings_only(tmp_path: Path) -> None:
    with opened(tmp_path, reports(bare=True)) as desk:
        assert desk.show("draught_changes").is_empty()
        assert not {"false_destination", "heading_away", "never_called"} & set(
            desk.show("voyage_findings")["label"].to_list()
        )
        # Nothing says what kind of ship either is, so the transfer is partial and not found.
        assert desk.show("typology_findings")["status"].unique().to_list() == ["partial"]
        assert not desk.rank().is_empty()
