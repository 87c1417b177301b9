"""`gates.fresh`: nothing is judged by old prices."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from karb_core.domain import exact
from karb_core.ports import Stage
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Plan, Verdict
    from karb_core.domain.lots import Lot
    from karb_core.ports import AccountView, LeavingColumns, MarketView, Terms
    from karb_core.ports.foreseen import Mask


_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


class FreshParams(Params):
    """How old a price may be, and how far apart the legs' prices may be in time."""

    book: PositiveDuration = rule(
        "the oldest price of a leg", ko="각 다리 호가의 최대 나이", example="2s", tighter="lower"
    )
    between_legs: PositiveDuration = rule(
        "how far apart in time the legs' prices may be",
        ko="두 다리 호가의 시각 차이 한도",
        example="1s",
        tighter="lower",
    )


class Fresh:
    """Denies while a leg's price is older than you allow, or the legs' prices are too far apart in time.

    Unit: by the venues' own clocks, so a late message is old even if it reached us just now. Edge: exactly the limit
    passes; a leg without a price is denied, and so is one whose price comes from the future: a clock is wrong.
    """

    name: ClassVar[str] = "fresh"
    stage: ClassVar[Stage] = Stage.STABLE
    stands: ClassVar[frozenset[str]] = frozenset({"entry", "exit"})
    about: ClassVar[Words] = Words(
        "Denies while a leg's price is older than you allow, or the legs' prices are too far apart in time.",
        "호가가 정한 것보다 오래됐거나 두 다리의 시각 차이가 크면 거부합니다.",
    )
    Params = FreshParams

    def __init__(self, params: FreshParams) -> None:
        self._params = params

    def foresees(self, lot: Lot, at: LeavingColumns, terms: Terms) -> tuple[Mask, Mask]:  # noqa: ARG002
        """Closes of the moment have no age, and no limit is below none; tops have theirs, in whole milliseconds."""
        import numpy as np

        from karb_core.rules.exits import nanoseconds

        never = np.zeros(len(at.money), dtype=np.bool_)
        if at.ages_ms is None:
            return never, ~never
        oldest, newest = np.maximum.reduce(at.ages_ms), np.minimum.reduce(at.ages_ms)
        passes = (newest >= 0) & (oldest <= nanoseconds(self._params.book) // _MS)
        passes &= oldest - newest <= nanoseconds(self._params.between_legs) // _MS
        return never, passes

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:  # noqa: ARG002
        from karb_core.domain.decisions import Denied, Passed
        from karb_core.rules.exits import nanoseconds

        ages = []
        for leg in plan.legs:
            top = view.tops.get(leg.instrument)
            if top is None:
                return Denied("book", f"{leg.instrument.text()} has no price", "a price")
            ages.append(view.as_of_ns - top.venue_at_ns)
        if min(ages) < 0:
            return Denied("book", f"{_told(-min(ages))} from the future", _told(nanoseconds(self._params.book)))
        if max(ages) > nanoseconds(self._params.book):
            return Denied("book", f"{_told(max(ages))} old", _told(nanoseconds(self._params.book)))
        apart = max(ages) - min(ages)
        if apart > nanoseconds(self._params.between_legs):
            return Denied("between_legs", f"{_told(apart)} apart", _told(nanoseconds(self._params.between_legs)))
        return Passed()


def _told(ns: int) -> str:
    return (
        f"{exact.text(Decimal(ns).scaleb(-9, exact.EXACT))}s"  # karb: constant because nanoseconds are told in seconds
    )
