"""`karb approve`: the owner's word that a pair may be entered once, from another terminal."""

from __future__ import annotations

import click

from karb_core.cli.terminal import Terminal

_HELP = """\b
karb approve BTC --because "I looked at it"
karb approve BTC --side short_premium --ledger live.sqlite --strategy kimp-tiered --because "wallets are open"

For files with gates.approval, which denies every entry until you approve one of its pair. Your word is for one entry, on
the side that you name or on either, for as long as the file's valid_for says; the desk judges anew when it arrives, at the
prices of then, and every other gate is asked as ever. Exit code 0: taken, or no desk is running and it is taken at the
next start, if it is good for so long; 1: a desk is running and did not take it within --wait.
"""
_SIDES = ("long_premium", "short_premium")
_WAIT_S = 10.0  # karb: constant because it waits for an answer, and what was told stands whether one comes or not


@click.command("approve", help=_HELP)
@click.argument("pair")
@click.option("--side", type=click.Choice(_SIDES), default=None, help="only this side; default: either")
@click.option("--because", default=None, help="why, in your words; kept with it")
@click.option("--ledger", default=None, metavar="FILE_OR_URL", help="default: ledger.sqlite in KARB_HOME (~/.karb)")
@click.option("--strategy", default=None, help="only this one; default: all of the account")
@click.option("--account", default=None, help="where the ledger has several")
@click.option("--wait", "wait_s", type=click.FloatRange(min=0), default=_WAIT_S, show_default=True, metavar="SECONDS")
@click.pass_context
def command(
    ctx: click.Context, pair: str, side: str | None, because: str | None, ledger: str | None, strategy: str | None,
    account: str | None, wait_s: float,
) -> None:  # fmt: skip
    from karb_core.cli.told_desk import Order, need_because, tell_desk

    what = pair if side is None else f"{pair} {side}"
    order = Order(ledger, account, strategy, "approve", None, need_because(because), wait_s, what)
    tell_desk(Terminal.of(ctx), order)
