"""A desk as a process of its own, told what happens by lines: `moment` is judged, an answer is what the venue says.

It prints `ready` once it listens, `placed` for each order that is waiting for its answer, and what it says to the owner.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from typing import Any

from karb_core.domain.orders import Outcome
from karb_core.ledger.ledger import open_ledger
from karb_core.texts.text import Said, render
from karb_core.wiring.stopping import Stopping
from tests.engine.scene import NOW, moment, view
from tests.wiring.steered import started


class Wall:
    def now_ns(self) -> int:
        return time.time_ns()

    async def sleep_until(self, at_ns: int | None) -> None:
        assert at_ns is not None
        await asyncio.sleep(max(0.0, (at_ns - time.time_ns()) / 1e9))


class Unhandled(asyncio.SelectorEventLoop):
    """A loop that takes no handlers for signals, as those of Windows."""

    def add_signal_handler(self, sig: int, callback: Any, *args: Any) -> None:
        raise NotImplementedError

    def remove_signal_handler(self, sig: int) -> bool:
        raise NotImplementedError


class Waits:
    """A venue that answers when it is told to."""

    def __init__(self, venue: Any, go: asyncio.Event) -> None:
        self._venue, self._go = venue, go

    async def place(self, order: Any) -> Outcome:
        told("placed")
        await self._go.wait()
        outcome: Outcome = await self._venue.place(order)
        return outcome

    def __getattr__(self, name: str) -> Any:
        return getattr(self._venue, name)


def told(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say(said: Said) -> None:
    told(render(said))


def _lines(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str]) -> None:
    for line in sys.stdin:
        loop.call_soon_threadsafe(lines.put_nowait, line.strip())


async def life(path: str, handed_over: bool) -> int:
    ledger, lines, go = open_ledger(path), asyncio.Queue[str](), asyncio.Event()
    steered = started(ledger, started_ns=time.time_ns())
    desk = steered.desk
    scripted: Any = desk.driver.executors["korbit"]
    waits: Any = Waits(scripted, go)
    desk.driver.executors = {"korbit": waits, "dydx": waits}
    await steered.obeying.look()
    threading.Thread(target=_lines, args=(asyncio.get_running_loop(), lines), daemon=True).start()
    stopping = Stopping([desk], Wall(), say, lambda: handed_over)
    code = await stopping.run(_work(steered, stopping, lines, go, scripted))
    ledger.close()
    return code


async def _work(steered: Any, stopping: Stopping, lines: Any, go: asyncio.Event, venue: Any) -> None:
    tasks, at_ns = set(), NOW
    told("ready")
    while (line := await lines.get()) != "over":
        if line == "moment" and not stopping.asked:
            at_ns += 1
            tasks.add(asyncio.ensure_future(steered.desk.take(moment(at_ns), view(moment(at_ns)))))
        elif line == "moment":
            told("not judged")
        else:
            venue.script[:] = line.split()
            go.set()
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    factory = Unhandled if "unhandled" in sys.argv else None
    with asyncio.Runner(loop_factory=factory) as runner:
        sys.exit(runner.run(life(sys.argv[1], "handed" in sys.argv)))
