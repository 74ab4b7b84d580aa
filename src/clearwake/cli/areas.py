"""How the answer to "where can it be?" leaves the program."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from clearwake.cli.forms import AreaFormat, Format
from clearwake.model import UsageError

if TYPE_CHECKING:
    from clearwake.whereabouts import Located

_ENDINGS = {
    ".json": AreaFormat.JSON, ".csv": AreaFormat.CSV, ".geojson": AreaFormat.GEOJSON, ".png": AreaFormat.PNG,
    ".svg": AreaFormat.SVG, ".npz": AreaFormat.NPZ, ".txt": AreaFormat.TABLE,
}  # fmt: skip
_FOR_FILES = (AreaFormat.PNG, AreaFormat.NPZ)


def form_of(form: AreaFormat | None, out: Path | None) -> AreaFormat:
    """Choose the form: as asked, by the ending of the file, words on a terminal, JSON in a pipe.

    Raises:
        UsageError: If the ending says nothing, or what is no text is to go to a terminal.
    """
    if form is None and out is not None:
        form = _ENDINGS.get(out.suffix.lower())
        if form is None:
            message = (
                f"{out.name!r} does not say which form it is to have\n  next: end it in {', '.join(_ENDINGS)}"
            )
            raise UsageError(message)
    chosen = form or (AreaFormat.TABLE if sys.stdout.isatty() else AreaFormat.JSON)
    if chosen in _FOR_FILES and out is None and sys.stdout.isatty():
        message = f"{chosen} is not for reading on a terminal\n  next: give --out FILE"
        raise UsageError(message)
    return chosen


def write(located: Located, form: AreaFormat, out: Path | None) -> None:
    """Write an answer to a file or to standard output."""
    if form in (AreaFormat.JSON, AreaFormat.CSV):
        from clearwake.cli.output import write as write_rows
        from clearwake.model.record import table
        from clearwake.model.whereabouts import Whereabouts

        write_rows(table([located.record], Whereabouts), Format(form), out)
        return
    content = _content(located, form)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def _content(located: Located, form: AreaFormat) -> bytes:
    if form is AreaFormat.TABLE:
        return _in_words(located).encode()
    if form is AreaFormat.GEOJSON:
        from clearwake.whereabouts.written import geojson

        return json.dumps(geojson(located), ensure_ascii=False).encode() + b"\n"
    if form is AreaFormat.NPZ:
        from clearwake.whereabouts.written import raster

        return raster(located)
    from clearwake.flow.whereabouts import picture

    return picture(located, form.value)


def _in_words(located: Located) -> str:
    record = located.record
    lines = [record.told]
    if record.lon is not None and record.lat is not None and record.error_km is not None:
        lines.append(
            f"likeliest at {record.lon:.3f}, {record.lat:.3f} (lon, lat), within {record.error_km:,.1f} km"
        )
    if record.half_km2 is not None and record.nearly_all_km2 is not None:
        lines.append(
            f"half of what is likely on {record.half_km2:,.0f} km2, 95 % on {record.nearly_all_km2:,.0f} km2"
        )
    if record.state != "impossible":
        lines.append(
            f"within reach now {record.area_km2:,.0f} km2, changing by {record.growth_km2_per_h:+,.0f} km2 an hour"
        )
    lines += [f"evidence: {', '.join(record.evidence)}"] if record.evidence else []
    return "\n".join(lines) + "\n"
