"""What we hold: a pure fold of fills, fees and funding since karb began, signed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple, Self

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.orders import Fill


class Account(NamedTuple):
    """One asset at one venue: where a balance lies."""

    venue: str
    asset: str


@dataclass(frozen=True, slots=True)
class Position:
    """One perpetual as sums of all its fills. Unit: amount in base and cost in quote, signed (+ bought, + paid).

    Its result at a mark is amount * mark - cost, realised and unrealised in one; a flat position keeps what it
    realised in `cost`.
    """

    amount: Decimal
    cost: Decimal

    def result(self, mark: Decimal) -> Decimal:
        """Unit: quote. Edge: a flat position's result is -cost at every mark."""
        return exact.sub(exact.mul(self.amount, mark), self.cost)


@dataclass(frozen=True, slots=True)
class Holdings:
    """Balances and positions as karb's own events changed them; opening balances and the owner's coins are not in it.

    Unit: whole units of each asset, signed: what was sold of the owner's inventory is below zero. `inventory` is what
    a coin may go below zero. Edge: what came back to zero is not kept, so equal holdings are equal however they
    came about. A fact of a venue is always booked: `free_to_sell` bounds what we ask for, `beyond_inventory` tells
    what happened all the same.
    """

    inventory: Mapping[Account, Decimal]
    balances: Mapping[Account, Decimal] = field(default_factory=dict)
    positions: Mapping[Instrument, Position] = field(default_factory=dict)

    def with_fill(self, fill: Fill, kind: InstrumentKind) -> Self:
        """After one fill and its fee. Not idempotent: whoever keeps fills books each venue trade id once."""
        paid = self._moved(Account(fill.instrument.venue, fill.fee.asset), exact.negate(fill.fee.value))
        if kind is InstrumentKind.PERPETUAL:
            return paid._with_position(fill)
        venue, base, quote = fill.instrument.venue, fill.instrument.base, fill.instrument.quote
        got = paid._moved(Account(venue, base), fill.moved.value)
        return got._moved(Account(venue, quote), exact.negate(fill.cost.value))

    def with_funding(self, venue: str, received: Amount) -> Self:
        """After one settlement: below zero for what was paid. Not idempotent, as fills."""
        return self._moved(Account(venue, received.asset), received.value)

    def balance(self, venue: str, asset: str) -> Amount:
        """Karb's own change of a balance, signed."""
        return Amount(self.balances.get(Account(venue, asset), Decimal(0)), asset)

    def position(self, instrument: Instrument) -> Position:
        """The position in a perpetual; nothing where it never traded."""
        return self.positions.get(instrument, Position(Decimal(0), Decimal(0)))

    def free_to_sell(self, venue: str, asset: str) -> Amount:
        """How much of a coin may go: down to minus the inventory and no further, never below zero."""
        account = Account(venue, asset)
        room = exact.add(self.balances.get(account, Decimal(0)), self.inventory.get(account, Decimal(0)))
        return Amount(max(room, Decimal(0)), asset)

    def beyond_inventory(self, coins: frozenset[Account]) -> dict[Account, Amount]:
        """Of these coins, what was sold that was neither karb's nor lent to it: the owner's own, so an alert."""
        rooms = {
            coin: exact.add(self.balances.get(coin, Decimal(0)), self.inventory.get(coin, Decimal(0)))
            for coin in sorted(coins)
        }
        return {coin: Amount(exact.negate(room), coin.asset) for coin, room in rooms.items() if room < 0}

    def _moved(self, account: Account, change: Decimal) -> Self:
        balance = exact.add(self.balances.get(account, Decimal(0)), change)
        others = {key: value for key, value in self.balances.items() if key != account}
        return replace(self, balances={**others, account: balance} if balance else others)

    def _with_position(self, fill: Fill) -> Self:
        before = self.position(fill.instrument)
        after = Position(exact.add(before.amount, fill.moved.value), exact.add(before.cost, fill.cost.value))
        others = {key: value for key, value in self.positions.items() if key != fill.instrument}
        empty = not after.amount and not after.cost
        return replace(self, positions=others if empty else {**others, fill.instrument: after})
