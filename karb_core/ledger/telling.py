"""Telling the desks of an account what to do, and taking what was told: through the ledger, whoever runs where."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from karb_core.ledger.booking import book
from karb_core.ledger.commands import COMMANDS, Command, read, row
from karb_core.ledger.ledger import Ledger

#: The verb by which alerts are acknowledged: no desk does anything for it.
ACKNOWLEDGE = "ack"


@dataclass(frozen=True, slots=True)
class Taken:
    run_id: str
    at_ns: int


def tell(ledger: Ledger, command: Command) -> None:
    """Writes it down, durably, for a desk to take."""
    with ledger.writing() as connection:
        book(connection, COMMANDS, [row(command)])


def waiting(ledger: Ledger, account: str) -> list[Command]:
    """What no desk took yet, in the order in which it was told."""
    ledger.need(COMMANDS)
    asked = select(COMMANDS).where(COMMANDS.c.account == account, COMMANDS.c.taken_at_ns.is_(None))
    with ledger.reading() as connection:
        return [read(dict(row)) for row in connection.execute(asked.order_by(COMMANDS.c.number)).mappings()]


def acknowledgement(account: str, strategy: str, id: str, author: str, at_ns: int) -> Command:  # noqa: A002 - its name
    """That somebody has seen the alerts that stand."""
    return Command(
        id=id,
        account=account,
        strategy=strategy,
        verb=ACKNOWLEDGE,
        strength=None,
        reason="",
        author=author,
        at_ns=at_ns,
    )


def acknowledged_ns(ledger: Ledger, account: str, strategy: str) -> int | None:
    """When somebody acknowledged last; None for never. Errors: `LedgerUnusable`."""
    mine = (COMMANDS.c.account == account, COMMANDS.c.strategy == strategy, COMMANDS.c.verb == ACKNOWLEDGE)
    with ledger.reading() as connection:
        found: int | None = connection.execute(select(func.max(COMMANDS.c.at_ns)).where(*mine)).scalar()
    return found


def taken(ledger: Ledger, command_id: str) -> Taken | None:
    """Who took it; None while nobody did."""
    asked = select(COMMANDS).where(COMMANDS.c.command_id == command_id, COMMANDS.c.taken_at_ns.is_not(None))
    with ledger.reading() as connection:
        found = connection.execute(asked).mappings().first()
    return None if found is None else Taken(found["taken_by_run"], found["taken_at_ns"])


def take(ledger: Ledger, command_id: str, *, run_id: str, at_ns: int) -> bool:
    """Whether this run is the one that takes it: of several that ask, exactly one is."""
    mine = COMMANDS.update().where(COMMANDS.c.command_id == command_id, COMMANDS.c.taken_at_ns.is_(None))
    with ledger.writing() as connection:
        return connection.execute(mine.values(taken_at_ns=at_ns, taken_by_run=run_id)).rowcount == 1
