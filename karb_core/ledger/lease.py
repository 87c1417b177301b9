"""One process for each account: who has it says so again and again, and who is silent for too long loses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from karb_core.domain.instant import to_text
from karb_core.errors import AccountHeld
from karb_core.ledger.booking import book
from karb_core.ledger.columns import Row
from karb_core.ledger.leases import LEASES
from karb_core.ledger.ledger import Ledger
from karb_core.texts.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A process that wants an account. `mark` is what its order ids carry; host and pid are for people to find it.

    process: what tells it apart from every other process there ever was, where its system can say so.
    """

    account: str
    run_id: str
    mark: str
    host: str
    pid: int
    process: str | None = None

    @property
    def written(self) -> str:
        """The run, and after a space the process."""
        return self.run_id if self.process is None else f"{self.run_id} {self.process}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Who has, or last had, an account. Unit: nanoseconds of the holder's own wall clock."""

    by: Holder
    taken_at_ns: int
    beat_at_ns: int
    lives_ns: int
    released_at_ns: int | None

    @classmethod
    def read(cls, found: Row) -> Self:
        run_id, _, process = found["holder"].partition(" ")
        by = {name: found[name] for name in ("account", "mark", "host", "pid")}
        times = ("taken_at_ns", "beat_at_ns", "lives_ns", "released_at_ns")
        return cls(by=Holder(run_id=run_id, process=process or None, **by), **{name: found[name] for name in times})

    def free_at(self, at_ns: int) -> bool:
        """Whether another may take it. Edge: silent for exactly as long as it said it would live is still held."""
        return self.released_at_ns is not None or self.beat_at_ns + self.lives_ns < at_ns


@dataclass(frozen=True, slots=True)
class Lease:
    """An account while it is ours. Made by `take`; its methods wait for the database, so call them off the loop."""

    ledger: Ledger
    holder: Holder

    def beat(self, at_ns: int) -> None:
        """Says that we live. Errors: `AccountHeld` if it is ours no more: stop entries, whatever else is to be done."""
        with self.ledger.writing() as connection:
            mine = LEASES.update().where(*_of(self.holder), LEASES.c.released_at_ns.is_(None))
            if connection.execute(mine.values(beat_at_ns=at_ns)).rowcount == 1:
                return
            there = _held(connection, self.holder.account)
        raise _lost(self.holder, there)

    def release(self, at_ns: int) -> None:
        """Whoever comes next need not wait. Does nothing if it is ours no more."""
        with self.ledger.writing() as connection:
            mine = LEASES.update().where(*_of(self.holder), LEASES.c.released_at_ns.is_(None))
            connection.execute(mine.values(released_at_ns=at_ns))


def take(ledger: Ledger, holder: Holder, *, at_ns: int, lives_ns: int, gone: Holder | None = None) -> Lease:
    """The account's lease; of several processes that ask at once exactly one gets it.

    lives_ns: after how long a silence another may take it over. The clocks of two machines that share a ledger must
    differ by less. gone: a holder that has provably ended, whose silence need not be waited for. Asking again as the
    same run gets it again: the answer to the first time may have been lost.
    Errors: `AccountHeld` while another holds it.
    """
    mine = {"holder": holder.written, "mark": holder.mark, "host": holder.host, "pid": holder.pid}
    times = {"taken_at_ns": at_ns, "beat_at_ns": at_ns, "lives_ns": lives_ns, "released_at_ns": None}
    with ledger.writing() as connection:
        # A row that nobody holds, if there is none: then there is one question, and the database decides who was first.
        book(connection, LEASES, [{"account": holder.account, **mine, **times, "released_at_ns": at_ns}])
        free = LEASES.update().where(LEASES.c.account == holder.account, _may_be_taken(holder, at_ns, gone))
        if connection.execute(free.values(**mine, **times)).rowcount == 1:
            return Lease(ledger, holder)
        there = _held(connection, holder.account)
    assert there is not None
    raise _taken(there)


def held(ledger: Ledger, account: str) -> Held | None:
    """Who has or last had the account; None if nobody ever. Errors: `LedgerUnusable` for one that is too old."""
    ledger.need(LEASES)
    with ledger.reading() as connection:
        return _held(connection, account)


def _held(connection: Connection, account: str) -> Held | None:
    found = connection.execute(select(LEASES).where(LEASES.c.account == account)).mappings().first()
    return None if found is None else Held.read(dict(found))


def _of(holder: Holder) -> tuple[ColumnElement[bool], ...]:
    return (LEASES.c.account == holder.account, LEASES.c.holder == holder.written)


def _may_be_taken(holder: Holder, at_ns: int, gone: Holder | None) -> ColumnElement[bool]:
    silent = LEASES.c.beat_at_ns + LEASES.c.lives_ns < at_ns
    return or_(
        LEASES.c.released_at_ns.is_not(None), silent, *(_is(each) for each in (holder, gone) if each is not None)
    )


def _is(holder: Holder) -> ColumnElement[bool]:
    return and_(LEASES.c.holder == holder.written, LEASES.c.host == holder.host, LEASES.c.pid == holder.pid)


def _taken(there: Held) -> AccountHeld:
    by = there.by
    args = {"account": by.account, "host": by.host, "pid": by.pid, "since": to_text(there.taken_at_ns)}
    until = to_text(there.beat_at_ns + there.lives_ns)
    return AccountHeld(Text("lease.held", args), Text("lease.held_help", {"until": until}))


def _lost(holder: Holder, there: Held | None) -> AccountHeld:
    if there is None or there.by == holder:
        return AccountHeld(Text("lease.gone", {"account": holder.account}), Text("lease.lost_help"))
    by = there.by
    args = {"account": by.account, "host": by.host, "pid": by.pid, "since": to_text(there.taken_at_ns)}
    return AccountHeld(Text("lease.lost", args), Text("lease.lost_help"))
