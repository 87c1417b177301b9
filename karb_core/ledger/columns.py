"""What every table has in common, and the one collection of tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Text, UniqueConstraint

TABLES = MetaData()

#: One row as it is written and read, by the names of its columns.
Row = dict[str, Any]


def text(name: str) -> Column[str]:
    """Words, or an exact decimal as `exact.text` writes it: databases round numbers, they do not round text."""
    return Column(name, Text, nullable=False)


def maybe_text(name: str) -> Column[str]:
    return Column(name, Text, nullable=True)


def whole(name: str) -> Column[int]:
    """A whole number; a time is nanoseconds of UTC since 1970."""
    return Column(name, BigInteger, nullable=False)


def maybe_whole(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=True)


def written_by() -> tuple[Column[Any], ...]:
    """Who wrote a row, and the how-manieth thing of its run it is, over all tables.

    Both together are the key, so a transaction that is tried again after its answer was lost writes nothing twice.
    """
    return (
        Column("run_id", Text, primary_key=True),
        Column("ordinal", BigInteger, primary_key=True, autoincrement=False),
        text("strategy"),
        text("account"),
    )


def booked_once(*names: str) -> UniqueConstraint:
    """Within one account's books these name one row: writing it again changes nothing."""
    return UniqueConstraint("account", *names)


def once(key: tuple[str, ...], facts: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """What `booking` has to know: the columns that name a row, and those that can only have one value for it."""
    return {"key": ("account", *key), "facts": facts}


def words(said: str) -> str:
    """Words of somebody else's as every database takes them: what is no text (NUL, half a character) is spelt out."""
    return said.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
