"""What a desk lets go of, to the nanosecond, and what it never lets go of."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from karb_core.domain.amount import Amount
from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument
from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Fill, Side
from karb_core.engine.catching_up import CatchingUp
from karb_core.engine.forgetting import KEPT_NS, Horizon, forget
from karb_core.ports import Fired, Income
from tests.engine.scene import (
    LEGS,
    NOW,
    PERP,
    SECOND,
    SPOT,
    Proposes,
    Scene,
    lot,
    moment,
    proposal,
    scene,
    strategy,
    view,
)
from tests.engine.test_books import fill

NEVER = 10**19
DAY = KEPT_NS


def entered(*script: str) -> Scene:
    of = scene(strategy(Proposes(proposal())), *script)
    asyncio.run(of.desk.take(moment(), view(moment())))
    return of


def later(
    of: Scene, *, now_ns: int = NEVER, listed: Mapping[str, int] | None = None, judged: Mapping[Instrument, int] | None = None
) -> None:  # fmt: skip
    everywhere = {leg.venue: NEVER for leg in LEGS} if listed is None else listed
    forget(of.desk, Horizon(now_ns, everywhere, dict.fromkeys(LEGS, NEVER) if judged is None else judged))


def last_sent_ns(of: Scene) -> int:
    return max(s.sent_ns for sent in of.desk.driver.sent.values() for s in sent)


@pytest.mark.parametrize(("more_ns", "left"), [(0, 1), (1, 0)])
def test_an_intent_stays_for_a_day_after_its_last_order(more_ns: int, left: int) -> None:
    of = entered()
    later(of, now_ns=last_sent_ns(of) + DAY + more_ns)
    assert len(of.desk.driver.sent) == left


@pytest.mark.parametrize(("more_ns", "left"), [(0, 1), (1, 0)])
def test_an_intent_stays_until_its_pair_was_judged_a_day_beyond_it(more_ns: int, left: int) -> None:
    of = entered()
    later(of, judged={SPOT: NEVER, PERP: last_sent_ns(of) + DAY + more_ns})
    assert len(of.desk.driver.sent) == left


def test_an_intent_in_what_no_pair_trades_stays() -> None:
    of = entered()
    later(of, judged={SPOT: NEVER})
    assert len(of.desk.driver.sent) == 1


def test_what_is_decided_again_within_the_day_gets_an_id_of_its_own() -> None:
    of = entered("no", "no")
    later(of, now_ns=last_sent_ns(of) + DAY)
    # The scripted venue takes no id twice.
    asyncio.run(of.desk.take(moment(), view(moment())))
    assert [order.id[-1] for order in of.trace.of("place")] == ["0", "0", "1", "1"]


def test_an_order_of_which_nobody_knows_what_became_stays_and_so_does_why_it_is_stuck() -> None:
    of, stuck = entered("1", "no"), "/execution/on_unknown/then"
    [(intent, sent)] = of.desk.driver.sent.items()
    of.desk.driver.sent[intent] = (replace(sent[0], outcome=None), *sent[1:])
    of.desk.carrier.stuck[intent] = (stuck, (intent,))
    later(of)
    assert list(of.desk.driver.sent) == [intent]
    assert of.desk.still == {stuck: Halt.NO_ENTRIES}


def test_what_was_stuck_and_has_come_to_its_end_goes() -> None:
    of = entered("no", "no")
    intent = next(iter(of.desk.driver.sent))
    of.desk.carrier.stuck[intent] = ("/execution/on_one_leg", (intent,))
    later(of)
    assert (of.desk.carrier.stuck, of.desk.driver.sent) == ({}, {})


def test_while_the_ledger_cannot_be_written_everything_stays() -> None:
    of = entered("no", "no")
    of.desk.driver.unwritten = OSError("the disk is full")
    later(of)
    assert len(of.desk.driver.sent) == len(of.books.left) == 1


@pytest.mark.parametrize(("more_ns", "known"), [(0, True), (1, False)])
def test_a_fill_is_known_for_a_day_before_what_is_listed_again(more_ns: int, known: bool) -> None:
    of = entered()
    keys = [key for key in of.books.seen if key[0] == SPOT.venue]
    later(of, listed={SPOT.venue: of.books.seen[keys[0]] + DAY + more_ns})
    assert [key in of.books.seen for key in keys] == [known]
    assert all(key in of.books.seen for key in of.books.seen if key[0] == PERP.venue)


def test_fills_stay_known_from_a_day_before_the_first_order_of_what_is_under_way() -> None:
    of = entered()
    intent, sent = next(iter(of.desk.driver.sent.items()))
    before = dict(of.books.seen)
    of.desk.carrier.working["ADA"] = intent
    of.books.seen |= {("korbit", "old"): sent[0].sent_ns - DAY - 1, ("korbit", "edge"): sent[0].sent_ns - DAY}
    later(of)
    assert of.books.seen == before | {("korbit", "edge"): sent[0].sent_ns - DAY}


def test_a_lot_that_came_to_nothing_stays_while_its_pair_is_at_work() -> None:
    of = scene(strategy(Proposes()))
    of.books.left = {"a": lot("a", "-30", "30")}
    of.desk._busy.add("ADA")
    later(of)
    assert list(of.books.left) == ["a"]
    of.desk._busy.clear()
    later(of)
    assert of.books.left == {}


@pytest.mark.parametrize(("more_ns", "left"), [(0, ["a"]), (1, [])])
def test_a_lot_that_closed_is_there_to_be_told_of_for_a_day(more_ns: int, left: list[str]) -> None:
    way = proposal(proposal().kind.EXIT, "a")
    of = scene(strategy(Proposes(way)), lots=(lot("a", "-30", "30"),))
    asyncio.run(of.desk.take(moment(), view(moment())))
    later(of, now_ns=of.books.closed[0].closed_at_ns + DAY + more_ns)
    assert [closed.lot.id for closed in of.books.closed] == left


def test_entries_that_fired_are_forgotten_up_to_the_last_complete_one_of_their_tier_and_not_while_at_work() -> None:
    of = scene(strategy(Proposes()))
    fired = [Fired("normal", NOW + at, None, complete=at % 2 == 1) for at in range(5)]
    for one in fired:
        of.books.fire("ADA", one)
    of.desk._busy.add("ADA")
    later(of)
    assert of.books.standing("ADA").fired == tuple(fired)
    of.desk._busy.clear()
    later(of)
    assert of.books.standing("ADA").fired == tuple(fired[3:])
    assert of.books.standing("ADA").spent("normal")


class Listing:
    """A venue that lists everything whenever it is asked, and notes from when it was asked."""

    def __init__(self, fills: Sequence[Fill] = (), incomes: Sequence[Income] = ()) -> None:
        self.fills, self.incomes, self.asked = fills, incomes, list[int]()

    async def fills_since(self, at_ns: int) -> Sequence[Fill]:
        return self.fills

    async def income_since(self, at_ns: int) -> Sequence[Income]:
        self.asked.append(at_ns)
        return self.incomes

    async def positions(self) -> Any:
        return {}


def watching(of: Scene, venue: Any, heard: list[Fill]) -> CatchingUp:
    return CatchingUp(of.desk, {PERP.venue: venue}, {PERP.venue: NOW}, stranger=heard.append)


def look(watch: CatchingUp) -> None:
    asyncio.run(watch.look(lambda: ((), view(moment()))))


def test_what_is_listed_for_ever_is_booked_and_told_once_whatever_is_forgotten() -> None:
    of = scene(strategy(Proposes()), lots=(lot("a", "-30", "30"),))
    closed = fill("c-t", PERP, Side.SELL, "30", fee="0", order_id="autoclose-ADA-USD-1")
    web = fill("web-t", PERP, Side.BUY, "1", fee="0", order_id="web_1")
    venue = Listing([closed, web])
    heard: list[Fill] = []
    watch = watching(of, venue, heard)
    look(watch)
    held = of.books.holdings
    for day in (2, 4):
        venue.fills = [*venue.fills, replace(web, venue_trade_id=f"web-{day}", venue_at_ns=NOW + day * DAY)]
        look(watch)
        later(of, listed=watch.listed_ns())
    look(watch)
    assert (of.books.holdings, len(heard)) == (held, 3)
    assert (PERP.venue, "c-t") not in of.books.seen


def test_settlements_move_from_when_they_are_asked_for_and_a_late_one_is_still_found() -> None:
    of = scene(strategy(Proposes()), lots=(lot("a", "-30", "30"),))

    def paid(name: str, at_ns: int) -> Income:
        return Income(name, "funding", PERP, Amount(Decimal(1), "USD"), at_ns)

    venue = Listing(incomes=[paid("f1", NOW + 30 * DAY)])
    watch = watching(of, venue, [])
    look(watch)
    venue.incomes = [*venue.incomes, paid("late", NOW + 29 * DAY), paid("too late", NOW + 29 * DAY - 1)]
    look(watch)
    assert venue.asked == [NOW, NOW + 29 * DAY]
    assert watch.listed_ns() == {PERP.venue: NOW - 60 * SECOND}
    assert [booked.income_id for booked in of.trace.of("income")] == ["f1", "late"]


def test_however_often_others_trade_there_is_one_reason_for_each_instrument_and_mark_until_somebody_resumes() -> None:
    of, heard = scene(strategy(Proposes())), list[Fill]()
    venue = Listing()
    watch = watching(of, venue, heard)

    def traded(*names: str) -> None:
        venue.fills = [fill(f"{name}-t", PERP, Side.BUY, "1", fee="0", order_id=name) for name in names]
        look(watch)

    traded(*(f"web_{number}" for number in range(20)))
    karbs = [
        order_id(mark=mark, intent_id="strangerstranger", leg=0, attempt=at) for mark in ("y", "z") for at in (0, 1)
    ]
    traded("web_20", *karbs)
    named = [f"a trade by other hands: {PERP.text()} {name}" for name in ("web_0", karbs[0], karbs[2])]
    assert (len(heard), of.desk.halted) == (25, named)
    asyncio.run(of.desk.resume("seen", "the owner", NOW))
    assert of.desk.halts.strength() is Halt.NONE
    traded("web_21", "web_22")
    assert of.desk.halted == [f"a trade by other hands: {PERP.text()} web_21"]
    assert of.desk.halts.strength() is Halt.NO_ENTRIES
