"""Values with units: every spelling of one value is one text and one digest; anything else is refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_UP, Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.amount import Amount
from karb_core.rules.canonical import canonical, canonical_bytes, digest
from karb_core.rules.duration import Duration, PositiveDuration
from karb_core.rules.mistakes import read_block
from karb_core.rules.money import Money, PositiveMoney
from karb_core.rules.names import InstrumentName, PathName, Secret, ShortName
from karb_core.rules.number import Number, PositiveCount, PositiveNumber
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio, Ratio, SignedRatio
from karb_core.rules.roles import rule
from karb_core.rules.stock import Stock
from karb_core.texts.text import render


class One(Params):
    ratio: Ratio = rule("a ratio")


class Length(Params):
    length: Duration = rule("a length of time")


class Sum(Params):
    money: Money = rule("an amount")


class Many(Params):
    """One of each, to be refused one at a time."""

    ratio: PositiveRatio = rule("a ratio above zero")
    signed: SignedRatio = rule("a ratio of either sign")
    length: PositiveDuration = rule("a length above zero")
    money: PositiveMoney = rule("money above zero")
    stock: Stock = rule("what is held")
    number: PositiveNumber = rule("a number above zero")
    least: Number = rule("a number")
    count: PositiveCount = rule("a count")
    near: InstrumentName = rule("an instrument")
    keys: Secret = rule("a secret")
    name: ShortName = rule("a name")
    file: PathName = rule("a path")


GOOD: dict[str, Any] = {
    "ratio": "1%",
    "signed": "-1%",
    "length": "1s",
    "money": "1 KRW",
    "stock": "1 BTC",
    "number": 1,
    "least": 0,
    "count": 1,
    "near": "upbit BTC/KRW",
    "keys": "secret:upbit",
    "name": "kimp",
    "file": "../data.yaml",
}


def grouped(digits: str, by: str) -> str:
    head = len(digits) % 3 or 3
    return by.join([digits[:head], *(digits[i : i + 3] for i in range(head, len(digits), 3))])


def spelt(whole: int, fraction: str, by: str) -> str:
    """`whole` and the digits behind the point, grouped by `by`."""
    return grouped(str(whole), by) + (f".{fraction}" if fraction else "")


wholes = st.integers(0, 10**12)
fractions = st.text("0123456789", max_size=10)
groupings = st.sampled_from(["", ",", "_"])


@given(wholes, fractions, groupings, groupings, st.integers(0, 4), st.booleans())
@settings(max_examples=150)
def test_every_spelling_of_a_ratio_is_one_value(
    whole: int, fraction: str, by: str, other: str, zeros: int, blank: bool
) -> None:
    percent = f"{spelt(whole, fraction, by)}{' ' if blank else ''}%"
    points = Fraction(whole * 10 ** len(fraction) + int(fraction or "0"), 10 ** len(fraction)) * 100  # the same in bp
    shifted = (fraction + "00")[2:]
    bp = f"{spelt(whole * 100 + int((fraction + '00')[:2]), shifted + '0' * zeros, other)}bp"
    one, two = One(ratio=percent), One(ratio=bp)
    assert Fraction(one.ratio) == points / 10_000
    assert one == two
    assert canonical(one) == canonical(two)
    assert digest(canonical(one)) == digest(canonical(two))


@given(wholes, fractions, groupings, st.integers(0, 4))
@settings(max_examples=100)
def test_every_spelling_of_money_is_one_amount(whole: int, fraction: str, by: str, zeros: int) -> None:
    plain = Sum(money=f"{whole}.{fraction or '0'} KRW")
    other = Sum(money=f"{spelt(whole, fraction + '0' * zeros, by)} KRW")
    assert Fraction(other.money.value) == Fraction(
        whole * 10 ** len(fraction) + int(fraction or "0"), 10 ** len(fraction)
    )
    assert canonical(plain) == canonical(other)
    assert digest(canonical(plain)) == digest(canonical(other))


UNITS = {"ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}


@given(st.integers(0, 9_999_999), st.text("0123456789", max_size=3), st.sampled_from(sorted(UNITS)), st.booleans())
@settings(max_examples=100)
def test_a_length_of_time_is_exactly_what_is_written(whole: int, fraction: str, unit: str, blank: bool) -> None:
    written = f"{whole}{'.' + fraction if fraction else ''}{' ' if blank else ''}{unit}"
    exact = (whole * 1000 + int((fraction + "000")[:3])) * UNITS[unit] // 1000
    assert Length(length=written).length == timedelta(microseconds=exact)


@pytest.mark.parametrize(
    "same",
    [
        ["10m", "600s", "600000ms", "600.0 s"],
        ["20d", "480h", "28800m"],
        ["0s", "0ms", "0.000d"],
        ["1.5h", "90m"],
        ["0.001ms", "0.001 ms"],
    ],
)
def test_every_spelling_of_a_length_is_one_text_and_one_digest(same: list[str]) -> None:
    found = {digest(canonical(Length(length=written))) for written in same}
    assert len(found) == 1
    assert len({canonical_bytes(canonical(Length(length=written))) for written in same}) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (One(ratio="3%"), {"ratio": "0.03"}),
        (One(ratio="300bp"), {"ratio": "0.03"}),
        (One(ratio="0%"), {"ratio": "0"}),
        (One(ratio="100%"), {"ratio": "1"}),
        (One(ratio="0.0001bp"), {"ratio": "0.00000001"}),
        (Length(length="80ms"), {"length": "0.08s"}),
        (Length(length="20d"), {"length": "1728000s"}),
        (Sum(money="40,000,000 KRW"), {"money": "40000000 KRW"}),
        (Sum(money="0.250 BTC"), {"money": "0.25 BTC"}),
    ],
)
def test_the_canonical_text_is_plain(value: Params, text: object) -> None:
    assert canonical(value) == text


def test_values_are_read_exactly_in_a_context_that_rounds_everything() -> None:
    with localcontext(Context(prec=2, rounding=ROUND_UP)):
        assert One(ratio="12.3456789%").ratio.as_tuple() == Decimal("0.123456789").as_tuple()
        assert Sum(money="123,456,789.123456789 KRW").money == Amount(Decimal("123456789.123456789"), "KRW")
        assert Length(length="1234567.891s").length == timedelta(microseconds=1_234_567_891_000)
        assert canonical(Sum(money="123,456,789.123456789 KRW")) == {"money": "123456789.123456789 KRW"}


def test_the_largest_number_that_fits_the_pattern_is_read_whole() -> None:
    most = "999999999999999999.999999999999999999"
    assert Sum(money=f"{most} KRW").money.value == Decimal(most)
    assert One(ratio=f"{most}bp").ratio == Decimal(most).scaleb(-4, Context(prec=60))


@pytest.mark.parametrize(
    ("key", "written", "told"),
    [
        ("ratio", 3, "`3` has no unit: write `3%` or `300bp`"),
        ("ratio", Decimal("0.8"), "`0.8` has no unit: write `0.8%` or `80bp`"),
        ("ratio", Decimal("1E+3"), "`1E+3` has no unit"),
        ("ratio", "3", "`3` has no unit: write `3%`"),
        ("ratio", True, "expected a ratio such as `0.8%` or `20bp`, got `true`"),
        ("ratio", "0%", "`0%` is too small"),
        ("ratio", "0.000%", "too small"),
        ("ratio", "-1%", "too small"),
        ("ratio", "-1 bp", "too small"),
        ("ratio", "3 %%", "expected a ratio"),
        ("ratio", "%3", "expected a ratio"),
        ("ratio", "3  %", "expected a ratio"),
        ("ratio", "1e2%", "expected a ratio"),
        ("ratio", "03%", "expected a ratio"),
        ("ratio", "1,00%", "expected a ratio"),
        ("ratio", "1,000_000%", "expected a ratio"),
        ("ratio", ",100%", "expected a ratio"),
        ("ratio", "3%\n", "expected a ratio"),
        ("ratio", "３%", "expected a ratio"),
        ("ratio", "٣%", "expected a ratio"),
        ("ratio", ".5%", "expected a ratio"),
        ("ratio", "5.%", "expected a ratio"),
        ("ratio", "0." + "0" * 18 + "1%", "expected a ratio"),
        ("ratio", None, "there is no value"),
        ("ratio", [], "got `[...]`"),
        ("ratio", {}, "got `{...}`"),
        ("signed", "+1%", "expected a ratio"),
        ("signed", "--1%", "expected a ratio"),
        ("length", 10, "`10` has no unit: write `10s` or `10m`"),
        ("length", "10", "`10` has no unit"),
        ("length", Decimal("1.5"), "`1.5` has no unit"),
        ("length", "0s", "above zero"),
        ("length", "0.000ms", "above zero"),
        ("length", "5M", "length of time"),
        ("length", "5min", "length of time"),
        ("length", "-5m", "length of time"),
        ("length", "1:30", "length of time"),
        ("length", "1h30m", "length of time"),
        ("length", "10000000d", "length of time"),
        ("length", "0.0001s", "length of time"),
        ("length", "1,000s", "length of time"),
        ("length", "5m\n", "length of time"),
        ("money", 3000000, "`3000000` has no currency: write `3000000 KRW`"),
        ("money", "40,000,000", "has no currency"),
        ("money", "40,000,000krw", "write `40,000,000 KRW` instead of `40,000,000krw`"),
        ("money", "1 krw", "write `1 KRW`"),
        ("money", "0 KRW", "must be above zero, got `0 KRW`"),
        ("money", "0.00 KRW", "must be above zero"),
        ("money", "1 KRW\n", "expected an amount"),
        ("money", "-1 KRW", "expected an amount"),
        ("money", "KRW 1", "expected an amount"),
        ("money", "1 ₩", "expected an amount"),
        ("money", "1 K", "expected an amount"),
        ("money", "40,00,000 KRW", "expected an amount"),
        ("money", "4000,000 KRW", "expected an amount"),
        ("stock", "BTC worth 0 KRW at start", "expected an amount"),
        ("stock", "BTC worth 1 KRW", "expected an amount"),
        ("number", 0, "must be above 0, got `0`"),
        ("number", Decimal("-0.1"), "must be above 0"),
        ("number", "1", "expected a plain number"),
        ("number", True, "expected a plain number, got `true`"),
        ("number", 10**12 + 1, "larger than anything karb can mean"),
        ("least", -1, "must be 0 or more, got `-1`"),
        ("least", "none", "expected a plain number"),
        ("count", 0, "must be 1 or more"),
        ("count", Decimal("1.0"), "expected a whole number, got `1.0`"),
        ("count", True, "whole number"),
        ("near", "upbit KRW-BTC", "expected an instrument"),
        ("near", "BTC/KRW", "expected an instrument"),
        ("near", "Upbit BTC/KRW", "instrument"),
        ("keys", "A1b2C3secret", "never write the key itself here"),
        ("keys", "secret:", "never write the key"),
        ("keys", "secret:비밀", "never"),
        ("name", "Kimp", "expected a short name"),
        ("name", "김프", "expected a short name"),
        ("name", "a" * 65, "expected a short name"),
        ("file", "a\nb", "expected a path"),
        ("file", "", "expected a path"),
        ("file", "a\0b", "expected a path"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(key: str, written: object, told: str) -> None:
    mistakes = read_block(Many, GOOD | {key: written})
    assert isinstance(mistakes, list)
    (mistake,) = mistakes
    assert (mistake.path, mistake.key) == ((key,), key)
    assert told in render(mistake.text)
    assert any("가" <= c <= "힣" for c in render(mistake.text, "ko"))


def test_a_key_that_was_pasted_by_mistake_is_never_repeated() -> None:
    mistakes = read_block(Many, GOOD | {"keys": "AKIAIOSFODNN7EXAMPLE"})
    assert isinstance(mistakes, list)
    assert "AKIA" not in render(mistakes[0].text) + render(mistakes[0].text, "ko")


@pytest.mark.parametrize("count", [1, 10**12])
def test_a_plain_number_reaches_its_bounds(count: int) -> None:
    assert not isinstance(read_block(Many, GOOD | {"count": count, "number": Decimal(count), "least": 0}), list)


def test_no_float_can_enter_a_digest() -> None:
    with pytest.raises(TypeError, match="no canonical text"):
        canonical(0.1)
    with pytest.raises(TypeError, match="enter a digest as text"):
        canonical_bytes({"a": [0.1]})  # type: ignore[list-item]
    with pytest.raises(TypeError, match="enter a digest as text"):
        canonical_bytes({"a": Decimal(1)})  # type: ignore[dict-item]


def test_keys_are_ordered_as_rfc_8785_orders_them() -> None:
    assert canonical_bytes({"\ue000": "b", "😀": "a", "a": "c"}).decode() == '{"a":"c","😀":"a","\ue000":"b"}'
    assert canonical_bytes({"k": ['"\\\n', "한글"]}).decode() == '{"k":["\\"\\\\\\n","한글"]}'


def test_one_two_and_true_are_three_values() -> None:
    assert len({digest(canonical(v)) for v in (1, True, "true", None, "", [], {}, ["1"], {"1": "1"})}) == 9
