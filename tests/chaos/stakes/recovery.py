"""Rows 45 and 56 to 59: what happened while nobody looked, by whose hand, and what was there before."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Insert, Table, insert, true

from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Denied, LegTarget, Plan, Proposal, ProposalKind
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.order_id import OrderId, order_id
from karb_core.domain.orders import Fill, Order, Outcome, Side
from karb_core.engine import catching_up, decide, deployable
from karb_core.engine.agreement import Agreement
from karb_core.engine.books import Books
from karb_core.engine.catching_up import CatchingUp
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.engine.leg_rules import LegRules
from karb_core.errors import AccountHeld
from karb_core.ledger import booking, lease
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Run
from karb_core.ports import Income
from karb_core.venue.forced import Forced
from karb_core.wiring import restart
from tests.chaos.places import FAR, NEAR
from tests.chaos.stakes.stake import Stake
from tests.chaos.stakes.stand import AMOUNT, ENTRY, PLANNED, Stand, stood
from tests.chaos.stakes.venues import sold_and_bought
from tests.engine.scene import (
    FACTS,
    NOW,
    PERP,
    SECOND,
    SPOT,
    D,
    Hand,
    Proposes,
    Scene,
    Scripted,
    Trace,
    lot,
    moment,
    proposal,
    scene,
    strategy,
    view,
)
from tests.engine.test_agreement import Watched, booked
from tests.engine.test_books import fill
from tests.ledger.test_lease import ME, OTHER
from tests.ledger.words import RUN
from tests.ledger.words import fill as ledger_fill

EXIT = proposal(ProposalKind.EXIT, "a")
LENT = Account("korbit", "ADA")


def _taken(of: Scene) -> None:
    asyncio.run(of.desk.take(moment(), view(moment())))


# 45


def answers_every_forced_close(place: Path) -> None:
    """Row 45. A close that the venue made by itself is known by its id, booked, and the coins are sold at once."""
    for why in Forced:
        stood(_closed_by(why))


def _closed_by(why: Forced) -> Any:
    async def body(stand: Stand) -> None:
        await stand.judge(ENTRY)
        closed = stand.truth.force(why, FAR, AMOUNT, PLANNED[FAR], stand.clock.now_ns())
        assert closed is not None
        assert stand.held(NEAR) == AMOUNT
        await stand.look()
        assert stand.held(NEAR) == 0, "the coins stand alone after a forced close"
        assert stand.desk.books.open_lots() == ()

    return body


def knows_no_forced_close(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Forced, "read", lambda _: None)


def knows_only_liquidations(patch: pytest.MonkeyPatch) -> None:
    known = Forced.LIQUIDATION
    patch.setattr(Forced, "read", lambda told: known if told.startswith(known.value) else None)


# 56


class _Killed(BaseException):
    """The process is gone."""


class _Life:
    """A process over a ledger, from what it finds there on. `venue`: the one that was there before."""

    def __init__(self, ledger: Ledger, *script: str, number: int = 1, venue: Scripted | None = None) -> None:
        of = strategy(Proposes(proposal()))
        was = restart.before(ledger, Whose("main", "test"), Holdings({LENT: D(100_000)}), FACTS, of.legs)
        self.unfinished = was.unfinished
        run = Run.started(
            strategy="test", account="main", mode="paper", rules_digest="r", assumptions_digest="a",
            started_at_ns=number,
        )  # fmt: skip
        self.journal, self.clock = ledger.begin(run, number), Hand()
        self.venue = venue or Scripted(Trace(), self.clock)
        self.venue.script = list(script)
        venues: Any = dict.fromkeys(("korbit", "dydx"), self.venue)
        driver = Driver(venues, self.journal, self.clock, was.books, FACTS, of.legs, "t1", dict)
        self.desk = Desk(of, was.books, driver, self.journal)
        was.into(self.desk)

    async def begin(self) -> None:
        await self.desk.recover(self.unfinished, view(moment()))
        await self.journal.durable()

    async def enter(self) -> None:
        await self.desk.take(moment(), view(moment()))
        await self.journal.durable()

    @property
    def shown(self) -> list[Decimal]:
        """What the books show to be open, by leg."""
        lots = self.desk.books.open_lots()
        return [sum((one.legs[leg].open.value for one in lots), Decimal(0)) for leg in (0, 1)]

    @property
    def true(self) -> list[Decimal]:
        """What the venue booked, by leg."""
        moved = [(fill.instrument, fill.moved.value) for fill in self.venue.booked]
        return [sum((value for at, value in moved if at == leg), Decimal(0)) for leg in (SPOT, PERP)]


def starts_with_what_it_holds(place: Path) -> None:
    """Row 56. What was entered before a restart is there after it, and the same moment enters nothing more."""

    async def day() -> None:
        first = _Life(ledger)
        await first.enter()
        second = _Life(ledger, number=2, venue=first.venue)
        await second.begin()
        assert second.shown == second.true == [-100, 100], "the desk starts without what it holds"
        await second.enter()
        assert second.true == [-100, 100]

    ledger = open_ledger(place / "karb.sqlite")
    asyncio.run(day())
    ledger.close()


def starts_with_nothing(patch: pytest.MonkeyPatch) -> None:
    def empty(ledger: Ledger, whose: Whose, inventory: Holdings, facts: Any, rules: LegRules) -> restart.Before:
        return restart.Before(Books(inventory, facts), {}, (), {}, frozenset())

    patch.setattr(restart, "before", empty)


def asks_what_became_of_each_order(place: Path) -> None:
    """Row 56. An order that was under way when the process was killed is asked about before anything else is done."""

    async def day() -> None:
        first = _Life(ledger)
        sent = first.venue.place
        first.venue.place = _cut_off_after(sent)  # type: ignore[method-assign]
        with suppress(_Killed):
            await first.enter()
        first.venue.place = sent  # type: ignore[method-assign]
        second = _Life(ledger, number=2, venue=first.venue)
        assert second.true == [-100, 100]
        await second.begin()
        assert second.shown == second.true, "nobody asked what became of an order that was under way"

    ledger = open_ledger(place / "karb.sqlite")
    asyncio.run(day())
    ledger.close()


def _cut_off_after(send: Any) -> Any:
    async def place(order: Approved[Order]) -> Outcome:
        outcome: Outcome = await send(order)
        if order.item.leg == 1:
            raise _Killed
        return outcome

    return place


def starts_with_its_books_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(restart, "_is_over", lambda *_: True)


def enters_nothing_until_the_books_agree(place: Path) -> None:
    """Row 56. Until each venue was held against the books, and while one shows something else, nothing is entered."""
    desk = Watched(scene(strategy(Proposes(proposal()))))
    desk.shows("12")
    desk.take()
    desk.look()
    desk.take(NOW + 1)
    assert desk.of.venue.booked == [], "something was entered though the books do not agree with the venue"
    desk.shows("0")
    desk.look()
    desk.take(NOW + 2)
    assert sold_and_bought(desk.of, PERP) == 100


def enters_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Agreement, "bars", lambda *_: iter(()))


# 57


def sells_no_more_coins_than_it_was_lent(place: Path) -> None:
    """Row 57. Of the coins at the venue only those that the owner lent are for selling."""
    of = scene(strategy(Proposes(proposal())))
    of.books.holdings = Holdings({LENT: D(60)})
    _taken(of)
    assert -sold_and_bought(of, SPOT) <= 60, "coins were sold that the owner did not lend"
    of.books.holdings = Holdings({LENT: D(100)})
    asyncio.run(of.desk.take(moment(NOW + 1), view(moment(NOW + 1))))
    assert sold_and_bought(of, SPOT) == -100


def sells_what_is_there(patch: pytest.MonkeyPatch) -> None:
    def free(
        balances: Mapping[Account, Decimal], reserved: Mapping[Account, Decimal], *_: Any
    ) -> dict[Account, Decimal]:
        return {where: max(free - reserved.get(where, Decimal(0)), Decimal(0)) for where, free in balances.items()}

    patch.setattr(deployable, "free_to_deploy", free)


def leaves_with_what_it_entered(place: Path) -> None:
    """Row 57. A way out sells what the lot bought, however many more of the coin are at the venue."""
    of = scene(strategy(Proposes(EXIT)), lots=(lot("a", "10", "-10", side="down"),))
    _taken(of)
    assert -sold_and_bought(of, SPOT) == 10, "a way out sold the owner's own coins"


def leaves_with_everything(patch: pytest.MonkeyPatch) -> None:
    planned = decide.way_out

    def all_of_it(case: Any, proposals: tuple[Proposal, ...], ordinal: int = 0) -> Plan | Denied:
        plan = planned(case, proposals, ordinal)
        return plan if isinstance(plan, Denied) else replace(plan, legs=tuple(_all(leg, case) for leg in plan.legs))

    def _all(leg: LegTarget, case: Any) -> LegTarget:
        there = case.account.free.get(Account(leg.instrument.venue, leg.instrument.base))
        return leg if there is None else replace(leg, amount=leg.instrument.amount(-there))

    patch.setattr(decide, "way_out", all_of_it)


def tells_of_other_hands(place: Path) -> None:
    """Row 57. A position that somebody else changed is not ours: it is told, booked nowhere, and stops entries."""
    desk = Watched(scene(strategy(Proposes(proposal()))))
    booked(desk, [fill("web-t", PERP, Side.SELL, "3", order_id="web_1")])
    desk.look()
    assert [one.order_id for one in desk.strangers] == ["web_1"], "nobody heard of a trade by other hands"
    assert desk.of.desk.halted
    assert desk.of.books.holdings.positions == {}


def takes_all_for_its_own(patch: pytest.MonkeyPatch) -> None:
    async def ours(self: CatchingUp, fill: Fill, now: Any) -> bool:
        return True

    patch.setattr(CatchingUp, "_take", ours)


# 58


def lets_one_process_have_an_account(place: Path) -> None:
    """Row 58. Who asks for an account that another process has is told so, and has nothing."""
    first, second = open_ledger(place / "karb.sqlite"), open_ledger(place / "karb.sqlite")
    lease.take(first, ME, at_ns=NOW, lives_ns=30 * SECOND)
    try:
        lease.take(second, OTHER, at_ns=NOW + SECOND, lives_ns=30 * SECOND)
    except AccountHeld:
        return
    finally:
        first.close()
        second.close()
    raise AssertionError("two processes have one account")


def lets_anybody_have_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(lease, "_may_be_taken", lambda *_: true())


def knows_another_karb_by_its_mark(place: Path) -> None:
    """Row 58. An order of our form with the mark of another ledger is another karb at this account: no entries."""
    desk = Watched(scene(strategy(Proposes(proposal()))))
    minted = order_id(mark="zz9", intent_id="strangerstranger", leg=0, attempt=0)
    booked(desk, [fill("x-t", SPOT, Side.SELL, "3", order_id=minted)])
    desk.look()
    desk.take(NOW + 1)
    assert len(desk.of.venue.booked) == 1, "something was entered beside another karb"


def takes_every_karb_for_itself(patch: pytest.MonkeyPatch) -> None:
    class NoMark:
        @staticmethod
        def read(written: str) -> OrderId | None:
            found = OrderId.read(written)
            return None if found is None else replace(found, mark="t1")

    patch.setattr(catching_up, "OrderId", NoMark)


# 59


def books_each_trade_once(place: Path) -> None:
    """Row 59. A fill that a venue lists again, as it does at every question, is booked once."""
    of = scene(strategy(Proposes(proposal())), "lost", "lost")
    _taken(of)
    assert len(of.trace.of("find")) >= 2
    assert of.books.holdings.position(PERP).amount == sold_and_bought(of, PERP), "a fill was booked twice"


def books_what_it_is_told(patch: pytest.MonkeyPatch) -> None:
    _forgetting(patch, "book_fill")


def _forgetting(patch: pytest.MonkeyPatch, name: str) -> None:
    book = getattr(Books, name)

    def books_again(self: Books, *of: Any) -> Any:
        self.seen.clear()
        return book(self, *of)

    patch.setattr(Books, name, books_again)


def books_each_settlement_once(place: Path) -> None:
    """Row 59. A settlement is booked once by the venue's id of it, also by a process that starts after it."""
    income = Income("f1", "funding", PERP, Amount(D("-1.25"), "USD"), NOW)

    async def day() -> list[Decimal]:
        first = _Life(ledger)
        await first.enter()
        first.desk.settle(income)
        first.desk.settle(income)
        await first.journal.durable()
        second = _Life(ledger, number=2, venue=first.venue)
        second.desk.settle(income)
        return [life.desk.books.holdings.balance("dydx", "USD").value for life in (first, second)]

    ledger = open_ledger(place / "karb.sqlite")
    paid = asyncio.run(day())
    ledger.close()
    assert paid == [D("-1.32")] * 2, "a settlement was booked twice"  # with the fee of 0.07


def books_every_settlement_it_is_told(patch: pytest.MonkeyPatch) -> None:
    _forgetting(patch, "book_income")


def leaves_a_row_as_it_was(place: Path) -> None:
    """Row 59. What is told again, with another fee or none, leaves the ledger as it was, to the byte."""
    ledger = open_ledger(place / "karb.sqlite")
    journal = ledger.begin(RUN, 5)
    whole = [("lot1", SPOT.amount(D("-2.50")))]
    journal.fill(ledger_fill(), whole)
    journal.flush()
    before = _dump(ledger)
    journal.fill(ledger_fill(fee=D(0)), whole)
    journal.flush()
    after = _dump(ledger)
    ledger.close()
    assert after == before, "a row changed that was booked before"


def _dump(ledger: Ledger) -> list[str]:
    with ledger.reading() as connection:
        file: Any = connection.connection.driver_connection
        return list(file.iterdump())


def writes_over_what_was_there(patch: pytest.MonkeyPatch) -> None:
    def over(connection: Connection, table: Table) -> Insert:
        return insert(table).prefix_with("OR REPLACE")

    patch.setattr(booking, "_new_only", over)


STAKES = (
    Stake(45, answers_every_forced_close, knows_no_forced_close, "alone after a forced close"),
    Stake(45, answers_every_forced_close, knows_only_liquidations, "alone after a forced close"),
    Stake(56, starts_with_what_it_holds, starts_with_nothing, "starts without what it holds"),
    Stake(56, asks_what_became_of_each_order, starts_with_its_books_alone, "nobody asked what became"),
    Stake(56, enters_nothing_until_the_books_agree, enters_at_once, "the books do not agree"),
    Stake(57, sells_no_more_coins_than_it_was_lent, sells_what_is_there, "the owner did not lend"),
    Stake(57, leaves_with_what_it_entered, leaves_with_everything, "sold the owner's own coins"),
    Stake(57, tells_of_other_hands, takes_all_for_its_own, "nobody heard of a trade by other hands"),
    Stake(58, lets_one_process_have_an_account, lets_anybody_have_it, "two processes have one account"),
    Stake(58, knows_another_karb_by_its_mark, takes_every_karb_for_itself, "entered beside another karb"),
    Stake(59, books_each_trade_once, books_what_it_is_told, "a fill was booked twice"),
    Stake(59, books_each_settlement_once, books_every_settlement_it_is_told, "a settlement was booked twice"),
    Stake(59, leaves_a_row_as_it_was, writes_over_what_was_there, "a row changed that was booked before"),
)
