"""What the public REST of Binance's futures tells besides: settled funding page by page, its intervals, and facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlencode

import msgspec

from karb_binance import public_facts
from karb_binance.market_wire import MS, number, positive
from karb_binance.symbols import VENUE, symbol_of
from karb_core.connection.questions import Questions
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import FundingRate, Mark
from karb_core.domain.statement import VenueSilent

_FUNDING_PAGE = 1000  # karb: constant because Binance gives no more settlements at once
_HOUR_NS = 3600 * 1_000_000_000  # karb: constant because an hour has so many nanoseconds
_USUAL_HOURS = 8  # karb: constant because Binance's list of intervals names only symbols with another one


class _Settled(msgspec.Struct, frozen=True):
    at_ms: int = msgspec.field(name="fundingTime")
    rate: Decimal = msgspec.field(name="fundingRate")
    mark: str = msgspec.field(name="markPrice", default="")


class _Interval(msgspec.Struct, frozen=True):
    symbol: str
    hours: int = msgspec.field(name="fundingIntervalHours")


_SETTLED = msgspec.json.Decoder(list[_Settled])
_INTERVALS = msgspec.json.Decoder(list[_Interval])


async def settled(asks: Questions, instrument: Instrument, since_ns: int, until_ns: int) -> list[FundingRate | Mark]:
    """Settled funding of a time, oldest first, each after the mark it was settled at where that is told.

    Edge: Binance does not say how long each was for. Errors: VenueSilent, also for what cannot be read.
    """
    path, found, from_ms = "/fapi/v1/fundingRate", list[FundingRate | Mark](), -(-since_ns // MS)
    name = symbol_of(instrument)
    while from_ms * MS < until_ns:
        fields = {"symbol": name, "startTime": from_ms, "endTime": -(-until_ns // MS) - 1, "limit": _FUNDING_PAGE}
        answer = await asks.ask(f"{path}?{urlencode(fields)}")
        try:
            page = _SETTLED.decode(answer.body)
            for row in page:
                at_ns = row.at_ms * MS
                if row.at_ms < from_ms:
                    raise Unreadable("settlements that are not in order")
                from_ms = row.at_ms + 1
                if row.mark:
                    found.append(Mark(instrument, positive(name, Decimal(row.mark)), None, at_ns, until_ns))
                found.append(FundingRate(instrument, number(name, row.rate), at_ns, True, None, at_ns, until_ns))
        except (msgspec.DecodeError, RecursionError, ArithmeticError, Unreadable) as e:
            raise VenueSilent(VENUE, path, f"an answer that cannot be read: {e}") from e
        if len(page) < _FUNDING_PAGE:
            break
    return found


async def intervals(asks: Questions, wanted: Sequence[Instrument]) -> dict[Instrument, int]:
    """Time between settlements. Unit: ns. Errors: VenueSilent, also for what cannot be read."""
    path = "/fapi/v1/fundingInfo"
    try:
        told = {each.symbol: each.hours for each in _INTERVALS.decode((await asks.ask(path)).body)}
    except (msgspec.DecodeError, RecursionError) as e:
        raise VenueSilent(VENUE, path, f"an answer that cannot be read: {e}") from e
    return {i: told.get(symbol_of(i), _USUAL_HOURS) * _HOUR_NS for i in wanted}


async def facts(asks: Questions, wanted: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
    """Of those that are listed. Errors: VenueSilent, also for what cannot be read."""
    path = "/fapi/v1/exchangeInfo"
    try:
        return public_facts.facts_of(wanted, public_facts.read_information((await asks.ask(path)).body))
    except (Unreadable, ValueError) as e:
        raise VenueSilent(VENUE, path, str(e)) from e
