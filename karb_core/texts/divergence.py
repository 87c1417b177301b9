"""Sentences of what a run came to against a backtest on what it recorded. English and Korean side by side."""

TEXTS: dict[str, tuple[str, str]] = {
    "about.parity": (
        "a run on paper or live against a backtest on what it recorded: each difference with its cause",
        "모의 또는 실거래 실행을 그 기록으로 돌린 백테스트와 비교하기: 모든 차이와 그 원인",
    ),
    "parity.head": (
        "{strategy}  {mode} run {run}  against a backtest of {since} to {until}",
        "{strategy}  {mode} 실행 {run}  비교한 백테스트 구간 {since} ~ {until}",
    ),
    "parity.same": (
        "decisions over the same inputs: {count}, the same byte for byte",
        "같은 입력에 대한 결정: {count}건, 한 바이트도 다르지 않습니다",
    ),
    "parity.not_same": (
        "decisions over the same inputs: {decided}, not the same in {count} places",
        "같은 입력에 대한 결정: {decided}건, {count}곳이 다릅니다",
    ),
    "parity.lots": ("lots", "로트"),
    "parity.net": ("net result", "순손익"),
    "parity.this_run": ("this run", "이 실행"),
    "parity.backtest": ("backtest", "백테스트"),
    "parity.difference": ("difference", "차이"),
    "parity.by_cause": ("difference by cause", "원인별 차이"),
    "parity.rows": ("rows", "개별 항목"),
    "parity.sum": ("sum", "합계"),
    "parity.unknown": ("no cause was found", "원인을 찾지 못했습니다"),
    "parity.rest": ("without a cause", "원인 없음"),
    "parity.explained": ("every difference has its cause", "모든 차이에 원인이 있습니다"),
    "parity.written": ("what was recorded is a dataset now: {path}", "기록을 데이터셋으로 저장했습니다: {path}"),
    "parity.cause.only_run": ("entered by this run only", "이 실행만 진입"),
    "parity.cause.only_backtest": ("entered by the backtest only", "백테스트만 진입"),
    "parity.cause.earlier": ("opened by an earlier run", "이전 실행이 연 로트"),
    "parity.cause.moment_in": ("entered at another moment", "다른 시점에 진입"),
    "parity.cause.moment_out": ("left at another moment", "다른 시점에 청산"),
    "parity.cause.quantity": ("quantity", "수량"),
    "parity.cause.fill_in": ("price of the way in", "진입 체결가"),
    "parity.cause.fill_out": ("price of the way out", "청산 체결가"),
    "parity.cause.fees": ("fees", "수수료"),
    "parity.cause.funding": ("funding", "펀딩"),
    "parity.cause.rate": ("rate booked", "기록된 환율"),
    "parity.cause.beside": ("no lot's", "로트가 아닌 것"),
    "parity.quantity": ("{mine}, in the backtest {other}", "{mine}, 백테스트는 {other}"),
    "parity.fill": (
        "cost {mine} beyond the bar's close, in the backtest {other}",
        "봉의 종가보다 {mine} 더 들었고, 백테스트는 {other}",
    ),
    "parity.fees": ("paid {mine}, in the backtest {other}", "낸 수수료 {mine}, 백테스트는 {other}"),
    "parity.funding": (
        "received {mine} at {times} settlements, in the backtest {other} at {others}",
        "정산 {times}번에 {mine} 받았고, 백테스트는 {others}번에 {other}",
    ),
    "parity.rate": ("left at {mine}, in the backtest at {other}", "{mine}에 청산, 백테스트는 {other}"),
    "parity.head.run": (
        "{strategy}  {mode} run {run}  against {other_mode} run {other}, {since} to {until}",
        "{strategy}  {mode} 실행 {run}  비교한 {other_mode} 실행 {other}, 구간 {since} ~ {until}",
    ),
    "parity.other_run": ("other run", "다른 실행"),
    "parity.captured": ("premium captured", "번 프리미엄"),
    "parity.part": (
        "the difference is {part} of the premium that the larger of both captured",
        "차이는 둘 중 더 많이 번 프리미엄의 {part}입니다",
    ),
    "parity.quantity.run": ("{mine}, in the other run {other}", "{mine}, 다른 실행은 {other}"),
    "parity.fill.run": (
        "cost {mine} beyond the bar's close, in the other run {other}",
        "봉의 종가보다 {mine} 더 들었고, 다른 실행은 {other}",
    ),
    "parity.fees.run": ("paid {mine}, in the other run {other}", "낸 수수료 {mine}, 다른 실행은 {other}"),
    "parity.funding.run": (
        "received {mine} at {times} settlements, in the other run {other} at {others}",
        "정산 {times}번에 {mine} 받았고, 다른 실행은 {others}번에 {other}",
    ),
    "parity.rate.run": ("left at {mine}, in the other run at {other}", "{mine}에 청산, 다른 실행은 {other}"),
    "parity.cause.only_other": ("entered by the other run only", "다른 실행만 진입"),
    "parity.unlike": (
        "the runs {run} and {other} are of different rules: what they differ by is no one's to explain",
        "실행 {run}과 {other}의 규칙이 다릅니다. 무엇이 다른지 설명할 수 없습니다",
    ),
    "parity.not_between": (
        "the runs {run} and {other} differ in {rows} rows without a cause; {rest} are in no row",
        "실행 {run}과 {other}의 차이 중 원인 없는 항목 {rows}개, 어느 항목에도 없는 금액 {rest}",
    ),
    "parity.alone": (
        "--against compares two recorded runs: there is no dataset to keep",
        "--against는 기록된 두 실행을 비교하므로 저장할 데이터셋이 없습니다",
    ),
    "parity.earlier": (
        "the backtest begins with nothing open",
        "백테스트는 열린 로트 없이 시작합니다",
    ),
    "parity.beside": (
        "fills or settlements that no lot has a part in",
        "어느 로트에도 속하지 않은 체결이나 정산",
    ),
    "parity.why.before": (
        "{mode}: at {at} nothing was judged yet",
        "{mode}: {at}에는 아직 판단을 시작하지 않았습니다",
    ),
    "parity.why.after": ("{mode}: at {at} it had ended", "{mode}: {at}에는 이미 끝나 있었습니다"),
    "parity.why.unfilled": (
        "{mode}: the same was decided at {at}, and the orders did not fill whole",
        "{mode}: {at}에 같은 결정을 했으나 주문이 다 체결되지 않았습니다",
    ),
    "parity.why.refused": (
        "{mode}: refused by {line}: {observed} against {limit}",
        "{mode}: {line}에 따라 거부되었습니다: 한도 {limit}, 실제 {observed}",
    ),
    "parity.why.halted": (
        "{mode}: stopped since {at} ({strength}): {reason}",
        "{mode}: {at}부터 멈춰 있었습니다 ({strength}): {reason}",
    ),
    "parity.why.stopped": (
        "{mode}: stopped from outside its ledger then ({strength}): a lease, a halt file, or a ledger that could not be used",
        "{mode}: 그때 장부 밖의 이유로 멈춰 있었습니다 ({strength}): 점유, 정지 파일, 또는 쓸 수 없는 장부",
    ),
    "parity.why.unjudged": (
        "{mode}: the row of {at} was not judged: a leg's bar did not come in time, or legs were under way",
        "{mode}: {at}의 행은 판단되지 않았습니다: 한쪽 봉이 제때 오지 않았거나 주문이 진행 중이었습니다",
    ),
    "parity.why.unmet": (
        "{mode}: judged at {at}, and {line} was not met: {asked}",
        "{mode}: {at}에 판단했으나 {line} 조건에 못 미쳤습니다: {asked}",
    ),
    "parity.why.held": (
        "{mode}: a lot of that tier was held already, entered at {at}",
        "{mode}: 같은 단계의 로트를 이미 {at}부터 들고 있었습니다",
    ),
    "parity.why.traded_back": (
        "{mode}: it did not fill whole on both legs, and was traded back by the ladder",
        "{mode}: 진입 때 양쪽이 다 체결되지 않아 사다리에 따라 되돌렸습니다",
    ),
    "parity.why.forced": (
        "{mode}: left at {at} for another cause than the rules of leaving: {cause}",
        "{mode}: {at}에 청산 규칙이 아닌 다른 이유로 나왔습니다: {cause}",
    ),
    "parity.not_holding": (
        "run {run} does not hold: {decisions} decisions over the same inputs differ, {rows} rows have no cause, "
        "{rest} is in no row",
        "실행 {run}은(는) 백테스트와 맞지 않습니다: 같은 입력에 다른 결정 {decisions}건, 원인 없는 차이 {rows}건, 항목에 없는 금액 {rest}",
    ),
    "parity.replayed": (
        "run {run} is a backtest: it recorded no market of its own",
        "실행 {run}은(는) 백테스트라 스스로 기록한 시장이 없습니다",
    ),
    "parity.not_ended": (
        "run {run} has not ended, or was killed: what it took in last was not kept",
        "실행 {run}은(는) 아직 끝나지 않았거나 강제로 끝나, 마지막 입력이 저장되지 않았습니다",
    ),
    "parity.other_rules": (
        "{path} has other rules than run {run} had: only its assumptions may differ",
        "{path}의 규칙이 실행 {run}의 규칙과 다릅니다. 가정만 달라도 됩니다",
    ),
    "parity.no_simulation.help": (
        "name a file of the same rules that has one: --file FILE",
        "규칙이 같고 백테스트 시뮬레이션이 있는 파일을 지정하세요: --file FILE",
    ),
    "parity.no_folder": ("the folder {folder} cannot be written: {why}", "{folder} 폴더에 쓸 수 없습니다: {why}"),
    "parity.not_empty": ("{folder} is there already, with something in it", "{folder}: 이미 있고 비어 있지 않습니다"),
    "parity.no_folder.help": ("name a new folder with --data-out", "--data-out으로 새 폴더를 지정하세요"),
    "parity.no_bars": (
        "no bar of {instrument} was recorded: there is nothing to backtest",
        "{instrument}의 봉이 기록되지 않아 백테스트할 것이 없습니다",
    ),
    "parity.no_margin": (
        "the run was not told the margin of {instrument}, so no backtest can hold it",
        "{instrument}의 증거금 규정이 기록되지 않아 백테스트할 수 없습니다",
    ),
    "parity.unrated": (
        "{lot} cannot be counted in the asset of the capital: no rate is known",
        "{lot}: 환율을 몰라 자본의 자산으로 셀 수 없습니다",
    ),
}
