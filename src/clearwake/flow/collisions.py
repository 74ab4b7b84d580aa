"""Could it be another hull?  What this desk's claims and lists say about the ships that a version names.

An IMO number, an MMSI and a name are claims.  Before a ship is named to everybody, whoever else was heard or listed
under the same number or name has to be told apart from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import polars as pl

from clearwake.dossier.ships import names_of, numbers_of
from clearwake.flow.listed import designations
from clearwake.model import Case, Designation, IdentityClaim, empty
from clearwake.model.identifiers import imo_check_digit_holds, is_ship_imo
from clearwake.names import plain
from clearwake.store import Store


def others_of(store: Store, case: Case) -> dict[str, tuple[str, ...]]:
    """Give, per ship of a released case, a sentence for every sign that it could be another hull."""
    claims = store.scan("claims", record=IdentityClaim).collect()
    listed = designations(store, None)
    return {ship: tuple(others(case, ship, claims, listed)) for ship in case.ships}


def others(case: Case, ship: str, claims: pl.DataFrame, listed: pl.DataFrame | None = None) -> Iterator[str]:
    """Say what speaks for a ship of a case being another hull.

    Args:
        case: The released case.
        ship: One of its ships.
        claims: ``IdentityClaim`` of all ships heard.
        listed: ``Designation`` rows.
    """
    numbers = numbers_of(case, ship)
    imo, mmsi = numbers.get("imo"), numbers.get("mmsi")
    if imo is not None:
        if not imo_check_digit_holds(imo):
            yield f"IMO {imo} is no ship's number: its check digit fails"
        yield from _at_once(claims.filter(pl.col("imo") == imo), "mmsi", f"IMO {imo}", "MMSI")
    if mmsi is not None:
        heard = claims.filter((pl.col("mmsi") == int(mmsi)) & is_ship_imo(pl.col("imo")))
        yield from _at_once(heard, "imo", f"MMSI {mmsi}", "IMO")
    if imo is None and mmsi is None:
        for name in names_of(case, ship):
            yield from _namesakes(name, claims, empty(Designation) if listed is None else listed)


def _at_once(claims: pl.DataFrame, column: str, number: str, by: str) -> Iterator[str]:
    """Find one number used by two at the same time."""
    times = claims.filter(pl.col(column).is_not_null()).group_by(column)
    used = times.agg(pl.col("first_seen").min(), pl.col("last_seen").max()).sort(column).rows()
    for (one, first, last), (other, since, until) in combinations(used, 2):
        if first <= until and since <= last:
            yield f"{number} was claimed by {by} {one} and {by} {other} at the same time"


def _namesakes(name: str, claims: pl.DataFrame, listed: pl.DataFrame) -> Iterator[str]:
    """Find several ships of one name, where the name is all that is known."""
    if name.casefold().startswith("unidentified"):
        return
    wanted = plain(pl.Series([name]))[0]
    both = pl.concat((claims.select("name", "imo"), listed.filter(kind="vessel").select("name", "imo")))
    known = both.drop_nulls().filter(is_ship_imo(pl.col("imo"))).unique()
    found = known.filter(plain(known["name"]) == wanted)["imo"].unique().sort().to_list()
    if len(found) > 1:
        yield f"{name} is known by its name alone, and ships of that name have IMO {', '.join(found)}"
