"""One channel: what waits to be told by it, the most important first, until it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random

from karb_core.connection.back_off import BackOff
from karb_core.errors import LedgerUnusable
from karb_core.ledger.outbox import Outbox
from karb_core.ledger.tellings import NEVER, TOLD
from karb_core.ports import Clock, NeverTold, Notice, Notifier, NotTold, Paces
from karb_core.texts.text import Said, Text
from karb_core.wiring.outbox_beside import OutboxBeside

_MOST = 1000  # karb: constant because it bounds memory: the ledger has what is over it
_WAIT_S = 10.0  # karb: constant because it bounds how long a channel may hang, and no order waits for it
_FIRST_S, _LONGEST_S = 1.0, 300.0  # karb: constant because it says how soon a channel that failed is tried again
_SHOWN = 200  # karb: constant because it cuts a shown text


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: how long a channel may hang, and how soon one that failed is tried again, at first and at last."""

    answer: float = _WAIT_S
    first: float = _FIRST_S
    longest: float = _LONGEST_S


@dataclass(slots=True)
class ToldChannel:
    """`kept` is None where no ledger keeps what is to be told. `failed` hears why nothing was told, once until it works again.

    A notice is forgotten when the channel took it, or said that it never will. Where no answer came it is told again,
    marked as such; where it is proven that nothing arrived, as it was.
    """

    name: str
    notifier: Notifier
    kept: OutboxBeside | None
    clock: Clock
    failed: Callable[[Said], None]
    patience: Patience
    came: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _waiting: dict[str, Notice] = field(init=False, default_factory=dict)
    _owed: list[tuple[Notice, str]] = field(init=False, default_factory=list)
    _more: bool = field(init=False, default=True)
    _why: str = field(init=False, default="")
    _back_off: BackOff = field(init=False)
    _free_s: float = field(init=False, default=0.0)
    _again_s: float = field(init=False, default=0.0)
    _sooner: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _at_it: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        # karb: constant because a channel is never given up, so it is never counted as down
        self._back_off = BackOff(self.patience.first, self.patience.longest, 1, Random())

    def put(self, notice: Notice) -> None:
        """Edge: of too many the least important leave memory; the ledger has them."""
        if all(notice.kind.rank < each.kind.rank for each in self._waiting.values()):
            self._sooner.set()
        self._waiting[notice.number] = notice
        if len(self._waiting) > _MOST:
            del self._waiting[max(self._waiting.values(), key=_turn).number]
            self._more = self.kept is not None
        self.came.set()

    async def run(self) -> None:
        while True:
            await self.drain()
            await self.came.wait()

    async def drain(self) -> None:
        """Until nothing waits, also not what earlier runs left."""
        async with self._at_it:
            self.came.clear()
            while self._waiting or await self._recalled():
                await self._left_in_peace()
                await self._tell(min(self._waiting.values(), key=_turn))

    async def _recalled(self) -> bool:
        if self.kept is None or not self._more:
            return False
        try:
            found = await self.kept.does(lambda box: box.waiting(self.name, _MOST))
        except LedgerUnusable:
            return bool(self._waiting)  # asked again with the next that comes
        owed = {notice.number for notice, _ in self._owed}
        self._waiting |= {each.number: each for each in found if each.number not in owed | self._waiting.keys()}
        self._more = len(found) >= _MOST
        return bool(self._waiting)

    async def _left_in_peace(self) -> None:
        """A channel that asked for it; one that failed is tried at once by what is more important than all before."""
        loop = asyncio.get_running_loop()
        paced_s = self.notifier.free_in_s() if isinstance(self.notifier, Paces) else 0
        left_s = max(self._free_s - loop.time(), paced_s)
        if left_s > 0:
            await asyncio.sleep(left_s)
        self._sooner.clear()
        if self._again_s > loop.time():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._sooner.wait(), self._again_s - loop.time())

    async def _tell(self, notice: Notice) -> None:
        await self._mark(lambda box: box.begins(notice, self.name, self.clock.now_ns()), notice)
        try:
            await asyncio.wait_for(self.notifier.notify(notice), self.patience.answer)
        except NotTold as e:
            await self._mark(lambda box: box.failed(notice, self.name), notice)
            self._fails(str(e), e.pause_s)
        except NeverTold as e:
            self.failed(Text("run.never_told", {"channel": self.name, "number": notice.short, "why": str(e)[:_SHOWN]}))
            await self._ended(notice, NEVER)
        except Exception as e:  # noqa: BLE001 - whatever a channel does, trading and the other channels go on
            self._waiting[notice.number] = replace(notice, again=True)
            late = isinstance(e, TimeoutError)
            self._fails(f"no answer within {self.patience.answer:g} s" if late else f"{type(e).__name__}: {e}", None)
        else:
            self._why, self._again_s = "", 0.0  # karb: constant because nothing is waited for
            self._back_off.answered()
            await self._ended(notice, TOLD)

    async def _ended(self, notice: Notice, how: str) -> None:
        """What cannot be written now is written with the next: until then a kill has it told again, marked as such."""
        del self._waiting[notice.number]
        if self.kept is None:
            return
        self._owed.append((notice, how))
        at_ns = self.clock.now_ns()
        while self._owed:
            if not await self._mark(self._end(*self._owed[0], at_ns), self._owed[0][0]):
                return
            del self._owed[0]

    def _end(self, notice: Notice, how: str, at_ns: int) -> Callable[[Outbox], None]:
        return lambda box: box.ends(notice, self.name, how, at_ns)

    async def _mark(self, work: Callable[[Outbox], None], notice: Notice) -> bool:
        """Edge: an owner must hear also while the ledger cannot be written, so a mark that failed holds nothing up."""
        return self.kept is None or not notice.kept or await self.kept.tries(work)

    def _fails(self, why: str, pause_s: float | None) -> None:
        now_s = asyncio.get_running_loop().time()
        if pause_s is not None:
            self._free_s = now_s + pause_s
            return
        self._again_s = now_s + self._back_off.failed()
        if why[:_SHOWN] != self._why:
            self._why = why[:_SHOWN]
            self.failed(Text("run.channel_broke", {"channel": self.name, "why": self._why}))


def _turn(notice: Notice) -> tuple[int, int]:
    return notice.kind.rank, notice.at_ns
