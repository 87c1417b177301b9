"""The books by period as Markdown, CSV or a page that loads nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from html import escape

from karb_core.cli.terminal import Terminal
from karb_core.domain.exact import half_even
from karb_core.rules.shown import shown
from karb_core.texts.text import Text
from karb_core.wiring.period_books import PeriodRow

_HEADS = (
    "report.period", "pnl.by_pair", "pnl.by_tier", "pnl.lots", "report.won", "sum.premium", "sum.fees", "sum.funding",
    "sum.rate", "report.residual", "sum.net", "report.mean", "report.held",
)  # fmt: skip
_PLACES = 2  # karb: constant because it is a step of display
_HOUR_NS = 3_600_000_000_000  # karb: constant because an hour has so many nanoseconds
_CSV = (
    "from", "to", "pair", "tier", "lots", "won", "premium", "fees", "funding", "rate", "residual", "net", "asset", "held_s",
)  # fmt: skip
_SECOND_NS = 1_000_000_000  # karb: constant because a second has so many nanoseconds
_STYLE = """body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse}th,td{padding:.3rem .7rem;border-bottom:1px solid #ddd;text-align:right}
th:nth-child(-n+3),td:nth-child(-n+3){text-align:left}tr.all{font-weight:600;background:#f4f4f4}
@media(prefers-color-scheme:dark){body{color:#eee;background:#111}th,td{border-color:#333}tr.all{background:#222}}"""


def as_markdown(terminal: Terminal, title: str, rows: Sequence[PeriodRow]) -> str:
    """Rounded for reading; whoever wants each digit takes CSV."""
    head = [terminal.say(Text(key)) for key in _HEADS]
    lines = [_line(head), _line(["---"] * 3 + ["---:"] * (len(head) - 3)), *(_line(_cells(terminal, r)) for r in rows)]
    told = [
        f"# {title}",
        "",
        *(lines if rows else [terminal.say(Text("pnl.none"))]),
        "",
        terminal.say(Text("report.note")),
    ]
    return "\n".join(told) + "\n"


def as_csv(rows: Sequence[PeriodRow]) -> str:
    """Each digit, under names that do not change with a language."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(_CSV)
    for row in rows:
        one = row.earned
        parts = (one.premium, one.fees, one.funding, one.rate, row.residual, one.net)
        writer.writerow([
            row.began, row.ended, row.pair or "", row.tier or "", one.trades, row.won,
            *(f"{part.value:f}" for part in parts), one.net.asset, row.held_ns // _SECOND_NS,
        ])  # fmt: skip
    return made.getvalue()


def as_html(terminal: Terminal, title: str, rows: Sequence[PeriodRow]) -> str:
    head = "".join(f"<th>{escape(terminal.say(Text(key)))}</th>" for key in _HEADS)
    body = "".join(
        f"<tr{' class=all' if row.pair is None else ''}>{''.join(f'<td>{escape(c)}</td>' for c in _cells(terminal, row))}</tr>"
        for row in rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    shown_table = table if rows else f"<p>{escape(terminal.say(Text('pnl.none')))}</p>"
    return (
        f'<!doctype html><html lang="{terminal.lang}"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style><h1>{escape(title)}</h1>'
        f"{shown_table}<p>{escape(terminal.say(Text('report.note')))}</p></html>\n"
    )


def _line(cells: Sequence[str]) -> str:
    told = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(told)} |"


def _cells(terminal: Terminal, row: PeriodRow) -> list[str]:
    one = row.earned
    when = f"{row.began}" if row.began == row.ended else f"{row.began} - {row.ended}"
    parts = (one.premium, one.fees, one.funding, one.rate, row.residual, one.net)
    win = half_even(Decimal(row.win_rate.numerator * 100) / Decimal(row.win_rate.denominator), _PLACES)
    mean = half_even(Decimal(row.mean.numerator) / Decimal(row.mean.denominator), _PLACES)
    pair = terminal.say(Text("pnl.total")) if row.pair is None else row.pair
    return [
        when, pair, row.tier or "", str(one.trades), f"{row.won} ({win:f}%)",
        *(shown(part.text())[0] for part in parts), f"{mean:,f} {one.net.asset}",
        terminal.say(Text("report.hours", {"hours": row.held_ns // _HOUR_NS})),
    ]  # fmt: skip
