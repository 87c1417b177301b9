"""Sentences of a house that is shown. English and Korean side by side."""

TEXTS: dict[str, tuple[str, str]] = {
    "serve.at": ("shown at {where}", "다음 주소에서 볼 수 있습니다: {where}"),
    "serve.broke": (
        "what shows the house broke and is begun anew; trading goes on: {why}",
        "화면 서버가 멈춰 다시 시작합니다. 매매는 계속됩니다: {why}",
    ),
    "serve.mode": ("--serve shows a run on paper or live", "--serve는 paper와 live 실행에서만 쓸 수 있습니다"),
    "serve.mode.help": (
        "a backtest's result as a page: karb backtest FILE --format html --out report.html",
        "백테스트 결과 페이지: karb backtest FILE --format html --out report.html",
    ),
    "serve.none": ("no server is installed", "설치된 서버가 없습니다"),
    "serve.missing": (
        "the server needs what is not installed: {what}",
        "서버에 필요한 것이 설치되지 않았습니다: {what}",
    ),
    "serve.extra": ("install it: pip install 'karb[dashboard]'", "설치: pip install 'karb[dashboard]'"),
    "serve.no_server": ("{where} is no server", "{where}: 서버가 아닙니다"),
}
