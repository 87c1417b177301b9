"""What holds of orders: each carries out a decision, and what is booked of it is what was ordered and answered."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import DecisionKind
from karb_core.domain.order_id import OrderId
from karb_core.domain.orders import Fill, Filled, Order, Outcome, is_over
from karb_core.ledger.checks.account_books import AccountBooks
from karb_core.ledger.checks.violation import Placed, Violation
from karb_core.texts.text import Text

_APPROVED = (DecisionKind.ENTRY, DecisionKind.EXIT)


def approved(books: AccountBooks) -> Iterator[Violation | None]:
    """Written before sent: the decision stands before the order."""
    since: dict[str, tuple[int, int]] = {}
    for placed in books.decisions:
        if placed.value.kind in _APPROVED and placed.value.intent_id is not None:
            since.setdefault(placed.value.intent_id, placed.at)
    for order in books.orders:
        intent = order.value.intent_id
        fine = intent in since and since[intent] < order.at
        yield None if fine else order.broken(Text("broken.not_approved", {"intent": intent}))


def ids(books: AccountBooks) -> Iterator[Violation | None]:
    seen: set[str] = set()
    for placed in books.orders:
        order = placed.value
        read = OrderId.read(order.id)
        if order.id in seen:
            yield placed.broken(Text("broken.id_twice", {"order": order.id}))
        elif read is None or (read.intent_id, read.leg) != (order.intent_id, order.leg):
            yield placed.broken(Text("broken.id_form", {"order": order.id}))
        else:
            yield None
        seen.add(order.id)


def answers(books: AccountBooks) -> Iterator[Violation | None]:
    yield from books.astray
    written = {placed.value.id: placed.at for placed in books.orders}
    for placed in books.outcomes:
        early = placed.at < written[placed.value.order.id]
        said = Text("broken.early_answer", {"order": placed.value.order.id})
        yield placed.broken(said) if early else None


def fills(books: AccountBooks) -> Iterator[Violation | None]:
    """One yield for each fill and one for each order that has a final answer."""
    orders = {placed.value.id: placed.value for placed in books.orders}
    traded: dict[str, Decimal] = {}
    spent: dict[str, Decimal] = {}
    for placed in books.fills:
        fill = placed.value
        order = orders.get(fill.order_id)
        if order is None:
            # One that the venue forced carries the venue's own id.
            ours = OrderId.read(fill.order_id) is not None
            yield placed.broken(Text("broken.no_order", {"order": fill.order_id})) if ours else None
            continue
        traded[order.id] = exact.add(traded.get(order.id, Decimal(0)), fill.amount.value)
        spent[order.id] = exact.add(spent.get(order.id, Decimal(0)), exact.absolute(fill.cost.value))
        yield _beyond(placed, order, traded[order.id], spent[order.id])
    for answer in _final(books):
        yield _answered(books, answer, traded.get(answer.value.order.id, Decimal(0)))


def _beyond(placed: Placed[Fill], order: Order, traded: Decimal, spent: Decimal) -> Violation | None:
    fill = placed.value
    if (fill.instrument, fill.side) != (order.instrument, order.side):
        return placed.broken(Text("broken.other_fill", {"order": order.id}))
    # What is ordered by its cost buys what that buys.
    bound, reached = (order.amount.value, traded) if order.cost is None else (order.cost.value, spent)
    if reached <= bound:
        return None
    return placed.broken(
        Text("broken.beyond", {"order": order.id, "reached": exact.text(reached), "bound": exact.text(bound)})
    )


def _final(books: AccountBooks) -> list[Placed[Outcome]]:
    """The last answer of each order that says that no more of it will trade."""
    last: dict[str, Placed[Outcome]] = {}
    for placed in books.outcomes:
        if is_over(placed.value):
            last[placed.value.order.id] = placed
    return list(last.values())


def _answered(books: AccountBooks, answer: Placed[Outcome], traded: Decimal) -> Violation | None:
    told = answer.value.filled.value if isinstance(answer.value, Filled) else Decimal(0)
    # A run that goes on, or was killed, may have the answer and not yet the fills; never more of them.
    going = books.runs[answer.run_id]["ended_at_ns"] is None
    if traded == told or (going and traded < told):
        return None
    args = {"order": answer.value.order.id, "booked": exact.text(traded), "told": exact.text(told)}
    return answer.broken(Text("broken.unlike_answer", args))
