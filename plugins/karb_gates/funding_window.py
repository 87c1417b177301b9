"""`gates.funding_window`: nothing is traded right before a settlement of funding, nor right after."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from karb_core.ports import Stage
from karb_core.rules.duration import Duration
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.domain.market import FundingRate
    from karb_core.ports import AccountView, MarketView


class FundingWindowParams(Params):
    """How long before and after a settlement nothing is traded."""

    before: Duration = rule(
        "how long before a settlement nothing is traded; `0s` for not at all",
        ko="펀딩 정산 전에 거래하지 않는 시간, `0s`이면 제한 없음",
        example="10m",
        tighter="higher",
    )
    after: Duration = rule(
        "how long after a settlement nothing is traded; `0s` for not at all",
        ko="펀딩 정산 후에 거래하지 않는 시간, `0s`이면 제한 없음",
        example="1m",
        tighter="higher",
    )


class FundingWindow:
    """Denies while a settlement of funding of one of the legs is close.

    Unit: the venue's announced time of the next settlement, and its interval for the one before; over data the last that was
    settled and the time since the one before it. Edge: exactly `before` ahead and exactly `after` behind passes, the time of
    the settlement itself does not while either is above zero; a perpetual of which nothing is known is denied.
    """

    name: ClassVar[str] = "funding_window"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry", "exit"})
    about: ClassVar[Words] = Words(
        "Denies while a settlement of funding of one of the legs is close.",
        "한 다리의 펀딩 정산이 가까우면 거부합니다.",
    )
    Params = FundingWindowParams

    def __init__(self, params: FundingWindowParams) -> None:
        self._params = params

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_core.domain.decisions import Denied, Passed
        from karb_core.domain.instant import to_text
        from karb_core.domain.instrument import InstrumentKind
        from karb_core.rules.exits import nanoseconds
        from karb_gates.shown import seconds

        before_ns, after_ns = nanoseconds(self._params.before), nanoseconds(self._params.after)
        for leg in plan.legs:
            if account.terms.facts[leg.instrument].kind is not InstrumentKind.PERPETUAL:
                continue
            told = view.funding.get(leg.instrument)
            times = None if told is None else _settlements(told, view.as_of_ns)
            if times is None:
                return Denied("use", f"{leg.instrument.text()}: when it settles next is not known", "a settlement time")
            last_ns, next_ns = times
            if next_ns is not None and next_ns - view.as_of_ns < before_ns:
                return Denied("before", f"{leg.instrument.text()} settles at {to_text(next_ns)}", seconds(before_ns))
            if last_ns is not None and view.as_of_ns - last_ns < after_ns:
                return Denied("after", f"{leg.instrument.text()} settled at {to_text(last_ns)}", seconds(after_ns))
        return Passed()


def _settlements(told: FundingRate, now_ns: int) -> tuple[int | None, int | None] | None:
    """The last one and the next one; None where the next one cannot be told.

    Edge: without an interval what was announced tells the next one alone, and what was settled tells none. What was
    announced for a time that is over says nothing any more.
    """
    interval = told.interval_ns
    if told.settled:
        if interval is None:
            return None
        next_ns = told.settles_at_ns + interval
        return (told.settles_at_ns, next_ns) if next_ns >= now_ns >= told.settles_at_ns else None
    if told.settles_at_ns < now_ns:
        return None
    return (None if interval is None else told.settles_at_ns - interval), told.settles_at_ns
