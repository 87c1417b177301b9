"""`sizing.fixed`: the same amount of money or of a coin for every entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.ports import Concern, FileView, PairView, SizeFacts, Stage
from karb_core.texts.text import Words
from karb_sizing.params import FixedParams

if TYPE_CHECKING:
    from karb_core.domain.amount import Amount
    from karb_core.domain.decisions import Denied, Proposal
    from karb_core.ports import AccountView, Moment, Sized

#: What a part of the capital is floored to.
_STEP = Decimal((0, (1,), -8))  # karb: constant because it is finer than any venue's step


class Fixed:
    """Every entry is the same amount; of several that a pair is spoken of by, the smallest binds.

    Unit: an amount in the asset that near is paid in counts as `counts` says; one in the pair's coin is the amount of
    each leg. Edge: an amount in another asset says nothing of the pair; a pair that none speaks of is denied.
    """

    name: ClassVar[str] = "fixed"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "Every entry is the same amount of money or coins.", "모든 진입이 정한 금액 또는 수량입니다."
    )
    Params = FixedParams

    def __init__(self, params: FixedParams) -> None:
        self._params = params

    def size(self, proposal: Proposal, moment: Moment, account: AccountView) -> Sized | Denied:
        """Denied, never cut, where the pair's share does not hold it."""
        from karb_core.domain.decisions import Denied
        from karb_core.ports import Sized
        from karb_sizing.fixed_notional import fixed_notional
        from karb_sizing.limits import beyond_share, other_book
        from karb_sizing.near_notional import legs_of

        denied = other_book(proposal, account)
        notional = denied or fixed_notional(self._params, proposal, moment, account.terms)
        if isinstance(notional, Denied):
            return notional
        legs = beyond_share(proposal, notional, account) or legs_of(proposal, moment, notional, "amounts")
        return legs if isinstance(legs, Denied) else Sized(legs, ("amounts", "counts"))

    def alone(self, tier: str | None) -> bool:  # noqa: ARG002
        """Of its pair's share nothing is used where nothing of the pair is open."""
        return True

    @classmethod
    def sizes(cls, params: FixedParams, file: FileView) -> Mapping[str, SizeFacts]:
        """Edge: an amount of coins has no size before there is a price."""
        money = [a.value for a in params.amounts if a.asset == file.capital.asset]
        if file.signal is None or len(money) != len(params.amounts) or not file.capital.value:
            return {}
        size = exact.divide(min(money), file.capital.value, _STEP, Rounding.FLOOR)
        return {tier: SizeFacts(size, "capital", params.counts, ("amounts",)) for tier in file.signal.tiers}

    @classmethod
    def review(cls, params: FixedParams, file: FileView) -> Iterator[Concern]:
        """A pair of which no amount says how large its entries are, and an entry that no pair's share holds."""
        from karb_sizing.findings import beyond_every_share

        for name, pair in file.pairs.items():
            if not any(_speaks_of(amount, pair) for amount in params.amounts):
                yield Concern(
                    ("amounts",),
                    Words(
                        f"no amount is in {pair.near.quote} or {pair.near.base}: {name} can never be entered",
                        f"{pair.near.quote}나 {pair.near.base}로 쓴 금액이 없습니다: {name}은 진입할 수 없습니다",
                    ),
                    Words(
                        f"add an amount in {pair.near.quote}, or in {pair.near.base} for this pair alone",
                        f"{pair.near.quote} 금액을 더하거나, 이 페어만의 {pair.near.base} 수량을 더하세요",
                    ),
                    code="K402",
                )
        yield from beyond_every_share(cls.sizes(params, file), file)


def _speaks_of(amount: Amount, pair: PairView) -> bool:
    return amount.asset in (pair.near.quote, pair.near.base)
