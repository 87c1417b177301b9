"""What a file assumes of a simulation changes no live decision: a recorded house, replayed live by other assumptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.ledger.ledger import open_ledger
from karb_core.rules.roles import Role
from karb_core.wiring.housed import Place
from karb_core.wiring.opening import Opening
from karb_core.wiring.parity import first_difference
from karb_core.wiring.replay_house import replay_live
from karb_core.wiring.strategy_of import strategy_of
from tests.effects.files import FILES
from tests.effects.replays import Replays
from tests.wiring.recorded_house import BY_MINUTES, scripted
from tests.wiring.test_replay import Lives, lives, written
from tests.wiring.tiny import Edit, rulebook, strategy_text

__all__ = ["lives"]

_BARS = "backtest: {use: sim.bars, with: {fill: next_open, slippage: 3bp, legs_apart: 0s}}"
_TOPS = "backtest: {use: sim.tops, with: {order_latency: 80ms, amount: offered, max_age: 2s}}"
_DEPTH = "paper: {use: sim.depth, with: {order_latency: 9s, answer_latency: 9s}}"
#: Each at a tenth or at ten times, or another word.
OTHERWISE: dict[str, Edit] = {
    "/balances/upbit": ("    - 45,000,000 KRW\n", "    - 450,000,000 KRW\n"),
    "/balances/binance_usdm": ("    - 31,000 USDT\n", "    - 3,100 USDT\n"),
    "/simulate/backtest/use": (_BARS, _TOPS),
    "/simulate/backtest/with/slippage": ("slippage: 3bp", "slippage: 30bp"),
    "/simulate/backtest/with/legs_apart": ("legs_apart: 0s", "legs_apart: 10s"),
    "/simulate/paper": ("paper: none", _DEPTH),
}
#: One word can stand there.
ONE_WORD = {"/simulate/backtest/with/fill"}
#: What a shipped file may assume besides: it belongs to a simulation, or a venue, that is named otherwise above.
BESIDE = {
    "/balances/binance_spot",
    "/simulate/backtest/with/amount",
    "/simulate/backtest/with/max_age",
    "/simulate/backtest/with/order_latency",
    "/simulate/paper/use",
    "/simulate/paper/with/answer_latency",
    "/simulate/paper/with/order_latency",
}


def assumed(lines: object) -> set[str]:
    return {line.pointer for line in lines if line.role is Role.ASSUMPTION}  # type: ignore[attr-defined]


def test_every_assumption_is_here() -> None:
    assert assumed(rulebook(strategy_text(*BY_MINUTES[:-1])).lines) == OTHERWISE.keys() | ONE_WORD
    with Replays() as replays:
        for file in FILES:
            assert assumed(replays.file(file)[1].lines) <= OTHERWISE.keys() | ONE_WORD | BESIDE, file


@pytest.mark.parametrize("assumption", OTHERWISE)
def test_no_assumption_changes_a_live_decision(assumption: str, lives: Lives, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    book = scripted(OTHERWISE[assumption])
    assert book.digests.assumptions != scripted().digests.assumptions
    for number, each in enumerate(lives.recordings):
        strategy = strategy_of(book, {facts.instrument: facts for facts in each.run.facts})
        place = Place(
            rulebook=book, strategy=strategy, inventory=Opening(book.file, strategy.terms, {}).inventory(),
            venues=each.run.venues, ledger=ledger, account=each.run.account, mode="live", mark=each.run.mark,
        )  # fmt: skip
        assert replay_live(each, place) is None
        was = written(lives.ledger, number)
        assert len(was) >= 3
        assert first_difference(was, written(ledger, number)) is None
    ledger.close()
