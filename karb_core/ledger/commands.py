"""Commands: what the owner told the desks of an account from elsewhere, and which run took each.

Whoever tells only writes the row; the desk does it, and says so in the row, once.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from karb_core.ledger.columns import TABLES, Row, maybe_text, maybe_whole, text, whole, words

COMMANDS = Table(
    "commands",
    TABLES,
    # SQLite numbers rows by itself only in a column that it calls INTEGER, which is 64 bits wide there.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("command_id", Text, nullable=False, unique=True),
    text("account"),
    maybe_text("strategy"),
    text("verb"),
    maybe_text("strength"),
    text("reason"),
    text("author"),
    whole("at_ns"),
    maybe_whole("taken_at_ns"),
    maybe_text("taken_by_run"),
    info={"since": "0002"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing told. `id` is minted by whoever tells it, so that telling it again changes nothing.

    strategy: whom it is for, None for every strategy of the account. verb: `halt`, `resume`, `flatten`, `approve`, as the
    desk knows them, `reload` or `ack`. strength: of a halt; of an approval the pair, and the side where it is for one only; None for
    what has none.
    """

    id: str
    account: str
    strategy: str | None
    verb: str
    strength: str | None
    reason: str
    author: str
    at_ns: int


def row(command: Command) -> Row:
    told = {name: getattr(command, name) for name in Command.__slots__ if name != "id"}
    return {"command_id": command.id, **told, "reason": words(command.reason), "author": words(command.author)}


def read(found: Row) -> Command:
    told = {name: found[name] for name in Command.__slots__ if name != "id"}
    return Command(id=found["command_id"], **told)
