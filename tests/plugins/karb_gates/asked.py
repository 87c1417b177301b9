"""Gates as a file builds them, and one case of each: what it is asked with when it passes, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from karb_core.domain.decisions import Denied, Plan
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand
from karb_core.domain.market import FundingRate
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import AccountView, MarketView
from karb_core.rulebook.reader import read
from karb_core.rulebook.source import Source
from tests.plugins.scene import FAR, NEAR, NOW, TERMS, account, leaving, lot, plan, view


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


@dataclass(frozen=True)
class Case:
    """`looks_at`: what it cannot do without: tops, rates, free, or what of the account went before."""

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
    "gates.breaker": entry,
    "gates.cooldown": entry,
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
    "gates.max_deployed": lambda: _held("rates", written="{counts: both_legs, in_all: 95%, venues: none}"),
    "gates.max_open": entry,
    "gates.max_order": entry,
    "gates.max_position": entry,
    "gates.max_premium": lambda: entry("rates"),
    "gates.max_trades": entry,
    "gates.net_exposure": lambda: replace(entry("tops"), account=full_account(_uneven())),
    "gates.profit_only_exit": _leaves,
    "gates.spread": lambda: entry("tops"),
}


def _uneven() -> Any:
    """A lot of which the far leg holds a thousandth less."""
    held = lot()
    back = FAR.amount(Decimal("-0.001"))
    return held.with_fill(FAR, back, back.at(FAR.price(Decimal(100))), FAR.amount(Decimal(0)).at(FAR.price(Decimal(1))))


def rule_of(verdict: Any) -> str | None:
    return verdict.rule if isinstance(verdict, Denied) else None
