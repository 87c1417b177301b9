"""How large one order may be: each limit at its bound, and whatever no limit can be held against."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.decisions import Denied, Passed
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.source import Source
from karb_core.texts.text import render
from karb_gates.max_order import MaxOrder
from tests.plugins.scene import account, leaving, lot, plan, view
from tests.wiring.tiny import strategy_text

_POSITION = "{use: gates.max_position, at: [entry], with: {of: capital, single: 40%}}"


def max_order(*most: str) -> MaxOrder:
    return MaxOrder(MaxOrder.Params.model_validate({"most": list(most)}))


@pytest.mark.parametrize(
    ("most", "amount", "price", "verdict"),
    [
        (("5,000,000 KRW",), "0.05", "100000000", Passed()),
        (("5,000,000 KRW",), "0.05", "100000000.1", Denied("most", "5000000.005 KRW", "5000000 KRW")),
        (("5,000,000 KRW",), "0.05000001", "100000000", Denied("most", "5000001 KRW", "5000000 KRW")),
        (("0.1 BTC",), "0.1", "100000000", Passed()),
        (("0.1 BTC",), "0.10000001", "1", Denied("most", "0.10000001 BTC", "0.1 BTC")),
        (("10 USDT",), "0.1", "1", Passed()),
        (("10 USDT",), "0.11", "1", Denied("most", "11 USDT", "10 USDT")),
    ],
)
def test_an_order_is_denied_only_beyond_a_limit(
    most: tuple[str, ...], amount: str, price: str, verdict: object
) -> None:
    assert max_order(*most).check(plan(amount, price), view(), account()) == verdict


@pytest.mark.parametrize(("amount", "asset"), [("0.06", "KRW"), ("0.11", "BTC")])
def test_the_smallest_limit_binds(amount: str, asset: str) -> None:
    price = "100000000" if asset == "KRW" else "10000000"
    verdict = max_order("5,000,000 KRW", "0.1 BTC").check(plan(amount, price), view(), account())
    assert isinstance(verdict, Denied)
    assert verdict.limit.endswith(asset)


def test_an_entry_that_no_limit_fits_is_denied() -> None:
    verdict = max_order("0.1 ETH").check(plan(), view(), account())
    assert verdict == Denied("most", "nothing of upbit BTC/KRW, binance_usdm BTC/USDT is in ETH", "an order in ETH")


def test_a_way_out_is_never_an_order_too_large() -> None:
    assert max_order("0.00000001 BTC").check(leaving(lot()), view(), account()) == Passed()


@given(
    amount=st.decimals("0.0001", "5", places=4),
    smaller=st.decimals("0.0001", "5", places=4),
    more=st.decimals("0", "5", places=4),
)
def test_a_tighter_limit_never_allows_more(amount: Decimal, smaller: Decimal, more: Decimal) -> None:
    tight, loose = max_order(f"{smaller} BTC"), max_order(f"{smaller + more} BTC")
    passed = tight.check(plan(str(amount)), view(), account()) == Passed()
    assert not passed or loose.check(plan(str(amount)), view(), account()) == Passed()


def test_an_empty_list_of_limits_is_no_limit_and_is_refused() -> None:
    with pytest.raises(ValueError, match=r"list\.least"):
        max_order()


@pytest.mark.parametrize(
    ("most", "said"),
    [
        ("[5000000 KRW, 4000000 KRW]", "two limits in KRW"),
        ("[0.1 ETH]", "no limit is in an asset of BTC"),
    ],
)
def test_what_cannot_be_meant_is_found_before_anything_runs(most: str, said: str) -> None:
    line = f"{{use: gates.max_order, at: [entry], with: {{most: {most}}}}}"
    found = check(Source.of_text(strategy_text((_POSITION, line))), Catalogue.installed()).errors
    assert [finding.code for finding in found] == ["K402"] * len(found)
    assert said in render(found[0].said)
