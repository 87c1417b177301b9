"""Rows 12 to 17, 42 to 44, 47 and 66: what is held, free, owed and fetched."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Denied
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import InstrumentFacts, InstrumentKind, MaintenanceTier
from karb_core.domain.orders import Fill, Side
from karb_core.engine import cut as cutting
from karb_core.engine import deployable as deploying
from karb_core.engine import funds
from karb_core.ports import AccountView
from karb_core.venue import liquidation
from karb_core.venue.account_books import AccountBooks
from karb_core.venue.isolated import IsolatedPosition
from karb_core.venue.terms import VenueTerms
from karb_core.wiring import came_to as coming
from tests.chaos.stakes.stake import Stake
from tests.engine import scene as eur

D = Decimal
PAID = Account("korbit", "EUR")
STEPS = (MaintenanceTier(D(0), D("0.01"), D(0)), MaintenanceTier(D(1000), D("0.05"), D(40)))

# 12


def holds_what_is_left_after_a_fee_in_coins(place: Path) -> None:
    """Row 12. A fee that a venue takes in coins was never received: it is not there to be sold again."""
    held = _empty().with_fill(_bought("10", fee=Amount(D("0.01"), "ADA")), InstrumentKind.SPOT)
    assert held.balance("korbit", "ADA") == Amount(D("9.99"), "ADA"), "coins are counted that the venue kept as its fee"


def _empty() -> Holdings:
    return Holdings({}, {}, {})


def _bought(amount: str, fee: Amount) -> Fill:
    return Fill(
        order_id="o", venue_trade_id="t", instrument=eur.SPOT, side=Side.BUY, amount=eur.SPOT.amount(D(amount)),
        price=eur.SPOT.price(D(2)), fee=fee, venue_at_ns=1, received_at_ns=1,
    )  # fmt: skip


def forgets_fees_in_coins(patch: pytest.MonkeyPatch) -> None:
    real = Holdings.with_fill

    def without(self: Holdings, fill: Fill, kind: InstrumentKind) -> Holdings:
        return real(self, replace(fill, fee=Amount.zero(fill.instrument.quote)), kind)

    patch.setattr(Holdings, "with_fill", without)


# 14


def rounds_a_price_away_from_harm(place: Path) -> None:
    """Row 14. The most that is paid is floored to the tick and the least that is taken is ceiled, in exact decimals."""
    facts = eur.FACTS[eur.PERP]
    assert (facts.floor_price(D("1.009")), facts.ceil_price(D("1.001"))) == (D("1.00"), D("1.01")), "rounded half way"


def rounds_half_way(patch: pytest.MonkeyPatch) -> None:
    def nearest(self: InstrumentFacts, price: Decimal) -> Decimal:
        tick = self.tick_at(price)
        return D(str(round(float(price) / float(tick)) * float(tick)))

    patch.setattr(InstrumentFacts, "floor_price", nearest)
    patch.setattr(InstrumentFacts, "ceil_price", nearest)


# 16


def leaves_less_than_a_step_behind(place: Path) -> None:
    """Row 16. What is less than a venue's step stays open and is named; nothing is rounded up to it."""
    legs = (eur.target(eur.SPOT, "1.04"), eur.target(eur.PERP, "-1.04"))
    out = cutting.cut(legs, eur.FACTS, "/pairs/ADA", leaves=True)
    assert not isinstance(out, Denied)
    assert [abs(leg.amount).value for leg in out] == [D(1), D(1)], "more was traded than is open"


def rounds_a_rest_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(exact, "floor_to", lambda value, step: exact.divide(value, step, D(1), exact.Rounding.CEIL) * step)


# 17


def sets_money_aside_for_what_is_under_way(place: Path) -> None:
    """Row 17. What an intent under way will need is not free for the next one, though the venue still shows it."""
    of = eur.strategy(eur.Proposes())
    free = deploying.deployable(of, eur.view(eur.moment()), {PAID: D(1000)}, _empty(), ({PAID: D(900)},))
    assert free == {PAID: D(100)}, "money was promised twice"


def trusts_the_balance(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(deploying, "_sums", lambda of: of[0])


# 42


def owes_funding_only_for_what_was_held_then(place: Path) -> None:
    """Row 42. A settlement is owed on what was held just before it, not on what was opened at it or later."""
    books = AccountBooks(_margined())
    for number, at_ns in enumerate((10, 20)):
        fill = replace(_bought("1", Amount.zero("USD")), instrument=eur.PERP, amount=eur.PERP.amount(D(1)),
                       price=eur.PERP.price(D(2)), venue_trade_id=str(number), venue_at_ns=at_ns)  # fmt: skip
        books.book(fill)
    held = [books.held(eur.PERP, at_ns) for at_ns in (10, 20, 21)]
    assert held == [D(0), D(1), D(2)], "funding was reckoned on what is held now"


def _margined() -> VenueTerms:
    facts = {eur.PERP: replace(eur.FACTS[eur.PERP], maintenance=STEPS)}
    return VenueTerms(venue="dydx", opening={"USD": D(1000)}, facts=facts, leverage=D(1), taker_fee=D(0))


def owes_it_on_what_is_held_now(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(AccountBooks, "held", lambda self, instrument, at_ns: self.position(instrument).amount)


# 43


def is_taken_by_the_bracket_that_its_notional_is_in(place: Path) -> None:
    """Row 43. A position that grew into a higher bracket needs more margin than the one it was opened in."""
    facts = replace(eur.FACTS[eur.PERP], maintenance=STEPS)
    short = IsolatedPosition(D(-100), D(-990), D(200))
    assert not liquidation.is_liquidated(short, D("9.9"), facts)
    assert liquidation.is_liquidated(short, D("11.73"), facts), (
        "the bracket of the entry was taken for that of the mark"
    )


def keeps_the_first_bracket(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(InstrumentFacts, "maintenance_of", lambda self, notional: notional * self.maintenance[0].rate)


# 44


def counts_what_is_free_where_it_is_needed(place: Path) -> None:
    """Row 44. Money at one venue is no margin at another: the entry is denied, and what is missing there is told."""
    free = {PAID: D(1_000_000), Account("korbit", "ADA"): D(1_000_000), Account("dydx", "USD"): D(3)}
    view = AccountView(eur.TERMS, free, {})
    denied = list(funds.short_of((eur.target(eur.SPOT, "10"), eur.target(eur.PERP, "-10")), view))
    assert [each.rule for each in denied] == ["/balances/dydx"], "money elsewhere was taken for margin here"


def adds_up_all_venues(patch: pytest.MonkeyPatch) -> None:
    real = funds.short_of

    def anywhere(legs: Any, account: AccountView) -> Any:
        everywhere = sum(account.free.values(), D(0))
        return real(legs, replace(account, free=dict.fromkeys(account.free, everywhere)))

    patch.setattr(funds, "short_of", anywhere)


# 47


def values_dollars_at_the_rate_of_now(place: Path) -> None:
    """Row 47. Dollars that a lot left behind are a position of their own: they are worth what they fetch now."""
    now = eur.rate("1.5").price
    worth = coming._in_book({"USD": D(100), "EUR": D(10)}, now, "EUR")
    assert worth == Amount(D(160), "EUR"), "dollars are told at another rate than that of now"


def values_them_as_they_came(patch: pytest.MonkeyPatch) -> None:
    real, then = coming._in_book, eur.rate("1.25").price
    patch.setattr(coming, "_in_book", lambda held, money, book: real(held, then, book))


STAKES = (
    Stake(12, holds_what_is_left_after_a_fee_in_coins, forgets_fees_in_coins, "that the venue kept as its fee"),
    Stake(14, rounds_a_price_away_from_harm, rounds_half_way, "rounded half way"),
    Stake(16, leaves_less_than_a_step_behind, rounds_a_rest_up, "more was traded than is open"),
    Stake(17, sets_money_aside_for_what_is_under_way, trusts_the_balance, "money was promised twice"),
    Stake(42, owes_funding_only_for_what_was_held_then, owes_it_on_what_is_held_now, "on what is held now"),
    Stake(43, is_taken_by_the_bracket_that_its_notional_is_in, keeps_the_first_bracket, "the bracket of the entry"),
    Stake(44, counts_what_is_free_where_it_is_needed, adds_up_all_venues, "money elsewhere was taken for margin"),
    Stake(47, values_dollars_at_the_rate_of_now, values_them_as_they_came, "at another rate than that of now"),
)
