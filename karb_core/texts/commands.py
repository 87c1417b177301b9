"""Sentences of the command line. English and Korean side by side."""

TEXTS: dict[str, tuple[str, str]] = {
    "help.commands": ("Commands", "명령"),
    "about.new": (
        "start a strategy file, every rule left empty for you, or a plugin of your own",
        "전략 파일(모든 규칙은 비워 둠)이나 나만의 플러그인 시작하기",
    ),
    "about.check": ("say everything that is wrong with a file", "파일의 잘못을 모두 말하기"),
    "about.test": ("carry out the tests that a file has of its own rules", "파일에 쓴 규칙 테스트를 실행하기"),
    "about.plan": ("what will run, each value and where it comes from", "무엇이 실행되는지, 값마다 출처와 함께"),
    "about.lock": ("approve the rules as they are now", "지금의 규칙을 승인하기"),
    "about.diff": ("what differs from the approved rules, or between two files", "승인한 규칙과, 또는 두 파일의 차이"),
    "about.list": ("the installed components", "설치된 부품"),
    "about.describe": ("one component: its parameters, roles and units", "부품 하나: 매개변수와 역할, 단위"),
    "about.explain": ("what an error code means", "오류 코드의 뜻"),
    "about.schema": ("the JSON Schema for editors", "편집기용 JSON 스키마"),
    "about.doctor": ("plugins that cannot be used, extras that are missing", "쓸 수 없는 플러그인, 빠진 추가 패키지"),
    "about.plugin": ("from the plugin {package}", "플러그인 {package}의 명령"),
    "command.unknown": ("there is no command `{name}`", "`{name}`: 그런 명령은 없습니다"),
    "usage.help": ("{command} --help shows how it is written", "쓰는 법: {command} --help"),
    "usage.missing": ("{name} is missing", "{name}: 빠졌습니다"),
    "usage.no_option": ("there is no option `{name}`", "`{name}`: 그런 옵션은 없습니다"),
    "usage.choice": ("{name} must be one of {choices}", "{name}: 다음 중 하나여야 합니다: {choices}"),
    "usage.needs_value": ("the option {name} needs a value behind it", "{name}: 옵션 뒤에 값이 필요합니다"),
    "usage.no_value": ("the option {name} takes no value", "{name}: 값을 받지 않는 옵션입니다"),
    "usage.two_ledgers": (
        "two ledgers are named, {place} and behind --ledger {ledger}: name one",
        "원장을 두 번 적었습니다({place}, --ledger {ledger}): 하나만 적으세요",
    ),
    "usage.extra": ("this is too much here: {given}", "여기에 쓸 수 없는 인자입니다: {given}"),
    "unexpected": ("karb did not expect this: {kind}: {message}", "예상하지 못한 오류입니다: {kind}: {message}"),
    "unexpected.help": (
        "please report it; KARB_DEBUG=1 before the command shows where it happened",
        "알려 주세요. 명령 앞에 KARB_DEBUG=1을 붙이면 일어난 곳이 보입니다",
    ),
    "check.ok": (
        "{path}: nothing is wrong ({rules} rules, {digest})",
        "{path}: 잘못이 없습니다 (규칙 {rules}개, {digest})",
    ),
    "check.errors": ("{path}: errors: {count}", "{path}: 오류 {count}개"),
    "money.no_prices": (
        "what each entry needs at each venue is shown once prices are known; give them with --price 'NAME=NUMBER': {names}",
        "진입마다 필요한 돈은 가격을 알면 보여 줍니다. --price '이름=숫자'로 주세요: {names}",
    ),
    "money.whence": (
        "at prices of {at} as the last run saw them (data {data})",
        "마지막 실행이 본 {at}의 가격 기준 (데이터 {data})",
    ),
    "money.made_up": (
        "at prices of {at} that karb made up for the last run (data {data}): give yours with --price",
        "마지막 실행에 쓴 가상 데이터의 {at} 가격 기준 (데이터 {data}): 실제 가격은 --price로 주세요",
    ),
    "money.cell": ("{venue} needs {need}, free {free}", "{venue} 필요 {need}, 여유 {free}"),
    "money.starved": (
        "{pair} {tier} {side}: {short} short at {venue} once every smaller tier is open: {short} more there would end it",
        "{pair} {tier} {side}: 작은 단계가 모두 열리면 {venue}에서 {short} 부족합니다. 그만큼 더 있으면 됩니다",
    ),
    "money.price": (
        "`{text}` is not a price: write 'upbit BTC/KRW=158,849,000'",
        "`{text}`: 가격이 아닙니다. 'upbit BTC/KRW=158,849,000'처럼 쓰세요",
    ),
    "plan.strategy": (
        "strategy {name}  {path} ({lines} lines, sha256 {sha})",
        "전략 {name}  {path} ({lines}줄, sha256 {sha})",
    ),
    "plan.mode": ("mode     {mode} at most", "모드     최대 {mode}"),
    "plan.digests": (
        "rules    {rules}  assumptions {assumptions}  config {config}  lock: {lock}",
        "규칙     {rules}  가정 {assumptions}  설정 {config}  잠금: {lock}",
    ),
    "plan.default": ("default", "기본값"),
    "plan.summary": (
        "{rules} owner rules (R), all set in the file; assumptions (A) {assumptions}; wiring (w) {wiring}; "
        "technical settings (·) {tech}, of which {defaults} at their default",
        "주인의 규칙(R) {rules}개, 모두 파일에 있음. 가정(A) {assumptions}개, 배선(w) {wiring}개, 기술 설정(·) {tech}개 (기본값 {defaults}개)",
    ),
    "lock.none": ("none", "없음"),
    "lock.matches": ("{path} matches", "{path} 일치"),
    "lock.differs": ("{path} differs", "{path} 다름"),
    "lock.other_code": ("{path}: same rules, other code ({packages})", "{path}: 규칙은 같고 코드가 다름 ({packages})"),
    "lock.missing": (
        "{file} has no lock: its rules were never approved",
        "{file}: 잠금이 없습니다. 승인된 적이 없는 규칙입니다",
    ),
    "lock.missing.help": (
        'if you approve them: karb lock {file} --because "..."',
        '승인하려면: karb lock {file} --because "..."',
    ),
    "lock.rules_differ": (
        "the rules of {file} are not the ones that were approved",
        "{file}의 규칙이 승인한 것과 다릅니다",
    ),
    "lock.rules_differ.help": (
        'see what differs: karb diff {file}; if you approve it: karb lock {file} --because "..."',
        '차이 보기: karb diff {file}. 승인하려면: karb lock {file} --because "..."',
    ),
    "lock.code_differs": (
        "same rules, but other code than was locked: {packages}",
        "규칙은 같지만 잠근 코드와 다릅니다: {packages}",
    ),
    "lock.unreadable": ("{path} is not a lock that karb wrote", "{path}: karb가 쓴 잠금이 아닙니다"),
    "lock.edited": (
        "{path}: its lines are not the rules it approves: it was edited or merged by hand",
        "{path}: 적힌 줄이 승인한 규칙과 다릅니다. 손으로 고치거나 합친 파일입니다",
    ),
    "lock.unreadable.help": (
        "restore it from your copy, or delete it and approve again",
        "백업에서 되돌리거나, 지우고 다시 승인하세요",
    ),
    "lock.format": (
        "{path} has lock format {version}, which this karb does not read",
        "{path}: 이 karb가 읽지 못하는 잠금 형식 {version}",
    ),
    "lock.unwritable": ("{path} could not be written: {why}", "{path}: 쓸 수 없습니다: {why}"),
    "lock.already": ("{path} approves these rules already", "{path}: 이미 승인된 규칙입니다"),
    "lock.because": ('say why: karb lock {file} --because "..."', '이유를 쓰세요: karb lock {file} --because "..."'),
    "lock.written": (
        "{path}: approved {rules} rules ({digest}); changed since the last approval: {changed}",
        "{path}: 규칙 {rules}개 승인 ({digest}). 지난 승인 이후 바뀐 것: {changed}개",
    ),
    "diff.rules": ("RULES ({count} changed)", "규칙 ({count}개 바뀜)"),
    "diff.assumptions": ("assumptions ({count} changed)", "가정 ({count}개 바뀜)"),
    "diff.settings": ("technical settings ({count} changed)", "기술 설정 ({count}개 바뀜)"),
    "diff.none": ("no value differs", "다른 값이 없습니다"),
    "diff.looser": ("looser", "느슨해짐"),
    "diff.tighter": ("tighter", "엄격해짐"),
    "diff.approve": (
        '{count} rules differ from the lock. Live trading does not start with them; if you approve: karb lock {file} --because "..."',
        '잠금과 다른 규칙이 {count}개입니다. 이대로는 라이브가 시작되지 않습니다. 승인하려면: karb lock {file} --because "..."',
    ),
    "diff.history_of_one": ("--history takes one file", "--history는 파일 하나만 받습니다"),
    "list.port": ("there is no port `{port}`: {ports}", "`{port}`: 그런 포트는 없습니다: {ports}"),
    "list.lacks": ("needs: pip install '{extras}'", "필요: pip install '{extras}'"),
    "list.none": ("no component fits", "맞는 부품이 없습니다"),
    "component.unknown": ("no component named `{use}` is installed", "`{use}`: 그런 부품은 설치되어 있지 않습니다"),
    "component.list": ("see what there is: karb list", "설치된 것을 보세요: karb list"),
    "describe.example": ("example", "예"),
    "describe.usage": ("name it:", "이렇게 씁니다:"),
    "output.unwritable": ("{path} could not be written: {why}", "{path}: 쓸 수 없습니다: {why}"),
    "output.written": ("wrote {path}", "{path}에 썼습니다"),
    "explain.unknown": ("there is no code `{code}`", "`{code}`: 그런 코드는 없습니다"),
    "explain.all": ("all codes: karb explain", "모든 코드: karb explain"),
    "new.exists": (
        "{path} is there already: karb overwrites no file of yours",
        "{path}: 이미 있습니다. karb는 당신의 파일을 덮어쓰지 않습니다",
    ),
    "new.written": (
        "wrote {path}: fill in every rule, then karb check {path}",
        "{path}에 썼습니다. 규칙을 모두 채운 뒤: karb check {path}",
    ),
    "new.plugin": (
        "{path}: a plugin with {component} in it. Next:",
        "{path}: {component} 부품이 든 플러그인입니다. 다음:",
    ),
    "new.plugin_name": (
        "`{name}` cannot be a plugin's name: it begins with a small letter, and has small letters, digits and `_`",
        "`{name}`: 플러그인 이름은 소문자로 시작하고 소문자, 숫자, `_`만 씁니다",
    ),
    "new.plugin_taken": (
        "a plugin named `{name}` is installed already: choose another name",
        "`{name}` 플러그인이 이미 설치되어 있습니다: 다른 이름을 쓰세요",
    ),
    "new.named": ("a name of yours, one block each", "원하는 이름으로, 하나씩"),
    "doctor.no_plugin": (
        "no plugin named `{name}` is installed: {names}",
        "`{name}`: 설치된 플러그인이 아닙니다: {names}",
    ),
    "doctor.plugin": ("components: {count}", "부품 {count}개"),
    "doctor.lacks": (
        "components: {count}; some need: pip install '{extras}'",
        "부품 {count}개. 일부는 필요: pip install '{extras}'",
    ),
    "test.none": ("{path} has no `tests:`", "{path}에 `tests:`가 없습니다"),
    "test.none.help": (
        "write a moment and what you expect of it under `tests:`; docs/how-to/test-your-rules.md shows one",
        "`tests:` 아래에 어떤 순간과 기대하는 결정을 쓰세요. docs/how-to/test-your-rules.ko.md에 예가 있습니다",
    ),
    "test.no_pair": ("{test}: there is no pair `{pair}`", "{test}: `{pair}` 페어가 없습니다"),
    "test.asset": ("{test}: {amount} is not in {asset}", "{test}: {amount}은(는) {asset}로 써야 합니다"),
    "test.no_rate": (
        "{test}: `fx` is what joins legs of two assets, and these are paid in {near} and {far}",
        "{test}: `fx`는 통화가 다른 두 다리를 이을 때 씁니다. 이 두 다리는 {near}와 {far}입니다",
    ),
    "test.decision": ("expected {expected}, and it is {found}", "{expected}여야 하는데 {found}입니다"),
    "test.other": ("{what}: expected {expected}, and it is {found}", "{what}: {expected}여야 하는데 {found}입니다"),
    "test.line": (
        "{line} has no part in it; these have: {found}",
        "{line}은(는) 관여하지 않았습니다. 관여한 줄: {found}",
    ),
    "test.passed": ("{path}: {passed} of {tests} tests pass", "{path}: 테스트 {tests}개 중 {passed}개 통과"),
    "test.coverage": (
        "rules that a decision cites: {cited} of {rules}; cited by none:",
        "결정이 인용한 규칙: {rules}개 중 {cited}개. 인용되지 않은 규칙:",
    ),
    "doctor.number": (
        "{place}: {what}: could be a rule that nobody wrote",
        "{place}: {what}: 아무도 쓰지 않은 규칙일 수 있습니다",
    ),
    "doctor.no_numbers": (
        "no number in its code could be a rule",
        "코드에 규칙일 수 있는 숫자가 없습니다",
    ),
    "doctor.light": ("nothing that only a run needs", "실행할 때만 필요한 것을 미리 부르지 않습니다"),
    "doctor.heavy": (
        "{packages}: imported to look at a file; import them where they are used",
        "{packages}: 파일을 볼 때 이미 불러옵니다. 쓰는 곳에서 불러오세요",
    ),
    "doctor.rights": (
        "the venue tells what the key may do: one that may withdraw enters nothing",
        "거래소가 키 권한을 알려 줍니다. 출금할 수 있는 키로는 진입하지 않습니다",
    ),
    "doctor.no_rights": (
        "the venue does not tell what the key may do: look there yourself that it cannot withdraw",
        "거래소가 키 권한을 알려 주지 않습니다. 출금 권한이 없는지 거래소에서 직접 확인하세요",
    ),
    "doctor.file": ("nothing is wrong; lock: {lock}", "잘못이 없습니다. 잠금: {lock}"),
}
