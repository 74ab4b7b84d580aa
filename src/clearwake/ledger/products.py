"""Which cap a product counts toward, by its name or tariff heading."""

from __future__ import annotations

import re

from clearwake.ledger.caps import CRUDE, NONE, REFINED

_CRUDE = re.compile(r"\bcrude\b|^2709")
_PROHIBITED = re.compile(r"\bcondensates?\b|\bnatural gas liquids?\b|\bngls?\b|\blng\b")
_REFINED = re.compile(
    r"\b(refined|petroleum|oil products?|products?|gas ?oil|diesel|gasoline|petrol|motor spirit|kerosene|jet|avtur|"
    r"naphtha|fuel|fuel oil|hfo|mgo|mazut|bunkers?|lubricants?|lube|bitumen|asphalt|oil|lpg|propane|butane|avgas|"
    r"white oil|black oil|marine)\b|^27(07|10|11|12|13|15)|^3403"
)


def product_of(said: str | None, codes: tuple[str, ...] = ()) -> tuple[str, str | None]:
    """Give the product whose cap something counts toward, and a sentence where that is not plain.

    What says nothing is taken as refined products: that is what tankers bring.
    """
    texts = [*codes, *([said] if said else [])]
    if not texts:
        return REFINED, None
    lowered = [text.lower().strip() for text in texts]
    if any(_PROHIBITED.search(text) for text in lowered):
        return NONE, f"{texts[0]}: prohibited altogether (UNSCR 2375 ¶13), not under a cap"
    if any(_CRUDE.search(text) for text in lowered):
        return CRUDE, None
    if any(_REFINED.search(text) for text in lowered):
        return REFINED, None
    return NONE, f"{texts[0]}: no petroleum product, so under no cap of petroleum"
