"""One venue over HTTP: within its limits, silent while it says to be, and with an eye on its clock."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable

from karb_core.connection.clock_offset import ClockOffset
from karb_core.connection.failures import NothingSent
from karb_core.connection.request import Answer, Request, Transport
from karb_core.connection.token_bucket import TokenBucket
from karb_core.connection.waiting import Waits, until

#: By the name of a bucket, how many calls the venue says are left in it now.
ToldLeft = Callable[[Answer], tuple[str, int] | None]

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_TOO_MANY = 429  # karb: constant because RFC 6585 names it
_BLOCKED = 418  # karb: constant because the venues answer so to whom they have shut out
# karb: constant because it only says for how long a venue that shut us out is left in peace
_FIRST_BLOCK_NS, _LONGEST_BLOCK_NS = 60 * _SECOND_NS, 3_600 * _SECOND_NS


class HttpConnection:
    """`wait_ns`: how long a request may wait for its turn; one that would wait longer is not sent."""

    def __init__(self, transport: Transport, clock: Waits, told_left: ToldLeft, wait_ns: int) -> None:
        self.offset = ClockOffset()
        self._transport = transport
        self._clock = clock
        self._told_left = told_left
        self._wait_ns = wait_ns
        # Who comes first goes first; what reduces risk stands in a line of its own.
        self._lines: defaultdict[tuple[str, bool], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._blocked_until_ns = 0
        self._block_ns = _FIRST_BLOCK_NS

    async def send(self, make: Callable[[], Request], bucket: TokenBucket, *, reduces: bool = False) -> Answer:
        """Whatever the venue answers. The request is made when its turn has come, so its signature is fresh.

        Errors: `NothingSent` also where no turn came in time, or the venue has shut us out; `NoAnswer`.
        """
        last_ns = self._clock.now_ns() + self._wait_ns
        async with self._lines[bucket.name, reduces]:
            await self._turn(bucket, last_ns, reduces=reduces)
            sent_ns = self._clock.now_ns()
            bucket.take(sent_ns)
        answer = await self._transport(make())
        self._heard(answer, bucket, sent_ns)
        return answer

    async def close(self) -> None:
        await self._transport.close()

    async def _turn(self, bucket: TokenBucket, last_ns: int, *, reduces: bool) -> None:
        while True:
            now_ns = self._clock.now_ns()
            if now_ns < self._blocked_until_ns:
                seconds = (self._blocked_until_ns - now_ns) // _SECOND_NS
                raise NothingSent(f"the venue has shut us out; nothing is sent for {seconds} s")
            free_ns = bucket.free_at(now_ns, reduces=reduces)
            if free_ns <= now_ns:
                return
            if free_ns > last_ns:
                raise NothingSent(f"the venue's limit on `{bucket.name}` left no turn in time")
            await until(self._clock, free_ns)

    def _heard(self, answer: Answer, bucket: TokenBucket, sent_ns: int) -> None:
        now_ns = self._clock.now_ns()
        if (told_ns := answer.at_ns) is not None:
            self.offset.learn(told_ns, _SECOND_NS, sent_ns, now_ns)
        left = self._told_left(answer)
        if left is not None and left[0] == bucket.name:
            bucket.told_left(left[1], sent_ns, now_ns)
        if answer.status == _TOO_MANY:
            bucket.pause(now_ns + max(bucket.period_ns, _retry_after_ns(answer)))
        elif answer.status == _BLOCKED:
            self._blocked_until_ns = now_ns + (_retry_after_ns(answer) or self._block_ns)
            self._block_ns = min(2 * self._block_ns, _LONGEST_BLOCK_NS)
        else:
            self._block_ns = _FIRST_BLOCK_NS


def _retry_after_ns(answer: Answer) -> int:
    """Zero where the venue names no time in seconds."""
    try:
        return max(0, int(answer.headers["retry-after"])) * _SECOND_NS
    except (KeyError, ValueError):
        return 0
