"""What is worked out from the released version of a case, and what checking it again came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from clearwake.model.record import Flag, Text

DOSSIER_KINDS = ("case", "notice", "committee", "press", "compliance")
"""For whom a dossier is written: the whole case, the public as governments' notices do, a sanctions committee,
journalists, and those who insure, finance, register or trade."""


@dataclass(frozen=True)
class Findings:
    """All that follows from what an audience may have, and from nothing else."""

    day: date
    """The day whose law was asked: of the act."""
    elements: pl.DataFrame
    """``BreachElement``."""
    outcomes: pl.DataFrame
    """``BreachOutcome``."""
    options: pl.DataFrame
    """``LawfulOption``."""
    assessment: pl.DataFrame
    """``AssessmentRow``."""
    weighed: pl.DataFrame
    """``WeighedRow``: what each item adds to each explanation."""
    matches: pl.DataFrame
    """``Match``: the ships held against the listings that were given along."""
    events: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """What detectors find on the released tracks, by table; empty tables are left out."""
    detention: pl.DataFrame | None = None
    """``ClockEntry``, where a ship was held."""
    unread: tuple[str, ...] = ()
    """What could not be worked out, and why: a fact that uses a word that is none."""


REPRODUCED, WITHHELD, NOT_REPRODUCED = "reproduced", "withheld", "not reproduced"
"""What becomes of a finding that is worked out again; withheld is no failure: its evidence was not released."""


@dataclass(frozen=True)
class VerifiedRow:
    """One thing in a bundle that was checked."""

    check: Text
    """``file``, ``archive``, ``element``, ``outcome``, ``option``, ``assessment``, ``weight``, ``match``, ``event``,
    ``detention``, ``statement``, ``photograph``, ``document`` or ``signature``."""
    item: Text
    """Which: a file name, ``unscr-2375-11 transfer``, an item's id ..."""
    verdict: Text
    """``reproduced``, ``withheld`` or ``not reproduced``."""
    why: Text
    same_version: Flag
    """Whether this clearwake, with these definitions and statutes, is the one that made the bundle."""
