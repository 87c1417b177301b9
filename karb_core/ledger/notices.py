"""Notices: what the owner was told."""

from __future__ import annotations

from sqlalchemy import Table

from karb_core.domain import canonical
from karb_core.ledger.columns import TABLES, Row, text, whole, written_by
from karb_core.ports.notifier import Notice

NOTICES = Table(
    "notices", TABLES, *written_by(), text("kind"), text("pair"), text("mode"), whole("at_ns"), text("facts")
)


def row(notice: Notice) -> Row:
    """`facts` is canonical JSON: decimals are text there."""
    return {
        "kind": notice.kind.value,
        "pair": notice.pair,
        "mode": notice.mode,
        "at_ns": notice.at_ns,
        "facts": canonical.to_json(notice.facts),
    }
