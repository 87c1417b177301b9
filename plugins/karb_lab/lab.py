"""Local venues with their doors: started together, driven from outside, stopped together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from email.utils import formatdate
from secrets import token_hex
from ssl import SSLContext

from aiohttp import web
from aiohttp.typedefs import Handler

from karb_lab.arrived import Arrived
from karb_lab.binance_futures.wire import BinanceFuturesWire
from karb_lab.binance_spot.wire import BinanceSpotWire
from karb_lab.bithumb.wire import BithumbWire
from karb_lab.control import Control
from karb_lab.kimchi import Kimchi
from karb_lab.made_up import MadeUp
from karb_lab.publishers import RATES, Publishers
from karb_lab.served import Served
from karb_lab.upbit.wire import UpbitWire
from karb_lab.venue import Venue

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_ID_BYTES = 3  # karb: constant because six letters tell the labs of one machine apart
#: By venue, what speaks for it.
_WIRES: Mapping[str, Callable[[Venue], Callable[[], web.Application]]] = {
    "binance_spot": lambda venue: BinanceSpotWire(venue).application,
    "binance_usdm": lambda venue: BinanceFuturesWire(venue).application,
    "bithumb": lambda venue: BithumbWire(venue).application,
    "upbit": lambda venue: UpbitWire(venue).application,
}


class Lab:
    """Venues over real HTTP and WebSocket on this machine, and a control address for whoever tests against them.

    `markets`: those that are made up; others are told their books over the control address. `ports`: by venue and for
    `control`, any free one where none is named. `tls`: the venues answer by https, control does not; `course`: what the
    markets are led by, where one leads them; then there are publishers of rates too. `id` is new for each lab. Errors: KeyError for a venue that nothing here
    speaks for; OSError for a port that is taken.
    """

    def __init__(
        self,
        venues: Sequence[Venue],
        markets: Sequence[MadeUp] = (),
        ports: Mapping[str, int] | None = None,
        tls: SSLContext | None = None,
        course: Kimchi | None = None,
    ) -> None:
        self.id = token_hex(_ID_BYTES)
        given = ports or {}
        self.venues: Mapping[str, Venue] = {venue.name: venue for venue in venues}
        self._markets = {market.instrument: market for market in markets}
        served = {name: _kept(_WIRES[name](venue), venue) for name, venue in self.venues.items()}
        if course is not None:
            served[RATES] = Publishers(course, venues[0].clock).application
        # karb: constant because port 0 is any free one
        self.doors: Mapping[str, Served] = {name: Served(at, given.get(name, 0), tls) for name, at in served.items()}
        control = Control(self.id, self.venues, self.doors, self._markets, course)
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


def _kept(builds: Callable[[], web.Application], venue: Venue) -> Callable[[], web.Application]:
    """What arrives is kept to be looked at. Every answer says the venue's own time, which clients measure clocks by."""
    clock = venue.clock

    @web.middleware
    async def arrive(request: web.Request, handler: Handler) -> web.StreamResponse:
        venue.arrived.append(Arrived.of(request, await request.text(), clock.now_ns()))
        return await handler(request)

    async def date(request: web.Request, response: web.StreamResponse) -> None:  # noqa: ARG001 - as aiohttp calls it
        response.headers["Date"] = formatdate(clock.now_ns() / _SECOND_NS, usegmt=True)

    def build() -> web.Application:
        application = builds()
        application.middlewares.append(arrive)
        application.on_response_prepare.append(date)
        return application

    return build
