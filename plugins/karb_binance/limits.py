"""Binance's limits on calls, and what its answers say is left of them."""

from __future__ import annotations

import re

from karb_core.connection.request import Answer
from karb_core.connection.token_bucket import TokenBucket

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_MINUTE_NS = 60 * _SECOND_NS  # karb: constant because a minute has sixty seconds
_TEN_S_NS = 10 * _SECOND_NS  # karb: constant because Binance counts orders by ten seconds
_WEIGHT = 2400  # karb: constant because Binance lets one address weigh so much in a minute
_ORDERS = 200  # karb: constant because 200 in ten seconds keep within both 300 in ten and 1200 in sixty
_COUNT = re.compile("[0-9]{1,9}")


class Limits:
    """Binance weighs calls, 2400 a minute: one bucket for each weight, which together never come to more.

    500 of one, 120 of five and 16 and 24 of up to thirty come to 2300; what is asked for ever has a bucket of its own, so that
    it takes no turn from what an order needs. Orders are counted apart. A part of what finds and places
    orders is kept for what reduces risk. Source: Binance's page on limits, USD-M futures.
    """

    def __init__(self) -> None:
        self.order = TokenBucket("order", _ORDERS, _TEN_S_NS, 60)  # karb: constant because a third, nearly, is kept
        self.light = TokenBucket("light", 500, _MINUTE_NS, 200)  # karb: constant because of the sum above
        self.middle = TokenBucket("middle", 120, _MINUTE_NS, 0)  # karb: constant because of the sum above
        self.heavy = TokenBucket("heavy", 16, _MINUTE_NS, 0)  # karb: constant because of the sum above
        self.income = TokenBucket("income", 24, _MINUTE_NS, 0)  # karb: constant because of the sum above


def told_left(answer: Answer) -> tuple[str, int] | None:
    """Of `X-MBX-ORDER-COUNT-10S` the orders left in ten seconds; else of `X-MBX-USED-WEIGHT-1M` the weight left.

    Edge: the weight is that of the whole address, so where others use it, less is left for us. None without either.
    """
    if (orders := counted(answer, "x-mbx-order-count-10s")) is not None:
        return "order", _ORDERS - orders
    if (weight := counted(answer, "x-mbx-used-weight-1m")) is not None:
        return "light", _WEIGHT - weight
    return None


def counted(answer: Answer, header: str) -> int | None:
    """What a header tells; None where it is not there, or is no count."""
    told = answer.headers.get(header, "")
    return int(told) if _COUNT.fullmatch(told) else None
