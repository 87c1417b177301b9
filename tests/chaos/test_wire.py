"""What comes over the wire is late, lost, twice or cut; what was told is never a lie."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from karb_core.domain.holdings import Account
from karb_core.domain.orders import Fill, Filled, Outcome, Rejected, Side, Unknown
from karb_core.domain.statement import VenueSilent
from karb_core.ports import Executor
from karb_core.wiring.virtual_clock import VirtualClock
from tests.chaos.faults import Fault, Faults, Spell, Verb
from tests.chaos.places import FAR, NEAR, START
from tests.chaos.stage import EVEN, SECOND, approved, wired
from tests.chaos.truth import Truth
from tests.chaos.wire import Travel, Wire

KRW = Account("upbit", "KRW")


def filled(outcome: Outcome) -> str:
    assert isinstance(outcome, Filled)
    assert outcome.final
    return outcome.filled.text()


def code(outcome: Outcome) -> str:
    assert isinstance(outcome, Rejected)
    return outcome.code


def test_an_order_travels_trades_and_is_told() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        executor: Executor = wire
        item = approved()
        assert filled(await executor.place(item)) == "0.1 BTC"
        assert clock.now_ns() == START + SECOND // 5
        (arrived,) = truth.arrived
        assert (arrived.at_ns, arrived.order_id, arrived.what) == (START + SECOND // 10, item.item.id, "order")
        assert [(sent.at_ns, sent.order) for sent in truth.sent] == [(START, item.item)]
        fills = await executor.fills_since(START)
        assert [replace(f, received_at_ns=f.venue_at_ns) for f in fills] == truth.fills("upbit")
        assert {f.received_at_ns for f in fills} == {clock.now_ns()}
        assert await executor.fills_since(START) == fills
        assert await executor.balances() == truth.balances("upbit")
        assert (await executor.positions(), await executor.open_orders(), await executor.income_since(0)) == (
            {},
            (),
            [],
        )
        assert set(await executor.facts()) == {NEAR}

    wired(body)


def test_an_answer_that_is_lost_is_unknown_and_the_order_lives() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        item = approved()
        outcome = await wire.place(item)
        assert isinstance(outcome, Unknown)
        assert outcome.filled.value == 0
        assert clock.now_ns() == START + SECOND
        assert truth.fills("upbit")
        assert filled(await wire.find(item.item)) == "0.1 BTC"

    wired(body, script={Verb.PLACE: [Fault.ANSWER_LOST]})


def test_an_order_that_never_came_is_dead_only_when_its_window_is_over() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        item = approved()
        told = [await wire.place(item)]
        while isinstance(told[-1], Unknown):
            await clock.sleep_until(clock.now_ns() + SECOND // 2)
            told.append(await wire.find(item.item))
        assert code(told[-1]) == "order_not_found"
        assert clock.now_ns() > START + 5 * SECOND
        assert len(told) > 6
        assert truth.fills("upbit") == []

    wired(body, script={Verb.PLACE: [Fault.REQUEST_LOST]})


@pytest.mark.parametrize(("after", "told"), [(4 * SECOND, "0.1 BTC"), (6 * SECOND, "order_not_found")])
def test_a_late_request_trades_within_the_window_and_is_refused_after_it(after: int, told: str) -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        item = approved()
        assert isinstance(await wire.place(item), Unknown)
        assert isinstance(await wire.find(item.item), Unknown)
        await clock.sleep_until(START + 7 * SECOND)
        outcome = await wire.find(item.item)
        assert (filled(outcome) if isinstance(outcome, Filled) else code(outcome)) == told
        arrived = [each for each in truth.arrived if each.what == "order"]
        assert [each.at_ns for each in arrived] == [START + after]
        assert bool(truth.fills("upbit")) is (told == "0.1 BTC")

    wired(body, script={Verb.PLACE: [Fault.REQUEST_LATE]}, travel=replace(EVEN, late=(after, after)))


@pytest.mark.parametrize("seed", range(8))
def test_of_two_copies_the_venue_takes_one_and_nobody_is_told_that_it_died(seed: int) -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        item = approved()
        outcome = await wire.place(item)
        await clock.sleep_until(START + SECOND)
        assert not isinstance(outcome, Rejected)
        assert filled(await wire.find(item.item)) == "0.1 BTC"
        first, second = [each.outcome for each in truth.arrived if each.what == "order"]
        assert isinstance(first, Filled)
        assert second is not None
        assert code(second) == "duplicate_order_id"
        assert sum(fill.amount.value for fill in truth.fills("upbit")) == Decimal("0.1")
        assert len(truth.sent) == 1

    wired(body, script={Verb.PLACE: [Fault.REQUEST_TWICE]}, travel=Travel(), seed=seed)


def test_after_an_error_of_the_venues_own_nobody_knows() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> bool:
        assert isinstance(await wire.place(approved()), Unknown)
        assert clock.now_ns() < START + SECOND
        await clock.sleep_until(START + SECOND)
        return bool(truth.arrived)

    assert {wired(body, script={Verb.PLACE: [Fault.SERVER_ERROR]}, seed=seed) for seed in range(12)} == {True, False}


def test_what_was_never_sent_is_rejected_at_once() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        assert code(await wire.place(approved())) == "unreachable"
        await clock.sleep_until(START + 9 * SECOND)
        assert (truth.sent, truth.arrived) == ([], [])

    wired(body, script={Verb.PLACE: [Fault.NOT_SENT]})


def test_a_cancel_is_a_request_that_may_be_lost() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        item = approved().item
        await wire.cancel(item)
        assert truth.arrived == []
        await wire.cancel(item)
        assert [(each.what, each.order_id) for each in truth.arrived] == [("cancel", item.id)]

    wired(body, script={Verb.CANCEL: [Fault.CANCEL_LOST, None]})


def test_a_venue_that_is_down_takes_nothing_and_tells_nothing() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        item = approved()
        assert filled(await wire.place(item)) == "0.1 BTC"
        await clock.sleep_until(START + SECOND)
        assert code(await wire.place(approved())) == "unreachable"
        for ask in (wire.balances, wire.positions, wire.open_orders, wire.facts):
            with pytest.raises(VenueSilent) as silent:
                await ask()
            assert (silent.value.venue, silent.value.why) == ("upbit", "no connection")
        for since in (wire.fills_since, wire.income_since):
            with pytest.raises(VenueSilent):
                await since(0)
        await wire.cancel(item.item)
        asked = await wire.find(item.item)
        assert isinstance(asked, Unknown)
        assert asked.filled.text() == "0.1 BTC"
        await clock.sleep_until(START + 9 * SECOND)
        assert filled(await wire.place(approved())) == "0.1 BTC"
        assert len(truth.sent) == 2

    wired(body, spells=[Spell(Fault.DOWN, START + SECOND, START + 9 * SECOND)])


def test_what_is_on_its_way_when_the_venue_goes_down_is_lost() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        assert isinstance(await wire.place(approved()), Unknown)
        assert (len(truth.sent), truth.arrived) == (1, [])

    wired(body, spells=[Spell(Fault.DOWN, START + 1, START + SECOND)])


def test_a_read_without_an_answer_is_silence_and_no_statement() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        with pytest.raises(VenueSilent, match="no answer in time"):
            await wire.balances()
        assert clock.now_ns() == START + SECOND
        assert await wire.balances() == truth.balances("upbit")

    wired(body, script={Verb.STATEMENT: [Fault.READ_LOST, None]})


def test_a_suspended_instrument_is_refused_until_it_is_resumed() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        assert code(await wire.place(approved())) == "instrument_suspended"
        await clock.sleep_until(START + 2 * SECOND)
        assert filled(await wire.place(approved())) == "0.1 BTC"

    wired(body, spells=[Spell(Fault.SUSPENDED, START, START + SECOND)])


def test_a_partial_fill_is_told_as_the_beginning_of_one_and_found_as_its_end() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        item = approved()
        outcome = await wire.place(item)
        assert isinstance(outcome, Filled)
        assert not outcome.final
        assert 0 < outcome.filled.value < Decimal("0.1")
        assert await wire.find(item.item) == replace(outcome, final=True)

    wired(body, script={Verb.PLACE: [Fault.PARTIAL]})


def test_an_order_may_be_called_done_of_which_only_a_part_traded() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        outcome = await wire.place(approved())
        assert isinstance(outcome, Filled)
        assert outcome.final
        assert 0 < outcome.filled.value < Decimal("0.1")

    wired(body, script={Verb.PLACE: [Fault.DONE_THOUGH_PARTIAL]})


def test_statements_and_fills_lag_behind_the_truth_and_catch_up() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        before = truth.balances("binance_usdm")
        assert filled(await wire.place(approved("0.1", Side.SELL, FAR))) == "0.1 BTC"
        assert (await wire.balances(), await wire.positions(), await wire.fills_since(0)) == (before, {}, [])
        await clock.sleep_until(START + 3 * SECOND)
        assert await wire.balances() == truth.balances("binance_usdm") != before
        assert (await wire.positions())[FAR].amount == Decimal("-0.1")
        assert len(await wire.fills_since(0)) == len(truth.fills("binance_usdm"))

    lag = Spell(Fault.BALANCES_LAG, START, START + 3 * SECOND)
    late = Spell(Fault.FILLS_LAG, START, START + 3 * SECOND)
    wired(body, spells=[lag, late], venue=FAR.venue, travel=replace(EVEN, lag=(2 * SECOND, 2 * SECOND)))


def test_fills_are_listed_twice_or_in_two_answers() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        await wire.place(approved("0.01"))
        await wire.place(approved("0.01"))

        def ids(fills: Sequence[Fill]) -> list[str]:
            return [fill.venue_trade_id for fill in fills]

        told = [ids(await wire.fills_since(0)) for _ in range(3)]
        true = ids(truth.fills("upbit"))
        assert told == [[name for name in true for _ in range(2)], true[:-1], true]

    wired(body, script={Verb.FILLS: [Fault.FILLS_TWICE, Fault.FILLS_SPLIT, None]})


@pytest.mark.parametrize(
    ("off", "told"), [(SECOND, "0.1 BTC"), (2 * SECOND, "refused"), (-4 * SECOND, "0.1 BTC"), (-5 * SECOND, "refused")]
)
def test_a_wrong_clock_of_ours_is_refused_beyond_the_window(off: int, told: str) -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> str:
        outcome = await wire.place(approved())
        return "refused" if isinstance(outcome, Rejected) else filled(outcome)

    assert wired(body, off_by_ns=off) == told


@pytest.mark.parametrize("off", [-4 * SECOND, 0, SECOND])
def test_a_wrong_clock_never_proves_an_order_dead_that_may_still_come(off: int) -> None:
    """Its last moment is the window after its stamp, by the venue's clock."""

    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        item = approved()
        told: Outcome = await wire.place(item)
        while isinstance(told, Unknown):
            told = await wire.find(item.item)
        asked = [each.at_ns for each in truth.arrived if each.what == "find"]
        assert asked[-1] > START + off + 5 * SECOND
        assert all(at_ns <= START + off + 5 * SECOND for at_ns in asked[:-1])

    wired(body, script={Verb.PLACE: [Fault.REQUEST_LOST]}, off_by_ns=off)


def test_a_request_arrives_although_its_sender_was_killed_and_the_next_one_finds_it() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        item = approved()
        task = asyncio.ensure_future(wire.place(item))
        await clock.sleep_until(START + 1)
        task.cancel()
        await clock.sleep_until(START + SECOND)
        again = Wire(truth, "upbit", clock, Faults(), EVEN)
        assert filled(await again.find(item.item)) == "0.1 BTC"

    wired(body)


def test_a_new_wire_calls_nothing_dead_before_a_window_has_passed_since_it_was_opened() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        item = approved().item
        assert isinstance(await wire.find(item), Unknown)
        await clock.sleep_until(START + 5 * SECOND)
        assert code(await wire.find(item)) == "order_not_found"

    wired(body)


def test_word_of_a_fill_comes_by_the_private_stream_even_if_the_answer_is_lost() -> None:
    async def body(truth: Truth, wire: Wire, clock: VirtualClock) -> None:
        nudged = Wire(truth, "upbit", clock, Faults(script={Verb.PLACE: [Fault.ANSWER_LOST]}), EVEN, clock.wake)
        task = asyncio.ensure_future(nudged.place(approved()))
        await clock.sleep_until(None)
        assert clock.now_ns() == START + SECOND // 5
        assert isinstance(await task, Unknown)

    wired(body)
