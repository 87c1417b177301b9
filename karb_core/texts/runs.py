"""Sentences of runs. English and Korean side by side."""

TEXTS: dict[str, tuple[str, str]] = {
    "about.run": ("carry the strategy out, as the file says", "파일에 쓴 그대로 전략을 실행하기"),
    "about.why": ("why something was or was not done", "왜 했는지, 왜 하지 않았는지"),
    "run.not_built": ("{use} could not be built: {kind}: {message}", "{use}: 만들 수 없습니다: {kind}: {message}"),
    "run.announced": (
        "this release cannot yet run these in {mode}: {uses}",
        "이 버전은 {mode}에서 다음 부품을 아직 실행할 수 없습니다: {uses}",
    ),
    "run.announced.help": ("see how far each component is: karb list", "부품의 상태 보기: karb list"),
    "run.bolder": (
        "{path} may run in {boldest} at most, not in {mode}",
        "{path}: 최대 {boldest}까지만 실행할 수 있습니다 ({mode} 불가)",
    ),
    "run.bolder.help": ("only its owner changes `mode:` in the file", "`mode:`는 파일의 주인만 바꿀 수 있습니다"),
    "run.modes": (
        "these files run in different modes: {modes}",
        "파일마다 모드가 다릅니다: {modes}",
    ),
    "run.modes.help": (
        "run each mode by itself, or name one with --mode",
        "모드별로 따로 실행하거나 --mode로 하나를 정하세요",
    ),
    "run.only_leaves": (
        "{path} cannot be used ({why}): what is open leaves by the rules it ran by last, and nothing new is entered",
        "{path}: 파일을 쓸 수 없습니다 ({why}). 열린 포지션은 마지막으로 실행한 규칙으로 청산하고, 새로 진입하지 않습니다",
    ),
    "run.orphan": (
        "lot {lot} of {pair} was opened by rules that cannot be read now: {why}",
        "{pair}의 로트 {lot}: 열 때의 규칙을 지금 읽을 수 없습니다: {why}",
    ),
    "run.orphan.help": (
        "two ways out: bring back what read them (the plugin, its version), or karb halt --strength flatten",
        "두 가지 방법: 그 규칙을 읽던 플러그인과 버전을 되돌리거나, karb halt --strength flatten",
    ),
    "run.older": (
        "{count} open lots of {pairs} keep the rules they were opened with, and leave by them",
        "{pairs}의 열린 로트 {count}개는 열 때의 규칙을 지키고, 그 규칙으로 청산됩니다",
    ),
    "run.feed_broke": (
        "a source of market data broke and is begun anew: {why}",
        "시장 데이터가 끊겨 다시 시작합니다: {why}",
    ),
    "run.venue_down": (
        "{what} is down: {why}. Until it is back nothing is entered there, and of what is open only what must go is left.",
        "{what}이(가) 다운됨: {why}. 돌아올 때까지 그곳에서 진입하지 않고, 열린 것은 꼭 나가야 할 것만 나갑니다.",
    ),
    "run.venue_up": (
        "{what} is back: what your rules and gates allow is entered there again.",
        "{what}이(가) 돌아옴: 규칙과 게이트가 허용하는 진입을 다시 합니다.",
    ),
    "run.channel_broke": (
        "you could not be told by {channel}, which is tried again: {why}",
        "{channel}(으)로 알리지 못해 다시 시도합니다: {why}",
    ),
    "run.no_channel": (
        "you are told nothing by {channel}: {why}",
        "{channel}(으)로는 아무것도 알리지 않습니다: {why}",
    ),
    "run.not_heard": (
        "you are not heard by {channel}, which is tried again: {why}",
        "{channel}에서 명령을 듣지 못해 다시 시도합니다: {why}",
    ),
    "run.never_told": (
        "{channel} will not take notice {number}, which stands in the ledger: {why}",
        "{channel}이(가) 알림 {number}을(를) 받지 않습니다(원장에는 있습니다): {why}",
    ),
    "run.no_past": (
        "what was before could not be asked, and is asked again: {why}",
        "지난 데이터를 받지 못해 다시 요청합니다: {why}",
    ),
    "run.silent": (
        "{use} did not answer when it was asked for the rules of trading: {why}",
        "{use}: 거래 조건을 물었지만 답이 없습니다: {why}",
    ),
    "run.silent.help": ("look at the connection, and start again", "연결을 확인하고 다시 시작하세요"),
    "run.failed": (
        "{use} failed when it was asked for the rules of trading: {why}",
        "{use}: 거래 조건을 묻는 중에 실패했습니다: {why}",
    ),
    "run.unread": (
        "the ledger does not answer, so nothing is entered until it does: {why}",
        "원장이 응답하지 않아 응답할 때까지 진입하지 않습니다: {why}",
    ),
    "run.no_halts": (
        "{where} does not answer, so nothing is entered until it does: {why}",
        "{where}이(가) 응답하지 않아 응답할 때까지 진입하지 않습니다: {why}",
    ),
    "run.stranger": (
        "somebody else traded at the account: {fill}",
        "계좌에서 karb가 아닌 거래가 있었습니다: {fill}",
    ),
    "run.passed_over": (
        "{pair}: the bar of {at} is not judged, for when the next one closed there was none of {legs}",
        "{pair}: {at}에 끝난 봉을 판단하지 않습니다. 다음 봉이 끝날 때까지 {legs}의 봉이 오지 않았습니다",
    ),
    "run.whole_again": (
        "{pair}: every leg has its bars again; not judged meanwhile: {count}",
        "{pair}: 모든 다리의 봉이 다시 옵니다. 그동안 판단하지 않은 봉: {count}개",
    ),
    "run.warm": (
        "{pair}: {known} of the {wanted} bars that the signal looks back on are there",
        "{pair}: 신호가 돌아보는 봉 {wanted}개 중 {known}개가 있습니다",
    ),
    "run.no_facts": (
        "no feed of the file states the rules of trading of {instruments}",
        "파일의 어떤 피드도 {instruments}의 거래 조건을 알려 주지 않습니다",
    ),
    "run.several": (
        "a backtest runs one file at a time, not {count}",
        "백테스트는 한 번에 파일 하나만 실행합니다 ({count}개 지정)",
    ),
    "run.not_paper": (
        "{option} belongs to a backtest: this runs in {mode}",
        "{option}: 백테스트의 옵션입니다. 지금 모드는 {mode}입니다",
    ),
    "run.not_paper.help": (
        "leave it out, or add --mode backtest",
        "빼거나 --mode backtest를 더하세요",
    ),
    "run.same_name": (
        "two of the files are named {name}: their accounts would be one",
        "두 파일의 이름이 모두 {name}입니다: 계좌가 하나가 됩니다",
    ),
    "run.same_name.help": ("give each file a `name:` of its own", "파일마다 다른 `name:`을 쓰세요"),
    "run.trades": (
        "{name} trades {how}, account {account}; Ctrl-C ends it, a second one at once",
        "{name}: {how} 거래합니다 (계좌 {account}). Ctrl-C로 끝내고, 한 번 더 누르면 바로 끝냅니다",
    ),
    "run.how.paper": ("on paper", "페이퍼에서"),
    "run.how.live": ("live, with real orders", "라이브에서 실제 주문으로"),
    "run.how.paper_lab": ("on paper in a market of this machine", "이 컴퓨터의 모의 시장에서 페이퍼로"),
    "run.how.live_lab": (
        "live at venues of this machine, with money that is not there",
        "이 컴퓨터의 모의 거래소에서, 실제가 아닌 돈으로 라이브와 똑같이",
    ),
    "lab.at": ("local venues: {places}; control {control}", "모의 거래소: {places}. 제어 주소 {control}"),
    "lab.none": ("no plugin brings local venues", "모의 거래소를 제공하는 플러그인이 없습니다"),
    "lab.none.help": ("install it: pip install 'karb[live]'", "설치: pip install 'karb[live]'"),
    "lab.cannot": (
        "{use} cannot be pointed at local venues: it would ask the real ones",
        "{use}: 모의 거래소를 가리킬 수 없어 실제 거래소에 묻게 됩니다",
    ),
    "lab.cannot.help": (
        "for a rehearsal write another one in its place in a copy of the file, or run without --lab",
        "연습용으로는 파일 사본에 다른 것을 쓰거나, --lab 없이 실행하세요",
    ),
    "lab.no_venue": (
        "{use} needs {venue}, and the local venues are {venues}",
        "{use}에 {venue}가 필요한데 모의 거래소는 {venues}뿐입니다",
    ),
    "lab.real_ledger": (
        "{ledger} has a real account, {account}: a rehearsal does not write there",
        "{ledger}에는 실제 계좌 {account}가 있어, 연습은 여기에 쓰지 않습니다",
    ),
    "lab.real_ledger.help": (
        "leave --ledger out (lab.sqlite in KARB_HOME), or name another file",
        "--ledger를 빼거나(KARB_HOME의 lab.sqlite) 다른 파일을 쓰세요",
    ),
    "lab.mode": (
        "--lab rehearses paper and live: a backtest runs over data",
        "--lab은 페이퍼와 라이브 연습용입니다. 백테스트는 데이터로 실행합니다",
    ),
    "lab.mode.help": ("leave it out, or use --data", "빼거나 --data를 쓰세요"),
    "paper.no_depth": (
        "{use} cannot trade against live books",
        "{use}: 실시간 호가에 대해 거래할 수 없습니다",
    ),
    "paper.gone": (
        "the paper account has traded {instruments}, which the file no more names",
        "페이퍼 계좌가 {instruments}를 거래한 적이 있지만 파일에 없습니다",
    ),
    "paper.gone.help": (
        "name them again, or give the file another `name:` and so a new account",
        "다시 적거나 파일의 `name:`을 바꿔 새 계좌로 시작하세요",
    ),
    "paper.worth": (
        "`worth ... at start` is for backtests: on paper an account goes on, and has no first bar",
        "`worth ... at start`는 백테스트용입니다: 페이퍼 계좌는 이어지므로 첫 봉이 없습니다",
    ),
    "paper.worth.help": ("write how many coins there are", "코인 수량을 쓰세요"),
    "run.no_data": (
        "a backtest needs data: name a dataset file with --data",
        "백테스트에는 데이터가 필요합니다: --data로 데이터셋 파일을 지정하세요",
    ),
    "rehearse.no_data": (
        "a rehearsal is warmed up with data: name a dataset file with --data",
        "리허설을 시작하려면 데이터가 필요합니다: --data로 데이터셋 파일을 지정하세요",
    ),
    "rehearse.no_depth": (
        "nothing that `simulate:` names can fill against books: {uses}",
        "`simulate:`에 쓴 것 중 호가로 체결할 수 있는 부품이 없습니다: {uses}",
    ),
    "run.no_data.help": ("for example: --data datasets/real_1h.yaml", "예: --data datasets/real_1h.yaml"),
    "run.coarse": (
        "{place}: its bars of {bars} cannot make the signal's bars of {wanted}",
        "{place}: {bars} 봉으로는 신호의 {wanted} 봉을 만들 수 없습니다",
    ),
    "run.coarse.help": ("use data at least as fine as the signal's `bar:`", "신호의 `bar:`만큼 촘촘한 데이터를 쓰세요"),
    "run.coarse_tops": (
        "{place}: its tops were written every {tops}, and the signal is judged every {wanted}",
        "{place}: 호가는 {tops}마다 기록됐는데 신호는 {wanted}마다 판단합니다",
    ),
    "run.coarse_tops.help": (
        "use tops at least as fine as `grid.every`, or write a longer step",
        "`grid.every`만큼 촘촘한 호가를 쓰거나 간격을 늘리세요",
    ),
    "run.grid": (
        "the signal is judged on a grid of tops, which a backtest alone carries out",
        "신호가 호가 격자에서 판단합니다. 백테스트에서만 실행할 수 있습니다",
    ),
    "run.grid.help": (
        "judge at closes of bars for this: `bar: 5m` without `grid:`",
        "여기서는 `grid:` 없이 `bar: 5m`처럼 봉 종가에서 판단하세요",
    ),
    "run.looks_between": (
        "`{use}` looks at what happened within {back}, and data are looked at every {rows}: what lies between is not seen",
        "`{use}`은(는) {back} 안의 일을 보는데 데이터는 {rows}마다 봅니다. 그 사이는 보이지 않습니다",
    ),
    "run.looks_between.help": (
        "look back at least {rows}, judge on a finer `bar:`, or leave the gate out of this backtest",
        "{rows} 이상을 보거나 더 촘촘한 `bar:`로 판단하거나, 이 백테스트에서는 게이트를 빼세요",
    ),
    "run.no_volumes": (
        "`{use}` counts what traded, and a grid of tops has no volumes",
        "`{use}`은(는) 거래량을 보는데 호가 격자에는 거래량이 없습니다",
    ),
    "run.no_tops_fills": (
        "`{use}` cannot fill at tops, and the signal is judged on a grid of them",
        "`{use}`은(는) 호가에 체결할 수 없는데 신호는 호가 격자에서 판단합니다",
    ),
    "run.no_tops_fills.help": (
        "write `backtest: {{use: sim.tops, with: ...}}` under `simulate:`",
        "`simulate:` 아래에 `backtest: {{use: sim.tops, with: ...}}`를 쓰세요",
    ),
    "run.no_bar_fills": (
        "`{use}` cannot fill over bars, and the signal is judged at their closes",
        "`{use}`은(는) 봉에서 체결할 수 없는데 신호는 봉 종가에서 판단합니다",
    ),
    "run.no_bar_fills.help": (
        "write `backtest: {{use: sim.bars, with: ...}}` under `simulate:`",
        "`simulate:` 아래에 `backtest: {{use: sim.bars, with: ...}}`를 쓰세요",
    ),
    "run.not_of": (
        "{place}: its bars are made of last trades, and the signal asks for `price: {of}`",
        "{place}: 봉이 체결가로 만들어졌는데 신호는 `price: {of}`를 요구합니다",
    ),
    "run.not_of.help": (
        "what the data do not have is not guessed: write `price: close`, or wait for recorded books",
        "데이터에 없는 것을 짐작하지 않습니다. `price: close`로 쓰거나 호가 기록을 기다리세요",
    ),
    "run.no_span": ("{place}: its series have no time in common", "{place}: 겹치는 기간이 없습니다"),
    "run.no_span.help": (
        "look at --from and --to, and at the files' periods",
        "--from, --to와 파일의 기간을 확인하세요",
    ),
    "run.when": ("`{text}` is not a day: write 2024-01-31", "`{text}`: 날짜가 아닙니다. 2024-01-31처럼 쓰세요"),
    "run.backwards": (
        "--to {until} is not after --from {since}: no day lies between them",
        "--to {until}가 --from {since}보다 뒤가 아닙니다: 그 사이에 날이 없습니다",
    ),
    "run.backwards.help": ("--to is the day after the last one", "--to는 마지막 날의 다음 날입니다"),
    "run.synthetic": (
        "THE DATA ARE SYNTHETIC: what is earned here says nothing about markets.",
        "데이터는 가상입니다: 여기의 수익은 시장에 대해 아무것도 말해 주지 않습니다.",
    ),
    "run.begins": ("{name}  {mode}  {first} to {last}  data {data}", "{name}  {mode}  {first} ~ {last}  데이터 {data}"),
    "run.progress": ("{done}%  trades {trades}", "{done}%  거래 {trades}"),
    "sum.trades": ("trades", "거래"),
    "sum.premium": ("premium captured", "프리미엄 손익"),
    "sum.rate": ("exchange rate", "환율 손익"),
    "sum.funding": ("funding", "펀딩"),
    "sum.fees": ("fees", "수수료"),
    "sum.net": ("net", "순손익"),
    "sum.drawdown": ("deepest fall of booked results", "누적 손익의 최대 낙폭"),
    "sum.longest": ("longest holding", "최장 보유"),
    "sum.worst": ("worst paper loss of a position", "포지션의 최대 평가 손실"),
    "sum.refusals": ("refusals", "거부"),
    "sum.starved": ("denied for want of money", "돈이 없어 거부"),
    "sum.open": ("left open", "열린 채 남음"),
    "sum.ledger": ("ledger", "장부"),
    "sum.run": ("run", "실행"),
    "sum.assumptions": ("assumptions", "가정"),
    "sum.days": ("{days} days", "{days}일"),
    "sum.hours": ("{hours} hours", "{hours}시간"),
    "sum.of_capital": ("{share} of capital", "자본의 {share}"),
    "sum.none": ("none", "없음"),
    "why.nothing": ("no decision fits", "맞는 결정이 없습니다"),
    "why.head": ("{kind} {pair} {tier} {side}  {at}", "{kind} {pair} {tier} {side}  {at}"),
    "why.leg": (
        "{side} {traded} at {price}, planned {planned}: slippage {bp} bp, {slippage}; orders: {orders}",
        "{side} {traded}, 가격 {price}, 계획 {planned}: 슬리피지 {bp} bp, {slippage}. 주문 {orders}개",
    ),
    "why.leg_nothing": (
        "{side} nothing, planned at {planned}; orders: {orders}",
        "{side} 체결 없음, 계획 가격 {planned}. 주문 {orders}개",
    ),
    "why.leg_steps": (
        "written {written}, durable {durable}, sent {sent}, answered {answered}, last fill {filled} after the decision",
        "결정 뒤: 적음 {written}, 디스크에 남음 {durable}, 보냄 {sent}, 응답 {answered}, 마지막 체결 {filled}",
    ),
    "why.leg_back": ("{back} traded back", "{back} 되돌림"),
    "why.legs": ("legs apart", "다리 사이"),
    "why.apart": (
        "sent {sent}, answered {answered}, filled {filled}; decision to the later answer {after}",
        "보냄 {sent}, 응답 {answered}, 체결 {filled}. 결정부터 늦은 응답까지 {after}",
    ),
    "why.bought": ("bought", "매수"),
    "why.sold": ("sold", "매도"),
    "why.denied": ("{rule}: {observed} (limit {limit})", "{rule}: {observed} (한도 {limit})"),
    "why.repeated": ("repeated {times} times until {last}", "{last}까지 {times}번 반복"),
    "why.no_run": ("no run of `{strategy}` is in this ledger", "이 장부에 `{strategy}`의 실행이 없습니다"),
    "why.no_run.help": ("run it first: karb run FILE", "먼저 실행하세요: karb run FILE"),
    "why.when": (
        "`{text}` is not a time: write '2025-02-03 14:00' (UTC)",
        "`{text}`: 시각이 아닙니다. '2025-02-03 14:00'처럼 UTC로 쓰세요",
    ),
    "run.prices": (
        "the last prices could not be kept in KARB_HOME for `karb check`: {why}",
        "`karb check`가 쓸 마지막 가격을 KARB_HOME에 저장하지 못했습니다: {why}",
    ),
    "run.home": ("the folder {path} could not be made: {why}", "{path} 폴더를 만들 수 없습니다: {why}"),
    "run.home.help": (
        "name a place with --ledger, or set KARB_HOME",
        "--ledger로 위치를 정하거나 KARB_HOME을 지정하세요",
    ),
    "about.replay": (
        "whether what a desk took in is decided upon the same as a backtest, on paper and live",
        "데스크가 받은 입력을 백테스트, 모의, 실거래로 다시 넣어 같은 결정이 나오는지",
    ),
    "replay.the_same": (
        "{mode}  run {run}: {count} decisions, the same byte for byte",
        "{mode}  실행 {run}: 결정 {count}건, 한 바이트도 다르지 않습니다",
    ),
    "replay.not_the_same": (
        "{mode}  run {run}: not the same: {what}",
        "{mode}  실행 {run}: 같지 않습니다: {what}",
    ),
    "replay.not_ended": (
        "no run of this strategy has ended yet: what it takes in is kept while it goes on, and compared afterwards",
        "끝난 실행이 없습니다. 입력은 실행 중에 저장되며, 비교는 끝난 뒤에 합니다",
    ),
    "replay.no_inputs": (
        "the journal {path} keeps no inputs that a desk could be given again",
        "기록 {path}에는 다시 재현할 입력이 없습니다",
    ),
    "replay.rules_gone": (
        "the rules of run {run} can no longer be read: it cannot be given again what it took in",
        "실행 {run}의 규칙을 더는 읽을 수 없어, 입력을 다시 재현할 수 없습니다",
    ),
    "replay.older_gone": (
        "lots of that run were open by older rules, which cannot be read now: {why}",
        "그 실행에는 이전 규칙으로 연 로트가 있었으나, 그 규칙을 지금은 읽을 수 없습니다: {why}",
    ),
    "replay.other_question": (
        "the replay parted from its recording at {at}: it asked `{asked}`, and `{recorded}` was recorded",
        "재현이 {at} 시점에서 기록과 갈라졌습니다: `{asked}`을(를) 물었으나 기록에는 `{recorded}`이(가) 있습니다",
    ),
    "replay.other_reading": (
        "the replay parted from its recording at {at}: it read `{what}`, which was not read then",
        "재현이 {at} 시점에서 기록과 갈라졌습니다: 기록에서는 읽지 않은 `{what}`을(를) 읽었습니다",
    ),
    "replay.not_taken": (
        "the replay parted from its recording at {at}: it did not take `{what}` once",
        "재현이 {at} 시점에서 기록과 갈라졌습니다: `{what}`을(를) 한 번 받지 않았습니다",
    ),
    "replay.differs": (
        "{kind} {pair} at {at}: `{what}` was {was}, and is {now}",
        "{at} {pair} {kind}: `{what}`이(가) {was}이었으나 {now}입니다",
    ),
    "replay.only_recorded": (
        "{kind} {pair} at {at} was decided, and is not",
        "{at} {pair} {kind}: 기록에는 있으나 재현에는 없습니다",
    ),
    "replay.only_replayed": (
        "{kind} {pair} at {at} is decided, and was not",
        "{at} {pair} {kind}: 재현에는 있으나 기록에는 없습니다",
    ),
    "run.unrecorded": (
        "what this run takes in is not being kept, so it may not be replayed later; trading goes on: {why}",
        "이 실행이 받은 입력이 저장되지 않아 나중에 재현하지 못할 수 있습니다. 매매는 계속합니다: {why}",
    ),
    "run.journal": (
        "the run's journal {path} cannot be written: {why}",
        "실행 기록 {path}을(를) 쓸 수 없습니다: {why}",
    ),
    "run.journal.help": (
        "make room there, or name another ledger with --ledger: the journal stands beside it",
        "공간을 확보하거나 --ledger로 다른 장부를 지정하세요. 기록은 장부 옆에 놓입니다",
    ),
    "why.no_journal": (
        "what this run was given is not here: {path} has no journal",
        "이 실행이 본 것이 여기에 없습니다: {path}에 기록이 없습니다",
    ),
    "why.no_journal.help": ("run it again to have it: karb run FILE", "다시 실행하면 생깁니다: karb run FILE"),
    "why.journal_damaged": ("the run's journal {path} is damaged", "실행 기록 {path}이(가) 손상되었습니다"),
    "why.looked": ("no decision was made for {pair} at {at}", "{pair}: {at}에는 결정이 없습니다"),
    "why.looked_at": ("last looked at {at}:", "마지막으로 살펴본 시각 {at}:"),
    "why.between": (
        "nothing could happen between {first} and {last}: no bound was within reach",
        "{first}와 {last} 사이에는 아무 일도 일어날 수 없었습니다: 닿을 만한 한도가 없었습니다",
    ),
    "why.until_end": (
        "nothing could happen between {first} and the end of the run: no bound was within reach",
        "{first}부터 실행이 끝날 때까지 아무 일도 일어날 수 없었습니다: 닿을 만한 한도가 없었습니다",
    ),
    "why.at_once": ("nothing was proposed at that moment", "그 순간에 제안된 것이 없습니다"),
    "why.until_first": (
        "nothing could happen from the beginning of the run, {first}, until {last}: no bound was within reach",
        "실행이 시작된 {first}부터 {last}까지 아무 일도 일어날 수 없었습니다: 닿을 만한 한도가 없었습니다",
    ),
    "why.never": (
        "nothing could happen in the whole run: no bound was within reach",
        "실행 내내 아무 일도 일어날 수 없었습니다: 닿을 만한 한도가 없었습니다",
    ),
    "why.after_end": (
        "the run ended at {last}: of later times it knows nothing",
        "실행은 {last}에 끝났습니다: 그 뒤는 알 수 없습니다",
    ),
    "why.other_rules": (
        "{path} has other rules now: the lines are those that ran, from the ledger",
        "{path}의 규칙이 바뀌었습니다: 아래 줄은 실행 당시의 것으로, 장부에서 읽었습니다",
    ),
    "why.other_assumptions": (
        "assumptions (such as costs) changed since the run: nets are told with those of now",
        "실행 뒤에 가정(수수료 등)이 바뀌었습니다: 순손익은 지금 값으로 계산했습니다",
    ),
    "why.rules_gone": (
        "the rules of that run can no longer be read: what was seen is told without its lines",
        "그 실행의 규칙을 더는 읽을 수 없습니다: 본 것만 보여 줍니다",
    ),
    "why.met": ("met", "충족"),
    "why.not_met": ("not met", "미달"),
    "why.short": ("short by {by}", "{by} 부족"),
    "why.before": ("the last decision before:", "그 전의 마지막 결정:"),
    "points.killed": (
        "a process that carried points out was ended by the system, maybe for want of memory",
        "점을 실행하던 프로세스가 시스템에 의해 끝났습니다. 메모리가 모자랐을 수 있습니다",
    ),
    "points.killed.help": (
        "what was found out is kept: run the same again, with fewer --cores",
        "찾은 것은 저장되었습니다. --cores를 줄여 같은 명령을 다시 실행하세요",
    ),
    "points.changed": (
        "the data changed while they were read: another process has others than this one",
        "데이터를 읽는 동안 내용이 바뀌었습니다. 프로세스마다 읽은 데이터가 다릅니다",
    ),
    "points.changed.help": (
        "what was found out is kept: run the same again when nobody writes the data",
        "찾은 것은 저장되었습니다. 데이터를 쓰는 프로그램이 없을 때 같은 명령을 다시 실행하세요",
    ),
    "points.no_dask": ("Dask is not installed", "Dask가 설치되어 있지 않습니다"),
    "points.no_dask.help": ("pip install 'karb[dask]'", "pip install 'karb[dask]' 로 설치하세요"),
    "points.no_cluster": ("no Dask scheduler answers at {address}", "{address}에서 Dask 스케줄러가 응답하지 않습니다"),
    "points.no_cluster.help": (
        "start one with `dask scheduler`, and name its address: tcp://host:8786",
        "`dask scheduler`로 시작한 뒤 주소를 쓰세요: tcp://host:8786",
    ),
    "points.no_workers": ("the Dask cluster at {address} has no worker", "{address}의 Dask 클러스터에 워커가 없습니다"),
    "points.no_workers.help": (
        "start one where karb is installed: dask worker ADDRESS",
        "karb가 설치된 곳에서 시작하세요: dask worker ADDRESS",
    ),
    "points.other_code": (
        "the worker {worker} has another karb, or other plugins, than this machine",
        "워커 {worker}의 karb나 플러그인이 이 컴퓨터와 다릅니다",
    ),
    "points.other_code.help": (
        "install the same versions there: results would differ and nobody would see it",
        "같은 버전을 설치하세요. 결과가 달라져도 알 수 없습니다",
    ),
}
