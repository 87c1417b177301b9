"""The page of a venue names every address that karb asks there, in the sections that all of them have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import HOUSE

PLUGINS = HOUSE / "plugins"
SPOT = PLUGINS / "karb_binance" / "spot"
#: By page, the files that reach the venue.
VENUES = {
    "upbit": sorted((PLUGINS / "karb_upbit").glob("*.py")),
    "bithumb": sorted((PLUGINS / "karb_bithumb").glob("*.py")),
    "binance-usdm": sorted((PLUGINS / "karb_binance").glob("*.py")),
    "binance-spot": sorted(SPOT.glob("*.py")),
}
_PATH = re.compile(r'"(/(?:v1|v2|fapi|api|sapi)/[A-Za-z0-9/_]+)')
_HOST = re.compile(r"\b(?:https|wss)://[a-z0-9.:-]+")


def page_of(venue: str) -> str:
    return (HOUSE / "docs" / "reference" / f"{venue}.md").read_text(encoding="utf-8")


def found(pattern: re.Pattern[str], files: list[Path]) -> set[str]:
    return {match for file in files for match in pattern.findall(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("venue", VENUES)
def test_every_address_that_is_asked_stands_on_the_page(venue: str) -> None:
    asked = found(_PATH, VENUES[venue])
    assert len(asked) >= 9
    assert {path for path in asked if path not in page_of(venue)} == set()


@pytest.mark.parametrize("venue", VENUES)
def test_every_host_stands_on_the_page(venue: str) -> None:
    hosts = found(_HOST, VENUES[venue])
    assert len(hosts) >= 2
    assert {host for host in hosts if host not in page_of(venue)} == set()


@pytest.mark.parametrize("venue", VENUES)
def test_a_page_names_no_address_that_nobody_asks(venue: str) -> None:
    told = set(re.findall(r"`(?:GET|POST|DELETE) (/[A-Za-z0-9/_]+)`", page_of(venue)))
    every = found(_PATH, [file for files in VENUES.values() for file in files])
    assert told - every - {"/v1/orders/test"} == set()


@pytest.mark.parametrize("venue", VENUES)
def test_the_pages_have_one_shape(venue: str) -> None:
    headings = re.findall("^## (.+)$", page_of(venue), flags=re.MULTILINE)
    shape = ["Signing", "What karb asks", "Streams", "Errors", "Limits", "Traps"]
    assert headings == (shape[1:] if venue == "binance-spot" else shape)
