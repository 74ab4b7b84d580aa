"""The command line: what it prints, where it writes, and how it leaves, on a desk of three made-up ships."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
import typer

from clearwake.cli import exit_code, main
from clearwake.cli.app import app
from clearwake.cli.output import flat, geojson, table
from clearwake.cli.queries import queries
from clearwake.cli.values import mapping, moment
from clearwake.cli.where import keep
from clearwake.desk import readers
from clearwake.model import NotFoundError, UnreadableFileError, UsageError, utc

A, B, C = 303_350_200, 367_564_890, 412_000_001

DOCS = Path(__file__).resolve().parents[1] / "docs"


@dataclass(frozen=True)
class Said:
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, object]]:
        """The lines of JSON it wrote."""
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Said]


def positions() -> str:
    """Give 12 hours in the middle of the Pacific: A and B meet from 04:00 to 08:00, C passes far away."""
    start = utc("2020-06-30T00:00")
    lines = ["mmsi,time,lon,lat,name"]
    for step in range(73):
        at = start + timedelta(minutes=10 * step)
        apart = max(0, 24 - step, step - 48) * 0.02
        lines.append(f"{A},{at:%Y-%m-%dT%H:%M:%SZ},-150.0,30.0,MARY ANN")
        lines.append(f"{B},{at:%Y-%m-%dT%H:%M:%SZ},{-150.001 - apart:.4f},30.001,")
        lines.append(f"{C},{at:%Y-%m-%dT%H:%M:%SZ},{-140.0 + step * 0.05:.3f},35.0,")
    return "\n".join(lines) + "\n"


def call(*words: object, capture: Callable[[], tuple[str, str]], on_terminal: bool = False) -> Said:
    """Run one command in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["clearwake", *map(str, words)])
        if on_terminal:
            patch.setattr(sys.stdout, "isatty", lambda: True)
        with pytest.raises(SystemExit) as left:
            main()
    out, err = capture()
    code = left.value.code
    return Said(code if isinstance(code, int) else 0, out, err)


def runner(capsys: pytest.CaptureFixture[str], *, on_terminal: bool) -> Command:
    """Give a function that runs one command and says what it did."""

    def read() -> tuple[str, str]:
        written = capsys.readouterr()
        return re.sub(r"\x1b\[[0-9;]*m", "", written.out), written.err

    def run(*words: object) -> Said:
        capsys.readouterr()
        return call(*words, capture=read, on_terminal=on_terminal)

    return run


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Give a function that runs one command in a pipe and says what it did."""
    return runner(capsys, on_terminal=False)


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Give a function that runs one command as if on a terminal 100 characters wide."""
    monkeypatch.setenv("COLUMNS", "100")
    return runner(capsys, on_terminal=True)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a desk into which the three ships were read and run."""
    folder = tmp_path_factory.mktemp("cli")
    file = folder / "ships.csv"
    file.write_text(positions(), encoding="utf-8")
    for words in (("read", "table", file), ("run",)):
        assert call(*words, "--desk", folder / "desk", capture=lambda: ("", "")).code == 0
    return folder / "desk"


def test_help_shows_every_command_with_an_example(command: Command) -> None:
    names = [each.name or getattr(each.callback, "__name__", "") for each in app.registered_commands]
    said = command("--help")
    assert said.code == 0
    assert names == [
        "demo",
        "fetch",
        "read",
        "sighting",
        "run",
        "show",
        "screen",
        "whereabouts",
        "rank",
        "picture",
        "explain",
        "law",
        "ledger",
        "elements",
        "options",
        "assess",
        "release",
        "dossier",
        "verify",
        "bench",
        "truth",
    ]
    for name in names:
        assert f"  {name} " in said.out
        assert f"Examples:\n    clearwake {name}" in command(name, "--help").out


def test_help_starts_without_the_heavy_libraries() -> None:
    heavy = "{'polars', 'numpy', 'rich', 'sqlalchemy', 'matplotlib'}"
    code = f"""
import sys
sys.argv = ["clearwake", "--help"]
from clearwake.cli import main
try:
    main()
except SystemExit:
    print(sorted({heavy} & set(sys.modules)))
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "[]"


def test_every_command_and_option_and_source_stands_in_the_docs() -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    group = typer.main.get_command(app)
    missing = []
    for name, each in group.commands.items():  # type: ignore[attr-defined]
        missing += [name] if f"## `clearwake {name}" not in page else []
        parts = [each, *getattr(each, "commands", {}).values()]
        options = {word for part in parts for o in part.params for word in o.opts if word.startswith("--")}
        section = (
            page.split(f"## `clearwake {name}", 1)[-1].split("\n## ", 1)[0]
            + page.split("## Every command", 1)[-1].split("\n## ", 1)[0]
        )
        missing += [f"{name} {option}" for option in sorted(options) if f"`{option}" not in section]
    missing += [source.name for source in readers() if f"`{source.name}`" not in page]
    assert missing == []


def test_version_says_which(command: Command) -> None:
    said = command("--version")
    assert (said.code, bool(re.match(r"clearwake \d+\.\d+", said.out))) == (0, True)


def test_reading_says_what_became_of_each_file(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "ships.csv"
    file.write_text(positions(), encoding="utf-8")
    first = command("read", "table", file, "--desk", tmp_path / "desk")
    again = command("read", "table", file, "--desk", tmp_path / "desk")
    assert (first.code, again.code) == (0, 0)
    [report] = first.rows
    assert (report["origin"], report["already_read"], report["rejected"]) == ("ships.csv", False, {})
    assert dict(report["rows"])["positions"] == 219  # type: ignore[call-overload]
    assert again.rows[0]["already_read"] is True


def test_rows_that_could_not_be_read_leave_with_3_and_are_kept_aside(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(
        f"mmsi,time,lon,lat\n{A},2020-06-30T00:00Z,-150,30\n{A},yesterday,-150,30\n", encoding="utf-8"
    )
    said = command("read", "table", file, "--desk", tmp_path / "desk")
    assert (said.code, sum(dict(said.rows[0]["rejected"]).values())) == (3, 1)  # type: ignore[call-overload]
    [row] = command("show", "quarantine", "--desk", tmp_path / "desk").rows
    assert (row["origin"], row["line"], "yesterday" in str(row["found"])) == ("bad.csv", 3, True)


def test_a_table_that_is_empty_because_its_step_was_left_out_says_so(
    command: Command, tmp_path: Path
) -> None:
    file, folder = tmp_path / "good.csv", tmp_path / "desk"
    file.write_text(positions(), encoding="utf-8")
    command("read", "table", file, "--desk", folder)
    assert command("show", "silences", "--desk", folder).err == ""
    command("run", "--steps", "core", "--desk", folder)
    said = command("show", "silences", "--desk", folder)
    assert (said.code, said.rows) == (0, [])
    assert said.err == "silences is empty: the last run left out silence\n  next: clearwake run\n"
    command("run", "--desk", folder)
    assert command("show", "possible_meetings", "--desk", folder).err == ""


def test_a_file_refused_whole_does_not_keep_the_others_out(command: Command, tmp_path: Path) -> None:
    page, good = tmp_path / "page.csv", tmp_path / "good.csv"
    page.write_text("<html><body>log in</body></html>", encoding="utf-8")
    good.write_text(positions(), encoding="utf-8")
    said = command("read", "table", page, good, "--desk", tmp_path / "desk")
    assert (said.code, [row["origin"] for row in said.rows]) == (3, ["good.csv"])
    assert said.err.startswith("page.csv")
    assert "next:" in said.err


def test_columns_are_named_by_map(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(f"ship,at,x,y\n{A},2020-06-30T00:00Z,-150,30\n", encoding="utf-8")
    said = command(
        "read",
        "table",
        file,
        "--map",
        "mmsi=ship,time=at",
        "--map",
        "lon=x,lat=y",
        "--desk",
        tmp_path / "desk",
    )
    assert (said.code, said.rows[0]["rows"]) == (0, {"positions": 1})


def test_content_can_be_said_to_have_been_known_earlier(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "ships.csv"
    file.write_text(f"mmsi,time,lon,lat\n{A},2020-06-30T00:00Z,-150,30\n", encoding="utf-8")
    command("read", "table", file, "--known-at", "time+2h", "--desk", tmp_path / "desk")
    [row] = command("show", "positions", "--desk", tmp_path / "desk").rows
    assert row["known_at"] == "2020-06-30T02:00:00.000Z"


def test_the_meeting_is_shown_as_lines_of_json_in_a_pipe(command: Command, desk: Path) -> None:
    said = command(
        "show", "encounters", "--where", "label = 'standard' AND start >= '2020-06-30'", "--desk", desk
    )
    [row] = said.rows
    assert (row["mmsi_a"], row["mmsi_b"]) == (A, B)
    assert re.fullmatch(r"2020-06-30T0[34]:\d\d:\d\d\.\d{3}Z", str(row["start"]))


@pytest.mark.parametrize(
    ("ending", "read"), [("parquet", pl.read_parquet), ("csv", pl.read_csv), ("jsonl", pl.read_ndjson)]
)
def test_rows_are_written_in_the_form_of_the_file(
    command: Command, desk: Path, tmp_path: Path, ending: str, read: Callable[[Path], pl.DataFrame]
) -> None:
    out = tmp_path / "new folder" / f"met.{ending}"
    assert command("show", "encounters", "--desk", desk, "--out", out).out == ""
    assert read(out).select("mmsi_a", "mmsi_b").rows() == [(A, B)]


def test_parquet_in_a_pipe_is_parquet(desk: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "clearwake", "show", "tracks", "--desk", str(desk), "--format", "parquet"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert pl.read_parquet(io.BytesIO(said.stdout)).height == 3
    assert capfdbinary.readouterr().err == b""


def test_a_reader_that_has_had_enough_is_no_error(desk: Path) -> None:
    words = [sys.executable, "-m", "clearwake", "show", "positions", "--desk", str(desk)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, complaint = process.communicate()
    assert (process.returncode, complaint) == (0, b"")


def test_events_as_geojson_have_lon_before_lat(command: Command, desk: Path) -> None:
    shown = json.loads(command("show", "encounters", "--format", "geojson", "--desk", desk).out)
    [feature] = shown["features"]
    lon, lat = feature["geometry"]["coordinates"]
    assert (feature["geometry"]["type"], round(lon), round(lat)) == ("Point", -150, 30)
    assert feature["properties"]["mmsi_a"] == A


def test_a_table_can_be_cut_short(command: Command, desk: Path) -> None:
    assert len(command("show", "positions", "--limit", "2", "--desk", desk).rows) == 2


def test_the_ranking_names_the_ships_that_met(command: Command, desk: Path) -> None:
    rows = command("rank", "--desk", desk).rows
    assert [(row["rank"], row["mmsi"]) for row in rows] == [(1, A), (2, B)]
    assert rows[0]["names"] == ["MARY ANN"]
    assert str(rows[1]["sentences"]).count("MARY ANN (303350200)") == 1


def test_a_reason_is_explained_down_to_the_line_of_the_file(command: Command, desk: Path) -> None:
    [first, *_] = command("rank", "--desk", desk).rows
    said = command("explain", first["indicators"][0], "--desk", desk)  # type: ignore[index]
    told = json.dumps(said.rows)
    assert said.code == 0
    assert "encounter:" in told
    assert "ships.csv" in told
    assert f"{A},2020-06-30T" in told


def test_an_explanation_cannot_be_a_table_of_rows(command: Command, desk: Path) -> None:
    assert command("explain", A, "--format", "csv", "--desk", desk).code == 2


def test_a_terminal_gets_the_ranking_in_words(terminal: Command, desk: Path) -> None:
    said = terminal("rank", "--limit", "1", "--desk", desk).out
    assert "  1  303350200 MARY ANN   score 3" in said
    assert "     + was within 1" in said
    assert "1 more (--limit 2); an order of attention, not of guilt" in said


def test_a_terminal_gets_a_tree_of_evidence_down_to_the_line(terminal: Command, desk: Path) -> None:
    said = terminal("explain", A, "--desk", desk).out
    assert "MMSI 303350200: 1 reasons" in said
    assert "└── was within" in said
    assert "├── MMSI 303350200 reported -150" in said
    assert "line " in said
    assert f"{A},2020-06-30T" in said


def test_a_terminal_gets_tables_that_say_what_they_left_out(terminal: Command, desk: Path) -> None:
    said = terminal("show", "positions", "--desk", desk).out
    assert said.splitlines()[0].split()[:4] == ["mmsi", "time", "lon", "lat"]
    assert "179 more rows" in said
    assert "no rows; columns: " in terminal("show", "gaps", "--desk", desk).out


def test_a_terminal_is_told_what_reading_and_running_did(terminal: Command, tmp_path: Path) -> None:
    file, folder = tmp_path / "ships.csv", tmp_path / "desk"
    file.write_text(positions() + "x\n", encoding="utf-8")
    said = terminal("read", "table", file, "--desk", folder).out
    assert said.startswith("ships.csv: 219 positions")
    assert "1 rows not read: " in said
    assert terminal("read", "table", file, "--desk", folder).out.startswith(
        "ships.csv: read before (receipt 1)"
    )
    assert re.match(
        r"219 positions of 1 days in [\d.]+ s: .*1 encounters", terminal("run", "--desk", folder).out
    )


def test_a_terminal_gets_the_answers_of_screening_in_words(terminal: Command, desk: Path) -> None:
    said = terminal("screen", "--name", "PATRIOT", "--desk", desk).out
    assert said.startswith('nothing on the lists that were read; no answer is not "clear"')


def test_screening_answers_whether_or_not_it_hits(command: Command, desk: Path, tmp_path: Path) -> None:
    out, ships = tmp_path / "matches.jsonl", tmp_path / "ships.csv"
    ships.write_text("id,name,imo\n1,PATRIOT,09003550\n", encoding="utf-8")
    assert command("screen", ships, "--format", "json", "--out", out, "--desk", desk).code == 0
    assert out.exists()
    assert command("screen", "--imo", "9003550", "--name", "PATRIOT", "--desk", desk).code == 0


def test_a_listed_ship_is_found_by_number(command: Command, tmp_path: Path) -> None:
    listed = Path(__file__).resolve().parents[1] / "src" / "clearwake" / "demo_data" / "ofac_2018-08-21.csv"
    folder = tmp_path / "desk"
    assert (
        command("read", "ofac", listed, "--known-at", "2018-08-21", "--excerpt", "--desk", folder).code == 0
    )
    [match] = command("screen", "--imo", "9003550", "--desk", folder).rows
    assert (match["tier"], match["entity_name"], match["programmes"]) == ("match", "PATRIOT", ["DPRK4"])
    # The only edition held is later and does not say since when: no answer would read as "clear".
    [earlier] = command("screen", "--imo", "9003550", "--on", "2018-08-20", "--desk", folder).rows
    assert "the list does not say since when" in str(earlier["reasons"])
    assert len(command("show", "designations", "--on", "2018-08-21", "--desk", folder).rows) == 18


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("show", "encounters", "--where", "depth > 2"), 2, 'unable to find column "depth"'),
        (("show", "encounters", "--where", "start >= '2020-99-01'"), 2, "--where: '2020-99-01' is no date or time"),
        (("show", "encounters", "--as-of", "soon"), 2, "--as-of 'soon' is no date or time"),
        (("show", "squids"), 1, "there is no table called 'squids'"),
        (("show", "claims", "--format", "geojson"), 2, "GeoJSON needs columns lon and lat"),
        (("explain", "encounter:nothing"), 1, "nothing in this desk has the id encounter:nothing"),
        (("read", "squid", "x.csv"), 2, "there is no reader called 'squid'"),
        (("read", "table", "absent.csv"), 1, "absent.csv\n  next: name files that are there"),
        (("read", "table", "absent.csv", "--map", "time"), 2, "is not of the form OURS=THEIRS"),
        (("screen", "absent.csv", "--imo", "9003550"), 2, "not both"),
        (("screen", "absent.csv"), 3, "absent.csv"),
        (("truth", "weather"), 2, "there is nothing called 'weather' to measure"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told_without_a_traceback(
    command: Command, desk: Path, words: tuple[str, ...], code: int, complaint: str
) -> None:
    said = command(*words, *(() if words[0] == "truth" else ("--desk", desk)))
    assert (said.code, said.out) == (code, "")
    assert complaint in said.err
    assert "Traceback" not in said.err


def test_looking_at_a_desk_that_is_not_there_does_not_make_one(command: Command, tmp_path: Path) -> None:
    assert command("show", "tracks", "--desk", tmp_path / "nowhere").code == 1
    assert not (tmp_path / "nowhere").exists()


def test_the_desk_may_be_named_in_the_environment(
    command: Command, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEARWAKE_DESK", str(desk))
    assert len(command("show", "tracks").rows) == 3


def test_an_unknown_option_is_usage(command: Command) -> None:
    assert command("rank", "--loud").code == 2


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (NotFoundError("x"), 1),
        (UnreadableFileError("a", "b", "c", "d"), 3),
        (ValueError("a fault of ours"), None),
    ],
)
def test_errors_have_exit_codes(error: Exception, code: int | None) -> None:
    assert exit_code(error) == code


TIMES = pl.DataFrame(
    {"start": [utc("2020-06-30T05:00")], "end": [None], "label": ["the end"]},
    schema={"start": pl.Datetime("ms", "UTC"), "end": pl.Datetime("ms", "UTC"), "label": pl.String},
)


@pytest.mark.parametrize(
    ("expression", "kept"),
    [
        ("start > '2020-06-30'", 1),
        ("start = '2020-06-30 05:00'", 1),
        ("start = '2020-06-30T06:00+01:00'", 1),
        ("start < '2020-06-30'", 0),
        ("start BETWEEN '2020-06-29' AND '2020-07-01'", 1),
        ("end IS NULL AND label = 'the end'", 1),
        ("CASE WHEN label = 'the end' THEN 1 ELSE 0 END = 1", 1),
        (None, 1),
    ],
)
def test_expressions_know_times_and_the_column_end(expression: str | None, kept: int) -> None:
    assert keep(TIMES, expression).height == kept


@pytest.mark.parametrize("expression", ["label", "SELECT 1", "label = ", "1 = 1; DROP"])
def test_what_is_no_condition_is_refused(expression: str) -> None:
    with pytest.raises(UsageError, match="read as an SQL expression"):
        keep(TIMES, expression)


def test_lists_share_a_cell_of_csv() -> None:
    assert flat(pl.DataFrame({"ids": [["a", "b"], []]})).rows() == [("a; b",), ("",)]


def test_a_gap_is_a_line_and_a_place_not_known_is_null() -> None:
    rows = pl.DataFrame(
        {
            "id": ["g", "h"],
            "lon": [1.0, None],
            "lat": [2.0, None],
            "end_lon": [3.0, None],
            "end_lat": [4.0, None],
        }
    )
    gap, unknown = json.loads(json.dumps(geojson(rows)))["features"]
    assert gap["geometry"] == {"type": "LineString", "coordinates": [[1.0, 2.0], [3.0, 4.0]]}
    assert (unknown["geometry"], unknown["properties"]) == (None, {"id": "h"})


def test_a_terminal_is_told_what_it_was_not_shown() -> None:
    rows = pl.DataFrame({"mmsi": [A] * 50, "evidence": ["x" * 300] * 50, "start": [utc("2020-06-30")] * 50})
    laid, missing = table(rows, width=40)
    assert [column.header for column in laid.columns] == ["mmsi", "start"]
    assert missing == "10 more rows; columns not shown: evidence  (--format json or csv gives all)"


def test_pairs_of_columns_are_read() -> None:
    assert mapping(["time=when, mmsi=ship", "lon=x"]) == {"time": "when", "mmsi": "ship", "lon": "x"}
    with pytest.raises(UsageError):
        mapping(["time=a,time=b"])


def test_moments_are_utc_where_they_do_not_say() -> None:
    assert moment("2018-02-13", "--on") == utc("2018-02-13T00:00+00:00")
    assert moment(None, "--on") is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("q.csv", b"id,imo\n1,0900355\n"),
        ("q.jsonl", b'{"id":"1","imo":"0900355"}\n'),
        ("q.json", b'[{"id":"1","imo":"0900355"}]'),
        ("lines.json", b'{"id":"1","imo":"0900355"}\n'),
    ],
)
def test_questions_are_read_from_any_table_and_keep_their_zeros(
    tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert queries(file).rows() == [("1", "0900355")]
