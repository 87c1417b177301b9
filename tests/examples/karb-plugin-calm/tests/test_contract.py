"""The gate keeps the contract of its port, and its bound is where it is written."""

import pytest
from karb_plugin_calm.spread import Spread

from karb_core.domain.decisions import Denied, Passed
from karb_core.testing.gate_contract import RiskGateContract
from karb_core.testing.scene import FAR, NEAR, account, plan, top, view

QUIET = top(FAR, "100", "100.05")


class TestSpread(RiskGateContract):
    component = Spread
    params = "{widest: 10bp, sides: [short_premium]}"
    vary = {"widest": "20bp", "sides": "[long_premium]"}

    def cases(self):
        return [(plan(), view(top(NEAR, "100000", ask), QUIET), account()) for ask in ("100050", "100150")]


@pytest.mark.parametrize(("ask", "kind"), [("100099", Passed), ("100100", Passed), ("100101", Denied)])
def test_denies_only_beyond_the_limit(ask, kind):
    gate = Spread(Spread.Params(widest="10bp", sides=["short_premium"]))
    assert isinstance(gate.check(plan(), view(top(NEAR, "100000", ask), QUIET), account()), kind)
