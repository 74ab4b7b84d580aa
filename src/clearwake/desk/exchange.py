"""Exchange with other desks, as verbs; the command line has the same."""

from __future__ import annotations

from pathlib import Path

from clearwake import release
from clearwake.archive import Archive
from clearwake.flow import exchange
from clearwake.flow.casework import By
from clearwake.flow.exchange import Sent, Taken
from clearwake.flow.signing import public_key
from clearwake.model import UsageError
from clearwake.store import Store


class Exchange:
    """What leaves a desk for others and comes from them; given by ``Desk.exchange``."""

    def __init__(self, store: Store, archive: Archive) -> None:
        self._store, self._archive = store, archive

    def export(self, to: str, out: str | Path, by: By | None = None) -> Sent:
        """Write a signed bundle of all that a party may have; see ``flow.exchange.export``.

        Raises:
            UsageError: If ``to`` is not one party.
        """
        return exchange.export(self._store, self._archive, to, Path(out), by)

    def take(self, path: str | Path, trust: str | None = None, nation: str | None = None) -> Taken:
        """Take in a bundle; see ``flow.exchange.take``.

        Raises:
            NotFoundError: If there is no such file.
            UnreadableFileError: If it is no bundle.
            RefusedError: If it was altered, comes from somebody else than it says, or is for somebody else.
        """
        return exchange.take(self._store, self._archive, Path(path), trust, nation)

    def key(self) -> str:
        """Give this desk's public key, hexadecimal."""
        return public_key(self._store)

    def partners(self) -> dict[str, str]:
        """Give the parties this desk knows, by their public keys."""
        return exchange.partners(self._store)

    def trust(self, key: str, party: str) -> None:
        """Note whose a key is.

        Raises:
            UsageError: If it is no key, or nobody is named.
        """
        if not party.strip():
            message = f"nobody is named for the key {key}\n  next: say whose it is with --as PARTY"
            raise UsageError(message)
        exchange.trust(self._store, key, release.audience_of(party)[0])
