"""Tellings: by which channel each notice is to be told, and what became of it.

A row is written in the transaction of its notice, so that a kill leaves both or neither. It says so before the notice is
sent and after an answer came: one that began and did not end may have arrived.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text

from karb_core.ledger.columns import TABLES, Row, maybe_text, maybe_whole, text, whole

TOLD, NEVER = "told", "never"

TELLINGS = Table(
    "tellings",
    TABLES,
    Column("run_id", Text, primary_key=True),
    Column("notice", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", Text, primary_key=True),
    text("strategy"),
    text("account"),
    whole("tries"),
    maybe_whole("tried_at_ns"),
    maybe_text("under_way"),
    maybe_text("ended"),
    maybe_whole("ended_at_ns"),
    info={"since": "0004"},
)


def row(channel: str) -> Row:
    """One that nobody tried yet.

    under_way: `sent` while an answer is waited for, `lost` where none came; nothing where it is proven that nothing arrived.
    ended: `told`, or `never` where the channel will not take it.
    """
    # karb: constant because nobody tried yet
    waits = {"tries": 0, "tried_at_ns": None, "under_way": None, "ended": None, "ended_at_ns": None}
    return {"channel": channel, **waits}
