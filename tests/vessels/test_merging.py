"""However a stream of reports is cut into files, the claims that come out are the same."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake.model import TIME, IdentityClaim, schema, utc
from clearwake.sources.identities import claims, grouped
from clearwake.vessels import merged

NOON = utc("2020-06-30T12:00")

REPORTS = st.lists(
    st.tuples(
        st.sampled_from([366952890, 416000000]),
        st.integers(0, 180),
        st.sampled_from(["EVER GIVEN", "EVER GIVEN@@", "", "SHUN LI 8"]),
        st.sampled_from(["IMO9811000", "9811000", "0"]),
    ),
    min_size=1,
    max_size=12,
)


def claimed(reports: list[tuple[int, int, str, str]], first_line: int = 1) -> pl.DataFrame:
    rows = [
        (mmsi, NOON + timedelta(minutes=minutes), line, name, imo)
        for line, (mmsi, minutes, name, imo) in enumerate(reports, first_line)
    ]
    frame = pl.DataFrame(
        rows,
        schema={"mmsi": pl.Int64, "time": TIME, "line": pl.Int64, "name": pl.String, "imo": pl.String},
        orient="row",
    )
    return claims(grouped(frame, ["name", "imo"]), "table")


@settings(max_examples=25, deadline=None)
@given(reports=REPORTS, cut=st.integers(0, 12))
def test_any_cut_of_the_reports_gives_the_same_claims(
    reports: list[tuple[int, int, str, str]], cut: int
) -> None:
    whole = merged(claimed(reports))
    parts = [claimed(reports[:cut]), claimed(reports[cut:], cut + 1)]
    assert merged(pl.concat(parts)).equals(whole)
    assert merged(pl.concat(reversed(parts))).equals(whole)


def test_equal_claims_of_one_hour_are_one_row_and_of_two_hours_two() -> None:
    found = merged(
        pl.concat(
            [
                claimed([(366952890, 50, "EVER GIVEN", "9811000")]),
                claimed(
                    [(366952890, 10, "EVER GIVEN@@", "IMO9811000"), (366952890, 61, "EVER GIVEN", "0")], 2
                ),
                claimed([(366952890, 70, "EVER GIVEN", "9811000")], 4),
            ]
        )
    )
    assert found.schema == schema(IdentityClaim)
    assert found.sort("line").select("first_seen", "last_seen", "name", "imo", "reports", "line").rows() == [
        (utc("2020-06-30T12:10"), utc("2020-06-30T12:50"), "EVER GIVEN", "9811000", 2, 1),
        (utc("2020-06-30T13:01"), utc("2020-06-30T13:01"), "EVER GIVEN", None, 1, 3),
        (utc("2020-06-30T13:10"), utc("2020-06-30T13:10"), "EVER GIVEN", "9811000", 1, 4),
    ]
