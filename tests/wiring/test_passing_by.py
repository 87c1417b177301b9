"""A refusal that is sure to come again is counted without being judged: to the byte what judging every bar writes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from karb_core.domain.decisions import DecisionKind
from karb_core.history.dataset import Dataset
from karb_core.history.span import Span
from karb_core.ledger.decision_log import decision_log_bytes
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.wiring.backtest_parts import furnish
from karb_core.wiring.recorder import journal_folder, segments
from tests.wiring.hourly import TIERED_HOURLY, TWO_RATES, write_hourly
from tests.wiring.test_every_rule import BASE, CHANGES
from tests.wiring.tiny import Edit, rulebook, strategy_text

_GATE = "  - {use: gates.max_position, at: [entry], with: {of: capital, single: 40%}}\n"
#: Shares that are soon full, targets and nothing beside them, and no way out at a loss: most rows repeat a refusal.
STUCK: tuple[Edit, ...] = (
    (_GATE, _GATE + "  - {use: gates.profit_only_exit, at: [exit]}\n"),
    ("split: {clips: [50%, 30%, 20%], next: 0.05%}", "split: none"),
    ("exit_z: 0.1", "exit_z: none"),
    ("stop_loss: 1.5%", "stop_loss: none"),
    ("{for: 90h, then: stop_entries}", "{for: 90h, then: tell}"),
    ("normal: {size: 30%", "normal: {size: 80%"),
    ("extreme: {size: 30%", "extreme: {size: 80%"),
)
STUCK_HOURLY = (*TIERED_HOURLY, *STUCK)
#: Gross targets that are reached long before fees are earned.
DEAR: tuple[Edit, ...] = (
    ("profit: net\n", "profit: gross\n"),
    (
        "costs: {upbit: {taker: 0.05%}, binance_usdm: {taker: 0.05%}}",
        "costs: {upbit: {taker: 0.6%}, binance_usdm: {taker: 0.6%}}",
    ),
)
BY_OTHER_RULES: dict[str, tuple[Edit, ...]] = {
    "as they are": (),
    "dear exits": DEAR,
    "gross targets, funding ignored": (("profit: net\n", "profit: gross\n"), ("funding: counted", "funding: ignored")),
    "slippage": (("slippage: 3bp", "slippage: 30bp"),),
    "no re-arming": (("rearm: {below_z: 1.0}", "rearm: none"),),
    "two lots at most": (("max_open: none", "max_open: 2"),),
    "the sign agrees": (("premium_sign: any", "premium_sign: agrees"),),
    "any premium": (("min_premium: 0.5%", "min_premium: none"),),
    "one side": (("when_high: short_premium", "when_high: none"),),
    "old lots stop entries": (("{for: 90h, then: tell}", "{for: 90h, then: stop_entries}"),),
    "old lots leave": (("{for: 90h, then: tell}", "{for: 40h, then: exit}"),),
    "a stop": (("stop_loss: none", "stop_loss: 0.4%"), ("  - {use: gates.profit_only_exit, at: [exit]}\n", "")),
    "a ladder that halts": (("    - retry: {band: 50bp, for: 2s}\n    - retry: {band: 100bp, for: 2s}\n", ""),),
}


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return dataset_of(str(write_hourly(tmp_path_factory.mktemp("market"), "parquet")), Catalogue.installed())


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def ran(ledger: Ledger, market: Dataset, text: str, *, every_row: bool) -> tuple[bytes, int, int]:
    """The log, at how many moments that were judged anything was proposed, and how many refusals were counted."""
    made = furnish(rulebook(text), market, ledger, Span(), 1, every_row=every_row, quiet=True)
    asyncio.run(made.backtest.run())
    made.backtest.end("done", 2)
    told = decisions(ledger, Whose(made.run.account, run_id=made.run.id))
    refused = sum(d.times for d in told if d.kind is DecisionKind.REFUSAL)
    files = segments(journal_folder(ledger.name, made.run.id))
    lines = [line for file in files for line in file.read_bytes().splitlines()]
    proposed = sum(b'"is":"moment"' in line and b'"free":null' not in line for line in lines)
    return decision_log_bytes(ledger, made.run), proposed, refused


@pytest.mark.parametrize("edits", BY_OTHER_RULES.values(), ids=list(BY_OTHER_RULES))
def test_every_bar_decides_as_what_is_passed_by_is_counted(
    edits: tuple[Edit, ...], market: Dataset, ledger: Ledger
) -> None:
    text = strategy_text(*STUCK_HOURLY, *edits)
    woken, judged = (ran(ledger, market, text, every_row=every)[0] for every in (False, True))
    assert woken == judged


def test_with_two_rates_too(market: Dataset, ledger: Ledger) -> None:
    text = strategy_text(*TWO_RATES, *STUCK)
    assert ran(ledger, market, text, every_row=False)[0] == ran(ledger, market, text, every_row=True)[0]


@pytest.mark.parametrize(("line", "edits"), [("/share", ()), ("/risk_gates/3", DEAR)])
def test_what_is_refused_again_is_not_judged_again(
    line: str, edits: tuple[Edit, ...], market: Dataset, ledger: Ledger
) -> None:
    """Of both kinds: entries beyond a share that is full, and ways out at a loss."""
    log, proposed, refused = ran(ledger, market, strategy_text(*STUCK_HOURLY, *edits), every_row=False)
    assert log.count(line.encode()) > 2
    assert refused > 1.5 * proposed


@pytest.mark.parametrize("rule", CHANGES)
def test_every_bar_decides_as_the_wakes_do_whichever_rule_is_changed(
    rule: str, market: Dataset, ledger: Ledger
) -> None:
    change = CHANGES[rule]
    text = strategy_text(*BASE, *change.beside, change.edit)
    assert ran(ledger, market, text, every_row=False)[0] == ran(ledger, market, text, every_row=True)[0]
