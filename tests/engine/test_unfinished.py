"""What is told again from rows is what the driver knew, whenever it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.lots import LotLeg
from karb_core.domain.orders import Fill, Filled, Order, Outcome, Side, TimeInForce
from karb_core.engine.books import Books
from karb_core.engine.driver import Driver
from karb_core.engine.leg_rules import LegRules, Rung
from karb_core.engine.sent import FIRST_TRY, Sent
from karb_core.engine.unfinished import Unfinished, is_finished, sent_before
from tests.engine.scene import (
    FACTS,
    NOW,
    SECOND,
    D,
    Hand,
    Recording,
    Scripted,
    Trace,
    cited,
    lot,
    plan,
    rules,
    rung,
)

TRADE = plan()


def order(leg: int, limit: str, side: Side | None = None, intent: str = TRADE.intent_id) -> Order:
    to = TRADE.legs[leg]
    return Order(
        id=f"{intent}-{leg}-{limit}", intent_id=intent, leg=leg, instrument=to.instrument, side=side or to.side,
        amount=to.instrument.amount(D(100)), limit=to.instrument.price(D(limit)), cost=None,
        time_in_force=TimeInForce.IOC, reduce_only=False,
    )  # fmt: skip


def answer(of: Order, base: str, *, final: bool = True) -> Filled:
    return Filled(
        of, of.instrument.amount(D(base)), of.instrument.amount(D(base)).at(of.instrument.price(D(10))), final
    )


def fill(of: Order, base: str, number: int = 0, at_s: int = 15) -> Fill:
    return Fill(
        order_id=of.id, venue_trade_id=f"t{number}", instrument=of.instrument, side=of.side,
        amount=of.instrument.amount(D(base)), price=of.instrument.price(D(10)), fee=Amount(D(0), of.instrument.quote),
        venue_at_ns=NOW, received_at_ns=NOW + at_s * SECOND,
    )  # fmt: skip


def told(
    *orders: Order, outcomes: Sequence[Outcome] = (), fills: Sequence[Fill] = (), by: LegRules | None = None
) -> tuple[Sent, ...]:
    """Sent a second apart, answered ten seconds later a second apart."""
    sent = [(one, NOW + at * SECOND) for at, one in enumerate(orders)]
    answered = [(one, NOW + (10 + at) * SECOND) for at, one in enumerate(outcomes)]
    return sent_before(TRADE, sent, answered, fills, by or rules(), FACTS)


@pytest.mark.parametrize(
    ("leg", "side", "limit", "step"),
    [
        (1, Side.BUY, "10.02", FIRST_TRY),
        (1, Side.BUY, "10.05", 0),
        (1, Side.BUY, "10.1", 1),
        (1, Side.BUY, "9.5", 1),
        (1, Side.SELL, "9.8", 2),
        (1, Side.SELL, "9.98", 2),
        (0, Side.SELL, "9.98", FIRST_TRY),
        (0, Side.SELL, "9.95", 0),
        (0, Side.BUY, "10.2", 2),
    ],
)
def test_which_rung_sent_an_order_follows_from_its_side_and_its_limit(
    leg: int, side: Side, limit: str, step: int
) -> None:
    (known,) = told(order(leg, limit, side))
    assert (known.leg, known.step) == (leg, step)


def test_of_two_rungs_with_one_band_it_is_the_first_and_of_none_that_fits_the_last_of_its_way() -> None:
    twice = (rung(Rung.UNWIND, "0.02", 5), rung(Rung.RETRY, "0.01", 2), rung(Rung.RETRY, "0.01", 2), rung(Rung.HALT))
    assert [s.step for s in told(order(1, "10.1"), order(1, "9"), by=rules(ladder=twice))] == [1, 2]
    as_planned = (rung(Rung.RETRY, "0.002", 2), rung(Rung.HALT))
    assert [s.step for s in told(order(1, "10.02"), by=rules(ladder=as_planned))] == [FIRST_TRY]


def test_an_order_of_a_way_that_no_rung_goes_counts_as_the_first_try() -> None:
    only = (rung(Rung.HALT),)
    assert [s.step for s in told(order(1, "9.8", Side.SELL), by=rules(ladder=only))] == [FIRST_TRY]


@pytest.mark.parametrize("intent", ["another23456789a", "aaaaaaaaaaaaaaaa"])
def test_only_its_own_orders_answers_and_fills_are_told(intent: str) -> None:
    mine, other = order(0, "9.98"), order(0, "9.98", intent=intent)
    answers = (answer(other, "30"), answer(mine, "40"))
    listed = (fill(other, "30"), fill(mine, "15", 1), fill(mine, "25", 2))
    (known,) = told(mine, other, outcomes=answers, fills=listed)
    assert (known.order, known.sent_ns, known.outcome) == (mine, NOW, answers[1])
    assert (known.answered_ns, known.filled_ns, known.listed) == (NOW + 11 * SECOND, NOW + 11 * SECOND, D(40))
    assert known.settled


def test_an_order_that_nobody_answered_is_open_from_when_it_was_sent() -> None:
    (known,) = told(order(0, "9.98"))
    assert known == Sent(known.order, 0, FIRST_TRY, NOW, None, None, listed=D(0))
    (shown,) = told(known.order, fills=[fill(known.order, "3")])
    assert (shown.filled, shown.filled_ns, shown.over) == (D(3), NOW, False)


@pytest.mark.parametrize(("listed_s", "known_s"), [((3, 4), 3), ((4, 3), 3), ((10, 10), 10), ((11, 12), 10)])
def test_a_fill_is_known_from_its_first_row_be_it_an_answer_or_a_fill(listed_s: tuple[int, int], known_s: int) -> None:
    """The owner's ladder counts from there: a restart does not set it back."""
    one = order(0, "9.98")
    fills = [fill(one, "50", at, second) for at, second in enumerate(listed_s)]
    (known,) = told(one, outcomes=[answer(one, "100")], fills=fills)
    assert (known.first_filled_ns, known.listed) == (NOW + known_s * SECOND, D(100))


def test_orders_keep_the_order_in_which_they_were_written() -> None:
    assert [s.order.leg for s in told(order(1, "10.02"), order(0, "9.98"), order(1, "10.05"))] == [1, 0, 1]


@pytest.mark.parametrize(
    ("spot", "perp", "finished"),
    [("100", "100", True), ("100", "99.95", True), ("100", "99.9", False), ("0", "0", True), ("0", "0.1", False)],
)
def test_an_intent_is_finished_when_its_legs_are_even_within_a_step(spot: str, perp: str, finished: bool) -> None:
    one, two = order(0, "9.98"), order(1, "10.02")
    fills = [fill(o, base) for o, base in ((one, spot), (two, perp)) if D(base)]
    sent = told(one, two, outcomes=(answer(one, spot), answer(two, perp)), fills=fills)
    assert is_finished(TRADE, sent, FACTS, rules()) is finished


def test_an_intent_is_not_finished_while_an_answer_or_a_fill_is_missing() -> None:
    one, two = order(0, "9.98"), order(1, "10.02")
    whole = (answer(one, "100"), answer(two, "100"))
    fills = [fill(one, "100"), fill(two, "100")]
    assert is_finished(TRADE, told(one, two, outcomes=whole, fills=fills), FACTS, rules())
    assert not is_finished(TRADE, told(one, two, outcomes=whole, fills=fills[:1]), FACTS, rules())
    open_ = (whole[0], answer(two, "100", final=False))
    assert not is_finished(TRADE, told(one, two, outcomes=open_, fills=fills), FACTS, rules())


def test_what_was_left_is_never_changed_in_place() -> None:
    left = Unfinished(TRADE, NOW, True, (), True, "r")
    with pytest.raises(FrozenInstanceError):
        left.last = False  # type: ignore[misc]
    assert not hasattr(left, "__dict__")


class Timed(Recording):
    """A journal that keeps the time of each row, and everything as rows: nothing of the driver's memory."""

    def __init__(self, trace: Trace) -> None:
        super().__init__(trace)
        self.orders: list[tuple[Order, int]] = []
        self.outcomes: list[tuple[Outcome, int]] = []
        self.fills: list[Fill] = []

    def order(self, order: Order, at_ns: int) -> None:
        super().order(order, at_ns)
        self.orders.append((order, at_ns))

    def outcome(self, outcome: Outcome, at_ns: int) -> None:
        super().outcome(outcome, at_ns)
        self.outcomes.append((outcome, at_ns))

    def fill(self, fill: Fill, lot_shares: Sequence[tuple[str, Amount]]) -> None:
        super().fill(fill, lot_shares)
        self.fills.append(fill)


class Still(Hand):
    """A clock that moves only in sleep, and calls somebody before it does."""

    def __init__(self) -> None:
        super().__init__()
        self.before_sleep: Callable[[], None] = lambda: None

    def now_ns(self) -> int:
        return self.now

    async def sleep_until(self, at_ns: int | None) -> None:
        self.before_sleep()
        await super().sleep_until(at_ns)
        self.venue_ns = self.now


words = st.sampled_from(["1", "0.5", "0.003", "0", "no", "lost", "silent"])


@given(st.lists(words, max_size=8), st.sampled_from([None, 0, 1]))
@settings(deadline=None)
@example(["lost", "1"], None).via("a fill was listed before any answer told of it")
def test_told_again_from_rows_it_is_what_the_driver_knew(script: list[str], first: int | None) -> None:
    trace, clock = Trace(), Still()
    venue, journal = Scripted(trace, clock, *script), Timed(trace)
    legs = tuple(LotLeg.unfilled(leg.instrument, leg.side) for leg in TRADE.legs)
    opened = {TRADE.intent_id: replace(lot(TRADE.intent_id, "-1", "1"), legs=legs)}
    books = Books(Holdings({Account("korbit", "ADA"): D(100_000)}, {}, {}), FACTS, opened)
    by = rules(first)
    driver = Driver({"korbit": venue, "dydx": venue}, journal, clock, books, FACTS, by, "t1", dict)

    def compare() -> None:
        again = sent_before(TRADE, journal.orders, journal.outcomes, journal.fills, by, FACTS)
        # When it was asked about is not written: after a restart it is asked sooner.
        assert again == tuple(replace(s, asked_ns=None) for s in driver.of_intent(TRADE.intent_id))

    clock.before_sleep = compare
    asyncio.run(driver.carry_out(Approved.by_rule(TRADE, cited("/execution/on_one_leg")), NOW))
    compare()
