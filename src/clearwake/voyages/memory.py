"""Memory: for 180 days a ship is one that called in the DPRK, or met one that did; every step dated.

US Executive Order 13810 of 21 September 2017, section 2: no port call in the United States within 180 days of a call
in the DPRK, or of a transfer with a ship that called there in the 180 days before.  It is United States law; for
others the dates are facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from clearwake.model import PortCall, Zone, conform, empty, schema
from clearwake.model.events import kept_company
from clearwake.places import Atlas
from clearwake.voyages.found import Found, clock
from clearwake.voyages.ship import AT_SEA, FROM_PORT_KM, STOPPED, came_to

MEMORY = timedelta(days=180)

DPRK, DPRK_MID = "PRK", 445
"""ISO 3166-1 alpha-3, and the maritime identification digits of ships under its flag (ITU)."""

NAMES = ("PRK", "KP", "KOREA, NORTH", "NORTH KOREA", "DEM. PEOPLE'S REP. OF KOREA", "DPRK")

OFF_KM, LYING_H, STILL_KN = 12.0, 3.0, 1.0
"""A ship that lies still for three hours within 12 km of a port of the DPRK, and no nearer to another country's, lies
at its berths or roads; this project's judgement."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Mark:
    """What is remembered of a hull: a call in the DPRK, or a meeting with a ship that called there or has its flag."""

    at: datetime
    known_at: datetime
    said: str
    chain: tuple[str, ...]
    evidence: tuple[str, ...]
    mmsi: int
    is_call: bool = False

    @property
    def until(self) -> datetime:
        """When it is forgotten."""
        return self.at + MEMORY


def dprk_findings(events: Mapping[str, pl.DataFrame], hulls: Mapping[int, str]) -> Iterator[Found]:
    """Find calls in the DPRK, meetings with ships that called there or fly its flag, and calls 180 days after.

    Args:
        events: ``port_calls`` and ``encounters``; absent ones are empty.
        hulls: The hull of each MMSI, where it is known, so that a new number does not forget; others are their own.
    """
    calls = _rows(events, "port_calls", pl.col("confidence") >= STOPPED)
    there = [call for call in calls if (call["port_country"] or "").upper() in NAMES]
    marks: dict[str, list[Mark]] = {}
    for call in there:
        marks.setdefault(_hull(call["mmsi_a"], hulls), []).append(_called(call))
        yield _dprk_call(call)
    met = _rows(events, "encounters", _can_be_transfer()) if there or _has_dprk(events) else []
    meetings: dict[str, list[Mark]] = {}
    for row in met:
        for side, other in (("a", "b"), ("b", "a")):
            mark = _meeting(row, side, other, marks, hulls)
            if mark:
                meetings.setdefault(_hull(row[f"mmsi_{side}"], hulls), []).append(mark[1])
                yield mark[0]
    for call in calls:
        hull = _hull(call["mmsi_a"], hulls)
        yield from _remembered(call, [*marks.get(hull, []), *meetings.get(hull, [])])


def called_in_dprk(calls: pl.DataFrame) -> bool:
    """Say whether any ship stopped in a port of the DPRK."""
    return not calls.filter(_is_dprk(), pl.col("confidence") >= STOPPED).is_empty()


def _can_be_transfer() -> pl.Expr:
    away = pl.col("anchorage_km").fill_null(FROM_PORT_KM) >= FROM_PORT_KM
    return pl.col("label").is_in([*AT_SEA, "underway"]) & away & ~kept_company()


def _rows(events: Mapping[str, pl.DataFrame], name: str, which: pl.Expr) -> list[dict[str, Any]]:
    if name not in events or events[name].is_empty():
        return []
    return events[name].filter(which).sort("start", "id").to_dicts()


def _has_dprk(events: Mapping[str, pl.DataFrame]) -> bool:
    met = events.get("encounters")
    if met is None or met.is_empty():
        return False
    flags = met.select(pl.concat_list("mmsi_a", "mmsi_b").alias("mmsi")).explode("mmsi")
    return bool((flags["mmsi"] // 1_000_000 == DPRK_MID).any())


def _hull(mmsi: int, hulls: Mapping[int, str]) -> str:
    return hulls.get(mmsi, f"mmsi{mmsi}")


def lying_off(drifts: pl.DataFrame, calls: pl.DataFrame, atlas: Atlas) -> pl.DataFrame:
    """Give ships that lay still off a port of the DPRK, farther out than a call reaches, as a table of ``PortCall``.

    Berths and roads of those ports lie up to some kilometres from the one point that is known of each.

    Args:
        drifts: A table of ``Loitering``.
        calls: A table of ``PortCall``; who is in one at that time lies in port and is left out.
        atlas: Knows the ports.
    """
    still = drifts.filter(pl.col("duration_h") >= LYING_H, pl.col("mean_speed_kn") <= STILL_KN)
    # Roads learnt from the ships that lie in them have no country, and would hide the port that they are the roads of.
    charted = Atlas(atlas.anchorages.filter(pl.col("country").is_not_null()), empty(Zone))
    row, km = charted.nearest(still["lon"].to_numpy(), still["lat"].to_numpy(), within_km=OFF_KM)
    near = still.with_columns(row=pl.Series(row), nearest_km=pl.Series(km)).filter(pl.col("row") >= 0)
    ports = charted.anchorages[near["row"]]
    told = near.with_columns(port=ports["name"], port_country=ports["country"]).filter(_is_dprk())
    there = calls.filter(_is_dprk()).select("mmsi_a", call_start="start", call_end="end")
    both = told.join(there, on="mmsi_a").filter(
        pl.col("call_start") <= pl.col("end").fill_null(pl.col("call_start")),
        pl.col("call_end").fill_null(pl.col("start")) >= pl.col("start"),
    )
    alone = told.join(both.select("id"), on="id", how="anti", maintain_order="left")
    rows = alone.with_columns(stopped_h="duration_h", gap_h=pl.lit(0.0), confidence=pl.lit(STOPPED))
    return conform(rows.select(name for name in schema(PortCall) if name in rows.columns), PortCall)


def _is_dprk() -> pl.Expr:
    return pl.col("port_country").str.to_uppercase().is_in(list(NAMES)).fill_null(value=False)


def _called(call: Row) -> Mark:
    where = (
        "called at" if call["id"].startswith("port_call:") else f"lay still {call['nearest_km']:.0f} km from"
    )
    when = f"{clock(call['start'])} to {clock(call['end'])}"
    said = f"MMSI {call['mmsi_a']} {where} {call['port']} in the DPRK, {when}"
    # The days are counted from when it left; while it lies there they have not begun to run.
    at = call["end"] or call["start"]
    return Mark(at, call["known_at"], said, (said,), (call["id"],), call["mmsi_a"], is_call=True)


def _dprk_call(call: Row) -> Found:
    mark = _called(call)
    against = [
        "humanitarian deliveries and notified coal through Rajin are lawful; ports lie close to each other"
    ]
    if call["confidence"] < 4:
        against.append("it was not seen to enter, stop and leave, so it may have been elsewhere near")
    return Found(
        "dprk_call", call["start"], call["end"], (call["lon"], call["lat"]), call["mmsi_a"], call["track_a"],
        call["known_at"], mark.evidence, 0.5 + 0.1 * call["confidence"], (mark.said,), tuple(against), (call["id"],),
        port=call["port"], port_country=call["port_country"], until=mark.until, chain=mark.chain,
    )  # fmt: skip


def _meeting(
    row: Row, side: str, other: str, marks: Mapping[str, list[Mark]], hulls: Mapping[int, str]
) -> tuple[Found, Mark] | None:
    """Find that one ship of a meeting met one of the DPRK, or one that called there in the 180 days before."""
    mmsi, met = row[f"mmsi_{side}"], row[f"mmsi_{other}"]
    if mmsi is None or met is None or mmsi // 1_000_000 == DPRK_MID:
        return None
    is_flagged = met // 1_000_000 == DPRK_MID
    before = [m for m in marks.get(_hull(met, hulls), []) if m.at <= row["start"] <= m.until]
    if not is_flagged and not before:
        return None
    said = f"MMSI {mmsi} and MMSI {met} met at sea, {clock(row['start'])} to {clock(row['end'])}"
    reasons = [said]
    chain: tuple[str, ...] = (said,)
    evidence: tuple[str, ...] = (row["id"],)
    known = row["known_at"]
    if is_flagged:
        reasons.append(f"MMSI {met} is numbered under the DPRK's flag")
    if before:
        mark = before[-1]
        days = (row["start"] - mark.at).days
        reasons.append(f"{mark.said}, {days} days before")
        chain, evidence, known = (*mark.chain, said), (row["id"], *mark.evidence), max(known, mark.known_at)
    found = Found(
        "met_dprk_flag" if is_flagged else "met_dprk_caller", row["start"], row["end"], (row["lon"], row["lat"]), mmsi,
        row[f"track_{side}"], known, evidence, _meeting_score(row, is_flagged=is_flagged), tuple(reasons),
        ("two ships close together need not have moved goods", *_renumbered(before, met)), (row["id"],),
        other=(met, row[f"track_{other}"]), until=(row["end"] or row["start"]) + MEMORY, chain=chain,
    )  # fmt: skip
    return found, Mark(row["end"] or row["start"], known, said, chain, evidence, mmsi)


def _meeting_score(row: Row, *, is_flagged: bool) -> float:
    return (0.8 if is_flagged else 0.6) * {"standard": 1.0, "short": 0.8}.get(row["label"], 0.6)


def _renumbered(marks: list[Mark], mmsi: int) -> tuple[str, ...]:
    """Say where the call was made under another number."""
    if not marks or marks[-1].mmsi == mmsi:
        return ()
    return (f"the call was made under MMSI {marks[-1].mmsi}, which is judged to be the same ship",)


def _remembered(call: Row, marks: list[Mark]) -> Iterator[Found]:
    """Find a call elsewhere within 180 days of what is remembered; the latest call and meeting each give one."""
    if (call["port_country"] or "").upper() in NAMES:
        return
    for is_call in (True, False):
        valid = [m for m in marks if m.is_call == is_call and m.at <= call["start"] <= m.until]
        if valid:
            yield _memory(call, max(valid, key=lambda m: (m.at, m.evidence)))


def _memory(call: Row, mark: Mark) -> Found:
    days = (call["start"] - mark.at).days
    said = came_to(call)
    reasons = [f"{said}, {days} days after: {mark.said}"]
    is_us = (call["port_country"] or "").upper() in ("USA", "US", "UNITED STATES")
    if is_us:
        reasons.append("in the United States, where Executive Order 13810, section 2, bars it for 180 days")
    against = ["outside the United States such a call breaks no rule by itself"] if not is_us else [
        "the order is for ships in which a foreign person has an interest, and allows licences"]  # fmt: skip
    return Found(
        "dprk_call_memory" if mark.is_call else "dprk_meeting_memory", call["start"], call["end"],
        (call["lon"], call["lat"]), call["mmsi_a"], call["track_a"], max(call["known_at"], mark.known_at),
        (call["id"], *mark.evidence), 0.7 if is_us else 0.3, tuple(reasons),
        (*against, *_renumbered([mark], call["mmsi_a"])), (call["id"], *mark.evidence), port=call["port"],
        port_country=call["port_country"], until=mark.until, chain=(*mark.chain, said),
    )  # fmt: skip
