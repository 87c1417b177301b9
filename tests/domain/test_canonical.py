import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain import canonical
from karb_core.domain.amount import Amount, Price
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side
from tests.domain.draws import signed


@dataclass(frozen=True, slots=True)
class Told:
    side: Side
    amount: Amount


def test_each_value_has_one_writing() -> None:
    value = {
        "z": Told(Side.BUY, Amount(Decimal("1.50"), "BTC")),
        "a": (Decimal("1E+2"), None, True, 7),
        "m": {Instrument("upbit", "BTC", "KRW"): Price(Decimal("9.0"), "BTC", "KRW")},
        "한": "김프",
    }
    written = (
        '{"a":["100",null,true,7],"m":{"upbit BTC/KRW":"9 KRW/BTC"},"z":{"amount":"1.5 BTC","side":"buy"},"한":"김프"}'
    )
    assert canonical.to_json(value) == written
    assert canonical.digest(value) == canonical.digest_of_text(written)


@given(st.dictionaries(st.text(), signed, max_size=5))
def test_the_order_of_keys_and_trailing_zeros_leave_no_trace(values: dict[str, Decimal]) -> None:
    again = {key: Decimal(f"{value:f}") for key, value in reversed(values.items())}
    assert canonical.to_json(values) == canonical.to_json(again)
    assert {key: Decimal(value) for key, value in json.loads(canonical.to_json(values)).items()} == values


@pytest.mark.parametrize(
    "value", [0.5, {1, 2}, b"x", datetime(2026, 1, 1, tzinfo=UTC), {1: "a"}, {Side.BUY: 1}, Told, object()]
)
def test_what_has_more_than_one_writing_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"no one writing|cannot name"):
        canonical.to_json({"nested": [value]})
