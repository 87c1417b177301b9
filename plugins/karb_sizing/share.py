"""`sizing.share`: one size for every entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from karb_core.ports import FileView, SizeFacts, Stage
from karb_core.texts.text import Words
from karb_sizing.params import ShareParams

if TYPE_CHECKING:
    from karb_core.domain.decisions import Denied, Proposal
    from karb_core.ports import AccountView, Moment, Sized


class Share:
    """Every entry is the same part of the capital, or of its pair's share."""

    name: ClassVar[str] = "share"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "Every entry is the same part of the capital, or of its pair's share.",
        "모든 진입이 자본 또는 페어 몫의 같은 비율입니다.",
    )
    Params = ShareParams

    def __init__(self, params: ShareParams) -> None:
        self._params = params

    @classmethod
    def sizes(cls, params: ShareParams, file: FileView) -> Mapping[str, SizeFacts]:
        tiers = file.signal.tiers if file.signal is not None else ()
        return {tier: SizeFacts(params.size, params.of, params.counts, ("size",)) for tier in tiers}

    def lasts(self, proposal: Proposal, denied: Denied) -> bool:
        """A share that is full stays so until a lot of the pair is left."""
        from karb_sizing.limits import is_share

        return is_share(proposal, denied)

    def alone(self, tier: str | None) -> bool:  # noqa: ARG002
        """Of its pair's share nothing is used where nothing of the pair is open."""
        return True

    def size(self, proposal: Proposal, moment: Moment, account: AccountView) -> Sized | Denied:
        """Denied, never cut, where the pair's share does not hold it."""
        from karb_core.domain.decisions import Denied
        from karb_core.ports import Sized
        from karb_sizing.limits import beyond_share, other_book
        from karb_sizing.near_notional import legs_of, near_notional

        notional = near_notional(self._params, self._params.size, account.terms.pairs[proposal.pair], account.terms)
        denied = other_book(proposal, account) or beyond_share(proposal, notional, account)
        legs = denied or legs_of(proposal, moment, notional, "size")
        return legs if isinstance(legs, Denied) else Sized(legs, ("size", "of", "counts"))
