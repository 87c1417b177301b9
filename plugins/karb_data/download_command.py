"""`karb data download FILE`: what the venues keep of a strategy's instruments and rates."""

from __future__ import annotations

import click

from karb_core.ports import App
from karb_data.lasting import INTERRUPTED

_HELP = """\b
karb data download strategies/kimp_tiered.yaml --into recordings --since 30d

Bars, settled funding and rates since then, as far as the venues have them, into a recording: a new one, or one that
`karb data collect` goes on with. No key is needed. Interrupted at whatever moment, the same command goes on where it was;
nothing is there twice. What a venue does not have is said, and written down.
"""


@click.command("download", help=_HELP)
@click.argument("file")
@click.option("--into", required=True, metavar="FOLDER", help="where the recording is, or begins")
@click.option("--since", "lasts", required=True, metavar="TIME", help="how far back: 12h, 30d")
@click.option("--how", "how_file", default=None, metavar="FILE", help="cadences and limits of the recording")
@click.pass_context
def command(ctx: click.Context, file: str, into: str, lasts: str, how_file: str | None) -> None:
    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    from karb_data.at_a_folder import at_a_folder
    from karb_data.collect_file import CollectFile
    from karb_data.collector import Collector
    from karb_data.lasting import seconds_of

    how = CollectFile(karb=1) if how_file is None else app.read(how_file, CollectFile)
    back_ms = seconds_of(lasts) * 1000  # karb: constant because a second has 1000 ms

    async def download(collector: Collector) -> None:
        # karb: constant because a millisecond has 10^6 nanoseconds
        await collector.download(collector.clock.now_ns() // 1_000_000 - back_ms)

    if not at_a_folder(app, file, into, how, download, None):
        ctx.exit(INTERRUPTED)
