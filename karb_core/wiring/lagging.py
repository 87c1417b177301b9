"""Plans of which a leg lagged: what was tried again or traded back, and what that cost against the plan's prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.decisions import Decision
from karb_core.domain.orders import Fill
from karb_core.engine.sent import Sent
from karb_core.ledger.reading import Shared
from karb_core.ports import Lagging
from karb_core.wiring.in_book import in_book

Money = Callable[[int], Price | None]


def lagging_plans(
    carried: Mapping[str, Decision],
    sent: Mapping[str, Sequence[Sent]],
    fills: Iterable[Shared],
    money: Money,
    book: str,
) -> tuple[list[Lagging], int]:
    """Those of which an order was tried again, traded back or filled nothing while another leg filled; and how many
    plans sent orders at all. All by intent but fills. `money` is asked at the time of each decision. Errors:
    LookupError without a rate.
    """
    by_order: defaultdict[str, list[Fill]] = defaultdict(list)
    for fill, _ in fills:
        by_order[fill.order_id].append(fill)
    plans = [(decision, sent[intent]) for intent, decision in carried.items() if sent.get(intent)]
    told = [_lagging(d, of, by_order, money, book) for d, of in plans if _is_lagging(d, of, by_order)]
    return told, len(plans)


def _is_lagging(decision: Decision, sent: Sequence[Sent], fills: Mapping[str, list[Fill]]) -> bool:
    filled = {each.leg for each in sent if each.order.id in fills}
    return _again(sent) > 0 or (bool(filled) and len(filled) < len(decision.legs))


def _lagging(
    decision: Decision, sent: Sequence[Sent], fills: Mapping[str, list[Fill]], money: Money, book: str
) -> Lagging:
    back: dict[str, Amount] = {}
    cost = Amount.zero(book)
    rate = money(decision.at_ns)
    for target, fill in _in_order(sent, fills):
        beyond = exact.mul(fill.moved.value, exact.sub(fill.price.value, decision.legs[target].price.value))
        cost = cost + in_book(Amount(beyond, fill.instrument.quote), rate, book)
        if fill.side is not decision.legs[target].side:
            coin = fill.instrument.base
            back[coin] = back.get(coin, Amount.zero(coin)) + fill.amount
    told = (decision.pair, decision.tier, decision.side, decision.at_ns)
    return Lagging(*told, _again(sent), tuple(back.values()), cost)


def _again(sent: Sequence[Sent]) -> int:
    return len(sent) - len({each.leg for each in sent})


def _in_order(sent: Sequence[Sent], fills: Mapping[str, list[Fill]]) -> list[tuple[int, Fill]]:
    """The fills of a plan by leg, as they were sent: what is summed does not depend on it."""
    return [(each.leg, fill) for each in sent for fill in fills.get(each.order.id, ())]
