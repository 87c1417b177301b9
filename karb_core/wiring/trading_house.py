"""Opens every strategy of one process, lets them trade beside each other, and ends them together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from karb_core.ports import Clock
from karb_core.texts.text import Text
from karb_core.wiring.running import Running, Say
from karb_core.wiring.stopping import Stopping

_DONE, _FAILED = "done", "failed"


async def trade(runnings: Sequence[Running], clock: Clock, say: Say) -> int:
    """Until a signal ends it; the exit code.

    What one of them cannot open ends all: an owner who names two files means both. Errors: those of `Running.open`.
    """
    opened: list[Running] = []
    how = _FAILED
    try:
        for running in runnings:
            await running.open()
            opened.append(running)
            say(
                Text(
                    "run.trades", {"name": running.rulebook.file.name, "mode": running.mode, "account": running.account}
                )
            )
        stopping = Stopping([running.seated.trading.desk for running in opened], clock, say)
        for running in opened:
            running.judging = lambda: not stopping.asked
        code = await stopping.run(_live(opened))
        how = _DONE
        return code
    finally:
        for running in opened:
            running.close(how)


async def _live(opened: Sequence[Running]) -> None:
    await asyncio.gather(*(running.live() for running in opened))
