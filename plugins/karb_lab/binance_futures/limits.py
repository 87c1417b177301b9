"""How much Binance lets one ask: weight by the minute, orders by ten seconds and by the minute. Source: its page on limits."""

from __future__ import annotations

from collections import defaultdict
from http import HTTPStatus

from karb_core.ports import Clock
from karb_lab.binance_futures.refused import BinanceRefused

SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
MINUTE_S = 60  # karb: constant because a minute has sixty seconds
TEN_S = 10  # karb: constant because orders are counted by ten seconds
WEIGHT = 2400  # karb: constant because Binance's page states it: by the minute and address
ORDERS_1M = 1200  # karb: constant because Binance's page states it: by the minute and account
ORDERS_10S = 300  # karb: constant because Binance's page states it: by ten seconds and account
_PATIENCE = 50  # karb: constant because Binance says that it bans who goes on, and not after how many
_BANNED_S = 120  # karb: constant because Binance's shortest ban is two minutes
_TOO_MUCH = -1003  # karb: constant because it is Binance's code
_TOO_MANY = -1015  # karb: constant because it is Binance's code


class Limits:
    """Windows of the venue's own minutes. Headers as clients read them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._used: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        self._banned_until_ns: dict[str, int] = {}
        self._refusals: defaultdict[tuple[str, int], int] = defaultdict(int)

    def weigh(self, who: str, weight: int) -> dict[str, str]:
        """Counts a request of an address. Errors: `BinanceRefused` 429 beyond the limit, 418 for who goes on."""
        now_s = self._clock.now_ns() // SECOND_NS
        left_ns = self._banned_until_ns.get(who, self._clock.now_ns()) - self._clock.now_ns()
        if left_ns > 0:
            raise banned(-(-left_ns // SECOND_NS))
        used = self._count("weight", who, MINUTE_S, weight)
        if used > WEIGHT:
            refusals = (who, now_s // MINUTE_S)
            self._refusals[refusals] += 1
            if self._refusals[refusals] > _PATIENCE:
                self._banned_until_ns[who] = self._clock.now_ns() + _BANNED_S * SECOND_NS
            raise too_much(MINUTE_S - now_s % MINUTE_S)
        return {"X-MBX-USED-WEIGHT-1M": str(used)}

    def order(self, key: str) -> dict[str, str]:
        """Counts an order of an account. Errors: `BinanceRefused` 429 -1015."""
        short, long = self._count("short", key, TEN_S, 1), self._count("long", key, MINUTE_S, 1)
        if short > ORDERS_10S or long > ORDERS_1M:
            raise BinanceRefused(_TOO_MANY, "Too many new orders.", HTTPStatus.TOO_MANY_REQUESTS)
        return {"X-MBX-ORDER-COUNT-10S": str(short), "X-MBX-ORDER-COUNT-1M": str(long)}

    def used(self, key: str) -> tuple[int, int]:
        """Orders of the last ten seconds and the last minute."""
        return self._count("short", key, TEN_S, 0), self._count("long", key, MINUTE_S, 0)

    def _count(self, what: str, who: str, span_s: int, weight: int) -> int:
        window = self._clock.now_ns() // (span_s * SECOND_NS)
        for old in [at for at in self._used if at[:2] == (what, who) and at[2] != window]:
            del self._used[old]
        self._used[what, who, window] += weight
        return self._used[what, who, window]


def too_much(wait_s: int) -> BinanceRefused:
    message = f"Too many requests; current limit of IP is {WEIGHT} requests per minute."
    refused = BinanceRefused(_TOO_MUCH, message, HTTPStatus.TOO_MANY_REQUESTS)
    refused.wait_s = wait_s
    return refused


def banned(wait_s: int) -> BinanceRefused:
    refused = BinanceRefused(_TOO_MUCH, "Way too many requests; IP banned.", HTTPStatus.IM_A_TEAPOT)
    refused.wait_s = wait_s
    return refused
