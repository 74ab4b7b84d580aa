"""Speed: costs are the process's own, and demands are held against them."""

from __future__ import annotations

import json
import subprocess

import pytest

from clearwake.benchmarks.machine import this_machine
from clearwake.benchmarks.speed import BenchReport, Cost, Stage, _python


def report(read_s: float, run_s: float, twice: float, peak_gb: float, peak_2_gb: float) -> BenchReport:
    """A report whose second day costs ``twice`` times the first one's CPU."""
    stages = []
    for days, factor, peak in ((1, 1.0, peak_gb), (2, twice, peak_2_gb)):
        for name, cpu_s in (("scan", 1.0), ("read", read_s * factor), ("run", run_s * factor)):
            stages.append(
                Stage(name, days, 10_000_000 * days, Cost(cpu_s, cpu_s, peak if name == "run" else 0.5))
            )
    return BenchReport(this_machine(), tuple(stages))


def test_what_a_process_costs_is_its_own() -> None:
    busy, said = _python("-c", "print(sum(i * i for i in range(3_000_000)))")
    idle, _ = _python("-c", "import time; time.sleep(0.3)")
    large, _ = _python("-c", "x = bytearray(300_000_000); x[::4096] = b'1' * len(x[::4096])")
    assert said.strip() == str(sum(i * i for i in range(3_000_000)))
    assert busy.cpu_s > idle.cpu_s
    assert idle.wall_s >= 0.3
    assert large.peak_gb >= 0.3


def test_a_process_that_fails_says_why() -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        _python("-c", "import sys; sys.exit('no such desk')")
    assert "no such desk" in failed.value.stderr


def test_speed_is_rows_by_the_seconds_of_reading_and_running_together() -> None:
    told = report(read_s=4.0, run_s=6.0, twice=2.0, peak_gb=1.0, peak_2_gb=1.0)
    assert told.rows_per_cpu_s == pytest.approx(1_000_000)
    assert told.growth == pytest.approx(2.0)
    assert told.memory_growth == pytest.approx(1.0)
    assert told.is_met


@pytest.mark.parametrize(
    ("told", "missed"),
    [
        (report(20.0, 20.0, 2.0, 1.0, 1.0), "rows per CPU-second, read and run"),
        (report(4.0, 6.0, 2.2, 1.0, 1.0), "CPU for twice the rows"),
        (report(4.0, 6.0, 2.0, 3.1, 3.1), "peak memory"),
        (report(4.0, 6.0, 2.0, 1.0, 1.4), "memory for twice the days"),
    ],
)
def test_each_demand_is_missed_alone(told: BenchReport, missed: str) -> None:
    assert [what for what, _, _, is_met in told.demands if not is_met] == [missed]


def test_the_report_is_tables_for_people_and_json_for_machines() -> None:
    told = report(4.0, 6.0, 2.0, 1.0, 1.0)
    assert [table.row_count for table in told.as_tables()] == [6, 4]
    stage = json.loads(json.dumps(told.as_json()))["stages"][1]
    assert (stage["name"], stage["days"], stage["cost"]["cpu_s"], stage["rows_per_cpu_s"]) == (
        "read",
        1,
        4.0,
        2.5e6,
    )
