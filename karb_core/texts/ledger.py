"""What is wrong with a ledger, and what to do about it. English and Korean side by side."""

TEXTS: dict[str, tuple[str, str]] = {
    "ledger.no_folder": ("there is no folder for the ledger {name}", "원장 {name}을(를) 둘 폴더가 없습니다"),
    "ledger.no_folder_help": ("make the folder, or name another path", "폴더를 만들거나 다른 경로를 쓰세요"),
    "ledger.is_folder": ("{name} is a folder, not a ledger", "{name}은(는) 원장이 아니라 폴더입니다"),
    "ledger.is_folder_help": ("name a file in it", "그 안의 파일 이름을 쓰세요"),
    "ledger.missing": ("there is no ledger at {name}", "{name}에 원장이 없습니다"),
    "ledger.missing_help": (
        "check the path; a run makes the ledger it writes to",
        "경로를 확인하세요. 원장은 실행할 때 만들어집니다",
    ),
    "ledger.no_ledger": (
        "{name} is not a ledger of karb's; nothing in it was touched",
        "{name}은(는) karb의 원장이 아닙니다. 아무것도 건드리지 않았습니다",
    ),
    "ledger.no_ledger_help": (
        "name another path, or a database or schema of its own",
        "다른 경로나, 따로 만든 데이터베이스 또는 스키마를 쓰세요",
    ),
    "ledger.no_url": ("{name} is no ledger address that karb knows", "{name}은(는) karb가 아는 원장 주소가 아닙니다"),
    "ledger.no_url_help": (
        "write a path, or postgresql://user@host/database",
        "경로 또는 postgresql://user@host/database 로 쓰세요",
    ),
    "ledger.no_driver": (
        "{name} needs a database driver that is not installed: {driver}",
        "{name}에 필요한 데이터베이스 드라이버가 없습니다: {driver}",
    ),
    "ledger.no_driver_help": ("pip install 'karb[postgres]'", "pip install 'karb[postgres]' 로 설치하세요"),
    "ledger.newer": (
        "{name} was written by a newer karb: its version is {found}, this karb knows {known}",
        "{name}은(는) 더 새로운 karb가 쓴 원장입니다: 원장 버전 {found}, 이 karb가 아는 버전 {known}",
    ),
    "ledger.newer_help": ("upgrade karb, or name another ledger", "karb를 올리거나 다른 원장을 쓰세요"),
    "ledger.older": (
        "{name} was written by an earlier karb: its version is {found}, this needs {needed}",
        "{name}은(는) 이전 karb가 쓴 원장입니다: 원장 버전 {found}, 필요한 버전 {needed}",
    ),
    "ledger.older_help": (
        "the next run that writes to it carries it on, and keeps a copy",
        "다음에 이 원장에 쓰는 실행이 사본을 남기고 새 버전으로 옮깁니다",
    ),
    "ledger.locked": ("{name} is locked by another program", "다른 프로그램이 {name}을(를) 잠갔습니다"),
    "ledger.locked_help": (
        "close what holds it, and try again; nothing is lost",
        "잡고 있는 프로그램을 닫고 다시 하세요. 잃은 것은 없습니다",
    ),
    "ledger.read_only": (
        "{name} cannot be written: it or its folder is read-only",
        "{name}에 쓸 수 없습니다: 파일이나 폴더가 읽기 전용입니다",
    ),
    "ledger.read_only_help": (
        "allow this user to write the file and its folder",
        "이 사용자가 파일과 폴더에 쓸 수 있게 하세요",
    ),
    "ledger.full": ("{name} cannot grow: its disk is full", "{name}이(가) 더 커질 수 없습니다: 디스크가 가득 찼습니다"),
    "ledger.full_help": (
        "make room, and try again; what is written is safe",
        "공간을 만들고 다시 하세요. 이미 쓴 것은 안전합니다",
    ),
    "ledger.disk": (
        "the disk failed while {name} was read or written",
        "{name}을(를) 읽거나 쓰다가 디스크 오류가 났습니다",
    ),
    "ledger.disk_help": ("check the disk before anything else", "먼저 디스크를 점검하세요"),
    "ledger.damaged": ("{name} is damaged", "{name}이(가) 손상되었습니다"),
    "ledger.damaged_help": (
        "keep a copy of it, and restore the last good one",
        "사본을 남기고 마지막 정상 원장을 되살리세요",
    ),
    "ledger.unreachable": (
        "the database of {name} does not answer, or lets nobody in",
        "{name}의 데이터베이스가 답하지 않거나 접속을 받지 않습니다",
    ),
    "ledger.unreachable_help": (
        "check that the server runs, and the address, user and database",
        "서버가 도는지, 주소와 사용자와 데이터베이스를 확인하세요",
    ),
    "ledger.failed": ("{name}: the database refused: {detail}", "{name}: 데이터베이스가 거절했습니다: {detail}"),
    "ledger.contradiction": (
        "the ledger has {what} in {table} already, and it says something else",
        "원장의 {table}에 {what}이(가) 이미 있고 내용이 다릅니다",
    ),
    "ledger.contradiction_help": (
        "one id names two things: look at the venue's own records before trading on",
        "한 번호가 두 가지를 가리킵니다: 거래를 계속하기 전에 거래소 기록을 확인하세요",
    ),
    "lease.held": (
        "account {account} is held by another karb: {host}, process {pid}, since {since}",
        "계정 {account}은(는) 다른 karb가 쓰고 있습니다: {host}, 프로세스 {pid}, {since}부터",
    ),
    "lease.held_help": (
        "stop that one first; if it is dead, the account is free after {until}",
        "그것을 먼저 멈추세요. 이미 죽었다면 {until} 이후에 풀립니다",
    ),
    "lease.lost": (
        "account {account} is ours no more: {host}, process {pid} took it over at {since}",
        "계정 {account}을(를) 잃었습니다: {host}, 프로세스 {pid}이(가) {since}에 넘겨받았습니다",
    ),
    "lease.gone": (
        "account {account} is ours no more: its lease was given back or removed",
        "계정 {account}을(를) 잃었습니다: 임대가 반환되었거나 지워졌습니다",
    ),
    "lease.lost_help": (
        "this process was silent for too long and enters nothing more: see whether the machine slept or its disk hung",
        "이 프로세스는 너무 오래 조용했고 더는 진입하지 않습니다: 기계가 잠들었는지, 디스크가 멈췄는지 확인하세요",
    ),
    "about.ledger": ("prove a ledger, or take it out as files", "원장을 검증하거나 파일로 내보내기"),
    "check.belong": ("rows belong to a run, its strategy and account", "행은 실행과 그 전략, 계정에 속한다"),
    "check.numbered": ("what a run wrote is numbered, once, without gaps", "실행이 쓴 것의 번호는 하나씩, 빠짐없다"),
    "check.readable": ("rows can be read", "행을 읽을 수 있다"),
    "check.rulebooks": ("rules are the text that their digests say", "규칙은 그 다이제스트의 본문과 같다"),
    "check.decisions": ("decisions are what their digests say", "결정은 그 다이제스트와 같다"),
    "check.refusals": ("refusals are counted from first to last", "거부는 처음부터 끝까지 세어져 있다"),
    "check.orders": ("orders carry out an approved decision", "주문은 승인된 결정을 실행한다"),
    "check.ids": ("order ids are of karb's form, never twice", "주문 번호는 karb의 형식이고 겹치지 않는다"),
    "check.answers": ("answers are about an order", "답은 주문에 대한 것이다"),
    "check.fills": ("fills are what was ordered and answered", "체결은 주문과 답에 맞는다"),
    "check.shares": ("fills are shared out whole", "체결은 남김없이 나뉘어 있다"),
    "check.lots": ("lots can be folded from their shares", "로트는 제 몫에서 다시 계산된다"),
    "check.incomes": ("settlements are shared out whole", "정산은 남김없이 나뉘어 있다"),
    "check.holdings": ("holdings are what the lots hold", "보유는 로트의 합과 같다"),
    "broken.stray": (
        "it belongs to no run, or not to its run's strategy and account",
        "어느 실행에도 속하지 않거나, 실행의 전략이나 계정과 다릅니다",
    ),
    "broken.numbered_twice": ("{other} has this number too", "{other}에도 같은 번호가 있습니다"),
    "broken.missing": ("nothing has this number: a row is missing", "이 번호를 가진 것이 없습니다: 행이 빠졌습니다"),
    "broken.unreadable": ("it cannot be read: {why}", "읽을 수 없습니다: {why}"),
    "broken.decision": ("its `{column}` is not what its text says", "`{column}`이(가) 본문과 다릅니다"),
    "broken.times": ("{times} times from {first} to {last}", "{first}부터 {last}까지 {times}번"),
    "broken.not_approved": (
        "no decision before it approved its intent {intent}",
        "그 앞에 의도 {intent}을(를) 승인한 결정이 없습니다",
    ),
    "broken.id_twice": ("an order before it has the id {order}", "앞의 주문에 같은 번호 {order}이(가) 있습니다"),
    "broken.id_form": (
        "{order} is not the id of this intent and leg",
        "{order}은(는) 이 의도와 다리의 번호가 아닙니다",
    ),
    "broken.no_order": ("there is no order {order}", "주문 {order}이(가) 없습니다"),
    "broken.early_answer": ("it stands before its order {order}", "주문 {order}보다 앞에 있습니다"),
    "broken.other_fill": (
        "the order {order} is of another instrument or side",
        "주문 {order}은(는) 다른 종목이나 방향입니다",
    ),
    "broken.beyond": (
        "with it {reached} of order {order} traded, of {bound}",
        "이것까지 주문 {order}의 {bound} 중 {reached}이(가) 체결되었습니다",
    ),
    "broken.unlike_answer": (
        "the venue said that {told} of order {order} traded; fills of {booked} are booked",
        "거래소는 주문 {order}이(가) {told} 체결되었다고 했고, 기록된 체결은 {booked}입니다",
    ),
    "broken.shares": ("it moved {moved}, its shares {shared}", "움직인 것은 {moved}, 나눈 것은 {shared}입니다"),
    "broken.no_fill": ("there is no fill with this number", "이 번호의 체결이 없습니다"),
    "broken.parts": ("{received} came, its parts are {shared}", "들어온 것은 {received}, 나눈 것은 {shared}입니다"),
    "broken.misfit": ("it cannot be folded into its lots: {why}", "로트에 더할 수 없습니다: {why}"),
    "broken.holdings": (
        "up to here {what} comes to {held}, by the lots to {lots}",
        "여기까지 {what}은(는) {held}, 로트로는 {lots}입니다",
    ),
    "broken.line": ("{table}, run {run}, ordinal {ordinal}: {what}", "{table}, 실행 {run}, 순번 {ordinal}: {what}"),
    "proved.head": ("{name}  version {version}, {runs} runs", "{name}  버전 {version}, 실행 {runs}개"),
    "proved.ok": ("ok", "정상"),
    "proved.broken": ("broken", "어긋남"),
    "proved.all": ("all of it holds", "모두 맞습니다"),
    "proved.some": ("{name}: {count} rows break what must hold", "{name}: 어긋난 행이 {count}개 있습니다"),
    "proved.some_help": (
        "trade no further with it; keep a copy, and compare with the venue's own records",
        "이 원장으로 더 거래하지 마세요. 사본을 남기고 거래소 기록과 비교하세요",
    ),
    "export.done": ("{name}: {rows} rows are in {folder}", "{name}: {folder}에 {rows}행을 썼습니다"),
    "export.not_empty": (
        "{folder} is not empty: nothing there is written over",
        "{folder}: 비어 있지 않습니다. 있는 것을 덮어쓰지 않습니다",
    ),
    "export.not_empty_help": ("name a new folder", "새 폴더를 쓰세요"),
    "export.no_folder": ("{folder} cannot be written: {why}", "{folder}: 쓸 수 없습니다: {why}"),
}
