"""Every code has a page, every page a user, and every example does what its page says."""

from __future__ import annotations

import re

import pytest

from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.source import Source
from karb_core.texts.codes import CODES, PAGES
from karb_core.texts.codes_datasets import DATASET_PAGES
from karb_core.texts.page import Page
from tests.cli.conftest import Karb
from tests.cli.shipped import ROOT, kimp

#: A file that cannot be opened, prices, a plugin's own words, or a component that no release ships: not an edit of
#: the shipped strategy.
_NO_EDIT = {"K100", "K403", "K411", "K428", "K490", "K900", "K901"}
#: Where the example's second half is not a part of the shipped strategy: the part that both halves stand for.
_STANDS_FOR = {
    "K110": "about: three-tier reversion of the kimchi premium; the rarer the extreme, the larger the entry",
    "K111": "about: three-tier reversion of the kimchi premium; the rarer the extreme, the larger the entry",
    "K112": "binance_usdm:\n  - 31,000 USDT",
    "K201": kimp().rstrip("\n"),
    "K429": "stop_loss: none",
}
_SIZING = kimp()[kimp().index("\nsizing:\n") : kimp().index("\nrisk_gates:")]
_FIRST = {
    "K409": ("profit: net", "profit: gross"),
    "K429": (_SIZING, "\nsizing: {use: sizing.risk_per_trade, with: {risk: 1%}}"),
}


def reported() -> set[str]:
    sources = [*(ROOT / "karb_core").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")]
    texts = (p.read_text("utf-8") for p in sources if not p.name.startswith("codes"))
    return {code for text in texts for code in re.findall(r"[\"'\[]K(\d{3})[\"'\]]", text)}


def test_every_code_that_is_reported_has_a_page_and_every_page_a_user():
    assert {code[1:] for code in CODES} == reported()


@pytest.mark.parametrize("code", CODES)
def test_a_page_is_one_sentence_a_paragraph_and_an_example_in_both_languages(code):
    for text in CODES[code]:
        first, why, *example = text.split("\n\n")
        assert first.endswith(".") and "\n" not in first
        assert why.endswith(".") and len(why) > len(first) / 2
        assert "\n    " in "\n\n".join(example)
    english, korean = CODES[code]
    assert not re.search("[가-힣]", english.replace("김프", ""))
    assert re.search("[가-힣]", korean.split("\n")[0])


@pytest.mark.parametrize("code", sorted(PAGES.keys() - _NO_EDIT - DATASET_PAGES.keys()))
def test_the_example_is_reported_before_and_not_after(code):
    page = PAGES[code]
    assert code in codes_of(edited(code, page, page.before))
    assert code not in codes_of(edited(code, page, page.after))


def edited(code: str, page: Page, example: str) -> str:
    """The shipped strategy with the example in the place that it stands for."""
    text = kimp().replace(*_FIRST.get(code, ("", "")))
    part = _STANDS_FOR.get(code, page.after)
    lines, wanted = text.split("\n"), part.split("\n")
    for at in range(len(lines)):
        indent = " " * (len(lines[at]) - len(lines[at].lstrip()))
        if lines[at : at + len(wanted)] == [indent + line for line in wanted]:
            changed = [indent + line for line in example.split("\n")]
            return "\n".join([*lines[:at], *changed, *lines[at + len(wanted) :]])
    raise AssertionError(f"{code}: the shipped strategy has no {part!r}")


def codes_of(text: str) -> set[str]:
    return {finding.code for finding in check(Source.of_text(text), Catalogue.installed()).findings}


def test_a_code_is_found_however_it_is_typed(karb: Karb):
    pages = [karb("explain", typed) for typed in ("K302", "k302", "302")]
    assert {page.code for page in pages} == {0}
    assert len({page.out for page in pages}) == 1
    assert pages[0].out.startswith("K302  A rule that must be written is not written.\n")
