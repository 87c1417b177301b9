"""`karb doctor`: plugins that cannot be used, extras that are missing, and whether files can be run."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from typing import Any

import click

from karb_core import __version__
from karb_core.cli.reading import exit_code, read_checked
from karb_core.cli.terminal import Terminal
from karb_core.errors import KarbError, PluginUnusable, UsageMistake
from karb_core.plugin.catalogue import Catalogue
from karb_core.plugin.extras import missing_extras
from karb_core.plugin.light_import import brought_along
from karb_core.plugin.offer import Offer, PluginProblem
from karb_core.plugin.package_scan import numbers_in_package
from karb_core.rulebook.approval import lock_state
from karb_core.texts.text import Said, Text

_HELP = """\b
karb doctor
karb doctor kimp.yaml
karb doctor --plugin premium

Loads every plugin and says which cannot be used (exit code 5). With files: what is wrong with each, its lock, and
whether each venue tells karb what a key may do, or you have to see to it.
With --plugin also what can be said of its code without running it: numbers that could be rules nobody wrote, and what a
component imports before a strategy opens it.
"""


@click.command("doctor", help=_HELP)
@click.argument("files", nargs=-1)
@click.option("--plugin", default=None, metavar="NAME", help="look at one plugin only")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], plugin: str | None, form: str) -> None:
    terminal, catalogue = Terminal.of(ctx), Catalogue.installed()
    if plugin is not None and plugin not in catalogue.names():
        raise UsageMistake(Text("doctor.no_plugin", {"name": plugin, "names": ", ".join(catalogue.names())}))
    rows, worst = _plugins(catalogue, [plugin] if plugin else catalogue.names())
    if plugin is not None and worst == 0:
        looked = list(_looked_over(catalogue, plugin))
        rows += looked
        worst = 0 if all(ok for *_, ok in looked) else PluginUnusable.exit_code
    for path in files:
        found, code = _file(path)
        rows.append(("file", path, found, code == 0))
        rows += _keys(path) if code == 0 else ()
        worst = worst or code
    if form == "json":
        checks = [{"kind": k, "name": n, "ok": ok, "message": terminal.say(said)} for k, n, said, ok in rows]
        terminal.json({"karb": __version__, "python": platform.python_version(), "checks": checks})
    else:
        terminal.out(f"karb {__version__}, Python {platform.python_version()}, {platform.system()}")
        for kind, name, said, ok in rows:
            sign = terminal.style("ok", "good") if ok else terminal.style("--", "error")
            terminal.out(f"  {sign} {kind} {name}: {terminal.say(said)}")
    ctx.exit(worst)


def _plugins(catalogue: Catalogue, names: list[str]) -> tuple[list[tuple[str, str, Said, bool]], int]:
    rows: list[tuple[str, str, Said, bool]] = []
    worst = 0
    for name in names:
        found = catalogue.plugin(name)
        if isinstance(found, PluginProblem):
            rows.append(("plugin", name, found.said, False))
            worst = PluginUnusable.exit_code
            continue
        lacking = sorted({extra for offer in found or () for extra in missing_extras(offer)})
        key = "doctor.lacks" if lacking else "doctor.plugin"
        rows.append(("plugin", name, Text(key, {"count": len(found or ()), "extras": ", ".join(lacking)}), True))
    return rows, worst


def _looked_over(catalogue: Catalogue, name: str) -> Iterator[tuple[str, str, Said, bool]]:
    """What its author is asked for, and no user: the contracts say the rest."""
    offers = list(catalogue.offers([name]))
    numbers = [number for module in _packages(offers) for number in numbers_in_package(module)]
    for number in numbers:
        told = Text("doctor.number", {"place": f"{number.file}:{number.line}", "what": number.what})
        yield "numbers", name, told, False
    if not numbers:
        yield "numbers", name, Text("doctor.no_numbers"), True
    for offer in offers:
        heavy = brought_along(offer.component.__module__)
        key = "doctor.heavy" if heavy else "doctor.light"
        yield "imports", offer.use, Text(key, {"packages": ", ".join(heavy)}), not heavy


def _packages(offers: list[Offer]) -> list[str]:
    return sorted({offer.component.__module__.partition(".")[0] for offer in offers})


def _keys(path: str) -> Iterator[tuple[str, str, Said, bool]]:
    """What of the keys' rights is told to karb, and what only their owner can see to. No venue is asked."""
    rulebook = read_checked(path).rulebook
    assert rulebook is not None
    for seat in rulebook.seats_of("executors"):
        told: Any = getattr(seat.offer.component, "tells_withdrawals", None)
        if told is not None:
            yield "key", seat.use, Text("doctor.rights" if told(seat.params) else "doctor.no_rights"), True


def _file(path: str) -> tuple[Said, int]:
    try:
        checked = read_checked(path)
    except KarbError as e:
        return e.said, e.exit_code
    if checked.rulebook is None or checked.errors:
        return Text("check.errors", {"path": path, "count": len(checked.errors)}), exit_code(checked)
    return Text("doctor.file", {"lock": lock_state(path, checked.rulebook)}), 0
