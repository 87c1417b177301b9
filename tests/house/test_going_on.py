"""A process that was killed on paper goes on from its ledger: its accounts, its lots, and what was half done."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from karb_core.domain.halt import Halt
from karb_core.errors import AccountHeld, StrategyInvalid
from karb_core.ledger.commands import Command
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose, fills, orders
from karb_core.ledger.telling import tell, waiting
from tests.house.stage import SECOND, START, Alive, Place, lived
from tests.house.test_a_day import there_and_back


def both_legs(alive: Alive) -> list[Decimal]:
    """By lot, what stands beyond the other leg. Unit: steps of the coarser leg."""
    lots = alive.desk.books.open_lots()
    return [abs(sum(leg.open.value for leg in lot.legs)) // Decimal("0.001") for lot in lots]


async def entered(place: Place, alive: Alive) -> None:
    place.moved("high")
    await alive.until(lambda: bool(alive.desk.books.open_lots()) and not alive.desk.at_work)
    await alive.passed(1.5)


async def left(place: Place, alive: Alive) -> None:
    place.moved("calm")
    await alive.recovered()
    await alive.until(lambda: not alive.desk.books.open_lots())
    await alive.settled()


@pytest.fixture
def both(folder: Path, ledger: Ledger) -> Place:
    return Place(folder, ledger)


def test_lots_and_accounts_go_on_and_the_lots_leave_later(both: Place) -> None:
    shown = []

    async def day() -> None:
        async with both.running(killed=True) as alive:
            await entered(both, alive)
            shown.append({name: book.balances() for name, book in alive.books.items()})
        async with both.running() as alive:
            await alive.passed(2)
            shown.append({name: book.balances() for name, book in alive.books.items()})
            assert len(alive.desk.books.open_lots()) == 1
            alive.need_same_books()
            await left(both, alive)
            assert len(alive.fills()) == 4
            alive.need_same_books()

    lived(day)
    assert shown[0] == shown[1]
    both.need_sound()
    assert [notice["kind"] for notice in both.notices()] == ["entry", "exit"]


@pytest.mark.parametrize("after_ms", [0, 10, 70, 90, 130, 150, 200])
def test_a_kill_in_the_middle_of_an_entry_leaves_nothing_twice_and_no_leg_alone(place: Place, after_ms: int) -> None:
    """The order leaves, arrives after 80 ms, and its answer comes 60 ms later."""

    async def day() -> None:
        async with place.running(killed=True) as alive:
            place.moved("high")
            while not alive.desk.carrier.working:
                await asyncio.sleep(0.005)
            await asyncio.sleep(after_ms / 1000)
        place.moved("calm")
        async with place.running() as alive:
            await alive.settled()
            assert both_legs(alive) in ([], [0])
            alive.need_same_books()
            await left(place, alive)
            alive.need_same_books()
            assert all(not position for book in alive.books.values() for position in book.positions())

    lived(day)
    place.need_sound()
    trades = [fill.venue_trade_id for fill, _ in fills(place.ledger, Whose("paper:walker"))]
    assert len(trades) == len(set(trades))
    ids = [order.id for order, _ in orders(place.ledger, Whose("paper:walker"))]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("after_ms", [10, 90, 150])
def test_a_kill_in_the_middle_of_an_exit_is_finished_by_the_next(place: Place, after_ms: int) -> None:
    async def day() -> None:
        async with place.running(killed=True) as alive:
            await entered(place, alive)
            place.moved("calm")
            while not alive.desk.carrier.working:
                await asyncio.sleep(0.005)
            await asyncio.sleep(after_ms / 1000)
        async with place.running() as alive:
            await left(place, alive)
            alive.need_same_books()

    lived(day)
    place.need_sound()


def test_what_was_begun_is_finished_at_prices_and_not_before_there_are_any(place: Place) -> None:
    """One leg filled, the other's answer never came: the market is asked for before the ladder is climbed."""

    async def day() -> None:
        async with place.running(killed=True) as alive:
            place.moved("high")
            while not alive.desk.carrier.working:
                await asyncio.sleep(0.005)
            await asyncio.sleep(0.01)
        async with place.running() as alive:
            await alive.passed(10)
            assert alive.desk.halted == []

    lived(day)


def test_many_kills_in_a_row_change_nothing(place: Place) -> None:
    async def day() -> None:
        async with place.running(killed=True) as alive:
            await entered(place, alive)
        for pause in (0.001, 0.3, 1.7):
            async with place.running(killed=True) as alive:
                await alive.passed(pause)
                assert len(alive.fills()) == 2
        async with place.running() as alive:
            await left(place, alive)
            assert len(alive.fills()) == 4

    lived(day)
    place.need_sound()


def told(
    place: Place, verb: str, strength: str | None = None, *, name: str = "c1", account: str = "paper:walker"
) -> None:
    tell(
        place.ledger,
        Command(
            id=name, account=account, strategy=None, verb=verb, strength=strength, reason="news",
            author="ann@phone", at_ns=START,
        ),
    )  # fmt: skip


def test_a_halt_is_heard_within_a_second_stands_after_a_restart_and_holds_no_way_out(both: Place) -> None:
    async def day() -> None:
        async with both.running(killed=True) as alive:
            await entered(both, alive)
            told(both, "halt", "no-entries")
            await alive.passed(1)
            assert waiting(both.ledger, "paper:walker") == []
            assert alive.desk.halts.strength() is Halt.NO_ENTRIES
        async with both.running() as alive:
            assert alive.desk.halted == ["news"]
            await alive.passed(1)
            await left(both, alive)
            both.moved("high")
            await alive.passed(20)
            assert len(alive.fills()) == 4
            both.moved("calm")
            told(both, "resume", name="c2")
            await alive.passed(45)
            assert alive.desk.halts.strength() is Halt.NONE
            await there_and_back(both, alive)

    lived(day)
    both.need_sound()


def test_a_flatten_leaves_at_once_and_stays_until_all_is_flat(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await entered(place, alive)
            told(place, "halt", "flatten")
            await alive.until(lambda: not alive.desk.books.open_lots(), 5)
            await alive.passed(20)
            assert len(alive.fills()) == 4

    lived(day)
    place.need_sound()
    assert {notice["kind"] for notice in place.notices()} == {"entry", "exit", "halt"}


def test_a_flatten_that_was_told_while_nobody_ran_is_done_at_the_next_start(place: Place) -> None:
    async def day() -> None:
        async with place.running(killed=True) as alive:
            await entered(place, alive)
        told(place, "halt", "flatten")
        async with place.running() as alive:
            await alive.recovered()
            await alive.until(lambda: not alive.desk.books.open_lots(), 5)
            await alive.settled()
            assert len(alive.fills()) == 4
            alive.need_same_books()

    lived(day)


def test_a_second_one_is_refused_while_the_first_lives_and_before_it_asks_anything(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.passed(60)
            silent = ("wrong: nothing}}\nfx", "wrong: facts_raise}}\nfx")
            with pytest.raises(AccountHeld, match="account paper:walker is held by another karb"):
                async with place.running(silent):
                    raise AssertionError("it opened")
            await there_and_back(place, alive)

    lived(day)


def test_who_slept_so_long_that_another_took_the_account_ends_and_sends_nothing(place: Place) -> None:
    """As a lid that was closed: when it opens again, the account is another's."""

    async def day() -> None:
        async with place.running() as alive:
            await entered(place, alive)
            alive.made.clock.jump(60 * SECOND)  # type: ignore[attr-defined]
            assert not alive.made.holding.ours()
            loop = asyncio.get_running_loop()
            loop.stall(loop.now_ns() + 60 * SECOND)  # type: ignore[attr-defined]
            async with place.running() as other:
                place.moved("calm")
                with pytest.raises(AccountHeld):
                    await alive.living
                before = len(alive.fills())
                await left(place, other)
                assert len(other.fills()) == 4
            assert len(alive.fills()) == before == 2

    lived(day)
    place.need_sound()


def test_a_file_that_no_more_names_what_its_account_traded_is_refused_in_one_sentence(place: Place) -> None:
    other = (
        "  BTC: {near: upbit BTC/KRW, far: binance_usdm BTC/USDT, share: 40%}",
        "  XRP: {near: upbit XRP/KRW, far: binance_usdm XRP/USDT, share: 40%}",
    )

    async def day() -> None:
        async with place.running() as alive:
            await there_and_back(place, alive)
        with pytest.raises(StrategyInvalid, match="binance_usdm BTC/USDT, upbit BTC/KRW"):
            async with place.running(
                other, ("inventory:\n  upbit:\n    - 0.25 BTC\n", "inventory:\n  upbit:\n    - 10,500 XRP\n")
            ):
                raise AssertionError("it opened")
        async with place.running() as alive:
            await alive.passed(1)

    lived(day)
