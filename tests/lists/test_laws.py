"""What holds of every list: whatever is done to a file, it is read, or refused whole, and no entry comes twice."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lists import test_ftm as ftm
from tests.lists import test_maritime as maritime
from tests.lists import test_ofac_advanced as advanced
from tests.lists import test_uk as uk
from tests.lists import test_watchlist as watchlist
from tests.lists.reading import given as received
from tests.lists.reading import read
from tests.lists.test_eu import COLUMNS, FILE, TABLE, journal
from tests.lists.test_ofac import END, PATRIOT, PERSON, TWO_COMPANIES, XML
from tests.lists.test_un import LIST

from clearwake.model import UnreadableFileError

WHOLE = {
    "ofac legacy": ("ofac", TWO_COMPANIES + PATRIOT + PERSON + END),
    "ofac xml": ("ofac", XML.format(count=2, more="")),
    "un": ("un", LIST.format(more="")),
    "eu annexes": ("eu", journal()),
    "eu xml": ("eu", FILE.format(remark="Vessel", imo="8712362")),
    "eu table": ("eu", COLUMNS + TABLE),
    "ofac advanced": ("ofac", advanced.whole()),
    "uk xml": ("uk", uk.WHOLE),
    "uk csv": ("uk", uk.csv(uk.TANKER)),
    "ftm": ("ftm", ftm.WHOLE),
    "maritime": ("maritime", maritime.TABLE),
    "watchlist": ("watchlist", watchlist.PERIODS),
}
DAMAGE = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 30), st.binary(max_size=8)), min_size=1, max_size=4
)


@pytest.mark.parametrize("which", WHOLE)
@settings(max_examples=25, deadline=None)
@given(damage=DAMAGE)
def test_a_damaged_file_is_read_or_refused_and_what_is_read_is_whole(
    which: str, damage: list[tuple[int, int, bytes]]
) -> None:
    source, text = WHOLE[which]
    content = text.encode()
    for place, length, inserted in damage:
        at = place % (len(content) + 1)
        content = content[:at] + inserted + content[at + length :]
    with tempfile.TemporaryDirectory() as folder:
        try:
            tables = read(source, received(Path(folder), a_file=content))
        except UnreadableFileError:
            return
    designations = tables["designations"]
    assert designations["id"].is_unique().all()
    assert (designations["name"].str.len_chars() > 0).all()
    assert tables["editions"]["entries"].sum() == designations.height
    assert tables["editions"]["rejected"].sum() == (
        tables["quarantine"].height if "quarantine" in tables else 0
    )
