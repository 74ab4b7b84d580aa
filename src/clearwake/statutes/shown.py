"""The elements of provisions as their file has them: what each says, how facts show it, what would settle it.

Only the file is read and checked here; ``law`` holds facts against the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from clearwake.statutes.files_read import expect, expect_fields, told
from clearwake.statutes.vocabulary import vocabulary

OPERATORS = ("any", "all", "not", "indicates", "only_if_shown", "element", "goods", "fact")

ROLES = ("either", "giver", "receiver", "ship", "party")
"""Of whom a fact must speak: either ship of the transfer, its giver or receiver, the ship or party in question."""

TESTS = ("is", "is_not", "to", "from_not", "under", "above", "at_least", "at_most", "within_days")


@dataclass(frozen=True)
class ElementOfBreach:
    """One thing that has to be so for a provision to apply."""

    name: str
    says: str
    test: Mapping[str, Any]
    settle: str
    """What observation or document would settle it."""
    if_missing: str | None = None
    if_contradicted: str | None = None
    """What follows when it is missing or not so, where more is to be said than that."""


DATE = "date"
"""The element that every provision has: the act happened while the paragraph was in force."""


def in_words(name: str) -> str:
    """Say what an element is; the name itself, of one that no file has."""
    known = elements().get(name)
    return "the paragraph was in force when it happened" if name == DATE else known.says if known else name


@cache
def elements() -> Mapping[str, ElementOfBreach]:
    """Give every element by its name, as ``elements.yml`` has them.

    Raises:
        UnreadableFileError: If the file does not follow its schema.
    """
    return read_elements(told("elements.yml"), "elements.yml")


def read_elements(given: Mapping[str, Any], name: str) -> dict[str, ElementOfBreach]:
    """Read a mapping of elements, checking every word of their tests.

    Raises:
        UnreadableFileError: If it does not follow the schema.
    """
    read = {}
    for element, said in given.items():
        where = f"{name}, {element}"
        optional = ("if_missing", "if_contradicted")
        expect_fields(said, where, ("says", "test", "settle"), ("says", "test", "settle", *optional))
        check_test(said["test"], where, set(given))
        read[element] = ElementOfBreach(
            element, said["says"], said["test"], said["settle"], *(said.get(each) for each in optional)
        )
    return read


def check_test(test: Any, where: str, known: set[str]) -> None:  # noqa: ANN401 - as the file has it
    """Make sure that a test uses only words there are.

    Raises:
        UnreadableFileError: If it does not.
    """
    expect(isinstance(test, dict) and test, where, test, f"a test: {', '.join(OPERATORS)}")
    if "fact" in test:
        _check_fact(test, where)
        return
    expect(
        len(test) == 1 and next(iter(test)) in OPERATORS, where, sorted(map(str, test)), f"one of {OPERATORS}"
    )
    operator, inner = next(iter(test.items()))
    if operator in ("any", "all"):
        expect(isinstance(inner, list) and inner, where, inner, f"{operator}: a list of tests")
        for each in inner:
            check_test(each, where, known)
    elif operator in ("not", "indicates", "only_if_shown"):
        check_test(inner, where, known)
    elif operator == "element":
        expect(inner in known, where, inner, "an element there is")
    else:
        expect(inner == "covered", where, inner, "goods: covered")


def _check_fact(test: dict[str, Any], where: str) -> None:
    expect_fields(test, where, ("fact",), ("fact", "of", *TESTS))
    kind = vocabulary().get(test["fact"])
    if kind is None:
        expect(False, where, test["fact"], "a kind of fact in vocabulary.yml")  # noqa: FBT003 - read as "refuse"
        return
    expect(kind.about == "act" or test.get("of") in ROLES, where, test.get("of"), f"of: {', '.join(ROLES)}")
    expect(
        kind.about != "act" or "of" not in test, where, test.get("of"), f"no of, {kind.name} being of the act"
    )
    for each in ("is", "is_not"):
        values = test.get(each, [])
        expect(isinstance(values, list), where, values, f"{each}: a list")
        expect(not kind.words or set(values) <= set(kind.words), where, values, f"words of {kind.name}")
    has_amount = any(each in test for each in ("above", "at_least", "at_most"))
    expect(not has_amount or kind.unit, where, kind.name, "a kind of fact that has an amount")
    expect(test.get("under", "this") == "this", where, test.get("under"), "under: this")
