"""What Upbit's REST tells: closed bars, page by page, books as they are now, and what it states about instruments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

import msgspec

from karb_core.connection.bars_paged import DoesNotGoBack, Page, closed_bars
from karb_core.connection.questions import Questions
from karb_core.connection.request import Answer
from karb_core.connection.telling_of_venue import VenueSaid
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Bar, Depth
from karb_core.domain.statement import VenueSilent
from karb_core.ports import Wants
from karb_upbit import public_facts
from karb_upbit.candles import Unit, bar, unit_of
from karb_upbit.codes import VENUE, code_of
from karb_upbit.market_wire import Frame, depth

_PAGE = 200  # karb: constant because Upbit gives no more candles at once
_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_FRAMES = msgspec.json.Decoder(list[Frame], strict=False)


async def bars(
    asks: Questions, instrument: Instrument, bars_ns: int, since_ns: int, until_ns: int, late_ns: int
) -> list[Bar]:
    """As `closed_bars`. Errors: VenueSilent, also for what cannot be read; ValueError for a length that no candles make
    up."""
    unit = unit_of(bars_ns)

    async def ask(to_ns: int) -> Page:
        answer = await asks.ask(_target(instrument, unit, to_ns))
        return Page(_read(answer, instrument, unit, until_ns), answer.at_ns)

    try:
        return await closed_bars(ask, _PAGE, bars_ns, since_ns, until_ns, late_ns)
    except DoesNotGoBack:
        raise VenueSilent(VENUE, unit.path, "a page that does not go back") from None


async def books(asks: Questions, wanted: Sequence[Instrument], received_at_ns: int) -> dict[Instrument, Depth]:
    """The book of each as REST tells it now. Errors: VenueSilent, also for what cannot be read."""
    path = "/v1/orderbook"
    markets = urlencode({"markets": ",".join(code_of(i) for i in wanted)}, safe=",")
    answer = await asks.ask(f"{path}?{markets}")
    try:
        told = {frame.market: frame for frame in _FRAMES.decode(answer.body)}
        there = ((i, told[code_of(i)]) for i in wanted if code_of(i) in told)
        return {i: depth(frame, i, received_at_ns) for i, frame in there}
    except (msgspec.DecodeError, RecursionError, Unreadable) as e:
        raise VenueSilent(VENUE, path, f"an answer that cannot be read: {e}") from e


async def said(asks: Questions, wanted: Sequence[Instrument]) -> VenueSaid:
    """Upbit's clock, to the second, and what it warns of. Edge: a market that it does not list is not spoken of.

    Errors: VenueSilent, also for what cannot be read.
    """
    path = "/v1/market/all"
    answer = await asks.ask(f"{path}?is_details=true")
    try:
        warned = public_facts.read_warned(answer.body)
    except Unreadable as e:
        raise VenueSilent(VENUE, path, f"an answer that cannot be read: {e}") from e
    of = {i: warned[code_of(i)] for i in wanted if code_of(i) in warned}
    return VenueSaid(answer.at_ns, _SECOND, of)


def need_closes(wants: Wants) -> None:
    """Errors: ValueError for bars that no trades make."""
    if wants.of != "close":
        raise ValueError("upbit.stream has bars of last trades, and none of the middles of books")


async def facts(asks: Questions, wanted: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
    """Of those that are listed. Errors: VenueSilent, also for what cannot be read."""
    wanted = tuple(wanted)
    path = "/v1/market/all"
    try:
        listed = public_facts.read_listed((await asks.ask(path)).body)
        there = [i for i in wanted if code_of(i) in listed]
        if not there:
            return {}
        markets = urlencode({"markets": ",".join(code_of(i) for i in there)}, safe=",")
        path = "/v1/orderbook/instruments"
        stated = public_facts.read_stated((await asks.ask(f"{path}?{markets}")).body)
        path = "/v1/ticker"
        priced = public_facts.read_priced((await asks.ask(f"{path}?{markets}")).body)
        return public_facts.facts_of(there, stated, priced)
    except Unreadable as e:
        raise VenueSilent(VENUE, path, str(e)) from e


def _target(instrument: Instrument, unit: Unit, to_ns: int) -> str:
    """`to` is exclusive, and UTC where it names no zone. Edge: rounded up to the second, so that nothing is left out."""
    to = datetime.fromtimestamp(-(-to_ns // _SECOND), UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{unit.path}?{urlencode({'market': code_of(instrument), 'to': to, 'count': _PAGE}, safe=':')}"


def _read(answer: Answer, instrument: Instrument, unit: Unit, received_at_ns: int) -> list[Bar]:
    try:
        frames = _FRAMES.decode(answer.body)
        return [bar(frame, instrument, unit, received_at_ns) for frame in frames]
    except (msgspec.DecodeError, RecursionError, Unreadable) as e:
        raise VenueSilent(VENUE, unit.path, f"an answer that cannot be read: {e}") from e
