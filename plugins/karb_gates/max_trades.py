"""`gates.max_trades`: how many entries one day may have."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from karb_core.ports import Stage
from karb_core.rules.clock import DayStart
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class MaxTradesParams(Params):
    """How many entries a day, and when a day begins."""

    most: PositiveCount = rule(
        "how many entries a day may have", ko="하루에 허용하는 진입 횟수", example="5", tighter="lower"
    )
    day: DayStart = rule("when your day begins", ko="하루가 시작하는 시각", example="00:00 KST")
    per: Literal["pair", "file"] = rule(
        "whose entries are counted together: each pair's, or those of the whole file",
        ko="진입을 함께 세는 범위: 페어마다(pair) 또는 파일 전체(file)",
        example="file",
    )


class MaxTrades:
    """Denies an entry when the day has had as many as you allow.

    Counted are entries of which something filled, by the time they were decided, each clip one, and those under way;
    what a gate denied was none. Edge: exactly so many pass; the time at which your day begins belongs to the new day.
    """

    name: ClassVar[str] = "max_trades"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies an entry when the day has had as many as you allow.",
        "하루에 정한 횟수만큼 진입했으면 더 진입하지 않습니다.",
    )
    Params = MaxTradesParams

    def __init__(self, params: MaxTradesParams) -> None:
        self._params = params

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_core.domain.decisions import Denied, Passed, ProposalKind
        from karb_core.domain.instant import to_text
        from karb_core.rules.clock import day_began_ns

        if plan.proposals[0].kind is not ProposalKind.ENTRY:
            return Passed()
        began_ns = day_began_ns(self._params.day, view.as_of_ns)
        entered = {lot.id: lot.pair for lot in account.lots if lot.opened_at_ns >= began_ns}
        entered |= {one.lot_id: one.pair for one in account.ended if one.opened_at_ns >= began_ns}
        entered |= {lot_id: entry.pair for lot_id, entry in account.entering.items()}
        after = sum(self._params.per == "file" or pair == plan.pair for pair in entered.values()) + 1
        if after <= self._params.most:
            return Passed()
        return Denied("most", f"{after} entries since {to_text(began_ns)} with this one", str(self._params.most))
