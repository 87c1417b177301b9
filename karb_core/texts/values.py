"""Sentences about sections, components, keys and values. English and Korean side by side."""

TEXTS: dict[str, tuple[str, str]] = {
    "did_you_mean": ("did you mean `{near}`?", "`{near}`을(를) 쓰려던 것인가요?"),
    "key.no_colon": (
        "write `{near}: ...`, with a space after the colon",
        "`{near}: ...`처럼 콜론 뒤에 공백을 두고 쓰세요",
    ),
    "known_keys": ("known here: {keys}", "여기서 쓸 수 있는 키: {keys}"),
    "section.unknown": ("there is no section `{key}`", "`{key}`: 그런 섹션은 없습니다"),
    "section.missing": ("the section `{key}` is missing", "`{key}` 섹션이 없습니다"),
    "missing.help": (
        "{description}; write `{wanted}`. Rules have no default: the strategy's owner decides",
        "{description}. `{wanted}`처럼 쓰세요. 규칙에는 기본값이 없습니다: 전략의 주인이 정합니다",
    ),
    "key.unknown": ("{who} has no parameter `{key}`", "{who}: `{key}`라는 매개변수는 없습니다"),
    "key.missing": ("{who}: required rule `{key}` is not set", "{who}: 꼭 필요한 규칙 `{key}`이(가) 없습니다"),
    "value.wrong": ("`{name}`: {what}", "`{name}`: {what}"),
    "value.whole": ("{name}: {what}", "{name}: {what}"),
    "value.empty": ("there is no value", "값이 없습니다"),
    "value.comment": (
        "`{comment}` is read as a comment: put it in quotes",
        "`{comment}`은(는) 주석으로 읽힙니다. 따옴표로 묶으세요",
    ),
    "value.other": (
        "`{written}` cannot be used here ({message})",
        "`{written}`은(는) 여기에 쓸 수 없습니다 ({message})",
    ),
    "word.empty": (
        "there is no value; write `{word}` if that is meant",
        "값이 없습니다. 그런 뜻이면 `{word}`(으)로 쓰세요",
    ),
    "word.near": (
        "`{written}` cannot be used here: did you mean `{word}`?",
        "`{written}`은(는) 여기에 쓸 수 없습니다: `{word}`을(를) 쓰려던 것인가요?",
    ),
    "shape.list": (
        "`{name}` is a list: each entry starts with `- `; got a block of `key: value` lines",
        "`{name}`은(는) 목록입니다: 항목마다 `- `로 시작합니다",
    ),
    "shape.list.help": (
        "put `- ` before the first key of each entry under `{name}:`",
        "`{name}:` 아래 각 항목의 첫 키 앞에 `- `를 쓰세요",
    ),
    "shape.block": (
        "`{name}` is a block of `key: value` lines; got a list",
        "`{name}`은(는) `키: 값` 블록입니다. 목록이 쓰였습니다",
    ),
    "shape.block.help": ("delete the `- ` under `{name}:`", "`{name}:` 아래의 `- `를 지우세요"),
    "block.expected": (
        "expected a block of `key: value` lines, got `{written}`",
        "`키: 값` 블록이어야 합니다. 쓰인 값: `{written}`",
    ),
    "list.expected": (
        "expected a list such as `[a, b]`, got `{written}`",
        "`[a, b]` 같은 목록이어야 합니다. 쓰인 값: `{written}`",
    ),
    "list.least": ("needs at least {least} entries, got {count}", "항목이 {least}개 이상이어야 합니다. 지금 {count}개"),
    "list.unique": ("two entries are the same", "같은 항목이 두 번 있습니다"),
    "text.expected": ("expected text, got `{written}`", "글자여야 합니다. 쓰인 값: `{written}`"),
    "bool.expected": ("expected true or false, got `{written}`", "true나 false여야 합니다. 쓰인 값: `{written}`"),
    "choice.none_of": (
        "must be one of {choices}; got `{written}`",
        "다음 중 하나여야 합니다: {choices}. 쓰인 값: `{written}`",
    ),
    "exactly": (
        "only `{only}` can be written here; got `{written}`",
        "여기에는 `{only}`만 쓸 수 있습니다. 쓰인 값: `{written}`",
    ),
    "one_of": ("write exactly one of {keys}; got {count} keys", "{keys} 중 정확히 하나를 쓰세요. 지금 {count}개"),
    "ratio.bare": (
        "`{written}` has no unit: write `{written}%` or `{bp}bp`",
        "`{written}`: 단위가 없습니다. `{written}%` 또는 `{bp}bp`로 쓰세요",
    ),
    "ratio.bare_text": (
        "`{written}` has no unit: write `{written}%`",
        "`{written}`: 단위가 없습니다. `{written}%`로 쓰세요",
    ),
    "ratio.small": ("`{written}` is too small to be meant here", "`{written}`: 여기에 쓰기에는 너무 작은 값입니다"),
    "ratio.shape": (
        "expected a ratio such as `0.8%` or `20bp`, got `{written}`",
        "`0.8%`나 `20bp` 같은 비율이어야 합니다. 쓰인 값: `{written}`",
    ),
    "money.bare": (
        "`{written}` has no currency: write `{written} KRW`, or the asset that is meant",
        "`{written}`: 통화가 없습니다. `{written} KRW`처럼 쓰세요",
    ),
    "money.spelling": ("write `{better}` instead of `{written}`", "`{written}` 대신 `{better}`(으)로 쓰세요"),
    "money.above": ("must be above zero, got `{written}`", "0보다 커야 합니다. 쓰인 값: `{written}`"),
    "money.shape": (
        "expected an amount such as `40,000,000 KRW` or `0.25 BTC`, got `{written}`",
        "`40,000,000 KRW`나 `0.25 BTC` 같은 금액이어야 합니다. 쓰인 값: `{written}`",
    ),
    "stock.shape": (
        "expected an amount such as `0.25 BTC`, or `BTC worth 20,000,000 KRW at start`, got `{written}`",
        "`0.25 BTC` 또는 `BTC worth 20,000,000 KRW at start`처럼 써야 합니다. 쓰인 값: `{written}`",
    ),
    "hours.shape": (
        "`{written}` is no stretch of a day: write `09:00-18:00`, or `22:00-02:00` past midnight",
        "`{written}`은(는) 하루의 시간대가 아닙니다: `09:00-18:00`, 자정을 넘기면 `22:00-02:00`처럼 쓰세요",
    ),
    "day_start.shape": (
        "`{written}` does not say when a day begins: write `00:00 KST`, or a time of `UTC`",
        "`{written}`은(는) 하루의 시작이 아닙니다: `00:00 KST`처럼, 또는 `UTC` 시각으로 쓰세요",
    ),
    "duration.bare": (
        "`{written}` has no unit: write `{written}s` or `{written}m`",
        "`{written}`: 단위가 없습니다. `{written}s`(초)나 `{written}m`(분)으로 쓰세요",
    ),
    "duration.shape": (
        "expected a length of time above zero such as `80ms`, `10s`, `5m`, `8h` or `20d`, got `{written}`",
        "`80ms`, `10s`, `5m`, `8h`, `20d` 같은 0보다 긴 시간이어야 합니다. 쓰인 값: `{written}`",
    ),
    "number.shape": ("expected a plain number, got `{written}`", "숫자여야 합니다. 쓰인 값: `{written}`"),
    "number.whole": ("expected a whole number, got `{written}`", "정수여야 합니다. 쓰인 값: `{written}`"),
    "number.least": ("must be {least} or more, got `{written}`", "{least} 이상이어야 합니다. 쓰인 값: `{written}`"),
    "number.above": ("must be above {least}, got `{written}`", "{least}보다 커야 합니다. 쓰인 값: `{written}`"),
    "number.largest": ("`{written}` is larger than anything karb can mean", "`{written}`: 너무 큰 수입니다"),
    "instrument.shape": (
        "expected an instrument such as `upbit BTC/KRW`, got `{written}`",
        "`upbit BTC/KRW` 같은 종목이어야 합니다. 쓰인 값: `{written}`",
    ),
    "secret.shape": (
        "expected the name of a secret, `secret:NAME`; never write the key itself here",
        "비밀값의 이름 `secret:이름`이어야 합니다. 키 자체를 여기에 쓰지 마세요",
    ),
    "name.shape": (
        "expected a short name of lower-case letters, digits, `_` and `-`, got `{written}`",
        "소문자, 숫자, `_`, `-`로 된 짧은 이름이어야 합니다. 쓰인 값: `{written}`",
    ),
    "path.shape": ("expected a path, got `{written}`", "경로여야 합니다. 쓰인 값: `{written}`"),
    "line.shape": ("expected one line of text, got `{written}`", "한 줄의 글이어야 합니다. 쓰인 값: `{written}`"),
    "slot.use": ("expected `plugin.component`, got `{written}`", "`플러그인.부품`이어야 합니다. 쓰인 값: `{written}`"),
    "slot.no_use": ("`use:` is missing: which component is meant?", "`use:`가 없습니다: 어떤 부품인가요?"),
    "slot.no_key": ("`{key}:` is missing beside `use:`", "`use:` 옆에 `{key}:`가 없습니다"),
    "slot.beside": ("unknown key `{key}` beside `use:`", "`use:` 옆에 쓸 수 없는 키 `{key}`"),
    "slot.move": (
        "if `{key}` is a parameter of the component, move it under `with:`",
        "`{key}`이(가) 부품의 매개변수라면 `with:` 아래로 옮기세요",
    ),
    "use.unknown": ("no {port} named `{use}` is installed", "`{use}`: 그런 {port}은(는) 설치되어 있지 않습니다"),
    "use.other_port": (
        "`{use}` is a {is}, but this section takes a {wanted}",
        "`{use}`은(는) {is}입니다. 이 섹션은 {wanted}을(를) 받습니다",
    ),
    "use.list.help": ("see what there is: karb list {port}", "설치된 것을 보세요: karb list {port}"),
    "use.no_plugin": (
        "`{use}`: no plugin named `{plugin}` is installed",
        "`{use}`: 플러그인 `{plugin}`이(가) 설치되어 있지 않습니다",
    ),
    "use.no_plugin.help": (
        "install the package that brings it, or correct the name: karb list",
        "그 플러그인을 설치하거나 이름을 고치세요: karb list",
    ),
    "use.broken": (
        "`{use}`: the plugin `{plugin}` cannot be used: {why}",
        "`{use}`: 플러그인 `{plugin}`을(를) 쓸 수 없습니다: {why}",
    ),
    "use.broken.help": (
        "repair or reinstall it: karb doctor --plugin {plugin}",
        "고치거나 다시 설치하세요: karb doctor --plugin {plugin}",
    ),
    "schema.disagrees": (
        "internal: schema and model of {who} disagree: {message}",
        "내부 오류: {who}의 스키마와 모델이 다릅니다: {message}",
    ),
    "schema.disagrees.help": (
        "this is not your mistake: please report it with this line",
        "당신의 실수가 아닙니다. 이 줄과 함께 알려 주세요",
    ),
}
