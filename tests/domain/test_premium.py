from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.amount import Amount, MixedAssets, Price
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Top
from karb_core.domain.premium import (
    Crossing,
    Direction,
    Net,
    entry_premium,
    exit_premium,
    net_money,
    net_points,
    premium,
    premium_units,
    split,
)
from tests.domain.draws import decimals, prices, signed

ratios = decimals(-1, 1).filter(lambda ratio: ratio > -1)
notionals = decimals(1, 10**9)


@pytest.mark.parametrize(
    ("fx", "read", "shown"),
    [("1350", "0.03450439", "3.45"), ("1392.43", "0.00298107", "0.30")],
)
def test_a_rate_that_is_a_constant_makes_a_premium_of_nothing(fx: str, read: str, shown: str) -> None:
    ratio = premium(Decimal(158_849_000), Decimal("113741.35"), Decimal(fx))
    assert ratio == Decimal(read)
    assert f"{float(ratio) * 100:.2f}" == shown


@given(prices, prices, prices)
def test_the_premium_is_the_fraction_rounded_once(near: Decimal, far: Decimal, fx: Decimal) -> None:
    units = round((Fraction(near) / (Fraction(far) * Fraction(fx)) - 1) * 10**8)
    assert premium_units(near, far, fx) == units
    assert Fraction(premium(near, far, fx)) == Fraction(units, 10**8)


@pytest.mark.parametrize(
    ("near", "units"),
    [(200_000_001, 0), (200_000_003, 2), (199_999_999, 0), (199_999_997, -2), (200_000_002, 1), (200_000_000, 0)],
)
def test_an_exact_half_goes_to_the_even_unit(near: int, units: int) -> None:
    assert premium_units(Decimal(near), Decimal(200_000_000), Decimal(1)) == units


def test_the_premium_of_costs_at_depth_is_that_of_average_prices() -> None:
    # 0.3 base for 31.2 near and 30 far: average prices 104 and 100
    assert premium(Decimal("31.2"), Decimal(30), Decimal(1)) == premium(Decimal(104), Decimal(100), Decimal(1))


@pytest.mark.parametrize("bad", ["0", "-1", "NaN"])
def test_without_a_price_there_is_no_premium(bad: str) -> None:
    for at in range(3):
        parts = [Decimal(1), Decimal(1), Decimal(1)]
        parts[at] = Decimal(bad)
        with pytest.raises(ValueError, match="above zero"):
            premium(*parts)


def top(venue: str, bid: int, ask: int) -> Top:
    instrument = Instrument(venue, "BTC", "KRW")
    return Top(instrument, Decimal(bid), Decimal(1), Decimal(ask), Decimal(1), 0, 0)


def test_each_way_is_measured_at_the_sides_it_trades() -> None:
    near, far, fx = top("upbit", 1040, 1050), top("binance_usdm", 990, 1000), Decimal(1)
    assert entry_premium(Direction.LONG, near, far, fx) == premium(Decimal(1050), Decimal(990), fx)
    assert exit_premium(Direction.LONG, near, far, fx) == premium(Decimal(1040), Decimal(1000), fx)
    assert entry_premium(Direction.SHORT, near, far, fx) == Decimal("0.04")
    assert exit_premium(Direction.SHORT, near, far, fx) == premium(Decimal(1050), Decimal(990), fx)


@given(prices, prices, prices, prices, prices)
def test_getting_in_and_out_at_once_never_earns(a: Decimal, b: Decimal, c: Decimal, d: Decimal, fx: Decimal) -> None:
    near = Top(Instrument("upbit", "BTC", "KRW"), min(a, b), Decimal(1), max(a, b), Decimal(1), 0, 0)
    far = Top(Instrument("binance_usdm", "BTC", "USDT"), min(c, d), Decimal(1), max(c, d), Decimal(1), 0, 0)
    assert exit_premium(Direction.LONG, near, far, fx) <= entry_premium(Direction.LONG, near, far, fx)
    assert exit_premium(Direction.SHORT, near, far, fx) >= entry_premium(Direction.SHORT, near, far, fx)


@given(st.sampled_from(Direction), ratios, ratios, decimals(0, 1), signed, notionals)
def test_net_points_follow_the_formula(
    direction: Direction, entered: Decimal, now: Decimal, fee: Decimal, funding: Decimal, notional: Decimal
) -> None:
    e, p, d = 1 + Fraction(entered), 1 + Fraction(now), 1 if direction is Direction.LONG else -1
    expected = d * (p - e) / e - Fraction(fee) - Fraction(fee) * p / e + Fraction(funding) / Fraction(notional)
    net = net_points(direction, entered_at=entered, now_at=now, fee=fee, funding=funding, near_notional=notional)
    assert Fraction(net.over) / Fraction(net.under) == expected
    assert Fraction(net.points()) == Fraction(round(expected * 10**8), 10**8)
    bound = Decimal("0.008")
    assert net.reaches(bound) == (expected >= Fraction(8, 1000))
    assert net.exceeds(bound) == (expected > Fraction(8, 1000))


def test_net_of_a_round_trip_in_figures() -> None:
    # in at +3 %, out at +1 %, both venues 0.05 %: 2/103 less 0.1 % of the way in and 0.1 % x 101/103 of the way out
    trip = {"entered_at": Decimal("0.03"), "now_at": Decimal("0.01"), "near_notional": Decimal(6_000_000)}
    short = net_points(Direction.SHORT, **trip, fee=Decimal("0.001"), funding=Decimal(0))
    assert Fraction(short.over) / Fraction(short.under) == Fraction(2, 103) - Fraction(1, 1000) * (
        1 + Fraction(101, 103)
    )
    long = net_points(Direction.LONG, **trip, fee=Decimal(0), funding=Decimal(0))
    assert long.points() == Decimal("-0.01941748")
    paid = net_points(Direction.SHORT, **trip, fee=Decimal(0), funding=Decimal(-60_000))
    assert Fraction(paid.over) / Fraction(paid.under) == Fraction(2, 103) - Fraction(1, 100)


def test_a_target_is_reached_at_its_bound_and_zero_is_not_exceeded_by_zero() -> None:
    net = Net(Decimal("0.8"), Decimal(100))
    assert net.reaches(Decimal("0.008"))
    assert not net.exceeds(Decimal("0.008"))
    assert not Net(Decimal(0), Decimal(1)).exceeds(Decimal(0))
    a_hair_below = Net(Decimal("0.79999999999"), Decimal(100))
    assert a_hair_below.points() == Decimal("0.008")
    assert not a_hair_below.reaches(Decimal("0.008"))


def test_a_result_needs_a_notional() -> None:
    with pytest.raises(ValueError, match="notional above zero"):
        Net(Decimal(1), Decimal(0))
    for entered, notional in (("-1", "1"), ("0", "0")):
        with pytest.raises(ValueError, match="no net"):
            net_points(
                Direction.LONG,
                entered_at=Decimal(entered),
                now_at=Decimal(0),
                fee=Decimal(0),
                funding=Decimal(0),
                near_notional=Decimal(notional),
            )


def krw(value: Decimal | int) -> Amount:
    return Amount(Decimal(value), "KRW")


def test_net_in_money_counts_every_part_in_one_asset() -> None:
    parts = {"near_cash": krw(100), "far_result": krw(-30), "funding": krw(-5), "fees_paid": krw(10)}
    net = net_money(**parts, fees_to_leave=krw(11), notional=krw(1000))
    assert net.points() == Decimal("0.044")
    with pytest.raises(MixedAssets):
        net_money(**parts, fees_to_leave=Amount(Decimal(1), "USDT"), notional=krw(1000))
    with pytest.raises(MixedAssets):
        net_money(**parts, fees_to_leave=krw(0), notional=Amount(Decimal(1000), "USDT"))


def crossing(near: Decimal, far: Decimal, money: Decimal) -> Crossing:
    return Crossing(krw(near), Amount(far, "USDT"), Price(money, "USDT", "KRW"))


@given(st.sampled_from(Direction), prices, prices, prices, prices, prices, prices, signed, signed)
def test_the_parts_of_a_result_sum_to_net_to_the_last_digit(
    direction: Direction,
    n0: Decimal,
    f0: Decimal,
    u0: Decimal,
    n1: Decimal,
    f1: Decimal,
    u1: Decimal,
    funding: Decimal,
    fees: Decimal,
) -> None:
    result = split(direction, crossing(n0, f0, u0), crossing(n1, f1, u1), funding=krw(funding), fees=krw(fees))
    d = 1 if direction is Direction.LONG else -1
    legs = d * ((Fraction(n1) - Fraction(n0)) - (Fraction(f1) - Fraction(f0)) * Fraction(u1))
    assert Fraction(result.net.value) == legs + Fraction(funding) - Fraction(fees)
    pi0 = Fraction(n0) / (Fraction(f0) * Fraction(u0)) - 1
    pi1 = Fraction(n1) / (Fraction(f1) * Fraction(u1)) - 1
    by_premium = Fraction(f1) * Fraction(u1) * pi1 - Fraction(f0) * Fraction(u0) * pi0
    assert Fraction(result.premium.value) == d * by_premium
    assert Fraction(result.rate.value) == d * Fraction(f0) * (Fraction(u1) - Fraction(u0))


def test_a_pair_in_one_asset_has_no_part_of_the_rate() -> None:
    one = Price(Decimal(1), "KRW", "KRW")
    inside, outside = Crossing(krw(101), krw(100), one), Crossing(krw(104), krw(105), one)
    result = split(Direction.SHORT, inside, outside, funding=krw(0), fees=krw(1))
    assert (result.rate, result.premium, result.net) == (krw(0), krw(2), krw(1))


def test_a_result_is_not_split_in_two_assets() -> None:
    inside = crossing(Decimal(1), Decimal(1), Decimal(1))
    with pytest.raises(MixedAssets):
        _ = split(Direction.LONG, inside, inside, funding=Amount(Decimal(1), "USDT"), fees=krw(0)).net
