"""`karb data`: market data of one's own."""

from __future__ import annotations

import click

from karb_data.check_command import command as check_command
from karb_data.collect_command import command as collect_command
from karb_data.dataset_command import command as dataset_command
from karb_data.download_command import command as download_command
from karb_data.show_command import command as show_command

_HELP = """\b
karb data collect strategies/kimp_tiered.yaml --into recordings
karb data download strategies/kimp_tiered.yaml --into recordings --since 30d
karb data show recordings
karb data check recordings
karb data dataset recordings --out datasets/mine.yaml

Records what a strategy's feeds and rates tell, without a key and without trading, and makes it into a dataset that
`karb backtest` reads. What is missing is written down.
"""


@click.group("data", help=_HELP, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for each in (collect_command, download_command, show_command, check_command, dataset_command):
    command.add_command(each)
