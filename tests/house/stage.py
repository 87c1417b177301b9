"""Strategies on paper in a market that a test moves, in this process and in virtual time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill, Side
from karb_core.ledger import reading
from karb_core.ledger.check import check as proved
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.runs import Lived, Run
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.code_digest import code_digests
from karb_core.rulebook.lock import lock_of, lock_path, read_lock, write_lock
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source, read_source
from karb_core.texts.text import Said, render
from karb_core.venue.book import VenueBook
from karb_core.venue.offers import Offers
from karb_core.wiring.divergence.divergence import divergence
from karb_core.wiring.divergence.rules_tested import rules_of
from karb_core.wiring.paper import paper
from karb_core.wiring.replaying import WAYS, replayed
from karb_core.wiring.rules_file import RulesFile
from karb_core.wiring.running import Running
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from tests.house.walk import depth
from tests.plugin.site import Site
from tests.venue.accounts import order
from tests.wiring.tiny import Edit, strategy_text

T = TypeVar("T")

SECOND = 1_000_000_000
LEASE_S = 31
#: Any mark: what is open is worth the same on both sides of a comparison.
LAST = Decimal(95_000)
#: A Monday at noon in Seoul.
START = 1_736_132_400 * SECOND
FEED = "  - {use: walk.market, with: {moves: market.txt, tick: 200ms, wrong: nothing}}"
RATE = "{use: walk.rate, with: {max_age: 30s, every: 1s}}"
CHANNEL = "  - {use: walk.channel, with: {file: notices.jsonl, wrong: nothing}}"
DEPTH = "{use: sim.depth, with: {order_latency: 80ms, answer_latency: 60ms}}"
_RECORDED = "{use: fx.recorded, with: {series: usd-krw, max_age: 30h, when_closed: 110h}}"
ON_PAPER: tuple[Edit, ...] = (
    ("name: quickstart", "name: walker"),
    ("mode: backtest", "mode: paper"),
    ("  - {use: replay.dataset, with: {file: market.yaml}}", FEED),
    (f"  premium: {_RECORDED}", f"  premium: {RATE}"),
    (f"  money: {_RECORDED}", f"  money: {RATE}"),
    ("bar: 5m", "bar: 1s"),
    ("window: 1d", "window: 40s"),
    ("paper: none", f"paper: {DEPTH}"),
    ("  - {use: alerts.console, with: {tell: [entry, exit, refusal, halt]}}", CHANNEL),
    ("  XRP: {near: upbit XRP/KRW, far: binance_usdm XRP/USDT, share: 25%}\n", ""),
    ("inventory:\n  upbit:\n    - 0.25 BTC\n    - 10,500 XRP\n", "inventory:\n  upbit:\n    - 0.25 BTC\n"),
    (
        "book: 5m, between_legs: 5m}}\n  - {use: gates.fresh, id: fresh_out",
        "book: 2s, between_legs: 1s}}\n  - {use: gates.fresh, id: fresh_out",
    ),
)


def paper_text(*edits: Edit) -> str:
    text = strategy_text(*ON_PAPER)
    for old, new in edits:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text


#: The same at accounts whose truth a test holds.
LIVE: tuple[Edit, ...] = (
    ("mode: paper", "mode: live"),
    ("{use: upbit.orders, with: {keys: secret:upbit}}", "{use: walk.spot, with: {venue: upbit, keys: secret:upbit}}"),
    (
        "{use: binance_usdm.orders, with: {keys: secret:binance, network: production, leverage: 1, margin: isolated}}",
        "{use: walk.margin, with: {venue: binance_usdm, keys: secret:binance, leverage: 1, margin: isolated}}",
    ),
)
#: On another coin and under another name, so that both can run at one account.
OF_XRP: tuple[Edit, ...] = (
    ("name: walker", "name: xrp-walker"),
    ("BTC: {near: upbit BTC/KRW, far: binance_usdm BTC/USDT", "XRP: {near: upbit XRP/KRW, far: binance_usdm XRP/USDT"),
    ("inventory:\n  upbit:\n    - 0.25 BTC\n", "inventory:\n  upbit:\n    - 10,500 XRP\n"),
)


def install(site: Site) -> None:
    offered = "from tests.house.walk import karb_feeds, karb_fx_sources, karb_notifiers\n"
    site.install("walk", f"{offered}from tests.house.real import karb_executors\n")


@dataclass(slots=True)
class Place:
    """A folder with a market that stands as `moved`, and the ledger of whoever trades in it."""

    folder: Path
    ledger: Ledger
    said: list[str] = field(default_factory=list)
    catalogue: Catalogue = field(default_factory=Catalogue.installed)

    def __post_init__(self) -> None:
        self.moved("calm")

    def moved(self, how: str) -> None:
        (self.folder / "market.txt").write_text(how, "utf-8")

    def rulebook(self, *edits: Edit) -> Rulebook:
        (self.folder / "walker.yaml").write_text(paper_text(*edits), "utf-8")
        made = check(Source.of_text(paper_text(*edits), str(self.folder / "walker.yaml")), self.catalogue)
        assert made.rulebook is not None, [render(f.said) for f in made.findings]
        return made.rulebook

    def say(self, said: Said) -> None:
        self.said.append(render(said))

    def notices(self) -> list[dict[str, Any]]:
        path = self.folder / "notices.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    def need_sound(self, *edits: Edit) -> None:
        """Whatever happened, the ledger proves, what was taken in is decided upon the same again, and what it came to
        differs from a backtest by nothing that has no cause.

        edits: as the file is by whose rules it is replayed.
        """
        broken = [violation for one in proved(self.ledger) for violation in one.broken]
        assert broken == []
        rulebook = self.rulebook(*edits)
        runs = [each for each in reading.lived(self.ledger) if each.run.strategy == rulebook.file.name]
        for account in dict.fromkeys(each.run.account for each in runs):
            mine = [each for each in runs if each.run.account == account]
            ended = [each.run for each in takewhile(lambda each: each.ended is not None, mine)]
            self._need_replayed(ended, rulebook)
        for each in runs:
            if each.ended is not None:
                self._need_told(each)

    def _need_replayed(self, runs: list[Run], rulebook: Rulebook) -> None:
        """Those that a kill did not end."""
        for mode in WAYS:
            with TemporaryDirectory() as folder:
                into = open_ledger(Path(folder) / "ledger.sqlite")
                came = list(replayed(self.ledger, runs, rulebook, mode, into))
                into.close()
            other = [render(each.other) for each in came if each.other is not None]
            assert other == [], other
            assert [each.run for each in came] == runs

    def _need_told(self, lived: Lived) -> None:
        """What it came to differs from a backtest on what it recorded by rows that each have a cause, and by nothing else."""
        rules = rules_of(self.ledger, lived.run, None)
        with TemporaryDirectory() as folder:
            found = divergence(self.ledger, lived, rules, Path(folder), Path(folder) / "data", 1)
        assert found.holds, (
            found.rest,
            found.came.other,
            [(row.cause, row.at_ns, row.amount) for row in found.unexplained],
        )

    @property
    def file(self) -> RulesFile:
        return RulesFile(str(self.folder / "walker.yaml"), lambda: self.catalogue)

    def written(self, *edits: Edit) -> None:
        """The owner saves the file while the desk runs."""
        (self.folder / "walker.yaml").write_text(paper_text(*edits), "utf-8")

    def locked(self) -> None:
        """The owner approves what the file says now."""
        made = self.file.rulebook(read_source(self.file.path))
        assert isinstance(made, Rulebook)
        path = lock_path(self.file.path)
        code = code_digests(seat.offer for seat in made.all_seats())
        write_lock(path, lock_of(made, code, read_lock(path), "2025-01-06T03:00:00Z", "tried on paper"))

    @asynccontextmanager
    async def running(self, *edits: Edit, killed: bool = False) -> AsyncIterator[Alive]:
        """A strategy that lives beside, until the block ends: ended where it stands, or killed.

        Who was killed wrote nothing more and gave nothing back. Who comes next waits until it may have the account.
        """
        clock = VirtualClock()
        made = paper(self.rulebook(*edits), self.ledger, clock, self.say, file=self.file)
        await made.open()
        living = asyncio.ensure_future(made.live())
        try:
            yield Alive(made, living, clock)
        finally:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
            if not killed:
                made.close("done")
            else:
                await asyncio.sleep(LEASE_S)


@dataclass(slots=True)
class Alive:
    made: Running
    living: asyncio.Future[None]
    clock: VirtualClock

    @property
    def books(self) -> dict[str, VenueBook]:
        """What the simulated venues know."""
        return {name: way._venue.book for name, way in self.made.outside.executors.items()}  # type: ignore[attr-defined]

    @property
    def desk(self):  # type: ignore[no-untyped-def]
        return self.made.seated.trading.desk

    def fills(self) -> list[Fill]:
        return [fill for book in self.books.values() for fill in book.fills_since(0)]

    def by_hand(self, instrument: Instrument, side: Side, amount: str, name: str = "web_1") -> None:
        """Somebody trades at the account, past karb."""
        limit = Decimal(1_000_000_000) if side is Side.BUY else Decimal("0.0001")
        offered = Offers(depth(instrument, "calm", self.clock.now_ns(), self.clock.now_ns()))
        self.books[instrument.venue].match(
            order(instrument, side, amount, limit, id=name), offered, self.clock.now_ns()
        )

    async def recovered(self) -> None:
        """Until what was begun before a restart is finished."""
        await self.until(lambda: self.made._recovered)

    async def settled(self) -> None:
        """Until nothing is under way."""
        await self.until(lambda: not self.desk.at_work)
        await self.passed(0.3)

    def need_same_books(self) -> None:
        """Balances and positions: what the file opens with and what karb booked since is what there is."""
        held = self.desk.books.holdings
        for name, book in self.books.items():
            unrealised = Fraction(0)
            for instrument, position in book.positions().items():
                assert held.position(instrument).amount == position.amount
                unrealised += Fraction(held.position(instrument).result(LAST)) - Fraction(
                    book.unrealised(instrument, LAST).value
                )
            for account, balance in book.balances().items():
                opened = Fraction(book.terms.opening.get(account.asset, Decimal(0)))
                booked = opened + Fraction(held.balance(name, account.asset).value)
                perpetual = account.asset == "USDT"
                if perpetual and not book.positions():
                    unrealised += sum((Fraction(held.position(i).result(LAST)) for i in book.terms.facts), Fraction(0))
                assert Fraction(balance.free) + Fraction(balance.locked) == booked + (unrealised if perpetual else 0)

    async def passed(self, seconds: float) -> None:
        assert not self.living.done(), self.living
        await asyncio.sleep(seconds)

    async def until(self, true: Callable[[], bool], within_s: float = 60) -> None:
        """Looked at each tenth of a second."""
        for _ in range(int(within_s * 10)):
            if true():
                return
            await self.passed(0.1)
        raise AssertionError(f"not within {within_s} s")


def lived(body: Callable[[], Awaitable[T]], start_ns: int = START, within_s: int = 3600) -> T:
    async def whole() -> T:
        return await body()

    return run(whole(), start_ns, start_ns + within_s * SECOND)
