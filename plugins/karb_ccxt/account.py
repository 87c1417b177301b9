"""One account at an exchange that ccxt knows, while it is open: fills the executor port. ccxt's errors end here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from karb_ccxt.account_key import AccountKey
from karb_ccxt.asked import NOT_FOUND, asked
from karb_ccxt.exchange import Exchange
from karb_ccxt.listed_facts import listed_facts
from karb_ccxt.listing import Listing
from karb_ccxt.order_words import Ids, WrittenOrder, client_id, written
from karb_ccxt.settings import Stated, read_settings
from karb_ccxt.symbols import Market, symbol_of
from karb_ccxt.told_number import number
from karb_ccxt.told_orders import outcome_of
from karb_core.connection.arriving import may_arrive
from karb_core.connection.failures import NoAnswer, Unanswered, VenueRejected
from karb_core.connection.fates import Fates
from karb_core.connection.known_facts import KnownFacts
from karb_core.connection.placing import Placing
from karb_core.connection.retry_schedule import asked_again
from karb_core.connection.stated import stated
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.ports import AccountSetting, Clock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class At:
    """Where the account is: what the pairs call the venue, which kind of its markets, and how it takes ids."""

    venue: str
    market: Market
    ids: Ids


class CcxtAccount:
    """`OpenAccount`. An order is found by our id; that an exchange knows none is believed once it was seen to find one so."""

    def __init__(
        self,
        exchange: Exchange,
        key: AccountKey,
        at: At,
        instruments: Collection[Instrument],
        held_to: Stated,
        clock: Clock,
    ) -> None:
        self._exchange, self._at, self._clock = exchange, at, clock
        self._secrets = key.parts
        self._instruments, self._held_to = tuple(instruments), held_to
        self._opened_ns = clock.now_ns()
        self._fates = Fates(at.venue)
        self._facts = KnownFacts(at.venue, self._read_facts, clock)
        self._placing = Placing(
            fates=self._fates,
            facts=self._facts.of,
            words=lambda order, facts: written(order, facts, exchange, at.market, at.ids),
            send=self._send,
            says_nothing=(),
            asks=self._ask,
            unknown_to_it={NOT_FOUND},
            may_arrive=self._may_arrive,
            now_ns=clock.now_ns,
        )
        self._named: dict[str, str] = {}
        self._finds_by_ours = False
        self._listing = Listing(self._asked, exchange, at.market, at.ids, self._instruments, clock.now_ns)

    async def place(self, order: Approved[Order]) -> Outcome:
        """Edge: an order that breaks a fact, or that ccxt would round, is refused here and never sent."""
        outcome = await self._placing.place(order)
        return await self.find(order.item) if outcome is None else outcome

    async def cancel(self, order: Order) -> None:
        symbol, named = symbol_of(order.instrument, self._at.market), self._named.get(order.id)
        with suppress(Unanswered, VenueRejected):
            await self._asked(self._exchange.cancel_order(named, symbol, {} if named else self._by_ours(order)))

    async def find(self, order: Order) -> Outcome:
        return await self._placing.find(order)

    async def open_orders(self) -> Sequence[Order]:
        """Of these instruments, ours or not."""
        return await self._stated("open_orders", self._listing.resting)

    async def balances(self) -> Mapping[Account, Balance]:
        told = await self._stated("balances", lambda: self._asked(self._exchange.fetch_balance()))
        return {
            Account(self._at.venue, asset): Balance(
                number(told["free"].get(asset) or "0", asset), number(told["used"].get(asset) or "0", asset)
            )
            for asset, total in told["total"].items()
            if total is not None
        }

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        """Of these instruments, where something is open. Edge: silent where positions are not one-way."""
        return {} if self._at.market == "spot" else await self._stated("positions", self._listing.positions)

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        """ccxt tells milliseconds: all of the one in which that time lies."""
        return await self._stated("fills_since", partial(self._listing.fills, venue_at_ns))

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:
        """Funding."""
        if self._at.market == "spot":
            return ()
        return await self._stated("income_since", partial(self._listing.incomes, venue_at_ns))

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        return await self._facts.read()

    async def settings(self) -> Sequence[AccountSetting]:
        """What a key may do is not told through ccxt."""

        async def ask() -> list[AccountSetting]:
            return await read_settings(self._asked, self._exchange, self._at.market, self._instruments, self._held_to)

        return await self._stated("settings", lambda: asked_again(ask, self._clock))

    async def run(self, nudge: Callable[[], None]) -> None:  # noqa: ARG002 - nothing wakes whoever asks
        await asyncio.Event().wait()

    async def close(self) -> None:
        await self._exchange.close()

    async def _send(self, order: Approved[Order], words: WrittenOrder) -> Outcome | None:
        item = order.item
        try:
            told = await self._asked(
                self._exchange.create_order(words.symbol, "limit", words.side, words.amount, words.price, words.params)
            )
        finally:
            self._fates.note(item.id, self._clock.now_ns())
        self._know(item, told)
        return outcome_of(item, told, await self._listing.contract(item.instrument), self._at.ids)

    async def _ask(self, order: Order) -> Outcome | None:
        """By the exchange's own name of it where that is known, else by ours."""
        symbol, named = symbol_of(order.instrument, self._at.market), self._named.get(order.id)
        if named is None:
            told = await self._by_our_id(order)
            self._know(order, told)
        else:
            told = await self._asked(self._exchange.fetch_order(named, symbol))
            if not self._finds_by_ours:
                with suppress(VenueRejected, Unanswered, Unreadable):
                    await self._by_our_id(order)
        return outcome_of(order, told, await self._listing.contract(order.instrument), self._at.ids)

    async def _by_our_id(self, order: Order) -> dict[str, Any]:
        """Errors: `NoAnswer` where the exchange knows none by this id, and was never seen to find any so: there are exchanges
        that ccxt asks by their own ids only, and they know nothing of an order that is there."""
        symbol = symbol_of(order.instrument, self._at.market)
        try:
            told: dict[str, Any] = await self._asked(self._exchange.fetch_order(None, symbol, self._by_ours(order)))
        except VenueRejected as no:
            if no.code == NOT_FOUND and not self._finds_by_ours:
                raise NoAnswer(f"{self._at.venue} finds none by our id, and was not seen to find any so") from None
            raise
        if told.get("clientOrderId") != client_id(order.id, self._at.ids):
            raise Unreadable(f"asked about {order.id}, ccxt told of another order")
        self._finds_by_ours = True
        return told

    def _by_ours(self, order: Order) -> dict[str, Any]:
        return {"clientOrderId": client_id(order.id, self._at.ids)}

    def _know(self, order: Order, told: dict[str, Any]) -> None:
        if told.get("id") is not None:
            self._named[order.id] = str(told["id"])
            self._listing.named[str(told["id"])] = order.id

    def _may_arrive(self, order: Order, asked_ns: int) -> bool:
        """Exchanges state no time that ccxt would tell, so the network's bound counts; of what this process did not send, it
        counts from when the account was opened."""
        gave_up_ns = self._fates.noted_ns(order.id)
        return may_arrive(self._opened_ns if gave_up_ns is None else gave_up_ns, asked_ns)

    async def _read_facts(self) -> Mapping[Instrument, InstrumentFacts]:
        found = await listed_facts(
            self._asked, self._exchange, self._at.market, self._instruments, self._clock.now_ns(), of_account=True
        )
        if missing := [i.text() for i in self._instruments if i not in found]:
            raise NoAnswer(f"{self._exchange.id} lists no {', '.join(missing)}")
        return found

    async def _asked(self, call: Any) -> Any:
        return await asked(call, self._secrets)

    async def _stated(self, what: str, ask: Callable[[], Awaitable[T]]) -> T:
        return await stated(self._at.venue, what, ask)
