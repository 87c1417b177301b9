"""Gates of ours keep the contract that any author's keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from karb_core.ports import Execution
from karb_core.testing.gate_contract import Case, RiskGateContract
from karb_core.testing.scene import FAR, NEAR, NOW, SECOND, account, leaving, lot, plan, tops, view
from karb_core.testing.scene import top as top_of
from karb_gates.breaker import Breaker
from karb_gates.fresh import Fresh
from karb_gates.max_order import MaxOrder
from karb_gates.max_position import MaxPosition
from karb_gates.profit_only_exit import ProfitOnlyExit


class TestFresh(RiskGateContract):
    component = Fresh
    params = "{book: 5s, between_legs: 2s}"
    vary = {"book": "1s", "between_legs": "500ms"}  # noqa: RUF012
    may_be_nan = {"tops": "it judges how old a price is, and no price"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        ages = ((0, 0), (3, 3), (1, 0), (6, 6), (5, 0))
        return [(plan(), view(*self._aged(*each)), account()) for each in ages]

    def _aged(self, near_s: int, far_s: int) -> tuple[object, ...]:
        return (
            top_of(NEAR, "103000", at_ns=NOW - near_s * SECOND),
            top_of(FAR, "100", at_ns=NOW - far_s * SECOND),
        )


class TestMaxPosition(RiskGateContract):
    component = MaxPosition
    params = "{of: capital, single: 20%}"
    vary = {"of": "pair_share", "single": "10%"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        held = account(lot(near="4000000"))
        return [(plan("1", price), view(), held) for price in ("1000", "1000000", "4000001")]


class TestMaxOrder(RiskGateContract):
    component = MaxOrder
    params = "most: [5000000 KRW, 0.1 BTC]"
    vary = {"most": "[1000000 KRW]"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        return [(plan(amount, "40000000"), view(), account()) for amount in ("0.01", "0.1", "0.11", "0.2")]


class TestBreaker(RiskGateContract):
    component = Breaker
    params = "{failures: 2, for: 60s, per: file}"
    vary = {"failures": "3", "for": "5s", "per": "pair"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        failed = tuple(Execution("ETH", NOW - ago * SECOND, whole=False) for ago in (20, 10))
        again = replace(account(), executions=failed)
        return [(plan(), view(), account()), (plan(), view(), again)]


class TestProfitOnlyExit(RiskGateContract):
    component = ProfitOnlyExit

    def cases(self) -> Sequence[Case]:
        held = lot(near="103000", far="100")
        return [(leaving(held), view(*tops(near)), account(held)) for near in ("101000", "103000", "105000")]
