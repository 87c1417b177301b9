"""A process that is killed leaves exactly what was durable, whichever instruction was its last."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose, decisions, fills, orders
from tests.ledger.words import RUN

HOUSE = Path(__file__).parents[2]

DIES = """
import asyncio, os, sys
from karb_core.ledger.ledger import open_ledger
from sqlalchemy import event
from tests.ledger.words import RUN, SPOT, entry, fill, order

where, when = sys.argv[1], sys.argv[2]
ledger = open_ledger(where)

def die(*_):
    os._exit(9)

async def trade():
    journal = ledger.begin(RUN, 5)
    journal.decision(entry(intent="i1"))
    journal.order(order("o1"), 20)
    await journal.durable()
    journal.fill(fill("t1"), [("lot1", fill().moved)])
    journal.decision(entry(intent="i2"))
    if when == "before":
        die()
    if when == "half-way":
        event.listen(ledger.engine, "after_cursor_execute", die)
    if when == "at the commit":
        event.listen(ledger.engine, "commit", die)
    await journal.durable()
    journal.order(order("o2"), 21)
    die()

asyncio.run(trade())
"""


@pytest.mark.parametrize(
    ("when", "trades", "intents"),
    [
        ("before", [], ["i1"]),
        ("half-way", [], ["i1"]),
        ("at the commit", [], ["i1"]),
        ("after", ["t1"], ["i1", "i2"]),
    ],
)
def test_exactly_what_was_durable_is_there(where: str, when: str, trades: list[str], intents: list[str]) -> None:
    died = subprocess.run(
        [sys.executable, "-c", DIES, where, when], cwd=HOUSE, capture_output=True, encoding="utf-8", check=False
    )
    assert (died.returncode, died.stderr) == (9, "")
    ledger = open_ledger(where)
    mine = Whose.of(RUN)
    assert [w.intent_id for w in decisions(ledger, mine)] == intents
    assert [order.id for order, _ in orders(ledger, mine)] == ["o1"]
    assert [(f.venue_trade_id, len(shares)) for f, shares in fills(ledger, mine)] == [(trade, 1) for trade in trades]
    ledger.close()
