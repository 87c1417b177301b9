"""What the owner told a running desk from elsewhere: read from the ledger, done in its order, each thing once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from karb_core.domain.halt import Halt
from karb_core.engine.desk import Desk
from karb_core.errors import KarbError, LedgerUnusable
from karb_core.ledger.commands import Command
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.telling import ACKNOWLEDGE, waiting
from karb_core.ports import Approval, Clock
from karb_core.wiring.halt_board import HaltBoard
from karb_core.wiring.halt_file import HaltFile

HALT, RESUME, FLATTEN, APPROVE, RELOAD = "halt", "resume", "flatten", "approve", "reload"


def _nothing_else() -> Mapping[str, Halt]:
    return {}


@dataclass(slots=True)
class Obeying:
    """All desks of one house at one account. Each look takes what waits; `good_for_ns` is how long a look is good for.

    A halt stands in memory before it is written. That a command was taken is written in the transaction of what the
    last of its desks did: a kill leaves both or neither, and where several desks do one thing, the first may do it
    again after a restart, which changes nothing. `still`: what no resume may undo beside what a desk knows itself
    (a lost lease, books that disagree). `file` is looked at first, for it is there when the ledger is not; the ledger has
    its halt as soon as it can be written; `board` is the same for several hosts. Until the first look, and whenever the
    last one is too old or failed, nothing is entered; a way out never waits for it. `waits` says what nobody took yet,
    and `does` has it done; `acknowledges` hears that the owner has seen the alerts, of which a desk knows nothing. `reload`:
    that the owner wants his changed rules; adopting them is for the house.
    """

    ledger: Ledger
    account: str
    desks: Sequence[Desk]
    clock: Clock
    good_for_ns: int
    still: Callable[[], Mapping[str, Halt]] = _nothing_else
    file: HaltFile | None = None
    board: HaltBoard | None = None
    acknowledges: Callable[[], object] = lambda: None
    unread: KarbError | None = field(init=False, default=None)
    reload: bool = field(init=False, default=False)
    waits: Callable[[], Awaitable[Sequence[Command]]] = field(init=False)
    does: Callable[[Command, Mapping[str, Halt]], Awaitable[None]] = field(init=False)
    _looked_ns: int | None = field(init=False, default=None)
    _done: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.waits, self.does = self._waiting, self.obey
        for desk in self.desks:
            desk.halts.elsewhere = self.strength

    def strength(self) -> Halt:
        """What the place of commands says by itself: nothing, unless it was not read for too long."""
        if self._looked_ns is None or self.unread is not None:
            return Halt.NO_ENTRIES
        if self.board is not None and self.board.strength():
            return Halt.NO_ENTRIES
        # A clock that was set back says nothing about how old the look is.
        fresh = 0 <= self.clock.now_ns() - self._looked_ns <= self.good_for_ns
        return Halt.NONE if fresh else Halt.NO_ENTRIES

    async def look(self) -> None:
        """Does what waits. It does not raise for a ledger that fails: `unread` says why, and nothing is entered."""
        began_ns = self.clock.now_ns()
        try:
            if self.file is not None:
                await self._heard(await asyncio.to_thread(self.file.look, self.account, began_ns))
            if self.board is not None:
                await self._heard(self.board.look(self.account, began_ns))
            told = await self.waits()
            self._done &= {command.id for command in told}  # what is durable waits no longer, and never will again
            for command in told:
                if command.verb == ACKNOWLEDGE and command.id not in self._done:
                    self.acknowledges()
                await self.does(command, self._stays())
                self.reload = self.reload or (command.verb == RELOAD and bool(self._of(command)))
        except LedgerUnusable as e:
            self.unread = e
            return
        self.unread, self._looked_ns = None, began_ns

    async def obey(self, command: Command, still: Mapping[str, Halt]) -> None:
        """Each of its desks does what was told, unless it did before. Errors: `LedgerUnusable`."""
        desks = self._of(command)
        for desk in desks:
            if command.id in self._done:
                await desk.journal.durable()  # it was done, and the ledger could not be written then
                continue
            if desk is desks[-1]:
                desk.journal.took(command.id, desk.driver.clock.now_ns())
                self._done.add(command.id)
            await _do(command, desk, still)

    async def _heard(self, command: Command | None) -> None:
        if command is not None:
            await self.does(command, self._stays())

    def _of(self, command: Command) -> list[Desk]:
        return [desk for desk in self.desks if command.strategy in (None, desk.strategy.terms.strategy)]

    def _stays(self) -> Mapping[str, Halt]:
        places = [place for place in (self.file, self.board) if place is not None]
        return {**self.still(), **{reason: halt for place in places for reason, halt in place.still().items()}}

    async def _waiting(self) -> Sequence[Command]:
        return await asyncio.to_thread(waiting, self.ledger, self.account)


async def _do(command: Command, desk: Desk, still: Mapping[str, Halt]) -> None:
    now_ns = desk.driver.clock.now_ns()
    if command.verb in (ACKNOWLEDGE, RELOAD):
        await desk.journal.durable()
        return
    if command.verb == RESUME:
        await desk.resume(command.reason, command.author, now_ns, still)
        return
    if command.verb == APPROVE and command.strength is not None:
        pair, _, side = command.strength.partition(" ")
        # A clock of another machine that is ahead of ours makes nothing valid for longer.
        await desk.approve(pair, Approval(side or None, min(command.at_ns, now_ns), command.author))
        return
    strength, reason = _stopped(command)
    await desk.stop(strength, reason, command.author, now_ns)


def _stopped(command: Command) -> tuple[Halt, str]:
    """Edge: what this karb does not understand stops entries: it was told by somebody who wanted something."""
    try:
        if command.verb == FLATTEN:
            return Halt.FLATTEN, command.reason
        if command.verb == HALT and command.strength is not None:
            return max(Halt.read(command.strength), Halt.NO_ENTRIES), command.reason
    except ValueError:
        pass
    return Halt.NO_ENTRIES, f"not understood: {command.verb} {command.strength or ''}: {command.reason}"
