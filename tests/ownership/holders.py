"""Tables of owners a person can read, and what the rules make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from clearwake.model import Designation, Ownership, Party, Registration, conform, empty, utc
from clearwake.ownership import Facts, standings
from clearwake.ownership.standing import Findings, find
from clearwake.sources.shares import shares

ON = date(2020, 6, 1)
LISTS = {"us": ("ofac", "sdn:2020-01-01"), "eu": ("eu", "full:2020-01-01"), "uk": ("uk", "uk:2020-01-01")}


def edges(text: str) -> pl.DataFrame:
    """Read ``owner owned share [role from to]``, one edge a line; ``-`` is no value, ``_`` a blank."""
    rows = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        cells = [None if cell == "-" else cell.replace("_", " ") for cell in line.split()]
        rows.append((number, *cells, *[None] * (6 - len(cells))))
    columns = ["line", "owner", "owned", "share", "role", "from", "to"]
    told = pl.DataFrame(
        rows, schema={"line": pl.Int64, **dict.fromkeys(columns[1:], pl.String)}, orient="row"
    )
    day = "%Y-%m-%d"
    frame = told.hstack(shares(told["share"]).select("share_low", "share_high")).select(
        "owner", "owned", "share_low", "share_high", "line",
        source=pl.lit("table"), role=pl.col("role").fill_null("owner"), receipt=pl.lit(1),
        valid_from=pl.col("from").str.to_datetime(day, time_zone="UTC"),
        valid_to=pl.col("to").str.to_datetime(day, time_zone="UTC"),
    )  # fmt: skip
    return conform(frame, Ownership)


def parties(rows: pl.DataFrame, **known: Mapping[str, str]) -> pl.DataFrame:
    """Give a party to each end of each edge: a company of its id's name in Ruritania, or what ``known`` says."""
    ids = sorted({*rows["owner"], *rows["owned"], *known})
    return conform(
        pl.DataFrame(
            [{"id": i, "source": "table", "kind": "company", "name": i, "country": "Ruritania", **known.get(i, {})}
             for i in ids]
        ),
        Party,
    )  # fmt: skip


def listing(name: str, rule: str = "us", **told: object) -> dict[str, object]:
    """Give a list's entry: a company of Ruritania whose assets are frozen, or what ``told`` says."""
    of, edition = LISTS[rule]
    return {
        "id": f"{of}:{name}", "list": of, "edition": edition, "kind": "company", "name": name, "country": "Ruritania",
        "measures": ["Asset freeze"], "status": "listed", "listed_on": utc("2018-01-01"), **told,
    }  # fmt: skip


def designations(*entries: Mapping[str, object]) -> pl.DataFrame:
    """Give entries of lists as a table."""
    return conform(pl.DataFrame(list(entries)), Designation) if entries else empty(Designation)


def listed_everywhere(*names: str) -> pl.DataFrame:
    """Give parties that all three lists name."""
    return designations(*(listing(name, rule) for name in names for rule in LISTS))


def facts(text: str, listed: pl.DataFrame, **known: Mapping[str, str]) -> Facts:
    """Give a table of owners and the lists as what is known."""
    rows = edges(text)
    return Facts(parties(rows, **known), rows, listed, empty(Registration))


def told(text: str, *bad: str, on: date = ON) -> pl.DataFrame:
    """Apply the rules to a table of owners, of whom all three lists name those called bad."""
    return standings(facts(text, listed_everywhere(*bad)), on)


def statuses(text: str, *bad: str, on: date = ON) -> dict[str, tuple[str, str, str]]:
    """Give what the US, EU and UK rules make of every party that is not bad itself."""
    rows = told(text, *bad, on=on)
    return {row["name"]: (row["us"], row["eu"], row["uk"]) for row in rows.iter_rows(named=True)
            if row["name"] not in bad}  # fmt: skip


def found(text: str, *bad: str, on: date = ON) -> Findings:
    """Give everything found out."""
    return find(facts(text, listed_everywhere(*bad)), on)


def row(rows: pl.DataFrame, name: str) -> dict[str, object]:
    """Give the one row of a party."""
    (only,) = rows.filter(name=name).iter_rows(named=True)
    return only


def all_three(status: str) -> tuple[str, str, str]:
    """Give one status under every rule."""
    return status, status, status


Table = Sequence[tuple[str, str, str]]
