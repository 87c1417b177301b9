"""K5xx: what is wrong with a dataset file as a whole."""

from __future__ import annotations

from karb_core.texts.page import Page

DATASET_PAGES = {
    "K501": Page(
        (
            "An amount of a dataset's facts is in another asset than it can be.",
            "데이터셋 규정의 금액이 맞지 않는 자산으로 쓰였습니다.",
        ),
        (
            "Amounts of an order are in the coin, prices and worths in what the coin is priced in, maintenance in the "
            "asset of the margin. Another asset there is a slip of the hand that would make every order wrong.",
            "주문 수량은 코인으로, 가격과 금액은 그 코인의 가격 자산으로, 유지 증거금은 증거금 자산으로 씁니다. "
            "다른 자산이면 모든 주문이 틀리게 됩니다.",
        ),
        "upbit ETH/KRW:\n  spot:\n    amount_step: 0.00000001 BTC",
        "upbit ETH/KRW:\n  spot:\n    amount_step: 0.00000001 ETH",
    ),
    "K502": Page(
        ("The lines of a table do not rise from the lowest.", "표의 줄이 낮은 것부터 차례로 있지 않습니다."),
        (
            "Each line of `ticks` and `maintenance` holds from its `from` up to the next. The maintenance begins at "
            "zero: an unknown margin is never taken for none.",
            "`ticks`와 `maintenance`의 각 줄은 `from`부터 다음 줄까지 적용됩니다. 유지 증거금은 0부터 있어야 합니다.",
        ),
        "ticks: [{from: 1_000 KRW, tick: 1 KRW}, {from: 100 KRW, tick: 0.1 KRW}]",
        "ticks: [{from: 100 KRW, tick: 0.1 KRW}, {from: 1_000 KRW, tick: 1 KRW}]",
    ),
    "K503": Page(
        (
            "An instrument has a series without facts, or facts without a series.",
            "종목에 기록과 규정(facts) 중 하나만 있습니다.",
        ),
        (
            "A backtest cuts its orders to the steps and minimums of the venue, so it needs them of each instrument "
            "that it has prices of. karb has none of its own: venues change them.",
            "백테스트는 주문을 거래소의 단위와 최소 금액에 맞추므로 종목마다 필요합니다. "
            "거래소가 바꾸는 값이라 karb에는 없습니다.",
        ),
        "series:\n  upbit BTC/KRW: {...}\nfacts: {}",
        "series:\n  upbit BTC/KRW: {...}\nfacts:\n  upbit BTC/KRW: {...}",
    ),
    "K504": Page(
        (
            "Two rates stand for one component, or a rate is of an asset in itself.",
            "환율 둘이 한 부품을 대신하거나, 한 자산의 자기 가격입니다.",
        ),
        (
            "`serves` says which rate a strategy is given when it asks a component of the live world. With two "
            "answers karb would have to choose.",
            "`serves`는 전략이 묻는 부품 대신 줄 환율입니다. 둘이면 karb가 골라야 하므로 거부합니다.",
        ),
        "rates:\n  ecb: {serves: [fx.frankfurter], ...}\n  seoul: {serves: [fx.frankfurter], ...}",
        "rates:\n  ecb: {serves: [fx.frankfurter], ...}\n  seoul: {serves: [fx.dunamu], ...}",
    ),
    "K505": Page(
        (
            "Marks or funding where there are none, or none where there are.",
            "마크 가격이나 펀딩이 없어야 할 곳에 있거나, 있어야 할 곳에 없습니다.",
        ),
        (
            "Only a perpetual has a mark price and funding. One without them is a warning: its backtest pays no "
            "funding and knows no price at which its margin is called.",
            "마크 가격과 펀딩은 무기한 선물에만 있습니다. 없는 선물은 경고입니다: "
            "백테스트가 펀딩을 내지 않고 청산도 모르게 됩니다.",
        ),
        "upbit BTC/KRW:\n  funding: {file: funding.csv, ...}",
        "upbit BTC/KRW:\n  funding: none",
    ),
    "K506": Page(
        ("A length or a time says two things at once.", "길이나 시각이 앞뒤가 맞지 않습니다."),
        (
            "Bars are counted in whole milliseconds, and whole numbers since 1970 are UTC by themselves: a zone "
            "beside them would shift them or do nothing, and karb does not guess which is meant.",
            "봉의 길이는 밀리초의 정수배이고, 1970년부터 센 정수는 이미 UTC입니다. "
            "옆에 시간대를 쓰면 어느 뜻인지 알 수 없습니다.",
        ),
        "time: {column: ts, unit: ms, zone: Asia/Seoul, is: open}",
        "time: {column: ts, unit: ms, is: open}",
    ),
    "K507": Page(
        ("The component under `generate` makes no series up.", "`generate`의 부품은 데이터를 만들지 않습니다."),
        (
            "A dataset without files needs a component that makes its series, the same for the same parameters.",
            "파일이 없는 데이터셋에는 같은 매개변수로 같은 데이터를 만드는 부품이 필요합니다.",
        ),
        "generate: {use: replay.dataset, with: {file: sample.yaml}}",
        "generate: {use: replay.sample, with: {start: 2025-01-01, days: 120, seed: 1, coins: [BTC]}}",
    ),
    "K508": Page(
        ("A strategy file stands where a dataset file is meant.", "데이터셋 파일 자리에 전략 파일이 있습니다."),
        (
            "A strategy says what to do, a dataset which file and columns are which series.",
            "전략은 무엇을 할지, 데이터셋은 어느 파일의 어느 열이 무엇인지 말합니다.",
        ),
        "# karb run kimp.yaml --data kimp.yaml\nsignal: {use: premium.zscore}",
        "# karb run kimp.yaml --data datasets/sample.yaml\ndataset: sample",
    ),
}
