"""`karb parity RUN`: a run on paper or live against a backtest on what it recorded, each difference with its cause."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from karb_core.cli.ledger_place import ledger_path
from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal
from karb_core.errors import DataUnusable, UsageMistake
from karb_core.texts.text import Text

_HELP = """\b
karb parity kmq3gzqv
karb parity kmq3gzqv --ledger paper.sqlite --data-out recorded
karb parity kmq3gzqv --file mine.yaml --format json
karb parity kmq3gzqv --against b7xw2a4e --other-ledger paper.sqlite

First the run is handed everything again that it took in: it has to decide the same, byte for byte. Then a backtest is
run over the bars, rates and settlements that it recorded, from the same moment on, and every lot of the one is held
against its lot of the other. What the two results differ by is told in rows that add up to the last digit, each with its
cause. Exit code 7: a decision over the same inputs differs, or a difference has no cause.

With --against the other side is a run that was recorded too, of the same rules at the same time: paper against live. Every
lot of the one is held against its lot of the other, and the difference is shown beside what the premium captured.

RUN is the beginning of a run's id (karb status). Its ledger is only read; nothing is asked of a venue.
"""


@click.command("parity", help=_HELP)
@click.argument("run")
@click.option("--ledger", default=None, metavar="FILE_OR_URL", help="default: ledger.sqlite in KARB_HOME (~/.karb)")
@click.option(
    "--file", default=None, metavar="FILE", help="the strategy, of the run's rules; default: as the ledger kept it"
)
@click.option("--against", default=None, metavar="RUN", help="another recorded run of these rules, not a backtest")
@click.option("--other-ledger", default=None, metavar="FILE_OR_URL", help="where that one is; default: the same")
@click.option("--data-out", default=None, metavar="FOLDER", help="keep what was recorded as a dataset, in a new folder")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(
    ctx: click.Context, run: str, ledger: str | None, file: str | None, against: str | None, other_ledger: str | None,
    data_out: str | None, form: str,
) -> None:  # fmt: skip
    if against is not None:
        if data_out is not None:
            raise UsageMistake(Text("parity.alone"))
        _between(Terminal.of(ctx), (run, ledger), (against, other_ledger), file, form)
        return
    from karb_core.cli.parity_json import document
    from karb_core.cli.parity_text import show
    from karb_core.ledger.ledger import open_ledger
    from karb_core.wiring.divergence.divergence import divergence
    from karb_core.wiring.divergence.recorded_dataset import NAME
    from karb_core.wiring.divergence.rules_tested import rules_of
    from karb_core.wiring.whose_books import REPLAYED, run_of

    terminal = Terminal.of(ctx)
    given = None if file is None else rulebook_of(terminal, file)
    opened = open_ledger(ledger_path(ledger), read_only=True)
    try:
        lived = run_of(opened, run)
        if lived.run.mode == REPLAYED:
            raise UsageMistake(Text("parity.replayed", {"run": lived.run.id}))
        rules = rules_of(opened, lived.run, given)
        with TemporaryDirectory() as folder:
            data = Path(folder) / "data" if data_out is None else Path(data_out)
            found = divergence(opened, lived, rules, Path(folder), data, time.time_ns())
    finally:
        opened.close()
    if form == "json":
        terminal.json(document(terminal, found))
    else:
        show(terminal, found)
    if data_out is not None:
        terminal.err(Text("parity.written", {"path": Path(data_out) / NAME}))
    if not found.holds:
        args = {
            "run": found.run.id,
            "decisions": found.came.apart,
            "rows": len(found.unexplained),
            "rest": found.rest.text(),
        }
        raise DataUnusable(Text("parity.not_holding", args))


def _between(
    terminal: Terminal, mine: tuple[str, str | None], other: tuple[str, str | None], file: str | None, form: str
) -> None:
    from karb_core.cli.two_runs_shown import document, show
    from karb_core.ledger.ledger import open_ledger
    from karb_core.wiring.divergence.two_runs import Recorded, two_runs
    from karb_core.wiring.rules_ran import rules_ran
    from karb_core.wiring.whose_books import run_of

    given = None if file is None else rulebook_of(terminal, file)
    with ExitStack() as opened:
        sides = []
        for run, place in (mine, (other[0], other[1] or mine[1])):
            ledger = open_ledger(ledger_path(place), read_only=True)
            opened.callback(ledger.close)
            lived = run_of(ledger, run)
            sides.append(Recorded(ledger, lived, rules_ran(ledger, lived.run, given)))
        found = two_runs(*sides)
    if form == "json":
        terminal.json(document(terminal, found))
    else:
        show(terminal, found)
    if not found.holds:
        args = {
            "run": found.run.id,
            "other": found.other.id,
            "rows": len(found.unexplained),
            "rest": found.rest.text(),
        }
        raise DataUnusable(Text("parity.not_between", args))
