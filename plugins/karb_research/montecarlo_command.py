"""`karb montecarlo RUN_OR_FILE`: its trades in other orders, its days drawn again, and how far what came of it spreads."""

from __future__ import annotations

from pathlib import Path

import click

from karb_core.ports import App, Asked
from karb_core.texts.text import Words
from karb_research.places import need_a_place, write

_HELP = """\b
karb montecarlo strategies/quickstart.yaml --block 10
karb montecarlo strategies/quickstart.yaml --block 10 --draws 2000 --seed 7 --format json > drawn.json
karb montecarlo kmq3gzqv --ledger paper.sqlite

A file is carried out over data as `karb backtest` does; anything else is the beginning of a run's id, of which a ledger
knows the trades and no days. How many days in a row are drawn together (--block) is yours to say.
"""
# karb: constant because they say how much is drawn, stand in every output, and no order follows from them
_DRAWS, _SEED = 10_000, 1


@click.command("montecarlo", help=_HELP)
@click.argument("named", metavar="RUN_OR_FILE")
# karb: constant because a block has one day at least
@click.option("--block", type=click.IntRange(min=1), default=None, metavar="DAYS", help="days in a row drawn together")
# karb: constant because fewer draws than one draw nothing
@click.option("--draws", type=click.IntRange(min=1), default=_DRAWS, show_default=True, help="how many draws")
@click.option(
    "--seed",
    type=click.IntRange(min=0),  # karb: constant because it is the least seed that a generator takes
    default=_SEED,
    show_default=True,
    help="the same seed draws the same",
)
@click.option("--data", default=None, metavar="DATASET", help="the dataset file; default: the one the file names")
@click.option("--from", "since", default=None, metavar="DAY", help="first day, UTC: 2024-01-31")
@click.option("--to", "until", default=None, metavar="DAY", help="the day after the last, UTC")
@click.option("--ledger", default=None, metavar="FILE_OR_URL", help="of a run, and where a file writes")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--out", default=None, metavar="PATH", help="write the JSON there")
@click.pass_context
def command(
    ctx: click.Context, named: str, block: int | None, draws: int, seed: int, data: str | None, since: str | None,
    until: str | None, ledger: str | None, form: str, out: str | None,
) -> None:  # fmt: skip
    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    need_a_place(form, out)
    from karb_research.montecarlo_json import document
    from karb_research.montecarlo_text import show
    from karb_research.resampled import Drawing, came_of, need_block, resampled

    need_block(named, block)
    came = came_of(app, named, Asked(data, since, until, ledger), progress=form != "json")
    found = resampled(came, Drawing(draws, seed, block))
    if form == "text":
        show(app, found)
    elif out is None:
        app.json(document(found))
    else:
        write(Path(out), app.as_json(document(found)) + "\n")
        app.say(Words(f"written: {out}", f"저장: {out}"))
