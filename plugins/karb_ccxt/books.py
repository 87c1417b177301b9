"""`ccxt.books`: books, closed bars, marks and funding of any exchange that ccxt knows, asked for again and again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING, ClassVar

from karb_ccxt.exchange_params import ExchangeParams
from karb_core.ports import Stage
from karb_core.rules.duration import Duration, PositiveDuration
from karb_core.rules.number import PositiveCount
from karb_core.rules.roles import tech
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_ccxt.exchange import Exchange
    from karb_core.domain.instrument import Instrument, InstrumentFacts
    from karb_core.domain.market import MarketEvent
    from karb_core.ports import Clock, Wants
    from karb_core.ports.feed import Emit


_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


class BooksParams(ExchangeParams):
    """Settings of the machine: they change when something is heard, never what is decided."""

    every: PositiveDuration = tech("500ms", "how often each book is asked for", ko="호가를 묻는 간격")
    marks_every: PositiveDuration = tech(
        "5s", "how often marks and funding are asked for", ko="마크 가격과 펀딩을 묻는 간격"
    )
    late: Duration = tech(
        "2s", "how long after its end a bar is taken for closed", ko="봉이 끝난 뒤 확정으로 보기까지의 시간"
    )
    back_off: PositiveDuration = tech(
        "1s", "the first wait after nothing was answered; it doubles", ko="응답이 없을 때 첫 대기, 매번 두 배"
    )
    back_off_cap: PositiveDuration = tech("5s", "the longest such wait", ko="그 대기의 상한")
    down_after: PositiveCount = tech(
        10, "failures in a row after which the venue is down", ko="연속 실패 몇 번이면 중단 상태인지"
    )


class Books:
    """Books and candles of any exchange that ccxt knows, asked for."""

    name: ClassVar[str] = "books"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("ccxt", "live")
    about: ClassVar[Words] = Words(
        "Books and candles of any exchange that ccxt knows, asked for again and again.",
        "ccxt가 지원하는 거래소의 호가와 캔들을 주기적으로 묻습니다.",
    )
    Params = BooksParams

    def __init__(self, params: BooksParams) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: BooksParams) -> frozenset[str]:
        return frozenset({params.venue})

    @classmethod
    def at_local(cls, params: BooksParams, addresses: Mapping[str, str]) -> BooksParams:
        return params.at_address(addresses)

    async def run(self, wants: Wants, emit: Emit, clock: Clock) -> None:
        """Errors: ValueError for bars that are made of mids."""
        from karb_ccxt.running import Running

        async with self._opened(clock) as exchange:
            await Running(self._params, exchange, wants, emit, clock, Random()).run()

    async def past(self, wants: Wants, since_ns: int, until_ns: int) -> Iterable[MarketEvent]:
        from karb_ccxt.past import past

        async with self._opened() as exchange:
            return await past(self._params, exchange, wants, since_ns, until_ns)

    async def facts(self, instruments: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
        from karb_ccxt.asked import asked
        from karb_ccxt.listed_facts import listed_facts
        from karb_core.connection.stated import stated

        async with self._opened() as exchange:
            return await stated(
                self._params.venue,
                "facts",
                lambda: listed_facts(
                    asked, exchange, self._params.market, instruments, exchange.milliseconds() * _MS, of_account=False
                ),
            )

    @asynccontextmanager
    async def _opened(self, clock: Clock | None = None) -> AsyncIterator[Exchange]:
        from karb_ccxt.exchange import exchange_of

        exchange = exchange_of(self._params, clock)
        try:
            yield exchange
        finally:
            await exchange.close()
