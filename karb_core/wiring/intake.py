"""The one door of a desk: what comes from outside is taken one thing at a time, each dealt with to its end.

The clock is read once for each input and shows that time to everything that follows from it; the market, and what
stops entries from elsewhere, are read no more than once as well. So what the desk does depends on nothing but its
steps, and whoever hands it the same ones gets the same.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from karb_core.domain.halt import Halt
from karb_core.domain.market import Bar, FxRate
from karb_core.ledger.commands import Command
from karb_core.ports import Executor
from karb_core.wiring.asking import Asking
from karb_core.wiring.dealing import Dealing
from karb_core.wiring.desk_of import Seated
from karb_core.wiring.inner_clock import InnerClock
from karb_core.wiring.inputs import (
    LEDGER,
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
    RateCame,
    Step,
    Told,
    Work,
)
from karb_core.wiring.obeying import Obeying
from karb_core.wiring.outside import Outside
from karb_core.wiring.seen_market import SeenMarket
from karb_core.wiring.stepped_loop import SteppedLoop


class Intake:
    """`keeps` is given each step when it is done; `done` says how many were; `judging`: whether the house lets anything
    new be judged, `held`: whether nobody else can have its account. It is made before the desk, which `seats` takes: the
    desk is given its clock, market and executors.

    What is handed in while a step is under way waits for its end.
    """

    def __init__(self, outside: Outside, venues: Iterable[str]) -> None:
        self._outside = outside
        self.keeps: Callable[[Step], None] = _unkept
        self.done = 0
        self.judging: Callable[[], bool] = _always
        self.held: Callable[[], bool] = _always
        self.clock = InnerClock(outside.now_ns())
        self.market = SeenMarket(outside.market)
        self.executors: dict[str, Executor] = {venue: Asking(venue, self._ask) for venue in venues}
        self._loop = SteppedLoop(lambda by, work: self._ask(LEDGER, "durable", Work(by, work)))
        self._numbers = 0
        self._open: dict[int, asyncio.Future[Any]] = {}
        self._waiting: deque[tuple[Input, asyncio.Future[None] | None]] = deque()
        self._going_on: set[asyncio.Task[None]] = set()
        self._step: Step | None = None

    def seats(self, seated: Seated, obeying: Obeying) -> None:
        """Who is behind the door, and who has them do what the owner told."""
        self._dealing = Dealing(seated, obeying, self.market, self.clock)
        for trading in seated.tradings:
            trading.judges, trading.ours = self._judges, self._ours
            trading.desk.halts.through = self._halt
        obeying.does = self.told

    def bar(self, bar: Bar) -> None:
        self.take(BarCame(bar))

    def rate(self, seat: str, rate: FxRate) -> None:
        self.take(RateCame(seat, rate))

    def moved(self) -> None:
        """The market told something. Edge: while nobody waits for it, it is seen when somebody looks."""
        if self.clock.sleeps and self._step is None and self.market.changed():
            self.take(Moved())

    def nudged(self) -> None:
        self.take(Looked())

    def past(self, bars: tuple[Bar, ...], rates: Mapping[str, Sequence[FxRate]]) -> None:
        self.take(Past(bars, rates))

    async def recover(self) -> None:
        await self._done(Began())

    async def look(self) -> None:
        await self._done(Looked())

    async def forget(self) -> None:
        await self._done(Forgot())

    def broke(self, why: str) -> None:
        self.take(Broke(why))

    async def told(self, command: Command, still: Mapping[str, Halt]) -> None:
        """Errors: `LedgerUnusable`."""
        await self._done(Told(command, still))

    def take(self, what: Input, done: asyncio.Future[None] | None = None) -> None:
        """`done` is told when all that follows from it has come to its end, which may be much later.

        Errors: what is raised by dealing with it at once.
        """
        self._waiting.append((what, done))
        if self._step is not None:
            return
        while self._waiting:
            self._take(*self._waiting.popleft())

    async def end(self) -> None:
        self.shut()

    def shut(self) -> None:
        """Whatever still runs ends where it stands: as a kill would, nothing is lost by it."""
        if not self._loop.is_closed():
            self._loop.end()

    def _take(self, what: Input, done: asyncio.Future[None] | None) -> None:
        self._step = Step(self.clock.shows(self._outside.now_ns()), what)
        try:
            self._loop.step(lambda: self._deals(what, done))
        finally:
            taken, self._step = self._step, None
            self.done += 1
            self.keeps(replace(taken, saw=self.market.saw()))
            self._outside.wakes(self.clock.next_ns())

    def _deals(self, what: Input, done: asyncio.Future[None] | None) -> None:
        if isinstance(what, Answered):
            _answer(self._open.pop(what.number), what.said)
        elif (work := self._dealing.deals(what)) is not None:
            self._goes_on(work, done)

    def _goes_on(self, work: Coroutine[Any, Any, None], done: asyncio.Future[None] | None) -> None:
        task = self._loop.create_task(work)
        self._going_on.add(task)

        def over(task: asyncio.Task[None]) -> None:
            self._going_on.discard(task)
            if done is not None and not done.done():
                _finish(task, done)

        task.add_done_callback(over)

    async def _done(self, what: Input) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.take(what, done)
        await done

    def _ask(self, venue: str, verb: str, about: Any = None) -> asyncio.Future[Any]:
        question = Question(self._numbers, venue, verb, about)
        self._numbers += 1
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._open[question.number] = answer
        assert self._step is not None
        self._step = replace(self._step, asked=(*self._step.asked, question))
        self._outside.asks(question)
        return answer

    def _halt(self, read: Callable[[], Halt]) -> Halt:
        """Edge: outside a step it is read and not kept: whoever ends a house looks at it too."""
        if self._step is None:
            return read()
        if self._step.halt is None:
            self._step = replace(self._step, halt=self._outside.halt(read))
        assert self._step.halt is not None
        return self._step.halt

    def _judges(self) -> bool:
        assert self._step is not None
        if self._step.judges is None:
            self._step = replace(self._step, judges=self._outside.judges(self.judging))
        assert self._step.judges is not None
        return self._step.judges

    def _ours(self) -> bool:
        assert self._step is not None
        if self._step.ours is None:
            self._step = replace(self._step, ours=self._outside.ours(self.held))
        assert self._step.ours is not None
        return self._step.ours


def _always() -> bool:
    return True


def _unkept(step: Step) -> None:
    """Nobody keeps it."""


def _answer(waits: asyncio.Future[Any], said: object) -> None:
    if waits.done():
        return
    if isinstance(said, Failed):
        waits.set_exception(said.error)
    else:
        waits.set_result(said)


def _finish(task: asyncio.Task[None], done: asyncio.Future[None]) -> None:
    if task.cancelled():
        done.cancel()
    elif (error := task.exception()) is not None:
        done.set_exception(error)
    else:
        done.set_result(None)
