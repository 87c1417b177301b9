"""What the published schema says of every value: whose it is, in both languages, and no default for the owner's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from karb_core.plugin.catalogue import Catalogue
from karb_core.plugin.offer import OURS, Offer
from karb_core.rulebook.schema import strategy_schema

OWNED = {"rule", "assumption", "wiring", "component"}
HANGUL = re.compile("[가-힣]")
OFFERS = tuple(offer for offer in Catalogue.installed().offers() if offer.source.distribution == OURS)

Found = tuple[str, dict[str, Any]]


def nodes(schema: Any, place: str = "#") -> Iterator[Found]:
    """Every object of the schema, with its JSON pointer."""
    if isinstance(schema, dict):
        yield place, schema
        for key, value in schema.items():
            yield from nodes(value, f"{place}/{key}")
    elif isinstance(schema, list):
        for i, value in enumerate(schema):
            yield from nodes(value, f"{place}/{i}")


def owned_with_default(schema: Any) -> list[str]:
    return [place for place, node in nodes(schema) if node.get("x-karb-role") in OWNED and "default" in node]


def keys(schema: Any) -> Iterator[Found]:
    """Every key that an owner can write, but the four of a component's place (`use`, `with`, `id`, `at`)."""
    for place, node in nodes(schema):
        for key, value in node.get("properties", {}).items() if isinstance(node.get("properties"), dict) else ():
            if "x-karb-role" in value or not (re.search(r"/\$defs/port\.\w+$|/(if|then)$", place) and key in SLOT):
                yield f"{place}/{key}", value


SLOT = {"use", "with", "id", "at"}


@pytest.fixture(scope="module", params=["en", "ko"])
def schema(request: pytest.FixtureRequest) -> dict[str, Any]:
    return strategy_schema(OFFERS, request.param)


def test_nothing_that_is_the_owners_has_a_default(schema: dict[str, Any]) -> None:
    assert owned_with_default(schema) == []


def test_a_default_would_be_seen_wherever_it_stands() -> None:
    planted = {"$defs": {"a": {"anyOf": [{"properties": {"limit": {"x-karb-role": "rule", "default": None}}}]}}}
    assert owned_with_default(planted) == ["#/$defs/a/anyOf/0/properties/limit"]


def test_every_key_has_an_owner_and_a_technical_one_its_default(schema: dict[str, Any]) -> None:
    found = dict(keys(schema))
    assert len(found) > 100
    assert [place for place, node in found.items() if node.get("x-karb-role") not in {*OWNED, "tech"}] == []
    assert [place for place, node in found.items() if node["x-karb-role"] == "tech" and "default" not in node] == []


def test_every_component_is_in_the_schema_with_its_keys(schema: dict[str, Any]) -> None:
    for offer in OFFERS:
        written = {field.alias or name for name, field in offer.params.model_fields.items()}
        assert set(schema["$defs"][offer.use].get("properties", {})) == written


def test_every_description_is_there_in_korean() -> None:
    korean = dict(nodes(strategy_schema(OFFERS, "ko")))
    told = {place: node["description"] for place, node in korean.items() if isinstance(node.get("description"), str)}
    assert len(told) > 100
    assert {place: text for place, text in told.items() if not HANGUL.search(text)} == {}


def test_every_description_is_there_in_english() -> None:
    english = dict(nodes(strategy_schema(OFFERS, "en")))
    told = {place: node["description"] for place, node in english.items() if isinstance(node.get("description"), str)}
    assert {place: text for place, text in told.items() if HANGUL.search(text) or not text.strip()} == {}


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.use)
def test_a_component_says_what_it_does_in_both_languages(offer: Offer) -> None:
    assert len(offer.summary.en) > 10
    assert not HANGUL.search(offer.summary.en)
    assert HANGUL.search(offer.summary.ko)
