"""One bad day: a market, what the owner wishes, at least three faults, and what came of it at the venues."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from karb_core.domain.halt import Halt
from karb_core.errors import LedgerUnusable
from karb_core.ledger import reading
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.texts.text import Text
from karb_core.venue.request_window import RequestWindow
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from tests.chaos.boundaries import Boundaries, Killed
from tests.chaos.drawn import LADDERS, MS, WEATHER, Drawn
from tests.chaos.faults import Fault, Faults, Verb
from tests.chaos.hands import change_facts, meddle, second_karb
from tests.chaos.invariants import Broken, Leaving, Told, Unhedged, always, at_rest
from tests.chaos.market import Market
from tests.chaos.places import START, accounts, listings
from tests.chaos.process import Phase, Process, inventory
from tests.chaos.rates import Rates
from tests.chaos.trader import SECOND, leg_rules, strategy
from tests.chaos.truth import Truth
from tests.chaos.wire import Wire

WINDOW = RequestWindow(window_ns=5 * SECOND, ahead_ns=SECOND)
#: Nothing is under way any more after the owner's time for asking, his ladder, and what a death takes beside.
_SETTLED_NS = 75 * SECOND
#: Until when a fault that keeps anybody from acting is taken to be why a leg stands alone: asking, then the ladder.
_EXCUSED_NS = 32 * SECOND
_HARMLESS = {
    Fault.MANUAL_TRANSFER,
    Fault.HALT,
    Fault.FILLS_TWICE,
    Fault.BALANCES_LAG,
    Fault.FACTS_CHANGED,
    Fault.RATES_DISAGREE,
    Fault.MIDNIGHT,
}


@dataclass
class Ended:
    """`befell`: every fault that happened, and where the desk stood then. `attempts`: entries that were judged."""

    drawn: Drawn
    broken: list[Broken]
    befell: Counter[tuple[Fault, Phase]]
    story: list[tuple[int, str]]
    attempts: int
    orders: int
    worst_unhedged_ns: int


@dataclass
class Episode:
    """`life` makes each life of karb."""

    drawn: Drawn
    ledger: Ledger
    account: str
    life: Callable[..., Process] = Process
    story: list[tuple[int, str]] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    befell: Counter[tuple[Fault, Phase]] = field(default_factory=Counter)
    halted_at: list[int] = field(default_factory=list)
    decided_at: dict[str, int] = field(default_factory=dict)
    attempts: int = 0

    def run(self) -> Ended:
        return run(self._run(), START, START + 600 * SECOND)

    async def _run(self) -> Ended:
        d = self.drawn
        self.random, self.clock = Random(d.seed), VirtualClock(d.skew_ns)
        self.others, self.ladder = Random(f"{d.seed} others"), d.ladder
        self.truth = Truth(Market(d.seed, START, listings(), d.scenes), accounts(), WINDOW, START)
        self.truth.sent = Leaving(self.ledger, self.account, self.broken, self.clock.world_ns)
        self.rates = Rates(START, d.rates + d.disagree, d.night)
        self.whose = Whose(self.account, "episode")
        self.kills = list(d.kill_at)
        self.unhedged = Unhedged(13 * SECOND)
        self.excused_until = START
        self.wires = {v: Wire(self.truth, v, self.clock, self._faults(v)) for v in self.truth.books}
        self.process = self._life()
        await self._live(START + d.until_ns)
        await self._settle()
        worst = self.unhedged.worst_ns
        return Ended(d, self.broken, self.befell, self.story, self.attempts, len(self.truth.sent), worst)

    def _life(self) -> Process:
        d = self.drawn
        process = self.life(
            strategy(d.wishes, START, leg_rules(d.first, self.ladder, weighs=d.weighs), d.night), self.ledger, self.account, self.truth.market,
            self.clock, self.wires, Boundaries(self.kills.pop(0) if self.kills else 0), self._tell, inventory(), START,
            self.rates, self._storage,
        )  # fmt: skip
        process.start()
        return process

    def _faults(self, venue: str) -> Faults:
        episode = self

        class Heard(Faults):
            def next(self, verb: Verb, at_ns: int) -> Fault | None:
                fault = super().next(verb, at_ns)
                if fault is not None:
                    episode.note(fault, f"{venue} {verb.value}", verb)
                return fault

            def is_on(self, fault: Fault, at_ns: int) -> bool:
                on = super().is_on(fault, at_ns)
                if on:
                    episode.note(fault, venue)
                return on

        return Heard(self.drawn.seed, script=self.drawn.script[venue], spells=self.drawn.spells[venue])

    def _storage(self) -> None:
        on = next((s for s in self.drawn.storage if s.is_on(self.clock.world_ns())), None)
        if on is not None:
            self.note(on.fault, "the ledger")
            raise LedgerUnusable(Text("ledger.full", {"name": on.fault.value}))

    def note(self, fault: Fault, where: str, verb: Verb | None = None) -> None:
        phase = self._phase(verb)
        self.befell[fault, phase] += 1
        self.story.append((self.clock.world_ns(), f"! {fault.value} at {where} ({phase.value})"))
        if fault not in _HARMLESS:
            self.excused_until = max(self.excused_until, self.clock.world_ns() + _EXCUSED_NS)

    def _phase(self, verb: Verb | None) -> Phase:
        """Where the desk stands. An order that is the first of its intent to leave finds it where it was before."""
        intent, phase = self.process.intent(), self.process.phase()
        if verb is Verb.PLACE and all(s.order.intent_id != intent for s in self.truth.sent):
            return Phase.AT_REST if phase in (Phase.EXITING, Phase.AT_REST) else Phase.BEFORE_PLACE
        return phase

    def _tell(self, name: str, what: Any) -> None:
        now = self.clock.world_ns()
        if name == "decision":
            self.attempts += what[0].kind.value in ("entry", "refusal")
            self.decided_at.setdefault(what[0].intent_id or "", now)
        self.story.append((now, f"{name} {' '.join(str(part) for part in what)[:220]}"))

    async def _live(self, until_ns: int) -> None:
        hands = [(START + at, hand) for at, hand in sorted(self.drawn.hands + self.drawn.others)]
        scenes = sorted(self.drawn.scenes, key=lambda scene: scene.from_ns)
        nights = () if self.drawn.night is None else (self.drawn.night.spell,)
        rates = sorted((*self.drawn.rates, *self.drawn.disagree, *nights), key=lambda spell: spell.from_ns)
        think = look = START
        while (now := self.clock.world_ns()) < until_ns:
            while hands and hands[0][0] <= now:
                await self._hand(hands.pop(0)[1])
            while scenes and scenes[0].from_ns <= now:
                weather = scenes.pop(0).weather
                self.note(next(f for f, w in WEATHER.items() if w is weather), "the market")
            while rates and rates[0].from_ns <= now:
                self.note(rates.pop(0).fault, "the rate")
            if now >= think:
                self.process.think()
                think = now + 500 * MS
            if now >= look:
                self._look()
                look = now + SECOND
            await self._step(min(self.truth.market.next_change(now), think, look))

    async def _settle(self) -> None:
        """Until nothing is under way: at most as long as the owner lets karb ask, and climb."""
        until = self.clock.world_ns() + _SETTLED_NS
        at_least, quiet = self.clock.world_ns() + 6 * SECOND, 0
        while self.clock.world_ns() < until and (quiet < 3 or self.clock.world_ns() < at_least):
            was = len(self.story)
            self.process.think()
            self._look()
            look = self.clock.world_ns() + SECOND
            while (at := self.clock.world_ns()) < look:
                await self._step(min(self.truth.market.next_change(at), look))
            quiet = quiet + 1 if self.process.idle() and len(self.story) == was else 0
        # No moment is handed to it any more; what is under way comes to its end.
        until = self.clock.world_ns() + _SETTLED_NS
        while not self.process.idle() and self.clock.world_ns() < until:
            await self._step(self.truth.market.next_change(self.clock.world_ns()))
        self.process.write()
        await self._step(self.clock.world_ns() + SECOND)
        if not self.process.idle():
            self.broken.append(Broken("I4", "something is still under way"))
        told = Told(
            self.ledger, self.whose, 2 * SECOND, self._clock_off_ns(), tuple(self.halted_at), self.drawn.first,
            self.decided_at, self.rates, tuple(self.process.desk.halted), tuple(reading.decisions(self.ledger, self.whose)),
        )  # fmt: skip
        self.broken += [*always(self.truth, told), *at_rest(self.truth, told, self.clock.world_ns())]

    def _clock_off_ns(self) -> int:
        """A price that is taken for young by a clock that is wrong is what the owner's limit cannot see."""
        return abs(self.drawn.skew_ns) + sum(3 * SECOND for _, hand in self.drawn.hands if hand is Fault.JUMP)

    def _note_skew(self) -> None:
        """A clock that is wrong is wrong in every phase."""
        phase = self.process.phase()
        if self.drawn.skew_ns and not self.befell[Fault.SKEW, phase]:
            self.note(Fault.SKEW, f"our clock, {self.drawn.skew_ns // MS} ms")

    def _look(self) -> None:
        self.process.look()
        self.process.write()

    async def _step(self, until_ns: int) -> None:
        await _pass_time(until_ns)
        self.truth.pass_time(self.clock.world_ns())
        self.clock.wake()
        await asyncio.sleep(0)
        self._note_skew()
        for error in self.process.finished():
            if not isinstance(error, Killed):
                raise error
            await self._killed(str(error))
        excused = self.clock.world_ns() < self.excused_until or bool(self.process.desk.halted) or self._is_refused()
        self.broken += self.unhedged.step(self.truth, self.clock.world_ns(), excused=excused)

    def _is_refused(self) -> bool:
        """Whether our clock is so wrong that venues take no order of ours."""
        ahead = self.clock.now_ns() - self.clock.world_ns()
        return not -WINDOW.window_ns < ahead <= WINDOW.ahead_ns

    async def _killed(self, where: str, fault: Fault = Fault.KILLED, down_ns: int | None = None) -> None:
        self.note(fault, where)
        await self.process.kill()
        await _pass_time(self.clock.world_ns() + (self.drawn.down_ns if down_ns is None else down_ns))
        self.excused_until = self.clock.world_ns() + _EXCUSED_NS
        self.story.append((self.clock.world_ns(), "karb starts again"))
        self.process = self._life()

    async def _hand(self, hand: Fault) -> None:
        now = self.clock.world_ns()
        if hand is Fault.KILLED:
            await self._killed("by hand")
        elif hand is Fault.HALT:
            self.note(hand, "by hand")
            strength = self.random.choice((Halt.NO_ENTRIES, Halt.REDUCE_ONLY, Halt.FLATTEN))
            self.process.stop(strength, lambda: self.halted_at.append(self.clock.world_ns()))
        elif hand is Fault.JUMP:
            self.note(hand, "our clock")
            self.clock.jump(self.random.choice((1, 3)) * SECOND)  # it slept: a clock of ours never goes back
        elif hand is Fault.LOOP_STALLED:
            self.note(hand, "karb")
            await _pass_time(now + self.random.randrange(1, 6) * SECOND, busy=True)
        elif hand is Fault.RULES_EDITED:
            self.ladder = self.others.choice([kinds for kinds in LADDERS if kinds != self.ladder])
            await self._killed(f"it starts again with {self.ladder}", hand)
        elif hand is Fault.RULES_BROKEN:
            await self._killed("it cannot start until they are mended", hand, self.others.randrange(5, 40) * SECOND)
        elif hand is Fault.FACTS_CHANGED or hand is Fault.SECOND_INSTANCE:
            done = (
                change_facts(self.truth, self.others) if hand is Fault.FACTS_CHANGED else second_karb(self.truth, now)
            )
            if done:
                self.note(hand, done)
        elif meddle(hand, self.truth, self.random, now):
            self.note(hand, "by hand")


async def _pass_time(until_ns: int, *, busy: bool = False) -> None:
    """`busy`: nobody else is heard meanwhile: everything that came is there at once, late."""
    loop: Any = asyncio.get_running_loop()
    if busy:
        loop.stall(until_ns)
        return
    over = loop.create_future()
    loop.call_at_ns(max(until_ns, loop.now_ns() + 1), over.set_result, None)
    await over
