"""The contract of a feed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, ClassVar

from karb_core.domain.market import MarketEvent
from karb_core.ports import Wants
from karb_core.testing.component_contract import ComponentContract
from karb_core.testing.hearing import Heard, SteadyClock, while_running
from karb_core.testing.scene import NOW


@dataclass(frozen=True, slots=True)
class Source:
    """What stands where the data come from. component: built, and led to it. wants: what it is asked for.

    tell: the source tells one thing more, of a later time. breaks: the connection is gone, and can be made again; None
    where there is none. past: what a question about the past covers, from and to; None where there is no past.
    """

    component: Any
    wants: Wants
    tell: Callable[[], Awaitable[None]]
    breaks: Callable[[], Awaitable[None]] | None = None
    past: tuple[int, int] | None = None


class FeedContract(ComponentContract):
    port: ClassVar[str] = "feed"

    def source(self, component: Any) -> AbstractAsyncContextManager[Source]:
        """The source, while it is there."""
        raise NotImplementedError

    def outcomes(self, component: Any) -> object:
        return [(type(event), getattr(event, "venue_at_ns", None)) for event in asyncio.run(self._heard(component))]

    def test_it_says_which_venues_it_serves(self) -> None:
        venues = getattr(self.component, "venues", None)
        assert venues is None or venues(self.built()._params) is None or venues(self.built()._params)

    def test_each_event_has_the_sources_time_and_ours(self) -> None:
        for event in asyncio.run(self._heard(self.built())):
            assert event.venue_at_ns > 0, event
            assert event.received_at_ns >= NOW, f"{event} was not stamped by the clock that `run` is handed"

    def test_events_of_one_kind_and_instrument_come_in_the_order_of_the_sources_time(self) -> None:
        last: dict[tuple[type, object], int] = {}
        for event in asyncio.run(self._heard(self.built())):
            of = type(event), getattr(event, "instrument", None)
            assert event.venue_at_ns >= last.get(of, 0), event
            last[of] = event.venue_at_ns

    def test_it_tells_only_of_what_it_was_asked_for(self) -> None:
        async def heard() -> set[Any]:
            async with self.source(self.built()) as source:
                events = await _told(source)
                asked = set(source.wants.instruments)
                return {getattr(event, "instrument", None) for event in events} - asked - {None}

        assert asyncio.run(heard()) == set()

    def test_it_ends_when_it_is_cancelled_and_can_begin_again(self) -> None:
        async def twice() -> None:
            async with self.source(self.built()) as source:
                for _ in range(2):
                    await _told(source)

        asyncio.run(twice())

    def test_a_connection_that_broke_is_its_own_affair(self) -> None:
        async def broken() -> None:
            async with self.source(self.built()) as source:
                if source.breaks is None:
                    return
                heard: Heard[MarketEvent] = Heard()

                async def meanwhile() -> None:
                    await source.tell()
                    await heard.until(lambda events: len(events) > 0)
                    assert source.breaks is not None
                    await source.breaks()
                    before = len(heard.events)
                    await source.tell()
                    await heard.until(lambda events: len(events) > before)

                await while_running(source.component.run(source.wants, heard.emit, SteadyClock(NOW)), meanwhile())

        asyncio.run(broken())

    def test_the_past_is_told_oldest_first_within_what_was_asked_and_twice_alike(self) -> None:
        async def asked() -> None:
            async with self.source(self.built()) as source:
                if source.past is None:
                    return
                since, until = source.past
                told = [list(await source.component.past(source.wants, since, until)) for _ in range(2)]
                times = [event.venue_at_ns for event in told[0]]
                assert times == sorted(times)
                assert all(since <= at <= until for at in times)
                assert told[0] == told[1]

        asyncio.run(asked())

    async def _heard(self, component: Any) -> list[Any]:
        async with self.source(component) as source:
            return await _told(source)


async def _told(source: Source) -> list[Any]:
    """What came of three things that the source told."""
    heard: Heard[Any] = Heard()

    async def meanwhile() -> None:
        for _ in range(3):
            before = len(heard.events)
            await source.tell()
            await heard.until(lambda events, before=before: len(events) > before)  # type: ignore[misc]

    await while_running(source.component.run(source.wants, heard.emit, SteadyClock(NOW)), meanwhile())
    return heard.events
