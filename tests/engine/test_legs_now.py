"""What the legs lack and lead by: in steps, never rounded up, and even within a step once it is done."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.decisions import Plan, Share
from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Filled, Order, Rejected, Side, TimeInForce
from karb_core.engine.legs import next_actions
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.next_step import Find, Phase
from karb_core.engine.sent import FIRST_TRY, Sent
from tests.engine.scene import FACTS, NOW, PERP, SPOT, D, plan, rules, target

THIRD = Instrument("korbit", "USD", "EUR")
ALL = (SPOT, PERP, THIRD)
KNOWN = {**FACTS, THIRD: replace(FACTS[SPOT], instrument=THIRD, amount_step=D("0.3"))}


def sent(of: Plan, leg: int, side: Side, filled: Decimal, *, amount: Decimal | None = None, final: bool = True) -> Sent:
    """An order of which so much filled; None for the amount: all of what it asked for."""
    to = of.legs[leg].instrument
    order = Order(
        id=f"{leg}{side.value}{filled}{final}", intent_id=of.intent_id, leg=leg, instrument=to, side=side,
        amount=to.amount(amount or filled or D(1)), limit=to.price(D(10)), cost=None, time_in_force=TimeInForce.IOC,
        reduce_only=False,
    )  # fmt: skip
    done = Filled(order, to.amount(filled), to.amount(filled).at(to.price(D(10))), final)
    return Sent(order, leg, FIRST_TRY, NOW, done, NOW)


def now(of: Plan, *orders: Sent, halt: Halt = Halt.NONE) -> LegsNow:
    return LegsNow(of, orders, NOW, {}, KNOWN, rules(), halt)


hundredths = st.integers(1, 10**6).map(lambda n: D(n).scaleb(-2))
legs = st.lists(
    st.tuples(hundredths, st.sampled_from([1, -1]), hundredths, st.integers(0, 100)), min_size=1, max_size=3
)
Leg = tuple[Decimal, int, Decimal, int]


def scattered(given_legs: list[Leg]) -> tuple[Plan, list[Sent]]:
    """Each leg with its target, what filled towards it, and how many hundredths of that were traded back."""
    of = plan(*(target(ALL[i], amount * sign) for i, (amount, sign, _, _) in enumerate(given_legs)))
    orders = []
    for i, (_, _, towards, back) in enumerate(given_legs):
        side = of.legs[i].side
        orders += [sent(of, i, side, towards), sent(of, i, side.opposite, towards * back / 100)]
    return of, orders


@given(legs)
def test_what_lacks_and_what_leads_is_in_steps_never_rounded_up_and_never_of_one_leg(given_legs: list[Leg]) -> None:
    of, orders = scattered(given_legs)
    it = now(of, *orders)
    have = [Fraction(it.filled(i)) for i in range(len(of.legs))]
    assert have == [Fraction(towards) * (100 - back) / 100 for _, _, towards, back in given_legs]
    goals = [abs(Fraction(leg.amount.value)) for leg in of.legs]
    parts = [got / goal for got, goal in zip(have, goals, strict=True)]
    for i, leg in enumerate(of.legs):
        step = Fraction(KNOWN[leg.instrument].amount_step)
        behind, ahead = goals[i] * max(parts) - have[i], have[i] - goals[i] * min(parts)
        assert Fraction(it.lacking().get(i, D(0))) == behind // step * step
        assert Fraction(it.leading().get(i, D(0))) == ahead // step * step
    assert D(0) not in {**it.lacking(), **it.leading()}.values()
    if len(of.legs) < 3:
        assert not it.lacking().keys() & it.leading().keys()


@given(legs)
def test_filling_what_lacks_or_trading_back_what_leads_leaves_less_than_a_step(given_legs: list[Leg]) -> None:
    of, orders = scattered(given_legs)
    it = now(of, *orders)
    more = [sent(of, i, of.legs[i].side, amount) for i, amount in it.lacking().items()]
    assert now(of, *orders, *more).lacking() == {}
    less = [sent(of, i, of.legs[i].side.opposite, amount) for i, amount in it.leading().items()]
    assert now(of, *orders, *less).leading() == {}


@pytest.mark.parametrize(
    ("spot", "perp", "lacking", "leading"),
    [
        ("10", "10", {}, {}),
        ("10", "9.91", {}, {0: "0.09"}),
        ("10", "9.9", {1: "0.1"}, {0: "0.1"}),
        ("10", "9.75", {1: "0.2"}, {0: "0.25"}),
        ("9.99", "10", {0: "0.01"}, {}),
        ("0", "10", {0: "10"}, {1: "10"}),
    ],
)
def test_what_is_less_than_a_step_neither_lacks_nor_leads(
    spot: str, perp: str, lacking: dict[int, str], leading: dict[int, str]
) -> None:
    of = plan(target(SPOT, "-100"), target(PERP, "100"))
    it = now(of, sent(of, 0, Side.SELL, D(spot)), sent(of, 1, Side.BUY, D(perp)))
    assert it.lacking() == {leg: D(amount) for leg, amount in lacking.items()}
    assert it.leading() == {leg: D(amount) for leg, amount in leading.items()}


IN = plan(target(SPOT, "-100"), target(PERP, "100"))
OUT = plan(target(SPOT, "100"), target(PERP, "-100"), shares=(Share("a", D(100)),))


@pytest.mark.parametrize(
    ("of", "halt", "completes", "goes_back"),
    [
        (IN, Halt.NONE, True, True),
        (IN, Halt.NO_ENTRIES, True, True),
        (IN, Halt.REDUCE_ONLY, False, True),
        (IN, Halt.FLATTEN, False, True),
        (OUT, Halt.NONE, True, True),
        (OUT, Halt.NO_ENTRIES, True, True),
        (OUT, Halt.REDUCE_ONLY, True, False),
        (OUT, Halt.FLATTEN, True, False),
    ],
)
def test_a_halt_that_only_reduces_forbids_what_opens(of: Plan, halt: Halt, completes: bool, goes_back: bool) -> None:
    it = now(of, halt=halt)
    assert (it.completes, it.goes_back) == (completes, goes_back)


def test_a_leg_fell_short_only_by_an_ended_order_its_own_way_that_got_less() -> None:
    whole, part = sent(IN, 0, Side.SELL, D(5)), sent(IN, 0, Side.SELL, D(5), amount=D(6))
    back = sent(IN, 0, Side.BUY, D(5), amount=D(6))
    resting = sent(IN, 0, Side.SELL, D(5), amount=D(6), final=False)
    more = sent(IN, 0, Side.SELL, D(7), amount=D(6))
    rejected = replace(part, outcome=Rejected(part.order, "no", "no"))
    for orders, short in [((whole,), False), ((part,), True), ((back,), False), ((resting,), False), ((more,), False),
                          ((rejected,), True), ((whole, part), True), ((), False)]:  # fmt: skip
        assert now(IN, *orders).fell_short(0) is short
        assert not now(IN, *orders).fell_short(1)


def test_what_is_listed_and_not_told_counts_both_ways() -> None:
    part, back = sent(IN, 0, Side.SELL, D(5), amount=D(6)), sent(IN, 0, Side.BUY, D(2), amount=D(6))
    assert now(IN, replace(part, listed=D(3))).fell_short(0), "not all is listed, and it got less"
    assert not now(IN, replace(part, listed=D(6))).fell_short(0), "it got all, though its answer said less"
    assert now(IN, replace(part, listed=D(6)), replace(back, listed=D(4))).filled(0) == D(2)


def test_what_a_step_depends_on_is_never_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        now(IN).halt = Halt.FLATTEN  # type: ignore[misc]
    assert not hasattr(now(IN), "__dict__")


def test_a_leg_is_free_when_none_of_its_own_orders_may_trade() -> None:
    over, resting = sent(IN, 0, Side.SELL, D(5)), sent(IN, 0, Side.SELL, D(5), amount=D(6), final=False)
    assert now(IN).is_free(0)
    assert now(IN, over).is_free(0)
    assert not now(IN, over, resting).is_free(0)
    assert now(IN, over, resting).is_free(1)


def test_an_order_of_before_a_restart_is_asked_about_before_it_is_given_up() -> None:
    """However long nobody was there: the owner's time for asking counts from when somebody asks."""
    of = plan(target(SPOT, "-100"), target(PERP, "100"))
    hour = 3600 * 10**9
    order = replace(sent(of, 0, Side.SELL, D(0), amount=D(100)), outcome=None, answered_ns=None)
    late = replace(now(of, order), now_ns=NOW + hour)
    assert next_actions(late).phase is Phase.STUCK
    taken_up = replace(late, sent=(replace(order, taken_up_ns=NOW + hour),))
    step = next_actions(taken_up)
    assert (step.phase, step.actions) == (Phase.WORKING, (Find(order.order),))
    over = replace(taken_up, now_ns=NOW + hour + rules().ask_ns)
    assert next_actions(over).phase is Phase.STUCK
