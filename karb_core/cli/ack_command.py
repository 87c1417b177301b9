"""`karb ack`: says that somebody has seen the alerts that stand, so that they go no further."""

from __future__ import annotations

import click

from karb_core.cli.terminal import Terminal

_HELP = """\b
karb ack
karb ack --ledger live.sqlite --strategy kimp-tiered

Acknowledges every alert that stands: channels with `escalates:` are not told of it any more. A halt that was acknowledged
stays so over a restart; one that comes again is a new one. Nothing is resumed by it. Exit code 0: taken, or no desk is
running; 1: a desk is running and did not take it within --wait.
"""
_WAIT_S = 10.0  # karb: constant because it waits for an answer, and what was told stands whether one comes or not


@click.command("ack", help=_HELP)
@click.option("--ledger", default=None, metavar="FILE_OR_URL", help="default: ledger.sqlite in KARB_HOME (~/.karb)")
@click.option("--strategy", default=None, help="only this one; default: all of the account")
@click.option("--account", default=None, help="where the ledger has several")
@click.option("--wait", "wait_s", type=click.FloatRange(min=0), default=_WAIT_S, show_default=True, metavar="SECONDS")
@click.pass_context
def command(
    ctx: click.Context, ledger: str | None, strategy: str | None, account: str | None, wait_s: float
) -> None:  # fmt: skip
    from karb_core.cli.told_desk import Order, tell_desk
    from karb_core.ledger.telling import ACKNOWLEDGE

    tell_desk(Terminal.of(ctx), Order(ledger, account, strategy, ACKNOWLEDGE, None, "", wait_s))
