"""What a desk is given back when it starts again."""

from __future__ import annotations

import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

from karb_core.domain.holdings import Holdings
from karb_core.domain.orders import Filled
from karb_core.engine import unfinished
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose
from karb_core.wiring import by_intent, restart
from karb_core.wiring.restart import before
from tests.engine.scene import FACTS, rules
from tests.ledger.words import RUN, SPOT, entry, fill, lot, order


def test_orders_of_what_has_ended_stay_known_so_that_no_id_is_used_twice(tmp_path: Path) -> None:
    """Their moment may be judged again, and mints the same intent."""
    ledger = open_ledger(tmp_path / "karb.ledger")
    journal = ledger.begin(RUN, 5)
    journal.decision(entry(intent="lot1"))
    journal.lot(lot("lot1"))
    journal.order(order(), 20)
    nothing = SPOT.amount(Decimal(0))
    journal.outcome(Filled(order(), nothing, nothing.at(SPOT.price(Decimal(1))), final=True), 21)
    journal.end("interrupted", 22)
    was = before(ledger, Whose.of(RUN), Holdings({}), FACTS, rules())
    ledger.close()
    assert was.unfinished == ()
    assert [sent.order.id for sent in was.sent["lot1"]] == [order().id]


class Work:
    """How many steps the interpreter takes in a module's functions: what a clock would say, and the same each time."""

    def __init__(self, *files: str) -> None:
        self.steps = 0
        self._files = files

    def __enter__(self) -> Work:
        self._before = sys.gettrace()
        sys.settrace(self._traced)
        return self

    def __exit__(self, *of_no_matter: object) -> None:
        sys.settrace(self._before)

    def _traced(self, frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename not in self._files:
            return None
        frame.f_trace_opcodes = True
        self.steps += event == "opcode"
        return self._traced


def steps(folder: Path, intents: int) -> int:
    """Of starting over a ledger in which so many intents were carried out."""
    ledger = open_ledger(folder / f"{intents}.sqlite")
    journal = ledger.begin(RUN, 5)
    for number in range(intents):
        own, its = f"lot{number}", replace(order(f"karb-m1-{number:016}-0-0"), intent_id=f"lot{number}")
        journal.decision(entry(intent=own))
        journal.lot(lot(own))
        journal.order(its, 20)
        journal.outcome(Filled(its, its.amount, its.amount.at(SPOT.price(Decimal(1))), final=True), 21)
        journal.fill(replace(fill(f"t{number}"), order_id=its.id), ((own, -its.amount),))
    journal.end("interrupted", 22)
    with Work(*(str(module.__file__) for module in (by_intent, restart, unfinished))) as work:
        assert len(before(ledger, Whose.of(RUN), Holdings({}), FACTS, rules()).sent) == intents
    ledger.close()
    return work.steps


def test_twice_the_intents_are_twice_the_work(tmp_path: Path) -> None:
    """A ledger of years is read at every start: no row is looked at once for each intent."""
    few, more, many = (steps(tmp_path, intents) for intents in (10, 20, 40))
    assert many - more <= 2 * (more - few)
