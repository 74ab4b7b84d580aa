"""Seals: what was signed is told from what was not, also where somebody makes up a key."""

from __future__ import annotations

import pytest

from clearwake import seal

SMALL_ORDER = (
    "00" * 32,
    "01" + "00" * 31,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ec" + "ff" * 30 + "7f",
    "ed" + "ff" * 30 + "7f",
    "ee" + "ff" * 30 + "7f",
)
"""As libsodium lists them."""


def test_the_holder_of_a_key_signs_just_these_bytes() -> None:
    key, other = seal.new_key(), seal.new_key()
    signature = seal.sign(key, b"a case")
    assert seal.is_signed(seal.public_hex(key), signature, b"a case")
    assert not seal.is_signed(seal.public_hex(key), signature, b"another case")
    assert not seal.is_signed(seal.public_hex(other), signature, b"a case")
    assert not seal.is_signed("no key", signature, b"a case")


@pytest.mark.parametrize("key", SMALL_ORDER)
@pytest.mark.parametrize("sign", ["00", "80"])
def test_a_key_that_nobody_holds_signs_nothing(key: str, sign: str) -> None:
    made_up = key[:-2] + f"{int(key[-2:], 16) | int(sign, 16):02x}"
    for first in ("00" * 32, "01" + "00" * 31):
        assert not any(seal.is_signed(made_up, first + "00" * 32, bytes([n])) for n in range(64))


def test_a_commitment_needs_its_salt() -> None:
    salt = seal.salt()
    assert seal.commitment(salt, b"31.05 N") == seal.commitment(salt, b"31.05 N")
    assert seal.commitment(salt, b"31.05 N") != seal.commitment(seal.salt(), b"31.05 N")
