"""`gates.min_volume`: no entry where too little was traded lately."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.ports import Reads, Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.money import PositiveMoney
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, MarketView, PastBar


class MinVolumeParams(Params):
    """How much must have traded, over how long."""

    least: PositiveMoney = rule(
        "the least that was traded, of the leg where it is less",
        ko="거래됐어야 하는 최소 금액(두 다리 중 적은 쪽)",
        example="1000000000 KRW",
        tighter="higher",
    )
    over: PositiveDuration = rule(
        "over how long before now", ko="지금까지 얼마 동안의 거래인지", example="24h", tighter="lower"
    )


class MinVolume:
    """Denies an entry where less was traded lately than you want.

    Unit: each closed bar's volume at its close, in the asset of the limit; another quote at the `money` rate of now; the
    leg with less counts. A bar that is missing traded nothing. Edge: a bar that opened exactly `over` ago counts, exactly
    the limit passes; what is not known that far back did not trade.
    """

    name: ClassVar[str] = "min_volume"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies an entry where less was traded lately than you want.",
        "최근 거래 대금이 정한 것보다 적으면 진입을 거부합니다.",
    )
    Params = MinVolumeParams

    def __init__(self, params: MinVolumeParams) -> None:
        from karb_core.rules.exits import nanoseconds

        self._params = params
        self._over_ns = nanoseconds(params.over)

    def reads(self) -> Reads:
        return Reads(past_ns=self._over_ns, volumes=True)

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_core.domain.decisions import Denied, Passed
        from karb_gates.converted import converted

        least = self._params.least
        bars = [bar for bar in view.past.get(plan.pair, ()) if bar.closed_at_ns > view.as_of_ns - self._over_ns]
        for at, leg in enumerate(account.terms.pairs[plan.pair].legs):
            traded = converted(_traded(bars, at), leg.quote, least.asset, view)
            if traded is None:
                return Denied("least", f"{leg.text()}: no rate to {least.asset} is known", least.text())
            if not traded >= least.value:
                return Denied("least", f"{leg.text()}: {exact.text(traded)} {least.asset}", least.text())
        return Passed()


def _traded(bars: list[PastBar], at: int) -> Decimal:
    """In the leg's quote. Errors: ValueError for what is no number."""
    total = Decimal(0)
    for bar in bars:
        close, volume = bar.closes[at], bar.volumes[at]
        if close is not None and volume is not None:
            total = exact.add(total, exact.mul(exact.finite(close), exact.finite(volume)))
    return total
