"""The market as a desk behind its door sees it: looked at no more than once for each input, and what was new is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Cautions, Depth, FundingRate, FxRate, Mark, Top, VenueClock, VenueStatus
from karb_core.ports import MarketView
from karb_core.wiring.inputs import Saw
from karb_core.wiring.latest import Latest

_Of = TypeVar("_Of")
_Told = TypeVar("_Told", Top, Mark, FundingRate, VenueStatus, Depth, VenueClock, Cautions)


class SeenMarket:
    """Tops, marks, funding and what venues say of themselves are those of `there` when it was looked at last; rates are inputs
    of their own. Books are large: they are looked at, and kept, only where somebody asks for them."""

    def __init__(self, there: Callable[[], Latest]) -> None:
        self._there = there
        self._known = Latest()
        self._saw: Saw | None = None

    @property
    def tops(self) -> Mapping[Instrument, Top]:
        self.look()
        return self._known.tops

    @property
    def rates(self) -> Mapping[str, FxRate]:
        return self._known.rates

    @property
    def funding(self) -> Mapping[Instrument, FundingRate]:
        self.look()
        return self._known.funding

    def view(self, now_ns: int, *, depths: bool = False) -> MarketView:
        self.look()
        if depths:
            self._look_at_depths()
        return self._known.view(now_ns, depths=depths)

    def rate(self, seat: str, rate: FxRate) -> None:
        self._known.rate(seat, rate)

    def changed(self) -> bool:
        """Whether a look would show anything new."""
        there, known = self._there(), self._known
        return any(
            now != before
            for now, before in (
                (there.tops, known.tops),
                (there.marks, known.marks),
                (there.funding, known.funding),
                (there.status, known.status),
            )
        )

    def look(self) -> None:
        if self._saw is not None:
            return
        there, known = self._there(), self._known
        self._saw = Saw(
            tops=_new(there.tops, known.tops),
            gone=tuple(i for i in known.tops if i not in there.tops),
            marks=_new(there.marks, known.marks),
            funding=_new(there.funding, known.funding),
            status=_new(there.status, known.status),
            clocks=_new(there.clocks, known.clocks),
            cautions=_new(there.cautions, known.cautions),
        )
        self._known = Latest(
            dict(there.tops), known.rates, dict(there.marks), dict(there.funding), dict(there.status), known.depths,
            dict(there.clocks), dict(there.cautions),
        )  # fmt: skip

    def _look_at_depths(self) -> None:
        """Edge: a second time within one input there is nothing new."""
        assert self._saw is not None
        new = _new(self._there().depths, self._known.depths)
        if new:
            self._saw = replace(self._saw, depths=new)
            self._known.depths = dict(self._there().depths)

    def saw(self) -> Saw | None:
        """What was new since the last input, None where nobody looked; the next look is a new one."""
        saw, self._saw = self._saw, None
        return saw


def _new(there: Mapping[_Of, _Told], known: Mapping[_Of, _Told]) -> tuple[_Told, ...]:
    return tuple(told for of, told in there.items() if known.get(of) != told)
