"""How right likely causes are: a line for each kind of planted silence in each traffic, for a person and a machine."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from clearwake.benchmarks.machine import Machine

if TYPE_CHECKING:
    from rich.table import Table

UNHEARD = "switched_off_unheard"
"""Switched off where a real day does not itself show that ships are heard: told, but nothing is asked of these."""

WANTED = 0.9


@dataclass(frozen=True)
class Line:
    """How one kind of planted silence did in one traffic."""

    traffic: str
    kind: str
    planted: int
    """Silences planted that the gap table has."""
    missed: int
    """Silences planted that it does not have: an open one too young, or a ship cut in two."""
    right: int
    accused: int
    """Taken for switched off."""
    causes: dict[str, int]

    @property
    def share(self) -> float:
        """Give the part that was right."""
        return self.right / self.planted if self.planted else 1.0

    @property
    def is_met(self) -> bool | None:
        """Say whether nine in ten were right, and no outage accused anybody; none where nothing is asked."""
        if self.kind == UNHEARD:
            return None
        return self.share >= WANTED and not (self.kind.endswith("outage") and self.accused)


@dataclass(frozen=True)
class SilenceReport:
    """How right likely causes are."""

    seed: int
    ships: int
    seconds: float
    """Of processor time, to explain all gaps."""
    lines: tuple[Line, ...]
    machine: Machine

    @property
    def is_met(self) -> bool:
        """Say whether every kind did well enough in every traffic."""
        return all(line.is_met is not False for line in self.lines)

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        lines = [asdict(line) | {"share": line.share, "is_met": line.is_met} for line in self.lines]
        return {**asdict(self), "lines": lines, "machine": self.machine.as_json(), "is_met": self.is_met}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        title = f"Causes of silences: {self.ships:,} ships, seed {self.seed}"
        table = Table("traffic", "planted", "silences", "right", "share", "", "taken for", title=title,
                      caption=str(self.machine))  # fmt: skip
        for line in self.lines:
            causes = ", ".join(f"{cause} {count}" for cause, count in line.causes.items())
            sign = {True: "yes", False: "[bold red]NO[/]", None: ""}[line.is_met]
            table.add_row(
                line.traffic, line.kind, f"{line.planted}", f"{line.right}", f"{line.share:.3f}", sign, causes
            )
        return table
