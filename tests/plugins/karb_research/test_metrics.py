"""What each figure is where there is nothing, nothing but one thing, or nothing that moves; and by hand."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from karb_core.ports import PairSeries
from karb_research.capture import capture_by_tier
from karb_research.drawdown import Drawdown, drawdown
from karb_research.equity_curve import EquityCurve
from karb_research.metrics import metrics
from karb_research.premiums import Premiums
from karb_research.risk_ratios import annual_return, calmar, sharpe, sortino, total_return, volatility
from karb_research.tail_risk import conditional_value_at_risk, value_at_risk
from karb_research.trade_figures import TradeFigures, trade_figures
from karb_research.use_of_capital import UseOfCapital, use_of_capital
from tests.plugins.karb_research.runs import CAPITAL, FAR, HOUR, NEAR, curve, day_end, run_of, trade, won


def premiums(*near: float, hours: int = 1) -> Premiums:
    """Closes of one pair from the epoch on, far at 1 USDT and both rates at 100 won: 103 is a premium of 3 %."""
    ones, there = np.ones(len(near)), np.ones(len(near), np.bool_)
    closed = (np.arange(len(near), dtype=np.int64) + 1) * (hours * HOUR // 1_000_000)
    series = PairSeries(
        "BTC", (NEAR, FAR), closed, (np.array(near, np.float64), ones), (there, there), 100 * ones, None, 100 * ones
    )
    return Premiums.of(series)


def test_a_run_of_no_day_has_no_figure() -> None:
    found = metrics(run_of([]), {})
    assert (found.days, found.equity) == (0, won(CAPITAL))
    ratios = ("total_return", "annual_return", "volatility", "sharpe", "sortino", "calmar", "drawdown", "value_at_risk")
    assert [getattr(found, name) for name in ratios] == [None] * len(ratios)
    assert found.conditional_value_at_risk is None
    assert found.trades == TradeFigures(0, None, None, None, None, None)
    assert found.use == UseOfCapital(None, None, None)
    assert found.capture == {}


def test_a_run_in_which_nothing_happened_returned_nothing_and_risked_nothing() -> None:
    found = metrics(run_of([day_end(n, {}) for n in range(5)]), {})
    assert (found.total_return, found.annual_return, found.volatility) == (0.0, 0.0, 0.0)
    assert (found.sharpe, found.sortino, found.calmar) == (None, None, None)
    assert found.drawdown == Drawdown(0.0, 0)
    assert (found.value_at_risk, found.conditional_value_at_risk) == (0.0, 0.0)
    assert found.use == UseOfCapital(0.0, 0.0, 0.0)


def test_one_day_has_a_return_and_no_spread() -> None:
    one = curve(100, 110)
    assert total_return(one) == pytest.approx(0.1)
    assert annual_return(one) == pytest.approx(1.1**365 - 1)
    assert (volatility(one.returns()), sharpe(one.returns()), sortino(one.returns())) == (None, None, None)
    assert value_at_risk(one.returns()) == conditional_value_at_risk(one.returns()) == pytest.approx(0.1)


def test_days_that_only_rise_alike_have_no_ratio_over_risk() -> None:
    rising = curve(*(Decimal(100) * Decimal("1.01") ** n for n in range(10)))
    assert (sharpe(rising.returns()), sortino(rising.returns()), calmar(rising)) == (None, None, None)
    assert annual_return(rising) == pytest.approx(1.01**365 - 1)


def test_where_nothing_is_left_a_return_says_nothing() -> None:
    gone = curve(100, 50, 0, 50)
    assert gone.returns() == ()
    assert (annual_return(gone), calmar(gone), sharpe(gone.returns())) == (None, None, None)
    assert total_return(gone) == -0.5
    assert drawdown(gone) == Drawdown(-1.0, 3)


def test_the_deepest_fall_and_the_longest_may_be_two() -> None:
    fell = curve(100, 80, 100, 101, 99, 98, 99, 100)
    assert drawdown(fell) == Drawdown(-0.2, 4)


def test_capital_is_a_peak_that_the_first_day_can_fall_from() -> None:
    assert drawdown(curve(100, 99)) == Drawdown(pytest.approx(-0.01), 1)


def test_one_winner_has_no_profit_factor() -> None:
    assert trade_figures([trade(5)], "KRW") == TradeFigures(1, 1.0, won(5), None, won(5), won(5))


def test_one_loser_won_nothing() -> None:
    assert trade_figures([trade(-5)], "KRW") == TradeFigures(1, 0.0, won(-5), 0.0, won(-5), won(-5))


def test_trades_are_counted_by_what_they_ended_with() -> None:
    found = trade_figures([trade(6), trade(-2), trade(0), trade("0.01")], "KRW")
    assert found == TradeFigures(4, 0.5, won("1.0025"), pytest.approx(3.005), won(6), won(-2))


def test_an_expectancy_that_no_decimal_states_is_rounded_once() -> None:
    assert trade_figures([trade(1), trade(0), trade(0)], "KRW").expectancy == won("0.33333333")


def test_lots_that_overlap_are_one_time_in_trade() -> None:
    """Six hours of forty-eight, and of the first legs 190 won each way, over 40 million."""
    trades = [trade(hours=(0, 4)), trade(hours=(2, 5)), trade(hours=(10, 11))]
    days = [day_end(0, {}, {("BTC", None): 4_000_000}), day_end(1, {}, {})]
    found = use_of_capital(run_of(days, trades))
    assert found.time_in_trade == pytest.approx(6 / 48)
    assert found.exposure == pytest.approx(0.05)
    assert found.turnover == pytest.approx(3 * 190 / CAPITAL * 365 / 2)


def test_what_a_tier_took_of_what_was_offered() -> None:
    """In at 3 % short, out at 1.5 % after it had been at 1 %: 1.5 points of 2."""
    seen = {"BTC": premiums(103, 102, 101, 101.5, 99)}
    found = capture_by_tier([trade(tier="normal", hours=(1, 4), premiums=("0.03", "0.015"))], seen)
    assert (found["normal"].taken, found["normal"].offered) == (Decimal("0.015"), Decimal("0.02"))
    assert found["normal"].ratio == pytest.approx(0.75)


def test_a_long_premium_takes_what_rises() -> None:
    seen = {"BTC": premiums(99, 100, 101)}
    long = trade(side="long_premium", hours=(1, 3), premiums=("-0.01", "0.005"))
    assert capture_by_tier([long], seen)[None].ratio == pytest.approx(0.75)


def test_what_never_moved_for_us_was_never_offered() -> None:
    lost = trade(hours=(1, 2), premiums=("0.03", "0.04"))
    found = capture_by_tier([lost], {"BTC": premiums(103, 104)})[None]
    assert (found.taken, found.offered, found.ratio) == (Decimal("-0.01"), Decimal(0), None)


def test_a_trade_between_two_closes_was_offered_what_it_took() -> None:
    quick = trade(hours=(1, 2), premiums=("0.03", "0.02"))
    assert capture_by_tier([quick], {"BTC": premiums(103, 103, hours=5)})[None].ratio == 1.0


def test_one_basis_stands_alone_where_both_rates_are_one() -> None:
    assert premiums(103, 102).booked is None


def test_equity_is_the_capital_and_what_was_earned_since() -> None:
    days = [day_end(0, {("BTC", None): 5}), day_end(1, {("BTC", None): 5, ("ETH", None): -7})]
    assert EquityCurve.of(run_of(days)).values == (won(CAPITAL), won(CAPITAL + 5), won(CAPITAL - 2))
