"""The addresses of the API. They are a contract: each is tested by its name, and `format_version` grows before one changes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Response, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from karb_core.domain.halt import Halt
from karb_core.domain.instant import to_text
from karb_core.errors import LedgerUnusable, UsageMistake
from karb_core.ports import Document, Handed, ToldByOwner
from karb_dashboard.access import Access
from karb_dashboard.answers import answer, markets, part, rows, said
from karb_dashboard.callers import Callers
from karb_dashboard.files import page_files
from karb_dashboard.given import (
    BEARER,
    COOKIE,
    SESSION,
    USUAL,
    Because,
    Kind,
    Most,
    OfStrategy,
    Pair,
    Second,
    Strength,
    Symbol,
    Token,
)
from karb_dashboard.guard import Guard, caller
from karb_dashboard.metrics import CONTENT, Metrics
from karb_dashboard.refusal import REFUSALS, code_of, refusal, status_of
from karb_dashboard.schemas import documented
from karb_dashboard.seen import Watching
from karb_dashboard.settings import ServeSettings
from karb_dashboard.stream import Stream

VERSION = "1"
_SECOND = 1_000_000_000  # karb: constant because a second has so many nanoseconds
_TAKEN_S = 3.0  # karb: constant because it waits for an answer, and what was told stands whether one comes or not
_LOOK_S = 0.05  # karb: constant because it says how often it is looked whether a command was taken
_LASTS_S = 30 * 24 * 3600  # karb: constant because it says how long a phone stays signed in


class Refused(Exception):
    """An answer that says no, by its word."""

    def __init__(self, code: str, waits_s: int = 0) -> None:
        super().__init__(code)
        self.code, self.waits_s = code, waits_s


def application(
    watching: Watching, access: Access, settings: ServeSettings, stream: Stream, hosts: frozenset[str]
) -> FastAPI:
    """The whole of it, without a server around."""
    house, callers = watching.house, Callers(settings.asks_per_second)
    app = FastAPI(title="karb", version=VERSION, docs_url=None, redoc_url=None, openapi_url="/openapi.json")

    def looks(
        request: Request, _b: Annotated[object, Depends(BEARER)], _c: Annotated[object, Depends(SESSION)]
    ) -> None:
        _need_signed_in(
            request.headers.get("authorization", ""), request.cookies.get(COOKIE, ""), caller(request.scope)
        )

    def _need_signed_in(told: str, session: str, by: str) -> None:
        now_ns = house.now_ns()
        kind, _, token = told.partition(" ")
        if kind.lower() == "bearer":
            _guessed("wrong_token", access.opens, token.strip(), by)
        elif not session or not access.knows(session, now_ns // _SECOND):
            raise Refused("not_signed_in")

    def _guessed(code: str, right: Callable[[str], bool], given: str, by: str) -> None:
        """Errors: Refused for what is wrong, and for who was wrong too often, right or not."""
        now_ns = house.now_ns()
        waits = callers.may_guess(by, now_ns)
        if waits:
            raise Refused("too_many", waits)
        if not right(given):
            callers.wrong(by, now_ns)
            raise Refused(code)

    def _need_own_page(request: Request | WebSocket) -> None:
        """A browser says which page asks; a page of somebody else's does not steer with our cookie."""
        origin = request.headers.get("origin")
        own = {f"{scheme}://{request.headers.get('host', '')}" for scheme in ("http", "https")}
        if origin is not None and origin not in own and origin not in settings.origins:
            raise Refused("wrong_origin")

    def now() -> str:
        return to_text(house.now_ns())

    def told(**parts: object) -> Response:
        return Response(json.dumps(answer(now=now(), **parts), ensure_ascii=False), media_type="application/json")

    signed_in: Any = {"dependencies": [Depends(looks)]}

    _looked_at(app, watching, access, stream, told, signed_in)

    @app.post("/api/session", **documented("session", "wrong_token", "too_many", "wrong_origin"))
    async def sign_in(request: Request, token: Token) -> Response:
        _need_own_page(request)
        _guessed("wrong_token", access.opens, token, caller(request.scope))
        made = told(signed_in=True)
        made.set_cookie(
            COOKIE, access.session(house.now_ns() // _SECOND), max_age=_LASTS_S, httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return made

    @app.delete("/api/session", **documented("session"))
    async def sign_out() -> Response:
        made = told(signed_in=False)
        made.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return made

    @app.post("/api/halt", **documented("commands", "wrong_second", "too_many", "not_found", "ledger"), **signed_in)
    async def halt(
        request: Request,
        strength: Strength,
        because: Because,
        second: Second,
        strategy: OfStrategy = None,
    ) -> Response:
        return await _steer(request, Halt.read(strength), because, second, strategy)

    @app.post("/api/resume", **documented("commands", "wrong_second", "too_many", "not_found", "ledger"), **signed_in)
    async def resume(request: Request, because: Because, second: Second, strategy: OfStrategy = None) -> Response:
        return await _steer(request, None, because, second, strategy)

    async def _steer(
        request: Request, strength: Halt | None, because: str, second: str, strategy: str | None
    ) -> Response:
        _need_own_page(request)
        by = caller(request.scope)
        _guessed("wrong_second", lambda given: access.steers(given, house.now_ns() // _SECOND), second, by)
        order = ToldByOwner(strength, strategy, _clean(because), f"http@{by}")
        try:
            handed = await asyncio.to_thread(house.tell, order)
            done = await _taken(handed)
        except UsageMistake as e:
            raise Refused("not_found") from e
        except LedgerUnusable as e:
            raise Refused("ledger") from e
        return told(commands=[_command(each) for each in done], taken=all(each.run for each in done))

    async def _taken(handed: Any) -> list[Handed]:
        """What became of them; edge: after a while whatever is so, for what was told stands."""
        done = list(handed)
        for _ in range(int(_TAKEN_S / _LOOK_S)):
            done = list(await asyncio.to_thread(house.handed, done))
            if all(each.run for each in done):
                break
            await asyncio.sleep(_LOOK_S)
        return done

    @app.websocket("/ws")
    async def ws(socket: WebSocket) -> None:
        try:
            _need_own_page(socket)
            told_by = socket.headers.get("authorization", ""), socket.cookies.get(COOKIE, "")
            _need_signed_in(*told_by, caller(socket.scope))
        except Refused:
            await socket.close()
            return
        await stream.serve(socket, lambda: watching.seen)

    for path, (body, kind) in page_files(settings, access.second, house.lang).items():
        _serve_file(app, path, body, kind)

    _serve_metrics(app, Metrics(watching, access.folder), signed_in)
    _refuses(app, house.lang)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=list(settings.origins), allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
        )  # fmt: skip
    app.add_middleware(Guard, house=house, callers=callers, hosts=hosts)
    return app


def _looked_at(
    app: FastAPI, watching: Watching, access: Access, stream: Stream, told: Callable[..., Response], signed_in: Any
) -> None:
    """What is only read: each answer is of what was seen last. `signed_in`: what a path asks of who calls."""

    @app.get("/health", **documented("health"))
    async def health() -> Response:
        return told(status="ok", second=access.second, lang=watching.house.lang)

    @app.get("/api/market-data", **documented("markets"), **signed_in)
    async def market_data() -> Response:
        return told(markets=markets(watching.seen))

    @app.get("/api/market-data/{symbol}", **documented("markets"), **signed_in)
    async def market_data_of(symbol: Symbol) -> Response:
        found = markets(watching.seen, symbol)
        if not found:
            raise Refused("not_found")
        return told(markets=found)

    @app.get("/api/premium-history", **documented("history"), **signed_in)
    async def premium_history() -> Response:
        return told(pairs=watching.history.told())

    @app.get("/api/positions", **documented("accounts"), **signed_in)
    async def positions() -> Response:
        return told(accounts=part(watching.seen, "positions"))

    @app.get("/api/orders", **documented("orders"), **signed_in)
    async def orders(limit: Most = USUAL) -> Response:
        return told(orders=rows(watching.seen, "orders", limit))

    @app.get("/api/system-status", **documented("status"), **signed_in)
    async def system_status() -> Response:
        seen = watching.seen
        return told(accounts=part(seen, "status"), unread=seen.unread, second=access.second, dropped=stream.dropped)

    @app.get("/api/trade-history", **documented("trades"), **signed_in)
    async def trade_history(limit: Most = USUAL, pair: Pair = None) -> Response:
        return told(trades=rows(watching.seen, "trades", limit, pair=pair))

    @app.get("/api/strategy-info", **documented("strategies"), **signed_in)
    async def strategy_info() -> Response:
        return told(strategies=list(watching.seen.rules))

    @app.get("/api/stats", **documented("accounts"), **signed_in)
    async def stats() -> Response:
        return told(accounts=part(watching.seen, "stats"))

    @app.get("/api/decisions", **documented("decisions"), **signed_in)
    async def decisions(limit: Most = USUAL, pair: Pair = None, kind: Kind = None) -> Response:
        return told(decisions=rows(watching.seen, "decisions", limit, pair=pair, kind=kind))

    @app.get("/api/log", **documented("log"), **signed_in)
    async def log(limit: Most = USUAL) -> Response:
        return told(log=said(watching.seen, limit))


def _refuses(app: FastAPI, lang: str) -> None:
    """Every answer that says no has one shape, also of what went wrong here."""

    @app.exception_handler(Refused)
    async def refused(_: Request, e: Refused) -> Response:
        more = {"Retry-After": str(e.waits_s)} if e.waits_s else None
        return JSONResponse(refusal(e.code, lang), status_of(e.code), more)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, __: RequestValidationError) -> Response:
        return JSONResponse(refusal("bad_request", lang), status_of("bad_request"))

    @app.exception_handler(HTTPException)
    async def other(_: Request, e: HTTPException) -> Response:
        return JSONResponse(refusal(code_of(e.status_code), lang), e.status_code, e.headers)

    @app.exception_handler(Exception)
    async def broken(_: Request, __: Exception) -> Response:
        return JSONResponse(refusal("broken", lang), REFUSALS["broken"][0])


def _serve_file(app: FastAPI, path: str, body: bytes, kind: str) -> None:
    async def file() -> Response:
        return Response(body, media_type=kind, headers={"Cache-Control": "no-cache"})

    app.add_api_route(path, file, include_in_schema=False)


def _serve_metrics(app: FastAPI, metrics: Metrics, signed_in: Any) -> None:
    """In Prometheus' own words, so that OpenAPI has nothing to say of it."""

    def told() -> Response:
        return Response(metrics.text(), media_type=CONTENT)

    app.add_api_route("/metrics", told, include_in_schema=False, **signed_in)


def _command(each: Handed) -> Document:
    return {"command": each.command, "account": each.account, "strategy": each.strategy, "run": each.run}


def _clean(because: str) -> str:
    """One line that every database takes. Errors: Refused for what is no text."""
    try:
        because.encode()
    except UnicodeEncodeError as e:
        raise Refused("bad_request") from e
    line = " ".join("".join(c if c.isprintable() else " " for c in because).split())
    if not line:
        raise Refused("bad_request")
    return line
