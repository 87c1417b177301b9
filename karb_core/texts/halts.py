"""Sentences of a halt for several hosts. English and Korean side by side."""

TEXTS: dict[str, tuple[str, str]] = {
    "halts.scheme": (
        "nothing that is installed keeps halts at such an address; known: {known}",
        "그런 주소에 정지를 보관할 플러그인이 없습니다. 쓸 수 있는 것: {known}",
    ),
    "halts.scheme.help": ("write redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0처럼 쓰세요"),
    "halts.missing": (
        "keeping halts there needs what is not installed: {what}",
        "정지를 보관하는 데 필요한 것이 설치되지 않았습니다: {what}",
    ),
    "halts.extra": ("install it: pip install 'karb[redis]'", "설치: pip install 'karb[redis]'"),
    "halts.no_store": ("{where} keeps no halts", "{where}: 정지를 보관하는 플러그인이 아닙니다"),
    "halts.nowhere": (
        "--everywhere needs the address that the hosts look at",
        "--everywhere에는 서버들이 보는 주소가 필요합니다",
    ),
    "halts.nowhere.help": (
        "--halts redis://127.0.0.1:6379/0, or set KARB_HALTS",
        "--halts redis://127.0.0.1:6379/0을 쓰거나 KARB_HALTS를 설정하세요",
    ),
    "halts.silent": ("{where} did not answer: {why}", "{where}이(가) 응답하지 않습니다: {why}"),
    "halts.silent.help": (
        "hosts that look there enter nothing while it is away; at this host: karb halt, or the file HALT",
        "그곳을 보는 서버들은 응답이 없는 동안 진입하지 않습니다. 이 서버에서는 karb halt나 HALT 파일을 쓰세요",
    ),
    "halts.stands": ("written to {where}", "{where}에 적었습니다"),
    "halts.stays": (
        "each host that looks there stops within a second, and stays so when the key is gone: karb resume at each",
        "그곳을 보는 서버는 1초 안에 멈추고, 키를 지워도 그대로입니다. 서버마다 karb resume이 필요합니다",
    ),
    "halts.gone": ("taken away: {where}", "지웠습니다: {where}"),
    "halts.none": ("nothing stood at {where}", "{where}에 적힌 것이 없습니다"),
    "halts.resume": (
        "what it stopped stays stopped until it is resumed there: karb resume, in each ledger",
        "멈춘 것은 그대로입니다. 원장마다 karb resume을 실행하세요",
    ),
}
