"""How a house that trades ends: a first signal lets it finish what it began, a second ends it where it stands."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from karb_core.domain.halt import Halt
from karb_core.domain.lots import Lot
from karb_core.engine.desk import Desk
from karb_core.errors import EndedOpen, LedgerUnusable
from karb_core.ports import Clock
from karb_core.rules.shown import shown
from karb_core.texts.text import Said, Text
from karb_core.wiring.signals import heard

INTERRUPTED = 130  # karb: constant because shells name an interrupted program so
_LOOK_NS = 50_000_000  # karb: constant because it says how often an end is looked for, never what is done


def _never() -> bool:
    return False


@dataclass(slots=True)
class Stopping:
    """`say` tells the owner; `handed_over`: whether another process has the account by now, so that it is watched.

    Whoever hands moments to desks asks `asked` first, and goes on giving them the market: what is under way needs it.
    A stop is no halt: nothing of it is written, and the next start trades.
    """

    desks: Sequence[Desk]
    clock: Clock
    say: Callable[[Said], None]
    handed_over: Callable[[], bool] = _never
    _unwritten: LedgerUnusable | None = field(init=False, default=None)
    _first: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    @property
    def asked(self) -> bool:
        return self._first.is_set()

    async def run(self, work: Coroutine[Any, Any, None]) -> int:
        """Until the work ends or a signal asks for it; the exit code.

        Errors: those of the work, and of the ledger, after what stays open was said.
        """
        task = asyncio.ensure_future(work)
        first = asyncio.ensure_future(self._first.wait())
        with heard(self._heard):
            try:
                await asyncio.wait({task, first}, return_when=asyncio.FIRST_COMPLETED)
                await self._settled()
            finally:
                for each in (task, first):
                    each.cancel()
                await asyncio.gather(task, first, return_exceptions=True)
        code = self._told(INTERRUPTED if self.asked else 0)
        error = self._unwritten if task.cancelled() else task.exception() or self._unwritten
        if error is not None:
            raise error
        return code

    async def _settled(self) -> None:
        """It ends by itself: each ladder is finite, and so is the time for asking about an order."""
        while any(desk.at_work for desk in self.desks):
            await self.clock.sleep_until(self.clock.now_ns() + _LOOK_NS)
        for desk in self.desks:
            try:
                await desk.journal.durable()
            except LedgerUnusable as e:
                self._unwritten = e

    def _heard(self) -> None:
        if self.asked:
            self._end_at_once()
        self.say(Text("stop.first"))
        for desk in self.desks:
            _enters_nothing(desk)
        self._first.set()

    def _end_at_once(self) -> None:
        """As a kill would: no thread is waited for, and nothing that is under way is touched."""
        self.say(Text("stop.second"))
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(EndedOpen.exit_code if self._open() or any(d.at_work for d in self.desks) else INTERRUPTED)

    def _open(self) -> bool:
        return any(desk.books.open_lots() or desk.still for desk in self.desks)

    def _told(self, ended: int) -> int:
        """The exit code, after saying what stays open."""
        for desk in self.desks:
            for lot in desk.books.open_lots():
                self.say(_stays(lot))
            for reason in desk.still:
                self.say(Text("stop.still", {"reason": reason}))
        if self.handed_over():
            self.say(Text("stop.handed_over"))
        elif self._open():
            return EndedOpen.exit_code
        else:
            self.say(Text("stop.flat"))
        return ended


def _enters_nothing(desk: Desk) -> None:
    before = desk.halts.elsewhere
    desk.halts.elsewhere = lambda: max(before(), Halt.NO_ENTRIES)


def _stays(lot: Lot) -> Text:
    legs = ", ".join(f"{leg.instrument.text()} {shown(leg.open.text())[0]}" for leg in lot.legs)
    args = {"pair": lot.pair, "tier": lot.tier or "·", "side": lot.side, "lot": lot.id, "legs": legs}
    return Text("stop.open", args)
