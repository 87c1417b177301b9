"""The page in a real Chromium, on a phone and on a desk: what it shows is what the ledger has, and its button stops."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.house.process import LEDGER, asked
from tests.plugins.karb_dashboard.browsing import Shown, shown
from tests.plugins.karb_research.browser import chromium

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its house ends by a POSIX signal")

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
_WAIT_MS = 30_000
expect.set_options(timeout=_WAIT_MS)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with shown(tmp_path_factory.mktemp("house"), settings="name: my desk\n") as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures are kept: the folder of KARB_PICTURES, else one that goes with the tests."""
    kept = os.environ.get("KARB_PICTURES")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def opened(browser: Browser, house: Shown, size: str = "desk", *, lang: str = "en", **more: Any) -> Iterator[Page]:
    """Signed in. What the page's console says, and what it asks of anybody else, fails the test."""
    context = browser.new_context(viewport=SIZES[size], has_touch=size == "phone", **more)  # type: ignore[arg-type]
    context.set_default_timeout(_WAIT_MS)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asks: None if asks.url.startswith((house.at, "data:")) else said.append(asks.url))
    page.add_init_script(f"localStorage.setItem('lang', '{lang}')")
    page.goto(f"{house.at}/dashboard")
    page.get_by_label(re.compile("Token|토큰")).fill(house.token)
    page.locator("#sign-in button").click()
    expect(page.locator("#line")).to_have_attribute("data-line", "live", timeout=_WAIT_MS)
    yield page
    context.close()
    # What the house refuses, and a line that is cut, the console tells by itself.
    assert [
        text
        for text in said
        if "401" not in text and "403" not in text and "WebSocket" not in text and "ERR_CONNECTION" not in text
    ] == []


def exact(page: Page, of: str) -> str:
    """The exact number that stands beside the rounded one."""
    found = page.locator(f'[data-of="{of}"]').first.get_attribute("data-exact", timeout=_WAIT_MS)
    assert found is not None
    return found


def told(house: Shown, *words: str) -> Any:
    return json.loads(asked(house.folder, *words, "--ledger", LEDGER, "--format", "json").stdout)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_it_fits_its_screen_in_both_languages_and_loads_nothing_from_elsewhere(
    browser: Browser, house: Shown, pictures: Path, size: str, lang: str
) -> None:
    with opened(browser, house, size, lang=lang, color_scheme="dark" if lang == "ko" else "light") as page:
        expect(page.locator("#pairs article")).to_have_count(1)
        expect(page.locator("#stop")).to_have_text("정지: 진입 금지" if lang == "ko" else "STOP: no entries")
        expect(page.locator("h1")).to_have_text("my desk")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        stop = page.locator("#stop").bounding_box()
        assert stop is not None
        assert stop["height"] >= 44
        assert stop["y"] + stop["height"] <= SIZES[size]["height"]
        page.screenshot(path=pictures / f"{size}-{lang}.png", full_page=True)


def test_a_trade_is_seen_as_it_happens_and_each_number_is_the_ledgers(
    browser: Browser, house: Shown, pictures: Path
) -> None:
    with opened(browser, house) as page:
        expect(page.locator(".light")).to_have_attribute("data-is", "green", timeout=_WAIT_MS)
        house.moved("high")
        page.locator("#positions [data-lot]").wait_for(timeout=_WAIT_MS)
        (lot,) = told(house, "positions")["lots"]
        name = lot["lot"]
        for leg in lot["open"]:
            assert exact(page, f"{name}.{leg['instrument']}") == leg["open"]
        assert exact(page, f"{name}.entry_premium") == lot["entry_premium"]
        assert exact(page, f"{name}.target") == lot["target"] == "0.002"
        for fee in lot["fees"]:
            assert exact(page, f"{name}.fee.{fee.split()[1]}") == fee
        page.screenshot(path=pictures / "position.png", full_page=True)
        house.moved("calm")
        page.locator(f'[data-of="{name}.net"]').wait_for(timeout=_WAIT_MS)
        expect(page.locator("#positions [data-lot]")).to_have_count(0)
        page.locator('[data-of="paper:walker.net"]').wait_for(timeout=_WAIT_MS)
        net = told(house, "pnl")["total"][0]["net"]
        assert exact(page, "paper:walker.net") == exact(page, f"{name}.net") == net
        shown_as = page.locator('[data-of="paper:walker.net"]').inner_text()
        assert float(shown_as.split()[0].replace(",", "").replace("−", "-")) == round(float(net.split()[0]))
        assert exact(page, "paper:walker.lots") == "1"
        for order in house.got("/api/orders")["orders"]:
            assert exact(page, f"{order['order']}.filled") == order["filled"]
        page.screenshot(path=pictures / "closed.png", full_page=True)


def test_the_button_stops_a_desk_and_flatten_is_asked_twice(browser: Browser, house: Shown, pictures: Path) -> None:
    with opened(browser, house, "phone") as page:
        page.locator("#stop").click()
        page.locator("#because").fill("the news")
        page.locator("#second").fill("guess")
        page.locator("#ask-yes").click()
        expect(page.locator("#ask .said")).to_have_text("the word or the code beside the token is wrong")
        assert told(house, "status")["strategies"][0]["halted"] == []
        page.locator("#second").fill(house.word)
        page.locator("#ask-yes").click()
        expect(page.locator("#halted")).to_contain_text("no-entries: the news")
        expect(page.locator(".light")).to_have_attribute("data-is", "red")
        (halt,) = told(house, "status")["strategies"][0]["halted"]
        assert (halt["strength"], halt["reason"]) == ("no-entries", "the news")
        page.screenshot(path=pictures / "halted-phone.png", full_page=True)
        page.locator("#flatten").click()
        page.locator("#because").fill("out")
        page.locator("#second").fill(house.word)
        page.locator("#ask-yes").click()
        assert page.locator("#sure").evaluate("box => !box.validity.valid")
        assert page.locator("#ask").evaluate("dialog => dialog.open")
        page.locator("#ask-no").click()
        page.locator("#resume").click()
        page.locator("#because").fill("over")
        page.locator("#second").fill(house.word)
        page.locator("#ask-yes").click()
        expect(page.locator("#halted")).to_be_hidden()
        assert told(house, "status")["strategies"][0]["halted"] == []


def test_every_field_has_a_label_every_picture_a_name_and_it_can_be_installed(browser: Browser, house: Shown) -> None:
    with opened(browser, house) as page:
        nameless = page.evaluate("""() => [...document.querySelectorAll('button, input, [role=img]')]
            .filter((each) => each.checkVisibility() && !(each.labels?.length || each.textContent.trim() || each.getAttribute('aria-label')))
            .map((each) => each.outerHTML)""")
        assert nameless == []
        manifest = page.request.get(f"{house.at}/dashboard/manifest.webmanifest").json()
        assert (manifest["display"], manifest["start_url"]) == ("standalone", "/dashboard")
        for icon in manifest["icons"]:
            assert page.request.get(f"{house.at}{icon['src']}").headers["content-type"] == icon["type"]
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            assert page.evaluate(CONTRAST) == []


#: Texts whose colour has less than 4.5 to 1 against the ground they stand on (WCAG AA).
CONTRAST = r"""() => {
  const parts = (c) => c.match(/[\d.]+/g).map(Number);
  const linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      if ((parts(c)[3] ?? 1) > 0) return c;
    }
    return 'rgb(255,255,255)';
  };
  const says = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const texts = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && says(e) && !e.closest('svg'));
  return texts.map((e) => {
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(parts(ground(e)))].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), e.tagName + '.' + e.className + ': ' + e.textContent.slice(0, 30)];
  }).filter(([ratio]) => ratio < 4.5);
}"""


def test_a_killed_house_is_noticed_and_comes_back_by_itself(browser: Browser, tmp_path: Path) -> None:
    with shown(tmp_path) as first, opened(browser, first) as page:
        first.karb.signalled(signal.SIGKILL)
        first.karb.made.wait()
        expect(page.locator("#line")).to_have_attribute("data-line", "lost", timeout=_WAIT_MS)
        with again(first) as second:
            expect(page.locator("#line")).to_have_attribute("data-line", "live", timeout=60_000)
            assert second.token == first.token


@contextmanager
def again(house: Shown) -> Iterator[Shown]:
    """The same strategy, ledger, secrets and address, after its process was killed."""
    from tests.house.process import Karb

    with Karb(house.folder, "walker.yaml", "--serve", f"127.0.0.1:{house.port}") as karb:
        karb.heard("shown at")
        yield Shown(house.folder, karb, house.port)
