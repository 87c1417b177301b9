"""What telling costs a desk: how long `durable` takes beside an outbox that works off a storm of notices, and without one.

    python bench/telling_delay.py [ROWS]

Prints medians, 99th percentiles and the worst, in milliseconds. An outbox makes no mark while the desk is at work, so what
is measured is the worst that may come before an order: a mark that had just begun. Times of wall: only an idle machine's
figures are worth keeping.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from karb_core.domain.decisions import SeenValue
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.outbox import Outbox
from karb_core.ledger.runs import Run
from karb_core.ports import Notice, NoticeKind
from karb_core.wiring.outbox_beside import OutboxBeside
from karb_core.wiring.telling_on import TellingOn
from karb_core.wiring.wall_clock import WallClock

_ROWS = 300


class Channel:
    """Takes everything at once."""

    async def notify(self, notice: Notice) -> None:
        await asyncio.sleep(0)


def notice(number: int, facts: dict[str, SeenValue]) -> Notice:
    return Notice(NoticeKind.HALT, number, "BTC", "paper", facts)


async def measured(ledger: Ledger, rows: int, *, storm: bool, yields: bool) -> list[float]:
    run = Run.started(
        strategy="bench", account=f"{storm}{yields}", mode="paper", rules_digest="x", assumptions_digest="y",
        started_at_ns=time.time_ns(),
    )  # fmt: skip
    journal, at_work = ledger.begin(run, 1), [False]
    journal.channels = lambda _: ["a", "b", "c"] if storm else []
    kept = OutboxBeside(Outbox(ledger, run.account, run.strategy), lambda: yields and at_work[0])
    telling = TellingOn({name: Channel() for name in "abc"}, kept, WallClock(), print)
    running = asyncio.ensure_future(telling.run())
    took = []
    for number in range(rows):
        for _ in range(3 if storm else 0):
            telling.put(journal.notice(notice(number, {"reason": "news"})))
        journal.halt("no-entries", "news", "bench", number)
        at_work[0] = True
        began = time.perf_counter()
        await journal.durable()
        took.append((time.perf_counter() - began) * 1000)
        at_work[0] = False
        await asyncio.sleep(0.002)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await telling.close()
    journal.end("done", 2)
    return sorted(took)


def main(rows: int) -> int:
    for name, storm, yields in (
        ("nothing told", False, False),
        ("told, not yielding", True, False),
        ("told", True, True),
    ):
        with tempfile.TemporaryDirectory() as folder:
            ledger = open_ledger(Path(folder) / "karb.ledger")
            took = asyncio.run(measured(ledger, rows, storm=storm, yields=yields))
            ledger.close()
        median, late = took[len(took) // 2], took[len(took) * 99 // 100]
        print(f"{name:20} median {median:6.2f} ms  99 % {late:6.2f} ms  worst {took[-1]:6.2f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else _ROWS))
