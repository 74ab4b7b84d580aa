"""The published rule for silences that look like a transmitter disabled on purpose, by name and with its thresholds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clearwake.sphere import NAUTICAL_MILE_M, Floats


@dataclass(frozen=True)
class DisablingRule:
    """Which silences count as likely disabling.

    Source: Welch et al. 2022, https://doi.org/10.1126/sciadv.abq2109: 12 hours or more, beginning 50 nm or more from
    shore, with 14 or more satellite positions in the 12 hours before, where reception is above 10 positions a day.
    """

    at_least_h: float = 12.0
    from_shore_nm: float = 50.0
    positions_before: int = 14
    reception_per_day: float = 10.0

    def __call__(
        self, lasted_h: Floats, coast_km: Floats, before: Floats, reception: Floats
    ) -> NDArray[np.bool_]:
        """Apply the rule: ``(n,)`` each.

        Args:
            lasted_h: How long the silence lasted, or has lasted.
            coast_km: From the coast where the ship was last heard.
            before: Satellite positions in the 12 hours before; all positions where the feed does not say which.
            reception: Positions a day expected of a ship there.
        """
        far = coast_km * 1000.0 >= self.from_shore_nm * NAUTICAL_MILE_M
        long = lasted_h >= self.at_least_h
        return np.asarray(
            long & far & (before >= self.positions_before) & (reception > self.reception_per_day)
        )


WELCH_2022 = DisablingRule()
