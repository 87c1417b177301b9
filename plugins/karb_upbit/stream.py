"""`upbit.stream`: books, closed bars and states from Upbit's public stream, and what was before from its REST candles."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING, ClassVar

from karb_core.connection.line_params import nanoseconds
from karb_core.ports import Stage
from karb_core.texts.text import Words
from karb_upbit.params import StreamParams

if TYPE_CHECKING:
    from karb_core.connection.questions import Questions
    from karb_core.domain.instrument import Instrument, InstrumentFacts
    from karb_core.domain.market import MarketEvent
    from karb_core.ports import Clock, Wants
    from karb_core.ports.feed import Emit

_VENUE = frozenset({"upbit"})


class Stream:
    """Tops, depth and candles from Upbit's public streams."""

    name: ClassVar[str] = "stream"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words(
        "Tops, depth and candles from Upbit's public streams.", "업비트 공개 스트림의 호가와 캔들."
    )
    called: ClassVar[Mapping[str, Words]] = {"upbit": Words("Upbit", "업비트")}
    Params = StreamParams

    def __init__(self, params: StreamParams) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: StreamParams) -> frozenset[str]:  # noqa: ARG003
        return _VENUE

    @classmethod
    def at_local(cls, params: StreamParams, addresses: Mapping[str, str]) -> StreamParams:
        at = addresses["upbit"]
        return params.model_copy(update={"socket": f"{at.replace('http', 'ws', 1)}/websocket/v1", "rest": at})

    async def run(self, wants: Wants, emit: Emit, clock: Clock) -> None:
        """Errors: ValueError for bars that Upbit's candles do not make up, or that are made of mids."""
        from karb_core.connection.stream_socket import sockets
        from karb_upbit.running import Running

        async with sockets(self._params.socket) as opens, self._questions() as asks:
            await Running(self._params, wants, emit, clock, opens, asks, Random()).run()

    async def past(self, wants: Wants, since_ns: int, until_ns: int) -> Iterable[MarketEvent]:
        from karb_upbit.past import bars, need_closes

        need_closes(wants)
        late_ns = nanoseconds(self._params.late)
        async with self._questions() as asks:
            found = [await bars(asks, i, wants.bars_ns, since_ns, until_ns, late_ns) for i in wants.instruments]
        return sorted((bar for each in found for bar in each), key=lambda bar: bar.end_ns)

    async def facts(self, instruments: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
        from karb_upbit.past import facts

        async with self._questions() as asks:
            return await facts(asks, instruments)

    @asynccontextmanager
    async def _questions(self) -> AsyncIterator[Questions]:
        from karb_core.connection.asking import questions_to
        from karb_upbit.questions import MANNER

        async with questions_to(self._params.rest, MANNER) as asks:
            yield asks
