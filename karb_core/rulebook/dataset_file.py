"""A dataset file as a whole: which file and columns are which series, and the facts of the instruments.

Two kinds: of recordings (`folder`, `series`), and of a made-up market (`generate`). Every line is required, and may
be `none` where it says so: a future without its funding is a statement, not an oversight.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from karb_core.rules.choices import Exactly, IfGiven, IfGivenLater, Listed, OrNone, Some
from karb_core.rules.day import Day
from karb_core.rules.duration import Duration, PositiveDuration
from karb_core.rules.money import ASSET, Money, PositiveMoney
from karb_core.rules.names import InstrumentName, Line, PathName, ShortName
from karb_core.rules.params import OneOf, Params
from karb_core.rules.ratio import Ratio
from karb_core.rules.roles import alternative, assumption, component, tech, wiring
from karb_core.rules.slot import USE, Slot
from karb_core.rules.written import Written, as_written
from karb_core.texts.text import Text

FORMAT = 1

Asset = Annotated[
    str, Written("asset", ASSET, lambda m: m[0], lambda v: Text("asset.shape", {"written": as_written(v)}))
]
Use = Annotated[str, Written("component", USE, lambda m: m[0], lambda v: Text("slot.use", {"written": as_written(v)}))]
Zone = Annotated[
    str,
    Written(
        "zone", "[A-Z][A-Za-z0-9_+/-]{1,63}", lambda m: m[0], lambda v: Text("zone.shape", {"written": as_written(v)})
    ),
]


class Time(Params):
    """A column of times. A wrong unit and a missing zone are refused when the file is read, never guessed."""

    column: Line = wiring("the column of times", ko="시각이 있는 열", example="ts")
    unit: Literal["datetime", "s", "ms", "us"] = tech(
        "datetime",
        "dates with a time of day, or what whole numbers since 1970 UTC count",
        ko="날짜와 시각(datetime) 또는 1970년 UTC부터 센 정수의 단위",
        example="ms",
    )
    zone: OrNone[Zone] = tech(
        "none",
        "the zone of times written without one; `none` where they carry their own",
        ko="시간대가 쓰이지 않은 시각의 시간대, 시각에 있으면 `none`",
        example="Asia/Seoul",
    )


class BarTime(Time):
    """The time of a bar."""

    is_: Literal["open", "close"] = wiring(
        "whether that is when the bar opened or when it closed",
        ko="그 시각이 봉의 시작(open)인지 끝(close)인지",
        example="open",
        alias="is",
    )


class KnownTime(Time):
    """From when a value was known."""

    after: Duration = wiring(
        "how long after that time a program could know the value; `0s` where the column says when it was known",
        ko="그 시각 뒤 얼마가 지나야 값을 알 수 있는지, 열이 알게 된 시각이면 `0s`",
        example="0s",
    )
    filled_after: IfGiven[Duration] = alternative(
        "how long after that time fills are booked at the value: `0s` for a value of each bar, known at the bar's close",
        ko="그 시각 뒤 얼마부터 체결이 이 값으로 기록되는지: 봉마다 있고 봉이 닫힐 때 아는 값이면 `0s`",
        example="0s",
        absent="from when it was known",
    )


class Columns(Params):
    """What the file calls the columns of its bars."""

    open: Line = wiring("the column of opening prices", ko="시가 열", example="open")
    high: Line = wiring("the column of highest prices", ko="고가 열", example="high")
    low: Line = wiring("the column of lowest prices", ko="저가 열", example="low")
    close: Line = wiring("the column of closing prices", ko="종가 열", example="close")
    volume: OrNone[Line] = wiring(
        "the column of volumes in coins, or `none`", ko="거래량(코인) 열, 없으면 `none`", example="volume"
    )


class BarsInFile(Params):
    """Bars of one instrument; where nothing traded there need be none."""

    file: PathName = wiring(
        "the Parquet or CSV file, from `folder` on; `*` stands for any part of its name",
        ko="Parquet 또는 CSV 파일 (`folder` 기준), 이름의 `*`은 아무 글자나",
        example="candles_1h/btc.parquet",
    )
    length: PositiveDuration = wiring("how long each bar is", ko="봉의 길이", example="1h")
    time: BarTime = wiring("when each bar was", ko="봉의 시각")
    columns: Columns = wiring("what the file calls its columns", ko="파일의 열 이름")


class TopColumns(Params):
    """What the file calls the columns of its tops."""

    bid: Line = wiring("the column of best bids", ko="최우선 매수호가 열", example="bid")
    bid_amount: Line = wiring("the column of the coins bid there", ko="매수 잔량(코인) 열", example="bid_amount")
    ask: Line = wiring("the column of best asks", ko="최우선 매도호가 열", example="ask")
    ask_amount: Line = wiring("the column of the coins asked there", ko="매도 잔량(코인) 열", example="ask_amount")


class TopsInFile(Params):
    """Tops of book of one instrument, each known from its time on."""

    file: PathName = wiring(
        "the Parquet or CSV file, from `folder` on; `*` stands for any part of its name",
        ko="Parquet 또는 CSV 파일 (`folder` 기준), 이름의 `*`은 아무 글자나",
        example="tops/btc.parquet",
    )
    every: OrNone[PositiveDuration] = wiring(
        "how often a top was written while the recording ran, or `none`: at each change of it",
        ko="기록 간격, 바뀔 때마다 기록했으면 `none`",
        example="1s",
    )
    time: Time = wiring("when each was seen", ko="호가를 본 시각")
    columns: TopColumns = wiring("what the file calls its columns", ko="파일의 열 이름")


class FundingInFile(Params):
    """Settlements of a perpetual."""

    file: PathName = wiring(
        "the Parquet or CSV file, from `folder` on; `*` stands for any part of its name",
        ko="Parquet 또는 CSV 파일 (`folder` 기준), 이름의 `*`은 아무 글자나",
        example="funding/btc.csv",
    )
    settled: Time = wiring("when each was settled", ko="정산 시각")
    rate: Line = wiring(
        "the column of rates: fractions of the notional that longs pay",
        ko="펀딩 비율 열 (롱이 내는 비율)",
        example="funding_rate",
    )


class SeriesOf(Params):
    """What was recorded of one instrument."""

    bars: OrNone[BarsInFile] = wiring(
        "its bars of traded prices, or `none` where there are only tops",
        ko="체결 가격의 봉, 호가뿐이면 `none`",
    )
    tops: IfGivenLater[TopsInFile] = alternative("its tops of book", ko="최우선 호가", absent="none were recorded")
    marks: OrNone[BarsInFile] = wiring("bars of its mark price, or `none`", ko="마크 가격의 봉, 없으면 `none`")
    funding: OrNone[FundingInFile] = wiring("its funding, or `none`", ko="펀딩, 없으면 `none`")


class Rate(Params):
    """What a rate is, and whose it stands for."""

    base: Asset = wiring("what is priced", ko="가격이 매겨지는 자산", example="USD")
    quote: Asset = wiring("in what", ko="가격의 자산", example="KRW")
    kind: Literal["base", "mid", "reference", "market", "tether"] = wiring(
        "how it is found", ko="환율의 종류", example="reference"
    )
    source: ShortName = wiring("who publishes it", ko="발표 기관", example="ecb")
    serves: Listed[Use] = wiring(
        "the fx_source components it stands for in a backtest, or `[]`",
        ko="백테스트에서 이 환율이 대신하는 fx_source 부품, 없으면 `[]`",
        example="[fx.frankfurter]",
    )


class RateInFile(Rate):
    """A rate, and where it is recorded."""

    file: PathName = wiring(
        "the Parquet or CSV file, from `folder` on; `*` stands for any part of its name",
        ko="Parquet 또는 CSV 파일 (`folder` 기준), 이름의 `*`은 아무 글자나",
        example="fx/usdkrw.csv",
    )
    known: KnownTime = wiring("from when each value was known", ko="값을 알게 된 시각")
    value: Line = wiring("the column of values", ko="값 열", example="usdkrw")


class Ticks(Params):
    """From a price on, the step of prices."""

    from_: Money = assumption("from this price on", ko="이 가격부터", example="1_000 KRW", alias="from")
    tick: PositiveMoney = assumption("prices move in steps of this", ko="호가 단위", example="1 KRW")


class Tier(Params):
    """From a notional on, the maintenance margin: notional x rate - deduct."""

    from_: Money = assumption("from this notional on", ko="이 명목 금액부터", example="0 USDT", alias="from")
    rate: Ratio = assumption("of the notional", ko="명목 금액에 대한 비율", example="0.4%")
    deduct: Money = assumption("less this", ko="빼는 금액", example="0 USDT")


class SpotFacts(Params):
    """What a venue asks of an order."""

    from_: OrNone[Day] = assumption(
        "in force from this day on (UTC), or `none`: throughout",
        ko="적용 시작일 (UTC), 전체 기간이면 `none`",
        example="2025-07-31",
        alias="from",
    )
    amount_step: PositiveMoney = assumption("amounts move in steps of this", ko="수량 단위", example="0.001 BTC")
    min_amount: OrNone[PositiveMoney] = assumption(
        "the least amount of an order, or `none`", ko="최소 주문 수량, 없으면 `none`", example="0.001 BTC"
    )
    max_amount: OrNone[PositiveMoney] = assumption(
        "the greatest amount of an order, or `none`", ko="최대 주문 수량, 없으면 `none`", example="1_000 BTC"
    )
    min_notional: OrNone[PositiveMoney] = assumption(
        "the least worth of an order, or `none`", ko="최소 주문 금액, 없으면 `none`", example="5_000 KRW"
    )
    ticks: Some[Ticks] = assumption("the steps of prices, lowest first", ko="호가 단위표, 낮은 가격부터")


class PerpetualFacts(SpotFacts):
    """The same of a future without end, and its margin."""

    contract: PositiveMoney = assumption("what one contract stands for", ko="계약 하나의 크기", example="1 BTC")
    margin: Asset = assumption("the asset of its margin", ko="증거금 자산", example="USDT")
    maintenance: Some[Tier] = assumption(
        "the maintenance margin, smallest notional first", ko="유지 증거금 구간, 작은 금액부터"
    )


class Facts(OneOf):
    """Of an instrument, by its kind."""

    spot: IfGiven[SpotFacts] = alternative("coins change hands", ko="현물")
    perpetual: IfGiven[PerpetualFacts] = alternative("a position on margin, with funding and no end", ko="무기한 선물")


class _Head(Params):
    karb: Annotated[int, Exactly(FORMAT)] = wiring(
        "the version of this file's format", ko="이 파일 형식의 버전", example="1"
    )
    dataset: ShortName = wiring("the dataset's name", ko="데이터셋의 이름", example="real-1h")
    about: Line = tech("", "what these data are, for people", ko="데이터 설명 (사람을 위한 글)")


class RecordedDataset(_Head):
    """Recordings in files."""

    folder: PathName = wiring(
        "where the files are, from this file's own folder on", ko="파일들이 있는 폴더 (이 파일 기준)", example="../data"
    )
    series: Mapping[InstrumentName, SeriesOf] = wiring("what was recorded of which instrument", ko="종목별 기록")
    rates: Mapping[ShortName, RateInFile] = wiring("the rates by name, or `{}`", ko="이름별 환율, 없으면 `{}`")
    facts: Mapping[InstrumentName, Facts] = assumption(
        "what the venue asks of orders in each instrument", ko="종목별 거래소 규정"
    )


class GeneratedDataset(_Head):
    """A market that a component makes up."""

    generate: Slot = component("feed", "the component that makes the series up", ko="데이터를 만들어 내는 부품")
    rates: Mapping[ShortName, Rate] = wiring("the rates it makes, by name, or `{}`", ko="만들어지는 환율, 없으면 `{}`")
    facts: Mapping[InstrumentName, Facts] = assumption(
        "what the venue asks of orders in each instrument", ko="종목별 거래소 규정"
    )
