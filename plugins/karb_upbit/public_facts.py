"""What Upbit states about its instruments, from three public answers. Pure.

    GET /v1/orderbook/instruments?markets=KRW-BTC
    [{"market":"KRW-BTC","quote_currency":"KRW","tick_size":"1000","supported_levels":["0","10000"]}]

The tick that is stated holds at the price of now. Upbit publishes the ticks of all KRW prices on a page and not in an
answer, and some markets have their own (USDT/KRW), so the page is taken only where it says the same as the answer; where
it does not, the stated tick is taken for all prices. Minimums are on a page too. Source: Upbit, order policy of KRW, BTC
and USDT markets, ticks in force since 2025-07-31.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from karb_core.connection.spot_facts import spot_facts
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_upbit.codes import code_of
from karb_upbit.ticks import AMOUNT_STEP, ticks_of

_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
# karb: constant because Upbit's order page states these minimums and no public answer does
_MIN_NOTIONAL = {"KRW": Decimal(5000), "BTC": Decimal("0.00005"), "USDT": Decimal("0.5")}


class Stated(msgspec.Struct, frozen=True):
    """One instrument, of `/v1/orderbook/instruments`."""

    market: str
    tick_size: Decimal


class Priced(msgspec.Struct, frozen=True):
    """One instrument, of `/v1/ticker`: its last trade, and when that was told."""

    market: str
    trade_price: Decimal
    timestamp: int


def read_stated(body: bytes) -> list[Stated]:
    """Errors: Unreadable."""
    return _read(body, list[Stated])


def read_priced(body: bytes) -> list[Priced]:
    """Errors: Unreadable."""
    return _read(body, list[Priced])


class _Listed(msgspec.Struct, frozen=True):
    market: str


def read_listed(body: bytes) -> frozenset[str]:
    """The codes of `/v1/market/all`: asking for one that is not listed answers nothing at all. Errors: Unreadable."""
    return frozenset(each.market for each in _read(body, list[_Listed]))


class _Event(msgspec.Struct, frozen=True):
    warning: bool
    caution: dict[str, bool]


class _Warned(msgspec.Struct, frozen=True):
    market: str
    market_event: _Event


def read_warned(body: bytes) -> Mapping[str, tuple[str, ...]]:
    """By code, what `/v1/market/all?is_details=true` warns of: Upbit's own words, `warning` first. Errors: Unreadable."""
    found = {}
    for each in _read(body, list[_Warned]):
        event = each.market_event
        flags = sorted(name for name, raised in event.caution.items() if raised)
        found[each.market] = (*(("warning",) if event.warning else ()), *flags)
    return found


def facts_of(
    wanted: Iterable[Instrument], stated: Iterable[Stated], priced: Iterable[Priced]
) -> Mapping[Instrument, InstrumentFacts]:
    """Of each instrument that both answers know; the others are missing. Errors: Unreadable for a tick that is none."""
    ticks = {each.market: each for each in stated}
    prices = {each.market: each for each in priced}
    both = ((i, ticks.get(code_of(i)), prices.get(code_of(i))) for i in wanted)
    return {i: _facts(i, tick, price) for i, tick, price in both if tick is not None and price is not None}


def _facts(instrument: Instrument, stated: Stated, priced: Priced) -> InstrumentFacts:
    try:
        ticks = ticks_of(instrument.quote, exact.finite(stated.tick_size), exact.finite(priced.trade_price))
        least = _MIN_NOTIONAL.get(instrument.quote)
        return spot_facts(instrument, ticks, AMOUNT_STEP, least, priced.timestamp * _MS)
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(f"{stated.market}: {e}") from e


def _read(body: bytes, shape: type[list[msgspec.Struct]] | type) -> list:  # type: ignore[type-arg]
    try:
        found: list = msgspec.json.decode(body, type=shape, strict=False)  # type: ignore[type-arg]
    except (msgspec.DecodeError, RecursionError) as e:
        raise Unreadable(" ".join(f"{type(e).__name__}: {e}".split())) from e
    return found
