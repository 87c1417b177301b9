"""A desk from judgement to books: what is written, what is sent, in which order, and what stops what."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from karb_core.domain.decisions import Cause, DecisionKind, Denied, Passed, ProposalKind
from karb_core.domain.halt import Halt
from karb_core.domain.holdings import Account
from karb_core.domain.orders import Fill, Order, Side
from karb_core.engine.carried import Carried
from karb_core.engine.next_step import Phase
from karb_core.engine.strategy import GateSeat
from karb_core.ports import AccountView, Income, Moment, Standing
from karb_core.ports.recorder import Free
from tests.engine.scene import (
    NOW,
    PERP,
    SPOT,
    Proposes,
    Scene,
    Sizes,
    cited,
    lot,
    moment,
    proposal,
    rules,
    scene,
    strategy,
    target,
    view,
)
from tests.engine.test_gatehouse import Answers

ENTRY = proposal()
EXIT = proposal(ProposalKind.EXIT, "a")


def take(of: Scene, at_ns: int = NOW) -> tuple[Carried, ...]:
    seen = moment(at_ns)
    return asyncio.run(of.desk.take(seen, view(seen)))


def kinds(of: Scene) -> list[str]:
    return [kind for kind, _ in of.trace.events]


def gate(answer: Any, *at: str) -> GateSeat:
    return GateSeat("g", Answers(answer), frozenset(at), lambda n: cited(f"/risk_gates/0/with/{n}"))


NO = Denied("limit", "6s", "5s")


def test_an_order_is_written_and_durable_before_it_is_sent() -> None:
    desk = scene(strategy(Proposes(ENTRY)))
    take(desk)
    assert kinds(desk) == ["decision", "lot", "order", "order", "durable", *["place", "outcome", "fill"] * 2]
    orders, placed = desk.trace.of("order"), desk.trace.of("place")
    assert orders == placed
    assert {order.id for order in placed} == desk.journal.safe


@pytest.mark.parametrize(
    "script", [("1", "0.5", "1"), ("1", "no", "0", "0.3", "0.7"), ("lost", "1"), ("1", "silent", "1")]
)
def test_each_order_was_safe_before_it_left_whatever_the_venue_does(script: tuple[str, ...]) -> None:
    desk = scene(strategy(Proposes(ENTRY)), *script)
    take(desk)
    written: set[str] = set()
    safe: set[str] = set()
    for kind, what in desk.trace.events:
        if kind == "order":
            written.add(what.id)
        elif kind == "durable":
            safe |= written
        elif kind == "place":
            assert what.id in safe
    ids = [order.id for order in desk.trace.of("place")]
    assert len(set(ids)) == len(ids)


def test_a_lost_answer_is_asked_about_and_never_sent_again() -> None:
    desk = scene(strategy(Proposes(ENTRY)), "lost", "lost")
    (told,) = take(desk)
    assert told.end is not None
    assert told.end.phase is Phase.DONE
    assert len(desk.trace.of("place")) == 2
    assert {order.id for order in desk.trace.of("find")} == {order.id for order in desk.trace.of("place")}
    (entered,) = desk.books.lots.values()
    assert [leg.open.text() for leg in entered.legs] == ["-100 ADA", "100 ADA"]


def test_an_order_that_nobody_can_tell_of_ends_by_the_owners_word() -> None:
    """A venue that goes on saying nothing is asked for as long as the owner says, not for ever."""
    desk = scene(strategy(Proposes(ENTRY)), "silent", "0")

    async def never(order: Order) -> Any:
        desk.trace.events.append(("find", order))
        known = desk.trace.of("outcome")
        return next(o for o in known if o.order.id == order.id)

    desk.venue.find = never  # type: ignore[method-assign]
    (told,) = take(desk)
    assert told.end is not None
    assert (told.end.phase, told.end.cited) == (Phase.STUCK, rules().unknown_cited)
    assert desk.desk.halted == ["/execution/on_unknown/then"]


def test_a_leg_that_lacks_is_retried_and_each_fill_booked_once() -> None:
    desk = scene(strategy(Proposes(ENTRY)), "1", "0.3", "0.5", "1")
    (told,) = take(desk)
    assert told.end is not None
    assert told.end.phase is Phase.DONE
    assert [order.amount.text() for order in desk.trace.of("place")] == ["100 ADA", "100 ADA", "70 ADA", "35 ADA"]
    (entered,) = desk.books.lots.values()
    assert [leg.open.text() for leg in entered.legs] == ["-100 ADA", "100 ADA"]
    assert len({fill.venue_trade_id for fill, _ in desk.trace.of("fill")}) == len(desk.trace.of("fill")) == 4


def test_fills_after_a_wait_are_booked_though_the_venues_time_stood_still() -> None:
    """The second rung is sent two seconds later on our clock; over bars the venue fills it at the same open."""
    desk = scene(strategy(Proposes(ENTRY)), "1", "0", "0", "1")
    (told,) = take(desk)
    assert told.end is not None
    assert desk.clock.now > NOW + 2 * 10**9
    (entered,) = desk.books.lots.values()
    assert [leg.open.text() for leg in entered.legs] == ["-100 ADA", "100 ADA"]


def test_an_entry_that_was_unwound_leaves_no_lot_and_no_halt() -> None:
    desk = scene(strategy(Proposes(ENTRY)), "1", "no", "no", "no", "1")
    (told,) = take(desk)
    assert told.end is not None
    assert told.end.phase is Phase.DONE
    assert desk.books.lots == {}
    assert desk.desk.halted == []
    back = desk.trace.of("place")[-1]
    assert (back.instrument, back.side, back.amount.text()) == (SPOT, Side.BUY, "100 ADA")
    assert [closed.lot.legs[0].open.value for closed in desk.books.closed] == [0]


def test_an_entry_of_which_nothing_filled_is_not_spent() -> None:
    desk = scene(strategy(Proposes(proposal(tier="normal"))), "no", "no")
    take(desk)
    assert not desk.books.standing("ADA").spent("normal")
    assert desk.books.closed == []
    desk = scene(strategy(Proposes(proposal(tier="normal"))), "1", "1")
    take(desk)
    assert desk.books.standing("ADA").spent("normal")


def stuck() -> Scene:
    """A desk with a leg that could not be hedged nor traded back, beside a lot that is well."""
    desk = scene(strategy(Proposes(ENTRY)), "1", *["no"] * 4, lots=(lot("a", "-10", "10"),))
    (told,) = take(desk)
    assert told.end is not None
    assert told.end.phase is Phase.STUCK
    assert desk.trace.of("halt") == ["/execution/on_one_leg/halt"]
    return desk


def test_a_halted_desk_enters_nothing_and_still_leaves() -> None:
    desk = stuck()
    before = len(desk.trace.events)
    assert take(desk, NOW + 1) == ()
    assert len(desk.trace.events) == before
    desk.desk.strategy = strategy(Proposes(ENTRY, EXIT))
    told = take(desk, NOW + 2)
    assert [c.decided.decision.kind for c in told] == [DecisionKind.EXIT]
    assert [c.lot.id for c in desk.books.closed] == ["a"]


def test_a_denied_entry_is_written_and_nothing_is_sent() -> None:
    desk = scene(strategy(Proposes(ENTRY), gates=(gate(NO, "entry"),)), free="5")
    (told,) = take(desk)
    assert kinds(desk) == ["decision"]
    decision = told.decided.decision
    assert decision.kind is DecisionKind.REFUSAL
    # The money that is missing and the gate: every reason, not the first one.
    assert [d.rule for d in decision.denied] == ["/balances/korbit", "/balances/dydx", "/risk_gates/0/with/limit"]
    assert {d.rule for d in decision.denied} <= {c.rule for c in decision.cited}
    assert decision.intent_id is None


def test_a_gated_exit_is_refused_and_the_others_go() -> None:
    class OnlyA:
        def check(self, plan: Any, *_: object) -> Denied | Passed:
            return NO if any("a" in p.lot_ids for p in plan.proposals) else Passed()

    seat = GateSeat("g", OnlyA(), frozenset({"exit"}), lambda n: cited(f"/risk_gates/0/with/{n}"))
    both = Proposes(EXIT, proposal(ProposalKind.EXIT, "b"))
    desk = scene(strategy(both, gates=(seat,)), lots=(lot("a", "-10", "10"), lot("b", "-20", "20")))
    told = take(desk)
    assert [(c.decided.decision.kind.value, c.decided.decision.lot_ids) for c in told] == [
        ("refusal", ("a",)),
        ("exit", ("b",)),
    ]
    assert list(desk.books.lots) == ["a"]


@pytest.mark.parametrize("cause", [Cause.DEMANDED, Cause.FORCED])
def test_a_demanded_or_forced_exit_is_never_gated(cause: Cause) -> None:
    way = proposal(ProposalKind.EXIT, "a", cause=cause)
    stubborn = gate(ZeroDivisionError("x"), "entry", "exit")
    desk = scene(strategy(Proposes(way), gates=(stubborn,)), lots=(lot("a", "-10", "10"),))
    (told,) = take(desk)
    assert told.decided.decision.kind is DecisionKind.EXIT
    assert isinstance(stubborn.gate, Answers)
    assert stubborn.gate.asked == 0
    assert desk.books.lots == {}


def test_exits_of_one_side_go_as_one_plan_and_each_lot_gets_its_share() -> None:
    lots = (lot("a", "-10", "10"), lot("b", "-20", "20"))
    desk = scene(strategy(Proposes(EXIT, proposal(ProposalKind.EXIT, "b"))), lots=lots)
    (told,) = take(desk)
    assert [leg.amount.text() for leg in told.decided.decision.legs] == ["30 ADA", "-30 ADA"]
    assert sorted(c.lot.id for c in desk.books.closed) == ["a", "b"]


@pytest.mark.parametrize("size", ["10", "4"])
def test_lots_of_opposite_sides_both_come_back_to_nothing(size: str) -> None:
    """Together they would be a plan that trades nothing, or one whose fills belong to neither."""
    lots = (lot("a", "-10", "10"), lot("b", size, f"-{size}", side="down"))
    ways = Proposes(EXIT, proposal(ProposalKind.EXIT, "b", side="down"))
    desk = scene(strategy(ways), lots=lots)
    told = take(desk)
    assert [c.decided.decision.kind for c in told] == [DecisionKind.EXIT] * 2
    assert len({c.decided.decision.intent_id for c in told}) == 2
    assert sorted(c.lot.id for c in desk.books.closed) == ["a", "b"]
    assert desk.books.lots == {}


def test_an_exit_that_is_unwound_opens_again_what_it_took() -> None:
    lots = (lot("a", "-30", "30"), lot("b", "-10", "10"))
    both = Proposes(EXIT, proposal(ProposalKind.EXIT, "b"))
    # The perpetual is closed, the spot leg never comes, so the perpetual is bought back.
    desk = scene(strategy(both), "no", "1", "no", "no", "1", lots=lots)
    (told,) = take(desk)
    assert told.end is not None
    assert told.end.phase is Phase.DONE
    assert [[leg.open.text() for leg in one.legs] for one in desk.books.lots.values()] == [
        ["-30 ADA", "30 ADA"],
        ["-10 ADA", "10 ADA"],
    ]


@pytest.mark.parametrize(
    ("way", "script", "reduces"),
    [
        (ENTRY, ("1", "1"), [False]),
        (ENTRY, ("no", "1", "no", "no", "1"), [False, True]),
        (EXIT, ("1", "1"), [True]),
        (EXIT, ("no", "1", "no", "no", "1"), [True, False]),
    ],
)
def test_only_what_brings_a_position_back_may_only_reduce(
    way: Any, script: tuple[str, ...], reduces: list[bool]
) -> None:
    desk = scene(strategy(Proposes(way)), *script, lots=(lot("a", "-10", "10"),))
    take(desk)
    placed = desk.trace.of("place")
    assert [o.reduce_only for o in placed if o.instrument == PERP] == reduces
    assert not any(o.reduce_only for o in placed if o.instrument == SPOT)


def test_two_entries_of_one_moment_are_two_lots() -> None:
    two = Proposes(proposal(tier="normal"), proposal(tier="ultra"))
    desk = scene(strategy(two))
    told = take(desk)
    assert len({c.decided.decision.intent_id for c in told}) == 2
    assert [one.tier for one in desk.books.lots.values()] == ["normal", "ultra"]
    assert len(desk.trace.of("place")) == 4


def test_the_reserve_stays_free_also_where_another_asset_pays() -> None:
    """10 % of 10,000 EUR stays in each account that pays: 1,000 EUR, and 800 USD at 1.25."""
    from dataclasses import replace
    from decimal import Decimal

    from karb_core.domain.holdings import Account
    from tests.engine.scene import TERMS

    desk = scene(strategy(Proposes(), terms=replace(TERMS, reserve=Decimal("0.1"))))
    seen = moment()
    account = asyncio.run(desk.desk.account(view(seen)))
    assert account.free[Account("korbit", "EUR")] == 99_000
    assert account.free[Account("dydx", "USD")] == 99_200
    unknown = asyncio.run(desk.desk.account(view(moment(rates={}))))
    assert unknown.free[Account("dydx", "USD")] == 0


def test_a_size_no_venue_takes_is_a_refusal_with_its_line() -> None:
    desk = scene(strategy(Proposes(ENTRY), Sizes(target(SPOT, "-0.05"), target(PERP, "0.05"))))
    (told,) = take(desk)
    assert [d.rule for d in told.decided.decision.denied] == ["/pairs/ADA"]
    assert desk.trace.of("place") == []


def test_the_same_moment_mints_the_same_ids() -> None:
    one, two = scene(strategy(Proposes(ENTRY))), scene(strategy(Proposes(ENTRY)))
    take(one)
    take(two)
    assert [o.id for o in one.trace.of("place")] == [o.id for o in two.trace.of("place")]
    assert [d.text() for d in one.trace.of("decision")] == [d.text() for d in two.trace.of("decision")]


@pytest.mark.parametrize("script", [("1", "1"), ("1", "no", "no", "no", "1")], ids=["holds", "traded back"])
def test_an_entry_is_carried_out_once_though_its_moment_is_judged_again(script: tuple[str, ...]) -> None:
    desk = scene(strategy(Proposes(ENTRY)), *script)
    take(desk)
    before, held = list(desk.trace.events), dict(desk.books.lots)
    assert take(desk) == ()
    assert (desk.trace.events, desk.books.lots) == (before, held)


def test_an_entry_that_came_to_nothing_begins_anew_when_its_moment_is_judged_again() -> None:
    desk = scene(strategy(Proposes(ENTRY)), "no", "no")
    take(desk)
    take(desk)
    assert [order.id[-3:] for order in desk.trace.of("place")] == ["0-0", "1-0", "0-1", "1-1"]
    (entered,) = desk.books.lots.values()
    assert [leg.open.text() for leg in entered.legs] == ["-100 ADA", "100 ADA"]


def test_a_way_out_that_went_in_part_goes_on_under_fresh_ids_when_its_moment_is_judged_again() -> None:
    desk = scene(strategy(Proposes(EXIT), legs=rules(first=0)), "0.3", lots=(lot("a", "-10", "10"),))
    take(desk)
    assert [leg.open.text() for leg in desk.books.lots["a"].legs] == ["-7 ADA", "7 ADA"]
    take(desk)
    assert [order.id[-3:] for order in desk.trace.of("place")] == ["0-0", "1-0", "0-1", "1-1"]
    assert desk.books.lots == {}


def test_a_forced_close_brings_the_other_leg_back_ungated() -> None:
    from tests.engine.test_books import fill

    stubborn = gate(NO, "entry", "exit")
    desk = scene(strategy(Proposes(), gates=(stubborn,)), lots=(lot("a", "-30", "30"), lot("b", "-10", "10")))
    forced = fill("liq-t", PERP, Side.SELL, "40", fee="0")
    seen = moment()
    told = asyncio.run(desk.desk.forced(forced, (seen,), view(seen)))
    assert [c.decided.decision.cause for c in told] == [Cause.FORCED]
    assert kinds(desk)[:2] == ["fill", "decision"]
    assert [(o.instrument, o.side, o.amount.text()) for o in desk.trace.of("place")] == [(SPOT, Side.BUY, "40 ADA")]
    assert sorted(c.lot.id for c in desk.books.closed) == ["a", "b"]
    assert asyncio.run(desk.desk.forced(forced, (seen,), view(seen))) == ()


class Inputs:
    """What a desk was given, by kind, in order."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, object]] = []

    def moment(self, moment: Moment, standing: Standing, free: Free | None) -> None:
        self.kept.append(("moment", (moment, standing, free)))

    def forced(self, moment: Moment, standing: Standing, free: Free) -> None:
        self.kept.append(("forced", (moment, standing, free)))

    def income(self, income: Income) -> None:
        self.kept.append(("income", income))

    def fill(self, fill: Fill) -> None:
        self.kept.append(("fill", fill))

    def flush(self) -> None: ...


def test_a_desk_keeps_what_it_was_given_in_order_whatever_it_decides() -> None:
    from tests.engine.test_books import fill

    desk = scene(strategy(Proposes()), lots=(lot("l", "-40", "40"),))
    desk.desk.recorder = inputs = Inputs()
    seen, forced = moment(), fill("liq-t", PERP, Side.SELL, "40", fee="0")
    standing = desk.desk.books.standing("ADA")
    assert asyncio.run(desk.desk.take(seen, view(seen))) == ()
    asyncio.run(desk.desk.forced(forced, (seen,), view(seen)))
    asyncio.run(desk.desk.forced(forced, (seen,), view(seen)))
    assert [kind for kind, _ in inputs.kept] == ["moment", "fill", "forced"]
    assert inputs.kept[0][1] == (seen, standing, None)
    assert inputs.kept[1][1] == forced


def test_a_forced_way_out_that_fails_halts_and_is_tried_again_at_the_next_moment() -> None:
    from tests.engine.test_books import fill

    desk = scene(strategy(Proposes(ENTRY)), "no", lots=(lot("a", "-30", "30"),))
    seen = moment()
    (first,) = asyncio.run(desk.desk.forced(fill("liq-t", PERP, Side.SELL, "30", fee="0"), (seen,), view(seen)))
    assert first.end is not None
    assert (first.end.phase, desk.desk.halted) == (Phase.STUCK, ["/execution/on_one_leg"])
    (second,) = take(desk, NOW + 1)
    assert second.decided.decision.cause is Cause.FORCED
    assert first.decided.decision.intent_id != second.decided.decision.intent_id
    assert desk.books.lots == {}
    assert take(desk, NOW + 2) == ()


def test_a_flatten_brings_every_lot_back_ungated_and_says_so() -> None:
    desk = scene(strategy(Proposes(ENTRY), gates=(gate(NO, "entry", "exit"),)), lots=(lot("a", "-30", "30"),))
    desk.desk.halts.latch(Halt.FLATTEN, "told to", "the owner", NOW)
    (told,) = take(desk)
    decision = told.decided.decision
    assert (decision.cause, dict(decision.seen)["forced_by"]) == (Cause.FORCED, "flatten")
    assert desk.books.lots == {}
    assert take(desk, NOW + 1) == ()


def test_what_a_plan_needs_is_reserved_until_its_legs_have_come_to_an_end() -> None:
    desk = scene(strategy(Proposes(ENTRY)))
    held: list[object] = []
    place = desk.venue.place

    async def watching(order: Any) -> Any:
        held.append((await desk.desk.account(view(moment()))).free)
        return await place(order)

    desk.venue.place = watching  # type: ignore[method-assign]
    take(desk)
    coins = Account("korbit", "ADA")
    # Until the end the reservation stands beside what has gone already: too little is free, never too much.
    assert [free[coins] for free in held] == [Decimal(99_900), Decimal(99_800)]
    assert asyncio.run(desk.desk.account(view(moment()))).free[coins] == Decimal(99_900)  # what was sold is gone


def test_of_a_venue_that_does_not_answer_nothing_is_free_and_a_way_out_goes() -> None:
    desk = scene(strategy(Proposes(ENTRY)), lots=(lot("a", "-10", "10"),))

    async def silent() -> Any:
        raise TimeoutError

    desk.venue.balances = silent  # type: ignore[method-assign]
    (told,) = take(desk)
    assert told.decided.decision.kind is DecisionKind.REFUSAL
    assert {d.rule for d in told.decided.decision.denied} == {"/balances/korbit", "/balances/dydx"}
    desk.desk.strategy = strategy(Proposes(EXIT))
    take(desk, NOW + 1)
    assert desk.books.lots == {}


def test_what_was_told_and_not_listed_yet_is_part_of_the_position() -> None:
    """The perpetual filled and the venue lists nothing yet: what trades it back may only reduce."""
    desk = scene(strategy(Proposes(ENTRY)), "no", "1", *["no"] * 2, "1")
    listed: list[Any] = []

    async def late(since_ns: int) -> Any:
        listed.append(since_ns)
        return desk.venue.booked if len(listed) > 6 else []

    desk.venue.fills_since = late  # type: ignore[method-assign]
    take(desk)
    back = [order for order in desk.trace.of("place") if order.instrument == PERP][-1]
    assert (back.side, back.reduce_only) == (Side.SELL, True)


class Sees:
    """A gate that keeps what it was asked with."""

    def __init__(self) -> None:
        self.entering: list[list[str]] = []

    def check(self, plan: Any, view: Any, account: AccountView) -> Passed:
        self.entering.append([entry.pair for entry in account.entering.values()])
        return Passed()


def test_a_gate_is_shown_the_entry_that_goes_ahead_at_the_same_moment() -> None:
    sees = Sees()
    seat = GateSeat("s", sees, frozenset({"entry", "exit"}), cited)
    of = scene(strategy(Proposes(proposal(), proposal(tier="b")), gates=(seat,)))
    take(of)
    assert sees.entering == [[], ["ADA"]]
    assert of.desk.carrier.entering == {}


def test_a_way_out_that_goes_ahead_is_no_entry() -> None:
    sees = Sees()
    seat = GateSeat("s", sees, frozenset({"entry"}), cited)
    of = scene(
        strategy(Proposes(proposal(ProposalKind.EXIT, "a"), proposal()), gates=(seat,)), lots=(lot("a", "-10", "10"),)
    )
    take(of)
    assert sees.entering == [[]]
