"""The provisions: every row of the law is there with its dates, and their files follow the schema."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clearwake.statutes import provision, provisions

ROWS = {
    "unscr-1718-8a-i": "2006-10-14", "unscr-1718-8a-ii": "2006-10-14", "unscr-1718-8a-iii": "2006-10-14",
    "unscr-1718-8d": "2006-10-14",
    "unscr-1874-11": "2009-06-12", "unscr-1874-12": "2009-06-12", "unscr-1874-13": "2009-06-12",
    "unscr-1874-14": "2009-06-12", "unscr-1874-17": "2009-06-12",
    "unscr-2094-17": "2013-03-07",
    "unscr-2270-18": "2016-03-02", "unscr-2270-19": "2016-03-02", "unscr-2270-20": "2016-03-02",
    "unscr-2270-22": "2016-03-02",
    "unscr-2321-8": "2016-11-30", "unscr-2321-9": "2016-11-30", "unscr-2321-12": "2016-11-30",
    "unscr-2321-22": "2016-11-30", "unscr-2321-23": "2016-11-30", "unscr-2321-24": "2016-11-30",
    "unscr-2321-30": "2016-11-30",
    "unscr-2371-6": "2017-08-05", "unscr-2371-8": "2017-08-05", "unscr-2371-9": "2017-08-05",
    "unscr-2371-10": "2017-08-05",
    "unscr-2375-7": "2017-09-11", "unscr-2375-8": "2017-09-11", "unscr-2375-9": "2017-09-11",
    "unscr-2375-10": "2017-09-11", "unscr-2375-11": "2017-09-11", "unscr-2375-13": "2017-09-11",
    "unscr-2375-14": "2017-09-11", "unscr-2375-15": "2017-09-11", "unscr-2375-16": "2017-09-11",
    "unscr-2397-4": "2017-12-22", "unscr-2397-5": "2018-01-01", "unscr-2397-6": "2017-12-22",
    "unscr-2397-7": "2017-12-22", "unscr-2397-9": "2017-12-22", "unscr-2397-10": "2017-12-22",
    "unscr-2397-11": "2017-12-22", "unscr-2397-12": "2017-12-22", "unscr-2397-13": "2017-12-22",
    "unscr-2397-14": "2017-12-22", "unscr-2397-15": "2017-12-22", "unscr-2397-16": "2017-12-22",
    "unscr-2397-25": "2017-12-22", "unscr-2664-1": "2022-12-09",
    "eo-13382-1": "2005-06-29", "eo-13551-1": "2010-08-30", "eo-13687-1": "2015-01-02", "eo-13722-1": "2016-03-16",
    "eo-13722-2": "2016-03-16",
    "eo-13810-2": "2017-09-21", "eo-13848-1": "2018-09-12", "eo-13848-2": "2018-09-12", "eo-13848-3": "2018-09-12",
    "ofac-50-rule-2008": "2008-02-14", "ofac-50-rule-2014": "2014-08-13",
    "unclos-2": "1994-11-16", "unclos-3": "1994-11-16", "unclos-33": "1994-11-16", "unclos-56": "1994-11-16",
    "unclos-57": "1994-11-16", "unclos-92": "1994-11-16", "unclos-94": "1994-11-16", "unclos-95": "1994-11-16",
    "unclos-96": "1994-11-16", "unclos-110": "1994-11-16",
}  # fmt: skip


@pytest.mark.parametrize(("wanted", "first_day"), ROWS.items())
def test_every_row_of_the_law_is_a_provision_from_its_first_day(wanted: str, first_day: str) -> None:
    found, day = provision(wanted), date.fromisoformat(first_day)
    assert (found.in_force(day), found.in_force(day - timedelta(days=1))) == (True, False)


def test_what_was_superseded_ended_the_day_before_its_successor() -> None:
    ended = {
        each.id: (str(each.in_force_to), each.superseded_by) for each in provisions() if each.in_force_to
    }
    assert ended == {
        "unscr-1874-10": ("2016-03-01", "unscr-2270-6"),
        "unscr-2270-29": ("2016-11-29", "unscr-2321-26"),
        "unscr-2321-26": ("2017-08-04", "unscr-2371-8"),
        "unscr-2375-14": ("2017-12-31", "unscr-2397-5"),
        "unscr-2375-15": ("2017-12-21", "unscr-2397-4"),
        "ofac-50-rule-2008": ("2014-08-12", "ofac-50-rule-2014"),
    }
