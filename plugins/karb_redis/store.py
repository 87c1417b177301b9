"""One key in a Redis: while it is there, every host that looks at it is halted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from karb_core.ports import HaltStoreSilent

T = TypeVar("T")

KEY = "karb:halt"
_ANSWER_S = 0.4  # karb: constant because a store that answers later is asked anew, and nothing is entered meanwhile
_LAST_BYTE = 999  # karb: constant because no more of a reason is read
_SHOWN = 120  # karb: constant because it cuts a shown text


class RedisHalts:
    """`HaltStore` in the key `karb:halt`. Shape: as `redis-cli set karb:halt "flatten: news"` writes it.

    Edge: a key of another kind than text cannot be read, so nothing is entered. Nothing is tried twice: whoever reads
    does so again and again.
    """

    def __init__(self, address: str, password: str | None) -> None:
        self.where = f"{address} {KEY}"
        self._redis: Any = Redis.from_url(
            address, password=password, socket_timeout=_ANSWER_S, socket_connect_timeout=_ANSWER_S,
            # karb: constant because nothing is tried twice, and no connection is looked after beside the asking
            retry=Retry(NoBackoff(), 0), health_check_interval=0, decode_responses=False,
        )  # fmt: skip

    async def read(self) -> bytes | None:
        async def asks() -> bytes | None:
            async with self._redis.pipeline(transaction=True) as both:
                both.exists(KEY)
                both.getrange(KEY, 0, _LAST_BYTE)
                there, said = await both.execute()
            return bytes(said) if there else None

        return await self._answered(asks)

    async def write(self, said: bytes) -> None:
        await self._answered(lambda: self._redis.set(KEY, said))

    async def remove(self) -> bool:
        return bool(await self._answered(lambda: self._redis.delete(KEY)))

    async def close(self) -> None:
        await self._redis.aclose()

    async def _answered(self, asks: Callable[[], Awaitable[T]]) -> T:
        """Errors: `HaltStoreSilent`, in which no address and no password stands."""
        try:
            return await asks()
        except (RedisError, OSError, TimeoutError) as e:
            why = "no answer" if isinstance(e, TimeoutError) else str(e)[:_SHOWN]
            raise HaltStoreSilent(f"{type(e).__name__}: {why}") from None
