"""`gates.clock_offset`: no entry while a venue's clock and ours are far apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from karb_core.ports import Reads, Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class ClockOffsetParams(Params):
    """How far apart the clocks may be, and how long ago that may have been measured."""

    most: PositiveDuration = rule(
        "how far a venue's clock may be from ours, either way",
        ko="거래소 시계와 이 컴퓨터 시계의 차이 한도(앞뒤 모두)",
        example="1s",
        tighter="lower",
    )
    max_age: PositiveDuration = rule(
        "the oldest measurement that counts", ko="유효한 측정의 최대 나이", example="5m", tighter="lower"
    )


class ClockOffset:
    """Denies while the clock of a leg's venue may be further from ours than you allow.

    Ages of prices are told by venues' clocks against ours: when one of them is wrong, so are the ages. Measured each
    minute from the venue's own answers, as bounds that narrow from answer to answer; the worse one counts. Edge: exactly
    the limit passes; a venue whose clock was never told, or too long ago, is denied. On paper and live.
    """

    name: ClassVar[str] = "clock_offset"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry", "exit"})
    modes: ClassVar[frozenset[str]] = frozenset({"paper", "live"})
    about: ClassVar[Words] = Words(
        "Denies while the clock of a leg's venue may be further from ours than you allow.",
        "거래소 시계가 이 컴퓨터 시계와 정한 것보다 차이 날 수 있으면 거부합니다.",
    )
    Params = ClockOffsetParams

    def __init__(self, params: ClockOffsetParams) -> None:
        from karb_core.rules.exits import nanoseconds

        self._most_ns = nanoseconds(params.most)
        self._max_age_ns = nanoseconds(params.max_age)

    def reads(self) -> Reads:
        return Reads(clocks=True)

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed
        from karb_gates.shown import seconds

        for venue in dict.fromkeys(leg.instrument.venue for leg in plan.legs):
            told = view.clocks.get(venue)
            if told is None:
                return Denied("max_age", f"{venue}: its clock was not told", seconds(self._max_age_ns))
            age_ns = view.as_of_ns - told.received_at_ns
            if not 0 <= age_ns <= self._max_age_ns:
                return Denied(
                    "max_age", f"{venue}: its clock was told {seconds(age_ns)} ago", seconds(self._max_age_ns)
                )
            if not -self._most_ns <= told.least_ns <= told.most_ns <= self._most_ns:
                apart = f"{venue}: {seconds(told.least_ns)} to {seconds(told.most_ns)} ahead of ours"
                return Denied("most", apart, seconds(self._most_ns))
        return Passed()
