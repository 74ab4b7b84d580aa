"""Labels that do not lie on one another: each is put where it is nearest to its point and on nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from clearwake.dossier.plane import INK
from clearwake.sphere import Floats

DIRECTIONS = tuple(np.linspace(0.0, 2.0 * np.pi, 48, endpoint=False) + np.pi / 48)
REACHES = (10.0, 20.0, 34.0, 52.0, 76.0, 104.0, 140.0, 180.0, 230.0, 290.0)
"""How far from its point a label may stand, in points of paper, nearest first."""


@dataclass(frozen=True)
class Label:
    """What to write beside a point, in the coordinates of the axes."""

    x: float
    y: float
    text: str
    colour: str = INK


def pixels_per_point(axes: Axes) -> float:
    """Give how many pixels a point of paper, a 72nd of an inch, takes."""
    figure = axes.get_figure(root=True)
    return float(figure.dpi) / 72.0 if figure else 1.0


def place(axes: Axes, labels: Sequence[Label], taken: Sequence[Bbox] = ()) -> list[Label]:
    """Write ``labels`` beside their points, clear of each other, of ``taken`` boxes and of the frame.

    Labels that come first choose first.  Those for which there is no room are not written.

    Args:
        axes: Where to write; its limits must be final and the figure drawn once.
        labels: What to write.
        taken: Boxes in pixels that must stay clear: marks, legend, scale bar.

    Returns:
        The labels that found no room.
    """
    sheet = _Sheet(axes, axes.get_window_extent().padded(-4.0), list(taken))
    left_out = []
    for label in labels:
        box = sheet.free(label, crossing=False) or sheet.free(label, crossing=True)
        if box is None:
            left_out.append(label)
            continue
        sheet.take(label, box)
        _write(axes, label, box)
    return left_out


@dataclass
class _Sheet:
    """What is taken already, in pixels: boxes that must stay clear, boxes of labels, and lines to their points."""

    axes: Axes
    inside: Bbox
    taken: list[Bbox]
    written: list[Bbox] = field(default_factory=list)
    lines: list[Path] = field(default_factory=list)

    def free(self, label: Label, *, crossing: bool) -> Bbox | None:
        """Find the nearest free box for a label; its line may run under other labels only where ``crossing``."""
        point = self.axes.transData.transform((label.x, label.y))
        size = np.array(_size(self.axes, label))
        pixels = pixels_per_point(self.axes)
        for reach in REACHES:
            for direction in DIRECTIONS:
                away = np.array((np.cos(direction), np.sin(direction)))
                # As far this way as the label's nearest edge is ``reach`` from the point.
                far = np.min((size / 2.0 + reach * pixels) / np.maximum(np.abs(away), 1e-9))
                corner = point + away * far - size / 2.0
                box = Bbox.from_bounds(*corner, *size)
                if _lies_in(box, self.inside) and self._is_clear(
                    box, None if crossing else _line(point, box)
                ):
                    return box
        return None

    def take(self, label: Label, box: Bbox) -> None:
        """Remember where a label and its line stand."""
        self.written.append(box.padded(3.0))
        self.lines.append(_line(self.axes.transData.transform((label.x, label.y)), box))

    def _is_clear(self, box: Bbox, line: Path | None) -> bool:
        if any(box.overlaps(other) for other in (*self.taken, *self.written)):
            return False
        if line is None:
            return True
        return not any(line.intersects_bbox(other) for other in self.written) and not any(
            other.intersects_bbox(box) for other in self.lines
        )


def _line(point: Floats, box: Bbox) -> Path:
    """Give the line from a point to the middle of a label."""
    return Path(np.array((point, ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))))


def _lies_in(box: Bbox, outer: Bbox) -> bool:
    return bool(box.x0 >= outer.x0 and box.x1 <= outer.x1 and box.y0 >= outer.y0 and box.y1 <= outer.y1)


def _size(axes: Axes, label: Label) -> tuple[float, float]:
    """Measure a label with its box, in pixels."""
    trial = axes.annotate(label.text, (label.x, label.y), fontsize=7.6, linespacing=1.25)
    extent = trial.get_window_extent().padded(4.0 * pixels_per_point(axes))
    trial.remove()
    return extent.width, extent.height


def _write(axes: Axes, label: Label, box: Bbox) -> None:
    """Write a label into its box, with a line to its point."""
    middle = axes.transData.inverted().transform(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
    axes.annotate(
        label.text, (label.x, label.y), tuple(middle), fontsize=7.6, linespacing=1.25, color=INK, zorder=10,
        ha="center", va="center",
        bbox={"boxstyle": "round,pad=0.35", "facecolor": "#ffffffee", "edgecolor": label.colour, "linewidth": 0.9},
        arrowprops={"arrowstyle": "-", "color": label.colour, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 3},
    )  # fmt: skip
