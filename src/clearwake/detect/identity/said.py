"""What was said when: claims brought to points in time, and points to runs of one value.

Claims come grouped by hour, and files may be cut anywhere, so equal claims of one hour are brought together first; a
claim over more than an hour counts as said at both its ends.  After that nothing depends on how the claims arrived.

Three things look like a change and are none: a typing slip that reverts, two spellings that fold to one, and two
transmitters that say different things by turns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import polars as pl
from rapidfuzz.distance import OSA

from clearwake.model import TIME
from clearwake.model.identifiers import PLACEHOLDER_MMSIS, is_ship
from clearwake.names import folded, plain, read_flags

FIELDS = ("name", "imo", "callsign", "flag", "ship_type", "length_m")
"""What a claim says that can change and should not often."""

SLIP_LASTS = timedelta(hours=24)
"""A value one letter off that is gone again within this time was mistyped; this project's judgement."""

BY_TURNS = ((timedelta(hours=24), 2), (timedelta(days=30), 4))
"""A value that returns so soon after another, so many times, is said by turns: several ships, or several
transmitters, under one number.  This project's judgement; one return within a day is not enough, for a ship that
calls itself otherwise for one night does just that."""

LENGTH_M, LENGTH_SHARE = 10.0, 0.1
"""Lengths nearer than the larger of these to each other are one; this project's judgement: crews enter a length
from two antenna offsets, rounded to metres, and mean overall or between perpendiculars."""

POINT = pl.Schema(
    {"owner": pl.Int64(), "key": pl.String(), "time": TIME, "said": pl.String(), "at": TIME, "reports": pl.Int64(),
     "known_at": TIME}
)  # fmt: skip
"""``owner`` said ``key`` (written ``said``) at ``time``; ``at`` is when the claim that shows it begins."""


@dataclass(frozen=True)
class Run:
    """One owner saying one thing, from ``start`` to ``end``, and nothing else between."""

    key: str
    start: int
    end: int
    old: tuple[str, int, int]
    """As written at the end, when the claim began that shows it, and when that was known."""
    new: tuple[str, int, int]
    """The same at the beginning."""
    reports: int

    @property
    def known_at(self) -> int:
        """When both its ends were known."""
        return max(self.old[2], self.new[2])

    def joined(self, after: Run) -> Run:
        """Give the run from the beginning of this one to the end of a later one."""
        return Run(self.key, self.start, after.end, after.old, self.new, self.reports + after.reports)


def points(claims: pl.DataFrame, field: str, *, whole: bool = False) -> pl.DataFrame:
    """Give what was said in ``field``: a row per MMSI, value and hour, two where it lasted (``POINT``).

    Of an MMSI that says one thing only, the first and the last of these.

    Args:
        claims: A table of ``IdentityClaim``.
        field: One of ``FIELDS``.
        whole: Give every point of every MMSI.
    """
    wanted = ("mmsi", "first_seen", "last_seen", "reports", "known_at", field)
    rows = claims.select(wanted).filter(pl.col(field).is_not_null())
    keyed = rows.with_columns(key=_keys(rows, field), said=pl.col(field).cast(pl.String))
    told = keyed.filter(pl.col("key").is_not_null()).rename({"mmsi": "owner"})
    if whole:
        return _points(told)
    settled = _says_one_thing(told, alone=field == "imo")
    changing_ones, settled_ones = (told.join(settled, on="owner", how=how) for how in _SIDES)
    return pl.concat((_points(changing_ones), _ends(settled_ones))).sort("owner", "time", "key")


_SIDES: tuple[Literal["anti", "semi"], ...] = ("anti", "semi")


def _says_one_thing(told: pl.DataFrame, *, alone: bool) -> pl.DataFrame:
    """Give the owners that say one thing only and, if ``alone``, a thing that no other owner says."""
    said = told.select("owner", "key").unique()
    once = said.filter(pl.len().over("owner") == 1)
    if alone:
        once = once.join(said.group_by("key").len().filter(pl.col("len") == 1), on="key", how="semi")
    return once.select("owner")


def _ends(told: pl.DataFrame) -> pl.DataFrame:
    """Give the first and the last point of owners that say one thing; of most ships no more is needed."""
    first, last = (pl.col(end).dt.truncate("1h") for end in ("first_seen", "last_seen"))
    spans = told.group_by("owner").agg(begun=first.min(), ended=last.max(), total=pl.col("reports").sum())
    at_ends = told.join(spans, on="owner").filter((first == pl.col("begun")) | (last == pl.col("ended")))
    given = _points(at_ends.select(told.columns)).group_by("owner", maintain_order=True)
    begin, end = given.first(), given.last()
    counted = begin.join(spans.select("owner", "total"), on="owner", maintain_order="left")
    begin = counted.with_columns(reports=pl.col("total").cast(pl.Int64)).drop("total")
    later = end.filter(end["time"] > begin["time"]).with_columns(reports=pl.lit(0, pl.Int64))
    return pl.concat(part.select(POINT.names()).cast(POINT) for part in (begin, later))


def _points(rows: pl.DataFrame) -> pl.DataFrame:
    """Bring rows of one owner, key and hour together, and give the first and the last moment of each."""
    known = pl.coalesce("known_at", "last_seen")
    hour = pl.col("first_seen").dt.truncate("1h")
    is_wide = hour != pl.col("last_seen").dt.truncate("1h")
    begun = rows.with_columns(
        hour=hour,
        known_at=known,
        at="first_seen",
        last_seen=pl.when(is_wide).then("first_seen").otherwise("last_seen"),
    )
    ended = rows.filter(is_wide).with_columns(
        hour=pl.col("last_seen").dt.truncate("1h"),
        known_at=known,
        at="first_seen",
        first_seen="last_seen",
        reports=0,
    )
    columns = ["owner", "key", "hour", "first_seen", "last_seen", "said", "at", "reports", "known_at"]
    both = pl.concat(
        part.select(columns).with_columns(pl.col("reports").cast(pl.Int64)) for part in (begun, ended)
    ).sort("owner", "key", "first_seen", "said", "at")
    cells = both.group_by("owner", "key", "hour", maintain_order=True).agg(
        pl.col("first_seen", "said", "at").first(),
        pl.col("last_seen", "known_at").max(),
        pl.col("reports").sum(),
    )
    first = cells.with_columns(time="first_seen")
    last = cells.filter(pl.col("last_seen") > pl.col("first_seen")).with_columns(time="last_seen", reports=0)
    given = pl.concat(part.select(POINT.names()).cast(POINT) for part in (first, last))
    return given.sort("owner", "time", "key")


def _keys(rows: pl.DataFrame, field: str) -> pl.Series:
    """Give what makes two values the same: folded names, bare call signs, kinds of ship, lengths within tolerance."""
    said = rows[field]
    if field == "length_m":
        return length_keys(rows.select(owner="mmsi", length=field))
    if field == "ship_type":
        return said.to_frame().select(_ship_kind(pl.col(field)).cast(pl.String)).to_series()
    each = said.unique().sort()
    keys = _FOLDS[field](each) if field in _FOLDS else each
    told = pl.DataFrame({"said": each, "key": keys}, schema={"said": pl.String, "key": pl.String})
    return said.rename("said").to_frame().join(told, on="said", how="left", maintain_order="left")["key"]


def _names(names: pl.Series) -> pl.Series:
    parts = folded(names)
    return parts.select(pl.col("letters") + pl.col("numbers")).to_series()


def callsign_keys(said: pl.Series) -> pl.Series:
    """Fold call signs: letters and digits, at least four of them, not all the same."""
    bare = plain(said).str.replace_all(r"[^A-Z0-9]", "")
    repeated = bare.str.strip_chars_start("0").str.len_chars() == 0
    return bare.set((bare.str.len_chars() < 3) | repeated, None)


def _flags(said: pl.Series) -> pl.Series:
    read = read_flags(said)
    return read.zip_with(read.is_not_null(), plain(said).str.strip_chars())


_FOLDS = {"name": _names, "callsign": callsign_keys, "flag": _flags}

_KIND_OF_TEN = {2: 20, 4: 40, 6: 60, 7: 70, 8: 80}


def _ship_kind(ship_type: pl.Expr) -> pl.Expr:
    """Give the kind of an ITU ship type: the tens for cargo, tanker, passenger; the type itself from 30 to 59.

    90-99, other, is no kind: it says nothing.  The units of 7x and 8x tell dangerous goods; they change with the
    cargo.
    """
    tens = (ship_type // 10).replace_strict(_KIND_OF_TEN, default=None, return_dtype=pl.Int64)
    return (
        pl.when(ship_type.is_between(30, 39) | ship_type.is_between(50, 59)).then(ship_type).otherwise(tens)
    )


def length_keys(rows: pl.DataFrame) -> pl.Series:
    """Give each length of an owner a key that it shares with lengths within tolerance: chains of near lengths are one.

    Takes ``owner, length``; gives the shortest length of the chain, as text.
    """
    each = rows.unique().drop_nulls().sort("owner", "length")
    before = pl.col("length").shift(1).over("owner")
    apart = pl.max_horizontal(pl.lit(LENGTH_M), pl.col("length") * LENGTH_SHARE)
    begins = before.is_null() | (pl.col("length") - before > apart)
    chained = each.with_columns(chain=begins.cast(pl.Int64).cum_sum().over("owner"))
    named = chained.with_columns(key=pl.col("length").min().over("owner", "chain").cast(pl.String))
    keys = rows.join(named.drop("chain"), on=["owner", "length"], how="left", maintain_order="left")["key"]
    return keys.alias("key")


def runs(given: pl.DataFrame) -> dict[int, list[Run]]:
    """Turn points into each owner's runs, in order; owners are in order too."""
    ordered = given.sort("owner", "time", "key")
    begins = (pl.col("owner") != pl.col("owner").shift(1)) | (pl.col("key") != pl.col("key").shift(1))
    numbered = ordered.with_columns(run=begins.fill_null(value=True).cast(pl.Int64).cum_sum())
    told = numbered.group_by("run", maintain_order=True).agg(
        pl.col("owner", "key").first(),
        start=pl.col("time").first().dt.epoch("ms"),
        end=pl.col("time").last().dt.epoch("ms"),
        said_last=pl.col("said").last(),
        at_last=pl.col("at").last().dt.epoch("ms"),
        said_first=pl.col("said").first(),
        at_first=pl.col("at").first().dt.epoch("ms"),
        known_last=pl.col("known_at").last().dt.epoch("ms"),
        known_first=pl.col("known_at").first().dt.epoch("ms"),
        reports=pl.col("reports").sum(),
    )
    of: dict[int, list[Run]] = {}
    for _, owner, key, start, end, *ends, reports in told.iter_rows():
        old, at_old, new, at_new, known_old, known_new = ends
        run = Run(key, start, end, (old, at_old, known_old), (new, at_new, known_new), reports)
        of.setdefault(owner, []).append(run)
    return of


def changing(given: pl.DataFrame) -> pl.DataFrame:
    """Keep the points of owners that say more than one thing; of a million, these are few."""
    return given.filter(pl.col("key").n_unique().over("owner") > 1)


def by_turns(sequence: Sequence[Run], tied: bool = True) -> list[tuple[int, int]]:  # noqa: FBT001, FBT002 - one meaning
    """Find stretches of runs (first, last) in which values were said by turns; see ``BY_TURNS``."""
    found: list[tuple[int, int]] = []
    for within, times in BY_TURNS:
        links = _returns(sequence, within // timedelta(milliseconds=1))
        for first, last, count in _chained(links):
            keys = {run.key for run in sequence[first : last + 1]}
            if count >= times and (not tied or len(keys) > 1):
                found.append((first, last))
    return _united(found)


def _returns(sequence: Sequence[Run], within_ms: int) -> list[tuple[int, int]]:
    """Pair each run with the one before that said the same, if that ended no longer ago than ``within_ms``."""
    last: dict[str, int] = {}
    links = []
    for number, run in enumerate(sequence):
        before = last.get(run.key)
        if before is not None and run.start - sequence[before].end <= within_ms:
            links.append((before, number))
        last[run.key] = number
    return links


def _chained(links: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Join links that overlap in more than an end: first, last and how many they are."""
    chains: list[tuple[int, int, int]] = []
    for first, last in sorted(links):
        if chains and first < chains[-1][1]:
            begun, ended, count = chains[-1]
            chains[-1] = (begun, max(ended, last), count + 1)
        else:
            chains.append((first, last, 1))
    return chains


def _united(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if united and first <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], last))
        else:
            united.append((first, last))
    return united


def reigns(sequence: Sequence[Run], *, is_text: bool) -> list[Run]:
    """Leave out what is no change: slips that revert, and values said by turns unless one lasted a day alone."""
    day = SLIP_LASTS // timedelta(milliseconds=1)
    turned = {n for first, last in by_turns(sequence) for n in range(first, last + 1)}
    alone = [run for n, run in enumerate(sequence) if n not in turned or run.end - run.start >= day]
    return _joined(_without_slips(_joined(alone), is_text=is_text))


def _without_slips(sequence: list[Run], *, is_text: bool) -> list[Run]:
    times = Counter(run.key for run in sequence)
    slips = {
        n
        for n in range(1, len(sequence) - 1)
        if times[sequence[n].key] == 1
        and is_slip(sequence[n - 1], sequence[n], sequence[n + 1], is_text=is_text)
    }
    return [run for n, run in enumerate(sequence) if n not in slips]


def is_slip(before: Run, run: Run, after: Run, *, is_text: bool) -> bool:
    """Say whether a value was mistyped: put right within a day and, where it is text, one letter off."""
    is_short = after.start - run.start <= SLIP_LASTS // timedelta(milliseconds=1)
    return before.key == after.key and is_short and (not is_text or letters_apart(before.key, run.key) <= 1)


def letters_apart(old: str, new: str) -> int:
    """Count letters to change, leave out, put in or swap with the next to get from old to new."""
    return int(OSA.distance(old, new))


def _joined(sequence: list[Run]) -> list[Run]:
    """Make neighbours that say the same one run."""
    joined: list[Run] = []
    for run in sequence:
        if joined and joined[-1].key == run.key:
            joined.append(joined.pop().joined(run))
        else:
            joined.append(run)
    return joined


def is_own_mmsi(mmsi: pl.Expr) -> pl.Expr:
    """Say of each MMSI whether it is numbered as a ship's and is no placeholder."""
    return is_ship(mmsi) & ~mmsi.is_in(list(PLACEHOLDER_MMSIS)) & ~is_default(mmsi)


def is_default(mmsi: pl.Expr) -> pl.Expr:
    """Say of each MMSI whether it is one that equipment is delivered with: digits of a flag and six noughts."""
    return (mmsi % 1_000_000 == 0).fill_null(value=False)


def stretches(given: pl.DataFrame, *, is_text: bool = True) -> pl.DataFrame:
    """Give each owner's runs without slips and turns: ``owner, key, start, end, reports, at, at_last, known_at``.

    Owners that say one thing only are one row each, by far the most.
    """
    is_one = pl.col("key").n_unique().over("owner") == 1
    one = given.filter(is_one).sort("owner", "time").group_by("owner", maintain_order=True).agg(
        pl.col("key").first(), start=pl.col("time").first(), end=pl.col("time").last(), reports=pl.col("reports").sum(),
        at=pl.col("at").first(), at_last=pl.col("at").last(),
        known_at=pl.max_horizontal(pl.col("known_at").first(), pl.col("known_at").last()),
    )  # fmt: skip
    several = [
        (owner, run.key, run.start, run.end, run.reports, run.new[1], run.old[1], run.known_at)
        for owner, sequence in runs(given.filter(~is_one)).items()
        for run in reigns(sequence, is_text=is_text)
    ]
    shape = {"owner": pl.Int64, "key": pl.String, "start": pl.Int64, "end": pl.Int64, "reports": pl.Int64,
             "at": pl.Int64, "at_last": pl.Int64, "known_at": pl.Int64}  # fmt: skip
    moments = pl.col("start", "end", "at", "at_last", "known_at").cast(TIME)
    told = pl.DataFrame(several, schema=shape, orient="row").with_columns(moments)
    return pl.concat((one, told), how="vertical_relaxed").sort("owner", "start", "key")
