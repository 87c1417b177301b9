"""What must hold in every episode, held against the venues' truth and never against karb's own books."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from karb_core.domain import exact
from karb_core.domain.decisions import DecisionKind
from karb_core.domain.order_id import OrderId
from karb_core.domain.orders import Fill, Side
from karb_core.ledger import reading
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.orders import ORDERS
from karb_core.ledger.reading import Whose
from karb_core.venue.forced import Forced
from tests.chaos.process import MARK
from tests.chaos.rates import Rates
from tests.chaos.trader import FACTS, LEGS, SECOND
from tests.chaos.truth import Sent, Truth

#: Less than this is even: a step of the coarser venue.
STEP = max(facts.amount_step for facts in FACTS.values())


@dataclass(frozen=True, slots=True)
class Broken:
    """`which`: I1 to I11 of the catalogue; `what`: enough to find it in the story."""

    which: str
    what: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the episode knows beside the truth.

    stale_ns: the oldest price and rate at an entry, off_ns: by how much karb's clock may be wrong; halted_at: when a
    stop was acknowledged; decided_at: by intent, when it was decided by the world's clock; halted: what the desk says is
    stopped, at the end.
    """

    ledger: Ledger
    whose: Whose
    stale_ns: int
    off_ns: int
    halted_at: tuple[int, ...]
    first: int | None
    decided_at: Mapping[str, int]
    rates: Rates
    halted: tuple[str, ...]
    decisions: tuple[Written, ...]


def net(truth: Truth) -> dict[str, Decimal]:
    """By venue, base that karb's own orders and forced closes moved: signed."""
    out: dict[str, Decimal] = defaultdict(Decimal)
    for leg in LEGS:
        for fill in truth.fills(leg.venue):
            if is_karbs(fill):
                out[leg.venue] += fill.moved.value
    return out


def is_karbs(fill: Fill) -> bool:
    ours = OrderId.read(fill.order_id)
    return (ours is not None and ours.mark == MARK) or Forced.read(fill.order_id) is not None


def uneven(truth: Truth) -> Decimal:
    """How much of one leg stands alone."""
    return abs(sum(net(truth).values(), Decimal(0)))


def tradable(truth: Truth, base: Decimal, at_ns: int) -> bool:
    """Whether some venue would take an order that evens this out."""
    for leg in LEGS:
        facts, mark = truth.books[leg.venue].terms.facts[leg], truth.market.mark(leg, at_ns)
        amount = facts.floor_amount(base)
        if amount and facts.unfit(amount, facts.floor_price(mark)) is None:
            return True
    return False


def always(truth: Truth, told: Told) -> Iterator[Broken]:
    """What may be asked at any time."""
    yield from _ids(truth)
    yield from _written(truth, told)
    yield from _hedges(truth, told)
    yield from _sizes(truth, told)
    yield from _entries(truth, told)
    yield from _ways_out(truth, told)


def at_rest(truth: Truth, told: Told, at_ns: int) -> Iterator[Broken]:
    """What must hold when nothing is under way any more."""
    alone = uneven(truth)
    halts = list(reading.halts(told.ledger, told.whose))
    stopped = bool(told.halted)
    if alone >= STEP and tradable(truth, alone, at_ns) and not stopped:
        yield Broken("I4", f"{alone} stands alone, and nothing is halted")
    yield from _booked(truth, told, stopped)
    yield from _strangers(truth, told)
    reasons = Counter((h.reason, h.strength) for h in halts)
    storm = [f"{reason} x{n}" for (reason, _), n in reasons.items() if n > 12]
    if storm:
        yield Broken("I11", f"told again and again: {storm}")


def _ids(truth: Truth) -> Iterator[Broken]:
    for order_id, times in Counter(s.order.id for s in truth.sent).items():
        if times > 1:
            yield Broken("I1", f"{order_id} was sent {times} times")


def _written(truth: Truth, told: Told) -> Iterator[Broken]:
    """Each order that left belongs to a decision that names its rules. That it was durable is asked as it leaves."""
    written = {order.id: order for order, _ in reading.orders(told.ledger, told.whose)}
    decided = {d.intent_id: d for d in told.decisions if d.intent_id}
    for sent in truth.sent:
        order = written.get(sent.order.id)
        if order is None:
            yield Broken("I8", f"{sent.order.id} was never written")
            continue
        decision = decided.get(order.intent_id)
        if decision is None or (not decision.document()["cited"] and decision.cause == "taken"):
            yield Broken("I8", f"{order.id} belongs to no decision that cites a line")


def _hedges(truth: Truth, told: Told) -> Iterator[Broken]:
    """An order of an entry that follows another never asks for more than the other leg has, and trades back no more
    than it is ahead: nothing is rounded up. What goes first, or together, follows nothing.
    """
    entries = {d.intent_id for d in told.decisions if d.kind is DecisionKind.ENTRY}
    targets: dict[str, dict[int, Side]] = defaultdict(dict)
    for sent in truth.sent:
        order = sent.order
        towards = targets[order.intent_id].setdefault(order.leg, order.side) is order.side
        if order.intent_id not in entries or (len(targets[order.intent_id]) < len(LEGS) and towards):
            continue
        attempt = OrderId.read(order.id)
        if attempt is not None and attempt.attempt == 0 and told.first is None:
            continue
        have = [_filled(truth, order.intent_id, leg, sent.at_ns) for leg in range(len(LEGS))]
        other = have[1 - order.leg]
        room = other - have[order.leg] if towards else have[order.leg] - other
        if order.amount.value > room:
            yield Broken("I2", f"{order.id} asks for {order.amount.value} where {room} is uneven")


def _filled(truth: Truth, intent: str, leg: int, until_ns: int) -> Decimal:
    """Base that the venue had filled of this leg by then, net of what was traded back."""
    moved = Decimal(0)
    for fill in truth.fills(LEGS[leg].venue):
        ours = OrderId.read(fill.order_id)
        if ours is not None and (ours.mark, ours.intent_id) == (MARK, intent) and fill.venue_at_ns <= until_ns:
            moved += fill.moved.value
    return abs(moved)


def _sizes(truth: Truth, told: Told) -> Iterator[Broken]:
    """No leg has ever more than was approved; a hedge never more than what it hedges, within a step."""
    decided = {d.intent_id: d for d in told.decisions if d.intent_id}
    moved: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for leg in LEGS:
        for fill in truth.fills(leg.venue):
            ours = OrderId.read(fill.order_id)
            if ours is not None and ours.mark == MARK:
                moved[ours.intent_id, ours.leg] += fill.moved.value
    for (intent, leg_number), base in moved.items():
        decision = decided.get(intent)
        if decision is None:
            continue
        target = Decimal(decision.document()["legs"][leg_number]["amount"].split()[0])
        if base * target < 0 or abs(base) > abs(target):
            yield Broken("I3", f"{intent} leg {leg_number} moved {base} of {target}")


def _entries(truth: Truth, told: Told) -> Iterator[Broken]:
    """No entry was decided by a stale price or rate, or begun after a stop."""
    for decision in told.decisions:
        if decision.kind is not DecisionKind.ENTRY:
            continue
        at_ns = told.decided_at[decision.intent_id or ""]
        ages = [at_ns - truth.market.told(leg, at_ns).venue_at_ns for leg in LEGS]
        rate_age, oldest = told.rates.age_ns(at_ns), told.rates.oldest_ns(at_ns, told.stale_ns, told.off_ns)
        if rate_age is None or oldest is None or rate_age > oldest or max(ages) > told.stale_ns + told.off_ns:
            yield Broken("I6", f"entered at {at_ns} by prices {ages} and a rate {rate_age} old, of {oldest} at most")
        begun = min((s.at_ns for s in truth.sent if s.order.intent_id == decision.intent_id), default=None)
        if begun is not None and any(h < at_ns for h in told.halted_at):
            yield Broken("I7", f"{decision.intent_id} was begun after a stop")
        saw = decision.document()["seen"]
        for seat, rate in told.rates.seats(at_ns).items():
            if saw.get(f"rate.{seat}") != exact.text(rate.rate):
                yield Broken(
                    "I8", f"entered at {at_ns} by {seat} {saw.get(f'rate.{seat}')}, where {rate.rate} was told"
                )


def _ways_out(truth: Truth, told: Told) -> Iterator[Broken]:
    """What leaves a position never opens one: whoever else traded, and whatever the venue took away meanwhile."""
    leaving = {d.intent_id: d for d in told.decisions if d.kind is DecisionKind.EXIT}
    for leg in LEGS:
        if FACTS[leg].margin_asset is None:
            continue
        position = Decimal(0)
        for fill in truth.fills(leg.venue):
            ours = OrderId.read(fill.order_id)
            decision = leaving.get(ours.intent_id) if ours is not None and ours.mark == MARK else None
            if decision is not None and ours is not None:
                target = Decimal(decision.document()["legs"][ours.leg]["amount"].split()[0])
                if fill.moved.value * target > 0 and position * fill.moved.value >= 0:
                    yield Broken("I7", f"{fill.order_id} was to leave {position}, and opened {fill.moved.value}")
            position += fill.moved.value


def _booked(truth: Truth, told: Told, stopped: bool) -> Iterator[Broken]:
    """Every fill and settlement of karb's at the venues is in the ledger once, and nothing else is."""
    mine = {(f.instrument.venue, f.venue_trade_id): f for f, _ in reading.fills(told.ledger, told.whose)}
    theirs = {(leg.venue, f.venue_trade_id): f for leg in LEGS for f in truth.fills(leg.venue) if is_karbs(f)}
    for key in mine.keys() - theirs.keys():
        yield Broken("I9", f"the ledger has {key}, which no venue has")
    for key, fill in theirs.items():
        if key not in mine:
            if not stopped:
                yield Broken("I9", f"{key} is at the venue and not in the ledger")
        elif (mine[key].amount, mine[key].price, mine[key].fee) != (fill.amount, fill.price, fill.fee):
            yield Broken("I9", f"{key} differs: {mine[key]} {fill}")


def _strangers(truth: Truth, told: Told) -> Iterator[Broken]:
    """Another karb on the account stops entries, over restarts, until the owner says otherwise."""
    ids = [OrderId.read(fill.order_id) for leg in LEGS for fill in truth.fills(leg.venue)]
    if any(of is not None and of.mark != MARK for of in ids) and not any("other hands" in why for why in told.halted):
        yield Broken("I7", "another karb trades on the account, and entries go on")


class Leaving(list[Sent]):
    """Every request as it leaves, by the world's clock; one whose order is not durable then is told to `broken`."""

    def __init__(self, ledger: Ledger, account: str, broken: list[Broken], now: Callable[[], int]) -> None:
        super().__init__()
        self._ledger, self._account, self._broken, self._now = ledger, account, broken, now

    def append(self, sent: Sent) -> None:
        super().append(Sent(self._now(), sent.order))
        asked = select(ORDERS.c.order_id).where(ORDERS.c.account == self._account, ORDERS.c.order_id == sent.order.id)
        with self._ledger.reading() as connection:
            if connection.execute(asked).first() is None:
                self._broken.append(Broken("I8", f"{sent.order.id} left before it was durable"))


class Unhedged:
    """How long one leg has stood alone, while every venue answered."""

    def __init__(self, bound_ns: int) -> None:
        self.worst_ns = 0
        self._bound_ns = bound_ns
        self._since_ns: int | None = None

    def step(self, truth: Truth, at_ns: int, *, excused: bool) -> Iterator[Broken]:
        """`excused`: a fault that keeps anybody from acting is on, or the owner has been called: the bound counts anew."""
        alone = uneven(truth)
        if alone < STEP or not tradable(truth, alone, at_ns) or excused:
            self._since_ns = None
            return
        self._since_ns = at_ns if self._since_ns is None else self._since_ns
        lasted = at_ns - self._since_ns
        self.worst_ns = max(self.worst_ns, lasted)
        if lasted > self._bound_ns:
            yield Broken("I5", f"{alone} has stood alone for {lasted / SECOND:.1f} s")
