"""`karb replay`: what a desk took in, handed in again as a backtest, on paper and live, and held against its ledger."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from karb_core.cli.ledger_place import ledger_path
from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal
from karb_core.errors import DataUnusable, UsageMistake
from karb_core.texts.text import Text

if TYPE_CHECKING:
    from karb_core.ledger.ledger import Ledger
    from karb_core.ledger.runs import Run

_HELP = """\b
karb replay strategies/kimp_tiered.yaml
karb replay strategies/kimp_tiered.yaml --ledger study.sqlite

Hands every input that the file's desks took, in the order in which they took it, to the same desk again: over the
events' clock, through a house on paper, through a live one that the recording answers. Each has to decide the same, byte
for byte; the first decision that differs is named (exit code 7). Nothing is asked of a venue, and the ledger is only
read. A run that goes on, or was killed, ends it: what it took in last was not kept.
"""
_SHORT = 8  # karb: constant because so many letters of an id tell runs apart


@click.command("replay", help=_HELP)
@click.argument("file")
@click.option("--account", default=None, help="where the strategy has several")
@click.option("--ledger", default=None, metavar="FILE_OR_URL", help="default: ledger.sqlite in KARB_HOME (~/.karb)")
@click.pass_context
def command(ctx: click.Context, file: str, account: str | None, ledger: str | None) -> None:
    from karb_core.ledger.ledger import open_ledger
    from karb_core.wiring.replaying import WAYS, replayed

    terminal = Terminal.of(ctx)
    rulebook = rulebook_of(terminal, file)
    opened = open_ledger(ledger_path(ledger), read_only=True)
    try:
        runs = _runs(opened, rulebook.file.name, account)
        for mode in WAYS:
            with TemporaryDirectory() as folder:
                into = open_ledger(Path(folder) / "ledger.sqlite")
                try:
                    for came in replayed(opened, runs, rulebook, mode, into):
                        told = {"mode": mode, "run": came.run.id[:_SHORT], "count": came.decided}
                        if came.other is not None:
                            raise DataUnusable(Text("replay.not_the_same", {**told, "what": came.other}))
                        terminal.out(Text("replay.the_same", told))
                finally:
                    into.close()
    finally:
        opened.close()


def _runs(ledger: Ledger, strategy: str, account: str | None) -> list[Run]:
    """Those of one account that ended, up to the first that did not."""
    from karb_core.ledger.reading import lived
    from karb_core.wiring.whose_books import desks_of

    books = desks_of(ledger, account=account, strategy=strategy)
    mine = [each for each in lived(ledger) if (each.run.account, each.run.strategy) == (books.account, strategy)]
    ended = next((n for n, each in enumerate(mine) if each.ended is None), len(mine))
    if not ended:
        raise UsageMistake(Text("replay.not_ended"))
    return [each.run for each in mine[:ended]]
