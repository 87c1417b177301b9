"""Accounts whose truth a test holds, behind the executor port: what a house at real accounts is tried against."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, Literal

from karb_core.domain.instrument import Instrument
from karb_core.domain.statement import VenueSilent
from karb_core.plugin import hookimpl
from karb_core.ports import AccountSetting, Clock, DepthVenues, Secrets, Stage, Wants
from karb_core.rules.names import Secret
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.roles import rule, wiring
from karb_core.texts.text import Words
from karb_core.venue.book import VenueBook
from karb_core.venue.terms import VenueTerms
from karb_sim.depth import DepthFills, DepthFillsParams
from tests.house.walk import Market, MarketParams, facts

Venue = Literal["upbit", "binance_usdm"]
BTC = (Instrument("upbit", "BTC", "KRW"), Instrument("binance_usdm", "BTC", "USDT"))
XRP = (Instrument("upbit", "XRP", "KRW"), Instrument("binance_usdm", "XRP", "USDT"))
OPENS = {
    "upbit": {"KRW": Decimal(45_000_000), "BTC": Decimal("0.25"), "XRP": Decimal(10_500)},
    "binance_usdm": {"USDT": Decimal(31_000)},
}


@dataclass(slots=True)
class Truth:
    """What the venues know of who has the key. `settings` are as `AccountSetting.found`, by name."""

    venues: DepthVenues
    settings: dict[str, str] = field(default_factory=lambda: {"leverage": "1", "margin": "isolated"})
    silent: set[str] = field(default_factory=set)
    opened: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    alone: Clock | None = None

    def book(self, venue: str) -> VenueBook:
        return self.venues.books[venue]


#: By the key's value. A test puts one there, and takes it away.
TRUTHS: dict[str, Truth] = {}


def truth(clock: Clock) -> Truth:
    """Venues of which nobody traded anything yet."""
    terms = [
        VenueTerms(
            venue=venue,
            opening=opens,
            facts={i: facts(i) for i in (*BTC, *XRP) if i.venue == venue},
            leverage=Decimal(1),
            taker_fee=Decimal("0.0005"),
        )
        for venue, opens in OPENS.items()
    ]
    fills = DepthFills(DepthFillsParams.model_validate({"order_latency": "80ms", "answer_latency": "60ms"}))
    return Truth(fills.open_depth(terms, clock))


async def told_by_market(moves: Path, of: Truth, clock: Clock) -> None:
    """The venues live through the market that the strategies are told of, until it is cancelled."""
    params = MarketParams.model_validate({"moves": str(moves), "tick": "200ms", "wrong": "nothing"})
    await Market(params).run(Wants((*BTC, *XRP), 1_000_000_000, "close"), of.venues.take, clock)


def _truth_of(key: str, clock: Clock) -> Truth:
    """A process of its own knows of no test: it makes its venues itself. Errors: RuntimeError for a key that is told to
    break whoever opens it, and that says itself."""
    if key.startswith("broken:"):
        raise RuntimeError(f"{key} opens nothing") from KeyError(key.partition(":")[2])
    if key not in TRUTHS:
        TRUTHS[key] = truth(clock)
        TRUTHS[key].alone = clock
    return TRUTHS[key]


class AtVenue:
    """One venue of a truth, as an account that is open."""

    def __init__(self, of: Truth, venue: str, stated: Mapping[str, str]) -> None:
        self._of, self._name, self._stated = of, venue, stated
        self._way: Any = of.venues.at(venue)
        of.opened.append(venue)

    def __getattr__(self, verb: str) -> Any:
        return getattr(self._way, verb)

    async def settings(self) -> Sequence[AccountSetting]:
        if self._name in self._of.silent:
            raise VenueSilent(self._name, "settings", "no connection")
        found = self._of.settings
        fatal = "the key may withdraw" if found.get("withdraw") == "yes" else None
        rights = AccountSetting("withdraw", None, None, found.get("withdraw"), fatal)
        return [AccountSetting(name, None, said, found.get(name)) for name, said in self._stated.items()] + [rights]

    async def run(self, nudge: Callable[[], None]) -> None:
        """Where no test holds the truth, one of its venues has it live through the market that the file tells of."""
        if self._of.alone is None or self._name != self._of.opened[0]:
            await asyncio.Event().wait()
            return
        await told_by_market(Path("market.txt"), self._of, self._of.alone)

    async def close(self) -> None:
        self._of.closed.append(self._name)


class SpotParams(Params):
    venue: Venue = wiring("which venue", ko="거래소", example="upbit")
    keys: Secret = wiring("the key's name", ko="키 이름", example="secret:upbit")


class Spot:
    name: ClassVar[str] = "spot"
    about: ClassVar[Words] = Words("An account whose truth a test holds.", "테스트가 진실을 아는 계좌.")
    Params: ClassVar[type[Params]] = SpotParams

    def __init__(self, params: Any) -> None:
        self._params = params

    @classmethod
    def venues(cls, params: Any) -> frozenset[str]:
        return frozenset({params.venue})

    def account(self) -> str:
        return f"{self._params.venue}/{self._params.keys.name}"

    def open_account(self, instruments: Collection[Instrument], secrets: Secrets, clock: Clock) -> AtVenue:
        stated = {name: str(value) for name in ("leverage", "margin") if (value := getattr(self._params, name, None))}
        return AtVenue(_truth_of(secrets(self._params.keys), clock), self._params.venue, stated)


class MarginParams(SpotParams):
    leverage: PositiveCount = rule("the leverage", ko="레버리지", example="1")
    margin: Literal["isolated"] = rule("the margin", ko="증거금", example="isolated")


class Margin(Spot):
    name: ClassVar[str] = "margin"
    Params: ClassVar[type[Params]] = MarginParams


class Later(Spot):
    """Its parameters are final, its behaviour is not there."""

    name: ClassVar[str] = "later"
    stage: ClassVar[Stage] = Stage.ANNOUNCED


@hookimpl
def karb_executors() -> list[type]:
    return [Spot, Margin, Later]
