"""One backtest in this process, and the processor seconds of each phase of it, in the order of `backtest_speed.PHASES`."""

from __future__ import annotations

import itertools
import time

_laps = [time.process_time()]


def _lap() -> None:
    _laps.append(time.process_time())


def main(strategy: str, dataset: str) -> None:
    import asyncio
    import gc
    import json
    import tempfile
    from pathlib import Path

    import numpy as np  # noqa: F401 - its import is a part of the start
    import polars as pl  # noqa: F401 - as above

    from karb_core.history.span import Span
    from karb_core.ledger.ledger import open_ledger
    from karb_core.plugin.catalogue import Catalogue
    from karb_core.rulebook.check import check
    from karb_core.rulebook.dataset_check import dataset_of
    from karb_core.rulebook.source import read_source
    from karb_core.wiring import market_data
    from karb_core.wiring.backtest_parts import furnish
    from karb_core.wiring.backtested import backtested
    from karb_research.backtest_json import document
    from karb_research.study import study_of

    gc.set_threshold(50_000)  # as the command line does
    _lap()
    catalogue = Catalogue.installed()
    rulebook = check(read_source(strategy), catalogue).rulebook
    assert rulebook is not None
    described = dataset_of(dataset, catalogue)
    _lap()
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(Path(folder) / "ledger.sqlite")
        load, read = market_data.load, []

        def timed(*given):  # type: ignore[no-untyped-def]
            began = time.process_time()
            loaded = load(*given)
            read.append(time.process_time() - began)
            return loaded

        market_data.load = timed
        made = furnish(rulebook, described, ledger, Span(), 0, every_row=False, quiet=True)
        _lap()
        asyncio.run(made.backtest.run())
        _lap()
        made.backtest.end("done", 0)
        _lap()
        came = backtested(made, ledger)
        _lap()
        study = study_of(came)
        _lap()
        json.dumps(document(study))
        _lap()
        ledger.close()
    spent = [after - before for before, after in itertools.pairwise(_laps)]
    print(*spent[:2], read[0], spent[2] - read[0], *spent[3:])


if __name__ == "__main__":
    import sys

    main(*sys.argv[1:])
