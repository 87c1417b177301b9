"""A walk forward as text: a row for each window, then all out-of-sample stretches as one."""

from __future__ import annotations

from karb_core.ports import App
from karb_core.texts.text import Words, render
from karb_research import walk_words as words
from karb_research.axes import Grid
from karb_research.sweep_file import Take
from karb_research.sweep_words import NONE, number
from karb_research.walked import Walked, WalkRow


def show(app: App, name: str, head: Words, grid: Grid, take: Take, found: Walked) -> None:
    app.say(f"{name}  {render(head, app.lang)}")
    app.say()
    heads = {key: render(said, app.lang) for key, said in words.HEADS.items()}
    first = [heads["window"], heads["in_sample"], heads["out_of_sample"], heads["point"]]
    measured = [f"{take.measure} {heads[key]}" for key in ("in", "out")]
    last = [*measured, *(heads[key] for key in ("net_in", "net_out", "efficiency"))]
    rows = [[*first, *(axis.name for axis in grid.axes), *last], *(_cells(grid, take, row) for row in found.rows)]
    # karb: constant because the first three columns are dates
    app.table([(f"  {row[0]}", *row[1:]) for row in rows], right=range(3, len(rows[0])))
    for row in found.rows:
        why = words.why_nothing(row, take)
        if why is not None:
            app.say(app.style(f"  {row.walk.window.number}  {render(why, app.lang)}", "warning"))
    if found.joined is not None:
        _joined(app, found)
    app.say()
    app.say(app.style(render(words.MEANING, app.lang), "dim"))
    app.say(app.style(render(words.NO_ADVICE, app.lang), "dim"))


def _joined(app: App, found: Walked) -> None:
    assert found.joined is not None
    app.say()
    app.say(app.style(render(words.JOINED, app.lang), "note"))
    told = [
        (label, f"{found.joined.days:,}" if measure is None else words.told(found.joined, measure))
        for measure, label in words.FIGURES
    ]
    told.append((words.HEADS["efficiency"], _share(found.efficiency)))
    app.table([(f"  {render(label, app.lang)}", value) for label, value in told], right=(1,))


def _cells(grid: Grid, take: Take, row: WalkRow) -> list[str]:
    window, taken = row.walk.window, row.walk.taken
    days = ["..".join(day.isoformat() for day in stretch) for stretch in (window.in_sample, window.out_of_sample)]
    labels = [NONE] * len(grid.axes) if taken is None else grid.labels(taken.place)
    measured = [
        words.told(figures, measure) for measure in (take.measure, "net") for figures in (row.inside, row.outside)
    ]
    point = NONE if taken is None else str(taken.number)
    return [str(window.number), *days, point, *labels, *measured, _share(row.efficiency)]


def _share(value: float | None) -> str:
    return number(value)
