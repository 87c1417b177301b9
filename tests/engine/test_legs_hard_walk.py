"""The legs function on bad days: orders that rest and trade on, answers that are lost, fills that are listed late,
halts that tighten on the way, in and out, with one leg or two."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.decisions import LegTarget, Plan, Share
from karb_core.domain.halt import Halt
from karb_core.domain.orders import Filled, Order, TimeInForce, Unknown
from karb_core.engine.leg_rules import Rung
from karb_core.engine.legs import next_actions
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.next_step import Cancel, Find, Next, Phase, Place
from karb_core.engine.sent import Sent
from tests.engine.scene import FACTS, PERP, SECOND, SPOT, D, plan, target
from tests.engine.test_legs_walk import World, amounts, bands, ladder, retries


@dataclass(frozen=True)
class Fate:
    """What becomes of an order: thousandths that trade at once and by its end, when it ends and when its fills are
    listed, in seconds from when it was placed; whether its first answer is lost."""

    soon: int
    whole: int
    ends_s: int
    listed_s: int
    lost: bool

    def traded(self, order: Order, *, ended: bool) -> Decimal:
        part = order.amount.value * (self.whole if ended else min(self.soon, self.whole)) / 1000
        return FACTS[order.instrument].floor_amount(part)


parts = st.one_of(st.integers(0, 1000), st.sampled_from([0, 1000]))
fates = st.builds(Fate, parts, parts, st.integers(0, 25), st.integers(0, 25), st.booleans())
NOTHING = Fate(0, 0, 0, 0, False)


@dataclass
class HardWorld(World):
    """`fates` in the order of the orders, then nothing trades; `tightens`: after how many steps a halt becomes which."""

    fates: list[Fate] = field(default_factory=list)
    tightens: list[tuple[int, Halt]] = field(default_factory=list)
    steps: int = 0
    ended: dict[str, int] = field(default_factory=dict)
    fate: dict[str, Fate] = field(default_factory=dict)

    @property
    def halt(self) -> Halt:
        return max((strength for after, strength in self.tightens if self.steps >= after), default=Halt.NONE)

    def legs_now(self) -> LegsNow:
        return LegsNow(self.of, self.sent, self.now_ns, self.tops, FACTS, self.by, self.halt)

    def step(self) -> Next:
        self.steps += 1
        now = self.legs_now()
        told = next_actions(now)
        assert told == next_actions(now)
        assert told.again_ns is None or told.again_ns > self.now_ns
        self._check(told, now)
        for place in (a for a in told.actions if isinstance(a, Place)):
            self._check_way(place, now)
        return told

    def _check_way(self, place: Place, now: LegsNow) -> None:
        onward = place.side is self.of.legs[place.leg].side
        if not onward:
            assert all(s.over for s in self.sent), "nothing is traded back before all is known"
        opens = onward if now.enters else not onward
        assert not opens or self.halt < Halt.REDUCE_ONLY, "nothing is opened when only reducing is left"
        assert self.sent or not now.enters or self.halt is Halt.NONE, "a halted entry is not begun"
        if place.step >= 0:
            assert (self.by.ladder[place.step].rung is Rung.RETRY) == onward
            turns = sum(r.for_ns for r in self.by.ladder[: place.step + 1])
            first_ns = min(s.first_filled_ns for s in self.sent if s.filled)
            assert not onward or self.now_ns < first_ns + turns, "a retry is for its own time"

    def perform(self, action: Place | Find | Cancel) -> None:
        if isinstance(action, Place):
            self._place(action)
        elif isinstance(action, Cancel):
            self.ended.setdefault(action.order.id, self.now_ns)
        else:
            self._change(action.order, self._found(self._of(action.order)).asked(self.now_ns))

    def _place(self, action: Place) -> None:
        instrument = self.of.legs[action.leg].instrument
        order = Order(
            id=f"o{len(self.sent)}", intent_id=self.of.intent_id, leg=action.leg, side=action.side,
            instrument=instrument, limit=action.limit, cost=None, reduce_only=False,
            amount=instrument.amount(action.amount), time_in_force=TimeInForce.IOC,
        )  # fmt: skip
        self.fate[order.id] = fate = self.fates.pop(0) if self.fates else NOTHING
        sent = Sent(order, action.leg, action.step, self.now_ns, None, None)
        self.sent = (*self.sent, sent)
        zero = instrument.amount(D(0))
        lost = sent.answered(Unknown(order, "no answer", zero, zero.at(action.limit)), self.now_ns)
        self._change(order, lost if fate.lost else self._found(sent))

    def _found(self, sent: Sent) -> Sent:
        """After it was asked about: what it has traded by now, and what of that is listed."""
        fate, since_ns = self.fate[sent.order.id], self.now_ns - sent.sent_ns
        cancelled = sent.order.id in self.ended
        ran_out = since_ns >= fate.ends_s * SECOND and not cancelled
        base = fate.traded(sent.order, ended=ran_out)
        amount = sent.order.instrument.amount(base)
        assert sent.order.limit is not None
        told = Filled(sent.order, amount, amount.at(sent.order.limit), final=ran_out or cancelled)
        known = sent.answered(told, self.now_ns)
        return known.with_listed(base if since_ns >= fate.listed_s * SECOND else D(0), self.now_ns)

    def _of(self, order: Order) -> Sent:
        return next(s for s in self.sent if s.order.id == order.id)

    def _change(self, order: Order, after: Sent) -> None:
        self.sent = tuple(after if s.order.id == order.id else s for s in self.sent)


def plan_of(kind: str, units: int, price: str) -> Plan:
    amount = D(units).scaleb(-1)
    legs: dict[str, tuple[LegTarget, ...]] = {
        "in": (target(SPOT, -amount, price), target(PERP, amount, price)),
        "out": (target(SPOT, amount, price), target(PERP, -amount, price)),
        "out by one": (target(PERP, -amount, price),),
    }
    return plan(*legs[kind], shares=() if kind == "in" else (Share("a", legs[kind][0].amount.value),))


strengths = st.sampled_from([Halt.NO_ENTRIES, Halt.REDUCE_ONLY, Halt.FLATTEN])


@given(
    st.sampled_from(["in", "in", "out", "out by one"]), amounts, st.integers(1000, 99_999), st.sampled_from([None, 0, 1]),
    retries, st.one_of(st.none(), bands), st.lists(fates, max_size=8), st.lists(st.booleans(), max_size=8),
    st.lists(st.tuples(st.integers(1, 12), strengths), max_size=2),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_every_walk_through_a_bad_day_ends_even_or_named_or_with_a_cited_line(
    kind: str, units: int, price: int, first: int | None, tries: list[tuple[int, int]], unwind: int | None,
    script: list[Fate], moves: list[bool], tightens: list[tuple[int, Halt]],
) -> None:  # fmt: skip
    of = plan_of(kind, units, str(D(price).scaleb(-3)))
    by = replace(ladder(tries, unwind, True), first=first)
    world = HardWorld(of, by, [], moves, fates=list(script), tightens=tightens)
    for _ in range(200):
        told = world.step()
        if told.phase is not Phase.WORKING:
            break
        for action in told.actions:
            world.perform(action)
        if not told.actions:
            world.wait(told)
    else:
        raise AssertionError("it never comes to an end")
    _check_end(world, told)


def _check_end(world: HardWorld, told: Next) -> None:
    now = world.legs_now()
    if told.phase is Phase.STUCK:
        assert told.cited is not None
        assert told.cited.rule.startswith("/execution/")
        assert any(not s.settled for s in world.sent) or now.lacking()
        return
    assert all(s.settled for s in world.sent)
    for s in world.sent:
        assert s.filled == s.listed
    goals = [abs(Fraction(leg.amount.value)) for leg in world.of.legs]
    have = [Fraction(now.filled(i)) for i in range(len(goals))]
    if now.lacking():
        named = now.leading() or now.lacking()
        assert [(a.asset, abs(a.value)) for a in told.dust] == [("ADA", amount) for amount in named.values()]
        assert max(have) - min(have) < 6, "only what is under a venue's minimum is left"
    else:
        assert told.dust == ()
        assert max(have) - min(have) < Fraction(FACTS[PERP].amount_step)
