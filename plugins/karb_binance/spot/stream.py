"""`binance_spot.stream`: books and closed bars from Binance's public spot streams, and what was by its REST."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING, ClassVar

from karb_binance.spot.params import SpotStreamParams
from karb_core.connection.line_params import nanoseconds
from karb_core.ports import Stage
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.connection.questions import Questions
    from karb_core.domain.instrument import Instrument, InstrumentFacts
    from karb_core.domain.market import MarketEvent
    from karb_core.ports import Clock, Wants
    from karb_core.ports.feed import Emit

_VENUE = frozenset({"binance_spot"})


class SpotStream:
    """Tops, depth and candles from Binance's public spot streams."""

    name: ClassVar[str] = "stream"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words(
        "Tops, depth and candles from Binance's public spot streams.", "바이낸스 현물 공개 스트림의 호가와 캔들."
    )
    called: ClassVar[Mapping[str, Words]] = {"binance_spot": Words("Binance spot", "바이낸스 현물")}
    Params = SpotStreamParams

    def __init__(self, params: SpotStreamParams) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: SpotStreamParams) -> frozenset[str]:  # noqa: ARG003
        return _VENUE

    @classmethod
    def at_local(cls, params: SpotStreamParams, addresses: Mapping[str, str]) -> SpotStreamParams:
        at = addresses["binance_spot"]
        return params.model_copy(update={"socket": at.replace("http", "ws", 1), "rest": at})

    async def run(self, wants: Wants, emit: Emit, clock: Clock) -> None:
        """One line tells everything: books, which tell that it is alive, and candles, which a quiet market has none of.

        Errors: ValueError for bars that Binance's candles do not make up, or that are made of mids.
        """
        from karb_binance.running import Running
        from karb_binance.spot.product import SPOT
        from karb_core.connection.stream_socket import sockets

        async with sockets(f"{self._params.socket_address}/ws") as opens, self._questions() as asks:
            await Running(SPOT, self._params, wants, emit, clock, (opens,), asks, Random()).run()

    async def past(self, wants: Wants, since_ns: int, until_ns: int) -> Iterable[MarketEvent]:
        from karb_binance.market_past import bars, need_closes
        from karb_binance.spot.product import SPOT

        need_closes(wants, SPOT.venue)
        late_ns = nanoseconds(self._params.late)
        async with self._questions() as asks:
            found = [await bars(asks, SPOT, i, wants.bars_ns, since_ns, until_ns, late_ns) for i in wants.instruments]
        return sorted((bar for each in found for bar in each), key=lambda bar: bar.end_ns)

    async def facts(self, instruments: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
        from karb_binance.spot.public_facts import facts

        async with self._questions() as asks:
            return await facts(asks, instruments)

    @asynccontextmanager
    async def _questions(self) -> AsyncIterator[Questions]:
        from karb_binance.questions import manner_of
        from karb_core.connection.asking import questions_to

        async with questions_to(self._params.rest_address, manner_of("binance_spot")) as asks:
            yield asks
