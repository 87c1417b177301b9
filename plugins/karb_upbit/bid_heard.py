"""KRW-USDT as a rate: the best bid while it runs, and the last trade of each minute for what was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.connection.questions import Questions
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FxKind, FxRate
from karb_core.ports.fx_source import EmitRate
from karb_upbit.codes import VENUE, code_of
from karb_upbit.market_wire import read, subscription, top
from karb_upbit.past import bars

_USDT = Instrument(VENUE, "USDT", "KRW")
_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_MINUTE_NS = 60 * _SECOND  # karb: constant because a minute has 60 seconds
_AHEAD_NS = 60 * _SECOND  # karb: constant because a time so far ahead of ours is none


@dataclass(slots=True)
class BidHeard:
    """`Hears` for the one book. A USDT fetches the bid. A rate that stands is told again once a second, so that it does
    not grow old; one that is older than what was told, of a crossed book or of one with an empty side, is not told.

    `unread`: how many messages could not be read; while none can, nothing is told and the rate grows old.
    """

    emit: EmitRate
    unread: int = field(init=False, default=0)
    _told: FxRate | None = field(init=False, default=None)

    def asks(self) -> Sequence[str]:
        return [subscription("karb-fx", [("orderbook", [code_of(_USDT)])])]

    def opened(self, now_ns: int) -> None:
        """Every message is complete: there is nothing to begin."""

    def heard(self, message: bytes, now_ns: int) -> int | None:
        try:
            frame = read(message)
            if frame.type != "orderbook" or frame.code != code_of(_USDT):
                return None
            found = top(frame, _USDT, now_ns)
        except Unreadable:
            self.unread += 1
            return None
        if frame.venue_at_ns > now_ns + _AHEAD_NS:
            self.unread += 1
            return None
        if found is not None and found.sound:
            self._tell(_rate(found.bid, found.venue_at_ns, now_ns))
        return frame.venue_at_ns

    def _tell(self, rate: FxRate) -> None:
        told = self._told
        if told is not None and rate.venue_at_ns < told.venue_at_ns:
            return
        if told is None or rate.rate != told.rate or rate.venue_at_ns - told.venue_at_ns >= _SECOND:
            self._told = rate
            self.emit(rate)


async def past_rates(asks: Questions, since_ns: int, until_ns: int) -> list[FxRate]:
    """The last trade of each minute in which there was one, known at the minute's end. Errors: VenueSilent."""
    found = await bars(asks, _USDT, _MINUTE_NS, since_ns - _MINUTE_NS, until_ns, late_ns=0)
    return [_rate(bar.close, bar.end_ns, bar.end_ns) for bar in found if since_ns <= bar.end_ns < until_ns]


def _rate(rate: Decimal, venue_at_ns: int, received_at_ns: int) -> FxRate:
    return FxRate(_USDT.base, _USDT.quote, rate, VENUE, FxKind.TETHER, venue_at_ns, received_at_ns)
