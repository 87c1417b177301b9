"""Notices: what the owner was told."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from sqlalchemy import Table

from karb_core.domain import canonical
from karb_core.domain.decisions import SeenValue
from karb_core.ledger.columns import TABLES, Row, text, whole, written_by
from karb_core.ports.notifier import Notice, NoticeKind

#: As `exact.text` writes a number.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?")

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


def number(run_id: str, ordinal: int) -> str:
    """What it is called wherever it is told."""
    return f"{run_id}-{ordinal}"


def read(found: Row) -> Notice:
    """As it was kept. Edge: a text that is an exact number comes back as one; written out it is the same."""
    facts: dict[str, SeenValue] = json.loads(found["facts"])
    return Notice(
        kind=NoticeKind(found["kind"]),
        at_ns=found["at_ns"],
        pair=found["pair"],
        mode=found["mode"],
        facts={name: _exact(value) for name, value in facts.items()},
        number=number(found["run_id"], found["ordinal"]),
        strategy=found["strategy"],
    )


def _exact(value: SeenValue) -> SeenValue:
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
