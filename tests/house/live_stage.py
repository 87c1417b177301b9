"""A house at real accounts, in this process and in virtual time; the truth of the accounts is the test's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from karb_core.cli.live_run import furnished_live
from karb_core.cli.to_run import ToRun
from karb_core.ledger.ledger import Ledger
from karb_core.rulebook.code_digest import code_digests
from karb_core.rulebook.lock import lock_of, lock_path, write_lock
from karb_core.wiring.running import Running
from karb_core.wiring.virtual_clock import VirtualClock
from tests.house.real import TRUTHS, Truth, told_by_market, truth
from tests.house.stage import LIVE, Alive, Place
from tests.wiring.tiny import Edit

#: The key of the one account at each venue, as the environment has it.
KEY = "access:hidden-0001"
FUNDS: Edit = (
    "\nbalances:\n",
    "\nfunds:\n  upbit:\n    - 20,000,000 KRW\n  binance_usdm:\n    - 15,000 USDT\nbalances:\n",
)
ACCOUNT = "live:binance_usdm/binance+upbit/upbit"


@dataclass(slots=True)
class Housed:
    """A house while it lives: its strategies, and what the venues know."""

    alive: list[Alive]
    truth: Truth

    @property
    def first(self) -> Alive:
        return self.alive[0]

    async def passed(self, seconds: float) -> None:
        await self.first.passed(seconds)

    def fills(self) -> int:
        return sum(len(list(book.fills_since(0))) for book in self.truth.venues.books.values())

    def need_flat(self) -> None:
        """No position at the venues, and every desk knows it."""
        assert all(not book.positions() for book in self.truth.venues.books.values())
        assert all(not each.desk.books.open_lots() for each in self.alive)


@asynccontextmanager
async def at_venues(place: Place) -> AsyncIterator[Truth]:
    """Accounts that nobody traded at yet, for as many houses as come."""
    clock = VirtualClock()
    TRUTHS[KEY] = known = truth(clock)
    told = asyncio.ensure_future(told_by_market(place.folder / "market.txt", known, clock))
    try:
        yield known
    finally:
        del TRUTHS[KEY]
        told.cancel()
        await asyncio.gather(told, return_exceptions=True)


@asynccontextmanager
async def housed(
    place: Place,
    known: Truth,
    *files: Sequence[Edit],
    ledger: Ledger | None = None,
    marks: Sequence[str] = (),
    killed: bool = False,
    locked: bool = True,
) -> AsyncIterator[Housed]:
    """`files`: each as it differs from the walker's, at real accounts; one as it is where none is given. `locked`: as its
    owner would, before the start.
    """
    clock = VirtualClock()
    wanted = [to_run(place, edits, locked=locked) for edits in files or ((),)]
    kept = place.ledger if ledger is None else ledger
    accounts, runnings = furnished_live(place.say, wanted, kept, clock, marks)
    opened: list[Running] = []
    tasks: list[asyncio.Future[None]] = []
    try:
        for each in runnings:
            await each.open()
            opened.append(each)
        await accounts.begin(opened)
        tasks += [asyncio.ensure_future(each.live()) for each in opened]
        yield Housed([Alive(made, task, clock) for made, task in zip(opened, tasks, strict=True)], known)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if not killed:
            for each in opened:
                each.close("done")
        await accounts.close()


def to_run(place: Place, edits: Sequence[Edit], *, locked: bool) -> ToRun:
    """A file of its own beside the others."""
    rulebook = place.rulebook(*LIVE, *edits)
    path = place.folder / f"{rulebook.file.name}.yaml"
    path.write_text(rulebook.source.text, "utf-8")
    if locked:
        code = code_digests(seat.offer for seat in rulebook.all_seats())
        write_lock(lock_path(str(path)), lock_of(rulebook, code, None, "2025-01-06T00:00:00Z", "tried"))
    return ToRun(str(path), rulebook)
