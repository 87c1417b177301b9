from dataclasses import FrozenInstanceError
from decimal import Decimal, Inexact
from fractions import Fraction

import pytest
from hypothesis import given

from karb_core.domain.amount import Amount, MixedAssets, Price
from tests.domain.draws import prices, signed


def krw(value: str) -> Amount:
    return Amount(Decimal(value), "KRW")


@given(signed, signed)
def test_amounts_of_one_asset_add_and_compare_as_fractions(a: Decimal, b: Decimal) -> None:
    one, two = Amount(a, "BTC"), Amount(b, "BTC")
    assert Fraction((one + two).value) == Fraction(a) + Fraction(b)
    assert (one + two) - two == one
    assert -(one - two) == two - one
    assert abs(one) == Amount(a if a >= 0 else a.copy_negate(), "BTC")
    assert (one < two, one <= two, one > two, one >= two) == (a < b, a <= b, a > b, a >= b)


@pytest.mark.parametrize("meet", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_two_assets_never_meet(meet: str) -> None:
    usdt = Amount(Decimal(1), "USDT")
    with pytest.raises(MixedAssets, match="100 KRW and 1 USDT"):
        getattr(krw("100"), meet)(usdt)
    with pytest.raises(MixedAssets, match="1 USDT and 100 KRW"):
        getattr(usdt, meet)(krw("100"))
    with pytest.raises(TypeError, match="two amounts"):
        getattr(krw("100"), meet)(Decimal(1))


def test_equal_numbers_of_two_assets_are_not_equal() -> None:
    assert krw("1.0") == krw("1.000")
    assert hash(krw("1.0")) == hash(krw("1.000"))
    assert krw("1") != Amount(Decimal(1), "USDT")


@pytest.mark.parametrize("money", [krw("1"), Price(Decimal(1), "BTC", "KRW")])
def test_money_is_never_changed_and_holds_nothing_else(money: Amount | Price) -> None:
    with pytest.raises(FrozenInstanceError):
        money.value = Decimal(2)  # type: ignore[misc]
    assert not hasattr(money, "__dict__")


@pytest.mark.parametrize("value", [0.5, 1, "1", None])
def test_only_a_decimal_is_money(value: object) -> None:
    with pytest.raises(TypeError, match="not a Decimal"):
        Amount(value, "KRW")  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_money(value: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        Amount(Decimal(value), "KRW")


@pytest.mark.parametrize("asset", ["", "KR W", "BTC/KRW", "원"])
def test_an_asset_has_a_plain_name(asset: str) -> None:
    with pytest.raises(ValueError, match="name of an asset"):
        Amount(Decimal(1), asset)


@given(signed, prices)
def test_an_amount_at_a_price_is_its_worth_in_the_quote(value: Decimal, price: Decimal) -> None:
    worth = Amount(value, "BTC").at(Price(price, "BTC", "KRW"))
    assert (Fraction(worth.value), worth.asset) == (Fraction(value) * Fraction(price), "KRW")


def test_an_amount_has_no_worth_at_another_assets_price() -> None:
    for asset in ("AAVE", "ETH"):
        with pytest.raises(MixedAssets, match=f"2 {asset} has no price in 95000000 KRW/BTC"):
            Amount(Decimal(2), asset).at(Price(Decimal("95E+6"), "BTC", "KRW"))


@pytest.mark.parametrize("value", ["0", "-1"])
def test_a_price_is_above_zero(value: str) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Price(Decimal(value), "BTC", "KRW")


@given(signed)
def test_an_amount_is_read_as_it_was_written(value: Decimal) -> None:
    amount = Amount(value, "KRW")
    assert Amount.read(amount.text()) == amount


def test_the_text_of_an_amount() -> None:
    assert krw("4.0E+7").text() == "40000000 KRW"
    assert str(-Amount(Decimal("0.250"), "BTC")) == "-0.25 BTC"
    assert Amount.zero("KRW").text() == "0 KRW"


@pytest.mark.parametrize(
    "written", ["1.0 KRW", "1e3 KRW", "NaN KRW", "1", "1 ", " 1 KRW", "-0 KRW", "1_0 KRW", "١ KRW", "1.2.3 KRW"]
)
def test_no_other_writing_is_an_amount(written: str) -> None:
    with pytest.raises(ValueError, match=r"not an amount|not the name"):
        Amount.read(written)


def test_times_is_exact_or_raises() -> None:
    assert krw("40000000").times(Decimal("0.15")) == krw("6000000")
    with pytest.raises(Inexact):
        krw("1." + "1" * 40).times(Decimal("1." + "1" * 40))
    with pytest.raises(TypeError, match="not a Decimal"):
        krw("1").times(0.5)  # type: ignore[arg-type]


def test_amounts_of_one_asset_add_up_and_of_none_there_is_nothing() -> None:
    assert Amount.total([Amount(Decimal("0.1"), "BTC"), Amount(Decimal("-0.3"), "BTC")], "BTC").text() == "-0.2 BTC"
    assert Amount.total([], "KRW").text() == "0 KRW"
    with pytest.raises(MixedAssets):
        Amount.total([Amount(Decimal(1), "BTC")], "KRW")
