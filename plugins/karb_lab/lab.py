"""Local venues with their doors: started together, driven from outside, stopped together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from ssl import SSLContext

from aiohttp import web

from karb_lab.binance_futures.wire import BinanceFuturesWire
from karb_lab.control import Control
from karb_lab.made_up import MadeUp
from karb_lab.served import Served
from karb_lab.upbit.wire import UpbitWire
from karb_lab.venue import Venue

#: By venue, what speaks for it.
_WIRES: Mapping[str, Callable[[Venue], Callable[[], web.Application]]] = {
    "binance_usdm": lambda venue: BinanceFuturesWire(venue).application,
    "upbit": lambda venue: UpbitWire(venue).application,
}


class Lab:
    """Venues over real HTTP and WebSocket on this machine, and a control address for whoever tests against them.

    `markets`: those that are made up; others are told their books over the control address. `ports`: by venue and for
    `control`, any free one where none is named. `tls`: the venues answer by https, control does not. Errors: KeyError
    for a venue that nothing here speaks for; OSError for a port that is taken.
    """

    def __init__(
        self,
        venues: Sequence[Venue],
        markets: Sequence[MadeUp] = (),
        ports: Mapping[str, int] | None = None,
        tls: SSLContext | None = None,
    ) -> None:
        given = ports or {}
        self.venues: Mapping[str, Venue] = {venue.name: venue for venue in venues}
        self._markets = {market.instrument: market for market in markets}
        self.doors: Mapping[str, Served] = {
            # karb: constant because port 0 is any free one
            name: Served(_WIRES[name](venue), given.get(name, 0), tls)
            for name, venue in self.venues.items()
        }
        control = Control(self.venues, self.doors, self._markets)
        # karb: constant because port 0 is any free one
        self.control = Served(control.application, given.get("control", 0))

    async def start(self) -> None:
        for market in self._markets.values():
            market.quote(self.venues[market.instrument.venue])
        for door in (*self.doors.values(), self.control):
            await door.start()

    async def stop(self) -> None:
        for door in (*self.doors.values(), self.control):
            await door.stop()

    def step(self) -> None:
        """Every made-up market goes on by one step."""
        for market in self._markets.values():
            market.step(self.venues[market.instrument.venue])
