"""The legs function, one step at a time, at its bounds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from karb_core.domain.decisions import Cause, LegTarget, Plan, Share
from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Top
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side, TimeInForce, Unknown
from karb_core.engine.leg_rules import LegRules, Rung
from karb_core.engine.legs import next_actions, only_ask
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.next_step import Cancel, Find, Next, Phase, Place
from karb_core.engine.sent import FIRST_TRY, Sent
from tests.engine.scene import FACTS, LADDER, LEGS, NOW, PERP, SECOND, SPOT, D, plan, rules, rung, target, top

TRADE = plan()


def sent(
    leg: int, filled: str | None, *, of: Plan = TRADE, step: int = FIRST_TRY, amount: str = "100",
    side: Side | None = None, at_s: int = 0, final: bool = True, lost: bool = False,
) -> Sent:  # fmt: skip
    """An order answered when it was sent. `filled`: base that traded, None for rejected, `-` for no answer at all."""
    to = of.legs[leg]
    order = Order(
        id=f"o{leg}{step}{at_s}", intent_id=of.intent_id, leg=leg, instrument=to.instrument, side=side or to.side,
        amount=to.instrument.amount(D(amount)), limit=to.price, cost=None, time_in_force=TimeInForce.IOC, reduce_only=False,
    )  # fmt: skip
    at_ns = NOW + at_s * SECOND
    if filled == "-":
        return Sent(order, leg, step, at_ns, None, None)
    return Sent(order, leg, step, at_ns, _outcome(order, filled, to, final=final, lost=lost), at_ns)


def _outcome(order: Order, filled: str | None, to: LegTarget, *, final: bool, lost: bool) -> Outcome:
    if filled is None:
        return Rejected(order, "429", "no")
    done = to.instrument.amount(D(filled))
    if lost:
        return Unknown(order, "no answer", done, done.at(to.price))
    return Filled(order, done, done.at(to.price), final)


def ask(
    *orders: Sent, of: Plan = TRADE, at_s: float = 0, by: LegRules | None = None, tops: tuple[Top, ...] = (),
    halt: Halt = Halt.NONE,
) -> Next:  # fmt: skip
    known: dict[Instrument, Top] = {t.instrument: t for t in tops}
    now = LegsNow(of, orders, NOW + int(at_s * SECOND), known, FACTS, by or rules(), halt)
    told = next_actions(now)
    assert told == next_actions(now)
    assert told.again_ns is None or told.again_ns > now.now_ns
    return told


def places(told: Next) -> list[tuple[int, str, Decimal, Decimal]]:
    return [(p.leg, p.side.value, p.amount, p.limit.value) for p in told.actions if isinstance(p, Place)]


@pytest.mark.parametrize(("first", "legs"), [(None, [0, 1]), (0, [0]), (1, [1])])
def test_begins_with_the_legs_that_go_first(first: int | None, legs: list[int]) -> None:
    told = ask(by=rules(first))
    assert told.phase is Phase.WORKING
    begun = [(p.leg, p.step, p.cited) for p in told.actions if isinstance(p, Place)]
    assert begun == [(leg, FIRST_TRY, rules().band_cited) for leg in legs]


def test_limits_are_the_band_around_the_plans_price_on_a_tick_inside() -> None:
    odd = plan(target(SPOT, "-100", "10.0007"), target(PERP, "100", "10.0007"))
    assert places(ask(of=odd)) == [(0, "sell", D(100), D("9.981")), (1, "buy", D(100), D("10.02"))]


@pytest.mark.parametrize("first", [0, 1])
def test_the_other_leg_follows_with_what_the_first_got(first: int) -> None:
    told = ask(sent(first, "33.37", amount="100"), by=rules(first))
    # The spot leg takes steps of 0.01, the perpetual of 0.1, and neither is rounded up.
    amount = D("33.3") if first == 0 else D("33.37")
    assert [(leg, a) for leg, _, a, _ in places(told)] == [(1 - first, amount)]


@pytest.mark.parametrize("filled", ["0", None])
def test_a_first_leg_that_got_nothing_ends_with_nothing(filled: str | None) -> None:
    assert ask(sent(0, filled), by=rules(0)) == Next((), Phase.DONE)


def test_a_first_leg_that_got_less_than_a_step_of_the_other_is_balanced() -> None:
    assert ask(sent(0, "0.09"), by=rules(0)) == Next((), Phase.DONE)


@pytest.mark.parametrize(
    ("spot", "perp"), [("100", "100"), ("0", "0"), (None, None), (None, "0"), ("50", "50"), ("33.37", "33.3")]
)
def test_is_done_when_both_legs_have_the_same_within_a_step(spot: str | None, perp: str | None) -> None:
    assert ask(sent(0, spot), sent(1, perp)) == Next((), Phase.DONE)


@pytest.mark.parametrize("lost", [True, False])
@pytest.mark.parametrize("filled", ["0", "40", "-"])
def test_nothing_is_placed_while_more_of_an_order_may_trade(filled: str, lost: bool) -> None:
    doubtful = sent(1, filled, final=False, lost=lost)
    told = ask(sent(0, "100"), doubtful, at_s=19.999)
    rests = filled != "-" and not lost
    assert told.actions == (Find(doubtful.order), *([Cancel(doubtful.order)] if rests else []))
    assert (told.phase, told.again_ns) == (Phase.WORKING, NOW + 20 * SECOND)
    for at_s in (20, 21):
        ended = ask(sent(0, "100"), doubtful, at_s=at_s)
        assert ended == Next((), Phase.STUCK, cited=rules().unknown_cited)


def test_the_first_question_that_nobody_answered_in_time_calls_a_person() -> None:
    early, late = sent(0, "0", lost=True), sent(1, "0", lost=True, at_s=5)
    assert ask(early, late, at_s=19.999).again_ns == NOW + 20 * SECOND
    assert ask(early, late, at_s=20).phase is Phase.STUCK


def test_where_later_intents_went_on_it_is_only_asked_and_nothing_placed() -> None:
    def told(*orders: Sent, at_s: float = 1) -> Next:
        return only_ask(LegsNow(TRADE, orders, NOW + int(at_s * SECOND), {}, FACTS, rules()))

    lost, short = sent(1, "0", lost=True), sent(0, "30")
    assert told() == Next((), Phase.DONE)
    assert told(sent(0, "100"), short) == Next((), Phase.DONE)
    assert told(short, lost) == Next((Find(lost.order),), Phase.WORKING, NOW + SECOND + SECOND // 2)
    unlisted = replace(sent(1, "100"), listed=D(70))
    assert told(short, unlisted).actions == (Find(unlisted.order),)
    resting = sent(1, "40", final=False)
    assert told(short, resting).actions == (Find(resting.order), Cancel(resting.order))
    for at_s in (20, 21):
        assert told(short, lost, at_s=at_s) == Next((), Phase.STUCK, cited=rules().unknown_cited)


def test_while_it_is_asked_about_one_leg_the_ladder_of_the_other_keeps_its_times() -> None:
    unlisted = replace(sent(0, "100"), listed=D(70))
    told = ask(unlisted, sent(1, "30"), at_s=1.9)
    assert places(told) == [(1, "buy", D(70), D("10.05"))]
    assert (told.actions[1:], told.again_ns) == ((Find(unlisted.order),), NOW + 2 * SECOND)


def test_two_doubtful_orders_are_both_asked_about() -> None:
    told = ask(sent(0, "0", lost=True), sent(1, "0", lost=True), at_s=1)
    assert [a.order.leg for a in told.actions if isinstance(a, Find)] == [0, 1]


@pytest.mark.parametrize(
    ("at_s", "step", "band_limit"), [(0, 0, "10.05"), (1.999, 0, "10.05"), (2, 1, "10.1"), (3.999, 1, "10.1")]
)
def test_the_lacking_leg_is_retried_by_the_rung_whose_time_it_is(at_s: float, step: int, band_limit: str) -> None:
    told = ask(sent(0, "100"), sent(1, "30"), at_s=at_s)
    assert places(told) == [(1, "buy", D(70), D(band_limit))]
    assert [p.step for p in told.actions if isinstance(p, Place)] == [step]
    assert told.again_ns == NOW + 2 * (step + 1) * SECOND


@pytest.mark.parametrize("at_s", [4, 8.999])
def test_then_the_leading_leg_is_traded_back_to_the_other(at_s: float) -> None:
    told = ask(sent(0, "100"), sent(1, "30"), at_s=at_s)
    assert places(told) == [(0, "buy", D(70), D("10.2"))]


def test_a_bought_leg_is_sold_back_no_lower_than_the_band() -> None:
    odd = plan(target(SPOT, "100", "10.0007"), target(PERP, "-100", "10"))
    told = ask(sent(0, "100", of=odd), sent(1, "0", of=odd), of=odd, at_s=4)
    assert places(told) == [(0, "sell", D(100), D("9.801"))]


UNWOUND = sent(0, None, step=2, side=Side.BUY, amount="70", at_s=4)


def test_then_a_person_is_called() -> None:
    told = ask(sent(0, "100"), sent(1, "30"), UNWOUND, at_s=9)
    assert told == Next((), Phase.STUCK, cited=LADDER[-1].cited)


def test_a_ladder_that_ends_without_a_halt_cites_its_last_rung() -> None:
    short = (rung(Rung.UNWIND, "0.02", 5),)
    tried = replace(UNWOUND, step=0, sent_ns=NOW)
    told = ask(sent(0, "100"), sent(1, "30"), tried, at_s=5, by=rules(ladder=short))
    assert told == Next((), Phase.STUCK, cited=short[0].cited)
    longer = (rung(Rung.RETRY, "0.005", 2), *short)
    tried = replace(UNWOUND, step=1, sent_ns=NOW)
    told = ask(sent(0, "100"), sent(1, "30"), tried, at_s=7, by=rules(ladder=longer))
    assert told == Next((), Phase.STUCK, cited=longer[1].cited)


def test_a_late_unwind_has_its_time_from_when_it_was_tried_first() -> None:
    """Trying again, when the market moved, gives it no more of it."""
    first, again = replace(UNWOUND, sent_ns=NOW + 60 * SECOND), replace(UNWOUND, sent_ns=NOW + 62 * SECOND)
    told = ask(sent(0, "100"), sent(1, "30"), first, again, at_s=64)
    assert told == Next((), Phase.WORKING, NOW + 65 * SECOND)
    assert ask(sent(0, "100"), sent(1, "30"), first, again, at_s=65).phase is Phase.STUCK


@pytest.mark.parametrize("at_s", [9, 3600])
def test_an_unwind_whose_time_passed_untried_is_tried_for_its_own_time(at_s: int) -> None:
    """The desk was not running: the owner's bound is broken, and trading back is what ends that soonest."""
    told = ask(sent(0, "100"), sent(1, "30"), at_s=at_s)
    assert places(told) == [(0, "buy", D(70), D("10.2"))]
    assert told.again_ns == NOW + (at_s + 5) * SECOND
    late = replace(UNWOUND, sent_ns=NOW + at_s * SECOND)
    assert ask(sent(0, "100"), sent(1, "30"), late, at_s=at_s + 4.9).phase is Phase.WORKING
    assert ask(sent(0, "100"), sent(1, "30"), late, at_s=at_s + 5).phase is Phase.STUCK


def test_a_ladder_without_an_unwind_has_nothing_left_to_try_after_its_time() -> None:
    only = (rung(Rung.RETRY, "0.005", 2), rung(Rung.HALT))
    assert ask(sent(0, "100"), sent(1, "30"), at_s=2, by=rules(ladder=only)).phase is Phase.STUCK


def test_a_rung_tries_again_only_when_the_market_moved() -> None:
    orders = (sent(0, "100"), sent(1, "30"), sent(1, "20", step=0, amount="70"))
    assert ask(*orders, at_s=1) == Next((), Phase.WORKING, NOW + 2 * SECOND)
    seen = top(PERP, at_ns=NOW)
    assert ask(*orders, at_s=1, tops=(seen,)).actions == ()
    moved = ask(*orders, at_s=1, tops=(replace(seen, received_at_ns=NOW + 1),))
    assert places(moved) == [(1, "buy", D(50), D("10.05"))]


def test_a_rung_that_was_not_tried_yet_does_not_wait_for_the_market() -> None:
    """A halt had it traded back, and was lifted before the first retry's time was over."""
    orders = (sent(0, "100"), sent(1, "30"), sent(0, "10", step=2, side=Side.BUY, amount="70"))
    assert places(ask(*orders, at_s=1)) == [(1, "buy", D(60), D("10.05"))]


def test_a_retry_too_small_for_its_venue_is_not_waited_for() -> None:
    """0.4 at 10 is under the spot venue's 5 EUR, and the other venue takes it back."""
    of = plan(target(SPOT, "100"), target(PERP, "-100"))
    told = ask(sent(0, "99.6", of=of), sent(1, "100", of=of), of=of)
    assert places(told) == [(1, "buy", D("0.4"), D("10.2"))]


def test_fills_that_are_told_and_not_listed_do_not_keep_a_leg_from_being_traded_back() -> None:
    unlisted = replace(sent(0, "100"), listed=D(70))
    told = ask(unlisted, sent(1, "30"), at_s=5)
    assert places(told) == [(0, "buy", D(70), D("10.2"))]
    assert told.actions[1:] == (Find(unlisted.order),)


def test_an_unwind_that_filled_whole_ends_with_nothing() -> None:
    orders = (sent(0, "100"), sent(1, None), sent(0, "100", step=2, side=Side.BUY, at_s=4))
    assert ask(*orders, at_s=4) == Next((), Phase.DONE)


def test_an_unwind_that_filled_in_part_waits_and_then_calls_a_person() -> None:
    orders = (sent(0, "100"), sent(1, None), sent(0, "60", step=2, side=Side.BUY, at_s=4))
    assert ask(*orders, at_s=5) == Next((), Phase.WORKING, NOW + 9 * SECOND)
    assert ask(*orders, at_s=9).phase is Phase.STUCK


@pytest.mark.parametrize(("filled", "phase"), [("0.5", Phase.WORKING), ("0.49", Phase.STUCK)])
def test_a_rest_below_the_venues_minimum_is_never_left_in_silence(filled: str, phase: Phase) -> None:
    """The spot venue takes nothing under 5 EUR: 0.5 at 10 is just enough, 0.49 cannot be traded back."""
    orders = (sent(0, filled), sent(1, "0"))
    assert ask(*orders, at_s=4).phase is phase


def test_the_clock_of_the_ladder_starts_with_the_first_fill() -> None:
    late = (sent(0, "100", at_s=3), sent(1, "0", at_s=0))
    assert ask(*late, at_s=4.9).again_ns == NOW + 5 * SECOND


@pytest.mark.parametrize("filled", ["100", "60"])
def test_three_legs_are_held_in_proportion(filled: str) -> None:
    third = Instrument("korbit", "USD", "EUR")
    known = {**FACTS, third: replace(FACTS[SPOT], instrument=third)}
    of = plan(target(SPOT, "100"), target(PERP, "-100"), target(third, "50"))
    orders = (sent(0, filled, of=of), sent(1, filled, of=of), sent(2, "10", of=of, amount="50"))
    told = next_actions(LegsNow(of, orders, NOW, {}, known, rules()))
    assert places(told) == [(2, "buy", (D(filled) / 2 - 10).normalize(), D("10.05"))]


def test_a_plan_of_one_leg_is_done_with_whatever_it_got() -> None:
    one = plan(target(PERP, "100"))
    assert [p.leg for p in ask(of=one).actions if isinstance(p, Place)] == [0]
    for filled in ("100", "37", "0", None):
        assert ask(sent(0, filled, of=one), of=one) == Next((), Phase.DONE)


def test_more_than_was_ordered_is_hedged() -> None:
    """A venue that filled more than asked is believed, and the other leg follows."""
    told = ask(sent(0, "110"), sent(1, "100"))
    assert [(leg, a) for leg, _, a, _ in places(told)] == [(1, D(10))]


def test_a_halted_entry_is_not_begun() -> None:
    for strength in (Halt.NO_ENTRIES, Halt.REDUCE_ONLY, Halt.FLATTEN):
        assert ask(halt=strength) == Next((), Phase.DONE)


def test_an_entry_that_has_begun_is_completed_while_only_entries_are_stopped() -> None:
    told = ask(sent(0, "100"), sent(1, "30"), at_s=1, halt=Halt.NO_ENTRIES)
    assert places(told) == [(1, "buy", D(70), D("10.05"))]


@pytest.mark.parametrize("strength", [Halt.REDUCE_ONLY, Halt.FLATTEN])
def test_an_entry_that_has_begun_is_traded_back_at_once_when_only_reducing_is_left(strength: Halt) -> None:
    told = ask(sent(0, "100"), sent(1, "30"), at_s=1, halt=strength)
    assert places(told) == [(0, "buy", D(70), D("10.2"))]
    unbegun = ask(sent(0, "100"), by=rules(0), halt=strength)
    assert places(unbegun) == [(0, "buy", D(100), D("10.2"))]


OUT = plan(target(SPOT, "100"), target(PERP, "-100"), shares=(Share("a", D(100)),))


@pytest.mark.parametrize("strength", list(Halt))
def test_no_halt_keeps_a_way_out_from_beginning_or_completing(strength: Halt) -> None:
    assert [leg for leg, *_ in places(ask(of=OUT, halt=strength))] == [0, 1]
    told = ask(sent(0, "100", of=OUT), sent(1, "30", of=OUT), of=OUT, at_s=1, halt=strength)
    assert places(told) == [(1, "sell", D(70), D("9.95"))]


def test_a_way_out_is_not_opened_again_when_only_reducing_is_left() -> None:
    half = (sent(0, "100", of=OUT), sent(1, "30", of=OUT))
    assert places(ask(*half, of=OUT, at_s=4)) == [(0, "sell", D(70), D("9.8"))]
    assert ask(*half, of=OUT, at_s=4, halt=Halt.REDUCE_ONLY).phase is Phase.STUCK


@pytest.mark.parametrize("cause", [Cause.FORCED, Cause.DEMANDED])
def test_what_somebody_forced_out_stays_out(cause: Cause) -> None:
    forced = replace(OUT, proposals=(replace(OUT.proposals[0], cause=cause),))
    half = (sent(0, "100", of=forced), sent(1, "30", of=forced))
    assert places(ask(*half, of=forced, at_s=3)) == [(1, "sell", D(70), D("9.9"))]
    assert ask(*half, of=forced, at_s=4).phase is Phase.STUCK


def test_the_other_leg_follows_a_part_while_more_of_the_first_may_trade() -> None:
    told = ask(sent(0, "40", final=False), by=rules(0), at_s=0.05)
    assert places(told) == [(1, "buy", D(40), D("10.02"))]
    more = ask(sent(0, "60", final=False), sent(1, "40", amount="40"), by=rules(0), at_s=0.05)
    assert places(more) == [(1, "buy", D(20), D("10.02"))]


def test_nothing_is_traded_back_while_an_orders_fate_is_unknown() -> None:
    told = ask(sent(0, "100"), sent(1, "0", lost=True), at_s=5)
    assert places(told) == []
    assert told.phase is Phase.WORKING


def test_fills_that_are_told_and_not_listed_are_asked_for_until_the_owners_time_is_over() -> None:
    unlisted = replace(sent(1, "100"), listed=D(70))
    told = ask(sent(0, "100"), unlisted, at_s=1)
    assert (told.actions, told.phase) == ((Find(unlisted.order),), Phase.WORKING)
    ended = ask(sent(0, "100"), unlisted, at_s=20)
    assert ended == Next((), Phase.STUCK, cited=rules().unknown_cited)


def test_a_fill_that_is_listed_and_not_told_has_traded() -> None:
    shy = replace(sent(1, "30"), listed=D(100))
    assert ask(sent(0, "100"), shy) == Next((), Phase.DONE)


def test_what_no_venue_takes_either_way_is_left_and_named() -> None:
    """0.05 at 10 is under the spot venue's 5 EUR, and under a step of the other's."""
    of = plan(target(SPOT, "100"), target(PERP, "-100"))
    picky = {**FACTS, PERP: replace(FACTS[PERP], min_notional=D(5))}
    orders = (sent(0, "99.6", of=of), sent(1, "100", of=of))
    told = next_actions(LegsNow(of, orders, NOW, {}, picky, rules()))
    assert (told.phase, [a.text() for a in told.dust]) == (Phase.DONE, ["-0.4 ADA"])


@pytest.mark.parametrize(
    ("spot", "perp", "dust"),
    [("99.95", "100", "0.05 ADA"), ("99.91", "100", "0.09 ADA"), ("100.95", "101", "0.05 ADA")],
)
def test_what_lacks_too_little_for_its_venue_and_leads_by_less_than_a_step_is_left_and_named(
    spot: str, perp: str, dust: str
) -> None:
    """0.05 at 10 is under the spot venue's 5 EUR, and under the other's step of 0.1: nobody is called for it."""
    told = ask(sent(0, spot), sent(1, perp))
    assert (told.phase, [a.text() for a in told.dust], told.cited) == (Phase.DONE, [dust], None)
    assert ask(sent(0, "99.5"), sent(1, "100")).phase is Phase.WORKING


def test_what_is_too_small_is_left_only_once_no_order_may_trade_more() -> None:
    """0.49 is under the spot venue's 4.92 EUR at the plan's 10, and over it at the 10.05 of the first retry."""
    of = plan(target(SPOT, "100"), target(PERP, "-100"))
    picky = {SPOT: replace(FACTS[SPOT], min_notional=D("4.92")), PERP: replace(FACTS[PERP], min_notional=D(5))}
    short = sent(0, "99.51", of=of)

    def told(other: Sent) -> Next:
        return next_actions(LegsNow(of, (short, other), NOW, {}, picky, rules()))

    assert [a.text() for a in told(sent(1, "100", of=of)).dust] == ["-0.4 ADA"]
    assert places(told(sent(1, "100", of=of, amount="200", final=False))) == [(0, "buy", D("0.49"), D("10.05"))]
    unlisted = told(replace(sent(1, "100", of=of), listed=D(70)))
    assert (unlisted.phase, places(unlisted), unlisted.dust) == (Phase.WORKING, [], ())


def test_an_order_is_asked_about_more_and_more_rarely() -> None:
    lost = sent(1, "0", lost=True)
    assert ask(sent(0, "100"), lost, at_s=0.05).actions == ()
    asked = replace(lost, asked_ns=NOW + 8 * SECOND)
    assert ask(sent(0, "100"), asked, at_s=11.9).actions == ()
    assert ask(sent(0, "100"), asked, at_s=12).actions == (Find(lost.order),)


def test_legs_are_those_of_the_scene() -> None:
    assert tuple(leg.instrument for leg in TRADE.legs) == LEGS


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("instrument", [SPOT, PERP])
def test_a_way_out_of_one_leg_waits_for_no_other(first: int, instrument: Instrument) -> None:
    one = plan(target(instrument, "100"), shares=(Share("a", D(100)),))
    assert [leg for leg, *_ in places(ask(of=one, by=rules(first)))] == [0]


@pytest.mark.parametrize("answer", ["-", "0", "30"])
def test_nobody_follows_what_may_just_be_traded_back(answer: str) -> None:
    """The unwind is on its way and karb was started again: completing the other leg now would leave it alone."""
    back = sent(0, answer, step=2, side=Side.BUY, amount="100", lost=True)
    told = ask(sent(0, "100"), sent(1, None), back, at_s=1)
    assert places(told) == []
    assert told.phase is Phase.WORKING
    over = sent(0, "30", step=2, side=Side.BUY, amount="100")
    assert places(ask(sent(0, "100"), sent(1, None), over, at_s=1)) == [(1, "buy", D(70), D("10.05"))]
