"""`karb ledger export`: every row of a ledger as files that any other tool reads."""

from __future__ import annotations

import click

from karb_core.cli.ledger_place import named_ledger, one_ledger
from karb_core.cli.terminal import Terminal
from karb_core.texts.text import Text

_HELP = """\b
karb ledger export --to rows
karb ledger export paper.sqlite --to rows --format jsonl

One file for each table, in a folder that is new or empty. Numbers are written as the ledger has them, to the last
digit; times are nanoseconds of UTC since 1970. Of all tables one state, whoever writes meanwhile. Only reads.
"""


@click.command("export", help=_HELP, short_help="every table as files / 내보내기")
@one_ledger
@click.option("--to", "folder", required=True, metavar="FOLDER", help="where the files go: new, or empty")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.pass_context
def export_command(ctx: click.Context, place: str | None, ledger: str | None, folder: str, form: str) -> None:
    from karb_core.ledger.export import export, need_empty
    from karb_core.ledger.ledger import open_ledger

    terminal = Terminal.of(ctx)
    at = named_ledger(ctx, place, ledger)
    into = need_empty(folder)
    opened = open_ledger(at, read_only=True)
    try:
        written = export(opened, into, as_json=form == "jsonl")
    finally:
        opened.close()
    for file, rows in written.items():
        terminal.out(f"  {rows:>9}  {file}")
    terminal.out(Text("export.done", {"name": opened.name, "rows": sum(written.values()), "folder": folder}))
