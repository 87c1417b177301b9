"""`gates.approval`: nothing is entered without the owner's word."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.ports import Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.params import Params
from karb_core.rules.ratio import Ratio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.ports import AccountView, MarketView


class ApprovalParams(Params):
    """How long the owner's word is good for."""

    valid_for: PositiveDuration = rule(
        "how long your word is good for, from when you gave it",
        ko="승인이 유효한 시간(승인한 때부터)",
        example="10m",
        tighter="lower",
    )
    worse: Ratio = rule(
        "how much worse than the premium that was judged the one at the prices of now may be, in points of premium",
        ko="판단한 프리미엄보다 지금 가격의 프리미엄이 얼마나 나빠도 되는지(프리미엄 포인트)",
        example="0.2%",
        tighter="lower",
    )


class ApprovalGate:
    """Denies every entry until you approve one of its pair: `karb approve PAIR`.

    The refusal tells what waits. Your word is for one entry of that pair, on the side that you name or on either; when it
    arrives the last bar is judged anew, and quoted at the prices of now: a premium that is no more what it was is denied.
    Unit: the premium at the plan's prices and the rate of the `premium` seat, against the one that the signal saw. Edge:
    exactly `valid_for` and exactly `worse` pass; a word from the future is none, and a premium that cannot be told is
    denied; while an entry of the pair is under way there is no second; a desk that starts again has to be told anew. On
    paper and live.
    """

    name: ClassVar[str] = "approval"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    modes: ClassVar[frozenset[str]] = frozenset({"paper", "live"})
    about: ClassVar[Words] = Words(
        "Denies every entry until you approve one of its pair: `karb approve PAIR`.",
        "그 페어의 진입을 승인(`karb approve 페어`)할 때까지 진입을 거부합니다.",
    )
    Params = ApprovalParams

    def __init__(self, params: ApprovalParams) -> None:
        from karb_core.rules.exits import nanoseconds

        self._valid_ns = nanoseconds(params.valid_for)
        self._worse = params.worse

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        from karb_core.domain.decisions import Denied, Passed, ProposalKind
        from karb_gates.shown import seconds

        proposal = plan.proposals[0]
        if proposal.kind is not ProposalKind.ENTRY:
            return Passed()
        told, allowed = (
            account.approvals.get(plan.pair),
            f"`karb approve {plan.pair}`, good for {seconds(self._valid_ns)}",
        )
        if told is None:
            return Denied("valid_for", f"{plan.pair} {proposal.side} waits for your word", allowed)
        if told.side is not None and told.side != proposal.side:
            return Denied("valid_for", f"{plan.pair} is approved for {told.side}, not {proposal.side}", allowed)
        age_ns = view.as_of_ns - told.at_ns
        if not 0 <= age_ns <= self._valid_ns:
            return Denied("valid_for", f"{plan.pair} was approved {seconds(age_ns)} ago", allowed)
        if any(entering.pair == plan.pair for entering in account.entering.values()):
            return Denied("valid_for", f"an entry of {plan.pair} is under way", allowed)
        return self._quoted(plan, view)

    def _quoted(self, plan: Plan, view: MarketView) -> Verdict:
        """Whether what can be had now is what was judged."""
        from karb_core.domain.decisions import Denied, Passed
        from karb_core.rules.leaving import rate_now
        from karb_gates.shown import percent, shown_ratio

        proposal, allowed = plan.proposals[0], f"{percent(self._worse)} worse"
        judged = dict(proposal.seen).get("premium")
        if not isinstance(judged, Decimal) or len(plan.legs) != 2:
            return Denied("worse", f"the premium of {plan.pair} that was judged cannot be told", allowed)
        near, far = plan.legs
        rate = rate_now(view.rates, "premium", near.instrument, far.instrument)
        if rate is None:
            return Denied("worse", "no rate of the `premium` seat is known", allowed)
        abroad = exact.mul(exact.finite(far.price.value), exact.finite(rate))
        gained = exact.sub(exact.finite(near.price.value), exact.mul(exact.add(Decimal(1), judged), abroad))
        if proposal.side == "long_premium":
            gained = exact.negate(gained)
        if abroad > 0 and gained >= exact.negate(exact.mul(self._worse, abroad)):
            return Passed()
        seen = f"{percent(judged)} was judged, now it is {shown_ratio(gained, abroad)} from there"
        return Denied("worse", seen, allowed)
