"""How the files of the law are opened, and how they say what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources import files
from typing import Any

import yaml

from clearwake.model import UnreadableFileError

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def told(name: str) -> Any:  # noqa: ANN401 - as the file has it
    """Read one of the files that come with clearwake."""
    return parsed((files("clearwake.statutes") / name).read_text("utf-8"), name)


def parsed(text: str, name: str) -> Any:  # noqa: ANN401 - as the file has it
    """Read YAML.

    Raises:
        UnreadableFileError: If it is none.
    """
    try:
        return yaml.load(text, Loader=_SAFE)  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as failure:
        raise wrong(name, str(failure).splitlines()[0], "YAML") from failure


def wrong(where: str, found: object, wanted: str) -> UnreadableFileError:
    """Make the error that says where a file of the law does not follow its schema."""
    return UnreadableFileError(where, f"found {found!r}", f"law: {wanted}", "see docs/law.md for the schema")


def expect(holds: object, where: str, found: object, wanted: str) -> None:
    """Refuse a file where something does not hold.

    Raises:
        UnreadableFileError: If ``holds`` is false or empty.
    """
    if not holds:
        raise wrong(where, found, wanted)


def expect_fields(
    given: object, where: str, needed: Collection[str], allowed: Collection[str]
) -> dict[str, Any]:
    """Make sure of a mapping that has every needed field and no unknown one.

    Raises:
        UnreadableFileError: If it is none, lacks a field, or has one too many.
    """
    if not isinstance(given, dict):
        raise wrong(where, given, f"fields {', '.join(sorted(allowed))}")
    unknown, missing = sorted(map(str, set(given) - set(allowed))), sorted(set(needed) - set(given))
    expect(not unknown, where, unknown, f"no other fields than {', '.join(sorted(allowed))}")
    expect(not missing, where, sorted(map(str, given)), f"a field {', '.join(missing)}")
    return given
