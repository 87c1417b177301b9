"""One account at Binance spot while it is open: fills the executor port. Binance's errors end here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial

from karb_binance.lasting import Lasting
from karb_binance.order_words import order_of, outcome_of
from karb_binance.paced import Paced
from karb_binance.rights import Rights
from karb_binance.said import NOT_FOUND
from karb_binance.spot.client import SpotClient
from karb_binance.spot.facts import facts_of
from karb_binance.spot.fees import fees_of
from karb_binance.spot.listing import SpotListing
from karb_binance.spot.order_words import spot_fields
from karb_binance.spot.product import SPOT
from karb_binance.spot.settings import of_spot
from karb_binance.symbols import symbol_of
from karb_binance.window import is_taken
from karb_core.connection.failures import NoAnswer, Unanswered, VenueRejected
from karb_core.connection.fates import Fates
from karb_core.connection.fields import Pairs
from karb_core.connection.known_facts import KnownFacts
from karb_core.connection.placing import Placing
from karb_core.connection.retry_schedule import asked_again
from karb_core.connection.stated import stated
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.ports import AccountSetting, Clock

VENUE = SPOT.venue
#: Together they stay below the turns that `Limits` has for them, however often a desk asks.
_FILLS_NS = 2_000_000_000  # karb: constant because each market may be asked for so often
_STANDS_NS = 4_000_000_000  # karb: constant because balances may be asked for so often


class SpotAccount:
    """`OpenAccount`. What a desk asks about while it carries something out is asked once, for the desk asks again at its
    own pace; facts and settings, which are read at a start, follow the schedule of retries.

    `rights`: who tells what the key may do; None for a network that has nobody for it.
    """

    def __init__(
        self, client: SpotClient, rights: Rights | None, instruments: Collection[Instrument], clock: Clock
    ) -> None:
        self._client = client
        self._rights = rights
        self._instruments = tuple(instruments)
        self._clock = clock
        self._opened_ns = clock.now_ns()
        self._fates = Fates(VENUE)
        self._facts = KnownFacts(VENUE, self._read_facts, clock)
        self._placing = Placing(
            fates=self._fates,
            facts=self._facts.of,
            words=spot_fields,
            send=self._send,
            says_nothing=(),
            asks=self._ask,
            unknown_to_it={NOT_FOUND},
            may_arrive=self._may_arrive,
            now_ns=clock.now_ns,
        )
        listing = SpotListing(client, self._instruments, clock.now_ns)
        self._fills = Paced(listing.fills, _FILLS_NS * len(self._instruments), clock.now_ns)
        self._held = Lasting(client.account, _STANDS_NS, clock.now_ns)

    async def place(self, order: Approved[Order]) -> Outcome:
        """Edge: an order that breaks a fact is refused here and never sent; one whose id was used is asked about."""
        try:
            outcome = await self._placing.place(order)
        finally:
            self._something_done()
        return self._fates.remembered(order.item, None) if outcome is None else outcome

    async def cancel(self, order: Order) -> None:
        with suppress(Unanswered, VenueRejected):
            await self._client.cancel(symbol_of(order.instrument), order.id)

    async def find(self, order: Order) -> Outcome:
        try:
            return await self._placing.find(order)
        finally:
            self._something_done()

    async def open_orders(self) -> Sequence[Order]:
        """Of these instruments, ours or not."""
        return await stated(VENUE, "open_orders", self._resting)

    async def balances(self) -> Mapping[Account, Balance]:
        held = await stated(VENUE, "balances", self._held.now)
        return {Account(VENUE, row.asset): Balance(row.free, row.locked) for row in held.balances}

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        return {}

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        """Binance tells milliseconds. Edge: while nothing is placed or asked about, what others did is told some seconds
        late."""
        return await stated(VENUE, "fills_since", lambda: self._fills.since(venue_at_ns))

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:  # noqa: ARG002 - as every account is asked
        return ()

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        return await self._facts.read()

    async def settings(self) -> Sequence[AccountSetting]:
        """Facts are read with them, so that no order has to ask first.

        Edge: whether the key may withdraw is not told on the demo network, and silence about it is silence.
        """
        await self._facts.ready()
        return await stated(VENUE, "settings", lambda: asked_again(self._read_settings, self._clock))

    async def run(self, nudge: Callable[[], None]) -> None:  # noqa: ARG002 - nothing wakes whoever asks, so far
        await asyncio.Event().wait()

    async def close(self) -> None:
        await self._client.connection.close()
        if self._rights is not None:
            await self._rights.close()

    async def _send(self, order: Approved[Order], fields: Pairs) -> Outcome | None:
        item = order.item
        stamped = partial(self._fates.note, item.id)
        reduces = item.reduce_only or order.by is not None
        return outcome_of(item, await self._client.place(fields, stamped, reduces=reduces))

    async def _ask(self, order: Order) -> Outcome | None:
        return outcome_of(order, await self._client.order(symbol_of(order.instrument), order.id))

    def _may_arrive(self, order: Order, asked_ns: int) -> bool:
        """Of what this process did not send, it counts from when the account was opened."""
        offset = self._client.connection.offset
        stamped_ns = self._fates.noted_ns(order.id)
        latest_ns = offset.latest_ns(self._opened_ns) if stamped_ns is None else stamped_ns
        return is_taken(latest_ns, offset, asked_ns)

    async def _resting(self) -> list[Order]:
        return [
            order
            for instrument in self._instruments
            for seen in await self._client.open_orders(symbol_of(instrument))
            if (order := order_of(instrument, seen)) is not None
        ]

    def _something_done(self) -> None:
        self._fills.forget()
        self._held.forget()

    async def _read_facts(self) -> Mapping[Instrument, InstrumentFacts]:
        by_symbol = {symbol_of(one): one for one in self._instruments}
        listed = {one.symbol: one for one in (await self._client.exchange(list(by_symbol))).symbols}
        if missing := by_symbol.keys() - listed.keys():
            raise NoAnswer(f"binance told nothing of {', '.join(sorted(missing))}")
        found = {}
        for symbol, instrument in by_symbol.items():
            fees = fees_of(await self._client.commission(symbol))
            found[instrument] = facts_of(instrument, listed[symbol], self._clock.now_ns(), fees)
        return found

    async def _read_settings(self) -> list[AccountSetting]:
        told = await self._client.account()
        commissions = {one: await self._client.commission(symbol_of(one)) for one in self._instruments}
        offset = self._client.connection.offset
        may_withdraw = None if self._rights is None else await self._rights.may_withdraw(offset)
        return list(of_spot(told, commissions, may_withdraw=may_withdraw))
