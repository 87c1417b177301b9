"""A house on paper in a made-up market, in virtual time and recorded as every house is: what parity is shown over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.parity_market import HOUR, OPENS_NS, SECOND, Shape, ToldFeed, ToldRate, mark, settlement
from karb_core.ledger.commands import Command
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.telling import tell
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source
from karb_core.wiring import running
from karb_core.wiring.paper import account_of, paper
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run

ROOT = Path(__file__).parents[1]
FILE = "parity.yaml"
_BAR_LATE_NS = SECOND // 5
_RATES_NS = 30 * SECOND
_RECORDED = "{use: fx.recorded, with: {series: usd-krw, max_age: 30h, when_closed: 110h}}"
_DEPTH = "{use: sim.depth, with: {order_latency: 80ms, answer_latency: 60ms}}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """`seconds` of virtual time over a market of that shape; `window` bars to judge by; books every `step_s`.

    halted, late: hours of it in which the owner has stopped entries, and in which near's bars come after the next ones.
    """

    shape: Shape
    seconds: int
    window: int
    step_s: int
    halted: tuple[int, int]
    late: tuple[int, int]
    asks_s: int

    def is_late(self, at_ns: int) -> bool:
        return self.late[0] * HOUR <= at_ns - OPENS_NS < self.late[1] * HOUR


def live_through(stretch: Stretch, ledger: Ledger) -> None:
    """The whole stretch, from a warm start to an ordinary end."""
    with _asking(stretch.asks_s):
        run(_lived(stretch, ledger), OPENS_NS, OPENS_NS + stretch.seconds * SECOND + HOUR)


@contextmanager
def _asking(every_s: int) -> Iterator[None]:
    """How often its own venues are asked and the owner is heard: a real house does so every second, and takes longer."""
    before = running._LOOK_NS, running._OBEY_NS, running._HEARD_NS
    running._LOOK_NS = running._OBEY_NS = every_s * SECOND
    running._HEARD_NS = 2 * running._OBEY_NS
    try:
        yield
    finally:
        running._LOOK_NS, running._OBEY_NS, running._HEARD_NS = before


async def _lived(stretch: Stretch, ledger: Ledger) -> None:
    clock, made = VirtualClock(), rulebook(stretch)
    house = paper(made, ledger, clock, lambda _: None)
    feeds = tuple(ToldFeed(stretch.shape, leg, stretch.step_s * SECOND) for leg in (0, 1))
    sources = {seat: ToldRate(stretch.shape) for seat in ("premium", "money")}
    house.feeds, house.sources = feeds, sources
    await house.open()
    living = asyncio.ensure_future(house.live())
    await asyncio.sleep(1)
    await _Telling(stretch, feeds, sources, ledger, account_of(made), clock).tells(living)
    living.cancel()
    with suppress(asyncio.CancelledError):
        await living
    house.close("done")


@dataclass(slots=True)
class _Telling:
    stretch: Stretch
    feeds: tuple[ToldFeed, ToldFeed]
    sources: dict[str, ToldRate]
    ledger: Ledger
    account: str
    clock: VirtualClock
    _held: list[int] = field(init=False, default_factory=list)

    async def tells(self, living: asyncio.Future[None]) -> None:
        step_ns = self.stretch.step_s * SECOND
        for at_ns in range(OPENS_NS + step_ns, OPENS_NS + self.stretch.seconds * SECOND + 1, step_ns):
            await self._until(at_ns)
            assert not living.done(), living.exception()
            self._step(at_ns)
            if not (at_ns - OPENS_NS) % self.stretch.shape.bar_ns:
                await self._until(at_ns + _BAR_LATE_NS)
                self._bars(at_ns)

    def _step(self, at_ns: int) -> None:
        shape = self.stretch.shape
        if not (at_ns - OPENS_NS) % _RATES_NS:
            for source in self.sources.values():
                source.emit(shape.rate(at_ns))
        for n in range(len(shape.coins)):
            for leg, feed in enumerate(self.feeds):
                feed.emit(shape.book(n, leg, at_ns))
            if not (at_ns - OPENS_NS) % shape.settles_ns:
                for event in (mark(shape, n, at_ns), settlement(shape, n, at_ns)):
                    self.feeds[1].emit(event)
        for hour, verb in zip(self.stretch.halted, ("halt", "resume"), strict=True):
            if at_ns - OPENS_NS == hour * HOUR:
                self._told(verb, at_ns)

    def _bars(self, end_ns: int) -> None:
        """Near's bars of a late stretch come with the ones after them."""
        shape, step_ns = self.stretch.shape, self.stretch.step_s * SECOND
        told_ns = end_ns + _BAR_LATE_NS
        self._held.append(end_ns)
        for n in range(len(shape.coins)):
            self.feeds[1].emit(shape.bar(n, 1, end_ns, told_ns, step_ns))
        if self.stretch.is_late(end_ns) and len(self._held) == 1:
            return
        for held_ns in self._held:
            for n in range(len(shape.coins)):
                self.feeds[0].emit(shape.bar(n, 0, held_ns, told_ns, step_ns))
        self._held.clear()

    def _told(self, verb: str, at_ns: int) -> None:
        tell(
            self.ledger,
            Command(
                id=f"{verb}-{at_ns}", account=self.account, strategy=None, verb=verb,
                strength="no-entries" if verb == "halt" else None, reason="a bench", author="bench", at_ns=at_ns,
            ),
        )  # fmt: skip

    async def _until(self, at_ns: int) -> None:
        while self.clock.now_ns() < at_ns:
            await asyncio.sleep((at_ns - self.clock.now_ns()) / SECOND)


def rulebook(stretch: Stretch) -> Rulebook:
    made = check(Source.of_text(strategy_text(stretch), FILE), Catalogue.installed())
    assert made.rulebook is not None, made.findings
    return made.rulebook


def strategy_text(stretch: Stretch) -> str:
    """The quickstart on paper, with three tiers, clips, and a bar and window of the stretch."""
    lines = (ROOT / "strategies" / "quickstart.yaml").read_text("utf-8").split("\n")
    text = "\n".join(line.split("  #")[0].rstrip() for line in lines if not line.startswith("#"))
    bar_s = stretch.shape.bar_ns // SECOND
    for old, new in (
        ("mode: backtest", "mode: paper"),
        ("name: quickstart", "name: parity"),
        ("  - {use: replay.dataset, with: {file: ../datasets/sample.yaml}}", _FEEDS),
        (f"  money: {_RECORDED}", "  money: {use: upbit.usdt_krw, with: {max_age: 10m}}"),
        (f"  premium: {_RECORDED}", "  premium: {use: upbit.usdt_krw, with: {max_age: 10m}}"),
        ("  use: premium.zscore\n", "  use: premium.zscore_tiers\n"),
        ("bar: 5m", f"bar: {bar_s}s"),
        ("window: 20d", f"window: {stretch.window * bar_s}s"),
        ("    entry: 2.0\n    take_profit: 0.4%\n", _TIERS),
        ("{for: 30d, then: tell}", "none"),
        (_SHARE, _BY_TIER),
        ("id: fresh_in, at: [entry], with: {book: 5m, between_legs: 5m}", "id: fresh_in, at: [entry], with: {book: 30s, between_legs: 30s}"),
        ("paper: none", f"paper: {_DEPTH}"),
        ("{use: alerts.console, with: {tell: [entry, exit, refusal, halt]}}", "{use: alerts.console, with: {tell: [halt]}}"),
    ):  # fmt: skip
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text


_FEEDS = "  - {use: upbit.stream}\n  - {use: binance_usdm.stream, with: {network: production}}"
_TIERS = (
    "    tiers:\n"
    "      normal: {z: 1.5, take_profit: 0.3%}\n"
    "      extreme: {z: 2.25, take_profit: 0.6%}\n"
    "      ultra: {z: 3.5, take_profit: 0.9%}\n"
)
_SHARE = "  use: sizing.share\n  with:\n    of: pair_share\n    counts: near_leg\n    size: 100%\n"
_BY_TIER = (
    "  use: sizing.by_tier\n  with:\n    of: pair_share\n    counts: near_leg\n"
    "    normal: {size: 30%, split: {clips: [50%, 30%, 20%], next: 0.05%}}\n"
    "    extreme: {size: 30%, split: none}\n"
    "    ultra: {size: 40%, split: none, over_share: true}\n"
    "    kept_for: none\n"
)
