"""How a command's own process is set up before anything heavy is imported.

A command is one short life with a few large arrays in it, which the defaults of Python and of the allocators do not
expect.  Nothing here changes what a command answers, and a library that is imported sets up nothing.
"""

from __future__ import annotations

import gc
import os

_KEEP_MEMORY = "dirty_decay_ms:10000,muzzy_decay_ms:10000"
"""Polars' allocator gives memory back at once and asks for it again a moment later, which took a twentieth of the
time of a run in the operating system; it may keep what it freed for ten seconds."""

_COLLECT_AFTER = 50_000
"""New objects after which Python looks for rings of dead ones: nearly everything made at the start stays alive, and
looking at all of it every 700 objects took a sixth of the start."""


def settle() -> None:
    """Set up this process; what its user says in the environment goes before."""
    gc.set_threshold(_COLLECT_AFTER, 20, 50)
    os.environ.setdefault("_RJEM_MALLOC_CONF", _KEEP_MEMORY)
    # Our products are of three columns, and idle threads of the linear algebra library wait by spinning.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
