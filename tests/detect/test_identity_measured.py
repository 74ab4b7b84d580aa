"""One MMSI on many hulls, against segments that Global Fishing Watch published."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from clearwake.detect.identity import shared_mmsis
from clearwake.model import IdentityClaim, empty
from clearwake.tracks import follow, merged, summed

pytestmark = pytest.mark.shared

MS = 3_600_000


def read(file: Path) -> pl.DataFrame:
    """Read positions, and the answer where there is one; those without a place are left out."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = pl.DataFrame([json.loads(line) for line in lines])
    when = pl.col("timestamp").str.strip_suffix("Z").str.replace("T", " ")
    time = when.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="ms").dt.replace_time_zone("UTC")
    answer = next(
        (pl.col(name) for name in ("segment", "expected") if name in rows.columns), pl.lit(None, pl.String)
    )
    told = rows.select(
        "lon", "lat", time=time, known_at=time, mmsi=pl.col("ssvid").cast(pl.Int64), speed_kn=pl.col("speed"),
        answer=answer,
    )  # fmt: skip
    return told.filter(pl.col("lon").is_not_null(), pl.col("lat").is_not_null()).with_row_index("row")


def hulls(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give each position its hull, one of its own where it is noise; and the tracks."""
    followed = follow(rows.drop("row", "answer").cast({"speed_kn": pl.Float32}))
    places = ["lon", "lat", "slot"]
    slot = pl.col("time").dt.epoch("ms") // 10_000
    fixes = followed.fixes.select("lon", "lat", "track", slot=slot).unique(places)
    told = rows.with_columns(slot=slot).join(fixes, on=places, how="left", maintain_order="left")
    own = -pl.col("row").cast(pl.Int64) - 1
    return told.with_columns(hull=pl.coalesce("track", own)), merged(summed(followed))


def unbroken(rows: pl.DataFrame, column: str, hours: int = 6) -> pl.Series:
    """Cut what a column groups at every silence: the answer's segments end at silences, and hulls go on."""
    ordered = rows.sort(column, "time", "row")
    silent = pl.col("time").diff().over(column) > pl.duration(hours=hours)
    begins = silent | (pl.col(column) != pl.col(column).shift(1))
    numbered = ordered.with_columns(run=begins.fill_null(value=True).cast(pl.Int64).cum_sum())
    return numbered.sort("row")["run"]


def agreement(ours: pl.Series, theirs: pl.Series) -> tuple[float, float, float]:
    """Give precision and recall over pairs of positions, and the adjusted Rand index."""
    both = pl.DataFrame({"ours": ours, "theirs": theirs})

    def pairs(*columns: str) -> float:
        counts = both.group_by(columns).len()["len"].to_numpy().astype(np.float64)
        return float((counts * (counts - 1) / 2).sum())

    same, mine, wanted = pairs("ours", "theirs"), pairs("ours"), pairs("theirs")
    chance = mine * wanted / (both.height * (both.height - 1) / 2)
    return same / mine, same / wanted, (same - chance) / ((mine + wanted) / 2 - chance)


def test_the_dozens_of_boats_under_416000000_come_apart_as_published(shared: Path) -> None:
    told, tracks = hulls(read(shared / "ais_gfw_identity_segments" / "segmented-416000000.jsonl.gz"))
    precision, recall, rand = agreement(unbroken(told, "hull"), unbroken(told, "answer"))
    assert precision >= 0.95
    assert recall >= 0.98
    assert rand >= 0.96
    (row,) = shared_mmsis(empty(IdentityClaim), tracks).iter_rows(named=True)
    assert (row["mmsi_a"], row["is_default"]) == (416000000, True)
    assert row["at_once"] >= 3


def test_338013000_is_one_ship_with_stray_positions_and_mostly_stays_one(shared: Path) -> None:
    told, _ = hulls(read(shared / "ais_gfw_identity_segments" / "338013000.jsonl.gz"))
    precision, recall, _ = agreement(told["hull"], told["answer"])
    assert precision >= 0.95
    assert recall >= 0.88


def test_263576000_is_one_hull(shared: Path) -> None:
    _, tracks = hulls(read(shared / "ais_gfw_identity_segments" / "263576000.jsonl.gz"))
    assert tracks.height == 1
    assert shared_mmsis(empty(IdentityClaim), tracks).is_empty()
