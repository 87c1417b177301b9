"""Two axes of a sweep as a table whose cells are the stronger the more of their colour they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import product

from karb_core.texts.text import Words
from karb_research.axes import Axis, Grid, Place
from karb_research.page_words import both

_MOST = 24  # karb: constant because more maps than that nobody looks at: the table has every point

_READABLE = 14  # karb: constant because more columns are seen whole as colours only, figures under the hand


@dataclass(frozen=True, slots=True)
class Cell:
    """told: what stands there; value: how strong it is, None where nothing is known; hint: what it stands for."""

    told: str
    value: float | None
    hint: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Down one axis, across another; `of`: at which levels of the others, empty where there are none."""

    of: tuple[tuple[str, str], ...]
    down: Axis
    across: Axis
    cells: Mapping[tuple[int, int], Cell]


def maps_of(grid: Grid, cells: Mapping[Place, Cell]) -> tuple[list[HeatMap], int]:
    """One for each combination of the other axes' levels, the first of them where there are too many; and how many there
    would be. The two axes with the most levels span a map, in the study's order. Edge: none for fewer than two axes."""
    if len(grid.axes) < 2:
        return [], 0
    longest = sorted(range(len(grid.axes)), key=lambda n: -len(grid.axes[n].levels))[:2]
    down, across = sorted(longest)
    others = [n for n in range(len(grid.axes)) if n not in (down, across)]
    fixed = list(product(*(range(len(grid.axes[n].levels)) for n in others)))
    return [_map(grid, down, across, dict(zip(others, each, strict=True)), cells) for each in fixed[:_MOST]], len(fixed)


def _map(grid: Grid, down: int, across: int, fixed: Mapping[int, int], cells: Mapping[Place, Cell]) -> HeatMap:
    found = {}
    for row, column in product(range(len(grid.axes[down].levels)), range(len(grid.axes[across].levels))):
        at = {**fixed, down: row, across: column}
        place = tuple(at[n] for n in range(len(grid.axes)))
        if place in cells:
            found[row, column] = cells[place]
    of = tuple((grid.axes[n].name, grid.axes[n].levels[level].label) for n, level in fixed.items())
    return HeatMap(of, grid.axes[down], grid.axes[across], found)


def drawn(one: HeatMap, strongest: float) -> Iterator[str]:
    """HTML. `strongest`: the value of full colour, that of all maps which are to be compared."""
    yield "<div>"
    if one.of:
        yield f"<h3>{escape(', '.join(f'{name}: {label}' for name, label in one.of))}</h3>"
    corner = f"{escape(one.down.name)} \\ {escape(one.across.name)}"
    heads = "".join(f"<th>{escape(level.label)}</th>" for level in one.across.levels)
    kind = "heat fine" if len(one.across.levels) > _READABLE else "heat"
    yield f'<div class="wide"><table class="{kind}"><tr><th>{corner}</th>{heads}</tr>'
    for row, level in enumerate(one.down.levels):
        told = "".join(_cell(one.cells.get((row, column)), strongest) for column in range(len(one.across.levels)))
        yield f"<tr><td>{escape(level.label)}</td>{told}</tr>"
    yield "</table></div></div>"


def _cell(cell: Cell | None, strongest: float) -> str:
    """Edge: a point that was not asked for is empty; one without a value has a point in it."""
    if cell is None:
        return "<td></td>"
    hint = escape(f"{cell.hint}: {cell.told}", quote=True)
    if cell.value is None or not strongest:
        return f'<td title="{hint}">{escape(cell.told)}</td>'
    # karb: constant because it is a colour's strength, so that text on it can be read
    color, part = ("--one" if cell.value >= 0 else "--bad"), abs(cell.value) / strongest * 0.6  # so that it can be read
    style = f"background:color-mix(in srgb, var({color}) {part:.0%}, transparent)"
    return f'<td style="{style}" title="{hint}">{escape(cell.told)}</td>'


def strongest_of(cells: Mapping[Place, Cell]) -> float:
    return max((abs(cell.value) for cell in cells.values() if cell.value is not None), default=0.0)


def left_out(shown: int, whole: int) -> str:
    """What is said where there are more maps than are drawn."""
    if shown >= whole:
        return ""
    told = Words(
        f"The first {shown} of {whole} maps: the table below has every point.",
        f"지도 {whole}개 중 처음 {shown}개입니다. 아래 표에 모든 점이 있습니다.",
    )
    return f'<p class="dim">{both(told)}</p>'
