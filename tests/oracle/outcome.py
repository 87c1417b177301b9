"""What the oracle tells: lots as they are held, trades as they ended, denials, incidents; and their summary."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.rules import Rules, Tier


@dataclass
class Lot:
    """One entry. amount is the size; d is +1 for a long premium (near bought, far sold), -1 for a short one."""

    number: int
    pair: str
    tier: Tier
    d: int
    decided: int
    rate: Fraction
    amount: Fraction
    near_entry: Fraction
    far_entry: Fraction
    fees_krw: Fraction
    fees_usdt: Fraction
    funding: list[tuple[int, Fraction]] = field(default_factory=list)
    booked: Fraction = Fraction(0)  # the sum of it

    @property
    def near_cost(self) -> Fraction:
        return self.amount * self.near_entry

    @property
    def far_cost(self) -> Fraction:
        return self.amount * self.far_entry

    def results(self, near: Fraction, far: Fraction) -> tuple[Fraction, Fraction]:
        """Near result in KRW, far result in USDT, were it left at these prices."""
        return self.d * self.amount * (near - self.near_entry), -self.d * self.amount * (far - self.far_entry)


@dataclass(frozen=True)
class Trade:
    """A lot and its end. premium + rate + funding_krw + fees = net, in KRW at the exit's rate; costs are negative."""

    pair: str
    tier: str
    side: str
    decided_at: str
    entered_at: str
    amount: Decimal
    near_entry: Decimal
    far_entry: Decimal
    rate_at_entry: Decimal
    fees_krw: Decimal
    fees_usdt: Decimal
    funding: tuple[tuple[str, Decimal], ...]  # (settled, USDT)
    exit_decided_at: str | None = None
    exited_at: str | None = None
    near_exit: Decimal | None = None
    far_exit: Decimal | None = None
    rate_at_exit: Decimal | None = None
    net: Decimal | None = None
    premium: Decimal | None = None
    rate: Decimal | None = None
    funding_krw: Decimal | None = None
    fees: Decimal | None = None


@dataclass
class Denial:
    """One refusal that went on. rules: share | minimum | money.krw | money.coins | money.usdt | max_age | when_closed |
    max_position | profit_only_exit | halt."""

    pair: str
    tier: str
    side: str
    stand: str  # entry | exit
    rules: frozenset[str]
    first_at: str
    last_at: str
    count: int
    lot: int | None  # the lot whose exit was denied
    moments: list[str] = field(default_factory=list, repr=False)  # every judgement of the episode


@dataclass(frozen=True)
class Settlement:
    """What the far venue paid (below zero: took) for one position at one settlement, in USDT."""

    at: str
    pair: str
    usdt: Decimal


@dataclass(frozen=True)
class Missed:
    pair: str
    at: str
    what: str
    why: str


@dataclass(frozen=True)
class Incident:
    pair: str
    at: str
    what: str


@dataclass
class OracleResult:
    first_hour: str
    hours: int
    trades: list[Trade] = field(default_factory=list)  # by entry, then in the file's order of pairs
    open_lots: list[Trade] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)  # by hour, then in the file's order of pairs
    denials: list[Denial] = field(default_factory=list)  # as they began
    missed: list[Missed] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    ladder: list[str] = field(default_factory=list)  # retries and unwinds
    balances: dict[str, Decimal | float] = field(default_factory=dict)

    @property
    def trusted_until(self) -> str | None:
        return min((i.at for i in self.incidents), default=None)


def trade_of(lot: Lot, hour: int, near: Fraction, far: Fraction, rate: Fraction, rules: Rules) -> Trade:
    """net, and its split (design.md section 3): pi = n/(fU) - 1, so f U pi = n - f U."""
    fees_krw = lot.fees_krw + lot.amount * near * rules.near_fee
    fees_usdt = lot.fees_usdt + lot.amount * far * rules.far_fee
    won, dollars = lot.results(near, far)
    net = won + (dollars + lot.booked) * rate - fees_krw - fees_usdt * rate
    n1, f1 = lot.amount * near, lot.amount * far
    premium = lot.d * ((n1 - f1 * rate) - (lot.near_cost - lot.far_cost * lot.rate))
    moved = lot.d * lot.far_cost * (rate - lot.rate)
    funding, fees = lot.booked * rate, -(fees_krw + fees_usdt * rate)
    assert premium + moved + funding + fees == net
    parts = {"net": net, "premium": premium, "rate": moved, "funding_krw": funding, "fees": fees}
    ends = {"near_exit": near, "far_exit": far, "rate_at_exit": rate}
    told = opening_of(lot) | {k: exact_decimal(v) for k, v in (parts | ends).items()}
    told |= {"fees_krw": exact_decimal(fees_krw), "fees_usdt": exact_decimal(fees_usdt)}
    return Trade(**told | {"exit_decided_at": iso(hour), "exited_at": iso(hour)})


def opening_of(lot: Lot) -> dict[str, Any]:
    return {
        "pair": lot.pair,
        "tier": lot.tier.name,
        "side": side_of(lot.d),
        "decided_at": iso(lot.decided),
        "entered_at": iso(lot.decided),
        "amount": exact_decimal(lot.amount),
        "near_entry": exact_decimal(lot.near_entry),
        "far_entry": exact_decimal(lot.far_entry),
        "rate_at_entry": exact_decimal(lot.rate),
        "fees_krw": exact_decimal(lot.fees_krw),
        "fees_usdt": exact_decimal(lot.fees_usdt),
        "funding": tuple((iso(hour), exact_decimal(usdt)) for hour, usdt in lot.funding),
    }


def exact_decimal(value: Fraction) -> Decimal:
    """The same number in decimals; one that does not end is an error."""
    places, scaled = 0, value
    while scaled.denominator != 1:
        places, scaled = places + 1, scaled * 10
        if places > 60:
            raise ValueError(f"{value} has no end in decimals")
    return Decimal((int(scaled < 0), tuple(int(c) for c in str(abs(scaled.numerator))), -places))


def side_of(d: int) -> str:
    return "long_premium" if d > 0 else "short_premium"


def iso(hour: int) -> str:
    return datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def hour_of(at: datetime) -> int:
    return int(at.timestamp()) // 3600


def summary(result: OracleResult) -> str:
    closed = Counter((t.tier, t.side) for t in result.trades)
    left = Counter((t.tier, t.side) for t in result.open_lots)
    denied = Counter((d.stand, d.tier, d.side, " ".join(sorted(d.rules))) for d in result.denials)
    rows = Counter[tuple[str, str, str, str]]()
    for d in result.denials:
        rows[d.stand, d.tier, d.side, " ".join(sorted(d.rules))] += d.count
    held = [(_span_h(t.entered_at, t.exited_at), t) for t in result.trades if t.exited_at]
    lines = [f"{result.hours} hours from {result.first_hour}"]
    lines += [f"trades {len(result.trades)}, net {sum(t.net or 0 for t in result.trades):,.2f} KRW"]
    lines += [f"  {tier} {side}: {n}" for (tier, side), n in sorted(closed.items())]
    lines += [f"open at the end {len(result.open_lots)}"] + [f"  {t} {s}: {n}" for (t, s), n in sorted(left.items())]
    lines += [f"denials {len(result.denials)} episodes, {sum(d.count for d in result.denials)} judgements"]
    lines += [f"  {' | '.join(key)}: {n} episodes, {rows[key]} judgements" for key, n in sorted(denied.items())]
    end = iso(hour_of(datetime.fromisoformat(result.first_hour)) + result.hours)
    held += [(_span_h(t.entered_at, end), t) for t in result.open_lots]
    if held:
        hours, longest = max(held, key=lambda h: h[0])
        lines += [f"longest holding {hours} h: {longest.pair} {longest.tier} {longest.side} from {longest.entered_at}"]
    lines += [f"missed: {m}" for m in result.missed] + [f"ladder: {text}" for text in result.ladder]
    lines += [f"incident: {i}" for i in result.incidents] + [f"balances {result.balances}"]
    return "\n".join(lines)


def _span_h(since: str, until: str | None) -> int:
    return int((datetime.fromisoformat(until or since) - datetime.fromisoformat(since)).total_seconds()) // 3600
