"""Rules that change while a desk runs."""

TEXTS: dict[str, tuple[str, str]] = {
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
}
