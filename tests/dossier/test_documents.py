"""Dossiers: what every page carries, what page 1 says, and what none of them ever says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import msgspec
import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
from tests.dossier.released_cases import CASES, bare, decision, fact, ident, of_many_items, rye_song_gang

from clearwake.dossier.document import Document, Section, table, text
from clearwake.dossier.doubt_parts import reading_of
from clearwake.dossier.face import Made, made
from clearwake.dossier.kinds import COMPOSERS, compose
from clearwake.dossier.material import Material, claim_of
from clearwake.dossier.notice import rounded
from clearwake.dossier.wording import off, place, span, sure
from clearwake.flow.findings import findings
from clearwake.model import Case, Designation, LegalFact, Released, UsageError, utc
from clearwake.model import table as table_of
from clearwake.model.shares import percent
from clearwake.seal import canonical

NUMBER = "2018-02-13-rye-song-gang-1-0a1b2c3d"


@cache
def material(name: str) -> Material:
    """Give the material of one of the cases made by hand."""
    released = CASES[name]()
    return of(released)


def of(released: Released) -> Material:
    """Give the material of a release."""
    return Material(released, findings(released), NUMBER, "clearwake 0", "desk@example.org")


@cache
def face(name: str, kind: str) -> Made:
    """Make a dossier with its pictures."""
    return made(kind, material(name), {})


def texts(document: Document) -> Iterator[str]:
    """Give every text of a document."""

    def inside(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for each in value.values():
                yield from inside(each)
        elif isinstance(value, list):
            for each in value:
                yield from inside(each)

    return inside(msgspec.json.decode(canonical(document)))


@pytest.mark.parametrize("kind", COMPOSERS)
@pytest.mark.parametrize("name", CASES)
def test_no_dossier_calls_anybody_guilty_or_recommends_anything(kind: str, name: str) -> None:
    words = " ".join(texts(compose(kind, material(name))))
    assert not re.search(r"\bguilty\b|\bviolat(ed|or|es)\b|\billegally\b|\bcriminal", words, re.IGNORECASE)
    for found in re.findall(r"[^.]*recommend[^.]*", words):
        assert re.search(r"not recommended|none is recommended|recommends no", found), found


@pytest.mark.parametrize("kind", COMPOSERS)
def test_page_1_has_the_claim_with_its_word_what_is_shown_what_is_not_and_what_is_asked(kind: str) -> None:
    front = compose(kind, material("long")).front
    assert front.word in front.claim
    assert front.claim.count(".") == 1
    assert {"RYE SONG GANG 1", "WAN HENG 11"} <= set(re.findall(r"RYE SONG GANG 1|WAN HENG 11", front.claim))
    assert "One of the two ships flies the flag of the DPRK." in front.established
    assert any("exemption" in line for line in front.missing)
    assert front.asked


def test_every_page_carries_the_marking_the_number_of_the_dossier_and_its_own() -> None:
    for name, kind in (("long", "notice"), ("bare", "case")):
        dossier = face(name, kind)
        with pypdfium2.PdfDocument(dossier.pdf()) as pages:
            count = len(pages)
            for number, page in enumerate(pages, 1):
                words = page.get_textpage().get_text_bounded()
                assert words.count(dossier.document.handling) >= 2
                assert NUMBER in words
                assert f"{number} of {count}" in words


def test_names_of_every_script_stand_in_the_pages() -> None:
    with pypdfium2.PdfDocument(face("scripts", "press").pdf()) as pages:
        words = "".join(page.get_textpage().get_text_bounded() for page in pages)
    for name in ("닻별", "闽宁德油", "ПАТРИОТ", "第八栄丸"):
        assert name in words
    assert set("ناقلة") <= set(words)


def test_the_same_document_has_the_same_bytes() -> None:
    assert face("bare", "press").pdf() == face("bare", "press").pdf()
    assert face("bare", "press").html() == made("press", material("bare"), {}).html()


def test_a_letter_that_no_font_has_does_not_keep_a_dossier_from_being_made() -> None:
    released = bare()
    thai = replace(
        released, case=replace(released.case, title="\N{THAI CHARACTER RO RUA} and \N{GRINNING FACE}")
    )
    assert made("press", of(thai), {}).pdf().startswith(b"%PDF")
    assert b"pdfuaid" in face("bare", "press").pdf()


class _Page(HTMLParser):
    """What a page asks for, which pictures say nothing, and whether its tags close."""

    EMPTY = ("meta", "img", "br", "col", "circle", "path", "rect")

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.silent = 0
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.asked += [told[name] or "" for name in ("src", "href", "action") if name in told]
        self.silent += tag == "img" and not told.get("alt")
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("kind", COMPOSERS)
def test_a_page_asks_for_nothing_from_elsewhere_and_tells_what_its_pictures_show(kind: str) -> None:
    written = face("long" if kind == "notice" else "bare", kind).html().decode()
    page = _Page()
    page.feed(written)
    assert all(each.startswith("data:image/") for each in page.asked)
    assert not page.silent
    assert not page.open
    assert "<script" not in written
    assert not re.search(r"url\(|@import", written)


def test_what_a_case_says_is_written_into_a_page_as_text() -> None:
    released = bare()
    item = replace(released.case.items[0], sentence='<b>Alongside</b> & "quiet"')
    odd = replace(released, case=replace(released.case, items=(item,), title="</title><script>"))
    written = made("press", of(odd), {}).html().decode()
    assert "&lt;b&gt;Alongside&lt;/b&gt; &amp;" in written
    assert "<script" not in written


def test_a_claim_says_what_became_of_it() -> None:
    def said(state: str) -> str:
        released = rye_song_gang()
        return claim_of(of(replace(released, tracks={}, case=replace(released.case, state=state))))[0]

    assert said("refuted").startswith("This report was examined and refuted")
    assert said("retracted").startswith("This case is retracted, and should not be relied on")
    assert said("undetermined").startswith("It could not be determined")
    unweighed = replace(bare(), case=replace(bare().case, items=()))
    assert claim_of(of(unweighed))[0].startswith(
        "It is reported, and has not been weighed, that what this case claims"
    )


def rows_of(notice: Document) -> list[tuple[str, str]]:
    """Give the numbered facts of a notice."""
    return [(name, value) for name, value in notice.sections[0].blocks[0].rows]


def test_a_notice_rounds_where_it_was_and_names_who_was_listed_that_day() -> None:
    facts: dict[str, str] = dict(rows_of(compose("notice", material("long"))))
    assert (
        facts["5  Position"]
        == "31°20\N{PRIME} N, 124°50\N{PRIME} E, about 300 km east of Shanghai (rounded)."
    )
    assert facts["4  Prior designation"] == "RYE SONG GANG 1: UN, since 28 December 2017."
    assert facts["2  Seen by"] == "P-3C patrol aircraft."
    assert "31.3" not in " ".join(texts(compose("notice", material("long"))))
    assert facts["1  Time"] == "2018-02-13 04:20 UTC; 2018-02-13 04:21 UTC"


def unlisted(*near: str) -> Material:
    """Give the case without its listing, with entries of lists in these editions near the first ship's name."""
    released = rye_song_gang()
    kept = tuple(item for item in released.case.items if item.kind != "listing")
    case = replace(released.case, items=tuple(replace(i, facts=_unlisted(i.facts)) for i in kept))
    rows = [
        Designation(f"{name}:1", name, edition, "vessel", "RYE SONG GANG 1", (), flag="PRK")
        for name, edition in (each.split() for each in near)
    ]
    bare = replace(released, tracks={}, case=case)
    return Material(
        bare, findings(bare, table_of(rows, Designation)), NUMBER, "clearwake 0", "desk@example.org"
    )


def _unlisted(facts: tuple[LegalFact, ...]) -> tuple[LegalFact, ...]:
    return tuple(each for each in facts if each.kind not in ("listed", "designated"))


NO_LIST = "Not told: no list was held against it here, as no entry of one is given along."


def test_where_no_entry_of_a_list_is_given_along_it_is_not_said_that_none_was_found() -> None:
    assert dict(rows_of(compose("notice", unlisted())))["4  Prior designation"] == NO_LIST
    said = list(texts(compose("committee", unlisted())))
    assert f"Listing on the day of the act.  {NO_LIST}" in said


def test_the_editions_whose_entries_come_near_are_named_where_none_of_them_is_the_ship() -> None:
    told = dict(rows_of(compose("notice", unlisted("un 1718:2018-01-10", "ofac sdn:2018-01-24"))))
    assert told["4  Prior designation"] == (
        "None established for the day of the act; the ships were held against entries that come near, of "
        "OFAC sdn:2018-01-24 and UN 1718:2018-01-10, and no other list is given along."
    )


def test_belief_that_doubt_does_not_move_is_told_once() -> None:
    found = material("long").findings
    sure_rows = found.assessment.with_columns(share=0.9999, low=0.999, high=0.99999)
    told = reading_of(replace(material("long"), findings=replace(found, assessment=sure_rows)))
    assert "still over 99 % when weights and origins are doubted" in told


def test_a_notice_rounds_places_inside_sentences_too() -> None:
    said = rounded("seen at 31.333 N 124.834 E (give or take 20 m), and at 0.02 S 126.40 W.")
    minute = "\N{PRIME}"
    assert said == f"seen at 31°20{minute} N, 124°50{minute} E, and at 0°00{minute} S, 126°20{minute} W."


def test_a_claim_is_about_the_transfer_whose_ships_have_names() -> None:
    released = rye_song_gang()
    numbers = fact(30, "transfer", "mmsi:312000001", "met", object="mmsi:445000002")
    first = replace(released.case.items[5], id=ident(30), start=utc("2018-02-01"), facts=(numbers,))
    more = replace(released, tracks={}, case=replace(released.case, items=(first, *released.case.items)))
    assert "between RYE SONG GANG 1 and WAN HENG 11" in claim_of(of(more))[0]


def test_the_clock_of_a_detention_is_told() -> None:
    released = rye_song_gang()
    held = decision(9, "detain", "commander", "2018-02-20T00:00", "reasonable grounds", by="KOR")
    case = replace(released.case, decisions=(*released.case.decisions, held))
    told = compose("case", of(replace(released, tracks={}, case=case)))
    (clock,) = (section for section in told.sections if section.title == "Detention")
    assert any(row[0] == "2018-08-20" for row in clock.blocks[0].rows)


def test_what_leans_on_the_withheld_is_said_to() -> None:
    released = rye_song_gang()
    kept = tuple(item for item in released.case.items if item.kind != "sighting")
    told = compose("case", of(replace(released, tracks={}, case=replace(released.case, items=kept))))
    assert (
        sum("Its own evidence is withheld." in words for words in texts(told)) == 2
    )  # photograph and newspaper


def test_many_items_make_a_long_dossier_and_no_endless_one() -> None:
    long = face("many", "case")
    with pypdfium2.PdfDocument(long.pdf()) as pages:
        assert 10 < len(pages) < 40
    assert "80 unidentified ships" in dict(long.document.front.facts)["Ships"]


def test_an_empty_case_makes_every_kind_of_dossier() -> None:
    empty = Released(Case("case:1", "Nothing yet", "reported", 1, None), ("JPN",), utc("2018-03-01T12:00"))
    for kind in COMPOSERS:
        assert made(kind, of(empty), {}).pdf().startswith(b"%PDF")


def test_a_track_of_which_no_position_is_held_is_not_drawn() -> None:
    released = rye_song_gang()
    first, *others = sorted(released.tracks)
    tracks = {**released.tracks, first: released.tracks[first].clear()}
    drawn = made("case", of(replace(released, tracks=tracks)), {}).pictures
    assert sum(name.startswith("track-") for name in drawn) == len(others)
    nothing = {name: rows.clear() for name, rows in released.tracks.items()}
    assert not any(
        n.startswith("track-") for n in made("case", of(replace(released, tracks=nothing)), {}).pictures
    )


def test_there_are_five_kinds() -> None:
    with pytest.raises(UsageError, match="case, notice, committee, press, compliance"):
        compose("verdict", of(bare()))


def test_places_times_and_shares_are_written_as_people_write_them() -> None:
    assert place(-70.5, -33.25) == "33°15\N{PRIME} S, 70°30\N{PRIME} W"
    assert place(124.83, 31.33, 10) == "31°20\N{PRIME} N, 124°50\N{PRIME} E"
    assert off(124.83, 31.33, 50) == "about 300 km east of Shanghai"
    assert off(None, None) == ""
    assert span(utc("2018-02-13T04:20"), utc("2018-02-13T06:00")) == "2018-02-13 04:20 to 06:00 UTC"
    assert span(utc("2018-02-13"), utc("2018-02-14")) == "2018-02-13"
    shares = (0.0, 0.0049, 0.006, 0.485, 0.9949, 0.995, 0.9999)
    told = ["under 1 %", "under 1 %", "1 %", "49 %", "99 %", "over 99 %", "over 99 %"]
    assert [percent(share) for share in shares] == told
    assert sure("roughly even chance", "it rained") == "There is a roughly even chance that it rained."


def test_labels_follow_the_order_of_what_happened() -> None:
    labels = material("long").labels
    order = [item.kind for item in material("long").items]
    assert order[:4] == ["track", "track", "sighting", "photograph"]
    assert list(labels.values()) == [f"E{number}" for number in range(1, len(order) + 1)]
    assert of_many_items(3).case.items[0].id in of(of_many_items(3)).labels


def test_a_line_that_introduces_a_table_stays_on_its_page() -> None:
    whole = made("case", material("bare"), {})
    filling = "One sentence about what was seen. " * 7
    blocks = (text(filling), text("Not reproduced here:"), table(("", "What it shows"), [("E1", "A ship.")]))
    sections = tuple(Section(f"Part {n}", (*(text("A line."),) * (n % 7), *blocks)) for n in range(24))
    long = replace(whole, document=replace(whole.document, sections=sections))
    with pypdfium2.PdfDocument(long.pdf()) as pages:
        told = [page.get_textpage().get_text_range().upper() for page in pages]
    assert sum(page.count("NOT REPRODUCED HERE:") for page in told) == 24
    assert [p.count("NOT REPRODUCED HERE:") for p in told] == [p.count("WHAT IT SHOWS") for p in told]
