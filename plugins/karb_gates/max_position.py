"""`gates.max_position`: how much one pair may hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

from karb_core.domain import exact
from karb_core.domain.exact import mul
from karb_core.ports import Concern, FileView, SizeFacts, Stage
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.domain.lots import Lot
    from karb_core.ports import AccountView, MarketView


class MaxPositionParams(Params):
    """The largest position of one pair, as a part of its base."""

    of: Literal["capital", "pair_share"] = rule(
        "what the limit is a part of",
        ko="한도의 기준: 전체 자본(capital) 또는 페어의 몫(pair_share)",
        example="capital",
    )
    single: PositiveRatio = rule(
        "the most one pair may hold, near leg at entry prices",
        ko="한 페어가 가질 수 있는 최대 크기(국내 다리, 진입가 기준)",
        example="40%",
        tighter="lower",
    )


class MaxPosition:
    """Denies an entry after which one pair would hold more than you allow.

    Unit: near leg, open lots at what they cost at entry and the plan at its price, in the asset of the capital.
    Edge: exactly the limit passes; a lot counts whole until nothing of it is open; a leg in another asset than the
    capital's cannot be counted and is denied.
    """

    name: ClassVar[str] = "max_position"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies an entry after which one pair would hold more than you allow.",
        "진입 후 한 페어의 보유가 한도를 넘으면 거부합니다.",
    )
    Params = MaxPositionParams

    def __init__(self, params: MaxPositionParams) -> None:
        self._params = params

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed, ProposalKind

        if plan.proposals[0].kind is not ProposalKind.ENTRY:
            return Passed()
        terms, near = account.terms, plan.legs[0]
        lots = account.standing[plan.pair].lots if plan.pair in account.standing else ()
        if near.instrument.quote != terms.book or any(lot.legs[0].entered_cost.asset != terms.book for lot in lots):
            return Denied(
                "single", f"{near.instrument.text()} is not paid in {terms.book}", f"a position in {terms.book}"
            )
        share = terms.pairs[plan.pair].share if self._params.of == "pair_share" else Decimal(1)
        limit = mul(mul(self._params.single, share), terms.capital.value)
        after = exact.add(_open(lots), abs(near.amount).at(near.price).value)
        if after > limit:
            return Denied("single", f"{exact.text(after)} {terms.book}", f"{exact.text(limit)} {terms.book}")
        return Passed()

    @classmethod
    def review(cls, params: MaxPositionParams, file: FileView) -> Iterator[Concern]:
        """A tier whose entry alone is larger than the limit can never fire."""
        for tier, size in file.sizes.items():
            for name, pair in file.pairs.items():
                share = pair.share if params.of == "pair_share" else Decimal(1)
                if size.counts == "near_leg" and _of_capital(size, pair.share) > mul(params.single, share):
                    called = f"tier `{tier}`" if tier else "an entry"
                    korean = f"단계 `{tier}`" if tier else "진입"
                    yield Concern(
                        ("single",),
                        Words(
                            f"{called} of {name} is larger than this limit: it can never fire",
                            f"{name}의 {korean} 크기가 이 한도보다 큽니다: 발동할 수 없습니다",
                        ),
                        Words("raise the limit or make the entry smaller", "한도를 올리거나 진입 크기를 줄이세요"),
                        code="K402",
                    )
                    break


def _open(lots: tuple[Lot, ...]) -> Decimal:
    total = Decimal(0)
    for lot in lots:
        if not lot.flat:
            total = exact.add(total, exact.absolute(lot.legs[0].entered_cost.value))
    return total


def _of_capital(size: SizeFacts, share: Decimal) -> Decimal:
    return size.size if size.of == "capital" else mul(size.size, share)
