"""Venues that answer from a recording, and the clock that it was recorded by."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from typing import Any

from karb_core.domain.market import MarketEvent
from karb_core.ports import Executor
from karb_core.wiring.asking import Asking
from karb_core.wiring.inputs import Question
from karb_core.wiring.recording import Recording


class RecordedVenues:
    """`at` is the executor of one venue. What is asked of it is answered when `answers` is told its number.

    Questions that are alike are answered in the order in which they were asked. Edge: one that the recording does not
    have is never answered; that it was asked is for whoever compares.
    """

    def __init__(self, recording: Recording) -> None:
        self._numbers: dict[str, deque[int]] = defaultdict(deque)
        for step in recording.steps:
            for question in step.asked:
                self._numbers[question.asked()].append(question.number)
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    def at(self, venue: str) -> Executor:
        async def ask(venue: str, verb: str, about: Any) -> Any:
            return await self.asked(Question(0, venue, verb, about))

        return Asking(venue, ask)

    def take(self, event: MarketEvent) -> None:
        """What becomes of orders was recorded, whatever the market did."""

    async def asked(self, question: Question) -> Any:
        """Waits for its answer. Errors: the recorded one."""
        waits: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if numbers := self._numbers[question.asked()]:
            self._waiting[numbers.popleft()] = waits
        return await waits

    def knows(self, number: int) -> bool:
        """Whether this question waits for its answer."""
        return number in self._waiting

    def answers(self, number: int, said: object) -> None:
        waits = self._waiting.pop(number)
        if isinstance(said, Exception):
            waits.set_exception(said)
        else:
            waits.set_result(said)


class RecordedClock:
    """`WakingClock` that shows what was shown. A sleep ends when the recording says so."""

    def __init__(self, now_ns: int) -> None:
        self._now_ns = now_ns
        self._sleepers: list[asyncio.Future[None]] = []

    def now_ns(self) -> int:
        return self._now_ns

    def shows(self, now_ns: int) -> None:
        self._now_ns = now_ns

    def wake(self) -> None:
        """That something came ends no sleep here: what came of it was recorded."""

    @property
    def sleeps(self) -> bool:
        return bool(self._sleepers)

    def rings(self) -> None:
        for sleeper in self._sleepers:
            if not sleeper.done():
                sleeper.set_result(None)

    async def sleep_until(self, at_ns: int | None) -> None:  # noqa: ARG002 - the recording says when it is over
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append(sleeper)
        try:
            await sleeper
        finally:
            self._sleepers.remove(sleeper)
