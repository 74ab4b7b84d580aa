"""Errors that say where, what was found, how it was read, and what to do next."""

from __future__ import annotations


class ClearwakeError(Exception):
    """Something asked for could not be done; the message is meant for the person who asked."""


class UnreadableFileError(ClearwakeError):
    """A whole file is not what it says it is; nothing of it was kept in tables.

    Attributes:
        where: The file and, if known, the place in it.
        found: What was found there.
        read_as: How it was read.
        do_next: What the person can do.
    """

    def __init__(self, where: str, found: str, read_as: str, do_next: str) -> None:
        self.where, self.found, self.read_as, self.do_next = where, found, read_as, do_next
        super().__init__(f"{where}: {found}\n  read as {read_as}\n  next: {do_next}")


class NotFoundError(ClearwakeError):
    """Something asked for by name or id is not in the desk."""


class UsageError(ClearwakeError):
    """What was asked for contradicts itself or lacks something."""
