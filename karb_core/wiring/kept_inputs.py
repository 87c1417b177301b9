"""Keeps what a house takes in without ever waiting for the disk: lines wait in memory and are written beside."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from karb_core.domain.orders import Fill
from karb_core.errors import LedgerUnusable
from karb_core.ports import Income, Moment, Standing
from karb_core.ports.recorder import Free
from karb_core.texts.text import Said, Text, Words
from karb_core.wiring.input_line import HouseRun, StepLines
from karb_core.wiring.inputs import Step
from karb_core.wiring.journal_line import fill_line, income_line, moment_line
from karb_core.wiring.recorder import SegmentedRecorder

_MOST = 200_000  # karb: constant because it bounds memory, and no order waits for it


class KeptInputs:
    """`ports.Recorder` whose methods only remember; `write` is called again and again, beside everything else.

    A disk that takes nothing changes no decision: `say` tells the owner once, lines wait, and when too many do,
    nothing more of this run is kept, for a recording with a hole cannot be replayed beyond it.
    """

    def __init__(self, say: Callable[[Said], None]) -> None:
        self._say = say
        self._steps = StepLines()
        self._waiting: deque[str] = deque()
        self._file: SegmentedRecorder | None = None
        self._one = Lock()
        self._told = False
        self._full = False

    def opens(self, folder: Path) -> KeptInputs:
        """Where. Errors: LedgerUnusable for a folder that cannot be made: nothing runs yet."""
        self._file = SegmentedRecorder(folder)
        return self

    def run(self, run: HouseRun) -> None:
        self._keep(run.line())

    def step(self, step: Step) -> None:
        """Edge: what has no one writing is not kept, and nothing after it: an answer of somebody else's executor."""
        if self._full:
            return
        try:
            self._keep(self._steps.line(step))
        except (TypeError, ValueError) as e:
            self._full = True
            self._tell(Words(f"{type(e).__name__}: {e}"))

    def moment(self, moment: Moment, standing: Standing, free: Free | None) -> None:
        self._keep(moment_line("moment", moment, standing, free))

    def forced(self, moment: Moment, standing: Standing, free: Free) -> None:
        self._keep(moment_line("forced", moment, standing, free))

    def income(self, income: Income) -> None:
        self._keep(income_line(income))

    def fill(self, fill: Fill) -> None:
        self._keep(fill_line(fill))

    async def write(self) -> None:
        """What waits is on the disk when it returns, or the owner was told why not."""
        if self._waiting:
            self._tell(await asyncio.to_thread(self._written))

    def flush(self) -> None:
        """As `write`, in this thread. It does not raise."""
        self._tell(self._written())

    def _written(self) -> Said | None:
        """Why not, where it was not."""
        assert self._file is not None
        with self._one:
            try:
                while self._waiting:
                    self._file.line(self._waiting[0])
                    self._waiting.popleft()
                self._file.flush()
            except LedgerUnusable as e:
                return e.said
            except Exception as e:  # noqa: BLE001 - whatever broke, a recording decides nothing
                return Words(f"{type(e).__name__}: {e}")
        return None

    def _keep(self, line: str) -> None:
        self._full = self._full or len(self._waiting) >= _MOST
        if not self._full:
            self._waiting.append(line)

    def _tell(self, why: Said | None) -> None:
        if why is not None and not self._told:
            self._say(Text("run.unrecorded", {"why": why}))
        self._told = why is not None
