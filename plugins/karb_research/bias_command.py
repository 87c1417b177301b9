"""`karb bias FILE`: whether what a strategy decides over data rests on what nobody could have known then."""

from __future__ import annotations

import sys

import click

from karb_core.errors import StrategyTestFailed
from karb_core.ports import App, Asked

_HELP = """\b
karb bias strategies/quickstart.yaml
karb bias strategies/kimp_tiered_1h.yaml --data datasets/real_1h.yaml --cuts 24
karb bias strategies/quickstart.yaml --to 2025-03-01 --format json > bias.json

Carries the strategy out with the data cut at so many moments and begun later so many times, and says what is not the
same. Nobody is notified and nothing is kept. Ends with exit code 6 where something was found.
"""
# karb: constant because they say how much is tried; what is decided does not follow from them
_CUTS, _BEGINNINGS = 12, 2


@click.command("bias", help=_HELP)
@click.argument("file")
@click.option("--data", default=None, metavar="DATASET", help="the dataset file; default: the one the file names")
@click.option("--from", "since", default=None, metavar="DAY", help="first day, UTC: 2024-01-31")
@click.option("--to", "until", default=None, metavar="DAY", help="the day after the last, UTC")
@click.option(
    "--cuts",
    default=_CUTS,
    show_default=True,
    type=click.IntRange(min=1),  # karb: constant because fewer cuts than one try nothing
    help="at how many moments the data are cut",
)
@click.option(
    "--beginnings",
    default=_BEGINNINGS,
    show_default=True,
    # karb: constant because data that begin later may be left out
    type=click.IntRange(min=0),
    help="how many times the data begin later",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(
    ctx: click.Context, file: str, data: str | None, since: str | None, until: str | None, cuts: int, beginnings: int,
    form: str,
) -> None:  # fmt: skip
    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    from karb_research.bias_json import document
    from karb_research.bias_text import show
    from karb_research.examined import examined
    from karb_research.unshown import unshown

    lines = app.lines(file)
    over = app.piecewise(file, Asked(data, since, until))
    progress = _Progress()
    try:
        found = examined(over, lines, cuts, beginnings, progress)
    finally:
        progress.end()
    notes = unshown(over, found)
    if form == "json":
        app.json(document(file, over, found, notes, app.lang))
    else:
        show(app, file, over, found, notes)
    ctx.exit(StrategyTestFailed.exit_code if found.found else 0)


class _Progress:
    """One line on stderr that is written over; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()

    def __call__(self, run: int) -> None:
        if self._live:
            click.echo(f"\r{run}", nl=False, err=True)

    def end(self) -> None:
        if self._live:
            click.echo(err=True)
