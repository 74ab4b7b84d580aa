"""A case weighed as of a day: what is said where it was not known then, and where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearwake.flow import casework
from clearwake.flow.breach import assessment, elements
from clearwake.flow.casework import By
from clearwake.model import NotFoundError, utc
from clearwake.store import Store


def test_a_case_asked_for_before_it_was_known_is_said_to_have_been_unknown_then(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        by = By("Tanaka", "analyst", "JPN")
        name = casework.open_case(store, by, title="Two tankers", day=utc("2018-02-13"), ships=["ALPHA"]).id
        for ask in (assessment, elements):
            with pytest.raises(NotFoundError) as told:
                ask(store, name, until=utc("2001-01-01"))
            first, then = str(told.value).splitlines()
            assert first == f"case '{name}' was not known at this desk by 2001-01-01 00:00 UTC"
            assert then.startswith("  next: ask for a later time; its first decision is of 20")
        with pytest.raises(NotFoundError, match="there is no case 'nobody'"):
            assessment(store, "nobody", until=utc("2001-01-01"))
