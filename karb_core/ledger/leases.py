"""Leases: which process has an account, since when, and when it last said so. One row for each account, for ever."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from karb_core.ledger.columns import TABLES, maybe_whole, text, whole

LEASES = Table(
    "leases",
    TABLES,
    Column("account", Text, primary_key=True),
    text("holder"),
    text("mark"),
    text("host"),
    whole("pid"),
    whole("taken_at_ns"),
    whole("beat_at_ns"),
    # How long it holds without a beat, as its holder said: whoever comes next goes by the holder's word, not his own.
    whole("lives_ns"),
    maybe_whole("released_at_ns"),
    info={"since": "0002"},
)
