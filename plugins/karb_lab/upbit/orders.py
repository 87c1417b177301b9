"""Upbit's order calls: made, found, listed, cancelled. Source: Upbit's pages of the exchange API."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from uuid import NAMESPACE_URL, uuid5

from karb_core.domain.orders import Rejected
from karb_lab.account import Account, State, Ticket
from karb_lab.json_text import Json
from karb_lab.korean import finding
from karb_lab.korean.asked import Asked
from karb_lab.korean.order_forms import said_no
from karb_lab.korean.quotation import Body
from karb_lab.korean.refused import Refused
from karb_lab.korean.sums import STATES
from karb_lab.korean.words import NAMES, SIDES, code
from karb_lab.upbit import placing
from karb_lab.upbit.order_words import accepted_body, found_body, listed_body
from karb_lab.venue import Venue

_PAGE = 100  # karb: constant because a list of open orders has so many, and no more
_MOST_ENDED = 1000  # karb: constant because a list of ended orders has no more
_MOST_IDS = 100  # karb: constant because no more orders are asked for at once
_MOST_CANCELS = 20  # karb: constant because no more orders are cancelled at once by their ids
_MOST_OPEN_CANCELS = 300  # karb: constant because no more open orders are cancelled at once


class Orders:
    """What `POST`, `GET` and `DELETE` of orders do for one account. Errors: `Refused`."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._made = count(1)

    def make(self, account: Account, asked: Asked) -> Body:
        """Edge: an identifier is taken for good, also where the order is refused."""
        identifier = placing.need_identifier(asked)
        if identifier is not None and not account.burn(identifier):
            raise Refused.bad("duplicated_identifier", "이미 사용된 identifier입니다.")
        placed = self._venue.place(account, placing.wanted(self._venue, asked, self._fresh_id(account)))
        if isinstance(placed, Rejected):
            raise said_no(placed, _bad(placed))
        return accepted_body(account, placed)

    def try_out(self, account: Account, asked: Asked) -> Body:
        """Judged like a real one; nothing is made, and nobody can find it."""
        placing.need_identifier(asked)
        wanted = placing.wanted(self._venue, asked, self._fresh_id(account))
        refused = self._venue.try_out(account, wanted)
        if refused is not None:
            raise said_no(refused, _bad(refused))
        now_ns = self._venue.clock.now_ns()
        return accepted_body(account, Ticket.unplaced(wanted.order, wanted.client_id, wanted.said, now_ns))

    def find(self, account: Account, asked: Asked) -> Body:
        return found_body(account, self._one(account, asked))

    def cancel(self, account: Account, asked: Asked) -> Body:
        """The order as it was when the cancel came. Edge: one that had ended is not found."""
        ticket = self._one(account, asked)
        before = accepted_body(account, ticket) if not ticket.trades else listed_body(account, ticket)
        if not self._venue.cancel(account, ticket, "user"):
            raise Refused.no_order()
        return before

    def open(self, account: Account, asked: Asked) -> list[Body]:
        states = self._states(asked, ("wait", "watch"), usual=("wait",))
        found = [t for t in finding.listed(account, asked) if STATES[t.state] in states]
        return [listed_body(account, ticket) for ticket in finding.page(found, asked, _PAGE)]

    def ended(self, account: Account, asked: Asked) -> list[Body]:
        """Of seven days: those after `start_time`, or up to `end_time`, or the last."""
        states = self._states(asked, ("done", "cancel"), usual=("done", "cancel"))
        since_ns, until_ns = finding.window(asked, self._venue.clock.now_ns())
        found = [
            ticket
            for ticket in finding.listed(account, asked)
            if STATES[ticket.state] in states and since_ns <= ticket.created_ns <= until_ns
        ]
        return [listed_body(account, ticket) for ticket in found[: asked.count("limit", _PAGE, _MOST_ENDED)]]

    def listed(self, account: Account, asked: Asked) -> list[Body]:
        """The list of old, with orders of every state, which clients still ask for."""
        states = self._states(asked, (*STATES.values(), "watch"), usual=("wait",))
        found = [t for t in finding.listed(account, asked) if STATES[t.state] in states]
        return [listed_body(account, ticket) for ticket in finding.page(found, asked, _PAGE)]

    def by_ids(self, account: Account, asked: Asked) -> list[Body]:
        wanted = {ticket.id for ticket in self._named(account, asked, _MOST_IDS)}
        return [listed_body(account, ticket) for ticket in finding.listed(account, asked) if ticket.id in wanted]

    def cancel_ids(self, account: Account, asked: Asked) -> Body:
        return self._cancelled(account, list(self._named(account, asked, _MOST_CANCELS)))

    def cancel_open(self, account: Account, asked: Asked) -> Body:
        side = SIDES.get(asked.one("cancel_side") or "all")
        pairs, excluded = asked.many("pairs"), asked.many("excluded_pairs")
        quotes = asked.many("quote_currencies")
        found = [
            ticket
            for ticket in finding.listed(account, asked)
            if ticket.state is State.OPEN
            and side in (None, ticket.order.side)
            and (not pairs or code(ticket.order.instrument) in pairs)
            and code(ticket.order.instrument) not in excluded
            and (not quotes or ticket.order.instrument.quote in quotes)
        ]
        return self._cancelled(account, found[: asked.count("count", _MOST_CANCELS, _MOST_OPEN_CANCELS)])

    def replace(self, account: Account, asked: Asked) -> Body:
        """Cancels one and makes another; none where the first had ended before. Edge: `remain_only` is what is left."""
        old = asked.one("prev_order_uuid"), asked.one("prev_order_identifier")
        ticket = self._by(account, *old)
        before = listed_body(account, ticket)
        again = Asked(tuple(self._again(ticket, asked)))
        if not self._venue.cancel(account, ticket, "user"):
            return before
        made = self.make(account, again)
        fresh: Body = {"new_order_uuid": made["uuid"]}
        return {**before, **fresh, "new_order_identifier": made.get("identifier")}

    def _again(self, ticket: Ticket, asked: Asked) -> Iterator[tuple[str, str]]:
        order = ticket.order
        yield from (("market", code(order.instrument)), ("side", NAMES[order.side]))
        for name in ("ord_type", "price", "volume", "identifier", "time_in_force", "smp_type"):
            told = asked.one(f"new_{name}")
            if told == "remain_only":
                told = listed_text(ticket)
            if told is not None:
                yield name, told

    def _cancelled(self, account: Account, tickets: Sequence[Ticket]) -> Body:
        done = [(ticket, self._venue.cancel(account, ticket, "user")) for ticket in tickets]
        return {
            "success": _counted([ticket for ticket, gone in done if gone]),
            "failed": _counted([ticket for ticket, gone in done if not gone]),
        }

    def _one(self, account: Account, asked: Asked) -> Ticket:
        return self._by(account, asked.one("uuid"), asked.one("identifier"))

    def _by(self, account: Account, order_id: str | None, identifier: str | None) -> Ticket:
        if order_id is None and identifier is None:
            raise Refused.bad("validation_error", "uuid 또는 identifier를 입력해주세요.")
        return finding.one_of(account, order_id, identifier)

    def _named(self, account: Account, asked: Asked, most: int) -> Iterator[Ticket]:
        uuids, identifiers = asked.many("uuids"), asked.many("identifiers")
        if not 1 <= len(uuids) + len(identifiers) <= most:
            raise Refused.bad("validation_error", f"uuids, identifiers: 1 ~ {most}")
        return finding.several_of(account, uuids, identifiers)

    def _states(self, asked: Asked, taken: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...]:
        return finding.states(asked, taken, usual, "validation_error")

    def _fresh_id(self, account: Account) -> str:
        return str(uuid5(NAMESPACE_URL, f"{account.key}/{next(self._made)}"))


def _bad(rejected: Rejected) -> str:
    return f"create_{NAMES[rejected.order.side]}_error"


def listed_text(ticket: Ticket) -> str:
    """What is left of it, for an order that takes its place."""
    return (ticket.order.amount - ticket.outcome.filled).text().partition(" ")[0]


def _counted(tickets: Sequence[Ticket]) -> dict[str, Json]:
    orders: list[Json] = []
    for ticket in tickets:
        row: Body = {"uuid": ticket.id, "market": code(ticket.order.instrument)}
        orders.append(row if ticket.client_id is None else {**row, "identifier": ticket.client_id})
    return {"count": len(tickets), "orders": orders}
