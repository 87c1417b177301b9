"""`karb compare FILE_OR_RUN...`: several strategies or runs side by side, and which line made them decide otherwise."""

from __future__ import annotations

import click

from karb_core.errors import UsageMistake
from karb_core.ports import App, Asked

_HELP = """\b
karb compare conservative.yaml wider.yaml extremes.yaml --data datasets/real_1h.yaml
karb compare kmq3gzqv 7xw2ahpo --ledger paper.sqlite
karb compare mine.yaml kmq3gzqv --ledger study.sqlite --format json
karb compare --study studies/abc.yaml

Files are carried out over data, each as `karb backtest` does; anything else is the beginning of a run's id, read from the
ledger. All figures stand side by side. Then each is held against the first: the lines of the file that differ, the
entries and ways out that only one decided or that moved other amounts, and the line that made each of them differ.
"""


@click.command("compare", help=_HELP)
@click.argument("named", nargs=-1, metavar="FILE_OR_RUN...")
@click.option("--study", default=None, metavar="FILE", help="sets of files, their data and days, from a file instead")
@click.option("--data", default=None, metavar="DATASET", help="of all files; default: the one each file names")
@click.option("--from", "since", default=None, metavar="DAY", help="first day, UTC: 2024-01-31")
@click.option("--to", "until", default=None, metavar="DAY", help="the day after the last, UTC")
@click.option(
    "--ledger", default=None, metavar="FILE_OR_URL", help="of runs, and where files write; default: as `karb run`"
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(
    ctx: click.Context, named: tuple[str, ...], study: str | None, data: str | None, since: str | None, until: str | None,
    ledger: str | None, form: str,
) -> None:  # fmt: skip
    from karb_research.compare_json import document
    from karb_research.compare_text import show
    from karb_research.compare_words import FEW, STUDY_SAYS
    from karb_research.compared import compared
    from karb_research.entrant import entrants

    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    if study is not None:
        if named or data is not None or since is not None or until is not None:
            raise UsageMistake(STUDY_SAYS)
        _compare_sets(app, study, ledger, form)
        return
    if len(named) < 2:  # karb: constant because one alone cannot be compared
        raise UsageMistake(FEW)
    found = compared(entrants(app, named, Asked(data, since, until, ledger), progress=form != "json"))
    if form == "json":
        app.json(document(found, app.lang))
    else:
        show(app, found)


def _compare_sets(app: App, path: str, ledger: str | None, form: str) -> None:
    from karb_research.compare_json import document
    from karb_research.compare_text import show, show_set
    from karb_research.comparing import comparing
    from karb_research.comparison_file import ComparisonFile

    file = app.read(path, ComparisonFile)
    found = comparing(app, path, file, ledger, progress=form != "json")
    if form == "json":
        sets = [{"set": name, **document(each, app.lang)} for name, each in found.items()]
        app.json({"comparison": file.comparison, "sets": sets})
        return
    for name, each in found.items():
        show_set(app, name)
        show(app, each)
