"""Names compared to the letter: what a source calls a party is that party only where the whole name is the same."""

from __future__ import annotations

import polars as pl

from clearwake.names.folding import LEGAL_FORMS, PLACEHOLDER_NAMES, plain


def exact(names: pl.Series) -> pl.Series:
    """Bring names to capitals and single spaces, in Latin letters, legal forms kept: ``(n,) -> (n,)``.

    Null for what names nobody: nothing left, ``Unknown`` and the like.
    """
    told = plain(names)
    odd = told.str.contains(r"[^A-Z0-9 ]|^ | $|  ").fill_null(value=False)
    if odd.any():
        bare = (
            told.filter(odd)
            .str.replace_all(r"['`.]", "")
            .str.replace_all(r"[^A-Z0-9]+", " ")
            .str.strip_chars()
        )
        told = told.scatter(odd.arg_true(), bare)
    nobody = told.str.replace_all(" ", "", literal=True).is_in(sorted(PLACEHOLDER_NAMES)) | (told == "")
    return told.set(nobody.fill_null(value=False), None).alias("exact")


def unordered(exact_names: pl.Series) -> pl.Series:
    """Give a number for the words of what ``exact`` gave, whatever their order, legal forms left out: ``(n,) -> (n,)``.

    ``Ali AHMADI`` and ``Ahmadi, Ali`` have one number, and ``Ocean Star Co Ltd`` and ``Ocean Star LLC``.  It is made
    of 64-bit hashes and holds for one run of the program only.
    """
    rows = exact_names.to_frame("name").with_row_index("row")
    words = rows.select("row", pl.col("name").str.split(" ")).explode("name").drop_nulls()
    telling = words.filter(~pl.col("name").is_in(LEGAL_FORMS))
    bare = words.join(telling, on="row", how="anti")
    sums = pl.concat([telling, bare]).group_by("row").agg(unordered=pl.col("name").hash(seed=0).sum())
    return rows.join(sums, on="row", how="left", maintain_order="left")["unordered"]
