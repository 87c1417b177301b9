"""A component that loads and then fails while a file is looked at: one finding at its line, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.source import Source
from karb_core.texts.text import render
from tests.plugin.site import GOOD, Site
from tests.plugin.test_isolation import naming, only_error

HOUSE = Path(__file__).resolve().parents[2]


def reviewing(body: str) -> str:
    return GOOD.replace(
        'name = "cap"', f'name = "cap"\n\n    @classmethod\n    def review(cls, params, file):\n        {body}'
    )


FAILING = {
    "its review raises": (reviewing("raise RuntimeError('boom')"), "RuntimeError: boom"),
    "its review gives nothing": (reviewing("return None"), "TypeError: 'NoneType' object is not iterable"),
    "its review gives words": (reviewing("return ['no']"), "TypeError: a review gives Concern, got str"),
    "its review fails half-way": (reviewing("yield 1 / 0"), "ZeroDivisionError: division by zero"),
    "its parameters name a type that is not there": (
        GOOD.replace("limit: PositiveRatio", "limit: 'NotThere'"),
        "PydanticUserError: `CapParams` is not fully defined;",
    ),
    "its parameters name a type without a reading": (
        GOOD.replace("limit: PositiveRatio", "limit: Opaque").replace(
            "class CapParams", "class Opaque: ...\n\n\nclass CapParams"
        ),
        "PydanticSchemaGenerationError: Unable to generate pydantic-core schema for",
    ),
    "its own validator raises": (
        GOOD.replace(
            "\n\nclass Cap:",
            "\n    from pydantic import field_validator\n\n    @field_validator('limit')\n    def sharp(cls, value):\n"
            "        raise RuntimeError('boom')\n\n\nclass Cap:",
        ),
        "RuntimeError: boom",
    ),
}


@pytest.mark.parametrize("kind", FAILING)
def test_a_component_that_fails_is_named_with_its_line(site: Site, kind: str) -> None:
    source, why = FAILING[kind]
    site.install("mine", source)
    checked = check(naming("mine"), Catalogue.installed())
    finding = only_error(checked)
    assert finding.code == "K901"
    assert checked.source.lines[finding.mark.line - 1][finding.mark.column - 1 :].startswith("mine.cap")
    assert render(finding.said).startswith(f"mine.cap could not look at the file: {why}")
    assert "\n" not in render(finding.said)
    assert render(finding.said, "ko").startswith("mine.cap: ")


SIZING = '''
from karb_core.plugin import hookimpl
from karb_core.rules.params import Params


class Nothing(Params):
    """Nothing to write."""


class Sized:
    name = "sized"
    Params = Nothing

    def __init__(self, params):
        pass

    @classmethod
    def sizes(cls, params, file):
        raise RuntimeError("boom")


@hookimpl
def karb_sizings():
    return [Sized]
'''


def test_a_component_that_cannot_say_what_it_sizes_is_named_with_its_line(site: Site) -> None:
    site.install("mine", SIZING)
    text = (HOUSE / "strategies" / "quickstart.yaml").read_text("utf-8")
    begin, end = text.index("sizing:\n"), text.index("risk_gates:")
    source = Source.of_text(text[:begin] + "sizing: {use: mine.sized}\n" + text[end:])
    finding = only_error(check(source, Catalogue.installed()))
    assert finding.code == "K901"
    assert render(finding.said).startswith("mine.sized could not look at the file: RuntimeError: boom")


def test_a_schema_that_refuses_what_the_model_takes_is_the_authors_mistake(site: Site) -> None:
    site.install(
        "mine",
        "from typing import Annotated\nfrom pydantic import WithJsonSchema\n"
        + GOOD.replace("limit: PositiveRatio", 'limit: Annotated[PositiveRatio, WithJsonSchema({"const": "10%"})]'),
    )
    finding = only_error(check(naming("mine"), Catalogue.installed()))
    assert finding.code == "K900"
    assert "mine.cap disagree: '10%' was expected" in render(finding.said)
