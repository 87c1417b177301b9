"""What the tests of this room write down: two instruments, and one of everything."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.amount import Amount, Price
from karb_core.domain.decisions import Cause, Cited, Decision, DecisionKind, Denied, LegTarget, seen
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.orders import Fill, Order, Side, TimeInForce
from karb_core.ledger.runs import Run

SPOT = Instrument("korbit", "ADA", "EUR")
PERP = Instrument("dydx", "ADA", "USD")
KINDS = {SPOT: InstrumentKind.SPOT, PERP: InstrumentKind.PERPETUAL}

RUN = Run.started(
    strategy="tiered", account="main", mode="paper", rules_digest="r" * 64, assumptions_digest="a" * 64, started_at_ns=1
)


def backtest(dataset: str = "d" * 64) -> Run:
    return Run.repeatable(
        strategy="tiered",
        mode="backtest",
        rules_digest="r" * 64,
        assumptions_digest="a" * 64,
        dataset_digest=dataset,
        from_ns=0,
        until_ns=10,
    )


def entry(at_ns: int = 10, *, pair: str = "ADA", intent: str = "lot1", complete: bool = True) -> Decision:
    return decision(
        DecisionKind.ENTRY,
        at_ns,
        pair=pair,
        intent_id=intent,
        legs=(LegTarget(SPOT, SPOT.amount(Decimal("-2.50")), SPOT.price(Decimal("0.10"))),),
        told={"premium": Decimal("0.031"), "z": Decimal("2.25"), "complete": complete},
    )


def rearm(at_ns: int, *, pair: str = "ADA") -> Decision:
    return decision(DecisionKind.REARM, at_ns, pair=pair, tier=None)


def refusal(
    at_ns: int, *, pair: str = "ADA", rule: str = "/risk_gates/0/with/book", tier: str | None = "normal"
) -> Decision:
    denied = Denied(rule, observed=f"{at_ns} s", limit="2 s")
    return decision(
        DecisionKind.REFUSAL, at_ns, pair=pair, tier=tier, denied=(denied,), told={"premium": Decimal(at_ns)}
    )


def decision(
    kind: DecisionKind,
    at_ns: int,
    *,
    pair: str,
    tier: str | None = "normal",
    intent_id: str | None = None,
    legs: tuple[LegTarget, ...] = (),
    denied: tuple[Denied, ...] = (),
    told: dict[str, Decimal | int | str | bool | None] | None = None,
) -> Decision:
    return Decision(
        kind=kind,
        at_ns=at_ns,
        pair=pair,
        side="short",
        tier=tier,
        cause=Cause.TAKEN,
        cited=(Cited("/signal/with/tiers/normal/z", "전략.yaml", 12, "2.0"),),
        seen=seen(told or {}),
        denied=denied,
        legs=legs,
        lot_ids=(),
        intent_id=intent_id,
        rules_digest="r" * 64,
    )


def order(order_id: str = "karb-m1-abcdefghij234567-0-0", *, amount: str = "2.50", reduce_only: bool = False) -> Order:
    return Order(
        id=order_id,
        intent_id="lot1",
        leg=0,
        instrument=SPOT,
        side=Side.SELL,
        amount=SPOT.amount(Decimal(amount)),
        limit=SPOT.price(Decimal("0.1000")),
        cost=None,
        time_in_force=TimeInForce.IOC,
        reduce_only=reduce_only,
    )


def fill(
    trade_id: str = "t1",
    *,
    instrument: Instrument = SPOT,
    side: Side = Side.SELL,
    amount: Decimal = Decimal("2.50"),
    price: Decimal = Decimal("0.10"),
    fee: Decimal = Decimal("0.000125"),
    fee_asset: str | None = None,
) -> Fill:
    return Fill(
        order_id="karb-m1-abcdefghij234567-0-0",
        venue_trade_id=trade_id,
        instrument=instrument,
        side=side,
        amount=instrument.amount(amount),
        price=instrument.price(price),
        fee=Amount(fee, fee_asset or instrument.quote),
        venue_at_ns=1_767_225_600_000_000_001,
        received_at_ns=1_767_225_600_000_000_002,
    )


def lot(lot_id: str = "lot1", *, pair: str = "ADA", target: Decimal | None = Decimal("0.0080")) -> Lot:
    return Lot(
        id=lot_id,
        pair=pair,
        tier="normal",
        side="short",
        rules_digest="r" * 64,
        target=target,
        opened_at_ns=10,
        rates=(("money", Price(Decimal("1.0650"), "USD", "EUR")),),
        legs=(LotLeg.unfilled(SPOT, Side.SELL), LotLeg.unfilled(PERP, Side.BUY)),
        fees=(),
        funding=(),
    )
