"""How Binance's public REST says no, and when to ask no more.

Over a limit it answers 429 with `Retry-After` in seconds; who goes on is shut out with 418, for minutes or days. Source:
Binance, general information and limits, USD-M futures and spot alike.
"""

from __future__ import annotations

import msgspec

from karb_binance.market_wire import Refusal
from karb_core.connection.questions import Manner
from karb_core.connection.request import Answer

_LONGEST_S = 60  # karb: constant because Binance counts its limits by the minute


def _refusal(body: bytes) -> str | None:
    try:
        no = msgspec.json.decode(body, type=Refusal)
    except (msgspec.DecodeError, RecursionError):
        return None
    return f"{no.code}: {no.msg}"


def _held_s(answer: Answer) -> float:
    told = answer.headers.get("retry-after", "")
    return min(int(told), _LONGEST_S) if told.isdecimal() else 0.0


def manner_of(venue: str) -> Manner:
    """All of Binance's products refuse alike."""
    return Manner(venue, _refusal, _held_s)
