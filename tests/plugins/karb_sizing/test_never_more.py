"""Whatever is proposed, at whatever prices: what is approved is within the capital, the share, the reserve, what is free at the
venues, and what the venues take. Each sizing of ours, through the whole of a decision."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Cited, Plan
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand
from karb_core.engine.decide import decide
from karb_core.engine.deployable import deployable
from karb_core.engine.leg_rules import LegRules
from karb_core.engine.strategy import Strategy
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import AccountView, Judgement, PairTerms, Standing, Terms
from karb_core.testing.scene import COSTS, FAR, LONG, NEAR, NOW, SHORT, lot, moment, proposal, rates, top, view
from karb_core.testing.written import data_of, params_of
from karb_sizing.by_tier import ByTier
from karb_sizing.fixed import Fixed
from karb_sizing.kelly import Kelly
from karb_sizing.risk_per_trade import RiskPerTrade
from karb_sizing.share import Share

MINIMUM = 5_000
STEPS = {NEAR: Decimal("0.00000001"), FAR: Decimal("0.001")}
#: A ratio as an owner writes it, from a hundredth of a percent to forty.
PERCENT = (st.sampled_from([100, 1_000, 4_000]) | st.integers(1, 4_000)).map(lambda n: f"{Decimal(n) / 100}%")
#: Too little, just about enough, and plenty of each thing that pays for a leg.
PLENTY = 1_000_000_000
WON = st.sampled_from([0, 1_000_000, 4_000_000, 16_000_000, PLENTY]) | st.integers(0, 60_000_000)
COUNTS = st.sampled_from(["near_leg", "both_legs"])
OF = st.sampled_from(["capital", "pair_share"])


def sizing(kind: type[Any], text: str) -> Any:
    return kind(params_of(kind.Params, data_of(text)))


SIZINGS = st.one_of(
    st.builds(lambda of, counts, size: sizing(Share, f"{{of: {of}, counts: {counts}, size: {size}}}"), OF, COUNTS, PERCENT),
    st.builds(
        lambda of, counts, size: sizing(
            ByTier, f"{{of: {of}, counts: {counts}, kept_for: none, normal: {{size: {size}, split: none}}}}"
        ),
        OF, COUNTS, PERCENT,
    ),
    st.builds(
        lambda won, coins, counts: sizing(Fixed, f"{{amounts: [{won} KRW, {coins} BTC], counts: {counts}}}"),
        st.integers(5_000, 20_000_000), st.decimals("0.001", "10", places=3), COUNTS,
    ),
    st.builds(lambda risk: sizing(RiskPerTrade, f"risk: {risk}"), PERCENT),
    st.builds(
        lambda of, counts, wins, won, lost, part, cap: sizing(
            Kelly,
            f"{{of: {of}, counts: {counts}, wins: {wins}%, average_win: {won}, average_loss: {lost}, fraction: {part}, "
            f"cap: {cap}}}",
        ),
        OF, COUNTS, st.integers(40, 99), PERCENT, PERCENT, PERCENT, PERCENT,
    ),
)  # fmt: skip


def facts(leg: Any) -> InstrumentFacts:
    spot = leg is NEAR
    return InstrumentFacts(
        instrument=leg, kind=InstrumentKind.SPOT if spot else InstrumentKind.PERPETUAL,
        ticks=(TickBand(Decimal(0), Decimal("0.01")),), amount_step=STEPS[leg], min_amount=None, max_amount=None,
        min_notional=Decimal(MINIMUM) if spot else Decimal(5), margin_asset=None if spot else "USDT",
        multiplier=Decimal(1), maintenance=() if spot else (MaintenanceTier(Decimal(0), Decimal("0.004"), Decimal(0)),),
        taker_fee=None, maker_fee=None, valid_from_ns=0,
    )  # fmt: skip


def cite(name: str) -> Cited:
    return Cited(name if name.startswith("/") else f"/sizing/with/{name}", "kimp.yaml", 1, "")


def approved(
    by: Any, terms: Terms, free: dict[Account, Decimal], at: tuple[Any, ...], side: str, held: tuple[Any, ...]
) -> Plan | None:
    seen = view(*at)
    coins = free.get(Account("upbit", "BTC"), Decimal(0))
    inventory = Holdings({Account("upbit", "BTC"): coins})
    rules: Any = LegRules.__new__(LegRules)
    strategy = Strategy(terms, by, cite, by, cite, (), (), rules, cite)
    account = AccountView(terms, deployable(strategy, seen, free, inventory, ()), {"BTC": Standing(held)})
    entry = proposal("normal" if isinstance(by, ByTier) else None, side)
    (one,) = decide(strategy, moment(at=at), Judgement((entry,)), seen, account)
    return one.plan.item if one.plan is not None else None


@settings(max_examples=300)
@given(
    by=SIZINGS,
    side=st.sampled_from([SHORT, LONG]),
    price=st.sampled_from([100_000, 777_777, 5_000_001, 95_000_000]) | st.integers(100_000, 200_000_000),
    share=st.sampled_from([5, 40, 100]) | st.integers(5, 100),
    reserve=st.sampled_from([0, 5, 20, 99]),
    stop=st.sampled_from(["0.05", "0.4"]),
    funds=st.just((PLENTY,) * 3) | st.tuples(WON, WON, WON),
    leverage=st.integers(1, 5),
    open_cost=st.sampled_from([None, None, 1, 3_000_000, 12_000_000]),
)
def test_no_entry_is_beyond_what_the_owner_or_a_venue_allows(
    by: Any, side: str, price: int, share: int, reserve: int, stop: str, funds: tuple[int, int, int], leverage: int,
    open_cost: int | None,
) -> None:  # fmt: skip
    won, worth_of_coins, worth_of_usdt = funds
    coins, usdt = (Decimal(worth_of_coins) / price).quantize(STEPS[NEAR]), worth_of_usdt // 1000
    capital, far = 40_000_000, max(Decimal(price) / 1000, Decimal("0.01")).quantize(Decimal("0.01"))
    terms = Terms(
        strategy="kimp", rules_digest="sha256:ab", capital=Amount(Decimal(capital), "KRW"),
        reserve=Decimal(reserve) / 100, pairs={"BTC": PairTerms("BTC", (NEAR, FAR), Decimal(share) / 100)}, costs=COSTS,
        leverage={"upbit": Decimal(1), "binance_usdm": Decimal(leverage)}, facts={leg: facts(leg) for leg in (NEAR, FAR)},
        stop_loss=Decimal(stop),
    )  # fmt: skip
    free = {
        Account("upbit", "KRW"): Decimal(won),
        Account("upbit", "BTC"): coins,
        Account("binance_usdm", "USDT"): Decimal(usdt),
    }
    at = (top(NEAR, str(price)), top(FAR, str(far)))
    held = (lot(near=str(open_cost), far="100"),) if open_cost is not None else ()
    plan = approved(by, terms, free, at, side, held)
    if plan is None:
        return
    near, other = plan.legs
    size, worth = Fraction(abs(near.amount).value), Fraction(abs(near.amount).value) * price
    assert near.amount.value == -other.amount.value
    assert worth + (open_cost or 0) <= Fraction(share, 100) * capital <= capital
    kept = Fraction(reserve, 100) * capital
    if side == LONG:
        assert worth <= max(won - kept, 0)
    else:
        assert size <= coins
    assert size * Fraction(far) / leverage <= max(usdt - kept / 1000, 0)
    assert worth >= MINIMUM
    assert size * Fraction(far) >= 5
    assert all(size % Fraction(step) == 0 for step in STEPS.values())


def test_each_sizing_enters_where_there_is_plenty() -> None:
    """What is asserted above is asserted of something."""
    terms = replace(
        _TERMS, pairs={"BTC": PairTerms("BTC", (NEAR, FAR), Decimal("0.4"))}, stop_loss=Decimal("0.1"),
        leverage={"upbit": Decimal(1), "binance_usdm": Decimal(1)}, facts={leg: facts(leg) for leg in (NEAR, FAR)},
    )  # fmt: skip
    free = {Account("upbit", "KRW"): Decimal(PLENTY), Account("upbit", "BTC"): Decimal(10)}
    free |= {Account("binance_usdm", "USDT"): Decimal(PLENTY)}
    at = (top(NEAR, "95000000"), top(FAR, "95000"))
    for kind, text in ENTERS.items():
        for side in (LONG, SHORT):
            assert approved(sizing(kind, text), terms, free, at, side, ()) is not None, kind


ENTERS: dict[type[Any], str] = {
    Share: "{of: capital, counts: near_leg, size: 20%}",
    ByTier: "{of: capital, counts: near_leg, kept_for: none, normal: {size: 20%, split: none}}",
    Fixed: "{amounts: [0.1 BTC], counts: near_leg}",
    RiskPerTrade: "risk: 1%",
    Kelly: "{of: capital, counts: both_legs, wins: 60%, average_win: 1%, average_loss: 1%, fraction: 1%, cap: 20%}",
}


@settings(max_examples=100)
@given(st.integers(1, 20_000), st.integers(1, 20_000), st.sampled_from(["size", "risk", "cap"]))
def test_a_tighter_limit_never_allows_a_larger_entry(one: int, other: int, which: str) -> None:
    texts = {
        "size": (Share, "{{of: capital, counts: near_leg, size: {}%}}"),
        "risk": (RiskPerTrade, "risk: {}%"),
        "cap": (
            Kelly,
            "{{of: capital, counts: near_leg, wins: 60%, average_win: 1%, average_loss: 1%, fraction: 100%, cap: {}%}}",
        ),
    }
    kind, text = texts[which]
    terms = replace(_TERMS, pairs={"BTC": PairTerms("BTC", (NEAR, FAR), Decimal(1))}, stop_loss=Decimal("0.5"))
    worth = []
    for tenths in sorted((one, other)):
        found = sizing(kind, text.format(Decimal(tenths) / 1000)).size(
            proposal(None), moment(at_ns=NOW, known=rates()), AccountView(terms, {}, {})
        )
        worth.append(Fraction(abs(found.legs[0].amount).value) if hasattr(found, "legs") else None)
    if None not in worth:
        assert worth[0] <= worth[1]


_TERMS = Terms(
    strategy="kimp", rules_digest="sha256:ab", capital=Amount(Decimal(40_000_000), "KRW"), reserve=Decimal(0), pairs={},
    costs=COSTS, leverage={}, facts={},
)  # fmt: skip


def test_every_sizing_that_is_shipped_is_held_to_it() -> None:
    """By entry point: one that is added later is here, or this fails."""
    shipped = {offer.component for offer in Catalogue.installed().offers() if offer.use.startswith("sizing.")}
    assert shipped == set(ENTERS)
    found = {type(example) for example in (sizing(kind, text) for kind, text in ENTERS.items())}
    assert found == shipped
