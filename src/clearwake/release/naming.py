"""New names for one release: what leaves the desk carries ids that lead back to nothing.

An id of the desk may be a hash of what it names, or stand in another release too.  Each release has a secret of 32
random bytes, kept at the desk; new ids, and the salts of commitments, are keyed hashes under it.  So the same thing
has one name throughout a release and another in the next, names depend neither on what else there is nor on its
order, and with the secret the desk can show later what any of them stood for.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from clearwake import seal
from clearwake.model import Item

_ID = re.compile(
    r"(?<![0-9A-Za-z_])(?:([A-Za-z][A-Za-z_]*):([0-9A-Fa-f]{16,128})|([0-9A-Fa-f]{32,128}))(?![0-9A-Za-z])"
)
"""An id as desks make them (a kind, and random digits or a hash), or a digest without a kind."""

_DIGITS = 32

UNSAID = frozenset(
    {"receipt", "line", "known_at", "received_at", "sha256", "photographs", "track", "track_a", "track_b", "version",
     "withdrawn", "settled_at", "station", "evidence", "path", "file", "archive", "marking", "releasable_to",
     "tear_line_to"}
)  # fmt: skip
"""Fields of a desk's rows that tell how it came by them, what it has besides, or who else may have it."""

PUBLISHED = frozenset({"listing", "registry"})
"""Kinds of items whose rows are somebody's publication: all of them is said but the desk's own receipt."""

_OWN = frozenset({"receipt", "line"})


@dataclass(frozen=True)
class Secret:
    """What names of one release are made of."""

    key: bytes

    def name(self, kind: str, original: str) -> str:
        """Give the new id of something: its kind and 32 hexadecimal digits."""
        return f"{kind}:{self._keyed('id', original)[:_DIGITS]}"

    def of(self, original: str) -> str:
        """Give the new id of an id: of the same kind."""
        return self.name(original.partition(":")[0], original)

    def commit(self, released: str, content: bytes) -> str:
        """Commit to what a released id stands for at the desk."""
        return seal.commitment(self.salt(released), content)

    def salt(self, released: str) -> str:
        """Give the salt of a commitment, hexadecimal; told to nobody until it is to be opened."""
        return self._keyed("salt", released)

    def scrubbed(self, text: str) -> str:
        """Give a text with every id in it renamed, and every digest without a kind."""
        return _ID.sub(lambda found: self.of(found[0]) if found[1] else self._bare(found[0]), text)

    def cited(self, text: str) -> str:
        """Give a citation with every id in it renamed; a digest without a kind is part of an address there."""
        return _ID.sub(lambda found: self.of(found[0]) if found[1] else found[0], text)

    def said(self, row: str, kind: str) -> str:
        """Give an item's row (JSON) with ids renamed and null for what tells of the desk.

        Args:
            row: As the item has it; what is no JSON is taken as text.
            kind: The item's.
        """
        try:
            value = json.loads(row)
        except ValueError:
            return self.scrubbed(row)
        unsaid = _OWN if kind in PUBLISHED else UNSAID
        return seal.canonical(self._walked(value, unsaid)).decode()

    def _walked(self, value: Any, unsaid: frozenset[str]) -> Any:  # noqa: ANN401 - whatever JSON can say
        if isinstance(value, Mapping):
            return {
                self.scrubbed(str(k)): self._emptied(v) if k in unsaid else self._walked(v, unsaid)
                for k, v in value.items()
            }
        if isinstance(value, list):
            return [self._walked(v, unsaid) for v in value]
        return self.scrubbed(value) if isinstance(value, str) else value

    @staticmethod
    def _emptied(value: Any) -> Any:  # noqa: ANN401 - as above
        return [] if isinstance(value, list) else None

    def _bare(self, digits: str) -> str:
        return self._keyed("digest", digits)[:_DIGITS]

    def _keyed(self, use: str, what: str) -> str:
        return hmac.new(self.key, f"{use}\x00{what}".encode(), sha256).hexdigest()


def unnamed(item: Item) -> Item:
    """Give an item as a chain commits to it: without the desk's own ids, which can be guessed back to what they name.

    The ids in its row are renamed at random, once and for good.
    """
    if item.source is None:
        return item
    rows = None if item.rows is None else Secret(secrets.token_bytes(32)).said(item.rows, item.kind)
    return replace(item, source=None, rows=rows)
