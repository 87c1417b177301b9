"""`karb list [PORT]`: the installed components, how far each is, and which extra it lacks."""

from __future__ import annotations

from difflib import get_close_matches

import click

from karb_core.cli.terminal import Terminal, padded
from karb_core.errors import UsageMistake
from karb_core.plugin.catalogue import Catalogue
from karb_core.plugin.extras import missing_extras
from karb_core.plugin.offer import Offer, PluginProblem
from karb_core.ports import PORTS, Stage
from karb_core.texts.text import Text

_HELP = """\b
karb list
karb list signal
karb list --stage announced
karb list risk_gate --format json

Ports: feed, fx_source, signal, sizing, risk_gate, executor, notifier.
"""


@click.command("list", help=_HELP)
@click.argument("port", required=False)
@click.option(
    "--stage", type=click.Choice([str(s) for s in Stage]), default=None, help="only components that are this far"
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, port: str | None, stage: str | None, form: str) -> None:
    terminal = Terminal.of(ctx)
    wanted = _port(port)
    catalogue = Catalogue.installed()
    offers = [o for o in catalogue.offers() if wanted in (None, o.port) and stage in (None, str(o.stage))]
    offers.sort(key=lambda o: (PORTS.index(o.port), o.use))
    problems = list(catalogue.problems())
    if form == "json":
        components = [_as_json(terminal, offer) for offer in offers]
        broken = [{"plugin": p.name, "problem": terminal.say(p.said)} for p in problems]
        terminal.json({"components": components, "problems": broken})
        return
    _show(terminal, offers, problems)


def _port(written: str | None) -> str | None:
    if written is None:
        return None
    name = written.replace("-", "_").removesuffix("s")
    if name not in PORTS:
        near = get_close_matches(name, PORTS, 1, 0.6)
        help_ = Text("did_you_mean", {"near": near[0]}) if near else None
        raise UsageMistake(Text("list.port", {"port": written, "ports": ", ".join(PORTS)}), help_)
    return name


def _show(terminal: Terminal, offers: list[Offer], problems: list[PluginProblem]) -> None:
    port = ""
    for offer in offers:
        if offer.port != port:
            port = offer.port
            terminal.out(terminal.style(port, "note"))
        lacking = missing_extras(offer)
        needs = "  " + terminal.say(Text("list.lacks", {"extras": ", ".join(lacking)})) if lacking else ""
        told = f"  {padded(offer.use, 26)} {padded(str(offer.stage), 12)} {terminal.say(offer.summary)}"
        terminal.out(f"{told}{terminal.style(needs, 'warning')}")
    for problem in problems:
        terminal.err(f"{terminal.style('problem', 'error')}: {problem.name}: {terminal.say(problem.said)}")
    if not offers and not problems:
        terminal.out(Text("list.none"))


def _as_json(terminal: Terminal, offer: Offer) -> dict[str, object]:
    return {
        "use": offer.use,
        "port": offer.port,
        "stage": str(offer.stage),
        "about": terminal.say(offer.summary),
        "distribution": offer.source.distribution,
        "version": offer.source.version,
        "lacks": list(missing_extras(offer)),
    }
