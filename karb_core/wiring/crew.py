"""Other processes that carry points out. They may be begun before this one has read its data: they import and read meanwhile."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from threading import current_thread, main_thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from karb_core.history.dataset import Dataset
    from karb_core.history.span import Span
    from karb_core.rulebook.reader import Document


@dataclass(slots=True)
class Crew:
    """Of one file over one stretch of a dataset, which each of them reads for itself.

    Each is started anew, on every system: one that was forked off would have the data for nothing, but also the locks of
    threads that it does not have (Polars keeps a pool of them). They stay until they are ended, or nobody holds the crew.
    """

    document: Document
    dataset: Dataset
    span: Span
    _others: int = field(init=False, default=0)
    _pool: ProcessPoolExecutor | None = field(init=False, default=None)
    _early: list[BaseProcess] = field(init=False, default_factory=list)

    def begin(self, cores: int | None) -> None:
        """Starts the first of them before anything is asked; the others start when they are asked for."""
        others = (usable() if cores is None else cores) - 1
        if others < 1:
            return
        before = active_children()
        with interrupts_put_off():
            self.pool(others).submit(_here)
        self._early = [each for each in active_children() if each not in before]

    def pool(self, others: int) -> ProcessPoolExecutor:
        """So many of them at the most."""
        if self._pool is None or self._others != others:
            self.end()
            given = (self.document, self.dataset, self.span)
            self._pool = ProcessPoolExecutor(others, get_context("spawn"), _begin, given)
            self._others = others
        return self._pool

    def end(self) -> None:
        """What is still to be done is not; what was begun early and never asked is not waited for."""
        pool, self._pool = self._pool, None
        if pool is not None:
            for process in self._early:
                process.terminate()
            pool.shutdown(cancel_futures=True)
        self._early = []

    def is_asked(self) -> None:
        """From now on its processes are at work, and end after what they do."""
        self._early = []

    def dismiss(self) -> None:
        """Ends them where they were begun early and are not asked for."""
        if self._early:
            self.end()


def usable() -> int:
    """How many cores this process may run on."""
    told = getattr(os, "sched_getaffinity", None)
    # karb: constant because a machine that does not tell has one core at least
    return len(told(0)) if told is not None else os.cpu_count() or 1


@contextmanager
def interrupts_put_off() -> Iterator[None]:
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


def _begin(document: Document, dataset: Dataset, span: Span) -> None:
    """In a process of its own, which ends when the one that started it says so: an interrupt is that one's to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(1_000_000)  # karb: constant because it is a pace of Python's, as the command line sets it
    from karb_core.wiring.carrying import hold

    hold(document, dataset, span)


def _here() -> None:
    """Nothing: whoever is asked has begun."""
