"""The contract of an FX source."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, ClassVar

from karb_core.domain.market import FxRate
from karb_core.testing.component_contract import ComponentContract
from karb_core.testing.hearing import Heard, SteadyClock, while_running
from karb_core.testing.scene import NOW, SECOND
from karb_core.testing.untouched import untouched

_HOURS = range(24 * 14)
_HOUR_NS = 3_600 * SECOND


@dataclass(frozen=True, slots=True)
class RateSource:
    """What stands where the rates come from. component: built, and led to it. tell: the source tells one rate more, of a
    later time and of another value. past: what a question about the past covers; None where the source has none.
    """

    component: Any
    tell: Callable[[], Awaitable[None]]
    past: tuple[int, int] | None = None


class FxSourceContract(ComponentContract):
    port: ClassVar[str] = "fx_source"

    def source(self, component: Any) -> AbstractAsyncContextManager[RateSource]:
        """The source, while it is there."""
        raise NotImplementedError

    def outcomes(self, component: Any) -> object:
        open_at = [component.is_open(NOW + hour * _HOUR_NS) for hour in _HOURS]
        return component.max_age_ns(), component.when_closed_ns(), open_at

    def test_whether_its_market_is_open_follows_from_the_time_alone(self) -> None:
        component = self.built()
        before = self.outcomes(component)
        with untouched():
            again = self.outcomes(component)
        assert before == again
        closed = component.when_closed_ns()
        assert component.max_age_ns() >= 0
        assert closed is None or closed >= 0

    def test_a_rate_is_never_a_constant(self) -> None:
        """Each carries its source and that source's own time."""
        told = asyncio.run(self._told())
        assert len({rate.rate for rate in told}) > 1
        assert len({(rate.base, rate.quote) for rate in told}) == 1
        times = [rate.venue_at_ns for rate in told]
        assert times == sorted(set(times)), "each rate has a time of its own, the source's"
        for rate in told:
            assert rate.source, "who says so"
            assert rate.rate > 0
            assert rate.received_at_ns >= NOW, "stamped by the clock that `run` is handed"

    def test_it_ends_when_it_is_cancelled_and_can_begin_again(self) -> None:
        async def twice() -> None:
            async with self.source(self.built()) as source:
                for _ in range(2):
                    await _heard(source)

        asyncio.run(twice())

    def test_the_past_is_told_oldest_first_within_what_was_asked_and_twice_alike(self) -> None:
        async def asked() -> None:
            async with self.source(self.built()) as source:
                if source.past is None:
                    return
                since, until = source.past
                told = [list(await source.component.past(since, until)) for _ in range(2)]
                times = [rate.venue_at_ns for rate in told[0]]
                assert times == sorted(times)
                assert all(since <= at < until for at in times)
                assert told[0] == told[1]

        asyncio.run(asked())

    async def _told(self) -> list[FxRate]:
        async with self.source(self.built()) as source:
            return await _heard(source)


async def _heard(source: RateSource) -> list[FxRate]:
    heard: Heard[FxRate] = Heard()

    async def meanwhile() -> None:
        for _ in range(3):
            before = len(heard.events)
            await source.tell()
            await heard.until(lambda rates, before=before: len(rates) > before)  # type: ignore[misc]

    await while_running(source.component.run(heard.emit, SteadyClock(NOW)), meanwhile())
    return heard.events
