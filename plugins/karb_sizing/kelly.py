"""`sizing.kelly`: a fraction of what Kelly's formula says, and no more than a cap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.ports import Concern, FileView, SizeFacts, Stage
from karb_core.texts.text import Words
from karb_sizing.params import KellyParams

if TYPE_CHECKING:
    from karb_core.domain.decisions import Denied, Proposal
    from karb_core.ports import AccountView, Moment, Sized

_WHOLE = Decimal(1)
#: What ratios are floored to.
_STEP = Decimal((0, (1,), -8))  # karb: constant because it is finer than any venue's step


class Kelly:
    """A fraction of the size at which capital grows fastest, if what you state of wins and losses is so; never above a cap.

    f = wins / average_loss - (1 - wins) / average_win, of the base, floored to 1e-8; the size is fraction x f, and `cap`
    where that is more. Unit: average win and loss as parts of the notional. Edge: f at or below zero has no size, and each
    entry is denied. Nothing is estimated here: what you state stays what you state. Source: J. L. Kelly, A New
    Interpretation of Information Rate, 1956; for wins and losses of any size, E. O. Thorp, The Kelly Criterion in Blackjack,
    Sports Betting and the Stock Market, 2006.
    """

    name: ClassVar[str] = "kelly"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "A fraction of what Kelly's formula says of the wins and losses that you state, and no more than a cap.",
        "당신이 적은 승률과 손익에 대한 켈리 공식의 일부만, 상한까지 진입합니다.",
    )
    Params = KellyParams

    def __init__(self, params: KellyParams) -> None:
        self._params = params

    def size(self, proposal: Proposal, moment: Moment, account: AccountView) -> Sized | Denied:
        """Denied, never cut, where the pair's share does not hold it."""
        from karb_core.domain.decisions import Denied
        from karb_core.ports import Sized
        from karb_sizing.limits import beyond_share, other_book
        from karb_sizing.near_notional import legs_of, near_notional

        size, rules = kelly_size(self._params)
        if not size:
            return Denied("wins", "wins and losses as you state them lose in the long run", "an edge")
        notional = near_notional(self._params, size, account.terms.pairs[proposal.pair], account.terms)
        denied = other_book(proposal, account) or beyond_share(proposal, notional, account)
        legs = denied or legs_of(proposal, moment, notional, "fraction")
        return legs if isinstance(legs, Denied) else Sized(legs, (*rules, "of", "counts"))

    def lasts(self, proposal: Proposal, denied: Denied) -> bool:
        """A share that is full stays so until a lot of the pair is left."""
        from karb_sizing.limits import is_share

        return is_share(proposal, denied)

    def alone(self, tier: str | None) -> bool:  # noqa: ARG002
        """Of its pair's share nothing is used where nothing of the pair is open."""
        return True

    @classmethod
    def sizes(cls, params: KellyParams, file: FileView) -> Mapping[str, SizeFacts]:
        tiers = file.signal.tiers if file.signal is not None else ()
        size, rules = kelly_size(params)
        return {tier: SizeFacts(size, params.of, params.counts, (rules[0],)) for tier in tiers if size}

    @classmethod
    def review(cls, params: KellyParams, file: FileView) -> Iterator[Concern]:
        """Wins and losses that lose in the long run, or are no odds; and an entry that no pair's share holds."""
        from karb_sizing.findings import beyond_every_share

        if params.wins >= _WHOLE:
            yield Concern(
                ("wins",),
                Words("nothing wins always", "언제나 이길 수는 없습니다"),
                Words("write less than 100%", "100% 미만으로 쓰세요"),
                code="K402",
            )
        elif not kelly_size(params)[0]:
            yield Concern(
                ("wins",),
                Words(
                    "wins and losses as they are stated lose in the long run: no entry has a size",
                    "적힌 승률과 손익은 길게 보면 손실입니다: 진입 크기가 없습니다",
                ),
                Words("nothing is traded by these figures", "이 값으로는 거래하지 않습니다"),
                code="K402",
            )
        yield from beyond_every_share(cls.sizes(params, file), file)


def kelly_size(params: KellyParams) -> tuple[Decimal, tuple[str, ...]]:
    """The part of the base that an entry is, zero for none, and the rules that made it: the cap alone where it binds."""
    won = exact.divide(params.wins, params.average_loss, _STEP, Rounding.FLOOR)
    lost = exact.divide(exact.sub(_WHOLE, params.wins), params.average_win, _STEP, Rounding.CEIL)
    size = exact.floor_to(exact.mul(params.fraction, max(exact.sub(won, lost), Decimal(0))), _STEP)
    if size > params.cap:
        return params.cap, ("cap",)
    return size, ("fraction", "wins", "average_win", "average_loss")
