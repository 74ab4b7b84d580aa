"""How true events are: what was found of what was planted, and what was found that never was.

A planted meeting, loitering or port call counts as found if events of the same pair or ship cover at least half of
its true time.  What was found beyond the plan is not false by that: it is held against the noiseless paths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

import polars as pl

from clearwake.benchmarks.scenario import Scenario
from clearwake.benchmarks.scenario.harbour import HARBOUR_KINDS

FALSE_BEYOND_M = 550.0
"""A pair that never came closer is false: 500 m, and what two navigation errors of up to 10 m can add to it."""

FALSE_ABOVE_KN = 2.2
"""A loitering whose ship truly made more is false: 2 kn, and a tenth for how distance is measured."""

FALSE_PORT_M = 4500.0
"""A port call whose ship truly stayed farther off is false: 4 km, the outer radius, and errors of position."""

MATCH_S = 60
"""A gap is the planted one if it begins and ends within a minute of it."""

BEACONS_FROM = 940_000_000


@dataclass(frozen=True)
class Line:
    """One thing that was counted."""

    group: str
    what: str
    count: int
    of: int | None
    """Out of how many, where there is such a number."""
    wanted: str = ""
    """What the count should be: ``all``, ``none``, ``>= 97 %``; empty where nothing is demanded."""
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Say whether the demand is met; None where there is none."""
        if not self.wanted:
            return None
        if self.wanted == "none":
            return self.count == 0
        share = 1.0 if self.wanted == "all" else float(self.wanted.strip(">=% ")) / 100.0
        return self.count >= share * (self.of or 0) - 1e-9

    def as_json(self) -> dict[str, object]:
        """Give the line for a machine."""
        return {**asdict(self), "is_met": self.is_met}


def score(scene: Scenario, tables: Mapping[str, pl.DataFrame]) -> list[Line]:
    """Hold tables of events against the truth.

    Args:
        scene: The scene that was read.
        tables: ``encounters``, ``gaps``, ``loiterings``, ``port_calls``, ``tracks``; ``indicators`` if there are.
    """
    events = {
        name: frame.with_columns(pl.col("end").fill_null(scene.end))
        if name != "gaps" and "end" in frame
        else frame
        for name, frame in tables.items()
    }
    lines = [
        *_meetings(scene, events["encounters"]),
        *_encounters(scene, events["encounters"]),
        *_gaps(scene, events["gaps"]),
        *_loiterings(scene, events["loiterings"]),
        *_port_calls(scene, events["port_calls"]),
        *_identities(scene, events),
    ]
    return lines if "indicators" not in tables else [*lines, _transfer_reasons(scene, tables["indicators"])]


def covered(truth: pl.DataFrame, events: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Say of each fact which share of its time events of the same ``keys`` cover, and the longest one's label.

    Events of one key are taken as not overlapping each other; the share is cut at 1.
    """
    facts = truth.with_row_index("fact")
    label = pl.col("label") if "label" in events.columns else pl.lit(None, pl.String)
    found = events.select(*keys, began="start", ended="end", label=label)
    both = facts.join(found, on=keys, how="inner")
    overlap = pl.min_horizontal("end", "ended") - pl.max_horizontal("start", "began")
    lasts = (pl.col("end") - pl.col("start")).dt.total_milliseconds()
    shares = (
        both.with_columns(share=(overlap.dt.total_milliseconds() / lasts).clip(0.0, 1.0))
        .sort("fact", "share")
        .group_by("fact", maintain_order=True)
        .agg(share=pl.col("share").sum().clip(0.0, 1.0), label=pl.col("label").last())
    )
    all_facts = facts.join(shares, on="fact", how="left", maintain_order="left").drop("fact")
    return all_facts.with_columns(pl.col("share").fill_null(0.0))


def _planted(scene: Scenario, family: str) -> pl.DataFrame:
    return scene.truth.filter(pl.col("family") == family)


def _by_kind(group: str, rows: pl.DataFrame, wanted: Mapping[str, str]) -> list[Line]:
    """Count what was found kind by kind, and in how many cases the label was the expected one."""
    counts = rows.group_by("kind", maintain_order=True).agg(
        found=(pl.col("share") >= 0.5).sum(), of=pl.len(), right=(pl.col("label") == pl.col("expected")).sum()
    )
    return [
        Line(
            group, kind, found, of, wanted.get(kind, ""), f"{right} with the expected label" if right else ""
        )
        for kind, found, of, right in counts.iter_rows()
    ]


def _meetings(scene: Scenario, encounters: pl.DataFrame) -> list[Line]:
    met = covered(_planted(scene, "meeting"), encounters, ["mmsi_a", "mmsi_b"])
    exact = dict.fromkeys(("midnight", "antimeridian", "short", "shared_mmsi"), "all")
    found = met.filter(pl.col("share") >= 0.5).height
    return [
        *_by_kind("meetings found", met, exact),
        Line("meetings found", "together", found, met.height, ">= 97 %"),
    ]


def _with_kinds(scene: Scenario, pairs: pl.DataFrame) -> pl.DataFrame:
    """Add what the two ships of each row were planted as; a shared number counts as its first hull."""
    kinds = scene.hulls.filter("is_heard").group_by("mmsi", maintain_order=True).agg(pl.col("kind").first())
    for side in "ab":
        renamed = kinds.rename({"mmsi": f"mmsi_{side}", "kind": f"kind_{side}"})
        pairs = pairs.join(renamed, on=f"mmsi_{side}", how="left", maintain_order="left")
    return pairs


def _encounters(scene: Scenario, encounters: pl.DataFrame) -> list[Line]:
    """Judge the encounters that were not planted as meetings."""
    met = _planted(scene, "meeting").select("mmsi_a", "mmsi_b")
    others = _with_kinds(scene, encounters.join(met, on=["mmsi_a", "mmsi_b"], how="anti"))
    pairs = encounters.select("mmsi_a", "mmsi_b").unique().rows()
    never = [pair for pair in pairs if scene.paths.least_apart_m(*pair) > FALSE_BEYOND_M]
    harbour = pl.all_horizontal(pl.col(f"kind_{side}").is_in(HARBOUR_KINDS) for side in "ab")
    lying, standard = others.filter(harbour), others.filter(pl.col("label") == "standard")
    at_sea = others.filter(~harbour)
    labels = at_sea.group_by("kind_a", "label").len().sort("kind_a", "label")
    group = "encounters"
    return [
        Line(group, "pairs that never were", len(never), len(pairs), "none", _some(never)),
        Line(group, "decoys labelled standard", standard.height, others.height, "none", _kinds(standard)),
        Line(
            group, "ships lying in harbour, not labelled in_port", lying.filter(pl.col("label") != "in_port").height,
            lying.height, "none", _kinds(lying.filter(pl.col("label") != "in_port")),
        ),
        Line(group, "other decoys seen", at_sea.height, None, "", _counts(labels)),
        _harbour_recall(scene, encounters),
    ]  # fmt: skip


def _harbour_recall(scene: Scenario, encounters: pl.DataFrame) -> Line:
    """Count the pairs in harbour that brute force sees within 500 m for two hours, and how many were found."""
    close = _with_kinds(scene, scene.paths.close_pairs())
    lasting = close.filter(
        pl.col("end") - pl.col("start") >= timedelta(hours=2),
        pl.col("median_speed_kn") < 2.0,
        pl.col("kind_a").is_in(HARBOUR_KINDS),
        pl.col("kind_b").is_in(HARBOUR_KINDS),
    ).unique(["mmsi_a", "mmsi_b"])
    found = lasting.join(encounters, on=["mmsi_a", "mmsi_b"], how="semi")
    return Line("encounters", "pairs lying in harbour found", found.height, lasting.height)


def _gaps(scene: Scenario, gaps: pl.DataFrame) -> list[Line]:
    truth = (
        _planted(scene, "gap")
        .with_row_index("fact")
        .select("fact", "mmsi_a", true_start="start", true_end="end")
    )
    both = truth.join(gaps.select("id", "mmsi_a", "start", "end"), on="mmsi_a").filter(
        _near("start", "true_start"),
        _near("end", "true_end") | (pl.col("end").is_null() & pl.col("true_end").is_null()),
    )
    false = gaps.join(both, on="id", how="anti")
    lines = []
    for what, closed in (("closed", True), ("open", False)):
        rows = truth.filter(pl.col("true_end").is_not_null() == closed)
        found = rows.join(both, on="fact", how="semi").height
        lines.append(Line("gaps", f"{what} gaps found", found, rows.height, "all"))
    invented = false.filter(pl.col("end").is_null()).height
    note = f"{invented} of them by the end of the feed" if invented else ""
    return [*lines, Line("gaps", "gaps that never were", false.height, gaps.height, "none", note)]


def _near(found: str, true: str) -> pl.Expr:
    return (pl.col(found) - pl.col(true)).dt.total_seconds().abs() <= MATCH_S


def _loiterings(scene: Scenario, loiterings: pl.DataFrame) -> list[Line]:
    truth = covered(_planted(scene, "loitering"), loiterings, ["mmsi_a"])
    found = truth.filter(pl.col("share") >= 0.5).height
    false = [
        mmsi
        for mmsi, start, end in loiterings.select("mmsi_a", "start", "end").iter_rows()
        if scene.paths.mean_speed_kn(mmsi, start, end) > FALSE_ABOVE_KN
    ]
    return [
        *_by_kind("loitering found", truth, {}),
        Line("loitering found", "together", found, truth.height, ">= 96.6 %"),
        Line("loitering", "loiterings that never were", len(false), loiterings.height, "none", _some(false)),
    ]


def _port_calls(scene: Scenario, calls: pl.DataFrame) -> list[Line]:
    truth = covered(_planted(scene, "port_call"), calls, ["mmsi_a"])
    false = [
        mmsi
        for mmsi, lon, lat in calls.select("mmsi_a", "lon", "lat").iter_rows()
        if scene.paths.least_off_m(mmsi, lon, lat) > FALSE_PORT_M
    ]
    return [
        *_by_kind("port calls found", truth, {}),
        Line("port calls", "port calls that never were", len(false), calls.height, "none", _some(false)),
    ]


def _identities(scene: Scenario, events: Mapping[str, pl.DataFrame]) -> list[Line]:
    """Count tracks against hulls, and beacons taken for ships."""
    ships = scene.hulls.filter(pl.col("is_heard"), ~pl.col("is_beacon"))
    beacons = sum(
        frame.filter(pl.any_horizontal(pl.col("^mmsi(_a|_b)?$") >= BEACONS_FROM)).height
        for frame in events.values()
    )
    tracks = events["tracks"]
    split = tracks.join(scene.hulls.group_by("mmsi").len(), on="mmsi", how="left")
    wrong = (
        split.group_by("mmsi")
        .agg(pl.len().alias("tracks"), pl.col("len").first())
        .filter(pl.col("tracks") != pl.col("len"))
    )
    return [
        Line("identity", "tracks, out of hulls heard", tracks.height, ships.height),
        Line("identity", "MMSIs with more or fewer tracks than hulls", wrong.height, ships["mmsi"].n_unique(), "none"),
        Line("identity", "rows that take a gear beacon for a ship", beacons, None, "none"),
    ]  # fmt: skip


def _transfer_reasons(scene: Scenario, indicators: pl.DataFrame) -> Line:
    """Count decoys that were given a reason to look because of a meeting."""
    met = pl.concat([_planted(scene, "meeting")[m] for m in ("mmsi_a", "mmsi_b")]).implode()
    decoys = scene.hulls.filter(pl.col("kind").is_in([*HARBOUR_KINDS, *_COMPANY]), ~pl.col("mmsi").is_in(met))
    reasons = indicators.filter(pl.col("is_for"), pl.col("kind").str.starts_with("met_"))
    accused = decoys.join(reasons.select("mmsi", reason="kind"), on="mmsi")
    note = _counts(accused.group_by("kind", "reason").len().sort("kind", "reason"))
    return Line(
        "indicators",
        "decoys given a reason of having met",
        accused["mmsi"].n_unique(),
        decoys.height,
        "none",
        note,
    )


_COMPANY = ["convoy", "slow_convoy", "tow", "abreast", "pair_trawl", "gear_beacon", "pilot"]


def _some(things: Sequence[object]) -> str:
    """Name the first few."""
    return ", ".join(str(thing) for thing in things[:3]) + (" ..." if len(things) > 3 else "")


def _kinds(rows: pl.DataFrame) -> str:
    return _counts(rows.group_by("kind_a", "kind_b").len().sort("kind_a", "kind_b"))


def _counts(rows: pl.DataFrame) -> str:
    """Write small tables of names and counts in one line: ``tow underway 30, tug tug 2``."""
    return ", ".join(" ".join(str(value) for value in row) for row in rows.iter_rows())


def false_alarms(lines: list[Line]) -> int:
    """Add up what was said that is not so."""
    return sum(line.count for line in lines if line.wanted == "none")
