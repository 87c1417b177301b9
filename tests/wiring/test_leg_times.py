"""When legs were written, sent, answered and filled, and what they cost beyond the plan's prices: by the rows alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from karb_core.domain.amount import Amount
from karb_core.domain.orders import Fill, Filled, Rejected, Side, Unknown
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions, orders, sendings
from karb_core.wiring.leg_times import IntentTimes, leg_times
from tests.engine.scene import PERP, SPOT, D, moment, view
from tests.ledger.words import RUN, entry, fill, lot, order
from tests.wiring.steered import ACCOUNT, started

WHOSE = Whose(ACCOUNT)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path / "karb.ledger")
    yield opened
    opened.close()


def carried(ledger: Ledger, *script: str) -> IntentTimes:
    desk = started(ledger, *script)

    async def day() -> None:
        await desk.obeying.look()
        await desk.desk.take(moment(), view(moment()))
        await desk.desk.journal.durable()

    asyncio.run(day())
    (times,) = leg_times(ledger, WHOSE, decisions(ledger, WHOSE)).values()
    return times


def test_each_leg_goes_from_written_to_filled(ledger: Ledger) -> None:
    times = carried(ledger, "1", "1")
    assert [leg.instrument for leg in times.legs] == [SPOT, PERP]
    for leg in times.legs:
        assert leg.durable_ns is not None
        assert leg.sent_ns is not None
        assert leg.answered_ns is not None
        assert times.decided_ns <= leg.written_ns <= leg.durable_ns <= leg.sent_ns <= leg.answered_ns
        assert leg.filled_ns is not None
        assert (leg.orders, leg.back.value, leg.traded.value) == (1, 0, 100)
    sent, answered = ([getattr(leg, f"{step}_ns") for leg in times.legs] for step in ("sent", "answered"))
    assert (times.sent_apart_ns, times.answered_apart_ns) == (abs(sent[0] - sent[1]), abs(answered[0] - answered[1]))
    assert times.answered_after_ns == max(answered) - times.decided_ns


def test_every_order_that_left_says_when_it_was_durable(ledger: Ledger) -> None:
    carried(ledger, "1", "no", "no", "no", "1")
    told = list(sendings(ledger, WHOSE))
    assert sorted(one.order_id for one in told) == sorted(o.id for o, _ in orders(ledger, WHOSE))
    assert all(one.durable_at_ns <= one.at_ns for one in told)


def test_what_was_traded_back_is_no_slippage_of_the_way_in(ledger: Ledger) -> None:
    times = carried(ledger, "1", "no", "no", "no", "1")
    first, second = times.legs
    assert (first.traded.value, first.back.value, first.orders) == (100, 100, 2)
    assert (second.traded.value, second.price, second.bp, second.filled_ns) == (0, None, None, None)
    assert second.slippage == Amount(D(0), "USD")
    assert times.filled_apart_ns is None


@pytest.mark.parametrize(
    ("side", "price", "slippage", "bp"),
    [
        (Side.SELL, "0.0999", "0.00025", "10"),
        (Side.SELL, "0.1002", "-0.0005", "-20"),
        (Side.SELL, "0.10", "0", "0"),
    ],
)
def test_slippage_is_what_it_cost_beyond_the_plan(
    ledger: Ledger, side: Side, price: str, slippage: str, bp: str
) -> None:
    """2.50 ADA planned at 0.10 EUR."""
    (leg,) = written(ledger, fill(price=D(price), side=side)).legs
    assert (leg.slippage, leg.bp, leg.price) == (Amount(D(slippage), "EUR"), D(bp), D(price))


def written(ledger: Ledger, *fills: Fill) -> IntentTimes:
    """Sent at 22; asked in vain, then answered at 40."""
    journal = ledger.begin(RUN, 5)
    journal.decision(entry())
    journal.lot(lot())
    journal.order(order(), 20)
    journal.sent(order(), 21, 22)
    nothing = SPOT.amount(D(0)), Amount(D(0), "EUR")
    journal.outcome(Unknown(order(), "no answer", *nothing), 30)
    journal.outcome(Filled(order(), SPOT.amount(D("2.5")), Amount(D("0.25"), "EUR"), final=True), 40)
    for one in fills:
        journal.fill(one, [("lot1", one.moved)])
    journal.end("done", 50)
    whose = Whose.of(RUN)
    return leg_times(ledger, whose, decisions(ledger, whose))["lot1"]


def test_an_answer_that_says_nothing_is_none(ledger: Ledger) -> None:
    times = written(ledger, fill("t1", amount=D(1)), fill("t2", amount=D("1.5")))
    (leg,) = times.legs
    assert (leg.written_ns, leg.durable_ns, leg.sent_ns, leg.answered_ns) == (20, 21, 22, 40)
    assert (times.answered_after_ns, times.sent_apart_ns) == (30, None)
    assert leg.filled_ns == fill().received_at_ns


def test_what_never_left_has_no_time_at_which_it_did(ledger: Ledger) -> None:
    journal = ledger.begin(RUN, 5)
    journal.decision(entry())
    journal.order(order(), 20)
    journal.outcome(Rejected(order(), "not_written", "the disk is full"), 21)
    journal.end("done", 50)
    ((leg,),) = (t.legs for t in leg_times(ledger, Whose.of(RUN), decisions(ledger, Whose.of(RUN))).values())
    assert (leg.durable_ns, leg.sent_ns, leg.filled_ns) == (None, None, None)


def test_of_what_was_not_carried_out_there_is_nothing(ledger: Ledger) -> None:
    journal = ledger.begin(RUN, 5)
    journal.decision(entry())
    journal.end("done", 50)
    assert leg_times(ledger, Whose.of(RUN), decisions(ledger, Whose.of(RUN))) == {}
