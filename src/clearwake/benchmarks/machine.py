"""Which machine something was measured on: a figure without it says nothing."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """What this machine is, and when it was asked."""

    measured_at: str
    processor: str
    cores: int
    memory_gb: float
    system: str
    python: str
    polars: str
    load: float
    """Processes that wanted a core meanwhile (average of the last minute): far above ``cores``, times mean little."""

    def as_json(self) -> dict[str, object]:
        """Give it for a machine to read."""
        return asdict(self)

    def __str__(self) -> str:
        return (
            f"{self.measured_at}, {self.cores} cores of {self.processor}, {self.memory_gb:.0f} GB, {self.system}, "
            f"Python {self.python}, Polars {self.polars}, load {self.load:.1f}"
        )


def this_machine() -> Machine:
    """Describe the machine this runs on, without its name or any path."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        datetime.now(UTC).strftime("%Y-%m-%d"),
        _processor(),
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        pages / 1e9,
        f"{platform.system()} {platform.machine()}",
        ".".join(map(str, sys.version_info[:3])),
        version("polars"),
        os.getloadavg()[0],
    )


def _processor() -> str:
    """Read the processor's name where Linux tells it."""
    table = Path("/proc/cpuinfo")
    lines = table.read_text(encoding="utf-8").splitlines() if table.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
