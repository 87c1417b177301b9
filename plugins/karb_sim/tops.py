"""`sim.tops`: fills at recorded tops of book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from karb_core.ports import Stage
from karb_core.rules.duration import Duration, PositiveDuration
from karb_core.rules.params import Params
from karb_core.rules.roles import assumption
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.venue.bar_market import BarMarket
    from karb_core.venue.terms import VenueTerms
    from karb_core.venue.top_market import TopMarket
    from karb_sim.venues_over_tops import VenuesOverTops

_MICROSECOND = timedelta(microseconds=1)


class TopFillsParams(Params):
    """Every assumption of the model."""

    order_latency: Duration = assumption(
        "from sending an order to its arrival: it meets the top that stands then",
        ko="주문이 거래소에 닿기까지의 시간. 그때 서 있는 호가에 체결",
        example="80ms",
    )
    amount: Literal["offered", "any"] = assumption(
        "`offered`: no more fills than the top offers, each coin once; `any`: any amount fills at its price",
        ko="offered: 호가 잔량까지만 체결(같은 잔량은 한 번만) / any: 그 가격에 얼마든지 체결",
        example="offered",
    )
    max_age: PositiveDuration = assumption(
        "an order that meets a top older than this fills nothing",
        ko="닿았을 때 호가가 이보다 오래됐으면 체결되지 않음",
        example="5s",
    )


class TopFills:
    """Fills at the side of the top that stands when the order arrives."""

    name: ClassVar[str] = "tops"
    stage: ClassVar[Stage] = Stage.STABLE
    modes: ClassVar[frozenset[str]] = frozenset({"backtest"})
    margins: ClassVar[frozenset[str]] = frozenset({"isolated"})
    about: ClassVar[Words] = Words(
        "Fills at the side of the recorded top that stands when the order arrives.",
        "주문이 닿을 때 서 있는 기록된 최우선 호가에 체결됩니다.",
    )
    Params = TopFillsParams

    def __init__(self, params: TopFillsParams) -> None:
        self._params = params

    def open_tops(self, market: TopMarket, margin: BarMarket, accounts: Sequence[VenueTerms]) -> VenuesOverTops:
        """The executor of a run: one for all its venues, each opening with what its terms say.

        Errors: ValueError for two accounts at one venue.
        """
        from karb_core.venue.book import VenueBook
        from karb_sim.venues_over_tops import TopModel, VenuesOverTops

        books = {terms.venue: VenueBook(terms) for terms in accounts}
        if len(books) != len(accounts):
            raise ValueError("two accounts at one venue")
        latency_ns, age_ns = _ns(self._params.order_latency), _ns(self._params.max_age)
        return VenuesOverTops(TopModel(latency_ns, age_ns, self._params.amount == "offered"), market, margin, books)


def _ns(length: timedelta) -> int:
    return length // _MICROSECOND * 1000
