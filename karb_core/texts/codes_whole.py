"""K4xx: what only a look at the whole file can find."""

from __future__ import annotations

from karb_core.texts.page import Page

WHOLE_PAGES = {
    "K401": Page(
        (
            "A side of the strategy can never enter.",
            "이 방향으로는 절대 진입할 수 없습니다.",
        ),
        (
            "To sell near you need coins of your own there (`inventory`), to buy near its money, for the far leg "
            "margin. A side without them would be refused at every signal; if that is meant, the direction is `none`.",
            "국내에서 팔려면 보유 코인(`inventory`)이, 사려면 그곳의 돈이, 해외 다리에는 증거금이 필요합니다. 없으면 "
            "신호마다 거부됩니다. 그럴 뜻이라면 그 방향을 `none`으로 쓰세요.",
        ),
        "inventory: none",
        "inventory:\n  upbit:\n    - 0.25 BTC\n    - 7.5 ETH\n    - 10,500 XRP",
    ),
    "K402": Page(
        (
            "A rule can never act as it is written.",
            "쓰인 대로는 결코 작동할 수 없는 규칙입니다.",
        ),
        (
            "Two tiers begin at the same bound, a tier is larger than the limit on positions, or a tier re-arms where "
            "it would fire at once. The strategy would not be the one you described.",
            "두 단계가 같은 값에서 시작하거나, 한 단계가 포지션 한도보다 크거나, 다시 발동하는 값이 바로 발동하는 "
            "곳입니다. 당신이 설명한 전략과 다른 전략이 됩니다.",
        ),
        "rearm: {below_z: 2.5}",
        "rearm: {below_z: 1.0}",
    ),
    "K403": Page(
        (
            "Once the smaller tiers are open, a larger one lacks the money to enter.",
            "작은 단계가 모두 열리면 큰 단계에 들어갈 돈이 모자랍니다.",
        ),
        (
            "The rare extreme would be denied just when it comes. The warning names the venue and the amount that "
            "would end it, at the prices that are known; `kept_for` in the sizing reserves money for a tier.",
            "드문 극단이 왔을 때 바로 그 진입이 거부됩니다. 경고는 알려진 가격에서 어느 거래소에 얼마가 더 필요한지 "
            "말해 줍니다. `kept_for`로 한 단계를 위한 돈을 남겨 둘 수 있습니다.",
        ),
        "binance_usdm:\n  - 3,000 USDT",
        "binance_usdm:\n  - 31,000 USDT",
    ),
    "K404": Page(
        (
            "The shares of the pairs are more than the whole, or nothing is left beside the reserve.",
            "페어의 몫이 전체를 넘거나, 예비금을 빼면 남는 것이 없습니다.",
        ),
        (
            "Two pairs would count on the same money. Shares add up to 100 % or less, and the reserve is below 100 %.",
            "두 페어가 같은 돈을 믿게 됩니다. 몫의 합은 100 % 이하, 예비금은 100 % 미만이어야 합니다.",
        ),
        "BTC: {near: upbit BTC/KRW, far: binance_usdm BTC/USDT, share: 60%}",
        "BTC: {near: upbit BTC/KRW, far: binance_usdm BTC/USDT, share: 40%}",
    ),
    "K405": Page(
        (
            "The steps for one open leg take longer than one leg may stay open.",
            "한쪽 다리만 열렸을 때의 단계가, 그렇게 있을 수 있는 시간보다 깁니다.",
        ),
        (
            "`unhedged_for` is your bound on the time you hold one leg alone. A ladder that goes beyond it would be "
            "cut off in the middle, perhaps before the leg is traded back.",
            "`unhedged_for`는 한쪽 다리만 들고 있을 수 있는 시간의 한도입니다. 그보다 긴 사다리는 중간에 끊깁니다. "
            "다리를 되돌리기 전일 수도 있습니다.",
        ),
        "unhedged_for: 5s",
        "unhedged_for: 10s",
    ),
    "K406": Page(
        (
            "The ladder for one open leg does not end in `halt`.",
            "한쪽 다리를 위한 사다리가 `halt`로 끝나지 않습니다.",
        ),
        (
            "Without it the ladder could end with a leg still open and nobody told. `halt` comes last: it stops "
            "entries and tells you.",
            "`halt`가 없으면 다리가 열린 채 아무에게도 알리지 않고 끝날 수 있습니다. `halt`는 마지막에 옵니다. 진입을 "
            "멈추고 당신에게 알립니다.",
        ),
        "- unwind: {band: 200bp, for: 5s}",
        "- unwind: {band: 200bp, for: 5s}\n- halt",
    ),
    "K407": Page(
        (
            "A stop loss stands together with a gate that refuses exits at a loss.",
            "손실 청산을 거부하는 게이트와 손절이 함께 있습니다.",
        ),
        (
            "The stop asks to leave at a loss, the gate refuses exactly that: the stop would never act. Only you can "
            "say which of the two is meant.",
            "손절은 손실에서 나가려 하고 게이트는 바로 그것을 거부합니다. 손절은 결코 작동하지 않습니다. 어느 쪽이 "
            "맞는지는 당신만이 정할 수 있습니다.",
        ),
        "stop_loss: 3%",
        "stop_loss: none",
    ),
    "K408": Page(
        (
            "A component cannot serve the mode that the file is for.",
            "이 파일의 모드에서 쓸 수 없는 부품입니다.",
        ),
        (
            "Recorded data know nothing of now, and simulated fills are no orders. The message lists the modes that "
            "the component serves.",
            "녹화된 데이터는 지금을 모르고, 모의 체결은 주문이 아닙니다. 메시지에 그 부품을 쓸 수 있는 모드가 "
            "있습니다.",
        ),
        "premium: {use: fx.recorded, with: {series: usd-krw, max_age: 10m, when_closed: 80h}}",
        "premium: {use: fx.dunamu, with: {max_age: 10m, when_closed: 80h}}",
    ),
    "K409": Page(
        (
            "A gross target is not above the fees of getting in and out.",
            "총이익 목표가 들어가고 나오는 수수료보다 크지 않습니다.",
        ),
        (
            "With `profit: gross` the target is measured before fees. Reaching it would still lose money. Write a "
            "larger target, or measure it net.",
            "`profit: gross`이면 목표를 수수료 전으로 잽니다. 목표에 닿아도 손실입니다. 목표를 키우거나 순이익으로 "
            "재세요.",
        ),
        "normal: {z: 2.0, take_profit: 0.2%}       # with profit: gross",
        "normal: {z: 2.0, take_profit: 0.8%}",
    ),
    "K410": Page(
        (
            "The premium is measured at USDT/KRW while `min_premium` asks for more than it ever is there.",
            "프리미엄을 USDT/원으로 재면서, 그 프리미엄이 거의 닿지 않는 `min_premium`을 요구합니다.",
        ),
        (
            "The won price of a USDT carries the kimchi premium itself, so at that rate it hardly leaves zero and the "
            "strategy would never trade. People's 김프 is measured at USD/KRW.",
            "USDT의 원화 가격에는 김프가 이미 들어 있어, 그 환율로는 프리미엄이 거의 0이고 거래가 일어나지 않습니다. "
            "사람들이 말하는 김프는 원/달러로 잰 것입니다.",
        ),
        "premium: {use: upbit.usdt_krw, with: {max_age: 10s}}",
        "premium: {use: fx.dunamu, with: {max_age: 10m, when_closed: 80h}}",
    ),
    "K411": Page(
        (
            "This enters only while funding is above zero, on the side that pays it.",
            "펀딩이 0보다 클 때만, 그 펀딩을 내는 쪽으로 진입합니다.",
        ),
        (
            "Whoever has bought the future pays positive funding. `short_premium` buys it, `long_premium` sells it "
            "and receives. If paying is meant, leave the line: it is a warning.",
            "선물을 산 쪽이 양의 펀딩을 냅니다. `short_premium`은 선물을 사고 `long_premium`은 팔아서 받습니다. 내는 "
            "것이 의도라면 그대로 두세요. 경고일 뿐입니다.",
        ),
        "when_high: short_premium",
        "when_high: long_premium",
    ),
    "K412": Page(
        (
            "A venue of a pair has no feed or no executor.",
            "페어의 거래소에 피드나 주문 부품이 없습니다.",
        ),
        (
            "Without a feed there is no price to judge by, and without an executor that leg could never be traded or "
            "traded back.",
            "피드가 없으면 판단할 가격이 없고, 주문 부품이 없으면 그 다리를 거래하거나 되돌릴 수 없습니다.",
        ),
        "feeds:\n  - {use: upbit.stream}",
        "feeds:\n  - {use: upbit.stream}\n  - {use: binance_usdm.stream, with: {network: production}}",
    ),
    "K413": Page(
        (
            "A venue of a pair is missing under `costs` or `balances`.",
            "`costs`나 `balances`에 페어의 거래소가 없습니다.",
        ),
        (
            "karb assumes no fee and no opening balance: a result with a fee of zero would look better than it is.",
            "karb는 수수료도 시작 잔고도 가정하지 않습니다. 수수료 0으로 계산한 결과는 실제보다 좋아 보입니다.",
        ),
        "costs: {upbit: {taker: 0.05%}}",
        "costs: {upbit: {taker: 0.05%}, binance_usdm: {taker: 0.05%}}",
    ),
    "K414": Page(
        (
            "Two components of one kind cannot be told apart.",
            "같은 부품이 둘인데 구별할 수 없습니다.",
        ),
        (
            "A decision names the gate that refused. With two of the same name you could not see which line it was: "
            "give each an `id:` of its own.",
            "결정에는 거부한 게이트의 이름이 남습니다. 이름이 같으면 어느 줄인지 알 수 없습니다. 각각 다른 `id:`를 "
            "쓰세요.",
        ),
        "- {use: gates.fresh, at: [entry], with: {book: 2s, between_legs: 1s}}\n"
        "- {use: gates.fresh, at: [exit], with: {book: 5s, between_legs: 2s}}",
        "- {use: gates.fresh, id: fresh_in, at: [entry], with: {book: 2s, between_legs: 1s}}\n"
        "- {use: gates.fresh, id: fresh_out, at: [exit], with: {book: 5s, between_legs: 2s}}",
    ),
    "K415": Page(
        (
            "The tiers of the signal and the sizes of the sizing do not match.",
            "신호의 단계와 크기의 단계가 서로 맞지 않습니다.",
        ),
        (
            "A tier without a size can never be entered, and a size without a tier is never used.",
            "크기가 없는 단계는 진입할 수 없고, 단계가 없는 크기는 쓰이지 않습니다.",
        ),
        "ultr: {size: 40%, split: none, over_share: true}",
        "ultra: {size: 40%, split: none, over_share: true}",
    ),
    "K416": Page(
        (
            "The file's mode is simulated, and `simulate` says nothing about it.",
            "모의로 실행되는 모드인데 `simulate`에 그 모드의 체결 가정이 없습니다.",
        ),
        (
            "How fills are simulated decides what a backtest or paper run earns. karb takes no such assumption of its "
            "own.",
            "체결을 어떻게 모의하는지가 백테스트와 페이퍼의 수익을 정합니다. karb는 스스로 가정하지 않습니다.",
        ),
        "paper: none",
        "paper: {use: sim.depth, with: {order_latency: 80ms, answer_latency: 60ms}}",
    ),
    "K417": Page(
        (
            "A retry uses a narrower band than the attempt before it.",
            "다시 시도하는 범위가 앞선 시도보다 좁습니다.",
        ),
        (
            "What did not fill in the wider band will hardly fill in the narrower one, and one leg stays open "
            "meanwhile. It is a warning: if it is meant, leave it.",
            "넓은 범위에서 체결되지 않은 것은 좁은 범위에서 더 어렵고, 그동안 한쪽 다리만 열려 있습니다. 경고일 "
            "뿐이니 의도라면 그대로 두세요.",
        ),
        "- retry: {band: 10bp, for: 2s}\n- retry: {band: 100bp, for: 2s}",
        "- retry: {band: 50bp, for: 2s}\n- retry: {band: 100bp, for: 2s}",
    ),
    "K418": Page(
        (
            "Nothing in the file ever closes this position.",
            "이 포지션을 닫는 규칙이 파일에 없습니다.",
        ),
        (
            "No target, no exit on z, no stop and no longest holding that exits: it stays open until you close it by "
            "hand. It is a warning: some owners mean exactly that.",
            "목표 이익, z 청산, 손절, 청산하는 최장 보유가 모두 없습니다. 직접 닫을 때까지 열려 있습니다. 그럴 뜻일 "
            "수도 있으므로 경고입니다.",
        ),
        "normal: {z: 2.0, take_profit: none}",
        "normal: {z: 2.0, take_profit: 0.8%}",
    ),
    "K419": Page(
        (
            "The clips of an entry do not add up to 100 %.",
            "나누어 진입하는 비율의 합이 100 %가 아닙니다.",
        ),
        (
            "Less would never reach the size you wrote, more would go beyond it.",
            "모자라면 쓴 크기에 닿지 못하고, 넘으면 그보다 커집니다.",
        ),
        "normal: {size: 15%, split: {clips: [40%, 35%], next: 0.3%}}",
        "normal: {size: 15%, split: {clips: [40%, 35%, 25%], next: 0.3%}}",
    ),
    "K422": Page(
        (
            "Bars and window do not fit each other or the day.",
            "봉과 창의 길이가 서로, 또는 하루와 맞지 않습니다.",
        ),
        (
            "The mean is taken over whole bars that begin at the same times each day. Otherwise the same rules would "
            "see other bars depending on when they were started.",
            "평균은 날마다 같은 시각에 시작하는 온전한 봉으로 구합니다. 그렇지 않으면 시작한 시각에 따라 같은 규칙이 "
            "다른 봉을 봅니다.",
        ),
        "bar: 7m\nwindow: 20d",
        "bar: 5m\nwindow: 20d",
    ),
    "K423": Page(
        (
            "The legs of a pair are priced in two assets, and no rate joins them.",
            "페어의 두 다리는 통화가 다른데 이어 주는 환율이 없습니다.",
        ),
        (
            "KRW and USDT are never added without a rate. Name the rate that the premium is measured at and the one "
            "that money is booked at.",
            "원과 USDT는 환율 없이 더하지 않습니다. 프리미엄을 재는 환율과 돈을 환산하는 환율을 쓰세요.",
        ),
        "fx_source: none",
        "fx_source:\n"
        "  premium: {use: fx.dunamu, with: {max_age: 10m, when_closed: 80h}}\n"
        "  money: {use: upbit.usdt_krw, with: {max_age: 10s}}",
    ),
    "K424": Page(
        (
            "This gate cannot be asked where `at:` puts it.",
            "`at:`이 가리키는 곳에서 물을 수 없는 게이트입니다.",
        ),
        (
            "A gate that knows only entries has no answer at an exit, and a gate without an answer refuses: it would "
            "keep you in.",
            "진입만 아는 게이트는 청산에서 답이 없고, 답이 없는 게이트는 거부합니다. 나오지 못하게 됩니다.",
        ),
        "- {use: gates.profit_only_exit, at: [entry]}",
        "- {use: gates.profit_only_exit, at: [exit]}",
    ),
    "K425": Page(
        (
            "There is no pair.",
            "페어가 없습니다.",
        ),
        (
            "Without a pair there is nothing to judge or to trade.",
            "페어가 없으면 판단할 것도 거래할 것도 없습니다.",
        ),
        "pairs: {}",
        "pairs:\n"
        "  BTC: {near: upbit BTC/KRW, far: binance_usdm BTC/USDT, share: 40%}\n"
        "  ETH: {near: upbit ETH/KRW, far: binance_usdm ETH/USDT, share: 35%}\n"
        "  XRP: {near: upbit XRP/KRW, far: binance_usdm XRP/USDT, share: 25%}",
    ),
    "K426": Page(
        (
            "Both legs of a pair are the same instrument.",
            "페어의 두 다리가 같은 종목입니다.",
        ),
        (
            "Its premium is always zero: buying and selling the same thing only pays fees.",
            "프리미엄이 언제나 0입니다. 같은 것을 사고팔면 수수료만 냅니다.",
        ),
        "BTC: {near: upbit BTC/KRW, far: upbit BTC/KRW, share: 40%}",
        "BTC: {near: upbit BTC/KRW, far: binance_usdm BTC/USDT, share: 40%}",
    ),
    "K427": Page(
        (
            "A venue is listed at which no pair trades.",
            "어떤 페어도 거래하지 않는 거래소가 쓰여 있습니다.",
        ),
        (
            "Most often its name is misspelt, and the fee or balance that was meant for a venue is not there.",
            "대개는 이름이 틀린 것이고, 그 거래소에 쓰려던 수수료나 잔고가 빠져 있습니다.",
        ),
        "costs: {upbit: {taker: 0.05%}, binance: {taker: 0.05%}}",
        "costs: {upbit: {taker: 0.05%}, binance_usdm: {taker: 0.05%}}",
    ),
    "K428": Page(
        (
            "The file names components that this release checks and locks, and cannot run yet.",
            "이 버전이 검사하고 잠글 수는 있지만 아직 실행할 수 없는 부품이 있습니다.",
        ),
        (
            "Their parameters are final, so the file can be written, checked and approved now. A run refuses them. "
            "`karb list` shows how far each component is.",
            "매개변수는 확정되었으므로 지금 쓰고 검사하고 승인할 수 있습니다. 실행은 거부됩니다. `karb list`가 "
            "부품마다 상태를 보여 줍니다.",
        ),
        "- {use: acme.later, at: [entry]}      # karb list: announced",
        "- {use: acme.gate, at: [entry]}       # karb list: stable",
    ),
    "K429": Page(
        (
            "The sizing needs something that the signal does not state.",
            "크기를 정하는 데 필요한 것이 신호에 없습니다.",
        ),
        (
            "A size that follows from the loss at a stop has none to follow from where there is no stop. karb takes no "
            "stop of its own.",
            "손절에서의 손실로 크기를 정하려면 손절이 있어야 합니다. karb는 스스로 손절을 정하지 않습니다.",
        ),
        "stop_loss: none       # with sizing.risk_per_trade",
        "stop_loss: 2%",
    ),
}
