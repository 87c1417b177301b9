"""`karb montecarlo`: orders and days drawn again, on values made by hand and as a person calls it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from karb_research.days_in_blocks import days_in_blocks
from karb_research.drawdown import drawdown
from karb_research.risk_ratios import sharpe
from karb_research.spread import PERCENTILES, spread_of
from karb_research.trade_orders import trade_orders
from tests.cli.run import Answer, answer_of, ours
from tests.plugins.karb_research.runs import curve, won
from tests.wiring.hourly import TWO_RATES, write_hourly
from tests.wiring.tiny import strategy_text

Karb = Callable[..., Answer]
DRAWS = 400


def deepest(capital: int, nets: tuple[int, ...]) -> float:
    values = [capital]
    for each in nets:
        values.append(values[-1] + each)
    fell = drawdown(curve(*values))
    assert fell is not None
    return fell.deepest


def test_orders_fall_between_the_shallowest_and_the_deepest_of_all_orders() -> None:
    """Four trades have 24 orders, and 400 draws meet each of their falls."""
    nets = (-100, 50, -30, 120)
    every = sorted(deepest(1000, order) for order in permutations(nets))
    found = trade_orders([won(each) for each in nets], won(1000), DRAWS, 1)
    assert found is not None
    assert (found.trades, found.net) == (4, won(40))
    assert found.fell == deepest(1000, nets)
    assert found.falls.at[1] == every[0]
    assert found.falls.at[99] == every[-1]
    deeper = sum(each <= found.fell for each in every) / len(every)
    assert abs(found.as_deep - deeper) < 0.1
    assert found.falls.draws == DRAWS


def test_no_trade_has_no_order_and_one_trade_has_one() -> None:
    assert trade_orders([], won(1000), DRAWS, 1) is None
    for net, fell in ((-100, -0.1), (100, 0.0), (0, 0.0)):
        found = trade_orders([won(net)], won(1000), DRAWS, 1)
        assert found is not None
        assert found.fell == fell
        assert set(found.falls.at.values()) == {fell}
        assert found.as_deep == 1.0
        assert math.copysign(1, found.falls.at[50]) == (1.0 if fell == 0 else -1.0)


def test_a_loss_beyond_the_capital_falls_below_all_of_it() -> None:
    found = trade_orders([won(-1500)], won(1000), 1, 1)
    assert found is not None
    assert found.fell == -1.5


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    nets = [won(each) for each in range(-20, 25)]
    returns = [each / 1000 for each in range(-20, 25)]
    assert trade_orders(nets, won(1000), 50, 7) == trade_orders(nets, won(1000), 50, 7)
    assert trade_orders(nets, won(1000), 50, 7) != trade_orders(nets, won(1000), 50, 8)
    assert days_in_blocks(returns, 5, 50, 7) == days_in_blocks(returns, 5, 50, 7)
    assert days_in_blocks(returns, 5, 50, 7) != days_in_blocks(returns, 5, 50, 8)


def test_a_block_of_all_days_keeps_what_they_come_to() -> None:
    """Only where the circle begins is drawn: the product and the Sharpe ratio of the days are the same each time."""
    returns = curve(1000, 1010, 990, 1040, 1030).returns()
    found = days_in_blocks(returns, 4, DRAWS, 1)
    assert found is not None
    assert (found.days, found.block) == (4, 4)
    assert found.total_return.at == pytest.approx(dict.fromkeys(PERCENTILES, 0.03), abs=1e-12)
    ratio = sharpe(returns)
    assert found.sharpe is not None
    assert ratio is not None
    assert found.sharpe.at == pytest.approx(dict.fromkeys(PERCENTILES, ratio), abs=1e-9)
    begun = [deepest_of(returns[n:] + returns[:n]) for n in range(4)]
    assert found.max_drawdown.at[1] == pytest.approx(min(begun), abs=1e-12)
    assert found.max_drawdown.at[99] == pytest.approx(max(begun), abs=1e-12)


def deepest_of(returns: tuple[float, ...]) -> float:
    equity = np.cumprod([1.0, *(1 + each for each in returns)])
    return float((equity / np.maximum.accumulate(equity)).min()) - 1


def test_days_of_a_block_stay_together() -> None:
    """A day that loses is followed by one that wins as much: in blocks of two, no draw has three that lose."""
    found = days_in_blocks([-0.1, 0.1, -0.1, 0.1], 2, DRAWS, 1)
    alone = days_in_blocks([-0.1, 0.1, -0.1, 0.1], 1, DRAWS, 1)
    assert found is not None
    assert alone is not None
    assert found.total_return.at[1] == found.total_return.at[99] == pytest.approx(0.99**2 - 1)
    assert alone.total_return.at[1] == pytest.approx(0.9**4 - 1)
    assert alone.total_return.at[99] == pytest.approx(1.1**4 - 1)


def test_each_day_is_drawn_as_often() -> None:
    """The ends of the run too, which blocks that could not go round would reach less often."""
    returns = [0.0] * 9 + [1.0]
    found = [days_in_blocks(returns, 5, 1, seed) for seed in range(2000)]
    doubled = [math.log2(1 + each.total_return.at[50]) for each in found if each is not None]
    assert abs(sum(doubled) / len(doubled) - 1) < 0.06


def test_a_draw_has_as_many_days_as_the_run_where_blocks_do_not_fill_them() -> None:
    found = days_in_blocks([0.01] * 7, 3, 20, 1)
    assert found is not None
    assert found.total_return.at[50] == pytest.approx(1.01**7 - 1, abs=1e-12)


def test_days_without_a_spread_have_no_sharpe_and_no_day_draws_nothing() -> None:
    assert days_in_blocks([], 1, DRAWS, 1) is None
    flat = days_in_blocks([0.0] * 5, 2, DRAWS, 1)
    assert flat is not None
    assert flat.sharpe is None
    assert set(flat.total_return.at.values()) == set(flat.max_drawdown.at.values()) == {0.0}
    one = days_in_blocks([0.02], 1, DRAWS, 1)
    assert one is not None
    assert one.sharpe is None
    assert one.total_return.at[1] == one.total_return.at[99] == 1.02 - 1


def test_draws_without_a_sharpe_are_not_counted_among_those_that_have_one() -> None:
    """Of two days one of which wins, half of the draws have the same day twice."""
    found = days_in_blocks([0.0, 0.01], 1, DRAWS, 1)
    assert found is not None
    assert found.sharpe is not None
    assert found.total_return.draws == DRAWS
    assert 150 < found.sharpe.draws < 250


def test_percentiles_lie_between_two_draws_in_proportion() -> None:
    found = spread_of([None, *(float(each) for each in range(101))])
    assert found is not None
    assert (found.draws, found.at) == (101, {each: float(each) for each in PERCENTILES})
    assert spread_of([1.0, 3.0]).at[25] == 1.5  # type: ignore[union-attr]
    assert spread_of([None, None]) is None


@pytest.fixture
def karb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Karb:
    """In a folder with a small hourly market, and a strategy over it."""
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    write_hourly(tmp_path)
    (tmp_path / "tiny.yaml").write_text(strategy_text(*TWO_RATES), "utf-8")
    return lambda *arguments: answer_of(capfd, arguments)


def told(karb: Karb, *arguments: object) -> dict[str, Any]:
    answer = karb("montecarlo", *arguments, "--draws", "200", "--format", "json")
    assert answer.code == 0, answer.all
    found: dict[str, Any] = json.loads(answer.out)
    return found


def test_a_file_is_drawn_as_its_backtest_came_to(karb: Karb) -> None:
    found = told(karb, "tiny.yaml", "--data", "market.yaml", "--block", "3")
    alone = json.loads(karb("backtest", "tiny.yaml", "--data", "market.yaml", "--format", "json").out)
    assert (found["trades"], found["days"]) == (len(alone["trades"]), alone["metrics"]["days"])
    assert (found["draws"], found["seed"], found["block"]) == (200, 1, 3)
    assert found["trade_orders"]["net"] == alone["result"]["booked"]
    blocks = found["days_in_blocks"]
    for name in ("total_return", "max_drawdown", "sharpe"):
        assert blocks[name] == alone["metrics"][name]
        assert blocks[f"{name}_drawn"]["1"] < blocks[name] < blocks[f"{name}_drawn"]["99"]
    for each in map(str, PERCENTILES):
        net, unit = blocks["net_drawn"][each].split(" ")
        assert unit == "KRW"
        assert float(Decimal(net)) == pytest.approx(40_000_000 * blocks["total_return_drawn"][each], abs=1e-4)


def test_the_same_call_says_the_same_to_the_byte(karb: Karb) -> None:
    call = ("montecarlo", "tiny.yaml", "--data", "market.yaml", "--block", "3", "--draws", "50", "--format", "json")
    assert karb(*call).out == karb(*call).out
    assert karb(*call).out != karb(*call, "--seed", "2").out


def test_a_run_of_a_ledger_is_drawn_by_its_trades(karb: Karb) -> None:
    alone = json.loads(karb("backtest", "tiny.yaml", "--data", "market.yaml", "--format", "json").out)
    run = told(karb, alone["run"][:8])
    assert (run["name"], run["days"], run["days_in_blocks"]) == (alone["run"], None, None)
    answer = karb("montecarlo", alone["run"][:8], "--draws", "10")
    assert "a ledger knows no days" in answer.out
    file = told(karb, "tiny.yaml", "--data", "market.yaml", "--block", "3")
    assert run["trade_orders"] == file["trade_orders"]


def test_the_text_states_what_was_drawn_in_both_languages(karb: Karb) -> None:
    call = ("montecarlo", "tiny.yaml", "--data", "market.yaml", "--block", "3", "--draws", "20")
    answer = karb(*call)
    assert answer.code == 0, answer.all
    assert "draws 20, seed 1; 13 days, blocks of 3" in answer.out
    assert [line for line in answer.out.split("\n") if line.startswith("  deepest drawdown")]
    korean = karb("--lang", "ko", *call).out
    assert all(word in korean for word in ("같은 거래를 다른 순서로", "추첨 20번", "묶음 3일", "최대 낙폭"))


def test_a_run_without_a_trade_says_so(karb: Karb) -> None:
    answer = karb(
        "montecarlo", "tiny.yaml", "--data", "market.yaml", "--to", "2025-01-07", "--block", "1", "--draws", "9"
    )
    assert answer.code == 0, answer.all
    assert "no trade ended" in answer.out
    found = told(karb, "tiny.yaml", "--data", "market.yaml", "--to", "2025-01-07", "--block", "1")
    assert found["trade_orders"] is None
    assert found["days_in_blocks"]["net_drawn"]["50"] == "0 KRW"
    assert found["days_in_blocks"]["sharpe_drawn"] is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "write for example: --block 10"),
        (("--block", "30"), "a block of 30 days, and the run has 13"),
        (("--block", "0"), "--block"),
        (("--block", "3", "--draws", "0"), "--draws"),
        (("--block", "3", "--out", "x.json"), "--out goes with"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(karb: Karb, more: tuple[str, ...], said: str) -> None:
    answer = karb("montecarlo", "tiny.yaml", "--data", "market.yaml", *more)
    assert (answer.code, said in answer.err) == (2, True), answer.all
    assert "Traceback" not in answer.err
