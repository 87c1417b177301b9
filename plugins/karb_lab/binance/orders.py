"""Binance's order calls: made, found, listed, cancelled. Source: Binance's pages, spot and USD-M futures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

from karb_core.domain.orders import Rejected
from karb_lab.account import Account, State, Ticket, Trade
from karb_lab.binance.asked import Asked
from karb_lab.binance.quotation import Body
from karb_lab.binance.refused import BinanceRefused
from karb_lab.binance.words import instrument_of
from karb_lab.json_text import Json
from karb_lab.venue import Venue
from karb_lab.wanted import Wanted

_MOST = 1000
_USUAL = 500  # karb: constant because Binance lists so many where nothing is asked
_OWN_ID = 22  # karb: constant because Binance's own client ids have so many characters


@dataclass(frozen=True, slots=True)
class Words:
    """How one product reads an order and tells of it. `wanted`: from a request, under an id of the venue's and one of the
    client's where it sent none; `made`, `tried`: the answer to an order, and to one that is only tried; `all_cancelled`: to
    a cancel of all, from the answers to each.
    """

    wanted: Callable[[Venue, Account, Asked, str, str], Wanted]
    said_no: Callable[[Rejected], BinanceRefused]
    made: Callable[[Account, Ticket, Asked], Body]
    tried: Callable[[Account, Ticket], Body]
    found: Callable[[Account, Ticket], Body]
    cancelled: Callable[[Account, Ticket, Asked], Body]
    all_cancelled: Callable[[list[Body]], Json]
    trade: Callable[[Account, Ticket, Trade], Body]


class Orders:
    """What `POST`, `GET` and `DELETE` of orders do for one account. Errors: `BinanceRefused`."""

    def __init__(self, words: Words, venue: Venue) -> None:
        self._words = words
        self._venue = venue
        self._made = count(1)

    def make(self, account: Account, asked: Asked) -> Json:
        wanted = self._words.wanted(self._venue, account, asked, self._fresh(account), self._own(account))
        placed = self._venue.place(account, wanted)
        if isinstance(placed, Rejected):
            raise self._words.said_no(placed)
        return self._words.made(account, placed, asked)

    def try_out(self, account: Account, asked: Asked) -> Json:
        """Judged like a real one; nothing is made."""
        wanted = self._words.wanted(self._venue, account, asked, self._fresh(account), self._own(account))
        refused = self._venue.try_out(account, wanted)
        if refused is not None:
            raise self._words.said_no(refused)
        now_ns = self._venue.clock.now_ns()
        return self._words.tried(account, Ticket.unplaced(wanted.order, wanted.client_id, wanted.said, now_ns))

    def find(self, account: Account, asked: Asked) -> Json:
        ticket = self._named(account, asked)
        if ticket is None:
            raise BinanceRefused.no_order()
        return self._words.found(account, ticket)

    def find_open(self, account: Account, asked: Asked) -> Json:
        ticket = self._named(account, asked)
        if ticket is None or ticket.state is not State.OPEN:
            raise BinanceRefused.no_order()
        return self._words.found(account, ticket)

    def cancel(self, account: Account, asked: Asked) -> Json:
        """Edge: one that has ended is refused with -2011, as one that never was."""
        ticket = self._named(account, asked)
        if ticket is None or not self._venue.cancel(account, ticket, "user"):
            raise BinanceRefused.no_cancel()
        return self._words.cancelled(account, ticket, asked)

    def cancel_all(self, account: Account, asked: Asked) -> Json:
        instrument = instrument_of(asked.one("symbol"), self._venue.facts)
        told = [
            self._words.cancelled(account, ticket, asked)
            for ticket in list(account.tickets())
            if ticket.order.instrument == instrument and self._venue.cancel(account, ticket, "user")
        ]
        return self._words.all_cancelled(told)

    def open(self, account: Account, asked: Asked) -> Json:
        return [self._words.found(account, one) for one in self._of(account, asked) if one.state is State.OPEN]

    def all(self, account: Account, asked: Asked) -> Json:
        """Ascending: from an id on the first so many, in a span of time the first, otherwise the last."""
        instrument_of(asked.one("symbol"), self._venue.facts)
        since_ns, until_ns = asked.between()
        first, most = asked.whole("orderId"), asked.count(_USUAL, _MOST)
        found = [
            ticket
            for ticket in self._of(account, asked)
            if since_ns <= ticket.created_ns <= until_ns and (first is None or ticket.number >= first)
        ]
        chosen = found[:most] if first is not None or asked.one("startTime") else found[-most:]
        return [self._words.found(account, ticket) for ticket in chosen]

    def trades(self, account: Account, asked: Asked) -> Json:
        """Ascending by id; of one order where that is asked for."""
        instrument_of(asked.one("symbol"), self._venue.facts)
        since_ns, until_ns = asked.between()
        number, first = asked.whole("orderId"), asked.whole("fromId")
        found: list[Body] = [
            self._words.trade(account, ticket, trade)
            for ticket in self._of(account, asked)
            for trade in ticket.trades
            if since_ns <= trade.fill.venue_at_ns <= until_ns
            and number in (None, ticket.number)
            and (first is None or trade.number >= first)
        ]
        found.sort(key=lambda row: int(str(row["id"])))
        most = asked.count(_USUAL, _MOST)
        return list(found[:most] if first is not None or asked.one("startTime") else found[-most:])

    def _of(self, account: Account, asked: Asked) -> list[Ticket]:
        """The oldest first."""
        name = asked.one("symbol")
        instrument = None if name is None else instrument_of(name, self._venue.facts)
        return [one for one in list(account.tickets())[::-1] if instrument in (None, one.order.instrument)]

    def _named(self, account: Account, asked: Asked) -> Ticket | None:
        instrument = instrument_of(asked.one("symbol"), self._venue.facts)
        number, client_id = asked.whole("orderId"), asked.one("origClientOrderId")
        if number is None and client_id is None:
            raise BinanceRefused.missing("orderId")
        found = account.by_number(number) if number is not None else account.by_client_id(client_id or "")
        return found if found is not None and found.order.instrument == instrument else None

    def _fresh(self, account: Account) -> str:
        return f"{account.name}-{next(self._made)}"

    def _own(self, account: Account) -> str:
        return sha256(f"{account.key} {next(self._made)}".encode()).hexdigest()[:_OWN_ID]
