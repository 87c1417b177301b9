import json
import math
import struct
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain import canonical
from karb_core.domain.amount import Amount, MixedAssets, Price
from karb_core.domain.decisions import (
    Cause,
    Cited,
    Decision,
    DecisionKind,
    Denied,
    LegTarget,
    Plan,
    Proposal,
    ProposalKind,
    seen,
    statistic,
)
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side

LINE = Cited("signal.with.tiers.ultra.z", "kimp.yaml", 41, "4.0")
LEG = LegTarget(
    Instrument("upbit", "BTC", "KRW"), Amount(Decimal("-0.10"), "BTC"), Price(Decimal("95E+6"), "BTC", "KRW")
)
ENTRY = Proposal(
    pair="BTC",
    kind=ProposalKind.ENTRY,
    cause=Cause.TAKEN,
    tier="ultra",
    side="short_premium",
    rules=("tiers.ultra.z",),
    lot_ids=(),
    target=Decimal("0.02"),
    seen=(),
)
EXIT = replace(ENTRY, kind=ProposalKind.EXIT, lot_ids=("lot-1",))
REFUSAL = Decision(
    kind=DecisionKind.REFUSAL,
    at_ns=1_767_225_600_000_000_000,
    pair="BTC",
    side="short_premium",
    tier="ultra",
    cause=Cause.TAKEN,
    cited=(LINE,),
    seen=seen({"z": Decimal("4.10"), "premium": Decimal("0.031"), "bars": 5760, "warm": True}),
    denied=(Denied("risk_gates.fresh_in.book", "2.5s", "2s"),),
    legs=(LEG,),
    lot_ids=(),
    intent_id=None,
    rules_digest="sha256:ab",
)


def test_a_leg_moves_its_own_base_at_its_own_price() -> None:
    assert LEG.side is Side.SELL
    with pytest.raises(MixedAssets):
        replace(LEG, amount=Amount(Decimal(1), "ETH"))
    with pytest.raises(MixedAssets):
        replace(LEG, price=Price(Decimal(1), "BTC", "USDT"))
    with pytest.raises(ValueError, match="moves nothing"):
        replace(LEG, amount=Amount.zero("BTC"))


@pytest.mark.parametrize(("cause", "gated"), [(Cause.TAKEN, True), (Cause.DEMANDED, False), (Cause.FORCED, False)])
def test_only_a_taken_exit_is_gated(cause: Cause, gated: bool) -> None:
    assert replace(EXIT, cause=cause).gated is gated
    plan = Plan(intent_id="i", proposals=(EXIT, replace(EXIT, cause=cause)), legs=(LEG,), shares=())
    assert plan.gated is gated


@pytest.mark.parametrize("change", [{"lot_ids": ("lot-1",)}, {"cause": Cause.DEMANDED}, {"cause": Cause.FORCED}])
def test_nothing_but_the_policy_enters_and_an_entry_has_no_lot_yet(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is taken, and of no lot yet"):
        replace(ENTRY, **change)  # type: ignore[arg-type]


def test_an_exit_names_its_lots() -> None:
    with pytest.raises(ValueError, match="names no lot"):
        replace(EXIT, lot_ids=())


def test_a_plan_is_of_one_pair_and_has_one_leg_in_an_instrument() -> None:
    good = Plan(intent_id="i", proposals=(ENTRY,), legs=(LEG,), shares=())
    assert good.pair == "BTC"
    for change in ({"proposals": ()}, {"legs": ()}, {"proposals": (ENTRY, replace(ENTRY, pair="ETH"))}):
        with pytest.raises(ValueError, match="at least one leg and is of one pair"):
            replace(good, **change)
    with pytest.raises(ValueError, match="two legs in one instrument"):
        replace(good, legs=(LEG, LEG))


def test_the_text_of_a_decision_holds_all_of_it_in_one_writing() -> None:
    assert json.loads(REFUSAL.text()) == {
        "kind": "refusal",
        "at_ns": 1_767_225_600_000_000_000,
        "pair": "BTC",
        "side": "short_premium",
        "tier": "ultra",
        "cause": "taken",
        "cited": [{"rule": "signal.with.tiers.ultra.z", "file": "kimp.yaml", "line": 41, "written": "4.0"}],
        "seen": {"z": "4.1", "premium": "0.031", "bars": 5760, "warm": True},
        "denied": [{"rule": "risk_gates.fresh_in.book", "observed": "2.5s", "limit": "2s"}],
        "legs": [{"instrument": "upbit BTC/KRW", "amount": "-0.1 BTC", "price": "95000000 KRW/BTC"}],
        "lot_ids": [],
        "intent_id": None,
        "rules_digest": "sha256:ab",
    }


def test_equal_decisions_have_equal_digests_and_any_difference_shows() -> None:
    same = replace(REFUSAL, legs=(replace(LEG, amount=Amount(Decimal("-0.1000"), "BTC")),))
    assert same.digest() == REFUSAL.digest()
    changes: list[dict[str, object]] = [
        {"at_ns": 1},
        {"tier": None},
        {"seen": ()},
        {"denied": ()},
        {"cause": Cause.FORCED},
        {"rules_digest": "sha256:ac"},
        {"cited": (replace(LINE, line=42),)},
    ]
    digests = {replace(REFUSAL, **change).digest() for change in changes}  # type: ignore[arg-type]
    assert len(digests | {REFUSAL.digest()}) == len(changes) + 1


def test_a_refusal_that_goes_on_keeps_its_topic_and_another_rule_ends_it() -> None:
    later = replace(REFUSAL, at_ns=9, seen=(), denied=(Denied("risk_gates.fresh_in.book", "9s", "2s"),), legs=())
    assert later.topic() == REFUSAL.topic()
    other = replace(REFUSAL, denied=(Denied("risk_gates.max_position", "41%", "40%"),))
    assert other.topic() != REFUSAL.topic()
    assert replace(REFUSAL, tier="normal").topic() != REFUSAL.topic()


@pytest.mark.parametrize(
    "decision", [REFUSAL, replace(REFUSAL, kind=DecisionKind.ENTRY, denied=(), intent_id="abcdefghij234567")]
)
def test_text_and_topic_are_the_canonical_json_of_all_fields_and_of_those_that_stay(decision: Decision) -> None:
    def told(one: Decision) -> dict[str, object]:
        return {**{name: getattr(one, name) for name in Decision.__slots__}, "seen": dict(one.seen)}

    assert decision.text_and_topic() == (canonical.to_json(told(decision)), canonical.digest(told(decision.still())))


def test_what_was_seen_is_kept_by_name_and_never_as_a_float() -> None:
    assert seen({"z": Decimal(4), "a": None}) == (("a", None), ("z", Decimal(4)))
    with pytest.raises(TypeError, match="cannot be written exactly"):
        seen({"z": 4.1})  # type: ignore[dict-item]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_statistic_gives_the_same_float_back_bit_for_bit(value: float) -> None:
    back = float(Decimal(written_of(value)))
    assert struct.pack("d", back) == struct.pack("d", value if value else 0.0)


def written_of(value: float) -> str:
    told = json.loads(replace(REFUSAL, seen=seen({"z": statistic(value)})).text())
    return str(told["seen"]["z"])


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_statistic_that_is_no_number_was_not_seen(value: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        statistic(value)
