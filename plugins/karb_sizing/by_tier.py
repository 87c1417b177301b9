"""`sizing.by_tier`: a size for each tier of the signal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain.exact import add
from karb_core.ports import Concern, FileView, SizeFacts, Stage
from karb_core.texts.text import Words
from karb_sizing.params import ByTierParams, TierSize

if TYPE_CHECKING:
    from karb_core.domain.decisions import Denied, Proposal
    from karb_core.ports import AccountView, Moment, Sized

_WHOLE = Decimal(1)


class ByTier:
    """A size for each tier, in one entry or split into clips."""

    name: ClassVar[str] = "by_tier"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "A size for each tier, in one entry or split into clips.",
        "단계마다 정한 크기로, 한 번에 또는 나누어 진입합니다.",
    )
    Params = ByTierParams

    def __init__(self, params: ByTierParams) -> None:
        self._params = params

    def size(self, proposal: Proposal, moment: Moment, account: AccountView) -> Sized | Denied:
        """Denied, never cut, where the share, what is kept, or the step between clips does not allow it whole."""
        from karb_sizing.tier_entry import tier_entry

        return tier_entry(self._params, proposal, moment, account)

    def lasts(self, proposal: Proposal, denied: Denied) -> bool:
        """A share that is full stays so until a lot of the pair is left; in clips, the step between them is asked first."""
        from karb_sizing.limits import is_share

        tier = self._params.tiers.get(proposal.tier or "")
        return tier is not None and tier.split is None and is_share(proposal, denied)

    def alone(self, tier: str | None) -> bool:
        """Edge: clips count what came before, and what is kept for some tiers is kept of all pairs."""
        known = self._params.tiers.get(tier or "")
        return known is not None and known.split is None and not self._params.kept_for

    @classmethod
    def sizes(cls, params: ByTierParams, file: FileView) -> Mapping[str, SizeFacts]:
        tiers = file.signal.tiers if file.signal is not None else ()
        return {
            name: SizeFacts(tier.size, params.of, params.counts, (name, "size"), tier.over_share is True)
            for name, tier in params.tiers.items()
            if name in tiers
        }

    @classmethod
    def review(cls, params: ByTierParams, file: FileView) -> Iterator[Concern]:
        tiers = tuple(file.signal.tiers) if file.signal is not None else ()
        yield from _names(params, tiers)
        for name, tier in params.tiers.items():
            yield from _clips(name, tier)
        for name in params.kept_for or {}:
            if name not in params.tiers:
                yield _unknown(("kept_for", name), name, tuple(params.tiers))


def _names(params: ByTierParams, tiers: tuple[str, ...]) -> Iterator[Concern]:
    if tiers == ("",):
        yield Concern(
            (),
            Words("the signal has no tiers to size", "신호에 단계가 없습니다"),
            Words("use `sizing.share`, or a signal with tiers", "`sizing.share`를 쓰거나 단계가 있는 신호를 쓰세요"),
            code="K415",
        )
        return
    strangers = [name for name in params.tiers if tiers and name not in tiers]
    for name in strangers:
        yield _unknown((name,), name, tiers)
    for name in tiers:
        if name not in params.tiers and not get_close_matches(name, strangers, 1, 0.6):
            yield Concern(
                (),
                Words(
                    f"no size for the signal's tier `{name}`: it can never fire",
                    f"신호의 단계 `{name}`의 크기가 없습니다: 발동할 수 없습니다",
                ),
                Words(
                    f"write `{name}: {{size: ..., split: none}}` under `with:`",
                    f"`with:` 아래에 `{name}: {{size: ..., split: none}}`을 쓰세요",
                ),
                code="K415",
            )


def _unknown(path: tuple[str, ...], name: str, tiers: tuple[str, ...]) -> Concern:
    near = get_close_matches(name, tiers, 1, 0.6)
    help_en = f"did you mean `{near[0]}`?" if near else f"the tiers are: {', '.join(tiers)}"
    help_ko = f"`{near[0]}`을(를) 쓰려던 것인가요?" if near else f"단계는 다음과 같습니다: {', '.join(tiers)}"
    return Concern(
        path,
        Words(f"the signal has no tier `{name}`", f"신호에 단계 `{name}`이(가) 없습니다"),
        Words(help_en, help_ko),
        code="K415",
    )


def _clips(name: str, tier: TierSize) -> Iterator[Concern]:
    if tier.split is None:
        return
    total = Decimal(0)
    for clip in tier.split.clips:
        total = add(total, clip)
    if total != _WHOLE:
        yield Concern(
            (name, "split", "clips"),
            Words("the clips do not add up to 100%", "조각의 합이 100%가 아닙니다"),
            Words("write parts of the entry that add up to 100%", "합이 100%가 되도록 쓰세요"),
            code="K419",
        )
