"""The journal of one run: rows in the order in which they are written, made durable together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, Table, bindparam

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Decision
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.ledger import (
    decisions,
    fill_shares,
    fills,
    halts,
    incomes,
    lots,
    notices,
    orders,
    outcomes,
    rulebooks,
    sendings,
    tellings,
)
from karb_core.ledger.booking import book
from karb_core.ledger.columns import Row
from karb_core.ledger.commands import COMMANDS
from karb_core.ledger.halts import Halted
from karb_core.ledger.ongoing import Ongoing, Refusal
from karb_core.ledger.runs import RUNS, Run
from karb_core.ports.journal import Booked
from karb_core.ports.notifier import Notice


@dataclass(slots=True)
class _Batch:
    """Rows by table, what became of refusals that are written already, by ordinal, and which commands were taken."""

    rows: dict[Table, list[Row]] = field(default_factory=dict)
    grown: dict[int, Row] = field(default_factory=dict)
    taken: list[Row] = field(default_factory=list)
    count: int = 0


class LedgerJournal:
    """`ports.Journal` over a ledger, for the thread that made it; made by `Ledger.begin`.

    Rows wait in memory, in order, until `durable` writes all of them in one transaction. If that fails it raises
    `LedgerUnusable` and they go on waiting: the next `durable` writes them together with what came since, and none
    twice, also where the answer to a commit was lost.
    """

    def __init__(
        self, writing: Callable[[], AbstractContextManager[Connection]], run: Run, *, batch_rows: int | None
    ) -> None:
        self.run = run
        #: By which channels a notice is to be told; nobody is told where nobody says so.
        self.channels: Callable[[Notice], Sequence[str]] = _by_none
        #: Told each row as it is written down, before it is durable; it may not raise, and returns at once.
        self.wrote: Callable[[str, Row], None] = _unheard
        self._writing = writing
        self._batch_rows = batch_rows
        self._by = {"run_id": run.id, "strategy": run.strategy, "account": run.account}
        self._ordinal = 0
        self._ongoing = Ongoing()
        self._waiting = _Batch()
        self._sealed: list[_Batch] = []
        # Counted where the desk runs and never by the writer's thread: whether the ledger is asked must follow from
        # what the desk took in alone.
        self._sealed_ever = 0  # karb: constant because nothing was sealed yet
        self._known_written = 0  # karb: constant because nothing was written yet
        self._writer = ThreadPoolExecutor(1, "ledger") if batch_rows is None else None

    @property
    def waiting(self) -> int:
        """How many rows are not durable yet."""
        return self._waiting.count + sum(batch.count for batch in tuple(self._sealed))

    def rulebook(self, rules_digest: str, source: str) -> None:
        """The text of the strategy file in force."""
        self._add(rulebooks.RULEBOOKS, rulebooks.row(rules_digest, source))

    def decision(self, decision: Decision) -> None:
        refusal = self._ongoing.counted(decision)
        if refusal is None:
            row = self._add(decisions.DECISIONS, decisions.row(decision))
            self._ongoing.begun(decision, row["ordinal"])
        else:
            self._grow(refusal)
        self._write_full_batch()

    def order(self, order: Order, at_ns: int) -> None:
        self._add(orders.ORDERS, orders.row(order, at_ns))

    def sent(self, order: Order, durable_at_ns: int, at_ns: int) -> None:
        """Durable with what is written next: nothing waits for it."""
        self._add(sendings.SENDINGS, sendings.row(order, durable_at_ns, at_ns))

    def outcome(self, outcome: Outcome, at_ns: int) -> None:
        self._add(outcomes.OUTCOMES, outcomes.row(outcome, at_ns))

    def fill(self, fill: Fill, lot_shares: Sequence[tuple[str, Amount]]) -> None:
        ordinal = self._add(fills.FILLS, fills.row(fill))["ordinal"]
        shares = self._waiting.rows.setdefault(fill_shares.FILL_SHARES, [])
        shares += [{**self._by, "ordinal": ordinal, **share} for share in fill_shares.rows(lot_shares)]

    def income(self, booked: Booked) -> None:
        self._add(incomes.INCOMES, incomes.row(booked))
        self._write_full_batch()

    def lot(self, lot: Lot) -> None:
        """How the lot was opened; written again, changes nothing: what became of it is in the fills."""
        self._add(lots.LOTS, lots.row(lot))

    def halt(self, strength: str, reason: str, author: str, at_ns: int) -> None:
        self._add(halts.HALTS, halts.row(Halted(strength, reason, author, at_ns)))

    def took(self, command_id: str, at_ns: int) -> None:
        """In the transaction of what was written for it: a kill leaves both or neither."""
        mine = {"of_command": command_id, "taken_at_ns": at_ns, "taken_by_run": self.run.id}
        self._waiting.taken.append(mine)
        self._waiting.count += 1

    def notice(self, notice: Notice) -> Notice:
        """With its number. What is to be told by which channel is durable with it."""
        ordinal = self._add(notices.NOTICES, notices.row(notice))["ordinal"]
        to_tell = self._waiting.rows.setdefault(tellings.TELLINGS, [])
        to_tell += [{**self._by, "notice": ordinal, **tellings.row(channel)} for channel in self.channels(notice)]
        return replace(notice, number=notices.number(self.run.id, ordinal), strategy=self.run.strategy)

    async def durable(self) -> None:
        """Everything written before would survive a kill. In batches it returns at once, unless one is full."""
        if self._writer is None:
            self._write_full_batch()
        elif self._waiting.count or self._known_written < self._sealed_ever:
            self._seal()
            asked_for = self._sealed_ever
            await asyncio.get_running_loop().run_in_executor(self._writer, self._write_sealed)
            self._known_written = max(self._known_written, asked_for)

    def flush(self) -> None:
        """As `durable`, whole, and in this thread: for whoever has no event loop to keep free."""
        self._seal()
        if self._writer is None:
            self._write_sealed()
        else:
            self._writer.submit(self._write_sealed).result()
        self._known_written = self._sealed_ever

    def end(self, how: str, at_ns: int) -> None:
        """Writes what waits and how the run ended (`done`, `interrupted`), in this thread. Nothing is written after."""
        self.flush()
        with self._writing() as connection:
            mine = RUNS.update().where(RUNS.c.run_id == self.run.id)
            connection.execute(mine.values(ended_at_ns=at_ns, ended=how))
        if self._writer is not None:
            self._writer.shutdown()

    def _add(self, table: Table, row: Row) -> Row:
        whole = {**self._by, "ordinal": self._ordinal, **row}
        self._ordinal += 1
        self._waiting.rows.setdefault(table, []).append(whole)
        self._waiting.count += 1
        self.wrote(table.name, whole)
        return whole

    def _grow(self, refusal: Refusal) -> None:
        grown = self._waiting.grown
        if refusal.ordinal not in grown:
            self._waiting.count += 1
        grown[refusal.ordinal] = {"of_run": self.run.id, "of_ordinal": refusal.ordinal, **refusal.grown()}

    def _write_full_batch(self) -> None:
        if self._batch_rows is not None and self.waiting >= self._batch_rows:
            self._seal()
            self._write_sealed()

    def _seal(self) -> None:
        """What waits becomes a batch that nobody changes any more, so that the writer may read it."""
        if self._waiting.count:
            self._sealed.append(self._waiting)
            self._sealed_ever += 1
            self._waiting = _Batch()

    def _write_sealed(self) -> None:
        """In the writer's thread, where there is one. What was sealed meanwhile stays for the next."""
        taken = tuple(self._sealed)
        if not taken:
            return
        with self._writing() as connection:
            for batch in taken:
                _write(connection, batch)
        del self._sealed[: len(taken)]


def _unheard(table: str, row: Row) -> None:
    """Nobody listens."""


def _by_none(_: Notice) -> Sequence[str]:
    return ()


def _write(connection: Connection, batch: _Batch) -> None:
    rows = dict(batch.rows)
    shares = rows.pop(fill_shares.FILL_SHARES, [])
    again: frozenset[int] = frozenset()
    for table, mine in rows.items():
        booked = book(connection, table, mine)
        again = booked if table is fills.FILLS else again
    book(connection, fill_shares.FILL_SHARES, [share for share in shares if share["ordinal"] not in again])
    if batch.grown:
        connection.execute(_GROWS, list(batch.grown.values()))
    if batch.taken:
        connection.execute(_TAKES, batch.taken)


_GROWS = (
    decisions.DECISIONS.update()
    .where(decisions.DECISIONS.c.run_id == bindparam("of_run"))
    .where(decisions.DECISIONS.c.ordinal == bindparam("of_ordinal"))
)

_TAKES = (
    COMMANDS.update().where(COMMANDS.c.command_id == bindparam("of_command")).where(COMMANDS.c.taken_at_ns.is_(None))
)
