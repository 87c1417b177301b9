"""The signal on levels and the one on several lengths of time keep the contract that any author's keep."""

from __future__ import annotations

from collections.abc import Sequence

from karb_core.ports import Fired, PairSeries, Standing
from karb_core.testing.scene import LONG, SHORT, lot
from karb_core.testing.series import series
from karb_core.testing.signal_contract import SignalContract
from karb_core.testing.written import Vary
from karb_premium.funding_carry import FundingCarry
from karb_premium.threshold import Threshold
from karb_premium.zscore_reverting import ZScoreReverting

EXITS = """
exit:
  profit_by: premium
  profit: net
  funding: counted
  exit_z: {exit_z}
  exit_when: any
  stop_loss: {stop_loss}
  max_holding: {{for: 30d, then: exit}}
"""
VARIED: dict[str, str | Vary] = {
    "max_open": "1",
    "take_profit": "1%",
    "exit.profit_by": "krw",
    "exit.profit": "gross",
    "exit.funding": "ignored",
    "exit.max_holding.for": "2h",
    "exit.max_holding.then": Vary("tell", {"exit.max_holding.for": "2h"}),
}


def standings(high: str | None, low: str | None) -> Sequence[Standing]:
    """Nothing open; a lot of each side, which paid funding, two of them, and one that fired."""
    lots = [
        lot(side, target="0.02", tier=tier, funding=("-0.5 USDT",), fees=("51", "0.05"))
        for side, tier in ((SHORT, high), (LONG, low))
    ]
    fired = Fired(high or "", 1, None, complete=True)
    return (Standing(), *(Standing((one,), (fired,)) for one in lots), Standing((lots[0],)))


class TestThreshold(SignalContract):
    component = Threshold
    params = (
        "bar: 5m\nprice: close\nat: sides\nfunding_above: none\nmax_open: 2\ntake_profit: 0.4%\n"
        "above: {premium: 2%, enter: short_premium, leave_at: 1%}\n"
        "below: {premium: -2%, enter: long_premium, leave_at: -1%}\n"
    ) + EXITS.format(exit_z="none", stop_loss="3%")
    vary = {  # noqa: RUF012
        **VARIED,
        "bar": "10m",
        "price": "mid",
        "funding_above": "0%",
        "above.premium": "3%",
        "above.enter": "long_premium",
        "above.leave_at": "0%",
        "below.premium": "-3%",
        "below.enter": "short_premium",
        "below.leave_at": "0%",
        "exit.stop_loss": "1%",
    }
    unshown = {  # noqa: RUF012
        "at": "in this market the sides are the closes",
        "exit.exit_z": "it has no z, and a bound on one is refused",
        "exit.exit_when": "without exit_z there is nothing to join",
    }

    def standings(self) -> Sequence[Standing]:
        return standings("above", "below")


class TestFundingCarry(SignalContract):
    component = FundingCarry
    params = (
        "bar: 5m\nprice: close\nenter: long_premium\nover: 4d\ninterval: 8h\nenter_at: 0.3%\nleave_at: -0.4%\n"
        "max_open: 2\ntake_profit: 0.4%\n"
    ) + EXITS.format(exit_z="none", stop_loss="3%")
    vary = {  # noqa: RUF012
        **VARIED,
        "bar": "10m",
        "price": "mid",
        "enter": "short_premium",
        "over": "2d",
        "interval": "4h",
        "enter_at": "0.5%",
        "leave_at": "-0.6%",
        "exit.stop_loss": "1%",
    }
    unshown = {  # noqa: RUF012
        "exit.exit_z": "it has no z, and a bound on one is refused",
        "exit.exit_when": "without exit_z there is nothing to join",
    }

    def standings(self) -> Sequence[Standing]:
        return standings(None, None)


class TestZScoreReverting(SignalContract):
    component = ZScoreReverting
    params = (
        "watch: 30s\nmax_age: 2s\narm: {bar: 2m, z: 1.2}\nenter: {bar: 1m, reverting: 2}\nwindow: 40m\nmin_present: 95%\n"
        "sigma_floor: 0.05%\nmin_premium: 0.5%\npremium_sign: any\nwhen_high: short_premium\nwhen_low: long_premium\n"
        "max_open: 2\ntake_profit: 0.4%\nrearm: {below_z: 0.5}\n"
    ) + EXITS.format(exit_z="0.2", stop_loss="none")
    vary = {  # noqa: RUF012
        **VARIED,
        "watch": "15s",
        "max_age": "3s",
        "arm.bar": "4m",
        "arm.z": "1.5",
        "enter.bar": "2m",
        "enter.reverting": "4",
        "window": "80m",
        "sigma_floor": "5%",
        "min_premium": "4%",
        "premium_sign": "agrees",
        "when_high": "none",
        "when_low": "none",
        "rearm.below_z": "1.1",
        "exit.exit_z": "1.0",
        "exit.exit_when": "all",
    }
    unshown = {  # noqa: RUF012
        "exit.stop_loss": "on a grid a stop is judged at sides, which this market has not",
        "min_present": "in this market no long bar is missing",
    }

    def series(self) -> PairSeries:
        """Long enough that both sides are armed."""
        return series(self.built().rows(), more=300)

    def standings(self) -> Sequence[Standing]:
        return standings(None, None)
