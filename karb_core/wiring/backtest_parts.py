"""What a backtest is furnished with: the strategy's seats filled from a dataset, and a ledger for what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.history.dataset import Dataset
from karb_core.history.span import Span
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.runs import Run
from karb_core.ports import GridRows, Notifier
from karb_core.rulebook.rulebook import Rulebook
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.breaking_off import breaking_off
from karb_core.wiring.market_data import market_data, need_bars_of
from karb_core.wiring.opened_channels import told_at_home
from karb_core.wiring.recorder import SegmentedRecorder, journal_folder
from karb_core.wiring.strategy_of import built, need_runnable, strategy_of

_BATCH = 20_000  # karb: constant because it bounds memory, not trading
_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_MARK = "bt"


@dataclass(frozen=True, slots=True)
class Furnished:
    backtest: Backtest
    run: Run


def furnish(
    rulebook: Rulebook,
    dataset: Dataset,
    ledger: Ledger,
    span: Span,
    started_at_ns: int,
    *,
    every_row: bool,
    quiet: bool,
) -> Furnished:
    """A backtest that is ready to run. Errors: PluginUnusable, DataUnusable, LedgerUnusable, each in one sentence."""
    need_runnable(rulebook, "backtest")
    rows = built(rulebook.seats_of("signal")[0]).rows()
    given = market_data(rulebook, dataset, span, "tops" if isinstance(rows, GridRows) else "bars")
    data = given.data
    strategy = strategy_of(rulebook, data.facts)
    if not isinstance(rows, GridRows):
        need_bars_of(rows, dataset.place)
    whole = given.whole(rows.length_ns // _NS)
    run = Run.repeatable(
        strategy=rulebook.file.name,
        mode="backtest",
        rules_digest=rulebook.digests.rules,
        assumptions_digest=rulebook.digests.assumptions,
        dataset_digest=data.digest,
        from_ns=whole[0] * _NS,
        until_ns=whole[1] * _NS,
    )
    notifiers: tuple[Notifier, ...] = () if quiet else told_at_home(rulebook)
    journal = ledger.begin(run, started_at_ns, batch_rows=_BATCH)
    with breaking_off(journal, lambda: started_at_ns):
        journal.rulebook(rulebook.digests.rules, rulebook.source.text)
        recorder = SegmentedRecorder(journal_folder(ledger.name, journal.run.id))
        backtest = Backtest(
            rulebook, strategy, data, given.rates, whole, journal, _MARK, notifiers, every_row, recorder
        )
    return Furnished(backtest, journal.run)
