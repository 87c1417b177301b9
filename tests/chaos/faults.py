"""Everything that can go wrong, and the script by which it goes wrong at one venue's wire: drawn from a seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from random import Random

from karb_core.domain import exact


class Group(StrEnum):
    """Where a fault comes from."""

    WIRE = "wire"
    VENUE = "venue"
    CLOCK = "clock"
    RATE = "rate"
    PROCESS = "process"
    OPERATOR = "operator"


class Fault(StrEnum):
    """Every fault an episode may hold; the word before the dot is its group.

    `Wire` brings those of BEFALLS and SPELLS, `Weather` the four of the book, `VirtualClock` those of the clock,
    `strangers`, `hands` and `Truth` the forced closes and what hands do at the venue; the rest belong to whoever runs karb.
    FOREIGN_MARK is one order with another ledger's mark, SECOND_INSTANCE a karb of another ledger that enters both legs;
    RATES_DISAGREE a second seat whose source says something else; RULES_EDITED a start with another ladder, RULES_BROKEN
    one that has to wait until the file is mended. At MIDNIGHT the market that the rate is of closes for a night; a desk
    counts nothing by the day yet, so that nothing else of it can go wrong when one ends.
    """

    REQUEST_LOST = "wire.request_lost"
    REQUEST_LATE = "wire.request_late"
    REQUEST_TWICE = "wire.request_twice"
    NOT_SENT = "wire.not_sent"
    ANSWER_LOST = "wire.answer_lost"
    SERVER_ERROR = "wire.server_error"
    CANCEL_LOST = "wire.cancel_lost"
    READ_LOST = "wire.read_lost"

    DOWN = "venue.down"
    SUSPENDED = "venue.suspended"
    PARTIAL = "venue.partial"
    DONE_THOUGH_PARTIAL = "venue.done_though_partial"
    BALANCES_LAG = "venue.balances_lag"
    FILLS_LAG = "venue.fills_lag"
    FILLS_TWICE = "venue.fills_twice"
    FILLS_SPLIT = "venue.fills_split"
    LIQUIDATION = "venue.liquidation"
    DELEVERAGING = "venue.deleveraging"
    SETTLEMENT = "venue.settlement"
    CRASH = "venue.crash"
    WIDE_BOOK = "venue.wide_book"
    THIN_BOOK = "venue.thin_book"
    STALE_BOOK = "venue.stale_book"
    FACTS_CHANGED = "venue.facts_changed"

    SKEW = "clock.skew"
    JUMP = "clock.jump"
    MIDNIGHT = "clock.midnight"

    RATE_MISSING = "rate.missing"
    RATE_FROZEN = "rate.frozen"
    RATE_JUMP = "rate.jump"
    RATES_DISAGREE = "rate.disagree"

    KILLED = "process.killed"
    SECOND_INSTANCE = "process.second_instance"
    DISK_FULL = "process.disk_full"
    DATABASE_DOWN = "process.database_down"
    LOOP_STALLED = "process.loop_stalled"

    RULES_EDITED = "operator.rules_edited"
    RULES_BROKEN = "operator.rules_broken"
    MANUAL_TRADE = "operator.manual_trade"
    MANUAL_TRANSFER = "operator.manual_transfer"
    FOREIGN_MARK = "operator.foreign_mark"
    HALT = "operator.halt"

    @property
    def group(self) -> Group:
        return Group(self.value.partition(".")[0])


class Verb(Enum):
    """What is asked of a venue."""

    PLACE = "place"
    CANCEL = "cancel"
    FIND = "find"
    STATEMENT = "balances or positions"
    FILLS = "fills_since"
    OTHER = "income_since, open_orders or facts"


#: What can befall one call.
BEFALLS: Mapping[Verb, tuple[Fault, ...]] = {
    Verb.PLACE: (
        Fault.REQUEST_LOST,
        Fault.REQUEST_LATE,
        Fault.REQUEST_TWICE,
        Fault.NOT_SENT,
        Fault.ANSWER_LOST,
        Fault.SERVER_ERROR,
        Fault.PARTIAL,
        Fault.DONE_THOUGH_PARTIAL,
    ),
    Verb.CANCEL: (Fault.CANCEL_LOST,),
    Verb.FIND: (Fault.READ_LOST,),
    Verb.STATEMENT: (Fault.READ_LOST, Fault.BALANCES_LAG),
    Verb.FILLS: (Fault.READ_LOST, Fault.FILLS_LAG, Fault.FILLS_TWICE, Fault.FILLS_SPLIT),
    Verb.OTHER: (Fault.READ_LOST,),
}
#: What lasts, whatever is asked.
SPELLS = (Fault.DOWN, Fault.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Spell:
    """A fault that lasts from a time (inclusive) to a time (exclusive): one of SPELLS, or of BEFALLS for every call."""

    fault: Fault
    from_ns: int
    until_ns: int

    def is_on(self, at_ns: int) -> bool:
        return self.from_ns <= at_ns < self.until_ns


class Faults:
    """The script of one wire: first what is written for a verb, call by call; then what a spell brings; then, in so
    many of a thousand calls, one drawn from `among`, until `until_ns` (exclusive). `injected` counts what was brought.

    Errors: ValueError for a fault that cannot befall what it is written for.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        script: Mapping[Verb, Sequence[Fault | None]] | None = None,
        spells: Iterable[Spell] = (),
        per_mille: int = 0,
        among: Iterable[Fault] = tuple(Fault),
        until_ns: int | None = None,
    ) -> None:
        self._random = Random(seed)
        self._written = {verb: list(faults) for verb, faults in (script or {}).items()}
        self._spells = tuple(spells)
        self._per_mille = per_mille
        self._until_ns = until_ns
        drawn = set(among)
        self._among = {verb: [fault for fault in faults if fault in drawn] for verb, faults in BEFALLS.items()}
        self.injected: Counter[Fault] = Counter()
        self._check()

    def next(self, verb: Verb, at_ns: int) -> Fault | None:
        """What befalls this call."""
        written = self._written.get(verb)
        fault = written.pop(0) if written else self._lasting(verb, at_ns) or self._drawn(verb, at_ns)
        if fault is not None:
            self.injected[fault] += 1
        return fault

    def is_on(self, fault: Fault, at_ns: int) -> bool:
        """Whether a spell of it is on; a spell counts as often as it was met."""
        on = any(spell.fault is fault and spell.is_on(at_ns) for spell in self._spells)
        self.injected.update([fault] if on else [])
        return on

    def between(self, bounds: tuple[int, int]) -> int:
        """Some number from one bound to the other, both included."""
        return self._random.randint(*bounds)

    def part(self, amount: Decimal, step: Decimal) -> Decimal:
        """Some part of an amount in whole steps: maybe nothing, never all."""
        steps = int(exact.EXACT.divide_int(amount, step))
        return exact.mul(Decimal(self._random.randrange(steps) if steps else 0), step)

    def _lasting(self, verb: Verb, at_ns: int) -> Fault | None:
        return next((s.fault for s in self._spells if s.fault in BEFALLS[verb] and s.is_on(at_ns)), None)

    def _drawn(self, verb: Verb, at_ns: int) -> Fault | None:
        over = self._until_ns is not None and at_ns >= self._until_ns
        if over or not self._among[verb] or self._random.randrange(1000) >= self._per_mille:
            return None
        return self._random.choice(self._among[verb])

    def _check(self) -> None:
        known = {*SPELLS, *(fault for faults in BEFALLS.values() for fault in faults)}
        strange = [f for verb, faults in self._written.items() for f in faults if f and f not in BEFALLS[verb]]
        strange += [spell.fault for spell in self._spells if spell.fault not in known]
        if strange:
            raise ValueError(f"a wire cannot bring {', '.join(strange)} there")
