"""What tests share: where the larger real data sets lie, if they do, and tables a seafarer can read."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of larger real data sets; the test is skipped where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the larger real data sets are not beside this checkout")
    return folder
