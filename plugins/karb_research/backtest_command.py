"""`karb backtest FILE`: carries a strategy out over data and reports what came of it: as text, as JSON, as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from karb_core.ports import App, Asked
from karb_core.texts.text import Words
from karb_research.places import need_a_place, write

if TYPE_CHECKING:
    from karb_research.study import Study

_HELP = """\b
karb backtest strategies/quickstart.yaml
karb backtest strategies/kimp_tiered_1h.yaml --data datasets/real_1h.yaml --format html --out report.html
karb backtest strategies/quickstart.yaml --from 2025-02-01 --to 2025-03-01 --format json > result.json

The run of `karb run --mode backtest`, told whole: equity by day with open lots at the last prices, risk, what said no.
Nobody is notified. The page is one file that loads nothing, in English and Korean.
"""


@click.command("backtest", help=_HELP)
@click.argument("file")
@click.option("--data", default=None, metavar="DATASET", help="the dataset file; default: the one the file names")
@click.option("--from", "since", default=None, metavar="DAY", help="first day, UTC: 2024-01-31")
@click.option("--to", "until", default=None, metavar="DAY", help="the day after the last, UTC")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@click.option("--out", default=None, metavar="PATH", help="write the report there; a page needs it")
@click.option("--ledger", default=None, metavar="FILE_OR_URL", help="where to write; default: as `karb run`")
@click.option("--every-bar", is_flag=True, help="judge every row, also those that cannot matter")
@click.pass_context
def command(
    ctx: click.Context, file: str, data: str | None, since: str | None, until: str | None, form: str, out: str | None,
    ledger: str | None, every_bar: bool,
) -> None:  # fmt: skip
    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    need_a_place(form, out)
    from karb_research.study import study_of

    study = study_of(app.backtest(file, Asked(data, since, until, ledger, every_bar), progress=form != "json"))
    if out is not None:
        write(Path(out), _whole(app, study, form))
        app.say(Words(f"written: {out}", f"저장: {out}"))
    else:
        _show(app, study, form)


def _show(app: App, study: Study, form: str) -> None:
    from karb_research.backtest_json import document
    from karb_research.backtest_text import show

    if form == "json":
        app.json(document(study))
    else:
        show(app, study)


def _whole(app: App, study: Study, form: str) -> str:
    from karb_research.backtest_json import document
    from karb_research.page import page

    if form == "json":
        return app.as_json(document(study)) + "\n"
    return page(study, app.lang)
