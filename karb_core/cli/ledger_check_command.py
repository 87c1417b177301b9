"""`karb ledger check`: proves what must hold of a ledger, and names every row that breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from karb_core.cli.ledger_place import named_ledger, one_ledger
from karb_core.cli.terminal import Terminal, padded
from karb_core.errors import LedgerUnusable
from karb_core.texts.text import Text

if TYPE_CHECKING:
    from karb_core.ledger.check import Proved
    from karb_core.ledger.checks.violation import Violation

_HELP = """\b
karb ledger check
karb ledger check paper.sqlite
karb ledger check --ledger paper.sqlite
karb ledger check postgresql://karb@db/karb --format json

Everything that must hold of a whole ledger, with how many rows, orders or lots were looked at. What breaks it is named
by table, run and ordinal. Exit code 0: all of it holds; 8: something does not, or the ledger cannot be read. Only reads.
"""


@click.command("check", help=_HELP, short_help="prove what must hold / 검증")
@one_ledger
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def check_command(ctx: click.Context, place: str | None, ledger: str | None, form: str) -> None:
    from karb_core.ledger.check import check
    from karb_core.ledger.ledger import open_ledger
    from karb_core.ledger.reading import runs

    terminal = Terminal.of(ctx)
    opened = open_ledger(named_ledger(ctx, place, ledger), read_only=True)
    try:
        proved = check(opened)
        counted = {"name": opened.name, "version": opened.version, "runs": len(list(runs(opened)))}
    finally:
        opened.close()
    broken = sum(len(p.broken) for p in proved)
    if form == "json":
        terminal.json({**counted, "holds": not broken, "proved": [_as_json(terminal, p) for p in proved]})
        ctx.exit(LedgerUnusable.exit_code if broken else 0)
    terminal.out(Text("proved.head", counted))
    for one in proved:
        _show(terminal, one)
    if broken:
        args = {"name": opened.name, "count": broken}
        raise LedgerUnusable(Text("proved.some", args), Text("proved.some_help"))
    terminal.out(Text("proved.all"))


def _show(terminal: Terminal, proved: Proved) -> None:
    word = terminal.say(Text("proved.broken" if proved.broken else "proved.ok"))
    verdict = terminal.style(padded(word, 8), "error") if proved.broken else padded(word, 8)
    terminal.out(f"  {verdict}{proved.count:>9}  {terminal.say(Text(f'check.{proved.name}'))}")
    for violation in proved.broken:
        terminal.out(f"      {terminal.say(_line(violation))}")


def _line(violation: Violation) -> Text:
    args = {"table": violation.table, "run": violation.run_id, "ordinal": violation.ordinal, "what": violation.said}
    return Text("broken.line", args)


def _as_json(terminal: Terminal, proved: Proved) -> dict[str, object]:
    broken = [
        {"table": v.table, "run": v.run_id, "ordinal": v.ordinal, "what": terminal.say(v.said)} for v in proved.broken
    ]
    return {
        "name": proved.name,
        "about": terminal.say(Text(f"check.{proved.name}")),
        "count": proved.count,
        "broken": broken,
    }
