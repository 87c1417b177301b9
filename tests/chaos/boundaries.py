"""The places at which a process may be cut off: before and after each commit, and around each order that leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from karb_core.domain.approved import Approved
from karb_core.domain.orders import Order, Outcome
from karb_core.ledger.journal import LedgerJournal
from karb_core.ports import Executor


class Killed(BaseException):
    """The process is gone: nothing catches it, nothing is tidied up."""


class Boundaries:
    """Counts the boundaries that are passed while something is carried out; at the `kill_at`-th the process is gone.
    0 never kills. `idle`: what is written now waits for nothing."""

    def __init__(self, kill_at: int = 0) -> None:
        self.kill_at = kill_at
        self.passed: list[str] = []
        self.idle = False

    def at(self, where: str) -> None:
        if self.idle:
            return
        self.passed.append(where)
        if len(self.passed) == self.kill_at:
            raise Killed(where)


class CutJournal:
    """A ledger's journal whose commits are boundaries; `tell` hears of everything written, `storage` raises while
    the disk is full or the database is gone."""

    def __init__(
        self, journal: LedgerJournal, boundaries: Boundaries, tell: Callable[[str, Any], None],
        storage: Callable[[], None],
    ) -> None:  # fmt: skip
        self._journal, self._boundaries, self._tell, self._storage = journal, boundaries, tell, storage

    async def durable(self) -> None:
        self._boundaries.at("before commit")
        self._storage()
        await self._journal.durable()
        self._boundaries.at("after commit")

    def __getattr__(self, name: str) -> Any:
        write = getattr(self._journal, name)

        def told(*what: Any) -> Any:
            self._tell(name, what)
            return write(*what)

        return told


class CutExecutor:
    """An executor whose orders pass a boundary on the way out and one on the way back."""

    def __init__(self, executor: Executor, boundaries: Boundaries) -> None:
        self._executor, self._boundaries = executor, boundaries

    async def place(self, order: Approved[Order]) -> Outcome:
        self._boundaries.at("before send")
        outcome = await self._executor.place(order)
        self._boundaries.at("after answer")
        return outcome

    def __getattr__(self, name: str) -> Any:
        return getattr(self._executor, name)
