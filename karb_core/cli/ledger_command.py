"""`karb ledger`: what is asked of a whole ledger."""

from __future__ import annotations

import click

from karb_core.cli.ledger_check_command import check_command
from karb_core.cli.ledger_export_command import export_command

_HELP = """\b
karb ledger check
karb ledger check paper.sqlite --format json
karb ledger export paper.sqlite --to rows

Only reads: a ledger of an earlier version stays as it is.
"""


@click.group("ledger", help=_HELP, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


command.add_command(check_command)
command.add_command(export_command)
