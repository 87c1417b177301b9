"""A sweep as a page: one file that loads nothing, in both languages, heat maps of two axes and every point below."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from importlib.resources import files

from karb_core.texts.text import Words
from karb_research import sweep_words
from karb_research.figures_shown import percent_of, plain
from karb_research.goal import Reached
from karb_research.heat_map import Cell, drawn, left_out, maps_of, strongest_of
from karb_research.page_words import both
from karb_research.sweep_file import StudyFile
from karb_research.sweep_table import SweepTable, TableRow

#: What a heat map shows of a point, and how strong it is.
Told = Callable[[TableRow], tuple[str, float | None]]


def page(study: StudyFile, strategy: str, data: str, table: SweepTable, goal: Reached | None, lang: str) -> str:
    """`lang`: the language it opens in."""
    filled = {
        "@lang@": lang,
        "@title@": escape(f"{study.study} - karb"),
        "@style@": _part("page.css"),
        "@body@": "\n".join(_body(study, strategy, data, table, goal)),
        "@figures@": "{}",
        "@script@": _part("sweep.js"),
    }
    out = []
    for line in _part("page.html").split("\n"):
        mark = next((mark for mark in filled if mark in line), None)
        out.append(line if mark is None else line.replace(mark, filled[mark]))
    return "\n".join(out)


def _part(name: str) -> str:
    return files("karb_research").joinpath("page_parts", name).read_text(encoding="utf-8").rstrip("\n")


def _body(study: StudyFile, strategy: str, data: str, table: SweepTable, goal: Reached | None) -> Iterator[str]:
    yield f"<header><h1>{escape(study.study)}</h1>"
    yield '<div class="screen"><button id="switch" type="button"></button> '
    yield f'<button id="print" type="button">{both(Words("Print", "인쇄"))}</button></div></header>'
    if study.about:
        yield f"<p>{escape(study.about)}</p>"
    yield f'<p class="dim">{escape(f"{strategy}, {data}")}</p>'
    yield f"<p>{both(sweep_words.head(table))}</p>"
    yield f'<p class="warning">{both(sweep_words.NO_ADVICE)}</p>'
    for title, told in _MAPS:
        yield from _maps(table, title, told)
    if goal is not None:
        yield from _goal(table, goal)
    yield f"<h2>{both(Words('Every point', '모든 점'))}</h2>"
    yield f'<p class="dim">{both(sweep_words.meaning(table))}</p>'
    yield from _table(table, table.rows)
    yield from _refused(table)


def _maps(table: SweepTable, title: Words, told: Told) -> Iterator[str]:
    cells = {row.row.place: _cell(row, told) for row in table.rows}
    found, whole = maps_of(table.swept.grid, cells)
    if found:
        yield f"<h2>{both(_of_stretch(title, table))}</h2>"
        yield '<div class="maps">'
        for one in found:
            yield from drawn(one, strongest_of(cells))
        yield "</div>"
        yield left_out(len(found), whole)


def _of_stretch(title: Words, table: SweepTable) -> Words:
    """What is looked at before the rules are settled is in sample."""
    return Words(f"{title.en}, in sample", f"{title.ko}, 표본 안") if table.swept.out_of_sample else title


def _cell(row: TableRow, told: Told) -> Cell:
    text, value = (sweep_words.NONE, None) if row.figures is None else told(row)
    hint = f"{row.row.number}: {', '.join(row.labels)}"
    return Cell(text, value, hint)


def _net(row: TableRow) -> tuple[str, float | None]:
    assert row.figures is not None
    net = row.figures.judged.net
    return plain(net), float(net.value)  # a colour's strength, no amount


def _sharpe(row: TableRow) -> tuple[str, float | None]:
    assert row.figures is not None
    return sweep_words.number(row.figures.judged.sharpe), row.figures.judged.sharpe


def _around(row: TableRow) -> tuple[str, float | None]:
    return sweep_words.number(row.around.sharpe), row.around.sharpe


def _deflated(row: TableRow) -> tuple[str, float | None]:
    return sweep_words.number(row.deflated), row.deflated


def _drawdown(row: TableRow) -> tuple[str, float | None]:
    assert row.figures is not None
    fell = row.figures.judged.max_drawdown
    return percent_of(fell), fell


_MAPS: tuple[tuple[Words, Told], ...] = (
    (Words("Net, open lots at the last prices", "순손익 (열린 로트는 마지막 가격)"), _net),
    (Words("Sharpe", "샤프"), _sharpe),
    (Words("Sharpe of the neighbours, their median", "이웃의 샤프 중앙값"), _around),
    (Words("Sharpe, deflated for the number of points", "점의 수로 보정한 샤프"), _deflated),
    (Words("Deepest drawdown", "최대 낙폭"), _drawdown),
)


def _goal(table: SweepTable, goal: Reached) -> Iterator[str]:
    yield f"<h2>{both(Words('Goal', '목표'))}: {escape(goal.goal.written)}</h2>"
    yield f"<p>{both(sweep_words.reached(goal, table))}</p>"
    if goal.both:
        yield from _table(table, goal.both)


def _table(table: SweepTable, rows: tuple[TableRow, ...]) -> Iterator[str]:
    keys = sweep_words.columns(table)
    heads = [both(sweep_words.HEADS["number"]), *(escape(axis.name) for axis in table.swept.grid.axes)]
    heads += [both(sweep_words.HEADS[key]) for key in keys]
    yield f'<div class="wide"><table><tr>{"".join(f"<th>{head}</th>" for head in heads)}</tr>'
    for row in rows:
        cells = [str(row.row.number), *row.labels, *(sweep_words.cell(key, row) for key in keys)]
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
    yield "</table></div>"


def _refused(table: SweepTable) -> Iterator[str]:
    refused = [row for row in table.rows if isinstance(row.row.found, Words)]
    if not refused:
        return
    yield f'<p class="warning">{both(sweep_words.NOT_CARRIED)}</p><div class="wide"><table>'
    for row in refused:
        assert isinstance(row.row.found, Words)
        told = f'<td class="word">{both(row.row.found)}</td>'
        yield f"<tr><td>{row.row.number}</td><td>{escape(', '.join(row.labels))}</td>{told}</tr>"
    yield "</table></div>"
