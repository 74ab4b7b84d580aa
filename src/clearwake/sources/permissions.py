"""Exemptions granted and notifications made: what an authority has on file as allowed, or was told of.

Both have the same columns and end in one table, ``permissions``, told apart by ``kind``.  Goods are held against
these before anything is called prohibited, so an odd value never throws a row away: it stays in ``issues``, and
what it makes impossible to compare is said when a shipment is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import polars as pl

from clearwake.model import Options, Permission, Reading, Received, conform
from clearwake.sources import cargo
from clearwake.sources.columns import Wanted
from clearwake.sources.entries import Entries, entries
from clearwake.sources.facts import rejects

WANTED = Wanted(
    "a table of exemptions or notifications",
    {
        "reference": ("reference", "ref", "referenceno", "referencenumber", "number", "symbol", "id", "documentsymbol",
                      "notificationreference", "exemptionreference", "letter"),
        "authority": ("authority", "issuedby", "grantedby", "committee", "notifiedto", "body", "issuer"),
        "provision": ("provision", "paragraph", "under", "legalbasis", "basis", "article"),
        "goods": ("goods", "description", "goodsdescription", "items", "item", "product", "products", "commodity",
                  "cargo"),
        "hs_codes": ("hscodes", "hscode", "hs", "headings", "heading", "tariffcodes", "tariffcode", "cncodes"),
        "quantity": ("quantity", "qty", "amount", "volume", "weight"),
        "unit": ("unit", "uom", "quantityunit", "units"),
        "parties": ("parties", "party", "companies", "company", "consignee", "recipient", "supplier", "applicant"),
        "ships": ("ships", "ship", "vessels", "vessel", "imos", "imo", "shipimo", "vesselimo", "shipname",
                  "vesselname"),
        "quantity_bbl": ("quantitybbl", "volumebbl", "barrels", "bbl", "bbls", "amountbbl"),
        "quantity_t": ("quantityt", "tonnes", "metrictons", "quantitymt", "mt", "amountt"),
        "valid_from": ("validfrom", "from", "start", "startdate", "fromdate", "effectivefrom", "issuedon", "granted",
                       "date", "day", "month", "period", "deliverydate", "deliveredon", "notifiedon",
                       "notificationdate"),
        "valid_to": ("validto", "to", "until", "end", "enddate", "todate", "expires", "expiry", "expireson",
                     "validuntil"),
    },
    ("reference",),
)  # fmt: skip

NOTIFIED = replace(WANTED, needed=())
"""A notification without a reference is named by its file and line."""

GOODS = ("hs_codes", "goods")

PETROLEUM = (*GOODS, "quantity_bbl")
"""What is told in barrels is petroleum, whether its goods are named or not."""

UNSTATED = "authority not stated"


def _parse(files: Sequence[Received], options: Options, *, kind: str) -> Iterator[Reading]:
    source = f"{kind}s"
    is_told = kind == "notification"
    for some in entries(
        files, options, NOTIFIED if is_told else WANTED, source, PETROLEUM if is_told else GOODS
    ):
        some = _named(some) if is_told else some  # noqa: PLW2901 - the same rows, each with a reference
        read = _permissions(some, kind)
        nameless = some.frame["reference"].is_null()
        # Counted in no year and holding for any day, a notification of no day that can be read is of no use.
        undated = _undated(some.frame, read) & ~nameless & pl.repeat(is_told, len(read), eager=True)
        faults = [
            *some.faulty(nameless, "reference missing"),
            *some.faulty(undated, "date unreadable")[len(some.faults) :],
        ]
        tables = {
            "permissions": conform(read.filter(~nameless & ~undated), Permission),
            "quarantine": rejects(faults, some.reader),
        }
        yield Reading(tables, some.file, some.rows, {"blank lines": some.blank} if some.blank else {})


def _named(some: Entries) -> Entries:
    """Name the rows of a file that has no references at all by file and line."""
    reference = some.frame["reference"]
    if reference.null_count() < len(reference):
        return some
    made = pl.format("{}:{}", pl.lit(some.reader.origin), "line").alias("reference")
    return replace(some, frame=some.frame.with_columns(made))


def exemptions(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read exemptions; see ``docs/sources/exemptions.md``.

    Raises:
        UnreadableFileError: If a file is no table with references and either goods or HS codes.
        UsageError: If ``options.mapping`` names something such a table does not have.
    """
    return partial(_parse, kind="exemption")(files, options)


def notifications(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read notifications; see ``docs/sources/notifications.md``.

    Raises:
        UnreadableFileError: If a file is no table with goods, HS codes or barrels.
        UsageError: If ``options.mapping`` names something such a table does not have.
    """
    return partial(_parse, kind="notification")(files, options)


def _permissions(some: Entries, kind: str) -> pl.DataFrame:
    frame = some.frame
    codes, codes_odd = _codes(frame["hs_codes"])
    measured = _measured(frame)
    valid_from, valid_to, from_odd, to_odd = _span(frame["valid_from"], frame["valid_to"], kind)
    odd = {
        "HS codes": codes_odd,
        "quantity": measured["odd"],
        "from": from_odd,
        "to": to_odd,
        "dates": _backwards(valid_from, valid_to),
        "": _gaps(frame, codes),
        "authority": _unstated(frame["authority"]),
    }
    return pl.DataFrame(
        [
            pl.Series("kind", [kind], pl.String).new_from_index(0, len(frame)),
            frame["reference"],
            frame["authority"].fill_null(UNSTATED),
            frame["provision"],
            frame["goods"],
            codes.alias("hs_codes"),
            measured["quantity"],
            measured["unit"],
            several(frame["parties"]).alias("parties"),
            several(frame["ships"], r"[;|,\n]").alias("ships"),
            valid_from,
            valid_to,
            cargo.issues(odd),
            frame["line"],
        ]
    )


def _undated(frame: pl.DataFrame, read: pl.DataFrame) -> pl.Series:
    """Tell of which rows a day stands there that could not be read."""
    unread = [frame[name].is_not_null() & read[name].is_null() for name in ("valid_from", "valid_to")]
    return unread[0] | unread[1]


def _span(first: pl.Series, last: pl.Series, kind: str) -> tuple[pl.Series, pl.Series, pl.Series, pl.Series]:
    """Read from when to when; a month is all its days, and of a notification that names one only, its last too."""
    begun, ended = cargo.months(first), cargo.months(last)
    valid_from, from_odd = cargo.days(first.set(begun["first"].is_not_null(), None))
    valid_to, to_odd = cargo.days(last.set(ended["last"].is_not_null(), None))
    read = pl.DataFrame([valid_from, valid_to]).select(
        pl.coalesce("valid_from", begun["first"]),
        pl.coalesce(
            "valid_to", ended["last"], pl.when(last.is_null() & (kind == "notification")).then(begun["last"])
        ),
    )
    return read["valid_from"], read["valid_to"], from_odd, to_odd


def _measured(frame: pl.DataFrame) -> pl.DataFrame:
    """Read quantities with their units; where there is none, of the columns whose name says the unit."""
    read = cargo.quantities(frame["quantity"]).with_columns(said=frame["unit"])
    read = read.with_columns(unit=pl.coalesce("said", "unit"))
    for name, unit in (("quantity_bbl", "bbl"), ("quantity_t", "t")):
        other = cargo.quantities(frame[name])
        is_open = read["quantity"].is_null() & other["quantity"].is_not_null()
        read = read.with_columns(
            quantity=other["quantity"].zip_with(is_open, read["quantity"]),
            unit=pl.Series([unit]).new_from_index(0, len(frame)).zip_with(is_open, read["unit"]),
            odd=pl.coalesce(read["odd"], other["odd"]),
        )
    return read


def several(column: pl.Series, separators: str = r"[;|\n]") -> pl.Series:
    """Split a field with several values into a list; JSON brackets and quotation marks go."""
    bare = column.str.replace(r"^\[(.*)\]$", "$1").fill_null("")
    is_json = column.str.contains(r"^\[.*\]$").fill_null(value=False)
    bare = bare.str.replace_all(r"""['"]\s*,\s*['"]""", ";")
    bare = bare.str.replace_all(r"""^['"]|['"]$""", "").zip_with(is_json, column.fill_null(""))
    parts = bare.str.replace_all(separators, ";").str.split(";")
    trimmed = pl.element().str.strip_chars()
    return parts.list.eval(trimmed.filter(trimmed.str.len_chars() > 0)).rename(column.name)


def _codes(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read lists of HS codes: ``(n,) -> (n,) lists, (n,) words on what is odd``; commas and blanks part them too."""
    lists = several(column, r"[;|,/\n]|\s+and\s+|\s+")
    each = lists.to_frame("code").with_row_index("row").explode("code", empty_as_null=True)
    read, odd = cargo.hs_codes(each["code"])
    words = (
        each.with_columns(code=read, odd=odd)
        .group_by("row", maintain_order=True)
        .agg(pl.col("code").drop_nulls(), pl.col("odd").drop_nulls().str.join("; "))
    )
    said = words.select(pl.when(pl.col("odd").str.len_chars() > 0).then("odd")).to_series()
    return words["code"], said


def _backwards(first: pl.Series, last: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"first": first, "last": last})
    words = pl.format("ends on {}, before it begins on {}", pl.col("last").dt.strftime("%Y-%m-%d"),
                      pl.col("first").dt.strftime("%Y-%m-%d"))  # fmt: skip
    return frame.select(pl.when(pl.col("last") < pl.col("first")).then(words)).to_series()


def _unstated(authority: pl.Series) -> pl.Series:
    return (
        pl.Series([None], dtype=pl.String)
        .new_from_index(0, len(authority))
        .set(authority.is_null(), "not stated")
    )


def _gaps(frame: pl.DataFrame, codes: pl.Series) -> pl.Series:
    """Say what a row lacks that a shipment would have to be matched by."""
    lacks = [
        ((codes.list.len() == 0) & frame["goods"].is_null(), "no goods"),
        (frame["parties"].is_null() & frame["ships"].is_null(), "no party and no ship"),
        (frame["valid_from"].is_null() & frame["valid_to"].is_null(), "no dates"),
    ]
    said = pl.DataFrame([is_lacking.alias(words) for is_lacking, words in lacks]).select(
        pl.concat_list(pl.when(words).then(pl.lit(words)) for _, words in lacks)
        .list.drop_nulls()
        .list.join(", ")
        .alias("lacks")
    )
    return said.select(
        pl.when(pl.col("lacks").str.len_chars() > 0).then(
            pl.format("{}: matches no shipment in full", "lacks")
        )
    ).to_series()
