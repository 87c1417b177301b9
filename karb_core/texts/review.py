"""Sentences about the file as a whole. English and Korean side by side."""

TEXTS: dict[str, tuple[str, str]] = {
    "shares.over": (
        "the shares add up to {total} with `{pair}`: more than the whole",
        "`{pair}`까지 몫의 합이 {total}입니다: 100%를 넘습니다",
    ),
    "shares.over.help": ("write shares that add up to 100% or less", "합이 100% 이하가 되게 쓰세요"),
    "reserve.all": (
        "the whole capital is reserved: nothing could ever be traded",
        "자본 전부가 예비금입니다: 아무것도 거래할 수 없습니다",
    ),
    "reserve.all.help": ("write less than 100%", "100%보다 작게 쓰세요"),
    "pairs.none": ("there is no pair", "페어가 없습니다"),
    "pair.same": ("both legs of `{pair}` are the same instrument", "`{pair}`의 두 다리가 같은 종목입니다"),
    "venue.unserved": (
        "nothing under `{section}` serves `{venue}`",
        "`{section}`에 `{venue}`을(를) 맡는 부품이 없습니다",
    ),
    "venue.unserved.help": (
        "add a component for `{venue}` under `{section}:`",
        "`{section}:` 아래에 `{venue}` 부품을 더하세요",
    ),
    "venue.unlisted": ("`{venue}` is not under `{section}`", "`{section}`에 `{venue}`이(가) 없습니다"),
    "venue.unlisted.help": (
        "add a line for `{venue}` under `{section}:`",
        "`{section}:` 아래에 `{venue}` 줄을 더하세요",
    ),
    "venue.stranger": (
        "no pair trades at `{venue}`, which stands under `{section}`",
        "`{section}`의 `{venue}`에서 거래하는 페어가 없습니다",
    ),
    "venue.stranger.help": (
        "delete it, or write the pair that trades at `{venue}`",
        "지우거나, `{venue}`에서 거래하는 페어를 쓰세요",
    ),
    "rates.needed": (
        "the legs of `{pair}` are priced in two assets, and no rate is named",
        "`{pair}`의 두 다리는 통화가 다른데 환율이 없습니다",
    ),
    "rates.other": (
        "the two rates join {near} and {far}; `{pair}` is priced in other assets",
        "두 환율은 {near}와 {far}를 잇습니다. `{pair}`는 다른 자산으로 매겨집니다",
    ),
    "rates.other.help": ("give such a pair a strategy file of its own", "그런 페어는 전략 파일을 따로 만드세요"),
    "rates.needed.help": (
        "write `premium:` and `money:` under `fx_source:`",
        "`fx_source:` 아래에 `premium:`과 `money:`를 쓰세요",
    ),
    "rates.tether": (
        "at USDT/KRW the premium hardly leaves zero (its deviation was 0.07% in 2026): `min_premium: {written}` would hold back every entry",
        "USDT/원 기준 프리미엄은 거의 0입니다 (2026년 표준편차 0.07%): `min_premium: {written}`이면 진입이 없을 것입니다",
    ),
    "rates.tether.help": (
        "measure the premium at USD/KRW (for example `fx.dunamu`) and book money at USDT/KRW, or write `min_premium: none`",
        "프리미엄은 원/달러(예: `fx.dunamu`)로 재고 돈은 USDT/원으로 환산하거나, `min_premium: none`으로 쓰세요",
    ),
    "side.none": (
        "`when_high` and `when_low` are both `none`: nothing can ever be entered",
        "`when_high`와 `when_low`가 모두 `none`입니다: 진입할 수 없습니다",
    ),
    "side.no_inventory": (
        "`{written}` can never enter {pair}: there is no {asset} in the inventory at {venue} to sell",
        "`{written}`: {pair}에 진입할 수 없습니다. {venue}의 inventory에 팔 {asset}이(가) 없습니다",
    ),
    "side.no_inventory.help": (
        "write your own {asset} under `inventory:` at `{venue}`, or `none` for this side",
        "`inventory:`의 `{venue}`에 보유한 {asset}을(를) 쓰거나, 이 방향을 `none`으로 쓰세요",
    ),
    "side.no_coins": (
        "`{written}` can never enter {pair}: {venue} opens with no {asset}",
        "`{written}`: {pair}에 진입할 수 없습니다. {venue} 시작 잔고에 {asset}이(가) 없습니다",
    ),
    "side.no_coins.help": (
        "write the {asset} under `balances:` at `{venue}`",
        "`balances:`의 `{venue}`에 {asset}을(를) 쓰세요",
    ),
    "side.no_money": (
        "`{written}` can never enter {pair}: {venue} opens with no {asset}",
        "`{written}`: {pair}에 진입할 수 없습니다. {venue} 시작 잔고에 {asset}이(가) 없습니다",
    ),
    "side.no_money.help": (
        "write {asset} under `balances:` at `{venue}`, or `none` for this side",
        "`balances:`의 `{venue}`에 {asset}을(를) 쓰거나, 이 방향을 `none`으로 쓰세요",
    ),
    "side.no_margin": (
        "`{written}` can never enter {pair}: {venue} opens with no {asset} for margin",
        "`{written}`: {pair}에 진입할 수 없습니다. {venue} 시작 잔고에 증거금 {asset}이(가) 없습니다",
    ),
    "side.no_margin.help": (
        "write {asset} under `balances:` at `{venue}`",
        "`balances:`의 `{venue}`에 {asset}을(를) 쓰세요",
    ),
    "side.pays_funding": (
        "this enters only while funding is above zero and buys the future: it then pays that funding",
        "펀딩이 0보다 클 때만 진입하면서 선물을 삽니다: 그 펀딩을 내게 됩니다",
    ),
    "side.pays_funding.help": (
        "`long_premium` sells the future and receives it; if paying is meant, leave the line",
        "`long_premium`은 선물을 팔아 펀딩을 받습니다. 내는 것이 의도라면 그대로 두세요",
    ),
    "exit.none": (
        "no exit is written for this: a position of it stays open until you close it",
        "청산 조건이 없습니다: 직접 닫을 때까지 열려 있습니다",
    ),
    "exit.none.help": (
        "write `take_profit`, or `exit_z`, `stop_loss` or `max_holding` under `exit:`",
        "`take_profit` 또는 `exit:`의 `exit_z`, `stop_loss`, `max_holding` 중 하나를 쓰세요",
    ),
    "exit.below_costs": (
        "a gross target of {target} is not above the round trip's fees of {costs} on {pair}: reaching it loses money",
        "총이익 목표 {target}이(가) {pair}의 왕복 수수료 {costs}보다 크지 않습니다: 목표에 닿아도 손실입니다",
    ),
    "exit.below_costs.help": ("write a larger target, or `profit: net`", "목표를 키우거나 `profit: net`으로 쓰세요"),
    "exit.contradiction": (
        "a stop loss beside {gate}: the gate refuses every exit at a loss, so this stop could never act",
        "{gate}와 손절이 함께 있습니다: 게이트가 손실 청산을 모두 거부하므로 손절이 작동할 수 없습니다",
    ),
    "exit.contradiction.help": (
        "write `stop_loss: none`, or take {gate} out of `risk_gates`",
        "`stop_loss: none`으로 쓰거나 `risk_gates`에서 {gate}을(를) 빼세요",
    ),
    "ladder.long": (
        "the steps of `on_one_leg` take {taken}, longer than `unhedged_for: {bound}`",
        "`on_one_leg`의 단계 합 {taken}이(가) `unhedged_for: {bound}`보다 깁니다",
    ),
    "ladder.long.help": (
        "write `unhedged_for: {taken}` or more, or shorter steps",
        "`unhedged_for: {taken}` 이상으로 쓰거나 단계를 줄이세요",
    ),
    "ladder.silent": (
        "the ladder can end with a leg open and nobody told",
        "사다리가 다리를 열어 둔 채 말없이 끝날 수 있습니다",
    ),
    "ladder.silent.help": ("add `- halt` as the last step", "마지막 단계로 `- halt`를 더하세요"),
    "ladder.after_halt": ("a step after `halt` is never reached", "`halt` 다음 단계에는 닿을 수 없습니다"),
    "ladder.after_halt.help": ("put `halt` last", "`halt`를 마지막에 쓰세요"),
    "ladder.narrower": ("this band is narrower than one tried before it", "앞서 시도한 범위보다 좁습니다"),
    "ladder.narrower.help": ("each retry usually widens the band", "다시 시도할 때는 보통 범위를 넓힙니다"),
    "id.twice": ("two of `{use}` cannot be told apart", "`{use}`이(가) 둘인데 구별할 수 없습니다"),
    "id.twice.help": ("give each an `id:` of its own", "각각 다른 `id:`를 쓰세요"),
    "gate.misplaced": ("`{use}` cannot be asked at `{place}`", "`{use}`은(는) `{place}`에서 물을 수 없습니다"),
    "gate.misplaced.help": ("it stands at: {stands}", "설 수 있는 곳: {stands}"),
    "mode.unserved": ("`{use}` cannot serve `{mode}`", "`{use}`은(는) `{mode}`에서 쓸 수 없습니다"),
    "mode.unserved.help": ("it serves: {modes}", "쓸 수 있는 모드: {modes}"),
    "mode.margin": (
        "`{use}` simulates {known} margin, and `margin: {margin}` cannot be honoured in {mode}",
        "`{use}`는 {known} 증거금만 모의하므로 {mode}에서 `margin: {margin}`을 지킬 수 없습니다",
    ),
    "mode.margin.help": (
        "what is not simulated is not ignored: run what it knows, or use another simulation",
        "모의하지 못하는 것을 무시하지 않습니다. 지원되는 값을 쓰거나 다른 모의를 쓰세요",
    ),
    "mode.no_simulation": (
        "mode {mode} needs to know how fills are simulated",
        "{mode} 모드에는 체결 가정이 필요합니다",
    ),
    "mode.no_simulation.help": ("write a component at `simulate: {mode}:`", "`simulate: {mode}:`에 부품을 쓰세요"),
    "mode.announced": (
        "this release checks and locks these, and cannot run them yet: {uses}",
        "이 버전은 다음 부품을 검사하고 잠글 수 있지만 아직 실행할 수 없습니다: {uses}",
    ),
    "mode.announced.help": (
        "their parameters are final; `karb list` says how far each component is",
        "매개변수는 확정되었습니다. `karb list`에서 상태를 볼 수 있습니다",
    ),
    "review.raised": (
        "{use} could not look at the file: {kind}: {message}",
        "{use}: 파일을 검사하지 못했습니다: {kind}: {message}",
    ),
}
