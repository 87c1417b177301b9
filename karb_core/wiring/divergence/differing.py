"""One lot that both runs have: what its two results differ by, part by part, to the last digit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.texts.text import Said, Text
from karb_core.wiring.divergence.held import Held
from karb_core.wiring.divergence.row import Cause, Row
from karb_core.wiring.in_book import in_book

#: The close of the last bar of an instrument that closed by then.
Closes = Callable[[Instrument, int], Decimal]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why one of the two was entered, or left, at another moment; None where nobody knows."""

    entered: Said | None
    left: Said | None


@dataclass(frozen=True, slots=True)
class _Way:
    """One leg's way in, or out: base moved and cost, both signed, and the close at the moment it was decided at."""

    moved: Amount
    cost: Amount
    close: Decimal

    @property
    def beyond(self) -> Amount:
        """What it cost beyond the close."""
        return self.cost - Amount(exact.mul(self.moved.value, self.close), self.cost.asset)


def differing(mine: Held, other: Held, closes: Closes, ended_ns: int, reasons: Reasons, book: str) -> Iterator[Row]:
    """The run's lot less the backtest's: rows that are not nothing, at the backtest's money rate, and `rate` for the rest.

    A cost is base x close + what was paid beyond it, so that cost less cost is (base - base) x the backtest's close +
    base x (close - close) + (beyond - beyond): products only, and nothing is rounded. Source: our own.
    """

    def row(cause: Cause, instrument: Instrument | None, amount: Amount, why: Said | None) -> Iterator[Row]:
        if amount.value:
            worth = in_book(amount, other.money, book)
            yield Row(cause, mine.lot.pair, mine.lot.tier, mine.lot.side, mine.entered_ns, instrument, worth, why)

    for number, leg in enumerate(mine.lot.legs):
        yield from row(Cause.QUANTITY, leg.instrument, *_quantity(mine, other, number, closes, ended_ns))
        for way_out, moment, fill, why in (
            (False, Cause.MOMENT_IN, Cause.FILL_IN, reasons.entered),
            (True, Cause.MOMENT_OUT, Cause.FILL_OUT, reasons.left),
        ):
            a, b = (_way(held, number, closes, ended_ns, way_out=way_out) for held in (mine, other))
            moved = _taken(a.moved.value, exact.sub(a.close, b.close), a.cost)
            yield from row(moment, leg.instrument, moved, why)
            yield from row(fill, leg.instrument, b.beyond - a.beyond, _beyond(a, b))
    for fee in _apart(other.lot.charged, mine.lot.charged):
        yield from row(Cause.FEES, None, fee, _booked("fees", mine.lot.fees, other.lot.fees))
    for funding in _apart(mine.lot.funding, other.lot.funding):
        yield from row(Cause.FUNDING, None, funding, _settled(mine, other))
    yield from _of_rate(mine, other, book)


def _way(held: Held, number: int, closes: Closes, ended_ns: int, *, way_out: bool) -> _Way:
    leg = held.lot.legs[number]
    if not way_out:
        return _Way(leg.entered, leg.entered_cost, closes(leg.instrument, held.entered_ns))
    return _Way(leg.left, leg.left_cost, closes(leg.instrument, ended_ns if held.left_ns is None else held.left_ns))


def _taken(base: Decimal, price: Decimal, cost: Amount) -> Amount:
    """What that much base brings: a cost with the other sign."""
    return Amount(exact.negate(exact.mul(base, price)), cost.asset)


def _apart(more: Iterable[Amount], less: Iterable[Amount]) -> list[Amount]:
    """By asset."""
    sums: dict[str, Amount] = {}
    for amount in (*more, *(-each for each in less)):
        sums[amount.asset] = sums.get(amount.asset, Amount.zero(amount.asset)) + amount
    return list(sums.values())


def _of_rate(mine: Held, other: Held, book: str) -> Iterator[Row]:
    """All that the run's lot brought in another asset, at the difference of the two rates."""
    if mine.money is None or other.money is None or mine.money.value == other.money.value:
        return
    rate = exact.sub(mine.money.value, other.money.value)
    brought = [*(leg.result for leg in mine.lot.legs), *mine.lot.funding, *(-fee for fee in mine.lot.charged)]
    foreign = exact.total(amount.value for amount in brought if amount.asset != book)
    why = Text("parity.rate", {"mine": mine.money.text(), "other": other.money.text()})
    if foreign:
        amount = Amount(exact.mul(foreign, rate), book)
        yield Row(Cause.RATE, mine.lot.pair, mine.lot.tier, mine.lot.side, mine.entered_ns, None, amount, why)


def _quantity(mine: Held, other: Held, number: int, closes: Closes, ended_ns: int) -> tuple[Amount, Said]:
    """In and out together, at the backtest's closes: what one has more of is worth what the price moved meanwhile."""
    taken = Amount.zero(mine.lot.legs[number].instrument.quote)
    for way_out in (False, True):
        a, b = (_way(held, number, closes, ended_ns, way_out=way_out) for held in (mine, other))
        taken = taken + _taken(exact.sub(a.moved.value, b.moved.value), b.close, a.cost)
    moved = (held.lot.legs[number].entered.text() for held in (mine, other))
    return taken, Text("parity.quantity", dict(zip(("mine", "other"), moved, strict=True)))


def _beyond(a: _Way, b: _Way) -> Said:
    return Text("parity.fill", {"mine": a.beyond.text(), "other": b.beyond.text()})


def _booked(what: str, mine: Iterable[Amount], other: Iterable[Amount]) -> Said:
    return Text(f"parity.{what}", {"mine": _told(mine), "other": _told(other)})


def _settled(mine: Held, other: Held) -> Said:
    told = {"mine": _told(mine.lot.funding), "other": _told(other.lot.funding)}
    return Text("parity.funding", {**told, "times": mine.settlements, "others": other.settlements})


def _told(amounts: Iterable[Amount]) -> str:
    return " + ".join(amount.text() for amount in amounts) or "0"
