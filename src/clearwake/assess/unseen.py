"""What possible meetings say: two ships that could have met unseen, as far as that is likely, and who else could have.

The weight grows with the probability, which already leaves room for rivals and for nobody having been met.
"""

from __future__ import annotations

import polars as pl

from clearwake.assess.reasons import reasons
from clearwake.assess.wording import period, plural

LEAST = 0.1
"""A possible meeting has to be this likely to be a reason to look at a ship; this project's judgement."""

KINDS = ("one_silent", "both_silent")
"""Chains and deliveries are made of these, or say too little by themselves to speak for looking at a ship."""


def unseen_reasons(meetings: pl.DataFrame) -> list[pl.DataFrame]:
    """Give the reasons for and against that possible meetings are, one row per ship and meeting.

    Args:
        meetings: A table of ``PossibleMeeting``.
    """
    likely = meetings.filter(pl.col("kind").is_in(KINDS), pl.col("probability") >= LEAST)
    sides = pl.concat([_side(likely, "a", "b"), _side(likely, "b", "a")])
    rivalled = sides.filter(pl.col("rivals") > 0)
    return [_perhaps_met(sides), _rivals(rivalled)]


def _side(meetings: pl.DataFrame, own: str, other: str) -> pl.DataFrame:
    """Tell each possible meeting as one of its ships'."""
    return meetings.select(
        "id", "kind", "probability", "rivals", "window_start", "window_end", "known_at",
        mmsi=f"mmsi_{own}", track=f"track_{own}", other=f"mmsi_{other}", time="window_start",
    )  # fmt: skip


def _perhaps_met(sides: pl.DataFrame) -> pl.DataFrame:
    how = (
        pl.when(pl.col("kind") == "one_silent")
        .then(pl.lit("one of the two was silent"))
        .otherwise(pl.lit("both were silent"))
    )
    sentence = pl.format(
        "could have met {} {}, while {}: probability {}",
        "other",
        period(pl.col("window_start"), pl.col("window_end")),
        how,
        pl.col("probability").round(2),
    )
    return reasons("perhaps_met_unseen", sides, sentence, pl.concat_list("id"), pl.col("probability"))


def _rivals(sides: pl.DataFrame) -> pl.DataFrame:
    sentence = pl.format(
        "{} for what it or {} did in those hours: already taken off the probability",
        plural(pl.col("rivals"), "other candidate", "other candidates"),
        "other",
    )
    return reasons("unseen_rivals", sides, sentence, pl.concat_list("id"))
