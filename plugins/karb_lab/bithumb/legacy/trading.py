"""What API 1.x does for one account: balances, orders made, found, cancelled. Source: Bithumb, API 1.x, private."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.holdings import Account as Holder
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side
from karb_core.domain.statement import Balance
from karb_lab.account import Account, State, Ticket, Trade
from karb_lab.bithumb.legacy.refused import NOTHING_OPEN, OTHER, LegacyRefused
from karb_lab.bithumb.legacy.spelling import instrument_of, micros
from karb_lab.bithumb.orders import Orders
from karb_lab.json_text import Json
from karb_lab.korean.asked import Asked
from karb_lab.korean.quotation import Body
from karb_lab.korean.words import MS, NAMES, SIDES, code
from karb_lab.venue import Venue

_STATUS = {State.OPEN: "Pending", State.FILLED: "Completed", State.ENDED: "Cancel"}
_MOST = 1000


class Trading:
    """Each takes the form of its path and gives what is answered beside `status`. Errors: `LegacyRefused`, `Refused`."""

    def __init__(self, venue: Venue, orders: Orders) -> None:
        self._venue = venue
        self._orders = orders

    def calls(self) -> dict[str, Callable[[Account, Asked], Body]]:
        return {
            "/info/account": self._account,
            "/info/balance": self._balance,
            "/info/orders": self._open,
            "/info/order_detail": self._detail,
            "/trade/place": self._place,
            "/trade/market_buy": lambda account, asked: self._at_market(account, asked, Side.BUY),
            "/trade/market_sell": lambda account, asked: self._at_market(account, asked, Side.SELL),
            "/trade/cancel": self._cancel,
        }

    def _account(self, account: Account, asked: Asked) -> Body:
        instrument = self._instrument(asked)
        return {
            "data": {
                "created": str(self._venue.clock.now_ns() // MS),
                "account_id": account.name,
                "order_currency": instrument.base,
                "payment_currency": instrument.quote,
                "trade_fee": exact.text(account.book.terms.taker_fee),
                "balance": exact.text(_held(account, instrument.base).free),
            }
        }

    def _balance(self, account: Account, asked: Asked) -> Body:
        """Of one coin and of won; of all that are traded where `ALL` is asked for."""
        wanted = asked.one("currency") or "BTC"
        bases = {one.base for one in self._venue.facts}
        if wanted not in {*bases, "ALL", "KRW"}:
            raise LegacyRefused.bad()
        data: dict[str, Json] = {}
        for asset in ("KRW", *sorted(bases if wanted == "ALL" else {wanted} - {"KRW"})):
            balance, name = _held(account, asset), asset.lower()
            data |= {
                f"total_{name}": exact.text(exact.add(balance.free, balance.locked)),
                f"in_use_{name}": exact.text(balance.locked),
                f"available_{name}": exact.text(balance.free),
            }
        return {"data": data}

    def _open(self, account: Account, asked: Asked) -> Body:
        """Edge: none is an error."""
        instrument, wanted = self._instrument(asked), asked.one("order_id")
        found: list[Json] = [
            _open_row(ticket)
            for ticket in account.tickets()
            if ticket.state is State.OPEN and ticket.order.instrument == instrument and wanted in (None, ticket.id)
        ]
        if not found:
            raise LegacyRefused(OTHER, NOTHING_OPEN)
        return {"data": found[: asked.count("count", _MOST, _MOST)]}

    def _detail(self, account: Account, asked: Asked) -> Body:
        ticket = self._named(account, asked)
        contract: list[Json] = [_contract_row(trade) for trade in ticket.trades]
        return {
            "data": {
                "order_date": micros(ticket.created_ns),
                "type": NAMES[ticket.order.side],
                "order_status": _STATUS[ticket.state],
                "order_currency": ticket.order.instrument.base,
                "payment_currency": ticket.order.instrument.quote,
                "watch_price": "0",
                "order_price": ticket.said["price"] or "0",
                "order_qty": exact.text(ticket.order.amount.value),
                "cancel_date": micros(ticket.changed_ns) if ticket.state is State.ENDED else "",
                "cancel_type": "사용자취소" if ticket.why == "user" else "",
                "contract": contract,
            }
        }

    def _place(self, account: Account, asked: Asked) -> Body:
        side = SIDES.get(asked.one("type") or "")
        if side is None:
            raise LegacyRefused.bad()
        pairs = self._pairs(asked, side, "limit")
        return self._made(account, (*pairs, ("volume", asked.one("units") or ""), ("price", asked.one("price") or "")))

    def _at_market(self, account: Account, asked: Asked, side: Side) -> Body:
        """So many units, down to the last level that they need. Edge: a purchase too is told in units."""
        pairs, units = self._pairs(asked, side, "limit"), asked.one("units") or ""
        price = self._last_level(self._instrument(asked), side, units)
        return self._made(account, (*pairs, ("volume", units), ("price", price), ("time_in_force", "ioc")))

    def _cancel(self, account: Account, asked: Asked) -> Body:
        ticket = self._named(account, asked)
        if not self._venue.cancel(account, ticket, "user"):
            raise LegacyRefused(OTHER, "취소할 수 없는 주문입니다.")
        return {}

    def _made(self, account: Account, pairs: tuple[tuple[str, str], ...]) -> Body:
        return {"order_id": self._orders.made(account, Asked(pairs)).id}

    def _pairs(self, asked: Asked, side: Side, kind: str) -> tuple[tuple[str, str], ...]:
        return ("market", code(self._instrument(asked))), ("side", NAMES[side]), ("order_type", kind)

    def _last_level(self, instrument: Instrument, side: Side, units: str) -> str:
        left = Decimal(units) if units.replace(".", "", 1).isdecimal() else Decimal(0)
        if not left:
            raise LegacyRefused.bad()
        for price, amount in self._venue.market[instrument].offers.facing(side):
            left = exact.sub(left, amount)
            if left <= 0:
                return exact.text(price)
        raise LegacyRefused(OTHER, "주문 가능한 호가가 없습니다.")

    def _named(self, account: Account, asked: Asked) -> Ticket:
        ticket = account.ticket(asked.one("order_id") or "")
        if ticket is None or ticket.order.instrument != self._instrument(asked):
            raise LegacyRefused(OTHER, "주문을 찾을 수 없습니다.")
        return ticket

    def _instrument(self, asked: Asked) -> Instrument:
        return instrument_of(asked.one("order_currency"), asked.one("payment_currency"), self._venue.facts)


def _held(account: Account, asset: str) -> Balance:
    nothing = Balance(Decimal(0), Decimal(0))
    return account.book.balances().get(Holder(account.book.terms.venue, asset), nothing)


def _open_row(ticket: Ticket) -> Body:
    order = ticket.order
    return {
        "order_currency": order.instrument.base,
        "payment_currency": order.instrument.quote,
        "order_id": ticket.id,
        "order_date": micros(ticket.created_ns),
        "type": NAMES[order.side],
        "watch_price": "0",
        "units": exact.text(order.amount.value),
        "units_remaining": exact.text(exact.sub(order.amount.value, ticket.outcome.filled.value)),
        "price": ticket.said["price"] or "0",
        "stp_type": "cancel_taker",
    }


def _contract_row(trade: Trade) -> Body:
    fill = trade.fill
    return {
        "transaction_date": micros(fill.venue_at_ns),
        "price": exact.text(fill.price.value),
        "units": exact.text(fill.amount.value),
        "fee_currency": fill.fee.asset,
        "fee": exact.text(fill.fee.value),
        "total": exact.text(abs(fill.cost).value),
    }
