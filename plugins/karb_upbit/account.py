"""One account at Upbit while it is open: fills the executor port. Upbit's errors end here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from karb_core.connection.failures import NoAnswer, NothingSent, Unanswered, VenueRejected
from karb_core.connection.retry_schedule import asked_again
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Order, Outcome, Rejected
from karb_core.domain.statement import Balance, Income, VenuePosition, VenueSilent
from karb_core.ports import AccountSetting, Clock
from karb_core.venue.refusals import Refusal
from karb_upbit.answered import Answered
from karb_upbit.client import NOT_FOUND, Client
from karb_upbit.facts import facts_of
from karb_upbit.listing import Listing
from karb_upbit.order_words import Unfit, order_fields, order_of, outcome_of
from karb_upbit.signing import Pairs
from karb_upbit.wire import Unreadable, market_of

T = TypeVar("T")

VENUE = "upbit"
#: A no that is no proof: a copy of the request may have come before the one that it answers.
_SAYS_NOTHING = frozenset({"duplicated_identifier", "nonce_used"})


class UpbitAccount:
    """`OpenAccount`. What a desk asks about while it carries something out is asked once, for the desk asks again at its
    own pace; facts and settings, which are read at a start, follow the schedule of retries."""

    def __init__(self, client: Client, instruments: Collection[Instrument], clock: Clock) -> None:
        self._client = client
        self._instruments = tuple(instruments)
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
        return await self._sent(item, fields, reduces=item.reduce_only or order.by is not None)

    async def cancel(self, order: Order) -> None:
        with suppress(Unanswered, VenueRejected):
            await self._client.cancel(order.id)

    async def find(self, order: Order) -> Outcome:
        try:
            seen = await self._client.order(order.id)
            return self._answered.remembered(order, outcome_of(order, seen))
        except VenueRejected as no:
            if no.code == NOT_FOUND:
                return self._answered.not_found(order, no.message, self._clock.now_ns())
            return self._answered.unknown(order, str(no))
        except (Unanswered, Unreadable) as e:
            return self._answered.unknown(order, str(e))

    async def open_orders(self) -> Sequence[Order]:
        return await self._known("open_orders", self._resting)

    async def balances(self) -> Mapping[Account, Balance]:
        held = await self._known("balances", self._client.accounts)
        return {Account(VENUE, row.currency): Balance(row.balance, row.locked) for row in held}

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        return {}

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        """Upbit tells whole seconds: all of the second in which that time lies."""
        return await self._known("fills_since", lambda: self._listing.since(venue_at_ns))

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:  # noqa: ARG002 - as every account is asked
        return ()

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        self._facts = await self._known("facts", lambda: asked_again(self._read_facts, self._clock))
        return self._facts

    async def settings(self) -> Sequence[AccountSetting]:
        """Until when the key is good. Upbit does not tell what a key may do, withdrawing among it."""
        expiry = await self._known("settings", lambda: asked_again(self._client.expiry, self._clock))
        return [
            AccountSetting("key_good_until", None, None, expiry),
            AccountSetting("key_may_withdraw", None, None, None),
        ]

    async def run(self, nudge: Callable[[], None]) -> None:  # noqa: ARG002 - nothing wakes whoever asks, so far
        await asyncio.Event().wait()

    async def close(self) -> None:
        await self._client.connection.close()

    async def _sent(self, order: Order, fields: Pairs, *, reduces: bool) -> Outcome:
        self._answered.sending(order.id)
        try:
            seen = await self._client.place(fields, reduces=reduces)
            self._listing.placed(seen.uuid)
            return self._answered.remembered(order, outcome_of(order, seen))
        except NothingSent as e:
            return Refusal.UNREACHABLE.of(order, e.why)
        except VenueRejected as no:
            if no.code in _SAYS_NOTHING:
                return self._answered.unknown(order, str(no))
            return Rejected(order, no.code, no.message)
        except (NoAnswer, Unreadable) as e:
            return self._answered.unknown(order, str(e))
        finally:
            self._answered.gave_up(order.id, self._clock.now_ns())

    async def _resting(self) -> list[Order]:
        return [order for seen in await self._listing.open_orders() if (order := order_of(seen)) is not None]

    async def _facts_for(self, order: Order) -> InstrumentFacts:
        """Errors: LookupError for an instrument of which nothing was asked; `VenueSilent`."""
        if not self._facts:
            self._facts = await self._known("facts", self._read_facts)
        return self._facts[order.instrument]

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

    async def _known(self, asked: str, ask: Callable[[], Awaitable[T]]) -> T:
        try:
            return await ask()
        except (Unanswered, VenueRejected, Unreadable) as e:
            raise VenueSilent(VENUE, asked, str(e)) from None
