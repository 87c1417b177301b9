"""Binance's order calls: made, found, listed, cancelled. Source: Binance's pages, USD-M futures."""

from __future__ import annotations

from hashlib import sha256
from itertools import count

from karb_core.domain.orders import Rejected
from karb_lab.account import Account, State, Ticket
from karb_lab.binance_futures import placing
from karb_lab.binance_futures.asked import Asked
from karb_lab.binance_futures.order_words import acknowledged, found_body, order_body, trade_body
from karb_lab.binance_futures.quotation import Body
from karb_lab.binance_futures.refused import BinanceRefused
from karb_lab.binance_futures.words import instrument_of
from karb_lab.json_text import Json
from karb_lab.venue import Venue

_MOST = 1000
_USUAL = 500  # karb: constant because Binance lists so many where nothing is asked
_OWN_ID = 22  # karb: constant because Binance's own client ids have so many characters
_DONE = 200  # karb: constant because it is Binance's code of what was done


class Orders:
    """What `POST`, `GET` and `DELETE` of orders do for one account. Errors: `BinanceRefused`."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._made = count(1)

    def make(self, account: Account, asked: Asked) -> Json:
        """Edge: an acknowledgement says NEW, whatever has traded; the result is told where it is asked for."""
        wanted = placing.wanted(self._venue, account, asked, self._fresh(account), self._own(account))
        placed = self._venue.place(account, wanted)
        if isinstance(placed, Rejected):
            raise placing.said_no(placed)
        tells_all = asked.one("newOrderRespType") == "RESULT"
        return order_body(account, placed) if tells_all else acknowledged(account, placed)

    def try_out(self, account: Account, asked: Asked) -> Json:
        """Judged like a real one; nothing is made."""
        wanted = placing.wanted(self._venue, account, asked, self._fresh(account), self._own(account))
        refused = self._venue.try_out(account, wanted)
        if refused is not None:
            raise placing.said_no(refused)
        now_ns = self._venue.clock.now_ns()
        return order_body(account, Ticket.unplaced(wanted.order, wanted.client_id, wanted.said, now_ns))

    def find(self, account: Account, asked: Asked) -> Json:
        ticket = self._named(account, asked)
        if ticket is None:
            raise BinanceRefused.no_order()
        return found_body(account, ticket)

    def find_open(self, account: Account, asked: Asked) -> Json:
        ticket = self._named(account, asked)
        if ticket is None or ticket.state is not State.OPEN:
            raise BinanceRefused.no_order()
        return found_body(account, ticket)

    def cancel(self, account: Account, asked: Asked) -> Json:
        """Edge: one that has ended is refused with -2011, as one that never was."""
        ticket = self._named(account, asked)
        if ticket is None or not self._venue.cancel(account, ticket, "user"):
            raise BinanceRefused.no_cancel()
        return order_body(account, ticket)

    def cancel_all(self, account: Account, asked: Asked) -> Json:
        instrument = instrument_of(asked.one("symbol"), self._venue.facts)
        for ticket in list(account.tickets()):
            if ticket.order.instrument == instrument and ticket.state is State.OPEN:
                self._venue.cancel(account, ticket, "user")
        return {"code": _DONE, "msg": "The operation of cancel all open order is done."}

    def open(self, account: Account, asked: Asked) -> Json:
        return [found_body(account, one) for one in self._of(account, asked) if one.state is State.OPEN]

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
        return [found_body(account, ticket) for ticket in chosen]

    def trades(self, account: Account, asked: Asked) -> Json:
        """Ascending by id; of one order where that is asked for."""
        instrument_of(asked.one("symbol"), self._venue.facts)
        since_ns, until_ns = asked.between()
        number, first = asked.whole("orderId"), asked.whole("fromId")
        found: list[Body] = [
            trade_body(account, ticket, trade)
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
