from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand
from tests.domain.draws import scaled

UPBIT_XRP = Instrument("upbit", "XRP", "KRW")


def band(start: str, tick: str) -> TickBand:
    return TickBand(Decimal(start), Decimal(tick))


def facts(**changes: object) -> InstrumentFacts:
    known = InstrumentFacts(
        instrument=UPBIT_XRP,
        kind=InstrumentKind.SPOT,
        ticks=(band("0", "0.001"), band("100", "0.1"), band("1000", "1"), band("5005", "10")),
        amount_step=Decimal("0.00000001"),
        min_amount=None,
        max_amount=None,
        min_notional=Decimal(5000),
        margin_asset=None,
        multiplier=Decimal(1),
        maintenance=(),
        taker_fee=Decimal("0.0005"),
        maker_fee=None,
        valid_from_ns=0,
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def test_an_instrument_is_read_as_it_is_written() -> None:
    assert Instrument.read("upbit XRP/KRW") == UPBIT_XRP
    assert str(UPBIT_XRP) == "upbit XRP/KRW"


@pytest.mark.parametrize("written", ["upbit", "upbit XRPKRW", "XRP/KRW", "upbit XRP/KRW/X", "upbit  XRP/KRW", ""])
def test_no_other_writing_is_an_instrument(written: str) -> None:
    with pytest.raises(ValueError, match=r"not an instrument|not the name"):
        Instrument.read(written)


@pytest.mark.parametrize(("price", "tick"), [("0.5", "0.001"), ("99.999", "0.001"), ("100", "0.1"), ("9999", "10")])
def test_the_tick_is_that_of_the_band_and_a_bound_opens_its_band(price: str, tick: str) -> None:
    assert facts().tick_at(Decimal(price)) == Decimal(tick)


def takes(known: InstrumentFacts, price: Fraction) -> bool:
    tick = next(b.tick for b in reversed(known.ticks) if Fraction(b.from_price) <= price)
    return price > 0 and (price / Fraction(tick)).denominator == 1


@given(st.integers(1, 7_000_000).map(lambda units: scaled(units, 3)))
def test_prices_go_to_the_next_one_that_the_venue_takes(price: Decimal) -> None:
    known = facts()
    floor, ceil = known.floor_price(price), known.ceil_price(price)
    assert floor <= price <= ceil
    assert takes(known, Fraction(floor))
    assert takes(known, Fraction(ceil))
    if takes(known, Fraction(price)):
        assert floor == price == ceil


@pytest.mark.parametrize(
    ("price", "floor", "ceil"),
    [
        ("5004.5", "5004", "5010"),  # no multiple of 10 lies at the start of the band 5005
        ("5007", "5004", "5010"),
        ("5005", "5004", "5010"),
        ("999.95", "999.9", "1000"),
        ("100", "100", "100"),
    ],
)
def test_a_price_steps_over_into_the_next_band(price: str, floor: str, ceil: str) -> None:
    known = facts()
    assert known.floor_price(Decimal(price)) == Decimal(floor)
    assert known.ceil_price(Decimal(price)) == Decimal(ceil)


def test_below_the_first_tick_there_is_no_price() -> None:
    with pytest.raises(ValueError, match="no price at or below"):
        facts().floor_price(Decimal("0.0009"))
    with pytest.raises(ValueError, match="no prices at"):
        facts(ticks=(band("1", "0.1"),)).tick_at(Decimal("0.5"))


@pytest.mark.parametrize(
    ("amount", "price", "broken"),
    [
        ("2", "2500", None),
        ("1.99999999", "2500", "min_notional"),
        ("2.000000001", "2500", "amount_step"),
        ("0", "2500", "amount_step"),
        ("-2", "2500", "amount_step"),
        ("2", "2500.5", "ticks"),
        ("2", "0", "ticks"),
        ("0.5", "25000", "min_amount"),
        ("101", "2500", "max_amount"),
        ("100", "2500", None),
        ("1", "5010", None),
    ],
)
def test_an_order_fits_or_names_the_fact_it_breaks(amount: str, price: str, broken: str | None) -> None:
    known = facts(min_amount=Decimal(1), max_amount=Decimal(100))
    assert known.unfit(Decimal(amount), Decimal(price)) == broken


def test_maintenance_steps_up_with_the_notional_and_an_unknown_one_is_not_zero() -> None:
    tiers = (
        MaintenanceTier(Decimal(0), Decimal("0.004"), Decimal(0)),
        MaintenanceTier(Decimal(50000), Decimal("0.005"), Decimal(50)),
    )
    known = facts(kind=InstrumentKind.PERPETUAL, margin_asset="USDT", maintenance=tiers)
    assert known.maintenance_of(Decimal(0)) == 0
    assert known.maintenance_of(Decimal(49999)) == Decimal("199.996")
    assert known.maintenance_of(Decimal(50000)) == Decimal(200)
    assert known.maintenance_of(Decimal(100000)) == Decimal(450)
    with pytest.raises(LookupError, match="no maintenance tier"):
        facts().maintenance_of(Decimal(1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"ticks": ()},
        {"ticks": (band("0", "0"),)},
        {"ticks": (band("10", "1"), band("10", "2"))},
        {"ticks": (band("-1", "1"),)},
        {"amount_step": Decimal(0)},
        {"multiplier": Decimal(0)},
        {"margin_asset": "USDT"},
        {"kind": InstrumentKind.PERPETUAL},
    ],
)
def test_facts_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="upbit XRP/KRW"):
        facts(**wrong)
