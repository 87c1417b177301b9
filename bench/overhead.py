"""How long karb itself takes from what it sees to two orders that are durable and handed to the executors.

    python bench/overhead.py [--rounds 400] [--ledger FILE or URL] [--bar 3.0]

One entry and one way out after the other, over the real ledger: judged, sized, cut, funded, gated, written, committed
(SQLite with synchronous FULL, off the event loop), handed over. The commit is shown apart: it is the disk's time. The
venues answer at once, so nothing of theirs is in it. The bar is karb's own part at the median; exits 1 above it. What was
measured stands in overhead.csv.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from karb_core.domain.approved import Approved
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Top
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Run
from karb_core.ports import MarketView, Moment
from karb_core.venue.book import VenueBook
from karb_core.wiring.restart import before
from tests.chaos.market import Market
from tests.chaos.places import START, accounts, listings
from tests.chaos.process import MARK, inventory
from tests.chaos.rates import Rates
from tests.chaos.trader import FACTS, LEGS, PAIR, SECOND, Wish, leg_rules, strategy

BAR_MS = 3.0


class AtOnce:
    """Both venues, with an answer to everything at once; notes when each order was handed over."""

    def __init__(self, tops: Mapping[Instrument, Top]) -> None:
        self.books = {terms.venue: VenueBook(terms) for terms in accounts(krw="9000000000", usdt="9000000")}
        self.tops, self.handed, self.now_ns = tops, list[float](), START

    async def place(self, order: Approved[Order]) -> Outcome:
        self.handed.append(time.perf_counter())
        item = order.item
        return (
            self.books[item.instrument.venue].trade(item, self.tops[item.instrument].to(item.side), self.now_ns).outcome
        )

    async def fills_since(self, at_ns: int) -> Sequence[Fill]:
        return [fill for book in self.books.values() for fill in book.fills_since(self.now_ns)]

    async def balances(self) -> Mapping[Any, Any]:
        return {account: held for book in self.books.values() for account, held in book.balances().items()}


class Stepped:
    """A clock that goes on by a second for each round."""

    def __init__(self) -> None:
        self.at_ns = START

    def now_ns(self) -> int:
        return self.at_ns

    async def sleep_until(self, at_ns: int | None) -> None:
        raise AssertionError("venues that answer at once leave nothing to wait for")


async def measure(rounds: int, where: str) -> tuple[list[float], list[float]]:
    """By round, in ms: from view to both orders handed over, and how much of it was the commit."""
    market, clock = Market(1, START, listings()), Stepped()
    tops = {i: replace(top, venue_at_ns=START) for i in LEGS if (top := market.depth(i, START).top()) is not None}
    venues: Any = AtOnce(tops)
    wishes = tuple(
        Wish(True, market.facts[LEGS[1]].amount_step * 20, 2 * n * SECOND, (2 * n + 1) * SECOND) for n in range(rounds)
    )
    rules = leg_rules(None, "rruh")
    of, ledger = strategy(wishes, START, rules), open_ledger(where)
    was = before(ledger, Whose("bench", "episode"), inventory(), FACTS, rules)
    run = Run.started(
        strategy="episode", account="bench", mode="paper", rules_digest="r", assumptions_digest="a", started_at_ns=START
    )
    journal: Any = ledger.begin(run, START)
    committed = list[float]()
    durable = journal.durable

    async def timed() -> None:
        began = time.perf_counter()
        await durable()
        committed.append((time.perf_counter() - began) * 1e3)

    journal.durable = timed
    executors = {i.venue: venues for i in LEGS}
    driver = Driver(executors, journal, clock, was.books, FACTS, rules, MARK, lambda: tops)
    desk = Desk(of, was.books, driver, journal)
    whole, commits = list[float](), list[float]()
    for n in range(2 * rounds):
        clock.at_ns = venues.now_ns = START + n * SECOND
        seen = {i: replace(top, venue_at_ns=clock.at_ns, received_at_ns=clock.at_ns) for i, top in tops.items()}
        rate = Rates(START).at(clock.at_ns)
        assert rate is not None
        moment = Moment(PAIR, clock.at_ns, {}, LEGS, tuple(seen[i] for i in LEGS), {"money": rate})
        view = MarketView(clock.at_ns, seen, {"money": rate}, {}, {})
        venues.handed.clear()
        committed.clear()
        began = time.perf_counter()
        await desk.take(moment, view)
        assert len(venues.handed) == len(LEGS), "each round is one plan of two orders"
        whole.append((max(venues.handed) - began) * 1e3)
        commits.append(committed[0])
    ledger.close()
    return whole, commits


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="From view to two durable orders handed over.")
    options.add_argument("--rounds", type=int, default=400)
    options.add_argument("--ledger", default=None)
    options.add_argument("--bar", type=float, default=BAR_MS, help="of karb's own at the median, in ms")
    given = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        whole, commits = asyncio.run(measure(given.rounds, given.ledger or str(Path(folder) / "ledger.sqlite")))
    own = [a - b for a, b in zip(whole, commits, strict=True)]
    for name, figures in (("whole", whole), ("commit", commits), ("karb's own", own)):
        print(f"{name:12} median {statistics.median(figures):7.2f} ms   p99 {_p99(figures):7.2f} ms")
    missed = statistics.median(own) > given.bar
    print(
        f"{2 * given.rounds} plans of two orders; bar {given.bar} ms of karb's own at the median: {'missed' if missed else 'ok'}"
    )
    return int(missed)


def _p99(figures: list[float]) -> float:
    return statistics.quantiles(figures, n=100)[-1]


if __name__ == "__main__":
    sys.exit(main())
