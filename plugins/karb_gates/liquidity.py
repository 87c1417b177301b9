"""`gates.liquidity`: no entry where the books hold less than the owner wants near the price."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.ports import Reads, Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.money import PositiveMoney
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import LegTarget, Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class LiquidityParams(Params):
    """How much must be there, how near to the price, and how old a book may be that is counted."""

    band: PositiveRatio = rule(
        "how far from the plan's price an offer counts, on the side that each leg needs",
        ko="계획 가격에서 얼마 안의 물량을 세는지(각 다리에 필요한 쪽)",
        example="30bp",
        tighter="lower",
    )
    least: PositiveMoney = rule(
        "the least that can be had there, of the leg where it is less",
        ko="그 안에서 구할 수 있어야 하는 최소 금액(두 다리 중 적은 쪽)",
        example="50000000 KRW",
        tighter="higher",
    )
    max_age: PositiveDuration = rule(
        "the oldest book that counts", ko="셀 수 있는 호가의 최대 나이", example="3s", tighter="lower"
    )


class Liquidity:
    """Denies where less can be had near the plan's price than you want, on the side that each leg needs.

    Unit: amounts at their own prices, in the asset of the limit; another quote at the `money` rate; the leg with less
    counts. Edge: exactly the band counts, exactly the limit passes; a leg without a book, with an older one or one from
    the future, or without the rate it needs, is denied. Books are there on paper and live; no data have them.
    """

    name: ClassVar[str] = "liquidity"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry", "exit"})
    modes: ClassVar[frozenset[str]] = frozenset({"paper", "live"})
    about: ClassVar[Words] = Words(
        "Denies where less can be had near the plan's price than you want, on the side that each leg needs.",
        "각 다리에 필요한 쪽의 호가 물량이 계획 가격 근처에서 정한 것보다 적으면 거부합니다.",
    )
    Params = LiquidityParams

    def __init__(self, params: LiquidityParams) -> None:
        self._params = params

    def reads(self) -> Reads:
        return Reads(depths=True)

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed
        from karb_core.rules.exits import nanoseconds
        from karb_gates.shown import seconds

        least, oldest_ns = self._params.least, nanoseconds(self._params.max_age)
        for leg in plan.legs:
            where, book = leg.instrument.text(), view.depths.get(leg.instrument)
            if book is None:
                return Denied("max_age", f"{where} has no book", seconds(oldest_ns))
            age_ns = view.as_of_ns - book.venue_at_ns
            if not 0 <= age_ns <= oldest_ns:
                return Denied("max_age", f"{where}: a book {seconds(age_ns)} old", seconds(oldest_ns))
            obtainable = self._obtainable(leg, view)
            if obtainable is None:
                return Denied("least", f"{where}: no rate to {least.asset} is known", least.text())
            if not obtainable >= least.value:
                return Denied("least", f"{where}: {exact.text(obtainable)} {least.asset}", least.text())
        return Passed()

    def _obtainable(self, leg: LegTarget, view: MarketView) -> Decimal | None:
        """In the limit's asset; None where no rate leads there."""
        from karb_core.domain.orders import Side
        from karb_gates.converted import converted

        book, price = view.depths[leg.instrument], exact.finite(leg.price.value)
        off = exact.mul(price, self._params.band)
        buys = leg.side is Side.BUY
        limit, levels = (exact.add(price, off), book.asks) if buys else (exact.sub(price, off), book.bids)
        total = exact.total(
            exact.mul(exact.finite(level.price), exact.finite(level.amount))
            for level in levels
            if ((level.price <= limit) if buys else (level.price >= limit))
        )
        return converted(total, leg.instrument.quote, self._params.least.asset, view)
