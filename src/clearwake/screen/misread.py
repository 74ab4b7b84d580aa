"""IMO numbers that fail their check digit but are one slip away from a listed one.

Alone that says little: numbers lie so close that one broken number in seven is a slip away from some listed
ship's.  Together with a name that is at least half alike it is a reason to look.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from clearwake.names import folded
from clearwake.screen.against import Listed

LEAST_ALIKE = 0.6
"""Share of a name's letters that must agree, in order, beside the number."""


def slips(numbers: pl.Series, listed: pl.Series) -> pl.DataFrame:
    """Pair numbers with the listed ones a digit or a swap of neighbours away: ``number, other``, seven-digit text."""
    digits = np.array([[int(c) for c in number] for number in numbers.to_list()], np.int64).reshape(-1, 7)
    powers = 10 ** np.arange(6, -1, -1)
    values, known = digits @ powers, np.unique(listed.cast(pl.Int64).to_numpy())
    changed = values[:, None, None] + (np.arange(10) - digits[:, :, None]) * powers[:, None]
    swapped = values[:, None] + (digits[:, 1:] - digits[:, :-1]) * (powers[:-1] - powers[1:])
    others = np.concatenate([changed.reshape(len(values), 70), swapped], axis=1)
    rows, columns = np.nonzero(np.isin(others, known) & (others != values[:, None]))
    found = pl.Series(others[rows, columns], dtype=pl.Int64).cast(pl.String).str.zfill(7)
    return pl.DataFrame({"number": numbers.gather(rows), "other": found}).unique(maintain_order=True)


def slipped(rows: pl.DataFrame, numbers: pl.DataFrame, listed: Listed) -> pl.DataFrame:
    """Find queries whose broken IMO number is a slip away from a listed ship's whose name is half alike.

    Gives ``q, d, near_imo``.
    """
    broken = numbers.filter(~(pl.col("is_ship") | pl.col("is_company"))).select("number", imo_said="said")
    ships = listed.numbers.filter(pl.col("kind") == "vessel").select("d", other="number")
    near = broken.join(slips(broken["number"].unique(), ships["other"]), on="number").join(ships, on="other")
    asking = rows.filter((pl.col("kind") == "vessel").fill_null(value=True)).select(
        "q", "imo_said", "name_said"
    )
    pairs = asking.join(near, on="imo_said").join(listed.parties.select("d", "name"), on="d")
    one, other = (folded(pairs[column])["letters"].fill_null("") for column in ("name_said", "name"))
    share = cpdist(one.to_list(), other.to_list(), scorer=Indel.normalized_similarity)
    alike = pl.Series(share >= LEAST_ALIKE, dtype=pl.Boolean) & (one != "")
    return pairs.filter(alike).select("q", "d", near_imo="other")
