import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.order_id import OrderId, intent_id, order_id

MADE_BY: dict[str, object] = {
    "rules_digest": "sha256:ab",
    "strategy": "kimp-tiered",
    "pair": "BTC",
    "venue_at_ns": 1_767_225_600_000_000_000,
    "kind": "entry",
    "ordinal": 0,
}


def intent(**changes: object) -> str:
    return intent_id(**{**MADE_BY, **changes})  # type: ignore[arg-type]


def test_the_same_decision_mints_the_same_id_in_every_release() -> None:
    assert intent() == "3spibv7q7ygrd2qm"


@pytest.mark.parametrize(
    "change",
    [
        {"rules_digest": "sha256:ac"},
        {"strategy": "kimp"},
        {"pair": "ETH"},
        {"venue_at_ns": 1_767_225_600_000_000_001},
        {"kind": "exit"},
        {"ordinal": 1},
        {"strategy": "kimp-tieredB", "pair": "TC"},
    ],
)
def test_whatever_differs_mints_another(change: dict[str, object]) -> None:
    assert intent(**change) != intent()


marks = st.from_regex(r"[a-z0-9]{1,6}", fullmatch=True)


@given(marks, st.text(max_size=8), st.integers(0, 2**63), st.integers(0, 9), st.integers(0, 9999))
def test_an_order_id_is_what_every_venue_takes_and_says_whose_it_is(
    mark: str, pair: str, at: int, leg: int, attempt: int
) -> None:
    of = intent(pair=pair, venue_at_ns=at)
    minted = order_id(mark=mark, intent_id=of, leg=leg, attempt=attempt)
    assert re.fullmatch(r"[a-z0-9-]{1,36}", minted)
    assert OrderId.read(minted) == OrderId(mark, of, leg, attempt)


@pytest.mark.parametrize(
    "change",
    [
        {"mark": ""},
        {"mark": "toolong"},
        {"mark": "A"},
        {"mark": "a-b"},
        {"intent_id": "abc"},
        {"leg": 10},
        {"leg": -1},
        {"attempt": 10_000},
    ],
)
def test_what_the_form_cannot_carry_is_refused(change: dict[str, object]) -> None:
    parts: dict[str, object] = {"mark": "m1", "intent_id": intent(), "leg": 0, "attempt": 0}
    with pytest.raises(ValueError, match="as karb mints"):
        order_id(**{**parts, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "theirs", ["", "autoclose-1", "web_abc", "karb-m1-abcdefghij234567-0-01", "KARB-m1-abcdefghij234567-0-1"]
)
def test_anybody_elses_order_is_not_ours(theirs: str) -> None:
    assert OrderId.read(theirs) is None
