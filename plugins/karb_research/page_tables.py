"""The tables of a page, as HTML: they stand without a script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from karb_core.domain.amount import Amount
from karb_research import labels
from karb_research.breakdown import Group
from karb_research.correlation import Correlations
from karb_research.equity_curve import ratio
from karb_research.page_words import both
from karb_research.refused import Refused
from karb_research.shown import place

_GROUPS = ("name", "trades", "won", "premium", "rate", "funding", "fees", "net")
_REFUSED = ("line", "ways", "judged", "episodes")
_DETAIL = frozenset({"won", "premium", "rate", "funding", "fees", "ways", "judged"})
_WORDS = frozenset({"line", "ways"})


def cards(rows: Iterable[labels.Row]) -> str:
    """Shape: a list of names and values."""
    told = "".join(f"<dt>{both(row.label)}</dt><dd>{both(row.told)}</dd>" for row in rows)
    return f"<dl>{told}</dl>"


def groups(rows: Sequence[Group]) -> str:
    """With a bar for each net, as long as it is beside the largest. What a phone has no room for is left out there."""
    largest = max((abs(group.parts.net) for group in rows), default=None)
    lines = [
        f"<tr>{_cells(_GROUPS, labels.group_cells(group))}{_net_bar(group.parts.net, largest)}</tr>" for group in rows
    ]
    return _table(_GROUPS, lines)


def refusals(rows: Sequence[Refused]) -> str:
    if not rows:
        return f"<p>{both(labels.NONE)}</p>"
    most = rows[0].episodes
    lines = []
    for row in rows:
        line = f"{place(row.by)} {row.by.written}".strip()
        named = f'<td class="word">{escape(row.by.rule)}<div class="dim">{escape(line)}</div></td>'
        ways = f'<td class="{_class("ways")}">{both(labels.ways_words(row.ways))}</td>'
        cells = _cells(_REFUSED[2:], (str(row.judged), str(row.episodes)))
        lines.append(f"<tr>{named}{ways}{cells}{_bar('count', row.episodes / most)}</tr>")
    return _table(_REFUSED, lines)


def grid(found: Correlations) -> str:
    """A square of numbers, the stronger the more of its colour."""
    head = "".join(f"<th>{escape(name)}</th>" for name in found.names)
    lines = [
        f"<tr><td>{escape(name)}</td>{''.join(map(_square, row))}</tr>"
        for name, row in zip(found.names, found.rows, strict=True)
    ]
    return f'<div class="wide"><table class="grid"><tr><th></th>{head}</tr>{"".join(lines)}</table></div>'


def _square(value: float | None) -> str:
    if value is None:
        return "<td>·</td>"
    color, part = ("--one" if value >= 0 else "--bad"), abs(value) / 2  # half of it at most, so that it can be read
    return f'<td style="background:color-mix(in srgb, var({color}) {part:.0%}, transparent)">{value:.2f}</td>'


def _table(keys: Sequence[str], lines: Sequence[str]) -> str:
    heads = "".join(f'<th class="{_class(key)}">{both(labels.HEADS[key])}</th>' for key in keys)
    return f'<div class="wide"><table><tr>{heads}<th class="bar"></th></tr>{"".join(lines)}</table></div>'


def _cells(keys: Sequence[str], cells: Sequence[str]) -> str:
    return "".join(f'<td class="{_class(key)}">{escape(cell)}</td>' for key, cell in zip(keys, cells, strict=True))


def _class(key: str) -> str:
    return " ".join(name for name, those in (("detail", _DETAIL), ("word", _WORDS)) if key in those)


def _net_bar(net: Amount, largest: Amount | None) -> str:
    part = ratio(abs(net), largest) if largest is not None and largest.value else 0.0
    return _bar("gain" if net.value >= 0 else "loss", part)


def _bar(kind: str, part: float) -> str:
    return f'<td class="bar"><div class="{kind}" style="width:{part:.1%}"></div></td>'
