"""The published schemas: current, valid, of karb's own components only, and in agreement with what is shipped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from karb_core.rulebook.reader import read
from karb_core.rulebook.source import read_source
from tests.cli.conftest import Karb
from tests.cli.golden import assert_golden
from tests.cli.shipped import SCHEMAS, STRATEGIES, plugins

NAMES = {"en": "strategy.schema.json", "ko": "strategy.ko.schema.json"}


@pytest.fixture(params=NAMES)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def schema(lang: str) -> Any:
    return json.loads((SCHEMAS / NAMES[lang]).read_text("utf-8"))


def test_is_what_karb_writes_today(karb: Karb, lang: str):
    written = karb("--lang", lang, "schema", "-o", "written.json")
    assert (written.code, written.err) == (0, "")
    assert_golden(SCHEMAS / NAMES[lang], Path("written.json").read_text("utf-8"))


def test_is_valid_and_of_the_dialect_it_names(schema: Any):
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_covers_every_component_of_ours_and_no_other(schema: Any):
    uses = [name for name in schema["$defs"] if "." in name and not name.startswith("port.")]
    assert {use.partition(".")[0] for use in uses} == set(plugins())
    assert sorted(
        u for k, d in schema["$defs"].items() if k.startswith("port.") for u in d["properties"]["use"]["enum"]
    ) == sorted(uses)


def test_every_reference_leads_somewhere(schema: Any):
    for node in nodes(schema):
        if "$ref" in node:
            at: Any = schema
            for key in str(node["$ref"]).removeprefix("#/").split("/"):
                at = at[key]


def test_no_rule_has_a_default(schema: Any):
    roles = [node.get("x-karb-role") for node in nodes(schema) if "default" in node]
    assert set(roles) <= {"tech"}


def test_every_shipped_strategy_is_valid(schema: Any):
    files = sorted(STRATEGIES.glob("*.yaml"))
    assert files
    for path in files:
        assert not list(Draft202012Validator(schema).iter_errors(read(read_source(str(path))).data)), path.name


def test_every_shipped_strategy_names_the_schema_in_its_first_line():
    for path in STRATEGIES.glob("*.yaml"):
        first = path.read_text("utf-8").split("\n")[0]
        named = first.removeprefix("# yaml-language-server: $schema=")
        assert os.path.normpath(path.parent / named) == str(SCHEMAS / NAMES["en"])


def test_the_korean_one_says_the_same_in_korean():
    english, korean = (json.loads((SCHEMAS / name).read_text("utf-8")) for name in NAMES.values())
    assert untold(english) == untold(korean)
    told = [node["description"] for node in nodes(korean["$defs"]) if "x-karb-role" in node and "description" in node]
    assert told and [text for text in told if not any("가" <= c <= "힣" for c in text)] == []


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def untold(value: Any) -> Any:
    """Without the words."""
    if isinstance(value, dict):
        return {
            k: untold(v)
            for k, v in value.items()
            if k not in ("description", "enumDescriptions", "errorMessage", "patternErrorMessage")
        }
    return [untold(v) for v in value] if isinstance(value, list) else value
