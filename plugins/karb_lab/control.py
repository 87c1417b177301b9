"""How a test drives the lab: the market moves, faults stand, a venue crashes and comes back, its own books are told.

No real venue has such an address, and nothing but this machine can reach it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal, InvalidOperation
from http import HTTPStatus

from aiohttp import web

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, FundingRate, Level, Mark
from karb_core.domain.orders import Side
from karb_lab.account import Account
from karb_lab.faults import Fault
from karb_lab.json_text import Json, written
from karb_lab.kimchi import Kimchi
from karb_lab.made_up import MadeUp
from karb_lab.served import Served
from karb_lab.venue import Venue

Told = Mapping[str, object]
MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds


class Control:
    """Takes JSON, numbers as text. Answers 400 with a sentence for what does not fit, 404 for what is not there.

    GET /: the venues, their addresses. GET /keys: where they are, and the key of each account, by its name, as a
    secret's value is written. POST /premium: `coin`, `premium`, at which a led market stands from now on, null to let
    go. POST /VENUE/book: `instrument`, `bids`, `asks` as [price, amount], `told` false for a change that streams miss.
    POST /VENUE/price: `instrument`, `price`, of a made-up market. POST /VENUE/print: `instrument`, `price`, `amount`,
    `taker`. POST /VENUE/mark: `instrument`, `price`; POST /VENUE/funding: `instrument`, `rate`, `in_ms`, what is to be
    settled then; POST /VENUE/settle: `instrument`, `rate`, now. POST and DELETE /VENUE/faults: one stands, none stands.
    POST /VENUE/crash, /VENUE/restore. GET /VENUE/accounts: balances and fills as the venue booked them.
    """

    def __init__(
        self,
        lab_id: str,
        venues: Mapping[str, Venue],
        doors: Mapping[str, Served],
        markets: Mapping[Instrument, MadeUp],
        course: Kimchi | None = None,
    ) -> None:
        self._id = lab_id
        self._course = course
        self._venues = venues
        self._doors = doors
        self._markets = markets

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/", self._addresses)
        application.router.add_get("/keys", self._keys)
        application.router.add_post("/premium", self._answering(self._premium))
        application.router.add_get("/{venue}/accounts", self._taking(self._accounts))
        application.router.add_get("/{venue}/arrived", self._taking(self._arrived))
        for name, does in {
            "book": self._book,
            "price": self._price,
            "print": self._print,
            "mark": self._mark,
            "funding": self._funding,
            "settle": self._settle,
            "faults": self._fault,
            "crash": self._crash,
            "restore": self._restore,
        }.items():
            application.router.add_post(f"/{{venue}}/{name}", self._taking(does))
        application.router.add_delete("/{venue}/faults", self._taking(self._no_faults))
        return application

    def _taking(self, does: Callable[[str, Told], Awaitable[Json]]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            venue = request.match_info["venue"]
            if venue not in self._venues:
                return _answer({"error": f"there is no venue {venue!r}"}, HTTPStatus.NOT_FOUND)
            return await self._answering(lambda told: does(venue, told))(request)

        return handle

    def _answering(self, does: Callable[[Told], Awaitable[Json]]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            text = await request.text()
            try:
                told = json.loads(text) if text else {}
                if not isinstance(told, dict):
                    raise TypeError("one object is expected")
                return _answer(await does(told), HTTPStatus.OK)
            except (ValueError, TypeError, LookupError, InvalidOperation) as wrong:
                return _answer({"error": str(wrong)}, HTTPStatus.BAD_REQUEST)

        return handle

    async def _keys(self, request: web.Request) -> web.Response:  # noqa: ARG002
        keys: dict[str, Json] = {
            account.name: f"{account.key}:{account.secret}"
            for venue in self._venues.values()
            for account in venue.accounts.values()
        }
        addresses: dict[str, Json] = {name: door.address for name, door in self._doors.items()}
        return _answer({"id": self._id, "addresses": addresses, "keys": keys}, HTTPStatus.OK)

    async def _premium(self, told: Told) -> Json:
        if self._course is None:
            raise LookupError("no premium leads this market")
        premium = told["premium"]
        coin = str(told["coin"])
        self._course.pin(coin, None if premium is None else _number(premium))
        for market in self._markets.values():
            if market.instrument.base == coin:
                market.quote(self._venues[market.instrument.venue])
        return {}

    async def _addresses(self, request: web.Request) -> web.Response:  # noqa: ARG002
        found: dict[str, Json] = {
            name: {"address": door.address, "up": door.is_up} for name, door in self._doors.items()
        }
        return _answer(found, HTTPStatus.OK)

    async def _accounts(self, venue: str, told: Told) -> Json:  # noqa: ARG002
        return {account.name: _booked(account) for account in self._venues[venue].accounts.values()}

    async def _arrived(self, venue: str, told: Told) -> Json:  # noqa: ARG002
        return [
            {"at_ms": one.at_ns // MS, "method": one.method, "path": one.path, "asked": one.asked}
            for one in self._venues[venue].arrived
        ]

    async def _book(self, venue: str, told: Told) -> Json:
        here = self._venues[venue]
        instrument = self._instrument(venue, told)
        now_ns = here.clock.now_ns()
        here.quote(
            Depth(instrument, _levels(told["bids"]), _levels(told["asks"]), now_ns, now_ns),
            told=told.get("told") is not False,
        )
        return {}

    async def _price(self, venue: str, told: Told) -> Json:
        instrument = self._instrument(venue, told)
        if instrument not in self._markets:
            raise LookupError(f"{instrument.text()} is not made up here")
        self._markets[instrument].move(self._venues[venue], _number(told["price"]))
        return {}

    async def _print(self, venue: str, told: Told) -> Json:
        side = Side(told["taker"])
        self._venues[venue].print(self._instrument(venue, told), _number(told["price"]), _number(told["amount"]), side)
        return {}

    async def _mark(self, venue: str, told: Told) -> Json:
        here, instrument = self._venues[venue], self._instrument(venue, told)
        now_ns = here.clock.now_ns()
        here.mark(Mark(instrument, _number(told["price"]), None, now_ns, now_ns))
        return {}

    async def _funding(self, venue: str, told: Told) -> Json:
        here, instrument = self._venues[venue], self._instrument(venue, told)
        now_ns = here.clock.now_ns()
        settles_ns = now_ns + int(str(told["in_ms"])) * MS
        here.announce(FundingRate(instrument, _number(told["rate"]), settles_ns, False, None, now_ns, now_ns))
        return {}

    async def _settle(self, venue: str, told: Told) -> Json:
        self._venues[venue].settle(self._instrument(venue, told), _number(told["rate"]))
        return {}

    async def _fault(self, venue: str, told: Told) -> Json:
        fault = Fault.read(told)
        self._venues[venue].faults.add(fault)
        if fault.kind == "maintenance":
            await self._doors[venue].close_streams()
        return {}

    async def _no_faults(self, venue: str, told: Told) -> Json:  # noqa: ARG002
        self._venues[venue].faults.clear()
        return {}

    async def _crash(self, venue: str, told: Told) -> Json:  # noqa: ARG002
        await self._doors[venue].crash()
        return {}

    async def _restore(self, venue: str, told: Told) -> Json:  # noqa: ARG002
        await self._doors[venue].start()
        return {}

    def _instrument(self, venue: str, told: Told) -> Instrument:
        instrument = Instrument.read(str(told["instrument"]))
        if instrument not in self._venues[venue].facts:
            raise LookupError(f"{instrument.text()} is not traded at {venue}")
        return instrument


def _booked(account: Account) -> Json:
    balances: dict[str, Json] = {
        at.asset: {"free": exact.text(balance.free), "locked": exact.text(balance.locked)}
        for at, balance in account.book.balances().items()
    }
    fills: list[Json] = [
        {
            "order": fill.order_id,
            "trade": fill.venue_trade_id,
            "instrument": fill.instrument.text(),
            "side": fill.side.value,
            "amount": exact.text(fill.amount.value),
            "price": exact.text(fill.price.value),
            "fee": fill.fee.text(),
            "at_ms": fill.venue_at_ns // MS,
        }
        for fill in account.book.fills_since(0)
    ]
    return {"balances": balances, "fills": fills}


def _levels(told: object) -> tuple[Level, ...]:
    if not isinstance(told, list):
        raise TypeError("bids and asks are lists of [price, amount]")
    return tuple(Level(_number(price), _number(amount)) for price, amount in told)


def _number(told: object) -> Decimal:
    return exact.finite(Decimal(str(told)))


def _answer(told: Json, status: HTTPStatus) -> web.Response:
    return web.Response(text=written(told), status=status.value, content_type="application/json")
