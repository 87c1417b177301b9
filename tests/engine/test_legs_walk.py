"""The legs function over whatever venues may do: it always comes to an end, and to an end that may be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.decisions import Plan
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Top
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side, TimeInForce, Unknown
from karb_core.engine.leg_rules import LegRules, Rung
from karb_core.engine.legs import next_actions
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.next_step import Find, Next, Phase, Place
from karb_core.engine.sent import Sent
from tests.engine.scene import FACTS, NOW, PERP, SECOND, SPOT, D, plan, rules, rung, target, top

#: Parts of an order that trade, in thousandths; `no`: rejected; `lost`: an answer that never comes, then one of these.
answers = st.one_of(
    st.integers(0, 1000),
    st.sampled_from([0, 1000]),
    st.just("no"),
    st.tuples(st.integers(0, 1000), st.integers(0, 30)),
)
Answer = int | str | tuple[int, int]
amounts = st.integers(6, 100_000)
bands = st.integers(0, 300)
retries = st.lists(st.tuples(bands, st.integers(1, 5)), max_size=3)


@dataclass
class World:
    """Venues that answer by a list, and when it is used up fill nothing; the tops move when they are told to."""

    of: Plan
    by: LegRules
    script: list[Answer]
    moves: list[bool]
    now_ns: int = NOW
    sent: tuple[Sent, ...] = ()
    later: dict[str, tuple[int, Outcome]] = field(default_factory=dict)
    tops: dict[Instrument, Top] = field(default_factory=dict)

    def step(self) -> Next:
        now = LegsNow(self.of, self.sent, self.now_ns, self.tops, FACTS, self.by)
        told = next_actions(now)
        assert told == next_actions(now)
        assert told.again_ns is None or told.again_ns > self.now_ns
        self._check(told, now)
        return told

    def _check(self, told: Next, now: LegsNow) -> None:
        placed = [a for a in told.actions if isinstance(a, Place)]
        open_legs = {s.leg for s in self.sent if not s.over}
        assert not open_legs & {p.leg for p in placed}, "nothing is placed on a leg while an order's fate is unknown"
        assert len({p.leg for p in placed}) == len(placed)
        for p in placed:
            self._check_place(p, now)

    def _check_place(self, p: Place, now: LegsNow) -> None:
        leg = self.of.legs[p.leg]
        stated = FACTS[leg.instrument]
        assert p.amount > 0
        assert stated.floor_amount(p.amount) == p.amount
        have = [Fraction(now.filled(i)) / Fraction(abs(t.amount.value)) for i, t in enumerate(self.of.legs)]
        whole, mine = Fraction(abs(leg.amount.value)), Fraction(now.filled(p.leg))
        if p.side is not leg.side:
            assert Fraction(p.amount) <= mine - whole * min(have)
        elif not self.sent:
            assert p.amount == abs(leg.amount.value)
        else:
            assert Fraction(p.amount) <= whole * max(have) - mine
        band = self.by.band if p.step < 0 else self.by.ladder[p.step].band
        edge = exact.mul(leg.price.value, exact.add(D(1), exact.mul(p.side.sign, band)))
        limit = p.limit.value
        tick = stated.tick_at(edge)
        inside = edge - limit if p.side is Side.BUY else limit - edge
        assert 0 <= inside < tick
        assert exact.floor_to(limit, tick) == limit

    def perform(self, action: Place | Find) -> None:
        if isinstance(action, Find):
            after_ns, outcome = self.later[action.order.id]
            if self.now_ns >= after_ns:
                self._answer(action.order, outcome)
            return
        order = Order(
            id=f"o{len(self.sent)}", intent_id=self.of.intent_id, leg=action.leg, side=action.side,
            instrument=self.of.legs[action.leg].instrument, limit=action.limit, cost=None, reduce_only=False,
            amount=self.of.legs[action.leg].instrument.amount(action.amount), time_in_force=TimeInForce.IOC,
        )  # fmt: skip
        self.sent = (*self.sent, Sent(order, action.leg, action.step, self.now_ns, None, None))
        word = self.script.pop() if self.script else 0
        if isinstance(word, tuple):
            zero = order.instrument.amount(D(0))
            self.later[order.id] = (self.now_ns + word[1] * SECOND, _filled(order, word[0]))
            self._answer(order, Unknown(order, "no answer", zero, zero.at(action.limit)))
        else:
            self._answer(order, Rejected(order, "no", "no") if word == "no" else _filled(order, int(word)))

    def _answer(self, order: Order, outcome: Outcome) -> None:
        self.sent = tuple(
            replace(s, outcome=outcome, answered_ns=s.answered_ns or self.now_ns) if s.order.id == order.id else s
            for s in self.sent
        )

    def wait(self, told: Next) -> None:
        if self.moves and self.moves.pop():
            self.now_ns += 1
            self.tops = {i: top(i, at_ns=self.now_ns) for i in (SPOT, PERP)}
        elif told.again_ns is not None:
            self.now_ns = told.again_ns


def _filled(order: Order, thousandths: int) -> Filled:
    done = FACTS[order.instrument].floor_amount(exact.mul(order.amount.value, D(thousandths).scaleb(-3)))
    base = order.instrument.amount(done)
    assert order.limit is not None
    return Filled(order, base, base.at(order.limit), final=True)


def ladder(tries: list[tuple[int, int]], unwind: int | None, halts: bool) -> LegRules:
    """Every other retry is weighed, by its band."""
    rungs = [
        replace(rung(Rung.RETRY, str(D(band).scaleb(-4)), seconds), if_cheaper=bool(band % 2))
        for band, seconds in tries
    ]
    if unwind is not None:
        rungs.append(rung(Rung.UNWIND, str(D(unwind).scaleb(-4)), 5))
    if halts or not rungs:
        rungs.append(rung(Rung.HALT))
    return rules(ladder=tuple(rungs))


@given(
    st.tuples(amounts, st.sampled_from([1, -1]), st.integers(1000, 99_999)),
    st.sampled_from([None, 0, 1]),
    retries, st.one_of(st.none(), bands), st.booleans(),
    st.lists(answers, max_size=12), st.lists(st.booleans(), max_size=8),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_every_walk_ends_balanced_with_nothing_or_with_a_cited_line(
    size: tuple[int, int, int], first: int | None, tries: list[tuple[int, int]], unwind: int | None, halts: bool,
    script: list[Answer], moves: list[bool],
) -> None:  # fmt: skip
    amount, price = D(size[0] * size[1]).scaleb(-1), str(D(size[2]).scaleb(-3))
    of = plan(target(SPOT, amount, price), target(PERP, -amount, price))
    world = World(of, replace(ladder(tries, unwind, halts), first=first), script, moves)
    for _ in range(120):
        told = world.step()
        if told.phase is not Phase.WORKING:
            break
        for action in told.actions:
            world.perform(action)
        if not told.actions or any(not s.over for s in world.sent):
            world.wait(told)
    else:
        raise AssertionError("it never comes to an end")
    _check_end(world, told)


def _check_end(world: World, told: Next) -> None:
    now = LegsNow(world.of, world.sent, world.now_ns, world.tops, FACTS, world.by)
    spot, perp = now.filled(0), now.filled(1)
    if told.phase is Phase.DONE:
        assert all(s.over for s in world.sent)
        assert abs(spot - perp) < FACTS[PERP].amount_step
    else:
        assert told.cited is not None
        assert told.cited.rule.startswith("/execution/")
        assert any(not s.over for s in world.sent) or spot != perp


@given(st.lists(answers, min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_whatever_fills_in_the_end_nothing_is_traded_twice(script: list[Answer]) -> None:
    """Both legs of an order book that answers well from some time on end whole: no need was sent for twice."""
    of = plan(target(SPOT, "-500"), target(PERP, "500"))
    tries = [(50, 2), (100, 2)]
    world = World(of, ladder(tries, 200, True), [1000] * 10 + script, [])
    for _ in range(80):
        told = world.step()
        if told.phase is not Phase.WORKING:
            break
        for action in told.actions:
            world.perform(action)
        if not told.actions or any(not s.over for s in world.sent):
            world.wait(told)
    now = LegsNow(of, world.sent, world.now_ns, {}, FACTS, world.by)
    assert now.filled(0) <= 500
    assert now.filled(1) <= 500
