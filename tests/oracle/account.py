"""What lies at both venues: won and coins at the near one, dollars and isolated net positions at the far one."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.rules import Rules

HELD_TO = Fraction(1, 10**30)  # a part of a margin and an average price seldom end: exact numbers would grow for years


@dataclass
class Position:
    """The venue's one net position of an instrument: signed amount, average entry price, isolated margin."""

    amount: Fraction = Fraction(0)
    entry: Fraction = Fraction(0)
    margin: Fraction = Fraction(0)

    def liquidated_at(self, mark: Fraction, maintenance: Fraction) -> bool:
        unrealised = self.amount * (mark - self.entry)
        return self.margin + unrealised <= maintenance * abs(self.amount) * mark


@dataclass
class Account:
    rules: Rules
    krw: Fraction = field(init=False)
    usdt: Fraction = field(init=False)
    coins: dict[str, Fraction] = field(init=False)
    moved: dict[str, Fraction] = field(init=False)  # our own net change of coins, down to minus the inventory
    positions: dict[str, Position] = field(init=False)

    def __post_init__(self) -> None:
        self.krw, self.usdt, self.coins = self.rules.krw, self.rules.usdt, dict(self.rules.coins)
        self.moved = {p.name: Fraction(0) for p in self.rules.pairs}
        self.positions = {p.name: Position() for p in self.rules.pairs}

    def sellable(self, pair: str) -> Fraction:
        return min(self.coins[pair], self.rules.inventory[pair] + self.moved[pair])

    def near_fill(self, pair: str, amount: Fraction, price: Fraction) -> None:
        self.krw -= amount * price + abs(amount) * price * self.rules.near_fee
        self.coins[pair] += amount
        self.moved[pair] += amount

    def far_fill(self, pair: str, amount: Fraction, price: Fraction) -> None:
        """Reducing gives margin back in proportion and realises against the average entry; the rest opens."""
        held = self.positions[pair]
        self.usdt -= abs(amount) * price * self.rules.far_fee
        if held.amount * amount < 0:
            closing = min(abs(amount), abs(held.amount)) * (1 if amount > 0 else -1)
            released = _held(held.margin * abs(closing) / abs(held.amount))
            self.usdt += released - closing * (price - held.entry)
            held.margin -= released
            held.amount += closing
            amount -= closing
        if amount:
            notional = abs(amount) * price
            held.entry = _held((abs(held.amount) * held.entry + notional) / (abs(held.amount) + abs(amount)))
            held.margin += notional / self.rules.leverage
            self.usdt -= notional / self.rules.leverage
            held.amount += amount


def _held(value: Fraction) -> Fraction:
    return round(value / HELD_TO) * HELD_TO
