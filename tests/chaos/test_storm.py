"""Many orders through bad wires: whatever was told is true, and nothing is made or lost at the venues."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.holdings import Holdings
from karb_core.domain.market import Depth
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side, Unknown, is_over
from karb_core.domain.statement import VenueSilent
from karb_core.venue.forced import Forced
from karb_core.venue.refusals import Refusal
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from tests.chaos.faults import Fault, Faults, Spell
from tests.chaos.market import Scene, Weather
from tests.chaos.places import FAR, NEAR, START
from tests.chaos.stage import SECOND, approved, truth
from tests.chaos.strangers import owner_trades, venue_deleverages
from tests.chaos.truth import Arrived, Truth
from tests.chaos.wire import Wire

ORDERS = 12


@dataclass
class Storm:
    """An episode without karb: orders at random, each followed until it is known what became of it."""

    at: Truth
    told: list[tuple[Order, list[Outcome]]]
    faults: list[Faults]


def storm(seed: int, per_mille: int) -> Storm:
    return run(_storm(seed, per_mille), START, START + 120 * SECOND)


async def _storm(seed: int, per_mille: int) -> Storm:
    random, clock = Random(seed), VirtualClock()
    at = truth(seed, Scene(random.choice(list(Weather)), START + SECOND, START + 9 * SECOND))
    down = START + random.randrange(9) * SECOND
    faults = {
        i: Faults(
            seed + n,
            per_mille=per_mille,
            spells=[Spell(Fault.DOWN, down, down + SECOND)] if n else [],
            until_ns=START + 20 * SECOND,
        )
        for n, i in enumerate((NEAR, FAR))
    }
    wires = {i: Wire(at, i.venue, clock, faults[i]) for i in (NEAR, FAR)}
    told: list[tuple[Order, list[Outcome]]] = []

    async def follows() -> None:
        instrument, side = random.choice((NEAR, FAR)), random.choice(tuple(Side))
        item = approved(exact.mul(Decimal(random.randint(1, 300)), Decimal("0.001")), side, instrument)
        await clock.sleep_until(START + random.randrange(10 * SECOND))
        said = [await wires[instrument].place(item)]
        told.append((item.item, said))
        while not is_over(said[-1]):
            await clock.sleep_until(clock.now_ns() + SECOND)
            said.append(await wires[instrument].find(item.item))

    async def meddles() -> None:
        await clock.sleep_until(START + 5 * SECOND)
        owner_trades(at, NEAR, random.choice(tuple(Side)), Decimal("0.01"), clock.now_ns())
        venue_deleverages(at, FAR, Decimal("0.1"), clock.now_ns())
        at.fund(FAR, Decimal("0.0001"), clock.now_ns())

    async def reads() -> None:
        for second in range(12):
            await clock.sleep_until(START + second * SECOND)
            try:
                await wires[FAR].positions()
                await wires[NEAR].fills_since(START)
            except VenueSilent:
                continue

    await asyncio.gather(*(follows() for _ in range(ORDERS)), meddles(), reads())
    await clock.sleep_until(START + 60 * SECOND)
    return Storm(at, told, list(faults.values()))


def _true(at: Truth, order: Order) -> Fraction:
    fills = at.fills(order.instrument.venue)
    return sum((Fraction(f.amount.value) for f in fills if f.order_id == order.id), Fraction(0))


@given(seed=st.integers(0, 2**32), per_mille=st.sampled_from([0, 200, 600, 1000]))
@settings(max_examples=60, deadline=None)
def test_what_was_told_of_an_order_is_true_for_ever(seed: int, per_mille: int) -> None:
    after = storm(seed, per_mille)
    assert len(after.told) == ORDERS
    for order, said in after.told:
        true = _true(after.at, order)
        assert isinstance(said[-1], Rejected) is (not isinstance(said[-1], Filled))
        assert (0 if isinstance(said[-1], Rejected) else Fraction(said[-1].filled.value)) == true
        for outcome in said[:-1]:
            assert not isinstance(outcome, Rejected)
            assert Fraction(outcome.filled.value) <= true


@given(seed=st.integers(0, 2**32), per_mille=st.sampled_from([0, 500, 1000]))
@settings(max_examples=60, deadline=None)
def test_coins_and_money_are_neither_made_nor_lost(seed: int, per_mille: int) -> None:
    at = storm(seed, per_mille).at
    for venue, book in at.books.items():
        holdings = Holdings(inventory={})
        for fill in at.fills(venue):
            holdings = holdings.with_fill(fill, book.terms.facts[fill.instrument].kind)
        for income in book.income_since(0):
            holdings = holdings.with_funding(venue, income.received)
        for account, balance in at.balances(venue).items():
            wallet = exact.add(balance.free, balance.locked)
            opened = book.terms.opening[account.asset]
            result = exact.add(holdings.balance(*account).value, opened)
            if venue == FAR.venue:
                position, mark = holdings.position(FAR), Decimal(60_000)
                assert position.amount == book.amount(FAR)
                wallet = exact.add(wallet, book.unrealised(FAR, mark).value)
                result = exact.add(result, position.result(mark))
            assert wallet == result
            assert balance.free >= 0


@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_no_id_trades_twice_and_none_trades_more_than_was_ordered(seed: int) -> None:
    at = storm(seed, 1000).at
    taken = Counter(each.order_id for each in at.arrived if _taken(each))
    assert set(taken.values()) <= {1}
    assert all(count == 1 for count in Counter(sent.order.id for sent in at.sent).values())
    for each in at.arrived:
        assert _true(at, each.order) <= Fraction(each.order.amount.value)


def _taken(arrived: Arrived) -> bool:
    out = {Refusal.DUPLICATE.value, Refusal.OUT_OF_WINDOW.value}
    return arrived.what == "order" and not (isinstance(arrived.outcome, Rejected) and arrived.outcome.code in out)


@pytest.mark.parametrize("seed", range(10))
def test_two_orders_never_take_the_same_coins_of_one_book(seed: int) -> None:
    at = storm(seed, 300).at
    taken: dict[tuple[Depth, Side, Decimal], Fraction] = defaultdict(Fraction)
    for fill in [*at.fills("upbit"), *at.fills("binance_usdm")]:
        if Forced.read(fill.order_id) is None:
            depth = at.market.depth(fill.instrument, fill.venue_at_ns)
            taken[depth, fill.side, fill.price.value] += Fraction(fill.amount.value)
    assert taken
    for (depth, side, price), amount in taken.items():
        offered = dict(depth.asks if side is Side.BUY else depth.bids)
        assert amount <= Fraction(offered[price])


def test_the_same_seed_is_the_same_storm() -> None:
    one, two = storm(11, 500), storm(11, 500)
    ids = {order.id: f"order {n}" for each in (one, two) for n, (order, _) in enumerate(each.told)}

    def log(of: Storm) -> list[tuple[int, str, str]]:
        return [(each.at_ns, ids.get(each.order_id, each.order_id), each.what) for each in of.at.arrived]

    assert log(one) == log(two)
    assert [faults.injected for faults in one.faults] == [faults.injected for faults in two.faults]
    assert one.at.balances("upbit") == two.at.balances("upbit")
    assert any(isinstance(outcome, Unknown) for _, said in one.told for outcome in said)


def test_every_fault_of_a_wire_was_met() -> None:
    met: Counter[Fault] = Counter()
    for seed in range(30):
        for faults in storm(seed, 700).faults:
            met += faults.injected
    assert {fault for fault in Fault if fault.group == "wire"} - set(met) <= {Fault.CANCEL_LOST}
    assert {Fault.PARTIAL, Fault.DONE_THOUGH_PARTIAL, Fault.DOWN, Fault.FILLS_TWICE, Fault.BALANCES_LAG} <= set(met)
