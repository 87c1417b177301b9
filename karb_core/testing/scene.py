"""One pair of a spot market in KRW and a perpetual in USDT, and what a component of a deciding port is asked about.

Every word has values of its own that fit each other, and takes those that a test is about: a premium of 3 %, z at 2, a lot
of one coin, a plan that enters it. Prices are plain text, times nanoseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Cause, LegTarget, Plan, Proposal, ProposalKind, SeenValue, seen
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.market import FxKind, FxRate, Top
from karb_core.domain.orders import Side
from karb_core.domain.premium import Direction
from karb_core.ports import AccountView, MarketView, Moment, Notice, NoticeKind, PairTerms, Standing, Terms

NEAR = Instrument("upbit", "BTC", "KRW")
FAR = Instrument("binance_usdm", "BTC", "USDT")
LEGS = (NEAR, FAR)
SECOND = 1_000_000_000
NOW = 1_000_000 * SECOND
COSTS = {"upbit": Decimal("0.0005"), "binance_usdm": Decimal("0.0005")}
TERMS = Terms(
    strategy="kimp",
    rules_digest="sha256:ab",
    capital=Amount(Decimal(40_000_000), "KRW"),
    reserve=Decimal("0.05"),
    pairs={"BTC": PairTerms("BTC", LEGS, Decimal("0.4")), "ETH": PairTerms("ETH", LEGS, Decimal("0.35"))},
    costs=COSTS,
    leverage={"binance_usdm": Decimal(1)},
    facts={},
)
SHORT, LONG = "short_premium", "long_premium"


def top(instrument: Instrument, bid: str, ask: str | None = None, at_ns: int = NOW) -> Top:
    ask = bid if ask is None else ask
    return Top(instrument, Decimal(bid), Decimal(10), Decimal(ask), Decimal(10), at_ns, at_ns)


def tops(near: str = "103000", far: str = "100", at_ns: int = NOW) -> tuple[Top, ...]:
    """Bid and ask in one: the premium of these at a rate of 1000 is near / 100000 - 1."""
    return top(NEAR, near, at_ns=at_ns), top(FAR, far, at_ns=at_ns)


def rate(value: str, base: str = "USDT", quote: str = "KRW", at_ns: int = NOW) -> FxRate:
    return FxRate(base, quote, Decimal(value), "a bank", FxKind.BASE, at_ns, at_ns)


def rates(premium: str = "1000", money: str = "1000") -> dict[str, FxRate]:
    return {"premium": rate(premium, "USD"), "money": rate(money)}


def lot(
    side: str = SHORT,
    *,
    near: str = "103000",
    far: str = "100",
    amount: str = "1",
    target: str | None = None,
    tier: str | None = "normal",
    opened_at_ns: int = 0,
    fees: tuple[str, str] = ("0", "0"),
    funding: tuple[str, ...] = (),
    at_rate: str = "1000",
    name: str = "lot-1",
    pair: str = "BTC",
) -> Lot:
    """A lot with both legs filled at these prices; funding as `-0.5 USDT`."""
    way = Direction(side).near_side
    made = Lot(
        id=name,
        pair=pair,
        tier=tier,
        side=side,
        rules_digest="sha256:ab",
        target=None if target is None else Decimal(target),
        opened_at_ns=opened_at_ns,
        rates=tuple((seat, found.price) for seat, found in rates(at_rate, at_rate).items()),
        legs=(LotLeg.unfilled(NEAR, way), LotLeg.unfilled(FAR, way.opposite)),
        fees=(),
        funding=(),
    )
    for instrument, price, turn, fee in ((NEAR, near, way, fees[0]), (FAR, far, way.opposite, fees[1])):
        base = instrument.amount(Decimal(amount)).times(turn.sign)
        paid = Amount(Decimal(fee), instrument.quote)
        made = made.with_fill(instrument, base, base.at(instrument.price(Decimal(price))), paid)
    for came in funding:
        made = made.with_funding(Amount.read(came))
    return made


def moment(
    premium: str | None = "0.03",
    z: float = 2.0,
    *,
    at_ns: int = NOW,
    at: tuple[Top, ...] | None = None,
    known: Mapping[str, FxRate] | None = None,
) -> Moment:
    units = 0 if premium is None else int(Decimal(premium).scaleb(8))
    features: dict[str, float | int] = {"premium": units, "present": premium is not None, "z": z}
    return Moment("BTC", at_ns, features, LEGS, at or tops(), known if known is not None else rates())


def proposal(tier: str | None = "normal", side: str = SHORT, premium: str = "0.03", **changes: Any) -> Proposal:
    parts: dict[str, Any] = {
        "pair": "BTC",
        "kind": ProposalKind.ENTRY,
        "cause": Cause.TAKEN,
        "tier": tier,
        "side": side,
        "rules": ("tiers.normal.z",),
        "lot_ids": (),
        "target": None,
        "seen": seen({"premium": Decimal(premium)}),
    }
    return Proposal(**{**parts, **changes})


def account(
    *lots: Lot, standing: Standing | None = None, others: tuple[Lot, ...] = (), terms: Terms = TERMS
) -> AccountView:
    return AccountView(terms, {}, {"BTC": standing or Standing(tuple(lots)), "ETH": Standing(others)})


def view(*at: Top, known: Mapping[str, FxRate] | None = None, as_of_ns: int = NOW) -> MarketView:
    by = {found.instrument: found for found in (at or tops())}
    return MarketView(as_of_ns, by, known if known is not None else rates(), {}, {})


def plan(amount: str = "1", price: str = "103000", *proposals: Proposal) -> Plan:
    legs = (
        LegTarget(NEAR, NEAR.amount(Decimal(amount) * Side.SELL.sign), NEAR.price(Decimal(price))),
        LegTarget(FAR, FAR.amount(Decimal(amount)), FAR.price(Decimal(100))),
    )
    return Plan(intent_id="i", proposals=proposals or (proposal(),), legs=legs, shares=())


def leaving(*lots: Lot) -> Plan:
    """A plan that leaves these lots."""
    ways = tuple(
        proposal(found.tier, found.side, kind=ProposalKind.EXIT, lot_ids=(found.id,), rules=("exit.stop_loss",))
        for found in lots
    )
    return plan("1", "103000", *ways)


#: What else is told of is a venue, or the desk as a whole.
_OF_A_VENUE: dict[str, SeenValue] = {"venue": "upbit", "reason": "no answer", "strength": "no entries", "count": 3}


def notice(kind: NoticeKind = NoticeKind.ENTRY) -> Notice:
    """What the owner is told of each kind, with the facts that karb gives."""
    legs: dict[str, SeenValue] = {"legs": 2}
    for i, (leg, side, price) in enumerate(((NEAR, "sell", "103000"), (FAR, "buy", "100"))):
        told: dict[str, SeenValue] = {"venue": leg.venue, "base": leg.base, "quote": leg.quote, "side": side}
        told |= {"amount": Decimal(1), "price": Decimal(price)}
        legs |= {f"leg.{i}.{name}": value for name, value in told.items()}
    of_kind: dict[NoticeKind, dict[str, SeenValue]] = {
        NoticeKind.ENTRY: {"tier": "normal", "side": SHORT, "premium": Decimal("0.03"), "z": Decimal(2), **legs},
        NoticeKind.EXIT: {
            "side": SHORT,
            "result": Decimal(800),
            "result.of": Decimal(103_000),
            "result.asset": "KRW",
            **legs,
        },
        NoticeKind.REFUSAL: {
            "side": SHORT,
            "denied": 1,
            "denied.0.rule": "/pairs/BTC/share",
            "denied.0.observed": "17000000 KRW",
            "denied.0.limit": "16000000 KRW",
        },
        NoticeKind.HALT: {"reason": "a leg is left", "strength": "no entries"},
        NoticeKind.REMINDER: {"lot": "lot-1", "held_ns": 30 * 86_400 * SECOND, "net": Decimal("0.001")},
        NoticeKind.LEG: legs,
        NoticeKind.ERRORS: {"venue": NEAR.venue, "count": 3, "why": "HTTP 503", "bound": 3},
        NoticeKind.SILENCE: {"venue": NEAR.venue, "instrument": "BTC/KRW", "bound": 60 * SECOND},
        NoticeKind.BALANCE: {"venue": NEAR.venue, "asset": "KRW", "free": Decimal(950_000), "line": Decimal(1_000_000)},
        NoticeKind.LIQUIDATION: {"venue": FAR.venue, "instrument": "BTC/USDT", "distance": Decimal("0.095")},
        NoticeKind.KEYS: {"venue": NEAR.venue, "left_ns": 6 * 86_400 * SECOND},
        NoticeKind.OVER: {"venue": NEAR.venue, "of": "errors", "bound": 3},
        NoticeKind.SUMMARY: {
            "day": "2025-01-06",
            "figures": 1,
            "figure.0.en": "open lots 1",
            "figure.0.ko": "열린 로트 1",
        },
        NoticeKind.HEARTBEAT: {"bound": 12 * 3600 * SECOND},
    }
    return Notice(kind, NOW, "BTC", "paper", {**of_kind.get(kind, _OF_A_VENUE), "lines": "kimp.yaml:42"})
