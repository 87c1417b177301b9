"""The JSON Schema of strategy files, composed of the core's sections and the components that are to be known.

Components are chosen with `if`/`then` on `use`, never `oneOf`: a wrong value then has one error at its own place,
in validators and in editors.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from karb_core.plugin.offer import Offer
from karb_core.ports import PORTS
from karb_core.rulebook.strategy_file import StrategyFile
from karb_core.rules.export import json_schema
from karb_core.rules.slot import GateSlot, Slot
from karb_core.texts.text import render

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def strategy_schema(offers: Iterable[Offer], lang: str = "en") -> dict[str, Any]:
    """Draft 2020-12; `$defs` are named after `use`, `port.NAME` and the core's own blocks."""
    known = sorted(offers, key=lambda offer: offer.use)
    schema = _with_ports(json_schema(StrategyFile, "#", lang), "")
    definitions = {k: v for k, v in schema.pop("$defs").items() if k not in ("Slot", "GateSlot")}
    for port in PORTS:
        definitions[f"port.{port}"] = _port(port, [o for o in known if o.port == port], lang)
    for offer in known:
        definitions[offer.use] = component_schema(offer, lang)
    return {"$schema": DIALECT, "title": "karb strategy", **schema, "$defs": definitions}


def component_schema(offer: Offer, lang: str = "en") -> dict[str, Any]:
    """What may stand under `with:` of one component."""
    schema = _with_ports(json_schema(offer.params, f"#/$defs/{offer.use}", lang), "")
    inner = {k: v for k, v in schema.get("$defs", {}).items() if k not in ("Slot", "GateSlot")}
    return {**schema, "$defs": inner} if inner else {k: v for k, v in schema.items() if k != "$defs"}


def _port(port: str, offers: list[Offer], lang: str) -> dict[str, Any]:
    base = _slot(GateSlot if port == "risk_gate" else Slot, lang)
    use = {
        "description": base["properties"]["use"]["description"],
        "enum": [offer.use for offer in offers],
        "enumDescriptions": [render(offer.summary, lang) for offer in offers],
    }
    return {**base, "properties": {**base["properties"], "use": use}, "allOf": [_chosen(offer) for offer in offers]}


@cache
def _slot(model: type[Slot], lang: str) -> dict[str, Any]:
    """Six of seven ports share one; nobody changes it."""
    return json_schema(model, "#", lang)


def _chosen(offer: Offer) -> dict[str, Any]:
    then: dict[str, Any] = {"properties": {"with": {"$ref": f"#/$defs/{offer.use}"}}}
    if any(field.is_required() for field in offer.params.model_fields.values()):
        then["required"] = ["with"]
    return {"if": {"properties": {"use": {"const": offer.use}}, "required": ["use"]}, "then": then}


def _with_ports(node: Any, port: str) -> Any:
    """Every place for a component refers to the definition of its port."""
    if isinstance(node, list):
        return [_with_ports(v, port) for v in node]
    if not isinstance(node, dict):
        return node
    port = str(node.get("x-karb-port", port))
    if str(node.get("$ref", "")).rpartition("/")[2] in ("Slot", "GateSlot"):
        return {**{k: v for k, v in node.items() if k != "$ref"}, "$ref": f"#/$defs/port.{port}"}
    return {k: _with_ports(v, port) for k, v in node.items()}
