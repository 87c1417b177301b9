"""`karb sweep STUDY`: a strategy tried out with other values, over the same data. It ends in tables, never in advice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from karb_core.errors import UsageMistake
from karb_core.ports import App, Asked, Points, Where
from karb_core.texts.text import Words
from karb_research.places import beside, need_a_place, write

if TYPE_CHECKING:
    from karb_research.goal import Goal, Reached
    from karb_research.sweep_file import StudyFile
    from karb_research.sweep_table import SweepTable

_HELP = """\b
karb sweep bench/quick_sweep.yaml
karb sweep bench/quick_sweep.yaml --goal 'sharpe > 1.0 and trades >= 10'
karb sweep bench/quick_sweep.yaml --format html --out sweep.html
karb sweep bench/quick_sweep.yaml --check 3

Each point is a whole backtest of the strategy with its lines written otherwise; the strategy's file is never changed.
What was found out is kept, so the same study goes on where it was stopped. The rows stand in the study's order: nothing
is ranked and nothing is recommended.
"""


@click.command("sweep", help=_HELP)
@click.argument("study")
@click.option("--data", default=None, metavar="DATASET", help="the dataset file; default: the one the study names")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@click.option("--out", default=None, metavar="PATH", help="write the report there; a page needs it")
@click.option("--goal", default=None, metavar="BOUNDS", help="list the points that reach it in and out of sample")
@click.option(
    "--check", "proofs", default=0, metavar="N", help="carry N of the points out by `karb backtest` and compare"
)
# karb: constant because there is no less than one process
@click.option("--cores", type=click.IntRange(min=1), default=None, help="processes; default: all cores")
@click.option("--on", "cluster", default=None, metavar="tcp://HOST:PORT", help="the workers of a Dask cluster instead")
@click.option("--store", default=None, metavar="FILE_OR_URL", help="where points are kept; default: in karb's home")
@click.option("--propose", default=None, metavar="PATH", help="write a patch of one point there; needs --point")
# karb: constant because points are numbered from one on
@click.option("--point", type=click.IntRange(min=1), default=None, help="the point of --propose, by its number")
@click.pass_context
def command(
    ctx: click.Context, study: str, data: str | None, form: str, out: str | None, goal: str | None, proofs: int,
    cores: int | None, cluster: str | None, store: str | None, propose: str | None, point: int | None,
) -> None:  # fmt: skip
    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    need_a_place(form, out)
    if (propose is None) != (point is None):
        said = Words("--propose and --point go together", "--propose와 --point는 함께 씁니다")
        raise UsageMistake(said, Words("--propose change.patch --point 7", "--propose change.patch --point 7"))
    if cluster is not None and cores is not None:
        raise UsageMistake(Words("--on and --cores exclude each other", "--on과 --cores는 함께 쓸 수 없습니다"))
    from karb_research.goal import goal_of
    from karb_research.proposal import named_point, patch
    from karb_research.sweep_file import StudyFile
    from karb_research.sweep_proof import prove

    wanted = None if goal is None else goal_of(goal)
    file = app.read(study, StudyFile)
    _need_split(study, file, wanted)
    strategy, asked = beside(study, file.strategy), _asked(study, file, data)
    points = app.points(strategy, asked, Where(cores, cluster))
    table = _swept(app, study, file, points, strategy, store)
    _report(app, file, strategy, points.data, table, wanted, form, out)
    if proofs:
        same = prove(app, points, table, asked, proofs)
        app.warn(
            Words(f"checked: {same} points equal `karb backtest`", f"확인: 점 {same}개가 `karb backtest`와 같습니다")
        )
    if propose is not None and point is not None:
        write(Path(propose), patch(points, table, named_point(table, point), strategy))
        told = Words(
            f"written: {propose}. Nothing was changed: apply it yourself, then `karb check` and `karb lock`",
            f"저장: {propose}. 아무것도 바꾸지 않았습니다. 직접 적용한 뒤 `karb check`와 `karb lock`을 하세요",
        )
        app.warn(told)


def _swept(app: App, path: str, file: StudyFile, points: Points, strategy: str, store: str | None) -> SweepTable:
    from karb_research.axes import grid_of
    from karb_research.sampling import sampling_of
    from karb_research.sweep_table import table_of
    from karb_research.sweep_words import STOPPED
    from karb_research.sweeping import Sweeping

    def told(done: int, most: int) -> None:
        app.progress(Words(f"points {done} of {most}", f"점 {done} / {most}"))

    grid = grid_of(path, file, points, app.lines(strategy))
    sampling = sampling_of(file.sampler, grid)
    with app.kept_points(store) as kept:
        try:
            swept = Sweeping(grid, file.out_of_sample, points, kept, app.clock(), told).sweep(sampling)
        except KeyboardInterrupt:
            app.progress(None)
            app.warn(STOPPED)
            raise
    app.progress(None)
    return table_of(swept)


def _report(
    app: App,
    file: StudyFile,
    strategy: str,
    data: str,
    table: SweepTable,
    goal: Goal | None,
    form: str,
    out: str | None,
) -> None:
    from karb_research.goal import reached
    from karb_research.sweep_json import document
    from karb_research.sweep_text import show, show_goal

    found: Reached | None = None if goal is None else reached(goal, table)
    if form == "html":
        from karb_research.sweep_page import page

        assert out is not None
        write(Path(out), page(file, strategy, data, table, found, app.lang))
    elif form == "json" and out is not None:
        write(Path(out), app.as_json(document(file, strategy, data, table, found)) + "\n")
    elif form == "json":
        app.json(document(file, strategy, data, table, found))
    else:
        show(app, file.study, table)
        if found is not None:
            show_goal(app, found, table)
    if out is not None:
        app.say(Words(f"written: {out}", f"저장: {out}"))


def _need_split(path: str, file: StudyFile, goal: Goal | None) -> None:
    if goal is not None and file.out_of_sample is None:
        said = Words(
            f"{path} has no days out of sample, so nothing can be said of a goal there",
            f"{path}: 표본 밖의 날이 없어 목표를 판단할 수 없습니다",
        )
        raise UsageMistake(said, Words("write for example: out_of_sample: 2025-04-01", "예: out_of_sample: 2025-04-01"))


def _asked(path: str, file: StudyFile, data: str | None) -> Asked:
    named = beside(path, file.data) if data is None and file.data is not None else data
    since, until = (None if day is None else day.isoformat() for day in (file.from_, file.to))
    return Asked(named, since, until)
