"""Arrays packed into one compressed file, and back: how the built-in data lie in the package.

The file is a NumPy ``.npz`` archive without compression of its own, inside one Zstandard frame: small, read in
one go, and without pickles.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray


def write(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write ``arrays`` so that the same arrays always give the same bytes."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    path.write_bytes(zstandard.ZstdCompressor(level=19).compress(buffer.getvalue()))


def read(path: Traversable) -> dict[str, NDArray[Any]]:
    """Read every array of a packed file."""
    buffer = io.BytesIO(zstandard.ZstdDecompressor().decompress(path.read_bytes()))
    with np.load(buffer, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}
