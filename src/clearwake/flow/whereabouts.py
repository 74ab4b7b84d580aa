"""Where can it be?  Brings together what a desk knows of one silence, and asks the room that answers."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import shapely

from clearwake import places, sphere
from clearwake.flow.advance import POSITIONS
from clearwake.flow.atlas import atlas_of
from clearwake.flow.kept import kept_day
from clearwake.flow.progress import BEGINNING, Progress
from clearwake.flow.reconcile import stored_schema
from clearwake.flow.trails import fixes
from clearwake.model import (
    Gap,
    IdentityClaim,
    NotFoundError,
    Sighting,
    UsageError,
    Zone,
)
from clearwake.model.events import position_id
from clearwake.model.whereabouts import Whereabouts
from clearwake.sphere import Floats
from clearwake.store import Store
from clearwake.tracks import TRACK_DAYS
from clearwake.whereabouts import lanes
from clearwake.whereabouts.answer import SILENT_FROM_H, Located, Question, locate
from clearwake.whereabouts.density import Motion, Surroundings, Weights, port_sizes
from clearwake.whereabouts.limits import FASTEST_KN, OWN_MARGIN, Limit, limit, own_speed_kn
from clearwake.whereabouts.prism import Span
from clearwake.whereabouts.reach import MS_PER_H, SLACK_M
from clearwake.whereabouts.water import NO_ICE, Ice
from clearwake.whereabouts.wording import written

_SILENCES = ("silences", "gaps")
SPEEDS_FROM = timedelta(days=2)
"""How long before a silence a hull's own speeds are looked at, and how long after."""
INLAND_M = 6_000.0
LANES_FROM = timedelta(days=3)
"""How long before and after a silence other ships' positions tell where the lanes and the waters are."""
_UNSEEN_ERROR_M = 2_000.0
"""How far off a sighting is taken to be where it does not say: an eye's bearing and a guessed distance."""


@dataclass(frozen=True)
class Asked:
    """What was asked: one of ``mmsi``, ``silence`` and ``sighting``, and how to answer."""

    mmsi: int | None = None
    at: datetime | None = None
    track: int | None = None
    silence: str | None = None
    sighting: str | None = None
    limit_kn: float | None = None
    weights: Weights | None = None
    through_ice: bool = False


def whereabouts(store: Store, asked: Asked) -> Located:
    """Say where a hull can be; see ``Desk.whereabouts``.

    Raises:
        NotFoundError: If there is no such ship, silence or sighting.
        UsageError: If what was asked contradicts itself or lacks something.
    """
    _check(asked)
    question, own = _sighted(store, asked) if asked.sighting else _silent(store, asked)
    ice = NO_ICE if asked.through_ice else _ice(store, question.span)
    digest = _lanes(store, question.span)
    heard, _ = lanes.places(digest)
    ports, size = port_sizes(atlas_of(store).anchorages)
    around = Surroundings(ports, size, *lanes.places(lanes.without(digest, own)))
    return locate(question, around, heard, ice, asked.weights)


def _check(asked: Asked) -> None:
    named = [name for name in ("mmsi", "silence", "sighting") if getattr(asked, name) is not None]
    if asked.mmsi is not None and asked.silence is not None:
        named.remove("mmsi")
    if len(named) != 1:
        message = (
            "ask about one ship, silence or sighting\n  next: --mmsi M --at T, --silence ID or --sighting ID"
        )
        raise UsageError(message)
    if asked.at is None and asked.silence is None:
        message = "at which moment?\n  next: add --at 2018-02-13T12:00"
        raise UsageError(message)
    if asked.limit_kn is not None and not 0.0 < asked.limit_kn <= FASTEST_KN:
        message = f"a speed limit of {asked.limit_kn:g} kn is none\n  next: give one above 0 and up to {FASTEST_KN:g}"
        raise UsageError(message)


def _ms(at: datetime) -> float:
    return round(at.timestamp() * 1000.0)


def _unit(row: dict[str, float]) -> Floats:
    return sphere.unit_vectors(row["lon"], row["lat"])


def _silent(store: Store, asked: Asked) -> tuple[Question, pl.DataFrame]:
    """Put the question about a ship: the fixes before and after the moment, its speeds, and what it is.

    Gives with it where the ship itself was heard, by day, because its own past is no lane.
    """
    known: dict[str, Any] | None = _named(store, asked.silence) if asked.silence else None
    mmsi: int | None = known["mmsi_a"] if known else asked.mmsi
    wanted: int | None = known["track_a"] if known else asked.track
    if mmsi is None or (known and asked.mmsi not in (None, mmsi)):
        message = f"silence {asked.silence} is of MMSI {mmsi}, not of {asked.mmsi}"
        raise UsageError(message)
    at = asked.at or _widest(store, known or {})
    track, notes = _hull(store, mmsi, wanted, at)
    trail = _trail(store, mmsi, track, at)
    before, after = trail.filter(pl.col("time") <= at).tail(1), trail.filter(pl.col("time") > at).head(1)
    told = _limit(store, asked, mmsi, trail)
    last, back = (rows.row(0, named=True) if rows.height else None for rows in (before, after))
    span = Span(
        None if last is None else _unit(last), _ms(last["time"]) if last else _ms(at),
        None if back is None else _unit(back), _ms(back["time"]) if back else _ms(at), told.kn,
    )  # fmt: skip
    if asked.limit_kn is None:
        span, told = _as_fast_as_seen(span, told)
    evidence = tuple(position_id(mmsi, end["time"]) for end in (last, back) if end)
    question = Question(
        span, _ms(at), told, mmsi, track, _known_as(store, track, last) if last else None,
        motion=_motion(trail.filter(pl.col("time") <= at)),
        notes=(*notes, *_listening(store, at, back)), evidence=evidence,
    )  # fmt: skip
    days = trail.with_columns(day=pl.col("time").dt.date()).partition_by("day")
    own = lanes.merged([lanes.lanes(day.lazy()) for day in days])
    if question.silence is None:
        return question, own
    return replace(question, evidence=(question.silence, *evidence)), own


def _named(store: Store, silence: str) -> dict[str, Any]:
    """Find a silence or gap by its id.

    Raises:
        NotFoundError: If there is none.
    """
    for table in _SILENCES:
        rows = store.scan(table, record=stored_schema(Gap)).filter(
            pl.col("id") == silence, ~pl.col("withdrawn")
        )
        found = rows.collect()
        if found.height:
            return found.row(0, named=True)
    message = f"this desk has no silence with the id {silence}\n  next: clearwake show silences, or show gaps"
    raise NotFoundError(message)


def _widest(store: Store, silence: dict[str, Any]) -> datetime:
    """Choose the moment to ask a silence about: half way through, or, while it lasts, until when the desk was run."""
    start: datetime = silence["start"]
    if silence["end"] is not None:
        end: datetime = silence["end"]
        return start + (end - start) / 2
    return max(Progress.of(store).watermark, start)


def _hull(store: Store, mmsi: int, track: int | None, at: datetime) -> tuple[int, list[str]]:
    """Choose the hull of an MMSI: the one asked for, else the one heard most around that moment.

    Raises:
        NotFoundError: If the MMSI, or this hull of it, was not heard.
    """
    days = store.scan("track_days", record=TRACK_DAYS).filter(pl.col("mmsi") == mmsi).collect()
    hulls = days.group_by("track").agg(
        pl.col("positions").sum(),
        (pl.col("start") <= at).any().alias("before"),
        (pl.col("end") > at).any().alias("after"),
    )
    if not hulls.height:
        message = f"no ship with MMSI {mmsi} was heard\n  next: clearwake run, then clearwake show tracks"
        raise NotFoundError(message)
    if track is not None:
        if track not in hulls["track"]:
            message = (
                f"MMSI {mmsi} has no track {track}\n  next: choose one of {hulls['track'].sort().to_list()}"
            )
            raise NotFoundError(message)
        return track, []
    best = hulls.sort(
        pl.col("before") & pl.col("after"), pl.col("before"), "positions", -pl.col("track"), descending=True
    )
    chosen = int(best["track"][0])
    others = best["track"][1:].to_list()
    if not others:
        return chosen, []
    return chosen, [
        f"{len(others)} more hulls were heard under this number; this is track {chosen} (--track asks for another)."
    ]


def _trail(store: Store, mmsi: int, track: int, at: datetime) -> pl.DataFrame:
    """Give a hull's fixes of the days with the fix before and the fix after a moment, and of two days more each."""
    days = store.scan("track_days", record=TRACK_DAYS).filter(pl.col("track") == track).collect()
    before = days.filter(pl.col("start") <= at)["start"].max()
    after = days.filter(pl.col("end") > at)["start"].min()
    wanted: set[date] = set()
    for near, sign in ((before, -1), (after, 1)):
        if isinstance(near, datetime):
            wanted |= {
                near.date(),
                (near + sign * SPEEDS_FROM / 2).date(),
                (near + sign * SPEEDS_FROM).date(),
            }
    heard = [
        frame.filter(pl.col("track") == track)
        for first, last in _runs(sorted(wanted))
        for _, frame in fixes(store, first, last, [mmsi], ["course_deg"])
    ]
    return pl.concat(heard).sort("time")


def _runs(days: list[date]) -> list[tuple[date, date]]:
    """Put days that follow each other together."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and day - runs[-1][1] <= timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _limit(store: Store, asked: Asked, mmsi: int, trail: pl.DataFrame) -> Limit:
    if asked.limit_kn is not None:
        return Limit(asked.limit_kn, "as asked")
    claims = store.scan("claims", record=IdentityClaim).filter(pl.col("mmsi") == mmsi)
    said = claims.select("ship_type", "ship_type_text").unique().collect()
    own = own_speed_kn(trail.select("x", "y", "z").to_numpy(), trail["time"].dt.epoch("ms").to_numpy())
    return limit(said["ship_type"].drop_nulls(), said["ship_type_text"].drop_nulls(), own)


def _as_fast_as_seen(span: Span, told: Limit) -> tuple[Span, Limit]:
    """Believe the speed between two positions less than two hours apart: that is sailing, not a silence."""
    kn = span.needed_kn
    if span.until_ms - span.since_ms >= SILENT_FROM_H * MS_PER_H or not told.kn < kn <= FASTEST_KN:
        return span, told
    seen = Limit(
        min(kn * OWN_MARGIN, FASTEST_KN), f"its own: it made {kn:.1f} kn between these two positions"
    )
    return replace(span, limit_kn=seen.kn), seen


def _motion(heard: pl.DataFrame) -> Motion:
    """Give how a hull moved when last heard: as it said, else from its last ten minutes."""
    if not heard.height:
        return Motion()
    last = heard.row(-1, named=True)
    speed, course = last["speed_kn"], last["course_deg"]
    earlier = heard.filter(
        pl.col("time").is_between(last["time"] - timedelta(hours=1), last["time"] - timedelta(minutes=10))
    ).tail(1)
    if earlier.height and (speed is None or course is None):
        first = earlier.row(0, named=True)
        moved_m = float(sphere.between_m(_unit(first), _unit(last)))
        knots = moved_m / (last["time"] - first["time"]).total_seconds() / sphere.KNOT_M_PER_S
        bearing = sphere.bearing_deg(first["lon"], first["lat"], last["lon"], last["lat"])
        speed, course = knots if speed is None else speed, float(bearing) if course is None else course
    return Motion(speed, course)


def _known_as(store: Store, track: int, last: dict[str, Any]) -> str | None:
    """Give the id of the silence that begins with a fix, or of the gap, where the desk has one."""
    for table in _SILENCES:
        rows = store.scan(table, record=stored_schema(Gap)).filter(
            pl.col("track_a") == track, pl.col("start") == pl.lit(last["time"]), ~pl.col("withdrawn")
        )
        found = rows.select("id").collect()
        if found.height:
            return str(found["id"][0])
    return None


def _listening(store: Store, at: datetime, back: dict[str, Any] | None) -> list[str]:
    """Say so where nobody was listening at the moment asked about."""
    heard = Progress.of(store).watermark
    if back is not None or heard == BEGINNING or at <= heard:
        return []
    return [f"This desk was listening until {written(heard)}; what came after it has not heard."]


def _sighted(store: Store, asked: Asked) -> tuple[Question, pl.DataFrame]:
    """Put the question about a sighting: nothing else is known of the ship."""
    rows = store.scan("sightings", record=Sighting).filter(pl.col("id") == asked.sighting).collect()
    if not rows.height or asked.at is None:
        message = f"this desk has no sighting with the id {asked.sighting}\n  next: clearwake show sightings"
        raise NotFoundError(message)
    seen = rows.row(0, named=True)
    kind = seen["ship_type_text"]
    told = limit((), [kind] if kind else []) if asked.limit_kn is None else Limit(asked.limit_kn, "as asked")
    place, time, at = _unit(seen), _ms(seen["time"]), _ms(asked.at)
    # Two standard deviations: nineteen of twenty sightings are nearer than that to where they say.
    error_km = max(2.0 * (seen["error_m"] or _UNSEEN_ERROR_M), SLACK_M) / 1000.0
    span = (
        Span(place, time, None, at, told.kn, error_km)
        if at >= time
        else Span(None, at, place, time, told.kn, error_km)
    )
    question = Question(
        span, at, told, None, None, asked.sighting, is_sighting=True, evidence=(str(asked.sighting),)
    )
    return question, lanes.merged([])


def _ice(store: Store, span: Span) -> Ice:
    """Give the zones of kind ``ice`` that closed the sea all through a silence."""
    zones = store.scan("zones", record=Zone).filter(pl.col("kind") == "ice", pl.col("geometry").is_not_null())
    since, until = (datetime.fromtimestamp(ms / 1000.0, UTC) for ms in (span.since_ms, span.until_ms))
    held = zones.filter(
        (pl.col("valid_from").is_null() | (pl.col("valid_from") <= since))
        & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= until))
    )
    return Ice(tuple(shapely.from_wkb(shape) for shape in held.select("geometry").collect()["geometry"]))


def _lanes(store: Store, span: Span) -> pl.DataFrame:
    """Learn where ships sailed in the days round a silence; each day's digest is kept."""
    first, last = (
        datetime.fromtimestamp(ms / 1000.0, UTC).date() + sign * LANES_FROM
        for ms, sign in ((span.since_ms, -1), (span.until_ms, 1))
    )
    days = [day for day in store.days("positions") if first <= day <= last]

    def digest(day: date) -> pl.DataFrame:
        rows = store.scan("positions", day, day, POSITIONS).select("mmsi", "lon", "lat")
        return kept_day(
            store, "lanes", day, ["positions"], f"{lanes.CELL_DEG}", lambda: lanes.lanes(rows), lanes.LaneCell
        )

    return lanes.merged([digest(day) for day in days])


def _is_inland(record: Whereabouts) -> bool:
    """Say whether the ship was heard on what the outlines of land know as land, far from their coast."""
    ends = ((record.last_lon, record.last_lat), (record.back_lon, record.back_lat))
    lonlat = np.array([(lon, lat) for lon, lat in ends if lon is not None and lat is not None])
    round_it = [
        sphere.destination(lonlat[:, 0], lonlat[:, 1], course, INLAND_M)
        for course in (0.0, 90.0, 180.0, 270.0)
    ]
    return bool(np.all([places.load().on_land(lon, lat) for lon, lat in round_it]))


def picture(located: Located, form: str) -> bytes:
    """Draw where a ship can be, as ``png`` or ``svg``."""
    from clearwake.dossier.reach_map import Heat, Marked, reach_map  # noqa: PLC0415 - drawing is slow to import

    record, found = located.record, located.density
    heat = None
    if found is not None:
        lon, lat = sphere.lonlat(found.lattice.nodes)
        shape = found.lattice.rows, found.lattice.columns
        heat = Heat(lon.reshape(shape), lat.reshape(shape), found.share / found.lattice.cell_km2)
    ends = (
        ("last", record.last_lon, record.last_lat, f"last heard {written(record.since)}"),
        ("back", record.back_lon, record.back_lat, f"heard again {written(record.until)}"),
        ("likeliest", record.lon, record.lat, "likeliest" if record.state != "heard" else "where it was"),
    )
    marked = [
        Marked(role, lon, lat, words) for role, lon, lat, words in ends if lon is not None and lat is not None
    ]
    hours = [(each - record.growth_at[0]).total_seconds() / 3600.0 for each in record.growth_at]
    now = (record.at - record.growth_at[0]).total_seconds() / 3600.0 if hours else 0.0
    named = f"MMSI {record.mmsi}" if record.mmsi is not None else "The ship of a sighting"
    return reach_map(
        located.outlines,
        heat,
        marked,
        title=f"{named}: where it can be at {written(record.at)}",
        subtitle="\n".join(textwrap.wrap(record.told, 178)),
        attribution="Drawn by clearwake from the positions this desk has read.  Land: Natural Earth (public domain).  "
        "It shows what was possible and where to look first; it accuses nobody.",
        growth=(np.array(hours), np.array(record.growth_km2), now)
        if len(hours) > 1 and hours[-1] > 0.0
        else None,
        over_land=_is_inland(record),
        form=form,
    )


def way_by_sea_km(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Give how far it is by sea between two places, degrees, lon before lat; see ``whereabouts.voyage``."""
    from clearwake.whereabouts.voyage import way_by_sea_km as found  # noqa: PLC0415 - few ask, and it is slow to import

    places = np.array([start, end])
    vectors = sphere.unit_vectors(places[:, 0], places[:, 1])
    return found(vectors[0], vectors[1])
