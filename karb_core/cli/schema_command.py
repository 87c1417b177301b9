"""`karb schema [USE]`: the JSON Schema for editors."""

from __future__ import annotations

import json
from pathlib import Path

import click

from karb_core.cli.find import offer_named
from karb_core.cli.terminal import Terminal
from karb_core.errors import UsageMistake
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.schema import DIALECT, component_schema, strategy_schema
from karb_core.texts.text import Text

_HELP = """\b
karb schema -o schemas/strategy.schema.json
karb --lang ko schema -o schemas/strategy.ko.schema.json
karb schema premium.zscore

Covers every installed component. A strategy's first line names it:
# yaml-language-server: $schema=../schemas/strategy.schema.json
"""


@click.command("schema", help=_HELP)
@click.argument("use", required=False)
@click.option("-o", "--output", default=None, metavar="FILE", help="write it there instead of to the terminal")
@click.pass_context
def command(ctx: click.Context, use: str | None, output: str | None) -> None:
    terminal = Terminal.of(ctx)
    if use is None:
        schema = strategy_schema(Catalogue.installed().offers(), terminal.lang)
    else:
        offer = offer_named(use)
        schema = {
            "$schema": DIALECT,
            "$ref": f"#/$defs/{offer.use}",
            "$defs": {offer.use: component_schema(offer, terminal.lang)},
        }
    text = json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if output is None:
        terminal.out(text.rstrip("\n"))
        return
    try:
        Path(output).write_text(text, "utf-8", newline="\n")
    except OSError as e:
        raise UsageMistake(Text("output.unwritable", {"path": output, "why": e.strerror or str(e)})) from e
    terminal.out(Text("output.written", {"path": output}))
