"""A desk's own typologies: files in its folder are looked for as those that come with clearwake."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.flow.test_meetings import as_csv
from tests.whereabouts.unseen.seas import A, B, heard

import clearwake
from clearwake.model import UnreadableFileError

LAY_TOGETHER = """
id: lay_together
title: Two ships lay together
about: An example.
published: ["Nobody, 2020-01-01"]
in_force: {from: 2020-01-01}
roles: [one, other]
listed_from: 1
elements:
  - name: met
    says: "{one} and {other} were close together"
    needed: anchor
    any:
      - {table: encounters, ships: [one, other], where: {label: [standard]}}
"""

LYING = [(0.0, -150.0, 0.0), (8.0, 0.0, 0.0), (14.0, 0.0, 0.0), (22.0, 0.0, -150.0)]
BESIDE = [(0.0, 150.0, 0.0), (8.0, 0.1, 0.0), (14.0, 0.1, 0.0), (22.0, 150.0, 0.0)]


def test_a_file_in_the_desks_folder_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(as_csv(heard(A, LYING), heard(B, BESIDE)))
    own = tmp_path / "desk" / "typologies"
    with clearwake.open(tmp_path / "desk") as desk:
        desk.read("table", tmp_path / "a.csv")
        desk.run(steps="encounter")
        assert desk.show("typology_findings").is_empty()
        own.mkdir()
        (own / "lay_together.yaml").write_text(LAY_TOGETHER)
        (row,) = desk.show("typology_findings").to_dicts()
        assert (row["label"], {row["mmsi_a"], row["mmsi_b"]}) == ("lay_together", {A, B})


def test_a_file_with_a_day_that_is_none_is_refused_with_its_name_and_field(tmp_path: Path) -> None:
    own = tmp_path / "desk" / "typologies"
    with clearwake.open(tmp_path / "desk") as desk:
        own.mkdir()
        (own / "lay_together.yml").write_text(LAY_TOGETHER.replace("from: 2020-01-01", "from: 2020-13-01"))
        with pytest.raises(UnreadableFileError, match=r"lay_together.yml, in_force, from.*2020-13-01"):
            desk.show("typology_findings")
