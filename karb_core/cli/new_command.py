"""`karb new strategy`: a file with every rule that must be written, left empty for its owner."""

from __future__ import annotations

import re
from pathlib import Path

import click

from karb_core.cli.blank_strategy import blank_strategy
from karb_core.cli.find import offer_named
from karb_core.cli.terminal import Terminal
from karb_core.errors import UsageMistake
from karb_core.texts.text import Text

_HELP = """\b
karb new strategy premium.zscore,sizing.share,gates.fresh -o kimp.yaml
karb new strategy upbit.stream,binance_usdm.stream/premium.zscore_tiers/sizing.by_tier -o kimp.yaml
"""
_STRATEGY_HELP = (
    _HELP
    + """
Names components, separated by `,` or `/`; each goes to its own section. Every rule is left empty, with its meaning
and an example beside it: `karb check` says what is still missing.
"""
)


@click.group("new", help=_HELP, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@command.command("strategy", help=_STRATEGY_HELP, short_help="a strategy file with every rule left empty for you")
@click.argument("uses", required=False, default="")
@click.option("-o", "--output", default=None, metavar="FILE", help="write it there instead of to the terminal")
@click.pass_context
def strategy(ctx: click.Context, uses: str, output: str | None) -> None:
    terminal = Terminal.of(ctx)
    offers = [offer_named(use) for use in re.split(r"[,/\s]+", uses) if use]
    name = re.sub(r"[^a-z0-9_-]+", "-", Path(output or "my-strategy").stem.lower()).strip("-") or "my-strategy"
    text = blank_strategy(name if name[0].isalpha() else f"s-{name}", offers, terminal.lang)
    if output is None:
        terminal.out(text.rstrip("\n"))
        return
    path = Path(output)
    if path.exists():
        raise UsageMistake(Text("new.exists", {"path": output}))
    try:
        path.write_text(text, "utf-8", newline="\n")
    except OSError as e:
        raise UsageMistake(Text("output.unwritable", {"path": output, "why": e.strerror or str(e)})) from e
    terminal.out(Text("new.written", {"path": output}))
