"""`karb walkforward STUDY`: a point taken from each window by the study's own sentence, carried out over the days after."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from karb_core.errors import UsageMistake
from karb_core.ports import App, Asked, Points, Where
from karb_core.texts.text import Words
from karb_research.places import beside, need_a_place, write

if TYPE_CHECKING:
    from karb_research.axes import Grid
    from karb_research.sweep_file import StudyFile, WalkForward
    from karb_research.walked import Walked
    from karb_research.walking import Walk
    from karb_research.windows import Laid

_HELP = """\b
karb walkforward bench/quick_walk.yaml
karb walkforward bench/quick_walk.yaml --format json --out walk.json

The study states the windows and by which figure a point is taken from each. Each point of a window is carried out in
sample, then the one that is taken over the days after it alone. What was found out in sample is kept, so the same study
goes on where it was stopped. It recommends nothing, and the strategy's file is never changed.
"""
_SECOND = 1_000_000_000  # karb: constant because a second has so many nanoseconds


@click.command("walkforward", help=_HELP)
@click.argument("study")
@click.option("--data", default=None, metavar="DATASET", help="the dataset file; default: the one the study names")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--out", default=None, metavar="PATH", help="write the JSON there")
# karb: constant because there is no less than one process
@click.option("--cores", type=click.IntRange(min=1), default=None, help="processes; default: all cores")
@click.option("--on", "cluster", default=None, metavar="tcp://HOST:PORT", help="the workers of a Dask cluster instead")
@click.option("--store", default=None, metavar="FILE_OR_URL", help="where points are kept; default: in karb's home")
@click.pass_context
def command(
    ctx: click.Context, study: str, data: str | None, form: str, out: str | None, cores: int | None,
    cluster: str | None, store: str | None,
) -> None:  # fmt: skip
    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    need_a_place(form, out)
    if cluster is not None and cores is not None:
        raise UsageMistake(Words("--on and --cores exclude each other", "--on과 --cores는 함께 쓸 수 없습니다"))
    from karb_research.axes import grid_of
    from karb_research.sweep_file import StudyFile
    from karb_research.walked import walked
    from karb_research.windows import windows_of

    file = app.read(study, StudyFile)
    asked = _asked(study, file)
    named = beside(study, file.data) if data is None and file.data is not None else data
    strategy, until = beside(study, file.strategy), None if file.to is None else file.to.isoformat()
    points = app.points(strategy, Asked(named, None, until), Where(cores, cluster))
    grid = grid_of(study, file, points, app.lines(strategy))
    laid = windows_of(study, asked.windows, *_span_ns(points, file.from_))
    found = walked(_walks(app, file, asked, grid, points, laid, store))
    _report(app, file, strategy, points.data, grid, laid, found, form, out)


def _walks(
    app: App, file: StudyFile, asked: WalkForward, grid: Grid, points: Points, laid: Laid, store: str | None
) -> tuple[Walk, ...]:
    from karb_research.sweep_words import STOPPED
    from karb_research.walking import Walking

    def told(window: int, windows: int, done: int, most: int) -> None:
        app.progress(
            Words(
                f"window {window} of {windows}: points {done} of {most}", f"창 {window} / {windows}: 점 {done} / {most}"
            )
        )

    with app.kept_points(store) as kept:
        try:
            walks = Walking(grid, file.sampler, asked.take, points, kept, app.clock(), told).walk(laid.windows)
        except KeyboardInterrupt:
            app.progress(None)
            app.warn(STOPPED)
            raise
    app.progress(None)
    return walks


def _report(
    app: App,
    file: StudyFile,
    strategy: str,
    data: str,
    grid: Grid,
    laid: Laid,
    found: Walked,
    form: str,
    out: str | None,
) -> None:
    from karb_research.walk_json import document
    from karb_research.walk_text import show
    from karb_research.walk_words import head

    assert file.walk_forward is not None
    take = file.walk_forward.take
    if form == "text":
        points = len(found.rows[0].walk.rows)
        rolling = file.walk_forward.windows.rolling is not None
        show(app, file.study, head(laid, take, rolling=rolling, points=points), grid, take, found)
    elif out is None:
        app.json(document(file, strategy, data, grid, take, laid, found))
    else:
        write(Path(out), app.as_json(document(file, strategy, data, grid, take, laid, found)) + "\n")
        app.say(Words(f"written: {out}", f"저장: {out}"))


def _asked(path: str, file: StudyFile) -> WalkForward:
    """Errors: UsageMistake for a study without windows, and for one that also sets days aside."""
    if file.walk_forward is None:
        said = Words(f"{path} states no windows", f"{path}에 창(walk_forward)이 없습니다")
        example = (
            "walk_forward: {windows: {rolling: {in_sample: 90d, out_of_sample: 30d}},"
            " take: {measure: sharpe, towards: highest}}"
        )
        raise UsageMistake(said, Words(f"write for example: {example}", f"예: {example}"))
    if file.out_of_sample is not None:
        said = Words(
            f"{path} sets days aside by `out_of_sample`, which windows would choose on",
            f"{path}: `out_of_sample`로 떼어 둔 날을 창이 쓰게 됩니다",
        )
        raise UsageMistake(
            said,
            Words("write out_of_sample: none, or an earlier `to`", "out_of_sample: none 이나 더 이른 `to`를 쓰세요"),
        )
    return file.walk_forward


def _span_ns(points: Points, first: date | None) -> tuple[int, int]:
    """Of the data, from the study's first day on: what lies before is looked back on."""
    from_ns, until_ns = points.span_ns
    if first is None:
        return from_ns, until_ns
    return max(from_ns, int(datetime.combine(first, time(), UTC).timestamp()) * _SECOND), until_ns
