"""How a request to Binance is answered: weighed, its sender known, carried out, refused. Source: Binance's pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from karb_lab.account import Account
from karb_lab.binance.asked import Asked, holder, need_signed
from karb_lab.binance.limits import Limits, banned, too_much
from karb_lab.binance.refused import BinanceRefused
from karb_lab.faults import Fault
from karb_lab.json_text import Json, written
from karb_lab.troubled import troubled
from karb_lab.venue import Venue

_KEY = "X-MBX-APIKEY"
_LOST_S = 120  # karb: constant because it only is what a made-up ban says


@dataclass(frozen=True, slots=True)
class Call:
    """One endpoint. `needs`: nothing, a key, or a signature. `counted`: as an order."""

    does: Callable[[Asked, Account | None], Json]
    needs: str = ""
    counted: bool = False


Calls = Mapping[tuple[str, str], Call]


class Answering:
    """`weighs`: what a request costs, of its method, its path and its parameters; `most`: what an address may weigh."""

    def __init__(self, venue: Venue, limits: Limits, weighs: Callable[[str, str, Asked], int], most: int) -> None:
        self._venue = venue
        self._limits = limits
        self._weighs = weighs
        self._most = most

    def routes(self, calls: Calls) -> list[web.RouteDef]:
        return [web.route(method, path, self._handler(call)) for (method, path), call in calls.items()]

    def _handler(self, call: Call) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            body = await request.text()
            return await troubled(
                request,
                self._venue.faults,
                lambda: self._answered(call, request, body),
                lambda fault: _said(self._broken(fault), {}),
            )

        return handle

    def _answered(self, call: Call, request: web.Request, body: str) -> web.Response:
        headers: dict[str, str] = {}
        try:
            asked = Asked.read(request.rel_url.raw_query_string, body)
            headers |= self._limits.weigh(str(request.remote), self._weighs(request.method, request.path, asked))
            account = None
            if call.needs:
                account = holder(self._venue.accounts, request.headers.get(_KEY))
            if account is not None and call.needs == "signature":
                need_signed(account, asked, self._venue.clock)
            if account is not None and call.counted:
                headers |= self._limits.order(account.key)
            return _json(written(call.does(asked, account)), HTTPStatus.OK, headers)
        except BinanceRefused as refused:
            return _said(refused, headers)

    def _broken(self, fault: Fault) -> BinanceRefused:
        match fault.kind:
            case "banned":
                return banned(_LOST_S)
            case "too_many":
                return too_much(1, self._most)
            case "reject":
                # karb: constant because it is Binance's code of an order that is refused
                code = int(fault.code) if fault.code.lstrip("-").isdecimal() else -2010
                return BinanceRefused(code, fault.message or "Order rejected.")
            case "maintenance":
                return BinanceRefused.unavailable()
        message = fault.message or "Internal error; unable to process your request. Please try again."
        # karb: constant because it is Binance's code
        return BinanceRefused(-1001, message, HTTPStatus.SERVICE_UNAVAILABLE)


def public(does: Callable[[Asked], Json]) -> Call:
    return Call(lambda asked, _: does(asked))


def signed(does: Callable[[Account, Asked], Json], *, counted: bool = False) -> Call:
    def call(asked: Asked, account: Account | None) -> Json:
        assert account is not None
        return does(account, asked)

    return Call(call, "signature", counted)


def keyed(does: Callable[[Account], Json]) -> Call:
    def call(asked: Asked, account: Account | None) -> Json:  # noqa: ARG001
        assert account is not None
        return does(account)

    return Call(call, "key")


def _said(refused: BinanceRefused, headers: dict[str, str]) -> web.Response:
    if refused.wait_s is not None:
        headers = {**headers, "Retry-After": str(refused.wait_s)}
    return _json(refused.body(), refused.status, headers)


def _json(text: str, status: HTTPStatus, headers: dict[str, str]) -> web.Response:
    return web.Response(text=text, status=status.value, content_type="application/json", headers=headers)
