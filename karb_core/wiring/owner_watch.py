"""Tells the owner of the house itself: what `Watching` sees goes into the outbox and on its way, a round a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from karb_core.domain.halt import Halt
from karb_core.domain.korean_day import day_of
from karb_core.errors import LedgerUnusable
from karb_core.ledger.outbox import Outbox
from karb_core.ledger.reading import Whose
from karb_core.ledger.telling import acknowledged_ns
from karb_core.ports import Clock, Notice, NoticeKind
from karb_core.ports.notifier import BESIDE
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.told import TellParams
from karb_core.wiring.day_figures import day_figures
from karb_core.wiring.desk_of import first_start_ns
from karb_core.wiring.outbox_beside import OutboxBeside
from karb_core.wiring.standing_halts import standing_halts
from karb_core.wiring.untold import untold
from karb_core.wiring.watching import Wanted, Watching

_LOOK_NS = 60_000_000_000  # karb: constant because it says how often it is looked whether a day ended

Put = Callable[[Notice, Sequence[str]], None]


@dataclass(slots=True)
class OwnerWatch:
    """`watching` sees, `put` carries on; `kept` keeps; `by`: which channels tell what a desk did. Nothing of it holds a desk up, and none of it raises."""

    kept: OutboxBeside
    put: Put
    clock: Clock
    mode: str
    run_id: str
    wanted: Mapping[str, Wanted]
    by: Callable[[Notice], Sequence[str]] = lambda _: ()
    watching: Watching = field(init=False)
    _queue: deque[tuple[Notice, Sequence[str]]] = field(init=False, default_factory=deque)
    _made: int = field(init=False, default=0)
    _day_ns: int | None = field(init=False, default=None)
    _looked_ns: int = field(init=False, default=0)
    _looked_back: bool = field(init=False, default=False)

    def tells(self, notice: Notice, channels: Sequence[str]) -> None:
        self._queue.append((notice, channels))

    async def round(self) -> None:
        now_ns = self.clock.now_ns()
        await self._look_back()
        self.watching.look(now_ns)
        await self._look_at_the_day(now_ns)
        while self._queue:
            notice, channels = self._queue.popleft()
            self.put(await self._numbered(notice, channels), channels)

    async def _numbered(self, notice: Notice, channels: Sequence[str]) -> Notice:
        """Edge: where the ledger cannot be written it is told all the same, and not kept."""
        ordinal, self._made = BESIDE + self._made, self._made + 1
        if not await self.kept.tries(lambda box: box.keeps(self.run_id, ordinal, notice, channels)):
            return notice
        return replace(notice, number=f"{self.run_id}-{ordinal}", strategy=self.kept.outbox.strategy)

    async def _look_back(self) -> None:
        """Once, at what a kill kept from being told."""
        if self._looked_back:
            return
        try:
            self.watching.known(await self.kept.does(_acknowledged))
            late = await self.kept.does(lambda box: untold(box.ledger, _whose(box), self.run_id))
        except LedgerUnusable:
            return
        self._looked_back = True
        for notice in late:
            self.tells(notice, self.by(notice))

    async def _look_at_the_day(self, now_ns: int) -> None:
        channels = [name for name, each in self.wanted.items() if NoticeKind.SUMMARY.value in each.kinds]
        if not channels or now_ns - self._looked_ns < _LOOK_NS:
            return
        self._looked_ns = now_ns
        try:
            if self._day_ns is None:
                self._day_ns = await self.kept.does(_told_until_ns)
            if day_of(self._day_ns) < day_of(now_ns):
                facts = await self.kept.does(lambda box: day_figures(box.ledger, _whose(box), now_ns))
                self._day_ns = now_ns
                self.tells(Notice(NoticeKind.SUMMARY, now_ns, "", self.mode, facts), channels)
        except LedgerUnusable:
            return  # looked at again in a minute


def wanted_of(rulebook: Rulebook) -> dict[str, Wanted]:
    """By channel, of those that say it in karb's own words."""
    wanted = {}
    for seat in rulebook.seats_of("notifiers"):
        if isinstance(seat.params, TellParams):
            params = seat.params
            wanted[seat.id or seat.use] = Wanted(
                frozenset(params.tell), params.bounds(), params.escalates_ns(), params.lows(), params.distance()
            )
    return wanted


def _whose(box: Outbox) -> Whose:
    return Whose(box.account, box.strategy)


def _acknowledged(box: Outbox) -> list[tuple[str, Halt]]:
    """The halts that stood when somebody acknowledged last, and stand."""
    until_ns = acknowledged_ns(box.ledger, box.account, box.strategy)
    if until_ns is None:
        return []
    halts = standing_halts(box.ledger, box.account, box.strategy)
    return [(each.reason, Halt.read(each.strength)) for each in halts if each.at_ns <= until_ns]


def _told_until_ns(box: Outbox) -> int:
    """The day of this time needs no summary any more, nor any before."""
    told_ns = box.told_last_ns(NoticeKind.SUMMARY)
    return first_start_ns(box.ledger, _whose(box)) if told_ns is None else told_ns
