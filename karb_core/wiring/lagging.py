"""Plans of which a leg lagged: what was tried again or traded back, and what that cost against the plan's prices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.decisions import LegTarget
from karb_core.domain.orders import Fill
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Shared, Whose
from karb_core.ports import Lagging
from karb_core.wiring.by_intent import OfIntent, by_intent
from karb_core.wiring.in_book import in_book

Money = Callable[[int], Price | None]


def lagging_plans(
    ledger: Ledger, whose: Whose, decided: Iterable[Written], fills: Iterable[Shared], money: Money, book: str
) -> tuple[list[Lagging], int]:
    """Those of which an order was tried again, traded back or filled nothing while another leg filled; and how many
    plans sent orders at all. `money` is asked at the time of each decision. Errors: LookupError without a rate."""
    rows = by_intent(ledger, whose, fills)
    plans = [(decision, rows[decision.intent_id]) for decision in decided if decision.intent_id in rows]
    return [_lagging(d, of, money(d.first_at_ns), book) for d, of in plans if _is_lagging(d, of)], len(plans)


def _is_lagging(decision: Written, rows: OfIntent) -> bool:
    again = len(rows.orders) > len({order.leg for order, _ in rows.orders})
    filled = {leg for leg, _, _ in _by_leg(decision, rows)}
    return again or (bool(filled) and len(filled) < len(decision.legs()))


def _lagging(decision: Written, rows: OfIntent, money: Price | None, book: str) -> Lagging:
    back: dict[str, Amount] = {}
    cost = Amount.zero(book)
    for _, target, fill in _by_leg(decision, rows):
        beyond = exact.mul(fill.moved.value, exact.sub(fill.price.value, target.price.value))
        cost = cost + in_book(Amount(beyond, target.instrument.quote), money, book)
        if fill.side is not target.side:
            coin = target.instrument.base
            back[coin] = back.get(coin, Amount.zero(coin)) + fill.amount
    again = len(rows.orders) - len({order.leg for order, _ in rows.orders})
    told = (decision.pair, decision.tier, decision.side, decision.first_at_ns)
    return Lagging(*told, again, tuple(back.values()), cost)


def _by_leg(decision: Written, rows: OfIntent) -> Iterator[tuple[int, LegTarget, Fill]]:
    legs, leg_of = decision.legs(), {order.id: order.leg for order, _ in rows.orders}
    for fill, _ in rows.fills:
        leg = leg_of[fill.order_id]
        yield leg, legs[leg], fill
