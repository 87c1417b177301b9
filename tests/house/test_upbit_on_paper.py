"""A strategy on paper over a real Upbit wire: sockets of this machine, the feed of the release, nothing in between."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")


from karb_core.ledger import reading
from karb_core.ledger.check import check as proved
from karb_core.ledger.reading import Whose
from karb_core.wiring.paper import paper
from karb_core.wiring.running import Running
from karb_core.wiring.wall_clock import WallClock
from tests.house.stage import FEED, RATE, Place
from tests.house.upbit_walk import BTC, answers, speaks
from tests.plugins.karb_upbit.upbit_on_sockets import UpbitOnSockets
from tests.wiring.tiny import Edit


def over(upbit: UpbitOnSockets) -> list[Edit]:
    """The near leg and what a USDT fetches from there; the far leg and the rate of the signal from the walk."""
    where = ", ".join(f"{name}: {address}" for name, address in upbit.params.items())
    return [
        (FEED, f"  - {{use: upbit.stream, with: {{{where}, late: 100ms}}}}\n{FEED.replace('walk.market', 'walk.far')}"),
        (f"  money: {RATE}", f"  money: {{use: upbit.usdt_krw, with: {{max_age: 30s, {where}}}}}"),
    ]


async def until(living: asyncio.Future[None], true: object) -> None:
    async with asyncio.timeout(60):
        while not true():  # type: ignore[operator]
            assert not living.done(), living
            await asyncio.sleep(0.02)


def test_it_warms_up_enters_and_leaves_at_the_prices_that_upbit_told(place: Place) -> None:
    async def day() -> Running:
        async with UpbitOnSockets(speaks(place.folder / "market.txt"), answers).open() as upbit:
            made = paper(place.rulebook(*over(upbit)), place.ledger, WallClock(), place.say)
            await made.open()
            desk = made.seated.trading.desk
            assert desk.strategy.terms.facts[BTC].min_notional == 5000, "as its page says"
            living = asyncio.ensure_future(made.live())
            try:
                await until(living, lambda: made.warming.warm and BTC in made.house.latest.tops)
                place.moved("high")
                await until(living, lambda: desk.books.open_lots() and not desk.at_work)
                place.moved("calm")
                await until(living, lambda: len(place.notices()) == 2 and not desk.at_work)
            finally:
                living.cancel()
                await asyncio.gather(living, return_exceptions=True)
                made.close("done")
            return made

    made = asyncio.run(day())
    assert place.said[0] in {f"BTC: {n} of the 40 bars that the signal looks back on are there" for n in (38, 39, 40)}
    fills = [fill for fill, _ in reading.fills(place.ledger, Whose(made.account, made.rulebook.file.name))]
    near = sorted((f for f in fills if f.instrument == BTC), key=lambda f: f.venue_at_ns)
    assert len(fills) == 4
    assert near[0].side.value == "sell"
    assert near[0].price.value > near[1].price.value * 102 / 100, "sold high and bought back"
    assert [notice["kind"] for notice in place.notices()] == ["entry", "exit"]
    assert [violation for one in proved(place.ledger) for violation in one.broken] == []
