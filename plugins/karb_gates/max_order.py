"""`gates.max_order`: how large one order may be, and so how much one leg may ever stand alone with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

from karb_core.ports import Concern, FileView, Stage
from karb_core.rules.choices import Several
from karb_core.rules.money import PositiveMoney
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.amount import Amount
    from karb_core.domain.decisions import LegTarget, Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class MaxOrderParams(Params):
    """The largest order, in as many assets as you like: each limit is asked."""

    most: Annotated[tuple[PositiveMoney, ...], Several(least=1)] = rule(
        "the most one order may move: money by what it is worth at the plan's price, coins by their quantity",
        ko="주문 하나의 한도: 금액은 계획 가격으로 계산한 값, 코인은 수량",
        example="[5000000 KRW, 0.1 BTC]",
        tighter="lower",
    )


class MaxOrder:
    """Denies an entry of which one order would be larger than you allow.

    Until its other leg is filled an order stands alone, so no pair ever holds more than this unhedged. Unit: a limit in
    a leg's coin counts what the leg moves, one in the asset that it is paid in what that is worth at the plan's price;
    each leg is held to every limit that fits it, and the smallest binds. Edge: exactly the limit passes; an entry of
    which no leg is in an asset of yours cannot be counted and is denied; two limits in one asset are a mistake.
    """

    name: ClassVar[str] = "max_order"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies an entry of which one order would be larger than you allow.",
        "진입 주문 하나가 정한 크기보다 크면 거부합니다.",
    )
    Params = MaxOrderParams

    def __init__(self, params: MaxOrderParams) -> None:
        self._limits = params.most

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed, ProposalKind

        if plan.proposals[0].kind is not ProposalKind.ENTRY:
            return Passed()
        sizes = [size for leg in plan.legs for size in _sizes(leg)]
        counted = [(limit, size) for limit in self._limits for size in sizes if size.asset == limit.asset]
        if not counted:
            legs = ", ".join(leg.instrument.text() for leg in plan.legs)
            assets = " or ".join(limit.asset for limit in self._limits)
            return Denied("most", f"nothing of {legs} is in {assets}", f"an order in {assets}")
        for limit, moved in counted:
            if moved > limit:
                return Denied("most", moved.text(), limit.text())
        return Passed()

    @classmethod
    def review(cls, params: MaxOrderParams, file: FileView) -> Iterator[Concern]:
        """Two limits in one asset, and a pair that no limit can be held against."""
        assets = [limit.asset for limit in params.most]
        for twice in sorted({asset for asset in assets if assets.count(asset) > 1}):
            yield Concern(
                ("most",),
                Words(f"two limits in {twice}: only one can be meant", f"{twice} 한도가 둘입니다: 하나만 쓰세요"),
                Words("keep the one that you mean", "뜻하는 하나만 남기세요"),
                code="K402",
            )
        for name, pair in file.pairs.items():
            known = {asset for leg in (pair.near, pair.far) for asset in (leg.base, leg.quote)}
            if not known & set(assets):
                yield Concern(
                    ("most",),
                    Words(
                        f"no limit is in an asset of {name}: each entry of it would be denied",
                        f"{name}의 자산으로 쓴 한도가 없습니다: 모든 진입이 거부됩니다",
                    ),
                    Words("add a limit in one of its assets", "그 자산 중 하나로 한도를 추가하세요"),
                    code="K402",
                )


def _sizes(leg: LegTarget) -> tuple[Amount, Amount]:
    moved = abs(leg.amount)
    return moved, moved.at(leg.price)
