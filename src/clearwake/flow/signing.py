"""The desk's own key: made once, kept in its folder for its owner alone, and the name of its chain."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clearwake import seal
from clearwake.model import ClearwakeError
from clearwake.store import Store

KEY_FILE = "chain.key"


def key_of(store: Store) -> Ed25519PrivateKey:
    """Give the desk's private key; made, readable by its owner alone, when it is first wanted.

    Raises:
        ClearwakeError: If the file is no key, or others may read it.
    """
    path = store.root / KEY_FILE
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        message = f"{path}: others may read the desk's private key\n  next: chmod 600 {path}"
        raise ClearwakeError(message)
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii").strip()))
    except ValueError as error:
        message = f"{path}: {error}\n  read as an Ed25519 key in hexadecimal\n  next: restore it from a copy; {_LOST}"
        raise ClearwakeError(message) from error


_LOST = "without it the desk must begin a new chain, by moving the file away, and tell its partners"


def public_key(store: Store) -> str:
    """Give the desk's public key, hexadecimal."""
    return seal.public_hex(key_of(store))


def chain_of(store: Store) -> str:
    """Give the name of the desk and its chain."""
    return seal.desk_name(public_key(store))


def _make(path: Path) -> None:
    """Write a new key whole and under its name only if there is none yet, however many try at once."""
    aside = path.with_name(f".{KEY_FILE}.{uuid.uuid4().hex}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(seal.new_key().private_bytes_raw().hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        return  # another process made it in this very moment, and that one counts
    finally:
        aside.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
