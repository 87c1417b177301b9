"""Opens every strategy of one process, lets them trade beside each other, and ends them together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from karb_core.errors import LedgerUnusable
from karb_core.ports import Clock
from karb_core.texts.text import Text
from karb_core.wiring.desked import Desked
from karb_core.wiring.listening import listening
from karb_core.wiring.running import Running, Say
from karb_core.wiring.steering import Steering
from karb_core.wiring.stopping import Stopping

_DONE, _FAILED = "done", "failed"
_HOW = {"paper": "run.how.paper", "live": "run.how.live"}
_HOW_AT_LAB = {"paper": "run.how.paper_lab", "live": "run.how.live_lab"}


class Beside(Protocol):
    """begin: once every strategy is open, before any of them trades. run: until it is cancelled."""

    async def begin(self, opened: Sequence[Running]) -> None: ...
    async def run(self) -> None: ...


async def trade(runnings: Sequence[Running], clock: Clock, say: Say, *beside: Beside) -> int:
    """Until a signal ends it; the exit code. `beside`: what the strategies share, and who shows them.

    What one of them cannot open ends all: an owner who names two files means both. Errors: those of `Running.open` and
    `Running.live`, and `LedgerUnusable` where the end could not be written.
    """
    opened: list[Running] = []
    how = _FAILED
    try:
        for running in runnings:
            await running.open()
            opened.append(running)
            mode = Text(_HOW_AT_LAB[running.mode] if running.at_lab else _HOW[running.mode])
            args = {"name": running.rulebook.file.name, "how": mode, "account": running.account}
            say(Text("run.trades", args))
        for each in beside:
            await each.begin(opened)
        code = await _until_told(opened, clock, say, beside)
        how = _DONE
    finally:
        unwritten = [e for e in (_closed(running, how) for running in opened) if e is not None]
    if unwritten:
        raise unwritten[0]
    return code


async def _until_told(opened: Sequence[Running], clock: Clock, say: Say, beside: Sequence[Beside]) -> int:
    desks = [running.seated.trading.desk for running in opened]
    stopping = Stopping(desks, clock, say, lambda: all(running.holding.lost for running in opened))
    for i, running in enumerate(opened):
        running.judging = lambda: not stopping.asked
        running.reseated = partial(desks.__setitem__, i)
    return await stopping.run(_live(opened, clock, say, beside))


async def _heard(opened: Sequence[Running], clock: Clock, say: Say) -> None:
    """The owner, by every channel that listens: one way for all strategies of the house."""
    desks = [Desked(each.rulebook, each.account, each.house.latest, each.channels, each.acknowledge) for each in opened]
    steering = Steering(opened[0].ledger, desks, clock)
    try:
        await listening([channel for desk in desks for channel in desk.channels], steering, say)
        await asyncio.Event().wait()
    finally:
        steering.close()


async def _live(opened: Sequence[Running], clock: Clock, say: Say, beside: Sequence[Beside]) -> None:
    """Edge: where one ends with an error, all do, each of them whole."""
    shared = [*(each.run() for each in beside), _heard(opened, clock, say)]
    living = [asyncio.ensure_future(each) for each in (*(running.live() for running in opened), *shared)]
    try:
        await asyncio.gather(*living)
    finally:
        for each in living:
            each.cancel()
        await asyncio.gather(*living, return_exceptions=True)


def _closed(running: Running, how: str) -> LedgerUnusable | None:
    """A ledger that cannot be written keeps none of the others from ending."""
    try:
        running.close(how)
    except LedgerUnusable as e:
        return e
    return None
