"""The deflated Sharpe ratio, held against the paper's own example, against hand-made values, and at its edges."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist

import pytest

from karb_core.domain.amount import Amount
from karb_research.deflated_sharpe import best_by_chance, deflated, probabilistic
from karb_research.figures import Figures, shape

BY_HAND = Figures(
    days=1250, trades=1, net=Amount.zero("KRW"), total_return=None, annual_return=None, volatility=None, sharpe=None,
    sortino=None, calmar=None, max_drawdown=None, max_drawdown_days=None, value_at_risk=None,
    conditional_value_at_risk=None, win_rate=None, profit_factor=None, skewness=-3.0, kurtosis=10.0,
)  # fmt: skip
#: Two ratios whose variance is that of the paper's example: 1/2 a year of 250 days.
SPREAD = math.sqrt(1 / (2 * 250))
TWO = (SPREAD / math.sqrt(2), -SPREAD / math.sqrt(2))


@pytest.mark.parametrize(
    ("tries", "skewness", "kurtosis", "told"), [(100, -3, 10, 0.9004), (46, -3, 10, 0.9505), (88, 0, 3, 0.9505)]
)
def test_it_is_the_paper_s_example(tries: int, skewness: float, kurtosis: float, told: float) -> None:
    """Bailey and Lopez de Prado 2014, "A numerical example": 1250 days, an annual ratio of 2.5."""
    chance = best_by_chance(TWO, tries)
    if tries == 100:
        assert chance == pytest.approx(0.1132, abs=5e-5)
    found = probabilistic(2.5 / math.sqrt(250), chance, 1250, skewness, kurtosis)
    assert found == pytest.approx(told, abs=5e-5)


def test_two_tries_by_hand() -> None:
    """Z^-1[1 - 1/2] is 0, so only the second quantile counts."""
    wanted = SPREAD * 0.5772156649015329 * NormalDist().inv_cdf(1 - 1 / (2 * math.e))
    assert best_by_chance(TWO, 2) == pytest.approx(wanted, rel=1e-12)


def test_a_normal_run_that_is_exactly_as_good_as_chance_is_even_odds() -> None:
    assert probabilistic(0.1, 0.1, 300, 0.0, 3.0) == 0.5


@pytest.mark.parametrize(("ratios", "tries"), [((), 0), ((0.1,), 1), ((0.1,), 50), ((0.1, 0.1, 0.1), 3)])
def test_nothing_is_deflated_where_nothing_was_chosen(ratios: tuple[float, ...], tries: int) -> None:
    assert best_by_chance(ratios, tries) == 0.0


def test_more_tries_deflate_more() -> None:
    chances = [best_by_chance(TWO, tries) for tries in (2, 10, 100, 1000)]
    assert chances == sorted(set(chances))


@pytest.mark.parametrize(
    ("days", "skewness", "kurtosis", "sharpe"),
    [(1, 0.0, 3.0, 0.1), (0, 0.0, 3.0, 0.1), (300, 5.0, 1.0, 0.2), (300, 6.0, 2.0, 0.2)],
)
def test_none_where_there_is_nothing_to_divide_by(days: int, skewness: float, kurtosis: float, sharpe: float) -> None:
    """With a skewness of 5 and a kurtosis of 1 the deviation at a ratio of 0.2 is exactly nothing."""
    assert probabilistic(sharpe, 0.0, days, skewness, kurtosis) is None


def test_a_point_that_never_traded_is_a_try_without_a_chance_of_its_own() -> None:
    traded = [replace(BY_HAND, sharpe=value) for value in (1.0, 2.0, 0.5)]
    three, four = deflated(traded), deflated([*traded, BY_HAND])
    assert four[3] is None
    assert all(
        after is not None and before is not None and after < before for after, before in zip(four, three, strict=False)
    )


def test_one_try_is_the_chance_of_being_above_nothing() -> None:
    daily = 1.0 / math.sqrt(365)
    (found,) = deflated([replace(BY_HAND, sharpe=1.0, skewness=0.0, kurtosis=3.0)])
    wanted = NormalDist().cdf(daily * math.sqrt(1249) / math.sqrt(1 + daily**2 / 2))
    assert found == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("returns", "wanted"),
    [
        ((-1.0, 1.0, -1.0, 1.0), (0.0, 1.0)),
        ((0.0, 0.0, 0.0, 4.0), (2 / math.sqrt(3), 7 / 3)),
        ((0.01, 0.01, 0.01), (None, None)),
        ((0.01,), (None, None)),
        ((), (None, None)),
    ],
)
def test_the_shape_of_returns_by_hand(returns: tuple[float, ...], wanted: tuple[float | None, float | None]) -> None:
    assert shape(returns) == (pytest.approx(wanted[0]), pytest.approx(wanted[1]))
