"""A whole house over simulated venues and a ledger on the disk, in virtual time: what a soak lets go on and on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bench.soak_market import OPENS_NS, SECOND, Market, Teller
from karb_core.domain.decisions import DecisionKind
from karb_core.engine.carried import Carried
from karb_core.ledger.lease import Holder
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import Notice
from karb_core.rulebook.check import check
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source
from karb_core.wiring.desk_of import Furnishing, Seated, desk_of
from karb_core.wiring.holding import Holding, hold
from karb_core.wiring.house import House
from karb_core.wiring.latest import Latest
from karb_core.wiring.obeying import Obeying
from karb_core.wiring.opening import Opening
from karb_core.wiring.strategy_of import strategy_of
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import VirtualLoop
from karb_sim.depth import DepthFills, DepthFillsParams
from karb_sim.over_depth import VenuesOverDepth

ROOT = Path(__file__).parents[1]
ACCOUNT, MARK = "soak", "soak"
WINDOW = 36
HOUR, DAY = 3600 * SECOND, 24 * 3600 * SECOND
T = TypeVar("T")


class Threaded(VirtualLoop):
    """Virtual time, and threads as a live house has them: what is handed to one is waited for, while no time passes."""

    def __init__(self) -> None:
        super().__init__(OPENS_NS, None)
        self._threads = ThreadPoolExecutor(1, "to_thread")

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        return super().run_in_executor(None, lambda: (executor or self._threads).submit(func, *args).result())

    def close(self) -> None:
        self._threads.shutdown()
        super().close()


def run(coro: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=Threaded) as runner:
        return runner.run(coro)


@dataclass(slots=True)
class Carries:
    """How much was carried out."""

    entries: int = 0
    exits: int = 0
    refusals: int = 0

    def heard(self, carried: Carried) -> None:
        kind = carried.decided.decision.kind
        self.entries += kind is DecisionKind.ENTRY and carried.end is not None
        self.exits += kind is DecisionKind.EXIT and carried.end is not None
        self.refusals += kind is DecisionKind.REFUSAL


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often, in seconds, the venues are asked, the owner's commands read, and the lease renewed."""

    look: int = 1
    obey: int = 1
    beat: int = 5


@dataclass(slots=True)
class Soaked:
    house: House
    seated: Seated
    venues: VenuesOverDepth
    ledger: Ledger
    holding: Holding
    obeying: Obeying
    clock: VirtualClock
    carries: Carries

    async def end(self) -> None:
        await self.house.end()
        self.seated.end("done", self.clock.now_ns())
        self.holding.release()
        self.ledger.close()


def furnish(teller: Teller, folder: Path, rounds: Rounds) -> Soaked:
    """A house that is warm, at its feeds' first event. Called inside the loop."""
    made, clock, latest, carries = rulebook(teller.market), VirtualClock(), Latest(), Carries()
    strategy = strategy_of(made, teller.market.facts)
    opening = Opening(made.file, strategy.terms, {})
    params = DepthFillsParams.model_validate({"order_latency": "80ms", "answer_latency": "60ms"})
    venues = DepthFills(params).open_depth(opening.accounts(), clock)
    ledger = open_ledger(folder / "ledger.sqlite")
    holder = Holder(account=ACCOUNT, run_id="soak", mark=MARK, host="soak", pid=1)
    holding = hold(ledger, (holder,), clock, 30 * max(SECOND, rounds.beat * SECOND // 5))
    given = Furnishing(
        ledger=ledger, account=ACCOUNT, mode="paper", mark=MARK, clock=clock, latest=latest,
        executors={venue: venues.at(venue) for venue in venues.books}, told=_untold,
    )  # fmt: skip
    seated = desk_of(made, strategy, opening.inventory(), given)
    trading = seated.trading
    trading.heard = carries.heard
    obeying = Obeying(ledger, ACCOUNT, [trading.desk], clock, 5 * rounds.obey * SECOND, holding.still)
    holding.binds([trading.desk])
    _warm(seated, teller)
    asked = ((rounds.look, trading.look), (rounds.obey, obeying.look), (rounds.beat, holding.beat))

    async def forget() -> None:
        await trading.forget()
        venues.forget(clock.now_ns() - 2 * DAY)

    rests = (*((each * SECOND, done) for each, done in asked), (HOUR, forget))
    house = House((trading,), latest, clock, (venues.take,), rests)
    return Soaked(house, seated, venues, ledger, holding, obeying, clock, carries)


def _untold(_: Notice) -> None:
    """Nobody listens."""


def _warm(seated: Seated, teller: Teller) -> None:
    bar_ns = teller.market.bar_ns
    ends = [OPENS_NS - n * bar_ns for n in reversed(range(WINDOW + 1))]
    bars = [bar for end_ns in ends for bar in teller.bars(end_ns)]
    rates = [teller.rate(end_ns) for end_ns in ends]
    for window in seated.trading.windows.values():
        window.remember(bars, {"premium": rates, "money": rates})


def rulebook(market: Market) -> Rulebook:
    made = check(Source.of_text(strategy_text(market), "soak.yaml"), Catalogue.installed())
    assert made.rulebook is not None, made.findings
    return made.rulebook


def strategy_text(market: Market) -> str:
    """The quickstart with other coins and shorter bars, simulated over books."""
    lines = (ROOT / "strategies" / "quickstart.yaml").read_text("utf-8").split("\n")
    text = "\n".join(line.split("  #")[0].rstrip() for line in lines if not line.startswith("#"))
    coins, bar_s = list(market.pairs), market.bar_ns // SECOND
    held = "".join(f"    - {1200 // len(coins)} {coin}\n" for coin in coins)
    share = f"{100 // len(coins)}%"
    pairs = "".join(
        f"  {coin}: {{near: {near.text()}, far: {far.text()}, share: {share}}}\n"
        for coin, (near, far) in market.pairs.items()
    )
    parts = {
        "capital": "capital: 40,000,000 KRW\n",
        "balances": f"balances:\n  upbit:\n    - 45,000,000 KRW\n{held}  binance_usdm:\n    - 31,000 USDT\n",
        "inventory": f"inventory:\n  upbit:\n{held}",
        "pairs": f"pairs:\n{pairs}",
    }
    for name, part in parts.items():
        text = _with(text, name, part)
    for old, new in (
        ("bar: 5m", f"bar: {bar_s}s"), ("window: 20d", f"window: {WINDOW * bar_s}s"), ("{for: 30d, then: tell}", "none"),
    ):  # fmt: skip
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def _with(text: str, name: str, part: str) -> str:
    """The text with another top-level entry of that name."""
    lines = text.split("\n")
    first = next(n for n, line in enumerate(lines) if line.startswith(f"{name}:"))
    after = next(n for n in range(first + 1, len(lines)) if lines[n] and not lines[n].startswith(" "))
    return "\n".join([*lines[:first], *part.rstrip("\n").split("\n"), *lines[after:]])
