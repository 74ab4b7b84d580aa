"""The demo: what it reads, what it finds on a real day, and what it must never print."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import polars as pl
import pytest
import yaml

from clearwake import demo
from clearwake.demo_cases import LED
from clearwake.desk import Desk
from clearwake.model import ClearwakeError, UnreadableFileError
from clearwake.model.identifiers import transmitter_kind

HEAD = "*T*,897a7704,terrestrial,{points},0,*P*,terrestrial,2,1,1,{properties}"


def written(folder: Path, *lines: str) -> Path:
    """Write trajectories to a file."""
    file = folder / "few.traj"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_trajectory_becomes_a_table_with_its_values_as_they_are(tmp_path: Path) -> None:
    first = HEAD.format(points=2, properties=0) + (
        ",367697580,2020-06-30 02:07:55,-118.18221,33.84278,367697580,2020-06-30 02:09:26,-118.17922,33.83572"
    )
    second = (
        HEAD.format(points=1, properties=1)
        + ",vessel-name,2,367109000,2020-06-30 00:01:04,-74.2053,40.60922,HOUSTON"
    )
    assert demo.as_table(written(tmp_path, first, second)).decode().splitlines() == [
        "mmsi,time,lon,lat",
        "367697580,2020-06-30 02:07:55,-118.18221,33.84278",
        "367697580,2020-06-30 02:09:26,-118.17922,33.83572",
        "367109000,2020-06-30 00:01:04,-74.2053,40.60922",
    ]


@pytest.mark.parametrize(
    "line",
    [
        HEAD.format(points=2, properties=0) + ",367697580,2020-06-30 02:07:55,-118.18221,33.84278",
        HEAD.format(points=1, properties=0).replace("*T*", "*X*")
        + ",367697580,2020-06-30 02:07:55,-118.1,33.8",
        HEAD.format(points="many", properties=0),
        "mmsi,time,lon,lat",
    ],
)
def test_a_line_that_is_no_trajectory_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(UnreadableFileError, match=r"few\.traj, line 1"):
        demo.as_table(written(tmp_path, line))


def test_without_the_package_the_demo_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ClearwakeError, match=r"pip install 'clearwake\[demo\]'"):
        demo.run(tmp_path, print)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], list[str]]:
    """Run the demo's first area twice and give its folder and what was said both times."""
    if importlib.util.find_spec("tracktable_data") is None:
        pytest.skip("the package tracktable-data (extra: demo) is not installed")
    folder = tmp_path_factory.mktemp("demo")
    said: list[list[str]] = [[], []]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "AREAS", demo.AREAS[:1])
        for lines in said:
            demo.run(folder, lines.append)
    return folder, said[0], said[1]


def test_the_meeting_far_offshore_comes_out_first(told: tuple[Path, list[str], list[str]]) -> None:
    ranked = told[1][told[1].index(next(line for line in told[1] if "Whom to look at first" in line)) :]
    first = next(number for number, line in enumerate(ranked) if line.strip().startswith("1. "))
    assert "303350200" in ranked[first]
    assert "of 367564890 for 1." in ranked[first + 1]
    distance = re.search(r"(\d+) km from the coast", ranked[first + 1])
    assert distance is not None
    assert 170 <= int(distance[1]) <= 190


def test_no_transmitter_that_is_not_a_ship_is_printed(told: tuple[Path, list[str], list[str]]) -> None:
    numbers = {int(number) for line in told[1] for number in re.findall(r"(?<!\d)\d{9}(?!\d)", line)}
    assert len(numbers) >= 2
    assert {
        number: transmitter_kind(number) for number in numbers if transmitter_kind(number) != "ship"
    } == {}
    assert any("13 transmitters that are not ships" in line for line in told[1])


def test_it_says_plainly_what_it_found(told: tuple[Path, list[str], list[str]]) -> None:
    text = "\n".join(told[1])
    for words in (
        " ships, ",
        " tracks, ",
        " meetings: ",
        " in_port",
        " silences of 6 h or more",
        " loiterings",
        " port calls",
    ):
        assert words in text
    assert "match of PATRIOT (ofac): IMO number 9003550 is listed" in text
    assert "namesake of PATRIOT" in text
    assert "CHON MA SAN: possible of CHON MA SAN (ofac)" in text


def test_it_draws_two_pictures_and_says_what_to_try(told: tuple[Path, list[str], list[str]]) -> None:
    folder, said, _ = told
    for name in ("map.png", "meeting.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")
    commands = [line.strip() for line in said if line.strip().startswith("clearwake ")]
    assert [command.split()[1] for command in commands] == [
        "rank", "explain", "show", "show", "screen", "case", "case", "elements", "assess", "release", "verify",
        "ledger",
    ]  # fmt: skip


def test_the_published_incidents_are_cases_and_one_is_led_to_a_dossier_that_verifies(
    told: tuple[Path, list[str], list[str]],
) -> None:
    folder, said, again = told
    steps = [line.split()[0:3] for line in said if "; it is " in line]
    assert [" ".join(words) for words in steps] == [
        "analyst confirm: the", "analyst confirm: the", "legal adviser review:", "release officer offer",
        "release officer publish:",
    ]  # fmt: skip
    assert any("12 published incidents of 2017 to 2019 are cases" in line for line in said)
    assert any("dprk flag established" in line and "no exemption indicated" in line for line in said)
    verified = [line for line in (*said, *again) if "verified: " in line]
    assert len(verified) == 2
    assert not any("not reproduced" in line for line in verified)
    for name in (f"{LED}.pdf", f"{LED}-notice.pdf"):
        assert (folder / "cases" / name).read_bytes().startswith(b"%PDF")


def test_the_case_that_was_led_shows_what_the_expectation_of_its_incident_says(
    told: tuple[Path, list[str], list[str]],
) -> None:
    expected = yaml.safe_load((Path(__file__).parent / "law" / "incidents.yml").read_text("utf-8"))[LED]
    with Desk(told[0], create=False) as desk:
        found = desk.elements(LED).rows
    assert set(found["provision"]) == set(expected["listed"])
    for key, wanted in expected["expect"].items():
        provision, *about = key.split()
        rows = found.filter(pl.col("provision") == provision)
        rows = rows.filter(pl.col("about") == about[0][1:]) if about else rows
        # The legal adviser concluded that the Committee had not exempted what it designated the ship for.
        added = {"no_exemption": "indicated"} if "no_exemption" in wanted else {}
        assert dict(rows.select("element", "status").iter_rows()) == wanted | added


def test_the_ledger_gives_the_published_sums(told: tuple[Path, list[str], list[str]]) -> None:
    assert any("506,529 bbl at one third laden" in line and "1,367,628 at 90 %" in line for line in told[1])


def test_once_more_adds_nothing_and_says_the_same(told: tuple[Path, list[str], list[str]]) -> None:
    def lasting(lines: list[str]) -> list[str]:
        kept = [line for line in lines if "read" not in line and "carried through" not in line]
        # What was decided the first time is not decided again.
        return [
            line
            for line in kept
            if not any(each in line for each in ("; it is ", " open: ", " add: ", "from report to dossier:"))
        ]

    assert lasting(told[2]) == lasting(told[1])
    assert any("read before" in line for line in told[2])
