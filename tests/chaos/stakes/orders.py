"""Rows 20 to 26, 28, 30 and 31: one order, from the moment it is minted until nothing of it is open."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from karb_core.domain.amount import Amount, Price
from karb_core.domain.approved import Approved
from karb_core.domain.decisions import LegTarget, Plan
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.lots import LotLeg
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side, TimeInForce
from karb_core.engine import driver, ladder, legs, plan_of
from karb_core.engine.driver import Driver
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.next_step import Next, Phase, Place
from karb_core.engine.sent import Sent
from karb_core.venue.forced import Forced
from karb_core.venue.request_window import RequestWindow
from tests.chaos.faults import Fault, Spell, Verb
from tests.chaos.places import FAR, NEAR, START
from tests.chaos.stage import EVEN
from tests.chaos.stakes.stake import Stake
from tests.chaos.stakes.stand import AMOUNT, ENTRY, PLANNED, Stand, stood
from tests.chaos.stakes.venues import Acknowledges, Drops, Rests, at, sold_and_bought
from tests.chaos.trader import SECOND
from tests.engine.scene import PERP, SPOT, D, Proposes, Scene, lot, moment, proposal, rules, scene, strategy, view
from tests.engine.test_books import books, fill
from tests.engine.test_books import leaving as way_out


def _taken(of: Scene) -> None:
    asyncio.run(of.desk.take(moment(), view(moment())))


def _even(of: Scene) -> None:
    both = sold_and_bought(of, SPOT) + sold_and_bought(of, PERP)
    assert not both, "a leg stands alone at the venue"


# 20


def buys_by_amount(place: Path) -> None:
    """Row 20. What a won venue is told to buy is coins and not money: they are as many as were approved."""

    async def cheaper_than_planned(stand: Stand) -> None:
        stand.market.put(START, near_asks="94000000 9")
        await stand.judge(ENTRY)
        assert stand.held(NEAR) == AMOUNT, "not the approved amount was bought"
        assert stand.held(FAR) == -AMOUNT

    stood(cheaper_than_planned)


def told_by_cost(patch: pytest.MonkeyPatch) -> None:
    minted = Driver._order

    def order(self: Driver, place: Place, plan: Plan) -> Order:
        by_amount = minted(self, place, plan)
        if by_amount.side is Side.SELL or by_amount.instrument == FAR:
            return by_amount
        cost = by_amount.amount.at(plan.legs[place.leg].price)
        return replace(by_amount, limit=None, cost=cost)

    patch.setattr(Driver, "_order", order)


# 21


def waits_for_fills(place: Path) -> None:
    """Row 21. That an order was acknowledged says nothing of what traded: that is asked for."""
    of = at(Acknowledges, strategy(Proposes(proposal())), "0.4", "1", "1")
    _taken(of)
    _even(of)


def takes_an_ack_for_a_fill(patch: pytest.MonkeyPatch) -> None:
    def told(sent: Sent) -> Decimal:
        return Decimal(0) if isinstance(sent.outcome, Rejected | None) else sent.order.amount.value

    patch.setattr(Sent, "told", property(told))


def weighs_prices_by_amounts(place: Path) -> None:
    """Row 21. A lot's price is what all of it cost over all of it, however unevenly it was filled."""
    held = lot("a", "-1", "1")
    kept, way = books(held), way_out(held)
    kept.lots["a"] = replace(held, legs=tuple(LotLeg.unfilled(leg.instrument, leg.side) for leg in held.legs))
    kept.book_fill(fill("t1", SPOT, Side.SELL, "90", price="10"), way)
    kept.book_fill(fill("t2", SPOT, Side.SELL, "10", price="9"), way)
    average = kept.lots["a"].legs[0].entry_price(D("0.0001"), Rounding.HALF_EVEN)
    assert average == D("9.9"), "the average is not that of what traded"


def averages_prices(patch: pytest.MonkeyPatch) -> None:
    moved = LotLeg.moved

    def by_the_mean(self: LotLeg, base: Amount, cost: Amount) -> LotLeg:
        after = moved(self, base, cost)
        price = cost.value / base.value
        before = self.entered_cost.value / self.entered.value if self.entered.value else price
        return replace(after, entered_cost=Amount(after.entered.value * (before + price) / 2, cost.asset))

    patch.setattr(LotLeg, "moved", by_the_mean)


# 22


def compares_what_traded_with_what_was_ordered(place: Path) -> None:
    """Row 22. A venue that calls a part done has filled a part: the rest is tried again."""
    stood(_both_in_full, script={FAR.venue: {Verb.PLACE: [Fault.DONE_THOUGH_PARTIAL]}})


async def _both_in_full(stand: Stand) -> None:
    await stand.judge(ENTRY)
    first = next(each.outcome for each in stand.truth.arrived if each.order.instrument == FAR)
    assert isinstance(first, Filled)
    assert (first.final, first.filled.value < AMOUNT) == (True, True)
    assert (stand.held(NEAR), stand.held(FAR)) == (AMOUNT, -AMOUNT), "one leg has less than the other"


def trusts_the_word_done(patch: pytest.MonkeyPatch) -> None:
    def told(sent: Sent) -> Decimal:
        if isinstance(sent.outcome, Filled):
            return sent.order.amount.value if sent.outcome.final else sent.outcome.filled.value
        return Decimal(0)

    patch.setattr(Sent, "told", property(told))


# 23


def sends_no_other_while_one_may_live(place: Path) -> None:
    """Row 23. An order without an answer, and one that its venue does not know yet, may still trade: none is sent in
    its stead until it cannot arrive any more."""
    stood(_no_more_than_approved, script=_LATE, travel=replace(EVEN, late=(3 * SECOND, 3 * SECOND)))


_LATE = {NEAR.venue: {Verb.PLACE: [Fault.REQUEST_LATE]}}


async def _no_more_than_approved(stand: Stand) -> None:
    await stand.judge(ENTRY)
    await stand.clock.sleep_until(START + 60 * SECOND)
    bought = sum((one.amount.value for one in stand.traded(NEAR) if one.side is Side.BUY), Decimal(0))
    assert bought <= AMOUNT, "more was bought than was approved"
    assert stand.held(NEAR) == -stand.held(FAR)


def takes_silence_for_a_failure(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Sent, "over", property(lambda sent: sent.outcome is not None))


def takes_not_found_for_dead(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RequestWindow, "is_over", lambda *_: True)


# 24


def mints_one_id_for_one_intent(place: Path) -> None:
    """Row 24. A moment that is judged again, as after a restart, mints the ids of the first time, and trades nothing."""
    of = scene(strategy(Proposes(proposal())))
    _taken(of)
    _taken(of)
    assert sold_and_bought(of, SPOT) == -100, "one moment was carried out twice"


def mints_at_random(patch: pytest.MonkeyPatch) -> None:
    numbers = itertools.count(10**7)
    letters = str.maketrans("0123456789", "abcdefghij")
    patch.setattr(plan_of, "intent_id", lambda **_: f"{next(numbers):016}".translate(letters))


def uses_no_id_twice(place: Path) -> None:
    """Row 24. An id that a venue refused is spent: what is tried again has a fresh one."""

    async def refused_at_first(stand: Stand) -> None:
        await stand.judge(ENTRY)
        sent = [order.order.id for order in stand.truth.sent]
        assert len(sent) == len(set(sent)), "an id was sent twice"
        assert stand.held(FAR) == -AMOUNT

    stood(refused_at_first, spells={FAR.venue: [Spell(Fault.SUSPENDED, START, START + SECOND)]})


def uses_the_same_id_again(patch: pytest.MonkeyPatch) -> None:
    minted = driver.order_id
    patch.setattr(driver, "order_id", lambda **of: minted(**{**of, "attempt": 0}))


# 25


def reads_on_after_a_cancel(place: Path) -> None:
    """Row 25. What trades while a cancel is on its way counts, and the other leg follows it."""
    of = at(Rests, strategy(Proposes(proposal()), legs=rules(first=0)))
    _taken(of)
    assert sold_and_bought(of, SPOT) == -70
    _even(of)


def forgets_what_it_cancelled(patch: pytest.MonkeyPatch) -> None:
    cancel = Driver._cancel

    async def gone(self: Driver, order: Order) -> None:
        await cancel(self, order)
        ended = [_ended(s) if s.order.id == order.id else s for s in self.sent[order.intent_id]]
        self.sent[order.intent_id] = tuple(ended)

    patch.setattr(Driver, "_cancel", gone)


def _ended(sent: Sent) -> Sent:
    assert isinstance(sent.outcome, Filled)
    return replace(sent, outcome=replace(sent.outcome, final=True))


# 26


def sends_an_order_once(place: Path) -> None:
    """Row 26. A request that changes something is never sent again by itself, whatever broke on its way."""
    of = at(Drops, strategy(Proposes(proposal())))
    _taken(of)
    sent = [order.id for order in of.trace.of("place")]
    assert len(sent) == len(set(sent)), "an order was sent again"
    _even(of)


def tries_again_by_itself(patch: pytest.MonkeyPatch) -> None:
    async def send(self: Driver, order: Order, approved: Approved[Plan], since_ns: int, durable_ns: int) -> None:
        self.journal.sent(order, durable_ns, self.clock.now_ns())
        outcome: Outcome = Rejected(order, "gave up", "three times")
        for _ in range(3):
            try:
                outcome = await self.executors[order.instrument.venue].place(approved.carried_by(order))
                break
            except Exception:  # noqa: BLE001 - as it is usually written
                continue
        self._answer(approved.item, order, outcome)
        await self._list_fills(order, approved.item, since_ns)

    patch.setattr(Driver, "_send", send)


def asks_again_for_what_it_could_not_read(place: Path) -> None:
    """Row 26. A question that failed is asked again: it says nothing of the order."""
    of = scene(strategy(Proposes(proposal())), "lost", "1")
    _failing_at_first(of, "find", 1)
    _failing_at_first(of, "fills_since", 3)
    _taken(of)
    assert sold_and_bought(of, SPOT) == -100, "more was sold than was approved"
    _even(of)
    assert [leg.open.value for one in of.books.open_lots() for leg in one.legs] == [-100, 100]


def _failing_at_first(of: Scene, name: str, times: int) -> None:
    ask, left = getattr(of.venue, name), [times]

    async def asked(*what: Any) -> Any:
        left[0] -= 1
        if left[0] >= 0:
            raise TimeoutError("no answer in time")
        return await ask(*what)

    setattr(of.venue, name, asked)


def takes_a_failed_question_for_an_answer(patch: pytest.MonkeyPatch) -> None:
    def unknown(order: Order, error: Exception, before: Outcome | None = None) -> Outcome:
        return Rejected(order, "not_found", str(error))

    patch.setattr(driver, "_unknown", unknown)


# 28


def leaves_a_perpetual_with_reduce_only(place: Path) -> None:
    """Row 28. A position that somebody else closed meanwhile is not turned round by our own way out."""

    async def closed_twice(stand: Stand) -> None:
        await stand.judge(ENTRY)
        assert stand.held(FAR) == -AMOUNT
        closed = stand.truth.force(Forced.DELEVERAGING, FAR, AMOUNT, PLANNED[FAR], stand.clock.now_ns())
        assert closed is not None
        await stand.leave()
        assert stand.truth.books[FAR.venue].amount(FAR) <= 0, "the position was turned round"
        await stand.look()
        assert (stand.truth.books[FAR.venue].amount(FAR), stand.held(NEAR)) == (0, 0)

    stood(closed_twice)


def leaves_with_a_plain_order(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Driver, "_reduces", lambda *_: False)


# 30


def pays_no_more_than_its_band(place: Path) -> None:
    """Row 30. In a thin book an order stops at the owner's band, and each further try at its own rung's."""

    async def thin(stand: Stand) -> None:
        stand.market.put(START, near_asks="95000000 0.02, 95500000 0.02, 120000000 9")
        await stand.judge(ENTRY)
        widest = PLANNED[NEAR] * D("1.01")
        paid = [one.price.value for one in stand.traded(NEAR) if one.side is Side.BUY]
        assert len(paid) >= 2
        assert max(paid) <= widest, "more was paid than the owner's widest band"
        assert stand.held(NEAR) == -stand.held(FAR)

    stood(thin)


def pays_any_price(patch: pytest.MonkeyPatch) -> None:
    def limit_of(target: LegTarget, side: Side, band: Decimal, facts: InstrumentFacts) -> Price:
        far_off = target.price.value * (2 if side is Side.BUY else D("0.5"))
        return target.instrument.price(facts.ceil_price(far_off))

    patch.setattr(ladder, "limit_of", limit_of)


# 31


def leaves_nothing_resting(place: Path) -> None:
    """Row 31. Nothing of ours waits at a venue to be cancelled by it: every order trades at once or ends."""
    stood(_nothing_rests)


async def _nothing_rests(stand: Stand) -> None:
    await stand.judge(ENTRY)
    await stand.leave()
    assert len(stand.truth.sent) >= 2
    how = {sent.order.time_in_force for sent in stand.truth.sent}
    assert how == {TimeInForce.IOC}, "an order was sent to rest"
    assert (stand.held(NEAR), stand.held(FAR)) == (0, 0)


def posts_its_orders(patch: pytest.MonkeyPatch) -> None:
    minted = Driver._order

    def order(self: Driver, place: Place, plan: Plan) -> Order:
        return replace(minted(self, place, plan), time_in_force=TimeInForce.POST_ONLY)

    patch.setattr(Driver, "_order", order)


def takes_an_end_without_a_fill_for_what_it_is(place: Path) -> None:
    """Row 31. An order that a venue ended at once, unfilled, is nobody's order to stop: the next try has its turn."""
    of = scene(strategy(Proposes(proposal())), "1", "0", "1")
    _taken(of)
    assert of.desk.halted == [], "what a venue cancelled was taken for a person's word"
    _even(of)


def takes_it_for_a_persons_cancel(patch: pytest.MonkeyPatch) -> None:
    move = legs._move

    def stops(now: LegsNow) -> Next:
        cancelled = any(isinstance(s.outcome, Filled) and s.over and not s.filled for s in now.sent)
        return Next((), Phase.STUCK, cited=now.rules.band_cited) if cancelled else move(now)

    patch.setattr(legs, "_move", stops)


STAKES = (
    Stake(20, buys_by_amount, told_by_cost, "not the approved amount was bought"),
    Stake(21, waits_for_fills, takes_an_ack_for_a_fill, "a leg stands alone"),
    Stake(21, weighs_prices_by_amounts, averages_prices, "the average is not that of what traded"),
    Stake(22, compares_what_traded_with_what_was_ordered, trusts_the_word_done, "one leg has less than the other"),
    Stake(23, sends_no_other_while_one_may_live, takes_silence_for_a_failure, "more was bought than was approved"),
    Stake(23, sends_no_other_while_one_may_live, takes_not_found_for_dead, "more was bought than was approved"),
    Stake(24, mints_one_id_for_one_intent, mints_at_random, "one moment was carried out twice"),
    Stake(24, uses_no_id_twice, uses_the_same_id_again, "an id was sent twice"),
    Stake(25, reads_on_after_a_cancel, forgets_what_it_cancelled, "a leg stands alone"),
    Stake(26, sends_an_order_once, tries_again_by_itself, "an order was sent again"),
    Stake(26, asks_again_for_what_it_could_not_read, takes_a_failed_question_for_an_answer, "more was sold"),
    Stake(28, leaves_a_perpetual_with_reduce_only, leaves_with_a_plain_order, "the position was turned round"),
    Stake(30, pays_no_more_than_its_band, pays_any_price, "more was paid than the owner's widest band"),
    Stake(31, leaves_nothing_resting, posts_its_orders, "an order was sent to rest"),
    Stake(31, takes_an_end_without_a_fill_for_what_it_is, takes_it_for_a_persons_cancel, "a person's word"),
)
