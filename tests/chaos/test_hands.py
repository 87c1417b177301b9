"""What other hands, another karb and a venue's new rules do to the truth of an episode."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from karb_core.domain.order_id import OrderId
from karb_core.domain.orders import Filled, Rejected, Side
from tests.chaos.faults import Fault, Spell
from tests.chaos.hands import change_facts, second_karb
from tests.chaos.places import FAR, NEAR, START
from tests.chaos.process import MARK
from tests.chaos.rates import Rates
from tests.chaos.stage import SECOND, approved, truth


def test_a_venue_that_asks_something_else_refuses_what_fitted_before() -> None:
    told = set()
    for seed in range(60):
        at = truth()
        said = change_facts(at, Random(seed))
        orders = [approved("0.002", side, leg).item for leg, side in ((NEAR, Side.BUY), (FAR, Side.SELL))]
        outcomes = [at.arrive(order, START, START) for order in orders]
        refused = [(o.order.instrument, o.code) for o in outcomes if isinstance(o, Rejected)]
        assert all(instrument.text() in said for instrument, _ in refused)
        told |= {code for _, code in refused}
    assert {"unfit_amount_step", "unfit_min_notional"} <= told


def test_what_is_open_stays_when_a_venue_asks_something_else() -> None:
    at = truth()
    assert isinstance(at.arrive(approved("0.3", Side.SELL, FAR).item, START, START), Filled)
    before = at.positions(FAR.venue)[FAR].amount
    for seed in range(20):
        change_facts(at, Random(seed))
    assert at.positions(FAR.venue)[FAR].amount == before


def test_another_karb_trades_both_legs_with_a_mark_of_its_own() -> None:
    at = truth()
    assert second_karb(at, START) == "2 legs of another karb's"
    ids = [OrderId.read(fill.order_id) for leg in (NEAR, FAR) for fill in at.fills(leg.venue)]
    assert ids
    assert all(one is not None and one.mark != MARK for one in ids)


def test_two_sources_disagree_only_while_they_do() -> None:
    rates = Rates(START, (Spell(Fault.RATES_DISAGREE, START + SECOND, START + 2 * SECOND),))
    seats = [rates.seats(START + n * SECOND) for n in range(3)]
    assert [list(one) for one in seats] == [["money"], ["money", "premium"], ["money"]]
    assert seats[1]["premium"].rate < seats[1]["money"].rate * Decimal("0.95")
    gone = Rates(START, (*rates.spells, Spell(Fault.RATE_MISSING, START, START + 3 * SECOND)))
    assert gone.seats(START + SECOND) == {}
