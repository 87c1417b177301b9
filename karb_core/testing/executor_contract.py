"""The contract of an executor that reaches a real account: what it makes of a venue that fails in each way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any, ClassVar, Protocol

from karb_core.domain.approved import Approved
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Filled, Order, Rejected, Unknown
from karb_core.domain.statement import VenueSilent
from karb_core.errors import SecretUnset
from karb_core.ports import AccountSetting, OpenAccount
from karb_core.rules.secret import SecretName
from karb_core.testing.component_contract import ComponentContract
from karb_core.testing.hearing import SteadyClock
from karb_core.testing.scene import NOW
from karb_core.texts.text import Words

#: What a key is in these tests. It may be told nowhere.
KEY = "access-0123456789abcdef:signing-fedcba9876543210"


class Venue(Protocol):
    """The author's stand-in for the venue.

    order: one that it takes and fills at once, each with an id of its own; all of one instrument. refuses: it says no to
    the next order. loses: the next order arrives, and its answer does not. silent: from now on nothing arrives;
    answers: it is there again. arrived: the ids of all orders that it got.
    """

    def order(self) -> Order: ...
    def refuses(self) -> None: ...
    def loses(self) -> None: ...
    def silent(self) -> None: ...
    def answers(self) -> None: ...
    def arrived(self) -> list[str]: ...


class ExecutorContract(ComponentContract):
    """key: what the secret is; since_ns: from when on the venue tells what traded here."""

    port: ClassVar[str] = "executor"
    key: ClassVar[str] = KEY
    since_ns: ClassVar[int] = 0

    def venue(self) -> Venue:
        """The venue that this contract is held at, new for each test."""
        raise NotImplementedError

    def opened(self, component: Any, venue: Venue, instruments: Collection[Instrument]) -> OpenAccount:
        """The account, led to that venue. `component.open_account(instruments, self.secrets, clock)` and no more, where the
        parameters can name where the venue is reached."""
        raise NotImplementedError

    def secrets(self, name: SecretName) -> str:  # noqa: ARG002
        return self.key

    def clock(self) -> SteadyClock:
        return SteadyClock(NOW)

    def outcomes(self, component: Any) -> object:
        venues = getattr(self.component, "venues", None)
        return component.account(), None if venues is None else venues(component._params)

    def test_it_says_which_account_and_at_which_venue_and_no_key(self) -> None:
        component = self.built()
        assert component.account()
        assert self.component.venues(component._params), "one order must not have two ways to go"
        assert not any(part in component.account() + repr(component) for part in self.key.split(":"))

    def test_a_secret_that_is_not_set_is_said_and_nothing_is_opened(self) -> None:
        def unset(name: SecretName) -> str:
            raise SecretUnset(Words(f"no value is set for {name}"))

        try:
            self.built().open_account((self.venue().order().instrument,), unset, self.clock())
        except SecretUnset:
            return
        raise AssertionError("it opened without a key")

    def test_an_order_that_fills_is_told_in_one_way_by_every_question(self) -> None:
        async def course(_venue: Venue, account: OpenAccount, order: Order) -> None:
            placed = await account.place(_approved(order))
            found = await account.find(order)
            assert isinstance(found, Filled)
            assert isinstance(placed, Filled | Unknown)
            assert found.final
            fills = [fill for fill in await account.fills_since(self.since_ns) if fill.order_id == order.id]
            total = fills[0].amount
            for fill in fills[1:]:
                total = total + fill.amount
            assert total == found.filled
            assert [fill.order_id for fill in await account.fills_since(self.since_ns)] == [
                f.order_id for f in await account.fills_since(self.since_ns)
            ]
            assert await account.balances()
            assert order.instrument in await account.facts()
            await account.open_orders()
            await account.positions()
            await account.income_since(self.since_ns)

        self._with_venue(course)

    def test_a_venues_no_is_a_rejection_in_its_own_words(self) -> None:
        async def course(venue: Venue, account: OpenAccount, order: Order) -> None:
            venue.refuses()
            outcome = await account.place(_approved(order))
            assert isinstance(outcome, Rejected)
            assert outcome.code

        self._with_venue(course)

    def test_an_answer_that_never_came_is_unknown_and_the_order_is_asked_about_and_not_sent_again(self) -> None:
        async def course(venue: Venue, account: OpenAccount, order: Order) -> None:
            venue.loses()
            outcome = await account.place(_approved(order))
            assert isinstance(outcome, Unknown), "nobody knows what became of it"
            await account.place(_approved(order))
            assert venue.arrived().count(order.id) == 1, "it was sent again"
            assert isinstance(await account.find(order), Filled)

        self._with_venue(course)

    def test_a_silent_venue_never_raises_at_an_order_and_is_silent_to_questions(self) -> None:
        async def course(venue: Venue, account: OpenAccount, order: Order) -> None:
            await account.facts()
            venue.silent()
            assert isinstance(await account.place(_approved(order)), Unknown | Rejected)
            assert isinstance(await account.find(order), Unknown | Rejected)
            await account.cancel(order)
            questions: list[Callable[[], Awaitable[object]]] = [
                account.balances, account.open_orders, lambda: account.fills_since(self.since_ns), account.settings,
            ]  # fmt: skip
            for ask in questions:
                try:
                    await ask()
                except VenueSilent as e:
                    assert not any(part in str(e) for part in self.key.split(":"))
                else:
                    raise AssertionError(f"{ask} was answered by a venue that is not there")
            venue.answers()
            assert await account.balances()

        self._with_venue(course)

    def test_settings_are_read_and_compared(self) -> None:
        async def course(venue: Venue, account: OpenAccount, _order: Order) -> None:
            found = await account.settings()
            assert all(isinstance(setting, AccountSetting) for setting in found)
            assert venue.arrived() == []

        self._with_venue(course)

    def test_run_goes_on_until_it_is_cancelled_and_closing_twice_is_safe(self) -> None:
        async def course(_venue: Venue, account: OpenAccount, _order: Order) -> None:
            task = asyncio.ensure_future(account.run(lambda: None))
            await asyncio.sleep(0)
            assert not task.done()
            task.cancel()
            await asyncio.wait({task})
            await account.close()

        self._with_venue(course)

    def _with_venue(self, course: Callable[[Venue, OpenAccount, Order], Awaitable[None]]) -> None:
        async def run() -> None:
            venue = self.venue()
            order = venue.order()
            account = self.opened(self.built(), venue, (order.instrument,))
            try:
                await course(venue, account, order)
            finally:
                await account.close()

        asyncio.run(run())


def _approved(order: Order) -> Approved[Order]:
    return Approved.by_gates(order, ())
