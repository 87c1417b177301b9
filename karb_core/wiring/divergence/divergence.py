"""A recorded run held against itself, replayed, and against a backtest on what it recorded."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.errors import UsageMistake
from karb_core.history.span import Span
from karb_core.ledger import reading
from karb_core.ledger.copying import copy_runs
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.runs import Lived, Run
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text
from karb_core.wiring.backtest_parts import Furnished, furnish
from karb_core.wiring.divergence.asked_run import AskedRun
from karb_core.wiring.divergence.closes import KeptCloses
from karb_core.wiring.divergence.held import Worth, held_lots
from karb_core.wiring.divergence.kept_market import KeptMarket, kept_market
from karb_core.wiring.divergence.recorded_dataset import write_dataset
from karb_core.wiring.divergence.row import Row, total
from karb_core.wiring.divergence.rows_between import Side, rows_between
from karb_core.wiring.divergence.rules_tested import Rules
from karb_core.wiring.recorder import journal_folder
from karb_core.wiring.replaying import Came, replayed
from karb_core.wiring.strategy_of import strategy_of
from karb_core.wiring.whose_books import REPLAYED

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


@dataclass(frozen=True, slots=True)
class Divergence:
    """`came`: what the run came to when it was handed again what it took in.

    rows: every part of `net` less `backtest_net`; rest: what no row has, nothing where all is told. lots: how many of
    each, the run's first. data: the dataset's digest; span_ns: what the backtest judged, UTC.
    """

    run: Run
    came: Came
    backtest: Run
    data: str
    span_ns: tuple[int, int]
    lots: tuple[int, int]
    net: Amount
    backtest_net: Amount
    rows: tuple[Row, ...]

    @property
    def apart(self) -> Amount:
        return self.net - self.backtest_net

    @property
    def rest(self) -> Amount:
        return self.apart - total(self.rows, self.net.asset)

    @property
    def unexplained(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.why is None)

    @property
    def decides_the_same(self) -> bool:
        return self.came.other is None

    @property
    def holds(self) -> bool:
        """Whether it decides the same over the same inputs, and each difference has its cause."""
        return self.decides_the_same and not self.rest.value and not self.unexplained


def divergence(ledger: Ledger, lived: Lived, rules: Rules, folder: Path, data: Path, now_ns: int) -> Divergence:
    """`folder`: an empty one that is thrown away; `data`: where the recorded market becomes a dataset; `now_ns`: wall clock.

    Errors: UsageMistake for a run that goes on; `LedgerUnusable` for inputs that were not kept; DataUnusable for a
    market that no backtest can read.
    """
    run = lived.run
    if lived.ended_at_ns is None:
        raise UsageMistake(Text("parity.not_ended", {"run": run.id}))
    came = _replayed(ledger, run, rules.ran, folder)
    kept = kept_market(journal_folder(ledger.name, run.id))
    mine = AskedRun(ledger, run, rules.ran, kept.stopped)
    length_ns = strategy_of(rules.ran, {}).signal.rows().length_ns
    dataset = write_dataset(kept, rules.tested, length_ns, f"run-{run.id}", data)
    into = open_ledger(folder / "backtest.sqlite")
    try:
        made = _backtested(rules.tested, dataset, into, mine.began_ns, now_ns)
        span_ns = (mine.began_ns or made.backtest.span[0] * _NS, made.backtest.span[1] * _NS)
        closes = KeptCloses(kept, length_ns)
        worth = _worth(made, kept, closes, span_ns[1])
        lots = held_lots(ledger, run, (lived.started_at_ns, lived.ended_at_ns), worth)
        others = held_lots(into, made.run, (0, span_ns[1]), worth)
        theirs = AskedRun(into, made.run, rules.tested)
        rows = tuple(rows_between(Side(mine, lots), Side(theirs, others), closes.at, worth))
    finally:
        into.close()
    counts = (len(lots.own) + len(lots.earlier), len(others.own))
    return Divergence(run, came, made.run, made.backtest.data.digest, span_ns, counts, lots.net, others.net, rows)


def _replayed(ledger: Ledger, run: Run, rulebook: Rulebook, folder: Path) -> Came:
    """From the books as earlier runs left them, however those ended."""
    books = [each for each in reading.runs(ledger) if (each.account, each.strategy) == (run.account, run.strategy)]
    before = [each.id for each in books[: next(n for n, each in enumerate(books) if each.id == run.id)]]
    into = open_ledger(folder / "replay.sqlite")
    try:
        copy_runs(ledger, before, into)
        (came,) = replayed(ledger, [run], rulebook, REPLAYED, into)
    finally:
        into.close()
    return came


def _backtested(rulebook: Rulebook, dataset: Path, into: Ledger, began_ns: int | None, now_ns: int) -> Furnished:
    """Every row is judged from the run's first on: what lies before warms it up, as it did the run."""
    described = dataset_of(str(dataset), Catalogue.installed())
    made = furnish(rulebook, described, into, Span(), now_ns, every_row=True, quiet=True)
    for rows in made.backtest.pairs.values():
        closed_at_ms = rows.columns.closed_at_ms
        first = len(closed_at_ms) if began_ns is None else int(closed_at_ms.searchsorted(began_ns // _NS))
        rows.take(first - 1)
    asyncio.run(made.backtest.run())
    made.backtest.end("done", now_ns)
    return made


def _worth(made: Furnished, kept: KeptMarket, closes: KeptCloses, ended_ns: int) -> Worth:
    def last(instrument: Instrument) -> Decimal:
        return closes.at(instrument, ended_ns)

    def rate(seat: str) -> Decimal | None:
        if seat not in kept.rates:
            return None
        known = [value for at_ms, value in kept.rates[seat].points if at_ms * _NS <= ended_ns]
        return known[-1] if known else None

    return Worth(made.backtest.strategy.terms.book, ended_ns, last, rate)
