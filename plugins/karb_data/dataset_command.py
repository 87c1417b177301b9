"""`karb data dataset FOLDER`: a dataset file over what was recorded."""

from __future__ import annotations

import os
from pathlib import Path

import click

from karb_core.errors import UsageMistake
from karb_core.ports import App
from karb_core.texts.text import Words

_HELP = """\b
karb data dataset recordings --out recordings.yaml --maintenance 2.5%
karb backtest strategies/kimp_tiered.yaml --data recordings.yaml

Names the recorded files, and what the venues stated of their instruments. The maintenance margin of
futures is yours to state, or else what the venue states, where it does.
"""


@click.command("dataset", help=_HELP)
@click.argument("folder")
@click.option("--out", required=True, metavar="FILE", help="the dataset file; what is there is written over")
@click.option("--name", default="recorded", show_default=True, help="the dataset's name")
@click.option("--maintenance", default=None, metavar="RATIO", help="the maintenance margin of futures, such as 2.5%")
@click.pass_context
def command(ctx: click.Context, folder: str, out: str, name: str, maintenance: str | None) -> None:
    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    from karb_data.dataset_text import Stated, dataset_text
    from karb_data.shown_folder import recording

    found, target = recording(folder), Path(out)
    where = Path(os.path.relpath(found.resolve(), target.resolve().parent)).as_posix()
    text = dataset_text(found, Stated(name, where, maintenance))
    try:
        target.write_text(text, "utf-8")
    except OSError as e:
        raise UsageMistake(Words(f"{out}: {e.strerror}", f"{out}: {e.strerror}")) from e
    app.say(Words(f"written: {out}", f"저장: {out}"))
