"""Fonts: which files the documents are set in, so that names of any script stand on every machine alike.

Latin, Greek and Cyrillic are set in Libertinus Serif, which Typst brings along; Arabic in DejaVu, which matplotlib
brings; Chinese, Japanese and Korean, and the letters of tables, in Noto Sans, of the package justmytype-intl-cjk (all
under the SIL Open Font Licence, or DejaVu's own free one).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import matplotlib as mpl
import typst

from clearwake.model import ClearwakeError


@cache
def fonts() -> typst.Fonts:
    """Give the fonts that documents are set in; those of the machine are left aside, so that all machines set alike.

    Raises:
        ClearwakeError: If the package with the East Asian fonts is not installed.
    """
    return typst.Fonts(include_system_fonts=False, font_paths=[str(each) for each in folders()])


def folders() -> list[Path]:
    """Name the folders the fonts lie in."""
    try:
        east = Path(str(files("justmytype_intl_cjk"))) / "fonts"
    except ModuleNotFoundError as error:
        message = f"{error}\n  next: pip install justmytype-intl-cjk, which brings the fonts of dossiers"
        raise ClearwakeError(message) from error
    return [east, Path(mpl.get_data_path()) / "fonts" / "ttf"]
