"""Pages in a browser: nothing fails, nothing is asked for from elsewhere, everything fits wide and narrow screens."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.dossier.released_cases import CASES

from clearwake.dossier.face import made
from clearwake.dossier.kinds import COMPOSERS
from clearwake.dossier.material import Material
from clearwake.flow.findings import findings
from clearwake.release import papers

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

webdriver = pytest.importorskip("selenium.webdriver", reason="the extra 'dev' is not installed")

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
WIDE, NARROW = 1280, 390
"""Pixels: a desk and a telephone."""

pytestmark = pytest.mark.skipif(
    not (BROWSER and DRIVER), reason="no browser: scripts/browser installs Chromium and its driver"
)

TOO_WIDE = """
return [...document.querySelectorAll('body *')].filter(each => {
  let box = each.getBoundingClientRect(), inside = each.closest('.wide');
  return box.width > 0 && box.right > document.documentElement.clientWidth + 1 && !inside;
}).map(each => each.tagName + ' ' + each.textContent.slice(0, 40));
"""
UNSEEN = (
    "return [...document.images].filter(each => !each.complete || !each.naturalWidth).map(each => each.alt);"
)
SMALL = """
return [...document.querySelectorAll('p, li, td, th, dd, dt')].filter(each =>
  each.textContent.trim() && parseFloat(getComputedStyle(each).fontSize) < 11).map(each => each.textContent);
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for each in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(each)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield opened
    opened.quit()


def told(browser: Chrome, kind: str) -> list[str]:
    """Give what a log of the browser holds since it was last asked."""
    return [each["message"] for each in browser.get_log(kind)]  # type: ignore[no-untyped-call]  # selenium's own


@cache
def page(name: str, kind: str) -> bytes:
    """Give a dossier of a case made by hand, or the page of its release."""
    released = CASES[name]()
    found = findings(released)
    if kind == "release":
        return papers(released, found, "clearwake 0")["index.html"]
    return made(
        kind, Material(released, found, f"{name}-0a1b2c3d", "clearwake 0", "desk@example.org"), {}
    ).html()


@pytest.mark.parametrize("kind", [*COMPOSERS, "release"])
@pytest.mark.parametrize("name", ["long", "scripts"])
def test_a_page_fits_its_window_and_asks_for_nothing_from_elsewhere(
    browser: Chrome, tmp_path: Path, name: str, kind: str
) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(page(name, kind))
    for width in (WIDE, NARROW):
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get(file.as_uri())
        assert browser.execute_script(TOO_WIDE) == []
        assert browser.execute_script(UNSEEN) == []
        assert browser.execute_script(SMALL) == []
        assert browser.title
        assert told(browser, "browser") == []
    asked = [each for each in told(browser, "performance") if "requestWillBeSent" in each]
    assert asked
    assert not [each for each in asked if '"url":"http' in each]


def test_a_page_that_is_too_wide_is_found(browser: Chrome, tmp_path: Path) -> None:
    file = tmp_path / "wide.html"
    file.write_text(
        "<!doctype html><title>wide</title><body><p style='width: 3000px; font-size: 8px'>far out</p>"
    )
    browser.get(file.as_uri())
    assert browser.execute_script(TOO_WIDE) == ["P far out"]
    assert browser.execute_script(SMALL) == ["far out"]
