"""The forms rows can leave in; apart from what writes them, because naming them needs nothing heavy."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """The forms rows can leave in."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    GEOJSON = "geojson"


class AreaFormat(StrEnum):
    """The forms an area can leave in."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    GEOJSON = "geojson"
    PNG = "png"
    SVG = "svg"
    NPZ = "npz"
