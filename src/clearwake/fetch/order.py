"""One order: a publisher's file for a day, or its latest edition, from the first of its places that has it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from clearwake.fetch.courier import Asked, Courier, Fetched, NotFetchedError, Progress
from clearwake.fetch.publishers import PUBLISHERS, Place, Publisher
from clearwake.model import NotFoundError, UsageError

PAUSE_S = 1.0
_HIDDEN = "..."


def fetch(
    publisher: str,
    into: Path,
    day: date | None = None,
    addresses: Mapping[str, str] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    pause_s: float = PAUSE_S,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Fetched]:
    """Fetch a publisher's file for a day, or its latest edition, and check it; it counts only then.

    A fetch that was broken off goes on from the bytes that came, unless the publisher has changed the file.  A
    file that is there already is fetched again only if it has changed.

    Args:
        publisher: ``noaa``, ``dma``, ``ofac``, ``un`` or ``eu``.
        into: The folder files go to; made if need be.
        day: The day wanted (UTC), where the publisher publishes by day.
        addresses: Addresses to use instead, by the key of their place; and ``eu.token``.
        on_progress: Told how far a file has come.
        pause_s: The pause between requests, in seconds.
        sleep: Waits that many seconds.

    Raises:
        NotFoundError: If there is no such publisher.
        UsageError: If a day or a token is missing, or a day is given where there are only editions.
        NotFetchedError: If the publisher has no such file or could not be reached; a later run goes on from there.
        UnreadableFileError: If what came is not what it should be; nothing of it is kept.
    """
    wanted = _named(publisher).at(addresses or {})
    token = (addresses or {}).get(f"{publisher}.token")
    _check_asked(wanted, day, token)
    into.mkdir(parents=True, exist_ok=True)
    absent = []
    with Courier(into, on_progress, pause_s, sleep) as courier:
        for place in wanted.places:
            brought = courier.bring(_asked(place, day, token))
            if isinstance(brought, Fetched):
                return [replace(brought, note=_note(brought, day))]
            absent.append(brought)
    found = "; ".join(f"{at.url} answered {at.answered}" for at in absent)
    what = f"the file for {day}" if day else "the latest edition"
    do_next = "see on the publisher's page what it has, and whether its addresses have changed"
    raise NotFetchedError(wanted.name, f"no such file: {found}", what, do_next)


def _named(publisher: str) -> Publisher:
    for known in PUBLISHERS:
        if known.name == publisher:
            return known
    names = ", ".join(known.name for known in PUBLISHERS)
    message = f"there is no publisher {publisher!r}\n  next: name one of {names}"
    raise NotFoundError(message)


def _check_asked(publisher: Publisher, day: date | None, token: str | None) -> None:
    if publisher.is_by_day and day is None:
        message = f"{publisher.name} publishes by day\n  next: say which day, as in --day 2024-01-31"
        raise UsageError(message)
    if not publisher.is_by_day and day is not None:
        message = f"{publisher.name} publishes only its latest edition\n  next: leave the day out"
        raise UsageError(message)
    if publisher.needs_token and not token:
        message = (
            f"{publisher.name} gives its list only to those with a token, which it gives for free"
            f"\n  next: get one and set {publisher.name}.token; docs/sources/fetch.md says where"
        )
        raise UsageError(message)


def _asked(place: Place, day: date | None, token: str | None) -> Asked:
    address = _filled(place, day, quote(token or "", safe=""))
    name = place.name or Path(unquote(urlsplit(address).path)).name or place.key
    return Asked(place, address, _filled(place, day, _HIDDEN), name)


def _filled(place: Place, day: date | None, token: str) -> str:
    try:
        return place.address.format(day=day, token=token)
    except (KeyError, IndexError, ValueError, TypeError) as error:
        message = (
            f"the address of {place.key} cannot be filled in: {place.address}"
            "\n  next: write the day as {day:%Y-%m-%d} and the token as {token}, as docs/sources/fetch.md does"
        )
        raise UsageError(message) from error


def _note(brought: Fetched, day: date | None) -> str | None:
    if brought.covers != "month" or day is None:
        return None
    return f"the publisher has no file of {day} alone; {brought.path.name} holds the whole month"
