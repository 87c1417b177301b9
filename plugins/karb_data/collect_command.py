"""`karb data collect FILE`: records what a strategy's feeds and rates tell, until it is stopped."""

from __future__ import annotations

import click

from karb_core.ports import App
from karb_data.lasting import INTERRUPTED

_HELP = """\b
karb data collect strategies/kimp_tiered.yaml --into recordings
karb data collect strategies/kimp_tiered.yaml --into recordings --how how.yaml --for 24h

Candles, tops of book, marks, funding and rates, in Parquet files by venue, instrument, kind and month. No key is needed and
nothing is traded. Started again after whatever ended it, it asks the venues for what it missed; what nobody has any more
is said, and written down. Until Ctrl-C.
"""


@click.command("collect", help=_HELP)
@click.argument("file")
@click.option("--into", required=True, metavar="FOLDER", help="where the recording is, or begins")
@click.option("--how", "how_file", default=None, metavar="FILE", help="cadences and limits of the recording")
@click.option("--for", "lasts", default=None, metavar="TIME", help="end after so long: 30s, 10m, 24h")
@click.pass_context
def command(ctx: click.Context, file: str, into: str, how_file: str | None, lasts: str | None) -> None:
    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    from karb_data.at_a_folder import at_a_folder
    from karb_data.collect_file import CollectFile
    from karb_data.collector import Collector
    from karb_data.lasting import seconds_of

    how = CollectFile(karb=1) if how_file is None else app.read(how_file, CollectFile)
    seconds = None if lasts is None else seconds_of(lasts)
    if not at_a_folder(app, file, into, how, Collector.run, seconds):
        ctx.exit(INTERRUPTED)
