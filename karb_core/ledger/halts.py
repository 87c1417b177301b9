"""Halts: when trading was stopped, at which strength, why and by whom."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Table

from karb_core.ledger.columns import TABLES, Row, text, whole, words, written_by

HALTS = Table("halts", TABLES, *written_by(), text("strength"), text("reason"), text("author"), whole("at_ns"))


@dataclass(frozen=True, slots=True)
class Halted:
    """One halt as it was written."""

    strength: str
    reason: str
    author: str
    at_ns: int


def row(halted: Halted) -> Row:
    return {
        "strength": halted.strength,
        "reason": words(halted.reason),
        "author": words(halted.author),
        "at_ns": halted.at_ns,
    }


def read(found: Row) -> Halted:
    return Halted(found["strength"], found["reason"], found["author"], found["at_ns"])
