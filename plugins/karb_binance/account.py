"""One account at Binance USD-M while it is open: fills the executor port. Binance's errors end here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from karb_binance.answered import Answered
from karb_binance.client import Client
from karb_binance.facts import facts_of
from karb_binance.listing import Listing
from karb_binance.order_words import Unfit, order_fields, order_of, outcome_of
from karb_binance.positions import positions_of
from karb_binance.rights import Rights
from karb_binance.said import EXISTS, NOT_FOUND
from karb_binance.settings import of_account, per_instrument
from karb_binance.signing import Pairs
from karb_binance.symbols import VENUE, symbol_of
from karb_binance.wire import SeenBrackets, SeenSymbol, Unreadable
from karb_core.connection.failures import NoAnswer, NothingSent, Unanswered, VenueRejected
from karb_core.connection.retry_schedule import asked_again
from karb_core.domain import exact
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Order, Outcome, Rejected
from karb_core.domain.statement import Balance, Income, VenuePosition, VenueSilent
from karb_core.ports import AccountSetting, Clock
from karb_core.venue.refusals import Refusal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stated:
    """What the file states of the account."""

    leverage: int
    margin: str


class BinanceAccount:
    """`OpenAccount`. What a desk asks about while it carries something out is asked once, for the desk asks again at its
    own pace; facts and settings, which are read at a start, follow the schedule of retries.

    `rights`: who tells what the key may do; None for a network that has nobody for it.
    """

    def __init__(
        self, client: Client, rights: Rights | None, instruments: Collection[Instrument], stated: Stated, clock: Clock
    ) -> None:
        self._client = client
        self._rights = rights
        self._instruments = tuple(instruments)
        self._stated = stated
        self._clock = clock
        self._answered = Answered(clock.now_ns())
        self._listing = Listing(client, self._instruments, clock.now_ns)
        self._facts: Mapping[Instrument, InstrumentFacts] = {}

    async def place(self, order: Approved[Order]) -> Outcome:
        """Edge: an order that breaks a fact is refused here and never sent; one whose id was used is asked about."""
        item = order.item
        try:
            fields = order_fields(item, await self._facts_for(item))
        except Unfit as e:
            return Rejected(item, e.code, str(e))
        except LookupError:
            return Refusal.UNKNOWN_INSTRUMENT.of(item, f"{item.instrument.text()} is none of this account's")
        except VenueSilent as e:
            return Refusal.UNREACHABLE.of(item, f"its facts are not known: {e.why}")
        if self._answered.was_sent(item.id):
            return self._answered.unknown(item, f"{item.id} was sent before")
        return await self._sent(item, fields, reduces=item.reduce_only)

    async def cancel(self, order: Order) -> None:
        with suppress(Unanswered, VenueRejected):
            await self._client.cancel(symbol_of(order.instrument), order.id)

    async def find(self, order: Order) -> Outcome:
        asked_ns = self._clock.now_ns()
        try:
            seen = await self._client.order(symbol_of(order.instrument), order.id)
            return self._answered.remembered(order, outcome_of(order, seen))
        except VenueRejected as no:
            if no.code == NOT_FOUND:
                return self._answered.not_found(order, no.message, self._client.connection.offset, asked_ns)
            return self._answered.unknown(order, str(no))
        except (Unanswered, Unreadable) as e:
            return self._answered.unknown(order, str(e))

    async def open_orders(self) -> Sequence[Order]:
        """Of these instruments, ours or not."""
        return await self._known("open_orders", self._resting)

    async def balances(self) -> Mapping[Account, Balance]:
        """Free is what new orders may use of an asset, locked the rest of its wallet."""
        held = await self._known("balances", self._client.balances)
        return {
            Account(VENUE, row.asset): Balance(row.available_balance, exact.sub(row.balance, row.available_balance))
            for row in held
        }

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        """Of these instruments, where something is open. Edge: silent where positions are not one-way."""
        return await self._known("positions", self._held)

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        """Binance tells milliseconds. Edge: it keeps three months."""
        return await self._known("fills_since", lambda: self._listing.fills(venue_at_ns))

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:
        """Funding. Edge: as `fills_since`."""
        return await self._known("income_since", lambda: self._listing.incomes(venue_at_ns))

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        self._facts = await self._known("facts", lambda: asked_again(self._read_facts, self._clock))
        return self._facts

    async def settings(self) -> Sequence[AccountSetting]:
        """Edge: whether the key may withdraw is not told on the demo network, and silence about it is silence."""
        return await self._known("settings", lambda: asked_again(self._read_settings, self._clock))

    async def run(self, nudge: Callable[[], None]) -> None:  # noqa: ARG002 - nothing wakes whoever asks, so far
        await asyncio.Event().wait()

    async def close(self) -> None:
        await self._client.connection.close()
        if self._rights is not None:
            await self._rights.close()

    async def _sent(self, order: Order, fields: Pairs, *, reduces: bool) -> Outcome:
        self._answered.sending(order.id)
        try:
            stamped = partial(self._answered.stamped, order.id)
            outcome = outcome_of(order, await self._client.place(fields, stamped, reduces=reduces))
        except NothingSent as e:
            return Refusal.UNREACHABLE.of(order, e.why)
        except VenueRejected as no:
            if no.code == EXISTS:
                return self._answered.unknown(order, str(no))
            return Rejected(order, no.code, no.message)
        except (NoAnswer, Unreadable) as e:
            return self._answered.unknown(order, str(e))
        finally:
            self._answered.gave_up(order.id)
        return await self.find(order) if outcome is None else self._answered.remembered(order, outcome)

    async def _resting(self) -> list[Order]:
        return [
            order
            for instrument in self._instruments
            for seen in await self._client.open_orders(symbol_of(instrument))
            if (order := order_of(instrument, seen)) is not None
        ]

    async def _held(self) -> Mapping[Instrument, VenuePosition]:
        return positions_of(self._instruments, await self._client.positions())

    async def _facts_for(self, order: Order) -> InstrumentFacts:
        """Errors: LookupError for an instrument of which nothing was asked; `VenueSilent`."""
        if not self._facts:
            self._facts = await self._known("facts", self._read_facts)
        return self._facts[order.instrument]

    async def _read_facts(self) -> Mapping[Instrument, InstrumentFacts]:
        listed = {one.symbol: one for one in (await self._client.exchange()).symbols}
        return {one: await self._fact(one, listed) for one in self._instruments}

    async def _fact(self, instrument: Instrument, listed: Mapping[str, SeenSymbol]) -> InstrumentFacts:
        symbol = symbol_of(instrument)
        tiers = {one.symbol: one for one in await self._client.brackets(symbol)}
        if symbol not in listed or symbol not in tiers:
            raise NoAnswer(f"binance told nothing of {symbol}")
        brackets: SeenBrackets = tiers[symbol]
        return facts_of(instrument, listed[symbol], brackets, await self._client.fees(symbol), self._clock.now_ns())

    async def _read_settings(self) -> list[AccountSetting]:
        markets, whole = await self._client.symbol_configs(), await self._client.account_config()
        offset = self._client.connection.offset
        may_withdraw = None if self._rights is None else await self._rights.may_withdraw(offset)
        mine = per_instrument(self._instruments, markets, self._stated.leverage, self._stated.margin)
        return [*mine, *of_account(whole, may_withdraw=may_withdraw)]

    async def _known(self, asked: str, ask: Callable[[], Awaitable[T]]) -> T:
        try:
            return await ask()
        except (Unanswered, VenueRejected, Unreadable) as e:
            raise VenueSilent(VENUE, asked, str(e)) from None
