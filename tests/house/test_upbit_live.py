"""A strategy at real accounts over real wires: Upbit's own adapters, sockets of this machine, and the lab behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")

from karb_core.cli.live_run import furnished_live
from karb_core.ledger import reading
from karb_core.ledger.check import check as proved
from karb_core.ledger.reading import Whose
from karb_core.wiring.running import Running
from karb_core.wiring.wall_clock import WallClock
from tests.house.live_stage import to_run
from tests.house.real import TRUTHS
from tests.house.stage import Place
from tests.house.test_upbit_on_paper import over
from tests.house.upbit_walk import BTC, answers, now_in_ticks, speaks
from tests.plugins.karb_lab.running import KEY as ACCESS
from tests.plugins.karb_lab.running import OPENING, SECRET, RunningLab
from tests.plugins.karb_upbit.upbit_on_sockets import UpbitOnSockets
from tests.wiring.tiny import Edit


def at(lab: RunningLab) -> Edit:
    """Upbit's own orders, at the lab."""
    return (
        "{use: walk.spot, with: {venue: upbit, keys: secret:upbit}}",
        f'{{use: upbit.orders, with: {{keys: secret:upbit, base_url: "{lab.address("upbit")}"}}}}',
    )


@asynccontextmanager
async def quoted(lab: RunningLab, moves: Path) -> AsyncIterator[None]:
    """The lab's book stands where the market does."""

    async def quote() -> None:
        while True:
            middle = now_in_ticks(BTC, moves.read_text("utf-8").strip())
            bids, asks = [(str(middle - 1000), "5")], [(str(middle + 1000), "5")]
            await asyncio.to_thread(lab.book, bids, asks)
            await asyncio.sleep(0.05)

    task = asyncio.ensure_future(quote())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(living: list[asyncio.Future[None]], true: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not true():
            assert not any(task.done() for task in living), living
            await asyncio.sleep(0.02)


async def lived(
    place: Place, lab: RunningLab, upbit: UpbitOnSockets, body: Callable[[Running, object], object]
) -> None:
    wanted = to_run(place, [*over(upbit), at(lab)], locked=True)
    accounts, (made,) = furnished_live(place.say, [wanted], place.ledger, WallClock(), ())
    try:
        await made.open()
        await accounts.begin([made])
        living = [asyncio.ensure_future(made.live()), asyncio.ensure_future(accounts.run())]
        try:
            await body(made, living)  # type: ignore[misc]
        finally:
            for task in living:
                task.cancel()
            await asyncio.gather(*living, return_exceptions=True)
            made.close("done")
    finally:
        await accounts.close()


def test_it_enters_and_leaves_and_the_ledger_has_what_the_lab_has_to_the_last_digit(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KARB_SECRET_UPBIT", f"{ACCESS}:{SECRET}")
    monkeypatch.setenv("KARB_SECRET_BINANCE", far := str(place.folder))
    moves = place.folder / "market.txt"

    async def there_and_back(made: Running, living: object) -> None:
        desk, tasks = made.seated.trading.desk, list(living)  # type: ignore[call-overload]
        await until(tasks, lambda: made.warming.warm and BTC in made.house.latest.tops)
        await until(tasks, lambda: {"upbit", "binance_usdm"} <= desk.agreement.found.keys())
        assert desk.halted == []
        place.moved("high")
        await until(tasks, lambda: desk.books.open_lots() and not desk.at_work)
        place.moved("calm")
        await until(tasks, lambda: not desk.books.open_lots() and not desk.at_work)
        told.append((made.account, desk.books.holdings))

    told: list[tuple[str, object]] = []
    with RunningLab() as lab:

        async def day() -> None:
            async with (
                UpbitOnSockets(speaks(moves), answers).open() as upbit,
                quoted(lab, moves),
            ):
                await lived(place, lab, upbit, there_and_back)

        try:
            asyncio.run(day())
        finally:
            TRUTHS.pop(far, None)
        books = lab.books()
    ((account, holdings),) = told
    booked = [fill for fill, _ in reading.fills(place.ledger, Whose(account)) if fill.instrument == BTC]
    assert len(booked) == len(books["fills"]) >= 2
    for asset, opened in OPENING.items():
        balance = books["balances"][asset]
        there = Decimal(balance["free"]) + Decimal(balance["locked"])
        assert there == opened + holdings.balance("upbit", asset).value  # type: ignore[attr-defined]
    assert [violation for one in proved(place.ledger) for violation in one.broken] == []
    assert SECRET not in "".join(place.said)
