"""Whether a house that trades for long goes on needing what it needed at first: memory, open files, threads.

    python bench/soak.py --events 20000000     20 pairs, 2,000 events a second of virtual time
    python bench/soak.py --week                20 pairs, one event a second each, a week, 500 entries and more

The real house, desk and ledger (SQLite, synchronous FULL) over simulated venues in a made-up market. Weighed after the
first tenth and at the end. Exits 1 if memory grew by more than 5 %, or files or threads are not as many as before; then
it goes on for another tenth and tells which lines of code keep what they took. What was measured stands in
soak.csv.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.soak_house import Rounds, Soaked, furnish, run
from bench.soak_market import OPENS_NS, SECOND, Market, Teller

MOST_GROWTH = 0.05
LEAST_ENTRIES = 500
PAIRS = 20
_MINUTE, _WEEK_S = 60 * SECOND, 7 * 24 * 3600
_FILES = Path("/proc/self/fd")


@dataclass(frozen=True, slots=True)
class Soak:
    """`teller`: what comes how often; `seconds` of virtual time; `entries`: how many it must make at least."""

    teller: Teller
    seconds: int
    rounds: Rounds
    entries: int

    @property
    def events(self) -> int:
        return self.seconds * SECOND // self.teller.step_ns * self.teller.at_once


def of_events(events: int) -> Soak:
    """2,000 a second, one of a hundred a mark and one of seven a book; bars of a minute."""
    market = Market(PAIRS, _MINUTE, wave=40)
    return Soak(Teller(market, SECOND // 200, 10, 100, 7), events // 2000, Rounds(), 1)


def of_a_week(seconds: int = _WEEK_S) -> Soak:
    """One a second for each pair, bars of five minutes. Nobody is asked as often as a live house asks: it takes hours."""
    market = Market(PAIRS, 5 * _MINUTE, wave=60)
    return Soak(Teller(market, SECOND, PAIRS, PAIRS, 7), seconds, Rounds(look=5, obey=10, beat=60), LEAST_ENTRIES)


@dataclass(frozen=True, slots=True)
class Weight:
    """What the process has. Unit: memory in bytes; None where this system does not tell."""

    memory: int | None
    files: int | None
    threads: int

    @classmethod
    def now(cls) -> Weight:
        gc.collect()
        files = len(list(_FILES.iterdir())) if _FILES.exists() else None
        return cls(_resident(), files, threading.active_count())

    def text(self) -> str:
        memory = "memory: cannot tell here" if self.memory is None else f"{self.memory / 2**20:8.1f} MiB"
        files = "open files: cannot tell here" if self.files is None else f"{self.files} open files"
        return f"{memory}   {files}   {self.threads} threads"


def _resident() -> int | None:
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024
    try:
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return int(told.stdout) * 1024


class Going:
    """A soak under way."""

    def __init__(self, soak: Soak, soaked: Soaked) -> None:
        self.soak, self.soaked = soak, soaked
        self.events, self.wall_s, self.cpu_s, self._step = 0, 0.0, 0.0, 0
        soaked.house.begin()

    async def on(self, seconds: int) -> None:
        """For so long in virtual time."""
        teller, house = self.soak.teller, self.soaked.house
        until_ns = OPENS_NS + self._step * teller.step_ns + seconds * SECOND
        began, worked = time.perf_counter(), time.process_time()
        while (at_ns := OPENS_NS + (self._step + 1) * teller.step_ns) <= until_ns:
            await _pass_time(at_ns)
            if not (at_ns - OPENS_NS) % SECOND:
                for seat in ("premium", "money"):
                    house.rate(seat, teller.rate(at_ns))
            for event in teller.at(at_ns):
                house.take(event)
            self.events += teller.at_once
            self._step += 1
        self.wall_s += time.perf_counter() - began
        self.cpu_s += time.process_time() - worked


def counted(soaked: Soaked) -> Mapping[str, int]:
    """How many there are of what could become more and more."""
    trading, books = soaked.seated.trading, soaked.venues.books.values()
    desk = trading.desk
    return {
        "tasks": len(asyncio.all_tasks()),
        "intents": len(desk.driver.sent) + len(desk.driver.lapsed) + len(desk.driver.void),
        "under way": len(desk.carrier.reserved) + len(desk.carrier.working) + len(desk.carrier.stuck),
        "fills known": len(desk.books.seen),
        "lots": len(desk.books.lots) + len(desk.books.left) + len(desk.books.closed) + len(desk.books.reminded),
        "fired": sum(len(fired) for fired in desk.books.fired.values()),
        "executions": len(desk.books.executions),
        "halts": len(desk.halts.latched),
        "told": sum(len(topics) for topics in trading.telling._refused.values()),
        "rows not durable": soaked.seated.trading.desk.journal.waiting,
        "at the venues": sum(len(book.fills_since(0)) + len(book.income_since(0)) for book in books),
    }


async def _pass_time(until_ns: int) -> None:
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()
    loop.call_at_ns(until_ns, over.set_result, None)  # type: ignore[attr-defined]
    await over


async def measured(soak: Soak, folder: Path) -> bool:
    """Whether all bars are met."""
    going = Going(soak, furnish(soak.teller, folder, soak.rounds))
    tenth = soak.seconds // 10
    try:
        await going.on(tenth)
        first = Weight.now()
        print(f"after {going.events:>12,} events: {first.text()}", flush=True)
        await going.on(soak.seconds - tenth)
        last, carries = Weight.now(), going.soaked.carries
        print(f"after {going.events:>12,} events: {last.text()}")
        print(
            f"{going.events / going.wall_s:,.0f} events/s of wall time, {going.wall_s:,.0f} s; "
            f"{going.events / going.cpu_s:,.0f} of the process's own, {going.cpu_s:,.0f} s; {soak.seconds:,} s of "
            f"virtual time; {carries.entries} entries, {carries.exits} exits, {carries.refusals} refusals"
        )
        missed = list(_missed(first, last, carries.entries, soak))
        print(*(f"missed: {one}" for one in missed), "missed" if missed else "ok", sep="\n", flush=True)
        if missed:
            await _what_grows(going, tenth)
    finally:
        await going.soaked.end()
    return not missed


def _missed(first: Weight, last: Weight, entries: int, soak: Soak) -> list[str]:
    missed = []
    if first.memory is not None and last.memory is not None:
        grew = last.memory / first.memory - 1
        print(f"memory grew by {grew:+.1%} since the first tenth; bar {MOST_GROWTH:.0%}")
        missed += [f"memory grew by {grew:.1%}"] if grew > MOST_GROWTH else []
    missed += [f"{first.files} open files became {last.files}"] if first.files != last.files else []
    missed += [f"{first.threads} threads became {last.threads}"] if first.threads != last.threads else []
    missed += [f"{entries} entries, {soak.entries} wanted"] if entries < soak.entries else []
    return missed


async def _what_grows(going: Going, seconds: int) -> None:
    tracemalloc.start()
    before = tracemalloc.take_snapshot()
    await going.on(seconds)
    gc.collect()
    grown = tracemalloc.take_snapshot().compare_to(before, "lineno")
    print(f"what another {seconds:,} s took and kept:", *(str(line) for line in grown[:25]), sep="\n")


def main() -> int:
    options = argparse.ArgumentParser(description="A house that trades for long needs no more than at first.")
    options.add_argument("--events", type=int, default=20_000_000)
    options.add_argument("--week", action="store_true")
    options.add_argument("--seconds", type=int, default=_WEEK_S, help="of virtual time, in place of the week")
    given = options.parse_args()
    soak = of_a_week(given.seconds) if given.week else of_events(given.events)
    with tempfile.TemporaryDirectory() as folder:
        return int(not run(measured(soak, Path(folder))))


if __name__ == "__main__":
    sys.exit(main())
