"""The page of a whole small run: two pairs, three tiers, two rates that differ, gaps, legs that lagged."""

from __future__ import annotations

from pathlib import Path

from karb_core.ports import Backtested
from karb_core.wiring.backtested import backtested
from karb_research.page import page
from karb_research.study import study_of
from tests.wiring.hourly import TWO_RATES, write_hourly
from tests.wiring.tiny import ran


def whole_run(folder: Path) -> Backtested:
    done = ran(write_hourly(folder), folder / "run.sqlite", *TWO_RATES)
    try:
        return backtested(done.made, done.ledger)
    finally:
        done.ledger.close()


def page_of_a_run(folder: Path, lang: str = "en") -> str:
    return page(study_of(whole_run(folder)), lang)
