"""Carrying a strategy out over data for a command: progress on the way, the last prices kept, the ledger closed."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from karb_core.cli.ledger_place import ledger_path
from karb_core.cli.period import period
from karb_core.cli.rehearsing import named_dataset
from karb_core.cli.terminal import Terminal
from karb_core.errors import UsageMistake
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import Asked
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text

if TYPE_CHECKING:
    from karb_core.history.dataset import Dataset
    from karb_core.history.span import Span
    from karb_core.ledger.ledger import Ledger
    from karb_core.wiring.backtest import Backtest
    from karb_core.wiring.backtest_parts import Furnished


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """A run that has ended, its ledger still open, and where that is."""

    made: Furnished
    ledger: Ledger
    where: str


@contextmanager
def carried_out(
    terminal: Terminal, file: str, rulebook: Rulebook, asked: Asked, *, progress: bool, quiet: bool,
    begins: Callable[[Backtest, str], None] | None = None,
) -> Iterator[CarriedOut]:  # fmt: skip
    """`progress`: a line on stderr that is written over; `quiet`: no notifier is told; `begins` hears what begins.

    Errors: UsageMistake for a stretch that is none, and where no dataset is named; as `furnish`.
    """
    from karb_core.ledger.ledger import open_ledger
    from karb_core.wiring.backtest_parts import furnish
    from karb_core.wiring.breaking_off import breaking_off

    described, span = named(file, rulebook, asked)
    where = ledger_path(asked.ledger)
    opened = open_ledger(where)
    try:
        made = furnish(rulebook, described, opened, span, time.time_ns(), every_row=asked.every_row, quiet=quiet)
        with breaking_off(made.backtest, time.time_ns):
            if begins is not None:
                begins(made.backtest, described.name)
            asyncio.run(made.backtest.run(_Progress(terminal) if progress else None))
            made.backtest.end("done", time.time_ns())
        yield CarriedOut(made, opened, where)
        _keep_prices(None if quiet else terminal, made.backtest, described.name)
    finally:
        opened.close()


def named(file: str, rulebook: Rulebook, asked: Asked) -> tuple[Dataset, Span]:
    """The data that are asked for, else those that the file names. Errors: UsageMistake as `carried_out`."""
    from karb_core.history.span import Span
    from karb_core.rulebook.dataset_check import dataset_of

    span = Span(*period(asked.since, asked.until))
    dataset = asked.data or named_dataset(file, rulebook)
    if dataset is None:
        raise UsageMistake(Text("run.no_data"), Text("run.no_data.help"))
    return dataset_of(dataset, Catalogue.installed()), span


def _keep_prices(told: Terminal | None, run: Backtest, data: str) -> None:
    """For `karb check`. What a run came to stands without it: a home that cannot be written is one line at most."""
    from karb_core.wiring.last_prices import keep, last_prices

    try:
        keep(last_prices(run, data))
    except (OSError, RuntimeError) as e:
        if told is not None:
            said = told.say(Text("run.prices", {"why": getattr(e, "strerror", None) or e}))
            told.err(f"{told.style('warning', 'warning')}: {said}")


class _Progress:
    """One line on stderr that is written over; nothing where stderr is no terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._shown = -1
        self._live = sys.stderr.isatty()

    def __call__(self, done: int, whole: int, trades: int) -> None:
        percent = done * 100 // whole if whole else 100
        if self._live and percent != self._shown:
            self._shown = percent
            said = self._terminal.say(Text("run.progress", {"done": percent, "trades": trades}))
            click.echo(f"\r{said}", nl=percent >= 100, err=True)  # karb: constant because it is a display of percent
