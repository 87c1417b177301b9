"""A ledger that is read as it was at one moment, while somebody writes to it."""

from __future__ import annotations

from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose, decisions, orders, runs
from tests.ledger.words import RUN, entry, order


def test_what_is_written_meanwhile_is_not_in_it_whatever_is_asked_first(where: str) -> None:
    ledger = open_ledger(where)
    journal = ledger.begin(RUN, 1)
    journal.decision(entry())
    journal.flush()
    looking = open_ledger(where, read_only=True)
    with looking.frozen() as still:
        assert len(list(runs(still))) == 1
        journal.decision(entry(20, intent="lot2"))
        journal.order(order(), 21)
        journal.flush()
        assert (len(list(decisions(still, Whose("main")))), list(orders(still, Whose("main")))) == (1, [])
    assert (len(list(decisions(looking, Whose("main")))), len(list(orders(looking, Whose("main"))))) == (2, 1)
    looking.close()
    journal.end("done", 30)
    ledger.close()
