"""Sentences about desks: telling them something, and what stands. English and Korean side by side."""

TEXTS: dict[str, tuple[str, str]] = {
    "about.halt": (
        "stop a running desk: no entries, reduce only, flatten",
        "실행 중인 데스크 멈추기: 진입 중지, 축소만, 전부 청산",
    ),
    "about.ack": ("say that the alerts that stand were seen", "떠 있는 알림을 확인했다고 말하기"),
    "about.resume": ("end the halts that are no more true", "더는 이유가 없는 정지를 풀기"),
    "about.approve": (
        "let a desk enter a pair once that waits for your word",
        "승인을 기다리는 페어의 진입을 한 번 허락하기",
    ),
    "books.none": ("{name} has no run yet", "{name}에는 아직 실행이 없습니다"),
    "books.no_run": ("no run's id begins with `{run}`", "`{run}`(으)로 시작하는 실행이 없습니다"),
    "books.run_unclear": (
        "`{run}` begins the ids of several runs: {found}",
        "`{run}`(으)로 시작하는 실행이 여럿입니다: {found}",
    ),
    "books.no_account": ("no run has an account `{name}`", "계정 `{name}`의 실행이 없습니다"),
    "books.no_strategy": ("no run is of a strategy `{name}`", "전략 `{name}`의 실행이 없습니다"),
    "books.known": ("there are: {known}", "있는 것: {known}"),
    "books.several": (
        "{name} keeps the books of {count} accounts (each backtest has its own), the latest: {known}",
        "{name}에는 장부가 {count}개 있습니다(백테스트마다 하나씩). 최근 것: {known}",
    ),
    "books.several.help": (
        "say which: --run with the beginning of its id, --account or --strategy",
        "하나를 고르세요: --run에 실행 번호의 앞부분, 또는 --account, --strategy",
    ),
    "books.no_desk": (
        "nothing in {name} was run in paper or live: there is no desk to tell anything",
        "{name}에는 페이퍼나 라이브 실행이 없습니다: 지시를 받을 데스크가 없습니다",
    ),
    "books.no_desk.help": ("a backtest is ended with Ctrl-C", "백테스트는 Ctrl-C로 끝냅니다"),
    "told.because": (
        'say why: --because "..."; it is kept with the order',
        '이유를 쓰세요: --because "...". 지시와 함께 남습니다',
    ),
    "told.written": (
        '{verb} for {strategy} at {account} stands in the ledger: "{because}" ({by})',
        '{account}의 {strategy}에 대한 {verb} 지시를 원장에 남겼습니다: "{because}" ({by})',
    ),
    "told.does.no-entries": (
        "it does: nothing new is entered; an entry that has begun may still be completed by your ladder",
        "하는 일: 새로 진입하지 않습니다. 이미 시작한 진입은 파일의 사다리대로 마칠 수 있습니다",
    ),
    "told.not.no-entries": (
        "it does not: close what is open (that leaves by your rules, as ever), or end the process",
        "하지 않는 일: 열린 것을 닫지 않습니다(규칙대로 청산됩니다). 프로세스를 끝내지 않습니다",
    ),
    "told.does.reduce-only": (
        "it does: nothing new is entered; an entry that has begun is traded back",
        "하는 일: 새로 진입하지 않습니다. 이미 시작한 진입은 되돌립니다",
    ),
    "told.not.reduce-only": (
        "it does not: close what is open (that leaves by your rules, as ever), or end the process",
        "하지 않는 일: 열린 것을 닫지 않습니다(규칙대로 청산됩니다). 프로세스를 끝내지 않습니다",
    ),
    "told.does.flatten": (
        "it does: everything that karb has open is brought back to nothing at the prices of then, and no gate is asked",
        "하는 일: karb가 연 것을 모두 그때의 가격으로 되돌립니다. 게이트에는 묻지 않습니다",
    ),
    "told.not.flatten": (
        "it does not: touch what is yours and not karb's, end the process, or end by itself: it stays until karb resume",
        "하지 않는 일: karb가 사지 않은 것은 건드리지 않습니다. 프로세스를 끝내지 않습니다. karb resume 전까지 풀리지 않습니다",
    ),
    "told.does.resume": (
        "it does: end every halt that is no more true; what entered before may enter again",
        "하는 일: 더는 이유가 없는 정지를 모두 풉니다. 다시 진입할 수 있습니다",
    ),
    "told.not.resume": (
        "it does not: undo what is still so (an open leg, an order of unknown fate, a flatten not yet flat, a lost lease)",
        "하지 않는 일: 아직 사실인 것은 풀지 않습니다(한쪽 다리만 열림, 결과를 모르는 주문, 끝나지 않은 청산, 잃은 임대)",
    ),
    "told.does.approve": (
        "it does: let one entry of that pair through `gates.approval`; it is judged anew at once, at the prices of now",
        "하는 일: 그 페어의 진입 하나를 `gates.approval`이 통과시킵니다. 지금 가격으로 바로 다시 판단합니다",
    ),
    "told.not.approve": (
        "it does not: enter by itself, skip any other gate, or last longer than the file's `valid_for`",
        "하지 않는 일: 스스로 진입하지 않습니다. 다른 게이트를 건너뛰지 않습니다. 파일의 `valid_for`보다 오래가지 않습니다",
    ),
    "told.does.ack": (
        "it does: keep the alerts that stand from going further, over a restart too where they are halts",
        "하는 일: 지금 떠 있는 알림이 더 번지지 않게 합니다. 정지 알림은 다시 시작해도 그대로입니다",
    ),
    "told.not.ack": ("it does not: resume anything", "하지 않는 일: 아무것도 풀지 않습니다"),
    "told.no_desk": (
        "no desk is running at this account: the order stands, and is taken at the next start before anything else",
        "이 계정에서 실행 중인 데스크가 없습니다: 지시는 남아 있고, 다음에 시작할 때 가장 먼저 받습니다",
    ),
    "told.taken": ("taken for {strategy} by run {run} at {at}", "{strategy}: 실행 {run}이(가) {at}에 받았습니다"),
    "told.not_taken": (
        "the desk on {host}, process {pid} (last beat {beat}) has not taken it within {seconds} s, for {strategies}",
        "{host}의 데스크(프로세스 {pid}, 마지막 신호 {beat})가 {seconds}초 안에 받지 않았습니다: {strategies}",
    ),
    "told.not_taken.help": (
        "the order stands; look with karb status, and if the desk hangs, stop that process: karb knows what was under way",
        "지시는 남아 있습니다. karb status로 확인하고, 데스크가 멈춰 있으면 그 프로세스를 끝내세요. 진행 중이던 것은 원장에 있습니다",
    ),
    "told.stays": (
        "taken, and yet halted, for this is still so: {stays}",
        "받았지만 아직 멈춰 있습니다. 아직 사실인 이유: {stays}",
    ),
    "told.stays.help": (
        "karb positions shows what is uneven, karb status what is under way; resume again when it is mended",
        "karb positions에서 어긋난 것을, karb status에서 진행 중인 것을 보세요. 해결된 뒤에 다시 resume 하세요",
    ),
    "halt.unasked": (
        "flatten trades at once, and nobody is here to be asked",
        "flatten은 바로 거래합니다. 물어볼 사람이 없습니다",
    ),
    "halt.unasked.help": ("say --yes if it is meant", "정말이면 --yes를 붙이세요"),
    "halt.sure": (
        "Everything that karb has open will be closed at the prices of then. Go on?",
        "karb가 연 것을 모두 그때의 가격으로 닫습니다. 계속할까요?",
    ),
    "stop.first": (
        "stopping: nothing new is entered, and what is under way is brought to its end; once more ends at once",
        "멈추는 중: 새로 진입하지 않고, 진행 중인 것을 마칩니다. 한 번 더 누르면 바로 끝냅니다",
    ),
    "stop.open": (
        "stays open: {pair} {tier} {side}, lot {lot}: {legs}; nobody watches it until the next start",
        "열린 채 남음: {pair} {tier} {side}, 로트 {lot}: {legs}. 다음에 시작할 때까지 아무도 지켜보지 않습니다",
    ),
    "stop.still": ("not finished: {reason}", "끝나지 않음: {reason}"),
    "stop.flat": ("stopped: nothing stays open", "멈췄습니다: 열린 것이 없습니다"),
    "stop.handed_over": (
        "stopped: another desk has the account now",
        "멈췄습니다: 이제 다른 데스크가 계정을 맡고 있습니다",
    ),
    "stop.second": (
        "ended at once: the ledger knows what was under way, and the next start finds out what became of it",
        "바로 끝냈습니다: 진행 중이던 것은 원장에 있고, 다음에 시작할 때 어떻게 되었는지 알아냅니다",
    ),
    "about.status": (
        "which desk runs, what is halted, open and under way",
        "실행 중인 데스크, 멈춘 것, 열린 것, 진행 중인 것",
    ),
    "about.positions": ("every open lot, leg by leg, and what is uneven", "열린 로트를 다리별로, 그리고 어긋난 것"),
    "about.pnl": ("what closed lots came to, and where it came from", "닫힌 로트의 손익과 그 출처"),
    "age.days": ("{days} d {hours} h", "{days}일 {hours}시간"),
    "age.hours": ("{hours} h {minutes} min", "{hours}시간 {minutes}분"),
    "age.seconds": ("{minutes} min {seconds} s", "{minutes}분 {seconds}초"),
    "stands.head": ("{ledger}  account {account}  {modes}  as of {at}", "{ledger}  계정 {account}  {modes}  {at} 기준"),
    "stands.running": (
        "desk: {host}, process {pid}, since {since}, last beat {beat} ago",
        "데스크: {host}, 프로세스 {pid}, {since}부터, 마지막 신호 {beat} 전",
    ),
    "stands.silent": (
        "desk: none is running; {host}, process {pid}, has been silent since {at}",
        "데스크: 실행 중이 아닙니다. {host}, 프로세스 {pid}의 신호가 {at}부터 없습니다",
    ),
    "stands.given_back": (
        "desk: none is running; {host}, process {pid}, ended at {at}",
        "데스크: 실행 중이 아닙니다. {host}, 프로세스 {pid}이(가) {at}에 끝났습니다",
    ),
    "stands.nobody": ("desk: none has held this account yet", "데스크: 이 계정을 맡은 데스크가 아직 없습니다"),
    "stands.recorded": (
        "desk: none; these are the books of recorded data",
        "데스크: 없음. 기록된 데이터로 실행한 장부입니다",
    ),
    "stands.strategy": ("{strategy}  run {run}, began {began}", "{strategy}  실행 {run}, {began} 시작"),
    "stands.strategy_ended": (
        "{strategy}  run {run}, began {began}, ended {at} ({how})",
        "{strategy}  실행 {run}, {began} 시작, {at} 끝 ({how})",
    ),
    "stands.halted": (
        'halted: {strength}, since {at}, by {author}: "{reason}"',
        '멈춤: {strength}, {at}부터, {author}: "{reason}"',
    ),
    "stands.not_halted": ("not halted", "멈추지 않음"),
    "stands.told": (
        'told and not taken yet: {verb}, at {at}, by {author}: "{reason}"',
        '아직 받지 않은 지시: {verb}, {at}, {author}: "{reason}"',
    ),
    "stands.open": ("open lots: {count}, for {ages}", "열린 로트 {count}개: {ages}"),
    "stands.flat": ("nothing open", "열린 것 없음"),
    "stands.uneven": (
        "uneven: lot {lot} has beyond its other legs: {what}",
        "어긋남: 로트 {lot}, 다른 다리보다 더 가진 것: {what}",
    ),
    "stands.last": ("last decision: {what}", "마지막 결정: {what}"),
    "stands.refused": ("last refusal: {what} by {rules}, times: {times}", "마지막 거부: {what} {rules}, {times}번"),
    "stands.under_way": (
        "under way: {kind} {pair}, decided {at} ({intent})",
        "진행 중: {kind} {pair}, {at} 결정 ({intent})",
    ),
    "stands.order": (
        "{instrument} {side} {wanted}, filled {got}: {answer} ({order})",
        "{instrument} {side} {wanted}, 체결 {got}: {answer} ({order})",
    ),
    "stands.answer_none": ("no answer yet", "아직 답이 없음"),
    "stands.answer_unknown": ("unknown, to be asked about", "결과를 모름, 물어볼 것"),
    "stands.answer_open": ("more of it may trade", "더 체결될 수 있음"),
    "open.none": ("nothing is open", "열린 것이 없습니다"),
    "open.lot": (
        "{pair} {tier} {side}  lot {lot}  open for {age}",
        "{pair} {tier} {side}  로트 {lot}  {age} 동안 열림",
    ),
    "open.leg": ("{instrument} {amount}  entered at {price}", "{instrument} {amount}  평균 진입가 {price}"),
    "open.unfilled": ("{instrument} {amount}  never filled", "{instrument} {amount}  체결된 적 없음"),
    "open.paid": ("fees {fees}   funding {funding}", "수수료 {fees}   펀딩 {funding}"),
    "open.uneven": ("uneven, beyond the other legs: {what}", "어긋남, 다른 다리보다 더 가진 것: {what}"),
    "open.sums": ("together", "합계"),
    "pnl.by_day": ("day ({zone})", "날짜({zone})"),
    "pnl.by_tier": ("tier", "단계"),
    "pnl.by_pair": ("pair", "페어"),
    "pnl.lots": ("lots", "로트"),
    "pnl.total": ("total", "합계"),
    "pnl.none": ("no lot has closed yet", "아직 닫힌 로트가 없습니다"),
    "pnl.unsplit": (
        "{count} of them are no premium's: only their net is known",
        "그중 {count}개는 프리미엄 거래가 아닙니다: 순손익만 알 수 있습니다",
    ),
    "pnl.unrated": (
        "in no sum, for no rate was written when they ended: {lots}",
        "끝날 때의 환율이 없어 합계에 넣지 못한 로트: {lots}",
    ),
    "pnl.open": (
        "open lots: {count}, in no sum; so far fees {fees}, funding {funding}",
        "열린 로트 {count}개는 합계에 없습니다. 지금까지 수수료 {fees}, 펀딩 {funding}",
    ),
    "about.report": (
        "a strategy's books by day, week or month: a page, Markdown or CSV",
        "전략의 장부를 일·주·월별로: 페이지, Markdown, CSV",
    ),
    "report.title": ("{name}, account {account}", "{name}, 계정 {account}"),
    "report.period": ("period", "기간"),
    "report.won": ("won", "이긴 로트"),
    "report.residual": ("residual", "설명되지 않은 부분"),
    "report.mean": ("net of a lot", "로트당 순손익"),
    "report.held": ("held", "보유"),
    "report.hours": ("{hours} h", "{hours}시간"),
    "report.note": (
        "A lot counts in the period in which it ended, by Korea's days. The parts and the residual sum to net.",
        "로트는 끝난 기간에 셉니다(한국 날짜). 각 부분과 설명되지 않은 부분을 더하면 순손익입니다.",
    ),
    "report.wrote": ("wrote {path}", "{path}에 썼습니다"),
    "report.unwritten": ("{path} cannot be written: {why}", "{path}에 쓸 수 없습니다: {why}"),
    "pnl.nothing": ("none", "없음"),
}
