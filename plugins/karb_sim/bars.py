"""`sim.bars`: fills where there is no book, only bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from karb_core.ports import Stage
from karb_core.rules.duration import Duration
from karb_core.rules.params import Params
from karb_core.rules.ratio import Ratio
from karb_core.rules.roles import assumption
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.venue.bar_market import BarMarket
    from karb_core.venue.terms import VenueTerms
    from karb_sim.venues import VenuesOverBars

_MICROSECOND = timedelta(microseconds=1)


class BarFillsParams(Params):
    """Every assumption of the model."""

    fill: Literal["next_open"] = assumption(
        "at which price an order fills", ko="어떤 가격에 체결되는지", example="next_open"
    )
    slippage: Ratio = assumption(
        "how far prices move against us, at judging and at filling",
        ko="판단과 체결에서 불리하게 움직이는 폭",
        example="3bp",
    )
    legs_apart: Duration = assumption(
        "how much later the second leg fills", ko="두 번째 다리가 늦게 체결되는 시간", example="0s"
    )


class BarFills:
    """Fills at the next bar's open, moved against us by what the file states."""

    name: ClassVar[str] = "bars"
    stage: ClassVar[Stage] = Stage.STABLE
    modes: ClassVar[frozenset[str]] = frozenset({"backtest"})
    margins: ClassVar[frozenset[str]] = frozenset({"isolated"})
    about: ClassVar[Words] = Words(
        "Fills at the next bar's open, moved against us by what the file states.",
        "다음 봉의 시가에, 파일에 쓴 만큼 불리하게 체결됩니다.",
    )
    Params = BarFillsParams

    def __init__(self, params: BarFillsParams) -> None:
        self._params = params

    def open_market(self, market: BarMarket, accounts: Sequence[VenueTerms]) -> VenuesOverBars:
        """The executor of a run: one for all its venues, each opening with what its terms say.

        Errors: ValueError for two accounts at one venue.
        """
        from karb_core.venue.book import VenueBook
        from karb_sim.venues import Model, VenuesOverBars

        books = {terms.venue: VenueBook(terms) for terms in accounts}
        if len(books) != len(accounts):
            raise ValueError("two accounts at one venue")
        legs_apart_ns = self._params.legs_apart // _MICROSECOND * 1000
        return VenuesOverBars(Model(self._params.slippage, legs_apart_ns), market, books)
