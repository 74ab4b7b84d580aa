"""Reading one value the way lists write it: what it is, and in words what was odd about it.

Nothing here drops a fact.  A value that cannot be read becomes null and an issue that quotes it; an invalid
identifier is kept and called invalid, and screening goes on with the rest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from clearwake.model.identifiers import (
    PLACEHOLDER_IMOS,
    company_imo_check_digit_holds,
    imo_check_digit_holds,
    mmsi_is_usable,
    read_imos,
)

Meanings = Mapping[str, str | None]
"""A list's own look-ups for a field: lower-case text to what it means, null for nothing."""

MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}


@dataclass
class Issues:
    """What was odd in one entry, in words, in the order it was found."""

    said: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        """Add a sentence once."""
        if sentence not in self.said:
            self.said.append(sentence)


def folded(text: str) -> str:
    """Bring full-width digits and letters, odd spaces and line breaks to their plain form."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def meant(raw: str | None, meanings: Meanings) -> str | None:
    """Replace what a publisher writes in a field by what it means, where the list's ``.yml`` says so."""
    text = folded(raw or "") or None
    return meanings.get(text.lower(), text) if text else None


def imo_numbers(raw: str | None, kind: str, meanings: Meanings, issues: Issues) -> list[str]:
    """Read the IMO numbers of a field, those that hold their check digit first.

    Args:
        raw: The field: ``9179701``, ``IMO 9179701``, full width, two in one field, ``Does not exist``.
        kind: ``company`` for company IMO numbers, which have another check digit; any other kind for ships'.
        meanings: The list's look-ups for the field.
        issues: Takes what was odd.
    """
    said = meant(raw, meanings)
    if said is None:
        if raw and folded(raw).lower() in meanings:
            issues.note(f"the IMO number field says {folded(raw)!r}")
        return []
    numbers = list(dict.fromkeys(read_imos(said)))
    if not numbers:
        issues.note(f"IMO number {said!r} is not seven digits")
    if len(numbers) > 1:
        issues.note(f"the IMO number field holds {len(numbers)} numbers: {said!r}")
    holds = company_imo_check_digit_holds if kind == "company" else imo_check_digit_holds
    for number in numbers:
        if number in PLACEHOLDER_IMOS:
            issues.note(f"IMO {number} is a placeholder")
        elif not holds(number):
            issues.note(
                f"IMO {number} fails the check digit of a {'company' if kind == 'company' else 'ship'}"
            )
    return sorted(numbers, key=lambda number: not holds(number) or number in PLACEHOLDER_IMOS)


def mmsi_numbers(raw: str | None, meanings: Meanings, issues: Issues) -> list[int]:
    """Read the MMSI of a field, several in order; words and wrong lengths become issues."""
    said = meant(raw, meanings)
    if said is None:
        return []
    numbers = [int(digits) for digits in dict.fromkeys(re.findall(r"(?<!\d)\d{9}(?!\d)", said))]
    if not numbers:
        issues.note(f"MMSI {said!r} is not nine digits")
    if len(numbers) > 1:
        issues.note(f"the MMSI field holds {len(numbers)} numbers: {said!r}")
    for number in numbers:
        if not mmsi_is_usable(number):
            issues.note(f"MMSI {number:09d} is no ship's number")
    return sorted(numbers, key=lambda number: not mmsi_is_usable(number))


def ship_names(raw: str, issues: Issues) -> tuple[str, list[str], list[str]]:
    """Split a ship's name field into name, other names and former names.

    Lists write ``Chol Ryong (Ryong Gun Bong)``, ``Hana (former)`` and ``Hana (formerly Zaya)``: what stands in
    brackets is another name, except a remark about the name before it.
    """
    whole = folded(raw)
    outside = " ".join(re.sub(r"\([^()]*\)", " ", whole).split())
    others, former = list[str](), list[str]()
    for inside in re.findall(r"\(([^()]*)\)", whole):
        word = re.match(r"(?i)\s*(?:formerly(?: known as)?|former|ex|f\.?k\.?a\.?)\b[\s:.-]*(.*)", inside)
        if word is None:
            others += [inside.strip()]
        elif word[1].strip():
            former += [word[1].strip()]
        else:
            issues.note(f"the name {whole!r} is marked as a former one")
    if not outside:
        return whole, [], former
    return outside, [name for name in others if name], former


def parts(raw: str | None, separator: str = ";") -> tuple[str, ...]:
    """Split a field that holds several values; empty ones go, repeated ones stay once."""
    return tuple(dict.fromkeys(one for piece in (raw or "").split(separator) if (one := folded(piece))))


def day(raw: str | None, issues: Issues, what: str) -> datetime | None:
    """Read a date as lists write it, midnight UTC; one that cannot be read is an issue.

    Read: ``2012-12-31``, ``2012-12-31-05:00``, ``31.12.2012``, ``31/12/2012`` (day first), ``31 Dec 2012``,
    ``31 December 2012``, ``26 Feb. 2011``, ``July 2, 2020``.
    """
    text = folded(raw or "")
    if not text:
        return None
    found = _ymd(text)
    if found is not None:
        try:
            return datetime(*found, tzinfo=UTC)
        except ValueError:
            found = None
    issues.note(f"{what} {text!r} could not be read as a date")
    return None


def edge_of_period(raw: str | None, issues: Issues, what: str, *, is_end: bool = False) -> datetime | None:
    """Read a date known to the year, month or day as its first day, or its last one where ``is_end``."""
    text = folded(raw or "")
    known = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?", text)
    if known is None:
        return day(text, issues, what)
    year, month = int(known[1]), int(known[2] or (12 if is_end else 1))
    if not (1 <= month <= 12 and 1 <= year <= 9998):
        issues.note(f"{what} {text!r} could not be read as a date")
        return None
    if not is_end:
        return datetime(year, month, 1, tzinfo=UTC)
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC) - timedelta(days=1)


SHARE = re.compile(r"(?:(?P<above>>=?|over|more than|at least)|(?P<below><=?|under|less than|up to))?\s*"
                   r"(?P<low>-?\d+(?:[.,]\d+)?)\s*%?(?:\s*(?:-|to|–)\s*(?P<high>\d+(?:[.,]\d+)?)\s*%?)?")  # fmt: skip  # noqa: RUF001 - a dash that lists write
"""``50``, ``50.1 %``, ``25-50``, ``more than 50 %``."""


def share(raw: Sequence[str], issues: Issues) -> tuple[float, float]:
    """Read what share an owner has, in percent, as the least and the most it can be.

    One that is not said, or cannot be a share (negative, over 100 %, words), is 0 to 100.  Of several, the widest.
    """
    read = [_share(folded(one), issues) for one in raw if one.strip()]
    if len(set(read)) > 1:
        issues.note(f"{len(read)} shares are given: {', '.join(raw)}")
    return (min(low for low, _ in read), max(high for _, high in read)) if read else (0.0, 100.0)


def _share(text: str, issues: Issues) -> tuple[float, float]:
    found = SHARE.fullmatch(text.lower())
    if found is None:
        issues.note(f"the share {text!r} is no percentage")
        return 0.0, 100.0
    low = float(found["low"].replace(",", "."))
    high = float((found["high"] or found["low"]).replace(",", "."))
    if not 0.0 <= low <= high <= 100.0:
        issues.note(f"the share {text!r} is not between 0 and 100 %")
        return 0.0, 100.0
    return (low, 100.0) if found["above"] else (0.0, high) if found["below"] else (low, high)


def partial_day(raw: str) -> str:
    """Bring a date of birth to ISO 8601 as far as it goes: ``1967-02-06``, ``1967``; anything else stays as said."""
    text = folded(raw)
    if text.isdigit():
        return text
    found = _ymd(text) if re.fullmatch(r"[\w./, -]{8,18}", text) else None
    return "{:04d}-{:02d}-{:02d}".format(*found) if found else text


def _ymd(text: str) -> tuple[int, int, int] | None:
    if iso := re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return int(iso[1]), int(iso[2]), int(iso[3])
    if dotted := re.match(r"(\d{1,2})[./]\s?(\d{1,2})[./]\s?(\d{4})\b", text):
        return int(dotted[3]), int(dotted[2]), int(dotted[1])
    if named := re.match(r"(\d{1,2})\.? ([A-Za-z]{3})[a-z]*\.?,? (\d{4})\b", text):
        return _named(named[3], named[2], named[1])
    if american := re.match(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})\b", text):
        return _named(american[3], american[1], american[2])
    return None


def _named(year: str, month: str, day_of_month: str) -> tuple[int, int, int] | None:
    number = MONTHS.get(month.lower())
    return (int(year), number, int(day_of_month)) if number else None


def remarks(*told: tuple[str, str | None]) -> str | None:
    """Join what has no column of its own into one text: ``address: Pyongyang; gender: male``."""
    return (
        "; ".join(f"{what}: {folded(said)}" if what else folded(said) for what, said in told if said) or None
    )
