"""What the owner is told of what a desk does: each thing when it happens, what goes on not again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import Decision, DecisionKind, SeenValue
from karb_core.domain.halt import Halt
from karb_core.engine.carried import Carried
from karb_core.engine.desk import Desk
from karb_core.engine.next_step import Phase
from karb_core.engine.sent import FIRST_TRY
from karb_core.ports import Mode, Notice, NoticeKind
from karb_core.texts.text import LANGUAGES, Words
from karb_core.wiring.notices import legs_of, notices_of
from karb_core.wiring.trades import trades_of

# karb: constant because it says how often what stands is told again, and stops nothing
_AGAIN_NS = 21_600_000_000_000


@dataclass(slots=True)
class Telling:
    """Makes the notices of one desk; who carries them to whom is another's affair. `called`: venues as people call them."""

    desk: Desk
    mode: Mode
    called: Mapping[str, Words] = field(default_factory=dict)
    _refused: dict[str, set[str]] = field(init=False, default_factory=dict)
    _halted: dict[str, Halt] = field(init=False, default_factory=dict)
    _again_ns: int | None = field(init=False, default=None)

    def of(self, carried: tuple[Carried, ...]) -> Iterator[Notice]:
        for one in carried:
            decision = one.decided.decision
            if self._goes_on(decision):
                continue
            books = self.desk.books
            ended = [c for c in books.closed if c.lot.id in decision.lot_ids] if one.end is not None else []
            for notice in notices_of(one, trades_of(ended, self.desk.strategy.terms.book), self.mode):
                self._note(notice)
                yield replace(notice, facts={**notice.facts, **self._came_of(one), **self._names(one)})
            if self._stood_alone(one):
                facts = {**self._came_of(one), **self._names(one), **legs_of(one)}
                yield Notice(NoticeKind.LEG, decision.at_ns, decision.pair, self.mode, facts)

    def halts(self, at_ns: int) -> Iterator[Notice]:
        """Each reason to stop that was not told yet, or is stronger now, or was told long ago and still stands; one that
        was resumed may be told again.
        """
        latched = self.desk.halts.latched
        again = self._again_ns is not None and at_ns >= self._again_ns
        for reason, strength in latched.items():
            if again or self._halted.get(reason, Halt.NONE) < strength:
                facts = {"reason": reason, "strength": strength.word}
                yield Notice(NoticeKind.HALT, at_ns, "", self.mode, facts)
        self._halted = dict(latched)
        if again or not latched or self._again_ns is None:
            self._again_ns = at_ns + _AGAIN_NS

    def _stood_alone(self, carried: Carried) -> bool:
        """Whether the ladder filled up or brought back what one leg had; where it stands still, a halt is told."""
        if carried.end is None or carried.end.phase is Phase.STUCK or carried.decided.plan is None:
            return False
        sent = self.desk.driver.sent.get(carried.decided.plan.item.intent_id, ())
        return any(each.step != FIRST_TRY and each.filled for each in sent)

    def _came_of(self, carried: Carried) -> dict[str, SeenValue]:
        """How much of each leg was filled, what was traded back taken off."""
        if carried.end is None or carried.decided.plan is None:
            return {}
        plan, filled = carried.decided.plan.item, dict[str, SeenValue]()
        for i, leg in enumerate(plan.legs):
            total = Decimal(0)
            for sent in self.desk.driver.sent.get(plan.intent_id, ()):
                if sent.leg == i:
                    went_on = sent.order.side is leg.side
                    total = exact.add(total, sent.filled) if went_on else exact.sub(total, sent.filled)
            filled[f"leg.{i}.filled"] = total
        return filled

    def _names(self, carried: Carried) -> dict[str, SeenValue]:
        """What people call the venues of its legs."""
        legs = () if carried.decided.plan is None else carried.decided.plan.item.legs
        known = {
            leg.instrument.venue: self.called[leg.instrument.venue]
            for leg in legs
            if leg.instrument.venue in self.called
        }
        return {f"called.{v}.{lang}": getattr(words, lang) for v, words in known.items() for lang in LANGUAGES}

    def _note(self, notice: Notice) -> None:
        """A halt that was told with its decision is not told again as one that stands."""
        rule = str(notice.facts.get("rule"))
        if notice.kind is NoticeKind.HALT and rule in self.desk.halts.latched:
            self._halted[rule] = self.desk.halts.latched[rule]

    def _goes_on(self, decision: Decision) -> bool:
        """Whether this refusal was told before and nothing else happened to its pair since."""
        told = self._refused.setdefault(decision.pair, set())
        if decision.kind.acts:
            told.clear()
        if decision.kind is not DecisionKind.REFUSAL:
            return False
        topic = decision.topic()
        again = topic in told
        told.add(topic)
        return again
