"""The law of detectors in its sense for claims: cutting into files and shuffling change no identity event."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from clearwake.detect import identity
from clearwake.model import IdentityClaim, Registration, conform, schema, utc

from .said import X, Y, heard, register

BEGIN = utc("2026-01-01")

SAID = pl.Schema(
    {"mmsi": pl.Int64(), "time": pl.Datetime("ms", "UTC"), "name": pl.String(), "imo": pl.String(),
     "callsign": pl.String(), "flag": pl.String(), "ship_type": pl.Int16(), "length_m": pl.Float64(),
     "file": pl.Int64()}
)  # fmt: skip

report = st.tuples(
    st.sampled_from([351000001, 312000002, 416000000]),
    st.integers(0, 60 * 24 * 6).map(lambda minutes: BEGIN + timedelta(minutes=minutes)),
    st.sampled_from(["OCEAN STAR", "OCEAN STRA", "M/V OCEAN STAR", "SHUN LI 8", None]),
    st.sampled_from([X, X, Y, "9074728", "1234567", None]),
    st.sampled_from(["3ABC1", "V3XY2", None]),
    st.sampled_from(["PA", "Panama", "BLZ", "Togo", None]),
    st.sampled_from([70, 79, 80, None]),
    st.sampled_from([180.0, 182.0, 140.0, None]),
    st.integers(0, 3),
)

WHERE = heard("""
    mmsi       time              lon   lat
    351000001  2026-01-01T12:00  10.0  0.0
    312000002  2026-01-01T13:00  90.0  0.0
    351000001  2026-01-03T12:00  12.0  0.0
    312000002  2026-01-03T13:00  92.0  0.0
    351000001  2026-01-05T12:00  14.0  0.0
    312000002  2026-01-05T13:00  15.0  0.0
""")

ENTRIES = register("""
    imo      name     flag   status    valid_from  length_m  ship_type_text
    9074729  OLD_ONE  Togo   denied    2025-06-01  -         -
    9074729  OLD_ONE  Palau  scrapped  2026-01-03  230       Bulk_carrier
    9176187  OTHER    Liberia  -       2025-06-01  181       Oil_tanker
""")


def by_hours(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    """Group reports by the hour, as readers do with each file."""
    told = pl.DataFrame(rows, schema=SAID, orient="row")
    said = [name for name in SAID.names() if name not in ("time", "file")]
    grouped = told.group_by(*said, hour=pl.col("time").dt.truncate("1h")).agg(
        first_seen=pl.col("time").min(), last_seen=pl.col("time").max(), reports=pl.len().cast(pl.Int64)
    )
    known = grouped.with_columns(source=pl.lit("ais"), known_at=pl.col("hour").dt.offset_by("2h"))
    return known.select(
        (pl.col(name) if name in known.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema(IdentityClaim).items()
    )


def all_events(claims: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Find every kind of identity event."""
    shared = identity.shared_mmsis(claims)
    return {
        "identity_changes": identity.identity_changes(claims, heard=WHERE, shared=shared),
        "shared_mmsis": shared,
        "shared_imos": identity.shared_imos(claims, heard=WHERE, shared=shared),
        "imo_faults": identity.imo_faults(claims, ENTRIES),
        "flag_faults": identity.flag_faults(claims, ENTRIES),
        "laundered_identities": identity.laundered_identities(claims, ENTRIES, heard=WHERE),
    }


@settings(max_examples=15, deadline=None)
@given(st.lists(report, max_size=60), st.integers(0, 1000))
def test_however_reports_were_cut_into_files_and_shuffled_the_events_are_the_same(
    rows: list[tuple[object, ...]], seed: int
) -> None:
    files = [by_hours([row for row in rows if row[-1] == file]) for file in range(4)]
    cut = pl.concat(files).sample(fraction=1.0, shuffle=True, seed=seed)
    whole = all_events(by_hours(rows))
    for table, events in all_events(cut).items():
        assert_frame_equal(events, whole[table], check_exact=True)


words = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["IMO", "0", "\uff19\uff10\uff17\uff14\uff17\uff12\uff19", "@@@", "90747290", "\u0669\u0660\u0667"]
    ),
)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-1, 10**10), words, words, words, words, st.floats(), st.integers(-9, 300)),
        max_size=9,
    ),
    st.lists(st.tuples(words, words, words, words, st.floats(), st.integers(-9, 3000)), max_size=5),
)
def test_whatever_was_said_nothing_breaks_and_the_tables_keep_their_columns(
    rows: list[tuple[object, ...]], entries: list[tuple[object, ...]]
) -> None:
    said = pl.DataFrame(
        [(mmsi, BEGIN, BEGIN, 1, "ais", name, imo, sign, flag, length, kind, BEGIN)
         for mmsi, name, imo, sign, flag, length, kind in rows],
        schema={n: schema(IdentityClaim)[n] for n in (
            "mmsi", "first_seen", "last_seen", "reports", "source", "name", "imo", "callsign", "flag", "length_m",
            "ship_type", "known_at")},
        orient="row",
    )  # fmt: skip
    books = pl.DataFrame(
        [("register", imo, flag, status, kind, length, year) for imo, flag, status, kind, length, year in entries],
        schema={n: schema(Registration)[n] for n in (
            "source", "imo", "flag", "status", "ship_type_text", "length_m", "built_year")},
        orient="row",
    )  # fmt: skip
    claims, register_ = conform(said, IdentityClaim), conform(books, Registration)
    shared = identity.shared_mmsis(claims)
    found = {
        "identity_changes": identity.identity_changes(claims, shared=shared),
        "shared_mmsis": shared,
        "shared_imos": identity.shared_imos(claims, heard=WHERE),
        "imo_faults": identity.imo_faults(claims, register_),
        "flag_faults": identity.flag_faults(claims, register_),
        "laundered_identities": identity.laundered_identities(claims, register_),
    }
    for kind in identity.IDENTITY:
        assert found[kind.table].schema == schema(kind.record)


def test_every_kind_is_in_the_list_of_kinds_and_its_id_begins_with_its_name() -> None:
    rows: list[tuple[object, ...]] = [
        (351000001, BEGIN + timedelta(hours=h), name, imo, "3ABC1", flag, 80, 95.0, 0)
        for h, name, imo, flag in (
            (0, "OCEAN STAR", X, "PA"), (30, "OCEAN STAR", X, "PA"), (60, "SHUN LI 8", Y, "Togo"),
            (90, "SHUN LI 8", Y, "Togo"), (100, "SHUN LI 8", "1234567", "Togo"),
        )
    ]  # fmt: skip
    found = all_events(by_hours(rows))
    assert list(found) == [kind.table for kind in identity.IDENTITY]
    for kind in identity.IDENTITY:
        assert found[kind.table].schema == schema(kind.record)
        assert all(name.startswith(f"{kind.name}:") for name in found[kind.table]["id"])
    assert {table for table, events in found.items() if events.height} == {
        "identity_changes", "imo_faults", "flag_faults", "laundered_identities",
    }  # fmt: skip
