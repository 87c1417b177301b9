"""`karb report FILE`: what a strategy came to by day, week or month, pair by pair, as a page or a table."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from karb_core.cli.books_options import opened_books
from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal
from karb_core.errors import UsageMistake
from karb_core.texts.text import Text

_HELP = """\b
karb report my.yaml --period week
karb report my.yaml --period month --format html --out books.html
karb report my.yaml --period day --format csv --out books.csv --ledger live.sqlite

The books of a strategy by period: what the premium captured, fees, funding, the exchange rate, what none of them explains,
and net, for all of it, each pair and each tier, with how many lots won and how long they were held. A lot counts in the
period in which it ended; days are Korea's. CSV has every digit. Only reads.
"""
_FORMS = ("markdown", "csv", "html")


@click.command("report", help=_HELP)
@click.argument("file", metavar="FILE")
@click.option("--period", type=click.Choice(["day", "week", "month"]), required=True)
@click.option("--format", "form", type=click.Choice(_FORMS), default="markdown", show_default=True)
@click.option("--out", default=None, metavar="PATH", help="write it there; default: on the terminal")
@click.option("--ledger", default=None, metavar="FILE_OR_URL", help="default: ledger.sqlite in KARB_HOME (~/.karb)")
@click.option("--account", default=None, help="where the ledger has several")
@click.option("--run", default=None, metavar="ID", help="the books that this run wrote to; the beginning is enough")
@click.pass_context
def command(
    ctx: click.Context, file: str, period: str, form: str, out: str | None, ledger: str | None, account: str | None,
    run: str | None,
) -> None:  # fmt: skip
    from karb_core.cli.report_forms import as_csv, as_html, as_markdown
    from karb_core.wiring.kept_lots import kept_lots, trades_by_book
    from karb_core.wiring.period_books import Period, period_rows

    terminal = Terminal.of(ctx)
    name = rulebook_of(terminal, file).file.name
    with opened_books(ledger, run, account, name) as (opened, books):
        kept = kept_lots(opened, books.whose)
    trades, unrated = trades_by_book(kept.closed)
    rows = list(period_rows(trades, cast("Period", period)))
    title = terminal.say(Text("report.title", {"name": name, "account": books.account}))
    made = as_csv(rows) if form == "csv" else {"html": as_html, "markdown": as_markdown}[form](terminal, title, rows)
    _put(terminal, made, out)
    if unrated:
        terminal.err(Text("pnl.unrated", {"lots": ", ".join(lot.id for lot in unrated)}))


def _put(terminal: Terminal, made: str, out: str | None) -> None:
    if out is None:
        terminal.out(made.rstrip("\n"))
        return
    try:
        Path(out).write_text(made, "utf-8")
    except OSError as e:
        raise UsageMistake(Text("report.unwritten", {"path": out, "why": e.strerror or ""})) from e
    terminal.out(Text("report.wrote", {"path": out}))
