"""`gates.price_jump`: nothing is entered while a price has just moved by much, or trading stops then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.ports import Reads, Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words
from karb_gates.then import Then, then

if TYPE_CHECKING:
    from karb_core.domain.decisions import Denied, Plan, Verdict
    from karb_core.domain.instrument import Instrument
    from karb_core.ports import AccountView, Demand, MarketView


class PriceJumpParams(Params):
    """How far a price may move in how short a time, and what happens when one does."""

    move: PositiveRatio = rule(
        "the move of either leg's price at which it is a jump, up or down, of the price it came from",
        ko="급변으로 보는 가격 변동 폭(위아래 모두, 변동 전 가격 대비)",
        example="5%",
        tighter="lower",
    )
    within: PositiveDuration = rule("within how long", ko="얼마 동안의 변동인지", example="60s", tighter="higher")
    then: Then = then()


class PriceJump:
    """Denies entries while a leg's price has just jumped, or stops trading then.

    Unit: the middle of bid and ask, over bars the closes; any two prices that stood within `within`, the later one over
    the earlier one. A running desk looks each second: what came back sooner was not seen. Watching, it looks at the legs of all pairs,
    at an entry at its own. Edge: exactly `move` is a jump; a price that is not known for as long as `within`, or that its
    venue told longer ago than that, is denied.
    """

    name: ClassVar[str] = "price_jump"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words(
        "Denies entries while a leg's price has just jumped, or stops trading then.",
        "한 다리의 가격이 짧은 시간에 크게 변하면 진입을 거부하거나 거래를 멈춥니다.",
    )
    Params = PriceJumpParams

    def __init__(self, params: PriceJumpParams) -> None:
        from karb_core.rules.exits import nanoseconds

        self._params = params
        self._within_ns = nanoseconds(params.within)

    def reads(self) -> Reads:
        return Reads(stood_ns=self._within_ns)

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed, ProposalKind
        from karb_gates.results import Uncounted
        from karb_gates.shown import seconds

        if plan.proposals[0].kind is not ProposalKind.ENTRY:
            return Passed()
        try:
            return self._beyond([leg.instrument for leg in plan.legs], view) or Passed()
        except Uncounted as e:
            return Denied("within", str(e), f"prices of the last {seconds(self._within_ns)}")

    def watches(self) -> bool:
        return self._params.then != "refuse"

    def watch(self, view: MarketView, account: AccountView) -> Demand | None:
        """Edge: what cannot be told stops nothing, and hides no jump of another; entries are refused meanwhile."""
        from karb_core.ports import Demand
        from karb_gates.results import STOPS, Uncounted

        for leg in dict.fromkeys(leg for pair in account.terms.pairs.values() for leg in pair.legs):
            try:
                denied = self._beyond([leg], view)
            except Uncounted:
                continue
            if denied is not None:
                return Demand(STOPS[self._params.then], denied.rule, denied.observed, denied.limit)
        return None

    def _beyond(self, legs: Iterable[Instrument], view: MarketView) -> Denied | None:
        from karb_core.domain.decisions import Denied
        from karb_gates.shown import percent

        for leg in legs:
            jumped = self._jumped(leg, view)
            if jumped is not None:
                return Denied("move", f"{leg.text()}: {jumped}", percent(self._params.move))
        return None

    def _jumped(self, leg: Instrument, view: MarketView) -> str | None:
        """The first move that is one, in words. Errors: `Uncounted`."""
        from karb_core.domain.instant import to_text
        from karb_gates.results import Uncounted
        from karb_gates.shown import shown_ratio

        began_ns, top = view.as_of_ns - self._within_ns, view.tops.get(leg)
        stood = view.stood.get(leg, ())
        if top is None or not exact.finite(top.mid) > 0 or not began_ns <= top.venue_at_ns <= view.as_of_ns:
            raise Uncounted(f"{leg.text()} has no price of the last while")
        if not stood or stood[0].since_ns > began_ns:
            raise Uncounted(f"{leg.text()}: where its price stood is not known for so long")
        while len(stood) > 1 and stood[1].since_ns <= began_ns:
            stood = stood[1:]
        low = high = exact.finite(stood[0].price)
        for one in stood:
            price = exact.finite(one.price)
            low, high = min(low, price), max(high, price)
            for came_from in (low, high):
                moved = exact.sub(price, came_from)
                if exact.absolute(moved) >= exact.mul(self._params.move, came_from):
                    return f"{shown_ratio(moved, came_from)} at {to_text(one.since_ns)}"
        return None
