"""An account while this process has it: it says so again and again, and enters nothing once it may have lost it."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from karb_core.domain.halt import Halt
from karb_core.engine.desk import Desk
from karb_core.errors import AccountHeld, LedgerUnusable
from karb_core.ledger.lease import Holder, Lease, held, take
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.runs import Run
from karb_core.ports import Clock
from karb_core.wiring.mark import mark_of
from karb_core.wiring.this_process import is_gone, this_process

_LIVES_NS = 30_000_000_000  # karb: constant because it says how soon another may take over from a process that is gone
LOST = "another process has the account"


@dataclass(slots=True)
class Holding:
    """Made by `hold`: of one account, or of several that are held together. `lives_ns`: after how long a silence
    another may take them.
    """

    leases: Sequence[Lease]
    clock: Clock
    lives_ns: int
    lost: AccountHeld | None = field(init=False, default=None)
    _beat_ns: int = field(init=False)
    _over: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._beat_ns = self.clock.now_ns()

    def binds(self, desks: Sequence[Desk]) -> None:
        """From now on these enter nothing while the account may not be ours."""
        for desk in desks:
            _also(desk, self)

    def ours(self) -> bool:
        """Whether nobody else can have it. Edge: silent for as long as it may be, it is still ours, and no longer."""
        return self.lost is None and self.clock.now_ns() - self._beat_ns <= self.lives_ns

    def strength(self) -> Halt:
        return Halt.NONE if self.ours() else Halt.NO_ENTRIES

    def still(self) -> Mapping[str, Halt]:
        """What no resume undoes."""
        return {} if self.lost is None else {LOST: Halt.NO_ENTRIES}

    async def beat(self) -> None:
        """It does not raise: a ledger that cannot be written for a while may be written again in time."""
        now_ns = self.clock.now_ns()
        try:
            for lease in self.leases:
                await asyncio.to_thread(lease.beat, now_ns)
        except AccountHeld as e:
            self.lost = e
            self._over.set()
        except LedgerUnusable:
            return
        else:
            self._beat_ns = now_ns

    async def until_lost(self) -> None:
        """Errors: `AccountHeld`, and this ends with nothing else."""
        await self._over.wait()
        assert self.lost is not None
        raise self.lost

    def release(self) -> None:
        """Whoever comes next need not wait. Errors: `LedgerUnusable`."""
        for lease in self.leases:
            lease.release(self.clock.now_ns())


#: Takes the account for a run: its mark, and the account while it is held.
Holds = Callable[[Run], tuple[str, Holding]]


def hold(ledger: Ledger, holders: Iterable[Holder], clock: Clock, lives_ns: int) -> Holding:
    """All of these accounts, or none. A holder of this machine that is gone is not waited for.

    Errors: `AccountHeld` while another has one of them, before any venue is touched; `LedgerUnusable`.
    """
    taken: list[Lease] = []
    try:
        for holder in holders:
            taken.append(_taken(ledger, holder, clock, lives_ns))  # noqa: PERF401 - those before it are given back
    except BaseException:
        Holding(taken, clock, lives_ns).release()
        raise
    return Holding(taken, clock, lives_ns)


def hold_for(ledger: Ledger, accounts: tuple[str, ...], run: Run, clock: Clock) -> tuple[str, Holding]:
    """The accounts held by this process together, as this run. As `Holds`; errors as `hold`."""
    mark = mark_of(ledger, accounts)
    holders = [
        Holder(
            account=account,
            run_id=run.id,
            mark=mark,
            host=socket.gethostname(),
            pid=os.getpid(),
            process=this_process(),
        )
        for account in accounts
    ]
    return mark, hold(ledger, holders, clock, _LIVES_NS)


def _taken(ledger: Ledger, holder: Holder, clock: Clock, lives_ns: int) -> Lease:
    before = held(ledger, holder.account)
    ended = before is not None and before.by.process is not None and is_gone(before.by.process)
    gone = before.by if before is not None and ended else None
    return take(ledger, holder, at_ns=clock.now_ns(), lives_ns=lives_ns, gone=gone)


def _also(desk: Desk, holding: Holding) -> None:
    before = desk.halts.elsewhere
    desk.halts.elsewhere = lambda: max(before(), holding.strength())
