"""A rate that its publisher is asked for again and again: it has no stream."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from karb_core.connection.asking import questions_to
from karb_core.connection.questions import Manner, Questions
from karb_core.connection.typed_body import Unreadable
from karb_core.connection.waiting import Waits, until
from karb_core.domain.market import FxRate
from karb_core.domain.statement import VenueSilent
from karb_core.ports.fx_source import EmitRate
from karb_fx.told import Publisher, Question, Told


@dataclass(slots=True)
class Polled:
    """`every_ns`: how long after one question comes the next, whatever became of it.

    A publisher that does not answer, or not in its own words, tells nothing, and its rate grows old: that is what entries
    are denied by. What went wrong is raised, once for each question, so that the owner is told of it.
    """

    publisher: Publisher
    address: str
    every_ns: int
    _next_ns: int = field(init=False, default=0)
    _told_ns: int = field(init=False, default=-1)

    async def run(self, emit: EmitRate, clock: Waits) -> None:
        """Until it is cancelled. Errors: `VenueSilent`; begun again, it goes on when its next question is due."""
        async with questions_to(self.address, self._manner(), self.publisher.headers) as asks:
            while True:
                await until(clock, self._next_ns)
                self._next_ns = clock.now_ns() + self.every_ns
                await self.ask(asks, emit, clock)

    async def ask(self, asks: Questions, emit: EmitRate, clock: Waits) -> None:
        """The rate of now, told where it is newer than the one before. Errors: `VenueSilent`."""
        for question in self.publisher.latest(clock.now_ns()):
            told = await self._asked(asks, question, clock.now_ns())
            if told:
                if told[-1].at_ns > self._told_ns:
                    self._told_ns = told[-1].at_ns
                    emit(self._rate(told[-1], clock.now_ns()))
                return

    async def past(self, since_ns: int, until_ns: int) -> Iterable[FxRate]:
        """Each as of when it was known, oldest first. Errors: `VenueSilent`."""
        found: list[Told] = []
        async with questions_to(self.address, self._manner(), self.publisher.headers) as asks:
            for question in self.publisher.past(since_ns, until_ns):
                found += await self._asked(asks, question, until_ns)
        return [self._rate(told, told.at_ns) for told in found if since_ns <= told.at_ns < until_ns]

    async def _asked(self, asks: Questions, question: Question, now_ns: int) -> list[Told]:
        answer = await asks.ask(question.target)
        try:
            return list(question.reads(answer.body, now_ns))
        except Unreadable as e:
            # a key may stand in the query
            raise VenueSilent(self.publisher.source, question.target.partition("?")[0], str(e)) from None

    def _manner(self) -> Manner:
        return Manner(self.publisher.source, lambda body: None, lambda answer: 0.0)  # noqa: ARG005

    def _rate(self, told: Told, received_ns: int) -> FxRate:
        return FxRate("USD", "KRW", told.rate, self.publisher.source, self.publisher.kind, told.at_ns, received_ns)
