"""Which way goods go: to the DPRK, from it, or neither, however the country is spelt."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import polars as pl

from clearwake.names import plain
from clearwake.names.flags import read_flags

DPRK = "PRK"

_CALLED = (
    "DPRK", "D P R K", "NORTH KOREA", "KOREA NORTH", "KOREA N", "N KOREA", "KOREA DPR", "DPR KOREA",
    "DPR OF KOREA", "KOREA DPRK", "DEMOCRATIC PEOPLES REPUBLIC OF KOREA", "DEMOCRATIC PEOPLE S REPUBLIC OF KOREA",
    "KOREA DEMOCRATIC PEOPLES REPUBLIC OF", "KOREA DEMOCRATIC PEOPLE S REPUBLIC OF",
    "KOREA THE DEMOCRATIC PEOPLES REPUBLIC OF", "KOREA DEMOCRATIC PEOPLES REPUBLIC", "KOREA DEM PEOPLES REP",
    "KOREA DEM PEOPLES REP OF", "DEM PEOPLES REP OF KOREA", "DEM PEOPLES REP KOREA", "KOREA DEM REP",
    "DEMOCRATIC PEOPLES REP OF KOREA", "DEMOCRATIC PEOPLES REPUBLIC KOREA", "COREE DU NORD", "NORDKOREA",
    "COREA DEL NORTE", "COREA DEL NORD", "COREIA DO NORTE", "NOORD KOREA",
)  # fmt: skip

_IN_OTHER_SCRIPTS = (
    "朝鲜", "朝鮮", "北朝鲜", "北朝鮮", "북한", "조선", "조선민주주의인민공화국",
    "朝鲜民主主义人民共和国", "кндр", "северная корея", "корейская народно-демократическая республика",
)  # fmt: skip

PORTS = {
    "NAMPO": "Nampo", "NAMPHO": "Nampo", "CHINNAMPO": "Nampo", "NAMPO HANG": "Nampo", "CHONGJIN": "Ch'ongjin",
    "CHUNGJIN": "Ch'ongjin", "CHONGJIN HANG": "Ch'ongjin", "HUNGNAM": "Hungnam", "HEUNGNAM": "Hungnam",
    "WONSAN": "Wonsan", "RAJIN": "Najin", "NAJIN": "Najin", "RASON": "Najin", "RASUN": "Najin", "RAJIN HANG": "Najin",
    "SONGNIM": "Kyomip'o", "SONGRIM": "Kyomip'o", "KYOMIPO": "Kyomip'o", "HAEJU": "Haeju Hang",
    "HAEJU HANG": "Haeju Hang", "KIMCHAEK": "Kimch'aek", "SONGJIN": "Kimch'aek", "SENBONG": "Senbong",
    "SONBONG": "Senbong", "UNGGI": "Senbong", "CHAHO": "Ch'aho", "TAEAN": "Taean", "DAEAN": "Taean",
    "TANCHON": "Tanchon", "DANCHON": "Tanchon", "SINUIJU": "Sinuiju", "SINUIJOO": "Sinuiju",
}  # fmt: skip
"""How ports of the DPRK are spelt, and what they are called here: by the World Port Index where it has them."""

RAJIN = "Najin"


def folded(column: pl.Series) -> pl.Series:
    """Fold names of places for comparing: ``Ch'ongjin`` and ``CHONGJIN`` are one."""
    bare = plain(column).str.replace_all(r"['`.]", "").str.replace_all(r"[^A-Z0-9]+", " ")
    return bare.str.strip_chars().rename(column.name)


def is_dprk(column: pl.Series) -> pl.Series:
    """Tell which texts name the DPRK: codes, names in several languages; false for ``Korea`` alone and for null."""
    return _each_once(column, _is_dprk)


def _each_once(column: pl.Series, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Read every distinct text once, and give what it was read as for each row."""
    distinct = column.cast(pl.String).unique().rename("said")
    told = pl.DataFrame([distinct, read(distinct).rename("read")])
    rows = column.cast(pl.String).rename("said").to_frame()
    joined = rows.join(told, on="said", how="left", nulls_equal=True, maintain_order="left")
    return joined["read"].rename(column.name)


def _is_dprk(said: pl.Series) -> pl.Series:
    coded = read_flags(said) == DPRK
    called = folded(said).is_in(_CALLED)
    spoken = said.str.to_lowercase().str.strip_chars().is_in(_IN_OTHER_SCRIPTS)
    return coded.fill_null(value=False) | called.fill_null(value=False) | spoken.fill_null(value=False)


def dprk_port(column: pl.Series) -> pl.Series:
    """Give the port of the DPRK that a text names, by the name it has here; null where it names none.

    ``Nampo``, ``NAMPO, DPRK`` and ``KPNAM`` are one port; a port that is not known but is said to be in the DPRK is
    given as written.
    """
    return _each_once(column, _dprk_port)


def _dprk_port(said: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"said": said, "folded": folded(said)})
    parts = frame.select(pl.col("said").str.extract(r"[,(]\s*([^,()]+?)\s*\)?\s*$", 1).alias("country"))
    first = folded(frame["said"].str.replace(r"\s*[,(].*$", ""))
    words = (
        first.str.replace(r" (?:DPRK|NORTH KOREA|DPR KOREA)$", "")
        .str.replace(r"^(?:PORT OF|PORT) ", "")
        .str.replace(r" (?:PORT|HARBOUR|HARBOR)$", "")
    )
    known = words.replace_strict(PORTS, default=None, return_dtype=pl.String)
    both = is_dprk(pl.concat([parts["country"], said]))
    there = both[: len(said)] | both[len(said) :]
    is_bare_korea = (folded(parts["country"]) == "KOREA").fill_null(value=False)
    elsewhere = ~there & ~is_bare_korea & read_flags(parts["country"]).is_not_null()
    coded = frame["folded"].str.contains(r"^KP ?[A-Z]{3}$").fill_null(value=False)
    tail = frame["folded"].str.contains(r" (?:DPRK|NORTH KOREA|DPR KOREA)$").fill_null(value=False)
    return (
        pl.DataFrame({"said": said, "known": known})
        .select(
            pl.when(elsewhere)
            .then(None)
            .when(pl.col("known").is_not_null())
            .then("known")
            .when(there | coded | tail)
            .then("said")
        )
        .to_series()
    )


class PortKey(NamedTuple):
    """What one port is found by."""

    is_dprk: bool
    name: str
    """Folded, without a country behind it."""
    whole: str
    """All that was said, folded."""
    country: str | None
    """The country its own text names behind a comma or in brackets, ISO 3166-1 alpha-3."""


@cache
def port_key(said: str) -> PortKey:
    """Read what one port may be found by."""
    known = dprk_port(pl.Series([said]))[0]
    bare = pl.Series([known or said]).str.replace(r"\s*[,(].*$", "")
    country = pl.Series([said]).str.extract(r"[,(]\s*([^,()]+?)\s*\)?\s*$", 1)[0]
    whole = str(folded(pl.Series([said]))[0])
    # Two letters may be a state: "Los Angeles, CA" is not in Canada.
    told = iso3(country) if country and len(country) > 2 else None
    return PortKey(known is not None, str(folded(bare)[0]), whole, told)


@cache
def iso3(said: str) -> str | None:
    """Read one country's name or code as ISO 3166-1 alpha-3; None where it is neither."""
    read: str | None = read_flags(pl.Series([said]))[0]
    return read


@cache
def names_dprk(said: str | None) -> bool:
    """Tell whether one text names the DPRK."""
    return bool(is_dprk(pl.Series([said], dtype=pl.String))[0])
