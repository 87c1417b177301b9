"""One account at Upbit while it is open: fills the executor port. Upbit's errors end here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from karb_core.connection.arriving import may_arrive
from karb_core.connection.failures import NoAnswer, Unanswered, VenueRejected
from karb_core.connection.fates import Fates
from karb_core.connection.fields import Pairs
from karb_core.connection.key_end import ends_ns
from karb_core.connection.known_facts import KnownFacts
from karb_core.connection.placing import Placing
from karb_core.connection.retry_schedule import asked_again
from karb_core.connection.stated import stated
from karb_core.connection.told_listing import TradeListing
from karb_core.connection.told_order import market_of
from karb_core.connection.told_outcome import order_of, outcome_of
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.ports import AccountSetting, Clock
from karb_upbit.client import NOT_FOUND, Client
from karb_upbit.codes import VENUE
from karb_upbit.facts import facts_of
from karb_upbit.listing import Listing
from karb_upbit.order_words import order_fields

T = TypeVar("T")

#: A no that is no proof: a copy of the request may have come before the one that it answers.
_SAYS_NOTHING = frozenset({"duplicated_identifier", "nonce_used"})


class UpbitAccount:
    """`OpenAccount`. What a desk asks about while it carries something out is asked once, for the desk asks again at its
    own pace; facts and settings, which are read at a start, follow the schedule of retries."""

    def __init__(self, client: Client, instruments: Collection[Instrument], clock: Clock) -> None:
        self._client = client
        self._instruments = tuple(instruments)
        self._clock = clock
        self._opened_ns = clock.now_ns()
        self._fates = Fates(VENUE)
        self._facts = KnownFacts(VENUE, self._read_facts, clock)
        self._placing = Placing(
            fates=self._fates,
            facts=self._facts.of,
            words=order_fields,
            send=self._send,
            says_nothing=_SAYS_NOTHING,
            asks=self._ask,
            unknown_to_it={NOT_FOUND},
            may_arrive=self._may_arrive,
            now_ns=clock.now_ns,
        )
        self._lists = Listing(client)
        self._listing = TradeListing(self._lists, self._instruments, clock.now_ns)

    async def place(self, order: Approved[Order]) -> Outcome:
        """Edge: an order that breaks a fact is refused here and never sent; one whose id was used is asked about."""
        outcome = await self._placing.place(order)
        return self._fates.remembered(order.item, None) if outcome is None else outcome

    async def cancel(self, order: Order) -> None:
        with suppress(Unanswered, VenueRejected):
            await self._client.cancel(order.id)

    async def find(self, order: Order) -> Outcome:
        return await self._placing.find(order)

    async def open_orders(self) -> Sequence[Order]:
        return await stated(VENUE, "open_orders", self._resting)

    async def balances(self) -> Mapping[Account, Balance]:
        held = await stated(VENUE, "balances", self._client.accounts)
        return {Account(VENUE, row.currency): Balance(row.balance, row.locked) for row in held}

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        return {}

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        """Upbit tells whole seconds: all of the second in which that time lies."""
        return await stated(VENUE, "fills_since", lambda: self._listing.since(venue_at_ns))

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:  # noqa: ARG002 - as every account is asked
        return ()

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        return await self._facts.read()

    async def settings(self) -> Sequence[AccountSetting]:
        """Until when the key is good. Upbit does not tell what a key may do, withdrawing among it."""
        expiry = await stated(VENUE, "settings", lambda: asked_again(self._client.expiry, self._clock))
        return [
            AccountSetting("key_good_until", None, None, expiry, ends_ns=ends_ns(expiry)),
            AccountSetting("key_may_withdraw", None, None, None),
        ]

    async def run(self, nudge: Callable[[], None]) -> None:  # noqa: ARG002 - nothing wakes whoever asks, so far
        await asyncio.Event().wait()

    async def close(self) -> None:
        await self._client.connection.close()

    async def _send(self, order: Approved[Order], fields: Pairs) -> Outcome | None:
        item = order.item
        try:
            seen = await self._client.place(fields, reduces=item.reduce_only or order.by is not None)
        finally:
            self._fates.note(item.id, self._clock.now_ns())
        self._listing.placed(seen.uuid)
        return outcome_of(item, seen)

    async def _ask(self, order: Order) -> Outcome | None:
        return outcome_of(order, await self._client.order(order.id))

    def _may_arrive(self, order: Order, asked_ns: int) -> bool:
        """Upbit states no time until which it takes a request: its tokens do not expire, so the network's bound counts.

        Of what this process did not send, it counts from when the account was opened: the one that sent it is gone.
        """
        gave_up_ns = self._fates.noted_ns(order.id)
        return may_arrive(self._opened_ns if gave_up_ns is None else gave_up_ns, asked_ns)

    async def _resting(self) -> list[Order]:
        return [order for seen in await self._lists.opened() if (order := order_of(VENUE, seen)) is not None]

    async def _read_facts(self) -> Mapping[Instrument, InstrumentFacts]:
        markets = {market_of(i): i for i in self._instruments}
        ticks = {row.market: row.tick_size for row in await self._client.ticks(sorted(markets))}
        prices = {row.market: row.trade_price for row in await self._client.prices(sorted(markets))}
        if missing := markets.keys() - (ticks.keys() & prices.keys()):
            raise NoAnswer(f"upbit told nothing of {', '.join(sorted(missing))}")
        found = {}
        for market, instrument in markets.items():
            chance = await self._client.chance(market)
            now_ns = self._clock.now_ns()
            found[instrument] = facts_of(instrument, chance, ticks[market], prices[market], now_ns)
        return found
