"""What a person is shown of an exact text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.rules.shown import shown


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ("lot 2lh45b7xjvismxbg: -629.37777282995699532 KRW", "lot 2lh45b7xjvismxbg: -629 KRW"),
        (
            "6394.51930966675 USDT free at binance_usdm, 1300.275738019697 USDT missing",
            "6,394.52 USDT free at binance_usdm, 1,300.28 USDT missing",
        ),
        ("7694.8 USD", "7,694.8 USD"),
        ("0.123456785001 BTC of upbit BTC/KRW", "0.12345679 BTC of upbit BTC/KRW"),
        ("0.25 BTC", "0.25 BTC"),
        ("40000000 KRW", "40,000,000 KRW"),
        ("premium 0.01891234567, the last clip at 0.0112", "premium 0.0189123, the last clip at 0.0112"),
        ("2.01346789", "2.01347"),
        ("50647.712345", "50647.7"),
        ("65707706.4", "65707706"),
        ("0.4123456789%", "0.412346%"),
        ("5.0000000001s old", "5s old"),
        ("108300s old", "108300s old"),
        ("1.0000007 out of 3", "1 out of 3"),
    ],
)
def test_numbers_are_rounded_by_what_they_count(told: str, seen: str) -> None:
    assert shown(told) == (seen,)


@pytest.mark.parametrize(
    "told",
    [
        "",
        "a net result above zero",
        "strategies/btc.yaml:3:8",
        "/risk_gates/3/use",
        "2025-02-13 16:35:00.123456789",
        "karb 0.1.0 of sha256:8749d7d50fe4",
        "10.123.45.6789012",
        "40,000,000 KRW",
        "1" * 61 + ".5 KRW",
    ],
)
def test_what_is_no_number_to_round_stays(told: str) -> None:
    assert shown(told) == (told,)


@pytest.mark.parametrize(
    ("observed", "limit", "seen"),
    [
        ("40000000.4 KRW", "40000000 KRW", ("40,000,000.4 KRW", "40,000,000 KRW")),
        ("40000000.4 KRW", "39000000 KRW", ("40,000,000 KRW", "39,000,000 KRW")),
        ("1.99999996", "2", ("1.99999996", "2")),
        ("-2.00000004", "2", ("-2.00000004", "2")),
        ("0.004999999996", "0.5%", ("0.004999999996", "0.5%")),
        ("5.0000000001s", "5s", ("5.0000000001s", "5s")),
        ("7694.795047 USDT", "7694.796 USDT", ("7,694.795 USDT", "7,694.796 USDT")),
        ("2.00000004", "2 KRW", ("2", "2 KRW")),
        ("2", "2", ("2", "2")),
    ],
)
def test_what_is_not_its_limit_does_not_look_like_it(observed: str, limit: str, seen: tuple[str, str]) -> None:
    assert shown(observed, limit) == seen
    assert shown(observed, beside=[limit]) == seen[:1]


@pytest.mark.parametrize(("told", "seen"), [("-0.3 KRW", "-0.3 KRW"), ("0.0000000001 BTC", "0.0000000001 BTC")])
def test_what_is_not_zero_does_not_look_like_zero(told: str, seen: str) -> None:
    assert shown(told) == (seen,)


numbers = st.decimals(-(10**9), 10**9, places=12, allow_nan=False, allow_infinity=False)
near = st.decimals(-1, 1, places=12, allow_nan=False, allow_infinity=False)
units = st.sampled_from(["", " KRW", " USDT", " BTC", "s", "%"])


@given(numbers, near, units)
def test_two_numbers_look_alike_only_if_they_are(one: Decimal, by: Decimal, unit: str) -> None:
    a, b = exact.text(one), exact.text(exact.add(one, by))
    shown_a, shown_b = shown(a + unit, b + unit)
    assert (shown_a == shown_b) == (a == b)
    assert (Decimal(shown_a.removesuffix(unit).replace(",", "")) == 0) == (one == 0)
