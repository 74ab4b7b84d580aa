"""Ownership: tables of who owns, controls or runs whom, one edge a row.

A row is rejected only where it does not say who or whom.  A share, a date, a role or an IMO number that cannot be
read makes the edge less certain, and is told in ``issues``: the edge stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from clearwake.model import Options, Ownership, Party, Reading, Received, UnreadableFileError, conform
from clearwake.names.exact import exact
from clearwake.names.flags import read_flags
from clearwake.sources import cargo
from clearwake.sources.columns import Wanted
from clearwake.sources.entries import Entries, entries
from clearwake.sources.facts import rejects
from clearwake.sources.kinds import company_imo_holds, kinds, roles, ship_imo_holds
from clearwake.sources.lines import Fault
from clearwake.sources.shares import shares

SIDES = ("owner", "owned")

WANTED = Wanted(
    "a table of owners",
    {
        "owner": ("owner", "ownername", "shareholder", "shareholdername", "parent", "parentname", "holder",
                  "holdername", "interestedparty", "interestedpartyname", "registeredowner"),
        "owner_id": ("ownerid", "shareholderid", "parentid", "holderid", "interestedpartyid", "sourceid"),
        "owner_kind": ("ownerkind", "ownertype", "shareholdertype", "parenttype", "holdertype"),
        "owner_country": ("ownercountry", "ownercountrycode", "shareholdercountry", "parentcountry", "holdercountry",
                          "ownernationality", "ownerjurisdiction"),
        "owner_imo": ("ownerimo", "ownerimonumber", "companyimo", "companyimonumber"),
        "owner_registration": ("ownerregistration", "ownerregistrationnumber", "ownercompanynumber"),
        "owner_birth": ("ownerbirthdate", "ownerdateofbirth", "ownerdob"),
        "owned": ("owned", "ownedname", "asset", "assetname", "subsidiary", "subsidiaryname", "child", "childname",
                  "company", "companyname", "entity", "entityname", "vessel", "vesselname", "ship", "shipname"),
        "owned_id": ("ownedid", "assetid", "subsidiaryid", "childid", "companyid", "entityid", "vesselid", "shipid",
                     "targetid"),
        "owned_kind": ("ownedkind", "ownedtype", "assettype", "subsidiarytype", "entitytype"),
        "owned_country": ("ownedcountry", "ownedcountrycode", "assetcountry", "subsidiarycountry", "companycountry",
                          "entitycountry", "ownedjurisdiction", "flag"),
        "owned_imo": ("ownedimo", "ownedimonumber", "imo", "imonumber", "imono", "shipimo", "vesselimo"),
        "owned_registration": ("ownedregistration", "ownedregistrationnumber", "companynumber", "registrationnumber"),
        "owned_birth": ("ownedbirthdate",),
        "role": ("role", "relation", "relationship", "relationtype", "interesttype", "type", "link", "linktype"),
        "share": ("share", "sharepercent", "sharepct", "percentage", "percent", "pct", "stake", "shareholding",
                  "ownership", "ownershippercent", "ownershippercentage", "ownershippct", "shares"),
        "valid_from": ("validfrom", "from", "fromdate", "datefrom", "start", "startdate", "since", "effectivefrom"),
        "valid_to": ("validto", "to", "todate", "dateto", "end", "enddate", "until", "effectiveto"),
    },
    (),
)  # fmt: skip

WHO = ("owner", "owner_id", "owner_imo")

HAS_SHARE = ("owner", "beneficial owner")

NO_TEXTS = pl.lit([], dtype=pl.List(pl.String))


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read tables of owners; see ``docs/sources/ownership.md``.

    Raises:
        UnreadableFileError: If a file is no table, or has no column of owners or none of what is owned.
        UsageError: If ``options.mapping`` names something a table of owners does not have.
    """
    for some in entries(files, options, WANTED, "ownership", WHO):
        sides = [_side(some.frame, side, some.reader.origin) for side in SIDES]
        if len(some.frame) and sides[1].is_absent.all():
            do_next = "name it: --map owned=COLUMN, or --map owned_imo=COLUMN for ships"
            raise UnreadableFileError(
                some.reader.origin, "no column says what is owned", WANTED.title, do_next
            )
        missing = sides[0].is_absent | sides[1].is_absent
        edges = _edges(some, sides)
        parties = pl.concat([side.parties.filter(~missing) for side in sides])
        tables = {
            "parties": conform(_once(parties), Party),
            "ownerships": conform(edges.filter(~missing), Ownership),
            "quarantine": rejects([*some.faults, *_faults(some, sides)], some.reader),
        }
        yield Reading(tables, some.file, some.rows, {"blank lines": some.blank} if some.blank else {})


@dataclass(frozen=True)
class _Side:
    """One end of every row: the party as read, and where there is none."""

    parties: pl.DataFrame
    is_absent: pl.Series


def _side(frame: pl.DataFrame, side: str, source: str) -> _Side:
    raw = frame.select(
        "line",
        name=side,
        said_id=f"{side}_id",
        said_kind=f"{side}_kind",
        said_country=f"{side}_country",
        said_imo=f"{side}_imo",
        registration=f"{side}_registration",
        birth_date=f"{side}_birth",
    )
    # A ship or company may be given by its IMO number alone, in whatever column.
    told = raw.with_columns(
        imo=pl.coalesce(_imo("said_imo"), pl.col("name").str.extract(r"(?i)^(?:IMO\s*)?(\d{7})$"))
    )
    is_absent = told.select(
        pl.all_horizontal(pl.col("name", "said_id", "imo", "said_imo").is_null())
    ).to_series()
    kind, kind_odd = kinds(told["said_kind"], told["imo"], is_owned=side == "owned")
    read = told.with_columns(
        kind=kind, kind_odd=kind_odd, country=_country(told["said_country"]), words=exact(told["name"])
    )
    name = pl.coalesce("name", pl.format("IMO {}", "imo"), "said_id", "said_imo")
    parties = read.select(
        id=_id(), source=pl.lit(source), kind="kind", name=name, country="country", birth_date="birth_date",
        registration="registration", imo="imo", issues=_odd_party(), line="line",
    )  # fmt: skip
    return _Side(parties, is_absent)


def _country(said: pl.Series) -> pl.Series:
    """Give countries as ISO 3166-1 alpha-3 where they can be read so, else as written."""
    read = read_flags(said)
    return read.zip_with(read.is_not_null(), said).rename("country")


def _imo(column: str) -> pl.Expr:
    return pl.col(column).str.extract(r"(?:^|\D)(\d{7})(?:\D|$)")


def _id() -> pl.Expr:
    """Give the source's id, else the IMO number, else one made of the name and what tells namesakes apart."""
    rest = [pl.col(name).fill_null("") for name in ("country", "registration", "birth_date")]
    is_sound = (
        pl.when(pl.col("kind") == "vessel").then(ship_imo_holds("imo")).otherwise(company_imo_holds("imo"))
    )
    by_imo = pl.when(is_sound).then(
        pl.format("{}:{}", pl.when(pl.col("kind") == "vessel").then(pl.lit("imo")).otherwise(pl.lit("company-imo")),
                  "imo")
    )  # fmt: skip
    by_name = pl.format("name:{}|{}|{}|{}", "words", *rest)
    return pl.coalesce("said_id", by_imo, by_name, pl.format("row:{}", "line"))


def _odd_party() -> pl.Expr:
    is_ship = pl.col("kind") == "vessel"
    holds = pl.when(is_ship).then(ship_imo_holds("imo")).otherwise(company_imo_holds("imo"))
    odd = [
        pl.col("kind_odd"),
        pl.when(~holds).then(
            pl.format("IMO {} fails the check digit of a {}", "imo",
                      pl.when(is_ship).then(pl.lit("ship")).otherwise(pl.lit("company")))
        ),
        pl.when(pl.col("imo").is_null() & pl.col("said_imo").is_not_null())
        .then(pl.format("IMO number '{}' is not seven digits", "said_imo")),
        pl.when(pl.col("words").is_null() & pl.col("name").is_not_null())
        .then(pl.format("the name '{}' names nobody", "name")),
    ]  # fmt: skip
    return pl.concat_list(odd).list.drop_nulls()


def _once(parties: pl.DataFrame) -> pl.DataFrame:
    """Keep each party once: what is said first of it, other names as aliases, everything odd."""
    first = [
        pl.col(name).drop_nulls().first()
        for name in ("source", "country", "birth_date", "registration", "imo")
    ]
    kind = pl.col("kind").filter(pl.col("kind") != "unknown").first().fill_null("unknown")
    alone = parties.filter(pl.col("id").is_unique()).with_columns(aliases=NO_TEXTS)
    several = parties.filter(~pl.col("id").is_unique()).group_by("id", maintain_order=True).agg(
        *first, kind, pl.col("name").first(), pl.col("line").first(),
        pl.col("name").unique(maintain_order=True).slice(1).alias("aliases"),
        pl.col("issues").explode().drop_nulls().unique(maintain_order=True),
    )  # fmt: skip
    return pl.concat([alone.select(several.columns), several]).sort("line", maintain_order=True)


def _edges(some: Entries, sides: Sequence[_Side]) -> pl.DataFrame:
    frame = some.frame
    role, role_odd = roles(frame["role"])
    share = shares(frame["share"])
    start, start_odd = cargo.days(_dated(frame["valid_from"]))
    end, end_odd = _ends(frame["valid_to"])
    read = pl.DataFrame({
        "owner": sides[0].parties["id"], "owned": sides[1].parties["id"], "role": role, "share": frame["share"],
        "role_text": frame["role"], "start": start, "end": end, "line": frame["line"], "odd_role": role_odd,
        "odd_start": start_odd, "odd_end": end_odd,
    }).hstack(share)  # fmt: skip
    has_share = pl.col("role").is_in(HAS_SHARE)
    turned = (pl.col("start") > pl.col("end")).fill_null(value=False)
    odd = [
        "odd_role",
        pl.when(has_share | pl.col("share").is_not_null()).then("odd"),
        _said("from", "odd_start"),
        _said("to", "odd_end"),
        pl.when(turned).then(pl.lit("ends before it starts: both dates taken as not known")),
    ]
    return read.select(
        "owner", "owned", "role", "line", "role_text",
        source=pl.lit(some.reader.origin),
        share_low=pl.when(has_share).then("share_low"),
        share_high=pl.when(has_share).then("share_high"),
        share_text="share",
        valid_from=pl.when(~turned).then("start"),
        valid_to=pl.when(~turned).then("end"),
        issues=pl.concat_list(odd).list.drop_nulls(),
    )  # fmt: skip


def _said(what: str, column: str) -> pl.Expr:
    return pl.format(f"{what}: {{}}", column)


_PERIODS: Mapping[str, str] = {r"^\d{4}$": "1y", r"^\d{4}-\d{2}$": "1mo"}


def _ends(said: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read last days: a year or a month given alone lasts to its end."""
    read, odd = cargo.days(_dated(said))
    for form, length in _PERIODS.items():
        is_short = said.str.contains(form).fill_null(value=False)
        read = read.zip_with(~is_short, read.dt.offset_by(length).dt.offset_by("-1d"))
    return read, odd


def _dated(said: pl.Series) -> pl.Series:
    """Give a year or a month as its first day."""
    return said.str.replace(r"^(\d{4})$", "$1-01-01").str.replace(r"^(\d{4}-\d{2})$", "$1-01")


def _faults(some: Entries, sides: Sequence[_Side]) -> list[Fault]:
    faults = []
    for name, at in (("owner", 0), ("owned", 1)):
        is_bad = sides[at].is_absent if at == 0 else sides[1].is_absent & ~sides[0].is_absent
        lines, shown = some.frame["line"].filter(is_bad), some.shown(is_bad.arg_true().to_list())
        faults += [Fault(line, f"{name} missing", text) for line, text in zip(lines, shown, strict=True)]
    return faults
