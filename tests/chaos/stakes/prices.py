"""Rows 1 to 11 without those about clocks and books: prices, rates, the premium, and the size that both legs share."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from karb_core.domain.amount import Amount, MixedAssets
from karb_core.domain.decisions import Denied, Passed
from karb_core.domain.market import Top
from karb_core.engine import cut as cutting
from karb_core.engine import gatehouse
from karb_core.engine.books import ClosedLot
from karb_core.engine.strategy import RateRule
from karb_core.history.bars import Bars
from karb_core.history.pair_columns import pair_columns
from karb_core.history.statistics import ZScore
from karb_core.history.window import Window
from karb_core.wiring import trades
from karb_gates.max_premium import MaxPremium, MaxPremiumParams
from karb_premium import columns
from karb_sizing import near_notional
from tests.chaos.stakes.stake import Stake
from tests.engine import scene as eur
from tests.plugins.scene import FAR, LONG, NEAR, NOW, SECOND, account, lot, moment, plan, proposal, rate, top, view

D = Decimal
APART = (top(NEAR, "103000", "103500"), top(FAR, "100", "100.4"))

# 1


def plans_at_the_sides_it_would_trade(place: Path) -> None:
    """Row 1. To buy near and sell far is judged and planned at the near ask and the far bid."""
    legs = near_notional.legs_of(proposal(side=LONG), moment(at=APART), D(10_000_000), "size")
    assert not isinstance(legs, Denied)
    prices = [leg.price.value for leg in legs]
    assert prices == [D(103_500), D(100)], "planned at prices that nobody offers"


def takes_the_middle(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Top, "to", lambda self, side: self.mid)


# 2


def books_money_at_the_money_rate(place: Path) -> None:
    """Row 2. What was earned in USDT is worth what a USDT fetches, not what a bank says of the dollar."""
    closed = _closed(banks="1300", money="1450")
    (trade,) = trades.trades_of([closed], "KRW")
    assert trade.net == Amount(D(14_500), "KRW"), "ten USDT were booked at another rate than that of money"


def _closed(banks: str, money: str) -> ClosedLot:
    """Bought and sold near at one price; ten USDT earned far."""
    left = lot(near="103000", far="100").with_fill(
        NEAR, NEAR.amount(D(1)), Amount(D(103_000), "KRW"), Amount(D(0), "KRW")
    )
    left = left.with_fill(FAR, FAR.amount(D(-1)), Amount(D(-110), "USDT"), Amount(D(0), "USDT"))
    now = (("premium", rate(banks, "USD").price), ("money", rate(money).price))
    return ClosedLot(left, NOW, now)


def books_money_at_the_banks(patch: pytest.MonkeyPatch) -> None:
    real, bank = trades.in_book, rate("1300").price
    patch.setattr(trades, "in_book", lambda amount, money, book: real(amount, bank, book))


# 3


def refuses_by_an_old_rate(place: Path) -> None:
    """Row 3. A rate older than the owner allows, from a closed market, or none at all, holds an entry back."""
    for now in (view(known={}), view(known={"premium": rate("1000", "USD", at_ns=NOW - 11 * SECOND)})):
        assert _asked(now, is_open=True), "entered by a rate that is stale or missing"
    fresh = view(known={"premium": rate("1000", "USD", at_ns=NOW - 10 * SECOND)})
    assert not _asked(fresh, is_open=True)
    assert _asked(fresh, is_open=False), "entered by a rate that is stale or missing"


def _asked(now: Any, *, is_open: bool) -> tuple[Denied, ...]:
    rule = RateRule("premium", 10 * SECOND, None, lambda _: is_open, eur.cited)
    return gatehouse.ask(eur.strategy(eur.Proposes(), rates=(rule,)), plan(), now, account())


def trusts_the_last_rate_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gatehouse, "_age", lambda rule, view: None)


# 4


def adds_no_dollars_of_two_kinds(place: Path) -> None:
    """Row 4. USD, USDT and USDC are three assets: they neither add nor compare, and a price knows which it is of."""
    usdt = Amount(D(1), "USDT")
    for mixed in (
        lambda: usdt + Amount(D(1), "USDC"),
        lambda: usdt < Amount(D(2), "USD"),
        lambda: usdt.at(rate("1450", "USD").price),
    ):
        with pytest.raises(MixedAssets):
            mixed()
            raise AssertionError("dollars of two kinds were taken for one")


def takes_a_dollar_for_a_dollar(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Amount, "_same", lambda self, other: other.value)


# 5


def believes_no_premium_too_good_to_be_true(place: Path) -> None:
    """Row 5. Beyond what the owner believes the premium is an error or a closed wallet, and nothing is traded."""
    gate = MaxPremium(MaxPremiumParams(most="15%"))
    assert gate.check(plan(price="115000"), view(), account()) == Passed()
    assert isinstance(gate.check(plan(price="115001"), view(), account()), Denied), "a huge premium was traded"


def takes_it_for_a_huge_profit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MaxPremium, "check", lambda *_: Passed())


# 8


def knows_no_z_of_too_few_bars(place: Path) -> None:
    """Row 8. A window is of time: bars that are missing count as missing, and of too few z is undefined."""
    values = np.arange(20, dtype=np.int64)
    there = np.ones(20, dtype=np.bool_)
    there[8:12] = False
    z = columns.column(ZScore(Window(10, 8), 1), values, there)
    assert np.isnan(z[:9]).all(), "z was told before the window was full"
    assert np.isnan(z[12:14]).all(), "z was told of a window with a hole in it"
    assert not np.isnan(z[-1])


def counts_what_came(patch: pytest.MonkeyPatch) -> None:
    """Ticks, one behind the other."""
    real = columns.column
    patch.setattr(columns, "column", lambda of, values, there: real(of, values, np.ones_like(there)))


# 10


def moves_as_many_coins_on_both_legs(place: Path) -> None:
    """Row 10. What is sold on one leg is bought on the other, coin for coin."""
    legs = near_notional.legs_of(proposal(), moment(at=APART), D(10_000_000), "size")
    assert not isinstance(legs, Denied)
    assert legs[0].amount == -legs[1].amount, "one leg moves other coins than the other"


def moves_as_much_money_on_both_legs(patch: pytest.MonkeyPatch) -> None:
    real = near_notional.legs_of

    def worth(of: Any, now: Any, notional: Decimal, rule: str) -> Any:
        near, far = real(of, now, notional, rule)
        coins = -near.amount.times(near.price.value / (far.price.value * 1000))
        return near, replace(far, amount=far.instrument.amount(round(coins.value, 8)))

    patch.setattr(near_notional, "legs_of", worth)


# 11

UNEVEN = (eur.target(eur.SPOT, "-12.37"), eur.target(eur.PERP, "12.37"))


def cuts_both_legs_once(place: Path) -> None:
    """Row 11. The largest amount that both venues' steps allow, floored, and the same on both."""
    legs = cutting.cut(UNEVEN, eur.FACTS, "/sizing")
    assert not isinstance(legs, Denied)
    assert [leg.amount.value for leg in legs] == [D("-12.3"), D("12.3")], "each leg was rounded by itself"


def rounds_each_leg(patch: pytest.MonkeyPatch) -> None:
    def alone(legs: Any, facts: Any, rule: str, *, leaves: bool = False) -> Any:
        floored = (facts[leg.instrument].floor_amount(abs(leg.amount).value) * leg.side.sign for leg in legs)
        return tuple(replace(leg, amount=leg.instrument.amount(size)) for leg, size in zip(legs, floored, strict=True))

    patch.setattr(cutting, "cut", alone)


# 67

_FIRST, _MINUTE = 1_735_689_600_000, 60_000


def joins_bars_by_their_time(place: Path) -> None:
    """Row 67. A minute in which nothing traded has no candle: its row is there, and says that the leg is missing."""
    legs = _bars("near", (0, 1, 3)), _bars("far", (0, 1, 2, 3))
    of = pair_columns(legs, _MINUTE, (_FIRST, _FIRST + 4 * _MINUTE), None, None)
    assert of.whole.tolist() == [True, True, False, True], "candles were joined by their place in a list"
    assert of.closes[0].tolist() == [100.0, 101.0, 0.0, 103.0]


def _bars(series: str, minutes: tuple[int, ...]) -> Bars:
    at = np.array(minutes, dtype=np.int64)
    price = 100.0 + at
    return Bars(series, _MINUTE, _FIRST + at * _MINUTE, price, price, price, price, None)


def joins_bars_by_their_place(patch: pytest.MonkeyPatch) -> None:
    real = Bars.on_grid

    def zipped(self: Bars, start: int, end: int) -> Any:
        at = start + np.arange(len(self), dtype=np.int64) * self.length_ms
        return real(replace(self, opened_at=at), start, end)

    patch.setattr(Bars, "on_grid", zipped)


STAKES = (
    Stake(1, plans_at_the_sides_it_would_trade, takes_the_middle, "planned at prices that nobody offers"),
    Stake(2, books_money_at_the_money_rate, books_money_at_the_banks, "at another rate than that of money"),
    Stake(3, refuses_by_an_old_rate, trusts_the_last_rate_for_ever, "by a rate that is stale or missing"),
    Stake(4, adds_no_dollars_of_two_kinds, takes_a_dollar_for_a_dollar, "dollars of two kinds were taken for one"),
    Stake(5, believes_no_premium_too_good_to_be_true, takes_it_for_a_huge_profit, "a huge premium was traded"),
    Stake(8, knows_no_z_of_too_few_bars, counts_what_came, "z was told of a window with a hole in it"),
    Stake(10, moves_as_many_coins_on_both_legs, moves_as_much_money_on_both_legs, "other coins than the other"),
    Stake(11, cuts_both_legs_once, rounds_each_leg, "each leg was rounded by itself"),
    Stake(67, joins_bars_by_their_time, joins_bars_by_their_place, "joined by their place in a list"),
)
