"""Spot's limits on calls, and what its answers say is left of them."""

from __future__ import annotations

from karb_binance.limits import counted
from karb_core.connection.request import Answer
from karb_core.connection.token_bucket import TokenBucket

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_MINUTE_NS = 60 * _SECOND_NS  # karb: constant because a minute has sixty seconds
_TEN_S_NS = 10 * _SECOND_NS  # karb: constant because Binance counts orders by ten seconds
_WEIGHT = 6000  # karb: constant because Binance lets one address weigh so much in a minute
_ORDERS, _DAILY = 100, 200_000  # karb: constant because Binance takes so many in ten seconds, and in a day
_LIGHT = 4  # karb: constant because finding an order weighs so much


class Limits:
    """Binance weighs calls, 6000 a minute: one bucket for each weight, which together never come to more.

    600 orders of one, 600 of up to four, 60 of six and 120 of twenty come to 5760. A part of what finds and places orders is
    kept for what reduces risk. Source: Binance's page on limits, spot.
    """

    def __init__(self) -> None:
        self.order = TokenBucket("order", _ORDERS, _TEN_S_NS, 30)  # karb: constant because a third, nearly, is kept
        self.light = TokenBucket("light", 600, _MINUTE_NS, 200)  # karb: constant because of the sum above
        self.middle = TokenBucket("middle", 60, _MINUTE_NS, 0)  # karb: constant because of the sum above
        self.heavy = TokenBucket("heavy", 120, _MINUTE_NS, 0)  # karb: constant because of the sum above


def told_left(answer: Answer) -> tuple[str, int] | None:
    """Of the counts of orders the lesser that is left, in ten seconds or in the day; else of the weight, in the lightest calls.

    Edge: the weight is that of the whole address, so where others use it, less is left for us. None without any.
    """
    by_ten_s, by_day = counted(answer, "x-mbx-order-count-10s"), counted(answer, "x-mbx-order-count-1d")
    lefts = [most - told for most, told in ((_ORDERS, by_ten_s), (_DAILY, by_day)) if told is not None]
    if lefts:
        return "order", min(lefts)
    if (weight := counted(answer, "x-mbx-used-weight-1m")) is not None:
        return "light", (_WEIGHT - weight) // _LIGHT
    return None
