"""The page of a backtest in a real browser: drawn, without a word on its console, in both languages, at any width."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.plugins.karb_research.browser import Opened, opened
from tests.plugins.karb_research.pages import page_of_a_run

#: Hands to the page: what a person would do, and what came of it, kept where the test can read it.
HANDS = """
<script>
const seen = (name, value) => { document.documentElement.dataset[name] = String(value); };
const chart = document.querySelector("#premium-0 svg");
const box = chart.getBoundingClientRect();
const hand = (kind, x) => chart.dispatchEvent(new PointerEvent(kind, {
  bubbles: true, pointerType: "mouse", clientX: box.left + x, clientY: box.top + 50,
}));
hand("pointermove", 300);
seen("tip", document.querySelector("#premium-0 .tip").textContent);
const before = document.querySelector("#premium-0 path").getAttribute("d");
hand("pointerdown", 200);
hand("pointerup", 400);
seen("closer", document.querySelector("#premium-0 path").getAttribute("d") !== before);
document.querySelector("#premium-0 svg").dispatchEvent(new MouseEvent("dblclick", {bubbles: true}));
seen("whole", document.querySelector("#premium-0 path").getAttribute("d") === before);
document.getElementById("switch").click();
seen("language", document.documentElement.lang);
const shown = (of) => getComputedStyle(document.querySelector(`h2 .${of}`)).display !== "none";
seen("shown", `${shown("en")} ${shown("ko")}`);
seen("wider", document.documentElement.scrollWidth > document.documentElement.clientWidth);
</script>
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    path = folder / "report.html"
    path.write_text(page_of_a_run(folder), encoding="utf-8")
    return path


def with_more(page: Path, name: str, more: str) -> Path:
    """The same page with something at its end."""
    path = page.with_name(name)
    path.write_text(page.read_text(encoding="utf-8").replace("</body>", f"{more}</body>"), encoding="utf-8")
    return path


def kept(found: Opened, name: str) -> str:
    told = re.search(rf'data-{name}="([^"]*)"', found.dom)
    assert told is not None, name
    return told[1]


def test_every_chart_is_drawn_and_the_console_is_silent(page: Path) -> None:
    found = opened(page)
    assert found.console == ()
    assert kept(found, "drawn") == "4"
    assert len(re.findall(r"<svg", found.dom)) == 4
    drawn = "".join(re.findall(r"<svg.*?</svg>", found.dom, re.DOTALL))
    assert not re.search("NaN|undefined|Infinity", drawn)
    assert len(re.findall(r"<path", found.dom)) > 8


def test_an_error_in_a_page_is_heard(page: Path) -> None:
    """What the test above would miss if this browser told of nothing."""
    broken = opened(with_more(page, "broken.html", "<script>throw new Error('planted')</script>"))
    assert any("planted" in line for line in broken.console)


def test_a_page_that_reached_out_would_be_stopped_and_heard(page: Path) -> None:
    reaching = opened(with_more(page, "reaching.html", '<img src="http://127.0.0.1:9/pixel.png" alt="">'))
    assert any("Content Security Policy" in line for line in reaching.console)


@pytest.mark.parametrize("width", [500, 1200])
def test_it_answers_a_hand(page: Path, width: int) -> None:
    found = opened(with_more(page, f"hands-{width}.html", HANDS), width=width)
    assert found.console == ()
    assert re.search(
        r"\d{4}-\d\d-\d\d \d\d:\d\d\nat the rate that judges -?\d+\.\d\d%\nat the rate that books", kept(found, "tip")
    )
    assert (kept(found, "closer"), kept(found, "whole")) == ("true", "true")
    assert (kept(found, "language"), kept(found, "shown")) == ("ko", "false true")
    assert kept(found, "wider") == "false"
