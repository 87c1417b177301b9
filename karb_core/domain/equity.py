"""What holdings are worth in one asset, and why that changed: by fills, fees, funding and revaluation, exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount, MixedAssets, Price
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.orders import Fill


@dataclass(frozen=True, slots=True)
class Valuation:
    """One set of prices. `values` prices an asset at its venue in the book asset, `marks` a perpetual in its quote.

    Edge: the book asset itself needs no price. Errors: LookupError where something held has no price: an unknown worth
    is never zero; `MixedAssets` for a price in another asset than the book's.
    """

    book: str
    values: Mapping[Account, Price]
    marks: Mapping[Instrument, Price]

    def rate(self, account: Account) -> Decimal:
        """Book asset for one of the account's asset."""
        if account.asset == self.book:
            return Decimal(1)
        if account not in self.values:
            raise LookupError(f"{account.asset} at {account.venue} has no price in {self.book}")
        price = self.values[account]
        if (price.base, price.quote) != (account.asset, self.book):
            raise MixedAssets(f"{price.text()} does not price {account.asset} in {self.book}")
        return price.value

    def worth(self, account: Account, value: Decimal) -> Amount:
        """So much of the account's asset in the book asset."""
        return Amount(exact.mul(value, self.rate(account)), self.book)

    def mark(self, instrument: Instrument) -> Decimal:
        """Quote for one base of a perpetual."""
        if instrument not in self.marks:
            raise LookupError(f"{instrument.text()} has no mark")
        price = self.marks[instrument]
        if (price.base, price.quote) != (instrument.base, instrument.quote):
            raise MixedAssets(f"{price.text()} does not mark {instrument.text()}")
        return price.value


@dataclass(frozen=True, slots=True)
class EquityChange:
    """Why equity changed, each part signed in the book asset; equity after is equity before plus the total.

    Unit: `fills` is what fills won or lost against the prices they were booked at, without fees.
    """

    fills: Amount
    fees: Amount
    funding: Amount
    revaluation: Amount

    @classmethod
    def none(cls, book: str) -> "EquityChange":
        zero = Amount.zero(book)
        return cls(zero, zero, zero, zero)

    @property
    def total(self) -> Amount:
        return self.fills + self.fees + self.funding + self.revaluation

    def __add__(self, other: "EquityChange") -> "EquityChange":
        return EquityChange(
            self.fills + other.fills,
            self.fees + other.fees,
            self.funding + other.funding,
            self.revaluation + other.revaluation,
        )


def equity(holdings: Holdings, at: Valuation) -> Amount:
    """Worth of all that karb changed since it began. Edge: opening balances are the caller's to add."""
    balances = (at.worth(account, value) for account, value in holdings.balances.items())
    results = (
        at.worth(_cash(instrument), position.result(at.mark(instrument)))
        for instrument, position in holdings.positions.items()
    )
    return Amount.total([*balances, *results], at.book)


def by_fill(fill: Fill, kind: InstrumentKind, at: Valuation) -> EquityChange:
    """What booking a fill and its fee changes at these prices."""
    cash = _cash(fill.instrument)
    if kind is InstrumentKind.PERPETUAL:
        got = at.worth(cash, exact.mul(fill.moved.value, at.mark(fill.instrument)))
    else:
        got = at.worth(Account(fill.instrument.venue, fill.instrument.base), fill.moved.value)
    fee = at.worth(Account(fill.instrument.venue, fill.fee.asset), fill.fee.value)
    zero = Amount.zero(at.book)
    return EquityChange(fills=got - at.worth(cash, fill.cost.value), fees=-fee, funding=zero, revaluation=zero)


def by_funding(venue: str, received: Amount, at: Valuation) -> EquityChange:
    """What booking one settlement changes at these prices."""
    zero = Amount.zero(at.book)
    return EquityChange(zero, zero, at.worth(Account(venue, received.asset), received.value), zero)


def by_revaluation(holdings: Holdings, before: Valuation, after: Valuation) -> EquityChange:
    """What new prices change while nothing is booked: coins and cash by their rates, positions by mark and rate."""
    zero = Amount.zero(after.book)
    moves = [
        Amount(exact.mul(value, exact.sub(after.rate(account), before.rate(account))), after.book)
        for account, value in holdings.balances.items()
    ]
    for instrument, position in holdings.positions.items():
        cash, old, new = _cash(instrument), before.mark(instrument), after.mark(instrument)
        moves.append(after.worth(cash, exact.mul(position.amount, exact.sub(new, old))))
        rates = exact.sub(after.rate(cash), before.rate(cash))
        moves.append(Amount(exact.mul(position.result(old), rates), after.book))
    return EquityChange(zero, zero, zero, Amount.total(moves, after.book))


def _cash(instrument: Instrument) -> Account:
    return Account(instrument.venue, instrument.quote)
