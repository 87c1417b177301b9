"""`binance_usdm.stream`: books, marks, funding and closed bars from Binance's public streams, and what was by its REST."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING, ClassVar

from karb_binance.params import StreamParams
from karb_core.connection.line_params import nanoseconds
from karb_core.ports import Stage
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.connection.questions import Questions
    from karb_core.domain.instrument import Instrument, InstrumentFacts
    from karb_core.domain.market import MarketEvent
    from karb_core.ports import Clock, Wants
    from karb_core.ports.feed import Emit

_VENUE = frozenset({"binance_usdm"})


class Stream:
    """Tops, depth, candles, mark prices and funding from Binance USD-M's public streams."""

    name: ClassVar[str] = "stream"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words(
        "Tops, depth, candles, mark prices and funding from Binance USD-M's public streams.",
        "바이낸스 USD-M 공개 스트림의 호가, 캔들, 마크 가격, 펀딩.",
    )
    called: ClassVar[Mapping[str, Words]] = {"binance_usdm": Words("Binance futures", "바이낸스 선물")}
    Params = StreamParams

    def __init__(self, params: StreamParams) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: StreamParams) -> frozenset[str]:  # noqa: ARG003
        return _VENUE

    @classmethod
    def at_local(cls, params: StreamParams, addresses: Mapping[str, str]) -> StreamParams:
        at = addresses["binance_usdm"]
        return params.model_copy(update={"socket": at.replace("http", "ws", 1), "rest": at})

    async def run(self, wants: Wants, emit: Emit, clock: Clock) -> None:
        """Books and marks come over two paths: on the wrong one Binance acknowledges, and tells nothing.

        Errors: ValueError for bars that Binance's candles do not make up, or that are made of mids.
        """
        from karb_binance.futures import FUTURES
        from karb_binance.running import Running
        from karb_core.connection.stream_socket import sockets

        at = self._params.socket_address
        async with sockets(f"{at}/public/ws") as books, sockets(f"{at}/market/ws") as market, self._questions() as asks:
            await Running(FUTURES, self._params, wants, emit, clock, (books, market), asks, Random()).run()

    async def past(self, wants: Wants, since_ns: int, until_ns: int) -> Iterable[MarketEvent]:
        from karb_binance.futures import FUTURES
        from karb_binance.market_past import bars, need_closes
        from karb_binance.past import settled

        need_closes(wants, FUTURES.venue)
        late_ns = nanoseconds(self._params.late)
        found: list[MarketEvent] = []
        async with self._questions() as asks:
            for instrument in wants.instruments:
                found += await bars(asks, FUTURES, instrument, wants.bars_ns, since_ns, until_ns, late_ns)
                found += await settled(asks, instrument, since_ns, until_ns)
        return sorted(found, key=lambda event: event.venue_at_ns)

    async def facts(self, instruments: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
        from karb_binance.past import facts

        async with self._questions() as asks:
            return await facts(asks, instruments)

    @asynccontextmanager
    async def _questions(self) -> AsyncIterator[Questions]:
        from karb_binance.questions import manner_of
        from karb_binance.symbols import VENUE
        from karb_core.connection.asking import questions_to

        async with questions_to(self._params.rest_address, manner_of(VENUE)) as asks:
            yield asks
