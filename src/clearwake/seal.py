"""Seals: canonical bytes, salted commitments and Ed25519 signatures; all that makes a change show.

One way of writing a value as bytes serves hashes, signatures and files, so that two desks that hold the same
facts hold the same bytes.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from typing import Any, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from clearwake.model import ClearwakeError

T = TypeVar("T")

SALT_BYTES = 32

_PRIME = 2**255 - 19
_ORDER_8 = 55188659117513257062467267217118295137698188065244968500265048394206261417927
_SMALL_ORDER = frozenset((0, 1, _ORDER_8, _PRIME - _ORDER_8, _PRIME - 1, _PRIME, _PRIME + 1))
"""Ed25519 keys (their y) of order 8 or less, which one signature fits for many messages; Cremers and Jackson 2019,
"Prime, order please!", and the list in libsodium."""


def canonical(value: Any) -> bytes:  # noqa: ANN401 - whatever JSON can say
    """Write a value (records, mappings, sequences, times, numbers, text) as JSON with sorted keys and no blanks."""
    return msgspec.json.encode(value, order="sorted")


def parsed(text: bytes | str, kind: type[T]) -> T:
    """Read a record back from canonical bytes.

    Raises:
        ClearwakeError: If they do not say such a record.
    """
    try:
        return _decoder(kind).decode(text)
    except msgspec.MsgspecError as error:
        next_step = "ask its sender for it again; it is not as it was written"
        message = f"{error}\n  read as {kind.__name__} in JSON\n  next: {next_step}"
        raise ClearwakeError(message) from error


_decoders: dict[type, msgspec.json.Decoder[Any]] = {}
_one_at_a_time = threading.Lock()


def _decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """Give what reads a kind of record, made once.

    Made one at a time: msgspec (0.22) crashes the process where two threads look into the same dataclass at once.
    """
    if kind not in _decoders:
        with _one_at_a_time:
            _decoders.setdefault(kind, msgspec.json.Decoder(kind))
    return _decoders[kind]


def record_of(value: object, kind: type[T]) -> T:
    """Make a record of plain values: mappings, lists, text and numbers.

    Raises:
        msgspec.ValidationError: If they do not say such a record; it says where.
    """
    _decoder(kind)
    return msgspec.convert(value, kind)


def digest(content: bytes) -> str:
    """Give the SHA-256 of bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def salt() -> str:
    """Give a new salt: 32 random bytes, hexadecimal."""
    return secrets.token_hex(SALT_BYTES)


def commitment(salt_hex: str, content: bytes) -> str:
    """Commit to bytes: SHA-256 over the salt and them; without the salt nobody can guess them back."""
    return digest(bytes.fromhex(salt_hex) + content)


def random_id(kind: str) -> str:
    """Give a new id that tells nothing of what it names: ``item:`` and 32 random hexadecimal digits."""
    return f"{kind}:{secrets.token_hex(16)}"


def new_key() -> Ed25519PrivateKey:
    """Make a new Ed25519 key (RFC 8032)."""
    return Ed25519PrivateKey.generate()


def public_hex(key: Ed25519PrivateKey) -> str:
    """Give the public half of a key, hexadecimal."""
    return key.public_key().public_bytes_raw().hex()


def desk_name(public_key_hex: str) -> str:
    """Name a desk by its public key: the first 32 hexadecimal digits of its SHA-256."""
    return digest(bytes.fromhex(public_key_hex))[:32]


def sign(key: Ed25519PrivateKey, content: bytes) -> str:
    """Sign bytes; hexadecimal."""
    return key.sign(content).hex()


def is_signed(public_key_hex: str, signature_hex: str, content: bytes) -> bool:
    """Tell whether the holder of this key signed just these bytes; text that is no key or signature is a no.

    So is a key of small order: it has no holder, and what anybody makes up passes for signed.
    """
    try:
        if int.from_bytes(bytes.fromhex(public_key_hex), "little") % 2**255 in _SMALL_ORDER:
            return False
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key_hex)).verify(
            bytes.fromhex(signature_hex), content
        )
    except (ValueError, InvalidSignature):
        return False
    return True
