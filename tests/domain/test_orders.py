from dataclasses import replace
from decimal import Decimal

import pytest

from karb_core.domain.amount import Amount, MixedAssets, Price
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill, Filled, Order, Outcome, Rejected, Side, TimeInForce, Unknown, is_over

BTC = Instrument("upbit", "BTC", "KRW")
ORDER = Order(
    id="karb-m1-abcdefghij234567-0-0",
    intent_id="abcdefghij234567",
    leg=0,
    instrument=BTC,
    side=Side.BUY,
    amount=Amount(Decimal("0.1"), "BTC"),
    limit=Price(Decimal(95_000_000), "BTC", "KRW"),
    cost=None,
    time_in_force=TimeInForce.IOC,
    reduce_only=False,
)
FILL = Fill(
    order_id=ORDER.id,
    venue_trade_id="t1",
    instrument=BTC,
    side=Side.BUY,
    amount=Amount(Decimal("0.1"), "BTC"),
    price=Price(Decimal(95_000_000), "BTC", "KRW"),
    fee=Amount(Decimal(4750), "KRW"),
    venue_at_ns=1,
    received_at_ns=2,
)


def krw(value: int) -> Amount:
    return Amount(Decimal(value), "KRW")


def test_a_side_moves_base_to_us_or_from_us() -> None:
    assert (Side.of(Decimal("0.1")), Side.of(Decimal("-0.1"))) == (Side.BUY, Side.SELL)
    assert (Side.BUY.opposite, Side.SELL.opposite) == (Side.SELL, Side.BUY)
    assert (Side.BUY.sign, Side.SELL.sign) == (Decimal(1), Decimal(-1))
    with pytest.raises(ValueError, match="no side"):
        Side.of(Decimal("-0"))


def test_an_order_may_be_told_by_what_it_may_cost() -> None:
    assert replace(ORDER, limit=None, cost=krw(9_500_000)).cost == krw(9_500_000)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"limit": None}, "a limit or a cost"),
        ({"cost": krw(1)}, "a limit or a cost"),
        ({"amount": Amount(Decimal(0), "BTC")}, "trades nothing"),
        ({"amount": Amount(Decimal("-0.1"), "BTC")}, "trades nothing"),
        ({"limit": None, "cost": krw(0)}, "trades nothing"),
        ({"limit": None, "cost": krw(1), "side": Side.SELL}, "sells by cost"),
    ],
)
def test_an_order_that_cannot_be_meant_is_not_made(change: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        replace(ORDER, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Amount(Decimal("0.1"), "ETH")},
        {"limit": Price(Decimal(1), "BTC", "USDT")},
        {"limit": None, "cost": Amount(Decimal(1), "USDT")},
    ],
)
def test_an_order_in_another_instruments_money_is_not_made(change: dict[str, object]) -> None:
    with pytest.raises(MixedAssets, match="upbit BTC/KRW"):
        replace(ORDER, **change)  # type: ignore[arg-type]


def test_a_fill_moves_base_one_way_and_quote_the_other() -> None:
    assert (FILL.moved.text(), FILL.cost.text()) == ("0.1 BTC", "9500000 KRW")
    sold = replace(FILL, side=Side.SELL)
    assert (sold.moved.text(), sold.cost.text()) == ("-0.1 BTC", "-9500000 KRW")


def test_a_fill_of_nothing_or_of_another_market_is_none() -> None:
    with pytest.raises(ValueError, match="traded nothing"):
        replace(FILL, amount=Amount(Decimal(0), "BTC"))
    with pytest.raises(MixedAssets):
        replace(FILL, price=Price(Decimal(1), "ETH", "KRW"))


def test_a_fee_may_be_in_any_asset_and_a_rebate_is_below_zero() -> None:
    assert replace(FILL, fee=Amount(Decimal("-0.001"), "BNB")).fee.value < 0


def test_an_outcome_says_what_has_traded_even_more_than_was_ordered() -> None:
    none, more = Amount.zero("BTC"), Amount(Decimal("0.2"), "BTC")
    assert Filled(ORDER, none, krw(0), final=True).filled == none
    assert Filled(ORDER, more, krw(19_000_000), final=True).filled == more
    assert Unknown(ORDER, "timed out", none, krw(0)).why == "timed out"


def test_less_than_nothing_or_another_asset_never_traded() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        Filled(ORDER, Amount(Decimal(-1), "BTC"), krw(0), final=False)
    with pytest.raises(ValueError, match="less than nothing"):
        Unknown(ORDER, "", Amount.zero("BTC"), krw(-1))
    with pytest.raises(MixedAssets):
        Filled(ORDER, Amount.zero("ETH"), krw(0), final=False)


NOTHING = (Amount.zero("BTC"), krw(0))


@pytest.mark.parametrize(
    ("answer", "over"),
    [
        (None, False),
        (Unknown(ORDER, "timed out", *NOTHING), False),
        (Filled(ORDER, *NOTHING, final=False), False),
        (Filled(ORDER, *NOTHING, final=True), True),
        (Rejected(ORDER, "no", "no"), True),
    ],
)
def test_an_order_is_over_when_an_answer_says_that_no_more_can_trade(answer: Outcome | None, over: bool) -> None:
    assert is_over(answer) is over
