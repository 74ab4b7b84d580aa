"""Identity changes: a hull that calls itself otherwise than before, in what, when and where.

A name painted over at sea after a silence is a thing to look at; the same in a yard after a sale is business.  This
only measures; ``assess`` weighs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import polars as pl

from clearwake.detect.identity.ground import (
    SLACK_KM,
    TOP_SPEED_KN,
    Heard,
    nobody_heard,
    placed,
)
from clearwake.detect.identity.rows import claim_id, sorted_texts, written
from clearwake.detect.identity.said import (
    BY_TURNS,
    FIELDS,
    LENGTH_M,
    LENGTH_SHARE,
    SLIP_LASTS,
    Run,
    changing,
    is_own_mmsi,
    letters_apart,
    points,
    reigns,
    runs,
    stretches,
)
from clearwake.detect.step import definition_of
from clearwake.model import TIME, Track, empty
from clearwake.model.events import IdentityChange, SharedMmsi
from clearwake.model.identifiers import is_ship_imo
from clearwake.names import flag_of_mmsi
from clearwake.places import Atlas

TEXTS = ("name", "callsign", "imo", "mmsi")
"""Fields in which one letter or digit more or less can be a slip."""

KIND = "identity_change"
DEFINITION = definition_of(
    KIND, slip=SLIP_LASTS, turns=BY_TURNS, length_m=LENGTH_M, length_share=LENGTH_SHARE
)

_CHANGE = pl.Schema(
    {"mmsi_old": pl.Int64(), "mmsi_new": pl.Int64(), "field": pl.String(), "old": pl.String(), "new": pl.String(),
     "letters_apart": pl.Int64(), "start": TIME, "end": TIME, "at_old": TIME, "at_new": TIME, "said_as": pl.String(),
     "known_at": TIME}
)  # fmt: skip

Row = tuple[object, ...]


def identity_changes(
    claims: pl.DataFrame,
    *,
    heard: Heard = nobody_heard,
    atlas: Atlas | None = None,
    tracks: pl.DataFrame | None = None,
    shared: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Find what ships changed about themselves: one row per field and change.

    ``start`` is the last time the old value was said, ``end`` the first time the new one was.  A new MMSI is a change
    where the same usable IMO number was claimed under the old one before, not at once, and within a ship's reach; what
    else differs between the two numbers is a row of its own, the flag by their first three digits.

    Not changes: a value one letter off that is gone within a day; values said by turns (``BY_TURNS``) or under an MMSI
    on several hulls at that time; other ways to write the same; cargo codes of one kind of ship; lengths within 10 m
    or 10 %; anything under a default number.

    Args:
        claims: A table of ``IdentityClaim``.
        heard: Gives positions; without any the place is null.
        atlas: Knows harbours.
        tracks: A table of ``Track``.
        shared: A table of ``SharedMmsi``.
    """
    own = claims.filter(is_own_mmsi(pl.col("mmsi")))
    within = [_within(points(own, field), field) for field in FIELDS]
    imos = imo_points(own)
    renumbered = _renumbered(imos)
    found = pl.concat((*within, renumbered)).with_row_index("change")
    found = _told_apart(found, empty(SharedMmsi) if shared is None else shared)
    rows = _possible(placed(_with_imos(found, imos), heard, atlas))
    together = _together(rows.filter(pl.col("field") == "mmsi"), own)
    whole = pl.concat((rows, together), how="diagonal_relaxed")
    return _written(whole, empty(Track) if tracks is None else tracks)


def imo_points(claims: pl.DataFrame) -> pl.DataFrame:
    """Give when each MMSI claimed which usable IMO number, slips and numbers said by turns left out."""
    said = points(claims, "imo")
    usable = said.filter(is_ship_imo(pl.col("key")))
    kept = stretches(said).select("owner", "key").unique()
    return usable.join(kept, on=["owner", "key"], how="semi").sort("owner", "time", "key")


def _within(given: pl.DataFrame, field: str) -> pl.DataFrame:
    """Find the changes of a field under one MMSI."""
    rows: list[Row] = []
    for mmsi, sequence in runs(changing(given)).items():
        stays = reigns(sequence, is_text=field in TEXTS)
        rows += [_row(mmsi, mmsi, field, field, old, new) for old, new in pairwise(stays)]
    return _changes(rows)


def _renumbered(imos: pl.DataFrame) -> pl.DataFrame:
    """Find the usable IMO numbers that were claimed under one MMSI first and under another after."""
    turned = imos.with_columns(
        owner=pl.col("key").cast(pl.Int64), key=pl.col("owner").cast(pl.String)
    ).with_columns(said="key")
    rows: list[Row] = []
    for sequence in runs(changing(turned)).values():
        stays = [run for run in reigns(sequence, is_text=True) if run.end > run.start or run.reports > 1]
        pairs = pairwise(stays)
        rows += [_row(int(a.key), int(b.key), "mmsi", "imo", a, b) for a, b in pairs if a.key != b.key]
    return _changes(rows)


def _row(mmsi_old: int, mmsi_new: int, field: str, said_as: str, old: Run, new: Run) -> Row:
    apart = letters_apart(old.old[0], new.new[0]) if field in TEXTS else None
    return (mmsi_old, mmsi_new, field, old.old[0], new.new[0], apart, _moment(old.end), _moment(new.start),
            _moment(old.old[1]), _moment(new.new[1]), said_as, _moment(max(old.old[2], new.new[2])))  # fmt: skip


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000.0, UTC)


def _changes(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=_CHANGE, orient="row")


def _told_apart(found: pl.DataFrame, shared: pl.DataFrame) -> pl.DataFrame:
    """Leave out changes under an MMSI while it is on several hulls: another ship spoke."""
    told = shared.select("start", "end", mmsi="mmsi_a")
    gone = [
        found.select("change", "start", "end", mmsi=side)
        .join(told, on="mmsi", suffix="_shared")
        .filter(pl.col("end") >= pl.col("start_shared"), pl.col("start") <= pl.col("end_shared"))
        .select("change")
        for side in ("mmsi_old", "mmsi_new")
    ]
    return found.join(pl.concat(gone), on="change", how="anti", maintain_order="left")


def _with_imos(found: pl.DataFrame, imos: pl.DataFrame) -> pl.DataFrame:
    """Say which usable IMO number was claimed before and after, where one was."""
    said = imos.select(mmsi="owner", time="time", number="key")
    rows = found
    for side, time, way in (("old", "start", "backward"), ("new", "end", "forward")):
        asked = rows.select("change", mmsi=f"mmsi_{side}", moment=time).sort("mmsi", "moment")
        near = asked.join_asof(
            said.sort("mmsi", "time"), left_on="moment", right_on="time", by="mmsi",
            strategy="backward" if way == "backward" else "forward", check_sortedness=False,
        )  # fmt: skip
        rows = rows.join(near.select("change", pl.col("number").alias(f"imo_{side}")), on="change", how="left",
                         maintain_order="left")  # fmt: skip
    same = pl.col("imo_old") == pl.col("imo_new")
    return rows.with_columns(same_imo=same, imo=pl.when(same).then("imo_old"))


def _possible(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out new MMSIs that were heard where the old one could not have come: that is one IMO in two places."""
    too_far = (pl.col("implied_speed_kn") > TOP_SPEED_KN) | pl.col("implied_speed_kn").is_null()
    elsewhere = (pl.col("field") == "mmsi") & (pl.col("moved_km") > SLACK_KM) & too_far
    return rows.filter(~elsewhere.fill_null(value=False))


def _together(renumbered: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Say what else differs between the last claims under an old MMSI and the first under the new."""
    ships = pl.concat((renumbered["mmsi_old"], renumbered["mmsi_new"])).unique()
    some = claims.filter(pl.col("mmsi").is_in(ships.implode()))
    told = [
        _both(renumbered, points(some, field), field)
        for field in ("name", "callsign", "ship_type", "length_m")
    ]
    flags = renumbered.with_columns(
        field=pl.lit("flag"), old=flag_of_mmsi(pl.col("mmsi_old")), new=flag_of_mmsi(pl.col("mmsi_new")),
        letters_apart=pl.lit(None, pl.Int64),
    ).filter(pl.col("old") != pl.col("new"))  # fmt: skip
    return pl.concat((*told, flags))


def _both(renumbered: pl.DataFrame, said: pl.DataFrame, field: str) -> pl.DataFrame:
    """Give the changes whose field differs: as last said until ``start``, and as first said from ``end`` on."""
    ordered = said.select(mmsi="owner", time="time", key="key", said="said", known="known_at").sort(
        "mmsi", "time", "key"
    )
    sides = renumbered.select("change", "mmsi_old", "mmsi_new", "start", "end")
    for side, time in (("old", "start"), ("new", "end")):
        asked = sides.select("change", mmsi=f"mmsi_{side}", moment=time).sort("mmsi", "moment")
        near = asked.join_asof(
            ordered, left_on="moment", right_on="time", by="mmsi",
            strategy="backward" if side == "old" else "forward", check_sortedness=False,
        )  # fmt: skip
        sides = sides.join(
            near.select("change", pl.col("key", "said", "known").name.prefix(f"{side}_")), on="change"
        )
    differ = pl.col("old_key") != pl.col("new_key")
    if field == "length_m":
        old, new = (pl.col(f"{side}_said").cast(pl.Float64) for side in ("old", "new"))
        differ = (old - new).abs() > pl.max_horizontal(
            pl.lit(LENGTH_M), LENGTH_SHARE * pl.max_horizontal(old, new)
        )
    changed = sides.filter(differ).select("change", "old_said", "new_said", "old_known", "new_known")
    rows = renumbered.join(changed, on="change", how="inner", maintain_order="left")
    pairs = rows.select("old_said", "new_said").iter_rows()
    apart = [letters_apart(old, new) if field in TEXTS else None for old, new in pairs]
    return rows.with_columns(
        field=pl.lit(field), old="old_said", new="new_said", letters_apart=pl.Series(apart, dtype=pl.Int64),
        known_at=pl.max_horizontal("known_at", "old_known", "new_known"),
    ).select(renumbered.columns)  # fmt: skip


def _written(rows: pl.DataFrame, tracks: pl.DataFrame) -> pl.DataFrame:
    evidence = sorted_texts(
        claim_id("mmsi_old", "at_old", "said_as"), claim_id("mmsi_new", "at_new", "said_as")
    )
    is_one = pl.col("mmsi_old") == pl.col("mmsi_new")
    found = rows.with_columns(
        mmsi_a=pl.min_horizontal("mmsi_old", "mmsi_new"),
        mmsi_b=pl.when(~is_one).then(pl.max_horizontal("mmsi_old", "mmsi_new")),
        evidence=evidence,
    )
    return written(found, KIND, IdentityChange, DEFINITION, ("field", "old", "new"), tracks)
