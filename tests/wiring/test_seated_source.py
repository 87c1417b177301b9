"""A rate is what its seat is there for: a dollar's books what is priced in a dollar token, now and in what was before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from decimal import Decimal

from karb_core.domain.market import FxKind, FxRate
from karb_core.ports import Clock
from karb_core.ports.fx_source import EmitRate
from karb_core.wiring.seated_source import SeatedSource
from karb_core.wiring.wall_clock import WallClock

DOLLAR = FxRate("USD", "KRW", Decimal("1470.5"), "dunamu", FxKind.BASE, 7, 8)


class Dollars:
    def max_age_ns(self) -> int:
        return 5

    def when_closed_ns(self) -> int | None:
        return None

    def is_open(self, at_ns: int) -> bool:
        return at_ns == 1

    async def run(self, emit: EmitRate, clock: Clock) -> None:
        emit(DOLLAR)

    async def past(self, since_ns: int, until_ns: int) -> Iterable[FxRate]:
        return [DOLLAR] if since_ns <= DOLLAR.venue_at_ns < until_ns else []


def test_a_dollars_rate_is_told_as_the_tokens_with_all_else_as_it_came() -> None:
    async def whole() -> tuple[list[FxRate], list[FxRate]]:
        seated, told = SeatedSource(Dollars(), "USDT", "KRW"), list[FxRate]()
        await seated.run(told.append, WallClock())
        return told, list(await seated.past(7, 8))

    expected = FxRate("USDT", "KRW", Decimal("1470.5"), "dunamu", FxKind.BASE, 7, 8)
    assert asyncio.run(whole()) == ([expected], [expected])


def test_how_old_it_may_be_and_when_its_market_is_open_is_the_sources_own() -> None:
    seated = SeatedSource(Dollars(), "USDT", "KRW")
    assert (seated.max_age_ns(), seated.when_closed_ns(), seated.is_open(1), seated.is_open(2)) == (
        5,
        None,
        True,
        False,
    )
