"""Nothing users can ask for is undocumented, and the README's and the docs' Python runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import clearwake
from clearwake import places
from clearwake.detect import detectors
from clearwake.lists import LISTS
from clearwake.sources import SOURCES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


@pytest.mark.parametrize("name", [d.name for d in detectors(places.load())])
def test_every_detector_has_a_page_that_names_its_source(name: str) -> None:
    page = (DOCS / "detectors" / f"{name}.md").read_text()
    assert "Global Fishing Watch" in page or "Source" in page


@pytest.mark.parametrize("name", [s.name for s in SOURCES])
def test_every_source_has_a_page(name: str) -> None:
    assert f"clearwake read {name}" in (DOCS / "sources" / f"{name}.md").read_text()


@pytest.mark.parametrize("name", [s.name for s in LISTS])
def test_every_list_has_a_page(name: str) -> None:
    assert f"clearwake read {name}" in (DOCS / "lists" / f"{name}.md").read_text()


def test_the_page_of_commands_names_every_table(tmp_path: Path) -> None:
    page = (DOCS / "cli.md").read_text()
    with clearwake.open(tmp_path / "desk") as desk:
        assert [table for table in desk.tables() if f"`{table}`" not in page] == []


@pytest.mark.parametrize("page", sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")]), ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(p.name[:4]) for p in (DOCS / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_requirements_are_hashed_and_name_no_address() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        text = file.read_text()
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert pins
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text
        assert "index-url" not in text
