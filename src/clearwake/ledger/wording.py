"""A period of the ledger in words: one sentence, and a page for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from clearwake.ledger.caps import REFINED
from clearwake.model import LedgerYear


def sentence(record: LedgerYear) -> str:
    """Say a period in a few sentences, with its uncertainty."""
    quantiles, published = record.quantiles, record.published
    told = (
        f"{named(record)}: {_deliveries(record)} not known to be notified, by ships that hold "
        f"{record.capacity_bbl:,} bbl, and {record.notified:,} notified, of {record.notified_bbl:,} bbl; together "
        f"{quantiles['p50']:,} bbl ({quantiles['p05']:,} to {quantiles['p95']:,})."
    )
    if record.cap_bbl is None or record.p_exceeded is None:
        return f"{told}  No cap was in force."
    since = f", as likely as not or more from {record.first_exceeded}" if record.first_exceeded else ""
    return (
        f"{told}  That more than the cap of {record.cap_bbl:,} bbl ({record.reference}) was delivered has probability "
        f"{record.p_exceeded:.2f}{since}.  The published method gives {published['one_third_bbl']:,} bbl at one third "
        f"laden, {published['half_bbl']:,} at one half, {published['ninety_percent_bbl']:,} at 90 %."
    )


def _deliveries(record: LedgerYear) -> str:
    return f"{record.deliveries:,} {'delivery' if record.deliveries == 1 else 'deliveries'}"


def named(record: LedgerYear) -> str:
    """Name a period: its product and days."""
    what = "Refined petroleum" if record.product == REFINED else "Crude oil"
    return f"{what}, {record.period_from} to {record.period_to}"


def page(record: LedgerYear) -> str:
    """Lay a period out for a person to read."""
    return (
        "\n".join([*_heading(record), *_sums(record), *_chances(record), *_apart(record), *_months(record)])
        + "\n"
    )


def _heading(record: LedgerYear) -> Iterator[str]:
    yield named(record)
    cap = (
        "no cap was in force"
        if record.cap_bbl is None
        else f"cap {record.cap_bbl:,} bbl ({record.reference})"
    )
    yield f"{cap}; {_deliveries(record)} not known to be notified, {record.notified:,} notified"
    yield ""


def _sums(record: LedgerYear) -> Iterator[str]:
    published, quantiles = record.published, record.quantiles
    yield _line("capacity of the ships", f"{record.capacity_bbl:,} bbl")
    for words, name in (("one third", "one_third"), ("one half", "half"), ("90 %", "ninety_percent")):
        on = published[f"{name}_exceeded_on"]
        passed = f"over the cap from {on}" if on else ""
        yield _line(f"published method, {words} laden", f"{published[f'{name}_bbl']:,} bbl", passed)
    spread = f"nine chances in ten: {quantiles['p05']:,} to {quantiles['p95']:,}"
    yield _line("delivered, median, notified included", f"{quantiles['p50']:,} bbl", spread)
    yield ""


def _chances(record: LedgerYear) -> Iterator[str]:
    if record.p_exceeded is None:
        return
    days = {"0.50": record.first_exceeded, "0.95": record.first_exceeded_95}
    since = [f"{least} from {day}" for least, day in days.items() if day]
    yield _line("P(cap exceeded)", _chance(record.p_exceeded), "; ".join(since))
    if record.contested:
        without = _chance(record.p_exceeded_without_contested)
        yield _line(
            "  contested left out, or all happened",
            f"{without} to {_chance(record.p_exceeded_with_contested)}",
        )
    alike = sorted(p for p in (record.p_exceeded_independent, record.p_exceeded_shared) if p is not None)
    yield _line("  ships laden each its own way, or all alike", " to ".join(_chance(each) for each in alike))
    yield _line("  had every delivery happened", _chance(record.p_exceeded_if_all_happened))
    if record.notified:
        yield _line("  without what was notified", _chance(record.p_exceeded_without_notified))
    yield ""


def _apart(record: LedgerYear) -> Iterator[str]:
    """Tell what stands apart: lawful, contested and found deliveries, and rows that are not counted."""
    for notice in record.notices if record.notified else ():
        passed = notice["day"] or "not reached"
        yield _line(f"notified deliveries at {notice['percent']} % of the cap", str(passed))
    if record.contested:
        yield _line(f"contested ({record.contested})", f"{record.contested_bbl:,} bbl", "had each happened")
    if record.found:
        yield _line(f"found in positions ({record.found})", f"{record.found_bbl:,} bbl")
    left = {"earlier stages": record.stages, "told again": record.same_deliveries, "refuted": record.refuted,
            "of unknown size": record.without_size}  # fmt: skip
    if any(left.values()):
        yield _line("rows not counted", ", ".join(f"{count} {what}" for what, count in left.items() if count))
    yield from (f"! {finding}" for finding in record.findings)
    yield ""


_COLUMNS = {"one_third_bbl": 12, "half_bbl": 12, "ninety_percent_bbl": 12, "p50_bbl": 14}


def _months(record: LedgerYear) -> Iterator[str]:
    """Give the last day of each month, as a table."""
    yield f"{'by the end of':<14}{'one third':>12}{'one half':>12}{'90 %':>12}{'ours, median':>14}{'P(exceeded)':>13}"
    for row in record.by_day:
        day: date = row["day"]
        is_last = day == record.period_to or _next_month(day)
        if is_last:
            sums = "".join(f"{row[name]:>{width},}" for name, width in _COLUMNS.items())
            yield f"{day!s:<14}{sums}{_chance(row['p_exceeded']):>13}"


def _next_month(day: date) -> bool:
    return day.toordinal() + 1 == date(day.year + day.month // 12, day.month % 12 + 1, 1).toordinal()


def _line(what: str, value: str, more: str = "") -> str:
    return f"{what:<46}{value:>20}  {more}".rstrip()


def _chance(p: float | None) -> str:
    """Write a probability; what drawing cannot tell from certain is not written as certain."""
    if p is None:
        return "-"
    if p in (0.0, 1.0):
        return f"{p:.0f}"
    return "<0.01" if p < 0.01 else ">0.99" if p > 0.99 else f"{p:.2f}"
