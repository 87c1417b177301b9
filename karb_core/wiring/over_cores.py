"""Points carried out by the cores of this machine."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

from karb_core.ports.points import Changes, PointResult
from karb_core.wiring.point_carrier import PointCarrier

_EACH = 4  # karb: constant because it says how many points a process is handed at a time
_AHEAD = 2  # karb: constant because it says how many tasks wait for each process

T = TypeVar("T")
Told = Callable[[PointResult], T]


def over_cores(
    cores: int | None, carrier: PointCarrier, points: Sequence[Changes], told: Told[T]
) -> Iterator[tuple[int, T]]:
    """`cores`: processes, as many as this one may run on where None. One works here, without a process of its own.

    Each process is started anew, on every system: one that was forked off would have the data for nothing, but also the
    locks of threads that it does not have (Polars keeps a pool of them). Each is given the loaded data once.
    """
    wanted = min(_usable() if cores is None else cores, -(-len(points) // _EACH))
    if wanted <= 1:
        for at, changes in enumerate(points):
            yield at, told(carrier.result(changes))
        return
    pool = ProcessPoolExecutor(wanted, get_context("spawn"), _begin, (carrier, told))
    try:
        yield from _handed_out(pool, wanted * _AHEAD, list(enumerate(points)))
    finally:
        pool.shutdown(cancel_futures=True)


def _handed_out(
    pool: ProcessPoolExecutor, at_once: int, points: list[tuple[int, Changes]]
) -> Iterator[tuple[int, Any]]:
    waiting: set[Future[list[tuple[int, Any]]]] = set()
    parts = iter([points[first : first + _EACH] for first in range(0, len(points), _EACH)])
    waiting |= {pool.submit(_carried, part) for part in islice(parts, at_once)}
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        waiting |= {pool.submit(_carried, part) for part in islice(parts, len(done))}
        for future in done:
            yield from future.result()


def _usable() -> int:
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable is not None else os.cpu_count() or 1


_held: list[tuple[PointCarrier, Told[Any]]] = []


def _begin(carrier: PointCarrier, told: Told[Any]) -> None:
    """In a process of its own, which ends when the one that started it says so: an interrupt is that one's to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(50_000)  # karb: constant because it is a pace of Python's, as the command line sets it
    _held[:] = [(carrier, told)]


def _carried(points: list[tuple[int, Changes]]) -> list[tuple[int, Any]]:
    carrier, told = _held[0]
    return [(at, told(carrier.result(changes))) for at, changes in points]
