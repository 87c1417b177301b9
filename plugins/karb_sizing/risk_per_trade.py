"""`sizing.risk_per_trade`: so large that a lot left at its stop loses what you allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.ports import Concern, FileView, SizeFacts, Stage
from karb_core.texts.text import Words
from karb_sizing.params import RiskPerTradeParams

if TYPE_CHECKING:
    from karb_core.domain.decisions import Denied, Proposal
    from karb_core.ports import AccountView, Moment, Sized

_STOP = "/signal/with/exit/stop_loss"
#: What notionals and ratios are floored to.
_STEP = Decimal((0, (1,), -8))  # karb: constant because it is finer than any venue's step


class RiskPerTrade:
    """The near leg is capital x risk / stop loss: a lot that is left at its stop loses the risk, and no more.

    Unit: near leg in the asset of the capital, floored to 1e-8, as the stop is measured over it. A market that jumps
    past the stop loses more. Source: reference rule R26, the risk as the loss at a stop.
    """

    name: ClassVar[str] = "risk_per_trade"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "So large that a lot left at its stop loses what you allow.",
        "손절에서 나가면 정한 만큼만 잃는 크기로 진입합니다.",
    )
    Params = RiskPerTradeParams

    def __init__(self, params: RiskPerTradeParams) -> None:
        self._params = params

    def size(self, proposal: Proposal, moment: Moment, account: AccountView) -> Sized | Denied:
        """Denied, never cut, where the pair's share does not hold it, and where the signal states no stop."""
        from karb_core.domain.decisions import Denied
        from karb_core.ports import Sized
        from karb_sizing.limits import beyond_share, other_book
        from karb_sizing.near_notional import legs_of

        stop = account.terms.stop_loss
        if not stop:
            return Denied(_STOP, "the signal states no stop_loss", "a stop_loss")
        risked = exact.mul(account.terms.capital.value, self._params.risk)
        notional = exact.divide(risked, stop, _STEP, Rounding.FLOOR)
        denied = other_book(proposal, account) or beyond_share(proposal, notional, account)
        legs = denied or legs_of(proposal, moment, notional, "risk")
        return legs if isinstance(legs, Denied) else Sized(legs, ("risk", _STOP))

    def lasts(self, proposal: Proposal, denied: Denied) -> bool:
        """A share that is full stays so until a lot of the pair is left."""
        from karb_sizing.limits import is_share

        return is_share(proposal, denied)

    def alone(self, tier: str | None) -> bool:  # noqa: ARG002
        """Of its pair's share nothing is used where nothing of the pair is open."""
        return True

    @classmethod
    def sizes(cls, params: RiskPerTradeParams, file: FileView) -> Mapping[str, SizeFacts]:
        """Floored to 1e-8 of the capital."""
        if file.signal is None or not file.signal.exit.stop_loss:
            return {}
        size = exact.divide(params.risk, file.signal.exit.stop_loss, _STEP, Rounding.FLOOR)
        return {tier: SizeFacts(size, "capital", "near_leg", ("risk",)) for tier in file.signal.tiers}

    @classmethod
    def review(cls, params: RiskPerTradeParams, file: FileView) -> Iterator[Concern]:
        """A signal without a stop, and an entry that no pair's share holds."""
        from karb_sizing.findings import beyond_every_share

        if file.signal is not None and file.signal.exit.stop_loss is None:
            yield Concern(
                (),
                Words(
                    "the size is the risk over the stop, and the signal states no `stop_loss`",
                    "크기는 위험을 손절로 나눈 값인데 신호에 `stop_loss`가 없습니다",
                ),
                Words(
                    "write a loss at `stop_loss:` under the signal's `exit:`",
                    "신호의 `exit:` 아래 `stop_loss:`에 손실을 쓰세요",
                ),
                code="K429",
            )
        yield from beyond_every_share(cls.sizes(params, file), file)
