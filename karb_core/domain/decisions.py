"""Why we did or did not do one thing: from what a signal would like to the decision that is written before an order.

Legs, amounts and assets only: which leg is which is a matter of pairs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from karb_core.domain import canonical
from karb_core.domain.amount import Amount, MixedAssets, Price
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side

SeenValue = Decimal | int | str | bool | None
Seen = tuple[tuple[str, SeenValue], ...]


class ProposalKind(Enum):
    """The way in or the way out."""

    ENTRY = "entry"
    EXIT = "exit"


class Cause(Enum):
    """taken: the owner's policy. demanded: a gate's watch. forced: the ladder, a flatten, the venue itself."""

    TAKEN = "taken"
    DEMANDED = "demanded"
    FORCED = "forced"


@dataclass(frozen=True, slots=True)
class Cited:
    """One line of the owner's that a decision rests on: its key, its place, its value as written."""

    rule: str
    file: str
    line: int
    written: str


@dataclass(frozen=True, slots=True)
class LegTarget:
    """What one leg is to move: base, signed, and the price the plan counts its bands from."""

    instrument: Instrument
    amount: Amount
    price: Price

    def __post_init__(self) -> None:
        market = (self.instrument.base, self.instrument.quote)
        if self.amount.asset != market[0] or (self.price.base, self.price.quote) != market:
            raise MixedAssets(f"{self.amount.text()} at {self.price.text()} is no leg of {self.instrument.text()}")
        if not self.amount.value:
            raise ValueError(f"a leg of {self.instrument.text()} moves nothing")

    @property
    def side(self) -> Side:
        return Side.of(self.amount.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a component would like, unsized.

    `side` is the pair's own word for the way it is entered; `rules` are the component's own parameters that made it,
    by their paths (`tiers.normal.z`); `lot_ids` names the lots that an exit closes and is empty for an entry;
    `target` is the profit at which an entry's lot is left, None for none; `seen` is what it was judged by.
    Errors: ValueError for an entry that names lots or is not taken,
    and for an exit of no lot.
    """

    pair: str
    kind: ProposalKind
    cause: Cause
    tier: str | None
    side: str
    rules: tuple[str, ...]
    lot_ids: tuple[str, ...]
    target: Decimal | None
    seen: Seen

    def __post_init__(self) -> None:
        if self.kind is ProposalKind.ENTRY and (self.lot_ids or self.cause is not Cause.TAKEN):
            raise ValueError(f"an entry of {self.pair} is taken, and of no lot yet")
        if self.kind is ProposalKind.EXIT and not self.lot_ids:
            raise ValueError(f"an exit of {self.pair} names no lot")

    @property
    def gated(self) -> bool:
        """Whether gates are asked: a way out that was demanded or forced is never held."""
        return self.cause is Cause.TAKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What a rule says to tell the owner of one lot, once. `rules` and `seen` as a proposal's."""

    pair: str
    lot_id: str
    tier: str | None
    side: str
    rules: tuple[str, ...]
    seen: Seen


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a plan is one lot's. Unit: base, signed as the plan's first leg moves."""

    lot_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The legs that go together, cut once to what every venue of it takes, and the lots it is for.

    Errors: ValueError for a plan without a proposal or a leg, of two pairs, or with two legs in one instrument.
    """

    intent_id: str
    proposals: tuple[Proposal, ...]
    legs: tuple[LegTarget, ...]
    shares: tuple[Share, ...]

    def __post_init__(self) -> None:
        if not self.legs or len({proposal.pair for proposal in self.proposals}) != 1:
            raise ValueError("a plan has at least one leg and is of one pair")
        if len({leg.instrument for leg in self.legs}) != len(self.legs):
            raise ValueError(f"a plan of {self.pair} has two legs in one instrument")

    @property
    def pair(self) -> str:
        return self.proposals[0].pair

    @property
    def gated(self) -> bool:
        """Whether gates are asked. Edge: one way out that may not be held frees the whole plan."""
        return all(proposal.gated for proposal in self.proposals)


@dataclass(frozen=True, slots=True)
class Passed:
    """A gate has nothing against it."""


@dataclass(frozen=True, slots=True)
class Denied:
    """A gate said no: by which of its rules, what it saw, what the owner allows, in words the owner can read."""

    rule: str
    observed: str
    limit: str


Verdict = Passed | Denied


class DecisionKind(Enum):
    """entry and exit were approved; a refusal was denied, or could not be judged; a rearm lets spent tiers fire.

    A reminder tells the owner of a lot, because a rule of theirs says so, and does nothing.
    """

    ENTRY = "entry"
    EXIT = "exit"
    REFUSAL = "refusal"
    REARM = "rearm"
    REMINDER = "reminder"

    @property
    def acts(self) -> bool:
        """Whether anything was done: a refusal that went on ends there."""
        return self not in (DecisionKind.REFUSAL, DecisionKind.REMINDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One thing decided, with the owner's lines that made it. Written before anything is sent.

    `at_ns` is the time of the input that was judged, never of a wall clock. `rules_digest` names the rules in force.
    """

    kind: DecisionKind
    at_ns: int
    pair: str
    side: str
    tier: str | None
    cause: Cause
    cited: tuple[Cited, ...]
    seen: Seen
    denied: tuple[Denied, ...]
    legs: tuple[LegTarget, ...]
    lot_ids: tuple[str, ...]
    intent_id: str | None
    rules_digest: str

    def text(self) -> str:
        """The canonical JSON: equal decisions have equal bytes, on any machine and in any mode."""
        return _written(_parts(self))

    def digest(self) -> str:
        """SHA-256 of the canonical JSON."""
        return canonical.digest_of_text(self.text())

    def topic(self) -> str:
        """The digest of what stays the same while a refusal goes on."""
        return self.text_and_topic()[1]

    def text_and_topic(self) -> tuple[str, str]:
        """Both at once: most of their writing is the same."""
        parts = _parts(self)
        still = self.still()
        changed = {name: canonical.to_json(getattr(still, name)) for name in _NOT_STILL}
        topic = _written({**parts, **changed, "seen": "{}"})
        return _written(parts), canonical.digest_of_text(topic)

    def still(self) -> "Decision":
        """What stays the same while a refusal goes on: all but when it was, what was seen and what was planned."""
        rules = tuple(replace(denied, observed="", limit="") for denied in self.denied)
        return replace(self, at_ns=0, seen=(), denied=rules, legs=(), intent_id=None)


def seen(values: Mapping[str, SeenValue]) -> Seen:
    """What was seen, in the order of its names. Errors: TypeError for a float: `statistic` says it exactly."""
    for name, value in values.items():
        if not isinstance(value, Decimal | int | str | None):
            raise TypeError(f"{name}: {value!r} cannot be written exactly")
    return tuple(sorted(values.items()))


def statistic(value: float) -> Decimal:
    """A float feature as a decision keeps it: the shortest decimal that gives the same float back.

    Edge: two floats that differ in one bit are two numbers. Errors: ValueError for NaN and infinity.
    """
    told = Decimal(repr(float(value)))
    if not told.is_finite():
        raise ValueError(f"{value} is not a number that was seen")
    return told


def _parts(decision: Decision) -> dict[str, str]:
    """Each field as it is written."""
    parts = {name: canonical.to_json(getattr(decision, name)) for name in Decision.__slots__}
    return {**parts, "seen": canonical.to_json(dict(decision.seen))}


def _written(parts: Mapping[str, str]) -> str:
    return f"{{{','.join([f'{begin}{parts[name]}' for name, begin in _BEGINNINGS])}}}"


#: The fields in the order of canonical JSON, and how each begins; those that a refusal that goes on may change.
_BEGINNINGS = tuple((name, f'"{name}":') for name in sorted(Decision.__slots__))
_NOT_STILL = ("at_ns", "denied", "intent_id", "legs")
