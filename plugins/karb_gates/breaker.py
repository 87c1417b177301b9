"""`gates.breaker`: after so many executions that went wrong in a row, nothing is tried for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from karb_core.ports import Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, Execution, MarketView


class BreakerParams(Params):
    """How many executions in a row may go wrong, and for how long nothing is tried then."""

    failures: PositiveCount = rule(
        "after how many executions in a row of which a leg did not fill to plan it opens",
        ko="계획대로 체결되지 않은 다리가 있는 실행이 연속 몇 번이면 차단하는지",
        example="5",
        tighter="lower",
    )
    for_: PositiveDuration = rule(
        "how long nothing is tried after the last of them",
        ko="마지막 실패 뒤 아무것도 시도하지 않는 시간",
        example="300s",
        alias="for",
        tighter="higher",
    )
    per: Literal["pair", "file"] = rule(
        "whose executions are counted together: each pair's, or those of the whole file",
        ko="실행을 함께 세는 범위: 페어마다(pair) 또는 파일 전체(file)",
        example="pair",
    )


class Breaker:
    """Denies for a while after a number of executions in a row went wrong, then lets one try at a time.

    Counted are executions of which a leg did not fill to plan at the first go: a venue said no, too little filled, it
    was tried again or traded back, or nobody knows. What a gate denies was never tried and does not count. Edge: it
    opens at exactly `failures`; exactly `for` after the last of them one may try, and while anything is under way no
    other. One that goes whole closes it, also a way out that nobody asked this gate about; one that does not opens it
    again for the whole time.
    """

    name: ClassVar[str] = "breaker"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry", "exit"})
    about: ClassVar[Words] = Words(
        "Denies for a while after a number of executions in a row went wrong, then lets one try at a time.",
        "계획대로 체결되지 않은 실행이 연속되면 한동안 거부하고, 그 뒤에는 한 번에 하나만 시도하게 합니다.",
    )
    Params = BreakerParams

    def __init__(self, params: BreakerParams) -> None:
        self._params = params

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_core.domain.decisions import Denied, Passed
        from karb_core.domain.instant import to_text
        from karb_core.rules.exits import nanoseconds

        failed = _in_a_row([e for e in account.executions if self._counts(e.pair, plan)])
        if len(failed) < self._params.failures:
            return Passed()
        told = f"{len(failed)} in a row not filled to plan, the last {failed[-1].pair} at {to_text(failed[-1].at_ns)}"
        until_ns = failed[-1].at_ns + nanoseconds(self._params.for_)
        if view.as_of_ns < until_ns:
            return Denied("for", told, f"nothing until {to_text(until_ns)}")
        trying = sorted(pair for pair in account.under_way if self._counts(pair, plan))
        if trying:
            return Denied("failures", f"{told}; {', '.join(trying)} is under way", "one try at a time")
        return Passed()

    def _counts(self, pair: str, plan: Plan) -> bool:
        return self._params.per == "file" or pair == plan.pair


def _in_a_row(executions: list[Execution]) -> list[Execution]:
    """Those since the last whole one."""
    failed: list[Execution] = []
    for execution in executions:
        failed = [] if execution.whole else [*failed, execution]
    return failed
