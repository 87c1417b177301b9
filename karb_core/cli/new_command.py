"""`karb new`: a strategy file with every rule left empty for its owner, or a plugin that is whole from the first moment."""

from __future__ import annotations

import re
from pathlib import Path

import click

from karb_core import __version__
from karb_core.cli.blank_strategy import blank_strategy
from karb_core.cli.find import offer_named
from karb_core.cli.new_plugin import KINDS, plugin_files
from karb_core.cli.terminal import Terminal
from karb_core.errors import UsageMistake
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import PORTS
from karb_core.texts.text import Text

_PLUGIN_NAME = re.compile("[a-z][a-z0-9_]{0,39}")
_HELP = """\b
karb new strategy premium.zscore,sizing.share,gates.fresh -o kimp.yaml
karb new strategy upbit.stream,binance_usdm.stream/premium.zscore_tiers/sizing.by_tier -o kimp.yaml
karb new plugin calm --kind risk_gate
"""
_STRATEGY_HELP = (
    _HELP.rpartition("karb new plugin")[0]
    + """
Names components, separated by `,` or `/`; each goes to its own section. Every rule is left empty, with its meaning
and an example beside it: `karb check` says what is still missing.
"""
)


_PLUGIN_HELP = """\b
karb new plugin calm --kind risk_gate
karb new plugin kbank --kind fx_source -o ../plugins

Writes a package of your own: one component whose parameters have roles and no hidden number, tests that inherit the port's
contract and pass at once, an example strategy and a README. Nothing is asked of any network. NAME is what stands before
the point in `use: NAME.component`.
"""


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


@command.command("plugin", help=_PLUGIN_HELP, short_help="a package of your own for one of the seven ports")
@click.argument("name")
@click.option("--kind", type=click.Choice(PORTS), required=True, help="which port it fills")
@click.option("-o", "--output", default=".", show_default=True, metavar="FOLDER", help="put the package's folder there")
@click.pass_context
def plugin(ctx: click.Context, name: str, kind: str, output: str) -> None:
    terminal = Terminal.of(ctx)
    if not _PLUGIN_NAME.fullmatch(name):
        raise UsageMistake(Text("new.plugin_name", {"name": name}))
    if name in Catalogue.installed().names():
        raise UsageMistake(Text("new.plugin_taken", {"name": name}))
    folder = Path(output) / f"karb-plugin-{name.replace('_', '-')}"
    if folder.exists():
        raise UsageMistake(Text("new.exists", {"path": str(folder)}))
    try:
        for inside, text in plugin_files(name, kind, __version__):
            path = folder / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
    except OSError as e:
        raise UsageMistake(Text("output.unwritable", {"path": str(folder), "why": e.strerror or str(e)})) from e
    component = f"{name}.{KINDS[kind].component}"
    terminal.out(Text("new.plugin", {"path": str(folder), "component": component}))
    for told in (f"pytest {folder}", f"pip install -e {folder}", f"karb describe {component}"):
        terminal.out(f"  {told}")
