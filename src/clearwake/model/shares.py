"""Shares of belief, put in words the same wherever they are told."""

from __future__ import annotations

import math


def percent(share: float) -> str:
    """Write a share in whole percent; what would be 0 or 100 is under 1 or over 99, as nothing here is certain."""
    whole = math.floor(share * 100 + 0.5)
    if whole < 1:
        return "under 1 %"
    return "over 99 %" if whole > 99 else f"{whole} %"
