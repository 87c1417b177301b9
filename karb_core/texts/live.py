"""Running at real accounts."""

TEXTS: dict[str, tuple[str, str]] = {
    "secret.unset": (
        "{secret} has no value here: the keystore has none, and the variable {variable} is not set",
        "{secret}의 값이 없습니다: 키 저장소에도 없고 환경 변수 {variable}도 비어 있습니다",
    ),
    "secret.unset.help": (
        "`karb keys add {name}`, or set {variable} for the process that runs karb",
        "`karb keys add {name}`을(를) 하거나, karb를 실행하는 프로세스에 {variable}을(를) 설정하세요",
    ),
    "live.no_account": (
        "{use} reaches no account: it cannot place orders live",
        "{use}: 계좌에 연결되지 않아 실제 주문을 낼 수 없습니다",
    ),
    "live.stated_twice": (
        "{one} and {other} name the account {account} and state it in two ways",
        "{one}과(와) {other}이(가) 같은 계좌 {account}를 다르게 적었습니다",
    ),
    "live.stated_twice.help": (
        "leverage and margin belong to an account: write the same in both, or give one of them a key of another account",
        "레버리지와 증거금 방식은 계좌에 하나뿐입니다: 두 파일을 같게 쓰거나, 한 파일에 다른 계좌의 키를 쓰세요",
    ),
    "live.two_accounts": (
        "{path} names two accounts at {venue}: an order must have one way to go",
        "{path}: {venue} 계좌가 둘입니다. 주문이 갈 곳은 하나여야 합니다",
    ),
    "live.no_funds": (
        "{names} trade at one account ({account}), and {path} does not say what of it is its own",
        "{names}이(가) 한 계좌({account})를 쓰는데 {path}에 자기 몫이 없습니다",
    ),
    "live.no_funds.help": (
        "write `funds:` in each of these files: what of each venue it may use",
        "각 파일에 `funds:`를 쓰세요: 거래소마다 이 파일이 쓸 수 있는 금액",
    ),
    "live.funds_missing": (
        "{account}: {claimed} {asset} are claimed by the files, {free} {asset} are free",
        "{account}: 파일들이 요구하는 금액 {claimed} {asset}, 사용 가능 {free} {asset}",
    ),
    "live.same_perpetual": (
        "{mine} and {other} both trade {instrument} at {account}, which nets them into one position",
        "{mine}과(와) {other}이(가) {account}에서 같은 {instrument}을(를) 거래하면 포지션이 하나로 합쳐집니다",
    ),
    "live.same_perpetual.help": (
        "run one of them at another account (a sub-account with its own key), or on another coin",
        "한쪽은 다른 계좌(자체 키가 있는 하위 계좌)나 다른 코인으로 실행하세요",
    ),
    "live.other_karb": (
        "another karb trades at {account}: orders there carry the mark of another ledger ({marks})",
        "다른 karb가 {account}에서 거래합니다: 다른 원장의 표시({marks})가 붙은 주문이 있습니다",
    ),
    "live.other_karb.help": (
        "stop that one first; if it has ended for good, say so: --known-mark MARK",
        "먼저 그쪽을 멈추세요. 완전히 끝난 것이라면 --known-mark 표시 로 알려 주세요",
    ),
    "live.unset": (
        "{account}: how it is set is not known: {why}",
        "{account}: 계좌 설정을 알 수 없습니다: {why}",
    ),
    "live.differs": (
        "{account}: {setting} is {found}, the file states {stated}",
        "{account}: {setting} 설정이 {found}입니다. 파일에는 {stated}",
    ),
    "live.key_ends": (
        "{account}: its key ends in {days} days, {until}: make a new one, and `karb keys add` it before",
        "{account}: API 키가 {days}일 뒤 만료됩니다({until}). 그 전에 새 키를 만들어 `karb keys add`로 넣으세요",
    ),
    "live.key_ended": (
        "{account}: its key ended, {until}: nothing is entered before a new one is there",
        "{account}: API 키가 만료됐습니다({until}). 새 키가 있을 때까지 진입하지 않습니다",
    ),
    "live.fatal": ("{account}: {setting}: {why}", "{account}: {setting}: {why}"),
    "live.unlocked": (
        "{path} is not locked as it is: what is open leaves by the rules it was opened with, and nothing new is entered",
        "{path}: 지금의 규칙이 잠겨 있지 않습니다. 열린 포지션은 열 때의 규칙으로 청산하고, 새로 진입하지 않습니다",
    ),
}
