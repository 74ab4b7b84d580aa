"""The matrix of evidence against explanations: its numbers agree, each observation stands once, nothing is hidden."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from tests.dossier.released_cases import CASES, CLEAR, ident, rye_song_gang

from clearwake.assess.explanations import catalogue, observed
from clearwake.dossier.document import Block, Evidence
from clearwake.dossier.face import made
from clearwake.dossier.kinds import compose
from clearwake.dossier.material import Material
from clearwake.dossier.rival_parts import MOST_COLUMNS, MOST_ROWS, times
from clearwake.dossier.wording import explanation
from clearwake.flow.findings import findings
from clearwake.model import Item, Reason, Released

NAMES = {explanation(name): name for name in catalogue().explanations}


def of(released: Released) -> Material:
    """Give the material of a release."""
    return Material(released, findings(released), "number", "clearwake 0", "desk@example.org")


def saying(*items: Item) -> Material:
    """Give the material of a case of a few items."""
    released = rye_song_gang()
    return of(replace(released, tracks={}, case=replace(released.case, items=items)))


def item(number: int, origin: str, *seen: str, grade: str = "A1") -> Item:
    """Write down what was observed, who said it first, and how that is graded."""
    reasons = tuple(reason for each in seen for reason in observed(each))
    return Item(ident(number), "sighting", f"Report {number}.", CLEAR, reasons=reasons, origin=origin,
                reliability=grade[0], credibility=int(grade[1]))  # fmt: skip


def section(material: Material, kind: str = "case") -> tuple[Block, dict[str, str]]:
    """Give the matrix of a dossier and what stands beneath it, by name."""
    (found,) = (each for each in compose(kind, material).sections if each.blocks[0].form == "matrix")
    beneath = [row for block in found.blocks if block.form == "pairs" for row in block.rows]
    return found.blocks[0], {row[0]: row[1] for row in beneath}


def factor(told: str) -> float:
    """Read a cell as it is printed."""
    if told in ("", "\N{EN DASH}"):
        return 1.0
    sign, number = told.split(" ")
    times_so = float(number.replace(",", ""))
    return times_so if sign == "\N{MULTIPLICATION SIGN}" else 1.0 / times_so


def printed(matrix: Block) -> dict[str, float]:
    """Multiply each column out as a reader would: the share before, times every cell under it."""
    return {
        rival.name: float(rival.before.removesuffix("\N{NO-BREAK SPACE}%"))
        * math.prod(factor(row.cells[column].told) for row in matrix.evidence)
        for column, rival in enumerate(matrix.rivals)
    }


@pytest.mark.parametrize("name", CASES)
def test_the_shares_follow_from_the_numbers_as_they_are_printed(name: str) -> None:
    material = of(CASES[name]())
    if not material.findings.assessment.height:
        return
    matrix, _ = section(material)
    shares = dict(material.findings.assessment.select("explanation", "share").iter_rows())
    drawn = sum(shares[NAMES[rival.name]] for rival in matrix.rivals)
    products = printed(matrix)
    for rival in matrix.rivals:
        share = drawn * products[rival.name] / sum(products.values())
        assert share == pytest.approx(rival.share, rel=0.03, abs=0.002)
        assert rival.share == shares[NAMES[rival.name]]


def test_the_claim_stands_first_and_its_strongest_rivals_beside_it() -> None:
    matrix, beneath = section(saying(item(1, "JPN", "alongside")))
    assert [(rival.name, rival.is_claim) for rival in matrix.rivals[:2]] == [
        ("The claim of this case", True), ("Ordinary bunkering", False),
    ]  # fmt: skip
    assert len(matrix.rivals) == MOST_COLUMNS
    assert beneath["Other explanations"].endswith("together.")
    assert [rival.before for rival in matrix.rivals[:2]] == ["5\N{NO-BREAK SPACE}%", "25\N{NO-BREAK SPACE}%"]


def test_an_observation_of_two_origins_is_one_row_that_names_both() -> None:
    told = saying(item(1, "JPN", "alongside", grade="B2"), item(2, "AUS", "alongside", grade="C3"))
    matrix, _ = section(told)
    assert [(row.words, row.said_by) for row in matrix.evidence] == [
        ("The two ships lay alongside each other at sea", "JPN, B2 (E1); AUS, C3 (E2)")
    ]


def test_what_was_not_counted_is_told_once_with_why_and_where() -> None:
    told = saying(item(1, "JPN", "dprk_flag"), item(2, "JPN", "dprk_flag", grade="C3"))
    matrix, beneath = section(told)
    assert len(matrix.evidence) == 1
    assert beneath["Not counted"] == (
        "This origin says as much or more already: one of the two ships flies the flag of the DPRK (E2)."
    )
    assert "Not counted" not in section(saying(item(1, "JPN", "dprk_flag")))[1]


def test_a_dash_stands_where_nothing_is_added_and_nothing_where_nothing_is_said() -> None:
    """Positions on AIS say more of mistaken identity than lying alongside does, and nothing of fishing."""
    matrix, _ = section(saying(item(1, "JPN", "alongside", "met_on_ais")))
    names = [NAMES[rival.name] for rival in matrix.rivals]
    assert names == ["breach", "bunkering", "mistaken_identity", "fishing", "waiting"]
    seen, heard = ([cell.told for cell in row.cells] for row in matrix.evidence)
    dash, times_so, over = "\N{EN DASH}", "\N{MULTIPLICATION SIGN}", "\N{DIVISION SIGN}"
    assert seen == [f"{times_so} 2.61", f"{times_so} 2.61", dash, f"{over} 2.03", f"{over} 7.61"]
    assert heard == [dash, dash, f"{times_so} 1.31", "", dash]


def test_many_observations_keep_to_one_sheet_and_still_multiply_to_the_shares() -> None:
    names = list(catalogue().observations)[:30]
    told = saying(*(item(n, f"o{n}", each, grade="C3") for n, each in enumerate(names, 1)))
    matrix, _ = section(told)
    assert len(matrix.evidence) == MOST_ROWS + 1
    assert re.fullmatch(r"\d+ more observations together", matrix.evidence[-1].words)
    products, drawn = printed(matrix), sum(rival.share for rival in matrix.rivals)
    for rival in matrix.rivals:
        share = drawn * products[rival.name] / sum(products.values())
        assert share == pytest.approx(rival.share, rel=0.06, abs=0.002)


def test_what_bears_on_explanations_without_a_column_is_counted_beneath() -> None:
    reason = Reason("weather", is_for=False, weight=1.0, weight_origin="ours", sentence="The wind was light.")
    wind = replace(item(2, "AUS"), reasons=(reason,))
    matrix, beneath = section(saying(item(1, "JPN", "alongside"), wind))
    assert len(matrix.evidence) == 1
    assert beneath["Other explanations"].endswith("One observation bears on them alone, without a row.")


def test_whose_the_weights_are_is_told_once() -> None:
    _, beneath = section(of(rye_song_gang()))
    assert beneath["Whose weights"].startswith("Of evidence: judgement of the tests.")
    assert beneath["Whose weights"].count("judgement of the tests") == 1


def test_both_faces_show_every_cell() -> None:
    told = saying(item(1, "JPN", "alongside", "dprk_flag"), item(2, "AUS", "far_offshore"))
    face = made("case", told, {})
    page = face.html().decode()
    matrix, _ = section(told)

    def cells(row: Evidence) -> str:
        return "".join(f">{cell.told}</td><td" for cell in row.cells[:-1])

    for row in matrix.evidence:
        assert re.sub(r' class="\w+"', "", page).count(f"<td{cells(row)}") >= 1
        assert row.said_by in page
    assert face.pdf().startswith(b"%PDF")


def test_a_factor_is_written_to_three_figures() -> None:
    assert [times(math.log(each)).split(" ")[1] for each in (10.94, 1234.4, 1.111)] == [
        "10.9",
        "1,234",
        "1.11",
    ]
    assert times(-math.log(3.06)) == "\N{DIVISION SIGN} 3.06"
    assert times(math.log(99.97)) == "\N{MULTIPLICATION SIGN} 100"
