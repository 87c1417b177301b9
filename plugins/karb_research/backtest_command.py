"""`karb backtest FILE`: carries a strategy out over data and reports what came of it: as text, as JSON, as a page."""

from __future__ import annotations

import json
from pathlib import Path

import click

from karb_core.errors import UsageMistake
from karb_core.ports import App, Asked
from karb_core.texts.text import Words
from karb_research.backtest_json import document
from karb_research.backtest_text import show
from karb_research.study import Study, study_of

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
    _need_a_place(form, out)
    study = study_of(app.backtest(file, Asked(data, since, until, ledger, every_bar), progress=form != "json"))
    if out is not None:
        _write(Path(out), _whole(study, form, app.lang))
        app.say(Words(f"written: {out}", f"저장: {out}"))
    if form == "text":
        show(app, study)
    elif form == "json" and out is None:
        app.json(document(study))


def _need_a_place(form: str, out: str | None) -> None:
    """Errors: UsageMistake for a page without a file, a text with one, and a folder that is not there."""
    if form == "html" and out is None:
        raise UsageMistake(
            Words("a page needs a file: --out report.html", "HTML은 파일이 필요합니다: --out report.html")
        )
    if form == "text" and out is not None:
        raise UsageMistake(
            Words("--out goes with --format json or html", "--out은 --format json이나 html과 함께 씁니다")
        )
    if out is not None and not Path(out).absolute().parent.is_dir():
        folder = Path(out).parent
        raise UsageMistake(Words(f"there is no folder {folder}", f"{folder} 폴더가 없습니다"))


def _whole(study: Study, form: str, lang: str) -> str:
    if form == "json":
        return json.dumps({"format_version": 1, **document(study)}, ensure_ascii=False, indent=2) + "\n"
    from karb_research.page import page

    return page(study, lang)


def _write(path: Path, text: str) -> None:
    """Errors: UsageMistake where that cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as e:
        why = e.strerror or str(e)
        raise UsageMistake(Words(f"{path}: {why}", f"{path}: {why}")) from e
