"""From bytes of a socket to bytes of orders, while two thousand messages a second come. Exits 1 when a bar is missed.

    python bench/bytes_to_bytes.py [--minutes 3] [--bars 0.5,20,200]

Another process is a venue: over a real WebSocket it tells books of twenty pairs in turn, 2,000 a second, and at each minute's
end the last candle of all of them. Here Upbit's own adapter hears it, and at each bar's close a desk of that pair judges, sizes,
asks its gate and funds, cuts, approves and has two orders: one signed for Upbit, one for Binance. The ledger's commit is not in
it (`overhead.py` shows it), nor is a signal's arithmetic; each venue answers at once. Bars: milliseconds at the 99th percentile
from the message that closed the bar, as it came out of the socket, to the later of the two orders' bytes; the share of one core
in percent; memory in MB. How long any message takes until it was told, from when the venue sent it, is shown beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from karb_binance import order_words as far_words
from karb_binance.signing import signed_query
from karb_core.connection.fields import sent_body
from karb_core.connection.keys import Keys
from karb_core.connection.questions import Questions
from karb_core.connection.stream_socket import sockets
from karb_core.domain.approved import Approved
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, Depth, FxKind, FxRate, MarketEvent, Top
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.engine.books import Books
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.ports import MarketView, Moment, Wants
from karb_core.venue.book import VenueBook
from karb_core.wiring.wall_clock import WallClock
from karb_upbit import order_words as near_words
from karb_upbit.params import StreamParams
from karb_upbit.questions import MANNER
from karb_upbit.running import Running
from karb_upbit.signing import authorization
from tests.chaos.market import Market
from tests.chaos.places import accounts, listings
from tests.chaos.process import MARK, inventory
from tests.chaos.trader import FACTS, LEGS, PAIR, SECOND, Wish, leg_rules, strategy
from tests.engine.scene import Recording, Trace
from tests.plugins.karb_upbit.market_here import MINUTE, RestHere, book, candle

PAIRS, RATE = 20, 2_000
CODES = tuple(f"KRW-C{n:02}" for n in range(PAIRS))
INSTRUMENTS = {Instrument("upbit", code.partition("-")[2], "KRW"): n for n, code in enumerate(CODES)}
KEYS = Keys("bench-access-key-00000000000000000001", "bench-secret-key-00000000000000000001")
_BATCH = 20


async def venue() -> None:
    """Tells whoever comes, until it is ended. Its address is the first line it says."""
    from aiohttp import WSMsgType, web

    async def tells(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        assert (await socket.receive()).type is WSMsgType.TEXT
        began, sent, minute = time.time_ns(), 0, time.time_ns() // MINUTE
        while not socket.closed:
            now = time.time_ns()
            due = (now - began) * RATE // SECOND
            if now // MINUTE != minute:
                for code in CODES:
                    await socket.send_str(candle(code, minute * MINUTE, (1000.0, 1001.0, 999.0, 1000.0, 5.0), now))
                minute = now // MINUTE
            for n in range(sent, min(due, sent + _BATCH)):
                await socket.send_str(book(CODES[n % PAIRS], time.time_ns(), 1000 + n % 7, 1010 + n % 7))
            sent = min(due, sent + _BATCH)
            await asyncio.sleep(0 if sent < due else _BATCH / RATE / 2)
        return socket

    app = web.Application()
    app.router.add_get("/", tells)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"ws://127.0.0.1:{runner.addresses[0][1]}/", flush=True)
    await asyncio.Event().wait()


class AtOnce:
    """Both venues: what goes to each is signed as its adapter does, noted, and answered at once."""

    def __init__(self, tops: Mapping[Instrument, Top], clock: WallClock) -> None:
        self.books = {terms.venue: VenueBook(terms) for terms in accounts(krw="9000000000", usdt="9000000")}
        self.tops, self.clock, self.since_ns, self.sent_ns = tops, clock, 0, list[int]()

    async def place(self, order: Approved[Order]) -> Outcome:
        item = order.item
        if item.instrument == LEGS[0]:
            fields = near_words.order_fields(item, FACTS[item.instrument])
            made: Any = (sent_body(fields), authorization(KEYS, item.id, fields))
        else:
            pairs = [
                *far_words.order_fields(item, FACTS[item.instrument]),
                ("timestamp", str(self.clock.now_ns() // 10**6)),
            ]
            made = signed_query(KEYS, pairs)
        assert made
        self.sent_ns.append(self.clock.now_ns())
        top = self.tops[item.instrument].to(item.side)
        return self.books[item.instrument.venue].trade(item, top, self.clock.now_ns()).outcome

    async def fills_since(self, at_ns: int) -> Sequence[Fill]:
        return [fill for each in self.books.values() for fill in each.fills_since(self.since_ns)]

    async def balances(self) -> Mapping[Any, Any]:
        return {account: held for each in self.books.values() for account, held in each.balances().items()}


@dataclass(slots=True)
class OfPair:
    """The desk of one pair: in at one bar, out at the next."""

    clock: WallClock
    start_ns: int
    took_ms: list[float] = field(default_factory=list)
    _desk: Desk = field(init=False)
    _venues: Any = field(init=False)
    _tops: dict[Instrument, Top] = field(init=False)

    def __post_init__(self) -> None:
        market = Market(1, self.start_ns, listings())
        self._tops = {i: top for i in LEGS if (top := market.depth(i, self.start_ns).top()) is not None}
        self._venues = AtOnce(self._tops, self.clock)
        size = market.facts[LEGS[1]].amount_step * 20
        wishes = tuple(Wish(True, size, 2 * n * MINUTE, (2 * n + 1) * MINUTE) for n in range(1000))
        rules, journal = leg_rules(None, "rruh"), Recording(Trace())
        books = Books(inventory(), FACTS)
        executors = {i.venue: self._venues for i in LEGS}
        driver = Driver(executors, journal, self.clock, books, FACTS, rules, MARK, lambda: self._tops)
        self._desk = Desk(strategy(wishes, self.start_ns, rules), books, driver, journal)

    async def judge(self, bar: Bar) -> None:
        now_ns = self._venues.since_ns = self.clock.now_ns()
        for i, top in self._tops.items():
            self._tops[i] = replace(top, venue_at_ns=now_ns, received_at_ns=now_ns)
        rate = FxRate("USDT", "KRW", Decimal(1500), "bench", FxKind.TETHER, now_ns, now_ns)
        moment = Moment(PAIR, now_ns, {}, LEGS, tuple(self._tops[i] for i in LEGS), {"money": rate})
        self._venues.sent_ns.clear()
        await self._desk.take(moment, MarketView(now_ns, dict(self._tops), {"money": rate}, {}, {}))
        assert len(self._venues.sent_ns) == len(LEGS), "each bar is one plan of two orders"
        self.took_ms.append((max(self._venues.sent_ns) - bar.received_at_ns) / 1e6)


async def heard(address: str, minutes: float) -> tuple[list[float], list[float], int]:
    """Each order's and each message's milliseconds, and how many messages came."""
    clock = WallClock()
    start_ns = clock.now_ns() // MINUTE * MINUTE + MINUTE
    desks = [OfPair(clock, start_ns) for _ in CODES]
    late_ms, work, bars = list[float](), set[asyncio.Task[None]](), 0

    def take(event: MarketEvent) -> None:
        nonlocal bars
        if isinstance(event, Depth):
            late_ms.append((clock.now_ns() - event.venue_at_ns) / 1e6)
        elif isinstance(event, Bar) and event.end_ns >= start_ns:
            bars += 1
            task = asyncio.ensure_future(desks[INSTRUMENTS[event.instrument]].judge(event))
            work.add(task)
            task.add_done_callback(work.discard)

    wants, rest = Wants(tuple(INSTRUMENTS), MINUTE, "close"), RestHere(clock.now_ns)
    async with sockets(address) as opens:
        running = Running(StreamParams(), wants, take, clock, opens, Questions(rest, MANNER), Random(1))
        task = asyncio.ensure_future(running.run())
        await asyncio.sleep(max(0.0, (start_ns - clock.now_ns()) / SECOND) + 60 * minutes - 50)
        task.cancel()
        await asyncio.gather(task, *work, return_exceptions=True)
    return [ms for desk in desks for ms in desk.took_ms], late_ms, bars


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=3)
    options.add_argument("--bars", default="0.5,20,200")
    options.add_argument("--venue", action="store_true", help="be the venue")
    given = options.parse_args(arguments)
    if given.venue:
        asyncio.run(venue())
        return 0
    with subprocess.Popen([sys.executable, __file__, "--venue"], stdout=subprocess.PIPE, encoding="utf-8") as there:
        assert there.stdout is not None
        address = there.stdout.readline().strip()
        began, used = time.perf_counter(), time.process_time()
        try:
            orders, messages, bars = asyncio.run(heard(address, given.minutes))
        finally:
            there.kill()
    took, cpu = time.perf_counter() - began, time.process_time() - used
    share, memory = 100 * cpu / took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    orders_p99 = quantiles(orders, n=100)[-1]
    print(f"orders     p50 {median(orders):8.3f} ms  p99 {orders_p99:8.3f} ms  {len(orders)} plans of two, {bars} bars")
    print(
        f"messages   p50 {median(messages):8.3f} ms  p99 {quantiles(messages, n=100)[-1]:8.3f} ms  {len(messages) / took:.0f} a second"
    )
    print(f"{share:.1f} % of one core, {memory:.0f} MB")
    ms, percent, mb = (float(bar) for bar in given.bars.split(","))
    met = orders_p99 <= ms and share <= percent and memory <= mb
    print(f"bars {ms:g} ms, {percent:g} %, {mb:g} MB: {'ok' if met else 'missed'}")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
