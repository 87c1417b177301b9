"""Rules that change while a desk runs."""

TEXTS: dict[str, tuple[str, str]] = {
    "about.reload": (
        "have a running desk enter by the approved rules of its changed file",
        "실행 중인 데스크가 바뀐 파일의 승인된 규칙으로 진입하게 하기",
    ),
    "reload.changed": (
        "{path} changed; values that differ from the rules in force: {count}. Nothing is adopted before karb lock and karb reload.",
        "{path} 파일이 바뀜: 지금 규칙과 다른 값 {count}개. karb lock과 karb reload를 하기 전에는 적용되지 않습니다.",
    ),
    "reload.as_before": (
        "{path} says again what the desk trades by",
        "{path}: 파일이 데스크의 지금 규칙과 다시 같아졌습니다",
    ),
    "reload.unusable": (
        "{path} changed and cannot be used, the desk goes on by the rules it has: {why}",
        "{path} 파일이 바뀌었지만 쓸 수 없어 데스크는 지금 규칙을 지킵니다: {why}",
    ),
    "reload.wrong": ("{place}: {code}: {said}", "{place}: {code}: {said}"),
    "reload.approved": (
        "{path} is locked as it is now: karb reload {path} has the desk enter by it",
        "{path}: 지금 내용이 승인됨. karb reload {path}을(를) 하면 데스크가 이 규칙으로 진입합니다",
    ),
    "reload.line": (
        "{change} {pointer}  {before} -> {after}  {verdict}",
        "{change} {pointer}  {before} -> {after}  {verdict}",
    ),
    "reload.fixed": (
        "these cannot change while the desk runs: {what}",
        "실행 중에는 바꿀 수 없습니다: {what}",
    ),
    "reload.fixed.help": (
        "end the desk and start it again: open lots keep their rules then as well",
        "데스크를 끝내고 다시 시작하세요: 그때도 열린 로트는 열 때의 규칙을 지킵니다",
    ),
    "reload.other_code": (
        "the lock approves other code than this process runs: {packages}",
        "잠금이 승인한 코드가 이 프로세스의 코드와 다릅니다: {packages}",
    ),
    "reload.orphans": (
        "lots are open whose rules nobody could read again: {why}",
        "열린 로트가 있는데 그 규칙을 다시 읽을 수 없습니다: {why}",
    ),
    "reload.refused": (
        "{path} is not adopted, the desk goes on by the rules it has: {why}",
        "{path}: 적용하지 않았습니다. 데스크는 지금 규칙을 지킵니다: {why}",
    ),
    "reload.same": (
        "{path} is what the desk enters by already",
        "{path}: 데스크가 이미 이 규칙으로 진입하고 있습니다",
    ),
    "reload.adopted": (
        "{path} is adopted: what is entered from now on follows it, open lots that keep the rules they were opened by: {lots}",
        "{path}: 적용함. 이제부터의 진입은 이 규칙을 따르고, 열린 로트 {lots}개는 열 때의 규칙을 지킵니다",
    ),
    "reload.other_name": (
        "{path} is of the strategy {name}, and no desk of that name ran at this ledger",
        "{path}: 전략 이름은 {name}인데, 이 원장에서 실행된 적이 없습니다",
    ),
    "reload.does": (
        "What is entered from then on follows the file as it is locked. Open lots keep the rules they were opened by.",
        "그때부터의 진입은 승인된 파일을 따릅니다. 열린 로트는 열 때의 규칙을 지킵니다.",
    ),
    "reload.not": (
        "It closes nothing, and it ends no halt.",
        "아무것도 닫지 않고, 정지를 풀지도 않습니다.",
    ),
    "reload.done": (
        "the desk enters by {path} now (run {run})",
        "이제 데스크가 {path} 규칙으로 진입합니다 (실행 {run})",
    ),
    "reload.not_adopted": (
        "the desk took it and did not adopt {path} within {seconds} s",
        "데스크가 받았지만 {seconds}초 안에 {path}을(를) 적용하지 않았습니다",
    ),
    "reload.not_adopted.help": (
        "it says why on its terminal and by its channels; a ladder that is under way is waited for",
        "이유는 데스크의 터미널과 알림에 있습니다. 진행 중인 주문이 끝나기를 기다리는 중일 수 있습니다",
    ),
}
