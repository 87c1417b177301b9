"""Scripted venues with a habit of their own, for the desk of `tests.engine.scene`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from karb_core.domain.approved import Approved
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Unknown
from karb_core.engine.strategy import Strategy
from tests.engine.scene import D, Scene, Scripted, scene

_ZERO = Decimal(0)


def at(venue: type[Scripted], of: Strategy, *script: str, **more: Any) -> Scene:
    """A scene whose venues are of this kind."""
    made = scene(of, *script, **more)
    made.venue = venue(made.trace, made.clock, *script)
    made.desk.driver.executors = {"korbit": made.venue, "dydx": made.venue}
    return made


def sold_and_bought(of: Scene, instrument: Instrument) -> Decimal:
    """What the venue booked there, signed: the truth, whatever the books say."""
    return sum((fill.moved.value for fill in of.venue.booked if fill.instrument == instrument), _ZERO)


def words(of: Scene, by: Mapping[Instrument, list[str]]) -> None:
    """Each instrument has a script of its own."""
    place = of.venue.place

    async def each(order: Approved[Order]) -> Outcome:
        of.venue.script = [by[order.item.instrument].pop(0)] if by[order.item.instrument] else []
        return await place(order)

    of.venue.place = each  # type: ignore[method-assign]


class Acknowledges(Scripted):
    """Says first that an order came and nothing of it traded; what became of it is for whoever asks."""

    async def place(self, order: Approved[Order]) -> Outcome:
        outcome = await super().place(order)
        if isinstance(outcome, Rejected | Unknown):
            return outcome
        nothing = order.item.instrument.amount(_ZERO)
        assert order.item.limit is not None
        return Filled(order.item, nothing, nothing.at(order.item.limit), final=False)


class Drops(Scripted):
    """The first order for the perpetual is carried out, and then the connection breaks."""

    broken = False

    async def place(self, order: Approved[Order]) -> Outcome:
        outcome = await super().place(order)
        if not self.broken and order.item.leg == 1:
            self.broken = True
            raise ConnectionResetError("the connection broke")
        return outcome


class Rests(Scripted):
    """The first order fills 40 of its 100 and rests; what cancels it is heard the `hears`-th time, and 30 more trade
    before it takes effect."""

    hears = 1
    resting: Order | None = None

    async def place(self, order: Approved[Order]) -> Outcome:
        if self.resting is not None or self.truth:
            return await super().place(order)
        self.trace.events.append(("place", order.item))
        self.resting = order.item
        self._more(order.item, "40")
        return self.truth[order.item.id]

    async def cancel(self, order: Order) -> None:
        self.hears -= 1
        if self.resting is not None and not self.hears:
            self._more(order, "30", final=True)
            self.resting = None

    def _more(self, order: Order, amount: str, *, final: bool = False) -> None:
        self._fill(order, D(amount))
        self.booked[-1] = replace(self.booked[-1], venue_trade_id=f"{order.id}-t{len(self.booked)}")
        mine = [fill for fill in self.booked if fill.order_id == order.id]
        filled = order.instrument.amount(sum((fill.amount.value for fill in mine), _ZERO))
        self.truth[order.id] = Filled(order, filled, filled.at(mine[-1].price), final)


class Slow(Scripted):
    """Takes its time, and notes which of our orders faced each other on the way."""

    def __init__(self, *of: Any, **more: Any) -> None:
        super().__init__(*of, **more)
        self.on_the_way: list[Order] = []
        self.faced: list[tuple[Order, Order]] = []

    async def place(self, order: Approved[Order]) -> Outcome:
        mine = order.item
        others = [other for other in self.on_the_way if other.instrument == mine.instrument]
        self.faced += [(mine, other) for other in others if other.side is not mine.side]
        self.on_the_way.append(mine)
        for _ in range(9):
            await asyncio.sleep(0)
        self.on_the_way.remove(mine)
        return await super().place(order)


class Alone(Scripted):
    """Notes the most of a coin that ever stood without its other leg."""

    most = _ZERO

    async def place(self, order: Approved[Order]) -> Outcome:
        outcome = await super().place(order)
        self.most = max(self.most, abs(sum((fill.moved.value for fill in self.booked), _ZERO)))
        return outcome


class Calls(Scripted):
    """Somebody does something the moment the first order has been carried out."""

    then: Callable[[], None] | None = None

    async def place(self, order: Approved[Order]) -> Outcome:
        outcome = await super().place(order)
        if self.then is not None:
            called, self.then = self.then, None
            called()
        return outcome
