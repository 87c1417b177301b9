"""What the public REST of any product of Binance's tells: closed candles page by page, and a book as it is."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import urlencode

import msgspec

from karb_binance.book_building import Snapshot
from karb_binance.candles import Row, Unit, bar, joined, unit_of
from karb_binance.market_wire import MS
from karb_binance.product import Product
from karb_binance.symbols import symbol_of
from karb_core.connection.questions import Questions
from karb_core.connection.telling_of_venue import VenueSaid
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar
from karb_core.domain.statement import VenueSilent
from karb_core.ports import Wants

_LEVELS = 1000  # karb: constant because Binance's futures give no deeper book, and spot's weighs much more
_ROWS = msgspec.json.Decoder(list[Row])


class _Time(msgspec.Struct, frozen=True):
    server_ms: int = msgspec.field(name="serverTime")


_TIME = msgspec.json.Decoder(_Time)


async def said(asks: Questions, product: Product) -> VenueSaid:
    """Binance's clock, to the millisecond; it warns of no markets. Errors: VenueSilent, also for what cannot be read."""
    answer = await asks.ask(product.time)
    try:
        return VenueSaid(_TIME.decode(answer.body).server_ms * MS, MS)
    except (msgspec.DecodeError, RecursionError) as e:
        raise VenueSilent(product.venue, product.time, f"an answer that cannot be read: {e}") from e


async def candles(
    asks: Questions, product: Product, instrument: Instrument, unit: Unit, since_ns: int, until_ns: int, late_ns: int
) -> list[Bar]:
    """Those that open from `since_ns` (inclusive) and closed by `until_ns`, oldest first.

    REST never says that a candle is closed: one is where the venue's clock was `late_ns` past its end when it was asked
    (to the second, rounded down), and without a clock where a later one is there. Errors: VenueSilent, also for what
    cannot be read.
    """
    path, found, from_ns = product.candles, list[Bar](), since_ns
    asked_ns: int | None = None
    while from_ns < until_ns:
        fields = {"symbol": symbol_of(instrument), "interval": unit.word, "limit": product.candle_page}
        times = {"startTime": -(-from_ns // MS), "endTime": -(-until_ns // MS) - 1}
        answer = await asks.ask(f"{path}?{urlencode(fields | times)}")
        asked_ns = answer.at_ns if asked_ns is None else asked_ns
        try:
            rows = _ROWS.decode(answer.body)
            page = [bar(row, instrument, unit, until_ns) for row in rows]
        except (msgspec.DecodeError, RecursionError, Unreadable) as e:
            raise VenueSilent(product.venue, path, f"an answer that cannot be read: {e}") from e
        starts_ns = [each.start_ns for each in page]
        if starts_ns != sorted(set(starts_ns)) or (page and page[0].start_ns < from_ns):
            raise VenueSilent(product.venue, path, "candles that are not in order")
        found += page
        if len(page) < product.candle_page:
            break
        from_ns = page[-1].end_ns
    last_ns = found[-1].start_ns if found else 0
    by_ns = min(until_ns, last_ns if asked_ns is None else asked_ns - late_ns)
    return [each for each in found if each.end_ns <= by_ns]


async def bars(
    asks: Questions, product: Product, instrument: Instrument, bars_ns: int, since_ns: int, until_ns: int, late_ns: int
) -> list[Bar]:
    """As `candles`, of any length that candles make up. Errors: as `candles`; ValueError for one that none do."""
    unit = unit_of(bars_ns)
    first_ns = -(-since_ns // bars_ns) * bars_ns
    found = await candles(asks, product, instrument, unit, first_ns, until_ns, late_ns)
    by_ns = found[-1].end_ns if found else 0
    made = [joined(each, bars_ns) for _, each in groupby(found, lambda one: one.start_ns // bars_ns)]
    return [each for each in made if each.end_ns <= by_ns]


async def book(asks: Questions, product: Product, instrument: Instrument) -> Snapshot:
    """Errors: VenueSilent, also for what cannot be read."""
    path = product.books
    answer = await asks.ask(f"{path}?{urlencode({'symbol': symbol_of(instrument), 'limit': _LEVELS})}")
    try:
        return product.snapshot(answer.body, _LEVELS)
    except Unreadable as e:
        raise VenueSilent(product.venue, path, f"an answer that cannot be read: {e}") from e


def need_closes(wants: Wants, venue: str) -> None:
    """Errors: ValueError for bars that no trades make."""
    if wants.of != "close":
        raise ValueError(f"{venue}.stream has bars of last trades, and none of the middles of books")
