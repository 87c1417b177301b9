"""Gates over data: judging every bar writes the same to the byte, and each line that could bind did."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from karb_core.errors import StrategyInvalid
from karb_core.history.dataset import Dataset
from karb_core.history.span import Span
from karb_core.ledger.decision_log import decision_log_bytes
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions, halts
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.texts.text import Text, render
from karb_core.wiring.backtest_parts import furnish
from tests.wiring.hourly import TIERED_HOURLY, write_hourly
from tests.wiring.tiny import rulebook, strategy_text

_GATE = "  - {use: gates.max_position, at: [entry], with: {of: capital, single: 40%}}\n"
COUNTING = (
    "{use: gates.max_trades, at: [entry], with: {most: 2, day: 00:00 KST, per: file}}",
    "{use: gates.cooldown, at: [entry], with: {after: exit, for: 3h, per: pair}}",
    "{use: gates.max_open, at: [entry], with: {per_pair: none, in_all: 3}}",
    "{use: gates.hours, at: [entry, exit], with: {zone: KST, times: [06:00-23:00], days: none, months: none}}",
)
CAPITAL = (
    "{use: gates.max_deployed, at: [entry], with: {counts: both_legs, in_all: 40%, venues: {upbit: 15%}}}",
    "{use: gates.free_after, at: [entry], with: {venue: binance_usdm, least: 24000 USDT}}",
    "{use: gates.max_premium, at: [entry, exit], with: {most: 1%}}",
    "{use: gates.cooldown, at: [entry], with: {after: loss, for: 10h, per: file}}",
)
MARGIN = (
    "{use: gates.funding_window, at: [entry, exit], with: {before: 2h, after: 2h}}",
    "{use: gates.liquidation_distance, at: [entry], with: {least: 99%, then: refuse}}",
)
BACK = (
    "{use: gates.price_jump, at: [entry], with: {move: 0.5%, within: 3h, then: refuse}}",
    "{use: gates.min_volume, at: [entry], with: {least: 100000000000 KRW, over: 6h}}",
    "{use: gates.correlation, at: [entry], with: {most: 1%, of: levels, window: 6h, min_present: 50%}}",
)
JUMPING = ("{use: gates.price_jump, at: [entry], with: {move: 1%, within: 2h, then: stop_entries}}",)
WATCHING = (
    "{use: gates.daily_loss, at: [entry], with: {most: 0.01%, day: 09:00 KST, counts: with_open, then: flatten}}",
    "{use: gates.drawdown, at: [entry], with: {most: 0.02%, counts: ended, then: stop_entries}}",
)


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return dataset_of(str(write_hourly(tmp_path_factory.mktemp("market"), "parquet")), Catalogue.installed())


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def ran(
    ledger: Ledger, market: Dataset, lines: tuple[str, ...], *, every_row: bool
) -> tuple[bytes, Counter[str], list[str]]:
    """The log, how often each line denied, and what the desk stopped for."""
    text = strategy_text(*TIERED_HOURLY, (_GATE, _GATE + "".join(f"  - {line}\n" for line in lines)))
    made = furnish(rulebook(text), market, ledger, Span(), 1, every_row=every_row, quiet=True)
    asyncio.run(made.backtest.run())
    made.backtest.end("done", 2)
    whose = Whose(made.run.account, run_id=made.run.id)
    by: Counter[str] = Counter()
    for decision in decisions(ledger, whose):
        for denied in decision.document()["denied"]:
            by[denied["rule"]] += decision.times
    return decision_log_bytes(ledger, made.run), by, [halt.reason for halt in halts(ledger, whose)]


@pytest.mark.parametrize(
    ("lines", "first"),
    [(COUNTING, 3), (CAPITAL, 3), (MARGIN, 3), (BACK, 3)],
    ids=["counting", "capital", "margin", "back"],
)
def test_judging_every_bar_writes_the_same_and_each_line_denied(
    ledger: Ledger, market: Dataset, lines: tuple[str, ...], first: int
) -> None:
    fast, by, _ = ran(ledger, market, lines, every_row=False)
    assert ran(ledger, market, lines, every_row=True)[0] == fast
    bound = {rule.split("/with/")[0] for rule in by if rule.startswith("/risk_gates/")}
    assert {f"/risk_gates/{first + n}" for n in range(len(lines))} <= bound, by


def test_a_gate_that_watches_looks_at_every_bar_by_itself(ledger: Ledger, market: Dataset) -> None:
    fast, _, stopped = ran(ledger, market, WATCHING, every_row=False)
    every, _, again = ran(ledger, market, WATCHING, every_row=True)
    assert fast == every
    assert stopped == again
    assert any(reason.startswith("/risk_gates/3/with/most: ") for reason in stopped), stopped


def test_a_jump_stops_the_desk_where_nothing_was_proposed(ledger: Ledger, market: Dataset) -> None:
    fast, _, stopped = ran(ledger, market, JUMPING, every_row=False)
    every, _, again = ran(ledger, market, JUMPING, every_row=True)
    assert fast == every
    assert stopped == again
    assert len(stopped) == 1
    assert stopped[0].startswith("/risk_gates/3/with/move: "), stopped


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{use: gates.price_jump, at: [entry], with: {move: 1%, within: 59m, then: refuse}}", "run.looks_between"),
        ("{use: gates.liquidity, at: [entry], with: {band: 1%, least: 1 KRW, max_age: 3s}}", "mode.unserved"),
    ],
)
def test_what_data_cannot_show_refuses_the_run(ledger: Ledger, market: Dataset, line: str, said: str) -> None:
    """And does not deny everything, or nothing, in silence."""
    with pytest.raises(StrategyInvalid) as refused:
        ran(ledger, market, (line,), every_row=False)
    assert isinstance(refused.value.said, Text)
    assert refused.value.said.key == said
    assert "gates." in render(refused.value.said)
