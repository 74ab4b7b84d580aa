"""Everything that can be read, by name: feeds and lists."""

from __future__ import annotations

from clearwake.model import Source, UsageError
from clearwake.sources import SOURCES


def readers() -> tuple[Source, ...]:
    """Give every reader there is: feeds first, then lists."""
    from clearwake.lists import LISTS  # noqa: PLC0415 - their cards are slow to read, and feeds do without

    return (*SOURCES, *LISTS)


def reader(name: str) -> Source:
    """Give a reader by name.

    Raises:
        UsageError: If there is none of this name.
    """
    feed = next((source for source in SOURCES if source.name == name), None)
    if feed is not None:
        return feed
    known = {source.name: source for source in readers()}
    if name not in known:
        message = f"there is no reader called {name!r}\n  next: choose one of {', '.join(sorted(known))}"
        raise UsageError(message)
    return known[name]
