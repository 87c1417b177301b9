"""Gates that count, that look at prices, and that count money keep the contract that any author's keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from karb_core.domain.amount import Amount
from karb_core.domain.market import Cautions, VenueClock
from karb_core.ports import Approval
from karb_core.testing.gate_contract import Case, RiskGateContract
from karb_core.testing.written import Vary
from karb_gates.approval import ApprovalGate
from karb_gates.clock_offset import ClockOffset
from karb_gates.cooldown import Cooldown
from karb_gates.correlation import Correlation
from karb_gates.daily_loss import DailyLoss
from karb_gates.drawdown import Drawdown
from karb_gates.free_after import FreeAfter
from karb_gates.fx_disagreement import FxDisagreement
from karb_gates.hours import HoursGate
from karb_gates.liquidity import Liquidity
from karb_gates.max_deployed import MaxDeployed
from karb_gates.max_open import MaxOpen
from karb_gates.max_premium import MaxPremium
from karb_gates.max_trades import MaxTrades
from karb_gates.min_volume import MinVolume
from karb_gates.net_exposure import NetExposure
from karb_gates.price_jump import PriceJump
from karb_gates.spread import Spread
from karb_gates.venue_warnings import VenueWarnings
from tests.plugins.karb_gates.asked import full_account
from tests.plugins.karb_gates.test_capital import SMALL, uneven
from tests.plugins.karb_gates.test_counts import MIDNIGHT, ended, entering, with_lots
from tests.plugins.karb_gates.test_liquidity import book
from tests.plugins.karb_gates.test_looking_back import ETH, beside, moved, traded
from tests.plugins.karb_gates.test_price_jump import went
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


class TestPriceJump(_Results):
    component = PriceJump
    params = "{move: 5%, within: 60s, then: stop_entries}"
    vary = {"move": "20%", "within": "10s", "then": "reduce"}  # noqa: RUF012
    may_be_nan = {"tops": "a price that is none is refused by the book's own check"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        ats = went("1000", "1000", every_s=60), went("1000", "1000", "1100", every_s=50, last_s=20)
        return [(plan(), at, full_account()) for at in ats]


class TestLiquidity(RiskGateContract):
    component = Liquidity
    params = "{band: 1%, least: 1000000 KRW, max_age: 3s}"
    vary = {"band": "5%", "least": "900 KRW", "max_age": "9s"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        books = ((1000, 0), (1, 0), (1000, 5))
        made = [
            {
                NEAR: book(NEAR, [("1000", "1"), ("960", f"{amount}")], at_ns=NOW - age_s * SECOND),
                FAR: book(FAR, asks=[("100", "99")]),
            }
            for amount, age_s in books
        ]
        made.append({**made[0], NEAR: book(NEAR, [("1000", "1000")])})
        return [(plan("1", "1000"), replace(view(), depths=each), full_account()) for each in made]


class TestMinVolume(RiskGateContract):
    component = MinVolume
    params = "{least: 24000 KRW, over: 24h}"
    vary = {"least": "23000 KRW", "over": "2d"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        return [(plan(), traded(*[("1", "1")] * n), full_account()) for n in (24, 23)] + [
            (plan(), traded(*[("0.9", "0.9")] * 48), full_account())
        ]


class TestCorrelation(RiskGateContract):
    component = Correlation
    params = "{most: 80%, of: levels, window: 4h, min_present: 75%}"
    vary = {"most": "99%", "of": "changes", "window": "8h", "min_present": "100%"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        seen = [([1, 2, 3, 4], [1, 2, 4, 4]), ([1, 2, 3, 4], [4, 3, 2, 1]), ([1, 2, 3, 4], [4, None, 2, 1])]
        return [(plan(), moved(btc, eth), beside(ETH)) for btc, eth in seen]


class TestClockOffset(RiskGateContract):
    component = ClockOffset
    params = "{most: 500ms, max_age: 5m}"
    vary = {"most": "2s", "max_age": "20m"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        told = [(SECOND // 4, 0), (SECOND, 0), (0, 600 * SECOND)]
        made = [{v: VenueClock(v, -n, n, NOW - age, NOW - age) for v in ("upbit", "binance_usdm")} for n, age in told]
        return [(plan(), replace(view(), clocks=each), full_account()) for each in made]


class TestVenueWarnings(RiskGateContract):
    component = VenueWarnings
    params = "{venue: upbit, ignoring: [price_fluctuations], max_age: 5m}"
    vary = {"venue": "binance_usdm", "ignoring": "[warning]", "max_age": "20m"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        told = [((), 0), (("PRICE_FLUCTUATIONS",), 0), (("warning",), 0), ((), 600 * SECOND)]
        made = [{NEAR: Cautions(NEAR, flags, NOW - age, NOW - age)} for flags, age in told]
        return [(plan(), replace(view(), cautions=each), full_account()) for each in made]


class TestApproval(RiskGateContract):
    component = ApprovalGate
    params = "{valid_for: 10m, worse: 1%}"
    vary = {"valid_for": "20m", "worse": "2%"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        told = [{}, {"BTC": Approval(None, NOW, "ann")}, {"BTC": Approval(None, NOW - 900 * SECOND, "ann")}]
        return [
            (plan("1", price), view(), full_account(approvals=each)) for each in told for price in ("103000", "101500")
        ]
