"""One account at Bithumb while it is open: fills the executor port. Bithumb's errors end here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from karb_bithumb.client import Client
from karb_bithumb.codes import VENUE
from karb_bithumb.facts import facts_of
from karb_bithumb.listing import Listing
from karb_bithumb.order_words import order_fields
from karb_bithumb.said import INVALID, NOT_FOUND, NOT_READY
from karb_bithumb.wire import SeenTaken
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
from karb_core.connection.told_order import ToldOrder, market_of
from karb_core.connection.told_outcome import SIDE_WORDS, order_of, outcome_of
from karb_core.connection.typed_body import Unreadable
from karb_core.connection.waiting import until
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.ports import AccountSetting, Clock

_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds
#: Bithumb takes an order and tells of it a moment later.
_SOON_MS = (100, 200, 400)  # karb: constant because it says how often a question is asked, never what follows


class BithumbAccount:
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
            says_nothing={INVALID, NOT_FOUND, NOT_READY},
            asks=self._ask,
            unknown_to_it={NOT_FOUND},
            may_arrive=self._may_arrive,
            now_ns=clock.now_ns,
        )
        self._just_taken = replace(self._placing, asks=self._ask_soon)
        self._lists = Listing(client, [market_of(one) for one in self._instruments])
        self._listing: TradeListing[ToldOrder] = TradeListing(self._lists, self._instruments, clock.now_ns)

    async def place(self, order: Approved[Order]) -> Outcome:
        """Edge: an order that breaks a fact is refused here and never sent; one whose id was used is asked about. The
        answer to an order says only that it was taken: what became of it is asked for, for a moment several times."""
        outcome = await self._placing.place(order)
        return await self._just_taken.find(order.item) if outcome is None else outcome

    async def cancel(self, order: Order) -> None:
        with suppress(Unanswered, VenueRejected):
            await self._client.cancel(order.id)

    async def find(self, order: Order) -> Outcome:
        return await self._placing.find(order)

    async def open_orders(self) -> Sequence[Order]:
        """Of these instruments, ours or not."""
        return await stated(VENUE, "open_orders", self._resting)

    async def balances(self) -> Mapping[Account, Balance]:
        held = await stated(VENUE, "balances", self._client.accounts)
        return {Account(VENUE, row.currency): Balance(row.balance, row.locked) for row in held}

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        return {}

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        """Of these instruments. Bithumb tells whole seconds: all of the second in which that time lies."""
        return await stated(VENUE, "fills_since", lambda: self._listing.since(venue_at_ns))

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:  # noqa: ARG002 - as every account is asked
        return ()

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        return await self._facts.read()

    async def settings(self) -> Sequence[AccountSetting]:
        """Until when the key is good. Bithumb does not tell what a key may do, withdrawing among it."""
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
        """Edge: once it was taken, Bithumb's not knowing it is no proof of anything any more."""
        item = order.item
        try:
            taken = await self._client.place(fields, reduces=item.reduce_only or order.by is not None)
        finally:
            self._fates.note(item.id, self._clock.now_ns())
        _need_same(item, taken)
        self._listing.placed(taken.order_id)
        self._fates.remembered(item, self._fates.unknown(item, "bithumb took it, and has not told what became of it"))
        return None

    async def _ask(self, order: Order) -> Outcome | None:
        return outcome_of(order, await self._client.order(order.id))

    async def _ask_soon(self, order: Order) -> Outcome | None:
        for after_ms in _SOON_MS:
            try:
                return await self._ask(order)
            except VenueRejected as no:
                if no.code not in (NOT_FOUND, NOT_READY):
                    raise
            await until(self._clock, self._clock.now_ns() + after_ms * _MS)
        return await self._ask(order)

    def _may_arrive(self, order: Order, asked_ns: int) -> bool:
        """A token carries its time, and Bithumb does not say how old one may be: the network's bound counts.

        Of what this process did not send, it counts from when the account was opened: the one that sent it is gone.
        """
        gave_up_ns = self._fates.noted_ns(order.id)
        return may_arrive(self._opened_ns if gave_up_ns is None else gave_up_ns, asked_ns)

    async def _resting(self) -> list[Order]:
        return [order for seen in await self._lists.opened() if (order := order_of(VENUE, seen)) is not None]

    async def _read_facts(self) -> Mapping[Instrument, InstrumentFacts]:
        markets = {market_of(i): i for i in self._instruments}
        prices = {row.market: row.trade_price for row in await self._client.prices(sorted(markets))}
        if missing := markets.keys() - prices.keys():
            raise NoAnswer(f"bithumb told nothing of {', '.join(sorted(missing))}")
        return {
            instrument: facts_of(instrument, await self._client.chance(market), prices[market], self._clock.now_ns())
            for market, instrument in markets.items()
        }


def _need_same(order: Order, taken: SeenTaken) -> None:
    """Edge: what the answer leaves out says nothing against it. Errors: `Unreadable` for the answer to another order."""
    market, side = market_of(order.instrument), SIDE_WORDS[order.side]
    told = taken.market or market, taken.side or side, taken.client_order_id or order.id
    if told != (market, side, order.id):
        raise Unreadable(f"sent {order.id}, bithumb told of another order: {taken.order_id}")
