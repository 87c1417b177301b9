"""How much Binance lets one ask: weight by the minute, orders by windows of their own. Source: its pages on limits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus

from karb_core.ports import Clock
from karb_lab.binance.quotation import Body
from karb_lab.binance.refused import BinanceRefused

SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
MINUTE_S = 60  # karb: constant because a minute has sixty seconds
_PATIENCE = 50  # karb: constant because Binance says that it bans who goes on, and not after how many
_BANNED_S = 120  # karb: constant because Binance's shortest ban is two minutes
_TOO_MUCH = -1003  # karb: constant because it is Binance's code
_TOO_MANY = -1015  # karb: constant because it is Binance's code
_UNITS = {"SECOND": 1, "MINUTE": MINUTE_S, "DAY": 1440 * MINUTE_S}  # karb: constant because a day has 1440 minutes


@dataclass(frozen=True, slots=True)
class Window:
    """So many orders of an account in so many of a unit. Shape of its header: `X-MBX-ORDER-COUNT-10S`."""

    count: int
    unit: str
    most: int

    @property
    def span_s(self) -> int:
        return self.count * _UNITS[self.unit]

    @property
    def header(self) -> str:
        return f"X-MBX-ORDER-COUNT-{self.count}{self.unit[0]}"

    def row(self) -> Body:
        return _row("ORDERS", self.unit, self.count, self.most)


class Limits:
    """Windows of the venue's own minutes. Headers as clients read them. `weight`: of an address in a minute."""

    def __init__(self, clock: Clock, weight: int, windows: tuple[Window, ...]) -> None:
        self._clock = clock
        self._weight = weight
        self._windows = windows
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
        if used > self._weight:
            refusals = (who, now_s // MINUTE_S)
            self._refusals[refusals] += 1
            if self._refusals[refusals] > _PATIENCE:
                self._banned_until_ns[who] = self._clock.now_ns() + _BANNED_S * SECOND_NS
            raise too_much(MINUTE_S - now_s % MINUTE_S, self._weight)
        return {"X-MBX-USED-WEIGHT-1M": str(used)}

    def order(self, key: str) -> dict[str, str]:
        """Counts an order of an account. Errors: `BinanceRefused` 429 -1015."""
        used = {window: self._count(window.header, key, window.span_s, 1) for window in self._windows}
        if any(count > window.most for window, count in used.items()):
            raise BinanceRefused(_TOO_MANY, "Too many new orders.", HTTPStatus.TOO_MANY_REQUESTS)
        return {window.header: str(count) for window, count in used.items()}

    def rows(self) -> list[Body]:
        """As the rules of the venue tell them."""
        return [_row("REQUEST_WEIGHT", "MINUTE", 1, self._weight), *(window.row() for window in self._windows)]

    def order_rows(self, key: str) -> list[Body]:
        """What an account used of each."""
        # karb: constant because asking counts nothing
        return [{**one.row(), "count": self._count(one.header, key, one.span_s, 0)} for one in self._windows]

    def _count(self, what: str, who: str, span_s: int, weight: int) -> int:
        window = self._clock.now_ns() // (span_s * SECOND_NS)
        for old in [at for at in self._used if at[:2] == (what, who) and at[2] != window]:
            del self._used[old]
        self._used[what, who, window] += weight
        return self._used[what, who, window]


def too_much(wait_s: int, most: int) -> BinanceRefused:
    message = f"Too many requests; current limit of IP is {most} requests per minute."
    refused = BinanceRefused(_TOO_MUCH, message, HTTPStatus.TOO_MANY_REQUESTS)
    refused.wait_s = wait_s
    return refused


def banned(wait_s: int) -> BinanceRefused:
    refused = BinanceRefused(_TOO_MUCH, "Way too many requests; IP banned.", HTTPStatus.IM_A_TEAPOT)
    refused.wait_s = wait_s
    return refused


def _row(kind: str, unit: str, count: int, most: int) -> Body:
    return {"rateLimitType": kind, "interval": unit, "intervalNum": count, "limit": most}
