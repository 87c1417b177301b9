"""What Bithumb's REST tells: closed bars, page by page, books as they are now, and what it states about instruments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import TypeVar
from urllib.parse import urlencode

from karb_bithumb import public_facts
from karb_bithumb.candles import Unit, unit_of
from karb_bithumb.codes import VENUE
from karb_bithumb.market_wire import REST_TICK_NS, Book, Candle, depth
from karb_bithumb.wire import SeenPrice
from karb_core.connection.bars_made import bar_of, opens_ns
from karb_core.connection.bars_paged import DoesNotGoBack, Page, closed_bars
from karb_core.connection.questions import Questions
from karb_core.connection.request import Answer
from karb_core.connection.telling_of_venue import VenueSaid
from karb_core.connection.told_order import market_of
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Bar, Depth
from karb_core.domain.statement import VenueSilent
from karb_core.ports import Wants

T = TypeVar("T")

_PAGE = 200  # karb: constant because Bithumb gives no more candles at once
_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_KOREA = timezone(timedelta(hours=9))  # karb: constant because Korean time is nine hours ahead of UTC all year


async def bars(
    asks: Questions, instrument: Instrument, bars_ns: int, since_ns: int, until_ns: int, late_ns: int
) -> list[Bar]:
    """As `closed_bars`. Errors: VenueSilent, also for what cannot be read; ValueError for a length that no candles make
    up."""
    unit = unit_of(bars_ns)

    async def ask(to_ns: int) -> Page:
        answer = await asks.ask(_target(instrument, unit, to_ns))
        candles = _read(answer, tuple[Candle, ...], unit.path)
        return Page([_bar(candle, instrument, unit, until_ns) for candle in candles], answer.at_ns)

    try:
        return await closed_bars(ask, _PAGE, bars_ns, since_ns, until_ns, late_ns)
    except DoesNotGoBack:
        raise VenueSilent(VENUE, unit.path, "a page that does not go back") from None


async def books(asks: Questions, wanted: Sequence[Instrument], received_at_ns: int) -> dict[Instrument, Depth]:
    """The book of each as REST tells it now. Errors: VenueSilent, also for what cannot be read."""
    path = "/v1/orderbook"
    told = {book.market: book for book in _read(await asks.ask(_of(path, wanted)), tuple[Book, ...], path)}
    there = [(one, told[market_of(one)]) for one in wanted if market_of(one) in told]
    try:
        return {i: depth(i, book.orderbook_units, book.timestamp, REST_TICK_NS, received_at_ns) for i, book in there}
    except Unreadable as e:
        raise VenueSilent(VENUE, path, f"an answer that cannot be read: {e}") from e


async def facts(asks: Questions, wanted: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
    """Of those that are listed. Errors: VenueSilent, also for what cannot be read, and where Bithumb's clock is not told:
    the times of its ticker were seen nine hours ahead, so they are not taken for it."""
    path = "/v1/market/all"
    listed = {each.market for each in _read(await asks.ask(path), tuple[public_facts.Listed, ...], path)}
    there = [one for one in wanted if market_of(one) in listed]
    if not there:
        return {}
    path = "/v1/ticker"
    answer = await asks.ask(_of(path, there))
    if answer.at_ns is None:
        raise VenueSilent(VENUE, path, "an answer without a time")
    prices = {each.market: each.trade_price for each in _read(answer, tuple[SeenPrice, ...], path)}
    try:
        return public_facts.facts_of(there, prices, answer.at_ns)
    except Unreadable as e:
        raise VenueSilent(VENUE, path, str(e)) from e


async def said(asks: Questions, wanted: Sequence[Instrument]) -> VenueSaid:
    """Bithumb's clock, to the second, and what it warns of. Edge: a market that it does not list is not spoken of.

    Errors: VenueSilent, also for what cannot be read.
    """
    path = "/v1/market/virtual_asset_warning"
    alerts = _read(await asks.ask(path), tuple[public_facts.Alert, ...], path)
    path = "/v1/market/all"
    answer = await asks.ask(f"{path}?isDetails=true")
    warned = _read(answer, tuple[public_facts.Warned, ...], path)
    return VenueSaid(answer.at_ns, _SECOND, public_facts.warned_of(wanted, warned, alerts))


def need_closes(wants: Wants) -> None:
    """Errors: ValueError for bars that no trades make."""
    if wants.of != "close":
        raise ValueError("bithumb.stream has bars of last trades, and none of the middles of books")


def _target(instrument: Instrument, unit: Unit, to_ns: int) -> str:
    """`to` is exclusive, and Korean time. Edge: rounded up to the second, so that nothing is left out."""
    to = datetime.fromtimestamp(-(-to_ns // _SECOND), _KOREA).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{unit.path}?{urlencode({'market': market_of(instrument), 'to': to, 'count': _PAGE}, safe=':')}"


def _of(path: str, wanted: Iterable[Instrument]) -> str:
    return f"{path}?{urlencode({'markets': ','.join(map(market_of, wanted))}, safe=',')}"


def _read(answer: Answer, shape: type[T], path: str) -> T:
    try:
        return read(answer.body, shape)
    except Unreadable as e:
        raise VenueSilent(VENUE, path, f"an answer that cannot be read: {e}") from e


def _bar(candle: Candle, instrument: Instrument, unit: Unit, received_at_ns: int) -> Bar:
    """Errors: VenueSilent for what is no candle of this market."""
    told = (
        candle.opening_price,
        candle.high_price,
        candle.low_price,
        candle.trade_price,
        candle.candle_acc_trade_volume,
    )
    try:
        if candle.market != market_of(instrument):
            raise Unreadable(f"asked about {instrument.text()}, bithumb told of {candle.market}")
        return bar_of(instrument, opens_ns(candle.candle_date_time_utc), unit.lasts_ns, told, received_at_ns)
    except Unreadable as e:
        raise VenueSilent(VENUE, unit.path, f"an answer that cannot be read: {e}") from e
