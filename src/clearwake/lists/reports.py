"""Published reports: ships that a government named for what it saw at sea.

A report is an accusation in public, not a listing: it has the status ``reported``, no programme and no legal effect.
The file is a comma-separated table that anyone can write by hand, one row for each ship of each report:

    date,ship,flag_said,imo,met,where,seen,reported_by,source

``date`` and ``ship`` must be there; ``imo`` is a claim like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clearwake.lists.cards import card
from clearwake.lists.editions import Draft
from clearwake.lists.fields import Leftovers, Row, contents, decoded, lines, refuse_if_cut
from clearwake.lists.values import Issues, day, folded, imo_numbers, meant, remarks, ship_names
from clearwake.model import Designation, Options, Reading, Received, UnreadableFileError

CARD = card("reports")

COLUMNS = ("date", "ship", "flag_said", "imo", "met", "where", "seen", "reported_by", "source")


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read one table of reports.

    Raises:
        UnreadableFileError: If there is not exactly one file, or it is no such table, or is cut short.
    """
    opened = [(number, *content) for number, file in enumerate(files) for content in contents(file)]
    if len(opened) != 1:
        found = f"{len(opened)} files"
        raise UnreadableFileError(files[0].origin, found, "one table of reports", "read one at a time")
    number, name, content = opened[0]
    draft, leftovers = Draft(CARD, "published", options, files, number), Leftovers()
    for row in _rows(name, decoded(content)):
        _enter(row, draft)
        leftovers.note(row.number, row.left())
    draft.reject_unknown(leftovers)
    yield from draft.published()


def _rows(name: str, text: str) -> Iterator[Row]:
    """Give the rows under the header, by the names it gives.

    Raises:
        UnreadableFileError: If the first row does not name the columns ``date`` and ``ship``.
    """
    table = list(lines(text))
    header = [folded(cell).lower() for cell in table[0].cells] if table else []
    if not {"date", "ship"} <= set(header):
        do_next = f"begin the file with the line {','.join(COLUMNS)}"
        raise UnreadableFileError(name, f"the first row {','.join(header)[:80]!r}", CARD.title, do_next)
    refuse_if_cut(name, text, table[-1], len(header))
    for line in table[1:]:
        yield Row(line.number, dict(zip(header, line.cells, strict=False)))


def _enter(row: Row, draft: Draft) -> None:
    issues = Issues()
    said, when = row.take("ship"), row.take("date")
    name, on = meant(said, CARD.lookups["name"]), day(when, issues, "date")
    if name is None or on is None:
        reason = "no date that could be read" if name else "no name"
        draft.reject(row.number, reason, ",".join((when or "", said or "", *row.cells.values())))
        row.cells = {}
        return
    first, aliases, former = ship_names(name, issues)
    identity = f"reports:{on:%Y-%m-%d}:{first}"
    imos = imo_numbers(row.take("imo"), "vessel", CARD.lookups["imo"], issues)
    by, source = row.take("reported_by"), row.take("source")
    draft.entries.append(
        Designation(
            id=draft.numbered(identity),
            list=CARD.name,
            edition="",
            kind="vessel",
            name=first,
            aliases=tuple(aliases),
            former_names=tuple(former),
            imo=imos[0] if imos else None,
            other_imos=tuple(imos[1:]),
            flag=row.take("flag_said"),
            reference=by,
            status="reported",
            listed_on=on,
            remarks=remarks(
                ("with", row.take("met")), ("where", row.take("where")), ("seen", row.take("seen")), ("source", source)
            ),
            issues=tuple(issues.said),
            line=row.number,
        )
    )  # fmt: skip
