"""`karb status`: who trades an account, what is halted, open and under way, and what was decided last."""

from __future__ import annotations

import time

import click

from karb_core.cli.books_options import books_options, opened_books
from karb_core.cli.terminal import Terminal

_HELP = """\b
karb status
karb status --ledger live.sqlite --format json
karb status --ledger study.sqlite --run kmq3

Which desk holds the account and when it last said so, what is halted and why and by whom, what it was told and did not
take yet, open lots per pair, the last decision and refusal per pair, and orders that are not known to be over. Times are
UTC. Only reads: while a desk runs, after it ended, and over the books of a backtest.
"""


@click.command("status", help=_HELP)
@books_options
@click.pass_context
def command(
    ctx: click.Context, ledger: str | None, run: str | None, account: str | None, strategy: str | None, form: str
) -> None:
    from karb_core.cli.standing_json import standing_json
    from karb_core.cli.standing_text import show_standing
    from karb_core.wiring.standing import Seen, holder, known_until, standing

    terminal, now_ns = Terminal.of(ctx), time.time_ns()
    with opened_books(ledger, run, account, strategy) as (opened, books):
        has = holder(opened, books.account)
        until_ns = known_until(opened, books, now_ns)
        stands = [standing(opened, books, name) for name in books.strategies]
    seen = Seen(opened.name, books, has, tuple(stands), now_ns, until_ns)
    if form == "json":
        terminal.json(standing_json(seen))
    else:
        show_standing(terminal, seen)
