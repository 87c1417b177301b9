"""Binance as its pages describe it, in this process: checks every signature, answers by script, notes what came."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl

from karb_core.connection.failures import NoAnswer, NothingSent
from karb_core.connection.keys import Keys
from karb_core.connection.request import Answer, Request
from karb_core.wiring.virtual_clock import VirtualClock

#: Made up for the vectors of the signature; they open nothing.
KEYS = Keys(
    "binance-test-api-key-000000000000000000000000000000000000000001",
    "binance-test-secret-key-000000000000000000000000000000000000001",
)
TIME, SPOT_TIME = "GET /fapi/v1/time", "GET /api/v3/time"
MS = 1_000_000


class Fate(Enum):
    """What becomes of a request instead of an answer."""

    REFUSED = "nobody listens"
    DROPPED = "read, and then the connection breaks"


Told = Any


@dataclass(frozen=True)
class Asked:
    call: str
    fields: Mapping[str, str]

    @property
    def path_is_a_clock(self) -> bool:
        return self.call in (TIME, SPOT_TIME)


@dataclass
class BinanceHere:
    """`on("GET /fapi/v1/order", ...)`: what is said to one call after another; the last is said for ever. `ahead_ms`: by
    how much its clock is ahead of ours."""

    clock: VirtualClock
    ahead_ms: int = 0
    script: dict[str, list[Told | Callable[[Asked], Told]]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def on(self, call: str, *told: Told | Callable[[Asked], Told]) -> None:
        self.script[call] = list(told)

    def of(self, call: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.call == call]

    async def __call__(self, request: Request) -> Answer:
        """`Transport`, in virtual time: twenty milliseconds each way."""
        await asyncio.sleep(0.02)
        path, _, query = request.target.partition("?")
        asked = Asked(f"{request.method} {path}", dict(parse_qsl(query, keep_blank_values=True)))
        said = self._said(asked, query)
        if said is Fate.REFUSED:
            raise NothingSent("connection refused")
        self.asked.append(asked)
        await asyncio.sleep(0.02)
        if isinstance(said, Fate):
            raise NoAnswer(said.value)
        status, body = said if isinstance(said, tuple) else (200, said)
        return Answer(status, {}, body if isinstance(body, bytes) else json.dumps(body).encode())

    async def close(self) -> None:
        return

    def _said(self, asked: Asked, query: str) -> Told:
        now_ms = self.clock.now_ns() // MS + self.ahead_ms
        if asked.path_is_a_clock and asked.call not in self.script:
            return {"serverTime": now_ms}
        if "signature" in asked.fields:
            signed, _, signature = query.rpartition("&signature=")
            assert hmac.digest(KEYS.secret.encode(), signed.encode(), "sha256").hex() == signature
            late_ms = now_ms - int(asked.fields["timestamp"])
            if not -1000 < late_ms <= int(asked.fields["recvWindow"]):
                return 400, {"code": -1021, "msg": "Timestamp for this request is outside of the recvWindow."}
        told = self.script[asked.call]
        said = told.pop(0) if len(told) > 1 else told[0]
        return said(asked) if callable(said) else said
