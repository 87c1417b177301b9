"""Points carried out by the cores of this machine."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from threading import current_thread, main_thread
from typing import Any, TypeVar

from karb_core.errors import KarbError
from karb_core.ports.points import Changes, PointResult
from karb_core.texts.text import Text
from karb_core.wiring.point_carrier import PointCarrier

_AT_A_TIME_S = 0.4  # karb: constant because it says how long a process works before it tells of it
_MOST = 64  # karb: constant because it bounds how many points a process is handed at a time
_LEAST_EACH = 2  # karb: constant because a process of its own for less is not worth its start
_AHEAD = 2  # karb: constant because it says how many tasks wait for each process

T = TypeVar("T")
Told = Callable[[PointResult], T]
#: How long a part took in seconds, and what came of it.
_Done = tuple[float, list[tuple[int, Any]]]


def over_cores(
    cores: int | None, carrier: PointCarrier, points: Sequence[Changes], told: Told[T]
) -> Iterator[tuple[int, T]]:
    """`cores`: processes, as many as this one may run on where None. This one is the first of them.

    Each other process is started anew, on every system: one that was forked off would have the data for nothing, but also the
    locks of threads that it does not have (Polars keeps a pool of them). Each is given the loaded data once.
    Errors: KarbError where the system ended one of them.
    """
    wanted = min(_usable() if cores is None else cores, -(-len(points) // _LEAST_EACH))
    if wanted <= 1:
        for at, changes in enumerate(points):
            yield at, told(carrier.result(changes))
        return
    others = wanted - 1
    pool = ProcessPoolExecutor(others, get_context("spawn"), _begin, (carrier, told))
    try:
        yield from _handed_out(pool, others * _AHEAD, list(enumerate(points)), carrier, told)
    except BrokenProcessPool as e:
        raise KarbError(Text("points.killed"), Text("points.killed.help")) from e
    finally:
        pool.shutdown(cancel_futures=True)


def _handed_out(
    pool: ProcessPoolExecutor, at_once: int, points: list[tuple[int, Changes]], carrier: PointCarrier, told: Told[Any]
) -> Iterator[tuple[int, Any]]:
    """Neighbours stay together, as many as are done in a while: they have the most in common. The pool begins with the
    first, this process with the last, and works while the others start."""
    waiting: set[Future[_Done]] = set()
    parts = _Parts(points)
    while waiting or parts.left:
        with _interrupts_put_off():
            while parts.left and len(waiting) < at_once:
                waiting.add(pool.submit(_carried, parts.next()))
        here = [_carry(parts.last(), carrier, told)] if parts.left else []
        done, waiting = wait(waiting, None if not here else 0, FIRST_COMPLETED)
        for spent_s, came in (*here, *(future.result() for future in done)):
            parts.heard(len(came), spent_s)
            yield from came


@dataclass(slots=True)
class _Parts:
    """What is still to be handed out, in parts by the pace of the last one."""

    points: list[tuple[int, Changes]]
    _first: int = 0  # karb: constant because nothing was handed out yet
    _each: int = 1  # karb: constant because nothing is known of the pace yet

    @property
    def left(self) -> bool:
        return self._first < len(self.points)

    def next(self) -> list[tuple[int, Changes]]:
        part = self.points[self._first : self._first + self._each]
        self._first += len(part)
        return part

    def last(self) -> list[tuple[int, Changes]]:
        """From the other end."""
        part = self.points[self._first :][-self._each :]
        del self.points[len(self.points) - len(part) :]
        return part

    def heard(self, count: int, spent_s: float) -> None:
        """Grows to twice of itself at the most: one slow point says little of the others."""
        fitting = int(count * _AT_A_TIME_S / spent_s) if spent_s else _MOST
        self._each = max(1, min(fitting, 2 * self._each, _MOST))


@contextmanager
def _interrupts_put_off() -> Iterator[None]:
    """One that comes meanwhile is heard at the end; a process that is started meanwhile hears none, from its first moment on
    (Windows' hear it until `_begin`). Elsewhere than in the main thread nothing is heard anyway."""
    if current_thread() is not main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    if sys.platform != "win32":
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def _usable() -> int:
    usable = getattr(os, "sched_getaffinity", None)
    # karb: constant because a machine that does not tell has one core at least
    return len(usable(0)) if usable is not None else os.cpu_count() or 1


_held: list[tuple[PointCarrier, Told[Any]]] = []


def _begin(carrier: PointCarrier, told: Told[Any]) -> None:
    """In a process of its own, which ends when the one that started it says so: an interrupt is that one's to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(50_000)  # karb: constant because it is a pace of Python's, as the command line sets it
    _held[:] = [(carrier, told)]


def _carried(points: list[tuple[int, Changes]]) -> _Done:
    return _carry(points, *_held[0])


def _carry(points: list[tuple[int, Changes]], carrier: PointCarrier, told: Told[Any]) -> _Done:
    began_s = time.perf_counter()
    done = [(at, told(carrier.result(changes))) for at, changes in points]
    return time.perf_counter() - began_s, done
