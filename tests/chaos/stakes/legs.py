"""Rows 32 to 38: two legs, from the plan until nothing of the lot is open."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Passed, Plan, Proposal, ProposalKind
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Fill, Order
from karb_core.engine import carrier, decide, driver, ladder, legs
from karb_core.engine.carrier import Carrier
from karb_core.engine.decide import Decided
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.engine.leg_rules import LadderRung, Rung
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.next_step import Next, Phase, Place
from karb_core.engine.sent import Sent
from karb_core.engine.strategy import GateSeat, Strategy
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose
from karb_core.ports import Judgement, MarketView, Moment, Standing, Terms
from karb_core.wiring import restart
from karb_gates.max_order import MaxOrder
from tests.chaos.stakes.stake import Stake, unbroken
from tests.chaos.stakes.venues import Alone, Drops, Rests, Slow, at, sold_and_bought, words
from tests.engine.scene import (
    FACTS,
    LADDER,
    NOW,
    PERP,
    SECOND,
    SPOT,
    TERMS,
    D,
    Hand,
    Proposes,
    Scene,
    Sizes,
    cited,
    lot,
    moment,
    plan,
    proposal,
    rules,
    scene,
    strategy,
    target,
    top,
    view,
)
from tests.engine.test_legs import sent
from tests.wiring.steered import ACCOUNT, Steered, started

ENTRY, EXIT = proposal(), proposal(ProposalKind.EXIT, "a")
HELD = lot("a", "-10", "10")
_STANDS = SECOND // 4


def _taken(of: Scene) -> None:
    asyncio.run(unbroken(of.desk.take(moment(), view(moment()))))


def _even(of: Scene) -> None:
    assert sold_and_bought(of, SPOT) == -sold_and_bought(of, PERP), "a leg stands alone at the venue"


# 32


class _InThenOut(Proposes):
    def judge(self, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
        return Judgement((ENTRY if moment.at_ns == NOW else EXIT,))


def does_one_thing_at_a_time(place: Path) -> None:
    """Row 32. Of one pair nothing is bought while something is being sold: our orders never face each other."""
    of = at(Slow, strategy(_InThenOut()), lots=(HELD,))
    venue: Any = of.venue

    async def both() -> None:
        later = moment(NOW + 1)
        took = (of.desk.take(moment(), view(moment())), of.desk.take(later, view(later)))
        await asyncio.gather(*took, return_exceptions=True)  # what reached the venue counts, however that ended

    asyncio.run(both())
    assert venue.faced == [], "two of our orders faced each other"
    assert sold_and_bought(of, SPOT)


def does_whatever_comes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Desk, "busy", lambda *_: False)


def leaves_with_all_lots_at_once(place: Path) -> None:
    """Row 32. Lots that leave together are netted into one order for each leg, and share what it fills."""
    ways = Proposes(EXIT, proposal(ProposalKind.EXIT, "b"))
    of = scene(strategy(ways), lots=(HELD, lot("b", "-20", "20")))
    _taken(of)
    assert len(of.trace.of("place")) == 2, "each lot went to the market by itself"
    assert (of.books.lots, sold_and_bought(of, SPOT)) == ({}, 30)


def leaves_lot_by_lot(patch: pytest.MonkeyPatch) -> None:
    def exits(case: Any, proposals: list[Proposal]) -> list[Decided]:
        return [decide._leave(case, (each,), ordinal) for ordinal, each in enumerate(proposals)]

    patch.setattr(decide, "_exits", exits)


# 33


def is_open_once_both_legs_are(place: Path) -> None:
    """Row 33. That both orders were answered is no end: it works on until what filled on both legs is the same."""
    of = scene(strategy(Proposes(ENTRY)), "1", "0.3", "1")
    _taken(of)
    _even(of)


def is_done_when_both_have_answered(patch: pytest.MonkeyPatch) -> None:
    begin = driver.next_actions
    patch.setattr(driver, "next_actions", lambda now: Next((), Phase.DONE) if now.sent else begin(now))


def is_closed_once_both_legs_are(place: Path) -> None:
    """Row 33. A lot of which one leg came back and the other did not stays open, and stops the desk."""
    of = scene(strategy(Proposes(EXIT)), "1", *["no"] * 4, lots=(HELD,))
    _taken(of)
    assert "a" in of.books.lots, "a lot was closed though a leg of it is open"
    assert of.desk.halted


def is_closed_when_one_leg_is(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Lot, "flat", property(lambda lot: any(not leg.open.value for leg in lot.legs)))


# 34


def begins_with_the_leg_the_file_names(place: Path) -> None:
    """Row 34. Where the file says which leg goes first, the other waits for what it gets."""
    of = scene(strategy(Proposes(ENTRY), legs=rules(first=1)), "no")
    _taken(of)
    assert [order.instrument for order in of.trace.of("place")] == [PERP], "a leg did not wait for the first"


def begins_with_both(patch: pytest.MonkeyPatch) -> None:
    begin = legs._begin
    patch.setattr(legs, "_begin", lambda now: begin(replace(now, rules=replace(now.rules, first=None))))


def holds_one_leg_alone_no_longer_than_the_file_says(place: Path) -> None:
    """Row 34. How long one leg may stand alone counts from its first fill, however often the other is tried."""
    of = scene(strategy(Proposes(ENTRY)), "1", *["no"] * 999)
    _moving(of)
    _taken(of)
    assert len(of.trace.of("place")) > 9
    assert of.desk.halted == ["/execution/on_one_leg/halt"]


class _Woken(Hand):
    """Somebody wakes it each half second, for there are new prices."""

    async def sleep_until(self, at_ns: int | None) -> None:
        assert self.now - NOW <= rules().unhedged_ns, "one leg stood alone for longer than the file allows"
        soon = self.now + SECOND // 2
        await super().sleep_until(soon if at_ns is None else min(soon, at_ns))


def _moving(of: Scene) -> None:
    """In a market that never stands still."""
    clock = of.desk.driver.clock = _Woken()
    of.desk.driver.tops = lambda: {leg: top(leg, at_ns=clock.now // _STANDS * _STANDS) for leg in (SPOT, PERP)}


def counts_from_the_last_try(patch: pytest.MonkeyPatch) -> None:
    def until(rung: LadderRung, tried: list[Sent], end_ns: int, now: LegsNow) -> int:
        return (tried[-1].sent_ns if tried else now.now_ns) + rung.for_ns

    patch.setattr(ladder, "_until", until)


def never_holds_more_alone_than_the_file_says(place: Path) -> None:
    """Row 34. A file bounds how much may stand alone: by `gates.max_order` no leg is ever larger, and none goes first."""
    gate = MaxOrder(MaxOrder.Params.model_validate({"most": ["60 ADA"]}))
    seat = GateSeat("max_order", gate, frozenset({"entry"}), lambda name: cited(f"/risk_gates/0/with/{name}"))
    for planned, entered in (("60", "60"), ("61", "0")):
        sizes = Sizes(target(SPOT, f"-{planned}"), target(PERP, planned))
        of = at(Alone, strategy(Proposes(ENTRY), sizes, gates=(seat,)))
        _taken(of)
        venue: Any = of.venue
        assert venue.most <= D(60), "more stood alone than the file allows"
        assert -sold_and_bought(of, SPOT) == sold_and_bought(of, PERP) == D(entered)


def asks_nobody_how_much(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MaxOrder, "check", lambda self, *asked: Passed())


# 35


def treats_an_error_as_an_answer_that_never_came(place: Path) -> None:
    """Row 35. An error while one leg is sent goes the way of every outcome: the legs are brought even all the same."""
    of = at(Drops, strategy(Proposes(ENTRY)), "1", "0.3", "1")
    _taken(of)
    _even(of)


def lets_an_error_out(patch: pytest.MonkeyPatch) -> None:
    async def send(self: Driver, order: Order, approved: Approved[Plan], since_ns: int) -> None:
        outcome = await self.executors[order.instrument.venue].place(approved.carried_by(order))
        self._answer(approved.item, order, outcome)
        await self._list_fills(order, approved.item, since_ns)

    patch.setattr(Driver, "_send", send)


def comes_to_an_end(place: Path) -> None:
    """Row 35. A leg that cannot be had is tried as often as the file says; then what leads is traded back."""
    of = scene(strategy(Proposes(ENTRY)))
    _moving(of)
    words(of, {SPOT: ["1", "1"], PERP: ["no"] * 150})
    _taken(of)
    tried = [order for order in of.trace.of("place") if order.instrument == PERP]
    assert len(tried) < 100, "the other leg was tried for ever"
    _even(of)


def tries_for_ever(patch: pytest.MonkeyPatch) -> None:
    def climb(now: LegsNow) -> Next:
        wanted = now.lacking()
        places = [ladder.order_for(i, much, now.rules.ladder[0], 0, now) for i, much in wanted.items()]
        return Next(tuple(places), Phase.WORKING)

    patch.setattr(legs, "climb", climb)


def weighs_the_way_on_against_the_way_back(place: Path) -> None:
    """Row 35. Where the owner says so, what lacks is bought only while trading back what leads costs no less."""
    weighs = tuple(replace(each, if_cheaper=each.rung is Rung.RETRY) for each in LADDER)
    now = LegsNow(
        plan(), (sent(0, "100"), sent(1, "30")), NOW, {SPOT: top(SPOT, "10"), PERP: top(PERP, "10.04")}, FACTS,
        rules(ladder=weighs),
    )  # fmt: skip
    (way,) = ladder.climb(now).actions
    assert isinstance(way, Place)
    assert way.leg == 0, "the dearer of two ways was taken"


def weighs_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ladder, "completing_costs_more", lambda now: False)


# 36


def follows_each_part(place: Path) -> None:
    """Row 36. What has filled of the first leg is hedged while the rest of it still waits."""
    of = at(Rests, strategy(Proposes(ENTRY), legs=rules(first=0)))
    venue: Any = of.venue
    venue.hears = 4
    _taken(of)
    first = next(order for order in of.trace.of("place") if order.instrument == PERP)
    assert first.amount.value == 40, "the other leg waited for the end of the first"
    _even(of)


def follows_at_the_end(patch: pytest.MonkeyPatch) -> None:
    move = legs._move

    def waits(now: LegsNow) -> Next:
        return move(now) if all(s.over for s in now.sent) else Next((), Phase.WORKING)

    patch.setattr(legs, "_move", waits)


def acquires_no_more_than_it_can_hedge(place: Path) -> None:
    """Row 36. While the other leg cannot be had, no more is taken of the one that leads."""
    of = scene(strategy(Proposes(ENTRY)))
    words(of, {SPOT: ["0.4", "1", "1"], PERP: ["no"] * 9})
    _taken(of)
    sold = sum((-fill.moved.value for fill in of.venue.booked if fill.moved.value < 0), Decimal(0))
    assert sold == 40, "more was taken while the hedge could not be placed"


def acquires_what_was_planned(patch: pytest.MonkeyPatch) -> None:
    def lacking(self: LegsNow) -> dict[int, Decimal]:
        whole = {i: abs(leg.amount.value) - self.filled(i) for i, leg in enumerate(self.plan.legs)}
        return {i: missing for i, missing in whole.items() if missing > 0}

    patch.setattr(LegsNow, "lacking", lacking)


# 37


def has_nothing_before_it_fills(place: Path) -> None:
    """Row 37. An entry that every venue refused is no position, in no book."""
    of = scene(strategy(Proposes(ENTRY)), "no", "no")
    _taken(of)
    assert of.books.open_lots() == (), "the books show what never traded"


def books_what_it_is_about_to_do(patch: pytest.MonkeyPatch) -> None:
    unfilled = carrier._unfilled

    def opened(of: Strategy, plan: Plan, view: MarketView) -> Lot:
        legs = zip(unfilled(of, plan, view).legs, plan.legs, strict=True)
        filled = tuple(leg.moved(to.amount, to.amount.at(to.price)) for leg, to in legs)
        return replace(unfilled(of, plan, view), legs=filled)

    patch.setattr(carrier, "_unfilled", opened)


def holds_what_its_rows_say(place: Path) -> None:
    """Row 37. What a desk holds is what its ledger's fills add up to, to the last fee."""
    desk = _after_an_entry(place)
    was = _told_again(place)
    assert was.books.holdings == desk.desk.books.holdings, "the books are not what the fills add up to"
    assert was.books.lots == desk.desk.books.lots


def _after_an_entry(place: Path) -> Steered:
    ledger = open_ledger(place / "karb.sqlite")
    desk = started(ledger, "1", "0.3", "1")

    async def day() -> None:
        await desk.obeying.look()
        await desk.desk.take(moment(), view(moment()))
        await desk.desk.journal.durable()

    asyncio.run(day())
    ledger.close()
    return desk


def _told_again(place: Path) -> restart.Before:
    ledger = open_ledger(place / "karb.sqlite")
    held = Holdings({Account("korbit", "ADA"): D(100_000)})
    was = restart.before(ledger, Whose(ACCOUNT, TERMS.strategy), held, FACTS, rules())
    ledger.close()
    return was


def books_what_the_answer_says(patch: pytest.MonkeyPatch) -> None:
    async def from_the_answer(self: Driver, order: Order, plan: Plan, since_ns: int) -> None:
        sent = self._sent(plan, order)
        if not sent.filled or order.limit is None:
            return
        told = Fill(
            order_id=order.id, venue_trade_id=order.id, instrument=order.instrument, side=order.side,
            amount=order.instrument.amount(sent.filled), price=order.limit, fee=Amount.zero(order.instrument.quote),
            venue_at_ns=since_ns, received_at_ns=since_ns,
        )  # fmt: skip
        self.books.book_fill(told, plan)

    patch.setattr(Driver, "_list_fills", from_the_answer)


# 38


def keeps_a_lot_until_it_is_flat(place: Path) -> None:
    """Row 38. A lot whose way out came to nothing is there as before, and is left at the next moment."""
    of = scene(strategy(Proposes(EXIT)), "no", "no", lots=(HELD,))
    _taken(of)
    assert of.books.lots == {"a": HELD}, "a lot is gone from the books though nothing of it traded"
    later = moment(NOW + SECOND)
    asyncio.run(of.desk.take(later, view(later)))
    assert of.books.lots == {}


def forgets_a_lot_when_its_order_goes(patch: pytest.MonkeyPatch) -> None:
    followed = Carrier._followed

    async def forgets(self: Carrier, approved: Approved[Plan], *rest: Any) -> Next:
        for share in approved.item.shares:
            self.books.left[share.lot_id] = self.books.lots.pop(share.lot_id)
        return await followed(self, approved, *rest)

    patch.setattr(Carrier, "_followed", forgets)


STAKES = (
    Stake(32, does_one_thing_at_a_time, does_whatever_comes, "two of our orders faced each other"),
    Stake(32, leaves_with_all_lots_at_once, leaves_lot_by_lot, "each lot went to the market by itself"),
    Stake(33, is_open_once_both_legs_are, is_done_when_both_have_answered, "a leg stands alone"),
    Stake(33, is_closed_once_both_legs_are, is_closed_when_one_leg_is, "a leg of it is open"),
    Stake(34, begins_with_the_leg_the_file_names, begins_with_both, "a leg did not wait for the first"),
    Stake(34, holds_one_leg_alone_no_longer_than_the_file_says, counts_from_the_last_try, "longer than the file"),
    Stake(34, never_holds_more_alone_than_the_file_says, asks_nobody_how_much, "more stood alone than the file allows"),
    Stake(35, treats_an_error_as_an_answer_that_never_came, lets_an_error_out, "an error came out"),
    Stake(35, comes_to_an_end, tries_for_ever, "the other leg was tried for ever"),
    Stake(35, weighs_the_way_on_against_the_way_back, weighs_nothing, "the dearer of two ways was taken"),
    Stake(36, follows_each_part, follows_at_the_end, "waited for the end of the first"),
    Stake(36, acquires_no_more_than_it_can_hedge, acquires_what_was_planned, "the hedge could not be placed"),
    Stake(37, has_nothing_before_it_fills, books_what_it_is_about_to_do, "what never traded"),
    Stake(37, holds_what_its_rows_say, books_what_the_answer_says, "not what the fills add up to"),
    Stake(38, keeps_a_lot_until_it_is_flat, forgets_a_lot_when_its_order_goes, "though nothing of it traded"),
)
