"""What simulated accounts are worth at the last closes known, by the venues' own books."""

from __future__ import annotations

from fractions import Fraction

from karb_core.domain.amount import Price
from karb_core.domain.equity import Valuation
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import InstrumentKind
from karb_core.history.prices import exact
from tests.wiring.tiny import Ran

BOOK = "KRW"
MS = 1_000_000


def valuation(of: Ran, at_ns: int) -> Valuation:
    """The last closes known at a time, and the money rate known then."""
    values: dict[Account, Price] = {}
    marks = {}
    money = of.run.rates_at(at_ns)["money"].price
    for instrument, facts in of.run.strategy.terms.facts.items():
        if instrument not in of.run.data.series:
            continue
        bars = of.run.data.series[instrument].bars
        row = max(int((bars.opened_at + bars.length_ms).searchsorted(at_ns // MS, side="right")) - 1, 0)
        last = instrument.price(exact(bars.close[row]))
        if facts.kind is InstrumentKind.SPOT:
            values[Account(instrument.venue, instrument.base)] = last
        else:
            marks[instrument] = last
            values[Account(instrument.venue, instrument.quote)] = money
    return Valuation(BOOK, values, marks)


def venue_worth(of: Ran, at: Valuation) -> Fraction:
    """What the simulated venues say is there, at these prices."""
    total = Fraction(0)
    for book in of.run.venues.books.values():
        for account, balance in book.balances().items():
            total += Fraction(balance.free + balance.locked) * Fraction(at.rate(account))
        for instrument in book.positions():
            cash = Account(instrument.venue, instrument.quote)
            won = book.unrealised(instrument, at.mark(instrument))
            total += Fraction(won.value) * Fraction(at.rate(cash))
    return total


def opening_worth(of: Ran, at: Valuation) -> Fraction:
    return sum(
        (
            Fraction(value) * Fraction(at.rate(Account(book.terms.venue, asset)))
            for book in of.run.venues.books.values()
            for asset, value in book.terms.opening.items()
        ),
        Fraction(0),
    )
