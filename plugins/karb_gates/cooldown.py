"""`gates.cooldown`: after an entry, an exit or a loss nothing is entered for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from karb_core.ports import Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class CooldownParams(Params):
    """After what nothing is entered, and for how long."""

    after: Literal["entry", "exit", "loss"] = rule(
        "what it waits after: an entry, a lot that was left, or a lot that was left at a loss",
        ko="무엇 뒤에 기다리는지: 진입(entry), 청산(exit), 손실로 끝난 청산(loss)",
        example="loss",
    )
    for_: PositiveDuration = rule(
        "how long nothing is entered then", ko="그 뒤 진입하지 않는 시간", example="30m", alias="for", tighter="higher"
    )
    per: Literal["pair", "side", "file"] = rule(
        "what waits: the pair, the pair on the same side, or the whole file",
        ko="기다리는 범위: 그 페어(pair), 그 페어의 같은 방향(side), 파일 전체(file)",
        example="pair",
    )


class Cooldown:
    """Denies an entry for a while after an entry, an exit or a loss.

    Two lines with an `id` each wait after two things. Edge: exactly `for` after it one may enter; an entry under way has
    just been made; a result that nobody could count is taken for a loss; exactly nothing is none.
    """

    name: ClassVar[str] = "cooldown"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies an entry for a while after an entry, an exit or a loss.",
        "진입, 청산 또는 손실 뒤 한동안 진입하지 않습니다.",
    )
    Params = CooldownParams

    def __init__(self, params: CooldownParams) -> None:
        self._params = params

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_core.domain.decisions import Denied, Passed, ProposalKind
        from karb_core.domain.instant import to_text
        from karb_core.rules.exits import nanoseconds

        if plan.proposals[0].kind is not ProposalKind.ENTRY:
            return Passed()
        of = plan.pair, plan.proposals[0].side
        times = [at_ns for pair, side, at_ns in self._times(view, account) if self._waits((pair, side), of)]
        last_ns = max(times, default=None)
        if last_ns is None:
            return Passed()
        until_ns = last_ns + nanoseconds(self._params.for_)
        if view.as_of_ns >= until_ns:
            return Passed()
        return Denied(
            "for", f"the last {self._params.after} was at {to_text(last_ns)}", f"nothing until {to_text(until_ns)}"
        )

    def _times(self, view: MarketView, account: AccountView) -> list[tuple[str, str, int]]:
        """Pair, side and time of each event that is waited after."""
        if self._params.after == "entry":
            entered = [(lot.pair, lot.side, lot.opened_at_ns) for lot in account.lots]
            entered += [(one.pair, one.side, one.opened_at_ns) for one in account.ended]
            return entered + [(p.pair, p.proposals[0].side, view.as_of_ns) for p in account.entering.values()]
        losses = self._params.after == "loss"
        return [
            (one.pair, one.side, one.ended_at_ns)
            for one in account.ended
            if not losses or one.net is None or one.net.value < 0
        ]

    def _waits(self, event: tuple[str, str], plan: tuple[str, str]) -> bool:
        if self._params.per == "file":
            return True
        return event == plan if self._params.per == "side" else event[0] == plan[0]
