"""`gates.free_after`: what must still be free at a venue once an entry is made."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.ports import Concern, FileView, Stage
from karb_core.rules.money import PositiveMoney
from karb_core.rules.names import VenueName
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class FreeAfterParams(Params):
    """At which venue, and how much."""

    venue: VenueName = rule("the venue", ko="거래소", example="binance_usdm")
    least: PositiveMoney = rule(
        "what must be free there after the entry, beside the file's reserve",
        ko="진입 후 그 거래소에 (reserve 외에) 남아 있어야 하는 금액",
        example="5000 USDT",
        tighter="higher",
    )


class FreeAfter:
    """Denies an entry after which less would be free at a venue than you want there: money, coins or margin.

    What an entry needs is denied without any gate where it is not free; this is what must stay beyond that, for margin
    calls or other files. Unit: what is free now, less the file's `reserve` and what is under way, less what this plan needs
    there with its fees. Edge: exactly so much passes; an account that does not answer has nothing free; an entry that needs
    nothing there passes.
    """

    name: ClassVar[str] = "free_after"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies an entry after which less would be free at a venue than you want there: money, coins or margin.",
        "진입 후 거래소에 남는 돈, 코인 또는 증거금이 정한 것보다 적으면 거부합니다.",
    )
    Params = FreeAfterParams

    def __init__(self, params: FreeAfterParams) -> None:
        self._params = params

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed, ProposalKind
        from karb_core.domain.holdings import Account
        from karb_core.ports.needs import needs

        if plan.proposals[0].kind is not ProposalKind.ENTRY:
            return Passed()
        least = self._params.least
        where = Account(self._params.venue, least.asset)
        needed = needs(plan.legs, account.terms).get(where)
        if needed is None:
            return Passed()
        # karb: constant because an account that is not there has nothing free
        after = exact.sub(exact.finite(account.free.get(where, Decimal(0))), needed)
        if after >= least.value:
            return Passed()
        return Denied("least", f"{exact.text(after)} {least.asset} free at {where.venue} with this entry", least.text())

    @classmethod
    def review(cls, params: FreeAfterParams, file: FileView) -> Iterator[Concern]:
        traded = {leg.venue for pair in file.pairs.values() for leg in (pair.near, pair.far)}
        if params.venue not in traded:
            yield Concern(
                ("venue",),
                Words(f"no pair trades at `{params.venue}`", f"`{params.venue}`에서 거래하는 페어가 없습니다"),
                Words(f"write one of {', '.join(sorted(traded))}", f"{', '.join(sorted(traded))} 중에서 쓰세요"),
                code="K402",
            )
