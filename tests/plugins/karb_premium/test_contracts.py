"""Both signals keep the contract that any author's keep."""

from __future__ import annotations

from collections.abc import Sequence

from karb_core.ports import Fired, Standing
from karb_core.testing.scene import LONG, SHORT, lot
from karb_core.testing.signal_contract import SignalContract
from karb_core.testing.written import Vary
from karb_premium.zscore import ZScore
from karb_premium.zscore_tiers import ZScoreTiers

SAME = """
bar: 5m
window: 5h
min_present: 95%
sigma_floor: 0.05%
price: close
min_premium: 0.5%
premium_sign: any
when_high: short_premium
when_low: long_premium
max_open: 2
rearm: {below_z: 0.5}
exit:
  profit_by: premium
  profit: net
  funding: counted
  exit_z: 0.2
  exit_when: any
  stop_loss: 3%
  max_holding: {for: 30d, then: exit}
"""
VARIED: dict[str, str | Vary] = {
    "bar": "10m",
    "window": "10h",
    "min_present": "100%",
    "sigma_floor": "5%",
    "price": "mid",
    "min_premium": "2%",
    "premium_sign": "agrees",
    "when_high": "none",
    "when_low": "none",
    "max_open": "1",
    "rearm.below_z": "1.5",
    "exit.profit_by": "krw",
    "exit.profit": "gross",
    "exit.funding": "ignored",
    "exit.exit_z": "1.0",
    "exit.exit_when": "all",
    "exit.stop_loss": "1%",
    "exit.max_holding.for": "6h",
    "exit.max_holding.then": Vary("tell", {"exit.max_holding.for": "6h"}),
}


def standings(tier: str | None) -> Sequence[Standing]:
    """Nothing open; a lot of each side, which paid funding, two of them, and one that fired."""
    lots = [lot(side, target="0.02", tier=tier, funding=("-0.5 USDT",), fees=("51", "0.05")) for side in (SHORT, LONG)]
    fired = Fired(tier or "", 1, None, complete=True)
    return (Standing(), *(Standing((one,), (fired,)) for one in lots), Standing((lots[0],)))


class TestZScore(SignalContract):
    component = ZScore
    params = f"{SAME}entry: 1.5\ntake_profit: 0.4%\n"
    vary = {**VARIED, "entry": "1.8", "take_profit": "1%"}  # noqa: RUF012

    def standings(self) -> Sequence[Standing]:
        return standings(None)


class TestZScoreTiers(SignalContract):
    component = ZScoreTiers
    params = f"{SAME}tiers:\n  normal: {{z: 1.2, take_profit: 0.4%}}\n  extreme: {{z: 1.6, take_profit: none}}\n"
    vary = {  # noqa: RUF012
        **VARIED,
        "tiers.normal.z": "1.3",
        "tiers.normal.take_profit": "1%",
        "tiers.extreme.z": "1.8",
        "tiers.extreme.take_profit": "1%",
    }

    def standings(self) -> Sequence[Standing]:
        return standings("normal")
