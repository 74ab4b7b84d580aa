"""Telling what else a silence could have been: the ship in a sighting or detection, a call at a port."""

from __future__ import annotations

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.model import HULLS_PER_MMSI
from clearwake.model.draught import LEAST_M
from clearwake.whereabouts.unseen.delivery import Calls, could_have_called
from clearwake.whereabouts.unseen.sighted import Seen, beside, could_have_been
from clearwake.whereabouts.unseen.told import Known, Row, moment, named
from clearwake.whereabouts.unseen.traces import hours

USUAL_ERROR_M = 1_000.0
"""What a sighting's or detection's place is taken to be good for where it does not say."""


def sightings(rows: pl.DataFrame, known: Known, least: float) -> list[Row]:
    """Tell which silent ship each unnamed sighting or dark detection could have been.

    Args:
        rows: ``id, kind, time, lon, lat, error_m, known_at, mmsi, track``; kind is ``sighting`` or ``detection``, and
            the last two are of the ship it was seen with, null where that is not known.
        known: Silences and waits.
        least: The least probability worth telling.
    """
    if not rows.height:
        return []
    rows = rows.sort("time", "id")
    place = sphere.unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    error_m = rows["error_m"].fill_null(USUAL_ERROR_M).to_numpy()
    seen = Seen(hours(rows["time"]), place, error_m, rows["mmsi"].fill_null(0).to_numpy())
    found, lying = could_have_been(known.silences, seen), beside(seen, known.waits)
    told = []
    for at in np.flatnonzero(found.probability >= least).tolist():
        k, a = int(found.seen[at]), int(found.silence[at])
        row = rows.row(k, named=True)
        told.append(
            _seen_row(row, known, a, int(lying[k]))
            | {"probability": float(found.probability[at]), "rivals": int(found.rivals[at])}
            | {"needed_a_kn": float(found.needed_kn[at])}
        )
    return [row for row in told if row["track_a"] != row["track_b"]]


def _seen_row(row: Row, known: Known, a: int, wait: int) -> Row:
    one = known.silences
    error_m = float(row["error_m"] or USUAL_ERROR_M)
    mmsi = int(one.track[a]) // HULLS_PER_MMSI
    lying = int(known.waits.track[wait]) if wait >= 0 else None
    partner = row["track"] if row["mmsi"] is not None else lying
    what = "the second ship of" if row["mmsi"] is not None else "at the place of"
    reasons = [
        (
            f"{mmsi} was silent from {moment(one.start[a]):%Y-%m-%d %H:%M} UTC for {one.lasts_h[a]:.1f} h and could"
            f" have been {what} {row['id']} at {row['time']:%Y-%m-%d %H:%M} UTC"
        ),
        *([f"{lying // HULLS_PER_MMSI} was heard lying there"] if lying else []),
        *([f"MMSI {row['mmsi']} was seen there with a ship that nobody identified"] if row["mmsi"] else []),
    ]
    against = ["a ship that was never heard may have been what was seen"]
    known_at = max(row["known_at"] or row["time"], moment(one.known[a]))
    return {
        "id": named(str(row["kind"]), known.definition, (str(row["id"]), one.id[a]), float(one.start[a])),
        "window_start": row["time"], "window_end": row["time"], "duration_h": 0.0, "lon": row["lon"], "lat": row["lat"],
        "radius_km": error_m / 1000.0, "kind": row["kind"], "track_a": int(one.track[a]), "track_b": partner,
        "usual_a_kn": float(one.speed_kn[a]), "likely_cause": one.cause[a], "reasons": reasons,
        "reasons_against": against, "evidence": [str(row["id"]), one.id[a]], "known_at": known_at,
    }  # fmt: skip


def deliveries(anchorages: pl.DataFrame, claims: pl.DataFrame, known: Known, least: float) -> list[Row]:
    """Tell which silences leave time for a call at a port to which deliveries are forbidden.

    Args:
        anchorages: A table of ``Anchorage``.
        claims: A table of ``IdentityClaim``, for draughts.
        known: Silences.
        least: The least probability worth telling.
    """
    calls = could_have_called(known.silences, anchorages, claims)
    names = [f"{name} ({country})" for name, country in anchorages.select("name", "country").iter_rows()]
    return [
        _delivery(calls, at, anchorages.row(int(calls.port[at]), named=True), names, known)
        for at in np.flatnonzero(calls.probability >= least).tolist()
    ]


def _delivery(calls: Calls, at: int, there: Row, names: list[str], known: Known) -> Row:
    one, a, name = known.silences, int(calls.silence[at]), names[int(calls.port[at])]
    others = [names[port] for port in calls.others[at]]
    lay_h, deeper = float(calls.end[at] - calls.start[at]), float(calls.deeper_m[at])
    lighter = [f"it said afterwards that it lay {-deeper:.1f} m less deep"] if deeper <= -LEAST_M else []
    laden = [f"it said afterwards that it lay {deeper:.1f} m deeper"] if deeper >= LEAST_M else []
    return {
        "id": named("delivery", known.definition, (one.id[a], name), float(one.start[a])),
        "window_start": moment(calls.start[at]), "window_end": moment(calls.end[at]), "duration_h": lay_h,
        "lon": there["lon"], "lat": there["lat"], "radius_km": float(there["radius_km"] or 5.0), "kind": "delivery",
        "track_a": int(one.track[a]), "probability": float(calls.probability[at]), "rivals": len(others),
        "needed_a_kn": float(calls.needed_kn[at]), "usual_a_kn": float(one.speed_kn[a]),
        "draught_a_m": None if np.isnan(deeper) else deeper, "likely_cause": one.cause[a], "place": name,
        "evidence": [one.id[a]], "known_at": moment(one.known[a]),
        "reasons": [
            (f"{int(one.track[a]) // HULLS_PER_MMSI} was silent for {one.lasts_h[a]:.1f} h and at its usual"
             f" {one.speed_kn[a]:.1f} kn could have lain at {name} for {lay_h:.1f} h and come back"),
            *lighter,
        ],
        "reasons_against": [
            "that it could have called there does not say that it did",
            *([f"it could as well have called at {', '.join(others)}"] if others else []),
            *laden,
        ],
    }  # fmt: skip
