"""Gates as a file builds them, and one case of each: what it is asked with when it passes, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from karb_core.domain.decisions import Denied, Plan
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand
from karb_core.domain.market import Cautions, Depth, FundingRate, Level, VenueClock
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import AccountView, Approval, MarketView, PastBar, Standing, Stood
from karb_core.rulebook.reader import read
from karb_core.rulebook.source import Source
from tests.plugins.scene import FAR, NEAR, NOW, SECOND, TERMS, account, leaving, lot, plan, view


def gates() -> dict[str, Any]:
    """Every risk gate that karb brings, by what a file writes under `use`."""
    offered = [offer for offer in Catalogue.installed().offers() if offer.port == "risk_gate"]
    return {offer.use: offer.component for offer in offered if offer.use.startswith("gates.")}


def built(gate: Any, written: str = "{}") -> Any:
    """The gate of one line of a file: `{most: 5, per: pair}`."""
    return gate(gate.Params.model_validate(read(Source.of_text(f"with: {written}\n")).data["with"]))


def example(gate: Any) -> str:
    """What its parameters' own examples say."""
    fields = {field.alias or name: field.examples for name, field in gate.Params.model_fields.items()}
    return "{" + ", ".join(f"{key}: {examples[0]}" for key, examples in fields.items()) + "}"


def facts(margin: str | None) -> InstrumentFacts:
    instrument = NEAR if margin is None else FAR
    return InstrumentFacts(
        instrument=instrument,
        kind=InstrumentKind.SPOT if margin is None else InstrumentKind.PERPETUAL,
        ticks=(TickBand(Decimal(0), Decimal("0.1")),),
        amount_step=Decimal("0.001"),
        min_amount=None,
        max_amount=None,
        min_notional=None,
        margin_asset=margin,
        multiplier=Decimal(1),
        maintenance=(),
        taker_fee=None,
        maker_fee=None,
        valid_from_ns=0,
    )


FULL_TERMS = replace(TERMS, facts={NEAR: facts(None), FAR: facts("USDT")})
FREE = {
    Account("upbit", "KRW"): Decimal(40_000_000),
    Account("upbit", "BTC"): Decimal(100),
    Account("binance_usdm", "USDT"): Decimal(30_000),
}


def full_account(*lots: Any, **changes: Any) -> AccountView:
    """An account with everything in it that a gate may ask for."""
    return replace(account(*lots, terms=FULL_TERMS), free=FREE, **changes)


STOOD = {NEAR: (Stood(0, Decimal(103_000)),), FAR: (Stood(0, Decimal(100)),)}
#: 103,000,000 KRW can be had at the plan's own prices, and less than that nowhere.
BOOKS = {
    NEAR: Depth(NEAR, (Level(Decimal(103_000), Decimal(1000)),), (Level(Decimal(103_001), Decimal(1000)),), NOW, NOW),
    FAR: Depth(FAR, (Level(Decimal(99), Decimal(1030)),), (Level(Decimal(100), Decimal(1030)),), NOW, NOW),
}
CLOCKS = {venue: VenueClock(venue, -SECOND, SECOND, NOW, NOW) for venue in ("upbit", "binance_usdm")}
HOUR = 3600 * SECOND


def past_view() -> MarketView:
    """A week of hours. The two pairs' premiums move to and fro, each where the other does not."""
    bars: dict[str, list[PastBar]] = {"BTC": [], "ETH": []}
    closes, volumes = (Decimal(103_000), Decimal(100)), (Decimal(1000), Decimal(1000))
    for n in range(24 * 7):
        for pair, moves in (("BTC", n // 2), ("ETH", (n + 1) // 2)):
            premium = Decimal(moves % 2).scaleb(-2)
            bars[pair].append(PastBar(NOW - (24 * 7 - 1 - n) * HOUR, closes, volumes, premium))
    return replace(view(), past={pair: tuple(each) for pair, each in bars.items()})


@dataclass(frozen=True)
class Case:
    """`looks_at`: what it cannot do without: tops, rates, free, where prices stood, books, bars that closed (`past` of every
    pair, `mine` of the plan's own), or what of the account went before."""

    plan: Plan
    view: MarketView
    account: AccountView
    looks_at: frozenset[str]
    written: str | None = None

    def asked(self, gate: Any, **changed: Any) -> Any:
        case = replace(self, **changed)
        return built(gate, case.written or example(gate)).check(case.plan, case.view, case.account)


def entry(*looks_at: str, written: str | None = None) -> Case:
    return Case(plan("0.01"), view(), full_account(), frozenset(looks_at), written)


def _leaves() -> Case:
    held = lot()
    cheaper = view(
        *(replace(t, bid=b, ask=b) for t, b in zip(view().tops.values(), (Decimal(90_000), Decimal(100)), strict=True))
    )
    return Case(leaving(held), cheaper, full_account(held), frozenset({"tops", "rates", "lots"}))


def _leaves_open() -> Case:
    """A lot that is open, of which what it would come to is asked."""
    return replace(entry("tops", "rates"), account=full_account(lot()))


def _kept() -> Case:
    """A long future that only a fall by half would take."""
    tier = MaintenanceTier(Decimal(0), Decimal("0.005"), Decimal(0))
    terms = replace(
        FULL_TERMS,
        facts={**FULL_TERMS.facts, FAR: replace(FULL_TERMS.facts[FAR], maintenance=(tier,))},
        leverage={"binance_usdm": Decimal(2)},
    )
    return replace(entry("far_top"), account=replace(full_account(), terms=terms))


def _held(*looks_at: str, written: str | None = None) -> Case:
    return replace(entry(*looks_at, written=written), account=full_account(lot()))


#: One for each gate that there is. Of a gate without one a test says so.
CASES: dict[str, Callable[[], Case]] = {
    "gates.approval": lambda: replace(
        entry("rates"), account=replace(full_account(), approvals={"BTC": Approval(None, NOW, "ann@phone")})
    ),
    "gates.breaker": entry,
    "gates.clock_offset": lambda: replace(entry("clocks"), view=replace(view(), clocks=CLOCKS)),
    "gates.cooldown": entry,
    "gates.correlation": lambda: replace(
        entry("past"), view=past_view(), account=replace(full_account(), standing=_beside())
    ),
    "gates.daily_loss": entry,
    "gates.drawdown": _leaves_open,
    "gates.free_after": lambda: entry("free"),
    "gates.fresh": lambda: entry("tops"),
    "gates.funding_window": lambda: replace(
        entry(), view=replace(view(), funding={FAR: FundingRate(FAR, Decimal(0), NOW + 10**13, False, None, NOW, NOW)})
    ),
    "gates.fx_disagreement": lambda: entry("rates"),
    "gates.hours": lambda: entry(written="{zone: KST, times: ['00:00-24:00'], days: none, months: none}"),
    "gates.liquidation_distance": _kept,
    "gates.liquidity": lambda: replace(entry("rates", "depths"), view=replace(view(), depths=BOOKS)),
    "gates.max_deployed": lambda: _held("rates", written="{counts: both_legs, in_all: 95%, venues: none}"),
    "gates.max_open": entry,
    "gates.max_order": entry,
    "gates.max_position": entry,
    "gates.max_premium": lambda: entry("rates"),
    "gates.max_trades": entry,
    "gates.min_volume": lambda: replace(entry("rates", "mine"), view=past_view()),
    "gates.net_exposure": lambda: replace(entry("tops"), account=full_account(_uneven())),
    "gates.price_jump": lambda: replace(entry("tops", "stood"), view=replace(view(), stood=STOOD)),
    "gates.profit_only_exit": _leaves,
    "gates.spread": lambda: entry("tops"),
    "gates.venue_warnings": lambda: replace(
        entry("cautions"), view=replace(view(), cautions={NEAR: Cautions(NEAR, (), NOW, NOW)})
    ),
}


def _beside() -> dict[str, Standing]:
    """Another pair has a lot on the plan's own side."""
    return {"BTC": Standing(), "ETH": Standing((lot(pair="ETH", name="eth"),))}


def _uneven() -> Any:
    """A lot of which the far leg holds a thousandth less."""
    held = lot()
    back = FAR.amount(Decimal("-0.001"))
    return held.with_fill(FAR, back, back.at(FAR.price(Decimal(100))), FAR.amount(Decimal(0)).at(FAR.price(Decimal(1))))


def rule_of(verdict: Any) -> str | None:
    return verdict.rule if isinstance(verdict, Denied) else None
