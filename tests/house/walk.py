"""A market that a test moves: a feed, a source of rates and a channel, as a plugin that runs in this house's tests.

What the premium is stands in a file, so that a test moves it in virtual time as well as in another process: `calm`
wobbles by a twentieth of a percent, `high` lies three percent above, `silent` tells nothing more, `half` tells bars of
perpetuals alone, `broken` raises, `dead` is as `high` and says that the far venue is down, `fallen` is as `calm` and
says so too.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, Literal

from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand
from karb_core.domain.market import Bar, Depth, FxKind, FxRate, Level, Mark, MarketEvent, VenueState, VenueStatus
from karb_core.domain.statement import VenueSilent
from karb_core.plugin import hookimpl
from karb_core.ports import Clock, Notice, NoticeKind, Stage, Wants
from karb_core.ports.feed import Emit
from karb_core.ports.fx_source import EmitRate
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.names import PathName
from karb_core.rules.params import Params
from karb_core.rules.roles import rule, wiring
from karb_core.texts.text import Words

RATE = Decimal(1400)
COINS = {"BTC": Decimal(95_000), "XRP": Decimal("2.2")}
_DEEP = Decimal(1_000_000)


class MarketParams(Params):
    moves: PathName = wiring("the file that says how the market is", ko="시장 상태 파일", example="market.txt")
    tick: PositiveDuration = wiring("how often prices are told", ko="가격을 알리는 간격", example="100ms")
    wrong: Literal["nothing", "facts", "facts_raise", "facts_hang", "past", "no_past"] = wiring(
        "what it does badly", ko="잘못하는 것", example="nothing"
    )


class Market:
    name: ClassVar[str] = "market"
    about: ClassVar[Words] = Words("A market that a test moves.", "테스트가 움직이는 시장.")
    Params = MarketParams

    def __init__(self, params: MarketParams) -> None:
        self._moves = Path(params.moves)
        self._tick = _ns(params.tick)
        self._wrong = params.wrong
        self._dead = False

    async def run(self, wants: Wants, emit: Emit, clock: Clock) -> None:
        told_ns = clock.now_ns() // self._tick
        while True:
            while clock.now_ns() < (told_ns + 1) * self._tick:
                await clock.sleep_until((told_ns + 1) * self._tick)
            before_ns, told_ns = told_ns, clock.now_ns() // self._tick
            moved = self._moves.read_text("utf-8").strip()
            if moved == "broken":
                raise OSError("the line is cut")
            if (moved in ("dead", "fallen")) is not self._dead:
                self._dead = not self._dead
                emit(_status(self._dead, clock.now_ns()))
            if moved != "silent":
                for event in self._told(wants, before_ns, told_ns, moved, clock.now_ns()):
                    emit(event)

    async def past(self, wants: Wants, since_ns: int, until_ns: int) -> Iterable[MarketEvent]:
        if self._wrong == "past":
            raise VenueSilent("upbit", "past", "no connection")
        if self._wrong == "no_past":
            return []
        first = -(-since_ns // wants.bars_ns)
        return [
            _bar(i, at * wants.bars_ns, wants.bars_ns, "calm", until_ns)
            for at in range(first, until_ns // wants.bars_ns)
            for i in wants.instruments
        ]

    async def facts(self, instruments: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
        if self._wrong == "facts_raise":
            raise ValueError("no such page")
        if self._wrong == "facts_hang":
            import asyncio

            await asyncio.Event().wait()
        return {} if self._wrong == "facts" else {i: facts(i) for i in instruments}

    def _told(self, wants: Wants, before: int, now: int, moved: str, at_ns: int) -> Iterator[MarketEvent]:
        ended = now * self._tick // wants.bars_ns
        for at in range(before * self._tick // wants.bars_ns, ended):
            yield from (_bar(i, at * wants.bars_ns, wants.bars_ns, moved, at_ns) for i in _with_bars(wants, moved))
        for instrument in wants.instruments:
            yield depth(instrument, moved, now * self._tick, at_ns)
            if facts(instrument).kind is InstrumentKind.PERPETUAL:
                yield Mark(instrument, price(instrument, moved, at_ns), None, now * self._tick, at_ns)


class Far(Market):
    """One leg of it: the other is told by whoever is tried."""

    name: ClassVar[str] = "far"

    @classmethod
    def venues(cls, params: MarketParams) -> frozenset[str]:
        return frozenset({"binance_usdm"})


def _status(dead: bool, at_ns: int) -> VenueStatus:
    state, note = (VenueState.DOWN, "maintenance") if dead else (VenueState.UP, "")
    return VenueStatus("binance_usdm", None, state, note, at_ns, at_ns)


def _with_bars(wants: Wants, moved: str) -> Iterable[Instrument]:
    return (i for i in wants.instruments if moved != "half" or facts(i).kind is InstrumentKind.PERPETUAL)


class RateParams(Params):
    max_age: PositiveDuration = rule("the oldest rate", ko="환율의 최대 나이", example="30s", tighter="lower")
    every: PositiveDuration = wiring("how often it is told", ko="알리는 간격", example="1s")


class Rate:
    name: ClassVar[str] = "rate"
    kind: ClassVar[str] = "market"
    about: ClassVar[Words] = Words("A rate that stands still.", "움직이지 않는 환율.")
    Params = RateParams

    def __init__(self, params: RateParams) -> None:
        self._max_age, self._every = _ns(params.max_age), _ns(params.every)

    def max_age_ns(self) -> int:
        return self._max_age

    def when_closed_ns(self) -> int | None:
        return None

    def is_open(self, at_ns: int) -> bool:
        return True

    async def run(self, emit: EmitRate, clock: Clock) -> None:
        while True:
            now_ns = clock.now_ns()
            emit(rate(now_ns))
            while clock.now_ns() < now_ns + self._every:
                await clock.sleep_until(now_ns + self._every)

    async def past(self, since_ns: int, until_ns: int) -> Iterable[FxRate]:
        return [rate(at_ns) for at_ns in range(since_ns, until_ns, self._max_age)]


class ChannelParams(Params):
    file: PathName = wiring("where each notice becomes a line", ko="소식을 쓰는 파일", example="notices.jsonl")
    wrong: Literal["nothing", "raises", "hangs"] = wiring("what it does badly", ko="잘못하는 것", example="nothing")


class Channel:
    name: ClassVar[str] = "channel"
    about: ClassVar[Words] = Words("Writes each notice as a line.", "소식을 한 줄씩 씁니다.")
    Params = ChannelParams

    def __init__(self, params: ChannelParams) -> None:
        self._file, self._wrong = Path(params.file), params.wrong

    async def notify(self, notice: Notice) -> None:
        if self._wrong == "raises":
            raise RuntimeError("the channel is closed")
        if self._wrong == "hangs":
            import asyncio

            await asyncio.Event().wait()
        line: dict[str, Any] = {"kind": notice.kind, "pair": notice.pair, "reason": str(notice.facts.get("reason", ""))}
        if notice.kind is NoticeKind.RULES:
            count = notice.facts["figures"]
            assert isinstance(count, int)
            line["figures"] = [notice.facts[f"figure.{i}.en"] for i in range(count)]
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(line)}\n")


class Announced(Market):
    name: ClassVar[str] = "announced"
    stage: ClassVar[Stage] = Stage.ANNOUNCED


@hookimpl
def karb_feeds() -> list[type]:
    return [Market, Announced, Far]


@hookimpl
def karb_fx_sources() -> list[type]:
    return [Rate]


@hookimpl
def karb_notifiers() -> list[type]:
    return [Channel]


def facts(instrument: Instrument) -> InstrumentFacts:
    spot = instrument.quote == "KRW"
    return InstrumentFacts(
        instrument=instrument,
        kind=InstrumentKind.SPOT if spot else InstrumentKind.PERPETUAL,
        ticks=(TickBand(Decimal(0), Decimal("0.0001")),),
        amount_step=Decimal("0.00000001") if spot else Decimal("0.001"),
        min_amount=None,
        max_amount=None,
        min_notional=None,
        margin_asset=None if spot else instrument.quote,
        multiplier=Decimal(1),
        maintenance=() if spot else (MaintenanceTier(Decimal(0), Decimal("0.025"), Decimal(0)),),
        taker_fee=None,
        maker_fee=None,
        valid_from_ns=0,
    )


def rate(at_ns: int) -> FxRate:
    return FxRate("USDT", "KRW", RATE, "walk", FxKind.MARKET, at_ns, at_ns)


def price(instrument: Instrument, moved: str, at_ns: int) -> Decimal:
    """The middle of the book: far stands nearly still, near lies above it by the premium."""
    far = COINS[instrument.base]
    if instrument.quote != "KRW":
        return far
    wobble = 0.0005 * math.sin(at_ns / 1e9 * 2.399)
    premium = Decimal(str(round(wobble + (0.03 if moved in ("high", "dead") else 0.0), 6)))
    return (far * RATE * (1 + premium)).quantize(Decimal("0.001"))


def depth(instrument: Instrument, moved: str, venue_ns: int, at_ns: int) -> Depth:
    """Two basis points wide, and deep enough for anybody."""
    middle = price(instrument, moved, venue_ns)
    bid, ask = ((middle * Decimal(by)).quantize(Decimal("0.0001")) for by in ("0.9999", "1.0001"))
    return Depth(instrument, (Level(bid, _DEEP),), (Level(ask, _DEEP),), venue_ns, at_ns)


def _bar(instrument: Instrument, start_ns: int, lasts_ns: int, moved: str, at_ns: int) -> Bar:
    close = price(instrument, moved, start_ns + lasts_ns)
    return Bar(instrument, start_ns, start_ns + lasts_ns, close, close, close, close, Decimal(1), at_ns)


def _ns(length: timedelta) -> int:
    return length // timedelta(microseconds=1) * 1000
