"""What the account's key may do: told by another host of Binance's, which is asked for nothing else."""

from __future__ import annotations

from karb_binance.said import said
from karb_binance.signing import signed_query
from karb_binance.window import WINDOW_NS
from karb_binance.wire import SeenRights
from karb_core.connection.clock_offset import ClockOffset
from karb_core.connection.keys import Keys
from karb_core.connection.request import Request, Transport
from karb_core.connection.waiting import Waits

_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds


class Rights:
    """`/sapi/v1/account/apiRestrictions`. Source: Binance's page on the permissions of an API key (wallet)."""

    def __init__(self, transport: Transport, keys: Keys, clock: Waits) -> None:
        self._transport = transport
        self._keys = keys
        self._clock = clock

    async def may_withdraw(self, offset: ClockOffset) -> bool:
        """`offset`: of Binance's clock. Errors: as the client's; `VenueRejected` for a key that may not even ask."""
        stamp_ms = offset.earliest_ns(self._clock.now_ns()) // _MS
        pairs = [("recvWindow", str(WINDOW_NS // _MS)), ("timestamp", str(stamp_ms))]
        target = f"/sapi/v1/account/apiRestrictions?{signed_query(self._keys, pairs)}"
        answer = await self._transport(Request("GET", target, None, {"X-MBX-APIKEY": self._keys.access}))
        return said(answer, SeenRights).enable_withdrawals

    async def close(self) -> None:
        await self._transport.close()
