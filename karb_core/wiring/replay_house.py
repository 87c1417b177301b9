"""A recording through a whole house in virtual time: feeds, clock, inbox and venues that tell what was recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from karb_core.domain.halt import Halt
from karb_core.domain.market import MarketEvent
from karb_core.errors import DataUnusable
from karb_core.ledger.commands import Command
from karb_core.ports import Executor
from karb_core.wiring.course import Course, Parted
from karb_core.wiring.house import House
from karb_core.wiring.housed import Place, behind_door
from karb_core.wiring.inputs import (
    Answered,
    BarCame,
    Began,
    Broke,
    Failed,
    Forgot,
    Input,
    Looked,
    Moved,
    Past,
    Question,
    Rang,
    RateCame,
    Told,
)
from karb_core.wiring.intake import Intake
from karb_core.wiring.latest import Latest
from karb_core.wiring.obeying import Obeying
from karb_core.wiring.outside_house import OutsideHouse
from karb_core.wiring.recorded_market import told_by
from karb_core.wiring.recorded_venues import RecordedClock, RecordedVenues
from karb_core.wiring.recording import Recording
from karb_core.wiring.virtual_loop import VirtualLoop, run

_TURNS = 200  # karb: constant because it bounds how long a replay looks for what should come at once


def replay_on_paper(recording: Recording, place: Place) -> Parted | None:
    """As `replay_events`, with what was recorded of venues in the place of simulated ones, which see the market."""
    venues = RecordedVenues(recording)
    executors = {venue: venues.at(venue) for venue in place.venues}
    return _replayed(recording, place, venues, executors, venues.take)


def replay_live(recording: Recording, place: Place) -> Parted | None:
    """As `replay_events`, with executors that answer from the recording, and nothing else beside them."""
    venues = RecordedVenues(recording)
    return _replayed(recording, place, venues, {venue: venues.at(venue) for venue in place.venues}, _unseen)


def _unseen(event: MarketEvent) -> None:
    """A real venue is told nothing of its own market."""


def _replayed(
    recording: Recording,
    place: Place,
    venues: RecordedVenues,
    executors: Mapping[str, Executor],
    before: Callable[[MarketEvent], None],
) -> Parted | None:
    async def whole() -> Parted | None:
        stage = _Stage(recording, place, venues, executors, before)
        try:
            return await stage.play()
        finally:
            await stage.end()

    return run(whole(), recording.run.started_at_ns)


@dataclass(slots=True)
class _Stage:
    """The house, and what hands it the recording in its order."""

    recording: Recording
    place: Place
    venues: RecordedVenues
    executors: Mapping[str, Executor]
    before: Callable[[MarketEvent], None]
    house: House = field(init=False)
    intake: Intake = field(init=False)
    obeying: Obeying = field(init=False)
    _course: Course = field(init=False)
    _clock: RecordedClock = field(init=False)
    _outside: OutsideHouse = field(init=False)
    _told: list[Told] = field(init=False, default_factory=list)
    _going_on: set[asyncio.Task[None]] = field(init=False, default_factory=set)
    _ends: Callable[[str, int], None] = field(init=False)

    def __post_init__(self) -> None:
        self._course, self._clock = Course(self.recording), RecordedClock(self.recording.run.started_at_ns)
        latest = Latest()
        self._outside = OutsideHouse(
            self.executors, self._clock, latest, asyncio.get_running_loop(), self._writes, self._course.asks
        )
        self.intake, seated = behind_door(self.place, self._outside)
        self._ends = seated.end
        desk = seated.trading.desk
        self._outside.hands = self.intake.take
        self.obeying = Obeying(self.place.ledger, self.place.account, [desk], self._clock, 0, self._still)
        self.obeying.waits = self._waits
        self.intake.seats(seated, self.obeying)
        desk.halts.elsewhere = self._course.halt
        self.intake.judging, self.intake.held = self._course.judges, self._course.ours
        self.house = House((self.intake,), latest, self._clock, (self.before,))

    async def play(self) -> Parted | None:
        for number, step in enumerate(self.recording.steps):
            await _pass_time(step.at_ns)
            self._clock.shows(step.at_ns)
            self._course.at(step)
            for event in told_by(step.saw, self.house.latest.tops):
                self.house.take(event)
            with suppress(ValueError, DataUnusable):  # what cannot be dealt with could not when it was recorded
                await self._hands(step.what)
            await self._until(partial(self._took, number))
            if self.intake.done != number + 1:
                self._course.part("replay.not_taken", what=type(step.what).__name__)
            self._course.over()
            if self._course.parted is not None:
                break
        return self._course.parted

    async def end(self) -> None:
        for task in self._going_on:
            task.cancel()
        await asyncio.gather(*self._going_on, return_exceptions=True)
        self._outside.end()
        await self.house.end()
        self._ends("done", self._clock.now_ns())

    async def _hands(self, what: Input) -> None:
        match what:
            case BarCame(bar):
                self.house.take(bar)
            case RateCame(seat, rate):
                self.house.rate(seat, rate)
            case Past(bars, rates):
                self.house.past(bars, rates)
            case Began():
                self._goes_on(self.intake.recover())
            case Looked():
                self.house.nudge()
            case Forgot():
                self._goes_on(self.intake.forget())
            case Broke(why):
                self.intake.broke(why)
            case Told():
                self._told.append(what)
                self._goes_on(self.obeying.look())
            case Rang():
                await self._until(lambda: self._clock.sleeps)
                self._clock.rings()
            case Answered(number, said):
                await self._until(lambda: self.venues.knows(number))
                if self.venues.knows(number):
                    self.venues.answers(number, said.error if isinstance(said, Failed) else said)
            case Moved():
                pass  # what was seen moved it

    def _goes_on(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._going_on.add(task)

    def _took(self, number: int) -> bool:
        return self.intake.done > number

    async def _until(self, there: Callable[[], bool]) -> None:
        for _ in range(_TURNS):
            if there():
                return
            await asyncio.sleep(0)

    async def _writes(self, question: Question) -> Any:
        return await self.venues.asked(question)

    async def _waits(self) -> Sequence[Command]:
        return [told.command for told in self._told[-1:]]

    def _still(self) -> Mapping[str, Halt]:
        return self._told[-1].still


async def _pass_time(until_ns: int) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    over: asyncio.Future[None] = loop.create_future()
    loop.call_at_ns(until_ns, over.set_result, None)
    await over
