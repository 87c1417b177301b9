"""`karb describe USE`: one component, its parameters with role and unit, and how to name it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from karb_core.cli.find import offer_named
from karb_core.cli.terminal import Terminal, padded
from karb_core.plugin.offer import Offer
from karb_core.rulebook.schema import component_schema
from karb_core.texts.text import Text

_HELP = """\b
karb describe premium.zscore_tiers
karb describe gates.max_position --format json
"""
SECTIONS = {
    "feed": "feeds", "fx_source": "fx_source", "signal": "signal", "sizing": "sizing",
    "risk_gate": "risk_gates", "executor": "executors", "notifier": "notifiers",
}  # fmt: skip


@click.command("describe", help=_HELP)
@click.argument("use")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, use: str, form: str) -> None:
    terminal = Terminal.of(ctx)
    offer = offer_named(use)
    schema = component_schema(offer, terminal.lang)
    if form == "json":
        about = {"use": offer.use, "port": offer.port, "stage": str(offer.stage), "about": terminal.say(offer.summary)}
        terminal.json({**about, "distribution": str(offer.source), "schema": schema})
        return
    terminal.out(f"{padded(offer.use, 28)} {offer.port} · {offer.stage} · {offer.source}")
    terminal.out(terminal.say(offer.summary))
    terminal.out("")
    for depth, name, node in rows_of(schema, schema):
        shown = f"{'  ' * depth}  {name}"
        told = terminal.say(Text("new.named")) if name == "NAME" else node.get("description", "")
        row = f"{padded(shown, 26)} {padded(node.get('x-karb-role', ''), 11)} {padded(kind_of(node), 22)} {told}"
        terminal.out(row.rstrip())
        for example in node.get("examples", []):
            terminal.out(
                terminal.style(f"{' ' * 27}{terminal.say(Text('describe.example'))}: {name}: {example}", "dim")
            )
    terminal.out("")
    for line in _usage(offer, terminal, schema):
        terminal.out(line)


def rows_of(
    schema: dict[str, Any], node: dict[str, Any], depth: int = 0, role: str = "rule"
) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Parameters and the blocks inside them; NAME stands for the owner's own names, whose role is that of the map."""
    for name, value in node.get("properties", {}).items():
        yield depth, name, value
        yield from rows_of(schema, _inner(schema, value), depth + 1, value.get("x-karb-role", role))
    extra = node.get("additionalProperties")
    if isinstance(extra, dict):
        yield depth, "NAME", {"x-karb-role": role, **{k: v for k, v in extra.items() if k != "$ref"}}
        yield from rows_of(schema, _inner(schema, extra), depth + 1)


def _inner(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """The block a value refers to, looking through `none`-or-block, lists and maps of names."""
    for key in ("else", "items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            if key == "additionalProperties":
                return {"additionalProperties": node[key]}
            return _inner(schema, node[key])
    name = str(node.get("$ref", "")).rpartition("/")[2]
    found: dict[str, Any] = schema.get("$defs", {}).get(name, {})
    return found


def kind_of(node: dict[str, Any]) -> str:
    """What may be written: a unit, or words."""
    inner = node.get("else", node)
    unit = node.get("x-karb-unit") or inner.get("x-karb-unit") or inner.get("items", {}).get("x-karb-unit")
    unit = {"plain": "number"}.get(unit, unit)
    words = [str(c) for c in _choices(node)]
    return ", ".join([unit, *words] if unit else words)


def _choices(node: dict[str, Any]) -> list[Any]:
    if "enum" in node:
        return list(node["enum"])
    if "else" in node:
        return [node["if"]["const"], *_choices(node["else"])]
    if "items" in node and isinstance(node["items"], dict):
        return _choices(node["items"])
    return [str(node["const"]).lower()] if "const" in node else []


def _usage(offer: Offer, terminal: Terminal, schema: dict[str, Any]) -> Iterator[str]:
    yield terminal.say(Text("describe.usage"))
    dash = "- " if SECTIONS[offer.port].endswith("s") else ""
    yield f"  {SECTIONS[offer.port]}:"
    yield f"    {dash}use: {offer.use}"
    indent = "      " if dash else "    "
    if offer.port == "risk_gate":
        yield f"{indent}at: [{', '.join(sorted(getattr(offer.component, 'stands', ('entry', 'exit'))))}]"
    required = schema.get("required", [])
    if required:
        yield f"{indent}with:"
        for name in required:
            yield f"{indent}  {name}:"
