"""What lies beyond a desk's door in a house: its venues, its clock, the ledger's own thread, and other hands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from karb_core.domain.halt import Halt
from karb_core.domain.orders import Unknown
from karb_core.ports import Clock, Executor
from karb_core.wiring.asking import asked_of
from karb_core.wiring.inputs import Answered, Failed, Input, Question, Rang, Work
from karb_core.wiring.latest import Latest

Hands = Callable[[Input], None]
_SHOWN = 120  # karb: constant because it cuts a shown text


def _unheard(question: Question) -> None:
    """Nobody listens."""


def _why(said: object) -> str | None:
    """What went wrong with a question to a venue: an error, or no answer."""
    if isinstance(said, Failed):
        return f"{type(said.error).__name__}: {said.error}"[:_SHOWN]
    return said.why[:_SHOWN] if isinstance(said, Unknown) else None


@dataclass(slots=True)
class OutsideHouse:
    """`Outside` of the door that `hands` hands in at. `around`: the loop that the house runs in, of which a desk
    behind its door knows nothing; `writes` has the ledger written, by its own thread where it is None; `heard` is told
    each question; `came`: each answer of a venue's, with what was wrong with it.

    An answer is handed in as soon as it is there, whatever comes between; a sleep that ends early rings not. The ledger
    is begun to be written at once: what the owner is told meanwhile shall be there after a kill.
    """

    executors: Mapping[str, Executor]
    clock: Clock
    latest: Latest
    around: asyncio.AbstractEventLoop
    writes: Callable[[Question], Awaitable[None]] | None = None
    heard: Callable[[Question], None] = _unheard
    came: Callable[[str, str | None], None] = lambda _venue, _why: None
    hands: Hands = field(init=False)
    _asking: set[asyncio.Task[None]] = field(init=False, default_factory=set)
    _alarm: asyncio.Task[None] | None = field(init=False, default=None)
    _rings_ns: int | None = field(init=False, default=None)

    def now_ns(self) -> int:
        return self.clock.now_ns()

    def market(self) -> Latest:
        return self.latest

    def asks(self, question: Question) -> None:
        self.heard(question)
        task = self.around.create_task(self._asked(question, self._begun(question)))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    def wakes(self, at_ns: int | None) -> None:
        if at_ns == self._rings_ns:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._rings_ns = at_ns
        self._alarm = None if at_ns is None else self.around.create_task(self._rings(at_ns))

    def halt(self, read: Callable[[], Halt]) -> Halt:
        """Edge: whoever cannot tell whether to stop does not begin."""
        try:
            return read()
        except Exception:  # noqa: BLE001 - as the latch does: whatever keeps it from being read
            return Halt.NO_ENTRIES

    def judges(self, read: Callable[[], bool]) -> bool:
        return read()

    def ours(self, read: Callable[[], bool]) -> bool:
        return read()

    def end(self) -> None:
        """Nothing is handed in any more. What was sent is on its way all the same."""
        for task in (*self._asking, *([] if self._alarm is None else [self._alarm])):
            task.cancel()

    def _begun(self, question: Question) -> Awaitable[None] | None:
        if self.writes is not None or not isinstance(question.about, Work):
            return None
        return self.around.run_in_executor(question.about.by, question.about.done)

    async def _asked(self, question: Question, begun: Awaitable[None] | None) -> None:
        try:
            said: object = await (self._answer(question) if begun is None else begun)
        except Exception as e:  # noqa: BLE001 - it is the desk that deals with what a venue did
            said = Failed(e)
        if question.venue in self.executors:
            self.came(question.venue, _why(said))
        self.hands(Answered(question.number, said))

    async def _answer(self, question: Question) -> object:
        if question.venue in self.executors:
            return await asked_of(self.executors[question.venue], question)
        assert self.writes is not None
        await self.writes(question)
        return None

    async def _rings(self, at_ns: int) -> None:
        await self.clock.sleep_until(at_ns)
        while self.clock.now_ns() < at_ns:
            await self.clock.sleep_until(at_ns)
        self._alarm = self._rings_ns = None
        self.hands(Rang())
