"""The words facts are given in: which kinds there are, what each may say, and the goods that may be named by a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from clearwake.statutes.files_read import expect, expect_fields, told

ABOUT = ("act", "ship", "party")
TIMINGS = ("act", "state")
FORMS = ("country", "goods")


@dataclass(frozen=True)
class Kind:
    """One kind of fact."""

    name: str
    says: str
    about: str
    """``act``, ``ship`` or ``party``."""
    timing: str
    """``act``: it happened on a day; ``state``: it was so from one day to another."""
    form: str | None
    """What its value is: ``country``, ``goods``, ``word``; null where it has none."""
    words: tuple[str, ...]
    one_only: bool
    """Only one value can be so at a time, so that another speaks against."""
    unit: str | None
    """The unit of its amount, where it has one."""


@cache
def vocabulary() -> Mapping[str, Kind]:
    """Give every kind of fact by its name, as ``vocabulary.yml`` has them.

    Raises:
        UnreadableFileError: If the file does not follow its schema.
    """
    return {name: _kind(name, said) for name, said in told("vocabulary.yml").items()}


@cache
def goods_words() -> Mapping[str, tuple[str, ...]]:
    """Give the goods that may be named by a word, with the headings each stands for."""
    return {word: tuple(codes) for word, codes in told("goods_words.yml").items()}


def _kind(name: str, said: Any) -> Kind:  # noqa: ANN401 - as the file has it
    where = f"vocabulary.yml, {name}"
    expect_fields(
        said, where, ("about", "timing", "says"), ("about", "timing", "says", "value", "one_only", "amount")
    )
    value = said.get("value")
    expect(said["about"] in ABOUT, where, said["about"], f"about: {', '.join(ABOUT)}")
    expect(said["timing"] in TIMINGS, where, said["timing"], f"timing: {', '.join(TIMINGS)}")
    expect(
        value is None or value in FORMS or isinstance(value, list),
        where,
        value,
        f"value: {', '.join(FORMS)}, or words",
    )
    words = tuple(value) if isinstance(value, list) else ()
    form = "word" if words else value
    return Kind(
        name,
        said["says"],
        said["about"],
        said["timing"],
        form,
        words,
        bool(said.get("one_only")),
        said.get("amount"),
    )
