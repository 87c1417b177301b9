"""The JSON Schema of dataset files: one for recordings, one for a made-up market, told apart by `generate`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from karb_core.plugin.offer import Offer
from karb_core.rulebook.dataset_file import GeneratedDataset, RecordedDataset
from karb_core.rulebook.schema import DIALECT, component_schema
from karb_core.rules.export import json_schema
from karb_core.rules.slot import Slot
from karb_core.texts.text import render


def dataset_schema(offers: Iterable[Offer], lang: str = "en") -> dict[str, Any]:
    """Draft 2020-12; of the components only those that make series up are in it."""
    makers = sorted((o for o in offers if callable(getattr(o.component, "series_of", None))), key=lambda o: o.use)
    recorded = _only_known(json_schema(RecordedDataset, "#", lang))
    generated = _only_known(json_schema(GeneratedDataset, "#", lang))
    blocks = {**recorded.pop("$defs"), **generated.pop("$defs"), "Slot": _maker(makers, lang)}
    made = {offer.use: component_schema(offer, lang) for offer in makers}
    return {
        "$schema": DIALECT,
        "title": "karb dataset",
        "type": "object",
        "if": {"required": ["generate"]},
        "then": {"$ref": "#/$defs/generated"},
        "else": {"$ref": "#/$defs/recorded"},
        "$defs": {**blocks, **made, "recorded": recorded, "generated": generated},
    }


def _maker(makers: list[Offer], lang: str) -> dict[str, Any]:
    base = json_schema(Slot, "#", lang)
    base["properties"]["use"] = {
        "description": base["properties"]["use"]["description"],
        "enum": [offer.use for offer in makers],
        "enumDescriptions": [render(offer.summary, lang) for offer in makers],
    }
    return {**base, "allOf": [_chosen(offer) for offer in makers]}


def _chosen(offer: Offer) -> dict[str, Any]:
    then = {"properties": {"with": {"$ref": f"#/$defs/{offer.use}"}}, "required": ["with"]}
    return {"if": {"properties": {"use": {"const": offer.use}}, "required": ["use"]}, "then": then}


def _only_known(node: Any) -> Any:
    """A map whose keys have a form takes no others: pydantic leaves them open."""
    if isinstance(node, list):
        return [_only_known(v) for v in node]
    if not isinstance(node, dict):
        return node
    out = {k: _only_known(v) for k, v in node.items() if k != "propertyNames"}
    return {**out, "additionalProperties": False} if "patternProperties" in node else out
