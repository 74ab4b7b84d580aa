"""Who may write a desk, and who is reading it: two lock files in its folder.

The locks are ``flock`` locks.  The operating system lets go of them when the process ends, however it ends, so
a killed writer never locks a desk for good.
"""

from __future__ import annotations

import fcntl
import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clearwake.model import ClearwakeError

_PAUSE_S = 0.02


class DeskBusyError(ClearwakeError):
    """Another process or thread is writing the desk, and went on writing it for as long as we waited."""


class WriterLock:
    """One writer at a time, over processes and over the threads of this one; a holder may take it again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = threading.RLock()
        self._depth = 0
        self._file = -1

    @contextmanager
    def held(self, wait_s: float) -> Iterator[None]:
        """Hold the lock, waiting up to ``wait_s`` seconds for it.

        Raises:
            DeskBusyError: If it could not be had in that time.
        """
        if not self._take(wait_s):
            message = (
                f"the desk {self._path.parent} is being written by process {self._holder()}; waited {wait_s:g} s"
                f"\n  next: let it finish, or end it, and try again"
            )
            raise DeskBusyError(message)
        try:
            yield
        finally:
            self._release()

    @contextmanager
    def held_if_free(self) -> Iterator[bool]:
        """Hold the lock if nobody does; says whether it is held."""
        is_held = self._take(0)
        try:
            yield is_held
        finally:
            if is_held:
                self._release()

    def _take(self, wait_s: float) -> bool:
        if not self._thread.acquire(timeout=wait_s):
            return False
        is_held = False
        try:
            is_held = self._depth > 0 or self._lock_file(wait_s)
        finally:
            if not is_held:
                self._thread.release()
        self._depth += is_held
        return is_held

    def _lock_file(self, wait_s: float) -> bool:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if not _locked_within(file, wait_s):
                return False
            os.ftruncate(file, 0)
            os.pwrite(file, str(os.getpid()).encode(), 0)
            self._file, file = file, -1
        finally:
            if file >= 0:
                os.close(file)
        return True

    def _release(self) -> None:
        self._depth -= 1
        if self._depth == 0:
            fcntl.flock(self._file, fcntl.LOCK_UN)
            os.close(self._file)
        self._thread.release()

    def _holder(self) -> str:
        return self._path.read_text() if self._path.exists() else "?"


class Readers:
    """The processes that have the desk open; what they may still be scanning is not to be deleted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def join(self) -> None:
        """Be counted as a reader until ``leave`` or the end of the process."""
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Be counted no longer."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def are_none(self) -> bool:
        """Tell whether nobody has the desk open, this object included."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            return locked_now(file, fcntl.LOCK_EX)
        finally:
            os.close(file)


def _locked_within(file: int, wait_s: float) -> bool:
    for turn in range(math.ceil(wait_s / _PAUSE_S) + 1):
        if turn:
            time.sleep(_PAUSE_S)
        if locked_now(file, fcntl.LOCK_EX):
            return True
    return False


def locked_now(file: int, kind: int) -> bool:
    """Take the lock of ``kind`` on an open file without waiting; says whether it was had."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
