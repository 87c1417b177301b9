"""`karb reload FILE`: has a running desk enter by the approved rules of its changed file."""

from __future__ import annotations

import click

from karb_core.cli.terminal import Terminal

_HELP = """\b
karb reload kimp.yaml
karb reload kimp.yaml --ledger live.sqlite --account live:upbit

Lock the file first (karb lock). What is entered from then on follows the file as it is locked; lots that are open keep the rules they were opened by.
Where prices come from, where orders go and what accounts hold cannot change while a desk runs. Exit code 0: adopted, or
no desk is running and the next start takes the file; 3: the file cannot be adopted; 4: it is not locked; 1: a desk is
running and did not adopt it within --wait.
"""
_WAIT_S = 60.0  # karb: constant because it waits for an answer, and what was told stands whether one comes or not


@click.command("reload", help=_HELP)
@click.argument("file")
@click.option("--because", default=None, help="why, in your words; default: what the lock says")
@click.option("--ledger", default=None, metavar="FILE_OR_URL", help="default: ledger.sqlite in KARB_HOME (~/.karb)")
@click.option("--account", default=None, help="where the ledger has several")
@click.option("--wait", "wait_s", type=click.FloatRange(min=0), default=_WAIT_S, show_default=True, metavar="SECONDS")
@click.pass_context
def command(
    ctx: click.Context, file: str, because: str | None, ledger: str | None, account: str | None, wait_s: float
) -> None:
    from karb_core.cli.reloading_desk import Reload, reload_desk

    reload_desk(Terminal.of(ctx), Reload(file, because, ledger, account, wait_s))
