"""After a bad day, whoever starts over the ledger knows of every execution what the desk knew that was there."""

from __future__ import annotations

from pathlib import Path

from karb_core.ledger.ledger import open_ledger
from karb_core.wiring.restart import before
from tests.chaos.drawn import draw
from tests.chaos.episode import Episode
from tests.chaos.process import inventory
from tests.chaos.trader import FACTS

DAYS = 60


def test_how_plans_were_carried_out_is_in_the_rows(tmp_path: Path) -> None:
    ledger = open_ledger(str(tmp_path / "karb.sqlite"))
    ends: list[bool] = []
    for seed in range(DAYS):
        day = Episode(draw(seed), ledger, f"account-{seed}")
        day.run()
        desk = day.process.desk
        told = before(ledger, day.whose, inventory(), FACTS, desk.strategy.legs).books.executions
        assert told == desk.books.executions, seed
        assert list(told) == list(desk.books.executions), seed
        ends += [execution.whole for execution in told.values()]
    ledger.close()
    assert min(ends.count(True), ends.count(False)) > DAYS // 10, (ends.count(True), ends.count(False))
