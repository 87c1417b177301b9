"""What whole runs write is what `karb ledger check` proves: nothing that a run does by itself breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.ledger.check import check
from karb_core.ledger.reading import fills
from tests.wiring.tiny import TIERED, Edit, Ran, ran

#: With leverage the venue closes perpetuals by force.
FORCED: tuple[Edit, ...] = (
    ("leverage: 1,", "leverage: 20,"),
    ("take_profit: 0.2%", "take_profit: none"),
    ("{for: 60h, then: exit}", "{for: 30d, then: tell}"),
    ("size: 100%", "size: 30%"),
)


def test_a_run_holds(once: Ran) -> None:
    proved = check(once.ledger)
    assert [(p.name, p.broken) for p in proved if p.broken] == []
    assert all(p.count for p in proved)


@pytest.mark.parametrize(("edits", "by_force"), [(TIERED, False), (FORCED, True)], ids=["many lots", "by force"])
def test_a_run_of_other_rules_holds(
    edits: tuple[Edit, ...], by_force: bool, market: Path, tmp_path: Path, once: Ran
) -> None:
    done = ran(market, tmp_path / "other.sqlite", *edits)
    forced = [fill for fill, _ in fills(done.ledger, done.whose) if not fill.order_id.startswith("karb-")]
    assert bool(forced) is by_force
    assert [(p.name, p.broken) for p in check(done.ledger) if p.broken] == []
    done.ledger.close()
