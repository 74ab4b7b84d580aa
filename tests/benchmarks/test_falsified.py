from __future__ import annotations

from pathlib import Path

import polars as pl

from clearwake.benchmarks import falsified
from clearwake.benchmarks.scenario import scenario


def test_lies_are_planted_where_the_truth_says_and_are_found(tmp_path: Path) -> None:
    day = scenario(400, 12.0, 5, rows=60_000).positions.select("mmsi", "time", "lon", "lat")
    scene = falsified.plant(day, 5, each=3)
    assert sorted({lie.kind for lie in scene.lies}) == ["circle", "copy", "jump", "on_land"]
    assert len(scene.disturbed) == falsified.DISTURBED
    changed = (
        scene.reports.join(day, on=["mmsi", "time", "lon", "lat"], how="anti")["mmsi"].unique().to_list()
    )
    assert sorted(changed) == sorted([lie.mmsi for lie in scene.lies] + scene.disturbed)
    found, disturbed, _ = falsified.find(scene.reports, tmp_path)
    assert disturbed.height == 1
    named = set(found.filter(pl.col("cleared_by").is_null())["mmsi_a"])
    assert len(named & {lie.mmsi for lie in scene.lies if lie.kind != "copy"}) >= 7
    assert not named & set(scene.disturbed)
