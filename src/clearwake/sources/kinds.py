"""What tables call parties and the links between them, brought to the words of ``model.parties``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from clearwake.model.identifiers import PLACEHOLDER_IMOS

KINDS: Mapping[str, Sequence[str]] = {
    "company": ("company", "organization", "organisation", "entity", "legal entity", "legalentity", "corporate", "corp",
                "corporation", "enterprise", "publicbody", "firm", "fund", "trust", "bank"),
    "person": ("person", "individual", "natural person", "naturalperson", "human"),
    "country": ("country", "state", "government"),
    "vessel": ("vessel", "ship", "tanker", "boat", "bulk carrier", "cargo ship", "asset:vessel"),
    "unknown": ("unknown", "other", "asset", "thing"),
}  # fmt: skip

ROLES: Mapping[str, Sequence[str]] = {
    "owner": ("owner", "registered owner", "legal owner", "owns", "owned by", "ownership", "shareholder",
              "shareholding", "parent", "parent company", "part owner", "co-owner", "holding", "stock", "equity",
              "direct owner", "direct", "subsidiary", "share", "shares"),
    "beneficial owner": ("beneficial owner", "beneficial ownership", "beneficial", "ubo", "group owner",
                         "ultimate beneficial owner", "ultimate owner", "group beneficial owner", "indirect"),
    "control": ("control", "controls", "controller", "controlled by", "controlling party", "significant control", "psc",
                "majority voting rights", "appoints board", "appoints directors", "dominant influence"),
    "manager": ("manager", "ship manager", "shipmanager", "technical manager", "commercial manager", "management",
                "manages", "managed by", "director", "directorship", "officer", "board member"),
    "ism company": ("ism company", "ism manager", "ism", "doc company", "doc holder", "safety manager"),
    "operator": ("operator", "operates", "operated by", "commercial operator", "disponent owner"),
    "linked": ("linked", "linked to", "link", "associate", "associated", "related", "family", "unknownlink",
               "charterer", "agent", "representative", "nominee", "crew"),
    "joint": ("joint", "acting jointly", "acts jointly", "joint arrangement", "joint action", "concert party",
              "acting in concert"),
    "address": ("address", "same address", "shared address"),
}  # fmt: skip
"""Our roles and how tables call them.  ``joint`` joins two holders who act jointly; ``address`` two at one address."""


def _called(words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {spelt: ours for ours, spellings in words.items() for spelt in spellings}


def _folded(said: pl.Series) -> pl.Series:
    return said.str.to_lowercase().str.replace_all(r"[\s_]+", " ").str.strip_chars()


def roles(said: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read roles: ``(n,) -> (n,) ours, (n,) words on what is odd``; none is ``owner``, an unknown one ``linked``."""
    read = _folded(said).replace_strict(_called(ROLES), default=None, return_dtype=pl.String)
    rows = pl.DataFrame({"said": said, "read": read})
    is_odd = pl.col("said").is_not_null() & pl.col("read").is_null()
    told = rows.select(
        role=pl.when(is_odd).then(pl.lit("linked")).otherwise(pl.col("read").fill_null("owner")),
        odd=pl.when(is_odd).then(pl.format("role '{}' is not known: taken as a mere link", "said")),
    )
    return told["role"], told["odd"]


def kinds(said: pl.Series, imo: pl.Series, *, is_owned: bool) -> tuple[pl.Series, pl.Series]:
    """Read kinds: ``(n,) -> (n,) ours, (n,) words on what is odd``.

    Where nothing is said, an IMO number tells a ship from a company: an owned one is a ship's if it holds a ship's
    check digit, an owner's is a company's if it holds a company's.
    """
    read = _folded(said).replace_strict(_called(KINDS), default=None, return_dtype=pl.String)
    ship, company = ship_imo_holds("imo"), company_imo_holds("imo")
    first, other = ("vessel", "company") if is_owned else ("company", "vessel")
    holds_first, holds_other = (ship, company) if is_owned else (company, ship)
    by_imo = pl.when(pl.col("imo").is_null()).then(None).when(holds_first | ~holds_other).then(pl.lit(first))
    told = pl.DataFrame({"said": said, "read": read, "imo": imo}).select(
        kind=pl.coalesce("read", by_imo.otherwise(pl.lit(other)), pl.lit("unknown")),
        odd=pl.when(pl.col("said").is_not_null() & pl.col("read").is_null()).then(
            pl.format("kind '{}' is not known", "said")
        ),
    )
    return told["kind"], told["odd"]


def ship_imo_holds(column: str) -> pl.Expr:
    """Say whether seven digits hold a ship's check digit and are no placeholder; null where there are none.

    Source: IMO resolution A.1117(30), annex.
    """
    total = pl.sum_horizontal(_digit(column, at) * weight for at, weight in enumerate(range(7, 1, -1)))
    return _holds(column, total % 10)


def company_imo_holds(column: str) -> pl.Expr:
    """Say whether seven digits hold a company's check digit (see ``model.identifiers``); null where there are none."""
    total = pl.sum_horizontal(_digit(column, at) * weight for at, weight in enumerate((8, 6, 4, 2, 9, 7)))
    return _holds(column, (11 - total % 11) % 10)


def _digit(column: str, at: int) -> pl.Expr:
    return pl.col(column).str.slice(at, 1).cast(pl.Int32, strict=False)


def _holds(column: str, check: pl.Expr) -> pl.Expr:
    is_seven = pl.col(column).str.contains(r"^\d{7}$")
    held = is_seven & (check == _digit(column, 6)) & ~pl.col(column).is_in(sorted(PLACEHOLDER_IMOS))
    return pl.when(pl.col(column).is_not_null()).then(held.fill_null(value=False))
