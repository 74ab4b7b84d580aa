"""What a ship heard was ever called, and that a hit by lineage is told once and with its reason."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest
from tests.vessels.ships import claims, hulls, listings

from clearwake.desk import Desk
from clearwake.model import Designation, IdentityClaim, conform, utc
from clearwake.screen import screen
from clearwake.vessels import queries

HEARD = """
    mmsi       from        name        imo      callsign
    353136000  2008-01-01  EVER GIVEN  9811000  H3RC
    636021000  2010-01-01  SEA STAR    9811000  D5XX
    636021000  2010-01-02  SEA STAR    -        -
    412345678  2010-01-01  SHUN LI     -        BABC
"""


def test_each_mmsi_is_asked_about_by_all_that_its_hull_was_called() -> None:
    asked = queries(hulls(HEARD))
    of = (
        asked.filter(pl.col("heard") == 353136000).select("mmsi", "name", "imo", "callsign", "lineage").rows()
    )
    was = "the same hull, imo9811000, was {} from 2010-01-01 to {} (nmea)"
    assert sorted(of, key=str) == sorted(
        [
            (353136000, "EVER GIVEN", "9811000", "H3RC", None),
            (None, "SEA STAR", "9811000", None, was.format("called SEA STAR", "2010-01-02")),
            (None, None, "9811000", "D5XX", was.format("under call sign D5XX", "2010-01-01")),
            (636021000, None, "9811000", None, was.format("under MMSI 636021000", "2010-01-02")),
        ],
        key=str,
    )


def test_a_claim_without_an_imo_number_is_asked_with_its_hulls() -> None:
    asked = queries(hulls(HEARD)).filter(pl.col("heard") == 636021000, pl.col("name") == "SEA STAR")
    assert asked.select("imo", "callsign", "lineage").rows() == [
        ("9811000", "D5XX", None),
        ("9811000", None, "IMO number 9811000 is from other claims of the same hull, imo9811000"),
    ]


def test_what_a_list_says_of_a_hull_is_no_evidence_for_the_list() -> None:
    found = hulls(HEARD, listed="id      name    imo      callsign\nofac-1  LISTED  9811000  ABCD")
    assert queries(found).equals(queries(hulls(HEARD)))


def desk_with(folder: Path, heard: str, listed: str) -> Desk:
    desk = Desk(folder)
    with desk.store.commit() as commit:
        for table, frame, record in (
            ("claims", claims(heard), IdentityClaim),
            ("designations", listings(listed), Designation),
        ):
            known = frame.with_columns(receipt=pl.lit(1, pl.Int64), known_at=pl.lit(utc("2026-03-20")))
            commit.append(table, None, conform(known, record), record)
    return desk


def test_a_ship_listed_under_a_name_it_had_under_another_mmsi_is_found_and_told_why(tmp_path: Path) -> None:
    listed = "id      name        callsign\nofac-1  EVER GIVEN  H3RC\nofac-2  SHUN LI     BXXX"
    with desk_with(tmp_path, HEARD, listed) as desk:
        found = desk.screen()
    assert found.select("id", "tier", "entity_id").rows() == [
        ("353136000", "possible", "ofac-1"),
        ("412345678", "possible", "ofac-2"),
        ("636021000", "possible", "ofac-1"),
    ]
    by_lineage = found["reasons"].to_list()[2]
    assert by_lineage[-1].startswith("the same hull, imo9811000, was ")
    assert not any("the same hull" in reason for reason in found["reasons"].to_list()[0])


def test_a_namesake_is_told_by_the_imo_number_of_its_hull(tmp_path: Path) -> None:
    with desk_with(tmp_path, HEARD, "id      name      imo\nofac-1  SEA STAR  9074729") as desk:
        found = desk.screen()
    assert set(found.select("id", "tier").rows()) == {("353136000", "namesake"), ("636021000", "namesake")}


def test_vessels_and_their_history_are_shown_as_on_a_day(tmp_path: Path) -> None:
    with desk_with(tmp_path, HEARD, "id      name    imo\nofac-1  LISTED  9811000") as desk:
        now, then = desk.show("vessels"), desk.show("vessels", on=utc("2009-01-01").date())
        past = desk.show("vessel_history", on=utc("2010-01-02").date())
    assert now.select("id", "name").rows() == [
        ("imo9811000", "SEA STAR"),
        ("mmsi412345678", "SHUN LI"),
    ]
    assert then.select("id", "name").rows() == [("imo9811000", "EVER GIVEN")]
    assert past.filter(pl.col("attribute") == "name").select("value").rows() == [("SEA STAR",)]


def test_a_hull_is_explained_down_to_the_lines_that_named_it(tmp_path: Path) -> None:
    register = tmp_path / "panama.csv"
    register.write_text("imo,name,owner\n9811000,EVER GIVEN,Luster\n9074729,BONU,Ma\n")
    with Desk(tmp_path / "desk") as desk:
        desk.read("registry", register)
        told = desk.explain("imo9811000")
    assert (told.title, told.details["name"], told.details["sources"]) == (
        "hull EVER GIVEN",
        "EVER GIVEN",
        ["panama"],
    )
    (line,) = told.children
    assert line.children[0].details["text"] == "9811000,EVER GIVEN,Luster"


LOGS = {
    "noaadata_test_20060715.ais": "2006-07-15", "libais_test.aivdm": "2009-01-01", "gpsd_sample.aivdm": "2010-01-01",
    "aislib_stream_example_20100611.txt": "2010-06-11", "aislib_decode_encode_messages.txt": "2010-06-11",
    "gfw_aistools_mixed_types.nmea": "2012-01-01", "gfw_aistools_multi-part.nmea": "2012-01-01",
    "amsa_ais_20120127.txt.gz": "2012-01-27", "aislib_replay_dump_20130318.txt": "2013-03-18",
}  # fmt: skip
"""Logs, and when each begins: most of their lines carry no time."""


def ofac_today(file: Path) -> pl.DataFrame:
    ships = json.loads(gzip.decompress(file.read_bytes()))["vessels"]
    rows = [
        {
            "id": f"ofac-{ship['imo']}-{number}", "list": "ofac", "edition": "vessels:2026-03-20", "kind": "vessel",
            "name": ship["name"], "aliases": ship.get("aliases", []), "imo": f"{ship['imo']:07d}",
            "callsign": ship["vessel_info"].get("call_sign"), "flag": ship["vessel_info"].get("flag"),
            "other_mmsis": [], "other_callsigns": [], "other_imos": [], "former_names": [], "weak_names": [],
            "programmes": ship["programs"], "status": "listed", "known_at": utc("2026-03-20"), "receipt": 0,
        }
        for number, ship in enumerate(ships)
        if ship["imo"]
    ]  # fmt: skip
    return conform(pl.DataFrame(rows, infer_schema_length=None), Designation)


@pytest.mark.shared
def test_old_logs_find_todays_listed_ships_by_hull_where_name_and_mmsi_miss_them(
    shared: Path, tmp_path: Path
) -> None:
    """Measured: 36 ships by IMO number; 1 by the name listed today, 4 by any listed name, none by MMSI."""
    with Desk(tmp_path) as desk:
        for log, start in LOGS.items():
            desk.read("nmea", shared / "nmea_mixed_samples" / log, start=utc(start))
        for regulation in sorted((shared / "sanctions_eu").glob("3*.csv.gz")):
            desk.read("eu", regulation)
        desk.read("un", shared / "sanctions_un" / "UN_consolidated_2026-02-27.xml.gz")
        with desk.store.commit() as commit:
            listed = ofac_today(shared / "sanctions_ofac" / "ofac_sdn_vessels_2026-03-20.json.gz")
            commit.append("designations", None, listed, Designation)
        found = desk.screen()
        heard, lists = desk.show("claims"), desk.store.scan("designations", record=Designation).collect()
    ships = found.filter(pl.col("tier") == "match").select("id", "entity_id").unique()
    assert ships["id"].n_unique() == 36

    def also_by(column: str, listings: pl.DataFrame) -> int:
        asked = heard.select("mmsi" if column == "mmsi" else column, id=pl.col("mmsi").cast(pl.String))
        alone = screen(asked.unique().with_columns(kind=pl.lit("vessel")), listings)
        return ships.join(alone, on=["id", "entity_id"], how="semi")["id"].n_unique()

    bare = lists.with_columns(
        pl.lit([], pl.List(pl.String)).alias(c) for c in ("aliases", "former_names", "weak_names")
    )
    by_name, by_alias, by_mmsi = also_by("name", bare), also_by("name", lists), also_by("mmsi", lists)
    assert (by_name, by_alias, by_mmsi) == (1, 4, 0)
