"""`karb lab`: venues of one's own on this machine, until they are interrupted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from karb_core.errors import UsageMistake
from karb_core.ports import App, LabWanted
from karb_core.texts.text import Words
from karb_lab.door import needs

if TYPE_CHECKING:
    from karb_lab.lab import Lab

_HELP = """\b
karb lab
karb lab --port upbit=8101 --port control=8100
karb lab --format json
karb lab --for my.yaml --port control=8100

Local venues over real HTTP and WebSocket: a client that is pointed at them cannot tell. The market is made up, the money
is not there, and the keys open nothing else. Until Ctrl-C. With --for it
opens what strategy files trade, as they say their accounts open, and its premium swings by their bars: `karb run my.yaml
--mode live --lab-at http://127.0.0.1:8100` trades there.
"""
_INTERRUPTED = 130  # karb: constant because a shell calls it so


@click.command("lab", help=_HELP)
@click.option("--port", "ports", multiple=True, metavar="NAME=PORT", help="a venue's or control's; any free one else")
@click.option("--for", "files", multiple=True, metavar="FILE", help="a strategy that is to trade there")
@click.option("--seed", default="karb", show_default=True, help="the same seed has the same market")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, ports: tuple[str, ...], files: tuple[str, ...], seed: str, form: str) -> None:
    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    try:
        from karb_lab.shipped import VENUES
    except ModuleNotFoundError as missing:
        raise needs(missing) from missing
    asked = app.lab_wanted(files) if files else None
    wanted = dict(_port(told, (*VENUES, "control")) for told in ports)
    try:
        asyncio.run(_serve(app, asked, seed, wanted, form))
    except KeyboardInterrupt:
        ctx.exit(_INTERRUPTED)


async def _serve(app: App, asked: LabWanted | None, seed: str, ports: Mapping[str, int], form: str) -> None:
    from karb_lab.beside import stepping
    from karb_lab.for_files import lab_for
    from karb_lab.shipped import shipped_lab

    clock = app.clock()
    lab = shipped_lab(clock, seed, ports) if asked is None else lab_for(asked, clock, ports, seed)
    try:
        await lab.start()
    except OSError as taken:
        raise UsageMistake(
            Words(f"a port cannot be opened: {taken.strerror}", f"포트를 열 수 없습니다: {taken.strerror}")
        ) from taken
    try:
        (_tell_json if form == "json" else _tell)(app, lab)
        await stepping(lab, clock)
    finally:
        await lab.stop()


def _tell(app: App, lab: Lab) -> None:
    rows = [("venue", "address", "key", "secret")]
    for name, venue in lab.venues.items():
        rows += [(name, lab.doors[name].address, account.key, account.secret) for account in venue.accounts.values()]
    app.table([*rows, ("control", lab.control.address, "", "")])
    app.say(
        Words(
            "running until Ctrl-C; the keys open nothing else",
            "Ctrl-C까지 실행됩니다. 다른 곳에서는 쓸 수 없는 키입니다",
        )
    )


def _tell_json(app: App, lab: Lab) -> None:
    venues = {
        name: {
            "address": lab.doors[name].address,
            "accounts": [
                {"name": account.name, "key": account.key, "secret": account.secret}
                for account in venue.accounts.values()
            ],
        }
        for name, venue in lab.venues.items()
    }
    app.json({"format_version": 1, "venues": venues, "control": lab.control.address})


def _port(told: str, names: tuple[str, ...]) -> tuple[str, int]:
    name, _, port = told.partition("=")
    if name not in names or not port.isdecimal():
        listed = ", ".join(names)
        raise UsageMistake(
            Words(f"`{told}` is no port: write NAME=PORT, of {listed}", f"`{told}`: 이름=포트로 쓰세요. 이름: {listed}")
        )
    return name, int(port)
