"""Gates that count, that look at prices, and that count money keep the contract that any author's keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from karb_core.domain.amount import Amount
from karb_core.testing.gate_contract import Case, RiskGateContract
from karb_core.testing.written import Vary
from karb_gates.cooldown import Cooldown
from karb_gates.daily_loss import DailyLoss
from karb_gates.drawdown import Drawdown
from karb_gates.free_after import FreeAfter
from karb_gates.fx_disagreement import FxDisagreement
from karb_gates.hours import HoursGate
from karb_gates.max_deployed import MaxDeployed
from karb_gates.max_open import MaxOpen
from karb_gates.max_premium import MaxPremium
from karb_gates.max_trades import MaxTrades
from karb_gates.net_exposure import NetExposure
from karb_gates.spread import Spread
from tests.plugins.karb_gates.asked import full_account
from tests.plugins.karb_gates.test_capital import SMALL, uneven
from tests.plugins.karb_gates.test_counts import MIDNIGHT, ended, entering, with_lots
from tests.plugins.scene import FAR, LONG, NEAR, NOW, SECOND, leaving, lot, plan, rates, top, tops, view

HOUR = 3600 * SECOND


class TestHours(RiskGateContract):
    component = HoursGate
    params = "{zone: KST, times: [09:00-18:00], days: [mon], months: [jan]}"
    vary = {"zone": "UTC", "times": "[13:00-23:00]", "days": "[sun, mon]", "months": "[feb]"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        return [(plan(), view(as_of_ns=NOW + hours * HOUR), full_account()) for hours in range(0, 24 * 40, 5)]


class TestMaxTrades(RiskGateContract):
    component = MaxTrades
    params = "{most: 2, day: 00:00 KST, per: file}"
    vary = {"most": "3", "day": "09:00 KST", "per": "pair"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        early = tuple(ended(f"e{n}", opened_ns=MIDNIGHT) for n in range(2))
        late = tuple(ended(f"l{n}", pair="ETH", opened_ns=NOW) for n in range(2))
        return [(plan(), view(), with_lots(ended=told)) for told in ((), early, late)]


class TestMaxOpen(RiskGateContract):
    component = MaxOpen
    params = "{per_pair: 2, in_all: 3}"
    vary = {"per_pair": "1", "in_all": "4"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        states = [with_lots(), with_lots(lot()), with_lots(eth=3), with_lots(entering={"x": entering()})]
        return [(plan(), view(), state) for state in states]


class TestCooldown(RiskGateContract):
    component = Cooldown
    params = "{after: exit, for: 60s, per: pair}"
    vary = {"after": "loss", "for": "10s", "per": "side"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        told = [(), (ended(ended_ns=NOW - 30 * SECOND),), (ended(side=LONG),)]
        return [(plan(), view(), with_lots(ended=each)) for each in told]


class TestMaxDeployed(RiskGateContract):
    component = MaxDeployed
    params = "{counts: near_leg, in_all: 60%, venues: {upbit: 80%}}"
    vary = {"counts": "both_legs", "in_all": "40%", "venues.upbit": "50%"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        states = [replace(full_account(*lots), terms=SMALL) for lots in ((), (lot(),), (lot(), lot(name="b")))]
        return [(plan(), view(), state) for state in states]


class TestNetExposure(RiskGateContract):
    component = NetExposure
    params = "most: 1000 KRW"
    vary = {"most": "50 KRW"}  # noqa: RUF012
    may_be_nan = {"tops": "a price in another asset than the limit's is none that it counts by"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        return [(plan(), view(), full_account(uneven(left))) for left in ("-0.001", "-0.5")]


class TestFreeAfter(RiskGateContract):
    component = FreeAfter
    params = "{venue: binance_usdm, least: 29000 USDT}"
    vary = {"venue": "upbit", "least": "29899.99 USDT"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        return [(plan(amount), view(), full_account()) for amount in ("1", "20")]


class TestMaxPremium(RiskGateContract):
    component = MaxPremium
    params = "most: 3%"
    vary = {"most": "2%"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        return [(plan("1", near), view(), full_account()) for near in ("103000", "110000")]


class TestSpread(RiskGateContract):
    component = Spread
    params = "most: 20bp"
    vary = {"most": "5bp"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        far = top(FAR, "100")
        return [(plan(), view(top(NEAR, "1000", ask), far), full_account()) for ask in ("1001", "1010")]


class TestFxDisagreement(RiskGateContract):
    component = FxDisagreement
    params = "most: 5%"
    vary = {"most": "1%"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        return [(leaving(lot()), view(known=rates(money=money)), full_account()) for money in ("1020", "1100")]


class _Results(RiskGateContract):
    """Results of two days, and a lot that is open at a loss."""

    def inputs(self) -> Any:
        return self.cases()

    def outcomes(self, component: Any) -> object:
        watched = [component.watch(view, state) for _, view, state in self.inputs()]
        return component.watches(), watched, [component.check(*case) for case in self.inputs()]

    def cases(self) -> Sequence[Case]:
        held, dear = lot(amount="120"), view(*tops("110000"))
        lost = ended("a", ended_ns=MIDNIGHT, net="-900000")
        gained = replace(ended("b", ended_ns=MIDNIGHT + SECOND), net=Amount(Decimal(3_000_000), "KRW"))
        states = [full_account(), full_account(ended=(lost,)), full_account(ended=(gained, lost)), full_account(held)]
        return [(plan(), dear, state) for state in states]


class TestDailyLoss(_Results):
    component = DailyLoss
    params = "{most: 2%, day: 00:00 KST, counts: ended, then: stop_entries}"
    vary = {"most": "3%", "day": "09:00 KST", "counts": "with_open", "then": "flatten"}  # noqa: RUF012


class TestDrawdown(_Results):
    component = Drawdown
    params = "{most: 2%, counts: ended, then: refuse}"
    vary = {"most": "3%", "counts": "with_open", "then": Vary("reduce")}  # noqa: RUF012
