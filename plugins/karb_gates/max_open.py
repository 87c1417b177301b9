"""`gates.max_open`: how many lots may be open at once, of a pair and in all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from karb_core.ports import Concern, FileView, Stage
from karb_core.rules.choices import OrNone
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class MaxOpenParams(Params):
    """How many lots may be open after an entry."""

    per_pair: OrNone[PositiveCount] = rule(
        "how many lots one pair may have open, or `none`",
        ko="한 페어에 열어 둘 수 있는 로트 수, 쓰지 않으면 `none`",
        example="none",
        tighter="lower",
    )
    in_all: OrNone[PositiveCount] = rule(
        "how many lots all pairs of this file may have open together, or `none`",
        ko="이 파일의 모든 페어를 합해 열어 둘 수 있는 로트 수, 쓰지 않으면 `none`",
        example="3",
        tighter="lower",
    )


class MaxOpen:
    """Denies an entry after which more lots would be open than you allow.

    Each entry is a lot, each clip too; entries under way count as open, and so do lots that older rules of this file
    opened. Edge: exactly so many pass. A pair's own bound is better written as the signal's `max_open`: what a gate
    denies is proposed again at each bar.
    """

    name: ClassVar[str] = "max_open"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies an entry after which more lots would be open than you allow.",
        "진입 후 열린 로트가 정한 수보다 많아지면 거부합니다.",
    )
    Params = MaxOpenParams

    def __init__(self, params: MaxOpenParams) -> None:
        self._params = params

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed, ProposalKind

        if plan.proposals[0].kind is not ProposalKind.ENTRY:
            return Passed()
        open_ = {lot.id: lot.pair for lot in account.lots if not lot.flat}
        open_ |= {lot_id: entry.pair for lot_id, entry in account.entering.items()}
        after = {
            "per_pair": sum(pair == plan.pair for pair in open_.values()) + 1,
            "in_all": len(open_) + 1,
        }
        for key, limit in (("per_pair", self._params.per_pair), ("in_all", self._params.in_all)):
            if limit is not None and not after[key] <= limit:
                return Denied(key, f"{after[key]} lots open with this entry", str(limit))
        return Passed()

    @classmethod
    def review(cls, params: MaxOpenParams, file: FileView) -> Iterator[Concern]:  # noqa: ARG003
        """Twice `none` asks nothing."""
        if params.per_pair is None and params.in_all is None:
            yield Concern(
                (),
                Words("neither limit is written: it denies nothing", "한도가 없어 아무것도 거부하지 않습니다"),
                Words("write one of them, or delete this line", "하나를 쓰거나 이 줄을 지우세요"),
                code="K402",
            )
