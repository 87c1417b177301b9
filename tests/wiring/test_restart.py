"""What a desk is given back when it starts again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from karb_core.domain.holdings import Holdings
from karb_core.domain.orders import Filled
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose
from karb_core.wiring.restart import before
from tests.engine.scene import FACTS, rules
from tests.ledger.words import RUN, SPOT, entry, lot, order


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
