"""What Binance's public REST tells: closed candles and settled funding, page by page, snapshots, and facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from urllib.parse import urlencode

import msgspec

from karb_binance import public_facts
from karb_binance.book_building import Snapshot
from karb_binance.candles import Row, Unit, bar, joined, unit_of
from karb_binance.market_wire import MS, number, positive, snapshot
from karb_binance.symbols import VENUE, symbol_of
from karb_core.connection.questions import Questions
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Bar, FundingRate, Mark
from karb_core.domain.statement import VenueSilent
from karb_core.ports import Wants

_PAGE = 1500  # karb: constant because Binance gives no more candles at once
_FUNDING_PAGE = 1000  # karb: constant because Binance gives no more settlements at once
_LEVELS = 1000  # karb: constant because Binance gives no deeper book
_HOUR_NS = 3600 * 1_000_000_000  # karb: constant because an hour has so many nanoseconds
_USUAL_HOURS = 8  # karb: constant because Binance's list of intervals names only symbols with another one
_ROWS = msgspec.json.Decoder(list[Row])


class _Settled(msgspec.Struct, frozen=True):
    at_ms: int = msgspec.field(name="fundingTime")
    rate: Decimal = msgspec.field(name="fundingRate")
    mark: str = msgspec.field(name="markPrice", default="")


class _Interval(msgspec.Struct, frozen=True):
    symbol: str
    hours: int = msgspec.field(name="fundingIntervalHours")


_SETTLED = msgspec.json.Decoder(list[_Settled])
_INTERVALS = msgspec.json.Decoder(list[_Interval])


async def candles(
    asks: Questions, instrument: Instrument, unit: Unit, since_ns: int, until_ns: int, late_ns: int
) -> list[Bar]:
    """Those that open from `since_ns` (inclusive) and closed by `until_ns`, oldest first.

    REST never says that a candle is closed: one is where the venue's clock was `late_ns` past its end when it was asked
    (to the second, rounded down), and without a clock where a later one is there. Errors: VenueSilent, also for what
    cannot be read.
    """
    path, found, from_ns = "/fapi/v1/klines", list[Bar](), since_ns
    asked_ns: int | None = None
    while from_ns < until_ns:
        fields = {"symbol": symbol_of(instrument), "interval": unit.word, "limit": _PAGE}
        times = {"startTime": -(-from_ns // MS), "endTime": -(-until_ns // MS) - 1}
        answer = await asks.ask(f"{path}?{urlencode(fields | times)}")
        asked_ns = answer.at_ns if asked_ns is None else asked_ns
        try:
            rows = _ROWS.decode(answer.body)
            page = [bar(row, instrument, unit, until_ns) for row in rows]
        except (msgspec.DecodeError, RecursionError, Unreadable) as e:
            raise VenueSilent(VENUE, path, f"an answer that cannot be read: {e}") from e
        starts_ns = [each.start_ns for each in page]
        if starts_ns != sorted(set(starts_ns)) or (page and page[0].start_ns < from_ns):
            raise VenueSilent(VENUE, path, "candles that are not in order")
        found += page
        if len(page) < _PAGE:
            break
        from_ns = page[-1].end_ns
    last_ns = found[-1].start_ns if found else 0
    by_ns = min(until_ns, last_ns if asked_ns is None else asked_ns - late_ns)
    return [each for each in found if each.end_ns <= by_ns]


async def bars(
    asks: Questions, instrument: Instrument, bars_ns: int, since_ns: int, until_ns: int, late_ns: int
) -> list[Bar]:
    """As `candles`, of any length that candles make up. Errors: as `candles`; ValueError for one that none do."""
    unit = unit_of(bars_ns)
    first_ns = -(-since_ns // bars_ns) * bars_ns
    found = await candles(asks, instrument, unit, first_ns, until_ns, late_ns)
    by_ns = found[-1].end_ns if found else 0
    made = [joined(each, bars_ns) for _, each in groupby(found, lambda one: one.start_ns // bars_ns)]
    return [each for each in made if each.end_ns <= by_ns]


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


async def book(asks: Questions, instrument: Instrument) -> Snapshot:
    """Errors: VenueSilent, also for what cannot be read."""
    path = "/fapi/v1/depth"
    answer = await asks.ask(f"{path}?{urlencode({'symbol': symbol_of(instrument), 'limit': _LEVELS})}")
    try:
        return snapshot(answer.body, _LEVELS)
    except Unreadable as e:
        raise VenueSilent(VENUE, path, f"an answer that cannot be read: {e}") from e


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


def need_closes(wants: Wants) -> None:
    """Errors: ValueError for bars that no trades make."""
    if wants.of != "close":
        raise ValueError("binance_usdm.stream has bars of last trades, and none of the middles of books")
