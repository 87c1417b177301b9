"""A sweep as text: every point in the order of the study, then those that could not be carried out, and why."""

from __future__ import annotations

from collections.abc import Sequence

from karb_core.ports import App
from karb_core.texts.text import Words, render
from karb_research import sweep_words
from karb_research.goal import Reached
from karb_research.sweep_table import SweepTable, TableRow


def show(app: App, name: str, table: SweepTable) -> None:
    app.say(f"{name}  {render(sweep_words.head(table), app.lang)}")
    app.say()
    _rows(app, table, table.rows)
    app.say()
    app.say(app.style(render(sweep_words.meaning(table), app.lang), "dim"))
    app.say(app.style(render(sweep_words.NO_ADVICE, app.lang), "dim"))
    refused = [row for row in table.rows if isinstance(row.row.found, Words)]
    if refused:
        app.say()
        app.say(app.style(render(sweep_words.NOT_CARRIED, app.lang), "warning"))
    for row in refused:
        assert isinstance(row.row.found, Words)
        app.say(f"  {row.row.number}  {' '.join(row.labels)}  {render(row.row.found, app.lang)}")


def show_goal(app: App, found: Reached, table: SweepTable) -> None:
    """Those that reach it in both stretches; how many did in sample is said beside it."""
    app.say()
    app.say(app.style(render(sweep_words.reached(found, table), app.lang), "note"))
    if found.both:
        _rows(app, table, found.both)


def _rows(app: App, table: SweepTable, rows: Sequence[TableRow]) -> None:
    keys = sweep_words.columns(table)
    names = [axis.name for axis in table.swept.grid.axes]
    heads = [render(sweep_words.HEADS[key], app.lang) for key in ("number", *keys)]
    told = [heads[:1] + names + heads[1:]]
    told += [[str(row.row.number), *row.labels, *(sweep_words.cell(key, row) for key in keys)] for row in rows]
    app.table([(f"  {line[0]}", *line[1:]) for line in told], right=range(1, len(told[0])))
