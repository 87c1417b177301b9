"""A recording while it lives, in virtual time: feeds that break, venues that go down, and what is asked for afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Bar, MarketEvent, Top, VenueState, VenueStatus
from karb_core.domain.statement import VenueSilent
from karb_core.errors import UsageMistake
from karb_core.history.holes import Holes, holes_in
from karb_core.history.store import open_store
from karb_core.ports import Clock, FeedTold, ToldBy, Wants
from karb_core.ports.feed import Emit
from karb_core.texts.text import Said, render
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from karb_data.collect_file import CollectFile
from karb_data.collector import Collector
from karb_data.missing import Missing
from karb_data.recorder import Recorder
from tests.plugins.karb_data.told_here import AT, BTC, HOW

S = 1_000_000_000
MINUTE = 60 * S


@dataclass(slots=True)
class Scripted:
    """A venue with a book that changes every second and a bar of every minute. breaks_s: when its line does; down_s: from
    when to when it says that it is; silent: how many questions it does not answer."""

    clock: Clock
    breaks_s: int | None = None
    down_s: tuple[int, int] | None = None
    silent: int = 0
    asked: list[tuple[int, int]] = field(default_factory=list)
    began_ns: int = 0

    async def run(self, wants: Wants, emit: Emit, clock: Clock) -> None:
        if wants.bars_ns % MINUTE:
            raise ValueError(f"no candles make bars of {wants.bars_ns} ns")
        self.began_ns = self.began_ns or clock.now_ns()
        while True:
            await asyncio.sleep(1)
            now = clock.now_ns()
            second = (now - self.began_ns) // S
            if second == self.breaks_s:
                self.breaks_s = None
                raise ConnectionError("1006")
            down = self.down_s is not None and self.down_s[0] <= second < self.down_s[1]
            if self.down_s is not None and second in self.down_s:
                state = VenueState.DOWN if down else VenueState.UP
                emit(VenueStatus("upbit", None, state, "maintenance", now, now))
            if not down:
                emit(Top(BTC, Decimal(100 + second), Decimal(1), Decimal(101 + second), Decimal(1), now, now))

    async def past(self, wants: Wants, since_ns: int, until_ns: int) -> Iterable[MarketEvent]:
        self.asked.append((since_ns, until_ns))
        if self.silent:
            self.silent -= 1
            raise VenueSilent("upbit", "candles", "no connection")
        first = -(-since_ns // MINUTE) * MINUTE
        price = Decimal(100)
        return [
            Bar(BTC, at, at + MINUTE, price, price, price, price, Decimal(1), until_ns)
            for at in range(first, until_ns - MINUTE + 1, MINUTE)
        ]

    async def facts(self, instruments: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
        return {}


async def at_once(work: Callable[[], int]) -> int:
    """Virtual time has no threads."""
    return work()


def recorded(folder: Path, seconds: int, how: CollectFile = HOW, **script: object) -> list[str]:
    """What was said of it while it lived for so long."""
    said: list[str] = []

    async def lived() -> None:
        clock = VirtualClock()
        feed = Scripted(clock, **script)  # type: ignore[arg-type]
        told_by = ToldBy("tried", (FeedTold("upbit.stream", feed, (BTC,)),), (), {})
        recorder = Recorder(folder, how)

        def say(line: Said) -> None:
            said.append(render(line))

        missing = Missing(recorder, Holes(folder), how, lambda hole: said.append(f"{hole.fate}: {hole.of}: {hole.why}"))
        collector = Collector(told_by, how, folder, recorder, missing, clock, say, lambda rows, upto: None, at_once)
        working = asyncio.ensure_future(collector.run())
        await asyncio.sleep(seconds)
        working.cancel()
        (ended,) = await asyncio.gather(working, return_exceptions=True)
        if isinstance(ended, Exception):
            raise ended

    run(lived(), AT * 1_000_000)
    return said


def lost(folder: Path) -> list[tuple[str, int]]:
    """Of each hole that was not filled, its series and its seconds; -1 while it is open."""
    return [
        (hole.of.split()[-1], -1 if hole.until_ms is None else (hole.until_ms - hole.from_ms) // 1000)
        for hole in holes_in(folder)
        if hole.fate != "filled"
    ]


def test_a_feed_that_breaks_is_begun_anew_and_what_was_between_is_lost_and_said(tmp_path: Path) -> None:
    said = recorded(tmp_path, 30, breaks_s=10)
    assert "upbit.stream: ConnectionError: 1006; it is begun anew" in said
    assert lost(tmp_path) == [("tops", 3)], "the second in which it broke, the one it waited, and the one until it told"
    assert open_store(tmp_path).frame("upbit BTC/KRW", "tops").height == 9 + 19


def test_a_venue_that_is_down_is_a_hole_from_its_last_top_to_its_next(tmp_path: Path) -> None:
    said = recorded(tmp_path, 60, down_s=(10, 40))
    assert lost(tmp_path) == [("tops", 31)]
    assert "lost: upbit BTC-KRW tops: down: maintenance" in said


def test_bars_are_asked_for_until_they_are_there(tmp_path: Path) -> None:
    how = CollectFile.model_validate({"karb": 1, "past": "2h"})
    said = recorded(tmp_path, 30, how, silent=3)
    assert any("no connection" in line for line in said)
    assert lost(tmp_path) == []
    assert open_store(tmp_path).frame("upbit BTC/KRW", "bars").height in range(120, 181)


def test_more_than_a_day_is_asked_for_a_day_at_a_time_and_said_once(tmp_path: Path) -> None:
    how = CollectFile.model_validate({"karb": 1, "past": "60h"})
    said = recorded(tmp_path, 30, how)
    assert [line for line in said if line.startswith("filled")] == [
        "filled: upbit BTC-KRW bars_60s: before the recording began"
    ]
    rows = open_store(tmp_path).frame("upbit BTC/KRW", "bars")
    assert rows.height >= 60 * 60
    assert not rows["opened_at"].is_duplicated().any()


def test_bars_that_no_candles_make_up_are_refused_and_not_tried_for_ever(tmp_path: Path) -> None:
    with pytest.raises(UsageMistake, match=r"upbit\.stream: no candles make bars of 90000000000 ns"):
        recorded(tmp_path, 30, CollectFile.model_validate({"karb": 1, "bars": "90s"}))
