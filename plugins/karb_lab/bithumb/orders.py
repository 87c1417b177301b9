"""Bithumb's order calls: made, found, listed, cancelled. Source: Bithumb's pages on orders, API 2.x."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from itertools import count

from karb_core.domain.orders import Rejected
from karb_lab.account import Account, Ticket
from karb_lab.bithumb import placing
from karb_lab.bithumb.order_words import (
    cancelled_body,
    found_body,
    listed_body,
    order_body,
    order_id,
    state_of,
    taken_body,
)
from karb_lab.json_text import Json
from karb_lab.korean import finding
from karb_lab.korean.asked import Asked
from karb_lab.korean.order_forms import said_no
from karb_lab.korean.quotation import Body
from karb_lab.korean.refused import Refused
from karb_lab.venue import Venue

_PAGE = 100  # karb: constant because a list of open orders has so many, and no more
_MOST_ENDED = 1000  # karb: constant because a list of ended orders has no more
_MOST_CANCELS = 30  # karb: constant because no more orders are cancelled at once
_FIRST = 3_152_000_000  # karb: constant because Bithumb's orders have numbers of ten digits
_STATES = ("wait", "watch", "done", "cancel")


class Orders:
    """What `POST`, `GET` and `DELETE` of orders do for one account. Errors: `Refused`."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._made = count(_FIRST)

    def make(self, account: Account, asked: Asked) -> Body:
        """Edge: an id of a client's that was used before is answered with the order that has it; nothing is made."""
        return taken_body(self.made(account, asked))

    def make_of_old(self, account: Account, asked: Asked) -> Body:
        """`POST /v1/orders`, which clients still call, answers with the order as it was before anything of it traded."""
        ticket = self.made(account, asked)
        fresh = Ticket.unplaced(ticket.order, ticket.client_id, ticket.said, ticket.created_ns, ticket.number)
        return order_body(account, fresh)

    def made(self, account: Account, asked: Asked) -> Ticket:
        client_id = placing.need_client_id(asked)
        before = None if client_id is None else account.by_client_id(client_id)
        if before is not None:
            return before
        placed = self._venue.place(account, placing.wanted(self._venue, asked, order_id(next(self._made))))
        if isinstance(placed, Rejected):
            raise said_no(placed, placing.BAD)
        return placed

    def find(self, account: Account, asked: Asked) -> Body:
        return found_body(account, self._one(account, asked))

    def cancel(self, account: Account, asked: Asked) -> Body:
        """Edge: one that had ended is not found."""
        ticket = self._one(account, asked)
        self._need_cancelled(account, ticket)
        return cancelled_body(ticket)

    def cancel_of_old(self, account: Account, asked: Asked) -> Body:
        """`DELETE /v1/order` answers with the order as it was when the cancel came."""
        ticket = self._one(account, asked)
        before = order_body(account, ticket)
        self._need_cancelled(account, ticket)
        return before

    def cancel_ids(self, account: Account, asked: Asked) -> Body:
        done: list[Json] = []
        failed: list[Json] = []
        for ticket in finding.several_of(account, *self._ids(asked, _MOST_CANCELS)):
            gone = self._venue.cancel(account, ticket, "user")
            (done if gone else failed).append(
                cancelled_body(ticket) if gone else {**cancelled_body(ticket), **Refused.no_order().told()}
            )
        return {"success": done, "fail": failed}

    def search(self, account: Account, asked: Asked) -> Json:
        wanted = {ticket.id for ticket in finding.several_of(account, *self._ids(asked, _PAGE))}
        return [listed_body(account, one) for one in finding.listed(account, asked) if one.id in wanted]

    def listed(self, account: Account, asked: Asked) -> list[Body]:
        """The list of the first version, of every state; of some orders where they are named."""
        named = asked.many("uuids"), asked.many("client_order_ids")
        ids = {ticket.id for ticket in finding.several_of(account, *named)}
        usual = _STATES if any(named) else ("wait",)
        states = finding.states(asked, _STATES, usual, placing.BAD)
        found = [
            one
            for one in finding.listed(account, asked)
            if state_of(one) in states and (not any(named) or one.id in ids)
        ]
        return [order_body(account, ticket) for ticket in finding.page(found, asked, _PAGE)]

    def pending(self, account: Account, asked: Asked) -> Body:
        states = finding.states(asked, ("wait", "watch"), ("wait",), placing.BAD)
        found = [one for one in finding.listed(account, asked) if state_of(one) in states]
        return _part(account, found, asked, _PAGE)

    def history(self, account: Account, asked: Asked) -> Body:
        """Of seven days at most."""
        states = finding.states(asked, ("done", "cancel"), ("done", "cancel"), placing.BAD)
        since_ns, until_ns = finding.window(asked, self._venue.clock.now_ns())
        found = [
            one
            for one in finding.listed(account, asked)
            if state_of(one) in states and since_ns <= one.created_ns <= until_ns
        ]
        return _part(account, found, asked, _MOST_ENDED)

    def _one(self, account: Account, asked: Asked) -> Ticket:
        """Edge: the venue's id wins over the client's."""
        own, client_id = asked.one("uuid") or asked.one("order_id"), asked.one("client_order_id")
        if own is None and client_id is None:
            raise Refused.bad(placing.BAD, "uuid 또는 client_order_id를 입력해주세요.")
        return finding.one_of(account, own, client_id)

    def _need_cancelled(self, account: Account, ticket: Ticket) -> None:
        if not self._venue.cancel(account, ticket, "user"):
            raise Refused.no_order()

    def _ids(self, asked: Asked, most: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        named = asked.many("order_ids"), asked.many("client_order_ids")
        if not 1 <= sum(map(len, named)) <= most:
            raise Refused.bad(placing.BAD, f"order_ids, client_order_ids: 1 ~ {most}")
        return named


def _part(account: Account, found: Sequence[Ticket], asked: Asked, most: int) -> Body:
    """A part of a list, after the order that `next_key` names. Errors: `Refused` for a key that is none."""
    key = asked.one("next_key")
    limit = asked.count("limit", most, most)
    begin = 0 if key is None else _after(found, key)
    rows: list[Json] = [listed_body(account, ticket) for ticket in found[begin : begin + limit]]
    more = begin + limit < len(found)
    next_key = _key(found[begin + limit - 1]) if more else None
    return {"data": rows, "has_next": more, "next_key": next_key}


def _key(ticket: Ticket) -> str:
    return urlsafe_b64encode(ticket.id.encode()).decode()


def _after(found: Sequence[Ticket], key: str) -> int:
    try:
        last = urlsafe_b64decode(key).decode()
    except ValueError as wrong:
        raise Refused.bad(placing.BAD, "next_key") from wrong
    ids = [ticket.id for ticket in found]
    if last not in ids:
        raise Refused.bad(placing.BAD, "next_key")
    return ids.index(last) + 1
