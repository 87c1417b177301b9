"""Sentences about dataset files and the data they name. English and Korean side by side."""

TEXTS: dict[str, tuple[str, str]] = {
    "day.shape": (
        "expected a day such as `2025-01-31`, got `{written}`",
        "`2025-01-31` 같은 날짜여야 합니다. 쓰인 값: `{written}`",
    ),
    "asset.shape": (
        "expected an asset such as `KRW` or `USDT`, got `{written}`",
        "`KRW`나 `USDT` 같은 자산이어야 합니다. 쓰인 값: `{written}`",
    ),
    "zone.shape": (
        "expected a zone such as `UTC` or `Asia/Seoul`, got `{written}`",
        "`UTC`나 `Asia/Seoul` 같은 시간대여야 합니다. 쓰인 값: `{written}`",
    ),
    "dataset.not_yaml": (
        "{path} is no dataset file: that is a YAML text which says which file and columns are which series",
        "{path}: 데이터셋 파일이 아닙니다. 어느 파일의 어느 열이 무엇인지 적은 YAML 텍스트여야 합니다",
    ),
    "dataset.not_yaml.help": (
        "write one, docs/how-to/bring-your-own-data.md shows how, and name that",
        "docs/how-to/bring-your-own-data.md를 보고 하나 만들어 그 파일을 지정하세요",
    ),
    "dataset.shape": (
        "a dataset file is a block of `section: ...` lines",
        "데이터셋 파일은 `섹션: ...` 줄로 이루어집니다",
    ),
    "dataset.strategy": ("this is a strategy file, not a dataset", "데이터셋이 아니라 전략 파일입니다"),
    "dataset.strategy.help": (
        "name the dataset file after --data, the strategy before it",
        "--data 뒤에는 데이터셋 파일을, 그 앞에 전략 파일을 쓰세요",
    ),
    "dataset.errors": (
        "{file}:{line}:{column}: {said} ({count} error(s) in this dataset file)",
        "{file}:{line}:{column}: {said} (이 데이터셋 파일의 오류 {count}개)",
    ),
    "dataset.asset": ("`{name}`: `{written}` is not in {asset}", "`{name}`: `{written}`의 자산은 {asset}이어야 합니다"),
    "dataset.asset.help": ("write so much {asset}", "{asset} 단위로 쓰세요"),
    "dataset.rising": (
        "`from: {written}` does not come after the line before it",
        "`from: {written}`: 앞 줄보다 커야 합니다",
    ),
    "dataset.rising.help": ("put the lowest first, each `from` once", "가장 낮은 것부터, 같은 `from`은 한 번만 쓰세요"),
    "dataset.from_zero": (
        "the maintenance of a small position is not said: the first tier begins at `{written}`",
        "작은 포지션의 유지 증거금이 없습니다: 첫 구간이 `{written}`에서 시작합니다",
    ),
    "dataset.from_zero.help": ("begin with a tier `from: 0 {asset}`", "`from: 0 {asset}` 구간부터 쓰세요"),
    "dataset.length": (
        "`length`: `{written}` is not a whole number of milliseconds",
        "`length`: `{written}`은(는) 밀리초의 정수배가 아닙니다",
    ),
    "dataset.zone": ("`zone`: whole numbers since 1970 are UTC already", "`zone`: 1970년부터 센 정수는 이미 UTC입니다"),
    "dataset.zone.help": ("delete `zone`, or write `unit: datetime`", "`zone`을 지우거나 `unit: datetime`으로 쓰세요"),
    "dataset.no_facts": (
        "`{instrument}` has a series but no facts",
        "`{instrument}`: 기록은 있지만 규정(facts)이 없습니다",
    ),
    "dataset.no_facts.help": (
        "say under `facts:` what its venue asks of an order: steps, minimum, ticks",
        "`facts:` 아래에 거래소의 수량 단위, 최소 금액, 호가 단위를 쓰세요",
    ),
    "dataset.no_series": (
        "`{instrument}` has facts but no series",
        "`{instrument}`: 규정은 있지만 기록(series)이 없습니다",
    ),
    "dataset.no_series.help": (
        "add it under `series:`, or delete these facts",
        "`series:` 아래에 추가하거나 이 규정을 지우세요",
    ),
    "dataset.spot_margin": (
        "`{instrument}` is spot: it has no `{key}`",
        "`{instrument}`: 현물에는 `{key}`이(가) 없습니다",
    ),
    "dataset.spot_margin.help": (
        "write `{key}: none`, or give it `perpetual:` facts",
        "`{key}: none`으로 쓰거나 `perpetual:` 규정을 쓰세요",
    ),
    "dataset.no_margin": (
        "`{instrument}` is a perpetual without `{key}`: a backtest would be better than the market was",
        "`{instrument}`: `{key}` 없는 무기한 선물입니다. 백테스트가 실제보다 좋게 나옵니다",
    ),
    "dataset.no_margin.help": ("add the recording if you have one", "기록이 있으면 추가하세요"),
    "dataset.served_twice": ("`{use}` is served by `{first}` already", "`{use}`: 이미 `{first}`이(가) 대신합니다"),
    "dataset.served_twice.help": ("leave it in the `serves:` of one rate", "환율 하나의 `serves:`에만 쓰세요"),
    "dataset.same_asset": ("a rate of {asset} in {asset} is no rate", "{asset}의 {asset} 가격은 환율이 아닙니다"),
    "dataset.same_asset.help": (
        "`base` is what is priced, `quote` in what",
        "`base`는 가격이 매겨지는 자산, `quote`는 가격의 자산입니다",
    ),
    "dataset.no_generator": ("`{use}` makes no series up", "`{use}`은(는) 데이터를 만들지 않습니다"),
    "dataset.no_generator.help": (
        "name a component that does, such as `replay.sample`",
        "`replay.sample`처럼 만드는 부품을 쓰세요",
    ),
    "dataset.no_instrument": (
        "{file}: `{instrument}` is not in this dataset; there are {known}",
        "{file}: 데이터셋에 `{instrument}`이(가) 없습니다. 있는 것: {known}",
    ),
    "dataset.no_instrument.help": (
        "add `{instrument}` under `series:` and `facts:`, or take its pair out of the strategy",
        "`series:`와 `facts:` 아래에 `{instrument}`을(를) 추가하거나 전략에서 그 페어를 빼세요",
    ),
    "dataset.no_rate": (
        "{file}: there is no rate `{rate}`; there are {known}",
        "{file}: `{rate}` 환율이 없습니다. 있는 것: {known}",
    ),
    "dataset.no_rate.help": (
        "add `{rate}` under `rates:`, or name one of those in the strategy",
        "`rates:` 아래에 `{rate}`을(를) 추가하거나 전략에 있는 것을 쓰세요",
    ),
    "dataset.not_served": (
        "{file}: no rate stands for `{use}`; there are {known}",
        "{file}: `{use}`을(를) 대신하는 환율이 없습니다. 있는 것: {known}",
    ),
    "dataset.not_served.help": (
        "add `{use}` to `serves:` of the rate that may stand for it, or a rate of its own",
        "대신할 수 있는 환율의 `serves:`에 `{use}`을(를) 추가하거나 새 환율을 추가하세요",
    ),
    "dataset.no_folder": ("{place}: there is no folder {folder}", "{place}: {folder} 폴더가 없습니다"),
    "dataset.no_folder.help": (
        "put the data there, or write the folder where they are; a relative one counts from the dataset file",
        "데이터를 그곳에 두거나 데이터가 있는 폴더를 쓰세요. 상대 경로는 데이터셋 파일 기준입니다",
    ),
    "dataset.bad": ("{place}: {why}", "{place}: {why}"),
    "dataset.bad.help": (
        "correct the line if it does not say what is in the file, else the file: karb repairs no data",
        "이 줄이 파일과 다르면 줄을, 아니면 파일을 고치세요. karb는 데이터를 고치지 않습니다",
    ),
    "dataset.no_file.help": (
        "look for it in {folder}: `file:` counts from `folder:`",
        "{folder}에 있는지 보세요. `file:`은 `folder:` 기준입니다",
    ),
    "dataset.nothing": (
        "`{instrument}` has neither bars nor tops",
        "`{instrument}`에 봉도 호가도 없습니다",
    ),
    "dataset.nothing.help": ("name a file under `bars:` or `tops:`", "`bars:`나 `tops:`에 파일을 쓰세요"),
    "dataset.no_bars": (
        "{place}: `{instrument}` has no bars in the time that is asked for; there are some from {first} to {last}",
        "{place}: 요청한 기간에 `{instrument}` 봉이 없습니다. 있는 기간: {first} ~ {last}",
    ),
    "dataset.no_bars.help": ("ask for a time that is recorded", "기록이 있는 기간을 지정하세요"),
    "dataset.no_tops": (
        "{place}: `{instrument}` has no tops in the time that is asked for; there are some from {first} to {last}",
        "{place}: 요청한 기간에 `{instrument}` 호가가 없습니다. 있는 기간: {first} ~ {last}",
    ),
    "dataset.only_bars": (
        "{file}: the signal is judged on a grid of tops, and of `{instrument}` there are no tops",
        "{file}: 신호는 호가 격자에서 판단하는데 `{instrument}` 호가 기록이 없습니다",
    ),
    "dataset.only_bars.help": (
        "name recorded tops under `tops:`; or judge at closes of bars: `bar: 5m` without `grid:`",
        "호가 기록을 `tops:`에 쓰거나, 봉 종가로 판단하려면 `grid:` 없이 `bar: 5m`처럼 쓰세요",
    ),
    "dataset.only_tops": (
        "{file}: bars are asked for, and of `{instrument}` there are only tops",
        "{file}: 봉이 필요한데 `{instrument}` 기록은 호가뿐입니다",
    ),
    "dataset.only_tops.help": ("name its bars under `bars:`", "`bars:`에 봉 파일을 쓰세요"),
    "dataset.facts_later": (
        "{file}: the facts of `{instrument}` are in force from {since}, and its data begin at {first}",
        "{file}: `{instrument}` 규정은 {since}부터인데 데이터는 {first}에 시작합니다",
    ),
    "dataset.facts_later.help": (
        "begin the run later, write the facts of that time, or `from: none` where they held then too",
        "더 늦게 시작하거나, 그때의 규정을 쓰거나, 그때도 같았다면 `from: none`으로 쓰세요",
    ),
}
