"""karb's own time from columns in memory to the trades: the desk over loaded data, without a ledger.

    python bench/reference_work/own_trades.py STRATEGY DATASET

Prints `t_bt` and seconds, of the second time in one process, as a peer is given it too. What `karb backtest` does beside it
(reading, writing its ledger, figures) is in the whole process, and in the phases that backtest_speed.py tells.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from karb_core.history.span import Span
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import read_source
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.market_data import MarketData, market_data
from karb_core.wiring.strategy_of import strategy_of
from karb_core.wiring.trades import trades_of
from karb_core.wiring.unkept import Unkept

_NS = 1_000_000


def main(strategy: str, dataset: str) -> None:
    gc.set_threshold(50_000)  # as the command line does
    catalogue = Catalogue.installed()
    rulebook = check(read_source(strategy), catalogue).rulebook
    assert rulebook is not None
    given = market_data(rulebook, dataset_of(dataset, catalogue), Span())
    for _ in range(2):
        began = time.perf_counter()
        _trade(rulebook, given)
        spent = time.perf_counter() - began
    print("t_bt", spent)


def _trade(rulebook: Rulebook, given: MarketData) -> None:
    strategy = strategy_of(rulebook, given.data.facts)
    whole = given.whole(strategy.signal.rows().length_ns // _NS)
    run = Backtest(rulebook, strategy, given.data, given.rates, whole, Unkept(), "bt")
    asyncio.run(run.run())
    trades_of(run.desk.books.closed, strategy.terms.book)


if __name__ == "__main__":
    main(*sys.argv[1:])
