"""The set-up of a command's process."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

from clearwake.cli.process import settle


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_what_the_user_says_of_memory_and_threads_goes_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "dirty_decay_ms:5")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    settle()
    assert os.environ["_RJEM_MALLOC_CONF"] == "dirty_decay_ms:5"
    assert os.environ["OPENBLAS_NUM_THREADS"] == "2"


def test_python_still_collects_dead_rings_only_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    settle()
    assert gc.isenabled()
    assert 700 < gc.get_threshold()[0] < 1_000_000
