from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearwake.lists.fields import Element, Leftovers, Row, decoded, elements, lines, refuse_if_cut
from clearwake.model import UnreadableFileError


def test_rows_know_the_line_they_start_on_though_cells_run_over_lines() -> None:
    rows = list(lines('a,"two\nlines",c\n\nd,e,f\n'))
    assert [(row.number, len(row.cells)) for row in rows] == [(1, 3), (4, 3)]


def test_older_files_are_read_as_windows_1252_and_the_terminator_goes() -> None:
    assert decoded("Société".encode("cp1252") + b"\r\n\x1a") == "Société"
    assert decoded("\ufeffСевастополь".encode()) == "Севастополь"  # noqa: RUF001 - Cyrillic is what is tested


def test_what_nobody_takes_from_a_row_is_left() -> None:
    row = Row(3, {"name": " PATRIOT ", "imo": "", "planet": "Earth", "dull": "x"})
    assert (row.take("name"), row.take("imo"), row.take("absent")) == ("PATRIOT", None, None)
    row.drop("dull")
    assert row.left() == {"planet": "Earth"}


def grown(text: str) -> list[Element]:
    return list(elements("x.xml", text.encode(), ("list", "ships")))


def test_elements_below_the_holders_come_whole_with_their_lines() -> None:
    root, ship, note = grown(
        '<list date="1">\n<ships>\n<s:ship imo="9"><name>A</name></s:ship>\n</ships>\n<note/></list>'
    )
    assert (root.tag, root.attribute("date")) == ("list", "1")
    assert (ship.tag, ship.number, ship.attribute("imo"), ship.take("name")) == ("ship", 3, "9", "A")
    assert note.tag == "note"


def test_what_nobody_takes_from_an_element_is_left_with_its_path() -> None:
    _, ship = grown(
        "<list><ship a='1'><names><name>A</name><name>B</name><odd/></names><hull c='2'>steel</hull></ship></list>"
    )
    assert ship.texts("names", "name") == ["A", "B"]
    assert list(ship.left("ship")) == [
        ("ship@a", "1"),
        ("ship/hull", "steel"),
        ("ship/hull@c", "2"),
        ("ship/names/odd", ""),
    ]


def test_items_that_were_taken_whole_are_gone_and_others_stay() -> None:
    _, ship = grown("<list><ship><id><no>1</no></id><id><no>2</no><odd>x</odd></id></ship></list>")
    assert [one.take("no") for one in ship.items("id")] == ["1", "2"]
    assert list(ship.left()) == [("/id/odd", "x")]


def test_an_unknown_field_is_told_once_with_how_often_it_has_a_value() -> None:
    leftovers = Leftovers()
    for number, value in enumerate(("", "fish", "ram"), start=1):
        leftovers.note(number, {"zodiac": value, "void": ""})
    assert list(leftovers.told()) == [(1, "zodiac: 2 values, the first 'fish'"), (1, "void: always empty")]


@pytest.mark.parametrize(
    "text",
    [
        "<list><ship></list>",
        "<list><ship>",
        "<list/><more/>",
        "plain text",
        '<!DOCTYPE list [<!ENTITY a "aaaa">]><list>&a;</list>',
        '<!DOCTYPE list SYSTEM "file:///etc/passwd"><list/>',
        "<other/>",
    ],
)
def test_xml_that_is_broken_or_a_trap_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFileError):
        grown(text)


def test_a_table_that_ends_in_a_quoted_cell_is_cut_short() -> None:
    text = 'a,b\nc,"d'
    with pytest.raises(UnreadableFileError, match="cut short"):
        refuse_if_cut("x.csv", text, list(lines(text))[-1], 2)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_elements_or_refused(content: bytes) -> None:
    try:
        found = list(elements("x.xml", content, ("list",)))
    except UnreadableFileError:
        return
    assert found[0].tag == "list"
