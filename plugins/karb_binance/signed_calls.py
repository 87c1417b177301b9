"""Signed calls of one account, at any product of Binance's: stamped by its clock, and refused there once they are old.

What changes something is sent once; a question is asked once more where Binance finds our time wrong. Errors of all:
`VenueRejected` for Binance's own no; `NothingSent` and `NoAnswer` as the connection and `said` say.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from karb_binance.said import LATE, said
from karb_binance.signing import signed_query
from karb_binance.window import WINDOW_NS
from karb_binance.wire import SeenTime
from karb_core.connection.clock_offset import ClockOffset
from karb_core.connection.failures import NothingSent, Unanswered, VenueRejected
from karb_core.connection.fields import Pairs
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.keys import Keys
from karb_core.connection.request import Request
from karb_core.connection.token_bucket import TokenBucket
from karb_core.connection.waiting import Waits

T = TypeVar("T")
#: Unit: ns by Binance's clock.
Stamped = Callable[[int], None]

_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds


class SignedCalls:
    """`clock_path`: where the product tells its time; `light`: the bucket of what weighs least."""

    def __init__(
        self, connection: HttpConnection, keys: Keys, clock: Waits, clock_path: str, light: TokenBucket
    ) -> None:
        self.connection = connection
        self._keys = keys
        self._clock = clock
        self._clock_path = clock_path
        self._light = light

    async def placed(
        self, path: str, fields: Pairs, shape: type[T], bucket: TokenBucket, stamped: Stamped, *, reduces: bool
    ) -> T:
        """`stamped` is told the time that is written on the request. Edge: where Binance's clock cannot be learnt first,
        nothing of the order is sent."""
        try:
            await self._need_clock()
        except (Unanswered, VenueRejected) as e:
            raise NothingSent(f"binance's clock is not known: {e}") from None
        return await self._once("POST", path, fields, shape, bucket, reduces=reduces, stamped=stamped)

    async def cancelled(self, path: str, fields: Pairs, shape: type[T], bucket: TokenBucket) -> T:
        await self._need_clock()
        return await self._once("DELETE", path, fields, shape, bucket, reduces=True)

    async def asked(self, path: str, fields: Pairs, shape: type[T], bucket: TokenBucket, *, reduces: bool = False) -> T:
        """Edge: where Binance says that our time is wrong, its clock is learnt anew and it is asked once more."""
        await self._need_clock()
        try:
            return await self._once("GET", path, fields, shape, bucket, reduces=reduces)
        except VenueRejected as no:
            if no.code not in LATE:
                raise
        await self._need_clock()
        return await self._once("GET", path, fields, shape, bucket, reduces=reduces)

    async def public(self, target: str, shape: type[T], bucket: TokenBucket) -> T:
        """What needs no key. `target`: path and query."""
        return said(await self.connection.send(lambda: Request("GET", target), bucket), shape)

    async def _once(
        self,
        method: str,
        path: str,
        fields: Pairs,
        shape: type[T],
        bucket: TokenBucket,
        *,
        reduces: bool,
        stamped: Stamped | None = None,
    ) -> T:
        try:
            make = partial(self._signed, method, path, fields, stamped)
            answer = await self.connection.send(make, bucket, reduces=reduces)
            return said(answer, shape)
        except VenueRejected as no:
            if no.code in LATE:
                self.connection.offset = ClockOffset()
            raise

    async def _need_clock(self) -> None:
        """Learns Binance's clock where nothing is known of it, to the millisecond."""
        if self.connection.offset.least_ns is not None:
            return
        sent_ns: list[int] = []

        def make() -> Request:
            sent_ns.append(self._clock.now_ns())
            return Request("GET", self._clock_path)

        told = said(await self.connection.send(make, self._light, reduces=True), SeenTime)
        self.connection.offset.learn(told.server_time * _MS, _MS, sent_ns[0], self._clock.now_ns())

    def _signed(self, method: str, path: str, fields: Pairs, stamped: Stamped | None) -> Request:
        stamp_ms = self.connection.offset.earliest_ns(self._clock.now_ns()) // _MS
        if stamped is not None:
            stamped(stamp_ms * _MS)
        pairs = [*fields, ("recvWindow", str(WINDOW_NS // _MS)), ("timestamp", str(stamp_ms))]
        headers = {"X-MBX-APIKEY": self._keys.access, "Accept": "application/json"}
        return Request(method, f"{path}?{signed_query(self._keys, pairs)}", None, headers)
