"""How long one leg stands alone, by the venues' own fills."""

from __future__ import annotations

from decimal import Decimal

import pytest

from karb_core.domain.amount import Amount
from karb_core.domain.orders import Fill, Side
from karb_core.ports import PairTerms
from karb_core.wiring.uneven import Evenness, Unevenness
from tests.plugins.scene import FAR, NEAR, SECOND
from tests.venue.accounts import facts

PRICES = {NEAR: Decimal(100_000_000), FAR: Decimal(100_000)}


def fill(leg: int, amount: str, at_s: int) -> Fill:
    """Above zero is bought."""
    instrument = (NEAR, FAR)[leg]
    side = Side.BUY if Decimal(amount) > 0 else Side.SELL
    return Fill(
        order_id="o", venue_trade_id=f"{leg}-{at_s}", instrument=instrument, side=side,
        amount=instrument.amount(abs(Decimal(amount))), price=instrument.price(PRICES[instrument]),
        fee=Amount(Decimal(0), instrument.quote), venue_at_ns=at_s * SECOND, received_at_ns=at_s * SECOND,
    )  # fmt: skip


def stood(*fills: Fill, until_s: int = 100) -> tuple[Decimal, int]:
    """The most it was, and for how many seconds at a stretch."""
    stated = {instrument: facts(instrument) for instrument in (NEAR, FAR)}
    one = Evenness(PairTerms("BTC", (NEAR, FAR), Decimal(1)), stated)
    all_of_it = Unevenness({"BTC": one})
    all_of_it.step(fills, until_s * SECOND)
    all_of_it.step(fills, until_s * SECOND)
    return one.worst, one.longest_ns // SECOND


@pytest.mark.parametrize(
    ("fills", "worst", "seconds"),
    [
        ((), "0", 0),
        ((fill(0, "0.1", 10), fill(1, "-0.1", 10)), "0", 0),
        ((fill(0, "0.1", 10), fill(1, "-0.1", 13)), "0.1", 3),
        ((fill(0, "0.1", 10), fill(1, "-0.04", 12), fill(1, "-0.06", 15)), "0.1", 5),
        ((fill(0, "0.1", 10), fill(0, "-0.1", 14), fill(1, "-0.2", 20), fill(0, "0.2", 21)), "0.2", 4),
        ((fill(0, "0.1", 10), fill(1, "-0.05", 12), fill(0, "0.05", 15), fill(1, "-0.1", 15)), "0.1", 5),
        ((fill(1, "-0.1", 90),), "0.1", 10),
        ((fill(0, "0.1005", 10), fill(1, "-0.1", 10)), "0", 0),
        ((fill(0, "0.00004", 10),), "0", 0),
    ],
    ids=[
        "nothing traded", "at one time", "one after the other", "in parts", "twice", "two at one time later", "for ever", "less than a step",
        "less than any venue takes",
    ],
)  # fmt: skip
def test_it_counts_from_the_fill_that_made_it_uneven(fills: tuple[Fill, ...], worst: str, seconds: int):
    assert stood(*fills) == (Decimal(worst), seconds)
