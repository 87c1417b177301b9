"""One bad day, drawn from a seed: a market, what the owner wishes, at least three faults, and what came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from karb_core.domain.amount import Amount
from karb_core.domain.halt import Halt
from karb_core.domain.orders import Side
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.venue.request_window import RequestWindow
from tests.chaos.boundaries import Boundaries, Killed
from tests.chaos.faults import BEFALLS, Fault, Faults, Spell, Verb
from tests.chaos.invariants import Broken, Leaving, Told, Unhedged, always, at_rest
from tests.chaos.market import Market, Scene, Weather
from tests.chaos.places import FAR, NEAR, START, accounts, listings
from tests.chaos.process import Phase, Process, inventory
from tests.chaos.strangers import owner_moves, owner_trades, venue_deleverages
from tests.chaos.trader import LEGS, SECOND, Wish, leg_rules, strategy
from tests.chaos.truth import Truth
from tests.chaos.virtual_clock import VirtualClock
from tests.chaos.virtual_loop import run
from tests.chaos.wire import Wire

MS = 1_000_000
WINDOW = RequestWindow(window_ns=5 * SECOND, ahead_ns=SECOND)
LADDERS = ("rruh", "ruh", "uh", "rrh", "rrru")
WEATHER = {
    Fault.CRASH: Weather.CRASH, Fault.WIDE_BOOK: Weather.WIDE, Fault.THIN_BOOK: Weather.THIN,
    Fault.STALE_BOOK: Weather.STALE,
}  # fmt: skip
HANDS = (Fault.DELEVERAGING, Fault.MANUAL_TRADE, Fault.MANUAL_TRANSFER, Fault.HALT)
#: What keeps anybody from acting, so that the owner's bound cannot be kept.
SILENCING = {
    Fault.DOWN, Fault.SUSPENDED, Fault.KILLED, Fault.REQUEST_LOST, Fault.REQUEST_LATE, Fault.ANSWER_LOST,
    Fault.SERVER_ERROR, Fault.READ_LOST, Fault.NOT_SENT, Fault.FILLS_LAG, Fault.FILLS_SPLIT, Fault.REQUEST_TWICE,
    Fault.THIN_BOOK, Fault.CRASH, Fault.PARTIAL, Fault.DONE_THOUGH_PARTIAL,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that an episode is made of."""

    seed: int
    wishes: tuple[Wish, ...]
    first: int | None
    ladder: str
    scenes: tuple[Scene, ...]
    spells: Mapping[str, tuple[Spell, ...]]
    script: Mapping[str, Mapping[Verb, tuple[Fault | None, ...]]]
    hands: tuple[tuple[int, Fault], ...]
    kill_at: tuple[int, ...]
    down_ns: int
    until_ns: int

    @property
    def faults(self) -> int:
        scripted = sum(f is not None for v in self.script.values() for fs in v.values() for f in fs)
        spells = sum(len(s) for s in self.spells.values())
        return scripted + spells + len(self.scenes) + len(self.hands) + len(self.kill_at)


@dataclass
class Ended:
    """`befell`: every fault that happened, and where the desk stood then."""

    drawn: Drawn
    broken: list[Broken]
    befell: Counter[tuple[Fault, Phase]]
    story: list[tuple[int, str]]
    entries: int
    worst_unhedged_ns: int


def draw(seed: int) -> Drawn:
    """At least one attempt to enter, and at least three faults."""
    random = Random(seed)
    enter = random.randrange(500, 2500) * MS
    leave = enter + random.randrange(4_000, 16_000) * MS
    amount = Decimal(random.randint(1, 230)).scaleb(-3)
    wishes = [Wish(random.random() < 0.5, amount, enter, leave)]
    if random.random() < 0.3:
        again = leave + random.randrange(4_000, 9_000) * MS
        wishes.append(Wish(random.random() < 0.5, amount, again, again + random.randrange(3_000, 9_000) * MS))
    until = wishes[-1].leave_ns + 6 * SECOND
    drawn = Drawn(
        seed=seed,
        wishes=tuple(wishes),
        first=random.choice((None, None, 0, 1)),
        ladder=random.choice(LADDERS),
        scenes=tuple(_scene(random, until) for _ in range(random.choice((0, 0, 1, 2)))),
        spells={i.venue: tuple(_spell(random, until) for _ in range(random.choice((0, 0, 0, 1)))) for i in LEGS},
        script={i.venue: _script(random) for i in LEGS},
        hands=tuple(
            sorted((random.randrange(until), random.choice(HANDS)) for _ in range(random.choice((0, 0, 0, 1, 2))))
        ),
        kill_at=tuple(random.randint(1, 14) for _ in range(random.choice((0, 0, 1, 2)))),
        down_ns=random.choice((200, 1_000, 6_000, 15_000)) * MS,
        until_ns=until,
    )
    return drawn if drawn.faults >= 3 else draw(seed + 1_000_000_007)


def _scene(random: Random, until: int) -> Scene:
    begin = START + random.randrange(until)
    return Scene(random.choice(list(WEATHER.values())), begin, begin + random.randrange(1, 9) * SECOND)


def _spell(random: Random, until: int) -> Spell:
    begin = START + random.randrange(until)
    return Spell(random.choice((Fault.DOWN, Fault.SUSPENDED)), begin, begin + random.randrange(500, 12_000) * MS)


def _script(random: Random) -> dict[Verb, tuple[Fault | None, ...]]:
    often = {Verb.PLACE: (6, 0.35), Verb.FIND: (4, 0.3), Verb.FILLS: (8, 0.15), Verb.STATEMENT: (4, 0.15)}
    often |= {Verb.CANCEL: (2, 0.5), Verb.OTHER: (6, 0.1)}
    return {
        verb: tuple(random.choice(BEFALLS[verb]) if random.random() < chance else None for _ in range(calls))
        for verb, (calls, chance) in often.items()
    }


@dataclass
class Episode:
    """`life` makes each life of karb: another one puts a naive line in the place of a safe one."""

    drawn: Drawn
    ledger: Ledger
    account: str
    life: Callable[..., Process] = Process
    story: list[tuple[int, str]] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    befell: Counter[tuple[Fault, Phase]] = field(default_factory=Counter)
    halted_at: list[int] = field(default_factory=list)

    def run(self) -> Ended:
        return run(self._run(), START)

    async def _run(self) -> Ended:
        d = self.drawn
        self.clock = VirtualClock()
        self.truth = Truth(Market(d.seed, START, listings(), d.scenes), accounts(), WINDOW, START)
        self.truth.sent = Leaving(self.ledger, self.account, self.broken)
        self.whose = Whose(self.account, "episode")
        self.kills = list(d.kill_at)
        self.unhedged = Unhedged(10 * SECOND + 3 * SECOND)
        self.excused_until = START
        self.process = self._life()
        await self._live(START + d.until_ns)
        await self._settle()
        return Ended(
            d, self.broken, self.befell, self.story, len(self.truth.sent), self.unhedged.worst_ns
        )  # fmt: skip

    def _life(self) -> Process:
        d, rules = self.drawn, leg_rules(self.drawn.first, self.drawn.ladder)
        if not hasattr(self, "wires"):
            self.wires = {v: Wire(self.truth, v, self.clock, self._faults(v)) for v in self.truth.books}
        process = self.life(
            strategy(d.wishes, START, rules), self.ledger, self.account, self.truth.market, self.clock, self.wires,
            Boundaries(self.kills.pop(0) if self.kills else 0), self._tell, inventory(), START,
        )  # fmt: skip
        process.start()
        return process

    def _faults(self, venue: str) -> Faults:
        episode = self

        class Heard(Faults):
            def next(self, verb: Verb, at_ns: int) -> Fault | None:
                fault = super().next(verb, at_ns)
                if fault is not None:
                    episode.note(fault, f"{venue} {verb.value}")
                return fault

            def is_on(self, fault: Fault, at_ns: int) -> bool:
                on = super().is_on(fault, at_ns)
                if on:
                    episode.note(fault, venue)
                return on

        d = self.drawn
        return Heard(d.seed, script=d.script[venue], spells=d.spells[venue])

    def note(self, fault: Fault, where: str) -> None:
        phase = self.process.phase() if self.process.ready or self.process.desk.carrier.reserved else Phase.BEFORE_PLACE
        self.befell[fault, phase] += 1
        self.story.append((self.clock.world_ns(), f"! {fault.value} at {where} ({phase.value})"))
        if fault in SILENCING:
            self.excused_until = max(self.excused_until, self.clock.world_ns() + 25 * SECOND)

    def _tell(self, name: str, what: Any) -> None:
        self.story.append((self.clock.world_ns(), f"{name} {_short(what)}"))

    async def _live(self, until_ns: int) -> None:
        hands = [(START + at, hand) for at, hand in self.drawn.hands]
        scenes = sorted(self.drawn.scenes, key=lambda s: s.from_ns)
        think = look = START
        while (now := self.clock.world_ns()) < until_ns:
            while hands and hands[0][0] <= now:
                self._hand(hands.pop(0)[1])
            while scenes and scenes[0].from_ns <= now:
                weather = scenes.pop(0).weather
                self.note(next(f for f, w in WEATHER.items() if w is weather), "the market")
            if now >= think:
                self.process.think()
                think = now + 500 * MS
            if now >= look:
                self.process.look()
                self.process.write()
                look = now + SECOND
            await self._step(min(self.truth.market.next_change(now), think, look))

    async def _settle(self) -> None:
        """Until nothing is under way: at most as long as the owner lets karb ask, and climb."""
        until = self.clock.world_ns() + 60 * SECOND
        look = self.clock.world_ns()
        while self.clock.world_ns() < until:
            now = self.clock.world_ns()
            if now >= look:
                self.process.think()
                self.process.look()
                self.process.write()
                look = now + SECOND
            await self._step(min(self.truth.market.next_change(now), look))
            if self.process.idle() and now > until - 52 * SECOND:
                break
        self.process.write()
        await self._step(self.clock.world_ns() + SECOND)
        if not self.process.idle():
            self.broken.append(Broken("I4", "something is still under way"))
        self.broken += [*always(self.truth, self._told()), *at_rest(self.truth, self._told(), self.clock.world_ns())]

    async def _step(self, until_ns: int) -> None:
        await _pass_time(until_ns)
        self.truth.pass_time(self.clock.world_ns())
        self.clock.wake()
        await asyncio.sleep(0)
        for error in self.process.finished():
            if not isinstance(error, Killed):
                raise error
            await self._killed(str(error))
        excused = self.clock.world_ns() < self.excused_until or bool(self.process.desk.halted)
        self.broken += self.unhedged.step(self.truth, self.clock.world_ns(), excused=excused)

    async def _killed(self, where: str) -> None:
        self.note(Fault.KILLED, where)
        await self.process.kill()
        await _pass_time(self.clock.world_ns() + self.drawn.down_ns)
        self.excused_until = max(self.excused_until, self.clock.world_ns() + 25 * SECOND)
        self.story.append((self.clock.world_ns(), "karb starts again"))
        self.process = self._life()

    def _hand(self, hand: Fault) -> None:
        now, random = self.clock.world_ns(), Random(self.drawn.seed)
        self.note(hand, "by hand")
        if hand is Fault.DELEVERAGING:
            held = abs(self.truth.books[FAR.venue].amount(FAR))
            if held:
                venue_deleverages(self.truth, FAR, random.choice((held, FACTS_FAR_STEP)), now)
        elif hand is Fault.MANUAL_TRADE:
            owner_trades(self.truth, random.choice((NEAR, FAR)), random.choice(list(Side)), Decimal("0.002"), now)
        elif hand is Fault.MANUAL_TRANSFER:
            owner_moves(self.truth, NEAR.venue, Amount(Decimal("0.01"), NEAR.base), now)
        else:
            strength = random.choice((Halt.NO_ENTRIES, Halt.REDUCE_ONLY, Halt.FLATTEN))
            self.process.stop(strength, lambda: self.halted_at.append(self.clock.now_ns()))

    def _told(self) -> Told:
        return Told(self.ledger, self.whose, 2 * SECOND, tuple(self.halted_at), self.drawn.first)


FACTS_FAR_STEP = Decimal("0.001")


async def _pass_time(until_ns: int) -> None:
    loop: Any = asyncio.get_running_loop()
    over = loop.create_future()
    loop.call_at_ns(max(until_ns, loop.now_ns() + 1), over.set_result, None)
    await over


def _short(what: Any) -> str:
    return " ".join(str(part) for part in what)[:220]
