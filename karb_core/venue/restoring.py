"""What an account that goes on is rebuilt from: what was booked, in order, and how orders ended."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TypeVar

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Level
from karb_core.domain.orders import Fill, Filled, Order, Outcome, Rejected, Side
from karb_core.domain.statement import Income
from karb_core.venue.forced import Forced

T = TypeVar("T")
FeeOf = Callable[[Instrument, Side, Level], Amount]

_FINER = 12  # karb: constant because it only lets a price be told finer than any tick is


def in_order(fills: Iterable[Fill], incomes: Iterable[Income]) -> Iterator[Fill | Income]:
    """Each once, by its venue's id, in the order of their times; of one time fills stay as they were given.

    Edge: what was settled comes before what was traded at that time, and after what was closed by force.
    """
    settled = deque(sorted(_by_id((income.id, income) for income in incomes), key=lambda income: income.venue_at_ns))
    traded = _by_id((fill.venue_trade_id, fill) for fill in fills)
    for fill in sorted(traded, key=lambda fill: fill.venue_at_ns):
        until_ns = fill.venue_at_ns if Forced.read(fill.order_id) is None else fill.venue_at_ns - 1
        while settled and settled[0].venue_at_ns <= until_ns:
            yield settled.popleft()
        yield fill
    yield from settled


def ended(order: Order, fills: Iterable[Fill]) -> Filled:
    """How an order ended of which these are all fills."""
    filled, cost = Amount.zero(order.instrument.base), Amount.zero(order.instrument.quote)
    for fill in fills:
        filled, cost = filled + fill.amount, cost + abs(fill.cost)
    return Filled(order, filled, cost, final=True)


def ends(outcomes: Iterable[Outcome], fills: Iterable[Fill]) -> dict[str, Outcome]:
    """How each order ended that did, by its id: what was refused, and what traded or is told to have come to its end."""
    found: dict[str, Outcome] = {}
    by_order = _by_order(fills)
    for outcome in _last(outcomes):
        traded = by_order[outcome.order.id]
        if isinstance(outcome, Rejected):
            found[outcome.order.id] = outcome
        elif traded or isinstance(outcome, Filled):
            found[outcome.order.id] = ended(outcome.order, traded)
    return found


def untold(outcomes: Iterable[Outcome], fills: Iterable[Fill], fee_of: FeeOf, at_ns: int) -> Iterator[Fill]:
    """Fills for what outcomes tell beyond these: an answer can have been written, and its fills not any more.

    `fee_of`: what a trade pays. They come to the very amount and cost that were told.
    """
    listed = _by_order(_by_id((fill.venue_trade_id, fill) for fill in fills))
    for outcome in _last(outcomes):
        if isinstance(outcome, Rejected):
            continue
        order = outcome.order
        known = ended(order, listed[order.id])
        amount, cost = outcome.filled - known.filled, outcome.cost - known.cost
        if amount.value <= 0 or cost.value <= 0:
            continue
        for at, level in enumerate(_levels(amount.value, cost.value)):
            yield Fill(
                order_id=order.id,
                venue_trade_id=f"{order.id}-r{at}",
                instrument=order.instrument,
                side=order.side,
                amount=order.instrument.amount(level.amount),
                price=order.instrument.price(level.price),
                fee=fee_of(order.instrument, order.side, level),
                venue_at_ns=at_ns,
                received_at_ns=at_ns,
            )


def _levels(amount: Decimal, cost: Decimal) -> list[Level]:
    """What comes to exactly this amount and cost: at one price, or at two that lie next to each other."""
    unit = _digit(_exponent(amount))
    tick = _digit(min(_exponent(cost) - _exponent(amount), 0) - _FINER)
    units = exact.steps_in(amount, Decimal(1), unit, exact.Rounding.FLOOR)
    lower, above = divmod(exact.steps_in(cost, unit, tick, exact.Rounding.FLOOR), units)
    parts = ((lower, units - above), (lower + 1, above))
    return [Level(exact.mul(Decimal(p), tick), exact.mul(Decimal(n), unit)) for p, n in parts if n]


def _exponent(value: Decimal) -> int:
    return int(value.as_tuple().exponent)


def _digit(exponent: int) -> Decimal:
    return Decimal((0, (1,), exponent))


def _by_order(fills: Iterable[Fill]) -> defaultdict[str, list[Fill]]:
    found: defaultdict[str, list[Fill]] = defaultdict(list)
    for fill in fills:
        found[fill.order_id].append(fill)
    return found


def _last(outcomes: Iterable[Outcome]) -> Iterable[Outcome]:
    """Of each order what was told last."""
    return _by_id((outcome.order.id, outcome) for outcome in outcomes)


def _by_id(told: Iterable[tuple[str, T]]) -> Iterable[T]:
    return dict(told).values()
